//! The single checks.

use std::io::{ErrorKind, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use doudi_model::Problem;
use doudi_server::auth::{Accounts, EventSources};
use doudi_server::config::Config;
use doudi_store::Fault;
use doudi_store::clock;
use doudi_store::inspect::inspect;

use super::Finding;
use crate::context::{Context, Failure};
use crate::house::plan_as_of;

/// Less free space than this is too little: the journal leaves 64 MiB, and a year of a county takes some.
const FREE_LEAST: u64 = 1 << 30;
/// How long a broker may take to answer.
const BROKER_WAIT: Duration = Duration::from_secs(3);
/// A file written so much later than now means that the clock went back.
const CLOCK_SLACK_MS: i64 = 5 * 60 * 1000;

/// Everything there is to look at.
pub(super) fn all(context: &Context) -> Vec<Finding> {
    let look = Look { context };
    let config = context.settings(std::collections::BTreeMap::new(), |_| true);
    let mut findings = vec![look.config(&config)];
    findings.extend([look.clock(), look.disk_writable(), look.disk_space()]);
    findings.extend(look.house());
    findings.extend(look.keys());
    findings.extend([look.rules(), look.fonts()]);
    if let Ok(config) = &config {
        findings.push(look.port(config));
        findings.extend(look.brokers(config));
        findings.extend(look.people(config));
    }
    findings
}

struct Look<'a> {
    context: &'a Context,
}

