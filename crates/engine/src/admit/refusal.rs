//! Why an event's content is refused: codes and words.

use doudi_model::{Problem, Text};

/// One refusal; [`Refusal::problem`] puts it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// `type` names no declared kind of fact.
    UnknownType { nearest: Option<String> },
    /// `type` names a version that is not known.
    Version,
    /// There is no `data`, or it is not an object.
    NoData,
    /// `subject` is missing or not of the form that the kind needs.
    Subject { expected: Text },
    /// An identity number that fails a check.
    IdNumber(person::NumberProblem),
    /// A field that the kind does not declare.
    UnknownField { nearest: Option<String> },
    /// A required field is missing.
    MissingField,
    /// A value of another type.
    Type { expected: Text },
    /// A number outside the declared range.
    Range { least: String, most: String },
    /// Text that is no day.
    Date,
    /// A day or time that lies ahead.
    Future,
    /// A day or time before any register began.
    LongPast,
    /// Not one of a category's codes.
    Category { codes: Vec<String> },
    /// Longer than allowed.
    TooLong { most: usize },
    /// An identity number stands in a field that is kept in clear.
    IdInText,
    /// A household lists one person twice.
    MemberTwice,
    /// A household lists nobody.
    NoMembers,
    /// A household lists too many people.
    TooManyMembers { most: usize },
    /// No such division was ever known.
    DivisionUnknown,
    /// The division no longer exists.
    DivisionGone { successor: Option<String> },
    /// `supersedes` is missing where an event only takes another back.
    NothingWithdrawn,
}

use doudi_model::person;

