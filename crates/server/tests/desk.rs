//! The pages without script: log in, take cases, record a finding, hand one over; masks, errors, conflicts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_lossless, reason = "a test that fails is to stop")]

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use doudi_server::auth::Role;
use doudi_server::fake::Fake;
use doudi_server::run;
use doudi_server::service::{Actor, Answered, Correction, Finding, MoveOrder, Service, Way};
use doudi_server::view::{MoveKind, Outcome};
use tower::ServiceExt;

mod support;

/// A browser without script: keeps its cookie, follows nothing by itself.
struct Browser {
    router: Router,
    cookie: String,
    house: Arc<Fake>,
}

struct Page {
    status: StatusCode,
    location: String,
    text: String,
}

impl Browser {
    fn new() -> Browser {
        let accounts = support::accounts(&[
            ("wang", Role::Township, "t-421202107", "421202107000"),
            ("gao", Role::Township, "t-421202108", "421202108000"),
            ("li", Role::County, "c-421202-mz", "421202000000"),
            ("qian", Role::Operator, "c-421202-mz", "421202000000"),
        ]);
        let house = Arc::new(Fake::new());
        Browser { router: run::router(support::app(house.clone(), accounts)), cookie: String::new(), house }
    }

    /// The same desk seen by somebody else.
    async fn another(&self, name: &str) -> Browser {
        let mut other = Browser { router: self.router.clone(), cookie: String::new(), house: Arc::clone(&self.house) };
        other.log_in(name).await;
        other
    }

    async fn send(&self, request: Request<Body>) -> (Page, Option<String>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let head = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (location, cookie) = (head(header::LOCATION).unwrap_or_default(), head(header::SET_COOKIE));
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (Page { status, location, text: String::from_utf8(bytes.to_vec()).unwrap() }, cookie)
    }

    async fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        self.send(request).await.0
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.send(request).await.0
    }

    async fn log_in(&mut self, name: &str) {
        let request = Request::post("/login")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("name={name}&password=doudi")))
            .unwrap();
        let (page, cookie) = self.send(request).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        let cookie = cookie.unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    /// Sends the form of a page with its hidden fields.
    async fn submit(&self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        let hidden = ["csrf", "once", "version", "step"].map(|name| (name, page.hidden(name)));
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }
}

impl Page {
    /// The value of the last hidden field of a name: the page's own form comes after that of the header.
    fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.rsplit_once(&mark).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    #[track_caller]
    fn says(&self, words: &str) -> &Page {
        assert!(self.text.contains(words), "{words} is not on the page:\n{}", self.text);
        self
    }

