//! `doudi rules eval`: one JSON line in, one JSON line out.
//!
//! The variables of a line carry their values, so their ranges are the values themselves: what is proven
//! of the text is proven of this line alone. `as_of`, where given, is the variable `today`.

use std::sync::Arc;

use doudi_model::{Day, Lang, Text};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::check::{Policy, Shape, Type, Variable, compile_expression_by};
use crate::condition::{Expression, Value};
use crate::fault::Fault;
use crate::ir::Unit;
use crate::quantity::Quantity;
use crate::scalar::{Cell, Scalar};
use crate::syntax::decimal::Decimal;

/// One line of input; other members, such as an expected answer, are not looked at.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Json,
    expr: String,
    #[serde(default)]
    vars: Map<String, Json>,
    #[serde(default)]
    as_of: Option<String>,
}

/// A refusal: code, words, offset in the expression in bytes.
struct Refusal {
    code: &'static str,
    message: Text,
    hint: Option<Text>,
    offset: usize,
}

impl Refusal {
    fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal { code, message: Text::new(zh, en), hint: None, offset: 0 }
    }

    fn json(&self, lang: Lang) -> Json {
        let hint = self.hint.as_ref().map(|hint| hint.get(lang));
        json!({ "code": self.code, "message": self.message.get(lang), "hint": hint, "offset": self.offset })
    }
}

impl From<&Fault> for Refusal {
    fn from(fault: &Fault) -> Refusal {
        let (message, hint) = (fault.message(), Some(fault.hint()));
        Refusal { code: fault.class().as_str(), message, hint, offset: fault.span.start }
    }
}

/// The variables of one line.
struct Given {
    variables: Vec<Variable>,
    row: Vec<Cell>,
}

/// Answers one line, without its line end. Never fails: what cannot be answered is an answer that says so.
#[must_use]
pub fn answer(line: &str, lang: Lang) -> String {
    match Question::read(line, lang) {
        Ok(question) => question.answer(question.expression.evaluate(&question.given.row), lang),
        Err(refused) => refused,
    }
}

/// One line that has been read and checked, for whichever back end answers it.
pub struct Question {
    id: Json,
    given: Given,
    expression: Expression,
}

impl Question {
    /// Reads and checks one line.
    ///
    /// # Errors
    /// The finished answer that says why the line cannot be asked.
    pub fn read(line: &str, lang: Lang) -> Result<Question, String> {
        let line: Line = serde_json::from_str(line).map_err(|error| {
            let refusal = Refusal::new(
                "parse",
                format!("这一行不是 `{{\"id\",\"expr\",\"vars\"}}` 形式的 JSON（第 {} 列）", error.column()),
                format!("the line is not JSON of the form {{\"id\",\"expr\",\"vars\"}} (column {})", error.column()),
            );
            written_line(&id_of(line), "error", &refusal.json(lang))
        })?;
        match checked(&line) {
            Ok((given, expression)) => Ok(Question { id: line.id, given, expression }),
            Err(refusal) => Err(written_line(&line.id, "error", &refusal.json(lang))),
        }
    }

    /// What is asked.
    #[must_use]
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The variables, in the order of their slots.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.given.variables
    }

    /// Their values.
    #[must_use]
    pub fn row(&self) -> &[Cell] {
        &self.given.row
    }

    /// The line that says that a back end could not answer.
    #[must_use]
    pub fn refuse(&self, why: &Text, lang: Lang) -> String {
        let refusal = Refusal::new("unsupported", why.zh.clone(), why.en.clone());
        written_line(&self.id, "error", &refusal.json(lang))
    }

    /// The line that answers it with a value of the expression's own type and scale; `None` is unknown.
    #[must_use]
    pub fn answer(&self, value: Cell, lang: Lang) -> String {
        match written(&self.expression, value.and_then(|value| self.expression.measured(value))) {
            Ok(result) => written_line(&self.id, "result", &result),
            Err(refusal) => written_line(&self.id, "error", &refusal.json(lang)),
        }
    }
}

