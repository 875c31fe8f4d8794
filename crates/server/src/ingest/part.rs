//! One event of a request: its place, and its bytes as they are kept if it is refused.

use axum::body::Bytes;
use doudi_engine::admit::envelope;
use doudi_model::Problem;
use serde_json::{Map, Value};

/// The problem with its place in the batch.
pub(super) fn in_batch(problem: Problem, at: usize) -> Problem {
    let place = match problem.place.as_str() {
        "" => format!("event[{at}]"),
        inner => format!("event[{at}]:{inner}"),
    };
    problem.at(place)
}

/// An event of binary mode written as structured JSON, so that a dead letter is one thing that can be sent again.
///
/// Attributes are kept as they were sent, sound or not.
pub(super) fn as_structured<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>, body: &[u8]) -> Bytes {
    let mut event = Map::new();
    for (name, value) in headers {
        let decoded = || match envelope::percent_decoded(value) {
            Some(text) => text,
            None => String::from_utf8_lossy(value).into_owned(),
        };
        if name.eq_ignore_ascii_case("content-type") {
            event.insert("datacontenttype".into(), String::from_utf8_lossy(value).into_owned().into());
        } else if let Some(attribute) = name.strip_prefix("ce-") {
            event.insert(attribute.to_owned(), decoded().into());
        }
    }
    if !body.is_empty() {
        match serde_json::from_slice::<Value>(body) {
            Ok(data) => event.insert("data".into(), data),
            Err(_) => event.insert("data".into(), String::from_utf8_lossy(body).into_owned().into()),
        };
    }
    Value::Object(event).to_string().into()
}
