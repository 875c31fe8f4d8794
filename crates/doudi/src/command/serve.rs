//! `doudi serve`: admission, engine, desk and metrics over one data directory.

mod letter;
pub(crate) mod port;
mod reload;

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::{Arc, RwLock};

use clap::Args;
use doudi_engine::admit::envelope;
use doudi_model::Text;
use doudi_server::auth::{Accounts, EventSources};
use doudi_server::config::{Config, LogFormat};
use doudi_server::door::Door;
use doudi_server::{App, HouseService, run as server};
use doudi_store::kafka::{Message, Settings, Source};
use doudi_store::{House, clock};

use self::reload::{Hangups, Present, Reload, present};
use super::ingest;
use crate::context::{Answer, Context, Done, Failure, unreadable};
use crate::house::{Opened, plan_as_of, proven};

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// 监听地址（默认 127.0.0.1:8787）· address and port
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// 同时从 Kafka 读入日志 · also reads topics into the journal
    #[arg(long, value_name = "BROKERS")]
    kafka_in: Option<String>,
    /// 账号文件 · the file of accounts
    #[arg(long, value_name = "FILE")]
    accounts: Option<String>,
    /// 来源令牌文件 · the file of source tokens
    #[arg(long, value_name = "FILE")]
    sources: Option<String>,
    /// 次年日历未公布也启动，期限标为暂定 · start although the calendar is not published; such deadlines are provisional
    #[arg(long)]
    provisional_calendar: bool,
}

pub(crate) fn run(context: &Context, command: &Serve) -> Answer {
    let config = config(context, command)?;
    log(&config);
    let context = Context { data: config.data.clone(), rules: config.rules.clone(), ..context.clone() };
    if !command.provisional_calendar {
        plan_as_of(&proven(context.bundle_files()?)?.bundle, Some(clock::from_env()?.now().day()))?;
    }
    let accounts = file(config.accounts.as_deref(), Accounts::read)?;
    let sources = file(config.sources.as_deref(), EventSources::read)?;
    if accounts.is_empty() {
        context.output().note(&Text::new(
            "没有账号文件，谁也不能登录；用 doudi account hash 生成密码散列，再用 --accounts 指定文件",
            "no accounts: nobody can log in; make hashes with `doudi account hash` and name the file with --accounts",
        ));
    }
    let listener = port::take(config.listen, "--listen")?;
    let runtime = runtime()?;
    let served = runtime.block_on(serve(&context, config, listener, (accounts, sources), command.provisional_calendar));
    // A house that is still opening when the service is told to stop is left: its journal has everything.
    runtime.shutdown_background();
    served
}

/// Answers at once, opens the house meanwhile, and serves until it is told to stop.
async fn serve(
    context: &Context,
    config: Config,
    listener: std::net::TcpListener,
    (accounts, sources): (Accounts, EventSources),
    provisional: bool,
) -> Answer {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|fault| environment(&fault))?;
    let address = listener.local_addr().map_err(|fault| environment(&fault))?;
    let hangups = Hangups::listen().map_err(|fault| environment(&fault))?;
    let door = Door::closed(config.lang);
    let mut serving = tokio::spawn(server::serve_at(door.clone(), listener, server::told_to_stop()));
    let inside = context.clone();
    let opening = tokio::task::spawn_blocking(move || inside.house_at_work());
    let opened = tokio::select! {
        opened = opening => opened.map_err(|fault| environment(&std::io::Error::other(fault)))??,
        ended = &mut serving => return done(ended),
    };
    homeless(context, &opened, &accounts);
    let book = Arc::new(RwLock::new(Arc::clone(&opened.book)));
    let kafka = kafka(&config, &opened, Arc::clone(&book))?;
    let service = service(&opened)?;
    let app = App::new(Arc::new(service.clone()), config, accounts, sources);
    let reload = Reload { context: context.clone(), service, metrics: Arc::clone(&app.metrics), book, provisional };
    let reloading = tokio::spawn(reload.at_each(hangups));
    door.open(app);
    context.output().note(&Text::new(format!("工作台 http://{address}"), format!("the desk is at http://{address}")));
    let ended = done(serving.await)?;
    reloading.abort();
    // Blocks until what is under way is on disk.
    let closed = tokio::task::spawn_blocking(move || {
        drop(kafka);
        opened.house.shutdown()
    });
    closed.await.map_err(|fault| environment(&std::io::Error::other(fault)))??;
    Ok(ended)
}

fn done(ended: Result<std::io::Result<()>, tokio::task::JoinError>) -> Answer {
    match ended {
        Ok(Ok(())) => Ok(Done::Clean),
        Ok(Err(fault)) => Err(environment(&fault)),
        Err(fault) => Err(environment(&std::io::Error::other(fault))),
    }
}

