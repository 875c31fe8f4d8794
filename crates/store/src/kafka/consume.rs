//! The thread that consumes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doudi_model::Instant;
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaRespErr;

use super::{Message, Settings, Status, fault};
use crate::books;
use crate::entry::Body;
use crate::fault::Fault;
use crate::house::{House, Measured, Placed};

/// Messages and bytes in one submission.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 4 << 20;
/// How long to wait for a first message before looking whether to stop.
const POLL: Duration = Duration::from_millis(100);
/// How long to wait before sending again what could not be made durable.
const AGAIN: Duration = Duration::from_secs(1);
/// How long a broker may take to answer a question.
const ANSWER: Duration = Duration::from_secs(5);

type Partition = (String, i32);

pub(super) struct Consumer<D> {
    client: BaseConsumer<Places>,
    settings: Settings,
    decode: D,
    stop: Arc<AtomicBool>,
}

impl<D: Fn(&Message<'_>) -> Body> Consumer<D> {
    pub(super) fn new(
        house: House,
        settings: Settings,
        decode: D,
        stop: Arc<AtomicBool>,
        status: Arc<Mutex<Status>>,
    ) -> Result<Consumer<D>, Fault> {
        let member = house.keys().pseudonym.derive(b"kafka-member", settings.group.as_bytes());
        let places = Places { house, next: Mutex::default(), unchecked: AtomicBool::new(false), status };
        let mut config = ClientConfig::new();
        config
            .set("client.id", "doudi")
            // The same member after a restart: it gets its partitions at once, even if it was killed.
            .set("group.instance.id", member.to_string())
            // Bounds what the client holds in memory before the journal has it.
            .set("queued.max.messages.kbytes", "16384")
            .set("topic.metadata.refresh.interval.ms", "30000");
        config.extend(settings.client.clone());
        config
            .set("bootstrap.servers", &settings.brokers)
            .set("group.id", &settings.group)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_committed")
            .set("partition.assignment.strategy", "range");
        let refused = |error: KafkaError| {
            fault(&settings, &format!("Kafka 客户端设置有误：{error}"), &format!("wrong client settings: {error}"))
        };
        let client: BaseConsumer<Places> = config.create_with_context(places).map_err(refused)?;
        let topics: Vec<&str> = settings.topics.iter().map(String::as_str).collect();
        client.subscribe(&topics).map_err(refused)?;
        Ok(Consumer { client, settings, decode, stop })
    }

    fn places(&self) -> &Places {
        self.client.context()
    }

    pub(super) fn run(self) -> Result<(), Fault> {
        while !self.stop.load(Ordering::SeqCst) {
            self.check_offsets()?;
            let mut batch = Batch::default();
            self.gather(&mut batch, POLL)?;
            while batch.bodies.len() < BATCH && batch.bytes < BATCH_BYTES && self.gather(&mut batch, Duration::ZERO)? {}
            self.submit(batch)?;
        }
        Ok(())
    }

    /// Takes one message into the batch; false if none is there.
    fn gather(&self, batch: &mut Batch, wait: Duration) -> Result<bool, Fault> {
        match self.client.poll(wait) {
            None => Ok(false),
            Some(Ok(message)) => {
                self.take(batch, &message)?;
                Ok(true)
            }
            Some(Err(KafkaError::MessageConsumption(RDKafkaErrorCode::AutoOffsetReset))) => {
                self.places().unchecked.store(true, Ordering::SeqCst);
                Ok(false)
            }
            Some(Err(KafkaError::MessageConsumptionFatal(code))) => Err(fault(
                &self.settings,
                &format!("Kafka 客户端无法继续：{code}"),
                &format!("the Kafka client cannot go on: {code}"),
            )),
            Some(Err(error)) => {
                // The client connects again by itself.
                self.places().trouble(&error.to_string());
                Ok(false)
            }
        }
    }

    fn take(&self, batch: &mut Batch, message: &BorrowedMessage<'_>) -> Result<(), Fault> {
        let place = (message.topic().to_owned(), message.partition());
        let mut next = self.places().next();
        let expected = match next.get(&place) {
            Some(expected) => *expected,
            None => self.places().recorded(&place)?.unwrap_or(0),
        };
        if message.offset() < expected {
            self.places().status().passed += 1;
            return Ok(());
        }
        next.insert(place.clone(), message.offset() + 1);
        drop(next);
        batch.first.entry(place.clone()).or_insert(message.offset());
        batch.next.insert(place, message.offset() + 1);
        batch.bytes += message.payload_len();
        let seen = readable(message);
        let mut body = (self.decode)(&seen);
        body.set_origin(seen.origin());
        batch.bodies.push(body);
        Ok(())
    }

    /// Makes a batch durable, then tells the group. What fails is read again.
    fn submit(&self, batch: Batch) -> Result<(), Fault> {
        if batch.bodies.is_empty() {
            return Ok(());
        }
        let count = batch.bodies.len() as u64;
        let refused: Vec<Option<Cow<'static, str>>> = batch.bodies.iter().map(refusal).collect();
        let placed = match self.places().house.place_blocking(batch.bodies) {
            Ok(placed) => placed,
            Err(fault) if self.places().house.fault().is_some() || fault.code() == "store/closed" => return Err(fault),
            Err(fault) => {
                self.places().trouble(&fault.to_string());
                self.rewind(&batch.first);
                std::thread::sleep(AGAIN);
                return Ok(());
            }
        };
        self.measure(&placed, refused);
        let mut status = self.places().status();
        status.taken += count;
        status.trouble = None;
        for (place, next) in &batch.next {
            if let Some(assigned) = status.assigned.get_mut(place) {
                *assigned = *next;
            }
        }
        drop(status);
        // Only for those who watch the group; the journal does not depend on it.
        let _ = self.client.commit(&list(&batch.next), CommitMode::Async);
        Ok(())
    }

    fn measure(&self, placed: &[Placed], refused: Vec<Option<Cow<'static, str>>>) {
        let admitted = placed.iter().zip(&refused).filter(|(_, refused)| refused.is_none());
        let (mut accepted, mut duplicates) = (0, 0);
        for (placed, _) in admitted {
            *(if placed.fresh { &mut accepted } else { &mut duplicates }) += 1;
        }
        let refused: Vec<_> = refused.into_iter().flatten().collect();
        self.places().house.measured(&Measured::Taken { accepted, duplicates, refused: &refused });
    }

    /// Goes back to where a batch began.
    fn rewind(&self, first: &BTreeMap<Partition, i64>) {
        let mut next = self.places().next();
        for (place, offset) in first {
            next.insert(place.clone(), *offset);
        }
        drop(next);
        for ((topic, partition), offset) in first {
            // A partition that is no longer ours begins at the right place when it comes back.
            let _ = self.client.seek(topic, *partition, Offset::Offset(*offset), ANSWER);
        }
    }

    /// After an assignment, or when an offset is out of range: is what the journal wants next still there?
    fn check_offsets(&self) -> Result<(), Fault> {
        if !self.places().unchecked.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let assigned = self.places().status().assigned.clone();
        for ((topic, partition), next) in &assigned {
            let next = self.places().next().get(&(topic.clone(), *partition)).map_or(*next, |now| *now.max(next));
            match self.client.fetch_watermarks(topic, *partition, ANSWER) {
                Ok((_, high)) if next > high => return Err(self.made_anew(topic, *partition, next, high)),
                Ok((low, _)) if next < low => self.skip_deleted(topic, *partition, next, low),
                Ok(_) => {}
                Err(error) => {
                    self.places().trouble(&error.to_string());
                    self.places().unchecked.store(true, Ordering::SeqCst);
                }
            }
        }
        self.look_for_others(&assigned);
        Ok(())
    }

    fn made_anew(&self, topic: &str, partition: i32, next: i64, high: i64) -> Fault {
        fault(
            &self.settings,
            &format!("主题 {topic}/{partition} 只到偏移 {high}，日志却已取到 {next}：主题被删除后重建过"),
            &format!(
                "{topic}/{partition} ends at offset {high}, the journal has taken up to {next}: the topic was made anew"
            ),
        )
    }

    fn skip_deleted(&self, topic: &str, partition: i32, next: i64, low: i64) {
        let lost = low - next;
        if next > 0 {
            tracing::error!(topic, partition, lost, "Kafka deleted messages before they were read");
            self.places().status().lost += lost.unsigned_abs();
        }
        self.places().next().insert((topic.to_owned(), partition), low);
        let _ = self.client.seek(topic, partition, Offset::Offset(low), ANSWER);
    }

    fn look_for_others(&self, assigned: &BTreeMap<Partition, i64>) {
        let mut all = 0;
        for topic in &self.settings.topics {
            let Ok(metadata) = self.client.fetch_metadata(Some(topic), ANSWER) else { return };
            all += metadata.topics().iter().map(|topic| topic.partitions().len()).sum::<usize>();
        }
        let shared = assigned.len() < all;
        if shared {
            tracing::warn!(
                ours = assigned.len(),
                all,
                "others in the consumer group read some partitions; this journal lacks them"
            );
        }
        self.places().status().shared = shared;
    }
}

