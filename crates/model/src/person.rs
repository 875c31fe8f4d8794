//! People: citizen numbers as they arrive, pseudonyms as they are kept.

mod number;

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;

pub use number::{Kind, Number, NumberProblem, Sex};

/// A person's pseudonym: 16 bytes of HMAC-SHA-256 over the normalised number, under the installation's key.
///
/// Written `p-` and 32 hexadecimal signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 16]);

/// The key under which pseudonyms are made. Whoever holds it can test guesses, so it cannot be printed.
#[derive(Clone)]
pub struct PseudonymKey(crate::secret::Secret<[u8; 32]>);

impl PseudonymKey {
    /// A key from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> PseudonymKey {
        PseudonymKey(crate::secret::Secret::new(bytes))
    }

    /// The pseudonym of a person with a number.
    #[must_use]
    pub fn person(&self, number: &Number) -> Id {
        self.derive(b"person", number.reveal().as_bytes())
    }

    /// The pseudonym of a person known only by a provisional mark of one source, for example a newborn.
    #[must_use]
    pub fn provisional(&self, source: &str, mark: &str) -> Id {
        self.derive(b"provisional", format!("{source}\u{0}{mark}").as_bytes())
    }

    /// Sixteen keyed bytes for something else that must not show through, such as an event's name.
    #[must_use]
    pub fn derive(&self, purpose: &[u8], bytes: &[u8]) -> Id {
        // HMAC takes a key of any length; the fallback is never reached.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.reveal()) else { return Id([0; 16]) };
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(bytes);
        let full = mac.finalize().into_bytes();
        let mut short = [0_u8; 16];
        for (to, from) in short.iter_mut().zip(full.iter()) {
            *to = *from;
        }
        Id(short)
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("p-")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is not a pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPseudonym;

impl fmt::Display for NotAPseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a pseudonym written p- and 32 hexadecimal signs")
    }
}

impl FromStr for Id {
    type Err = NotAPseudonym;

    fn from_str(text: &str) -> Result<Id, NotAPseudonym> {
        let signs = text.strip_prefix("p-").filter(|rest| rest.len() == 32 && rest.is_ascii()).ok_or(NotAPseudonym)?;
        let mut bytes = [0_u8; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let pair = signs.get(at * 2..at * 2 + 2).ok_or(NotAPseudonym)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAPseudonym)?;
        }
        Ok(Id(bytes))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            text.parse().map_err(D::Error::custom)
        } else {
            Ok(Id(<[u8; 16]>::deserialize(deserializer)?))
        }
    }
}
