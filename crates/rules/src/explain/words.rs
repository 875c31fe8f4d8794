//! Names and values as people say them.

use doudi_model::{Text, Verdict};

use super::ground::Way;
use super::share::Share;
use crate::bundle::Bundle;
use crate::feature::{Feature, Unit as FeatureUnit};
use crate::ir::{Comparison, Unit};
use crate::{Leaf, Quantity, Value};

/// A stretch of a condition with its names put into words and its signs into those of arithmetic.
pub(crate) fn named(bundle: &Bundle, text: &str) -> Text {
    let mut zh = String::new();
    let mut en = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '.';
        let length = if first.is_ascii_alphabetic() || first == '_' {
            rest.find(|sign| !is_name(sign)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        match bundle.title(word) {
            Some(title) => {
                zh.push_str(&title.zh);
                en.push_str(&title.en);
            }
            None => {
                let (word_zh, word_en) = sign(word);
                zh.push_str(word_zh);
                en.push_str(word_en);
            }
        }
        rest = after;
    }
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Text::new(tidy(zh).replace(" × ", "×"), tidy(en))
}

fn sign(word: &str) -> (&str, &str) {
    match word {
        "*" => ("×", "×"),
        "!" => ("不是：", "not "),
        "in" => ("属于", "in"),
        "min" => ("较小者", "min"),
        "max" => ("较大者", "max"),
        other => (other, other),
    }
}

/// `23,400元`, `97.5`, `是`, `2026年3月1日`.
pub(crate) fn value(value: &Value, feature: Option<&Feature>) -> Text {
    match value {
        Value::Bool(value) => yes_no((*value).into()),
        Value::Day(day) => Text::new(day.zh(), day.to_string()),
        Value::Text(code) => feature
            .and_then(|feature| feature.codes.iter().find(|known| known.code == *code))
            .map_or_else(|| Text::new(code.clone(), code.clone()), crate::bundle::Code::text),
        Value::Number(quantity) => number(*quantity, feature),
    }
}

/// A number with its unit.
pub(crate) fn number(quantity: Quantity, feature: Option<&Feature>) -> Text {
    match (quantity.unit, feature.map(|feature| feature.unit)) {
        (Unit::Money, _) => {
            let yuan = quantity.fen().map(|fen| fen.yuan()).unwrap_or_default();
            let yuan = yuan.strip_suffix(".00").unwrap_or(&yuan);
            Text::new(format!("{yuan}元"), format!("{yuan} yuan"))
        }
        (Unit::Days, _) => Text::new(format!("{quantity}天"), format!("{quantity} days")),
        (_, Some(FeatureUnit::Years)) => Text::new(format!("{quantity}岁"), format!("{quantity} years")),
        (Unit::Int | Unit::Decimal | Unit::Date, _) => Text::new(quantity.to_string(), quantity.to_string()),
    }
}

/// Yes, no, not known.
pub(crate) fn yes_no(verdict: Verdict) -> Text {
    match verdict {
        Verdict::True => Text::new("是", "yes"),
        Verdict::False => Text::new("否", "no"),
        Verdict::Unknown => no_data(),
    }
}

/// Where a value should stand.
pub(crate) fn no_data() -> Text {
    Text::new("没有数据", "no data")
}

/// What is counted on the left side of a leaf.
pub(super) fn measure(bundle: &Bundle, leaf: &Leaf) -> Measure {
    let slot = leaf.left().and_then(|left| left.variable());
    let feature = slot.and_then(|slot| bundle.features().get(bundle.layout().name(slot)));
    match (feature.map(|feature| feature.unit), leaf.measure.map(|measure| measure.unit)) {
        (Some(FeatureUnit::Years), _) => Measure::Years,
        (_, Some(Unit::Money)) => Measure::Money,
        (_, Some(Unit::Days)) => Measure::Days,
        (_, Some(Unit::Date)) => Measure::Date,
        (_, Some(Unit::Int | Unit::Decimal)) => Measure::Number,
        (_, None) => Measure::Word,
    }
}

/// What is counted, for the choice of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Yuan.
    Money,
    /// Days gone by.
    Days,
    /// Years of age.
    Years,
    /// A day.
    Date,
    /// A plain number.
    Number,
    /// A word or code.
    Word,
}

