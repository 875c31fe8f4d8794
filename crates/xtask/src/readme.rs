//! Runs the command blocks of the READMEs, so that what they promise is what happens.
//!
//! | block | is |
//! |---|---|
//! | ```` ```sh ```` | run by `sh -eu`; must end with code 0 |
//! | ```` ```sh,exit=1 ```` | run; must end with that code (`doudi` answers 1 where a person must look) |
//! | ```` ```sh,no-run ```` | shown, not run: what installs a toolchain, clones, or is a step of the lane itself |
//! | ```` ```text ```` right after one of the first two, only blank lines between | its standard output, compared |
//!
//! A block that names `cargo xtask` must be marked `no-run`: the lane that runs the README would run itself. Both
//! commands of the README are run all the same, the test as the lane, the demo as its last step.
//!
//! In the expected output `…` stands for anything within a line, and a line that is only `…` for any number of
//! lines. Blanks at the end of a line and of the whole do not count.
//!
//! The blocks of one document run in order in one scratch directory. It looks like the repository (every visible
//! entry of its top level is a link) but for `target` and `doudi-data`, so paths work as written and data stays out
//! of the tree. `doudi` is the one just built. What a block leaves running is ended with it.

pub mod block;
pub mod compare;

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::tool;
use block::Block;

/// A command that a reader is asked to type answers within this time.
const LIMIT: Duration = Duration::from_secs(180);

/// What stands in the repository's top level and must not be seen by a README's commands.
const HIDDEN: [&str; 2] = ["target", "doudi-data"];

