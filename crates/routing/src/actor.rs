//! Who moves a case, and what they may do with it.

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::office::{self, Kind};
use crate::plan::Plan;

/// The role in which someone acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 乡镇经办.
    Township,
    /// 部门.
    Department,
    /// 县级民政.
    County,
    /// 市级民政.
    City,
    /// 数据员.
    Data,
    /// 审计.
    Auditor,
    /// 政策.
    Policy,
    /// 运维.
    Operator,
    /// 管理员.
    Admin,
    /// The machine itself, by its plan. Nobody can log in as it.
    System,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Actor {
    /// Name of the member of staff, as it stands in the time line.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// For which office; `None` for the system.
    pub office: Option<office::Id>,
}

impl Actor {
    /// The machine.
    #[must_use]
    pub fn system() -> Actor {
        Actor { name: "system".to_owned(), role: Role::System, office: None }
    }

    /// Whether it is the machine.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.role == Role::System
    }
}

impl Role {
    /// The kind of office at which this role works; `None` for roles that move no case.
    #[must_use]
    pub fn office_kind(self) -> Option<Kind> {
        match self {
            Role::Township => Some(Kind::Township),
            Role::Department => Some(Kind::Department),
            Role::County => Some(Kind::County),
            Role::City => Some(Kind::City),
            Role::Data | Role::Auditor | Role::Policy | Role::Operator | Role::Admin | Role::System => None,
        }
    }
}

/// How an office stands to a case. Nearer comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It leads.
    Lead,
    /// It is the county's or the city's own office, and the case lies in its division or is led by one of its offices;
    /// whether or not it takes part besides.
    Over,
    /// It takes part.
    Co,
    /// The case was escalated to it.
    Told,
    /// It passed the case on, and may still read it.
    Former,
    /// The household lives in its division, but the case is others'.
    Neighbour,
    /// The case is outside its division: for this office there is no such case.
    Outside,
}

/// How an office stands to a case.
#[must_use]
pub fn standing(plan: &Plan, office: &office::Id, case: &Case) -> Standing {
    if *office == case.lead {
        return Standing::Lead;
    }
    let Some(known) = plan.offices().get(office) else { return Standing::Outside };
    let serves = plan.serves(known, case.division);
    let over = serves || plan.offices().above(&case.lead).iter().any(|above| above.id == *office);
    match known.kind {
        Kind::County | Kind::City if over => Standing::Over,
        _ if case.co.contains(office) => Standing::Co,
        _ if case.told.contains(office) => Standing::Told,
        _ if case.former.contains(office) => Standing::Former,
        _ if serves => Standing::Neighbour,
        _ => Standing::Outside,
    }
}

impl Standing {
    /// Whether the office may open the case and read it.
    #[must_use]
    pub fn may_read(self) -> bool {
        !matches!(self, Standing::Neighbour | Standing::Outside)
    }
}