/// Why a message is no event, if it is none.
fn refusal(body: &Body) -> Option<Cow<'static, str>> {
    match body {
        Body::Refused(letter) => Some(letter.problem.code.clone()),
        _ => None,
    }
}

#[derive(Default)]
struct Batch {
    bodies: Vec<Body>,
    bytes: usize,
    /// First offset of each partition in the batch.
    first: BTreeMap<Partition, i64>,
    /// Next offset of each partition after it.
    next: BTreeMap<Partition, i64>,
}

/// Knows where to begin, and is told by the client which partitions are ours.
struct Places {
    house: House,
    /// Next offset of each partition, with what is on its way into the journal.
    next: Mutex<BTreeMap<Partition, i64>>,
    /// Whether offsets are still to be compared with what the broker has.
    unchecked: AtomicBool,
    status: Arc<Mutex<Status>>,
}

impl Places {
    fn next(&self) -> MutexGuard<'_, BTreeMap<Partition, i64>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self, what: &str) {
        tracing::warn!(what, "Kafka source");
        self.status().trouble = Some(what.to_owned());
    }

    fn recorded(&self, place: &Partition) -> Result<Option<i64>, Fault> {
        Ok(books::next_offset(&self.house.read(), &place.0, place.1)?)
    }

    /// Where to begin with a partition.
    fn begin(&self, place: &Partition) -> Option<i64> {
        if let Some(next) = self.next().get(place) {
            return Some(*next);
        }
        // Beginning too early only costs time: what is recorded is passed over when it comes.
        self.recorded(place).unwrap_or(None)
    }
}

