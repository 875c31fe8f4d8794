//! What the house measures while it works, told to whoever counts it. Nothing of it reaches the state.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::machine::Spent;

/// One measurement.
#[derive(Debug)]
pub enum Measured<'a> {
    /// Entries were made durable by one append to the journal, in this time.
    Appended(Duration),
    /// A batch of entries was applied and committed.
    Applied {
        /// Time in the stages, one for each entry that went through them.
        spent: &'a [Spent],
        /// Decisions written, by level; `none` where the household has none.
        decisions: &'a BTreeMap<&'static str, u64>,
        /// Time that writing record and state to disk took.
        commit: Duration,
    },
    /// Messages came from Kafka.
    Taken {
        /// Newly admitted.
        accepted: u64,
        /// Known already.
        duplicates: u64,
        /// Codes of those that were refused.
        refused: &'a [Cow<'static, str>],
    },
}

/// Who counts.
pub(crate) type Meter = Box<dyn Fn(&Measured<'_>) + Send + Sync>;
