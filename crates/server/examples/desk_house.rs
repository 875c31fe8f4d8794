//! The pages over a real house with a simulated population, to be looked at:
//! `cargo run -p doudi-server --example desk_house -- PORT HOUSEHOLDS`.
//!
//! Prints the log-ins of the offices that have most to do; each password is `doudi`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use doudi_engine::admit::envelope;
use doudi_server::auth::Role;
use doudi_server::service::{Arrival, CaseQuery};
use doudi_server::{Service, run};
use doudi_sim::world::{Options, World};

#[path = "../tests/support/mod.rs"]
mod support;

#[tokio::main]
#[expect(clippy::unwrap_used, clippy::print_stdout, reason = "a preview for developers")]
async fn main() {
    let mut args = std::env::args().skip(1);
    let port = args.next().unwrap_or_else(|| "8791".into());
    let households = args.next().and_then(|text| text.parse().ok()).unwrap_or(300);
    let dir = tempfile::tempdir().unwrap();
    let book = support::rulebook();
    let (service, _) = support::service(dir.path(), &book);
    let world = World::new(Options::new(households, 1, support::today()), book.bundle.divisions()).unwrap();
    let (mut batch, mut count) = (Vec::new(), 0);
    for line in world.events() {
        batch.push(Arrival { envelope: envelope::structured(line.as_bytes()), bytes: Bytes::from(line) });
        if batch.len() == 500 {
            count += service.admit(std::mem::take(&mut batch)).await.unwrap().accepted;
        }
    }
    count += service.admit(batch).await.unwrap().accepted;
    while service.progress().lag > 0 || service.progress().pending {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let cases = service.cases(CaseQuery::default()).await.unwrap();
    let mut by_office: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        *by_office.entry(case.lead.as_str()).or_default() += 1;
    }
    let mut busiest: Vec<_> = by_office.into_iter().collect();
    busiest.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    println!("{count} events, {} cases: {busiest:?}", cases.len());
    let offices = service.offices();
    let mut rows: Vec<(&str, Role, &str, String)> = Vec::new();
    for (office, _) in busiest.iter().take(8) {
        let division = offices.iter().find(|known| known.id == *office).unwrap().division.to_string();
        let role = if office.starts_with("t-") { Role::Township } else { Role::Department };
        rows.push((office, role, office, division));
    }
    if let Some((name, role, office, division)) = rows.iter().find(|row| row.1 == Role::Township) {
        let role = format!("{role:?}").to_lowercase();
        let login = serde_json::json!({
            "role": role, "name": name, "password": "doudi", "office": office, "division": division,
        });
        println!("{}", serde_json::json!({ "url": format!("http://127.0.0.1:{port}"), "logins": [login] }));
    }
    rows.push(("county", Role::County, "c-421202-mz", "421202000000".into()));
    rows.push(("auditor", Role::Auditor, "c-421202-mz", "421200000000".into()));
    rows.push(("operator", Role::Operator, "c-421202-mz", "421200000000".into()));
    let rows: Vec<_> = rows.iter().map(|(name, role, office, code)| (*name, *role, *office, code.as_str())).collect();
    let app = support::app(Arc::new(service), support::accounts(&rows));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    run::serve(app, listener, run::told_to_stop()).await.unwrap();
}
