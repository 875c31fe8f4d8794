//! Offices (承办单位): who can hold a case, and who stands above whom.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use doudi_model::division::{self, Code};
use doudi_model::{Problem, Text};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::table::{Row, Table};

/// An office's id: 1 to 40 lower-case letters, digits and `-`, for example `t-421202001`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(String);

/// Text that cannot name an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnOffice;

impl fmt::Display for NotAnOffice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an office id: 1 to 40 lower-case letters, digits and '-'")
    }
}

impl std::error::Error for NotAnOffice {}

impl Id {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Id {
    type Err = NotAnOffice;

    fn from_str(text: &str) -> Result<Id, NotAnOffice> {
        let shaped = (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if shaped { Ok(Id(text.to_owned())) } else { Err(NotAnOffice) }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(NotAnOffice))
    }
}

/// What an office is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 乡镇民政办: visits.
    Township,
    /// 县级民政: dispatches, supervises, may act on everything in its county.
    County,
    /// 市级民政: supervises the counties.
    City,
    /// Another department, at whatever level.
    Department,
}

impl Kind {
    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Kind> {
        match word {
            "township" => Some(Kind::Township),
            "county" => Some(Kind::County),
            "city" => Some(Kind::City),
            "department" => Some(Kind::Department),
            _ => None,
        }
    }
}

/// One office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its id.
    pub id: Id,
    /// Its name in both languages.
    pub name: Text,
    /// The division it serves, with everything below.
    pub division: Code,
    /// What it is.
    pub kind: Kind,
    /// The office above it.
    pub parent: Option<Id>,
    /// Home visits that it can make in a week; `None` if it makes none or has not said.
    pub visits_per_week: Option<u32>,
}

/// All offices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offices {
    by_id: BTreeMap<Id, Office>,
}

const REQUIRED: [&str; 6] = ["id", "name", "name_en", "division", "kind", "parent"];

impl Offices {
    /// The offices of a table `id,name,name_en,division,kind,parent,visits_per_week`.
    ///
    /// # Errors
    /// All bad rows, ids that come twice, parents that are not in the table, circles of parents.
    pub fn read(file: &str, bytes: &[u8], divisions: &division::Tree) -> Result<Offices, Vec<Problem>> {
        let table = Table::read(file, bytes, &REQUIRED, &["visits_per_week"])?;
        let mut offices = Offices::default();
        let mut problems = Vec::new();
        for row in table.rows() {
            match read_row(&row, divisions) {
                Ok(office) => {
                    if let Some(earlier) = offices.by_id.insert(office.id.clone(), office) {
                        problems.push(duplicate(&row, &earlier.id));
                    }
                }
                Err(found) => problems.extend(found),
            }
        }
        for row in table.rows() {
            problems.extend(offices.parent_problem(&row));
        }
        if problems.is_empty() { Ok(offices) } else { Err(problems) }
    }

    fn parent_problem(&self, row: &Row<'_>) -> Option<Problem> {
        let parent = row.get("parent").parse::<Id>().ok()?;
        if !self.by_id.contains_key(&parent) {
            let hint =
                Text::new("在 offices.csv 加上这个单位，或改 parent", "add that office to offices.csv, or mend parent");
            let message = Text::new(format!("没有单位 {parent}"), format!("there is no office {parent}"));
            return Some(row.problem("parent", "routing/office-unknown", message, hint));
        }
        let id = row.get("id").parse::<Id>().ok()?;
        let circle = self.above(&id).iter().any(|office| office.id == id);
        circle.then(|| {
            let message = Text::new(format!("{id} 成了自己的上级"), format!("{id} stands above itself"));
            let hint = Text::new("上级关系不能成圈", "offices above one another must not form a circle");
            row.problem("parent", "routing/office-circle", message, hint)
        })
    }

