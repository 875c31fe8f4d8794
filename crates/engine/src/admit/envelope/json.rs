//! The JSON format: one event, or an array of them. Each byte of a single event is read once.

use std::borrow::Cow;
use std::fmt;

use doudi_model::Problem;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::attribute::{Draft, Media, Raw};
use super::fault::printable;
use super::{BATCH_EVENTS_MAX, Data, EVENT_BYTES_MAX, Envelope, Fault};

/// Reads one event (`application/cloudevents+json`).
///
/// # Errors
/// The first fault found, with its attribute.
pub fn structured(body: &[u8]) -> Result<Envelope, Problem> {
    if body.len() > EVENT_BYTES_MAX {
        return Err(Fault::TooLarge(EVENT_BYTES_MAX).problem());
    }
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {}
        first => return Err(no_object(body, first == Some(&b'['))),
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = Whole.deserialize(&mut reader).and_then(|seen| reader.end().map(|()| seen));
    read.map_err(|fault| Fault::NotJson(fault.line(), fault.column())).and_then(Seen::finish).map_err(Problem::from)
}

fn no_object(body: &[u8], array: bool) -> Problem {
    match serde_json::from_slice::<IgnoredAny>(body) {
        Err(fault) => Fault::NotJson(fault.line(), fault.column()).problem(),
        Ok(_) if array => Fault::ArrayForOne.problem(),
        Ok(_) => Fault::NotAnObject.problem(),
    }
}

/// Cuts a batch (`application/cloudevents-batch+json`) into the text of its events without reading them.
///
/// # Errors
/// If it is not a JSON array, or holds more than [`BATCH_EVENTS_MAX`]; then nothing of it is taken.
pub fn parts(body: &[u8]) -> Result<Vec<&str>, Problem> {
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'[') {
        return Err(match serde_json::from_slice::<IgnoredAny>(body) {
            Err(fault) => Fault::NotJson(fault.line(), fault.column()).problem(),
            Ok(_) => Fault::NotAnArray.problem(),
        });
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let cut = Cut.deserialize(&mut reader).and_then(|parts| {
        // Past the limit the rest of the body is not looked at.
        if parts.len() <= BATCH_EVENTS_MAX { reader.end().map(|()| parts) } else { Ok(parts) }
    });
    match cut {
        Ok(parts) if parts.len() <= BATCH_EVENTS_MAX => Ok(parts),
        Ok(_) => Err(Fault::TooMany(BATCH_EVENTS_MAX).problem()),
        Err(fault) if fault.to_string().starts_with(TOO_MANY) => Err(Fault::TooMany(BATCH_EVENTS_MAX).problem()),
        Err(fault) => Err(Fault::NotJson(fault.line(), fault.column()).problem()),
    }
}

/// Reads a batch: each event by itself, so that one bad event does not hold up the others.
///
/// # Errors
/// As [`parts`]. The faults of single events say their place, `event[3]`.
pub fn batch(body: &[u8]) -> Result<Vec<Result<Envelope, Problem>>, Problem> {
    let parts = parts(body)?;
    let read = |(at, part): (usize, &&str)| structured(part.as_bytes()).map_err(|problem| in_batch(problem, at));
    Ok(parts.iter().enumerate().map(read).collect())
}

fn in_batch(problem: Problem, at: usize) -> Problem {
    let place =
        if problem.place.is_empty() { format!("event[{at}]") } else { format!("event[{at}]:{}", problem.place) };
    problem.at(place)
}

/// Reads content that claims to be JSON.
pub(super) fn content(bytes: &[u8]) -> Data {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut twice = None;
    match Strict(&mut twice).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)) {
        Err(fault) => Data::Broken(Fault::DataNotJson(fault.line(), fault.column()).problem()),
        Ok(value) => settle(value, twice),
    }
}

