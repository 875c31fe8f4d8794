//! Every bundle that ever decided, kept by its digest in `bundles/<digest>/`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use doudi_model::Digest;

use crate::disk::sync_dir;
use crate::fault::Fault;

/// Files of a bundle by their path within it, with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Keeps a bundle, unless it is kept already. Call it before the house is opened with that bundle.
///
/// # Errors
/// If a path leads out of the bundle, or the files cannot be written.
pub fn keep(data: &Path, digest: Digest, files: &Files) -> Result<PathBuf, Fault> {
    let all = data.join("bundles");
    let dir = all.join(digest.to_string());
    if dir.is_dir() {
        return Ok(dir);
    }
    crate::keys::make_private_dir(&all)?;
    let temporary = all.join(format!("{digest}.tmp"));
    let fault = |error: io::Error| Fault::io(&temporary, &error);
    if temporary.exists() {
        fs::remove_dir_all(&temporary).map_err(fault)?;
    }
    fs::create_dir(&temporary).map_err(fault)?;
    for (name, bytes) in files {
        write(&temporary, name, bytes)?;
    }
    sync_dir(&temporary)
        .and_then(|()| fs::rename(&temporary, &dir))
        .and_then(|()| sync_dir(&all))
        .map_err(|error| Fault::io(&dir, &error))?;
    Ok(dir)
}

/// The files of a kept bundle, or `None` if it is not kept.
///
/// # Errors
/// If they cannot be read.
pub fn read(data: &Path, digest: Digest) -> Result<Option<Files>, Fault> {
    let dir = data.join("bundles").join(digest.to_string());
    if !dir.is_dir() {
        return Ok(None);
    }
    let mut files = Files::new();
    gather(&dir, "", &mut files)?;
    Ok(Some(files))
}

/// The digests of all kept bundles.
///
/// # Errors
/// If the folder cannot be read.
pub fn list(data: &Path) -> Result<Vec<Digest>, Fault> {
    let dir = data.join("bundles");
    let fault = |error: io::Error| Fault::io(&dir, &error);
    let mut found = Vec::new();
    if dir.is_dir() {
        for entry in fs::read_dir(&dir).map_err(fault)? {
            let name = entry.map_err(fault)?.file_name();
            found.extend(name.to_str().and_then(|name| name.parse::<Digest>().ok()));
        }
    }
    found.sort();
    Ok(found)
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), Fault> {
    let relative = Path::new(name);
    if name.is_empty() || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(Fault::defect("a bundle names a file outside itself").at(name));
    }
    let path = dir.join(relative);
    let folder = path.parent().unwrap_or(dir);
    fs::create_dir_all(folder)
        .and_then(|()| File::create(&path))
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| sync_dir(folder))
        .map_err(|error| Fault::io(&path, &error))
}

fn gather(dir: &Path, prefix: &str, files: &mut Files) -> Result<(), Fault> {
    let fault = |error: io::Error| Fault::io(dir, &error);
    for entry in fs::read_dir(dir).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(fault)?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path()).map_err(|error| Fault::io(&entry.path(), &error))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_bundle_comes_back_file_by_file() {
        let data = tempfile::tempdir().unwrap();
        let files = Files::from([("bundle.toml".into(), b"a".to_vec()), ("facts/medical.toml".into(), b"b".to_vec())]);
        let digest = Digest::of(b"bundle");
        assert_eq!(read(data.path(), digest).unwrap(), None);
        keep(data.path(), digest, &files).unwrap();
        keep(data.path(), digest, &Files::new()).unwrap();
        assert_eq!(read(data.path(), digest).unwrap(), Some(files));
        assert_eq!(list(data.path()).unwrap(), [digest]);
    }

    #[test]
    fn a_file_outside_the_bundle_is_refused() {
        let data = tempfile::tempdir().unwrap();
        for name in ["../x", "/etc/x", "", "a/../../x"] {
            let files = Files::from([(name.to_owned(), Vec::new())]);
            assert!(keep(data.path(), Digest::of(b"b"), &files).is_err(), "{name}");
        }
    }
}
