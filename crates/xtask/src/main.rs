//! `cargo xtask`: the commands that the README names.

use std::io::{self, Write};
use std::process::ExitCode;

use xtask::broker::stray;
use xtask::lane::step::Verdict;
use xtask::setup::{self, For, Unmet};
use xtask::{demo, lane};

const HELP: &str = "\
cargo xtask demo [ARGS]         build doudi and show a county at work; ARGS as for `doudi demo`
cargo xtask test [--lane NAME]  everything that must pass before a change lands; NAME for one step (may be repeated)
cargo xtask test --list         the steps, in order
cargo xtask setup               install what the tests need, and nothing else
cargo xtask broker start|stop   a Kafka broker to try things with

Exit codes: 0 done, 1 a step failed, 2 wrong use, 3 the machine lacks something.
";

fn main() -> ExitCode {
    let args = std::env::args().skip(1).collect::<Vec<_>>();
    let words = args.iter().map(String::as_str).collect::<Vec<_>>();
    match words.as_slice() {
        ["demo", ..] => unmet(demo::run(args.get(1..).unwrap_or_default()).map(|never| match never {})),
        ["test", "--list"] => {
            say(&lane::STEPS.iter().map(|s| format!("{:<10}  {}\n", s.name, s.what)).collect::<String>())
        }
        ["test", rest @ ..] => test(rest),
        ["setup"] => unmet(setup::run(For::Test)),
        ["broker", "start"] => answer(stray::start().map(|bootstrap| format!("{bootstrap}\n"))),
        ["broker", "stop"] => {
            answer(stray::stop().map(|was| if was { "stopped\n" } else { "none was running\n" }.to_owned()))
        }
        [] | ["help" | "--help" | "-h"] => say(HELP),
        _ => wrong(&format!("no such command: {}", words.join(" "))),
    }
}

fn test(words: &[&str]) -> ExitCode {
    let mut names = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match (*word, words.next()) {
            ("--lane", Some(name)) => names.push((*name).to_owned()),
            _ => return wrong(&format!("`{word}` is not understood")),
        }
    }
    match lane::run(&names) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::from(1),
        Ok(Verdict::Lacking) => ExitCode::from(3),
        Err(e) => wrong(&e),
    }
}

fn unmet(result: Result<(), Unmet>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => environment(&e.to_string()),
    }
}

fn answer(result: Result<String, String>) -> ExitCode {
    result.map_or_else(|e| environment(&e), |text| say(&text))
}

fn say(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(3),
    }
}

fn wrong(why: &str) -> ExitCode {
    eprintln!("{why}\n\n{HELP}");
    ExitCode::from(2)
}

fn environment(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(3)
}
