//! `doudi`: the command line. Wires the rooms together; holds no rules of its own.

mod cli;
mod command;
mod context;
mod house;
mod output;
mod rules_dir;
mod words;

use std::process::ExitCode;

/// Most of an event's time went into glibc's malloc; `benches/README.md` has the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let (context, settled) = context::Context::new(&cli.global);
    match settled.and_then(|()| command::run(&context, cli.command)) {
        Ok(done) => done.code(),
        Err(failure) => {
            context.output().failure(&failure);
            failure.code()
        }
    }
}
