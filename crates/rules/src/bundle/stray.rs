//! Files that are not what they should be: another encoding, a place where nobody reads them.

use doudi_model::{Problem, Text};

use super::Files;

/// Folders of a bundle and the endings that are read there.
const FOLDERS: [(&str, &[&str]); 8] = [
    ("facts", &[".toml"]),
    ("registers", &[".toml"]),
    ("features", &[".toml"]),
    ("standards", &[".csv", ".toml"]),
    ("warnings", &[".toml"]),
    ("routing", &[".csv", ".toml"]),
    ("calendar", &[".csv", ".toml"]),
    ("divisions", &[".csv", ".toml"]),
];

/// How an encoding that is not UTF-8 begins, and its name.
const MARKS: [(&[u8], &str); 3] =
    [(&[0x84, 0x31, 0x95, 0x33], "GB18030"), (&[0xff, 0xfe], "UTF-16"), (&[0xfe, 0xff], "UTF-16")];

/// A file that is not UTF-8, at the first byte that is not.
pub(super) fn not_utf8(path: &str, bytes: &[u8], valid: usize) -> Problem {
    let line = bytes.iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
    let (zh, en) = match MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        Some((_, name)) => (format!("文件是 {name} 编码，不是 UTF-8"), format!("the file is {name}, not UTF-8")),
        None => (
            "文件不是 UTF-8 编码（可能是 Excel 存成的 GB18030）".to_owned(),
            "the file is not UTF-8 (perhaps GB18030, as Excel saves it)".to_owned(),
        ),
    };
    let hint = Text::new("请另存为“CSV UTF-8”或 UTF-8 文本", "save it as \"CSV UTF-8\" or UTF-8 text");
    Problem::new("B0103", Text::new(zh, en), hint).at(format!("{path}:{line}"))
}

/// Files that would be passed over without a word: a folder misspelt, an ending that is not read in its folder.
pub(super) fn unread(files: &Files, problems: &mut Vec<Problem>) {
    for path in files.keys() {
        let Some((folder, _)) = path.split_once('/') else { continue };
        let hint = match FOLDERS.iter().find(|(name, _)| *name == folder) {
            Some((_, endings)) if endings.iter().any(|ending| path.ends_with(ending)) => continue,
            Some((_, endings)) => {
                let endings = endings.join(" ");
                Text::new(format!("{folder}/ 里只读 {endings} 文件"), format!("in {folder}/ only {endings} are read"))
            }
            None => match super::nearest(folder, FOLDERS.iter().map(|(name, _)| *name)) {
                Some(near) => Text::new(format!("是否应在 {near}/？"), format!("does it belong in {near}/?")),
                None => continue,
            },
        };
        problems.push(
            Problem::new("B0106", Text::new("没有人读这个文件", "nothing reads this file"), hint).at(path.clone()),
        );
    }
}
