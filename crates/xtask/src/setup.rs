//! What a machine must have, and how it gets it.
//!
//! Each thing is looked for first, so a machine that has everything is left alone. What is missing is installed by
//! name where that is allowed (as root, or by `sudo` without a password) and can be done (Debian and its kin);
//! elsewhere the exact line to run is printed and nothing is touched.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::python::Engine;
use crate::{broker, tool};

/// A slow mirror may take this long for a browser and its fonts.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// The version that is installed where there is none; any other that is there is used as it is.
const CARGO_DENY: &str = "cargo-deny@0.20.2";

/// What the machine is set up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum For {
    /// To build and run doudi.
    Build,
    /// Also to run every test: browser, broker, DuckDB, licence check.
    Test,
}

/// Why set-up came to no good end.
#[derive(Debug, PartialEq, Eq)]
pub enum Unmet {
    /// Only a person may do it: the text says what is missing and the line to run.
    Ask(String),
    /// It was tried and failed.
    Failed(String),
}

impl std::fmt::Display for Unmet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ask(text) | Self::Failed(text) => f.write_str(text),
        }
    }
}

/// How to see that a thing is there.
enum Look {
    /// A program on the path.
    Program(&'static str),
    /// A library with its headers, as `pkg-config` knows it.
    Library(&'static str),
    /// A module of Python's own library; Debian keeps some in packages of their own.
    PythonModule(&'static str),
    /// A font for the desk's Chinese.
    ChineseFont,
}

/// One thing that is needed.
struct Need {
    look: Look,
    from: For,
    why: &'static str,
    package: &'static str,
}

const fn need(look: Look, from: For, package: &'static str, why: &'static str) -> Need {
    Need { look, from, why, package }
}

/// Everything, in the order in which it is looked for. `pkg-config` stands before what is asked through it.
const NEEDS: [Need; 14] = [
    need(Look::Program("cc"), For::Build, "build-essential", "compiles librdkafka and zstd"),
    need(Look::Program("c++"), For::Build, "build-essential", "librdkafka's configure asks for it"),
    need(Look::Program("make"), For::Build, "build-essential", "builds librdkafka"),
    need(Look::Program("pkg-config"), For::Build, "pkg-config", "finds the libraries"),
    need(Look::Library("openssl"), For::Build, "libssl-dev", "Kafka over TLS"),
    need(Look::Library("zlib"), For::Build, "zlib1g-dev", "Kafka's compression"),
    need(Look::Program("java"), For::Test, "default-jre-headless", "runs the Kafka broker that tests use"),
    need(Look::Program("mvn"), For::Test, "maven", "fetches the broker's jars"),
    need(Look::Program("python3"), For::Test, "python3", "runs DuckDB, which answers our SQL in tests"),
    need(Look::PythonModule("ensurepip"), For::Test, "python3-venv", "keeps DuckDB out of the system's Python"),
    need(Look::Program("node"), For::Test, "nodejs", "drives the browser"),
    need(Look::Program("npm"), For::Test, "npm", "fetches the driver"),
    need(Look::Program("chromium"), For::Test, "chromium", "shows the desk as a clerk sees it"),
    need(Look::ChineseFont, For::Test, "fonts-noto-cjk", "the desk's Chinese on screenshots"),
];

impl Need {
    fn is_met(&self) -> bool {
        match self.look {
            Look::Program(name) => tool::on_path(name).is_some(),
            Look::Library(name) => tool::answers(Command::new("pkg-config").args(["--exists", name])),
            Look::PythonModule(name) => tool::answers(Command::new("python3").args(["-c", &format!("import {name}")])),
            Look::ChineseFont => {
                let listed = tool::output(Command::new("fc-list").args([":lang=zh", "family"]));
                listed.is_ok_and(|families| !families.trim().is_empty())
                    || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
            }
        }
    }

    fn name(&self) -> &'static str {
        match self.look {
            Look::Program(name) | Look::Library(name) | Look::PythonModule(name) => name,
            Look::ChineseFont => "a Chinese font",
        }
    }
}

/// Looks for everything and installs what is missing.
///
/// # Errors
/// [`Unmet::Ask`] where system packages are missing and may not be installed by us; [`Unmet::Failed`] where an
/// installation failed, or a thing is still missing after it.
pub fn run(purpose: For) -> Result<(), Unmet> {
    let missing = missing(purpose);
    if !missing.is_empty() {
        install(&missing)?;
    }
    if purpose == For::Test { test_tools().map_err(Unmet::Failed) } else { Ok(()) }
}

fn missing(purpose: For) -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| need.from <= purpose && !need.is_met()).collect()
}

