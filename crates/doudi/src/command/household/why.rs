//! `doudi explain` for a person at a terminal: what is warned of, what cannot be told yet, what is not so.

use doudi_engine::view;
use doudi_model::{Lang, Text, Verdict};
use doudi_rules::explain::{Explanation, LeafRow, Missing};

use super::text;
use crate::context::Context;
use crate::house::Opened;
use crate::words;

/// Explanations that say the same of several members stand together.
struct Group<'a> {
    one: &'a Explanation,
    members: Vec<String>,
}

/// The explanations of one household; `whole` shows every row, the law and what to check as well.
pub(super) fn text(
    context: &Context,
    opened: &Opened,
    household: &view::Household,
    wanted: &[&Explanation],
    whole: bool,
) -> String {
    let groups = grouped(context, household, wanted, whole);
    let mut out = String::new();
    for (verdict, zh, en) in [
        (Verdict::True, "提醒", "Warned of"),
        (Verdict::Unknown, "还不能判断", "Cannot be told yet"),
        (Verdict::False, "不提醒", "Not warned of"),
    ] {
        let of: Vec<_> = groups.iter().filter(|group| group.one.verdict == verdict).collect();
        if of.is_empty() {
            continue;
        }
        if !whole {
            let gap = if out.is_empty() { "" } else { "\n" };
            out.push_str(&context.say(format!("{gap}【{zh}】\n"), format!("{gap}{en}\n")));
        }
        of.iter().for_each(|group| out.push_str(&block(context, opened, group, whole)));
    }
    out
}

fn grouped<'a>(
    context: &Context,
    household: &view::Household,
    wanted: &[&'a Explanation],
    whole: bool,
) -> Vec<Group<'a>> {
    let order: Vec<_> = text::in_order(household).iter().map(|member| Some(member.person)).collect();
    let mut wanted: Vec<&Explanation> = wanted.to_vec();
    // Rules keep their order; the members of one come with the head first.
    wanted.sort_by_key(|one| (one.rule.as_str(), order.iter().position(|person| *person == one.person)));
    let mut groups: Vec<Group<'a>> = Vec::new();
    for one in wanted {
        let member = text::named(context, household, one.person);
        let same = |group: &&mut Group<'_>| {
            let other = group.one;
            (&other.rule, &other.sentence, &other.missing, &other.change)
                == (&one.rule, &one.sentence, &one.missing, &one.change)
                && (!whole || other.leaves == one.leaves)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.members.extend(member),
            None => groups.push(Group { one, members: member.into_iter().collect() }),
        }
    }
    groups
}

fn block(context: &Context, opened: &Opened, group: &Group<'_>, whole: bool) -> String {
    let (lang, one) = (context.lang, group.one);
    let about = match (group.members.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", group.members.join("；")),
        (false, Lang::En) => format!(" ({})", group.members.join("; ")),
    };
    let mut out =
        format!("{} {}{about}\n  {}\n", words::mark(one.verdict), one.title.get(lang), one.sentence.get(lang));
    if one.verdict == Verdict::Unknown {
        lacking(&one.missing).iter().for_each(|of| out.push_str(&asked(context, opened, of)));
    }
    if let Some(change) = &one.change {
        let change = change.get(lang);
        out.push_str(&context.say(format!("  怎样会变：{change}\n"), format!("  What would change it: {change}\n")));
    }
    if whole {
        out.push_str(&details(context, one));
    }
    out
}

/// How `doudi_rules` says that a source has nothing about somebody.
const NO_RECORD: &str = "没有这类记录";

/// What is missing, together where one record would settle it.
fn lacking(missing: &[Missing]) -> Vec<(&Missing, Vec<&Text>)> {
    let mut found: Vec<(&Missing, Vec<&Text>)> = Vec::new();
    for one in missing {
        match found.iter_mut().find(|(other, _)| (&other.fact, &other.office) == (&one.fact, &one.office)) {
            Some((first, titles)) => {
                titles.push(&one.feature);
                // That a source is silent says more than that a record is not there.
                if first.why.zh == NO_RECORD {
                    *first = one;
                }
            }
            None => found.push((one, vec![&one.feature])),
        }
    }
    found
}

/// `要看咸安区残疾人联合会的“残疾人证”（残疾等级、残疾证已注销）：这个来源还没有报送过`.
fn asked(context: &Context, opened: &Opened, (one, titles): &(&Missing, Vec<&Text>)) -> String {
    let lang = context.lang;
    if one.office.is_empty() {
        let (feature, why) = (one.feature.get(lang), one.why.get(lang));
        return context.say(format!("  “{feature}”：{why}\n"), format!("  \"{feature}\": {why}\n"));
    }
    let from = text::holder(context, opened, &one.office, &one.fact);
    let titles: Vec<&str> = titles.iter().map(|title| title.get(lang)).collect();
    let why = one.why.get(lang);
    context.say(
        format!("  要看{from}（用于：{}）——{why}\n", titles.join("、")),
        format!("  Ask {from} (for {}): {why}\n", titles.join("; ")),
    )
}

fn details(context: &Context, one: &Explanation) -> String {
    let lang = context.lang;
    let mut out = String::new();
    if !one.leaves.is_empty() {
        out.push_str(&context.say("  逐项\n", "  Item by item\n"));
        one.leaves.iter().for_each(|leaf| out.push_str(&row(context, leaf)));
    }
    let mut list = |zh: &str, en: &str, items: &[Text]| {
        if !items.is_empty() {
            out.push_str(&context.say(format!("  {zh}\n"), format!("  {en}\n")));
            items.iter().for_each(|item| out.push_str(&format!("    {}\n", item.get(lang))));
        }
    };
    list("法律依据", "Legal basis", &one.basis);
    list("走访时核对", "To check on the visit", &one.check);
    out
}

fn row(context: &Context, leaf: &LeafRow) -> String {
    let lang = context.lang;
    let mark = match leaf.verdict {
        Verdict::True => "✓",
        Verdict::False => "✗",
        Verdict::Unknown => "?",
    };
    let mut parts = vec![leaf.value.get(lang).to_owned()];
    for part in [&leaf.standard, &leaf.distance] {
        if part.zh != "—" {
            parts.push(part.get(lang).to_owned());
        }
    }
    parts.extend(leaf.source.as_ref().map(|source| source.get(lang).to_owned()));
    let comma = context.say("；", "; ");
    let colon = context.say("：", ": ");
    format!("    {mark} {}{colon}{}\n", leaf.name.get(lang), parts.join(&comma))
}
