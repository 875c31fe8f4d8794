//! Sessions in memory: they end with the process, and after a time without use.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use doudi_model::Digest;

use super::accounts::Account;

/// One log-in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// Must come back with every form.
    pub csrf: String,
    last: Instant,
}

/// All log-ins by the digest of their token, so that a memory dump gives no token away.
#[derive(Debug)]
pub struct Sessions {
    by_token: Mutex<BTreeMap<Digest, Session>>,
    idle: Duration,
}

/// 128 random bits as text; `None` if the machine has no randomness to give.
#[must_use]
pub fn token() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Sessions {
    /// No session yet; each ends after `idle` without use.
    #[must_use]
    pub fn new(idle: Duration) -> Sessions {
        Sessions { by_token: Mutex::default(), idle }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Digest, Session>> {
        self.by_token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session and gives its token.
    #[must_use]
    pub fn open(&self, account: Account) -> Option<String> {
        let (secret, csrf) = (token()?, token()?);
        let now = Instant::now();
        let mut all = self.lock();
        all.retain(|_, session| now.duration_since(session.last) < self.idle);
        all.insert(Digest::of(secret.as_bytes()), Session { account, csrf, last: now });
        Some(secret)
    }

    /// The session of a token, if it has not ended. Using it extends it.
    #[must_use]
    pub fn get(&self, token: &str) -> Option<Session> {
        let key = Digest::of(token.as_bytes());
        let now = Instant::now();
        let mut all = self.lock();
        let session = all.get_mut(&key)?;
        if now.duration_since(session.last) >= self.idle {
            all.remove(&key);
            return None;
        }
        session.last = now;
        Some(session.clone())
    }

    /// The session of a token without extending it: an open stream is no use of the desk.
    #[must_use]
    pub fn peek(&self, token: &str) -> Option<Session> {
        let all = self.lock();
        all.get(&Digest::of(token.as_bytes())).filter(|session| session.last.elapsed() < self.idle).cloned()
    }

    /// Ends a session.
    pub fn close(&self, token: &str) {
        self.lock().remove(&Digest::of(token.as_bytes()));
    }
}
