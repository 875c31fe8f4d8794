//! The list of settings, and finding each one's text and origin.

use doudi_model::{Problem, Text};

use super::Sources;

/// What a setting is called, its default, and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Name in the file; the variable is `DOUDI_` and the name in capitals, the flag `--` and the name with dashes.
    pub name: &'static str,
    /// Text of the default; blank for "not set".
    pub default: &'static str,
    /// 用途.
    pub zh: &'static str,
    /// What it is for.
    pub en: &'static str,
}

const fn spec(name: &'static str, default: &'static str, zh: &'static str, en: &'static str) -> Spec {
    Spec { name, default, zh, en }
}

/// Every setting there is.
pub const SETTINGS: [Spec; 16] = [
    spec("data", "./doudi-data", "数据目录", "the data directory"),
    spec("rules", "", "规则包目录；空着用内置的", "the bundle's folder; blank is the one compiled in"),
    spec("lang", "zh", "语言：zh 或 en", "language: zh or en"),
    spec("format", "text", "命令行输出：text 或 json", "what the command line prints: text or json"),
    spec("listen", "127.0.0.1:8787", "监听地址和端口", "address and port to listen on"),
    spec("accounts", "", "账号文件", "the file of accounts"),
    spec(
        "sources",
        "",
        "数据来源令牌文件；空着只收本机发来的事件",
        "the file of source tokens; blank takes events from this machine only",
    ),
    spec("kafka_in", "", "从哪些 Kafka 代理读入", "Kafka brokers to read from"),
    spec(
        "kafka_topics",
        "doudi.in.household,doudi.in.medical,doudi.in.relapse,doudi.in.registers",
        "读入的主题",
        "topics to read",
    ),
    spec("kafka_group", "doudi-in", "消费者组", "the consumer group"),
    spec("cookie_secure", "auto", "会话只走 TLS：auto、true、false", "session cookie over TLS only: auto, true, false"),
    spec("idle_minutes", "30", "多少分钟不用自动退出", "minutes without use after which a session ends"),
    spec("log", "info", "日志级别", "what is logged"),
    spec("log_format", "text", "日志格式：text 或 json", "how it is logged: text or json"),
    spec("complaints", "", "页脚的意见与投诉链接", "link for opinions and complaints at the foot of each page"),
    spec("config", "", "配置文件", "the config file"),
];

/// Where an effective value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the config file.
    File(String, usize),
    /// A variable.
    Env(String),
    /// A flag.
    Flag(String),
}

/// One effective setting.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value as text.
    pub value: String,
    /// Where that came from.
    pub origin: Origin,
}

impl Setting {
    /// `--listen`, `DOUDI_LISTEN`, `doudi.toml:3`, or nothing for a default.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.origin {
            Origin::Default => String::new(),
            Origin::File(file, line) => format!("{file}:{line}"),
            Origin::Env(name) | Origin::Flag(name) => name.clone(),
        }
    }
}

fn unknown(place: String, name: &str) -> Problem {
    let near = SETTINGS.iter().map(|spec| spec.name).min_by_key(|known| distance(known, name)).unwrap_or("");
    let message = Text::new("没有这个设置", "there is no such setting");
    let hint = Text::new(format!("是否想写 {near}？"), format!("did you mean {near}?"));
    Problem::new("config/unknown", message, hint).at(place)
}

/// How many signs differ between two names, place by place and in length; enough for a hint.
fn distance(a: &str, b: &str) -> usize {
    let mut rows: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = i;
        if let Some(first) = rows.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.bytes().enumerate() {
            let up = rows.get(j + 1).copied().unwrap_or(0);
            let left = rows.get(j).copied().unwrap_or(0);
            let best = (corner + usize::from(x != y)).min(up + 1).min(left + 1);
            if let Some(slot) = rows.get_mut(j + 1) {
                *slot = best;
            }
            corner = up;
        }
    }
    rows.last().copied().unwrap_or(0)
}

/// The effective text of every setting; unknown names are faults.
pub(super) fn gather(sources: &Sources<'_>, faults: &mut Vec<Problem>) -> Vec<Setting> {
    for name in sources.env.keys() {
        let setting = name.strip_prefix("DOUDI_").map(str::to_ascii_lowercase);
        // These speak to tests and to the clock.
        let foreign = |name: &str| name.starts_with("test") || matches!(name, "conformance" | "bin" | "clock");
        if let Some(setting) = setting.filter(|name| !foreign(name) && !SETTINGS.iter().any(|spec| spec.name == name)) {
            faults.push(unknown(name.clone(), &setting));
        }
    }
    let file = sources.file.map(|(name, text)| read_file(name, text, faults)).unwrap_or_default();
    SETTINGS
        .iter()
        .map(|spec| {
            let variable = format!("DOUDI_{}", spec.name.to_ascii_uppercase());
            let (value, origin) = if let Some(value) = sources.flags.get(spec.name) {
                (value.clone(), Origin::Flag(format!("--{}", spec.name.replace('_', "-"))))
            } else if let Some(value) = sources.env.get(&variable) {
                (value.clone(), Origin::Env(variable))
            } else if let Some((_, value, origin)) = file.iter().find(|(name, ..)| name == spec.name) {
                (value.clone(), origin.clone())
            } else {
                (spec.default.to_owned(), Origin::Default)
            };
            Setting { name: spec.name, value, origin }
        })
        .collect()
}

fn read_file(file: &str, text: &str, faults: &mut Vec<Problem>) -> Vec<(String, String, Origin)> {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(fault) => {
            let line = fault.span().map_or(1, |span| line_of(text, span.start));
            let message = Text::new("配置文件不是 TOML", "the config file is not TOML");
            let hint = Text::new("每行写成 名称 = 值，文字加引号", "write name = value, text in quotes");
            faults.push(Problem::new("config/toml", message, hint).at(format!("{file}:{line}")));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (name, value) in &table {
        let line = text.lines().position(|line| line.trim_start().starts_with(name.as_str())).map_or(1, |at| at + 1);
        if !SETTINGS.iter().any(|spec| spec.name == name) {
            faults.push(unknown(format!("{file}:{line}"), name));
            continue;
        }
        let value = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Array(items) => {
                items.iter().map(|item| item.as_str().unwrap_or_default()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        found.push((name.clone(), value, Origin::File(file.to_owned(), line)));
    }
    found
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
