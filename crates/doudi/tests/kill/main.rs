//! Kills the server at thirty random moments while events go in, and looks whether anything shows.
//!
//! A sender posts the events of a simulated population in batches and sends each batch again until it is
//! acknowledged. Thirty times the server gets a SIGKILL: mostly some random time after a batch was sent (before it
//! is durable, before it is acknowledged, or while it is being applied), sometimes while it is starting again. Towards
//! the end a day passes, over one SIGKILL more. A second house gets the same events undisturbed. At the end both must
//! agree: each event admitted once, the same open warnings, cases, dead letters, record entries, notices and state
//! digest; and an auditor's screen that listened all the while has heard every notice under one number, none under two.
//!
//! | variable | is |
//! |---|---|
//! | `DOUDI_KILL_EVENTS` | about how many events; so few by default that a debug build is done within three minutes |
//! | `DOUDI_KILL_SEED` | the seed of the moments, printed when the test fails; a new one each time by default |
//! | `DOUDI_BIN` | another build of the program |
//!
//! The whole of it: `cargo build --profile demo -p doudi`, then
//! `DOUDI_KILL_EVENTS=100000 DOUDI_BIN=$PWD/target/demo/doudi cargo test -p doudi --test kill -- --nocapture`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

mod ear;
mod http;
mod outcome;
mod server;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::time::{Duration, Instant};

use doudi_sim::Rng;
use serde_json::Value;

use ear::{Ear, Heard};
use outcome::Outcome;
use server::{House, Server};

/// How often the server is killed.
const KILLS: usize = 30;
/// So many of them hit it while it starts.
const AT_START: usize = 5;
/// Events in a batch.
const BATCH: usize = 500;
/// About how many events, unless `DOUDI_KILL_EVENTS` says otherwise.
const EVENTS: usize = 20_000;
/// A simulated household causes about so many events in its year, and the sources' notes of deliveries so many more.
const EVENTS_PER_HOUSEHOLD: usize = 40;
const DELIVERIES: usize = 3_700;
/// Where the house's clock stands, before and after the day has passed. The events tell of the days before.
const CLOCKS: [&str; 2] = ["2026-11-24T10:00:00+08:00", "2026-11-25T00:00:30+08:00"];
const AS_OF: &str = "2026-11-23";
/// `shenji:doudi` in base64.
const CREDENTIALS: &str = "c2hlbmppOmRvdWRp";

#[test]
fn a_server_killed_at_thirty_moments_ends_where_an_undisturbed_one_does() {
    let scratch = tempfile::tempdir().unwrap();
    let batches = batches(scratch.path());
    let calm = house(scratch.path(), "calm");
    let expected = undisturbed(&calm, &batches);
    let events: u64 = batches.iter().map(|batch| batch.events).sum();
    println!(
        "{events} events: {} admitted, {} refused; {} warnings open, {} cases, {} record entries, {} notices",
        expected.admitted.0,
        expected.dead_letters.len(),
        expected.warnings.len(),
        expected.cases.len(),
        expected.record.values().map(Vec::len).sum::<usize>(),
        expected.notices.len()
    );
    assert!(expected.warnings.len() > 10 && expected.cases.len() > 10, "too quiet a population to prove anything");

    let shaken = house(scratch.path(), "shaken");
    take_keys(&calm, &shaken);
    let seed = std::env::var("DOUDI_KILL_SEED").map_or_else(|_| fresh_seed(), |text| text.parse().unwrap());
    let mut storm = Storm::new(shaken, seed, batches.len(), *expected.notices.keys().last().unwrap());
    let heard = storm.send(&batches);
    assert_eq!(storm.kills.len(), KILLS);
    let found = Outcome::of(&storm.house.data);
    agree(&expected, &found);
    // What both know is the same, and what the shaken one knows is what its journal says.
    assert_eq!(digest(&storm.house, &[]), digest(&calm, &["--no-replay"]), "the digest of what is known");
    heard_once(&found, &heard);
    storm.tell(&heard);
}

/// Events as they are posted.
struct Batch {
    body: Vec<u8>,
    events: u64,
}

