//! The bundle (规则包): everything under `rules/`, read, checked and proven as one.
//!
//! Either the whole bundle loads or none of it: all problems are reported together.

mod accept;
mod dictionary;
mod divisions;
mod embedded;
pub(crate) mod faults;
mod holes;
mod levels;
pub mod register;

mod rule;
pub(crate) mod source;
mod span_of_days;
mod standards;
mod stray;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::digest::Hasher;
use doudi_model::division::{Code as DivisionCode, Tree};
use doudi_model::warning::Direction;
use doudi_model::{Day, Digest, Problem, Text};
use serde::Deserialize;

pub use dictionary::{Code, Dictionary, Ends, Field, FieldType, KindDeclaration, SubjectKind};
pub use embedded::TestResult;
pub use holes::Hole;
pub use levels::Levels;
pub use register::{Register, Registers};
pub use rule::{Basis, Rule, Scope, Test};
pub use source::Files;
pub use span_of_days::Span;
pub use standards::{Figure, Standard, Standards, Unit as StandardUnit};
pub use terms::{Term, Terms};

pub(crate) use crate::check::nearest;

use crate::feature::Features;
use crate::row::Layout;
use source::Source;

/// A bundle that has been read and checked.
#[derive(Debug, Clone)]
pub struct Bundle {
    digest: Digest,
    about: About,
    files: Files,
    divisions: Tree,
    dictionary: Dictionary,
    standards: Standards,
    terms: Terms,
    features: Features,
    layout: Layout,
    rules: Vec<Rule>,
    levels: Levels,
    registers: Registers,
}

/// What `bundle.toml` says.
#[derive(Debug, Clone, Deserialize)]
pub struct About {
    /// Short name.
    pub name: String,
    /// Version for people; what decides is the digest.
    pub version: String,
    /// Name for people.
    pub title: Text,
}

impl About {
    /// In place of a file that is missing or cannot be read, which is a problem of its own.
    fn nameless() -> About {
        About { name: String::new(), version: String::new(), title: Text::new("", "") }
    }
}

impl Bundle {
    /// Reads, checks and orders a bundle, and says all that is wrong with it; what is wrong is left out of it.
    fn read(files: Files) -> (Bundle, Vec<Problem>) {
        let mut problems = Vec::new();
        stray::unread(&files, &mut problems);
        let below =
            |folder: &str, ending: &str, problems: &mut Vec<Problem>| Source::below(&files, folder, ending, problems);
        let about = Source::one(&files, "bundle.toml", &mut problems)
            .and_then(|source| source.toml::<About>().map_err(|problem| problems.push(problem)).ok());
        let divisions = divisions::load(&below("divisions/", ".csv", &mut problems), &mut problems);
        let dictionary = Dictionary::load(&below("facts/", ".toml", &mut problems), &mut problems);
        let mut standards = Standards::load(&below("standards/", ".csv", &mut problems), &divisions, &mut problems);
        standards.entitle(&below("standards/", ".toml", &mut problems), &mut problems);
        let calendar = below("calendar/", ".csv", &mut problems);
        let terms = Terms::load(calendar.into_iter().find(|source| source.path == terms::PATH), &mut problems);
        let (features, layout) =
            crate::feature::load(&below("features/", ".toml", &mut problems), &dictionary, &standards, &mut problems);
        let rules = rule::load(&below("warnings/", ".toml", &mut problems), &layout, &mut problems);
        let levels = Source::one(&files, "levels.toml", &mut problems)
            .map(|source| Levels::load(source, &mut problems))
            .unwrap_or_default();
        let registers = Registers::load(&below("registers/", ".toml", &mut problems), &dictionary, &mut problems);
        let digest = digest(&files);
        let bundle = Bundle {
            digest,
            about: about.unwrap_or_else(About::nameless),
            divisions,
            dictionary,
            standards,
            terms,
            features,
            layout,
            rules,
            levels,
            registers,
            files,
        };
        (bundle, problems)
    }

    /// The digest of all its files.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What it says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Its files by path.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The divisions.
    #[must_use]
    pub fn divisions(&self) -> &Tree {
        &self.divisions
    }

    /// The fact dictionary.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The standards.
    #[must_use]
    pub fn standards(&self) -> &Standards {
        &self.standards
    }

    /// The school terms.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The features.
    #[must_use]
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// Which slot of a row holds what.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The rules, by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A rule by its id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The levels.
    #[must_use]
    pub fn levels(&self) -> &Levels {
        &self.levels
    }

    /// The registers: how tables of offices become facts.
    #[must_use]
    pub fn registers(&self) -> &Registers {
        &self.registers
    }

    /// What people call a name that conditions use: a feature, a standard as `standard.…`, or `day`.
    #[must_use]
    pub fn title(&self, name: &str) -> Option<Text> {
        if name == "day" {
            return Some(Text::new("当日", "the day"));
        }
        match name.strip_prefix("standard.") {
            Some(standard) => self.standards.title(standard).cloned(),
            None => self.features.get(name).map(|feature| feature.title.clone()),
        }
    }

    /// The categories of rules, with the directions each occurs in.
    #[must_use]
    pub fn categories(&self) -> BTreeMap<String, BTreeSet<Direction>> {
        let mut categories: BTreeMap<String, BTreeSet<Direction>> = BTreeMap::new();
        for rule in &self.rules {
            categories.entry(rule.category.clone()).or_default().insert(rule.direction);
        }
        categories
    }

    /// The codes from a division up to its province, deepest first.
    #[must_use]
    pub fn path(&self, division: Option<DivisionCode>) -> Vec<DivisionCode> {
        division
            .map(|code| self.divisions.path(code).iter().map(|division| division.code).collect())
            .unwrap_or_default()
    }

    /// The first day after `day` on which a standard changes or a rule begins or has ended.
    #[must_use]
    pub fn next_change(&self, day: Day) -> Day {
        let rules = self.rules.iter().flat_map(|rule| [rule.from, rule.to.plus_days(1)]).filter(|change| *change > day);
        rules.chain([self.standards.next_change(day)]).min().unwrap_or(Day::MAX)
    }
}

/// The digest of a bundle's files: each path and content, in the order of paths.
#[must_use]
pub fn digest(files: &Files) -> Digest {
    let mut hasher = Hasher::new();
    for (path, bytes) in files {
        hasher.part(path.as_bytes()).part(bytes);
    }
    hasher.finish()
}

/// "Did you mean …?", or a list of what there is if that is short.
pub(crate) fn did_you_mean<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Text {
    match nearest(name, names.clone()) {
        Some(near) => Text::new(format!("是否想写 {near}？"), format!("did you mean {near}?")),
        None => {
            let some: Vec<&str> = names.take(8).collect();
            Text::new(format!("已有：{}", some.join("、")), format!("there are: {}", some.join(", ")))
        }
    }
}
