//! What can be wrong with the columns of a register.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::{Problem, Text};

use super::{Column, ColumnKind, Register};
use crate::bundle::source::Source;

/// Keys, names, units and code lists of all columns.
pub(super) fn columns(source: Source<'_>, register: &Register, problems: &mut Vec<Problem>) {
    let mut keys = BTreeSet::new();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for column in &register.columns {
        let place = source.place(column.key.span().start);
        let mut say = |message: Text, hint: Text| {
            problems.push(Problem::new("B0802", message, hint).at(&place).in_field(column.key()));
        };
        if !keys.insert(column.key()) {
            say(
                Text::new("这一列声明了两次", "the column is declared twice"),
                Text::new("请删去其中一处，或换一个 key", "remove one of the two or give it another key"),
            );
        }
        if column.names.iter().all(|name| name.trim().is_empty()) {
            say(
                Text::new("没有写这一列的表头名称", "the column has no header name"),
                Text::new("请在 names 中列出各单位的写法", "list in `names` what offices call it"),
            );
        }
        for name in &column.names {
            if let Some(other) = names.insert(plain(name), column.key()).filter(|other| *other != column.key()) {
                say(
                    Text::new(
                        format!("表头名称“{name}”也属于列 {other}"),
                        format!("the header name `{name}` belongs to the column {other} as well"),
                    ),
                    Text::new("一个表头名称只能指一列", "a header name stands for one column"),
                );
            }
        }
        unit_and_codes(column, &mut say);
    }
}

fn unit_and_codes(column: &Column, say: &mut impl FnMut(Text, Text)) {
    let money = column.kind == ColumnKind::Money;
    if money && column.unit.is_none() {
        say(
            Text::new("金额列没有写单位", "the amount has no unit"),
            Text::new(
                "请写 unit = \"yuan\"（元）、\"10000 yuan\"（万元）或 \"fen\"（分）",
                "write unit = \"yuan\", \"10000 yuan\" or \"fen\"",
            ),
        );
    }
    if !money && (column.unit.is_some() || column.most.is_some()) {
        say(
            Text::new("只有金额列有 unit 和 most", "only amounts have `unit` and `most`"),
            Text::new("请删去，或改为 kind = \"money\"", "remove them, or write kind = \"money\""),
        );
    }
    if column.kind != ColumnKind::Category && !column.codes.is_empty() {
        say(
            Text::new("只有类别列有 codes", "only categories have `codes`"),
            Text::new("请改为 kind = \"category\"", "write kind = \"category\""),
        );
    }
    let mut seen = BTreeSet::new();
    for name in column.codes.iter().flat_map(|code| &code.names) {
        if !seen.insert(plain(name)) {
            say(
                Text::new(format!("“{name}”对应两个代码"), format!("`{name}` stands for two codes")),
                Text::new("请删去其中一处", "remove one of the two"),
            );
        }
    }
}

/// A name without blanks.
fn plain(name: &str) -> String {
    name.chars().filter(|sign| !sign.is_whitespace()).collect()
}
