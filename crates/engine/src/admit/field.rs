//! One field of an event's content against its declaration.

use doudi_model::{Day, Fen, Text, Value, person};
use doudi_rules::bundle::{Field, FieldType};
use serde_json::Value as Json;

use super::Admitter;
use super::refusal::Refusal;

const TEXT_MAX: usize = 200;
const SEALED_MAX: usize = 500;

/// The value of a declared field; lists of members are for [`super::member`].
pub(super) fn value(admitter: &Admitter<'_>, field: &Field, json: &Json, today: Day) -> Result<Value, Refusal> {
    match field.ty {
        FieldType::Bool => json.as_bool().map(Value::Bool).ok_or_else(|| expected("true 或 false", "true or false")),
        FieldType::Int => Ok(Value::Int(integer(field, json)?)),
        FieldType::Money => Ok(Value::Money(Fen(integer(field, json)?))),
        FieldType::Date => date(field, json, today),
        FieldType::Category => category(field, json),
        FieldType::Text => text(json),
        FieldType::Sealed => sealed(admitter, json),
        FieldType::MemberList => Err(expected("成员名单", "a list of members")),
    }
}

fn expected(zh: &str, en: &str) -> Refusal {
    Refusal::Type { expected: Text::new(zh, en) }
}

fn integer(field: &Field, json: &Json) -> Result<i64, Refusal> {
    let (zh, en) = if field.ty == FieldType::Money {
        ("整数（分）", "a whole number of fen")
    } else {
        ("整数", "a whole number")
    };
    let number = match json {
        Json::Number(number) => number,
        Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            return Err(expected(zh, en));
        }
    };
    let (least, most) = field.range.unwrap_or((0, i64::MAX));
    let range = || Refusal::Range { least: least.to_string(), most: most.to_string() };
    match number.as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        Some(_) => Err(range()),
        // Beyond 64 bits it is out of range; with a fraction it is not whole.
        None if number.is_u64() => Err(range()),
        None => Err(expected(zh, en)),
    }
}

fn date(field: &Field, json: &Json, today: Day) -> Result<Value, Refusal> {
    let day: Day = json.as_str().ok_or(Refusal::Date)?.parse().map_err(|_| Refusal::Date)?;
    if day > today && !field.future { Err(Refusal::Future) } else { Ok(Value::Date(day)) }
}

fn category(field: &Field, json: &Json) -> Result<Value, Refusal> {
    let code = json.as_str().ok_or_else(|| expected("代码", "a code"))?;
    if field.values.iter().any(|known| known.code == code) {
        return Ok(Value::Text(code.to_owned()));
    }
    Err(Refusal::Category { codes: field.values.iter().map(|known| known.code.clone()).collect() })
}

fn text(json: &Json) -> Result<Value, Refusal> {
    let text = json.as_str().ok_or_else(|| expected("文字", "text"))?.trim();
    if text.chars().count() > TEXT_MAX {
        return Err(Refusal::TooLong { most: TEXT_MAX });
    }
    if person::Number::parse(text).is_ok() {
        return Err(Refusal::IdInText);
    }
    Ok(Value::Text(text.to_owned()))
}

fn sealed(admitter: &Admitter<'_>, json: &Json) -> Result<Value, Refusal> {
    let text = json.as_str().ok_or_else(|| expected("文字", "text"))?;
    if text.chars().count() > SEALED_MAX {
        return Err(Refusal::TooLong { most: SEALED_MAX });
    }
    Ok(Value::Sealed(admitter.seal.seal(text.as_bytes())))
}
