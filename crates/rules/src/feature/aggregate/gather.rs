//! Which facts count on a day, and on which later day others would.

use doudi_model::{Day, Fact, Verdict};

use super::{Aggregated, Reach};
use crate::bundle::Terms;
use crate::feature::declare::Aggregate;
use crate::feature::fields::{FieldRow, Filter, Picked};
use crate::feature::window::Frame;

/// What came of looking at the facts, in no order.
pub(super) struct Gathered<'c, 'f> {
    pub(super) sure: Vec<&'f Fact>,
    pub(super) doubtful: Vec<(&'f Fact, &'c str)>,
    /// Those from before the window, where they matter.
    pub(super) earlier: Vec<&'f Fact>,
    pub(super) earlier_doubtful: Vec<(&'f Fact, &'c str)>,
    /// The first later day on which other facts may count.
    pub(super) next: Day,
}

/// Where a fact stands to the days that count.
enum Place<'c> {
    /// It counts.
    Inside,
    /// It counts if the field that it lacks says so.
    Doubtful(&'c str),
    /// It is from before the window.
    Earlier,
    /// It may count from that day on.
    From(Day),
    /// It will never count again.
    Gone,
}

impl Aggregated {
    /// # Errors
    /// The next day on which the window is known, if it is not known on `day`.
    pub(super) fn gather<'c, 'f>(
        &'c self,
        facts: &[&'f Fact],
        day: Day,
        terms: &Terms,
        row: &mut FieldRow,
    ) -> Result<Gathered<'c, 'f>, Day> {
        let frame = match self.reach {
            Reach::Window(window) => Some(window.frame(day, terms)?),
            Reach::Ever | Reach::AsOf { .. } => None,
        };
        let watches_day =
            self.filter.as_ref().is_some_and(Filter::uses_day) || self.value.as_ref().is_some_and(Picked::uses_day);
        let mut gathered = Gathered {
            sure: Vec::new(),
            doubtful: Vec::new(),
            earlier: Vec::new(),
            earlier_doubtful: Vec::new(),
            next: Day::MAX,
        };
        let mut first_inside: Option<Day> = None;
        for fact in facts.iter().copied() {
            let (place, leaves) = self.place(fact, day, frame.as_ref());
            if matches!(place, Place::Gone) {
                continue;
            }
            let verdict = self.filter.as_ref().map_or(Verdict::True, |filter| filter.test(fact, day, row));
            if watches_day {
                gathered.next = gathered.next.min(day.plus_days(1));
            } else if verdict == Verdict::False {
                continue;
            }
            gathered.next = gathered.next.min(leaves);
            let field = || self.filter.as_ref().and_then(|filter| filter.missing(fact)).unwrap_or_default();
            match (place, verdict) {
                (Place::From(later), _) => gathered.next = gathered.next.min(later),
                (_, Verdict::False) | (Place::Gone, _) => {}
                (Place::Inside, verdict) => {
                    first_inside = Some(first_inside.map_or(fact.valid, |first| first.min(fact.valid)));
                    match verdict {
                        Verdict::True => gathered.sure.push(fact),
                        _ => gathered.doubtful.push((fact, field())),
                    }
                }
                (Place::Doubtful(field), _) => gathered.doubtful.push((fact, field)),
                (Place::Earlier, Verdict::True) => gathered.earlier.push(fact),
                (Place::Earlier, Verdict::Unknown) => gathered.earlier_doubtful.push((fact, field())),
            }
        }
        if let Some(frame) = frame {
            // Of facts inside, the first one is the first to leave.
            let leaves = first_inside.map_or(Day::MAX, |first| frame.leaves_on(first));
            gathered.next = gathered.next.min(leaves).min(frame.known_until.plus_days(1));
        }
        Ok(gathered)
    }

    /// Where a fact stands on a day; of one that counts by its span, also the day on which that ends.
    fn place<'c>(&'c self, fact: &Fact, day: Day, frame: Option<&Frame>) -> (Place<'c>, Day) {
        if let Reach::AsOf { from, to } = &self.reach {
            return held(fact, from, to, day);
        }
        let place = match frame {
            None if fact.valid > day => Place::From(fact.valid),
            None => Place::Inside,
            Some(frame) => self.framed(fact, day, frame),
        };
        (place, Day::MAX)
    }

    fn framed(&self, fact: &Fact, day: Day, frame: &Frame) -> Place<'static> {
        if fact.valid > day.min(frame.to) {
            Place::From(frame.enters_on(fact.valid, day))
        } else if fact.valid >= frame.from {
            Place::Inside
        } else if self.aggregate == Aggregate::Change {
            Place::Earlier
        } else {
            Place::Gone
        }
    }
}

/// Where a fact stands whose span holds some days: a span without a last day is open, one that ends before it begins
/// holds none.
fn held<'c>(fact: &Fact, from: &'c str, to: &str, day: Day) -> (Place<'c>, Day) {
    let first = fact.date(from);
    let last = fact.date(to).unwrap_or(Day::MAX);
    let place = match first {
        _ if last < day => Place::Gone,
        None => Place::Doubtful(from),
        Some(first) if first > last => Place::Gone,
        Some(first) if first > day => Place::From(first),
        Some(_) => Place::Inside,
    };
    (place, last.plus_days(1))
}
