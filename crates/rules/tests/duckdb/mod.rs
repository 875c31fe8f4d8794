//! DuckDB for tests, through the same program that `doudi rules eval --backend sql` runs.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

const PROGRAM: &str = include_str!("../../../doudi/src/command/rules/duckdb.py");

pub(crate) struct DuckDb {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl DuckDb {
    /// Fails, and says what to run, where DuckDB is not there.
    pub(crate) fn start() -> DuckDb {
        let python = xtask::duckdb::python().unwrap_or_else(|why| panic!("{why}"));
        let mut command = Command::new(python);
        command.args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        DuckDb { child, to: Some(to), from: BufReader::new(from) }
    }

    /// The rows of each query; a query that DuckDB refuses fails the test.
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
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        self.to.take();
        let _ = self.child.wait();
    }
}
