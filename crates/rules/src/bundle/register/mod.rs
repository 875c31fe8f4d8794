//! Registers (`registers/*.toml`): how the tables that offices send become facts.
//!
//! One file is one register (名册): the columns with every name that offices give them, and the facts a row makes.

mod check;
mod facts;

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::{Problem, Text};
use serde::Deserialize;
use toml::Spanned;

use super::dictionary::Dictionary;
use super::source::Source;

/// All registers, by id.
#[derive(Debug, Clone, Default)]
pub struct Registers {
    registers: BTreeMap<String, Register>,
}

/// One register: a kind of table that an office sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// What `--register` names.
    pub id: String,
    /// Its name for people.
    pub title: Text,
    /// The office that sends it; `{county}` stands for the six digits of the county.
    pub office: String,
    /// The source that its facts name: a URI reference.
    pub source: String,
    /// Where the as-of day is looked for, in this order; empty if no field needs it.
    #[serde(default)]
    pub as_of: Vec<AsOf>,
    /// Names of sheets that hold no data.
    #[serde(default)]
    pub ignore_sheets: Vec<String>,
    /// Its columns.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// The facts that a row makes.
    #[serde(default, rename = "fact")]
    pub facts: Vec<Making>,
    /// A remark for the reader of the file.
    pub note: Option<String>,
}

/// Where the day stands for which a table holds. Of a month, its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOf {
    /// In the lines above the header: 填报日期：2024年3月31日.
    Lines,
    /// In the name of the sheet: 2024年3月.
    Sheet,
    /// In the name of the file: 医保_202403.xlsx.
    File,
}

/// One column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in answers and in `fact.fields`; amounts are shown as `<key>_fen`.
    pub key: Spanned<String>,
    /// All names that offices give it, without blanks and units; of a two-row header the lower one, or `upper/lower`.
    pub names: Vec<String>,
    /// What it holds.
    #[serde(default)]
    pub kind: ColumnKind,
    /// The unit of amounts where neither header nor title says one.
    pub unit: Option<MoneyUnit>,
    /// Whether a table without it is not this register.
    #[serde(default)]
    pub needed: bool,
    /// From what stands in the cell to a code, for categories.
    #[serde(default)]
    pub codes: Vec<CodeNames>,
    /// The greatest amount that is believed, in fen: a greater one is in another unit.
    pub most: Option<i64>,
    /// Whether a cell merged over several rows holds for each of them or counts once for all. Amounts and counts
    /// count once unless said otherwise.
    pub merged: Option<Merged>,
    /// A text column that begins with the ID number: offered for comparison where digits of the number are lost.
    #[serde(default)]
    pub repeats_id: bool,
    /// A remark for the reader of the file.
    pub note: Option<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// The number of the row.
    Index,
    /// A person's name.
    Name,
    /// An ID number.
    Id,
    /// Text.
    #[default]
    Text,
    /// A whole number.
    Count,
    /// An amount.
    Money,
    /// One of several words.
    Category,
    /// A day.
    Date,
}

impl ColumnKind {
    /// All kinds.
    pub const ALL: [ColumnKind; 8] = [
        ColumnKind::Index,
        ColumnKind::Name,
        ColumnKind::Id,
        ColumnKind::Text,
        ColumnKind::Count,
        ColumnKind::Money,
        ColumnKind::Category,
        ColumnKind::Date,
    ];

    /// Its word in files and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ColumnKind::Index => "index",
            ColumnKind::Name => "name",
            ColumnKind::Id => "id",
            ColumnKind::Text => "text",
            ColumnKind::Count => "count",
            ColumnKind::Money => "money",
            ColumnKind::Category => "category",
            ColumnKind::Date => "date",
        }
    }
}

/// Units of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum MoneyUnit {
    /// 分.
    #[serde(rename = "fen", alias = "分")]
    Fen,
    /// 元.
    #[serde(rename = "yuan", alias = "元")]
    Yuan,
    /// 千元.
    #[serde(rename = "1000 yuan", alias = "千元")]
    ThousandYuan,
    /// 万元.
    #[serde(rename = "10000 yuan", alias = "万元")]
    TenThousandYuan,
}

