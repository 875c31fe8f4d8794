//! Whether two conditions mean the same, by a household on which they do not.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::Code;
use doudi_model::{Day, Verdict};

use crate::analyze::question::{Answer, Side, ask, beneath};
use crate::analyze::setting::{Places, Setting, standards};
use crate::analyze::witness::witness;
use crate::analyze::{Witness, why};
use crate::bundle::Bundle;
use crate::exact::{Wanted, Why};
use crate::row::DAY;
use crate::{Condition, Slot};

/// So many settings are looked at.
const SETTINGS: usize = 400;

/// What came of holding two conditions against each other.
pub(super) enum Meaning {
    /// No household answers them differently.
    Same,
    /// One does.
    Differs { before: Verdict, after: Verdict, witness: Box<Witness> },
    /// It could not be told.
    Open(doudi_model::Text),
}

/// Two bundles.
pub(super) struct Pair<'b> {
    before: &'b Bundle,
    after: &'b Bundle,
    places: Vec<Code>,
}

/// The answers that differ, those first that say most.
const APART: [(Verdict, Verdict); 6] = [
    (Verdict::False, Verdict::True),
    (Verdict::True, Verdict::False),
    (Verdict::Unknown, Verdict::True),
    (Verdict::True, Verdict::Unknown),
    (Verdict::Unknown, Verdict::False),
    (Verdict::False, Verdict::Unknown),
];

impl<'b> Pair<'b> {
    pub(super) fn new(before: &'b Bundle, after: &'b Bundle) -> Pair<'b> {
        let mut places = BTreeSet::new();
        for bundle in [before, after] {
            places.extend(Places::new(bundle).paths().map(|(_, division)| division));
        }
        Pair { before, after, places: places.into_iter().collect() }
    }

    /// Whether a condition of the one means what a condition of the other does between two days.
    pub(super) fn compare(&self, before: &Condition, after: &Condition, from: Day, to: Day) -> Meaning {
        let settings = self.settings(before, after, from, to);
        let mut open = (settings.len() > SETTINGS).then_some(Why::TooManyCases);
        for (was, is) in APART {
            for (old, new) in settings.iter().take(SETTINGS) {
                let sides = [
                    Side { bundle: self.before, setting: old, own: None },
                    Side { bundle: self.after, setting: new, own: None },
                ];
                let goals = [(0, before, Wanted::of(was)), (1, after, Wanted::of(is))];
                match ask(&sides, &goals, &|_| Vec::new()) {
                    Answer::Rows(rows) => return self.shown((was, is), (before, after), (old, new), &rows),
                    Answer::Nothing => {}
                    Answer::Open(because) => open = open.or(Some(because)),
                }
            }
        }
        open.map_or(Meaning::Same, |because| Meaning::Open(why(because)))
    }

    fn shown(
        &self,
        (before, after): (Verdict, Verdict),
        (old, new): (&Condition, &Condition),
        (was, is): (&Setting, &Setting),
        rows: &[Vec<crate::Cell>],
    ) -> Meaning {
        let row = |at: usize| rows.get(at).map(Vec::as_slice).unwrap_or_default();
        let mut shown = witness(self.after, is, row(1), &[new]);
        for value in witness(self.before, was, row(0), &[old]).values {
            let same = |other: &crate::analyze::Shown| other.name == value.name && other.value == value.value;
            if !shown.values.iter().any(same) {
                shown.values.push(value);
            }
        }
        Meaning::Differs { before, after, witness: Box::new(shown) }
    }

    /// The settings of both, those first in which the standards that both know are equal.
    fn settings(&self, before: &Condition, after: &Condition, from: Day, to: Day) -> Vec<(Setting, Setting)> {
        let slots = |bundle: &Bundle, condition: &Condition| -> BTreeSet<Slot> { beneath(bundle, condition.slots()) };
        let (old, new) = (slots(self.before, before), slots(self.after, after));
        let by_day = old.contains(&DAY) || new.contains(&DAY);
        let names = (standards(self.before, old), standards(self.after, new));
        let mut starts: BTreeSet<Day> = BTreeSet::from([from]);
        for (bundle, names) in [(self.before, &names.0), (self.after, &names.1)] {
            let standards = names.iter().filter_map(|name| bundle.standards().get(name));
            let ends = standards
                .flat_map(|own| own.figures())
                .flat_map(|row| [Some(row.from), (row.to < Day::MAX).then(|| row.to.plus_days(1))]);
            starts.extend(ends.flatten().filter(|day| from < *day && *day <= to));
        }
        let mut settings: Vec<(Setting, Setting)> = Vec::new();
        let mut until = to;
        for start in starts.into_iter().rev() {
            for place in self.places.iter().map(|place| Some(*place)).chain([None]) {
                if place.is_none() && !self.places.is_empty() {
                    continue;
                }
                let days = (start, until);
                let old = setting(self.before, &names.0, place, days);
                let new = setting(self.after, &names.1, place, days);
                let known = |(one, other): &(Setting, Setting)| {
                    one.figures == old.figures && other.figures == new.figures && (!by_day || one.from == old.from)
                };
                if !settings.iter().any(known) {
                    settings.push((old, new));
                }
            }
            until = start.plus_days(-1);
        }
        let same = |(old, new): &(Setting, Setting)| {
            let apart =
                |(name, figure): (&String, &Option<i128>)| new.figures.get(name).is_some_and(|its| its != figure);
            old.figures.iter().any(apart)
        };
        settings.sort_by_key(same);
        settings
    }
}

fn setting(bundle: &Bundle, names: &BTreeSet<String>, place: Option<Code>, (from, to): (Day, Day)) -> Setting {
    let path = bundle.path(place);
    let figure = |name: &String| {
        let figure = bundle.standards().at(name, &path, from);
        (name.clone(), figure.map(|figure| i128::from(figure.value)))
    };
    let figures: BTreeMap<String, Option<i128>> = names.iter().map(figure).collect();
    Setting { division: place, from, to, figures }
}
