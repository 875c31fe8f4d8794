//! What can be wrong with an envelope, and the words for it in both languages.

use std::borrow::Cow;

use doudi_model::{Problem, Text};

/// One fault of an envelope or of how it was sent. Attribute names are those of the sender, made safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not JSON; line and column of the first bad sign.
    NotJson(usize, usize),
    /// JSON, but not an object.
    NotAnObject,
    /// An array under the content type of a single event.
    ArrayForOne,
    /// A batch that is not an array.
    NotAnArray,
    /// A required attribute is not there.
    Missing(&'static str),
    /// An attribute that must not be empty is.
    Empty(Cow<'static, str>),
    /// An attribute that must be text is something else.
    NotText(Cow<'static, str>),
    /// Another version of the envelope.
    SpecVersion,
    /// Not a URI reference.
    NotAUri(&'static str),
    /// Not an RFC 3339 time.
    NotATime,
    /// An attribute name with something else than lower-case letters and digits.
    Name(String),
    /// A value that is no string, 32-bit integer or boolean, or a string with control characters.
    BadValue(Cow<'static, str>),
    /// The same name twice.
    Twice(Cow<'static, str>),
    /// Not a media type.
    NotAMediaType,
    /// Not base64.
    NotBase64,
    /// `data` and `data_base64` together.
    TwoData,
    /// `withdrawn` is neither true nor false.
    NotABool,
    /// `withdrawn` without saying what is taken back.
    WithdrawsNothing,
    /// A header that cannot be decoded.
    BadHeader(String),
    /// Neither CloudEvents headers nor a CloudEvents content type.
    NoMode,
    /// A CloudEvents format that is not read here, such as Avro or XML.
    OtherFormat,
    /// A character set other than UTF-8.
    OtherCharset,
    /// More bytes than one event may have.
    TooLarge(usize),
    /// More events than a batch may have.
    TooMany(usize),
    /// A Kafka record without value and without attributes.
    Tombstone,
    /// `data` claims to be JSON and is not.
    DataNotJson(usize, usize),
    /// A name comes twice in `data`.
    DataTwice(String),
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::NotJson(..) => "envelope/json",
            Fault::NotAnObject | Fault::ArrayForOne => "envelope/object",
            Fault::NotAnArray => "envelope/array",
            Fault::Missing(_) => "envelope/missing",
            Fault::Empty(_) => "envelope/empty",
            Fault::NotText(_) => "envelope/text",
            Fault::SpecVersion => "envelope/specversion",
            Fault::NotAUri(_) => "envelope/uri",
            Fault::NotATime => "envelope/time",
            Fault::Name(_) => "envelope/name",
            Fault::BadValue(_) | Fault::NotABool => "envelope/value",
            Fault::Twice(_) => "envelope/twice",
            Fault::NotAMediaType => "envelope/media-type",
            Fault::NotBase64 => "envelope/base64",
            Fault::TwoData => "envelope/two-data",
            Fault::WithdrawsNothing => "envelope/withdrawn",
            Fault::BadHeader(_) => "envelope/header",
            Fault::NoMode => "envelope/mode",
            Fault::OtherFormat => "envelope/format",
            Fault::OtherCharset => "envelope/charset",
            Fault::TooLarge(_) => "envelope/too-large",
            Fault::TooMany(_) => "envelope/too-many",
            Fault::Tombstone => "envelope/tombstone",
            Fault::DataNotJson(..) => "payload/json",
            Fault::DataTwice(_) => "payload/twice",
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Fault::Missing(name) | Fault::NotAUri(name) => Some((*name).to_owned()),
            Fault::Empty(name) | Fault::NotText(name) | Fault::BadValue(name) | Fault::Twice(name) => {
                Some(name.clone().into_owned())
            }
            Fault::Name(name) | Fault::BadHeader(name) => Some(name.clone()),
            Fault::DataTwice(name) => Some(format!("data.{name}")),
            Fault::SpecVersion => Some("specversion".into()),
            Fault::NotATime => Some("time".into()),
            Fault::NotAMediaType => Some("datacontenttype".into()),
            Fault::NotBase64 | Fault::TwoData => Some("data_base64".into()),
            Fault::NotABool | Fault::WithdrawsNothing => Some("withdrawn".into()),
            Fault::DataNotJson(..) => Some("data".into()),
            _ => None,
        }
    }

    fn place(&self) -> String {
        match self {
            Fault::NotJson(line, column) | Fault::DataNotJson(line, column) => format!("{line}:{column}"),
            _ => String::new(),
        }
    }

    fn message(&self) -> (String, String) {
        let fixed = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        match self {
            Fault::NotJson(line, column) => (
                format!("不是 JSON：第 {line} 行第 {column} 列读不下去"),
                format!("not JSON: unreadable at line {line}, column {column}"),
            ),
            Fault::NotAnObject => fixed("事件不是 JSON 对象", "the event is not a JSON object"),
            Fault::ArrayForOne => {
                fixed("这里应是一个事件，收到的是数组", "one event is expected here, an array was sent")
            }
            Fault::NotAnArray => fixed("批次不是 JSON 数组", "the batch is not a JSON array"),
            Fault::Missing(name) => (format!("缺少必填属性 {name}"), format!("the attribute {name} is missing")),
            Fault::Empty(name) => (format!("属性 {name} 是空的"), format!("the attribute {name} is empty")),
            Fault::NotText(name) => (format!("属性 {name} 不是文字"), format!("the attribute {name} is not text")),
            Fault::SpecVersion => fixed("不是 CloudEvents 1.0 版", "not version 1.0 of CloudEvents"),
            Fault::NotAUri(name) => (format!("属性 {name} 不是 URI"), format!("the attribute {name} is not a URI")),
            Fault::NotATime => fixed("时间不合 RFC 3339", "the time is not written as RFC 3339 has it"),
            Fault::Name(_) => fixed("属性名只能用小写字母和数字", "attribute names are lower-case letters and digits"),
            Fault::BadValue(name) => {
                (format!("属性 {name} 的值不合规定"), format!("the value of the attribute {name} is not allowed"))
            }
            Fault::Twice(name) => (format!("{name} 出现了两次"), format!("{name} comes twice")),
            Fault::NotAMediaType => fixed("datacontenttype 不是媒体类型", "datacontenttype is not a media type"),
            Fault::NotBase64 => fixed("data_base64 不是 base64", "data_base64 is not base64"),
            Fault::TwoData => fixed("data 和 data_base64 同时出现", "data and data_base64 stand together"),
            Fault::NotABool => fixed("withdrawn 应是 true 或 false", "withdrawn is neither true nor false"),
            Fault::WithdrawsNothing => {
                fixed("撤回的事件没有说明撤回哪一条", "a withdrawal does not say what it takes back")
            }
            Fault::BadHeader(_) => fixed("请求头的值无法解码", "the header's value cannot be decoded"),
            Fault::NoMode => fixed(
                "既没有 ce- 头，也不是 CloudEvents 内容类型",
                "neither CloudEvents headers nor a CloudEvents content type",
            ),
            Fault::OtherFormat => fixed("不支持这种 CloudEvents 格式", "this format of CloudEvents is not read here"),
            Fault::OtherCharset => fixed("字符集不是 UTF-8", "the character set is not UTF-8"),
            Fault::TooLarge(max) => {
                (format!("事件超过 {} KiB", max / 1024), format!("the event has more than {} KiB", max / 1024))
            }
            Fault::TooMany(max) => {
                (format!("一批超过 {max} 个事件"), format!("the batch holds more than {max} events"))
            }
            Fault::Tombstone => {
                fixed("没有内容也没有属性的记录不是事件", "a record without value and attributes is not an event")
            }
            Fault::DataNotJson(line, column) => (
                format!("内容声明为 JSON，第 {line} 行第 {column} 列读不下去"),
                format!("the content claims to be JSON and is unreadable at line {line}, column {column}"),
            ),
            Fault::DataTwice(name) => {
                (format!("内容中 {name} 出现了两次"), format!("{name} comes twice in the content"))
            }
        }
    }

    fn hint(&self) -> (&'static str, &'static str) {
        match self {
            Fault::NotJson(..) | Fault::DataNotJson(..) => (
                "检查该处的引号、逗号和括号；JSON 没有 NaN，用 UTF-8 编码",
                "look at quotes, commas and brackets there; JSON has no NaN and is UTF-8",
            ),
            Fault::NotAnObject => {
                ("一个事件写成 {\"specversion\":\"1.0\",…}", "write an event as {\"specversion\":\"1.0\",…}")
            }
            Fault::ArrayForOne | Fault::NotAnArray => (
                "数组用 application/cloudevents-batch+json，单个事件用 application/cloudevents+json",
                "an array goes as application/cloudevents-batch+json, one event as application/cloudevents+json",
            ),
            Fault::Missing(_) => ("必填：specversion、id、source、type", "required: specversion, id, source, type"),
            Fault::Empty(_) => ("填上值，或去掉这个属性", "give a value, or leave the attribute out"),
            Fault::NotText(_) => ("加上引号，写成文字", "put it in quotes"),
            Fault::SpecVersion => ("写成 \"specversion\":\"1.0\"", "write \"specversion\":\"1.0\""),
            Fault::NotAUri(_) => (
                "例如 urn:gov:xianning:ybj；汉字须百分号编码",
                "for example urn:gov:xianning:ybj; percent-encode other signs",
            ),
            Fault::NotATime => ("例如 2026-03-05T09:30:00+08:00", "for example 2026-03-05T09:30:00+08:00"),
            Fault::Name(_) => ("改成只含 a–z 和 0–9 的名字", "rename it to a–z and 0–9"),
            Fault::BadValue(_) => (
                "用文字（不含控制字符）、32 位整数或 true、false",
                "use text without control characters, a 32-bit integer, true or false",
            ),
            Fault::Twice(_) | Fault::DataTwice(_) => ("只留一个", "keep one of them"),
            Fault::NotAMediaType => ("例如 application/json", "for example application/json"),
            Fault::NotBase64 => ("用标准 base64，含结尾的 =", "use standard base64 with its padding"),
            Fault::TwoData => ("两者只能有一个", "keep one of them"),
            Fault::NotABool => ("写成 true 或 false", "write true or false"),
            Fault::WithdrawsNothing => {
                ("在 supersedes 中写上要撤回的事件 id", "name the id of the event taken back in supersedes")
            }
            Fault::BadHeader(_) => ("用 UTF-8 百分号编码", "percent-encode it as UTF-8"),
            Fault::NoMode => (
                "加上 Content-Type: application/cloudevents+json，或用 ce-id、ce-source、ce-type、ce-specversion 头",
                "send Content-Type: application/cloudevents+json, or the headers ce-id, ce-source, ce-type, ce-specversion",
            ),
            Fault::OtherFormat => ("用 application/cloudevents+json", "use application/cloudevents+json"),
            Fault::OtherCharset => ("改用 UTF-8", "send UTF-8"),
            Fault::TooLarge(_) => ("附件和影像不要放进事件，只发字段", "leave attachments out; send the fields only"),
            Fault::TooMany(_) => ("分成几批再发，每批 500 个最快", "split the batch; 500 events each is fastest"),
            Fault::Tombstone => ("不要向这个主题发送删除记录", "do not send deletions to this topic"),
        }
    }

    /// The fault as data for every screen and file.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (zh, en) = self.message();
        let (hint_zh, hint_en) = self.hint();
        let mut problem = Problem::new(self.code(), Text::new(zh, en), Text::new(hint_zh, hint_en)).at(self.place());
        problem.field = self.field();
        problem
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        fault.problem()
    }
}

/// A sender's name as it may be printed: short, plain, and without the digits of an ID number.
pub(super) fn printable(name: &str) -> String {
    let plain = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if plain && digits < 8 && !name.is_empty() { name.to_owned() } else { "…".to_owned() }
}
