//! Why a move may not be, in words.

use doudi_model::{Problem, Text};

use super::MoveKind;
use crate::case::Case;
use crate::plan::Plan;
use crate::words;

/// No such case, or one outside the actor's division: the two must not be told apart.
pub(crate) fn no_case() -> Problem {
    Problem::new(
        "move/no-case",
        Text::new("没有这张工单，或不在您的辖区", "there is no such case, or it is outside your division"),
        Text::new("请核对工单号", "check the case number"),
    )
    .in_field("case")
}

/// The once-only key was used for something else.
pub(crate) fn once_reused() -> Problem {
    Problem::new(
        "move/once-reused",
        Text::new("这个提交编号已用于另一次办理", "this once-only key was used for another move"),
        Text::new("重新打开页面再提交", "open the page anew and submit again"),
    )
    .in_field("once")
}

pub(super) fn once() -> Problem {
    Problem::new(
        "move/once",
        Text::new("提交编号为空或太长", "the once-only key is empty or too long"),
        Text::new(
            "给每次办理一个1到128字符的编号，重试时不变",
            "give each move a key of 1 to 128 signs, and keep it for retries",
        ),
    )
    .in_field("once")
}

pub(super) fn text_length(field: &str, most: usize) -> Problem {
    Problem::new(
        "move/text-length",
        Text::new("文字太长", "the text is too long"),
        Text::new(format!("最多{most}个字"), format!("at most {most} signs")),
    )
    .in_field(field)
}

pub(super) fn id_number(field: &str) -> Problem {
    Problem::new(
        "move/id-number",
        Text::new("文字里有身份证号", "the text holds an ID number"),
        Text::new(
            "请删去；需要指明某人时在成员里选择",
            "take it out; choose the member from the list to name a person",
        ),
    )
    .in_field(field)
}

pub(super) fn role() -> Problem {
    Problem::new(
        "move/role",
        Text::new("您的角色不能办理工单", "your role does not move cases"),
        Text::new(
            "由乡镇、部门、县级或市级经办人在本单位办理",
            "township, department, county or city staff act for their own office",
        ),
    )
    .in_field("actor")
}

pub(super) fn unknown_office(field: &str) -> Problem {
    Problem::new(
        "move/office-unknown",
        Text::new("没有这个单位", "there is no such office"),
        Text::new("写规则包 offices.csv 里的单位编号", "use an id of the bundle's offices.csv"),
    )
    .in_field(field)
}

pub(super) fn not_yours(plan: &Plan, case: &Case) -> Problem {
    let lead = plan.offices().name(&case.lead);
    Problem::new(
        "move/not-yours",
        Text::new(format!("这张工单由{}主办", lead.zh), format!("this case is led by {}", lead.en)),
        Text::new("需要参与，请联系主办单位或县级民政", "to take part, ask the lead office or the county"),
    )
    .in_field("actor.office")
}

/// Someone was faster.
pub(super) fn conflict(plan: &Plan, case: &Case) -> Problem {
    let (zh, en) = match case.last_move() {
        Some(entry) => {
            let (what, day, clock) = (words::happening(&entry.what, plan.offices()), entry.at.day(), entry.at.clock());
            let (who_zh, who_en) = words::actor(&entry.actor, plan.offices());
            (format!("{}{clock} {who_zh}：{}", day.zh(), what.zh), format!("{day} {clock} {who_en}: {}", what.en))
        }
        None => ("这张工单已有变动".to_owned(), "the case has changed".to_owned()),
    };
    Problem::new(
        "move/conflict",
        Text::new(zh, en),
        Text::new(
            "您填写的内容还在，请看过最新情况再提交",
            "your text is kept; look at the case as it is now, then submit again",
        ),
    )
    .in_field("expected_version")
}

pub(super) fn version(case: &Case) -> Problem {
    let version = case.version;
    Problem::new(
        "move/version",
        Text::new(
            format!("工单现在是第{version}版，没有更新的"),
            format!("the case is at version {version}, not beyond"),
        ),
        Text::new("重新打开工单", "open the case again"),
    )
    .in_field("expected_version")
}

