//! What comes back from a visit.

use doudi_model::{Day, Fen, FreeText, person};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// One report on a case: the visit if it was not recorded before, the finding, what is done, and the hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was found.
    pub finding: Finding,
    /// What is done about it; may be empty.
    #[serde(default)]
    pub interventions: Vec<Intervention>,
    /// That the household was heard; needed before aid may go down.
    #[serde(default)]
    pub hearing: Option<Hearing>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it came to.
    pub outcome: Outcome,
    /// The day it was found.
    pub on: Day,
    /// The rules it speaks about; empty means all open warnings of the case.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The member it is about, for example who died; `None` means the household.
    #[serde(default)]
    pub person: Option<person::Id>,
    /// The day from which it holds: aid from, died on, moved on. `None` if not known.
    #[serde(default)]
    pub since: Option<Day>,
    /// Which value of a source is wrong, with the outcome `source-wrong`.
    #[serde(default)]
    pub wrong: Option<WrongValue>,
    /// The worker's own words, for the case only.
    #[serde(default)]
    pub note: FreeText,
}

/// A value that a source holds wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongValue {
    /// The fact kind, `medical.expense`.
    pub kind: String,
    /// The field of that kind.
    pub field: String,
    /// The office that holds it.
    pub office: String,
    /// What is right, as the worker wrote it.
    pub right: FreeText,
    /// What the worker saw it on, for example a settlement sheet.
    pub seen_on: FreeText,
}

/// One measure of help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intervention {
    /// What, in a few words or a code: `临时救助`, `护理补贴`.
    pub kind: String,
    /// Which office gives it.
    pub department: String,
    /// How much; `None` for help that is not money, or not yet settled.
    #[serde(default)]
    pub amount: Option<Fen>,
    /// Once or every month.
    pub schedule: Schedule,
    /// The first day.
    pub from: Day,
}

/// How often an intervention is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// 一次性.
    Once,
    /// 按月.
    Monthly,
}

impl Schedule {
    /// `once`, `monthly`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Schedule::Once => "once",
            Schedule::Monthly => "monthly",
        }
    }
}

/// That the household was heard before aid goes down (听取本人意见).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// Whether it was heard.
    pub heard: bool,
    /// What it said.
    pub said: FreeText,
    /// When.
    pub on: Day,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The day.
    pub on: Day,
    /// Who went; two, where the law asks for two.
    pub investigators: Vec<FreeText>,
    /// Whom they met: the head, a member, the village cadre; empty if nobody.
    #[serde(default)]
    pub met: FreeText,
    /// At the house or by telephone.
    pub how: VisitHow,
}

/// How a household was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitHow {
    /// 入户.
    Home,
    /// 电话.
    Phone,
}

impl Report {
    /// Every free text of the report, with the path of its field within it.
    pub fn free_texts(&mut self) -> Vec<(&'static str, &mut FreeText)> {
        let mut texts = vec![("finding.note", &mut self.finding.note)];
        if let Some(wrong) = &mut self.finding.wrong {
            texts.push(("finding.wrong.right", &mut wrong.right));
            texts.push(("finding.wrong.seen_on", &mut wrong.seen_on));
        }
        texts.extend(self.hearing.as_mut().map(|hearing| ("hearing.said", &mut hearing.said)));
        texts
    }
}

impl Visit {
    /// Every free text of the visit, with its field: the names of those who went and of those they met.
    pub fn free_texts(&mut self) -> Vec<(&'static str, &mut FreeText)> {
        let mut texts = vec![("met", &mut self.met)];
        texts.extend(self.investigators.iter_mut().map(|name| ("investigators", name)));
        texts
    }
}
