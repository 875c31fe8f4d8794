//! Against a real broker: whatever happens to process, group or broker, each message is in the journal once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod toy;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use doudi_store::kafka::{Message, Settings, Source};
use doudi_store::{Body, House, KafkaOrigin};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use toy::{event, feed, journaled, name, open};
use xtask::broker::Broker;

const LIMIT: Duration = Duration::from_secs(60);

/// One broker for all tests that run at the same time; the last one ends it.
fn shared_broker() -> Arc<Broker> {
    static RUNNING: Mutex<Weak<Broker>> = Mutex::new(Weak::new());
    let mut running = RUNNING.lock().unwrap();
    if let Some(broker) = running.upgrade() {
        return broker;
    }
    let broker = Arc::new(Broker::start().unwrap());
    *running = Arc::downgrade(&broker);
    broker
}

fn client(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("message.timeout.ms", "60000");
    config
}

/// Messages whose payload is a number; the toy event of that number is what they mean.
fn produce(bootstrap: &str, topic: &str, numbers: std::ops::Range<u64>) {
    let producer: BaseProducer = client(bootstrap).create().unwrap();
    for number in numbers {
        let (key, payload) = (number.to_string(), number.to_string());
        producer.send(BaseRecord::to(topic).key(&key).payload(&payload)).unwrap();
    }
    producer.flush(LIMIT).unwrap();
    assert_eq!(producer.in_flight_count(), 0);
}

fn settings(bootstrap: &str, topic: &str) -> Settings {
    // A group that loses a member notices soon, and new topics are found soon.
    let client = [("session.timeout.ms", "6000"), ("topic.metadata.refresh.interval.ms", "500")];
    Settings {
        brokers: bootstrap.into(),
        group: format!("{topic}-group"),
        topics: vec![topic.into()],
        client: client.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    }
}

fn decode(message: &Message<'_>) -> Body {
    match std::str::from_utf8(message.payload.unwrap_or_default()).unwrap_or("").parse() {
        Ok(number) => event(number),
        Err(_) => toy::refusal(1_000_000 + message.offset.unsigned_abs(), &Plain),
    }
}

struct Plain;

impl doudi_model::secret::Seal for Plain {
    fn seal(&self, plain: &[u8]) -> doudi_model::value::Sealed {
        doudi_model::value::Sealed(plain.to_vec())
    }
}

/// A source that tells of each message it reads.
fn start(house: &House, settings: Settings) -> (Source, Receiver<KafkaOrigin>) {
    let (told, reads) = channel();
    let source = Source::start(house.clone(), settings, telling(told)).unwrap();
    (source, reads)
}

