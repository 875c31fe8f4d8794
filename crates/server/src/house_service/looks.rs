//! The access log: who looked at whom, when, what for. One JSON object a line, pseudonyms and ids only.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use doudi_model::Instant;
use serde_json::json;

use crate::service::Look;

/// The open file.
pub(super) struct Looks {
    file: Mutex<File>,
}

impl Looks {
    /// Opens `looks.jsonl` in the data directory, readable by its owner only.
    pub(super) fn open(dir: &Path) -> io::Result<Looks> {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(dir.join("looks.jsonl"))?;
        Ok(Looks { file: Mutex::new(file) })
    }

    /// Appends one look, in one write.
    pub(super) fn write(&self, at: Instant, look: &Look) -> io::Result<()> {
        let line = json!({
            "at": at,
            "account": look.actor.account,
            "office": look.actor.office,
            "household": look.household,
            "case": look.case,
            "purpose": look.purpose,
        });
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{line}\n").as_bytes())
    }
}
