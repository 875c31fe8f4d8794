//! Faults of the envelope: not a sound CloudEvent.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "envelope/json",
        ("内容不是 JSON。", "检查指出位置的引号、逗号和括号；编码用 UTF-8。"),
        ("The content is not JSON.", "Look at quotes, commas and brackets at the place named; encode as UTF-8."),
        "{\"specversion\":\"1.0\",",
    ),
    page(
        "envelope/object",
        ("一个事件应是一个 JSON 对象。", "数组用 application/cloudevents-batch+json 发送。"),
        ("One event is one JSON object.", "Send an array as application/cloudevents-batch+json."),
        "\"hello\"    [1, 2]",
    ),
    page(
        "envelope/array",
        ("一批事件应是一个 JSON 数组。", "单个事件用 application/cloudevents+json 发送。"),
        ("A batch is one JSON array.", "Send a single event as application/cloudevents+json."),
        "{\"events\":[…]}",
    ),
    page(
        "envelope/missing",
        ("缺少必填属性。", "必填：specversion、id、source、type。"),
        ("A required attribute is missing.", "Required: specversion, id, source, type."),
        "{\"specversion\":\"1.0\",\"source\":\"urn:x\",\"type\":\"…\"}",
    ),
    page(
        "envelope/empty",
        ("属性是空的。", "填上值；可选的属性可以去掉。"),
        ("An attribute is empty.", "Give a value; leave an optional attribute out."),
        "\"id\":\"\"",
    ),
    page(
        "envelope/text",
        ("属性应是文字。", "加上引号。"),
        ("An attribute must be text.", "Put it in quotes."),
        "\"id\":17",
    ),
    page(
        "envelope/specversion",
        ("不是 CloudEvents 1.0 版。", "写 \"specversion\":\"1.0\"。"),
        ("Not version 1.0 of CloudEvents.", "Write \"specversion\":\"1.0\"."),
        "\"specversion\":\"0.3\"",
    ),
    page(
        "envelope/uri",
        ("source、dataschema 等不是 URI。", "例如 urn:xianning:421202:yb；汉字要百分号编码。"),
        (
            "source, dataschema or the like is not a URI.",
            "For example urn:xianning:421202:yb; percent-encode other signs.",
        ),
        "\"source\":\"咸安区 医保局\"",
    ),
    page(
        "envelope/time",
        ("时间不合 RFC 3339，或没有时区。", "例如 2026-11-24T10:00:00+08:00。"),
        ("The time is not RFC 3339, or has no offset.", "For example 2026-11-24T10:00:00+08:00."),
        "\"time\":\"2026-11-24 10:00\"",
    ),
    page(
        "envelope/name",
        ("属性名只能用小写字母和数字。", "改名。"),
        ("Attribute names are lower-case letters and digits.", "Rename it."),
        "\"case_no\":\"7\"",
    ),
    page(
        "envelope/value",
        ("属性的值不合规定。", "用文字（不含控制字符）、32位整数或 true、false。"),
        (
            "An attribute's value is not allowed.",
            "Use text without control characters, a 32-bit integer, true or false.",
        ),
        "\"priority\":1.5",
    ),
    page(
        "envelope/twice",
        ("同一个名字出现两次，无法知道哪个算数。", "只留一个。"),
        ("A name comes twice, and nobody can tell which counts.", "Keep one of them."),
        "\"id\":\"a\",\"id\":\"b\"",
    ),
    page(
        "envelope/media-type",
        ("datacontenttype 不是媒体类型。", "例如 application/json。"),
        ("datacontenttype is not a media type.", "For example application/json."),
        "\"datacontenttype\":\"json\"",
    ),
    page(
        "envelope/base64",
        ("data_base64 不是 base64。", "用标准 base64，含结尾的 =。"),
        ("data_base64 is not base64.", "Use standard base64 with its padding."),
        "\"data_base64\":\"{}\"",
    ),
    page(
        "envelope/two-data",
        ("data 和 data_base64 同时出现。", "只留一个。"),
        ("data and data_base64 stand together.", "Keep one of them."),
        "\"data\":{},\"data_base64\":\"e30=\"",
    ),
    page(
        "envelope/withdrawn",
        ("撤回事件没有说明撤回哪一条。", "在 supersedes 写上原事件的 id。"),
        ("A withdrawal does not say what it takes back.", "Name the id of the earlier event in supersedes."),
        "\"withdrawn\":true",
    ),
    page(
        "envelope/header",
        ("ce- 请求头的值无法解码。", "用 UTF-8 百分号编码。"),
        ("The value of a ce- header cannot be decoded.", "Percent-encode it as UTF-8."),
        "ce-id: %zz",
    ),
    page(
        "envelope/mode",
        ("既没有 ce- 头，也不是 CloudEvents 内容类型。", "单个事件的 Content-Type 写 application/cloudevents+json。"),
        (
            "Neither ce- headers nor a CloudEvents content type.",
            "Send one event with Content-Type application/cloudevents+json.",
        ),
        "Content-Type: application/json",
    ),
    page(
        "envelope/format",
        ("不支持这种 CloudEvents 格式。", "用 JSON 格式。"),
        ("This format of CloudEvents is not read here.", "Use the JSON format."),
        "Content-Type: application/cloudevents+avro",
    ),
    page(
        "envelope/charset",
        ("字符集不是 UTF-8。", "转成 UTF-8 再发。"),
        ("The character set is not UTF-8.", "Convert to UTF-8 and send again."),
        "Content-Type: application/cloudevents+json; charset=gbk",
    ),
    page(
        "envelope/too-large",
        ("事件或请求太大。", "单个事件最多 1 MiB；批次拆小，每批500个最快。"),
        (
            "The event or the request is too large.",
            "An event has 1 MiB at most; split batches, 500 events each is fastest.",
        ),
        "10 MB",
    ),
    page(
        "envelope/too-many",
        ("一批的事件太多。", "每批最多一万个，500个最快。"),
        ("The batch holds too many events.", "Ten thousand at most; 500 each is fastest."),
        "[{…}, …]",
    ),
    page(
        "envelope/tombstone",
        ("Kafka 记录没有内容也没有属性。", "要撤回一个事件，发一个带 withdrawn 和 supersedes 的事件。"),
        (
            "A Kafka record without value and attributes is no event.",
            "To take an event back, send one with withdrawn and supersedes.",
        ),
        "key=421202…, value=null",
    ),
    page(
        "envelope/source-token",
        ("令牌不属于这个来源。", "source 应是令牌登记的来源。"),
        ("The token does not belong to this source.", "source must be one that the token is registered for."),
        "\"source\":\"urn:xianning:421202:mz\"",
    ),
];
