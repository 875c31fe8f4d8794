//! Steps of a ladder: rules that bound the same feature from the same side.

use std::collections::BTreeSet;

use doudi_model::Text;

use super::finding::{Finding, Kind};
use super::pairs::mutes;
use super::question::{Answer, Side, ask, beneath, computed};
use super::witness::{said, witness};
use super::{SETTINGS, Told, Work, named, together};
use crate::bundle::Rule;
use crate::exact::form::{Form, Number};
use crate::exact::{Wanted, Why};
use crate::explain::bounds;
use crate::ir::Comparison;
use crate::row::DAY;
use crate::{Cell, Slot};

/// What came of looking for a gap.
enum Gap {
    Shown(Box<Finding>),
    Never,
    Open(Why),
}

impl Work<'_> {
    pub(super) fn ladders(&mut self) {
        let rules = self.bundle.rules();
        for (at, one) in rules.iter().enumerate() {
            for other in rules.iter().skip(at + 1) {
                let steps = self.steps(one, other);
                if let Some(first) = steps.iter().next() {
                    self.overlap(one, other, *first);
                }
                for slot in steps {
                    self.gaps(one, other, slot);
                }
            }
        }
    }

    /// The features of which two rules are steps.
    fn steps(&self, one: &Rule, other: &Rule) -> BTreeSet<Slot> {
        let linked = one.supersedes.contains(&other.id) || other.supersedes.contains(&one.id);
        let alike = one.scope == other.scope && one.direction == other.direction;
        if !alike || !(linked || one.category == other.category) || together(one, other).is_none() {
            return BTreeSet::new();
        }
        let feature = |slot: &Slot| self.bundle.features().get(self.bundle.layout().name(*slot)).is_some();
        let (first, second) = (bounds(&one.when), bounds(&other.when));
        let steps = first.intersection(&second).map(|(slot, _)| *slot).filter(feature);
        steps.filter(|slot| linked || self.besides(one, *slot) == self.besides(other, *slot)).collect()
    }

    /// The features that a rule looks at besides one.
    fn besides(&self, rule: &Rule, slot: Slot) -> BTreeSet<Slot> {
        let standard = |slot: &Slot| self.bundle.layout().name(*slot).starts_with("standard.");
        rule.when.slots().into_iter().filter(|other| *other != slot && !standard(other)).collect()
    }

    fn overlap(&mut self, one: &Rule, other: &Rule, slot: Slot) {
        if mutes(self.bundle, one, other) || mutes(self.bundle, other, one) {
            return;
        }
        let Some((from, to)) = together(one, other) else { return };
        match self.ask(&[(&one.when, Wanted::TRUE), (&other.when, Wanted::TRUE)], from, to) {
            Told::Shown(setting, row) => {
                let (first, second) = (named(one), named(other));
                let witness = witness(self.bundle, &setting, &row, &[&one.when, &other.when]);
                self.found(Finding {
                    kind: Kind::LadderOverlap,
                    rules: vec![one.id.clone(), other.id.clone()],
                    subject: self.bundle.layout().name(slot).to_owned(),
                    place: one.path.clone(),
                    message: Text::new(
                        format!("{}和{}是同一指标上的两档，可以同时成立，谁也不压住谁，会重复计分", first.zh, second.zh),
                        format!(
                            "{} and {} are steps on one feature that can be true together without one muting the other: \
                             both count",
                            first.en, second.en
                        ),
                    ),
                    hint: Text::new(
                        "请在较重的一条写 supersedes，或让两档的界线错开",
                        "let the graver one supersede the other, or draw their lines apart",
                    ),
                    witness: Some(witness),
                });
            }
            Told::Never => {}
            Told::Open(why) => self.open(Kind::LadderOverlap, &[one, other], why),
        }
    }

    fn gaps(&mut self, one: &Rule, other: &Rule, slot: Slot) {
        if self.entangled(one, other, slot) {
            self.open(Kind::LadderGap, &[one, other], Why::OutsideTheFragment);
            return;
        }
        for (low, high) in [(one, other), (other, one)] {
            match self.gap(low, high, slot) {
                Gap::Shown(finding) => self.found(*finding),
                Gap::Never => self.analysis.settled += 1,
                Gap::Open(why) => self.open(Kind::LadderGap, &[low, high], why),
            }
        }
    }

    /// Whether a feature is computed from figures that the rules look at besides, so that it cannot move alone.
    fn entangled(&self, one: &Rule, other: &Rule, slot: Slot) -> bool {
        if computed(self.bundle, slot).is_none() {
            return false;
        }
        let own = beneath(self.bundle, [slot]);
        let others = [one, other].into_iter().flat_map(|rule| rule.when.slots()).filter(|other| *other != slot);
        beneath(self.bundle, others)
            .intersection(&own)
            .any(|shared| *shared != DAY && !self.bundle.layout().name(*shared).starts_with("standard."))
    }

    /// A value at which neither rule is true, though one is at some lower and the other at some higher value.
    fn gap(&self, low: &Rule, high: &Rule, slot: Slot) -> Gap {
        let Some((from, to)) = together(low, high) else { return Gap::Never };
        let settings = self.settings([&low.when, &high.when].into_iter(), from, to);
        let mut open = (settings.len() > SETTINGS).then_some(Why::TooManyCases);
        for setting in settings.iter().take(SETTINGS) {
            let side = |tag| Side { bundle: self.bundle, setting, own: Some((slot, tag)) };
            let goals = [
                (0, &low.when, Wanted::TRUE),
                (1, &low.when, Wanted::FALSE),
                (1, &high.when, Wanted::FALSE),
                (2, &high.when, Wanted::TRUE),
            ];
            let rising = |question: &super::question::Question<'_>| {
                let value = |side| question.variable(side, slot).map_or(Number::Unknown, Number::Var);
                let less = |one, other| Form::compare(Comparison::Less, value(one), value(other));
                vec![less(0, 1), less(1, 2)]
            };
            match ask(&[side(1), side(2), side(3)], &goals, &rising) {
                Answer::Rows(rows) => return Gap::Shown(Box::new(self.told_gap(low, high, slot, setting, &rows))),
                Answer::Nothing => {}
                Answer::Open(why) => open = open.or(Some(why)),
            }
        }
        open.map_or(Gap::Never, Gap::Open)
    }

    fn told_gap(&self, low: &Rule, high: &Rule, slot: Slot, setting: &super::Setting, rows: &[Vec<Cell>]) -> Finding {
        let at = |side: usize| {
            let cell = rows.get(side).and_then(|row| row.get(slot.0)).and_then(Option::as_ref);
            said(self.bundle, slot, cell)
        };
        let (below, between, above) = (at(0), at(1), at(2));
        let name = self.bundle.layout().name(slot);
        let title = self.bundle.title(name).unwrap_or_else(|| Text::new(name, name));
        let (one, other) = (named(low), named(high));
        let row = rows.get(1).map(Vec::as_slice).unwrap_or_default();
        Finding {
            kind: Kind::LadderGap,
            rules: vec![low.id.clone(), high.id.clone()],
            subject: name.to_owned(),
            place: low.path.clone(),
            message: Text::new(
                format!(
                    "{}为{}时{}成立，为{}时{}成立，其间为{}时两条都不成立（其他不变）",
                    title.zh, below.zh, one.zh, above.zh, other.zh, between.zh
                ),
                format!(
                    "with {} at {} {} is true, at {} {} is true, and between them at {} neither is (all else equal)",
                    title.en, below.en, one.en, above.en, other.en, between.en
                ),
            ),
            hint: Text::new("请让两档的界线相接", "let the two steps meet"),
            witness: Some(witness(self.bundle, setting, row, &[&low.when, &high.when])),
        }
    }
}
