//! `doudi account hash`: a password from stdin as it stands in the file of accounts.

use std::io::BufRead;

use clap::Subcommand;

use crate::context::{Answer, Context, Done, Failure, unreadable};

/// Accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// 从标准输入读一行密码，输出散列 · reads a password from stdin, prints its hash
    Hash,
}

pub(crate) fn run(context: &Context, command: &Account) -> Answer {
    let Account::Hash = command;
    let mut password = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut password)
        .map_err(|fault| Failure::Environment(unreadable("stdin".as_ref(), &fault)))?;
    let hash = doudi_server::auth::hash(password.trim_end_matches(['\r', '\n'])).map_err(Failure::usage)?;
    context.output().answer(&serde_json::json!({"hash": hash}), || hash.clone());
    Ok(Done::Clean)
}