impl ClientContext for Places {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical | RDKafkaLogLevel::Error => {
                tracing::warn!(facility, message, "librdkafka");
            }
            _ => tracing::debug!(facility, message, "librdkafka"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "librdkafka");
    }
}

impl ConsumerContext for Places {
    fn rebalance(&self, consumer: &BaseConsumer<Places>, code: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let places: Vec<Partition> =
            list.elements().iter().map(|part| (part.topic().to_owned(), part.partition())).collect();
        if code != RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            self.status().assigned.clear();
            if let Err(error) = consumer.unassign() {
                self.trouble(&error.to_string());
            }
            return;
        }
        let mut assigned = BTreeMap::new();
        for place in places {
            let begin = self.begin(&place);
            let offset = begin.map_or(Offset::Beginning, Offset::Offset);
            if let Err(error) = list.set_partition_offset(&place.0, place.1, offset) {
                self.trouble(&error.to_string());
            }
            assigned.insert(place, begin.unwrap_or(0));
        }
        tracing::info!(partitions = assigned.len(), "Kafka assigned partitions");
        if let Err(error) = consumer.assign(list) {
            self.trouble(&error.to_string());
        }
        self.status().assigned = assigned;
        self.unchecked.store(true, Ordering::SeqCst);
    }
}

fn readable<'a>(message: &'a BorrowedMessage<'_>) -> Message<'a> {
    let headers = message.headers().map(|headers| headers.iter().map(|header| (header.key, header.value)).collect());
    Message {
        topic: message.topic(),
        partition: message.partition(),
        offset: message.offset(),
        timestamp: message.timestamp().to_millis().map(Instant::from_ms),
        key: message.key(),
        headers: headers.unwrap_or_default(),
        payload: message.payload(),
    }
}

fn list(next: &BTreeMap<Partition, i64>) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for ((topic, partition), offset) in next {
        // The partition was added in the same breath, so setting its offset cannot fail.
        let _ = list.add_partition_offset(topic, *partition, Offset::Offset(*offset));
    }
    list
}
