//! Problems that the server itself finds, in both languages.

use doudi_model::{Problem, Text};

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

/// The service has not read its journal to the end yet.
#[must_use]
pub fn starting() -> Problem {
    problem(
        "service/starting",
        ("正在启动：日志还没有读完", "稍后再试；日志越长，时间越久"),
        ("starting: the journal is not read to its end yet", "try again shortly; a long journal takes longer"),
    )
}

/// The house stopped and takes in nothing more.
#[must_use]
pub fn stopped(code: &str) -> Problem {
    Problem::new(
        "service/stopped",
        Text::new(format!("已停止接收和处理（{code}）"), format!("nothing is taken in or applied any more ({code})")),
        Text::new(
            format!("先看运行日志和磁盘；doudi error {code} 说明改法，改好后重新启动"),
            format!("look at the log and the disk first; `doudi error {code}` says how to mend it, then start again"),
        ),
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

/// A member of a request that is at fault.
#[must_use]
pub fn member(path: &str, message: Text, hint: Text) -> Problem {
    let problem = Problem::new("request/field", message, hint);
    if path.is_empty() { problem } else { problem.in_field(path) }
}

/// Something behind the `?` that cannot be read: the one at fault, if it is known, and all there are.
#[must_use]
pub fn bad_query(at_fault: Option<&(&str, &str, &str)>, all: &[(&str, &str, &str)]) -> Problem {
    let message = Text::new("地址里的参数读不懂", "a parameter of the address cannot be read");
    let line = |pick: fn(&(&str, &str, &str)) -> String| all.iter().map(pick).collect::<Vec<_>>().join(", ");
    match at_fault {
        Some((name, zh, en)) => Problem::new("request/query", message, Text::new(*zh, *en)).in_field(*name),
        None => {
            let hint =
                Text::new(line(|(name, zh, _)| format!("{name}={zh}")), line(|(name, _, en)| format!("{name}={en}")));
            Problem::new("request/query", message, hint)
        }
    }
}

/// A body that is sent as something else than JSON.
#[must_use]
pub fn not_json() -> Problem {
    problem(
        "request/content-type",
        ("请求内容不是 JSON", "请求头写 Content-Type: application/json"),
        ("the request is not sent as JSON", "send the header Content-Type: application/json"),
    )
    .in_field("Content-Type")
}

/// A request larger than a form or a move may be.
#[must_use]
pub fn request_too_large() -> Problem {
    problem(
        "request/too-large",
        ("请求内容太大", "一次办理最多 256 KiB；事件请发往 /v1/events"),
        ("the request is too large", "a move takes at most 256 KiB; events go to /v1/events"),
    )
}

/// No such address.
#[must_use]
pub fn no_such_path() -> Problem {
    problem(
        "request/path",
        ("没有这个地址", "全部地址见 /v1/openapi.json"),
        ("there is nothing at this address", "/v1/openapi.json lists all addresses"),
    )
}

/// No such page.
#[must_use]
pub fn no_such_page() -> Problem {
    problem(
        "request/path",
        ("没有这个页面", "可能是链接不完整；从首页重新进入"),
        ("there is no such page", "the link may be incomplete; begin again at the start page"),
    )
}

/// An address that is not asked so.
#[must_use]
pub fn no_such_method() -> Problem {
    problem(
        "request/method",
        ("这个地址不接受这种请求方法", "可用的方法在应答头 Allow 里"),
        ("this address does not take that method", "the header Allow of this answer lists those it takes"),
    )
}

/// Too many wrong passwords from there.
#[must_use]
pub fn login_wait(seconds: u64) -> Problem {
    Problem::new(
        "auth/wait",
        Text::new("试错次数太多", "too many wrong passwords"),
        Text::new(format!("请 {seconds} 秒后再试"), format!("try again in {seconds} seconds")),
    )
}

/// A form that did not arrive as one.
#[must_use]
pub fn bad_form() -> Problem {
    problem(
        "request/form",
        ("表单没有收到", "返回上一页再提交一次"),
        ("the form did not arrive as one", "go back and send it again"),
    )
}

/// No such move.
#[must_use]
pub fn no_such_move(names: &str) -> Problem {
    Problem::new(
        "case/move",
        Text::new("没有这种办理", "there is no such move"),
        Text::new(format!("可用：{names}"), format!("known: {names}")),
    )
    .in_field("kind")
}

/// A report sent as a move.
#[must_use]
pub fn report_elsewhere() -> Problem {
    problem(
        "case/move",
        ("走访结果不在这里登记", "发往 /v1/cases/{id}/feedback"),
        ("a finding is not recorded here", "send it to /v1/cases/{id}/feedback"),
    )
    .in_field("kind")
}
