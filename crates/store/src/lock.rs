//! One process per data directory.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use fs4::{FileExt, TryLockError};

use crate::fault::Fault;

/// Holds a data directory until it is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the directory.
    ///
    /// # Errors
    /// If another process has it; the fault names that process.
    pub fn take(dir: &Path) -> Result<Lock, Fault> {
        let path = dir.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| Fault::io(&path, &error))?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let digits =
                    file.read_to_string(&mut owner).is_ok() && owner.trim().bytes().all(|b| b.is_ascii_digit());
                return Err(Fault::locked(dir, if digits { owner.trim() } else { "" }));
            }
            Err(TryLockError::Error(error)) => return Err(Fault::io(&path, &error)),
        }
        // The number only helps whoever meets the lock; without it the lock holds as well.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Lock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told_who_has_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path()).unwrap();
        let fault = Lock::take(dir.path()).unwrap_err();
        assert_eq!(fault.code(), "store/locked");
        assert!(fault.to_string().contains(&std::process::id().to_string()));
        drop(first);
        assert!(Lock::take(dir.path()).is_ok());
    }
}
