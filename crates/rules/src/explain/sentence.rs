//! A rule's answer in one sentence.

use doudi_model::{Text, Verdict};

use super::{Case, words};
use crate::Leaf;
use crate::ir::Test;

/// So many leaves are named before the sentence says "and so on".
const NAMED: usize = 3;

impl Case<'_> {
    pub(super) fn sentence(&self) -> Text {
        let wanted = self.answer.verdict;
        let parts: Vec<Text> = self
            .leaves()
            .filter(|(at, _)| self.decides(*at))
            .filter(|(at, leaf)| match wanted {
                // That something else is not so goes without saying.
                Verdict::True => self.verdict(*at) == Verdict::True || !matches!(leaf.test, Test::Flag(_)),
                Verdict::False => true,
                Verdict::Unknown => !self.verdict(*at).is_known(),
            })
            .take(NAMED)
            .map(|(at, leaf)| self.clause(at, leaf))
            .collect();
        let title = &self.rule.title;
        let join = |get: fn(&Text) -> &str, comma: &str| parts.iter().map(get).collect::<Vec<_>>().join(comma);
        let (zh, en) = (join(|text| &text.zh, "；"), join(|text| &text.en, "; "));
        match wanted {
            Verdict::True if parts.is_empty() => Text::new(format!("{}。", title.zh), format!("{}.", title.en)),
            Verdict::True => Text::new(format!("{zh}。"), format!("{en}.")),
            Verdict::False => Text::new(format!("不成立：{zh}。"), format!("Not so: {en}.")),
            Verdict::Unknown => Text::new(format!("还不能判断：{zh}。"), format!("Not yet known: {en}.")),
        }
    }

    /// Whether the answer would be another one if this leaf were turned round or known.
    fn decides(&self, at: usize) -> bool {
        let turned = |to: Verdict| self.rule.when.decide(self.marks().with(at, to)) != self.answer.verdict;
        match self.verdict(at) {
            Verdict::True => turned(Verdict::False),
            Verdict::False => turned(Verdict::True),
            Verdict::Unknown => {
                turned(Verdict::True) || turned(Verdict::False) || self.answer.verdict == Verdict::Unknown
            }
        }
    }

    fn clause(&self, at: usize, leaf: &Leaf) -> Text {
        let row = self.leaf_row(at, leaf);
        if self.verdict(at) == Verdict::Unknown {
            return Text::new(format!("{}没有数据", row.name.zh), format!("{}: no data", row.name.en));
        }
        match &leaf.test {
            Test::Flag(_) => {
                Text::new(format!("{}：{}", row.name.zh, row.value.zh), format!("{}: {}", row.name.en, row.value.en))
            }
            Test::Compare(sign, ..) | Test::CompareText(sign, ..) => {
                let holds = if self.verdict(at) == Verdict::True { *sign } else { sign.opposite() };
                let comparison = words::comparison(holds);
                let right = self.right(leaf);
                Text::new(
                    format!("{}{}，{}{}", row.name.zh, row.value.zh, comparison.zh, right.zh),
                    format!("{} {} {} {}", row.name.en, row.value.en, comparison.en, right.en),
                )
            }
            Test::Between(_) | Test::Member(..) | Test::MemberText(..) | Test::StartsWith(..) | Test::Known(_) => {
                Text::new(format!("{}为{}", row.name.zh, row.value.zh), format!("{} is {}", row.name.en, row.value.en))
            }
        }
    }

    /// The right side of a comparison with its figure: `刚性支出比例×近12个月家庭收入（14,400元）`.
    fn right(&self, leaf: &Leaf) -> Text {
        let Some(part) = leaf.right() else { return words::no_data() };
        let figure =
            part.value(self.row.cells(), self.marks()).map_or_else(words::no_data, |value| self.said(&part, &value));
        if part.slots().is_empty() {
            return figure;
        }
        let name = words::named(self.bundle, part.text);
        Text::new(format!("{}（{}）", name.zh, figure.zh), format!("{} ({})", name.en, figure.en))
    }
}
