//! The API over an invented house: admission, cases, who may see and do what.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_lossless, reason = "a test that fails is to stop")]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode};
use doudi_model::Digest;
use doudi_server::auth::{EventSources, Role};
use doudi_server::fake::Fake;
use doudi_server::{App, run};
use serde_json::{Value, json};
use tower::ServiceExt;

mod support;

struct Desk {
    router: Router,
    house: Arc<Fake>,
}

fn desk_with(sources: EventSources) -> Desk {
    let accounts = support::accounts(&[
        ("wang", Role::Township, "t-421202107", "421202107000"),
        ("gao", Role::Township, "t-421202108", "421202108000"),
        ("li", Role::County, "c-421202-mz", "421202000000"),
        ("zhao", Role::Auditor, "c-421202-sj", "421202000000"),
        ("qian", Role::Operator, "c-421202-mz", "421202000000"),
    ]);
    let house = Arc::new(Fake::new());
    let app = App::new(house.clone(), support::config(&[]), accounts, sources);
    Desk { router: run::router(app), house }
}

fn desk() -> Desk {
    desk_with(EventSources::default())
}

impl Desk {
    async fn send(&self, mut request: Request<Body>) -> Response<Body> {
        let here: SocketAddr = "127.0.0.1:50000".parse().unwrap();
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(here));
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn json(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.send(request).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn get(&self, who: &str, path: &str) -> (StatusCode, Value) {
        let credentials = support::basic(who);
        self.json(Request::get(path).header("authorization", credentials).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, who: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let credentials = support::basic(who);
        let request = Request::post(path).header("authorization", credentials);
        self.json(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn events(&self, kind: &str, body: impl Into<Body>) -> (StatusCode, Value) {
        self.json(Request::post("/v1/events").header("content-type", kind).body(body.into()).unwrap()).await
    }
}

fn event(id: &str) -> Value {
    json!({"specversion": "1.0", "id": id, "source": "urn:gov:xn:ybj", "type": "cn.doudi.medical.expense.v1", "data": {}})
}

const ONE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

#[tokio::test]
async fn each_event_of_a_batch_gets_its_own_answer() {
    let desk = desk();
    let batch = json!([event("1"), event("1"), {"specversion": "1.0"}, event("2")]);
    let (status, answer) = desk.events(BATCH, batch.to_string()).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(2), &json!(1)));
    assert_eq!(answer["refused"][0]["index"], 2);
    assert_eq!(answer["refused"][0]["error"]["code"], "envelope/missing");
    assert_eq!(answer["refused"][0]["error"]["where"], "event[2]");
    assert_eq!(answer["position"], "2");
}

#[tokio::test]
async fn one_event_comes_structured_or_binary_and_is_the_same_event() {
    let desk = desk();
    let (status, answer) = desk.events(ONE, event("7").to_string()).await;
    assert_eq!((status, &answer["accepted"]), (StatusCode::ACCEPTED, &json!(1)));
    let binary = Request::post("/v1/events")
        .header("content-type", "application/json")
        .header("ce-specversion", "1.0")
        .header("ce-id", "7")
        .header("ce-source", "urn:gov:xn:ybj")
        .header("ce-type", "cn.doudi.medical.expense.v1")
        .body(Body::from("{}"))
        .unwrap();
    let (status, answer) = desk.json(binary).await;
    assert_eq!((status, &answer["duplicates"]), (StatusCode::ACCEPTED, &json!(1)));
}

#[tokio::test]
async fn what_cannot_be_taken_apart_is_refused_whole_with_problem_details() {
    let desk = desk();
    for (kind, body, status, code) in [
        (ONE, "not json".to_owned(), 400, "envelope/json"),
        (ONE, "[]".to_owned(), 400, "envelope/object"),
        (BATCH, "{}".to_owned(), 400, "envelope/array"),
        ("text/plain", "x".to_owned(), 415, "envelope/mode"),
        ("application/cloudevents+avro", "x".to_owned(), 415, "envelope/format"),
        (BATCH, format!("[{}]", vec!["{}"; 10_001].join(",")), 413, "envelope/too-many"),
        (ONE, format!("{{\"data\":\"{}\"}}", "x".repeat(10_000_000)), 413, "envelope/too-large"),
        (BATCH, " ".repeat(33 * 1024 * 1024), 413, "envelope/too-large"),
    ] {
        let (got, answer) = desk.events(kind, body).await;
        assert_eq!((got.as_u16(), &answer["code"]), (status, &json!(code)), "{answer}");
        assert!(answer["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{code} has no hint");
        assert_eq!(answer["status"], status);
    }
    let response = desk.send(Request::post("/v1/events").body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_token_speaks_for_its_source_and_strangers_are_not_heard() {
    let text = format!("[[source]]\nname = \"urn:gov:xn:ybj\"\ntoken_sha256 = \"{}\"\n", Digest::of(b"s3cret"));
    let desk = desk_with(EventSources::read("sources.toml", &text).unwrap());
    let (status, answer) = desk.events(ONE, event("1").to_string()).await;
    assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &json!("auth/source")));
    let with_token = |body: Value| {
        let request =
            Request::post("/v1/events").header("content-type", BATCH).header("authorization", "Bearer s3cret");
        request.body(Body::from(body.to_string())).unwrap()
    };
    let mut foreign = event("2");
    foreign["source"] = json!("urn:gov:xn:other");
    let (status, answer) = desk.json(with_token(json!([event("1"), foreign]))).await;
    assert_eq!((status, &answer["accepted"]), (StatusCode::ACCEPTED, &json!(1)));
    assert_eq!(answer["refused"][0]["error"]["code"], "envelope/source-token");

    let far: SocketAddr = "192.0.2.7:50000".parse().unwrap();
    let open = self::desk();
    let mut request =
        Request::post("/v1/events").header("content-type", ONE).body(Body::from(event("1").to_string())).unwrap();
    request.extensions_mut().insert(ConnectInfo(far));
    assert_eq!(open.json(request).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_sees_outside_their_subtree_and_it_reads_as_not_found() {
    let desk = desk();
    let (_, cases) = desk.get("wang", "/v1/cases").await;
    assert_eq!(cases["total"], 7);
    assert_eq!(desk.get("gao", "/v1/cases").await.1["total"], 1);
    assert_eq!(desk.get("li", "/v1/cases").await.1["total"], 8);
    assert_eq!(desk.get("qian", "/v1/cases").await.0, StatusCode::FORBIDDEN);
    let (outside, said) = desk.get("gao", "/v1/cases/K7M2-4C9L").await;
    let (nowhere, same) = desk.get("gao", "/v1/cases/AAAA-AAAA").await;
    assert_eq!((outside, nowhere), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(said, same);
    assert_eq!(desk.get("gao", "/v1/households/HB-01000").await.0, StatusCode::NOT_FOUND);
    assert_eq!(desk.json(Request::get("/v1/cases").body(Body::empty()).unwrap()).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_name_is_clear_only_to_the_office_that_took_the_case() {
    let desk = desk();
    let name = |value: &Value| value["row"]["name"].as_str().unwrap().to_owned();
    assert_eq!(name(&desk.get("wang", "/v1/cases/K7M2-4C9L").await.1), "张*山");
    assert_eq!(desk.house.looks(), []);
    let (status, moved) =
        desk.post("wang", "/v1/cases/K7M2-4C9L/moves", json!({"kind": "acknowledge", "version": 1})).await;
    assert_eq!((status, &moved["state"]), (StatusCode::OK, &json!("acknowledged")));
    assert_eq!(name(&desk.get("wang", "/v1/cases/K7M2-4C9L").await.1), "张大山");
    assert_eq!(name(&desk.get("zhao", "/v1/cases/K7M2-4C9L").await.1), "张*山");
    let (_, case) = desk.get("wang", "/v1/cases/K7M2-4C9L").await;
    assert!(!case.to_string().contains("421202190001010008") && !case.to_string().contains("双溪村3组"));
    let looks = desk.house.looks();
    assert!(looks.iter().all(|look| *look == ("wang".into(), "HB-01000".into(), "api")) && looks.len() == 2);
}

#[tokio::test]
async fn an_order_counts_once_and_an_outdated_one_is_a_conflict() {
    let desk = desk();
    let order = json!({"kind": "acknowledge", "version": 1, "once": "k1"});
    let path = "/v1/cases/K7M2-4C9L/moves";
    assert_eq!(desk.post("wang", path, order.clone()).await.0, StatusCode::OK);
    let (status, again) = desk.post("wang", path, order).await;
    assert_eq!((status, &again["version"]), (StatusCode::OK, &json!(2)));
    let late = json!({"kind": "transfer", "to": "c-421202-zj", "reason": "…", "version": 1});
    let (status, said) = desk.post("li", path, late).await;
    assert_eq!((status, &said["code"]), (StatusCode::CONFLICT, &json!("move/conflict")));
    assert_eq!(desk.post("zhao", path, json!({"kind": "close"})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(desk.post("wang", path, json!({"kind": "dance"})).await.1["code"], "case/move");
    assert_eq!(desk.post("wang", path, json!({"secret": 1})).await.0, StatusCode::BAD_REQUEST);
    assert!(said["hint"].as_str().unwrap().contains("row.version"), "{said}");
}

/// Status, content type and body of a refusal.
async fn refusal(desk: &Desk, request: Request<Body>) -> (u16, String, Value) {
    let response = desk.send(request).await;
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, kind.unwrap_or_default(), serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

#[tokio::test]
async fn whatever_the_api_refuses_it_refuses_with_problem_details() {
    let desk = desk();
    let as_wang = |request: axum::http::request::Builder| request.header("authorization", support::basic("wang"));
    let moves = "/v1/cases/K7M2-4C9L/moves";
    let xml = as_wang(Request::post(moves)).header("content-type", "text/xml");
    for (request, status, code, field) in [
        (Request::get("/v1/nowhere").body(Body::empty()), 404, "request/path", Value::Null),
        (Request::get("/v1").body(Body::empty()), 404, "request/path", Value::Null),
        (Request::delete("/v1/events").body(Body::empty()), 405, "request/method", Value::Null),
        (Request::post("/readyz").body(Body::empty()), 405, "request/method", Value::Null),
        (as_wang(Request::get("/v1/cases?limit=many")).body(Body::empty()), 400, "request/query", json!("limit")),
        (as_wang(Request::get("/v1/cases/%FF")).body(Body::empty()), 404, "not-found", Value::Null),
        (
            as_wang(Request::get("/v1/households/HB-01000?as_of=x")).body(Body::empty()),
            400,
            "request/query",
            json!("as_of"),
        ),
        (xml.body(Body::from("<a/>")), 415, "request/content-type", json!("Content-Type")),
        (as_wang(Request::post(moves)).body(Body::from("x".repeat(300_000))), 413, "request/too-large", Value::Null),
        (as_wang(Request::post(moves)).body(Body::from("[]")), 400, "request/body", Value::Null),
        (as_wang(Request::post(moves)).body(Body::from("{")), 400, "request/body", Value::Null),
        (as_wang(Request::post(moves)).body(Body::from("{}")), 400, "request/field", json!("kind")),
        (
            as_wang(Request::post(moves)).body(Body::from(r#"{"kind":"close","version":"2"}"#)),
            400,
            "request/field",
            json!("version"),
        ),
    ] {
        let (got, kind, said) = refusal(&desk, request.unwrap()).await;
        assert_eq!((got, said["code"].as_str(), &said["field"]), (status, Some(code), &field), "{said}");
        assert_eq!(kind, "application/problem+json", "{code}");
        for member in ["message", "detail", "hint"] {
            assert!(said[member].as_str().is_some_and(|text| !text.is_empty()), "{code} lacks {member}");
        }
        assert_eq!((&said["status"], said["where"].is_string()), (&json!(status), true));
    }
    let response = desk.send(Request::delete("/v1/cases").body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["allow"], "GET,HEAD");
}

#[tokio::test]
async fn a_wrong_address_of_the_desk_is_a_page_for_people() {
    let desk = desk();
    for (request, status) in [(Request::get("/nowhere"), 404), (Request::delete("/inbox"), 405)] {
        let (got, kind, _) = refusal(&desk, request.body(Body::empty()).unwrap()).await;
        assert_eq!((got, kind.as_str()), (status, "text/html; charset=utf-8"));
    }
    let request = Request::get("/nowhere").body(Body::empty()).unwrap();
    let bytes = to_bytes(desk.send(request).await.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8(bytes.to_vec()).unwrap().contains("没有这个页面"));
}

#[tokio::test]
async fn a_finding_at_fault_names_the_member_and_what_it_can_be() {
    let desk = desk();
    let sound = json!({"on": "2026-11-23", "investigators": ["王某"], "way": "visit", "outcome": "temporary-aid"});
    let with = |name: &str, value: Value| {
        let mut finding = sound.clone();
        finding[name] = value;
        finding
    };
    for (finding, field, hint) in [
        (with("outcome", json!("fine")), "outcome", "entered-dibao"),
        (with("way", json!("post")), "way", "phone"),
        (with("on", json!("yesterday")), "on", "2026-11-20"),
        (with("version", json!(-1)), "version", "row.version"),
        (with("interventions", json!([{"kind": "x"}])), "interventions[0].department", "补上"),
        (
            with("interventions", json!([{"kind": "x", "department": "y", "amount": 1.5}])),
            "interventions[0].amount",
            "分",
        ),
        (with("correction", json!("x")), "correction", "medical.expense/self_paid"),
        (with("remark", json!("x")), "remark", "remarks"),
    ] {
        let (status, said) = desk.post("wang", "/v1/cases/P4XN-7H2D/feedback", finding).await;
        assert_eq!((status, &said["field"]), (StatusCode::BAD_REQUEST, &json!(field)), "{said}");
        assert!(said["hint"].as_str().unwrap().contains(hint), "{said}");
    }
    let (_, said) = desk.post("wang", "/v1/cases/P4XN-7H2D/moves", json!({"kind": "report"})).await;
    assert!(said["hint"].as_str().unwrap().contains("/feedback"), "{said}");
}

#[tokio::test]
async fn a_finding_is_recorded() {
    let desk = desk();
    let finding = json!({
        "on": "2026-11-23", "investigators": ["王某", "李某"], "way": "visit", "outcome": "temporary-aid",
        "interventions": [{"kind": "临时救助金", "department": "民政", "amount": 120000}],
    });
    let (status, moved) = desk.post("wang", "/v1/cases/P4XN-7H2D/feedback", finding).await;
    assert_eq!((status, &moved["state"]), (StatusCode::OK, &json!("reported")));
    let (_, case) = desk.get("wang", "/v1/cases/P4XN-7H2D").await;
    assert_eq!(case["findings"][0]["outcome"], "temporary-aid");
}

#[tokio::test]
async fn the_stream_tells_an_office_its_own_news_and_resumes() {
    let desk = desk();
    let listen = |who: &str, after: &str| {
        let credentials = support::basic(who);
        let request = Request::get("/v1/stream").header("authorization", credentials).header("last-event-id", after);
        desk.send(request.body(Body::empty()).unwrap())
    };
    let (mine, other) = (listen("wang", "0").await, listen("gao", "0").await);
    assert_eq!(mine.headers()["x-accel-buffering"], "no");
    assert_eq!(mine.headers()["cache-control"], "no-store");
    let id = desk.house.arrive().unwrap();
    let said = first(mine.into_body()).await;
    assert!(said.contains("id: 1\n") && said.contains(&id) && said.contains("event: notice"), "{said}");
    assert!(!said.contains("孙"), "a name is in the stream: {said}");
    let resumed = first(listen("wang", "0").await.into_body()).await;
    assert!(resumed.contains(&id));
    let waited = tokio::time::timeout(std::time::Duration::from_millis(200), first(other.into_body())).await;
    assert!(waited.is_err(), "another township heard: {waited:?}");
}

async fn first(body: Body) -> String {
    use futures_util::StreamExt;
    let chunk = body.into_data_stream().next().await.unwrap().unwrap();
    String::from_utf8(chunk.to_vec()).unwrap()
}

#[tokio::test]
async fn health_metrics_and_the_document_answer_without_a_log_in() {
    let desk = desk();
    for path in ["/healthz", "/readyz", "/metrics", "/v1/openapi.json"] {
        let response = desk.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(response.headers().contains_key("content-security-policy"));
    }
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down() {
    let desk = desk();
    let credentials = format!("Basic {}", support::base64("wang:wrong"));
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        let request = Request::get("/v1/cases").header("authorization", &credentials).body(Body::empty()).unwrap();
        last = desk.json(request).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