    #[track_caller]
    fn hides(&self, words: &str) -> &Page {
        assert!(!self.text.contains(words), "{words} is on the page:\n{}", self.text);
        self
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[tokio::test]
async fn whoever_is_not_logged_in_is_led_to_the_log_in_and_back() {
    let browser = Browser::new();
    let page = browser.get("/cases/K7M2-4C9L").await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/login?next=/cases/K7M2-4C9L"));
    let page = browser.post("/login", &[("name", "wang"), ("password", "wrong"), ("next", "//evil.example")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("账号或密码不对").says("错误：登录").says("aria-invalid=\"true\"").says("value=\"wang\"").hides("evil");
}

#[tokio::test]
async fn the_inbox_puts_the_most_urgent_first_and_masks_names() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let page = browser.get("/inbox").await;
    page.says("7户").says("超期1").says("今天到期1").says("张*山").hides("张大山").says("每周能走访4户");
    let order: Vec<usize> =
        ["K7M2-4C9L", "T9QF-3R6B", "P4XN-7H2D", "H3RB-9N4X"].iter().map(|id| page.text.find(id).unwrap()).collect();
    assert!(order.is_sorted(), "{order:?}");
    // Only what this office can take now has a box.
    assert_eq!(page.text.matches("name=\"case\"").count(), 4);
    browser.get("/inbox?level=red").await.says("共2户");
    browser.get("/inbox?due=overdue").await.says("共1户");
    browser.get("/inbox?group=village").await.says("village-head");
    browser.get("/inbox?level=blue&state=opened").await.says("没有符合筛选的工单");
}

#[tokio::test]
async fn cases_are_taken_in_bulk_and_each_failure_is_named() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let page = browser.get("/inbox").await;
    let chosen = [("case", "K7M2-4C9L"), ("case", "T9QF-3R6B"), ("case", "B4KC-6J3V")];
    let done = browser.submit(&page, "/inbox/acknowledge", &chosen).await;
    done.says("已签收2户。").says("B4KC-6J3V 没有签收：没有这张工单，或不在您的辖区").says("张大山");
    let again = browser.submit(&page, "/inbox/acknowledge", &chosen).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a second tap does nothing");
    let forged = browser.post("/inbox/acknowledge", &[("csrf", "x"), ("case", "V2JH-8W5M")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_case_says_why_and_shows_the_name_once_taken() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let page = browser.get("/cases/K7M2-4C9L").await;
    page.says("占全家收入24,000元的97.5%").says("高37.5个点").says("未知").says("第九条").says("降到11,520元以下");
    page.says("张*山").hides("张大山").says("421202********0008").hides("421202190001010008").hides("watermark");
    assert!(browser.house.looks().is_empty());
    let done = browser.submit(&page, "/cases/K7M2-4C9L/moves/acknowledge", &[]).await;
    assert_eq!(done.location, "/cases/K7M2-4C9L?done=acknowledge");
    let page = browser.get(&done.location).await;
    page.says("已签收。现在由您负责").says("张大山").says("双溪村3组12号").says("watermark").says("登记走访结果");
    assert_eq!(browser.house.looks().len(), 1);
    let outside = browser.another("gao").await.get("/cases/K7M2-4C9L").await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND);
    outside.says("不在您的辖区");
}

#[tokio::test]
async fn a_finding_goes_over_three_pages_a_check_and_a_receipt() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let here = "/cases/P4XN-7H2D/feedback";
    let page = browser.get(here).await;
    page.says("value=\"2026-11-24\"").says("value=\"王某\"");
    let wrong = browser.submit(&page, here, &[("on", "昨天"), ("investigator1", ""), ("go", "next")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("日期写成 2026-11-24").says("请填调查人员").says("href=\"#on\"").says("value=\"昨天\"");
    let next = browser
        .submit(&page, here, &[("on", "2026年11月23日"), ("investigator1", "王某"), ("way", "visit"), ("go", "next")])
        .await;
    assert_eq!(next.location, "/cases/P4XN-7H2D/feedback?step=conclusion");
    // Nobody can jump over the conclusion.
    browser.get("/cases/P4XN-7H2D/feedback?step=check").await.says("name=\"step\" value=\"conclusion\"");
    let page = browser.get(&next.location).await;
    page.says("需要帮扶").says("临时救助").hides("建议停发").hides("type=\"file\"");
    let next = browser.submit(&page, here, &[("outcome", "temporary-aid"), ("go", "next")]).await;
    assert_eq!(next.location, "/cases/P4XN-7H2D/feedback?step=measures");
    let page = browser.get(&next.location).await;
    let money = [
        ("measures", "1"),
        ("kind0", "临时救助金"),
        ("department0", "民政"),
        ("amount0", "１,２００.５元"),
        ("go", "next"),
    ];
    let next = browser.submit(&page, here, &money).await;
    assert_eq!(next.location, "/cases/P4XN-7H2D/feedback?step=check");
    let page = browser.get(&next.location).await;
    page.says("1,200.50元").says("11月23日(周一)").says("修改");
    let sent = browser.submit(&page, here, &[("go", "send")]).await;
    assert!(sent.location.starts_with("/cases/P4XN-7H2D/feedback?step=receipt"), "{}", sent.location);
    browser.get(&sent.location).await.says("走访结果已登记").says("双溪村的下一户");
    browser.get("/cases/P4XN-7H2D").await.says("已登记");
}

#[tokio::test]
async fn before_aid_is_lessened_the_person_is_heard() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let page = browser.get("/cases/C6DG-2K9T").await;
    page.says("这是需要核实的提醒，不代表有问题");
    browser.submit(&page, "/cases/C6DG-2K9T/moves/acknowledge", &[]).await;
    let here = "/cases/C6DG-2K9T/feedback";
    let page = browser.get(here).await;
    browser.submit(&page, here, &[("on", "2026-11-24"), ("investigator1", "王某"), ("go", "next")]).await;
    let page = browser.get("/cases/C6DG-2K9T/feedback?step=conclusion").await;
    page.says("建议停发").hides("启动低保认定");
    let next = browser.submit(&page, here, &[("outcome", "stop-proposed"), ("go", "next")]).await;
    assert_eq!(next.location, "/cases/C6DG-2K9T/feedback?step=more");
    let page = browser.get(&next.location).await;
    let wrong = browser.submit(&page, here, &[("hearing", ""), ("go", "next")]).await;
    wrong.says("须先听取本人意见").says("请记下本人的意见");
    let next = browser.submit(&page, here, &[("heard", "yes"), ("hearing", "车是亲戚的"), ("go", "next")]).await;
    assert_eq!(next.location, "/cases/C6DG-2K9T/feedback?step=check");
    browser.get(&next.location).await.says("车是亲戚的");
}

#[tokio::test]
async fn a_case_is_handed_over_with_a_reason_and_a_late_move_keeps_its_text() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let here = "/cases/P4XN-7H2D/moves/transfer";
    let page = browser.get(here).await;
    page.says("转给别的单位主办").says("咸安区住建局");
    let wrong = browser.submit(&page, here, &[("to", ""), ("reason", "")]).await;
    wrong.says("请选择单位").says("请写明原因");
    let other = browser.another("li").await;
    let theirs = other.get(here).await;
    let done = browser.submit(&page, here, &[("to", "c-421202-zj"), ("reason", "危房改造由住建办")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let late = other.submit(&theirs, here, &[("to", "t-421202108"), ("reason", "我写的原因")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.says("已办理").says("我写的原因");
}

#[tokio::test]
async fn the_check_sheet_is_printed_and_logged() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let page = browser.get("/cases/P4XN-7H2D/print").await;
    page.says("入户核查表").says("李秀英").says("139****1234").says("调查人员二").hides("421202190001010008");
    assert_eq!(browser.house.looks()[0].2, "print");
}

#[tokio::test]
async fn language_and_size_are_chosen_by_the_reader() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    browser.cookie.push_str("; doudi_lang=en; doudi_size=huge");
    let page = browser.get("/inbox").await;
    page.says("lang=\"en\"").says("data-size=\"huge\"").says("7 households").says("1 overdue").hides("待办");
}

#[tokio::test]
async fn operators_see_no_case_and_nobody_else_sees_the_system_page() {
    let mut browser = Browser::new();
    browser.log_in("qian").await;
    assert_eq!(browser.get("/").await.location, "/system");
    assert_eq!(browser.get("/inbox").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/cases/K7M2-4C9L").await.status, StatusCode::NOT_FOUND);
    browser.get("/system").await.says("payload/range");
    assert_eq!(browser.another("wang").await.get("/system").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/logout", &[]).await;
    assert_eq!(browser.get("/inbox").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_first_page_keeps_within_its_weight() {
    let mut browser = Browser::new();
    browser.log_in("wang").await;
    for _ in 0..50 {
        browser.house.arrive();
    }
    let weigh = async |path: &str| {
        let request = Request::get(path).header(header::COOKIE, &browser.cookie).header("accept-encoding", "br, gzip");
        let response = browser.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        to_bytes(response.into_body(), usize::MAX).await.unwrap().len()
    };
    let css = weigh(&doudi_server::desk::asset::css().path).await;
    let script = weigh(&doudi_server::desk::asset::script().path).await;
    let inbox = weigh("/inbox").await;
    assert!(inbox <= 20 * 1024 && css <= 10 * 1024 && script <= 5 * 1024, "{inbox} {css} {script}");
}

#[tokio::test]
async fn a_value_called_wrong_reaches_the_office_that_holds_it() {
    let wang = Browser::new().another("wang").await;
    let finding = Finding {
        on: wang.house.now().day(),
        investigators: vec!["王某".into()],
        met: String::new(),
        way: Way::Visit,
        outcome: Outcome::SourceWrong,
        interventions: Vec::new(),
        hearing: None,
        correction: Some(Correction {
            what: "income.monthly/amount".into(),
            right: "800元".into(),
            seen_on: "工资单".into(),
        }),
        remarks: String::new(),
    };
    let mut order = MoveOrder::answer(
        "P4XN-7H2D".into(),
        Actor { account: "wang".into(), display: "王某".into(), role: Role::Township, office: "t-421202107".into() },
        None,
        "k".into(),
        Answered { correction: String::new(), corrected: false },
    );
    order = MoveOrder { kind: MoveKind::Report, finding: Some(finding), answer: None, ..order };
    wang.house.order(order).await.unwrap();
    wang.get("/cases/P4XN-7H2D").await.says("更正请求").says("咸安区民政局").says("剩10个工作日");
    let asked = wang.get("/corrections").await;
    asked.says("800元").says("工资单").hides("核对无误（").hides("name=\"corrected\"");
    wang.another("gao").await.get("/corrections").await.hides("800元");
    assert_eq!(wang.another("qian").await.get("/corrections").await.status, StatusCode::FORBIDDEN);

    let li = wang.another("li").await;
    let page = li.get("/corrections").await;
    page.says("月收入：金额").says("name=\"corrected\"");
    let path = page.text.split("action=\"/corrections/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let done = li.submit(&page, &format!("/corrections/{path}"), &[("corrected", "yes"), ("reason", "")]).await;
    assert_eq!(done.location, "/corrections?done=1");
    li.get("/corrections?done=1").await.says("已答复").hides("name=\"corrected\"");
    wang.get("/cases/P4XN-7H2D").await.says("已更正");
}
