//! Running other programs, and the few paths that everybody here needs.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a running program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(20);

/// The file that a shell would run for `name`, or none if there is no such program.
#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// A call of the same cargo that runs this program, in the repository's root.
///
/// What cargo told *this* program about its own package is taken out of the environment, so that build scripts
/// below see what they would see without us.
#[must_use]
pub fn cargo<S: AsRef<OsStr>>(args: &[S]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(repo());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs to the end with no standard input; what it prints goes where ours goes.
///
/// # Errors
/// Where the program cannot be started, ends with another code than 0, or is not done within `limit` (it is ended).
pub fn run(command: &mut Command, limit: Duration) -> Result<(), String> {
    let line = shown(command);
    let mut child = command.stdin(Stdio::null()).spawn().map_err(|e| format!("{line}: {e}"))?;
    match wait(&mut child, limit).map_err(|e| format!("{line}: {e}"))? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("{line}: {status}")),
        None => Err(format!("{line}: not done after {} s, ended", limit.as_secs())),
    }
}

/// Runs to the end with no standard input and returns what it printed on standard output; says nothing itself.
///
/// # Errors
/// Where the program cannot be started or ends with another code than 0; with its standard error.
pub fn output(command: &mut Command) -> Result<String, String> {
    let line = shown(command);
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{line}: {e}"))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    Err(format!("{line}: {}\n{}", out.status, String::from_utf8_lossy(&out.stderr).trim_end()))
}

/// Whether the program can be run and says that all is well; prints nothing.
#[must_use]
pub fn answers(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Waits for the end, at most `limit`; then ends the program and returns none.
///
/// # Errors
/// Where the system refuses to tell about the program.
pub fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>, String> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(Some(status));
        }
        if begin.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// The command as a person would type it, for messages.
#[must_use]
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_else(|| command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// The repository's root. Only for `cargo xtask` itself, which cargo starts with the crate's folder in hand.
#[must_use]
pub fn repo() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).filter(|dir| dir.ends_with("xtask"));
    let here = here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.ancestors().nth(2).map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Where cargo puts what it builds: `CARGO_TARGET_DIR`, else `target` in the repository.
#[must_use]
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| repo().join("target"), |dir| repo().join(dir))
}

/// Where things fetched once are kept for the next time: `$XDG_CACHE_HOME/doudi`, else `~/.cache/doudi`.
///
/// # Errors
/// Where neither variable says where a home is.
pub fn cache() -> Result<PathBuf, String> {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from).or_else(home);
    base.map(|dir| dir.join("doudi")).ok_or_else(|| "neither XDG_CACHE_HOME nor HOME is set".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_on_the_path_is_found_and_another_is_not() {
        assert!(on_path("sh").is_some());
        assert_eq!(on_path("no-such-program-anywhere"), None);
    }

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 7"]), Duration::from_secs(10)).unwrap_err();
        assert!(error.starts_with("sh -c exit 7: ") && error.contains('7'), "{error}");
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let error = run(Command::new("sleep").arg("600"), Duration::from_millis(50)).unwrap_err();
        assert!(error.contains("not done"), "{error}");
    }

    #[test]
    fn the_root_is_where_the_workspace_is() {
        assert!(repo().join("Cargo.toml").is_file() && repo().join("crates").is_dir());
    }
}
