//! Names and values as people say them.

use doudi_model::{Text, Verdict};

use crate::bundle::Bundle;
use crate::feature::{Feature, Unit as FeatureUnit};
use crate::ir::{Comparison, Unit};
use crate::{Quantity, Value};

/// A stretch of a condition with its names put into words and its signs into those of arithmetic.
pub(super) fn named(bundle: &Bundle, text: &str) -> Text {
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
pub(super) fn value(value: &Value, feature: Option<&Feature>) -> Text {
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
pub(super) fn number(quantity: Quantity, feature: Option<&Feature>) -> Text {
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
pub(super) fn yes_no(verdict: Verdict) -> Text {
    match verdict {
        Verdict::True => Text::new("是", "yes"),
        Verdict::False => Text::new("否", "no"),
        Verdict::Unknown => no_data(),
    }
}

/// Where a value should stand.
pub(super) fn no_data() -> Text {
    Text::new("没有数据", "no data")
}

/// `高于`, `低于` and their kin.
pub(super) fn comparison(sign: Comparison) -> Text {
    match sign {
        Comparison::Equal => Text::new("等于", "is equal to"),
        Comparison::NotEqual => Text::new("不等于", "is not equal to"),
        Comparison::Less => Text::new("低于", "is below"),
        Comparison::AtMost => Text::new("不高于", "is not above"),
        Comparison::Greater => Text::new("高于", "is above"),
        Comparison::AtLeast => Text::new("不低于", "is not below"),
    }
}

/// `高于14,400元（刚性支出比例×近12个月家庭收入）`.
pub(super) fn line(sign: Comparison, figure: &Text, of: Option<&Text>) -> Text {
    let words = comparison(sign);
    let short = words.en.trim_start_matches("is ");
    match of {
        Some(of) => {
            Text::new(format!("{}{}（{}）", words.zh, figure.zh, of.zh), format!("{short} {} ({})", figure.en, of.en))
        }
        None => Text::new(format!("{}{}", words.zh, figure.zh), format!("{short} {}", figure.en)),
    }
}

/// `高9,000元`, `低9,000元`, `相等`.
pub(super) fn distance(difference: Quantity) -> Text {
    let size = number(Quantity { amount: difference.amount.saturating_abs(), ..difference }, None);
    match difference.amount.signum() {
        0 => Text::new("相等", "equal"),
        1 => Text::new(format!("高{}", size.zh), format!("{} above", size.en)),
        _ => Text::new(format!("低{}", size.zh), format!("{} below", size.en)),
    }
}

/// `在16岁与59岁之间`.
pub(super) fn between(ends: &[Text]) -> Text {
    match ends {
        [least, most] => {
            Text::new(format!("在{}与{}之间", least.zh, most.zh), format!("between {} and {}", least.en, most.en))
        }
        _ => no_data(),
    }
}

/// `是其中之一：低保、特困`.
pub(super) fn among(items: &[Text]) -> Text {
    let join = |get: fn(&Text) -> &str, comma: &str| items.iter().map(get).collect::<Vec<_>>().join(comma);
    Text::new(
        format!("是其中之一：{}", join(|text| &text.zh, "、")),
        format!("one of: {}", join(|text| &text.en, ", ")),
    )
}
