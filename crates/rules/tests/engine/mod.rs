//! SQL engines for tests: DuckDB through the program that `doudi rules eval --backend sql` runs, the others likewise.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use doudi_rules::sql::Dialect;
use serde_json::Value;

pub(crate) struct Engine {
    pub(crate) dialect: Dialect,
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Engine {
    /// Fails, and says what to run, where the engine is not there.
    pub(crate) fn start(dialect: Dialect) -> Engine {
        let (engine, program) = match dialect {
            Dialect::DuckDb => {
                (xtask::python::Engine::DuckDb, include_str!("../../../doudi/src/command/rules/duckdb.py"))
            }
            Dialect::ClickHouse => (xtask::python::Engine::ClickHouse, include_str!("clickhouse.py")),
            Dialect::Spark => (xtask::python::Engine::Spark, include_str!("spark.py")),
        };
        let python = engine.python().unwrap_or_else(|why| panic!("{why}"));
        let mut command = Command::new(python);
        command.args(["-c", program]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Engine { dialect, child, to: Some(to), from: BufReader::new(from) }
    }

    /// The rows of each statement; one that the engine refuses fails the test.
    pub(crate) fn ask(&mut self, queries: &[String]) -> Vec<Vec<Vec<Value>>> {
        let mut line = serde_json::to_string(queries).unwrap();
        line.push('\n');
        self.to.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        let answers: Vec<Value> = serde_json::from_str(&answer).unwrap();
        answers
            .into_iter()
            .zip(queries)
            .map(|(answer, query)| match answer.get("fault") {
                Some(fault) => panic!("{}\n{query}", fault.as_str().unwrap()),
                None => serde_json::from_value(answer["rows"].clone()).unwrap(),
            })
            .collect()
    }

    /// A whole script. Only DuckDB takes several statements at once.
    pub(crate) fn run(&mut self, script: &str) {
        let statements = script.split(";\n").map(str::to_owned).filter(|text| !text.trim().is_empty());
        self.ask(&statements.collect::<Vec<_>>());
    }

    /// A table of these rows.
    pub(crate) fn table(&mut self, name: &str, source: &str) {
        let create = match self.dialect {
            Dialect::DuckDb => format!("CREATE TABLE {name} AS SELECT * FROM {source}"),
            Dialect::ClickHouse => format!("CREATE TABLE {name} ENGINE = Memory AS SELECT * FROM {source}"),
            Dialect::Spark => format!("CREATE TEMPORARY VIEW {name} AS SELECT * FROM {source}"),
        };
        self.ask(&[create]);
    }

    /// A yes-or-no or whole-number column as all three write it.
    pub(crate) fn cell(&self, column: &str, flag: bool) -> String {
        match (self.dialect, flag) {
            (Dialect::ClickHouse, true) => format!("CAST({column} AS Nullable(Bool)) AS {column}"),
            (Dialect::ClickHouse, false) => format!("toString({column}) AS {column}"),
            (Dialect::DuckDb | Dialect::Spark, _) => column.to_owned(),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.to.take();
        let _ = self.child.wait();
    }
}
