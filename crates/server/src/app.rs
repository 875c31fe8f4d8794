//! What every handler can reach.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use doudi_model::division;
use tokio::sync::Semaphore;

use crate::auth::{Accounts, EventSources, Limit, Sessions};
use crate::config::Config;
use crate::desk::draft::Drafts;
use crate::desk::once::Once;
use crate::metrics::Metrics;
use crate::notify::Hub;
use crate::service::Service;

/// Memory that bodies of waiting admissions may take together, in KiB.
const INGEST_KIB: usize = 96 * 1024;

/// The parts of the running server. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The house.
    pub service: Arc<dyn Service>,
    /// The settings.
    pub config: Arc<Config>,
    /// Who can log in.
    pub accounts: Arc<Accounts>,
    /// Who may send events.
    pub sources: Arc<EventSources>,
    /// Who is logged in.
    pub sessions: Arc<Sessions>,
    /// Who guessed wrong.
    pub limit: Arc<Limit>,
    /// Passwords checked at once; each check takes 19 MiB.
    pub hashing: Arc<Semaphore>,
    /// Admission bodies in memory, one permit for each KiB.
    pub ingest: Arc<Semaphore>,
    /// Notices to open screens.
    pub hub: Arc<Hub>,
    /// Forms begun and not sent.
    pub drafts: Arc<Drafts>,
    /// Forms sent, so that a double tap counts once.
    pub once: Arc<Once>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl App {
    /// Puts the parts together and subscribes to the house's notices. Needs a tokio runtime.
    #[must_use]
    pub fn new(service: Arc<dyn Service>, config: Config, accounts: Accounts, sources: EventSources) -> App {
        let idle = Duration::from_secs(u64::from(config.idle_minutes) * 60);
        let metrics = Arc::new(Metrics::new());
        let (clock, counted) = (Arc::clone(&service), Arc::clone(&metrics));
        let measured = Arc::clone(&metrics);
        service.meter(Box::new(move |told| measured.measured(told)));
        let hub = Hub::start(service.as_ref(), move |notice| counted.told(notice, clock.now()));
        App {
            service,
            config: Arc::new(config),
            accounts: Arc::new(accounts),
            sources: Arc::new(sources),
            sessions: Arc::new(Sessions::new(idle)),
            limit: Arc::default(),
            hashing: Arc::new(Semaphore::new(2)),
            ingest: Arc::new(Semaphore::new(INGEST_KIB)),
            hub: Arc::new(hub),
            drafts: Arc::default(),
            once: Arc::default(),
            metrics,
        }
    }

    /// Whether `code` lies at or below `above`, also for villages the table does not list.
    #[must_use]
    pub fn is_within(&self, code: division::Code, above: division::Code) -> bool {
        is_within(&self.service.divisions(), code, above)
    }
}

/// Whether `code` lies at or below `above` by the tree, or else by the digits of the two codes.
#[must_use]
pub fn is_within(tree: &division::Tree, code: division::Code, above: division::Code) -> bool {
    if code == above || tree.is_within(code, above) {
        return true;
    }
    let above = above.number();
    let unit =
        [1_000_u64, 1_000_000, 100_000_000, 10_000_000_000].into_iter().rev().find(|unit| above.is_multiple_of(*unit));
    unit.is_some_and(|unit| code.number() / unit == above / unit)
}

impl FromRef<App> for Arc<dyn Service> {
    fn from_ref(app: &App) -> Arc<dyn Service> {
        Arc::clone(&app.service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_the_table_lacks_are_placed_by_their_digits() {
        let tree = division::Tree::default();
        let within = |code: &str, above: &str| is_within(&tree, code.parse().unwrap(), above.parse().unwrap());
        assert!(within("421202001007", "421202001000"));
        assert!(within("421202001007", "421202000000"));
        assert!(within("421202001007", "421200000000"));
        assert!(within("421202001007", "420000000000"));
        assert!(!within("421202001007", "421202002000"));
        assert!(!within("421221001007", "421202000000"));
        assert!(!within("421202000000", "421202001000"));
        assert!(within("421202001007", "421202001007"));
    }
}