pub(super) fn state(case: &Case, kind: MoveKind) -> Problem {
    let (state, act) = (words::state(case.state), words::move_kind(kind));
    Problem::new(
        "move/state",
        Text::new(
            format!("工单{}，不能{}", state.zh, act.zh),
            format!("the case is {}, so it cannot be {}", state.en, words::move_participle(kind)),
        ),
        Text::new("看工单页上可以办理的事项", "see on the case page what can be done now"),
    )
    .in_field("kind")
}

pub(super) fn reason(kind: MoveKind) -> Problem {
    let act = words::move_kind(kind);
    Problem::new(
        "move/reason",
        Text::new(format!("{}要写明原因", act.zh), format!("to {} a case, say why", act.en)),
        Text::new("用一句话写明原因", "give the reason in a sentence"),
    )
    .in_field("reason")
}

pub(super) fn missing(field: &str) -> Problem {
    Problem::new(
        "move/detail",
        Text::new("这次办理缺少内容", "this move lacks something"),
        Text::new("请补上", "fill it in"),
    )
    .in_field(field)
}

pub(super) fn wrong(field: &str, message: Text, hint: Text) -> Problem {
    Problem::new("move/detail", message, hint).in_field(field)
}

pub(super) fn future(field: &str) -> Problem {
    wrong(
        field,
        Text::new("日期在今天之后", "the day lies in the future"),
        Text::new("写已经过去的日期", "give a day that has come"),
    )
}

pub(super) fn same_office() -> Problem {
    wrong(
        "detail.to_office",
        Text::new("工单已在这个单位", "the case is already at that office"),
        Text::new("选另一个单位", "choose another office"),
    )
}

pub(super) fn nobody_above() -> Problem {
    Problem::new(
        "move/nobody-above",
        Text::new("这个单位没有上级，也没有转来单位", "there is no office above, and none that passed the case on"),
        Text::new("改用转办，写明转给谁", "transfer the case instead, and say to whom"),
    )
    .in_field("detail.to_office")
}

pub(super) fn outcome() -> Problem {
    Problem::new(
        "move/outcome",
        Text::new("这个结论不适用于这张工单", "this outcome does not fit this case"),
        Text::new(
            "漏保选帮扶结论；需要核实的选维持、提高、降低、渐退、建议停发",
            "missed: an outcome of help; excess: maintained, raised, reduced, taper, stop-proposed",
        ),
    )
    .in_field("detail.report.finding.outcome")
}

pub(super) fn hearing() -> Problem {
    Problem::new(
        "move/hearing",
        Text::new(
            "降低、渐退或建议停发之前，要听取本人意见并写明说了什么",
            "before aid may go down, the household is heard and what it said is written down",
        ),
        Text::new("勾选已听取本人意见，写下日期和意见", "tick that it was heard, and give the day and what was said"),
    )
    .in_field("detail.report.hearing")
}

pub(super) fn visit_first() -> Problem {
    Problem::new(
        "move/visit-missing",
        Text::new("还没有登记走访", "no visit has been recorded"),
        Text::new("先登记走访，或在反馈里一并填写", "record the visit first, or give it with the report"),
    )
    .in_field("detail.visit")
}

pub(super) fn open_warnings(case: &Case) -> Problem {
    let open = case.active().count();
    Problem::new(
        "move/open-warnings",
        Text::new(
            format!("还有{open}条提醒没有核实结论，不能结案"),
            format!("{open} warnings are open and nothing was found about them"),
        ),
        Text::new("先登记走访结果", "report the finding first"),
    )
    .in_field("kind")
}

pub(super) fn already_open(other: &crate::case::Id) -> Problem {
    Problem::new(
        "move/already-open",
        Text::new(
            format!("这户在本单位已有在办工单 {other}"),
            format!("the household already has case {other} at this office"),
        ),
        Text::new("在那张工单里办理", "work on that case"),
    )
    .in_field("case")
}

pub(super) fn no_correction() -> Problem {
    Problem::new(
        "move/no-correction",
        Text::new(
            "没有这条更正请求，或不是发给您单位的",
            "there is no such correction request, or it was not sent to your office",
        ),
        Text::new("从补数与更正里选择", "choose it from the list of corrections"),
    )
    .in_field("detail.answer.correction")
}

pub(super) fn already_answered() -> Problem {
    Problem::new(
        "move/answered",
        Text::new("这条更正请求已经答复", "this correction request has been answered"),
        Text::new("需要再改，请重新提出", "for another change, ask anew"),
    )
    .in_field("detail.answer.correction")
}
