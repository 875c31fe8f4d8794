//! Exact reasoning about conditions: a row on which they answer as wanted, or the proof that there is none.
//!
//! Conditions are first put into [`form`], in which everything that is not asked about is a constant. A search takes
//! them apart into what would have to hold of single variables and of sums of variables; [`system`] decides over the
//! whole numbers whether such sums can hold together, by Fourier and Motzkin's elimination. What lies outside (a product
//! of two variables of wide range, an order between texts) is loosened, never guessed: if even the loosened question has
//! no answer that is a proof, and an answer to it counts only after the scalar back end has confirmed it.
//!
//! | module | holds |
//! |---|---|
//! | [`form`] | conditions over variables, with constants folded |
//! | [`lower`] | from a checked condition to a form |
//! | [`sum`] | sums of variables, quotients and products |
//! | [`resolve`] | a number as alternatives, each a sum under conditions |
//! | [`system`] | whether sums can hold together, and values that show it |
//! | [`eliminate`] | elimination of one variable after the other |
//! | [`state`] | everything assumed so far on one path of the search |
//! | [`possible`] | which verdicts a form can still have |
//! | [`texts`] | which texts are enough to tell forms apart |
//! | [`search`] | the search |
//! | [`line`] | one number moved while all else stays |
//! | [`evaluate`] | the verdict of a form on given values |

mod eliminate;
pub(crate) mod evaluate;
pub(crate) mod form;
pub(crate) mod line;
pub(crate) mod lower;
mod possible;
mod resolve;
mod search;
mod state;
mod sum;
mod system;
mod texts;

#[cfg(test)]
mod tests;

pub(crate) use search::{Found, Why, find};

use std::sync::Arc;

use doudi_model::Verdict;

/// A variable that the search may choose.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// What it can be.
    pub(crate) domain: Domain,
}

/// What a variable can be when it is known.
#[derive(Debug, Clone)]
pub(crate) enum Domain {
    /// Yes or no.
    Flag,
    /// A whole number; a value that is a multiple of `round` is preferred, for the reader's sake.
    Number {
        /// Least value.
        low: i128,
        /// Greatest value.
        high: i128,
        /// 100 for fen, so that whole yuan are preferred; 1 for all else.
        round: i128,
    },
    /// A date in days since 1970-01-01.
    Day {
        /// First day.
        low: i128,
        /// Last day.
        high: i128,
    },
    /// One of these codes.
    Code(Vec<Arc<str>>),
    /// Any text.
    Text,
}

/// The verdicts that are wanted: a set of some of true, false, unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted(u8);

impl Wanted {
    pub(crate) const TRUE: Wanted = Wanted(1);
    pub(crate) const FALSE: Wanted = Wanted(2);
    pub(crate) const UNKNOWN: Wanted = Wanted(4);
    const NONE: Wanted = Wanted(0);

    pub(crate) fn or(self, other: Wanted) -> Wanted {
        Wanted(self.0 | other.0)
    }

    fn and(self, other: Wanted) -> Wanted {
        Wanted(self.0 & other.0)
    }

    fn has(self, other: Wanted) -> bool {
        self.0 & other.0 != 0
    }

    fn turned(self) -> Wanted {
        let mut turned = self.and(Wanted::UNKNOWN);
        if self.has(Wanted::TRUE) {
            turned = turned.or(Wanted::FALSE);
        }
        if self.has(Wanted::FALSE) {
            turned = turned.or(Wanted::TRUE);
        }
        turned
    }

    /// One verdict alone.
    pub(crate) fn of(verdict: Verdict) -> Wanted {
        match verdict {
            Verdict::True => Wanted::TRUE,
            Verdict::False => Wanted::FALSE,
            Verdict::Unknown => Wanted::UNKNOWN,
        }
    }

    /// Whether a verdict is one of those wanted.
    pub(crate) fn holds(self, verdict: Verdict) -> bool {
        self.has(Wanted::of(verdict))
    }

    /// Whether nothing else is wanted than by the other.
    fn within(self, other: Wanted) -> bool {
        self.0 & !other.0 == 0
    }
}
