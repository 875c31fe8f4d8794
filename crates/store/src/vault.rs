//! The vault: what identifies a person rests encrypted.
//!
//! AES-256-GCM. Sealed bytes are the algorithm's number (1), a nonce of 12 bytes, the ciphertext and its tag of 16 bytes.
//! The nonce is drawn from the operating system's randomness and mixed with the key and the text through SHA-256: even
//! if a restored machine image draws the same randomness again, two different texts do not meet the same nonce.
//!
//! What staff write in a move is sealed without randomness: its nonce is made of the key, the move, the field and the
//! text. A repeat of the same move is then the same bytes and is told as a repeat; nothing else is equal.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use doudi_model::FreeText;
use doudi_model::digest::Hasher;
use doudi_model::secret::{Seal, Secret};
use doudi_model::value::Sealed;
use doudi_routing::MoveRequest;

use crate::fault::Fault;

const ALGORITHM: u8 = 1;
const NONCE: usize = 12;

/// Seals and opens.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
    hedge: Secret<[u8; 32]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// The vault under a key.
    pub(crate) fn new(key: &Secret<[u8; 32]>) -> Vault {
        let hedge = Hasher::new().part(b"nonce").part(key.reveal()).finish().0;
        Vault { cipher: Aes256Gcm::new(key.reveal().into()), hedge: Secret::new(hedge) }
    }

    /// What was sealed.
    ///
    /// # Errors
    /// If the bytes were changed, or sealed under another key.
    pub fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, Fault> {
        let unsealed = match sealed.0.split_first() {
            Some((&ALGORITHM, rest)) => rest
                .split_first_chunk::<NONCE>()
                .and_then(|(nonce, text)| self.cipher.decrypt(&Nonce::from(*nonce), text).ok()),
            _ => None,
        };
        unsealed.map(Secret::new).ok_or_else(|| {
            Fault::new(
                "store/unseal",
                ("加密内容无法解开".into(), "sealed content cannot be opened".into()),
                (
                    "数据目录的 keys/ 应与写入这些数据时的相同；从备份恢复它",
                    "keys/ of the data directory must be those under which the data was written; restore them from a backup",
                ),
            )
        })
    }

    /// What was sealed, as text.
    ///
    /// # Errors
    /// As [`Vault::open`], and if it is not text.
    pub fn open_text(&self, sealed: &Sealed) -> Result<Secret<String>, Fault> {
        let bytes = self.open(sealed)?;
        String::from_utf8(bytes.reveal().clone())
            .map(Secret::new)
            .map_err(|_| Fault::defect("sealed content is not text"))
    }

    /// Seals the free texts of a move, each under its own context: see [`MoveRequest::seal`].
    pub(crate) fn seal_move(&self, request: &mut MoveRequest) {
        request.seal(|context, clear| self.seal_under(self.nonce(context, clear.as_bytes()), clear.as_bytes()));
    }

    /// Opens free texts for someone who may read them; one that cannot be opened stays sealed.
    pub fn open_texts<'a>(&self, texts: impl IntoIterator<Item = &'a mut FreeText>) {
        for text in texts {
            text.open(|sealed| self.open_text(sealed).ok());
        }
    }

    fn seal_under(&self, nonce: [u8; NONCE], plain: &[u8]) -> Sealed {
        let mut sealed = Vec::with_capacity(1 + NONCE + plain.len() + 16);
        sealed.push(ALGORITHM);
        sealed.extend_from_slice(&nonce);
        // GCM fails only for texts beyond 64 GiB; nothing in clear may stand in for the ciphertext then.
        sealed.extend_from_slice(&self.cipher.encrypt(&Nonce::from(nonce), plain).unwrap_or_default());
        Sealed(sealed)
    }

    fn nonce(&self, context: &[u8], plain: &[u8]) -> [u8; NONCE] {
        let mixed = Hasher::new().part(self.hedge.reveal()).part(context).part(plain).finish();
        let mut nonce = [0; NONCE];
        nonce.iter_mut().zip(mixed.0).for_each(|(to, from)| *to = from);
        nonce
    }
}

impl Seal for Vault {
    fn seal(&self, plain: &[u8]) -> Sealed {
        let mut noise = [0; 16];
        // Without randomness the nonce still depends on key and text, and repeats only with the text itself.
        let _ = getrandom::fill(&mut noise);
        self.seal_under(self.nonce(&noise, plain), plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(&Secret::new([byte; 32]))
    }

    #[test]
    fn what_is_sealed_opens_under_the_same_key_only() {
        let sealed = vault(1).seal("张三".as_bytes());
        assert_eq!(vault(1).open_text(&sealed).unwrap().reveal(), "张三");
        assert_eq!(vault(2).open(&sealed).unwrap_err().code(), "store/unseal");
    }

    #[test]
    fn a_changed_byte_is_noticed_wherever_it_is() {
        let sealed = vault(1).seal(b"x");
        for at in 0..sealed.0.len() {
            let mut changed = sealed.clone();
            changed.0[at] ^= 1;
            assert!(vault(1).open(&changed).is_err(), "byte {at}");
        }
        assert!(vault(1).open(&Sealed(Vec::new())).is_err());
    }

    #[test]
    fn the_same_text_is_sealed_differently_each_time() {
        assert_ne!(vault(1).seal(b"x"), vault(1).seal(b"x"));
    }

    fn asked(case: &str, once: &str, reason: &str) -> MoveRequest {
        let request = serde_json::json!({
            "case": case, "kind": "acknowledge", "once": once, "reason": reason,
            "actor": { "name": "staff", "role": "township", "office": "t-421202001" },
        });
        let mut request = serde_json::from_value(request).unwrap();
        vault(1).seal_move(&mut request);
        request
    }

    #[test]
    fn the_words_of_a_move_are_the_same_bytes_only_in_a_repeat_of_that_move() {
        let first = asked("2222-2222", "a", "户主住院");
        assert_eq!(asked("2222-2222", "a", "户主住院").reason, first.reason);
        assert_ne!(asked("2222-2222", "b", "户主住院").reason, first.reason);
        assert_ne!(asked("2222-2222", "a", "户主出院").reason, first.reason);
        let mut shown = first.clone();
        vault(1).open_texts([&mut shown.reason]);
        assert_eq!(shown.reason.clear(), Some("户主住院"));
        let mut shown = first;
        vault(2).open_texts([&mut shown.reason]);
        assert_eq!(shown.reason.clear(), None);
    }
}
