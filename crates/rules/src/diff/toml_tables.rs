//! Tables of TOML files that differ: features, kinds of fact, levels.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::Text;
use toml::Value;

use super::Change;
use crate::bundle::{Bundle, Files};

/// Keys that say something to a reader and nothing to the machine.
const WORDS: [&str; 5] = ["title", "yes", "no", "note", "unit_note"];

pub(super) fn features(before: &Bundle, after: &Bundle) -> Vec<Change> {
    tables(before, after, "features/", ("指标", "feature"), &|bundle, name| {
        bundle.features().get(name).map(|feature| feature.title.clone())
    })
}

pub(super) fn facts(before: &Bundle, after: &Bundle) -> Vec<Change> {
    tables(before, after, "facts/", ("事实", "kind of fact"), &|bundle, name| {
        bundle.dictionary().get(name).map(|kind| kind.title.clone())
    })
}

pub(super) fn levels(before: &Bundle, after: &Bundle) -> Vec<Change> {
    let (was, is) = (scores(before.files()), scores(after.files()));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let said = |score: Option<&String>| score.cloned().unwrap_or_else(|| "—".to_owned());
    names
        .into_iter()
        .filter(|name| was.get(*name) != is.get(*name))
        .map(|name| {
            let (old, new) = (said(was.get(name)), said(is.get(name)));
            let zh = doudi_model::warning::Level::parse(name).map_or(name.as_str(), level);
            Change {
                name: name.clone(),
                message: Text::new(format!("{zh}：{old}分 → {new}分"), format!("{name}: score {old} → {new}")),
            }
        })
        .collect()
}

fn level<'n>(level: doudi_model::warning::Level) -> &'n str {
    match level {
        doudi_model::warning::Level::Blue => "蓝色",
        doudi_model::warning::Level::Yellow => "黄色",
        doudi_model::warning::Level::Orange => "橙色",
        doudi_model::warning::Level::Red => "红色",
    }
}

fn scores(files: &Files) -> BTreeMap<String, String> {
    let read = files.get("levels.toml").and_then(|bytes| table(bytes));
    let levels = read.as_ref().and_then(|table| table.get("level")).and_then(Value::as_array);
    let one = |level: &Value| Some((level.get("name")?.as_str()?.to_owned(), level.get("score")?.to_string()));
    levels.into_iter().flatten().filter_map(one).collect()
}

fn table(bytes: &[u8]) -> Option<toml::Table> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

/// All tables below a folder, by name.
fn below(files: &Files, folder: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (_, bytes) in files.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(".toml")) {
        all.extend(table(bytes).into_iter().flatten());
    }
    all
}

fn tables(
    before: &Bundle,
    after: &Bundle,
    folder: &str,
    (zh, en): (&str, &str),
    title: &dyn Fn(&Bundle, &str) -> Option<Text>,
) -> Vec<Change> {
    let (was, is) = (below(before.files(), folder), below(after.files(), folder));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let mut all = Vec::new();
    for name in names {
        let titled = title(after, name).or_else(|| title(before, name));
        let own = titled.unwrap_or_else(|| Text::new(name.clone(), name.clone()));
        let (head_zh, head_en) = (format!("{zh}“{}”（{name}）", own.zh), format!("{en} \"{}\" ({name})", own.en));
        let message = match (was.get(name), is.get(name)) {
            (None, Some(_)) => Text::new(format!("新增{head_zh}"), format!("added: {head_en}")),
            (Some(_), None) => Text::new(format!("删去{head_zh}"), format!("removed: {head_en}")),
            (Some(old), Some(new)) => {
                let keys = apart(old, new);
                if keys.is_empty() {
                    continue;
                }
                let words = keys.iter().all(|(key, ..)| WORDS.contains(&key.as_str()));
                let list = |between: &str, lead: &str| {
                    let one = |(key, was, is): &(String, String, String)| format!("{key}{lead}{was} → {is}");
                    keys.iter().map(one).collect::<Vec<_>>().join(between)
                };
                let (only_zh, only_en) = if words { ("只改了文字，", "only in words: ") } else { ("", "") };
                Text::new(
                    format!("{head_zh}：{only_zh}{}", list("；", "：")),
                    format!("{head_en}: {only_en}{}", list("; ", ": ")),
                )
            }
            (None, None) => continue,
        };
        all.push(Change { name: name.clone(), message });
    }
    all
}

/// The keys whose values differ, with both.
fn apart(old: &Value, new: &Value) -> Vec<(String, String, String)> {
    let (Some(old), Some(new)) = (old.as_table(), new.as_table()) else { return Vec::new() };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let said = |value: Option<&Value>| value.map_or_else(|| "—".to_owned(), short);
    keys.into_iter()
        .map(|key| (key.clone(), said(old.get(key)), said(new.get(key))))
        .filter(|(_, was, is)| was != is)
        .collect()
}

/// A value on one line.
fn short(value: &Value) -> String {
    value.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