/// Whether a value is the number 0.
pub(super) fn is_zero(value: &Value) -> bool {
    matches!(value, Value::Number(quantity) if quantity.amount == 0)
}

/// `近12个月自付医疗费23,400元`, `家庭人口为3`.
pub(super) fn has(name: &Text, value: &Text, measure: Measure) -> Text {
    let is = match measure {
        Measure::Money | Measure::Days | Measure::Years => "",
        Measure::Date | Measure::Number | Measure::Word => "为",
    };
    Text::new(format!("{}{is}{}", name.zh, value.zh), format!("{}: {}", name.en, value.en))
}

/// `超过`, `低于`, `未满` and their kin.
pub(crate) fn comparison(sign: Comparison, measure: Measure) -> Text {
    let (zh, en) = match (sign, measure) {
        (Comparison::Equal, Measure::Word) => ("是", "that is"),
        (Comparison::NotEqual, Measure::Word) => ("不是", "not"),
        (Comparison::Equal, _) => ("等于", "equal to"),
        (Comparison::NotEqual, _) => ("不等于", "not equal to"),
        (Comparison::Less, Measure::Years) => ("未满", "under"),
        (Comparison::AtLeast, Measure::Years) => ("已满", "at least"),
        (Comparison::Less, Measure::Days | Measure::Number) => ("不到", "less than"),
        (Comparison::AtLeast, Measure::Days | Measure::Number) => ("达到", "at least"),
        (Comparison::Greater, Measure::Days | Measure::Number | Measure::Years) => ("超过", "more than"),
        (Comparison::AtMost, Measure::Days | Measure::Number | Measure::Years) => ("不超过", "at most"),
        (Comparison::Less, Measure::Date) => ("早于", "before"),
        (Comparison::AtMost, Measure::Date) => ("不晚于", "not after"),
        (Comparison::Greater, Measure::Date) => ("晚于", "after"),
        (Comparison::AtLeast, Measure::Date) => ("不早于", "not before"),
        (Comparison::Less, Measure::Money | Measure::Word) => ("低于", "below"),
        (Comparison::AtMost, Measure::Money | Measure::Word) => ("不超过", "not above"),
        (Comparison::Greater, Measure::Money | Measure::Word) => ("超过", "above"),
        (Comparison::AtLeast, Measure::Money | Measure::Word) => ("不低于", "not below"),
    };
    Text::new(zh, en)
}

/// `超过14,400元（3×低保月标准）`.
pub(super) fn line(sign: Comparison, measure: Measure, figure: &Text, of: Option<&Text>) -> Text {
    let words = comparison(sign, measure);
    match of {
        Some(of) => Text::new(
            format!("{}{}（{}）", words.zh, figure.zh, of.zh),
            format!("{} {} ({})", words.en, figure.en, of.en),
        ),
        None => Text::new(format!("{}{}", words.zh, figure.zh), format!("{} {}", words.en, figure.en)),
    }
}

/// `高9,000元`, `多17天`, `相等`.
pub(super) fn distance(difference: Quantity, measure: Measure) -> Text {
    let size = number(Quantity { amount: difference.amount.saturating_abs(), ..difference }, None);
    let (more, less) = match measure {
        Measure::Money | Measure::Word => (("高", "above"), ("低", "below")),
        Measure::Days | Measure::Number | Measure::Years => (("多", "more"), ("少", "less")),
        Measure::Date => (("晚", "later"), ("早", "earlier")),
    };
    let (zh, en) = match difference.amount.signum() {
        0 => return Text::new("相等", "equal"),
        1 => more,
        _ => less,
    };
    let unit = if measure == Measure::Years { "岁" } else { "" };
    Text::new(format!("{zh}{}{unit}", size.zh), format!("{} {en}", size.en))
}

