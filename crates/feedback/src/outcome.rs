//! Outcome codes: what a visit came to.

use doudi_model::Text;
use doudi_model::warning::Direction;
use serde::{Deserialize, Serialize};

/// What a visit came to. The codes are those of the fact `feedback.finding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Taken into 低保, or its determination begun.
    EnteredDibao,
    /// Taken into 特困.
    EnteredTekun,
    /// Taken in as 低保边缘.
    EnteredEdge,
    /// Taken in as 刚性支出困难.
    EnteredRigid,
    /// 临时救助.
    TemporaryAid,
    /// Passed on to another department.
    Referred,
    /// 一事一议: a county body decides.
    Conference,
    /// Already has what it is due.
    AlreadyAssisted,
    /// The same trouble was reported before.
    Duplicate,
    /// Not in hardship.
    NoHardship,
    /// Does not want to apply.
    Declined,
    /// Nobody met.
    NotReached,
    /// Lives elsewhere now.
    Moved,
    /// Died.
    Deceased,
    /// A source holds something wrong.
    SourceWrong,
    /// Aid stays as it is.
    Maintained,
    /// Aid goes up.
    Raised,
    /// Aid goes down.
    Reduced,
    /// Aid ends by steps (渐退期).
    Taper,
    /// The worker proposes that aid stop; a person decides elsewhere.
    StopProposed,
}

/// The heading under which the desk offers an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// 需要帮扶.
    NeedsHelp,
    /// 已有帮扶.
    AlreadyHelped,
    /// 不需帮扶.
    NoHelp,
    /// 未能核实.
    Unverified,
    /// 核实结果, only where aid is checked.
    Checked,
}

/// What an outcome says about the warning that led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// The warning was right.
    True,
    /// The warning was wrong.
    False,
    /// The outcome settles nothing about the warning.
    Open,
}

impl Outcome {
    /// All outcomes, in the order in which the desk offers them.
    pub const ALL: [Outcome; 20] = [
        Outcome::EnteredDibao,
        Outcome::EnteredTekun,
        Outcome::EnteredEdge,
        Outcome::EnteredRigid,
        Outcome::TemporaryAid,
        Outcome::Referred,
        Outcome::Conference,
        Outcome::AlreadyAssisted,
        Outcome::Duplicate,
        Outcome::NoHardship,
        Outcome::Declined,
        Outcome::NotReached,
        Outcome::Moved,
        Outcome::Deceased,
        Outcome::SourceWrong,
        Outcome::Maintained,
        Outcome::Raised,
        Outcome::Reduced,
        Outcome::Taper,
        Outcome::StopProposed,
    ];

