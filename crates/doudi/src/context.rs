//! What every command shares: language, format, data directory, bundle.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use doudi_model::{Lang, Problem, Text};
use doudi_rules::bundle::Bundle;

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
        Failure::Environment(fault.problem())
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
    pub(crate) config: Option<PathBuf>,
    pub(crate) lang: Lang,
    pub(crate) format: Format,
    pub(crate) quiet: bool,
    /// As given; see [`Context::data`].
    pub(crate) given_data: Option<PathBuf>,
    pub(crate) rules: Option<PathBuf>,
}

pub(crate) type Answer = Result<Done, Failure>;

impl Context {
    pub(crate) fn new(global: &Global) -> Context {
        Context {
            lang: global.lang.into(),
            format: global.format,
            quiet: global.quiet,
            config: global.config.clone(),
            given_data: global.data.clone(),
            rules: global.rules.clone(),
        }
    }

    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        self.given_data.as_deref().unwrap_or(Path::new("./doudi-data"))
    }

    pub(crate) fn output(&self) -> Output<'_> {
        Output::new(self)
    }

    /// The bundle of `--rules`, or the one compiled into the program.
    pub(crate) fn bundle(&self) -> Result<Bundle, Failure> {
        let files = match &self.rules {
            Some(dir) => rules_dir::read(dir).map_err(Failure::usage)?,
            None => rules_dir::built_in(),
        };
        Bundle::load(files).map_err(Failure::Usage)
    }
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
