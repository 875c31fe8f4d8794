//! What staff write in their own words: reasons, notes, what a household said.
//!
//! Such text can name people, so it is in clear only at the two ends: on its way in, and on a screen. In JSON it is
//! plain text, which reads as clear and writes as clear; at rest (postcard: log, state) it is sealed, and clear text
//! refuses to be written there. The pure core knows of it only whether there is any.

use std::fmt;

use serde::de::Visitor;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secret::Secret;
use crate::value::Sealed;

/// Free text, in clear or sealed. `Debug` shows neither; no text is sealed as no bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FreeText(Form);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Clear(Secret<String>),
    Sealed(Sealed),
}

impl FreeText {
    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Form::Clear(text) => text.reveal().is_empty(),
            Form::Sealed(sealed) => sealed.0.is_empty(),
        }
    }

    /// The text, unless it is sealed.
    #[must_use]
    pub fn clear(&self) -> Option<&str> {
        match &self.0 {
            Form::Clear(text) => Some(text.reveal()),
            Form::Sealed(sealed) if sealed.0.is_empty() => Some(""),
            Form::Sealed(_) => None,
        }
    }

    /// The sealed text, unless it is in clear or empty.
    #[must_use]
    pub fn sealed(&self) -> Option<&Sealed> {
        match &self.0 {
            Form::Sealed(sealed) if !sealed.0.is_empty() => Some(sealed),
            Form::Sealed(_) | Form::Clear(_) => None,
        }
    }

    /// Seals what is in clear.
    pub fn seal(&mut self, seal: impl FnOnce(&str) -> Sealed) {
        if let Form::Clear(text) = &self.0 {
            let text = text.reveal();
            self.0 = Form::Sealed(if text.is_empty() { Sealed(Vec::new()) } else { seal(text) });
        }
    }

    /// Opens what is sealed; what cannot be opened stays sealed.
    pub fn open(&mut self, open: impl FnOnce(&Sealed) -> Option<Secret<String>>) {
        if let Some(text) = self.sealed().and_then(open) {
            self.0 = Form::Clear(text);
        }
    }
}

impl Default for FreeText {
    fn default() -> FreeText {
        FreeText(Form::Sealed(Sealed(Vec::new())))
    }
}

impl From<&str> for FreeText {
    /// The text without blanks around it.
    fn from(text: &str) -> FreeText {
        match text.trim() {
            "" => FreeText::default(),
            text => FreeText(Form::Clear(Secret::new(text.to_owned()))),
        }
    }
}

impl From<String> for FreeText {
    fn from(text: String) -> FreeText {
        FreeText::from(text.as_str())
    }
}

impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "FreeText()" } else { "FreeText(…)" })
    }
}

impl Serialize for FreeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.0, serializer.is_human_readable()) {
            (Form::Clear(text), true) => serializer.serialize_str(text.reveal()),
            (Form::Clear(_), false) => Err(S::Error::custom("free text must be sealed before it rests")),
            (Form::Sealed(sealed), true) if sealed.0.is_empty() => serializer.serialize_str(""),
            (Form::Sealed(_), true) => serializer.serialize_none(),
            (Form::Sealed(sealed), false) => serializer.serialize_bytes(&sealed.0),
        }
    }
}

impl<'de> Deserialize<'de> for FreeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FreeText, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer).map(FreeText::from)
        } else {
            deserializer.deserialize_byte_buf(Bytes).map(|bytes| FreeText(Form::Sealed(Sealed(bytes))))
        }
    }
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sealed bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backwards(text: &str) -> Sealed {
        Sealed(text.bytes().rev().collect())
    }

    fn forwards(sealed: &Sealed) -> Option<Secret<String>> {
        String::from_utf8(sealed.0.iter().rev().copied().collect()).ok().map(Secret::new)
    }

    #[test]
    fn clear_text_does_not_come_to_rest_and_sealed_text_comes_back() {
        let mut text = FreeText::from(" 女儿已就业 ");
        assert!(postcard::to_allocvec(&text).is_err());
        text.seal(backwards);
        let bytes = postcard::to_allocvec(&text).unwrap();
        let mut back: FreeText = postcard::from_bytes(&bytes).unwrap();
        assert_eq!((back.clear(), &back), (None, &text));
        back.open(forwards);
        assert_eq!(back.clear(), Some("女儿已就业"));
    }

    #[test]
    fn json_shows_clear_text_and_never_sealed_bytes() {
        let mut text: FreeText = serde_json::from_str("\"同意\"").unwrap();
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"同意\"");
        text.seal(backwards);
        assert_eq!(serde_json::to_string(&text).unwrap(), "null");
        assert_eq!(format!("{text:?}"), "FreeText(…)");
    }

    #[test]
    fn no_text_is_no_text_in_every_form() {
        for mut text in [FreeText::default(), FreeText::from("  "), serde_json::from_str("\"\"").unwrap()] {
            text.seal(backwards);
            assert!(text.is_empty());
            assert_eq!((text.clear(), text.sealed()), (Some(""), None));
            assert_eq!(serde_json::to_string(&text).unwrap(), "\"\"");
            let bytes = postcard::to_allocvec(&text).unwrap();
            assert_eq!(postcard::from_bytes::<FreeText>(&bytes).unwrap(), text);
        }
    }
}
