//! Faults of an event's content: the fact dictionary refuses it.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "payload/json",
        ("data 声明为 JSON，却读不下去。", "检查指出位置的引号、逗号和括号。"),
        ("data claims to be JSON and cannot be read.", "Look at quotes, commas and brackets at the place named."),
        "ce-type: …    {\"amount\":}",
    ),
    page(
        "payload/twice",
        ("data 里同一个名字出现两次。", "只留一个。"),
        ("A name comes twice in data.", "Keep one of them."),
        "{\"self_paid\":1,\"self_paid\":2}",
    ),
    page(
        "payload/unknown-type",
        ("事实字典没有声明这种事件。", "type 写 cn.doudi.<事实种类>.v1；新种类先在规则包 facts/ 声明。"),
        (
            "The fact dictionary declares no such kind of event.",
            "type is cn.doudi.<fact kind>.v1; declare a new kind in the bundle's facts/ first.",
        ),
        "\"type\":\"cn.doudi.medical.expenses.v1\"",
    ),
    page(
        "payload/version",
        ("事件类型的版本不支持。", "现在只有 v1。"),
        ("This version of the event type is not known.", "There is only v1 now."),
        "\"type\":\"cn.doudi.medical.expense.v2\"",
    ),
    page(
        "payload/no-data",
        ("没有内容，或内容不是 JSON 对象。", "data 写成 {\"字段\":值,…}。"),
        ("There is no content, or it is not a JSON object.", "Write data as {\"field\":value,…}."),
        "\"data\":[]",
    ),
    page(
        "payload/subject",
        (
            "subject 缺失，或不是这种事件需要的对象。",
            "说人写身份证号；说家庭写 household:<编号>；说地方写 division:<12位代码>。",
        ),
        (
            "subject is missing or not what this kind needs.",
            "A person by ID number, household:<id>, or division:<12 digits>.",
        ),
        "\"type\":\"cn.doudi.medical.expense.v1\",\"subject\":\"household:sq-001\"",
    ),
    page(
        "payload/id-number",
        ("身份证号不对：长度、出生日期或校验位不符。", "与身份证核对后重发；没有号码的人用 provisional。"),
        (
            "The ID number is wrong: length, day of birth or check digit.",
            "Check it against the card and send again; use provisional for people without one.",
        ),
        "\"subject\":\"421202197403120003\"",
    ),
    page(
        "payload/unknown-field",
        ("这种事件没有声明这个字段。", "检查拼写；或删去；或先在 facts/ 声明。"),
        ("The kind declares no such field.", "Check the spelling, leave it out, or declare it in facts/ first."),
        "\"data\":{\"selfpaid\":100}",
    ),
    page(
        "payload/missing-field",
        ("缺少必填字段。", "补上；确实没有就不要发这个事件。"),
        ("A required field is missing.", "Add it; if there is none, do not send the event."),
        "\"data\":{\"settled_on\":\"2026-11-18\"}",
    ),
    page(
        "payload/type",
        ("字段的类型不对。金额是以分为单位的整数。", "1200.50元写 120050，不加引号。"),
        ("A field has the wrong type. Amounts are whole fen.", "1200.50 yuan is 120050, without quotes."),
        "\"self_paid\":\"1200.50\"",
    ),
    page(
        "payload/range",
        ("数字超出声明的范围。", "核对单位是否为分、是否多写了零；金额不能为负，更正用 supersedes。"),
        (
            "A number is outside the declared range.",
            "Check for fen and for a zero too many; amounts are not negative, corrections use supersedes.",
        ),
        "\"self_paid\":-50000",
    ),
    page(
        "payload/date",
        ("不是存在的日期。", "写成 YYYY-MM-DD。"),
        ("Not a day that exists.", "Write YYYY-MM-DD."),
        "\"settled_on\":\"2026-02-30\"",
    ),
    page(
        "payload/future",
        ("日期或时间在将来。", "核对日期和发送方的时钟。"),
        ("The day or time lies in the future.", "Check the day and the sender's clock."),
        "\"settled_on\":\"2027-11-18\"",
    ),
    page(
        "payload/long-past",
        ("日期或时间早于1949年10月1日，不会有登记。", "核对年份；日期不详的不要用占位日期，字段可缺就不填。"),
        (
            "The day or time lies before 1 October 1949: no register is so old.",
            "Check the year; send no stand-in for a day that is not known, leave the field out where that is allowed.",
        ),
        "\"time\":\"1800-01-01T00:00:00+08:00\"",
    ),
    page(
        "payload/category",
        ("不在代码表中。", "写提示里列出的代码之一；新代码先在 facts/ 声明。"),
        ("Not one of the codes.", "Write a code of the hint; declare new ones in facts/ first."),
        "\"scheme\":\"低保\"",
    ),
    page(
        "payload/too-long",
        ("文字太长。", "缩短到允许的字数。"),
        ("The text is too long.", "Shorten it."),
        "\"address\":\"…\"",
    ),
    page(
        "payload/id-in-text",
        ("不加密的字段里有身份证号。", "从这个字段删去；人用 subject 或成员的 id 指明。"),
        ("A field kept in clear holds an ID number.", "Take it out; name people by subject or a member's id."),
        "\"reason\":\"421202…的儿子\"",
    ),
    page(
        "payload/member-twice",
        ("同一个人在成员名单中出现两次；15位旧号和18位号是同一个人。", "删去重复的一个。"),
        (
            "One person is listed twice; an old 15-digit number and its 18 digits are one person.",
            "Remove one of the two.",
        ),
        "\"members\":[{\"id\":\"…\"},{\"id\":\"…\"}]",
    ),
    page(
        "payload/no-members",
        ("成员名单是空的：没有人的家庭无从监测。", "一户至少列一人；全户注销的，用 withdrawn 撤回这户的登记。"),
        (
            "The list of members is empty: nobody can be watched there.",
            "List at least one person; withdraw the registration if the household is no more.",
        ),
        "\"members\":[]",
    ),
    page(
        "notice/member-elsewhere",
        (
            "不是错误，事件已采纳：名单里有人在另一家庭名下。",
            "确已迁入的不必处理；登记有误的，用 supersedes 更正或撤回。",
        ),
        (
            "No error, the event is in: someone listed belongs to another household.",
            "Nothing is to be done if the person moved; otherwise correct or withdraw by supersedes.",
        ),
        "\"members\":[{\"id\":\"…\"}]",
    ),
    page(
        "payload/too-many-members",
        ("成员太多。", "确认是一户人家，不是一份名册。"),
        ("Too many members.", "Check that it is one household and not a register."),
        "\"members\":[…]",
    ),
    page(
        "payload/division-unknown",
        ("区划表没有这个代码。", "核对12位代码；新的区划先补进规则包 divisions/。"),
        (
            "The division table has no such code.",
            "Check the 12 digits; add a new division to the bundle's divisions/ first.",
        ),
        "\"division\":\"421202999999\"",
    ),
    page(
        "payload/division-gone",
        ("这个区划已撤销。", "改用提示里现在的代码。"),
        ("This division no longer exists.", "Use today's code, named in the hint."),
        "\"division\":\"422322000000\"",
    ),
    page(
        "payload/nothing-withdrawn",
        ("撤回事件没有写明撤回哪一条。", "用扩展属性 supersedes 写明原事件的 id。"),
        ("A withdrawal does not say what it takes back.", "Name the id of the earlier event in supersedes."),
        "\"withdrawn\":true",
    ),
];
