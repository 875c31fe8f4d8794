//! Why a move of a case is refused.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "move/no-case",
        ("没有这张工单，或不在您的辖区。", "核对工单号。"),
        ("There is no such case, or it is outside your division.", "Check the case number."),
        "\"case\":\"K7M2-4C9L\"",
    ),
    page(
        "move/once",
        ("办理的提交编号 once 为空或太长。", "每次办理给一个1到128字符的编号，重试时不变。"),
        ("The once-only key is empty or too long.", "Give each move a key of 1 to 128 signs, and keep it for retries."),
        "\"once\":\"\"",
    ),
    page(
        "move/once-reused",
        ("这个提交编号已用于另一次办理。", "换一个编号；重试时内容不要变。"),
        ("This once-only key was used for another move.", "Take another key; a retry must not change its content."),
        "\"once\":\"a\"",
    ),
    page(
        "move/conflict",
        ("您看到之后，工单又有变动。", "看过最新情况再提交。"),
        ("The case has changed since you saw it.", "Look at it as it is now, then submit again."),
        "\"expected_version\":4",
    ),
    page(
        "move/version",
        ("写的版本比工单现在的还新。", "重新打开工单。"),
        ("The version given lies beyond the case's own.", "Open the case again."),
        "\"expected_version\":99",
    ),
    page(
        "move/state",
        ("工单现在的状态不能这样办理。", "按次序：分办、签收、走访、反馈、结案。"),
        ("The case's state does not allow this move.", "In order: dispatch, acknowledge, visit, report, close."),
        "\"kind\":\"report\" (dispatched)",
    ),
    page(
        "move/role",
        ("这个角色不办理工单，或单位与角色不符。", "由乡镇、部门、县级或市级经办人在本单位办理。"),
        (
            "This role moves no cases, or the office is not of its kind.",
            "Township, department, county or city staff act for their own office.",
        ),
        "\"role\":\"auditor\"",
    ),
    page(
        "move/not-yours",
        ("工单由别的单位主办。", "联系主办单位或县级民政。"),
        ("The case is led by another office.", "Ask the lead office or the county."),
        "\"office\":\"t-421202104\"",
    ),
    page(
        "move/office-unknown",
        ("没有这个单位。", "写规则包 offices.csv 里的编号。"),
        ("There is no such office.", "Use an id of the bundle's offices.csv."),
        "\"to_office\":\"c-421202-xx\"",
    ),
    page(
        "move/reason",
        ("这种办理要写明原因。", "用一句话写明。"),
        ("This move needs a reason.", "Give it in a sentence."),
        "\"kind\":\"transfer\",\"reason\":\"\"",
    ),
    page(
        "move/detail",
        ("办理缺少内容，或内容不合要求（如日期在今天之后）。", "按指出的字段补上或改正。"),
        ("The move lacks something, or a detail is wrong, such as a day ahead.", "Mend the field named."),
        "\"kind\":\"report\",\"detail\":{}",
    ),
    page(
        "move/nobody-above",
        ("没有上级单位可以督办或退回。", "改用转办，写明转给谁。"),
        ("There is no office above.", "Transfer the case instead."),
        "\"kind\":\"escalate\"",
    ),
    page(
        "move/outcome",
        ("这个结论不适用于这张工单的方向。", "漏保选帮扶结论；需要核实的选维持、提高、降低、渐退、建议停发。"),
        (
            "The outcome does not fit the case's direction.",
            "Missed: an outcome of help; excess: maintained, raised, reduced, taper, stop-proposed.",
        ),
        "\"outcome\":\"reduced\"",
    ),
    page(
        "move/hearing",
        ("降低、渐退或建议停发之前，必须听取本人意见。系统从不自行停发。", "写上听取的日期和本人怎么说。"),
        (
            "Before aid may go down the household is heard. The machine never ends aid.",
            "Give the day and what it said.",
        ),
        "\"outcome\":\"stop-proposed\"",
    ),
    page(
        "move/visit-missing",
        ("反馈之前没有登记走访。", "先登记走访，或在反馈里一并填写。"),
        ("No visit was recorded before the report.", "Record the visit first, or give it with the report."),
        "doudi feedback record K7M2-4C9L --outcome no-hardship …",
    ),
    page(
        "move/open-warnings",
        ("还有提醒没有核实结论，不能结案。", "先登记走访结果。"),
        ("Warnings are open and nothing was found about them.", "Report the finding first."),
        "\"kind\":\"close\"",
    ),
    page(
        "move/already-open",
        ("这户在本单位已有在办工单。", "在那张工单里办理。"),
        ("The household already has an open case at this office.", "Work on that one."),
        "\"kind\":\"reopen\"",
    ),
    page(
        "move/wrong-value",
        ("说是有误的数据，没有来源提供。", "写成 事实种类/字段，例如 medical.expense/self_paid。"),
        (
            "No source holds the value that is called wrong.",
            "Write fact kind/field, such as medical.expense/self_paid.",
        ),
        "\"correction\":{\"what\":\"medical\"}",
    ),
    page(
        "move/no-correction",
        ("没有这条更正请求，或不是发给您单位的。", "核对编号。"),
        ("There is no such correction request, or it was not sent to your office.", "Check its name."),
        "\"correction\":\"K7M2-4C9L.6\"",
    ),
    page(
        "move/answered",
        ("这条更正请求已经答复。", "需要再改，请重新提出。"),
        ("The correction request has been answered.", "For another change, ask anew."),
        "\"kind\":\"answer\"",
    ),
    page("move/text-length", ("文字太长。", "缩短。"), ("The text is too long.", "Shorten it."), "\"reason\":\"…\""),
    page(
        "move/id-number",
        ("文字里有身份证号。", "删去；需要指明某人时用成员编号。"),
        ("The text holds an ID number.", "Take it out; name people by their pseudonym."),
        "\"note\":\"421202…\"",
    ),
    page(
        "case/number",
        ("不是工单号：位数、字符或校验不符。", "形如 K7M2-4C9L，不含 0 O 1 I。"),
        ("Not a case number: length, sign or check is wrong.", "It looks like K7M2-4C9L and never has 0 O 1 I."),
        "doudi case show K7M2-4C9M",
    ),
    page(
        "case/move",
        ("没有这种办理。", "dispatch acknowledge visit report close transfer return escalate reopen answer 之一。"),
        (
            "There is no such move.",
            "One of dispatch acknowledge visit report close transfer return escalate reopen answer.",
        ),
        "\"kind\":\"finish\"",
    ),
    page(
        "case/state",
        ("工单的状态不允许。", "看工单页上可以办理的事项。"),
        ("The case's state does not allow it.", "See on the case page what can be done."),
        "\"kind\":\"close\"",
    ),
];
