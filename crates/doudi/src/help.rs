//! The help in one language.
//!
//! Help texts stand beside what they explain, as `中文 · English`. Before a line is parsed each is cut to the language
//! asked for; clap's own words (headings, defaults, choices) come after it.

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use doudi_model::Lang;

/// What parts the two languages of a help text.
const BETWEEN: &str = "· ";

/// The command with all its help in one language.
pub(crate) fn in_language(command: Command, lang: Lang) -> Command {
    let headings = match lang {
        Lang::Zh => ["命令", "参数", "选项", "用法"],
        Lang::En => ["Commands", "Arguments", "Options", "Usage"],
    };
    translated(command, lang, headings)
}

fn translated(mut command: Command, lang: Lang, headings: [&'static str; 4]) -> Command {
    let [commands, arguments, options, usage] = headings;
    if let Some(about) = command.get_about().map(ToString::to_string) {
        command = command.about(of(&about, lang));
    }
    // One text for -h and --help: the long one would be the doc comment in both languages.
    command = command.long_about(None::<&str>);
    command = command.subcommand_help_heading(commands).help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{usage}{colon}{{usage}}\n\n{{all-args}}{{after-help}}",
        colon = if lang == Lang::Zh { "：" } else { ": " }
    ));
    command = command.disable_help_flag(true).arg(
        Arg::new("help")
            .short('h')
            .long("help")
            .action(clap::ArgAction::Help)
            .help(if lang == Lang::Zh { "显示这份说明" } else { "print this help" })
            .help_heading(options),
    );
    if command.is_propagate_version_set() || command.get_version().is_some() {
        command = command.disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help(if lang == Lang::Zh { "显示版本" } else { "print the version" })
                .help_heading(options),
        );
    }
    command = command.mut_args(|arg| argument(arg, lang, arguments, options));
    command.mut_subcommands(|sub| translated(sub, lang, headings))
}

fn argument(arg: Arg, lang: Lang, arguments: &'static str, options: &'static str) -> Arg {
    let heading = if arg.is_positional() { arguments } else { options };
    let mut help = arg.get_help().map(|help| of(&help.to_string(), lang)).unwrap_or_default();
    let takes = arg.get_action().takes_values();
    let choices: Vec<String> = if takes { arg.get_possible_values().iter().map(choice).collect() } else { Vec::new() };
    if !choices.is_empty() {
        help.push_str(&match lang {
            Lang::Zh => format!("（可选：{}）", choices.join("、")),
            Lang::En => format!(" (one of: {})", choices.join(", ")),
        });
    }
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .filter(|value| !value.is_empty())
        .collect();
    if takes && !defaults.is_empty() {
        help.push_str(&match lang {
            Lang::Zh => format!("（默认 {}）", defaults.join("、")),
            Lang::En => format!(" (default: {})", defaults.join(", ")),
        });
    }
    let arg = arg.help(help).long_help(None::<&str>).help_heading(heading);
    if takes { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

fn choice(value: &PossibleValue) -> String {
    value.get_name().to_owned()
}

/// One language's part of a text; a text in one language only is for both.
fn of(text: &str, lang: Lang) -> String {
    let (zh, en) = text.split_once(BETWEEN).unwrap_or((text, text));
    match lang {
        Lang::Zh => {
            // The variable of a setting stands at the end of the English part.
            let variable = en.rsplit_once("(DOUDI_").and_then(|(_, rest)| rest.strip_suffix(')'));
            let variable =
                variable.filter(|_| zh != en).map_or_else(String::new, |name| format!("，变量 DOUDI_{name}"));
            format!("{}{variable}", zh.trim())
        }
        Lang::En => en.trim().to_owned(),
    }
}