    /// `entered-dibao`, `not-reached`, ….
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Outcome::EnteredDibao => "entered-dibao",
            Outcome::EnteredTekun => "entered-tekun",
            Outcome::EnteredEdge => "entered-edge",
            Outcome::EnteredRigid => "entered-rigid",
            Outcome::TemporaryAid => "temporary-aid",
            Outcome::Referred => "referred",
            Outcome::Conference => "conference",
            Outcome::AlreadyAssisted => "already-assisted",
            Outcome::Duplicate => "duplicate",
            Outcome::NoHardship => "no-hardship",
            Outcome::Declined => "declined",
            Outcome::NotReached => "not-reached",
            Outcome::Moved => "moved",
            Outcome::Deceased => "deceased",
            Outcome::SourceWrong => "source-wrong",
            Outcome::Maintained => "maintained",
            Outcome::Raised => "raised",
            Outcome::Reduced => "reduced",
            Outcome::Taper => "taper",
            Outcome::StopProposed => "stop-proposed",
        }
    }

    /// The outcome of a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// The words of the desk.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Outcome::EnteredDibao => Text::new("启动低保认定", "dibao determination begun"),
            Outcome::EnteredTekun => Text::new("启动特困认定", "tekun determination begun"),
            Outcome::EnteredEdge => Text::new("启动低保边缘认定", "edge-household determination begun"),
            Outcome::EnteredRigid => Text::new("启动刚性支出困难认定", "rigid-expenditure determination begun"),
            Outcome::TemporaryAid => Text::new("临时救助", "temporary aid"),
            Outcome::Referred => Text::new("转部门办理", "passed to another department"),
            Outcome::Conference => Text::new("提请一事一议", "put to a case conference"),
            Outcome::AlreadyAssisted => Text::new("已在享受帮扶", "already assisted"),
            Outcome::Duplicate => Text::new("重复提醒", "reported before"),
            Outcome::NoHardship => Text::new("生活无困难", "not in hardship"),
            Outcome::Declined => Text::new("本人不申请", "does not wish to apply"),
            Outcome::NotReached => Text::new("未见到人", "not reached"),
            Outcome::Moved => Text::new("已迁出", "moved away"),
            Outcome::Deceased => Text::new("已去世", "deceased"),
            Outcome::SourceWrong => Text::new("数据有误", "source data wrong"),
            Outcome::Maintained => Text::new("维持", "aid stays as it is"),
            Outcome::Raised => Text::new("提高", "aid raised"),
            Outcome::Reduced => Text::new("降低", "aid reduced"),
            Outcome::Taper => Text::new("渐退", "aid tapered off"),
            Outcome::StopProposed => Text::new("建议停发", "stop proposed"),
        }
    }

    /// Its heading.
    #[must_use]
    pub fn group(self) -> Group {
        match self {
            Outcome::EnteredDibao
            | Outcome::EnteredTekun
            | Outcome::EnteredEdge
            | Outcome::EnteredRigid
            | Outcome::TemporaryAid
            | Outcome::Referred
            | Outcome::Conference => Group::NeedsHelp,
            Outcome::AlreadyAssisted | Outcome::Duplicate => Group::AlreadyHelped,
            Outcome::NoHardship | Outcome::Declined => Group::NoHelp,
            Outcome::NotReached | Outcome::Moved | Outcome::Deceased | Outcome::SourceWrong => Group::Unverified,
            Outcome::Maintained | Outcome::Raised | Outcome::Reduced | Outcome::Taper | Outcome::StopProposed => {
                Group::Checked
            }
        }
    }

    /// Whether a case of this direction can come to this outcome.
    #[must_use]
    pub fn applies_to(self, direction: Direction) -> bool {
        match self.group() {
            Group::NeedsHelp => direction == Direction::Missed || self == Outcome::Conference,
            Group::AlreadyHelped => direction == Direction::Missed || self == Outcome::Duplicate,
            Group::NoHelp => direction == Direction::Missed,
            Group::Unverified => true,
            Group::Checked => direction == Direction::Excess,
        }
    }

    /// Whether the household must have been heard before this may be reported (社会救助法 48).
    #[must_use]
    pub fn needs_hearing(self) -> bool {
        matches!(self, Outcome::Reduced | Outcome::Taper | Outcome::StopProposed)
    }

    /// The aid scheme that an `entered-…` outcome leads into: `dibao`, `tekun`, `edge`, `rigid`.
    #[must_use]
    pub fn scheme(self) -> Option<&'static str> {
        match self {
            Outcome::EnteredDibao => Some("dibao"),
            Outcome::EnteredTekun => Some("tekun"),
            Outcome::EnteredEdge => Some("edge"),
            Outcome::EnteredRigid => Some("rigid"),
            _ => None,
        }
    }

    /// What the outcome says about a warning of this direction.
    ///
    /// A refusal, a removal or an empty house says nothing about hardship; wrong source data makes the warning wrong,
    /// however right the rule was about what it saw.
    #[must_use]
    pub fn judges(self, direction: Direction) -> Judgement {
        match self {
            Outcome::EnteredDibao
            | Outcome::EnteredTekun
            | Outcome::EnteredEdge
            | Outcome::EnteredRigid
            | Outcome::TemporaryAid
            | Outcome::Referred
            | Outcome::Reduced
            | Outcome::Taper
            | Outcome::StopProposed => Judgement::True,
            Outcome::AlreadyAssisted
            | Outcome::NoHardship
            | Outcome::SourceWrong
            | Outcome::Maintained
            | Outcome::Raised => Judgement::False,
            Outcome::Deceased if direction == Direction::Excess => Judgement::True,
            Outcome::Conference
            | Outcome::Duplicate
            | Outcome::Declined
            | Outcome::NotReached
            | Outcome::Moved
            | Outcome::Deceased => Judgement::Open,
        }
    }
}

impl Group {
    /// All groups, in the desk's order.
    pub const ALL: [Group; 5] =
        [Group::NeedsHelp, Group::AlreadyHelped, Group::NoHelp, Group::Unverified, Group::Checked];

    /// The heading's words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Group::NeedsHelp => Text::new("需要帮扶", "needs help"),
            Group::AlreadyHelped => Text::new("已有帮扶", "already helped"),
            Group::NoHelp => Text::new("不需帮扶", "needs no help"),
            Group::Unverified => Text::new("未能核实", "could not be verified"),
            Group::Checked => Text::new("核实结果", "result of the check"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_listed_once_and_found_by_its_code() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.code()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.code());
            assert_eq!(Outcome::ALL.iter().filter(|other| other.code() == outcome.code()).count(), 1);
        }
    }

    #[test]
    fn less_aid_is_only_an_outcome_of_a_check_and_needs_a_hearing() {
        for outcome in Outcome::ALL.into_iter().filter(|outcome| outcome.needs_hearing()) {
            assert!(!outcome.applies_to(Direction::Missed));
            assert!(outcome.applies_to(Direction::Excess));
        }
    }

    #[test]
    fn every_direction_has_a_way_to_say_that_the_data_is_wrong() {
        assert!(Outcome::SourceWrong.applies_to(Direction::Missed));
        assert!(Outcome::SourceWrong.applies_to(Direction::Excess));
    }
}
