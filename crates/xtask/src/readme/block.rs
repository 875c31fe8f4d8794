//! Command blocks of a Markdown document.

/// One block that is to be run.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// Line of its opening fence, from 1.
    pub line: usize,
    /// What the shell is given.
    pub script: String,
    /// The exit code that it must end with.
    pub exit: i32,
    /// The standard output it must print, if the document shows it.
    pub output: Option<String>,
}

/// A fenced block of whatever language.
struct Fenced<'a> {
    line: usize,
    info: &'a str,
    body: String,
    /// Only blank lines stand between this and the block before.
    follows: bool,
}

/// The blocks to run, in the order of the document.
///
/// # Errors
/// `LINE: what is wrong`: a fence that is never closed, an unknown mark, a block that would run the lane itself.
pub fn parse(text: &str) -> Result<Vec<Block>, String> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut shown_next = false; // whether the block just before was one to run
    for fenced in fences(text)? {
        if fenced.info == "text" {
            if let Some(last) = blocks.last_mut().filter(|_| shown_next && fenced.follows) {
                last.output = Some(fenced.body);
            }
            shown_next = false;
            continue;
        }
        let block = command(fenced)?;
        shown_next = block.is_some();
        blocks.extend(block);
    }
    Ok(blocks)
}

/// The block as a command, or none if it is not to be run.
fn command(fenced: Fenced<'_>) -> Result<Option<Block>, String> {
    let line = fenced.line;
    let mut marks = fenced.info.split(',').map(str::trim);
    if marks.next() != Some("sh") {
        return Ok(None);
    }
    let mut exit = 0;
    for mark in marks {
        match (mark, mark.strip_prefix("exit=").map(str::parse)) {
            ("no-run", _) => return Ok(None),
            (_, Some(Ok(code))) => exit = code,
            _ => return Err(format!("{line}: unknown mark `{mark}`; known are no-run and exit=N")),
        }
    }
    if fenced.body.contains("cargo xtask") {
        return Err(format!("{line}: `cargo xtask` would run this lane inside itself; mark the block sh,no-run"));
    }
    Ok(Some(Block { line, script: fenced.body, exit, output: None }))
}

fn fences(text: &str) -> Result<Vec<Fenced<'_>>, String> {
    let mut found: Vec<Fenced<'_>> = Vec::new();
    let mut open: Option<Fenced<'_>> = None;
    let mut only_blanks = false;
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Fenced { line: number, info: info.trim(), body: String::new(), follows: only_blanks });
            }
            (None, None) => only_blanks &= line.trim().is_empty(),
            (Some(_), Some(rest)) if rest.trim().is_empty() => {
                found.extend(open.take());
                only_blanks = true;
            }
            (Some(block), _) => {
                block.body.push_str(line);
                block.body.push('\n');
            }
        }
    }
    match open {
        None => Ok(found),
        Some(block) => Err(format!("{}: this block is never closed", block.line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line per block: line, exit code, script, output.
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let shown = |b: &Block| format!("{} {} {:?} {:?}", b.line, b.exit, b.script, b.output.as_deref());
        let blocks = parse(text).map(|blocks| blocks.iter().map(shown).collect::<Vec<_>>());
        assert_eq!(blocks, Ok(expect.iter().map(|&e| e.to_owned()).collect()));
    }

    #[track_caller]
    fn refused(text: &str, expect: &str) {
        let error = parse(text).unwrap_err();
        assert!(error.starts_with(expect), "{error}");
    }

    #[test]
    fn only_sh_blocks_are_run() {
        check("a\n```sh\nls\n```\n```toml\nx = 1\n```\n```\nno language\n```\n", &[r#"2 0 "ls\n" None"#]);
    }

    #[test]
    fn text_right_after_a_command_is_its_output() {
        check("```sh\nls\n```\n\n```text\nfile\n```\n", &[r#"1 0 "ls\n" Some("file\n")"#]);
    }

    #[test]
    fn text_after_prose_or_after_another_block_is_not() {
        check("```sh\nls\n```\nThe flow:\n```text\na -> b\n```\n", &[r#"1 0 "ls\n" None"#]);
        check("```sh\nls\n```\n```toml\n```\n```text\na -> b\n```\n", &[r#"1 0 "ls\n" None"#]);
        check("```sh\nls\n```\n```text\none\n```\n```text\ntwo\n```\n", &[r#"1 0 "ls\n" Some("one\n")"#]);
        check("```text\na -> b\n```\n", &[]);
    }

    #[test]
    fn marks_say_what_is_not_run_and_which_code_is_right() {
        check("```sh,no-run\ncargo xtask demo\n```\n```text\nhttp://…\n```\n", &[]);
        check("```sh,exit=1\nfalse\n```\n", &[r#"1 1 "false\n" None"#]);
        refused("\n```sh,norun\nls\n```\n", "2: unknown mark `norun`");
        refused("```sh,exit=one\nls\n```\n", "1: unknown mark `exit=one`");
    }

    #[test]
    fn a_block_that_would_run_the_lane_inside_itself_is_refused() {
        refused("```sh\ncargo xtask test\n```\n", "1: `cargo xtask`");
    }

    #[test]
    fn a_fence_that_is_never_closed_is_refused() {
        refused("# t\n```sh\nls\n", "2: this block is never closed");
    }
}
