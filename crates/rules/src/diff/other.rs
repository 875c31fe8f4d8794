//! Other files that differ, line by line.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::Text;

use super::Change;
use crate::bundle::Bundle;

/// So many lines of one file are named.
const LINES: usize = 6;

pub(super) fn files(before: &Bundle, after: &Bundle, of: impl Fn(&str) -> bool) -> Vec<Change> {
    let paths: BTreeSet<&String> = before.files().keys().chain(after.files().keys()).filter(|path| of(path)).collect();
    let mut all = Vec::new();
    for path in paths {
        let message = match (before.files().get(path), after.files().get(path)) {
            (None, Some(_)) => Text::new(format!("新增文件 {path}"), format!("new file {path}")),
            (Some(_), None) => Text::new(format!("删去文件 {path}"), format!("file {path} removed")),
            (Some(old), Some(new)) if old != new => lines(path, old, new),
            _ => continue,
        };
        all.push(Change { name: path.clone(), message });
    }
    all
}

fn lines(path: &str, old: &[u8], new: &[u8]) -> Text {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let (gone, come) = (less(&old, &new), less(&new, &old));
    let listed = |lines: &[String], sign: &str| {
        let mut out: String = lines.iter().take(LINES).map(|line| format!("\n    {sign} {line}")).collect();
        if lines.len() > LINES {
            out.push_str("\n    …");
        }
        out
    };
    let shown = format!("{}{}", listed(&gone, "-"), listed(&come, "+"));
    let (less, more) = (gone.len(), come.len());
    if gone.is_empty() && come.is_empty() {
        return Text::new(format!("{path}：只有顺序或空白不同"), format!("{path}: only in order or blanks"));
    }
    Text::new(
        format!("{path}：去掉{less}行，加上{more}行{shown}"),
        format!("{path}: {less} lines gone, {more} come{shown}"),
    )
}

/// The lines of one text that the other has not, as often as it lacks them.
fn less(one: &str, other: &str) -> Vec<String> {
    let mut there: BTreeMap<&str, usize> = BTreeMap::new();
    for line in other.lines().map(str::trim_end) {
        *there.entry(line).or_default() += 1;
    }
    let mut lacking = Vec::new();
    for line in one.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        match there.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => lacking.push(line.to_owned()),
        }
    }
    lacking
}
