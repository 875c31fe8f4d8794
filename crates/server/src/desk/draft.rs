//! Forms begun and not sent, kept on the server so that nothing typed is lost.
//!
//! In memory, 72 hours, under account and form; they hold what the form held and go when it is sent.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::form::Fields;

const KEPT: Duration = Duration::from_secs(72 * 3600);
const EACH_MAX: usize = 16 * 1024;
const ALL_MAX: usize = 20_000;

/// All drafts by account and name.
#[derive(Debug, Default)]
pub struct Drafts {
    all: Mutex<BTreeMap<(String, String), (Instant, Fields)>>,
}

impl Drafts {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, String), (Instant, Fields)>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The draft of an account, empty if there is none.
    pub(super) fn get(&self, account: &str, name: &str) -> Fields {
        let all = self.lock();
        let found = all.get(&(account.to_owned(), name.to_owned())).filter(|(at, _)| at.elapsed() < KEPT);
        found.map(|(_, fields)| fields.clone()).unwrap_or_default()
    }

    /// Keeps a draft; one that is too large is not kept.
    pub(super) fn keep(&self, account: &str, name: &str, fields: Fields) {
        let mut all = self.lock();
        if all.len() >= ALL_MAX {
            all.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        if fields.bytes() <= EACH_MAX && all.len() < ALL_MAX {
            all.insert((account.to_owned(), name.to_owned()), (Instant::now(), fields));
        }
    }

    /// Throws a draft away.
    pub(super) fn discard(&self, account: &str, name: &str) {
        self.lock().remove(&(account.to_owned(), name.to_owned()));
    }

    /// Throws all drafts of an account away, as at log-out.
    pub(super) fn discard_all(&self, account: &str) {
        self.lock().retain(|(owner, _), _| owner != account);
    }
}
