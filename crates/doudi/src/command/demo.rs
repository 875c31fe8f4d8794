//! `doudi demo`: a simulated Xianning, everything started, events played live.
//!
//! Leaves nothing behind unless asked to keep its directory.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use doudi_model::stage::State;
use doudi_model::{Text, division};
use doudi_server::App;
use doudi_server::auth::{Accounts, EventSources, Role};
use doudi_server::config::{Config, Sources};
use doudi_server::run as server;
use doudi_sim::Live;
use doudi_sim::world::{Options, World};
use doudi_store::clock::{self, Clock};
use doudi_store::outbox::{Delivery, Subscription};
use doudi_store::{House, NoticeKind};
use serde_json::{Value, json};

use super::{ingest, serve};
use crate::context::{Answer, Context, Done, Failure};
use crate::house::Opened;

/// How large a demonstration.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// 户数 · households
    #[arg(long, value_name = "N", default_value_t = 2000)]
    households: u32,
    /// 随机种子 · seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// 端口 · port
    #[arg(long, value_name = "P", default_value_t = 8787)]
    port: u16,
    /// 运行多久，例如 15s、10m；不写则到 Ctrl-C · how long; without it until Ctrl-C
    #[arg(long = "for", value_name = "DUR", value_parser = duration)]
    lasts: Option<Duration>,
    /// 保留数据目录 · keep the data here
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// The password of every log-in of the demonstration, which listens on this machine alone.
const PASSWORD: &str = "doudi";
/// Events in one submission.
const BATCH: usize = 500;
/// An alert that takes longer is counted as this long.
const LATE: Duration = Duration::from_secs(5);

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().map_err(|_| "应为 15s、10m、1h · expected 15s, 10m or 1h".to_owned())?;
    match unit {
        "s" | "" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number * 60)),
        "h" => Ok(Duration::from_secs(number * 3600)),
        _ => Err("应为 15s、10m、1h · expected 15s, 10m or 1h".to_owned()),
    }
}

/// What the demonstration tells at its end.
#[derive(Default)]
struct Told {
    events: u64,
    first_alert: Option<Duration>,
    alerts: Vec<Duration>,
}

pub(crate) fn run(context: &Context, command: &Demo) -> Answer {
    let began = Instant::now();
    // Before anything is made: a port that is taken is told at once.
    let listener = serve::port::take((std::net::Ipv4Addr::LOCALHOST, command.port).into(), "--port")?;
    let address = listener.local_addr().map_err(|fault| serve::environment(&fault))?;
    let scratch = tempfile::tempdir().map_err(|fault| serve::environment(&fault))?;
    let dir = command.keep.clone().unwrap_or_else(|| scratch.path().join("data"));
    let context = Context { data: dir, ..context.clone() };
    let opened = context.house_at_work()?;
    let clock = clock::from_env()?;
    let yesterday = clock.now().day().plus_days(-1);
    let options = Options::new(command.households, command.seed, yesterday);
    let world = World::new(options, opened.book.bundle.divisions()).map_err(Failure::usage)?;
    let mut told = Told::default();
    history(&context, &opened, &world, &*clock, &mut told)?;
    let runtime = serve::runtime()?;
    let url = format!("http://{address}");
    let rows = log_ins(&opened.house, &world, clock.now())?;
    let inside = runtime.enter();
    let app = app(&opened, address.port(), &rows)?;
    drop(inside);
    announce(&context, &url, &rows);
    runtime.block_on(live(&opened, &world, &*clock, (app, listener), command, began, &mut told))?;
    let summary = summary(&opened, command, &url, &told)?;
    opened.house.shutdown()?;
    context.output().answer(&summary, || text(&context, &summary));
    Ok(Done::Clean)
}

