//! A real house in a scratch directory, filled with a simulated population, and accounts for its offices.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part, and is to stop where it fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

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
