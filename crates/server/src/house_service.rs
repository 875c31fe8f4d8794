//! The service over a real house: log, state and record of one data directory, under one bundle.
//!
//! Reads go to the committed state, off the async threads; moves and events go through the log and are answered
//! when they are on disk and (moves) applied.

mod admit;
mod case;
mod correction;
mod count;
mod looks;
mod order;
mod row;

use std::sync::{Arc, PoisonError, RwLock};

use doudi_engine::view;
use doudi_model::stage::StateFault;
use doudi_model::{Day, Instant, division, household};
use doudi_rules::explain::Explanation;
use doudi_store::clock::Clock;
use doudi_store::outbox::Delivery;
use doudi_store::stages::Rulebook;
use doudi_store::{House, books};
use tokio::sync::mpsc;

use self::looks::Looks;
use self::row::RowCache;
use crate::service::{
    Answer, Arrival, CaseQuery, Counts, Fault, Heard, Look, Measured, MoveOrder, Moved, Notice, Progress, Receipt,
    Service,
};
use crate::view::{CaseRow, CaseView, CorrectionRow, HouseholdView, Office};

/// Notices that may wait for the hub before the house's side waits.
const WAITING: usize = 1024;

/// The service over a house. Clones are the same service.
#[derive(Clone)]
pub struct HouseService(Arc<RwLock<Arc<Inner>>>);

struct Inner {
    house: House,
    book: Arc<Rulebook>,
    clock: Arc<dyn Clock>,
    divisions: Arc<division::Tree>,
    offices: Arc<Vec<Office>>,
    rows: RowCache,
    looks: Arc<Looks>,
}

impl HouseService {
    /// Puts the service over an open house. Looks are logged to `looks.jsonl` in its data directory.
    ///
    /// # Errors
    /// If the access log cannot be written: without it nobody may look at a person.
    pub fn new(house: House, book: Arc<Rulebook>, clock: Arc<dyn Clock>) -> std::io::Result<HouseService> {
        let looks = Arc::new(Looks::open(house.dir())?);
        Ok(HouseService(Arc::new(RwLock::new(Arc::new(Inner::new(house, book, clock, looks))))))
    }

    /// Lets another bundle decide from now on; what is under way ends under the one before. The bundle must be kept in
    /// the data directory already.
    ///
    /// # Errors
    /// If the change could not be made durable; then nothing has changed.
    pub async fn adopt(&self, book: Arc<Rulebook>) -> Result<(), doudi_store::Fault> {
        let before = self.inner();
        before.house.adopt(book.bundle.digest()).await?;
        let (house, clock, looks) = (before.house.clone(), Arc::clone(&before.clock), Arc::clone(&before.looks));
        let after = Arc::new(Inner::new(house, book, clock, looks));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = after;
        Ok(())
    }

    /// What answers now.
    fn inner(&self) -> Arc<Inner> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a read off the async threads.
    fn read<T: Send + 'static>(&self, work: impl FnOnce(&Inner) -> Result<T, Fault> + Send + 'static) -> Answer<'_, T> {
        let inner = self.inner();
        Box::pin(async move {
            let answer = tokio::task::spawn_blocking(move || work(&inner)).await;
            answer.unwrap_or_else(|fault| Err(Fault::Unavailable(fault.to_string())))
        })
    }
}

/// A fault of the state, for the log.
fn unread(fault: StateFault) -> Fault {
    Fault::Unavailable(fault.to_string())
}

/// A fault of the store, for the log.
fn unstored(fault: doudi_store::Fault) -> Fault {
    let problem = fault.problem();
    Fault::Unavailable(format!("{} {}", problem.code, problem.message.en))
}

impl Inner {
    fn new(house: House, book: Arc<Rulebook>, clock: Arc<dyn Clock>, looks: Arc<Looks>) -> Inner {
        let offices = book.plan.offices().iter().map(row::office).collect();
        Inner {
            divisions: Arc::new(book.bundle.divisions().clone()),
            offices: Arc::new(offices),
            rows: RowCache::default(),
            looks,
            house,
            book,
            clock,
        }
    }

    fn today(&self) -> Day {
        self.clock.now().day()
    }

    /// A household as it stands on a day, as known now.
    fn household(&self, id: &household::Id, day: Day) -> Result<view::Household, Fault> {
        let found = view::household(&self.house.read(), &self.book.bundle, id, day, u64::MAX).map_err(unread)?;
        found.ok_or(Fault::NotFound)
    }
}