fn written_line(id: &Json, member: &str, answer: &Json) -> String {
    format!("{{\"id\":{id},\"{member}\":{answer}}}")
}

/// The id of a line that is JSON but not a question.
fn id_of(line: &str) -> Json {
    let parsed = serde_json::from_str::<Json>(line).ok();
    parsed.and_then(|json| json.get("id").cloned()).unwrap_or(Json::Null)
}

fn checked(line: &Line) -> Result<(Given, Expression), Refusal> {
    let given = given(line)?;
    let expression = compile_expression_by(&line.expr, &given.variables, Policy::AdHoc)
        .map_err(|faults| faults.first().map_or_else(|| Refusal::new("parse", "", ""), Refusal::from))?;
    Ok((given, expression))
}

fn given(line: &Line) -> Result<Given, Refusal> {
    let mut given = Given { variables: Vec::new(), row: Vec::new() };
    for (name, declared) in &line.vars {
        let (ty, cell) = variable(name, declared)?;
        given.push(name, ty, cell);
    }
    if let (Some(as_of), false) = (&line.as_of, line.vars.contains_key("today")) {
        let Ok(day) = as_of.parse::<Day>() else {
            return Err(Refusal::new(
                "type",
                "as_of 不是 YYYY-MM-DD 形式的日期",
                "as_of is not a date written YYYY-MM-DD",
            ));
        };
        given.push("today", Type::Date, Some(Scalar::Day(day)));
    }
    Ok(given)
}

impl Given {
    fn push(&mut self, name: &str, ty: Type, cell: Cell) {
        let value = match &cell {
            Some(Scalar::Number(value)) => Some(*value),
            Some(Scalar::Day(day)) => Some(i128::from(day.epoch_days())),
            Some(Scalar::Bool(_) | Scalar::Text(_)) => None,
            // A missing value makes everything of it unknown, whatever its range.
            None => Some(0),
        };
        let range = value.map(|value| (value, value));
        self.variables.push(Variable { name: name.to_owned(), ty, range, categories: None });
        self.row.push(cell);
    }
}

/// Type and value of `{"type":…,"value":…}`.
fn variable(name: &str, declared: &Json) -> Result<(Type, Cell), Refusal> {
    let ty = declared.get("type").and_then(Json::as_str).unwrap_or("");
    let value = declared.get("value").unwrap_or(&Json::Null);
    let number = |unit| Type::Number { unit, scale: 0 };
    match ty {
        "bool" => {
            let cell = read(name, ty, value, |value| value.as_bool().map(Scalar::Bool))?;
            Ok((Type::Bool, cell))
        }
        "int" => Ok((number(Unit::Int), whole(name, ty, value)?)),
        "money" => Ok((number(Unit::Money), whole(name, ty, value)?)),
        "days" => Ok((number(Unit::Days), whole(name, ty, value)?)),
        "decimal" => decimal(name, value),
        "date" => {
            let cell = read(name, ty, value, |value| value.as_str()?.parse().ok().map(Scalar::Day))?;
            Ok((Type::Date, cell))
        }
        "string" => {
            let cell = read(name, ty, value, |value| value.as_str().map(|text| Scalar::Text(Arc::from(text))))?;
            Ok((Type::Text, cell))
        }
        _ => Err(Refusal::new(
            "unsupported",
            format!("变量 `{name}` 的类型须是 bool、int、money、decimal、date、string 之一"),
            format!("the type of variable `{name}` must be one of bool, int, money, decimal, date, string"),
        )),
    }
}

fn read(name: &str, ty: &str, value: &Json, read: impl FnOnce(&Json) -> Option<Scalar>) -> Result<Cell, Refusal> {
    match value {
        Json::Null => Ok(None),
        value => read(value).map(Some).ok_or_else(|| {
            let (zh, en) =
                (format!("变量 `{name}` 的值不是 {ty}"), format!("the value of variable `{name}` is no {ty}"));
            Refusal::new("type", zh, en)
        }),
    }
}

