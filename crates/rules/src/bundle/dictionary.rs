//! The fact dictionary (`facts/*.toml`): which kinds of fact there are and what fields they have.

use std::collections::BTreeMap;

use doudi_model::fact::Kind;
use doudi_model::{Problem, Text};
use serde::Deserialize;

use super::source::Source;
use super::span_of_days::Span;

/// All declared kinds of fact.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    kinds: BTreeMap<Kind, KindDeclaration>,
}

/// One declared kind of fact.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindDeclaration {
    /// Its name for people.
    pub title: Text,
    /// Whom a fact of this kind is about.
    pub subject: SubjectKind,
    /// The office that sends it and is asked for what is missing; `{county}` stands for the six digits of the county.
    pub office: String,
    /// The date field that says for which day it holds; without it, the day of the event's `time`.
    pub valid: Option<String>,
    /// The fields that begin and end the span of days for which it holds, for features with `as_of`.
    pub span: Option<Ends>,
    /// After so long without a delivery the source counts as silent.
    pub freshness: Option<Span>,
    /// Whether the value of the `valid` field may lie ahead of the day the event arrives.
    #[serde(default)]
    pub future: bool,
    /// Its fields, in the order of the file.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// A remark for the reader of the file.
    pub note: Option<String>,
}

/// The date fields that begin and end a fact's span of days; both days belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ends {
    /// The field with the first day.
    pub from: String,
    /// The field with the last day; a fact that lacks it has no end so far.
    pub to: String,
}

/// Whom a kind of fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A person.
    Person,
    /// A household.
    Household,
    /// A division.
    Division,
}

/// One declared field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in event data.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub ty: FieldType,
    /// Whether an event without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Least and greatest value, for `int` (as is) and `money` (fen).
    pub range: Option<(i64, i64)>,
    /// Its name for people.
    pub title: Text,
    /// The codes of a category.
    #[serde(default)]
    pub values: Vec<Code>,
    /// Whether screens mask it.
    #[serde(default)]
    pub sensitive: bool,
    /// Whether a date may lie ahead.
    #[serde(default)]
    pub future: bool,
    /// Its unit, for the reader.
    pub unit: Option<String>,
    /// A remark for the reader of the file.
    pub note: Option<String>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// Whole fen.
    Money,
    /// A day.
    Date,
    /// One of declared codes.
    Category,
    /// Text of at most 200 characters that names no person.
    Text,
    /// Personal text, encrypted on arrival.
    Sealed,
    /// The members of a household.
    MemberList,
}

/// One code of a category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code in event data and conditions.
    pub code: String,
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Code {
    /// Its words.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(self.zh.clone(), self.en.clone())
    }
}

impl KindDeclaration {
    /// A field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The declared field nearest to a name that is not.
    #[must_use]
    pub fn nearest_field(&self, name: &str) -> Option<&str> {
        super::nearest(name, self.fields.iter().map(|field| field.name.as_str()))
    }
}

impl Dictionary {
    /// A kind by its name.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&KindDeclaration> {
        self.kinds.get(&Kind::from(kind))
    }

    /// The kind's own copy of its name, if it is declared.
    #[must_use]
    pub fn kind(&self, kind: &str) -> Option<&Kind> {
        self.kinds.get_key_value(&Kind::from(kind)).map(|(kind, _)| kind)
    }

    /// All kinds by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Kind, &KindDeclaration)> {
        self.kinds.iter()
    }

    /// The declared kind nearest to a name that is not.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        super::nearest(name, self.kinds.keys().map(Kind::as_str))
    }

    pub(super) fn load(sources: &[Source<'_>], problems: &mut Vec<Problem>) -> Dictionary {
        let mut kinds = BTreeMap::new();
        for source in sources {
            let read: BTreeMap<toml::Spanned<String>, KindDeclaration> = match source.toml() {
                Ok(read) => read,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            for (name, declaration) in read {
                let place = source.place(name.span().start);
                let name = Kind::from(name.into_inner().as_str());
                check(&name, &declaration, &place, problems);
                if kinds.insert(name.clone(), declaration).is_some() {
                    problems.push(
                        Problem::new(
                            "B0501",
                            Text::new(
                                format!("事实种类 {name} 声明了两次"),
                                format!("the fact kind {name} is declared twice"),
                            ),
                            Text::new("请删去其中一处", "remove one of the two"),
                        )
                        .at(place),
                    );
                }
            }
        }
        Dictionary { kinds }
    }
}

fn check(name: &Kind, declaration: &KindDeclaration, place: &str, problems: &mut Vec<Problem>) {
    let mut say = |field: &str, message: Text, hint: Text| {
        problems.push(Problem::new("B0502", message, hint).at(place).in_field(field));
    };
    if let Some(valid) = &declaration.valid
        && declaration.field(valid).is_none_or(|field| field.ty != FieldType::Date)
    {
        say(
            valid,
            Text::new(
                format!("{name} 的 valid 不是它的日期字段"),
                format!("`valid` of {name} is not one of its date fields"),
            ),
            Text::new("请填写一个 type = \"date\" 的字段名", "name a field of type date"),
        );
    }
    let ends = declaration.span.iter().flat_map(|span| [&span.from, &span.to]);
    for end in ends.filter(|end| declaration.field(end).is_none_or(|field| field.ty != FieldType::Date)) {
        say(
            end,
            Text::new(
                format!("{name} 的 span 写了 {end}，但它没有这个日期字段"),
                format!("`span` of {name} names {end}, which is not one of its date fields"),
            ),
            Text::new("from、to 都填 type = \"date\" 的字段名", "name fields of type date in `from` and `to`"),
        );
    }
    for field in &declaration.fields {
        let needs_codes = field.ty == FieldType::Category;
        if needs_codes == field.values.is_empty() {
            say(
                &field.name,
                Text::new("只有类别字段要有 values，且不能为空", "category fields, and only they, list their values"),
                Text::new("请补上或删去 values", "add or remove `values`"),
            );
        }
        if field.range.is_some_and(|(least, most)| least > most) {
            say(
                &field.name,
                Text::new("range 的下限大于上限", "the range's lower end is above its upper end"),
                Text::new("请把小的写在前面", "write the smaller number first"),
            );
        }
    }
    for twice in declaration
        .fields
        .iter()
        .enumerate()
        .filter(|(at, field)| declaration.fields.iter().take(*at).any(|earlier| earlier.name == field.name))
    {
        say(
            &twice.1.name,
            Text::new("字段声明了两次", "the field is declared twice"),
            Text::new("请删去其中一处", "remove one of the two"),
        );
    }
}
