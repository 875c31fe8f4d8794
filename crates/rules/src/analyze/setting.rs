//! Places and times as conditions see them: which figures are in force together.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::Day;
use doudi_model::division::Code;

use crate::Slot;
use crate::bundle::Bundle;

/// Some days at some place on which the same figures are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// A division where it is so; none if no division has a figure.
    pub(crate) division: Option<Code>,
    /// The first of the days.
    pub(crate) from: Day,
    /// The last of the days.
    pub(crate) to: Day,
    /// The figures of the standards asked about; `None` where none is in force.
    pub(crate) figures: BTreeMap<String, Option<i128>>,
}

/// All settings of a bundle, found once.
#[derive(Debug)]
pub(crate) struct Places<'b> {
    bundle: &'b Bundle,
    /// The divisions with figures of their own above a place, deepest first, each with a place where it is so.
    paths: BTreeMap<Vec<Code>, Code>,
}

/// The standards among some slots, by name.
pub(crate) fn standards(bundle: &Bundle, slots: impl IntoIterator<Item = Slot>) -> BTreeSet<String> {
    let name = |slot| bundle.layout().name(slot).strip_prefix("standard.").map(str::to_owned);
    slots.into_iter().filter_map(name).collect()
}

impl<'b> Places<'b> {
    pub(crate) fn new(bundle: &'b Bundle) -> Places<'b> {
        let figures = bundle.standards().names().filter_map(|name| bundle.standards().get(name));
        let with: BTreeSet<Code> =
            figures.flat_map(|standard| standard.figures()).map(|figure| figure.division).collect();
        let mut paths = BTreeMap::new();
        // Households live in the divisions that have none below them.
        let above: BTreeSet<Code> = bundle.divisions().iter().filter_map(|division| division.parent).collect();
        for division in bundle.divisions().iter().filter(|division| !above.contains(&division.code)) {
            let path = bundle.path(Some(division.code)).into_iter().filter(|code| with.contains(code)).collect();
            paths.entry(path).or_insert(division.code);
        }
        Places { bundle, paths }
    }

    /// The settings in which some standards differ between two days, the latest first. With `by_day` the days matter
    /// themselves, so equal figures at another time are another setting.
    pub(crate) fn settings(&self, names: &BTreeSet<String>, from: Day, to: Day, by_day: bool) -> Vec<Setting> {
        let mut starts: BTreeSet<Day> = BTreeSet::from([from]);
        for figure in names.iter().filter_map(|name| self.bundle.standards().get(name)).flat_map(|own| own.figures()) {
            let ends = [Some(figure.from), (figure.to < Day::MAX).then(|| figure.to.plus_days(1))];
            starts.extend(ends.into_iter().flatten().filter(|day| from < *day && *day <= to));
        }
        let mut settings: Vec<Setting> = Vec::new();
        let mut until = to;
        for start in starts.into_iter().rev() {
            for (path, division) in &self.paths {
                let figure = |name: &String| {
                    let figure = self.bundle.standards().at(name, path, start);
                    (name.clone(), figure.map(|figure| i128::from(figure.value)))
                };
                let division = (!path.is_empty()).then_some(*division);
                let figures = names.iter().map(figure).collect();
                let setting = Setting { division, from: start, to: until, figures };
                let known = |other: &Setting| {
                    other.figures == setting.figures
                        && (!by_day || (other.from, other.to) == (setting.from, setting.to))
                };
                if !settings.iter().any(known) {
                    settings.push(setting);
                }
            }
            if self.paths.is_empty() {
                let figures = names.iter().map(|name| (name.clone(), None)).collect();
                settings.push(Setting { division: None, from: start, to: until, figures });
            }
            until = start.plus_days(-1);
        }
        settings
    }

    /// One place of each kind: the divisions with figures above it, and a division where it is so.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&[Code], Code)> {
        self.paths.iter().map(|(path, division)| (path.as_slice(), *division))
    }
}
