//! One subscription to the house, any number of open screens.
//!
//! The last notices are kept, so that a screen that was cut off hears what it missed by `Last-Event-ID`.
//! A screen that is too slow, or was away too long, is told to look at its list again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::service::{Heard, Notice, Service};

/// Notices kept for screens that come back.
const KEPT: usize = 10_000;
/// Notices a slow screen may fall behind before it is told to look again.
const BEHIND: usize = 1_024;

/// What a screen hears.
#[derive(Debug, Clone)]
pub enum News {
    /// A notice.
    Notice(Arc<Notice>),
    /// Some were missed: look at the list again.
    LookAgain,
}

/// The fan-out.
#[derive(Debug)]
pub struct Hub {
    kept: Arc<Mutex<VecDeque<Arc<Notice>>>>,
    live: Arc<Mutex<Option<broadcast::Sender<News>>>>,
}

/// One screen's ear.
#[derive(Debug)]
pub struct Listener {
    missed: VecDeque<News>,
    live: broadcast::Receiver<News>,
    last: u64,
}

impl Hub {
    /// Subscribes to the house and keeps on listening in a task of its own. `told` gets each new notice, for counting.
    #[must_use]
    pub fn start(service: &dyn Service, told: impl Fn(&Notice) + Send + 'static) -> Hub {
        let newest = service.progress().notice;
        let kept = u64::try_from(KEPT).unwrap_or(u64::MAX);
        let mut heard = service.subscribe(Some(newest.saturating_sub(kept)));
        let live = Arc::new(Mutex::new(Some(broadcast::channel(BEHIND).0)));
        let hub = Hub { kept: Arc::default(), live };
        let (ring, live) = (Arc::clone(&hub.kept), Arc::clone(&hub.live));
        tokio::spawn(async move {
            while let Some(next) = heard.recv().await {
                // Under the lock, so that a new listener neither misses a notice nor hears it twice.
                let mut ring = ring.lock().unwrap_or_else(PoisonError::into_inner);
                let news = match next {
                    Heard::Gap => {
                        ring.clear();
                        News::LookAgain
                    }
                    Heard::Notice(notice) => {
                        // Those from before the start are no news.
                        if notice.seq > newest {
                            told(&notice);
                        }
                        let notice = Arc::new(notice);
                        if ring.len() == KEPT {
                            ring.pop_front();
                        }
                        ring.push_back(Arc::clone(&notice));
                        News::Notice(notice)
                    }
                };
                let live = live.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(live) = live.as_ref() else { break };
                // Nobody listening is no fault.
                let _ = live.send(news);
            }
        });
        hub
    }

    /// Ends all streams, so that the server can close.
    pub fn close(&self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The newest notice; 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).back().map_or(0, |notice| notice.seq)
    }

    /// The kept notices after one.
    #[must_use]
    pub fn since(&self, after: u64) -> Vec<Arc<Notice>> {
        let ring = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        ring.iter().filter(|notice| notice.seq > after).cloned().collect()
    }

    /// Listens from now on, or from after a notice heard before.
    #[must_use]
    pub fn listen(&self, after: Option<u64>) -> Listener {
        let ring = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let live = match self.live.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(live) => live.subscribe(),
            // Closing: a channel that has ended.
            None => broadcast::channel(1).1,
        };
        let newest = ring.back().map_or(0, |notice| notice.seq);
        let Some(after) = after else { return Listener { missed: VecDeque::new(), live, last: newest } };
        let oldest = ring.front().map_or(u64::MAX, |notice| notice.seq);
        let mut missed: VecDeque<News> =
            ring.iter().filter(|notice| notice.seq > after).map(|notice| News::Notice(Arc::clone(notice))).collect();
        if after.saturating_add(1) < oldest && !ring.is_empty() || after > newest {
            missed.push_front(News::LookAgain);
        }
        Listener { missed, live, last: newest }
    }
}

impl Listener {
    /// The next news; `None` when the server closes.
    pub async fn next(&mut self) -> Option<News> {
        if let Some(news) = self.missed.pop_front() {
            return Some(news);
        }
        loop {
            match self.live.recv().await {
                Ok(News::Notice(notice)) if notice.seq <= self.last => {}
                Ok(news) => return Some(news),
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(News::LookAgain),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
