//! Rules (规则, `warnings/*.toml`): a condition with its title, basis, weight and direction.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::warning::Direction;
use doudi_model::{Day, Problem, Text};
use serde::Deserialize;
use toml::Spanned;

use super::faults::Compiler;
use super::source::Source;
use super::span_of_days::Span;
use crate::Condition;
use crate::feature::Over;
use crate::row::Layout;

/// One rule, checked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, named for what it finds.
    pub id: String,
    /// Its name for people.
    pub title: Text,
    /// Which way it points.
    pub direction: Direction,
    /// What it is about, for routing.
    pub category: String,
    /// Whether it looks at the household or at each member.
    pub scope: Scope,
    /// What it adds to the score.
    pub weight: u32,
    /// Law and article, by date.
    pub basis: Vec<Basis>,
    /// The first day it is in force.
    pub from: Day,
    /// The last day it is in force.
    pub to: Day,
    /// When it is true.
    pub when: Condition,
    /// When an open warning may close; without it, as soon as `when` is false.
    pub clear: Option<Condition>,
    /// How long it stays quiet after closing.
    pub cooldown: Option<Span>,
    /// Lighter rules that it mutes.
    pub supersedes: Vec<String>,
    /// What to check on the visit.
    pub check: Vec<Text>,
    /// Its tests.
    pub tests: Vec<Test>,
    /// `warnings/….toml`.
    pub path: String,
}

/// Whom a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The household as one.
    Household,
    /// Each member.
    Member,
}

impl Scope {
    /// The features that its conditions may name.
    #[must_use]
    pub fn over(self) -> Over {
        match self {
            Scope::Household => Over::Household,
            Scope::Member => Over::Person,
        }
    }
}

/// What a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The law or document with its number.
    pub law: String,
    /// The article.
    #[serde(default)]
    pub article: String,
    /// The first day it is in force, written as a TOML date or text.
    #[serde(deserialize_with = "day")]
    pub from: Day,
    /// The last day it is in force.
    #[serde(default, deserialize_with = "optional_day")]
    pub to: Option<Day>,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

impl Basis {
    /// `《…》第…条`.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = if self.article.is_empty() { self.law.clone() } else { format!("{} {}", self.law, self.article) };
        Text::new(zh.clone(), zh)
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// One embedded test.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// What it shows.
    pub name: String,
    /// Values by feature or standard; what is not given is unknown.
    #[serde(default)]
    pub given: BTreeMap<String, toml::Value>,
    /// `true`, `false` or `unknown`.
    pub expect: toml::Value,
    /// The day of the test.
    #[serde(default, deserialize_with = "optional_day")]
    pub as_of: Option<Day>,
    /// The division whose standards hold.
    pub division: Option<String>,
    /// Where it stands, `warnings/….toml:17:1`.
    #[serde(skip)]
    pub place: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    title: Text,
    direction: Direction,
    category: String,
    scope: Scope,
    weight: u32,
    basis: Vec<Basis>,
    effective: Effective,
    when: Spanned<String>,
    clear: Option<Spanned<String>>,
    cooldown: Option<Span>,
    #[serde(default)]
    supersedes: Vec<String>,
    #[serde(default)]
    check: Vec<Text>,
    #[serde(default, rename = "note")]
    _note: Option<toml::Value>,
    #[serde(default)]
    test: Vec<Spanned<Test>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Effective {
    #[serde(deserialize_with = "day")]
    from: Day,
    #[serde(default, deserialize_with = "optional_day")]
    to: Option<Day>,
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    optional_day(deserializer)?.ok_or_else(|| serde::de::Error::custom("expected a day, YYYY-MM-DD"))
}

fn optional_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match &value {
        toml::Value::Datetime(datetime) => datetime.to_string(),
        toml::Value::String(text) => text.clone(),
        _ => return Err(serde::de::Error::custom("expected a day, YYYY-MM-DD")),
    };
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("expected a day, YYYY-MM-DD"))
}

/// Reads and checks all rules, in the order of their ids.
pub(super) fn load(sources: &[Source<'_>], layout: &Layout, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    let mut ids: BTreeMap<String, &str> = BTreeMap::new();
    for source in sources {
        let raw: Raw = match source.toml() {
            Ok(raw) => raw,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let (at, id) = (raw.id.span().start, raw.id.get_ref().clone());
        match ids.get(&id) {
            Some(other) => problems.push(
                Problem::new(
                    "B0701",
                    Text::new(
                        format!("规则 {id} 在 {other} 中已有"),
                        format!("the rule {id} stands already in {other}"),
                    ),
                    Text::new("请给其中一个换名", "give one of them another id"),
                )
                .at(source.place(at))
                .in_field("id"),
            ),
            None => {
                ids.insert(id.clone(), source.path);
            }
        }
        if let Some(rule) = check(raw, *source, layout, problems) {
            rules.entry(id).or_insert(rule);
        }
    }
    let known: BTreeSet<String> = ids.into_keys().collect();
    for rule in rules.values() {
        for name in rule.supersedes.iter().filter(|name| !known.contains(*name)) {
            problems.push(
                Problem::new(
                    "B0702",
                    Text::new(
                        format!("supersedes 中的规则 {name} 不存在"),
                        format!("the superseded rule {name} does not exist"),
                    ),
                    super::did_you_mean(name, known.iter().map(String::as_str)),
                )
                .at(rule.path.clone())
                .in_field("supersedes"),
            );
        }
    }
    rules.into_values().collect()
}

fn check(raw: Raw, source: Source<'_>, layout: &Layout, problems: &mut Vec<Problem>) -> Option<Rule> {
    let scope = layout.seen_by(raw.scope.over());
    let id_at = raw.id.span().start;
    let id = raw.id.into_inner();
    let mut compiler = Compiler { source, field: "when".to_owned(), problems };
    let when = compiler.condition(&raw.when, &scope);
    compiler.field = "clear".to_owned();
    let clear = raw.clear.as_ref().map(|text| compiler.condition(text, &scope));
    let to = raw.effective.to.unwrap_or(Day::MAX);
    compiler.field = "effective".to_owned();
    if to < raw.effective.from {
        compiler.say(
            id_at,
            "B0703",
            Text::new("有效期的终止早于开始", "the rule ends before it begins"),
            Text::new("请改正 effective", "mend `effective`"),
        );
    }
    compiler.field = "basis".to_owned();
    if raw.basis.is_empty() {
        compiler.say(
            id_at,
            "B0704",
            Text::new("规则必须写明法律依据", "a rule must name its legal basis"),
            Text::new("请补上 basis", "add `basis`"),
        );
    }
    compiler.field = "test".to_owned();
    if raw.test.len() < 3 {
        compiler.say(
            id_at,
            "B0705",
            Text::new(
                "每条规则至少要有三个测试，其中一个缺数据",
                "every rule has at least three tests, one of them with missing data",
            ),
            Text::new("请补上 [[test]]", "add [[test]] blocks"),
        );
    }
    let placed = |test: Spanned<Test>| {
        let place = source.place(test.span().start);
        Test { place, ..test.into_inner() }
    };
    Some(Rule {
        id,
        title: raw.title,
        direction: raw.direction,
        category: raw.category,
        scope: raw.scope,
        weight: raw.weight,
        basis: raw.basis,
        from: raw.effective.from,
        to,
        when: when?,
        clear: clear.flatten(),
        cooldown: raw.cooldown,
        supersedes: raw.supersedes,
        check: raw.check,
        tests: raw.test.into_iter().map(placed).collect(),
        path: source.path.to_owned(),
    })
}

impl Rule {
    /// Whether the rule is in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}
