//! A real house in a scratch directory, filled with a simulated population, and accounts for its offices.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part, and is to stop where it fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use doudi_model::{Day, Instant};
use doudi_routing::plan::Plan;
use doudi_rules::bundle::{Bundle, Files};
use doudi_server::HouseService;
use doudi_server::auth::{Accounts, EventSources, Role};
use doudi_server::config::{Config, Sources};
use doudi_server::{App, Service};
use doudi_store::clock::{Clock, Fixed};
use doudi_store::stages::{Rulebook, Stages};
use doudi_store::{House, Options};

/// The bundle of the repository.
pub(crate) fn files() -> Files {
    fn walk(root: &Path, dir: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                walk(root, &path, files);
            } else if name.ends_with(".toml") || name.ends_with(".csv") {
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut files = Files::new();
    walk(&root, &root, &mut files);
    files
}

pub(crate) fn rulebook() -> Arc<Rulebook> {
    let bundle = Bundle::load(files()).unwrap();
    let categories: Vec<_> = bundle.categories().into_iter().collect();
    let plan = Plan::load(bundle.files(), bundle.divisions(), &categories, None).unwrap();
    Arc::new(Rulebook { bundle, plan })
}

/// A Tuesday morning at 09:41.
pub(crate) fn morning() -> Instant {
    "2026-11-24T09:41:00+08:00".parse().unwrap()
}

pub(crate) fn today() -> Day {
    morning().day()
}

/// An open house on a clock that stands still.
pub(crate) fn house(dir: &Path, book: &Arc<Rulebook>) -> (House, Fixed) {
    let clock = Fixed::new(morning());
    let options = Options::new(dir, book.bundle.digest(), Arc::new(clock.clone()));
    let shelf = Arc::clone(book);
    let house = House::open(&options, Stages::new(Box::new(move |_| Some(Arc::clone(&shelf))))).unwrap();
    (house, clock)
}

pub(crate) fn service(dir: &Path, book: &Arc<Rulebook>) -> (HouseService, Fixed) {
    let (house, clock) = house(dir, book);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    (HouseService::new(house, Arc::clone(book), shared).unwrap(), clock)
}

pub(crate) fn config(pairs: &[(&str, &str)]) -> Config {
    let flags: BTreeMap<String, String> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(&Sources { flags, ..Sources::default() }).unwrap()
}

/// An account: name, role, office, division; the display name is 王某, the password `doudi`.
pub(crate) fn accounts(rows: &[(&str, Role, &str, &str)]) -> Accounts {
    rows.iter().fold(Accounts::default(), |accounts, (name, role, office, division)| {
        accounts.with((name, "王某", *role), office, division.parse().unwrap(), "doudi").unwrap()
    })
}

pub(crate) fn app(service: Arc<dyn Service>, accounts: Accounts) -> App {
    App::new(service, config(&[]), accounts, EventSources::default())
}

pub(crate) fn base64(text: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let number = chunk.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let sign = SIGNS.get((number >> (18 - 6 * at) & 63) as usize).copied().unwrap_or_default();
            out.push(if at <= chunk.len() { char::from(sign) } else { '=' });
        }
    }
    out
}

/// The header that logs an account in by HTTP Basic.
pub(crate) fn basic(who: &str) -> String {
    format!("Basic {}", base64(&format!("{who}:doudi")))
}

/// Sends a request from this machine; status and JSON.
pub(crate) async fn ask(router: &axum::Router, mut request: Request<Body>) -> (u16, serde_json::Value) {
    let here: std::net::SocketAddr = "127.0.0.1:50000".parse().unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(here));
    let response = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Gets JSON as an account.
pub(crate) async fn get(router: &axum::Router, who: &str, path: &str) -> (u16, serde_json::Value) {
    ask(router, Request::get(path).header("authorization", basic(who)).body(Body::empty()).unwrap()).await
}

/// Posts JSON as an account.
pub(crate) async fn post(
    router: &axum::Router,
    who: &str,
    path: &str,
    body: &serde_json::Value,
) -> (u16, serde_json::Value) {
    let request = Request::post(path).header("authorization", basic(who)).body(Body::from(body.to_string())).unwrap();
    ask(router, request).await
}

/// Sends a batch of events.
pub(crate) async fn events(router: &axum::Router, batch: &serde_json::Value) -> (u16, serde_json::Value) {
    let request = Request::post("/v1/events").header("content-type", "application/cloudevents-batch+json");
    ask(router, request.body(Body::from(batch.to_string())).unwrap()).await
}
