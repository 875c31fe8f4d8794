//! A rule's answer in one sentence.

use doudi_model::{Text, Verdict};

use super::{Case, Missing, words};
use crate::Leaf;
use crate::ir::{Comparison, Test};

/// So many things are named before the sentence ends.
const NAMED: usize = 3;

impl Case<'_> {
    pub(super) fn sentence(&self, missing: &[Missing]) -> Text {
        let wanted = self.answer.verdict;
        if wanted == Verdict::Unknown {
            return self.unknown(missing);
        }
        let mut clauses: Vec<Clause> = Vec::new();
        for (at, leaf) in self.telling() {
            let clause = self.clause(at, leaf);
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        clauses.truncate(NAMED);
        let (zh, en) = (
            joined(&clauses, |text| &text.zh, "；", "，", "也"),
            joined(&clauses, |text| &text.en, "; ", ", ", "and "),
        );
        let title = &self.rule.title;
        match (wanted, clauses.is_empty()) {
            (Verdict::True, true) => Text::new(format!("{}。", title.zh), format!("{}.", title.en)),
            (Verdict::True, false) => Text::new(format!("{zh}。"), format!("{}.", capital(&en))),
            (Verdict::False | Verdict::Unknown, true) => {
                Text::new("不提醒：条件不成立。", "No warning: the condition is not met.")
            }
            (Verdict::False | Verdict::Unknown, false) => {
                Text::new(format!("不提醒：{zh}。"), format!("No warning. {}.", capital(&en)))
            }
        }
    }

    /// What is lacking, by the names of the records that would tell.
    fn unknown(&self, missing: &[Missing]) -> Text {
        let mut lacking: Vec<Text> = Vec::new();
        for one in missing {
            let title = self.bundle.dictionary().get(&one.fact).map(|kind| kind.title.clone());
            let title = title.unwrap_or_else(|| one.feature.clone());
            if !lacking.contains(&title) {
                lacking.push(title);
            }
        }
        let more = lacking.len() > NAMED;
        lacking.truncate(NAMED);
        let join = |get: fn(&Text) -> &str, comma: &str| lacking.iter().map(get).collect::<Vec<_>>().join(comma);
        let (zh, en) = (join(|text| &text.zh, "”“"), join(|text| &text.en, ", "));
        match (lacking.is_empty(), more) {
            (true, _) => Text::new("还不能判断：数据不全。", "Cannot be told yet: data are incomplete."),
            (false, false) => {
                Text::new(format!("还不能判断：缺少“{zh}”的数据。"), format!("Cannot be told yet: no data on {en}."))
            }
            (false, true) => Text::new(
                format!("还不能判断：缺少“{zh}”等数据。"),
                format!("Cannot be told yet: no data on {en} and more."),
            ),
        }
    }

    fn clause(&self, at: usize, leaf: &Leaf) -> Clause {
        let verdict = self.verdict(at);
        let row = self.leaf_row(at, leaf);
        if verdict == Verdict::Unknown {
            return Clause::plain(Text::new(format!("{}没有数据", row.name.zh), format!("{}: no data", row.name.en)));
        }
        match &leaf.test {
            Test::Flag(slot) => Clause::plain(self.flag(*slot, verdict == Verdict::True)),
            Test::Compare(sign, ..) | Test::CompareText(sign, ..) => {
                let holds = if verdict == Verdict::True { *sign } else { sign.opposite() };
                match self.share(leaf) {
                    Some(share) => Clause::plain(words::share_clause(&share, holds)),
                    None => self.compared(leaf, holds),
                }
            }
            Test::Between(_) | Test::Member(..) | Test::MemberText(..) => {
                let left = leaf.left();
                let name = left.map_or_else(|| row.name.clone(), |left| words::named(self.bundle, left.text));
                Clause::plain(words::within(&name, &row.value, &self.bounds(leaf), verdict == Verdict::True))
            }
            Test::StartsWith(..) | Test::Known(_) => Clause::plain(Text::new(
                format!("{}为{}", row.name.zh, row.value.zh),
                format!("{}: {}", row.name.en, row.value.en),
            )),
        }
    }

    /// `近12个月人均收入8,000元，低于上年度人均可支配收入17,000元`.
    fn compared(&self, leaf: &Leaf, holds: Comparison) -> Clause {
        let (Some(left), Some(right)) = (leaf.left(), leaf.right()) else { return Clause::plain(words::no_data()) };
        let (cells, marks) = (self.row.cells(), self.marks());
        let name = words::named(self.bundle, left.text);
        let value = left.value(cells, marks).map_or_else(words::no_data, |value| self.said(&left, &value));
        let line = right.value(cells, marks);
        let measure = self.measured(leaf);
        let subject = words::has(&name, &value, measure);
        let literal = right.slots().is_empty();
        if literal && line.as_ref().is_some_and(words::is_zero) {
            // "Three reports, more than 0" says no more than "three reports".
            return Clause::plain(subject);
        }
        let figure = line.map_or_else(words::no_data, |line| self.of(Some(left), &line));
        let compared = words::comparison(holds, measure);
        let line = if literal {
            figure
        } else {
            let of = words::named(self.bundle, right.text);
            let single = self.bundle.layout().slot(right.text.trim()).is_some();
            let zh = if single { format!("{}{}", of.zh, figure.zh) } else { format!("{}（{}）", figure.zh, of.zh) };
            Text::new(zh, format!("{} ({})", figure.en, of.en))
        };
        let rest = Text::new(format!("{}{}", compared.zh, line.zh), format!("{} {}", compared.en, line.en));
        Clause { subject: Some(subject), rest }
    }

    /// A yes-or-no feature as a sentence: in the words of its declaration, else around its title.
    pub(super) fn flag(&self, slot: crate::Slot, yes: bool) -> Text {
        let name = self.bundle.layout().name(slot);
        let feature = self.bundle.features().get(name);
        let said = feature.and_then(|feature| if yes { feature.yes.clone() } else { feature.no.clone() });
        said.unwrap_or_else(|| {
            let title = words::named(self.bundle, name);
            if yes {
                title
            } else {
                Text::new(format!("没有“{}”的情况", title.zh), format!("not so: {}", title.en))
            }
        })
    }
}

/// A part of a sentence; a subject that the part before it had is not said again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    subject: Option<Text>,
    rest: Text,
}

impl Clause {
    fn plain(rest: Text) -> Clause {
        Clause { subject: None, rest }
    }
}

/// `自付医疗费12,000元，不超过15,000元，也不超过…；不是…`.
fn joined(clauses: &[Clause], get: fn(&Text) -> &str, between: &str, comma: &str, also: &str) -> String {
    let mut out = String::new();
    let mut last: Option<&Text> = None;
    for clause in clauses {
        let rest = get(&clause.rest);
        match &clause.subject {
            Some(subject) if last == Some(subject) => out.push_str(&format!("{comma}{also}{rest}")),
            Some(subject) => {
                let gap = if out.is_empty() { "" } else { between };
                out.push_str(&format!("{gap}{}{comma}{rest}", get(subject)));
            }
            None => {
                let gap = if out.is_empty() { "" } else { between };
                out.push_str(&format!("{gap}{rest}"));
            }
        }
        last = clause.subject.as_ref();
    }
    out
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + signs.as_str()
}