/// `近12个月自付医疗费23,400元，占近12个月家庭收入24,000元的97.5%，超过刚性支出比例60%`.
pub(super) fn share_clause(share: &Share, holds: Comparison) -> Text {
    let words = comparison(holds, Measure::Money);
    let Share { part, part_value, whole, whole_value, line, percent, line_percent, .. } = share;
    Text::new(
        format!(
            "{}{}，占{}{}的{percent}，{}{}{line_percent}",
            part.zh, part_value.zh, whole.zh, whole_value.zh, words.zh, line.zh
        ),
        format!(
            "{}: {}, {percent} of {} ({}), {} {line_percent} ({})",
            part.en, part_value.en, whole_value.en, whole.en, words.en, line.en
        ),
    )
}

/// Name, value and line of a share in a table.
pub(super) fn share_cells(share: &Share, sign: Comparison) -> (Text, Text, Text) {
    let words = comparison(sign, Measure::Money);
    let Share { part, part_value, whole, whole_value, line, percent, line_percent, .. } = share;
    (
        Text::new(format!("{}占{}", part.zh, whole.zh), format!("{} as a share of {}", part.en, whole.en)),
        Text::new(
            format!("{percent}（{}占{}）", part_value.zh, whole_value.zh),
            format!("{percent} ({} of {})", part_value.en, whole_value.en),
        ),
        Text::new(
            format!("{}{line_percent}（{}）", words.zh, line.zh),
            format!("{} {line_percent} ({})", words.en, line.en),
        ),
    )
}

/// `高37.5个百分点`.
pub(super) fn share_distance(share: &Share) -> Text {
    let size = Quantity { amount: share.apart.amount.saturating_abs(), ..share.apart };
    match share.apart.amount.signum() {
        0 => Text::new("相等", "equal"),
        1 => Text::new(format!("高{size}个百分点"), format!("{size} percentage points above")),
        _ => Text::new(format!("低{size}个百分点"), format!("{size} percentage points below")),
    }
}

/// `须为“否”`.
pub(super) fn asked(way: Way) -> Text {
    match way {
        Way::For => Text::new("须为“是”", "must be yes"),
        Way::Against => Text::new("须为“否”", "must be no"),
        Way::Either => Text::new("—", "—"),
    }
}

/// `年龄75岁，不在16岁至59岁之间`.
pub(super) fn within(name: &Text, value: &Text, bounds: &[Text], is: bool) -> Text {
    match bounds {
        [_, _] if value.zh.starts_with(|first: char| first.is_ascii_digit()) => {
            let line = between(bounds, is);
            Text::new(
                format!("{}{}，{}", name.zh, value.zh, line.zh),
                format!("{}: {}, {}", name.en, value.en, line.en),
            )
        }
        _ if is => Text::new(format!("{}为“{}”", name.zh, value.zh), format!("{}: {}", name.en, value.en)),
        _ => {
            let line = among(bounds, is);
            Text::new(
                format!("{}为“{}”，{}", name.zh, value.zh, line.zh),
                format!("{}: {}, {}", name.en, value.en, line.en),
            )
        }
    }
}

/// `在16岁至59岁之间`.
pub(super) fn between(ends: &[Text], is: bool) -> Text {
    let (not_zh, not_en) = if is { ("", "") } else { ("不", "not ") };
    match ends {
        [least, most] => Text::new(
            format!("{not_zh}在{}至{}之间", least.zh, most.zh),
            format!("{not_en}between {} and {}", least.en, most.en),
        ),
        _ => no_data(),
    }
}

/// `属于：低保、特困`.
pub(super) fn among(items: &[Text], is: bool) -> Text {
    let join = |get: fn(&Text) -> &str, comma: &str| items.iter().map(get).collect::<Vec<_>>().join(comma);
    let (zh, en) = if is { ("属于", "one of") } else { ("不属于", "none of") };
    Text::new(format!("{zh}：{}", join(|text| &text.zh, "、")), format!("{en}: {}", join(|text| &text.en, ", ")))
}
