//! The installation's keys, in files that only their owner may read.
//!
//! `keys/pseudonym.key` and `keys/vault.key` hold 64 hexadecimal signs each. They are made at the first start
//! and never again: without the pseudonym key nobody can be recognised, without the vault key no name can be
//! read, so they belong into the backup, apart from the data.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use doudi_model::Digest;
use doudi_model::person::PseudonymKey;
use doudi_model::secret::Secret;

use crate::fault::Fault;
use crate::journal;
use crate::vault::Vault;

/// The keys of one data directory.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Makes pseudonyms.
    pub pseudonym: PseudonymKey,
    /// Seals and opens.
    pub vault: Vault,
}

impl Keys {
    /// Reads the keys of a data directory; makes them if the directory is new.
    ///
    /// # Errors
    /// If a key file is unreadable, readable by others, or missing although there is data already.
    pub fn open(data: &Path) -> Result<Keys, Fault> {
        make_private_dir(data)?;
        let dir = data.join("keys");
        make_private_dir(&dir)?;
        let used = journal::has_entries(&data.join("journal"));
        let key = |name: &str| open_key(&dir.join(name), used);
        Ok(Keys {
            pseudonym: PseudonymKey::new(*key("pseudonym.key")?.reveal()),
            vault: Vault::new(&key("vault.key")?),
        })
    }
}

/// Makes a folder that only its owner may enter; one that is there stays as it is.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), Fault> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| Fault::io(dir, &error))
}

fn open_key(path: &Path, used: bool) -> Result<Secret<[u8; 32]>, Fault> {
    match read_key(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && used => Err(missing(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_key(path)?;
            read_key(path).map_err(|error| Fault::io(path, &error))?.ok_or_else(|| unreadable(path))
        }
        Err(error) => Err(Fault::io(path, &error)),
        Ok(None) => Err(unreadable(path)),
        Ok(Some(key)) => {
            let mode = fs::metadata(path).map_err(|error| Fault::io(path, &error))?.permissions().mode();
            if mode & 0o077 == 0 { Ok(key) } else { Err(exposed(path)) }
        }
    }
}

fn read_key(path: &Path) -> io::Result<Option<Secret<[u8; 32]>>> {
    let text = fs::read_to_string(path)?;
    Ok(text.trim().parse::<Digest>().ok().map(|digest| Secret::new(digest.0)))
}

fn make_key(path: &Path) -> Result<(), Fault> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Fault::new(
            "store/randomness",
            (format!("系统没有提供随机数：{error}"), format!("the system gives no randomness: {error}")),
            ("检查操作系统的随机数设备", "check the random device of the operating system"),
        )
    })?;
    let fault = |error: io::Error| Fault::io(path, &error);
    let temporary = temporary(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary).map_err(fault)?;
    // Linking fails if another process was first; its key then counts.
    let made = writeln!(file, "{}", Digest(bytes)).and_then(|()| file.sync_all()).and_then(|()| {
        match fs::hard_link(&temporary, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => path.parent().map_or(Ok(()), |dir| File::open(dir).and_then(|dir| dir.sync_all())),
        }
    });
    let _ = fs::remove_file(&temporary);
    made.map_err(fault)
}

fn temporary(path: &Path) -> PathBuf {
    path.with_extension(format!("{}.tmp", std::process::id()))
}

fn missing(path: &Path) -> Fault {
    Fault::new(
        "store/key-missing",
        ("数据目录已有数据，但缺少密钥".into(), "there is data, but its key is missing".into()),
        (
            "从备份恢复 keys/；没有它无法识别已登记的人",
            "restore keys/ from a backup; without it nobody known can be recognised",
        ),
    )
    .at(path.display())
}

fn unreadable(path: &Path) -> Fault {
    Fault::new(
        "store/key-unreadable",
        ("密钥文件不是 64 位十六进制".into(), "the key file is not 64 hexadecimal signs".into()),
        ("从备份恢复该文件", "restore the file from a backup"),
    )
    .at(path.display())
}

fn exposed(path: &Path) -> Fault {
    Fault::new(
        "store/key-exposed",
        ("密钥文件可被其他用户读取".into(), "other users can read the key file".into()),
        ("运行 chmod 600，并考虑密钥是否已经外泄", "run chmod 600, and consider whether the key has leaked"),
    )
    .at(path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_by_their_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let first = Keys::open(dir.path()).unwrap();
        let again = Keys::open(dir.path()).unwrap();
        assert_eq!(first.pseudonym.derive(b"t", b"x"), again.pseudonym.derive(b"t", b"x"));
        let file = dir.path().join("keys/vault.key");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(Keys::open(dir.path()).unwrap_err().code(), "store/key-exposed");
    }

    #[test]
    fn a_key_that_is_missing_beside_data_is_not_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        Keys::open(dir.path()).unwrap();
        let (mut journal, _) = journal::Journal::open(&dir.path().join("journal")).unwrap();
        crate::log::Log::append(&mut journal, &[b"x"]).unwrap();
        fs::remove_file(dir.path().join("keys/pseudonym.key")).unwrap();
        assert_eq!(Keys::open(dir.path()).unwrap_err().code(), "store/key-missing");
    }

    #[test]
    fn keys_do_not_show_in_debug_text() {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::open(dir.path()).unwrap();
        assert_eq!(format!("{keys:?}"), "Keys { pseudonym: PseudonymKey(…), vault: Vault(…) }");
    }
}