/// A year of events up to yesterday, straight into the house.
fn history(
    context: &Context,
    opened: &Opened,
    world: &World,
    clock: &dyn Clock,
    told: &mut Told,
) -> Result<(), Failure> {
    context.output().note(&Text::new("生成模拟人口，读入一年的数据……", "making a population and a year of its data…"));
    let mut bodies = Vec::with_capacity(BATCH);
    let place = |bodies: Vec<_>| -> Result<(), Failure> {
        opened.house.place_blocking(bodies)?;
        Ok(())
    };
    for line in world.events() {
        bodies.push(ingest::body(opened, line.as_bytes(), clock.now()));
        told.events += 1;
        if bodies.len() == BATCH {
            place(std::mem::take(&mut bodies))?;
        }
    }
    place(bodies)?;
    opened.house.settle_blocking()?;
    Ok(())
}

/// One log-in: name, shown name, role, office, division.
type Row = (String, String, Role, String, division::Code);

/// Townships where something is about to happen, their county, an auditor, an operator.
fn log_ins(house: &House, world: &World, now: doudi_model::Instant) -> Result<Vec<Row>, Failure> {
    let state = house.read();
    let mut ahead = Live::new(world);
    let mut townships: Vec<division::Code> = Vec::new();
    let mut seen = BTreeSet::new();
    for _ in 0..120 {
        let step = ahead.step(now);
        if let (Some(_), Ok(id)) = (step.plot, step.household.parse()) {
            let head = doudi_engine::score::read(&state as &dyn State, &id)?;
            let place = head.and_then(|head| head.division).map(division::Code::township);
            townships.extend(place.filter(|place| townships.len() < 3 && seen.insert(*place)));
        }
    }
    let code = |code: division::Code, digits: usize| code.to_string().chars().take(digits).collect::<String>();
    let mut rows: Vec<Row> = Vec::new();
    for (at, place) in townships.iter().enumerate() {
        rows.push((
            format!("zhen{}", at + 1),
            "王经办".into(),
            Role::Township,
            format!("t-{}", code(*place, 9)),
            *place,
        ));
    }
    let county = townships.first().map(|place| place.county());
    if let Some(county) = county {
        let office = format!("c-{}-mz", code(county, 6));
        rows.push(("xian".into(), "李科长".into(), Role::County, office.clone(), county));
        let held = format!("c-{}-yb", code(county, 6));
        rows.push(("yibao".into(), "周专员".into(), Role::Department, held, county));
        rows.push(("shenji".into(), "赵审计".into(), Role::Auditor, office.clone(), county));
        rows.push(("yunwei".into(), "孙运维".into(), Role::Operator, office, county));
    }
    Ok(rows)
}

fn app(opened: &Opened, port: u16, rows: &[Row]) -> Result<App, Failure> {
    let flags = [("listen".to_owned(), format!("127.0.0.1:{port}"))].into();
    let config = Config::load(&Sources { flags, ..Sources::default() }).map_err(Failure::Usage)?;
    let mut accounts = Accounts::default();
    for (name, display, role, office, place) in rows {
        accounts = accounts.with((name, display, *role), office, *place, PASSWORD).map_err(Failure::usage)?;
    }
    serve::app(opened, config, accounts, EventSources::default())
}

fn announce(context: &Context, url: &str, rows: &[Row]) {
    let logins: Vec<Value> = rows
        .iter()
        .map(|(name, _, role, office, place)| {
            json!({"role": format!("{role:?}").to_lowercase(), "name": name, "password": PASSWORD, "office": office, "division": place})
        })
        .collect();
    context.output().answer(&json!({"url": url, "logins": logins}), || {
        let mut text = context.say(
            format!("工作台 {url}\n登录名（密码都是 {PASSWORD}）\n"),
            format!("the desk is at {url}\nlog-ins (the password is always {PASSWORD})\n"),
        );
        for (name, display, role, office, _) in rows {
            let (zh, en) = match role {
                Role::Township => ("乡镇", "township"),
                Role::County => ("县级民政", "county"),
                Role::Department => ("部门", "department"),
                Role::Auditor => ("审计", "auditor"),
                Role::Operator => ("运维", "operator"),
                _ => ("", ""),
            };
            text.push_str(&context.say(
                format!("  {name}  {display}（{zh}，{office}）\n"),
                format!("  {name}  {display} ({en}, {office})\n"),
            ));
        }
        text.push_str(&context.say("事件正在到来，按 Ctrl-C 结束。\n", "Events are arriving; Ctrl-C ends it.\n"));
        text
    });
}

