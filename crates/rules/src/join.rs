//! How the leaves of a condition are joined, where that is simple: nearly every rule is a row of leaves with `&&`, and
//! all their verdicts are then read at once.

use doudi_model::Verdict;

use crate::ir::Logic;
use crate::scalar::Marks;

/// A join of leaves and negated leaves alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Join {
    /// All of these leaves hold, and all of those do not.
    All {
        /// One bit for each leaf that is to hold.
        hold: u128,
        /// One bit for each leaf that is not to hold.
        fail: u128,
    },
    /// One of these leaves holds, or one of those does not.
    One {
        /// One bit for each leaf that may hold.
        hold: u128,
        /// One bit for each leaf that may not hold.
        fail: u128,
    },
}

impl Join {
    /// The join, if it is of that kind.
    pub(crate) fn of(logic: &Logic) -> Option<Join> {
        match logic {
            Logic::And(parts) => bits(parts).map(|(hold, fail)| Join::All { hold, fail }),
            Logic::Or(parts) => bits(parts).map(|(hold, fail)| Join::One { hold, fail }),
            Logic::Leaf(_) | Logic::Not(_) => {
                bits(std::slice::from_ref(logic)).map(|(hold, fail)| Join::All { hold, fail })
            }
            Logic::Literal(_) | Logic::Same(..) | Logic::Choose(_) | Logic::OrElse(..) | Logic::AtLeast(..) => None,
        }
    }

    /// The answer that these verdicts give: the same as [`Logic`] leaf by leaf.
    pub(crate) fn answer(self, marks: Marks) -> Verdict {
        match self {
            Join::All { hold, fail } => all(hold, fail, marks),
            // One of them, unless all are otherwise.
            Join::One { hold, fail } => !all(fail, hold, marks),
        }
    }
}

/// Whether all of these leaves hold, and all of those do not.
fn all(hold: u128, fail: u128, marks: Marks) -> Verdict {
    let wrong = (hold & !marks.truth) | (fail & marks.truth);
    let open = (hold | fail) & !marks.known;
    if wrong & marks.known != 0 {
        Verdict::False
    } else if open != 0 {
        Verdict::Unknown
    } else {
        Verdict::True
    }
}

fn bits(parts: &[Logic]) -> Option<(u128, u128)> {
    let (mut hold, mut fail) = (0_u128, 0_u128);
    for part in parts {
        let (leaf, bits) = match part {
            Logic::Leaf(leaf) => (*leaf, &mut hold),
            Logic::Not(inner) => match inner.as_ref() {
                Logic::Leaf(leaf) => (*leaf, &mut fail),
                _ => return None,
            },
            _ => return None,
        };
        *bits |= 1_u128.checked_shl(leaf.into())?;
    }
    Some((hold, fail))
}
