//! Wrong use: settings, accounts, requests, the command line.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "config/unknown",
        ("没有这个设置。", "检查拼写；doudi config show 列出全部。"),
        ("There is no such setting.", "Check the spelling; doudi config show lists all."),
        "DOUDI_LISTNE=0.0.0.0:80",
    ),
    page(
        "config/value",
        ("设置的值读不懂。", "按提示的写法改正。"),
        ("A setting's value cannot be read.", "Mend it as the hint says."),
        "listen = \"everywhere\"",
    ),
    page(
        "sql/no-duckdb",
        (
            "--backend sql 要用 Python 和它的 duckdb 包，这台机器上没有。",
            "sudo apt-get install python3 python3-venv；python3 -m venv duckdb；duckdb/bin/pip install duckdb；再加 --python duckdb/bin/python。",
        ),
        (
            "--backend sql needs Python with the package duckdb; this machine lacks it.",
            "sudo apt-get install python3 python3-venv; python3 -m venv duckdb; duckdb/bin/pip install duckdb; then add --python duckdb/bin/python.",
        ),
        "doudi rules eval --backend sql --python /usr/bin/python3",
    ),
    page(
        "sql/stopped",
        ("运行 DuckDB 的 Python 进程中途停了，余下的行没有回答。", "看它写到标准错误的话；内存不足时分批送入。"),
        (
            "The Python process that runs DuckDB stopped; the remaining lines have no answer.",
            "Read what it wrote to standard error; if memory ran out, send fewer lines at a time.",
        ),
        "doudi rules eval --backend sql < questions.jsonl",
    ),
    page(
        "config/toml",
        ("配置文件不是 TOML。", "每行写成 名称 = 值，文字加引号。"),
        ("The config file is not TOML.", "Write name = value, text in quotes."),
        "listen: 8787",
    ),
    page(
        "accounts/toml",
        ("账号文件读不懂。", "每个账号一段 [[account]]。"),
        ("The file of accounts cannot be read.", "One [[account]] block each."),
        "[[account]]\nname = zhang",
    ),
    page(
        "accounts/field",
        ("账号里有一项缺少、多余或读不懂。", "按提示的写法改正；样例见 deploy/single/accounts.toml。"),
        (
            "A member of an account is missing, unknown or unreadable.",
            "Write it as the hint says; deploy/single/accounts.toml is an example.",
        ),
        "role = \"boss\"",
    ),
    page(
        "accounts/password",
        ("密码是空的。", "输入一行密码再回车。"),
        ("The password is empty.", "Type one line and press Enter."),
        "doudi account hash < /dev/null",
    ),
    page(
        "accounts/hash",
        ("密码散列不对，或没能生成。", "用 doudi account hash 生成。"),
        ("A password hash is wrong, or could not be made.", "Make it with doudi account hash."),
        "password = \"123456\"",
    ),
    page(
        "accounts/twice",
        ("两个账号同名。", "改名。"),
        ("Two accounts have one name.", "Rename one."),
        "name = \"zhang\"",
    ),
    page(
        "sources/toml",
        ("数据来源令牌文件读不懂。", "每个来源一段 [[source]]。"),
        ("The file of source tokens cannot be read.", "One [[source]] block each."),
        "[[source]]",
    ),
    page(
        "auth/login",
        ("需要登录。", "用会话 Cookie，或在请求中带账号和密码。"),
        ("A log-in is needed.", "Send the session cookie, or name and password by HTTP Basic."),
        "GET /v1/cases",
    ),
    page(
        "auth/csrf",
        ("页面已失效。", "刷新后再提交；接口请带 X-CSRF-Token。"),
        ("The page is no longer valid.", "Reload it; API clients send X-CSRF-Token."),
        "POST /cases/…",
    ),
    page(
        "auth/role",
        ("这个账号不能办这件事。", "请由主办单位的经办人员办理。"),
        ("This account may not do that.", "Someone of the lead office has to do it."),
        "POST /v1/cases/…/moves",
    ),
    page(
        "auth/source",
        ("没有权限发送事件。", "带上本来源的令牌；没有配置令牌时只收本机发来的。"),
        (
            "This sender may not send events.",
            "Send the source's bearer token; without configured tokens only this machine is heard.",
        ),
        "POST /v1/events",
    ),
    page(
        "request/body",
        ("请求内容读不懂。", "按提示的字段改正。"),
        ("The request cannot be read.", "Mend the field named."),
        "{\"kind\":7}",
    ),
    page(
        "request/field",
        ("请求里有一项缺少、多余或读不懂。", "按 field 和提示改正；写法见 /v1/openapi.json。"),
        (
            "A member of the request is missing, unknown or unreadable.",
            "Mend the field named; /v1/openapi.json has its form.",
        ),
        "{\"on\":\"2026-11-20\",\"outcome\":\"fine\"}",
    ),
    page(
        "request/query",
        ("地址里的参数读不懂。", "按提示的写法改正。"),
        ("A parameter of the address cannot be read.", "Write it as the hint says."),
        "GET /v1/cases?limit=many",
    ),
    page(
        "request/content-type",
        ("请求内容不是 JSON。", "请求头写 Content-Type: application/json。"),
        ("The request is not sent as JSON.", "Send the header Content-Type: application/json."),
        "Content-Type: text/xml",
    ),
    page(
        "request/too-large",
        ("请求内容太大。", "一次办理最多 256 KiB；事件请发往 /v1/events。"),
        ("The request is too large.", "A move takes at most 256 KiB; events go to /v1/events."),
        "POST /v1/cases/…/moves",
    ),
    page(
        "request/path",
        ("没有这个地址。", "接口地址见 /v1/openapi.json；页面从首页进入。"),
        (
            "There is nothing at this address.",
            "/v1/openapi.json lists those of the API; pages begin at the start page.",
        ),
        "GET /v1/case",
    ),
    page(
        "request/method",
        ("这个地址不接受这种请求方法。", "可用的方法在应答头 Allow 里。"),
        ("The address does not take that method.", "The header Allow of the answer lists those it takes."),
        "DELETE /v1/cases",
    ),
    page(
        "request/form",
        ("表单没有收到。", "返回上一页再提交一次。"),
        ("The form did not arrive as one.", "Go back and send it again."),
        "POST /cases/…/moves/acknowledge",
    ),
    page(
        "auth/wait",
        ("试错密码的次数太多。", "按应答头 Retry-After 的秒数等待后再试。"),
        ("Too many wrong passwords.", "Wait as many seconds as the header Retry-After says."),
        "GET /v1/cases",
    ),
    page(
        "sim/options",
        ("模拟参数不合适。", "户数1至50万，月数1至120，比例不超过千分之一千。"),
        (
            "A setting of the simulation is unfit.",
            "1 to 500,000 households, 1 to 120 months, no more than a thousand of a thousand.",
        ),
        "doudi generate --households 0 --out x",
    ),
    page(
        "sim/divisions",
        ("区划表里没有村，无处安置模拟住户。", "用含村级区划的规则包。"),
        ("The division table has no village for simulated households.", "Use a bundle with villages."),
        "doudi --rules DIR generate …",
    ),
    page(
        "use/arguments",
        ("命令行写得不对。", "加 --help 看写法。"),
        ("The command line is wrong.", "See --help."),
        "doudi ingest",
    ),
    page(
        "use/no-rule",
        ("没有这条规则。", "doudi rules list 列出全部。"),
        ("There is no such rule.", "doudi rules list shows all."),
        "doudi rules show medical",
    ),
    page(
        "use/no-household",
        ("没有这个家庭，或那时还不知道它。", "核对编号；--known-at 之后才登记的家庭那时还不知道。"),
        ("There is no such household, or it was not known then.", "Check the number and --known-at."),
        "doudi household show sq-999",
    ),
    page(
        "use/no-case",
        ("没有这张工单。", "doudi case list 列出全部。"),
        ("There is no such case.", "doudi case list shows all."),
        "doudi case show K7M2-4C9L",
    ),
    page(
        "use/no-entry",
        ("台账没有这一条。", "doudi state stats 的 records 是总条数。"),
        ("The record has no such entry.", "`records` of doudi state stats is how many there are."),
        "doudi audit show 999999",
    ),
    page(
        "use/no-dead-letter",
        ("没有这条死信。", "doudi dead-letters list --all 列出全部。"),
        ("There is no such dead letter.", "doudi dead-letters list --all shows all."),
        "doudi dead-letters show 4f2a",
    ),
    page(
        "use/ambiguous",
        ("编号开头对应不止一条。", "多写几位。"),
        ("More than one begins so.", "Give more signs."),
        "doudi dead-letters show 4",
    ),
    page(
        "use/no-code",
        ("没有这个错误码。", "doudi error 列出全部。"),
        ("There is no such code.", "doudi error lists all."),
        "doudi error B9999",
    ),
    page(
        "use/move",
        (
            "不是有效的办理 JSON。",
            "写 {\"case\",\"kind\",\"actor\":{\"name\",\"role\",\"office\"},\"reason\",\"once\",\"detail\"}。",
        ),
        (
            "Not a move in JSON.",
            "Write {\"case\",\"kind\",\"actor\":{\"name\",\"role\",\"office\"},\"reason\",\"once\",\"detail\"}.",
        ),
        "doudi case move '{}'",
    ),
    page(
        "use/missing",
        ("缺少一个参数。", "按提示补上。"),
        ("A flag is missing.", "Give it as the hint says."),
        "doudi feedback record K7M2-4C9L",
    ),
    page(
        "use/value",
        ("参数的值不对。", "按提示的写法改正。"),
        ("A flag's value is not of its form.", "Write it as the hint says."),
        "--role boss",
    ),
    page(
        "use/division",
        ("不是区划代码。", "写12位数字。"),
        ("Not a division code.", "Write 12 digits."),
        "doudi route test --division 4212 …",
    ),
];
