//! Kafka as a source: messages of given topics go into the journal, each exactly once.
//!
//! Beside each message's entry, the journal has its topic, partition and offset, and the state has the next offset
//! of each partition. Whenever a partition is assigned, reading begins at the recorded offset — or at the partition's
//! beginning, if none is recorded — and what lies before it is passed over. The group's committed offsets
//! are written, for tools that show how far behind a group is, and never read. So neither a crash between journal and
//! commit, nor a rebalance, nor a rewound or deleted group loses or doubles a message.
//!
//! A data directory is always the same member of its group, also after it was killed, so it gets its partitions back
//! without waiting for the group to miss it. A copy of a data directory must therefore have a group of its own.
//!
//! # Several processes in one group
//!
//! One process per group is meant, because one journal is to hold everything about a person. If a second one
//! joins, each gets some partitions for its own journal, and the source warns. Nothing is lost by it: when a
//! partition comes back, its reading goes on where *this* journal stopped, so the journal that stays ends up with all.
//!
//! # What cannot be read
//!
//! Messages that Kafka deleted before they were read are reported with their number. If the recorded offset lies
//! beyond a partition's end, the topic was deleted and made anew, and the source stops: its offsets
//! mean something else now.

mod consume;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use doudi_model::Instant;

use crate::entry::{Body, KafkaOrigin};
use crate::fault::Fault;
use crate::house::House;

/// What to consume.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `host:port`, several separated by commas.
    pub brokers: String,
    /// The consumer group.
    pub group: String,
    /// The topics.
    pub topics: Vec<String>,
    /// Further settings of the client, for example of TLS, by librdkafka's names.
    pub client: BTreeMap<String, String>,
}

/// One message.
#[derive(Debug)]
pub struct Message<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
    /// When it was made or appended, if it says so.
    pub timestamp: Option<Instant>,
    /// The key.
    pub key: Option<&'a [u8]>,
    /// The headers, in order.
    pub headers: Vec<(&'a str, Option<&'a [u8]>)>,
    /// The payload; none in a message that only deletes its key.
    pub payload: Option<&'a [u8]>,
}

impl Message<'_> {
    /// Where it stands.
    #[must_use]
    pub fn origin(&self) -> KafkaOrigin {
        KafkaOrigin { topic: self.topic.to_owned(), partition: self.partition, offset: self.offset }
    }
}

/// How the source is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Messages made durable since the start.
    pub taken: u64,
    /// Messages passed over since the start, because they were taken before.
    pub passed: u64,
    /// Messages that Kafka deleted before they were read.
    pub lost: u64,
    /// The partitions that this process reads, with the next offset of each.
    pub assigned: BTreeMap<(String, i32), i64>,
    /// Whether others in the group read partitions of these topics.
    pub shared: bool,
    /// The last thing that went wrong, until something goes right.
    pub trouble: Option<String>,
}

/// A running source. Dropped, it stops.
pub struct Source {
    stop: Arc<AtomicBool>,
    status: Arc<Mutex<Status>>,
    thread: Option<JoinHandle<Result<(), Fault>>>,
}

impl Source {
    /// Starts consuming in a thread of its own. `decode` makes an admitted or refused event of each message; the
    /// message's place is added to it.
    ///
    /// # Errors
    /// If the settings are not ones that the client knows. A broker that cannot be reached is tried again.
    pub fn start(
        house: House,
        settings: Settings,
        decode: impl Fn(&Message<'_>) -> Body + Send + 'static,
    ) -> Result<Source, Fault> {
        let stop = Arc::new(AtomicBool::new(false));
        let status = Arc::new(Mutex::new(Status::default()));
        let consumer = consume::Consumer::new(house, settings, decode, stop.clone(), status.clone())?;
        let thread = std::thread::Builder::new()
            .name("doudi-kafka".into())
            .spawn(move || consumer.run())
            .map_err(|error| Fault::io(std::path::Path::new("doudi-kafka"), &error))?;
        Ok(Source { stop, status, thread: Some(thread) })
    }

    /// How it is doing.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it still consumes. If not, [`Source::stop`] tells why.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Stops consuming, after what was read is durable. Blocks until done.
    ///
    /// # Errors
    /// The fault that had stopped it before.
    pub fn stop(mut self) -> Result<(), Fault> {
        self.end()
    }

    /// Waits until it ends by itself, which it does only for a fault.
    ///
    /// # Errors
    /// That fault.
    pub fn wait(mut self) -> Result<(), Fault> {
        self.join()
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.stop.store(true, Ordering::SeqCst);
        self.join()
    }

    fn join(&mut self) -> Result<(), Fault> {
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(Fault::defect("the Kafka source ended in a panic")),
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Err(fault) = self.end() {
            tracing::error!(%fault, "the Kafka source had stopped");
        }
    }
}

/// A fault of the broker or of what stands in it.
pub(crate) fn fault(settings: &Settings, zh: &str, en: &str) -> Fault {
    Fault::new(
        "store/kafka",
        (zh.to_owned(), en.to_owned()),
        (
            "检查 --kafka-in 的地址、主题与客户端设置",
            "check the address of --kafka-in, the topics and the client settings",
        ),
    )
    .at(&settings.brokers)
}
