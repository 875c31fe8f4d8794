//! Settings: flags, environment and file become one typed value, each with where it came from.
//!
//! The order is flag, then `DOUDI_*` variable, then file, then default. All faults are reported together.
//! Secrets never stand in a setting; a setting names the file that holds them.

mod settings;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use doudi_model::{Lang, Problem, Text};

pub use settings::{Origin, SETTINGS, Setting, Spec};

/// Where settings come from. Names are those of [`SETTINGS`]; a variable is `DOUDI_` and the name in capitals.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    /// From the command line, by setting name.
    pub flags: BTreeMap<String, String>,
    /// The environment, whole; only `DOUDI_*` is looked at.
    pub env: BTreeMap<String, String>,
    /// The config file's name and text.
    pub file: Option<(&'a str, &'a str)>,
}

/// How much is logged, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything the service can be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// The bundle; `None` is the one compiled in.
    pub rules: Option<PathBuf>,
    /// Language of the command line and of pages nobody chose a language for.
    pub lang: Lang,
    /// Address and port of the HTTP server.
    pub listen: SocketAddr,
    /// Local accounts; without it nobody can log in.
    pub accounts: Option<PathBuf>,
    /// Tokens of the sources that may send events; without it only this machine may.
    pub sources: Option<PathBuf>,
    /// Brokers whose topics are read into the journal.
    pub kafka_in: Option<String>,
    /// The topics read.
    pub kafka_topics: Vec<String>,
    /// The consumer group.
    pub kafka_group: String,
    /// Sends the session cookie only over TLS; on unless the service listens on this machine alone.
    pub cookie_secure: bool,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// What is logged, in the syntax of `RUST_LOG`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Where people send opinions and complaints; shown at the foot of each page.
    pub complaints: Option<String>,
    /// Every setting with its origin, in the order of [`SETTINGS`].
    pub settings: Vec<Setting>,
}

impl Config {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// Every fault there is, each with its place: flag, variable, or line of the file.
    pub fn load(sources: &Sources<'_>) -> Result<Config, Vec<Problem>> {
        let mut faults = Vec::new();
        let settings = settings::gather(sources, &mut faults);
        let mut read = Reader { settings: &settings, faults: &mut faults };
        let listen =
            read.parsed("listen", "地址和端口，例如 127.0.0.1:8787", "an address and port, such as 127.0.0.1:8787");
        let listen = listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787));
        let config = Config {
            data: read.text("data").unwrap_or_default().into(),
            rules: read.text("rules").map(PathBuf::from),
            lang: read.choice("lang", &[("zh", Lang::Zh), ("en", Lang::En)]).unwrap_or_default(),
            listen,
            accounts: read.text("accounts").map(PathBuf::from),
            sources: read.text("sources").map(PathBuf::from),
            kafka_in: read.text("kafka_in"),
            kafka_topics: read.list("kafka_topics"),
            kafka_group: read.text("kafka_group").unwrap_or_default(),
            cookie_secure: read
                .choice("cookie_secure", &[("auto", None), ("true", Some(true)), ("false", Some(false))])
                .flatten()
                .unwrap_or(!listen.ip().is_loopback()),
            idle_minutes: read.number("idle_minutes", 5, 480),
            log: read.text("log").unwrap_or_default(),
            log_format: read
                .choice("log_format", &[("text", LogFormat::Text), ("json", LogFormat::Json)])
                .unwrap_or(LogFormat::Text),
            complaints: read.text("complaints"),
            settings: Vec::new(),
        };
        if faults.is_empty() { Ok(Config { settings, ..config }) } else { Err(faults) }
    }
}

/// Turns the text of settings into types and gathers what cannot be.
struct Reader<'a> {
    settings: &'a [Setting],
    faults: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// The text of a setting, `None` where it is blank.
    fn text(&self, name: &str) -> Option<String> {
        self.setting(name).map(|setting| setting.value.clone()).filter(|value| !value.is_empty())
    }

    fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    fn blame(&mut self, name: &str, zh: &str, en: &str) {
        let place = self.setting(name).map(Setting::place).unwrap_or_default();
        let message = Text::new(format!("设置 {name} 的值读不懂"), format!("the setting {name} cannot be read"));
        let hint = Text::new(format!("应为{zh}"), format!("expected {en}"));
        self.faults.push(Problem::new("config/value", message, hint).at(place).in_field(name));
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, zh: &str, en: &str) -> Option<T> {
        let value = self.text(name).and_then(|text| text.parse().ok());
        if value.is_none() {
            self.blame(name, zh, en);
        }
        value
    }

    fn number(&mut self, name: &str, least: u32, most: u32) -> u32 {
        let value: Option<u32> = self.text(name).and_then(|text| text.parse().ok());
        match value.filter(|number| (least..=most).contains(number)) {
            Some(number) => number,
            None => {
                self.blame(
                    name,
                    &format!(" {least} 到 {most} 的整数"),
                    &format!("a whole number from {least} to {most}"),
                );
                least
            }
        }
    }

    fn choice<T: Clone>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name).unwrap_or_default();
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| value.clone());
        if found.is_none() {
            let words = choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" | ");
            self.blame(name, &format!("其中之一：{words}"), &format!("one of {words}"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_the_file() {
        let sources = Sources {
            flags: map(&[("data", "/flag")]),
            env: map(&[("DOUDI_DATA", "/env"), ("DOUDI_LISTEN", "0.0.0.0:80"), ("HOME", "/root")]),
            file: Some(("doudi.toml", "data = \"/file\"\nlisten = \"1.2.3.4:5\"\nidle_minutes = 60\n")),
        };
        let config = Config::load(&sources).unwrap();
        assert_eq!((config.data.to_str().unwrap(), config.listen.to_string().as_str()), ("/flag", "0.0.0.0:80"));
        assert_eq!((config.idle_minutes, config.cookie_secure), (60, true));
        let origin = |name: &str| config.settings.iter().find(|setting| setting.name == name).unwrap().place();
        assert_eq!(origin("data"), "--data");
        assert_eq!(origin("listen"), "DOUDI_LISTEN");
        assert_eq!(origin("idle_minutes"), "doudi.toml:3");
        assert_eq!(origin("lang"), "");
    }

    #[test]
    fn all_faults_are_reported_together_with_their_places() {
        let sources = Sources {
            flags: map(&[("listen", "everywhere")]),
            env: map(&[("DOUDI_LANG", "fr"), ("DOUDI_LISTNE", "x")]),
            file: Some(("doudi.toml", "idle_minutes = 1\n\nspeed = 9\n")),
        };
        let faults = Config::load(&sources).unwrap_err();
        let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.code, fault.place)).collect();
        assert_eq!(
            told,
            [
                "config/unknown DOUDI_LISTNE",
                "config/unknown doudi.toml:3",
                "config/value --listen",
                "config/value DOUDI_LANG",
                "config/value doudi.toml:1"
            ]
        );
    }
}