impl Look<'_> {
    fn ok(&self, name: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding { name, found: self.context.say(zh, en), mend: None }
    }

    fn mend(&self, name: &'static str, found: (String, String), mend: (&str, &str)) -> Finding {
        Finding { name, found: self.context.say(found.0, found.1), mend: Some(self.context.say(mend.0, mend.1)) }
    }

    fn problem(&self, name: &'static str, problem: &Problem) -> Finding {
        let lang = self.context.lang;
        let place = if problem.place.is_empty() { String::new() } else { format!("{} ", problem.place) };
        let found = format!("{place}{}: {}", problem.code, problem.message.get(lang));
        Finding { name, found, mend: Some(problem.hint.get(lang).to_owned()) }
    }

    fn failure(&self, name: &'static str, failure: &Failure) -> Finding {
        match failure.problems().first() {
            Some(problem) => self.problem(name, problem),
            None => self.ok(name, "", ""),
        }
    }

    fn config(&self, config: &Result<Config, Failure>) -> Finding {
        match config {
            Ok(config) => {
                let set = config.settings.iter().filter(|setting| !setting.place().is_empty()).count();
                self.ok("config", format!("设置可用，{set}项不是默认"), format!("sound, {set} not default"))
            }
            Err(failure) => self.failure("config", failure),
        }
    }

    fn clock(&self) -> Finding {
        let clock = match clock::from_env() {
            Ok(clock) => clock,
            Err(fault) => return self.problem("clock", &fault.problem()),
        };
        let now = clock.now();
        let mend = ("校准系统时钟，例如 timedatectl set-ntp true", "set the clock right: timedatectl set-ntp true");
        if now.day().year() < 2025 {
            let found = (format!("系统时钟是 {now}"), format!("the clock says {now}"));
            return self.mend("clock", found, mend);
        }
        if std::env::var(clock::VARIABLE).is_ok_and(|at| !at.is_empty()) {
            let said = format!("{now} ({})", clock::VARIABLE);
            return self.ok("clock", said.clone(), said);
        }
        match newest(&self.context.data().join("journal")) {
            Some(written) if written > now.ms() + CLOCK_SLACK_MS => {
                let found = (
                    format!("系统时钟 {now} 早于日志最后写入的时间"),
                    format!("the clock says {now}, before the journal was last written"),
                );
                self.mend("clock", found, mend)
            }
            _ => self.ok("clock", now.to_string(), now.to_string()),
        }
    }

    /// The data directory, or the nearest folder above it that is there.
    fn ground(&self) -> PathBuf {
        let data = self.context.data();
        let there = data.ancestors().find(|path| path.is_dir()).map(Path::to_owned);
        there.unwrap_or_else(|| PathBuf::from("."))
    }

    fn disk_writable(&self) -> Finding {
        let ground = self.ground();
        let shown = ground.display().to_string();
        let tried =
            tempfile::tempfile_in(&ground).and_then(|mut file| file.write_all(b"doudi").and_then(|()| file.sync_all()));
        match tried {
            Ok(()) => self.ok("disk-writable", shown.clone(), shown),
            Err(fault) => self.mend(
                "disk-writable",
                (format!("{shown} 写不进去：{fault}"), format!("{shown} cannot be written: {fault}")),
                (
                    "数据目录应属于运行 doudi 的用户，磁盘应可写",
                    "the data directory must belong to the user that runs doudi, on a disk that can be written",
                ),
            ),
        }
    }

    fn disk_space(&self) -> Finding {
        let ground = self.ground();
        match fs4::available_space(&ground) {
            Ok(free) if free >= FREE_LEAST => {
                let free = free >> 20;
                self.ok("disk-space", format!("剩余{free} MiB"), format!("{free} MiB free"))
            }
            Ok(free) => {
                let free = free >> 20;
                self.mend(
                    "disk-space",
                    (format!("只剩{free} MiB"), format!("only {free} MiB free")),
                    ("至少留出1 GiB", "make room: 1 GiB at the least"),
                )
            }
            Err(fault) => self.mend(
                "disk-space",
                (format!("查不到剩余空间：{fault}"), format!("the free space is not known: {fault}")),
                ("请检查挂载", "check the mount"),
            ),
        }
    }

    /// The data directory looked through: journal, state, record. A service at work is no fault; it only keeps others out.
    fn house(&self) -> Vec<Finding> {
        if !self.context.data().join("lock").exists() {
            return vec![self.ok("data", "数据目录还没有数据", "the data directory is new")];
        }
        let found = match inspect(self.context.data()) {
            Ok(found) => found,
            Err(fault) if fault.code() == "store/locked" => {
                let said = fault.problem().message;
                return vec![self.ok(
                    "data",
                    format!("{}；服务停下后才能查日志、状态和台账", said.zh),
                    format!("{}; journal, state and record can be looked through once it stops", said.en),
                )];
            }
            Err(fault) => return vec![self.problem("data", &fault.problem())],
        };
        let part = |name: &'static str, found: Result<(String, String), Fault>| match found {
            Ok((zh, en)) => self.ok(name, zh, en),
            Err(fault) => self.problem(name, &fault.problem()),
        };
        let state = found.state.map(|books| match books {
            Some(books) => {
                let next = books.next;
                (format!("状态能打开，已应用{next}条日志"), format!("the state opens and has applied {next} entries"))
            }
            None => {
                ("没有状态，下次启动由日志重建".into(), "no state; the next start makes it from the journal".into())
            }
        });
        vec![
            self.ok("data", "数据目录无人使用", "nobody is using the data directory"),
            part(
                "journal",
                found.journal.map(|count| {
                    (format!("{count}条日志，校验和全部正确"), format!("{count} entries, every checksum right"))
                }),
            ),
            part("state", state),
            part(
                "record",
                found.record.map(|count| {
                    (
                        format!("{count}条台账，序号连续；内容是否被改动用 doudi state verify 查"),
                        format!(
                            "{count} entries, numbered without a gap; doudi state verify tells whether one was changed"
                        ),
                    )
                }),
            ),
        ]
    }

    fn keys(&self) -> Vec<Finding> {
        let files = ["pseudonym.key", "vault.key"].map(|name| self.context.data().join("keys").join(name));
        files.iter().filter(|path| path.exists()).map(|path| self.private("keys", path)).collect()
    }

    /// A file that only its owner may read.
    fn private(&self, name: &'static str, path: &Path) -> Finding {
        let shown = path.display().to_string();
        match std::fs::metadata(path) {
            Ok(data) if data.permissions().mode() & 0o077 == 0 => self.ok(name, shown.clone(), shown),
            Ok(_) => self.mend(
                name,
                (format!("{shown} 可被其他用户读取"), format!("other users can read {shown}")),
                ("运行 chmod 600，并考虑是否已经外泄", "run chmod 600, and consider whether it has leaked"),
            ),
            Err(fault) => self.mend(
                name,
                (format!("{shown} 读不了：{fault}"), format!("{shown} cannot be read: {fault}")),
                ("请检查路径和权限", "check the path and the permissions"),
            ),
        }
    }

    fn rules(&self) -> Finding {
        let today = clock::from_env().ok().map(|clock| clock.now().day());
        let proven = self.context.bundle().and_then(|bundle| plan_as_of(&bundle, today).map(|_| bundle));
        match proven {
            Ok(bundle) => {
                let (name, version) = (&bundle.about().name, &bundle.about().version);
                let rules = bundle.rules().len();
                self.ok("rules", format!("{name} {version}，{rules}条规则"), format!("{name} {version}, {rules} rules"))
            }
            Err(failure) => self.failure("rules", &failure),
        }
    }

    /// Lists and case pages are printed in Chinese.
    fn fonts(&self) -> Finding {
        let listed = Command::new("fc-list").args([":lang=zh", "family"]).output();
        let listed = listed.ok().map(|out| out.stdout.contains(&b'\n'));
        if listed.unwrap_or_else(|| has_cjk_font(Path::new("/usr/share/fonts"), 4)) {
            self.ok("fonts", "有中文字体，可打印", "there is a Chinese font for printing")
        } else {
            self.mend(
                "fonts",
                ("没有中文字体，打印会缺字".to_owned(), "no Chinese font: prints would lack their signs".to_owned()),
                ("运行 apt-get install fonts-noto-cjk", "run apt-get install fonts-noto-cjk"),
            )
        }
    }

    fn port(&self, config: &Config) -> Finding {
        let listen = config.listen.to_string();
        match TcpListener::bind(config.listen) {
            Ok(_) => self.ok("port", format!("{listen} 可用"), format!("{listen} is free")),
            Err(fault) if fault.kind() == ErrorKind::AddrInUse && answers_ready(&listen) => {
                self.ok("port", format!("{listen} 上已有 doudi 在运行"), format!("doudi is running at {listen}"))
            }
            Err(fault) => self.mend(
                "port",
                (format!("{listen} 用不了：{fault}"), format!("{listen} cannot be used: {fault}")),
                ("换一个 --listen，或停掉占用它的程序", "name another --listen, or stop what has it"),
            ),
        }
    }

    fn brokers(&self, config: &Config) -> Vec<Finding> {
        let brokers = config.kafka_in.as_deref().unwrap_or_default();
        brokers.split(',').map(str::trim).filter(|broker| !broker.is_empty()).map(|one| self.broker(one)).collect()
    }

    fn broker(&self, broker: &str) -> Finding {
        let reached = broker
            .to_socket_addrs()
            .and_then(|mut places| places.next().ok_or_else(|| ErrorKind::NotFound.into()))
            .and_then(|place| TcpStream::connect_timeout(&place, BROKER_WAIT));
        match reached {
            Ok(_) => self.ok("broker", format!("{broker} 连得上"), format!("{broker} answers")),
            Err(fault) => self.mend(
                "broker",
                (format!("{broker} 连不上：{fault}"), format!("{broker} cannot be reached: {fault}")),
                (
                    "检查 kafka_in 的地址、代理是否运行、防火墙",
                    "check the address in kafka_in, the broker, the firewall",
                ),
            ),
        }
    }

    /// The files of accounts and of source tokens.
    fn people(&self, config: &Config) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(path) = &config.accounts {
            findings.push(self.file("accounts", path, |name, text| Accounts::read(name, text).map(|_| ())));
        }
        if let Some(path) = &config.sources {
            findings.push(self.file("sources", path, |name, text| EventSources::read(name, text).map(|_| ())));
        }
        findings
    }

    fn file(&self, name: &'static str, path: &Path, read: impl Fn(&str, &str) -> Result<(), Vec<Problem>>) -> Finding {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        match read(&path.display().to_string(), &text) {
            Ok(()) => self.private(name, path),
            Err(problems) => match problems.first() {
                Some(problem) => self.problem(name, problem),
                None => self.private(name, path),
            },
        }
    }
}

/// When the newest file of a folder was written, in milliseconds since 1970.
fn newest(dir: &Path) -> Option<i64> {
    let written = |entry: std::fs::DirEntry| {
        let since = entry.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_millis()).ok()
    };
    std::fs::read_dir(dir).ok()?.filter_map(Result::ok).filter_map(written).max()
}

fn has_cjk_font(dir: &Path, depth: u32) -> bool {
    let Ok(entries) = std::fs::read_dir(dir) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let fits = ["cjk", "wqy", "sourcehan", "simsun", "droidsansfallback"].iter().any(|part| name.contains(part));
        let path = entry.path();
        (fits && path.is_file()) || (depth > 0 && path.is_dir() && has_cjk_font(&path, depth - 1))
    })
}

/// Whether doudi's own health page answers there.
fn answers_ready(listen: &str) -> bool {
    use std::io::Read;
    let asked = TcpStream::connect(listen).and_then(|mut stream| {
        stream.set_read_timeout(Some(BROKER_WAIT))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head)
    });
    asked.is_ok_and(|head| head.ends_with(b" 200"))
}
