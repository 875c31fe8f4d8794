//! The catalogue (`catalogue.toml`): what is watched for, which rules find it, and what no rule can find.
//!
//! From it and from the bundle the tables of `rules/README.md` are made, so that the page cannot say what the rules do not.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::warning::Direction;
use doudi_model::{Problem, Text};
use serde::Deserialize;

use crate::bundle::source::Source;
use crate::bundle::{Bundle, Field, FieldType, KindDeclaration, Rule, Scope, Span, SubjectKind};

/// Its path in a bundle.
pub const PATH: &str = "catalogue.toml";
/// What stands before the tables in the page.
pub const BEGIN: &str = "<!-- catalogue: made from catalogue.toml and the rules; do not edit below -->";
/// What stands after them.
pub const END: &str = "<!-- catalogue: end -->";

/// What a bundle watches for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// What is watched for, in the order of the page.
    #[serde(rename = "find")]
    pub finds: Vec<Find>,
    /// Sets of rules that other programmes use.
    #[serde(default, rename = "pack")]
    pub packs: Vec<Pack>,
    /// Who stands behind the last part of an office's pattern, `yb` of `c-{county}-yb`.
    #[serde(default, rename = "holder")]
    pub holders: BTreeMap<String, Text>,
}

/// One thing that is watched for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// What it is.
    pub subject: Text,
    /// Ids of the rules that find it.
    pub rules: Vec<String>,
    /// What it is where no rule over a household or a person can find it, or not all of it.
    pub instead: Option<Text>,
}

/// A set of rules for one programme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The programme.
    pub title: Text,
    /// How often it is looked at.
    pub rhythm: Text,
    /// Ids of its rules.
    pub rules: Vec<String>,
    /// Kinds of fact that must arrive for it.
    pub facts: Vec<String>,
}

impl Catalogue {
    /// The catalogue of a bundle.
    ///
    /// # Errors
    /// If the bundle has none, or it is not as expected.
    pub fn of(bundle: &Bundle) -> Result<Catalogue, Vec<Problem>> {
        let mut problems = Vec::new();
        let source = Source::one(bundle.files(), PATH, &mut problems);
        match source.map(|source| source.toml()) {
            Some(Ok(catalogue)) => Ok(catalogue),
            Some(Err(problem)) => Err(vec![problem]),
            None => Err(problems),
        }
    }

    /// What does not agree with the bundle: rules that nothing here is found by, names of rules and facts that there are not,
    /// subjects without a rule and without a word of what they are instead. Sentences for whoever edits the bundle.
    #[must_use]
    pub fn disagreements(&self, bundle: &Bundle) -> Vec<String> {
        let mut said = Vec::new();
        let found: BTreeSet<&str> = self.finds.iter().flat_map(|find| &find.rules).map(String::as_str).collect();
        for rule in bundle.rules().iter().filter(|rule| !found.contains(rule.id.as_str())) {
            said.push(format!("the rule {} stands under no subject", rule.id));
        }
        let named = found.into_iter().chain(self.packs.iter().flat_map(|pack| &pack.rules).map(String::as_str));
        said.extend(named.filter(|id| bundle.rule(id).is_none()).map(|id| format!("there is no rule {id}")));
        let empty = self.finds.iter().filter(|find| find.rules.is_empty() && find.instead.is_none());
        said.extend(empty.map(|find| format!("`{}` has neither a rule nor a word of what it is", find.subject.en)));
        let facts = self.packs.iter().flat_map(|pack| &pack.facts);
        let unknown = facts.filter(|kind| bundle.dictionary().get(kind).is_none());
        said.extend(unknown.map(|kind| format!("there is no kind of fact {kind}")));
        said
    }

    /// The tables of the page, from [`BEGIN`] to [`END`].
    #[must_use]
    pub fn markdown(&self, bundle: &Bundle) -> String {
        let parts = [
            BEGIN.to_owned(),
            self.rules(bundle),
            self.subjects(),
            self.programmes(),
            self.registers(bundle),
            unset(bundle),
            END.to_owned(),
        ];
        parts.join("\n\n") + "\n"
    }

    fn rules(&self, bundle: &Bundle) -> String {
        let tests: usize = bundle.rules().iter().map(|rule| rule.tests.len()).sum();
        let mut lines = vec![
            "## All rules".to_owned(),
            String::new(),
            format!(
                "{} rules with {tests} tests. 漏保: someone may need help. 错保: a check, in which the person is heard.",
                bundle.rules().len()
            ),
            String::new(),
            "| rule | 名称 title | direction | category | looks at | weight | finds | basis | tests |".to_owned(),
            "|---|---|---|---|---|---|---|---|---|".to_owned(),
        ];
        lines.extend(bundle.rules().iter().map(|rule| self.rule(rule)));
        lines.join("\n")
    }