    /// One office.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&Office> {
        self.by_id.get(id)
    }

    /// One office by the text of its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Office> {
        id.parse().ok().and_then(|id: Id| self.by_id.get(&id))
    }

    /// All offices by id.
    pub fn iter(&self) -> impl Iterator<Item = &Office> {
        self.by_id.values()
    }

    /// The office above.
    #[must_use]
    pub fn parent(&self, id: &Id) -> Option<&Office> {
        self.get(id)?.parent.as_ref().and_then(|parent| self.get(parent))
    }

    /// All offices above, nearest first; ends after sixteen.
    #[must_use]
    pub fn above(&self, id: &Id) -> Vec<&Office> {
        let mut above = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = self.parent(id);
        while let Some(office) = next {
            above.push(office);
            if !seen.insert(&office.id) || above.len() >= 16 {
                break;
            }
            next = self.parent(&office.id);
        }
        above
    }

    /// The first office of a kind whose division is exactly this one.
    #[must_use]
    pub fn of_division(&self, division: Code, kind: Kind) -> Option<&Office> {
        self.iter().find(|office| office.kind == kind && office.division == division)
    }

    /// An office's name, or its id where it is no longer in the table.
    #[must_use]
    pub fn name(&self, id: &Id) -> Text {
        self.get(id).map_or_else(|| Text::new(id.as_str(), id.as_str()), |office| office.name.clone())
    }
}

fn duplicate(row: &Row<'_>, id: &Id) -> Problem {
    row.problem(
        "id",
        "routing/duplicate",
        Text::new(format!("单位 {id} 出现两次"), format!("office {id} comes twice")),
        Text::new("只留一行", "keep one of the rows"),
    )
}

fn read_row(row: &Row<'_>, divisions: &division::Tree) -> Result<Office, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut fail = |column: &str, code, zh: &str, en: &str, hint: Text| {
        problems.push(row.problem(column, code, Text::new(zh, en), hint));
    };
    let id = row.get("id").parse::<Id>().ok();
    if id.is_none() {
        let hint = Text::new("1到40个小写字母、数字或 -", "1 to 40 lower-case letters, digits and -");
        fail("id", "routing/office-id", "单位编号写法不对", "this cannot name an office", hint);
    }
    let division = row.get("division").parse::<Code>().ok().filter(|code| divisions.get(*code).is_some());
    if division.is_none() {
        let hint = Text::new("写区划表里的12位代码", "write a 12-digit code of the divisions table");
        fail("division", "routing/division-unknown", "没有这个区划", "there is no such division", hint);
    }
    let kind = Kind::parse(row.get("kind"));
    if kind.is_none() {
        let hint = Text::new("写 township county city department 之一", "one of township county city department");
        fail("kind", "routing/office-kind", "没有这种单位", "no such kind of office", hint);
    }
    let visits = row.get("visits_per_week");
    let visits_per_week = visits.parse::<u32>().ok().filter(|visits| *visits <= 1000);
    if !visits.is_empty() && visits_per_week.is_none() {
        let hint = Text::new("写0到1000的整数，或留空", "a whole number from 0 to 1000, or nothing");
        fail("visits_per_week", "routing/number", "不是次数", "not a number of visits", hint);
    }
    let (name, name_en) = (row.get("name"), row.get("name_en"));
    if name.is_empty() || name_en.is_empty() {
        let hint = Text::new("中英文名称都要写", "give the name in Chinese and in English");
        fail("name", "routing/office-name", "缺少名称", "a name is missing", hint);
    }
    let parent = Some(row.get("parent")).filter(|parent| !parent.is_empty());
    let parent_id = parent.and_then(|parent| parent.parse::<Id>().ok());
    if parent.is_some() && parent_id.is_none() {
        let hint = Text::new("写上级单位的编号，或留空", "write the id of the office above, or nothing");
        fail("parent", "routing/office-unknown", "上级单位写法不对", "this cannot name an office", hint);
    }
    match (id, division, kind) {
        (Some(id), Some(division), Some(kind)) if problems.is_empty() => {
            let name = Text::new(name, name_en);
            Ok(Office { id, name, division, kind, parent: parent_id, visits_per_week })
        }
        _ => Err(problems),
    }
}
