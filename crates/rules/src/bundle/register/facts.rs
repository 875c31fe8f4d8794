//! The facts of a register against the fact dictionary.

use doudi_model::{Problem, Text};
use toml::Spanned;

use super::{Column, ColumnKind, Constant, From, Making, Register};
use crate::bundle::source::Source;
use crate::bundle::{Dictionary, Field, FieldType, KindDeclaration, SubjectKind, did_you_mean};

/// One register's facts, and where to say what is wrong with them.
struct Checker<'a, 's> {
    source: Source<'s>,
    register: &'a Register,
    problems: &'a mut Vec<Problem>,
}

/// Kinds, subjects and fields of the facts that rows make.
pub(super) fn check(source: Source<'_>, register: &Register, dictionary: &Dictionary, problems: &mut Vec<Problem>) {
    let mut checker = Checker { source, register, problems };
    for fact in &register.facts {
        let (at, kind) = (fact.kind.span().start, fact.kind.get_ref().as_str());
        let Some(declaration) = dictionary.get(kind) else {
            let kinds: Vec<&str> = dictionary.iter().map(|(kind, _)| kind.as_str()).collect();
            checker.say(
                at,
                "B0803",
                kind,
                Text::new(format!("没有声明过事实种类 {kind}"), format!("no fact kind {kind} is declared")),
                did_you_mean(kind, kinds.iter().copied()),
            );
            continue;
        };
        checker.fact(fact, declaration);
    }
}

impl Checker<'_, '_> {
    fn say(&mut self, at: usize, code: &'static str, field: &str, message: Text, hint: Text) {
        self.problems.push(Problem::new(code, message, hint).at(self.source.place(at)).in_field(field));
    }

    fn fact(&mut self, fact: &Making, declaration: &KindDeclaration) {
        let at = fact.kind.span().start;
        self.subject(fact, declaration, at);
        for key in fact.when.keys().chain(&fact.given).chain(&fact.apart) {
            self.column(at, key, key);
        }
        for (name, from) in &fact.fields {
            self.field(declaration, name, from);
        }
        for field in declaration.fields.iter().filter(|field| field.required) {
            if !fact.fields.keys().any(|name| *name.get_ref() == field.name) {
                self.say(
                    at,
                    "B0804",
                    &field.name,
                    Text::new(
                        format!("缺少必填字段 {}（{}）", field.name, field.title.zh),
                        format!("the required field {} ({}) is not filled", field.name, field.title.en),
                    ),
                    Text::new(
                        "请在 fields 中写明来自哪一列，或写固定值 { is = … }",
                        "say in `fields` which column it comes from, or give a value by { is = … }",
                    ),
                );
            }
        }
    }

    /// A column by its key; reported if there is none.
    fn column(&mut self, at: usize, field: &str, key: &str) -> Option<Column> {
        let found = self.register.column(key).cloned();
        if found.is_none() {
            let hint = did_you_mean(key, self.register.columns.iter().map(Column::key));
            let message = Text::new(format!("没有声明过列 {key}"), format!("no column {key} is declared"));
            self.say(at, "B0805", field, message, hint);
        }
        found
    }

    fn subject(&mut self, fact: &Making, declaration: &KindDeclaration, at: usize) {
        let subject = &fact.subject;
        let given = [&subject.person, &subject.household, &subject.household_of];
        let fits = match declaration.subject {
            SubjectKind::Person => subject.person.is_some(),
            SubjectKind::Household => subject.person.is_none(),
            SubjectKind::Division => false,
        };
        if given.iter().filter(|column| column.is_some()).count() != 1 || !fits {
            let (zh, en) = match declaration.subject {
                SubjectKind::Person => ("{ person = \"身份证号列\" }", "{ person = \"<ID column>\" }"),
                SubjectKind::Household => (
                    "{ household = \"户编号列\" } 或 { household_of = \"身份证号列\" }",
                    "{ household = \"<column>\" } or { household_of = \"<ID column>\" }",
                ),
                SubjectKind::Division => ("一个人或一户的事实种类", "a kind about a person or a household"),
            };
            self.say(
                at,
                "B0806",
                "subject",
                Text::new("没有写清事实说的是谁", "it is not clear whom the fact is about"),
                Text::new(format!("subject 应为 {zh}"), format!("`subject` must be {en}")),
            );
            return;
        }
        for (key, id) in [(&subject.person, true), (&subject.household_of, true), (&subject.household, false)] {
            let Some(key) = key else { continue };
            let Some(column) = self.column(at, "subject", key) else { continue };
            let fits = if id { column.kind == ColumnKind::Id } else { column.kind == ColumnKind::Text };
            if !fits {
                self.mismatch(at, "subject", if id { "id" } else { "text" });
            }
        }
    }