impl MoneyUnit {
    /// Its word in files and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MoneyUnit::Fen => "fen",
            MoneyUnit::Yuan => "yuan",
            MoneyUnit::ThousandYuan => "1000 yuan",
            MoneyUnit::TenThousandYuan => "10000 yuan",
        }
    }

    /// Its Chinese word.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            MoneyUnit::Fen => "分",
            MoneyUnit::Yuan => "元",
            MoneyUnit::ThousandYuan => "千元",
            MoneyUnit::TenThousandYuan => "万元",
        }
    }

    /// Ten to this power fen are one of it.
    #[must_use]
    pub fn exponent(self) -> u32 {
        match self {
            MoneyUnit::Fen => 0,
            MoneyUnit::Yuan => 2,
            MoneyUnit::ThousandYuan => 5,
            MoneyUnit::TenThousandYuan => 6,
        }
    }
}

/// A cell merged over several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Merged {
    /// Holds for each row.
    Each,
    /// Stands in the first row only.
    Once,
}

/// A code and what stands in tables for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeNames {
    /// The code in facts.
    pub code: Constant,
    /// What offices write.
    pub names: Vec<String>,
}

/// A value that a mapping states.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Constant {
    /// Yes or no.
    Bool(bool),
    /// A whole number; of an amount, fen.
    Int(i64),
    /// A code or text.
    Text(String),
}

/// A fact that a row makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Making {
    /// The fact kind.
    pub kind: Spanned<String>,
    /// Whom it is about.
    #[serde(default)]
    pub subject: About,
    /// Only rows in which this column is filled in make it.
    pub given: Option<String>,
    /// Only rows in which these columns hold one of these codes (or, without codes, these words) make it.
    #[serde(default)]
    pub when: BTreeMap<String, Vec<Constant>>,
    /// Where each field of the fact comes from.
    pub fields: BTreeMap<Spanned<String>, From>,
    /// Columns that tell apart rows which say the same otherwise, such as the number of a settlement.
    #[serde(default)]
    pub apart: Vec<String>,
}

/// Whom a row's fact is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The ID column of the person.
    pub person: Option<String>,
    /// The column with the household's number.
    pub household: Option<String>,
    /// The ID column of one of the household's people.
    pub household_of: Option<String>,
}

/// Where a field comes from: exactly one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// From a column.
    pub column: Option<String>,
    /// A value that holds for all rows.
    pub is: Option<Constant>,
    /// The as-of day.
    #[serde(default)]
    pub as_of: bool,
    /// From a column, or the as-of day where the table has no such column or the cell is blank.
    #[serde(default)]
    pub or_as_of: bool,
}

impl Column {
    /// The column's key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.get_ref()
    }

    /// What a merged cell means.
    #[must_use]
    pub fn merged(&self) -> Merged {
        match (self.merged, self.kind) {
            (Some(merged), _) => merged,
            (None, ColumnKind::Money | ColumnKind::Count) => Merged::Once,
            (None, _) => Merged::Each,
        }
    }
}

impl Register {
    /// A column by its key.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.key() == key)
    }

    /// The kinds of fact that its rows make.
    #[must_use]
    pub fn kinds(&self) -> BTreeSet<&str> {
        self.facts.iter().map(|fact| fact.kind.get_ref().as_str()).collect()
    }
}

impl Registers {
    /// A register by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Register> {
        self.registers.get(id)
    }

    /// All registers by id.
    pub fn iter(&self) -> impl Iterator<Item = &Register> {
        self.registers.values()
    }

    /// The register whose id is nearest to one that is not.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        super::nearest(id, self.registers.keys().map(String::as_str))
    }

    pub(super) fn load(sources: &[Source<'_>], dictionary: &Dictionary, problems: &mut Vec<Problem>) -> Registers {
        let mut registers: BTreeMap<String, Register> = BTreeMap::new();
        for source in sources {
            let register: Register = match source.toml() {
                Ok(register) => register,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            check::columns(*source, &register, problems);
            facts::check(*source, &register, dictionary, problems);
            if let Some(first) = registers.insert(register.id.clone(), register) {
                problems.push(
                    Problem::new(
                        "B0801",
                        Text::new(format!("名册 {} 有两份", first.id), format!("there are two registers {}", first.id)),
                        Text::new("请给其中一个换 id", "give one of them another id"),
                    )
                    .at(source.path),
                );
            }
        }
        Registers { registers }
    }
}