fn settle(value: Value, twice: Option<String>) -> Data {
    match (value, twice) {
        (_, Some(name)) => Data::Broken(Fault::DataTwice(name).problem()),
        (Value::Null, None) => Data::None,
        (value, None) => Data::Json(value),
    }
}

/// What was read of one event.
#[derive(Default)]
struct Seen<'de> {
    draft: Draft,
    data: Option<(Value, Option<String>)>,
    base64: Option<Cow<'de, str>>,
}

impl Seen<'_> {
    fn finish(self) -> Result<Envelope, Fault> {
        let Seen { draft, data, base64 } = self;
        let data = match (data, base64) {
            (Some(_), Some(_)) => return Err(Fault::TwoData),
            (Some((value, twice)), None) => settle(value, twice),
            (None, Some(text)) => {
                let bytes = decode_base64(&text).ok_or(Fault::NotBase64)?;
                match draft.media() {
                    Some(Media::Json) => content(&bytes),
                    _ => Data::Bytes(bytes),
                }
            }
            (None, None) => Data::None,
        };
        draft.finish(data)
    }
}

struct Whole;

impl<'de> DeserializeSeed<'de> for Whole {
    type Value = Seen<'de>;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Seen<'de>, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole {
    type Value = Seen<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Seen<'de>, A::Error> {
        let mut seen = Seen::default();
        while let Some(name) = map.next_key_seed(Name)? {
            match name.as_ref() {
                "data" => {
                    let mut twice = None;
                    let value = map.next_value_seed(Strict(&mut twice))?;
                    if seen.data.replace((value, twice)).is_some() {
                        seen.draft.blame(Fault::Twice("data".into()));
                    }
                }
                "data_base64" => match map.next_value_seed(Attribute)? {
                    Raw::Text(text) if seen.base64.is_none() => seen.base64 = Some(text),
                    Raw::Text(_) => seen.draft.blame(Fault::Twice("data_base64".into())),
                    Raw::Null => {}
                    _ => seen.draft.blame(Fault::NotBase64),
                },
                name => {
                    let value = map.next_value_seed(Attribute)?;
                    seen.draft.set(name, value);
                }
            }
        }
        Ok(seen)
    }
}

/// A member name, borrowed where the text has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Cow<'de, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }
    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// The value of an attribute, whatever it is: what is not allowed is read over and judged later.
struct Attribute;

impl<'de> DeserializeSeed<'de> for Attribute {
    type Value = Raw<'de>;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Raw<'de>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Attribute {
    type Value = Raw<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Raw<'de>, E> {
        Ok(Raw::Int(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Raw<'de>, E> {
        Ok(i64::try_from(number).map_or(Raw::Other, Raw::Int))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Raw<'de>, E> {
        Ok(Raw::Other)
    }
    fn visit_unit<E>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Raw::Other)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Raw::Other)
    }
}

/// JSON of any shape that notes the first name to come twice in one object.
struct Strict<'t>(&'t mut Option<String>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict(self.0))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key_seed(Name)? {
            let value = map.next_value_seed(Strict(self.0))?;
            if members.contains_key(name.as_ref()) {
                self.0.get_or_insert_with(|| printable(&name));
            }
            members.insert(name.into_owned(), value);
        }
        Ok(Value::Object(members))
    }
}

const TOO_MANY: &str = "too many events";

/// The elements of an array as text, at most one more than a batch may hold.
struct Cut;

impl<'de> DeserializeSeed<'de> for Cut {
    type Value = Vec<&'de str>;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Cut {
    type Value = Vec<&'de str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(part) = items.next_element::<&'de RawValue>()? {
            if parts.len() == BATCH_EVENTS_MAX {
                return Err(A::Error::custom(TOO_MANY));
            }
            parts.push(part.get());
        }
        Ok(parts)
    }
}

/// The bytes of standard base64 with padding; `None` for anything else.
#[must_use]
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    let body = text.trim_end_matches('=');
    if text.len() - body.len() > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for sign in body.bytes() {
        let six = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    Some(out)
}
