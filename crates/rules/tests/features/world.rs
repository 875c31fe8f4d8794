//! A small bundle and facts for it.

use std::collections::BTreeMap;

use doudi_model::fact::{Kind, Subject};
use doudi_model::{Day, Fact, Fen, Instant, Value, person};
use doudi_rules::bundle::{Bundle, Files};
use doudi_rules::feature::{File, Reading};

const FIELDS: &str = r#"
subject = "person"
office  = "c-{county}-yb"
valid   = "on"
future  = true
span    = { from = "from", to = "to" }
fields = [
  { name = "on", type = "date", required = true, future = true, title = { zh = "日", en = "On" } },
  { name = "from", type = "date", future = true, title = { zh = "起", en = "From" } },
  { name = "to", type = "date", future = true, title = { zh = "止", en = "To" } },
  { name = "seen", type = "date", future = true, title = { zh = "见", en = "Seen" } },
  { name = "amount", type = "money", range = [0, 100_000_00], title = { zh = "额", en = "Amount" } },
  { name = "n", type = "int", range = [0, 100], title = { zh = "数", en = "Number" } },
  { name = "flag", type = "bool", title = { zh = "是", en = "Flag" } },
  { name = "word", type = "category", title = { zh = "类", en = "Word" }, values = [
    { code = "a", zh = "甲", en = "A" },
    { code = "b", zh = "乙", en = "B" },
  ] },
]
"#;

pub(crate) const TERMS: &str = "term,from,to,source,note\n\
    2026-autumn,2026-09-01,2027-01-20,own,\n\
    2027-spring,2027-02-15,2027-07-05,own,\n";

/// A bundle of two kinds of fact, `t.one` and `t.two`, with these features.
pub(crate) fn files(features: &str) -> Files {
    let title = r#"title = { zh = "某事", en = "Something" }"#;
    let kind = |name: &str| format!("[\"{name}\"]\n{title}{FIELDS}");
    let facts = format!("{}\n{}", kind("t.one"), kind("t.two"));
    let level = "[[level]]\nname = \"red\"\nscore = 80\n";
    let texts = [
        ("bundle.toml", "name = \"t\"\nversion = \"1\"\ntitle = { zh = \"测\", en = \"Test\" }\n"),
        ("facts/t.toml", &facts),
        ("features/t.toml", features),
        ("levels.toml", level),
        ("calendar/terms.csv", TERMS),
    ];
    texts.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect()
}

#[track_caller]
pub(crate) fn bundle(features: &str) -> Bundle {
    let levels = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/levels.toml")).unwrap();
    let mut files = files(features);
    files.insert("levels.toml".to_owned(), levels);
    Bundle::load(files).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(|problem| problem.render(doudi_model::Lang::En)).collect();
        panic!("{}", all.join("\n"));
    })
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn person(number: u8) -> person::Id {
    person::Id([number; 16])
}

/// A fact of `t.one` about the first person, with the fields given.
pub(crate) fn fact(id: u16, on: Day, fields: &[(&str, Value)]) -> Fact {
    let mut name = [0; 16];
    name[..2].copy_from_slice(&id.to_be_bytes());
    let mut all: BTreeMap<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    all.insert("on".to_owned(), Value::Date(on));
    Fact {
        id: person::Id(name),
        kind: Kind::from("t.one"),
        subject: Subject::Person(person(1)),
        valid: on,
        known: Instant::start_of(on),
        position: u64::from(id),
        source: "urn:t:421202:yb".to_owned(),
        supersedes: None,
        withdrawn: false,
        fields: all,
    }
}

pub(crate) fn yuan(yuan: i64) -> Value {
    Value::Money(Fen(yuan * 100))
}

/// The facts of each kind, sorted by id as the store keeps them.
pub(crate) fn by_kind(facts: &[Fact]) -> BTreeMap<Kind, Vec<Fact>> {
    let mut kinds: BTreeMap<Kind, Vec<Fact>> = BTreeMap::new();
    for fact in facts {
        kinds.entry(fact.kind.clone()).or_default().push(fact.clone());
    }
    for facts in kinds.values_mut() {
        facts.sort_by_key(|fact| fact.id);
    }
    kinds
}

/// A household of two with these facts.
pub(crate) fn file(kinds: &BTreeMap<Kind, Vec<Fact>>) -> File<'_> {
    File {
        members: vec![person(1), person(2)],
        facts: kinds.iter().map(|(kind, facts)| (kind.clone(), facts.as_slice())).collect(),
        ..File::default()
    }
}

/// What the feature `x` over the household reads on a day.
#[track_caller]
pub(crate) fn read(bundle: &Bundle, facts: &[Fact], on: &str) -> Reading {
    let kinds = by_kind(facts);
    let evaluation = bundle.evaluate(&file(&kinds), day(on), None);
    evaluation.readings.get(bundle.features().get("x").unwrap(), None).unwrap().clone()
}

/// The feature `x` over `t.one` with these lines.
pub(crate) fn one(lines: &str) -> String {
    format!("[x]\ntitle = {{ zh = \"某\", en = \"X\" }}\nover = \"household\"\nof = \"t.one\"\n{lines}\n")
}
