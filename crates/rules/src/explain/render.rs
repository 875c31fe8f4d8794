//! A rule as sentences, for a reader who does not read conditions.

use doudi_model::{Text, Verdict};
use serde::Serialize;

use super::words::{self, Measure};
use crate::bundle::Bundle;
use crate::ir::{Comparison, Logic, Test};
use crate::scalar::Marks;
use crate::{Condition, Leaf, Part, Slot};

/// A condition in words: a sentence, and what it joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The sentence; ends with a colon where parts follow.
    pub text: Text,
    /// What it joins.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Said>,
}

impl Said {
    fn plain(text: Text) -> Said {
        Said { text, parts: Vec::new() }
    }

    fn joined(zh: &str, en: &str, parts: Vec<Said>) -> Said {
        Said { text: Text::new(format!("{zh}："), format!("{en}:")), parts }
    }
}

impl Bundle {
    /// A condition of one of its rules, in words.
    #[must_use]
    pub fn render(&self, condition: &Condition) -> Said {
        Render { bundle: self, condition }.logic(condition.logic(), true)
    }
}

struct Render<'a> {
    bundle: &'a Bundle,
    condition: &'a Condition,
}

impl Render<'_> {
    /// A part of a condition, or, with `is` false, that it is not so.
    fn logic(&self, logic: &Logic, is: bool) -> Said {
        let each = |parts: &[Logic], is| parts.iter().map(|part| self.logic(part, is)).collect::<Vec<_>>();
        match logic {
            Logic::Literal(value) if *value == is => Said::plain(Text::new("总是成立", "always so")),
            Logic::Literal(_) => Said::plain(Text::new("从不成立", "never so")),
            Logic::Leaf(at) => match self.condition.leaves().get(usize::from(*at)) {
                Some(leaf) => Said::plain(self.leaf(leaf, is)),
                None => Said::plain(words::no_data()),
            },
            Logic::Not(part) => self.logic(part, !is),
            Logic::And(parts) if is => Said::joined("下面各项都成立", "all of these", each(parts, true)),
            Logic::And(parts) => Said::joined("下面至少一项成立", "one of these", each(parts, false)),
            Logic::Or(parts) if is => Said::joined("下面至少一项成立", "one of these", each(parts, true)),
            Logic::Or(parts) => Said::joined("下面各项都成立", "all of these", each(parts, false)),
            Logic::AtLeast(count, parts) if is => {
                let (zh, en) = (format!("下面至少{count}项成立"), format!("at least {count} of these"));
                Said::joined(&zh, &en, each(parts, true))
            }
            Logic::AtLeast(count, parts) => {
                let (zh, en) = (format!("下面不到{count}项成立"), format!("fewer than {count} of these"));
                Said::joined(&zh, &en, each(parts, true))
            }
            Logic::Same(left, right) => {
                let (zh, en) = if is {
                    ("下面两项同为成立或同为不成立", "both or neither of these")
                } else {
                    ("下面两项恰有一项成立", "exactly one of these")
                };
                Said::joined(zh, en, vec![self.logic(left, true), self.logic(right, true)])
            }
            Logic::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let parts = vec![
                    Said::joined("如果", "if", vec![self.logic(condition, true)]),
                    Said::joined("那么看", "then", vec![self.logic(then, is)]),
                    Said::joined("否则看", "otherwise", vec![self.logic(otherwise, is)]),
                ];
                Said::joined("分情况", "by cases", parts)
            }
            Logic::OrElse(part, otherwise) => {
                let parts = vec![
                    self.logic(part, is),
                    Said::joined("上一项不知道时看", "where that is not known", vec![self.logic(otherwise, is)]),
                ];
                Said::joined("依次看", "in this order", parts)
            }
        }
    }

    fn leaf(&self, leaf: &Leaf, is: bool) -> Text {
        let parts = leaf.parts();
        let left = parts.first().copied();
        let name = left.map_or_else(|| self.named(&leaf.text), |left| self.named(left.text));
        match &leaf.test {
            Test::Flag(slot) => self.flag(*slot, is),
            Test::Compare(sign, ..) | Test::CompareText(sign, ..) => {
                let measure = self.measure(leaf);
                let sign = if is { *sign } else { sign.opposite() };
                let words = words::comparison(sign, measure);
                let line = leaf.right().map_or_else(words::no_data, |right| self.side(left, &right));
                let word = measure == Measure::Word || matches!(sign, Comparison::Equal | Comparison::NotEqual);
                let zh = if word {
                    format!("{}{}“{}”", name.zh, words.zh, line.zh)
                } else {
                    format!("{}{}{}", name.zh, words.zh, line.zh)
                };
                Text::new(zh, format!("{}: {} {}", name.en, words.en, line.en))
            }
            Test::Between(_) => {
                let ends: Vec<Text> = parts.iter().skip(1).map(|part| self.side(left, part)).collect();
                let line = words::between(&ends, is);
                Text::new(format!("{}{}", name.zh, line.zh), format!("{}: {}", name.en, line.en))
            }
            Test::Member(..) | Test::MemberText(..) => {
                let items: Vec<Text> = parts.iter().skip(1).map(|part| self.side(left, part)).collect();
                let line = words::among(&items, is);
                Text::new(format!("{}{}", name.zh, line.zh), format!("{}: {}", name.en, line.en))
            }
            Test::StartsWith(..) => {
                let start = parts.get(1).map_or_else(words::no_data, |part| self.side(left, part));
                let (zh, en) = if is { ("以", "begins with") } else { ("不以", "does not begin with") };
                Text::new(format!("{}{zh}“{}”开头", name.zh, start.zh), format!("{}: {en} \"{}\"", name.en, start.en))
            }
            Test::Known(_) if is => Text::new(format!("{}有数据", name.zh), format!("{}: known", name.en)),
            Test::Known(_) => Text::new(format!("{}没有数据", name.zh), format!("{}: not known", name.en)),
        }
    }

    /// A yes-or-no feature in the words of its declaration.
    fn flag(&self, slot: Slot, is: bool) -> Text {
        let name = self.bundle.layout().name(slot);
        let feature = self.bundle.features().get(name);
        let said = feature.and_then(|feature| if is { feature.yes.clone() } else { feature.no.clone() });
        said.unwrap_or_else(|| {
            let (title, answer) = (self.named(name), words::yes_no(Verdict::from(is)));
            Text::new(format!("{}：{}", title.zh, answer.zh), format!("{}: {}", title.en, answer.en))
        })
    }

    /// One side of a leaf: a constant with its unit or title, anything else by its names.
    fn side(&self, left: Option<Part<'_>>, part: &Part<'_>) -> Text {
        if part.slots().is_empty()
            && let Some(value) = part.value(&[], Marks::default())
        {
            let slot = left.and_then(|left| left.variable());
            let feature = slot.and_then(|slot| self.bundle.features().get(self.bundle.layout().name(slot)));
            return words::value(&value, feature);
        }
        self.named(part.text)
    }

    /// Names put into words; `yuan(3000)` as an amount, a date as a date.
    fn named(&self, text: &str) -> Text {
        let said = words::named(self.bundle, text);
        Text::new(unwrapped(&said.zh, "yuan(", "元"), unwrapped(&said.en, "yuan(", " yuan"))
    }

    fn measure(&self, leaf: &Leaf) -> Measure {
        words::measure(self.bundle, leaf)
    }
}

/// `yuan(3000)` → `3000元`, wherever it stands.
fn unwrapped(text: &str, head: &str, unit: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(head) {
        let Some((inner, tail)) = after.split_once(')') else { break };
        out.push_str(before);
        out.push_str(inner);
        out.push_str(unit);
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_in_a_condition_is_said_with_its_unit() {
        assert_eq!(unwrapped("yuan(3000) × a + yuan(1.5)", "yuan(", "元"), "3000元 × a + 1.5元");
        assert_eq!(unwrapped("yuan(3000", "yuan(", "元"), "yuan(3000");
    }
}
