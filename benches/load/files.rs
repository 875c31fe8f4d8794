//! The files of the bundle in `rules/`.

use std::collections::BTreeMap;
use std::path::Path;

use doudi_rules::bundle::Files;

pub(crate) fn rules() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
