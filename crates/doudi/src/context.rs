//! What every command shares: language, format, data directory, bundle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use doudi_model::{Lang, Problem, Text};
use doudi_rules::bundle::{Bundle, Files};
use doudi_server::config::{Config, SETTINGS, Sources};

use crate::cli::{Format, Global};
use crate::output::Output;
use crate::rules_dir;

/// How a command that ran to its end came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Nothing to look at.
    Clean,
    /// Something was found that a person must look at.
    Found,
}

impl Done {
    /// `Found` if there is something to look at.
    pub(crate) fn found_if(found: bool) -> Done {
        if found { Done::Found } else { Done::Clean }
    }

    pub(crate) fn code(self) -> ExitCode {
        match self {
            Done::Clean => ExitCode::SUCCESS,
            Done::Found => ExitCode::from(1),
        }
    }
}

/// Why a command could not run to its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong use: flags, config, an unreadable bundle.
    Usage(Vec<Problem>),
    /// The surroundings: disk, broker, port.
    Environment(Problem),
}

impl Failure {
    pub(crate) fn usage(problem: Problem) -> Failure {
        Failure::Usage(vec![problem])
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Failure::Usage(_) => ExitCode::from(2),
            Failure::Environment(_) => ExitCode::from(3),
        }
    }

    pub(crate) fn problems(&self) -> &[Problem] {
        match self {
            Failure::Usage(problems) => problems,
            Failure::Environment(problem) => std::slice::from_ref(problem),
        }
    }
}

impl From<doudi_store::Fault> for Failure {
    fn from(fault: doudi_store::Fault) -> Failure {
        let mut problem = fault.problem();
        if problem.code == "store/locked" {
            problem.hint = Text::new(
                "多半是 doudi serve 正在运行。不停它：在工作台办理，事件发往它的 POST /v1/events（例如 curl -H \
                 'content-type: application/cloudevents-batch+json' --data @events.json http://127.0.0.1:8787/v1/events）。\
                 要用命令行：先停掉那个进程（systemctl stop doudi，或在它的终端按 Ctrl-C），再重新运行；或用 --data 指定另一个目录",
                "most likely doudi serve is running. Leave it running: work at its desk and send events to its POST /v1/events \
                 (for example curl -H 'content-type: application/cloudevents-batch+json' --data @events.json \
                 http://127.0.0.1:8787/v1/events). To use the command line: stop that process first (systemctl stop doudi, or \
                 Ctrl-C in its terminal) and run this again; or name another directory with --data",
            );
        }
        Failure::Environment(problem)
    }
}

impl From<doudi_model::stage::StateFault> for Failure {
    fn from(fault: doudi_model::stage::StateFault) -> Failure {
        Failure::Environment(doudi_store::Fault::from(fault).problem())
    }
}

/// What a command gets to know.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) lang: Lang,
    pub(crate) format: Format,
    pub(crate) quiet: bool,
    /// How much of the log is wanted on stderr.
    pub(crate) verbose: u8,
    /// The data directory.
    pub(crate) data: PathBuf,
    /// The bundle's folder; none is the one compiled in.
    pub(crate) rules: Option<PathBuf>,
    /// Days without an entry that the user accepts.
    pub(crate) idle_days: Option<i32>,
    /// What the command line said, by setting name.
    pub(crate) flags: BTreeMap<String, String>,
}

pub(crate) type Answer = Result<Done, Failure>;

impl Context {
    /// What flags, environment and config file say together. The context is there even if they contradict
    /// themselves, so that the fault can be told.
    pub(crate) fn new(global: &Global) -> (Context, Result<(), Failure>) {
        let flags = flags(global);
        let word = |name: &str| flags.get(name).map(String::as_str);
        let mut context = Context {
            lang: if word("lang") == Some("en") { Lang::En } else { Lang::Zh },
            format: if word("format") == Some("json") { Format::Json } else { Format::Text },
            quiet: global.quiet,
            verbose: global.verbose,
            data: PathBuf::from("./doudi-data"),
            rules: None,
            idle_days: global.idle_days,
            flags,
        };
        // A variable that is no setting is the service's matter; it must not stop every command.
        let known = |name: &str| SETTINGS.iter().any(|spec| name == format!("DOUDI_{}", spec.name.to_uppercase()));
        let settled = context.settings(BTreeMap::new(), known).map(|config| {
            let format = config.settings.iter().find(|setting| setting.name == "format");
            context.format = if format.is_some_and(|word| word.value == "json") { Format::Json } else { Format::Text };
            context.lang = config.lang;
            context.data = config.data;
            context.rules = config.rules;
        });
        (context, settled)
    }

    /// All settings, with more flags than the common ones, from the variables that `env` lets through.
    pub(crate) fn settings(
        &self,
        more: BTreeMap<String, String>,
        env: impl Fn(&str) -> bool,
    ) -> Result<Config, Failure> {
        let mut flags = self.flags.clone();
        flags.extend(more);
        let path = flags.get("config").cloned().or_else(|| std::env::var("DOUDI_CONFIG").ok());
        let text = match path.filter(|path| !path.is_empty()) {
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|fault| Failure::usage(unreadable(path.as_ref(), &fault)))?;
                Some((path, text))
            }
            None => None,
        };
        let env = std::env::vars().filter(|(name, _)| name.starts_with("DOUDI_") && env(name)).collect();
        let file = text.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
        Config::load(&Sources { flags, env, file }).map_err(Failure::Usage)
    }

    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// One of two texts, by the language asked for.
    pub(crate) fn say(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        match self.lang {
            Lang::Zh => zh.into(),
            Lang::En => en.into(),
        }
    }

    pub(crate) fn output(&self) -> Output<'_> {
        Output::new(self)
    }

    /// The bundle of `--rules`, or the one compiled into the program.
    pub(crate) fn bundle(&self) -> Result<Bundle, Failure> {
        Bundle::load(self.bundle_files()?).map_err(Failure::Usage)
    }

    /// Its files, not yet looked at.
    pub(crate) fn bundle_files(&self) -> Result<Files, Failure> {
        match &self.rules {
            Some(dir) => rules_dir::read(dir).map_err(Failure::usage),
            None => Ok(rules_dir::built_in()),
        }
    }
}

fn flags(global: &Global) -> BTreeMap<String, String> {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let named = [
        ("config", path(&global.config)),
        ("data", path(&global.data)),
        ("rules", path(&global.rules)),
        ("lang", global.lang.map(|lang| lang.word().to_owned())),
        ("format", global.format.map(|format| format.word().to_owned())),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// A file that cannot be read.
pub(crate) fn unreadable(path: &Path, fault: &std::io::Error) -> Problem {
    Problem::new(
        "io/read",
        Text::new(format!("读不了文件：{fault}"), format!("cannot read the file: {fault}")),
        Text::new("请检查路径和权限", "check the path and the permissions"),
    )
    .at(path.display().to_string())
}
