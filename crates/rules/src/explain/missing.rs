//! What would settle an unknown, and who holds it.

use std::collections::BTreeSet;

use doudi_model::fact::{Kind, Subject};
use doudi_model::{Day, Text, Verdict};

use super::{Case, Missing};
use crate::feature::{Feature, How, Over, Reason};
use crate::row::DAY;
use crate::{Leaf, Scalar, Slot};

impl Case<'_> {
    /// What is missing down to the fact or standard: for an open answer what would settle it, for a settled one
    /// everything that some leaf lacks.
    pub(super) fn missing(&self) -> Vec<Missing> {
        let open: BTreeSet<usize> = match self.answer.verdict {
            Verdict::Unknown => self.telling().into_iter().map(|(at, _)| at).collect(),
            Verdict::True | Verdict::False => self.leaves().map(|(at, _)| at).collect(),
        };
        let blank: BTreeSet<String> = self
            .leaves()
            .filter(|(at, _)| open.contains(at) && !self.verdict(*at).is_known())
            .flat_map(|(_, leaf)| leaf.slots.iter().copied())
            .filter(|slot| self.row.is_blank(*slot))
            .map(|slot| self.bundle.layout().name(slot).to_owned())
            .collect();
        let mut found = Vec::new();
        for name in blank {
            self.follow(&name, 0, &mut found);
        }
        found
    }

    fn follow(&self, name: &str, depth: usize, found: &mut Vec<Missing>) {
        let title = self.bundle.title(name).unwrap_or_else(|| Text::new(name, name));
        let feature = self.bundle.features().get(name);
        let reason = feature.map(|feature| self.reason(feature));
        let missing = match (reason, feature) {
            (None, _) => Missing {
                feature: title,
                why: Text::new("本地当日没有这项标准", "no such standard is in force here on that day"),
                fact: String::new(),
                office: String::new(),
            },
            (Some(Some(Reason::Operand(operand))), Some(feature)) if depth < 8 => {
                let needed = self.needed(feature);
                let first = self.bundle.layout().name(Slot(usize::from(operand))).to_owned();
                let names = if needed.is_empty() { vec![first] } else { needed };
                names.iter().for_each(|name| self.follow(name, depth + 1, found));
                return;
            }
            (Some(reason), feature) => self.named(title, feature, reason),
        };
        if !found.contains(&missing) {
            found.push(missing);
        }
    }

    /// The operands without a value that a feature cannot do without: not those it has a stand-in for (`x.or(…)`).
    fn needed(&self, feature: &Feature) -> Vec<String> {
        let formula = match &feature.how {
            How::Derived(formula) | How::Lifted(_, formula) => formula,
            How::Aggregated(_) | How::BuiltIn(_) => return Vec::new(),
        };
        let text = formula.text();
        let unknown = |name: &String| match self.bundle.features().get(name) {
            Some(operand) => self.reason(operand).is_some(),
            None => self.bundle.layout().slot(name).is_some_and(|slot| self.row.is_blank(slot)),
        };
        let mut names = formula.names(self.bundle);
        names.retain(|name| unknown(name) && !text.contains(&format!("{name}.or(")));
        names
    }

    fn reason(&self, feature: &Feature) -> Option<Reason> {
        let reading = match (feature.over, self.answer.person) {
            (Over::Person, None) => {
                // A household's feature over its members: the first member it is not known of.
                let members = self.evaluation.readings.members.values();
                return members.filter_map(|readings| readings.get(feature.ordinal)?.value.clone().err()).next();
            }
            (_, person) => self.evaluation.readings.get(feature, person.as_ref()),
        };
        reading.and_then(|reading| reading.value.clone().err())
    }

    fn named(&self, title: Text, feature: Option<&Feature>, reason: Option<Reason>) -> Missing {
        let kind = feature.and_then(Feature::kind);
        let why = match reason {
            Some(Reason::NoData) => Text::new("没有这类记录", "there is no such record"),
            Some(Reason::Stale) => match kind.as_ref().and_then(|kind| self.since(kind, feature)) {
                Some(since) => Text::new(
                    format!("数据只到{}，已过期", since.zh()),
                    format!("data reach only to {since}, which is too old"),
                ),
                None => Text::new("这个来源还没有报送过", "this source has never delivered"),
            },
            Some(Reason::FieldMissing(field)) => {
                let declared = kind.as_ref().and_then(|kind| self.bundle.dictionary().get(kind.as_str()));
                let title = declared.and_then(|kind| kind.field(&field)).map(|field| field.title.clone());
                let title = title.unwrap_or_else(|| Text::new(field.clone(), field));
                Text::new(format!("记录里没有填“{}”", title.zh), format!("the record lacks \"{}\"", title.en))
            }
            Some(Reason::NoTerm) => {
                Text::new("当日不在规则包写明的任何学期内", "the day lies in no school term that the bundle knows")
            }
            Some(Reason::OutOfRange) => {
                Text::new("数值超出了合理范围，请核对", "the value is outside what is possible; please check")
            }
            Some(Reason::Operand(_) | Reason::Undefined) | None => {
                Text::new("算不出来（例如家庭人口为零）", "cannot be computed (for example, no members)")
            }
        };
        let office = kind.as_ref().map(|kind| self.office(kind)).unwrap_or_default();
        Missing { feature: title, why, fact: kind.map(|kind| kind.0).unwrap_or_default(), office }
    }

    /// Up to when a kind of fact is known about the household, or the member the rule speaks of; for a feature that
    /// names its source, by that source.
    fn since(&self, kind: &Kind, feature: Option<&Feature>) -> Option<Day> {
        let mut facts = self.file.standing(kind);
        if let Some(person) = self.answer.person {
            facts.retain(|fact| fact.subject == Subject::Person(person));
        }
        let source = feature.and_then(|feature| match &feature.how {
            How::Aggregated(aggregated) => aggregated.source.as_deref(),
            How::BuiltIn(_) | How::Derived(_) | How::Lifted(..) => None,
        });
        let day = match self.row.cells().get(DAY.0) {
            Some(Some(Scalar::Day(day))) => *day,
            _ => Day::MAX,
        };
        self.file.delivered(kind, &facts, source, day).through
    }

    /// The office that holds a kind of fact for this household's county.
    fn office(&self, kind: &Kind) -> String {
        let pattern = self.bundle.dictionary().get(kind.as_str()).map(|kind| kind.office.as_str()).unwrap_or_default();
        self.file.of_county(pattern)
    }

    /// Which kind of fact a leaf's left side rests on and up to when it is known; of a flag, the flag itself.
    pub(super) fn source(&self, leaf: &Leaf) -> Option<Text> {
        let slots = leaf.left().map_or_else(|| leaf.slots.clone(), |left| left.slots());
        let kind = slots.into_iter().find_map(|slot| self.kind_behind(self.bundle.layout().name(slot), 0))?;
        let title = self.bundle.dictionary().get(kind.as_str())?.title.clone();
        let day = self.since(&kind, None)?;
        Some(Text::new(
            format!("{}，数据到{}月{}日", title.zh, day.month(), day.day_of_month()),
            format!("{}, up to {day}", title.en),
        ))
    }

    /// The kind of fact that a feature reads, followed through those it is computed from.
    fn kind_behind(&self, name: &str, depth: usize) -> Option<Kind> {
        let feature = self.bundle.features().get(name)?;
        match &feature.how {
            How::Aggregated(_) | How::BuiltIn(_) => feature.kind(),
            How::Derived(formula) | How::Lifted(_, formula) if depth < 8 => {
                formula.names(self.bundle).iter().find_map(|name| self.kind_behind(name, depth + 1))
            }
            How::Derived(_) | How::Lifted(..) => None,
        }
    }
}
