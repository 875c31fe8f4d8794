//! Events whose attributes travel in headers: HTTP with `ce-`, Kafka with `ce_`.

use doudi_model::Problem;

use super::attribute::{Draft, Media, Raw};
use super::fault::printable;
use super::{Data, EVENT_BYTES_MAX, Envelope, Fault, json};

/// How a message carries its event, told by its content type and headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `application/cloudevents+json`.
    Structured,
    /// `application/cloudevents-batch+json`.
    Batch,
    /// Attributes in headers.
    Binary,
}

/// The mode of a message over HTTP.
///
/// # Errors
/// If it is no CloudEvent at all, another format than JSON, or not UTF-8.
pub fn mode<'a>(content_type: Option<&str>, names: impl IntoIterator<Item = &'a str>) -> Result<Mode, Problem> {
    match content_type.map(cloudevents).transpose()?.flatten() {
        Some(mode) => Ok(mode),
        None if names.into_iter().any(|name| attribute_of(name, "ce-").is_some()) => Ok(Mode::Binary),
        None => Err(Fault::NoMode.problem()),
    }
}

/// The mode that a content type alone settles; `None` if it is not one of CloudEvents.
fn cloudevents(content_type: &str) -> Result<Option<Mode>, Problem> {
    let mut pieces = content_type.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or("").to_ascii_lowercase();
    let mode = match essence.as_str() {
        "application/cloudevents+json" => Mode::Structured,
        "application/cloudevents-batch+json" => Mode::Batch,
        other if other.starts_with("application/cloudevents") => return Err(Fault::OtherFormat.problem()),
        _ => return Ok(None),
    };
    for piece in pieces {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        let value = value.trim().trim_matches('"');
        let utf8 = value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8");
        if name.trim().eq_ignore_ascii_case("charset") && !utf8 {
            return Err(Fault::OtherCharset.problem());
        }
    }
    Ok(Some(mode))
}

/// Reads an event in HTTP binary mode. Header names may be in any case; values are percent-decoded once.
///
/// # Errors
/// The first fault found, with its attribute.
pub fn binary<'a>(headers: impl IntoIterator<Item = (&'a str, &'a [u8])>, body: &[u8]) -> Result<Envelope, Problem> {
    let mut draft = Draft::default();
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("content-type") {
            content_type(&mut draft, value);
        } else if let Some(attribute) = attribute_of(name, "ce-") {
            let attribute = attribute.to_ascii_lowercase();
            match percent_decoded(value) {
                Some(text) => set(&mut draft, &attribute, text),
                None => draft.blame(Fault::BadHeader(printable(&attribute))),
            }
        }
    }
    finish(draft, Some(body))
}

/// Reads a Kafka record in either mode. Header values are UTF-8 as they are; the key says nothing here.
///
/// # Errors
/// The first fault found. A record without value and attributes is a deletion, not an event.
pub fn kafka<'a>(
    headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    _key: Option<&[u8]>,
    value: Option<&[u8]>,
) -> Result<Envelope, Problem> {
    let mut draft = Draft::default();
    let mut attributes = false;
    for (name, bytes) in headers {
        if name.eq_ignore_ascii_case("content-type") {
            match std::str::from_utf8(bytes).ok().map(cloudevents).transpose()?.flatten() {
                Some(Mode::Structured) => {
                    return json::structured(value.ok_or_else(|| Fault::Tombstone.problem())?);
                }
                // The Kafka binding knows no batches: one record is one event.
                Some(Mode::Batch) => return Err(Fault::OtherFormat.problem()),
                _ => content_type(&mut draft, bytes),
            }
        } else if let Some(attribute) = attribute_of(name, "ce_") {
            attributes = true;
            match std::str::from_utf8(bytes) {
                Ok(text) => set(&mut draft, attribute, text.to_owned()),
                Err(_) => draft.blame(Fault::BadHeader(printable(attribute))),
            }
        }
    }
    match (attributes, value) {
        (false, None) => Err(Fault::Tombstone.problem()),
        (false, Some(_)) => Err(Fault::NoMode.problem()),
        (true, value) => finish(draft, value),
    }
}

