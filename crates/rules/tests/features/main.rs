//! Features, read as the stream reads them, agree with a naive reading of their definition.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod agree;
mod declared;
mod oracle;
mod refused;
mod words;
mod world;