impl Refusal {
    /// The stable code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Refusal::UnknownType { .. } => "payload/unknown-type",
            Refusal::Version => "payload/version",
            Refusal::NoData => "payload/no-data",
            Refusal::Subject { .. } => "payload/subject",
            Refusal::IdNumber(_) => "payload/id-number",
            Refusal::UnknownField { .. } => "payload/unknown-field",
            Refusal::MissingField => "payload/missing-field",
            Refusal::Type { .. } => "payload/type",
            Refusal::Range { .. } => "payload/range",
            Refusal::Date => "payload/date",
            Refusal::Future => "payload/future",
            Refusal::LongPast => "payload/long-past",
            Refusal::Category { .. } => "payload/category",
            Refusal::TooLong { .. } => "payload/too-long",
            Refusal::IdInText => "payload/id-in-text",
            Refusal::MemberTwice => "payload/member-twice",
            Refusal::NoMembers => "payload/no-members",
            Refusal::TooManyMembers { .. } => "payload/too-many-members",
            Refusal::DivisionUnknown => "payload/division-unknown",
            Refusal::DivisionGone { .. } => "payload/division-gone",
            Refusal::NothingWithdrawn => "payload/nothing-withdrawn",
        }
    }

    fn message(&self) -> Text {
        match self {
            Refusal::UnknownType { .. } => Text::new("没有声明过这种事件", "no such kind of event is declared"),
            Refusal::Version => Text::new("事件类型的版本不支持", "this version of the event type is not known"),
            Refusal::NoData => Text::new(
                "事件没有内容（data 应为 JSON 对象）",
                "the event has no content (data must be a JSON object)",
            ),
            Refusal::Subject { expected } => {
                Text::new(format!("subject 应为{}", expected.zh), format!("subject must be {}", expected.en))
            }
            Refusal::IdNumber(problem) => problem.text(),
            Refusal::UnknownField { .. } => Text::new("没有声明过这个字段", "no such field is declared"),
            Refusal::MissingField => Text::new("缺少必填字段", "a required field is missing"),
            Refusal::Type { expected } => {
                Text::new(format!("应为{}", expected.zh), format!("expected {}", expected.en))
            }
            Refusal::Range { least, most } => {
                Text::new(format!("超出范围（{least} 至 {most}）"), format!("out of range ({least} to {most})"))
            }
            Refusal::Date => Text::new("不是日期，应为 YYYY-MM-DD", "not a day, expected YYYY-MM-DD"),
            Refusal::Future => Text::new("日期在将来", "the day lies in the future"),
            Refusal::LongPast => Text::new("日期早于1949年10月1日", "the day lies before 1 October 1949"),
            Refusal::Category { codes } => Text::new(
                format!("不在代码表中，应为：{}", codes.join("、")),
                format!("not one of the codes: {}", codes.join(", ")),
            ),
            Refusal::TooLong { most } => {
                Text::new(format!("超过{most}个字符"), format!("longer than {most} characters"))
            }
            Refusal::IdInText => {
                Text::new("此字段不加密，不能填身份证号", "this field is kept in clear and must not hold an ID number")
            }
            Refusal::MemberTwice => Text::new("同一个人在成员名单中出现两次", "one person is listed twice"),
            Refusal::NoMembers => Text::new("成员名单是空的", "the list of members is empty"),
            Refusal::TooManyMembers { most } => {
                Text::new(format!("成员超过{most}人"), format!("more than {most} members"))
            }
            Refusal::DivisionUnknown => Text::new("区划表中没有这个代码", "the division table has no such code"),
            Refusal::DivisionGone { .. } => Text::new("这个区划已撤销", "this division no longer exists"),
            Refusal::NothingWithdrawn => {
                Text::new("撤回事件没有写明撤回哪一条", "a withdrawal does not say what it takes back")
            }
        }
    }

    fn hint(&self) -> Text {
        match self {
            Refusal::UnknownType { nearest: Some(near) } => {
                Text::new(format!("是否想写 cn.doudi.{near}.v1？"), format!("did you mean cn.doudi.{near}.v1?"))
            }
            Refusal::UnknownType { nearest: None } | Refusal::Version => Text::new(
                "type 应为 cn.doudi.<事实种类>.v1，种类见规则包 facts/",
                "type is cn.doudi.<fact kind>.v1; the kinds stand in the bundle's facts/",
            ),
            Refusal::UnknownField { nearest: Some(near) } => {
                Text::new(format!("是否想写 {near}？"), format!("did you mean {near}?"))
            }
            Refusal::UnknownField { nearest: None } => Text::new(
                "请删去该字段，或先在规则包 facts/ 中声明",
                "leave the field out, or declare it in the bundle's facts/ first",
            ),
            Refusal::Type { .. } | Refusal::Range { .. } => Text::new(
                "金额以分为单位，写成整数；例如 1200.50元 写 120050",
                "amounts are whole fen: 1200.50 yuan is 120050",
            ),
            Refusal::IdNumber(_) => {
                Text::new("请与身份证核对后重发", "check it against the identity card and send the event again")
            }
            Refusal::Future => Text::new("请核对日期和系统时钟", "check the day and the sender's clock"),
            Refusal::LongPast => Text::new(
                "请核对年份；日期不详的不要填 1900-01-01 之类的占位日期",
                "check the year; where the day is not known, send no stand-in such as 1900-01-01",
            ),
            Refusal::MemberTwice => Text::new("请删去重复的一个", "remove one of the two"),
            Refusal::NoMembers => Text::new(
                "一户至少列一人；全户注销的，用 withdrawn 撤回这户的登记",
                "list at least one person; if the household is no more, withdraw its registration by `withdrawn`",
            ),
            Refusal::DivisionGone { successor: Some(code) } => {
                Text::new(format!("请改用现在的代码 {code}"), format!("use today's code {code}"))
            }
            Refusal::NothingWithdrawn => Text::new(
                "请用扩展属性 supersedes 写明原事件的 id",
                "name the id of the earlier event in the attribute `supersedes`",
            ),
            Refusal::NoData
            | Refusal::Subject { .. }
            | Refusal::MissingField
            | Refusal::Date
            | Refusal::Category { .. }
            | Refusal::TooLong { .. }
            | Refusal::IdInText
            | Refusal::TooManyMembers { .. }
            | Refusal::DivisionUnknown
            | Refusal::DivisionGone { successor: None } => Text::new(
                "请改正后重发；原件已存入死信",
                "mend and send again; the original is kept in the dead letters",
            ),
        }
    }

    /// The refusal in words, at a field.
    pub(super) fn problem(&self, field: &str) -> Problem {
        Problem::new(self.code(), self.message(), self.hint()).in_field(field)
    }
}