fn telling(told: Sender<KafkaOrigin>) -> impl Fn(&Message<'_>) -> Body + Send + 'static {
    move |message| {
        let _ = told.send(message.origin());
        decode(message)
    }
}

/// Waits until so many different messages have been read.
#[track_caller]
fn wait(reads: &Receiver<KafkaOrigin>, count: usize) {
    let mut distinct = BTreeSet::new();
    while distinct.len() < count {
        distinct.insert(reads.recv_timeout(LIMIT).unwrap());
    }
}

/// Where the journal's events stood in Kafka: each place once, without gaps from the first on.
#[track_caller]
fn places(dir: &Path) -> BTreeMap<i32, i64> {
    let mut next = BTreeMap::new();
    for body in journaled(dir) {
        let Some(origin) = body.origin().cloned() else { continue };
        let expected = next.entry(origin.partition).or_insert(0);
        assert_eq!(origin.offset, *expected, "partition {}", origin.partition);
        *expected += 1;
    }
    next
}

/// The numbers of the journal's events, sorted.
fn numbers(dir: &Path) -> Vec<u64> {
    let bodies = journaled(dir);
    let names = bodies.iter().filter_map(Body::name).map(|name| u64::from_be_bytes(*name.0.first_chunk().unwrap()));
    let mut numbers: Vec<u64> = names.collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn every_message_becomes_an_entry_with_its_place() {
    let broker = shared_broker();
    let (bootstrap, dir) = (broker.bootstrap(), tempfile::tempdir().unwrap());
    produce(&bootstrap, "plain", 0..1_000);
    let producer: BaseProducer = client(&bootstrap).create().unwrap();
    producer.send(BaseRecord::<str, str>::to("plain").partition(0).payload("not a number")).unwrap();
    producer.flush(LIMIT).unwrap();
    // Known already from elsewhere: Kafka's copy is a duplicate.
    let house = open(dir.path());
    feed(&house, vec![event(5)]);
    let (source, reads) = start(&house, settings(&bootstrap, "plain"));
    wait(&reads, 1_001);
    let status = source.status();
    assert!(!status.shared);
    assert_eq!(status.assigned.len(), 4);
    source.stop().unwrap();
    house.shutdown().unwrap();
    assert_eq!(numbers(dir.path()), (0..1_000).collect::<Vec<_>>());
    let stats = house.stats().unwrap();
    assert_eq!((stats.books.admitted, stats.books.refused, stats.duplicates), (1_000, 1, 1));
}

#[test]
fn a_rewound_or_forgotten_group_doubles_nothing() {
    let broker = shared_broker();
    let (bootstrap, dir) = (broker.bootstrap(), tempfile::tempdir().unwrap());
    produce(&bootstrap, "rewound", 0..400);
    let house = open(dir.path());
    let (source, reads) = start(&house, settings(&bootstrap, "rewound"));
    wait(&reads, 400);
    source.stop().unwrap();

    let mut config = client(&bootstrap);
    let consumer: BaseConsumer = config.set("group.id", "rewound-group").create().unwrap();
    let mut begin = TopicPartitionList::new();
    (0..4).for_each(|partition| begin.add_partition_offset("rewound", partition, Offset::Offset(0)).unwrap());
    // Refused while the group still waits for its member to come back.
    let asked = Instant::now();
    while let Err(error) = consumer.commit(&begin, CommitMode::Sync) {
        assert!(asked.elapsed() < LIMIT, "{error}");
    }
    drop(consumer);
    produce(&bootstrap, "rewound", 400..450);
    let (source, reads) = start(&house, settings(&bootstrap, "rewound"));
    wait(&reads, 50);
    source.stop().unwrap();
    assert_eq!(places(dir.path()).values().sum::<i64>(), 450);

    produce(&bootstrap, "rewound", 450..460);
    let other = Settings { group: "another-group".into(), ..settings(&bootstrap, "rewound") };
    let (source, reads) = start(&house, other);
    wait(&reads, 10);
    source.stop().unwrap();
    assert_eq!(places(dir.path()).values().sum::<i64>(), 460);
    assert_eq!(numbers(dir.path()), (0..460).collect::<Vec<_>>());
}

#[test]
fn two_processes_in_a_group_lose_nothing_and_the_one_that_stays_has_all() {
    let broker = shared_broker();
    let (bootstrap, dirs) = (broker.bootstrap(), [(); 2].map(|()| tempfile::tempdir().unwrap()));
    produce(&bootstrap, "together", 0..600);
    let [first, second] = [0, 1].map(|at| open(dirs[at].path()));
    let (staying, reads) = start(&first, settings(&bootstrap, "together"));
    wait(&reads, 600);
    let (leaving, others_reads) = start(&second, settings(&bootstrap, "together"));
    // It begins with its partitions' first messages, since its own journal has none of them.
    wait(&others_reads, 1);
    produce(&bootstrap, "together", 600..1_200);
    leaving.stop().unwrap();
    produce(&bootstrap, "together", 1_200..1_300);
    wait(&reads, 700);
    staying.stop().unwrap();
    assert_eq!(places(dirs[0].path()).values().sum::<i64>(), 1_300);
    assert_eq!(numbers(dirs[0].path()), (0..1_300).collect::<Vec<_>>());
    places(dirs[1].path());
}

#[test]
fn a_broker_that_restarts_is_found_again() {
    let mut broker = Broker::start().unwrap();
    let (bootstrap, dir) = (broker.bootstrap(), tempfile::tempdir().unwrap());
    produce(&bootstrap, "restarted", 0..200);
    let house = open(dir.path());
    let (source, reads) = start(&house, settings(&bootstrap, "restarted"));
    wait(&reads, 200);
    broker.kill().unwrap();
    broker.restart().unwrap();
    produce(&bootstrap, "restarted", 200..400);
    wait(&reads, 200);
    source.stop().unwrap();
    assert_eq!(places(dir.path()).values().sum::<i64>(), 400);
    assert_eq!(numbers(dir.path()), (0..400).collect::<Vec<_>>());
}

#[test]
fn a_topic_made_anew_stops_the_source_before_it_passes_over_anything() {
    let broker = shared_broker();
    let (bootstrap, dir) = (broker.bootstrap(), tempfile::tempdir().unwrap());
    produce(&bootstrap, "anew", 0..100);
    let house = open(dir.path());
    let (source, reads) = start(&house, settings(&bootstrap, "anew"));
    wait(&reads, 100);
    source.stop().unwrap();
    let admin: AdminClient<DefaultClientContext> = client(&bootstrap).create().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(admin.delete_topics(&["anew"], &AdminOptions::new())).unwrap();
    produce(&bootstrap, "anew", 100..103);
    let (source, _reads) = start(&house, settings(&bootstrap, "anew"));
    let (told, ended) = channel();
    std::thread::spawn(move || told.send(source.wait()));
    let fault = ended.recv_timeout(LIMIT).unwrap().unwrap_err();
    assert_eq!(fault.code(), "store/kafka");
    assert!(fault.problem().message.en.contains("made anew"));
    assert!(!house.seen(&[name(100)]).unwrap()[0]);
}

const CHILD: &str = "DOUDI_STORE_TEST_KAFKA_CHILD";

/// What the child does: consumes, and says so for each message, until it is killed.
#[test]
fn child() {
    let Ok(task) = std::env::var(CHILD) else { return };
    let (bootstrap, dir) = task.split_once(' ').unwrap();
    let house = open(Path::new(dir));
    let (_source, reads) = start(&house, settings(bootstrap, "killed"));
    let mut out = std::io::stdout();
    for read in reads {
        writeln!(out, "read {}", read.offset).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_process_killed_again_and_again_neither_loses_nor_doubles_a_message() {
    let broker = shared_broker();
    let (bootstrap, dir) = (broker.bootstrap(), tempfile::tempdir().unwrap());
    produce(&bootstrap, "killed", 0..8_000);
    let own = std::env::current_exe().unwrap();
    for round in 1..=3 {
        let mut command = Command::new(&own);
        command.args(["--exact", "child", "--nocapture"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.env(CHILD, format!("{bootstrap} {}", dir.path().display())).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // It is killed while it reads, with some batches in the journal and one on its way.
        let read = lines.filter(|line| line.starts_with("read")).take(700 * round).count();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(read, 700 * round);
        places(dir.path());
    }
    let house = open(dir.path());
    let before = house.stats().unwrap().books.admitted;
    let (source, reads) = start(&house, settings(&bootstrap, "killed"));
    wait(&reads, 8_000 - usize::try_from(before).unwrap());
    source.stop().unwrap();
    assert_eq!(places(dir.path()).values().sum::<i64>(), 8_000);
    assert_eq!(numbers(dir.path()), (0..8_000).collect::<Vec<_>>());
}