/// Says of which accounts that work on cases the office is none of the bundle's: they would see nothing.
fn homeless(context: &Context, opened: &Opened, accounts: &Accounts) {
    let known = |office: &str| opened.book.plan.offices().iter().any(|one| one.id.as_str() == office);
    for account in accounts.iter().filter(|account| account.role.works() && !known(&account.office)) {
        let (name, office) = (&account.name, &account.office);
        context.output().note(&Text::new(
            format!("账号 {name} 的单位 {office} 不在规则包的 routing/offices.csv 里，看不到工单；请改正它的 office"),
            format!("the office {office} of account {name} is not in the bundle's routing/offices.csv: it will see no case; mend its office"),
        ));
    }
}

fn config(context: &Context, command: &Serve) -> Result<Config, Failure> {
    let mut flags = BTreeMap::new();
    let mut flag = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            flags.insert(name.to_owned(), value);
        }
    };
    flag("listen", command.listen.clone());
    flag("kafka_in", command.kafka_in.clone());
    flag("accounts", command.accounts.clone());
    flag("sources", command.sources.clone());
    context.settings(flags, |_| true)
}

/// What is logged: what was asked for, without the inner life of the state's storage unless that is asked for by name.
fn filter(wanted: &str) -> tracing_subscriber::EnvFilter {
    let wanted = if wanted.contains("sled") { wanted.to_owned() } else { format!("{wanted},sled=warn") };
    tracing_subscriber::EnvFilter::try_new(wanted).unwrap_or_default()
}

/// The log on stderr for commands that do not serve.
pub(crate) fn log_to_stderr(wanted: &str) {
    let log = tracing_subscriber::fmt().with_env_filter(filter(wanted)).with_writer(std::io::stderr);
    let _ = log.with_ansi(std::io::stderr().is_terminal()).try_init();
}

/// Logs go to stderr; the service writes no personal data into them.
pub(crate) fn log(config: &Config) {
    let to_stderr = tracing_subscriber::fmt().with_env_filter(filter(&config.log)).with_writer(std::io::stderr);
    let to_stderr = to_stderr.with_ansi(std::io::stderr().is_terminal());
    // A subscriber that is set already stays.
    let _ = match config.log_format {
        LogFormat::Text => to_stderr.try_init(),
        LogFormat::Json => to_stderr.json().try_init(),
    };
}

fn file<T: Default>(
    path: Option<&Path>,
    read: impl Fn(&str, &str) -> Result<T, Vec<doudi_model::Problem>>,
) -> Result<T, Failure> {
    let Some(path) = path else { return Ok(T::default()) };
    let text = std::fs::read_to_string(path).map_err(|fault| Failure::usage(unreadable(path, &fault)))?;
    read(&path.display().to_string(), &text).map_err(Failure::Usage)
}

/// The service over an open house.
pub(crate) fn app(opened: &Opened, config: Config, accounts: Accounts, sources: EventSources) -> Result<App, Failure> {
    Ok(App::new(Arc::new(service(opened)?), config, accounts, sources))
}

fn service(opened: &Opened) -> Result<HouseService, Failure> {
    HouseService::new(opened.house.clone(), Arc::clone(&opened.book), clock::from_env()?)
        .map_err(|fault| environment(&fault))
}

fn kafka(config: &Config, opened: &Opened, book: Present) -> Result<Option<Source>, Failure> {
    let Some(brokers) = config.kafka_in.clone() else { return Ok(None) };
    let settings = Settings {
        brokers,
        group: config.kafka_group.clone(),
        topics: config.kafka_topics.clone(),
        client: BTreeMap::new(),
    };
    let house: House = opened.house.clone();
    let inside = house.clone();
    let clock = clock::from_env()?;
    let decode = move |message: &Message<'_>| {
        let headers = message.headers.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        let read = envelope::kafka(headers, message.key, message.payload);
        let decoder = Opened { house: inside.clone(), book: present(&book) };
        ingest::take(&decoder, read, &letter::bytes(message), clock.now())
    };
    Ok(Some(Source::start(house, settings, decode)?))
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|fault| environment(&fault))
}

pub(crate) fn environment(fault: &std::io::Error) -> Failure {
    Failure::Environment(doudi_model::Problem::new(
        "io/service",
        Text::new(format!("服务运行不下去：{fault}"), format!("the service cannot go on: {fault}")),
        Text::new("请检查端口、磁盘和权限", "check port, disk and permissions"),
    ))
}