fn install(missing: &[&'static Need]) -> Result<(), Unmet> {
    for need in missing {
        eprintln!("missing: {} ({}), package {}", need.name(), need.why, need.package);
    }
    let packages = packages(missing);
    let Some(prefix) = privilege() else { return Err(Unmet::Ask(ask(&packages))) };
    apt(&prefix, &["update", "--quiet"]).map_err(Unmet::Failed)?;
    let mut line = vec!["install", "--quiet", "--yes", "--no-install-recommends"];
    line.extend(&packages);
    apt(&prefix, &line).map_err(Unmet::Failed)?;
    let left = missing.iter().filter(|need| !need.is_met()).map(|need| need.name()).collect::<Vec<_>>();
    if left.is_empty() {
        return Ok(());
    }
    Err(Unmet::Failed(format!("installed {}, yet still missing: {}", packages.join(" "), left.join(", "))))
}

fn packages(missing: &[&'static Need]) -> Vec<&'static str> {
    missing.iter().map(|need| need.package).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a person is told who has to do it.
fn ask(packages: &[&str]) -> String {
    let line = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if tool::on_path("apt-get").is_some() {
        format!("run this, then the same command again:\n\n  sudo {line}\n")
    } else {
        format!("install what is named above; the packages are Debian's names, there the line is:\n\n  {line}\n")
    }
}

/// The words to put before `apt-get`, or none where it is not there or may not be run without a question.
fn privilege() -> Option<Vec<&'static str>> {
    tool::on_path("apt-get")?;
    if tool::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Some(vec![]);
    }
    tool::answers(Command::new("sudo").args(["-n", "true"])).then(|| vec!["sudo", "-n"])
}

fn apt(prefix: &[&str], args: &[&str]) -> Result<(), String> {
    let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], args].concat();
    let Some((program, rest)) = words.split_first() else { return Ok(()) };
    tool::run(Command::new(program).args(rest), LIMIT)
}

/// What comes from Rust's, Java's and Python's own package managers, which need nobody's leave.
fn test_tools() -> Result<(), String> {
    for (program, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !tool::answers(&mut tool::cargo(&[program, "--version"])) {
            tool::run(Command::new("rustup").args(["component", "add", component]), LIMIT)?;
        }
    }
    if !tool::answers(&mut tool::cargo(&["deny", "--version"])) {
        eprintln!("installing {CARGO_DENY} (two to three minutes on two cores, once)");
        tool::run(&mut tool::cargo(&["install", "--quiet", "--locked", CARGO_DENY]), LIMIT)?;
    }
    broker::jars::folder()?;
    // The larger engines are fetched by the step that needs them.
    Engine::DuckDb.python().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_needs_no_browser_and_no_java() {
        let named = |purpose: For| NEEDS.iter().filter(|n| n.from <= purpose).map(Need::name).collect::<Vec<_>>();
        assert!(!named(For::Build).contains(&"chromium") && !named(For::Build).contains(&"java"));
        assert!(named(For::Test).contains(&"chromium") && named(For::Test).contains(&"cc"));
    }

    #[test]
    fn a_package_that_three_things_come_from_is_named_once() {
        let needs = NEEDS.iter().take(5).collect::<Vec<_>>();
        assert_eq!(packages(&needs), ["build-essential", "libssl-dev", "pkg-config"]);
    }

    #[test]
    fn who_may_not_install_is_told_the_line_to_run() {
        assert!(ask(&["libssl-dev", "maven"]).contains("apt-get install --no-install-recommends libssl-dev maven\n"));
    }
}
