//! A form carries a key that counts once: a double tap makes one move.
//!
//! The key also goes with the order to the house, which holds it after a restart. Here it only saves the
//! second request the way, and gives it the same answer.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

const KEPT: usize = 10_000;

/// The last keys that were used.
#[derive(Debug, Default)]
pub struct Once {
    used: Mutex<VecDeque<String>>,
}

impl Once {
    /// Takes a key; false if it was taken before.
    #[must_use]
    pub fn take(&self, key: &str) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.iter().any(|known| known == key) {
            return false;
        }
        if used.len() == KEPT {
            used.pop_front();
        }
        used.push_back(key.to_owned());
        true
    }

    /// Gives a key back when its order was refused, so that the mended form can be sent.
    pub fn give_back(&self, key: &str) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known != key);
    }
}
