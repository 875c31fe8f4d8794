//! Problems that the server itself finds, in both languages.

use doudi_model::{Problem, Text};

use crate::view::MoveKind;

fn problem(code: &'static str, zh: (&str, &str), en: (&str, &str)) -> Problem {
    Problem::new(code, Text::new(zh.0, en.0), Text::new(zh.1, en.1))
}

/// Nobody is logged in.
#[must_use]
pub fn login_needed() -> Problem {
    problem(
        "auth/login",
        ("需要登录", "用会话 Cookie，或在请求中带上账号和密码"),
        ("a log-in is needed", "send the session cookie, or name and password by HTTP Basic"),
    )
}

/// A write without the session's form token.
#[must_use]
pub fn csrf() -> Problem {
    problem(
        "auth/csrf",
        ("页面已失效", "返回上一页刷新后再提交；接口请带 X-CSRF-Token"),
        ("this page is no longer valid", "reload it and send again; API clients send X-CSRF-Token"),
    )
}

/// The role may not do this.
#[must_use]
pub fn not_allowed() -> Problem {
    problem(
        "auth/role",
        ("这个账号不能办这件事", "请由主办单位的经办人员办理"),
        ("this account may not do that", "someone of the lead office has to do it"),
    )
}

/// Unknown, or outside the asker's subtree: the same answer for both.
#[must_use]
pub fn not_found() -> Problem {
    problem(
        "not-found",
        ("没有这一项，或不在您的辖区", "检查编号；确需查看请联系上级民政部门"),
        ("there is no such thing, or it is outside your area", "check the number; ask the office above if you need it"),
    )
}

/// Too much at once.
#[must_use]
pub fn busy() -> Problem {
    problem(
        "busy",
        ("现在太忙", "两秒后再发；每批 500 个事件最快"),
        ("too busy just now", "send again in two seconds; batches of 500 events are fastest"),
    )
}

/// The house cannot do it now.
#[must_use]
pub fn unavailable(reference: &str) -> Problem {
    Problem::new(
        "unavailable",
        Text::new(
            format!("没有保存成功，请过几分钟再试；编号 {reference}，可告知运维"),
            format!("nothing was saved; try again in a few minutes; reference {reference} for the operator"),
        ),
        Text::new("先查看磁盘空间和运行日志", "look at disk space and the log first"),
    )
}

/// The sender of events is not known.
#[must_use]
pub fn source_unknown() -> Problem {
    problem(
        "auth/source",
        ("没有权限发送事件", "在 Authorization 头中带上本来源的令牌；没有配置令牌时只收本机发来的事件"),
        (
            "this sender may not send events",
            "send the token of your source as a bearer token; without configured tokens only this machine is heard",
        ),
    )
}

/// An event of a source that this token may not speak for.
#[must_use]
pub fn source_not_yours() -> Problem {
    problem(
        "envelope/source-token",
        ("令牌不属于这个来源", "source 应是令牌登记的来源"),
        ("the token does not belong to this source", "source must be one that the token is registered for"),
    )
    .in_field("source")
}

/// A body larger than may be sent at once.
#[must_use]
pub fn body_too_large(limit_mib: usize, events: usize) -> Problem {
    Problem::new(
        "envelope/too-large",
        Text::new(
            format!("一次最多 {limit_mib} MiB、{events} 个事件"),
            format!("at most {limit_mib} MiB and {events} events at once"),
        ),
        Text::new("分成几批再发，每批 500 个最快", "split it into several batches; 500 events each is fastest"),
    )
}

/// A body that cannot be read as what it should be.
#[must_use]
pub fn bad_request(what: &str) -> Problem {
    Problem::new(
        "request/body",
        Text::new("请求内容读不懂", "the request cannot be read"),
        Text::new(format!("检查：{what}"), format!("look at: {what}")),
    )
}

/// No such move.
#[must_use]
pub fn no_such_move() -> Problem {
    let names = MoveKind::ALL.map(MoveKind::name).join(" ");
    Problem::new(
        "case/move",
        Text::new("没有这种办理", "there is no such move"),
        Text::new(format!("可用：{names}"), format!("known: {names}")),
    )
    .in_field("kind")
}
