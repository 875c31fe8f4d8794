//! What the analysis finds, in both languages.

use std::fmt;

use doudi_model::Text;
use serde::Serialize;

use super::witness::Witness;
use crate::exact::Why;

/// Something in a bundle that a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing it is.
    pub kind: Kind,
    /// The rules it is about; empty where it is about a feature, a field or a standard alone.
    pub rules: Vec<String>,
    /// The feature, standard, field, leaf or test it is about; empty where it is about whole rules.
    pub subject: String,
    /// The file it stands in.
    #[serde(rename = "where")]
    pub place: String,
    /// What was found.
    pub message: Text,
    /// How to mend it.
    pub hint: Text,
    /// A household that shows it, where one can.
    pub witness: Option<Witness>,
}

/// Kinds of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A rule that no household can make true, whatever the place and the day.
    Contradictory,
    /// A rule that every household with all data makes true.
    AlwaysTrue,
    /// Two rules that are true of the same households.
    Duplicate,
    /// A rule that is true only where another is true as well, so that both count.
    Subsumed,
    /// A rule that is true only where one that mutes it is true as well, so that it is never seen.
    AlwaysMuted,
    /// A rule whose warning may close while it is true: it would open and close each day.
    ClearsWhileTrue,
    /// A closing condition that nothing can meet.
    NeverClears,
    /// A value between two steps of a ladder at which neither of them is true.
    LadderGap,
    /// Two steps of a ladder that are true together without one muting the other.
    LadderOverlap,
    /// A feature that no rule rests on.
    UnusedFeature,
    /// A field that a feature reads and no register of its kind of fact fills.
    UndeliveredField,
    /// Days and places at which a rule is in force and a standard it needs is not.
    StandardMissing,
    /// Days on which a rule is in force and nothing that it rests on in law is.
    BasisMissing,
    /// Days on which no rule of a category is in force any more, or yet again.
    NoRuleInForce,
    /// Tests of a rule that all expect the same.
    OneSidedTests,
    /// A leaf that no test makes true, or none makes false.
    UntestedLeaf,
}

impl Kind {
    /// All kinds, in the order in which they are told.
    pub const ALL: [Kind; 16] = [
        Kind::Contradictory,
        Kind::AlwaysTrue,
        Kind::Duplicate,
        Kind::Subsumed,
        Kind::AlwaysMuted,
        Kind::ClearsWhileTrue,
        Kind::NeverClears,
        Kind::LadderGap,
        Kind::LadderOverlap,
        Kind::UnusedFeature,
        Kind::UndeliveredField,
        Kind::StandardMissing,
        Kind::BasisMissing,
        Kind::NoRuleInForce,
        Kind::OneSidedTests,
        Kind::UntestedLeaf,
    ];

    /// What people call it.
    #[must_use]
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Kind::Contradictory => ("永远不会成立的规则", "rules that can never be true"),
            Kind::AlwaysTrue => ("永远成立的规则", "rules that are always true"),
            Kind::Duplicate => ("重复的规则", "duplicate rules"),
            Kind::Subsumed => ("被另一条规则包含的规则", "rules contained in another"),
            Kind::AlwaysMuted => ("总被压住、永远看不到的规则", "rules that are always muted"),
            Kind::ClearsWhileTrue => ("成立时又可以解除的规则", "rules that may close while true"),
            Kind::NeverClears => ("永远不能解除的预警", "warnings that can never close"),
            Kind::LadderGap => ("档次之间的空档", "gaps between steps of a ladder"),
            Kind::LadderOverlap => ("档次之间的重叠", "overlaps between steps of a ladder"),
            Kind::UnusedFeature => ("没有规则用到的指标", "features no rule uses"),
            Kind::UndeliveredField => ("没有来源报送的字段", "fields no source delivers"),
            Kind::StandardMissing => ("规则有效而标准缺失的日期", "dates on which a standard is missing"),
            Kind::BasisMissing => ("规则有效而依据失效的日期", "dates on which a legal basis is missing"),
            Kind::NoRuleInForce => ("没有规则有效的日期", "dates with no rule in force"),
            Kind::OneSidedTests => ("所有测试都走同一分支的规则", "rules whose tests all take the same branch"),
            Kind::UntestedLeaf => ("测试没有覆盖两面的条件", "leaves that no test makes both true and false"),
        };
        Text::new(zh, en)
    }

    /// The kind's name in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Kind::Contradictory => "contradictory",
            Kind::AlwaysTrue => "always-true",
            Kind::Duplicate => "duplicate",
            Kind::Subsumed => "subsumed",
            Kind::AlwaysMuted => "always-muted",
            Kind::ClearsWhileTrue => "clears-while-true",
            Kind::NeverClears => "never-clears",
            Kind::LadderGap => "ladder-gap",
            Kind::LadderOverlap => "ladder-overlap",
            Kind::UnusedFeature => "unused-feature",
            Kind::UndeliveredField => "undelivered-field",
            Kind::StandardMissing => "standard-missing",
            Kind::BasisMissing => "basis-missing",
            Kind::NoRuleInForce => "no-rule-in-force",
            Kind::OneSidedTests => "one-sided-tests",
            Kind::UntestedLeaf => "untested-leaf",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A question that could not be settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unproven {
    /// What was asked.
    pub kind: Kind,
    /// The rules it was asked of.
    pub rules: Vec<String>,
    /// Why it could not be told.
    pub why: Text,
}

/// Why a question could not be settled, in words.
pub(crate) fn why(why: Why) -> Text {
    match why {
        Why::TooManyCases => Text::new("情形太多，超出推理的限度", "too many cases to tell apart within the limits"),
        Why::OutsideTheFragment => Text::new(
            "条件里有推理不能精确处理的写法（两个取值很广的指标相乘或相除、比较文字先后、两个日期都未定的年龄）",
            "a construct that cannot be reasoned about exactly (a product or quotient of two figures of wide range, an \
             order between texts, an age between two open dates)",
        ),
    }
}