impl Service for HouseService {
    fn admit(&self, batch: Vec<Arrival>) -> Answer<'_, Receipt> {
        let inner = self.inner();
        Box::pin(async move { admit::admit(&inner, batch).await })
    }

    fn cases(&self, query: CaseQuery) -> Answer<'_, Vec<CaseRow>> {
        self.read(move |inner| inner.list(&query))
    }

    fn complete(&self, rows: Vec<CaseRow>) -> Answer<'_, Vec<CaseRow>> {
        self.read(move |inner| inner.complete(rows))
    }

    fn case<'a>(&'a self, id: &'a str) -> Answer<'a, CaseView> {
        let id = id.to_owned();
        self.read(move |inner| inner.show(&id))
    }

    fn corrections(&self) -> Answer<'_, Vec<CorrectionRow>> {
        self.read(Inner::corrections)
    }

    fn order(&self, order: MoveOrder) -> Answer<'_, Moved> {
        let inner = self.inner();
        Box::pin(async move { order::order(&inner, order).await })
    }

    fn household<'a>(&'a self, id: &'a household::Id, as_of: Option<Day>) -> Answer<'a, HouseholdView> {
        let id = id.clone();
        self.read(move |inner| inner.household_view(&id, as_of))
    }

    fn explanation<'a>(&'a self, id: &'a household::Id, as_of: Option<Day>) -> Answer<'a, Vec<Explanation>> {
        let id = id.clone();
        self.read(move |inner| {
            let day = as_of.unwrap_or_else(|| inner.today());
            Ok(inner.household(&id, day)?.explanations)
        })
    }

    fn look(&self, look: Look) -> Answer<'_, ()> {
        self.read(move |inner| {
            let now = inner.clock.now();
            inner.looks.write(now, &look).map_err(|fault| Fault::Unavailable(format!("access log: {fault}")))
        })
    }

    fn subscribe(&self, after: Option<u64>) -> mpsc::Receiver<Heard> {
        let (send, heard) = mpsc::channel(WAITING);
        let service = self.clone();
        tokio::spawn(async move {
            let Ok(mut subscription) = service.inner().house.subscribe(after) else { return };
            loop {
                let next = match subscription.next().await {
                    Ok(Some(Delivery::Notice(seq, notice))) => Heard::Notice(service.inner().notice(seq, &notice)),
                    Ok(Some(Delivery::Missed(..))) => Heard::Gap,
                    Ok(None) => return,
                    Err(fault) => {
                        tracing::error!(code = fault.code(), "notices cannot be read");
                        return;
                    }
                };
                if send.send(next).await.is_err() {
                    return;
                }
            }
        });
        heard
    }

    fn progress(&self) -> Progress {
        let inner = self.inner();
        let (house, now) = (&inner.house, books::Books::of(&inner.house.read()));
        let Ok(books) = now else { return Progress::default() };
        let stopped = house.fault().map(|fault| fault.code().to_owned());
        Progress {
            ready: stopped.is_none(),
            stopped,
            position: books.next,
            lag: house.lag(),
            pending: house.pending(),
            notice: books.notices,
        }
    }

    fn meter(&self, counter: Box<dyn Fn(&Measured<'_>) + Send + Sync>) {
        self.inner().house.meter(counter);
    }

    fn counts(&self) -> Answer<'_, Counts> {
        self.read(Inner::counts)
    }

    fn tick(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.inner().house.tick_if_due().await.map_err(unstored) })
    }

    fn divisions(&self) -> Arc<division::Tree> {
        Arc::clone(&self.inner().divisions)
    }

    fn offices(&self) -> Arc<Vec<Office>> {
        Arc::clone(&self.inner().offices)
    }

    fn now(&self) -> Instant {
        self.inner().clock.now()
    }
}

impl Inner {
    /// A notice for screens, with where its case stands now.
    fn notice(&self, seq: u64, notice: &doudi_store::Notice) -> Notice {
        let case = notice.case.as_ref().and_then(|id| {
            let id = doudi_routing::number::parse(id).ok()?;
            doudi_routing::index::case(&self.house.read(), &id).ok()?
        });
        let kind = serde_json::to_value(notice.kind).ok();
        Notice {
            seq,
            kind: kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned(),
            division: notice.division,
            office: notice.office.clone(),
            case: notice.case.clone(),
            level: notice.level,
            state: case.map(|case| case.state),
            at: notice.at,
        }
    }
}
