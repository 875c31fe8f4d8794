//! A table as a JSON document of fixed shape.

use doudi_model::Lang;
use doudi_rules::bundle::register::{ColumnKind, Constant};
use serde_json::{Map, Value as Json, json};

use super::{DataRow, Heading, Role, Table, Unreadable, Value};
use crate::cell::letters;
use crate::parse::Assumed;

impl Table {
    /// `{"sheet","role","header_rows","columns","rows","not_data","unreadable",…}`.
    ///
    /// Holds what the table holds, names and ID numbers among it: it is the table, in another form.
    #[must_use]
    pub fn json(&self, lang: Lang) -> Json {
        let columns: Vec<Json> = self.columns.iter().map(column).collect();
        let not_data: Vec<Json> = self
            .not_data
            .iter()
            .map(|one| json!({"row": one.row, "why": one.why.word(), "text": one.why.text().get(lang)}))
            .collect();
        let assumed: Vec<Json> = self
            .assumed
            .iter()
            .map(
                |(row, column, what)| json!({"row": row, "column": letters(*column), "assumed": what.text().get(lang)}),
            )
            .collect();
        json!({
            "sheet": self.sheet,
            "state": self.state.word(),
            "role": self.role.word(),
            "register": self.register.as_ref().filter(|_| self.role == Role::Data),
            "as_of": self.as_of,
            "header_rows": self.header_rows,
            "columns": columns,
            "rows": self.rows.iter().map(|one| row(one, &self.columns)).collect::<Vec<_>>(),
            "not_data": not_data,
            "unreadable": self.unreadable.iter().map(|one| one.json(lang)).collect::<Vec<_>>(),
            "incomplete": self.incomplete.iter().map(|one| one.json(lang)).collect::<Vec<_>>(),
            "assumed": assumed,
            "notices": self.notices.iter().map(|notice| notice.json(lang)).collect::<Vec<_>>(),
        })
    }
}

fn column(heading: &Heading) -> Json {
    let mut json = json!({
        "col": letters(heading.column),
        "name": heading.name,
        "kind": heading.kind.word(),
        "key": heading.key,
    });
    if let (Some(unit), Some(members)) = (heading.unit, json.as_object_mut()) {
        members.insert("unit".to_owned(), unit.word().into());
    }
    json
}

fn row(row: &DataRow, columns: &[Heading]) -> Json {
    let mut values = Map::new();
    let money = |key: &str| {
        columns.iter().any(|heading| heading.kind == ColumnKind::Money && heading.key.as_deref() == Some(key))
    };
    for (key, value) in &row.values {
        let key = if money(key) { format!("{key}_fen") } else { key.to_string() };
        values.insert(key, json_of(value));
    }
    let mut json = json!({"row": row.number, "values": values});
    if let Some(members) = json.as_object_mut() {
        if row.hidden {
            members.insert("hidden".to_owned(), true.into());
        }
        if let Some(first) = row.part_of {
            members.insert("part_of".to_owned(), first.into());
        }
    }
    json
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Text(text) | Value::Name(text) => text.as_str().into(),
        Value::Id(number) => number.reveal().into(),
        Value::Int(number) => (*number).into(),
        Value::Fen(fen) => fen.0.into(),
        Value::Day(day) => day.to_string().into(),
        Value::Month(day) => day.to_string().get(..7).unwrap_or_default().into(),
        Value::Word(_, Some(Constant::Int(code))) => (*code).into(),
        Value::Word(word, _) => word.as_str().into(),
    }
}

impl Unreadable {
    /// `{"row","column","header","code","reason","hint"}`.
    #[must_use]
    pub fn json(&self, lang: Lang) -> Json {
        json!({
            "row": self.row,
            "column": letters(self.column),
            "header": self.header,
            "code": self.fault.code(),
            "reason": self.fault.message().get(lang),
            "hint": self.fault.hint().get(lang),
        })
    }
}

impl Assumed {
    /// In words.
    #[must_use]
    pub fn text(self) -> doudi_model::Text {
        let (zh, en) = match self {
            Assumed::Century => (
                "年份只有两位，按20××（30起按19××）理解",
                "a year of two digits: 00 to 29 of this century, else of the last",
            ),
            Assumed::Serial => ("日期存成了序号，已换算", "a day kept as a serial number"),
            Assumed::Rounded => ("计算得出的金额，四舍五入到分", "a computed amount, rounded to the fen"),
            Assumed::Widened => ("15位旧身份证号，已升为18位", "an ID number of 15 digits, widened to 18"),
        };
        doudi_model::Text::new(zh, en)
    }
}
