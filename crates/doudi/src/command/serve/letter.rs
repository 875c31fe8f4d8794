//! A Kafka record as it is kept if it is refused: one JSON document that can be taken in again.

use std::borrow::Cow;

use doudi_store::kafka::Message;
use serde_json::{Map, Value};

/// The record's own bytes, or an event of binary mode written as structured JSON: its headers hold half of it.
pub(super) fn bytes<'m>(message: &'m Message<'_>) -> Cow<'m, [u8]> {
    let headers = message.headers.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    let mut event = Map::new();
    let mut media = None;
    for (name, value) in headers {
        let text = || Value::from(String::from_utf8_lossy(value).into_owned());
        if name.eq_ignore_ascii_case("content-type") {
            media = Some(text());
        } else if let Some(attribute) = attribute_of(name) {
            event.insert(attribute, text());
        }
    }
    let payload = message.payload.unwrap_or_default();
    let structured = media.as_ref().and_then(Value::as_str).is_some_and(|media| media.contains("cloudevents"));
    if structured || event.is_empty() {
        return Cow::Borrowed(payload);
    }
    event.extend(media.map(|media| ("datacontenttype".to_owned(), media)));
    if !payload.is_empty() {
        let text = || Value::from(String::from_utf8_lossy(payload).into_owned());
        event.insert("data".to_owned(), serde_json::from_slice(payload).unwrap_or_else(|_| text()));
    }
    Cow::Owned(Value::Object(event).to_string().into_bytes())
}

fn attribute_of(header: &str) -> Option<String> {
    let (start, rest) = header.split_at_checked(3)?;
    start.eq_ignore_ascii_case("ce_").then(|| rest.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(headers: &[(&str, &[u8])], payload: &[u8]) -> String {
        let headers = headers.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let message = Message {
            topic: "t",
            partition: 0,
            offset: 0,
            timestamp: None,
            key: None,
            payload: Some(payload),
            headers,
        };
        String::from_utf8(bytes(&message).into_owned()).unwrap()
    }

    #[test]
    fn an_event_of_binary_mode_keeps_its_attributes() {
        let headers: [(&str, &[u8]); 3] =
            [("ce_id", b"7"), ("ce_source", b"urn:x"), ("content-type", b"application/json")];
        assert_eq!(
            kept(&headers, b"{\"amount\":1}"),
            r#"{"data":{"amount":1},"datacontenttype":"application/json","id":"7","source":"urn:x"}"#
        );
    }

    #[test]
    fn an_event_of_structured_mode_is_kept_byte_for_byte() {
        let headers: [(&str, &[u8]); 1] = [("content-type", b"application/cloudevents+json")];
        assert_eq!(kept(&headers, b"{ \"id\" : 1 }"), "{ \"id\" : 1 }");
        assert_eq!(kept(&[], b"no event"), "no event");
    }
}