    fn mismatch(&mut self, at: usize, field: &str, expected: &str) {
        self.say(
            at,
            "B0807",
            field,
            Text::new("列的内容与字段不相配", "what the column holds does not fit the field"),
            Text::new(format!("这里需要 {expected}"), format!("{expected} is needed here")),
        );
    }

    fn field(&mut self, declaration: &KindDeclaration, name: &Spanned<String>, from: &From) {
        let (at, name) = (name.span().start, name.get_ref().as_str());
        let Some(field) = declaration.field(name) else {
            let hint = did_you_mean(name, declaration.fields.iter().map(|field| field.name.as_str()));
            let message =
                Text::new(format!("这种事实没有字段 {name}"), format!("this kind of fact has no field {name}"));
            self.say(at, "B0805", name, message, hint);
            return;
        };
        match (&from.column, &from.is, from.as_of) {
            (Some(key), None, false) => {
                if let Some(column) = self.column(at, name, key) {
                    self.take_column(at, field, &column);
                }
                if from.or_as_of {
                    self.as_of(at, field);
                }
            }
            (None, Some(value), false) => self.constant(at, field, value),
            (None, None, true) => self.as_of(at, field),
            _ => self.mismatch(at, name, "{ column = … } | { is = … } | { as_of = true }"),
        }
    }

    fn as_of(&mut self, at: usize, field: &Field) {
        if field.ty != FieldType::Date {
            self.mismatch(at, &field.name, "type = \"date\"");
        }
        if self.register.as_of.is_empty() {
            self.mismatch(at, &field.name, "as_of = [\"lines\", \"sheet\", \"file\"]");
        }
    }

    fn take_column(&mut self, at: usize, field: &Field, column: &Column) {
        let expected = match field.ty {
            FieldType::Money => ColumnKind::Money,
            FieldType::Date => ColumnKind::Date,
            FieldType::Category | FieldType::Bool => ColumnKind::Category,
            FieldType::Int if column.kind == ColumnKind::Category => ColumnKind::Category,
            FieldType::Int => ColumnKind::Count,
            FieldType::Sealed if column.kind == ColumnKind::Name => ColumnKind::Name,
            FieldType::Text if column.kind == ColumnKind::Category => ColumnKind::Category,
            FieldType::Text | FieldType::Sealed | FieldType::MemberList => ColumnKind::Text,
        };
        if column.kind != expected || field.ty == FieldType::MemberList {
            self.mismatch(at, &field.name, expected.word());
            return;
        }
        if expected == ColumnKind::Category && field.ty != FieldType::Text {
            if column.codes.is_empty() {
                self.say(
                    at,
                    "B0808",
                    &field.name,
                    Text::new(
                        format!("列 {} 没有代码表，填不了这个字段", column.key()),
                        format!("the column {} has no codes, so it cannot fill this field", column.key()),
                    ),
                    Text::new(
                        "请在该列写 codes = [{ code = …, names = […] }]",
                        "give the column codes = [{ code = …, names = […] }]",
                    ),
                );
            }
            for code in &column.codes {
                self.constant(at, field, &code.code);
            }
        }
    }

    fn constant(&mut self, at: usize, field: &Field, value: &Constant) {
        let fits = match (field.ty, value) {
            (FieldType::Bool, Constant::Bool(_)) | (FieldType::Text | FieldType::Sealed, Constant::Text(_)) => true,
            (FieldType::Int | FieldType::Money, Constant::Int(number)) => {
                let (least, most) = field.range.unwrap_or((0, i64::MAX));
                (least..=most).contains(number)
            }
            (FieldType::Category, Constant::Text(code)) => field.values.iter().any(|known| known.code == *code),
            _ => false,
        };
        if fits {
            return;
        }
        let codes: Vec<&str> = field.values.iter().map(|known| known.code.as_str()).collect();
        let (zh, en) = if codes.is_empty() {
            ("类型或范围不符".to_owned(), "another type, or out of range".to_owned())
        } else {
            (format!("应为：{}", codes.join("、")), format!("it is one of: {}", codes.join(", ")))
        };
        self.say(
            at,
            "B0809",
            &field.name,
            Text::new(
                format!("代码 {value} 不是字段 {} 的值", field.name),
                format!("{value} is no value of the field {}", field.name),
            ),
            Text::new(zh, en),
        );
    }
}

impl std::fmt::Display for Constant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Constant::Bool(value) => write!(f, "{value}"),
            Constant::Int(value) => write!(f, "{value}"),
            Constant::Text(value) => write!(f, "{value}"),
        }
    }
}