/// Serves the desk and plays events until the time is over or someone stops it.
async fn live(
    opened: &Opened,
    world: &World,
    clock: &dyn Clock,
    (app, listener): (App, std::net::TcpListener),
    command: &Demo,
    began: Instant,
    told: &mut Told,
) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|fault| serve::environment(&fault))?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let desk = tokio::spawn(server::serve(app, listener, async {
        // A sender that is gone has stopped as well.
        let _ = stopped.await;
    }));
    let end = async {
        match command.lasts {
            Some(time) => tokio::select! {
                () = tokio::time::sleep(time) => {}
                () = server::told_to_stop() => {}
            },
            None => server::told_to_stop().await,
        }
    };
    let played = tokio::select! {
        played = play(opened, world, clock, began, told) => played,
        () = end => Ok(()),
    };
    let _ = stop.send(());
    desk.await
        .map_err(|fault| serve::environment(&std::io::Error::other(fault)))?
        .map_err(|fault| serve::environment(&fault))?;
    played
}

async fn play(
    opened: &Opened,
    world: &World,
    clock: &dyn Clock,
    began: Instant,
    told: &mut Told,
) -> Result<(), Failure> {
    let mut watch = opened.house.subscribe(None)?;
    let mut stream = Live::new(world);
    loop {
        let step = stream.step(clock.now());
        let body = ingest::body(opened, step.event.as_bytes(), clock.now());
        let sent = Instant::now();
        opened.house.place(vec![body]).await?;
        told.events += 1;
        if step.plot.is_some() {
            let opened_now = tokio::time::timeout(LATE, alert(&mut watch)).await;
            if matches!(opened_now, Ok(Ok(true))) {
                told.first_alert.get_or_insert_with(|| began.elapsed());
                told.alerts.push(sent.elapsed());
            }
        }
        tokio::time::sleep(Duration::from_millis(step.pause_ms)).await;
    }
}

/// The next warning that opens.
async fn alert(watch: &mut Subscription) -> Result<bool, Failure> {
    while let Some(delivery) = watch.next().await? {
        if matches!(&delivery, Delivery::Notice(_, notice) if notice.kind == NoticeKind::WarningOpened) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn summary(opened: &Opened, command: &Demo, url: &str, told: &Told) -> Result<Value, Failure> {
    let state = opened.house.read();
    let cases = doudi_routing::index::all_cases(&state)?;
    let warnings: usize =
        cases.iter().flat_map(|case| case.warnings.values()).filter(|warning| warning.closed.is_none()).count();
    let mut alerts = told.alerts.clone();
    alerts.sort();
    let last = alerts.len().saturating_mul(99).div_ceil(100).saturating_sub(1);
    Ok(json!({
        "households": command.households,
        "events": told.events,
        "warnings": warnings,
        "cases": cases.iter().filter(|case| case.is_open()).count(),
        "first_alert_s": told.first_alert.map(|time| time.as_secs()),
        "alert_p99_ms": alerts.get(last).map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
        "url": url,
    }))
}

fn text(context: &Context, summary: &Value) -> String {
    let number = |name: &str| match summary.get(name) {
        Some(Value::Null) | None => "—".to_owned(),
        Some(value) => value.to_string(),
    };
    let (households, events) = (number("households"), number("events"));
    let (warnings, cases) = (number("warnings"), number("cases"));
    let (first, p99) = (number("first_alert_s"), number("alert_p99_ms"));
    context.say(
        format!(
            "{households}户，{events}条事件；未关闭预警{warnings}条，工单{cases}张；首条实时预警在启动后{first}秒，\
             之后99%在{p99}毫秒内。"
        ),
        format!(
            "{households} households, {events} events; {warnings} warnings and {cases} cases open; the first live \
             alert came {first} s after the start, 99% of them within {p99} ms."
        ),
    )
}
