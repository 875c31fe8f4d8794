//! A bundle small enough to take in at once, to which tests add rules.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "tests; each file uses its own part")]

use std::fmt::Write as _;

use doudi_model::{Lang, Problem};
use doudi_rules::bundle::{Bundle, Files};

const FACTS: &str = r#"
[cost]
title     = { zh = "花费", en = "A cost" }
subject   = "household"
office    = "c-{county}-mz"
valid     = "paid_on"
fields = [
  { name = "amount", type = "money", title = { zh = "金额", en = "Amount" }, range = [0, 10000000000] },
  { name = "paid_on", type = "date", title = { zh = "日期", en = "Day" } },
  { name = "ill", type = "bool", title = { zh = "因病", en = "By illness" } },
]
"#;

const FEATURES: &str = r#"
[cost]
title     = { zh = "花费", en = "Costs" }
unit      = "fen"
of        = "cost"
value     = "amount"
aggregate = "sum"
window    = "12 months"
absent    = "zero"
range     = [0, 1000000000]

[income]
title     = { zh = "收入", en = "Income" }
unit      = "fen"
of        = "cost"
value     = "amount"
aggregate = "max"
absent    = "unknown"
range     = [0, 1000000000]

[ill]
title     = { zh = "有病人", en = "Somebody is ill" }
unit      = "bool"
of        = "cost"
value     = "ill"
aggregate = "any"
absent    = "unknown"

[per_head]
title     = { zh = "人均收入", en = "Income per head" }
unit      = "fen"
expr      = 'div(income, members, "half_up")'
range     = [0, 1000000000]
"#;

const STANDARDS: &str = "standard,division,from,to,value,unit,source,note
low,420000000000,2020-01-01,,100000,fen,a test,
high,420000000000,2020-01-01,2024-12-31,150000,fen,a test,
high,420000000000,2025-01-01,,300000,fen,a test,
late,420000000000,2025-07-01,,200000,fen,a test,
";

const TITLES: &str = r#"
low  = { zh = "低线", en = "Low line" }
high = { zh = "高线", en = "High line" }
late = { zh = "晚线", en = "Late line" }
"#;

const LEVELS: &str = r#"
[[level]]
name = "blue"
score = 1
[[level]]
name = "yellow"
score = 20
[[level]]
name = "orange"
score = 40
[[level]]
name = "red"
score = 60
"#;

/// A rule as a file.
#[derive(Clone)]
pub(crate) struct Rule {
    id: String,
    when: String,
    lines: String,
    basis: String,
    until: String,
    tests: Vec<String>,
}

/// A rule of the missed direction, of the category `one`, in force from 2025.
pub(crate) fn rule(id: &str, when: &str) -> Rule {
    Rule {
        id: id.to_owned(),
        when: when.to_owned(),
        lines: String::new(),
        basis: "2020-01-01".to_owned(),
        until: String::new(),
        tests: ["true", "false", "unknown"].map(str::to_owned).to_vec(),
    }
}

impl Rule {
    pub(crate) fn line(mut self, line: &str) -> Rule {
        let _ = writeln!(self.lines, "{line}");
        self
    }

    pub(crate) fn basis_from(mut self, day: &str) -> Rule {
        day.clone_into(&mut self.basis);
        self
    }

    pub(crate) fn until(mut self, day: &str) -> Rule {
        self.until = format!(", to = {day}");
        self
    }

    /// Tests with these expectations; they need not pass.
    pub(crate) fn tests(mut self, expect: &[&str]) -> Rule {
        self.tests = expect.iter().map(|expect| (*expect).to_owned()).collect();
        self
    }

    fn text(&self) -> String {
        let Rule { id, when, lines, basis, until, .. } = self;
        let mut text = format!(
            "id = \"{id}\"\ntitle = {{ zh = \"规则{id}\", en = \"Rule {id}\" }}\ndirection = \"missed\"\ncategory = \"one\"\n\
             scope = \"household\"\nweight = 10\nbasis = [{{ law = \"法\", from = {basis} }}]\n\
             effective = {{ from = 2025-01-01{until} }}\nwhen = '''\n{when}\n'''\n{lines}"
        );
        for expect in &self.tests {
            let given = match expect.as_str() {
                "true" => "given = { cost = \"5000 yuan\", ill = true }\n",
                "false" => "given = { cost = \"1 yuan\", ill = false }\n",
                _ => "",
            };
            let _ = write!(text, "\n[[test]]\nname = \"{expect}\"\n{given}expect = \"{expect}\"\n");
        }
        text
    }
}

/// The bundle.
#[derive(Clone)]
pub(crate) struct Small {
    files: Files,
}

impl Small {
    pub(crate) fn new() -> Small {
        let mut files = Files::new();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
        files.insert("divisions/xianning.csv".to_owned(), std::fs::read(root.join("divisions/xianning.csv")).unwrap());
        let police = root.join("facts/police.toml");
        let facts = std::fs::read(&police).unwrap();
        files.insert("facts/police.toml".to_owned(), facts);
        let small = Small { files };
        small
            .file("bundle.toml", "name = \"small\"\nversion = \"1\"\ntitle = { zh = \"小\", en = \"small\" }\n")
            .file("facts/cost.toml", FACTS)
            .file("features/cost.toml", FEATURES)
            .file("standards/a.csv", STANDARDS)
            .file("standards/titles.toml", TITLES)
            .file("levels.toml", LEVELS)
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Small {
        self.files.insert(path.to_owned(), text.as_bytes().to_vec());
        self
    }

    pub(crate) fn with(self, rule: Rule) -> Small {
        let path = format!("warnings/{}.toml", rule.id);
        self.file(&path, &rule.text())
    }

    pub(crate) fn try_load(&self) -> Result<Bundle, Vec<Problem>> {
        Bundle::load_untested(self.files.clone())
    }

    #[track_caller]
    pub(crate) fn load(&self) -> Bundle {
        self.try_load().unwrap_or_else(|problems| {
            let all: Vec<String> = problems.iter().map(|problem| problem.render(Lang::En)).collect();
            panic!("{}", all.join("\n\n"));
        })
    }
}
