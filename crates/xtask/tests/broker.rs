//! The broker that other crates test against: it answers, dies, comes back, and leaves nothing behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::net::TcpStream;

use xtask::broker::{Broker, port};

#[test]
fn a_broker_answers_dies_and_comes_back_on_the_same_port() {
    let mut broker = Broker::start().unwrap();
    let bootstrap = broker.bootstrap();
    let port: u16 = bootstrap.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    assert!(port::answers(port));

    broker.kill().unwrap();
    assert!(TcpStream::connect(&bootstrap).is_err());
    broker.kill().unwrap(); // twice is once

    broker.restart().unwrap();
    assert_eq!(broker.bootstrap(), bootstrap);
    assert!(port::answers(port));

    drop(broker);
    assert!(TcpStream::connect(&bootstrap).is_err());
}
