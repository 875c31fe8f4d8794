//! A whole bundle as a script of views.
//!
//! ```text
//! doudi_household_features  ─┐ (yours)   doudi_divisions ─► doudi_division_path ─┐
//! doudi_member_features  ──┐ │           doudi_standards ────────────────────────┴► doudi_place_standards
//!                          │ └► doudi_household_row ─► doudi_household_verdicts ─┐            │
//!                          │         ▲   ▲                                       ├► doudi_decisions
//!                          └─► doudi_member_row ─► doudi_member_verdicts ────────┘
//! ```

mod decisions;
mod inputs;
mod places;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use doudi_model::{Lang, Text};

use crate::bundle::{Bundle, Rule, Scope};
use crate::feature::{Feature, Over};
use crate::{Environment as _, Slot, Type, Variable};

use super::{Dialect, Draft, Select};

/// One rule over the rows that [`script`] makes: a column per leaf, then the verdict.
///
/// Outside the days on which the rule is in force the verdict is false.
#[must_use]
pub fn rule(bundle: &Bundle, rule: &Rule, dialect: Dialect, lang: Lang) -> Select {
    let frame = Frame::new(bundle, dialect, lang);
    frame.rules(std::iter::once(rule))
}

/// The view with the rows of a scope, and the columns that name a row of it.
#[must_use]
pub fn rows(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Household => ("doudi_household_row", "household, on_day"),
        Scope::Member => ("doudi_member_row", "household, person, on_day"),
    }
}

/// The whole bundle: from features to decisions.
///
/// The two tables of features are created empty where they are not there yet; everything else is views. Running it
/// again replaces the views and leaves the tables alone.
#[must_use]
pub fn script(bundle: &Bundle, dialect: Dialect, lang: Lang) -> String {
    let frame = Frame::new(bundle, dialect, lang);
    let mut text = frame.head();
    frame.inputs(&mut text);
    frame.places(&mut text);
    frame.rows(&mut text);
    frame.verdicts(&mut text);
    frame.decisions(&mut text);
    text
}

/// What every part of a script needs.
struct Frame<'b> {
    bundle: &'b Bundle,
    dialect: Dialect,
    lang: Lang,
    /// The column of each slot.
    names: BTreeMap<Slot, String>,
    /// The slots that some rule reads, in order.
    used: Vec<Slot>,
}

impl<'b> Frame<'b> {
    fn new(bundle: &'b Bundle, dialect: Dialect, lang: Lang) -> Frame<'b> {
        let mut used: Vec<Slot> = bundle.rules().iter().flat_map(|rule| rule.when.slots()).collect();
        used.sort_unstable();
        used.dedup();
        Frame { bundle, dialect, lang, names: names(bundle), used }
    }

    fn say(&self, zh: &str, en: &str) -> String {
        Text::new(zh, en).get(self.lang).to_owned()
    }

    fn head(&self) -> String {
        let about = self.bundle.about();
        let (title, engine) = (about.title.get(self.lang), self.dialect.title());
        let lines = match self.lang {
            Lang::Zh => format!(
                "doudi 规则包 {} {}（{title}），{engine}\n摘要 {}\n未知写作 NULL。金额是整数分，比例的小数位数见列的类型。\n\
                 先把指标装入 doudi_household_features 和 doudi_member_features，再查 doudi_decisions。",
                about.name,
                about.version,
                self.bundle.digest()
            ),
            Lang::En => format!(
                "doudi bundle {} {} ({title}), {engine}\ndigest {}\nUnknown is NULL. Money is whole fen, a ratio \
                 has the decimals its column declares.\n\
                 Fill doudi_household_features and doudi_member_features, then ask doudi_decisions.",
                about.name,
                about.version,
                self.bundle.digest()
            ),
        };
        lines.lines().fold(String::new(), |text, line| text + "-- " + line + "\n")
    }

    /// A heading, as a comment.
    fn heading(&self, text: &mut String, zh: &str, en: &str) {
        let _ = write!(text, "\n-- {}\n", self.say(zh, en));
    }

    fn view(&self, text: &mut String, name: &str, select: &str) {
        let create = match self.dialect {
            // A lasting view may not rest on a passing one, and a lasting one needs a catalogue.
            Dialect::DuckDb | Dialect::Spark => "CREATE OR REPLACE TEMPORARY VIEW",
            Dialect::ClickHouse => "CREATE OR REPLACE VIEW",
        };
        let _ = write!(text, "{create} {name} AS\n{select};\n");
    }

    fn column(&self, slot: Slot) -> &str {
        self.names.get(&slot).map_or("", String::as_str)
    }

    fn variable(&self, slot: Slot) -> Option<Variable> {
        let layout = self.bundle.layout();
        layout.seen_by(Over::Person).variable(layout.name(slot)).map(|(_, variable)| variable.clone())
    }

    /// The features that rules read, over households or over persons.
    fn features(&self, over: Over) -> impl Iterator<Item = (Slot, &'b Feature)> {
        let read = |slot: &Slot| Some((*slot, self.bundle.features().get(self.bundle.layout().name(*slot))?));
        self.used.iter().filter_map(read).filter(move |(_, feature)| feature.over == over)
    }

    /// The standards that rules read, by slot.
    fn standards(&self) -> impl Iterator<Item = (Slot, &'b str)> {
        self.used.iter().filter_map(|slot| Some((*slot, self.bundle.layout().name(*slot).strip_prefix("standard.")?)))
    }

    fn rules<'r>(&self, rules: impl Iterator<Item = &'r Rule>) -> Select {
        let name = |slot: Slot| self.column(slot).to_owned();
        let mut draft = Draft::new(self.dialect, &name);
        for rule in rules {
            draft.rule(rule, self.lang);
        }
        draft.finish()
    }
}

/// `feature_…`, `standard_…`; the day, as days since 1970, is `day_number`.
fn names(bundle: &Bundle) -> BTreeMap<Slot, String> {
    let layout = bundle.layout();
    let mut names: BTreeMap<Slot, String> = BTreeMap::new();
    for slot in (0..layout.len()).map(Slot) {
        let name = layout.name(slot);
        let mut column = match (name, name.strip_prefix("standard.")) {
            ("day", _) => "day_number".to_owned(),
            (_, Some(standard)) => format!("standard_{standard}"),
            (feature, None) => format!("feature_{feature}"),
        };
        // Names that differ by case alone are one to DuckDB and Spark.
        while names.values().any(|other| other.eq_ignore_ascii_case(&column)) {
            column.push('_');
        }
        names.insert(slot, column);
    }
    names
}

/// The type in which an input column arrives.
fn input_type(dialect: Dialect, ty: Type) -> String {
    let plain = match (dialect, ty) {
        (_, Type::Bool) => return dialect.flag().to_owned(),
        (_, Type::Text) => return dialect.words().to_owned(),
        (Dialect::DuckDb | Dialect::Spark, Type::Date) => return "DATE".to_owned(),
        (Dialect::DuckDb | Dialect::Spark, Type::Number { scale: 0, .. }) => return "BIGINT".to_owned(),
        (Dialect::DuckDb | Dialect::Spark, Type::Number { scale, .. }) => return format!("DECIMAL(18, {scale})"),
        (Dialect::ClickHouse, Type::Date) => "Date32".to_owned(),
        (Dialect::ClickHouse, Type::Number { scale: 0, .. }) => "Int64".to_owned(),
        (Dialect::ClickHouse, Type::Number { scale, .. }) => format!("Decimal(18, {scale})"),
    };
    format!("Nullable({plain})")
}
