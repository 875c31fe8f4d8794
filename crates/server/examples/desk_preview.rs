//! The pages over an invented house in memory, to be looked at: `cargo run -p doudi-server --example desk_preview`.
//!
//! Log-ins: `township`, `county`, `auditor`, `operator`, each with the password `doudi`. A new case arrives every
//! twenty seconds. Listens on 127.0.0.1:8790, or on the port given.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use doudi_server::auth::{Accounts, EventSources, Role};
use doudi_server::config::{Config, Sources};
use doudi_server::fake::Fake;
use doudi_server::{App, run};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "a preview for developers")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8790".into());
    let listen = format!("127.0.0.1:{port}");
    let flags = BTreeMap::from([("listen".to_owned(), listen)]);
    let config = Config::load(&Sources { flags, ..Sources::default() }).map_err(|faults| format!("{faults:?}"))?;
    let rows = [
        ("township", "王某", Role::Township, "t-421202107", "421202107000"),
        ("county", "李某", Role::County, "c-421202-mz", "421202000000"),
        ("auditor", "赵某", Role::Auditor, "c-421202-sj", "421202000000"),
        ("operator", "钱某", Role::Operator, "c-421202-mz", "421202000000"),
    ];
    let mut accounts = Accounts::default();
    for (name, display, role, office, division) in rows {
        accounts =
            accounts.with((name, display, role), office, division.parse().map_err(|_| "a division code")?, "doudi")?;
    }
    let house = Arc::new(Fake::new());
    let arriving = Arc::clone(&house);
    let app = App::new(house, config.clone(), accounts, EventSources::default());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(20)).await;
            arriving.arrive();
        }
    });
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    let login = serde_json::json!({
        "role": "township", "name": "township", "password": "doudi",
        "office": "t-421202107", "division": "421202107000",
    });
    println!("{}", serde_json::json!({ "url": format!("http://{}", config.listen), "logins": [login] }));
    run::serve(app, listener, run::told_to_stop()).await?;
    Ok(())
}