/// Runs the blocks of `README.md` and of every `fixtures/*/README.md`, with the program in `bin` on the path.
///
/// # Errors
/// Every block that does otherwise than its document says, with place and output. Also where no block is found.
pub fn run(repo: &Path, bin: &Path) -> Result<(), String> {
    let (mut ran, mut wrong) = (0, Vec::new());
    for document in documents(repo) {
        let text = fs::read_to_string(&document).map_err(|e| format!("{}: {e}", document.display()))?;
        let name = document.strip_prefix(repo).unwrap_or(&document).display().to_string();
        let blocks = block::parse(&text).map_err(|e| format!("{name}:{e}"))?;
        let scratch = Scratch::of(repo)?;
        for block in blocks {
            ran += 1;
            eprintln!("  {name}:{}  {}", block.line, block.script.lines().next().unwrap_or_default());
            if let Err(e) = check(&block, &scratch.dir, bin) {
                wrong.push(format!("{name}:{}: {e}", block.line));
            }
        }
    }
    if ran == 0 {
        wrong.push("no README has a block to run".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n")) }
}

/// The documents whose blocks are run, in a fixed order.
fn documents(repo: &Path) -> Vec<PathBuf> {
    let worlds = fs::read_dir(repo.join("fixtures")).into_iter().flatten().flatten();
    let mut found = worlds.map(|world| world.path().join("README.md")).collect::<Vec<_>>();
    found.sort();
    found.insert(0, repo.join("README.md"));
    found.retain(|file| file.is_file());
    found
}

/// A directory that looks like the repository; gone when dropped.
struct Scratch {
    dir: PathBuf,
}

impl Scratch {
    fn of(repo: &Path) -> Result<Self, String> {
        let dir = std::env::temp_dir().join(format!("doudi-readme-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let scratch = Self { dir };
        scratch.fill(repo).map_err(|e| format!("{}: {e}", scratch.dir.display()))?;
        Ok(scratch)
    }

    fn fill(&self, repo: &Path) -> std::io::Result<()> {
        fs::create_dir_all(&self.dir)?;
        for entry in fs::read_dir(repo)? {
            let entry = entry?;
            let name = entry.file_name();
            if !name.to_string_lossy().starts_with('.') && !HIDDEN.iter().any(|hidden| name == *hidden) {
                symlink(entry.path(), self.dir.join(name))?;
            }
        }
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir); // removes the links, not what they point at
    }
}

fn check(block: &Block, dir: &Path, bin: &Path) -> Result<(), String> {
    let (code, stdout, stderr) = execute(&block.script, dir, bin)?;
    let told = || format!("--- it printed\n{stdout}--- and on standard error\n{stderr}---");
    if code != Some(block.exit) {
        let code = code.map_or_else(|| "a signal, or too late".to_owned(), |code| format!("code {code}"));
        return Err(format!("ended with {code}, not code {}\n{}", block.exit, told()));
    }
    match &block.output {
        Some(expected) => {
            compare::output(expected, &stdout).map_err(|line| format!("not as shown: {line}\n{}", told()))
        }
        None => Ok(()),
    }
}

/// Runs one script; its exit code (none: ended by a signal or by us), standard output and standard error.
///
/// Output goes to files, not pipes: a program left running in the background would keep a pipe open.
fn execute(script: &str, dir: &Path, bin: &Path) -> Result<(Option<i32>, String, String), String> {
    let files = [".stdout", ".stderr"].map(|name| dir.join(name));
    let open = |file: &PathBuf| File::create(file).map_err(|e| format!("{}: {e}", file.display()));
    let [out, err] = &files;
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-eu", "-c", script]).current_dir(dir).process_group(0);
    shell.env("PATH", path).env("NO_COLOR", "1").env("TERM", "dumb");
    shell.stdin(Stdio::null()).stdout(open(out)?).stderr(open(err)?);
    let mut child = shell.spawn().map_err(|e| format!("sh: {e}"))?;
    let group = child.id();
    let status = tool::wait(&mut child, LIMIT)?;
    let _ = tool::answers(Command::new("sh").args(["-c", &format!("kill -s KILL -- -{group}")]));
    let read = |file: &PathBuf| fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let [stdout, stderr] = [read(out), read(err)].map(|text| text.unwrap_or_else(|e| format!("({e})\n")));
    Ok((status.and_then(|status| status.code()), stdout, stderr))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository of two files; what its README gets for an answer.
    #[track_caller]
    fn answer(readme: &str) -> Result<(), String> {
        static NEXT: std::sync::Mutex<u32> = std::sync::Mutex::new(0);
        let mut number = NEXT.lock().unwrap(); // one at a time: they share the scratch directory
        *number += 1;
        let repo = std::env::temp_dir().join(format!("doudi-readme-test-{}-{number}", std::process::id()));
        fs::create_dir_all(repo.join("target")).unwrap();
        fs::write(repo.join("README.md"), readme).unwrap();
        fs::write(repo.join("town.txt"), "嘉鱼县\n").unwrap();
        let result = run(&repo, Path::new("/nowhere"));
        fs::remove_dir_all(&repo).unwrap();
        result
    }

    #[test]
    fn blocks_share_a_directory_that_looks_like_the_repository() {
        answer(
            "```sh\ncat town.txt > copy\n```\n\nand\n\n```sh\ncat copy; ls\n```\n\n```text\n嘉鱼县\n…\ntown.txt\n```\n",
        )
        .unwrap();
        let error = answer("```sh\nls\n```\n```text\nREADME.md\ntarget\ntown.txt\n```\n").unwrap_err();
        assert!(error.contains("README.md:1: not as shown"), "{error}");
    }

    #[test]
    fn every_wrong_block_is_named_with_its_line_and_output() {
        let error = answer("```sh\necho 甲; exit 3\n```\n\n```sh\necho 乙\n```\n```text\n丙\n```\n").unwrap_err();
        assert!(error.contains("README.md:1: ended with code 3, not code 0") && error.contains("甲"), "{error}");
        assert!(error.contains("README.md:5: not as shown") && error.contains("乙"), "{error}");
    }

    #[test]
    fn an_announced_exit_code_is_right_and_another_is_not() {
        answer("```sh,exit=1\nexit 1\n```\n").unwrap();
        answer("```sh,exit=1\ntrue\n```\n").unwrap_err();
    }

    #[test]
    fn what_a_block_leaves_running_ends_with_it() {
        answer("```sh\nsleep 600 & echo $! > pid\n```\n```sh\n! grep -q sleep /proc/$(cat pid)/cmdline 2> gone\n```\n")
            .unwrap();
    }

    #[test]
    fn a_readme_with_nothing_to_run_is_no_success() {
        let error = answer("# doudi\n\n```sh,no-run\ncargo xtask test\n```\n").unwrap_err();
        assert!(error.contains("no README has a block to run"), "{error}");
    }
}