    fn rule(&self, rule: &Rule) -> String {
        let of = self.finds.iter().filter(|find| find.rules.contains(&rule.id));
        let subjects: Vec<&str> = of.map(|find| find.subject.zh.as_str()).collect();
        let direction = match rule.direction {
            Direction::Missed => "漏保 missed",
            Direction::Excess => "错保 excess",
        };
        let scope = match rule.scope {
            Scope::Household => "household",
            Scope::Member => "member",
        };
        let basis: Vec<String> =
            rule.basis.iter().map(|basis| format!("{} (from {})", basis.text().zh, basis.from)).collect();
        row(&[
            &format!("[`{}`]({})", rule.id, rule.path),
            &both(&rule.title),
            direction,
            &rule.category,
            scope,
            &rule.weight.to_string(),
            &subjects.join("; "),
            &basis.join("; "),
            &rule.tests.len().to_string(),
        ])
    }

    fn subjects(&self) -> String {
        let mut lines = vec![
            "## What is watched for".to_owned(),
            String::new(),
            "| subject | rules, or what it is instead |".to_owned(),
            "|---|---|".to_owned(),
        ];
        for find in &self.finds {
            let rules = (!find.rules.is_empty()).then(|| codes(&find.rules));
            let said = rules.into_iter().chain(find.instead.as_ref().map(both)).collect::<Vec<_>>();
            lines.push(row(&[&both(&find.subject), &said.join("<br>")]));
        }
        lines.join("\n")
    }

    fn programmes(&self) -> String {
        let mut lines = vec![
            "## For other programmes".to_owned(),
            String::new(),
            "| programme | how often | rules | facts it needs |".to_owned(),
            "|---|---|---|---|".to_owned(),
        ];
        for pack in &self.packs {
            lines.push(row(&[&both(&pack.title), &both(&pack.rhythm), &codes(&pack.rules), &codes(&pack.facts)]));
        }
        lines.join("\n")
    }

    fn registers(&self, bundle: &Bundle) -> String {
        let mut lines = vec![
            "## What registers deliver".to_owned(),
            String::new(),
            "Fields in bold must be filled. After so long without a delivery the source counts as silent.".to_owned(),
            String::new(),
            "| kind of fact | holder | about | fields | silent after |".to_owned(),
            "|---|---|---|---|---|".to_owned(),
        ];
        lines.extend(bundle.dictionary().iter().map(|(kind, declared)| self.register(kind.as_str(), declared)));
        lines.join("\n")
    }

    fn register(&self, kind: &str, declared: &KindDeclaration) -> String {
        let code = declared.office.rsplit('-').next().unwrap_or_default();
        let holder = self.holders.get(code).map_or_else(|| declared.office.clone(), both);
        let about = match declared.subject {
            SubjectKind::Person => "a person",
            SubjectKind::Household => "a household",
            SubjectKind::Division => "a division",
        };
        let fields: Vec<String> = declared.fields.iter().map(field).collect();
        let silent = declared.freshness.map(length).unwrap_or_default();
        row(&[&format!("`{kind}` {}", both(&declared.title)), &holder, about, &fields.join("; "), &silent])
    }
}

/// The standards that rules ask for and nobody has set: what rests on them is unknown.
fn unset(bundle: &Bundle) -> String {
    let mut lines = vec![
        "## Standards that nobody has set".to_owned(),
        String::new(),
        "No figure with a sure source was found. Until a row of `standards/` has a value the rules that ask for it answer unknown.".to_owned(),
        String::new(),
        "| standard | name | rules |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    let standards = bundle.standards();
    for name in standards.names().filter(|name| standards.get(name).is_some_and(|one| one.figures().is_empty())) {
        let asked = format!("standard.{name}");
        let asking = bundle
            .rules()
            .iter()
            .filter(|rule| rule.when.slots().iter().any(|slot| bundle.layout().name(*slot) == asked));
        let rules: Vec<String> = asking.map(|rule| rule.id.clone()).collect();
        let title = bundle.title(&asked).map(|title| both(&title)).unwrap_or_default();
        lines.push(row(&[&format!("`{name}`"), &title, &codes(&rules)]));
    }
    lines.join("\n")
}

fn field(field: &Field) -> String {
    let kind = match field.ty {
        FieldType::Bool => "yes or no",
        FieldType::Int => "number",
        FieldType::Money => "fen",
        FieldType::Date => "day",
        FieldType::Category => "code",
        FieldType::Text => "text",
        FieldType::Sealed => "sealed",
        FieldType::MemberList => "members",
    };
    let name = if field.required { format!("**{}**", field.name) } else { field.name.clone() };
    format!("{name} {} ({kind})", field.title.zh)
}

fn length(span: Span) -> String {
    match span {
        Span::Days(days) => format!("{days} days"),
        Span::Months(months) => format!("{months} months"),
    }
}

fn both(text: &Text) -> String {
    format!("{} {}", text.zh, text.en)
}

fn codes(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ")
}

/// One row; a bar in a cell would end it.
fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |", cells.join(" | "))
}
