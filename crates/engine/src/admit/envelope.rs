//! CloudEvents 1.0: from bytes and headers to an [`Envelope`], or a problem that says what to mend.
//!
//! Only the envelope is judged here. What the event says (`data`) is judged against the fact
//! dictionary later; a code therefore begins with `envelope/`, except where `data` itself cannot be
//! read, which is `payload/…` and travels in [`Data::Broken`].
//!
//! | how it came | function |
//! |---|---|
//! | `application/cloudevents+json` | [`structured`] |
//! | `application/cloudevents-batch+json` | [`batch`], or [`parts`] to keep the bytes of each event |
//! | `ce-*` headers over HTTP | [`binary`] |
//! | a Kafka record, either mode | [`kafka`] |
//!
//! Two extension attributes mean something here: `supersedes` (the id of an earlier event of the same
//! source that this one corrects) and `withdrawn` (it only takes the earlier one back).
//!
//! # Source
//! CloudEvents 1.0.2: core, JSON format, HTTP binding, Kafka binding. Where the texts leave a choice
//! the strict reading is taken: a member name that comes twice is refused, a time needs its `T`.

mod attribute;
mod fault;
mod header;
mod json;

use std::fmt;

use doudi_model::secret::Secret;
use doudi_model::{Instant, Problem};
use serde_json::Value;

pub use fault::Fault;
pub use header::{Mode, binary, kafka, mode, percent_decoded};
pub use json::{batch, decode_base64, parts, structured};

/// The most bytes one event may have. The events of the dictionary have a few hundred.
pub const EVENT_BYTES_MAX: usize = 1024 * 1024;

/// The most events one batch may hold.
pub const BATCH_EVENTS_MAX: usize = 10_000;

/// A sound envelope. `id` and `source` together name the event.
pub struct Envelope {
    /// Unique within the source. May hold anything, so it is not printed.
    pub id: String,
    /// Who says so, a URI reference.
    pub source: String,
    /// `cn.doudi.<fact kind>.v<N>`.
    pub ty: String,
    /// When it happened.
    pub time: Option<Instant>,
    /// An ID number, a pseudonym, or `household:<id>`.
    pub subject: Option<Secret<String>>,
    /// Id of an earlier event of the same source that this one corrects.
    pub supersedes: Option<String>,
    /// True if this event only takes the earlier one back.
    pub withdrawn: bool,
    /// What it says.
    pub data: Data,
}

/// The content of an event, not yet judged. `Debug` shows only what kind of content it is.
pub enum Data {
    /// There is none, or it is `null`.
    None,
    /// JSON; text of another media type comes as a JSON string.
    Json(Value),
    /// Bytes of another media type.
    Bytes(Vec<u8>),
    /// It claims to be JSON and cannot be read: the envelope holds, the content does not.
    Broken(Problem),
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Data::None => "None",
            Data::Json(_) => "Json(…)",
            Data::Bytes(_) => "Bytes(…)",
            Data::Broken(_) => "Broken(…)",
        })
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope").field("source", &self.source).field("ty", &self.ty).finish_non_exhaustive()
    }
}
