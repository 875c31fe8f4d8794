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
    /// 出差错的事件所占：0.02、2%、20‰ 或千分之几的整数 · share of events with faults: 0.02, 2%, 20‰, or per mille
    #[arg(long, value_name = "RATE", value_parser = per_mille)]
    faults: Option<u32>,
}

/// A share as per mille, without floats.
fn per_mille(text: &str) -> Result<u32, String> {
    let wrong = || "0.02、2%、20‰、20".to_owned();
    let (number, scale) = match (text.strip_suffix('%'), text.strip_suffix('‰')) {
        (Some(number), _) => (number, 10),
        (_, Some(number)) => (number, 1),
        _ if text.contains('.') => (text, 1000),
        _ => (text, 1),
    };
    let (whole, rest) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    let digits = rest.len();
    let whole: u32 = whole.parse().map_err(|_| wrong())?;
    let rest: u32 = if digits == 0 { 0 } else { rest.parse().map_err(|_| wrong())? };
    let one = u32::try_from(digits).ok().and_then(|digits| 10_u32.checked_pow(digits)).ok_or_else(wrong)?;
    let share = u64::from(whole) * scale + u64::from(rest) * scale / u64::from(one);
    u32::try_from(share).ok().filter(|share| *share <= 1000).ok_or_else(wrong)
}

pub(crate) fn run(context: &Context, command: &Generate) -> Answer {
    let bundle = context.bundle()?;
    let as_of = match command.as_of {
        Some(day) => day,
        None => doudi_store::clock::from_env()?.now().day(),
    };
    let mut options = Options::new(command.households, command.seed, as_of);
    if let Some(faults) = command.faults {
        options.faults_per_mille = faults;
    }
    let world = World::new(options, bundle.divisions()).map_err(Failure::usage)?;
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
        let (households, file) = (command.households, command.out.join("events.jsonl"));
        let file = file.display();
        context.say(
            format!("{households}户，{events}条事件：{file}"),
            format!("{households} households, {events} events: {file}"),
        )
    });
    Ok(Done::Clean)
}