fn attribute_of<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn content_type(draft: &mut Draft, value: &[u8]) {
    match std::str::from_utf8(value) {
        Ok(text) => draft.set("datacontenttype", Raw::Text(text.into())),
        Err(_) => draft.blame(Fault::NotAMediaType),
    }
}

/// In binary mode the content type is the header of that name and no attribute of its own.
fn set(draft: &mut Draft, attribute: &str, text: String) {
    if attribute == "datacontenttype" {
        draft.blame(Fault::BadHeader("datacontenttype".into()));
    } else {
        draft.set(attribute, Raw::Text(text.into()));
    }
}

fn finish(draft: Draft, body: Option<&[u8]>) -> Result<Envelope, Problem> {
    let body = body.unwrap_or_default();
    if body.len() > EVENT_BYTES_MAX {
        return Err(Fault::TooLarge(EVENT_BYTES_MAX).problem());
    }
    let data = if body.is_empty() { Data::None } else { content(draft.media(), body) };
    draft.finish(data).map_err(Problem::from)
}

fn content(kind: Option<Media>, body: &[u8]) -> Data {
    let as_text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => Data::Json(text.into()),
        Err(_) => Data::Bytes(bytes.to_vec()),
    };
    match kind {
        Some(Media::Json) => json::content(body),
        Some(Media::Text) => as_text(body),
        Some(Media::Other) => Data::Bytes(body.to_vec()),
        // Nothing was said of the content: JSON if it reads as such.
        None => match json::content(body) {
            Data::Broken(_) => Data::Bytes(body.to_vec()),
            data => data,
        },
    }
}

/// Undoes a quoted string (RFC 7230 §3.2.6), then one round of percent codes; `None` if that is not UTF-8.
#[must_use]
pub fn percent_decoded(value: &[u8]) -> Option<String> {
    let unquoted = match value {
        [b'"', inner @ .., b'"'] => unescaped(inner),
        _ => value.to_vec(),
    };
    let mut out = Vec::with_capacity(unquoted.len());
    let mut bytes = unquoted.iter();
    while let Some(byte) = bytes.next() {
        if *byte == b'%' {
            let high = char::from(*bytes.next()?).to_digit(16)?;
            let low = char::from(*bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(*byte);
        }
    }
    String::from_utf8(out).ok()
}

fn unescaped(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => out.extend(bytes.next()),
            _ => out.push(*byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<'a>(headers: &'a [(&'a str, &'a str)]) -> Vec<(&'a str, &'a [u8])> {
        headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect()
    }

    #[test]
    fn a_header_that_is_not_utf8_after_decoding_is_refused() {
        let headers = bytes(&[("ce-id", "%FF"), ("ce-source", "urn:x"), ("ce-type", "t"), ("ce-specversion", "1.0")]);
        assert_eq!(binary(headers, b"").unwrap_err().code, "envelope/header");
    }

    #[test]
    fn a_quoted_header_is_unquoted_first() {
        let headers =
            bytes(&[("ce-id", r#""a\"b%20c""#), ("ce-source", "urn:x"), ("ce-type", "t"), ("ce-specversion", "1.0")]);
        assert_eq!(binary(headers, b"").unwrap().id, "a\"b c");
    }

    #[test]
    fn a_content_type_settles_the_mode_before_headers_do() {
        assert_eq!(mode(Some("Application/CloudEvents+JSON; charset=UTF-8"), ["ce-id"]), Ok(Mode::Structured));
        assert_eq!(mode(Some("application/json"), ["CE-Id"]), Ok(Mode::Binary));
        assert_eq!(mode(Some("application/cloudevents+avro"), []).unwrap_err().code, "envelope/format");
        assert_eq!(mode(Some("application/cloudevents+json; charset=gbk"), []).unwrap_err().code, "envelope/charset");
        assert_eq!(mode(Some("application/json"), ["x"]).unwrap_err().code, "envelope/mode");
    }
}