/// A year of a simulated population with the faults of real deliveries, as batches.
fn batches(scratch: &Path) -> Vec<Batch> {
    let wanted = std::env::var("DOUDI_KILL_EVENTS").map_or(EVENTS, |text| text.parse().unwrap());
    let households = (wanted.saturating_sub(DELIVERIES) / EVENTS_PER_HOUSEHOLD + 1).to_string();
    let out = scratch.join("events");
    let args = ["generate", "--households", &households, "--seed", "7", "--as-of", AS_OF, "--out"];
    let args: Vec<&str> = args.into_iter().chain([out.to_str().unwrap()]).collect();
    server::output(&args, &scratch.join("none"), CLOCKS[0]);
    let text = std::fs::read_to_string(out.join("events.jsonl")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let batch =
        |lines: &[&str]| Batch { body: format!("[{}]", lines.join(",")).into_bytes(), events: lines.len() as u64 };
    lines.chunks(BATCH).map(batch).collect()
}

/// The batch before which a day passes.
fn new_day(batches: &[Batch]) -> usize {
    batches.len() * 9 / 10
}

fn house(scratch: &Path, name: &str) -> House {
    let accounts = scratch.join("accounts.toml");
    if !accounts.exists() {
        let hash = doudi_server::auth::hash("doudi").unwrap();
        let text = format!(
            "[[account]]\nname = \"shenji\"\ndisplay = \"赵审计\"\nrole = \"auditor\"\noffice = \"xn-sj\"\n\
             division = \"421200000000\"\npassword = \"{hash}\"\n"
        );
        std::fs::write(&accounts, text).unwrap();
    }
    House { data: scratch.join(name), accounts, clock: CLOCKS[0].to_owned() }
}

/// Houses with the same keys give the same people the same pseudonyms.
fn take_keys(from: &House, to: &House) {
    let (from, to) = (from.data.join("keys"), to.data.join("keys"));
    std::fs::create_dir_all(&to).unwrap();
    for name in ["pseudonym.key", "vault.key"] {
        std::fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

fn fresh_seed() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}

/// What a batch's acknowledgement says.
#[derive(Debug)]
struct Receipt {
    accepted: u64,
    duplicates: u64,
    refused: u64,
}

impl Receipt {
    fn read(answer: &http::Answer) -> Receipt {
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 202, "{text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        let count = |name: &str| value[name].as_u64().unwrap();
        let refused = value["refused"].as_array().unwrap().len() as u64;
        Receipt { accepted: count("accepted"), duplicates: count("duplicates"), refused }
    }

    fn covers(&self, batch: &Batch) -> bool {
        self.accepted + self.duplicates + self.refused == batch.events
    }
}

fn undisturbed(house: &House, batches: &[Batch]) -> Outcome {
    let mut house = house.clone();
    let (mut server, _) = house.start_ready();
    let mut accepted = 0;
    for (at, batch) in batches.iter().enumerate() {
        if at == new_day(batches) {
            server.settle();
            server.stop();
            CLOCKS[1].clone_into(&mut house.clock);
            server = house.start_ready().0;
        }
        let receipt = Receipt::read(&http::post_batch(server.port, &batch.body).unwrap());
        assert!(receipt.covers(batch), "{receipt:?}");
        accepted += receipt.accepted;
    }
    server.settle();
    server.stop();
    let outcome = Outcome::of(&house.data);
    assert_eq!(outcome.admitted.0, accepted, "every event that was called accepted is there once");
    outcome
}

/// The sender, the server it sends to, and when that is killed.
struct Storm {
    house: House,
    seed: u64,
    rng: Rng,
    /// Batches during which the server is killed.
    moments: Vec<usize>,
    /// The newest notice there must be at the end.
    newest_notice: u64,
    /// How long acknowledgements and starts have taken so far, on average.
    acknowledged_in: Mean,
    ready_in: Mean,
    slowest_start: Duration,
    kills: Vec<String>,
    sent_again: u64,
}

#[derive(Default)]
struct Mean {
    sum: Duration,
    count: u32,
}

impl Mean {
    fn add(&mut self, time: Duration) {
        self.sum += time;
        self.count += 1;
    }

    /// A random time up to twice the mean.
    fn random(&self, rng: &mut Rng) -> Duration {
        let twice = (self.sum / self.count.max(1)) * 2;
        Duration::from_micros(rng.below(u64::try_from(twice.as_micros()).unwrap()))
    }
}

impl Storm {
    fn new(house: House, seed: u64, batches: usize, newest_notice: u64) -> Storm {
        let mut rng = Rng::new(seed);
        // Warnings open once the year is nearly told, so half of the moments lie in the last quarter.
        let moment = |at: usize, rng: &mut Rng| match at % 2 {
            0 => rng.index(batches),
            _ => batches - 1 - rng.index(batches / 4 + 1),
        };
        let mut moments: Vec<usize> = (0..KILLS - AT_START).map(|at| moment(at, &mut rng)).collect();
        moments.sort_unstable();
        Storm {
            house,
            seed,
            rng,
            moments,
            newest_notice,
            acknowledged_in: Mean::default(),
            ready_in: Mean::default(),
            slowest_start: Duration::ZERO,
            kills: Vec::new(),
            sent_again: 0,
        }
    }

    fn send(&mut self, batches: &[Batch]) -> Heard {
        let ear = Ear::open(CREDENTIALS);
        let mut server = self.start(&ear);
        for (at, batch) in batches.iter().enumerate() {
            if at == new_day(batches) {
                // What is not applied yet must be applied before the day passes.
                server.kill();
                CLOCKS[1].clone_into(&mut self.house.clock);
                server = self.start(&ear);
            }
            server = self.until_acknowledged(server, &ear, at, batch);
        }
        server.settle();
        let receipt = Receipt::read(&http::post_batch(server.port, &batches[0].body).unwrap());
        assert_eq!(receipt.accepted, 0, "what was admitted is known for good");
        ear.wait_for(self.newest_notice);
        server.stop();
        ear.close()
    }

    /// Sends a batch until it is acknowledged. The server is killed meanwhile as often as the moments say.
    fn until_acknowledged(&mut self, mut server: Server, ear: &Ear, at: usize, batch: &Batch) -> Server {
        let mut attempts = 0;
        loop {
            let killed = self.moments.first() == Some(&at);
            let began = Instant::now();
            let answer = if killed {
                self.moments.remove(0);
                let delay = self.acknowledged_in.random(&mut self.rng);
                let port = server.port;
                let answer = std::thread::scope(|scope| {
                    scope.spawn(|| {
                        std::thread::sleep(delay);
                        server.kill();
                    });
                    http::post_batch(port, &batch.body)
                });
                let heard = if answer.is_ok() { "acknowledged" } else { "not acknowledged" };
                self.kills.push(format!("batch {at}, {} µs after it was sent, {heard}", delay.as_micros()));
                server = self.start(ear);
                answer
            } else {
                let answer = http::post_batch(server.port, &batch.body);
                assert!(answer.is_ok(), "no answer although nobody killed it:\n{}", self.house.last_words());
                self.acknowledged_in.add(began.elapsed());
                answer
            };
            attempts += 1;
            let Ok(answer) = answer else { continue };
            let receipt = Receipt::read(&answer);
            assert!(receipt.covers(batch), "{receipt:?}");
            if attempts > 1 {
                self.sent_again += 1;
            }
            // A batch can be hit more than once; its repeats are all known then.
            if self.moments.first() != Some(&at) {
                return server;
            }
        }
    }

    /// Starts the server; now and then it is killed before it is ready, and started again.
    fn start(&mut self, ear: &Ear) -> Server {
        let due = |storm: &Storm| KILLS - storm.moments.len() - storm.kills.len();
        // Of those that are to hit a start, the last ones hit the last starts if chance has not used them up.
        let left = self.moments.len();
        while due(self) > 0 && self.ready_in.count > 0 && (left == 0 || self.rng.chance(200)) {
            let mut server = self.house.start();
            let delay = self.ready_in.random(&mut self.rng);
            std::thread::sleep(delay);
            server.kill();
            self.kills.push(format!("{} µs after a start", delay.as_micros()));
        }
        let (server, time) = self.house.start_ready();
        self.ready_in.add(time);
        self.slowest_start = self.slowest_start.max(time);
        ear.turn_to(server.port);
        server
    }

    fn tell(&self, heard: &Heard) {
        println!(
            "{} kills, {} batches sent again, slowest start {} ms; heard {} notices, {} again, {} resets",
            self.kills.len(),
            self.sent_again,
            self.slowest_start.as_millis(),
            heard.notices.len(),
            heard.repeats,
            heard.resets
        );
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("DOUDI_KILL_SEED={}\nkilled at:\n  {}", self.seed, self.kills.join("\n  "));
        }
    }
}

fn agree(expected: &Outcome, found: &Outcome) {
    assert_eq!(found.admitted, expected.admitted, "every event is admitted once");
    same("dead letters", &found.dead_letters, &expected.dead_letters);
    same("open warnings", &found.warnings, &expected.warnings);
    same("cases", &found.cases, &expected.cases);
    same("record entries", &found.record, &expected.record);
    same("notices", &by_name(found), &by_name(expected));
    same("rooms of the state", &found.rooms, &expected.rooms);
}

/// The notices as a set; which one comes before which depends on when a sweep comes.
fn by_name(outcome: &Outcome) -> BTreeMap<[u8; 16], Value> {
    outcome.notices.values().map(|notice| (notice.id.0, outcome::as_heard(0, notice))).collect()
}

/// What `doudi state verify` says of a house that is shut.
fn digest(house: &House, flags: &[&str]) -> Value {
    let args: Vec<&str> = ["--format", "json", "state", "verify"].into_iter().chain(flags.iter().copied()).collect();
    let told: Value = serde_json::from_str(&server::output(&args, &house.data, CLOCKS[1])).unwrap();
    told["digest"].clone()
}

/// Two rows of things are equal; if not, the first that differ are shown.
fn same<'a, T, Row>(what: &str, found: &'a Row, expected: &'a Row)
where
    T: PartialEq + std::fmt::Debug + 'a,
    &'a Row: IntoIterator<Item = T>,
{
    let (mut found, mut expected) = (found.into_iter(), expected.into_iter());
    for at in 0.. {
        let (found, expected) = (found.next(), expected.next());
        assert_eq!(found, expected, "{what} differ at {at}");
        if found.is_none() {
            return;
        }
    }
}

/// Every alert reached the screen, and none of them under two names.
fn heard_once(found: &Outcome, heard: &Heard) {
    assert_eq!(heard.contradictions, [0; 0], "one number, two notices");
    let mut names = BTreeMap::new();
    for (number, notice) in &found.notices {
        assert_eq!(names.insert(notice.id, number), None, "one notice, two numbers");
        assert_eq!(heard.notices.get(number), Some(&outcome::as_heard(*number, notice)), "notice {number}");
    }
    assert_eq!(heard.notices.len(), found.notices.len());
}
