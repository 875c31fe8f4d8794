//! A bundle's files: from a directory, or the ones compiled into the program.

use std::path::Path;

use doudi_model::{Problem, Text};
use doudi_rules::bundle::Files;
use include_dir::{Dir, include_dir};

use crate::context::unreadable;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../rules");

/// Files that belong to a bundle; notes beside them do not change what it means.
fn belongs(path: &str) -> bool {
    path.ends_with(".toml") || path.ends_with(".csv")
}

/// The bundle compiled into the program.
pub(crate) fn built_in() -> Files {
    fn walk(dir: &Dir<'_>, files: &mut Files) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if belongs(&path) {
                files.insert(path, file.contents().to_vec());
            }
        }
        dir.dirs().for_each(|dir| walk(dir, files));
    }
    let mut files = Files::new();
    walk(&BUILT_IN, &mut files);
    files
}

/// The bundle in a directory.
pub(crate) fn read(root: &Path) -> Result<Files, Problem> {
    fn walk(root: &Path, dir: &Path, files: &mut Files) -> Result<(), Problem> {
        let entries = std::fs::read_dir(dir).map_err(|fault| unreadable(dir, &fault))?;
        for entry in entries {
            let path = entry.map_err(|fault| unreadable(dir, &fault))?.path();
            if path.is_dir() {
                walk(root, &path, files)?;
                continue;
            }
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if belongs(&name) {
                files.insert(name, std::fs::read(&path).map_err(|fault| unreadable(&path, &fault))?);
            }
        }
        Ok(())
    }
    let mut files = Files::new();
    walk(root, root, &mut files)?;
    if files.is_empty() {
        return Err(Problem::new(
            "B0101",
            Text::new("目录里没有规则包文件", "there is no bundle in the directory"),
            Text::new("--rules 应指向含 bundle.toml 的目录", "--rules names the directory that holds bundle.toml"),
        )
        .at(root.display().to_string()));
    }
    Ok(files)
}
