//! Rules that differ.

use std::collections::BTreeSet;

use doudi_model::{Day, Text};

use super::meaning::{Meaning, Pair};
use super::{How, RuleChange, Shows};
use crate::bundle::{Bundle, Rule, Scope, Span};
use crate::{Condition, Slot};

pub(super) fn changes(before: &Bundle, after: &Bundle) -> Vec<RuleChange> {
    let pair = Pair::new(before, after);
    let ids: BTreeSet<&str> = before.rules().iter().chain(after.rules()).map(|rule| rule.id.as_str()).collect();
    ids.into_iter().filter_map(|id| change(&pair, (before, before.rule(id)), (after, after.rule(id)))).collect()
}

fn change(
    pair: &Pair<'_>,
    (before, old): (&Bundle, Option<&Rule>),
    (after, new): (&Bundle, Option<&Rule>),
) -> Option<RuleChange> {
    match (old, new) {
        (None, None) => None,
        (None, Some(rule)) => {
            let from = rule.from;
            let parts = vec![Text::new(format!("自{}起有效", from.zh()), format!("in force from {from}"))];
            Some(plain(rule, How::Added, parts))
        }
        (Some(rule), None) => Some(plain(rule, How::Removed, Vec::new())),
        (Some(old), Some(new)) => compared(pair, (before, old), (after, new)),
    }
}

fn plain(rule: &Rule, change: How, parts: Vec<Text>) -> RuleChange {
    let (id, title) = (rule.id.clone(), rule.title.clone());
    RuleChange { id, title, change, parts, shows: Vec::new(), unproven: None }
}

fn compared(pair: &Pair<'_>, (before, old): (&Bundle, &Rule), (after, new): (&Bundle, &Rule)) -> Option<RuleChange> {
    let mut change = plain(new, How::Reworded, Vec::new());
    let mut meaning = working(old, new);
    let ended = old.to != new.to && new.to < old.to;
    let (from, to) = (old.from.max(new.from), old.to.min(new.to));
    let days = if from <= to { (from, to) } else { (new.from, new.to) };
    let conditions = [("when", Some(&old.when), Some(&new.when)), ("clear", old.clear.as_ref(), new.clear.as_ref())];
    for (part, was, is) in conditions {
        let (Some(was), Some(is)) = (was, is) else {
            meaning.extend(closing(was.is_some(), is.is_some()));
            continue;
        };
        if canonical(before, was) == canonical(after, is) {
            if was.text().trim() != is.text().trim() {
                change.parts.push(condition_words(part, true));
            }
            continue;
        }
        match pair.compare(was, is, days.0, days.1) {
            Meaning::Same => change.parts.push(condition_words(part, true)),
            Meaning::Differs { before, after, witness } => {
                meaning.push(condition_words(part, false));
                change.shows.push(Shows { part: part.to_owned(), before, after, witness: *witness });
            }
            Meaning::Open(why) => {
                meaning.push(condition_words(part, false));
                change.unproven = Some(why);
            }
        }
    }
    change.change = match (ended, meaning.is_empty()) {
        (true, _) => How::Ended,
        (false, false) => How::Meaning,
        (false, true) => How::Reworded,
    };
    meaning.append(&mut change.parts);
    meaning.extend(words(old, new));
    change.parts = meaning;
    (!change.parts.is_empty()).then_some(change)
}

fn canonical(bundle: &Bundle, condition: &Condition) -> String {
    condition.canonical(&|slot: Slot| bundle.layout().name(slot).to_owned())
}

fn condition_words(part: &str, same: bool) -> Text {
    let (zh, en) = match part {
        "clear" => ("解除条件", "the closing condition"),
        _ => ("条件", "the condition"),
    };
    if same {
        Text::new(format!("{zh}改了写法，意思不变"), format!("{en} is worded differently and means the same"))
    } else {
        Text::new(format!("{zh}的意思变了"), format!("{en} means something else"))
    }
}

fn closing(was: bool, is: bool) -> Option<Text> {
    match (was, is) {
        (false, true) => {
            Some(Text::new("增加了解除条件", "it now has a closing condition (before: as soon as it was false)"))
        }
        (true, false) => Some(Text::new(
            "取消了解除条件（条件不成立就解除）",
            "it has no closing condition any more: it closes once false",
        )),
        (true, true) | (false, false) => None,
    }
}

/// What differs besides the conditions in how a rule works.
fn working(old: &Rule, new: &Rule) -> Vec<Text> {
    let mut parts = Vec::new();
    let mut say = |what: (&str, &str), was: Text, is: Text| {
        if was != is {
            let (zh, en) = what;
            parts.push(Text::new(format!("{zh}：{} → {}", was.zh, is.zh), format!("{en}: {} → {}", was.en, is.en)));
        }
    };
    let plain = |text: &str| Text::new(text, text);
    say(("权重", "weight"), plain(&old.weight.to_string()), plain(&new.weight.to_string()));
    say(("类别", "category"), plain(&old.category), plain(&new.category));
    say(("方向", "direction"), direction(old), direction(new));
    say(("范围", "scope"), scope(old.scope), scope(new.scope));
    say(("有效期", "in force"), period(old.from, old.to), period(new.from, new.to));
    say(("解除后的安静期", "quiet after closing"), span(old.cooldown), span(new.cooldown));
    say(("压住的规则", "mutes"), list(&old.supersedes), list(&new.supersedes));
    parts
}

fn direction(rule: &Rule) -> Text {
    match rule.direction {
        doudi_model::warning::Direction::Missed => Text::new("漏保", "missed"),
        doudi_model::warning::Direction::Excess => Text::new("错保", "excess"),
    }
}

fn scope(scope: Scope) -> Text {
    match scope {
        Scope::Household => Text::new("家庭", "household"),
        Scope::Member => Text::new("成员", "member"),
    }
}

fn period(from: Day, to: Day) -> Text {
    if to == Day::MAX {
        return Text::new(format!("{}起", from.zh()), format!("from {from}"));
    }
    Text::new(format!("{}至{}", from.zh(), to.zh()), format!("{from} to {to}"))
}

fn span(span: Option<Span>) -> Text {
    match span {
        None => Text::new("无", "none"),
        Some(Span::Days(days)) => Text::new(format!("{days}天"), format!("{days} days")),
        Some(Span::Months(months)) => Text::new(format!("{months}个月"), format!("{months} months")),
    }
}

fn list(ids: &[String]) -> Text {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    if ids.is_empty() { Text::new("无", "none") } else { Text::new(ids.join("、"), ids.join(", ")) }
}

/// What differs in words alone.
fn words(old: &Rule, new: &Rule) -> Vec<Text> {
    let mut parts = Vec::new();
    if old.title != new.title {
        let (was, is) = (&old.title, &new.title);
        parts.push(Text::new(format!("名称：{} → {}", was.zh, is.zh), format!("title: {} → {}", was.en, is.en)));
    }
    if old.basis != new.basis {
        parts.push(Text::new("法律依据", "the legal basis"));
    }
    if old.check != new.check {
        parts.push(Text::new("上门核查的内容", "what to check on the visit"));
    }
    let tests = |rule: &Rule| rule.tests.iter().map(|test| format!("{test:?}")).collect::<Vec<_>>();
    if tests(old) != tests(new) {
        let (was, is) = (old.tests.len(), new.tests.len());
        parts.push(Text::new(format!("测试（{was}个 → {is}个）"), format!("its tests ({was} → {is})")));
    }
    parts
}
