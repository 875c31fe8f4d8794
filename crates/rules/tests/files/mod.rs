//! Files of a folder by their names below it, as a bundle has them. Tests of other crates include this file by its path.
#![allow(dead_code, clippy::unwrap_used, reason = "a helper of tests; each uses its own part")]

use std::collections::BTreeMap;
use std::path::Path;

type Files = BTreeMap<String, Vec<u8>>;

/// All files below a folder.
pub(crate) fn below(folder: &Path) -> Files {
    let (mut files, mut folders) = (Files::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Those that mean something to a bundle; notes beside them do not.
pub(crate) fn of_bundle(folder: &Path) -> Files {
    let mut files = below(folder);
    files.retain(|name, _| name.ends_with(".toml") || name.ends_with(".csv"));
    files
}
