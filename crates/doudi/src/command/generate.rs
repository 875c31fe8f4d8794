//! `doudi generate`: a synthetic population with known truth.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use doudi_model::Day;
use doudi_sim::world::{Options, World};
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// How large a population, from which seed.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// 户数 · households
    #[arg(long, value_name = "N")]
    households: u32,
    /// 随机种子：同种子同字节 · seed: same seed, same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// 输出目录 · output directory
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// 截至哪一天 · as of which day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

pub(crate) fn run(context: &Context, command: &Generate) -> Answer {
    let bundle = context.bundle()?;
    let as_of = match command.as_of {
        Some(day) => day,
        None => doudi_store::clock::from_env()?.now().day(),
    };
    let world = World::new(Options::new(command.households, command.seed, as_of), bundle.divisions())
        .map_err(Failure::usage)?;
    let fault = |fault: std::io::Error| Failure::Environment(unreadable(&command.out, &fault));
    std::fs::create_dir_all(&command.out).map_err(fault)?;
    let write = |name: &str, lines: &mut dyn Iterator<Item = String>| -> Result<u64, Failure> {
        let file = std::fs::File::create(command.out.join(name)).map_err(fault)?;
        let mut writer = std::io::BufWriter::new(file);
        let mut count = 0;
        for line in lines {
            writeln!(writer, "{line}").map_err(fault)?;
            count += 1;
        }
        writer.flush().map_err(fault)?;
        Ok(count)
    };
    let events = write("events.jsonl", &mut world.events())?;
    let truth = write("truth.jsonl", &mut world.truth().lines())?;
    context.output().answer(&json!({"households": command.households, "events": events, "truth": truth}), || {
        format!("{}户，{events}条事件：{}", command.households, command.out.join("events.jsonl").display())
    });
    Ok(Done::Clean)
}
