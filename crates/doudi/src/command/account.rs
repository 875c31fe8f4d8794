//! `doudi account hash`: a password from stdin as it stands in the file of accounts.

use std::io::{BufRead, IsTerminal};

use clap::Subcommand;
use doudi_model::{Problem, Text};

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// Accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// 从标准输入读一行密码，输出散列 · reads a password from stdin, prints its hash
    Hash,
}

pub(crate) fn run(context: &Context, command: &Account) -> Answer {
    let Account::Hash = command;
    if std::io::stdin().is_terminal() {
        context.output().note(&Text::new(
            "输入密码，回车结束（屏幕上看得见）：",
            "type the password and press Enter (it shows on the screen):",
        ));
    }
    let mut password = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut password)
        .map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        let hint = Text::new("输入一行密码再回车", "type one line and press Enter");
        let empty = Problem::new("accounts/password", Text::new("密码是空的", "the password is empty"), hint);
        return Err(Failure::usage(empty));
    }
    let hash = doudi_server::auth::hash(password).map_err(Failure::usage)?;
    context.output().answer(&serde_json::json!({"hash": hash}), || hash.clone());
    Ok(Done::Clean)
}
