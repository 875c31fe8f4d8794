//! One subscription to the house, any number of open screens.
//!
//! The last notices are kept, so that a screen that was cut off hears what it missed by `Last-Event-ID`, also from
//! before a restart: the house numbers notices for good. A screen that is too slow, or was away too long, is told to
//! look at its list again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, watch};

use crate::service::{Heard, Notice, Service};

/// Notices kept for screens that come back.
const KEPT: usize = 10_000;
/// Notices a slow screen may fall behind before it is told to look again.
const BEHIND: usize = 1_024;
/// How long a screen that comes back right after a start waits for what was kept before it.
const LOADING: Duration = Duration::from_secs(5);

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
    /// The newest notice from before the start: up to it, notices are no news.
    before: u64,
    /// Whether what was kept before the start is here.
    loaded: watch::Receiver<bool>,
}

/// One screen's ear.
#[derive(Debug)]
pub struct Listener {
    missed: VecDeque<News>,
    live: broadcast::Receiver<News>,
    last: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Subscribes to the house and keeps on listening in a task of its own. `told` gets each new notice, for counting.
    #[must_use]
    pub fn start(service: &dyn Service, told: impl Fn(&Notice) + Send + 'static) -> Hub {
        let before = service.progress().notice;
        let kept = u64::try_from(KEPT).unwrap_or(u64::MAX);
        let mut heard = service.subscribe(Some(before.saturating_sub(kept)));
        let live = Arc::new(Mutex::new(Some(broadcast::channel(BEHIND).0)));
        let (load, loaded) = watch::channel(before == 0);
        let hub = Hub { kept: Arc::default(), live, before, loaded };
        let (ring, live) = (Arc::clone(&hub.kept), Arc::clone(&hub.live));
        tokio::spawn(async move {
            while let Some(next) = heard.recv().await {
                // Under the lock, so that a new listener neither misses a notice nor hears it twice.
                let mut ring = lock(&ring);
                let news = match next {
                    Heard::Gap => {
                        ring.clear();
                        Some(News::LookAgain)
                    }
                    Heard::Notice(notice) => {
                        let (seq, is_news) = (notice.seq, notice.seq > before);
                        if is_news {
                            told(&notice);
                        }
                        let notice = Arc::new(notice);
                        if ring.len() == KEPT {
                            ring.pop_front();
                        }
                        ring.push_back(Arc::clone(&notice));
                        if seq >= before {
                            load.send_replace(true);
                        }
                        is_news.then_some(News::Notice(notice))
                    }
                };
                let live = lock(&live);
                let Some(live) = live.as_ref() else { break };
                if let Some(news) = news {
                    // Nobody listening is no fault.
                    let _ = live.send(news);
                }
            }
        });
        hub
    }

    /// Ends all streams, so that the server can close.
    pub fn close(&self) {
        lock(&self.live).take();
    }

    /// The newest notice; 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        lock(&self.kept).back().map_or(self.before, |notice| notice.seq.max(self.before))
    }

    /// The kept notices after one.
    #[must_use]
    pub fn since(&self, after: u64) -> Vec<Arc<Notice>> {
        let ring = lock(&self.kept);
        ring.iter().filter(|notice| notice.seq > after).cloned().collect()
    }

    /// Listens from now on, or from after a notice heard before.
    ///
    /// Right after a start it waits a little for the notices from before it, where the screen asks for some.
    pub async fn listen(&self, after: Option<u64>) -> Listener {
        if after.is_some_and(|after| after < self.before) {
            let mut loaded = self.loaded.clone();
            // A house that has none to give says so by a gap below.
            let _ = tokio::time::timeout(LOADING, loaded.wait_for(|loaded| *loaded)).await;
        }
        let ring = lock(&self.kept);
        let live = match lock(&self.live).as_ref() {
            Some(live) => live.subscribe(),
            // Closing: a channel that has ended.
            None => broadcast::channel(1).1,
        };
        let newest = ring.back().map_or(self.before, |notice| notice.seq.max(self.before));
        let after = after.unwrap_or(newest);
        let oldest = ring.front().map_or(newest + 1, |notice| notice.seq);
        let mut missed: VecDeque<News> =
            ring.iter().filter(|notice| notice.seq > after).map(|notice| News::Notice(Arc::clone(notice))).collect();
        // A number beyond the newest was given by another house, or before its backup was put back.
        let unread = after < self.before && !*self.loaded.borrow();
        if after.saturating_add(1) < oldest || after > newest || unread {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    fn heard(news: Option<News>) -> Option<u64> {
        match news {
            Some(News::Notice(notice)) => Some(notice.seq),
            _ => None,
        }
    }

    fn restarted() -> (Fake, Hub) {
        let house = Fake::new();
        (0..3).for_each(|_| drop(house.arrive()));
        let hub = Hub::start(&house, |_| {});
        (house, hub)
    }

    #[tokio::test]
    async fn a_screen_that_comes_back_right_after_a_restart_hears_what_it_missed() {
        let (_, hub) = restarted();
        let mut screen = hub.listen(Some(1)).await;
        assert_eq!((heard(screen.next().await), heard(screen.next().await)), (Some(2), Some(3)));
    }

    #[tokio::test]
    async fn what_was_before_the_start_is_no_news() {
        let (house, hub) = restarted();
        assert_eq!(hub.newest(), 3);
        let mut fresh = hub.listen(None).await;
        let mut up_to_date = hub.listen(Some(3)).await;
        house.arrive();
        assert_eq!((heard(fresh.next().await), heard(up_to_date.next().await)), (Some(4), Some(4)));
    }

    #[tokio::test]
    async fn a_screen_from_another_house_looks_again() {
        let (_, hub) = restarted();
        assert!(matches!(hub.listen(Some(9)).await.next().await, Some(News::LookAgain)));
    }
}