fn whole(name: &str, ty: &str, value: &Json) -> Result<Cell, Refusal> {
    if value.as_u64().is_some_and(|value| i64::try_from(value).is_err()) {
        let zh = format!("变量 `{name}` 的值超出 64 位整数");
        return Err(Refusal::new("range", zh, format!("the value of variable `{name}` exceeds 64 bits")));
    }
    read(name, ty, value, |value| value.as_i64().map(|value| Scalar::Number(i128::from(value))))
}

/// A decimal carries its scale in its text.
fn decimal(name: &str, value: &Json) -> Result<(Type, Cell), Refusal> {
    let parsed = match value {
        Json::Null => Some(None),
        Json::String(text) => Decimal::parse(text).map(Some),
        Json::Number(number) => number.as_i64().map(|value| Some(Decimal::whole(i128::from(value)))),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    let Some(parsed) = parsed else {
        return Err(Refusal::new(
            "type",
            format!("变量 `{name}` 的小数须写成文字，例如 \"1.50\"，最多 18 位小数"),
            format!("the decimal of variable `{name}` must be a string such as \"1.50\", at most 18 decimals"),
        ));
    };
    let scale = parsed.map_or(0, |decimal| decimal.scale);
    Ok((Type::Number { unit: Unit::Decimal, scale }, parsed.map(|decimal| Scalar::Number(decimal.digits))))
}

/// The answer as the contract writes it.
fn written(expression: &Expression, value: Option<Value>) -> Result<Json, Refusal> {
    let typed = |ty: &str, value: Json| json!({ "type": ty, "value": value });
    let outside = || Refusal::new("range", "结果超出 64 位整数", "the result exceeds 64 bits");
    if expression.shape() == Shape::Date && value.is_none() && !row_is_unknown(expression) {
        return Err(Refusal::new(
            "range",
            "结果不在 1800 年至 2200 年之间",
            "the result is outside the years 1800 to 2200",
        ));
    }
    let Some(value) = value else { return Ok("unknown".into()) };
    Ok(match value {
        Value::Bool(value) => value.into(),
        Value::Text(text) => typed("string", text.into()),
        Value::Day(day) => typed("date", day.to_string().into()),
        Value::Number(quantity) => match quantity.unit {
            Unit::Decimal => typed("decimal", quantity.to_string().into()),
            Unit::Money => typed("money", fen(quantity)?.ok_or_else(outside)?.into()),
            Unit::Int | Unit::Days | Unit::Date if quantity.reduced().scale > 0 => {
                typed("decimal", quantity.to_string().into())
            }
            Unit::Int | Unit::Days | Unit::Date => {
                typed("int", i64::try_from(quantity.reduced().amount).map_err(|_| outside())?.into())
            }
        },
    })
}

/// Whether a date is unknown for want of data, not for being out of range.
fn row_is_unknown(expression: &Expression) -> bool {
    let within = |value: i128| crate::scalar::day_of(value).is_some();
    expression.range().is_none_or(|(low, high)| within(low) && within(high))
}

/// Whole fen, `None` if they do not fit.
fn fen(quantity: Quantity) -> Result<Option<i64>, Refusal> {
    let reduced = quantity.reduced();
    if reduced.scale > 0 {
        return Err(Refusal::new(
            "type",
            format!("结果 {quantity} 分不是整分，用 `round(x, \"half_up\")` 说明怎样取整"),
            format!("the result of {quantity} fen is not whole fen; state its rounding with `round(x, \"half_up\")`"),
        ));
    }
    Ok(i64::try_from(reduced.amount).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: &str) {
        assert_eq!(answer(line, Lang::En), expect);
    }

    #[test]
    fn a_condition_answers_true_false_or_unknown() {
        let ask = |a: &str, b: &str| {
            let vars = format!(r#"{{"a":{{"type":"int","value":{a}}},"b":{{"type":"bool","value":{b}}}}}"#);
            answer(&format!(r#"{{"id":"t1","expr":"a > 5 && b","vars":{vars},"as_of":"2026-11-24"}}"#), Lang::Zh)
        };
        assert_eq!(ask("7", "null"), r#"{"id":"t1","result":"unknown"}"#);
        assert_eq!(ask("3", "null"), r#"{"id":"t1","result":false}"#);
        assert_eq!(ask("7", "true"), r#"{"id":"t1","result":true}"#);
    }

    #[test]
    fn a_value_answers_with_its_type() {
        check(
            r#"{"id":1,"expr":"m * 2","vars":{"m":{"type":"money","value":60}}}"#,
            r#"{"id":1,"result":{"type":"money","value":120}}"#,
        );
        check(
            r#"{"id":2,"expr":"m * 0.5","vars":{"m":{"type":"money","value":61}}}"#,
            r#"{"id":2,"error":{"code":"type","hint":null,"message":"the result of 30.5 fen is not whole fen; state its rounding with `round(x, \"half_up\")`","offset":0}}"#,
        );
        check(
            r#"{"expr":"d + 1","vars":{"d":{"type":"decimal","value":"1.50"}}}"#,
            r#"{"id":null,"result":{"type":"decimal","value":"2.5"}}"#,
        );
        check(r#"{"expr":"d","vars":{"d":{"type":"decimal","value":null}}}"#, r#"{"id":null,"result":"unknown"}"#);
        check(
            r#"{"expr":"days(date(\"2026-11-01\"), today)","as_of":"2026-11-24"}"#,
            r#"{"id":null,"result":{"type":"int","value":23}}"#,
        );
        check(
            r#"{"expr":"today + 1","as_of":"2026-11-24"}"#,
            r#"{"id":null,"result":{"type":"date","value":"2026-11-25"}}"#,
        );
        check(
            r#"{"expr":"t","vars":{"t":{"type":"string","value":"低保"}}}"#,
            r#"{"id":null,"result":{"type":"string","value":"低保"}}"#,
        );
    }

    #[track_caller]
    fn refused(line: &str, code: &str, offset: u64) {
        let answer: Json = serde_json::from_str(&answer(line, Lang::Zh)).unwrap();
        assert_eq!(
            (answer["error"]["code"].as_str(), answer["error"]["offset"].as_u64()),
            (Some(code), Some(offset)),
            "{line}"
        );
    }

    #[test]
    fn what_cannot_be_answered_says_so() {
        refused("", "parse", 0);
        refused("not json", "parse", 0);
        refused(r#"{"id":"x"}"#, "parse", 0);
        refused(r#"{"expr":"1 == "}"#, "parse", 5);
        refused(r#"{"expr":"1 == x"}"#, "type", 5);
        refused(r#"{"expr":"1 % 2"}"#, "unsupported", 0);
        refused(r#"{"expr":"9223372036854775807 + 1"}"#, "range", 0);
        refused(r#"{"expr":"today + 100000","as_of":"2026-11-24"}"#, "range", 0);
        refused(r#"{"expr":"a * a * a > 0","vars":{"a":{"type":"int","value":9223372036854775807}}}"#, "range", 0);
        refused(r#"{"expr":"a","vars":{"a":{"type":"int","value":9223372036854775808}}}"#, "range", 0);
        refused(r#"{"expr":"a","vars":{"a":{"type":"int","value":1.5}}}"#, "type", 0);
        refused(r#"{"expr":"a","vars":{"a":{"type":"decimal","value":1.5}}}"#, "type", 0);
        refused(r#"{"expr":"a","vars":{"a":{"type":"date","value":"2026-02-30"}}}"#, "type", 0);
        refused(r#"{"expr":"a","vars":{"a":{"type":"list","value":[]}}}"#, "unsupported", 0);
        refused(r#"{"expr":"m > n","vars":{"m":{"type":"money","value":1},"n":{"type":"int","value":1}}}"#, "type", 0);
        refused(r#"{"expr":"true","as_of":"yesterday"}"#, "type", 0);
    }
}
