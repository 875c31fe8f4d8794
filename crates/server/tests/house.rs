//! The service over a real house: an event becomes an alert, a visit, a record, and the record closes the warning.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::cast_lossless,
    reason = "a test that fails is to stop"
)]

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use doudi_engine::admit::envelope;
use doudi_server::auth::Role;
use doudi_server::service::{Actor, Arrival, CaseQuery, Fault, Finding, Heard, MoveOrder, Way};
use doudi_server::view::{MoveKind, Outcome, State};
use doudi_server::{HouseService, Service};
use serde_json::json;

mod support;

const HEAD: &str = "42120219860722000X";

fn arrival(event: &serde_json::Value) -> Arrival {
    let text = event.to_string();
    Arrival { envelope: envelope::structured(text.as_bytes()), bytes: Bytes::from(text) }
}

fn event(id: &str, kind: &str, subject: &str, data: &serde_json::Value) -> Arrival {
    arrival(&json!({
        "specversion": "1.0", "id": id, "source": "urn:gov:xn:test", "type": format!("cn.doudi.{kind}.v1"),
        "time": "2026-11-24T09:00:00+08:00", "subject": subject, "data": data,
    }))
}

/// A household of one whose house the flood took.
fn flood() -> Vec<Arrival> {
    vec![
        event(
            "h1",
            "household.registered",
            "household:HB-1",
            &json!({
                "division": "421202103002", "address": "双溪村3组12号", "on": "2026-01-05",
                "members": [{"id": HEAD, "name": "张大山", "relation": "head"}],
            }),
        ),
        event(
            "d1",
            "disaster.loss",
            "household:HB-1",
            &json!({"kind": "flood", "on": "2026-11-23", "loss": 8_000_000}),
        ),
    ]
}

async fn settle(service: &HouseService) {
    while service.progress().lag > 0 || service.progress().pending {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn actor(office: &str) -> Actor {
    Actor { account: "wang".into(), display: "王某".into(), role: Role::Township, office: office.into() }
}

fn order(case: &str, office: &str, kind: MoveKind, once: &str) -> MoveOrder {
    MoveOrder {
        case: case.into(),
        kind,
        actor: actor(office),
        reason: None,
        to: None,
        code: None,
        version: None,
        once: once.into(),
        visit: None,
        finding: None,
        answer: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_becomes_an_alert_a_visit_and_a_record() {
    let dir = tempfile::tempdir().unwrap();
    let (service, _) = support::service(dir.path(), &support::rulebook());
    let service = Arc::new(service);
    let mut notices = service.subscribe(None);
    let receipt = service.admit(flood()).await.unwrap();
    assert_eq!((receipt.accepted, receipt.refused.as_slice()), (2, [].as_slice()));
    assert_eq!(service.admit(flood()).await.unwrap().duplicates, 2);

    let alert = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            match notices.recv().await.unwrap() {
                Heard::Notice(notice) if notice.kind == "case-opened" => return notice,
                _ => {}
            }
        }
    });
    let alert = alert.await.unwrap();
    settle(&service).await;
    let id = alert.case.clone().unwrap();

    let office = alert.office.clone().unwrap();
    let query = CaseQuery { office: Some(office.clone()), ..CaseQuery::default() };
    let rows = service.complete(service.cases(query).await.unwrap()).await.unwrap();
    let row = rows.iter().find(|row| row.id == id).unwrap();
    assert_eq!(row.head.as_ref().unwrap().reveal(), "张大山");
    assert!(!row.why.zh.is_empty() && row.due.is_some());

    let view = service.case(&id).await.unwrap();
    assert_eq!(view.address.unwrap().reveal(), "双溪村3组12号");
    assert_eq!(view.members[0].number.as_ref().unwrap().reveal(), HEAD);
    assert!(!view.explanations.is_empty() && !view.explanations[0].basis.is_empty());
    assert!(view.moves.contains(&MoveKind::Acknowledge));

    let words = "户主电话13907240000，先电话约时间";
    let take = MoveOrder { reason: Some(words.into()), ..order(&id, &office, MoveKind::Acknowledge, "k1") };
    let taken = service.order(take.clone()).await.unwrap();
    assert_eq!(taken.state, State::Acknowledged);
    let again = service.order(take).await.unwrap();
    assert_eq!(again.version, taken.version, "the same key is the same move");
    let late = MoveOrder { version: Some(1), ..order(&id, &office, MoveKind::Return, "k2") };
    assert!(matches!(service.order(late).await, Err(Fault::Conflict(_))));
    assert!(matches!(service.order(order(&id, "t-421221101", MoveKind::Return, "k3")).await, Err(Fault::NotFound)));

    let finding = Finding {
        on: support::today(),
        investigators: vec!["王某".into(), "李某".into()],
        met: "户主".into(),
        way: Way::Visit,
        outcome: Outcome::NoHardship,
        interventions: Vec::new(),
        hearing: None,
        correction: None,
        remarks: String::new(),
    };
    let report = MoveOrder { finding: Some(finding), ..order(&id, &office, MoveKind::Report, "k4") };
    assert_eq!(service.order(report).await.unwrap().state, State::Reported);
    let view = service.case(&id).await.unwrap();
    assert_eq!(view.findings[0].outcome, Outcome::NoHardship);
    assert!(view.timeline.len() > 3);
    assert!(view.timeline.iter().any(|row| row.why.as_deref() == Some(words)), "who looks at the case reads the words");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_named_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (service, _) = support::service(dir.path(), &support::rulebook());
    let bad = vec![
        event("1", "weather.report", "household:HB-1", &json!({})),
        event("2", "medical.expense", HEAD, &json!({"settled_on": "2026-11-20", "self_paid": -5, "total": 1})),
        arrival(&json!({"specversion": "0.3"})),
    ];
    let receipt = service.admit(bad).await.unwrap();
    assert_eq!(receipt.accepted, 0);
    let codes: Vec<&str> = receipt.refused.iter().map(|(_, problem)| problem.code.as_ref()).collect();
    assert!(codes[0].starts_with("payload/") && codes[1].starts_with("payload/") && codes[2].starts_with("envelope/"));
    settle(&service).await;
    let counts = service.counts().await.unwrap();
    assert_eq!(counts.dead_letters.iter().map(|(_, count)| count).sum::<u64>(), 3);
}

/// A case of the flood, acknowledged and visited, over the API with a log-in for its office.
async fn visited(service: &Arc<HouseService>) -> (String, String) {
    let mut notices = service.subscribe(None);
    service.admit(flood()).await.unwrap();
    let alert = loop {
        match notices.recv().await.unwrap() {
            Heard::Notice(notice) if notice.kind == "case-opened" => break notice,
            _ => {}
        }
    };
    let (id, office) = (alert.case.unwrap(), alert.office.unwrap());
    service.order(order(&id, &office, MoveKind::Acknowledge, "a")).await.unwrap();
    (id, office)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_known_by_its_accepted_events_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let book = support::rulebook();
    let sources = async |service: &HouseService| {
        settle(service).await;
        let counts = service.counts().await.unwrap();
        counts.source_age_seconds.into_iter().map(|(source, _)| source).collect::<Vec<_>>()
    };
    {
        let (service, _) = support::service(dir.path(), &book);
        let mut refused = flood().remove(0);
        if let Ok(envelope) = &mut refused.envelope {
            envelope.source = "urn:gov:xn:other".into();
            envelope.ty = "cn.doudi.weather.report.v1".into();
        }
        assert_eq!(service.admit(vec![refused]).await.unwrap().refused.len(), 1);
        assert!(sources(&service).await.is_empty(), "what was refused is no delivery");
        service.admit(flood()).await.unwrap();
        assert_eq!(sources(&service).await, ["urn:gov:xn:test"]);
    }
    let (service, _) = support::service(dir.path(), &book);
    assert_eq!(sources(&service).await, ["urn:gov:xn:test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_and_the_time_in_each_stage_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let (service, _) = support::service(dir.path(), &support::rulebook());
    let app = support::app(Arc::new(service.clone()), support::accounts(&[]));
    service.admit(flood()).await.unwrap();
    settle(&service).await;
    // The counter is told after the entries are applied.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let text = app.metrics.render(&service.progress(), &service.counts().await.unwrap());
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {text}"));
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
    };
    assert!(value("doudi_decisions_total{level=") >= 1.0);
    for stage in ["score", "desk", "journal", "commit"] {
        assert!(value(&format!("doudi_stage_seconds_count{{stage=\"{stage}\"}}")) >= 1.0, "{stage}");
    }
    assert_eq!(value("doudi_source_age_seconds{source=\"urn:gov:xn:test\"}"), 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_move_speaks_the_language_of_the_api() {
    let dir = tempfile::tempdir().unwrap();
    let (service, _) = support::service(dir.path(), &support::rulebook());
    let service = Arc::new(service);
    let (id, office) = visited(&service).await;
    let accounts = support::accounts(&[
        ("wang", Role::Township, &office, "421202103000"),
        ("yingji", Role::Department, "c-421202-yj", "421202000000"),
        ("yibao", Role::Department, "c-421202-yb", "421202000000"),
        ("chongyang", Role::County, "c-421223-mz", "421223000000"),
        ("xian", Role::County, "c-421202-mz", "421202000000"),
    ]);
    let router = doudi_server::run::router(support::app(service.clone(), accounts));
    let finding = |more: serde_json::Value| {
        let mut finding =
            json!({"on": "2026-11-23", "investigators": ["王某"], "way": "visit", "outcome": "source-wrong"});
        finding.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        finding
    };
    let wrong = |what: &str| json!({"correction": {"what": what, "right": "2026-11-01", "seen_on": "回执"}});
    for (path, body, code, field, hint) in [
        ("feedback", finding(json!({})), "move/detail", "correction", "medical.expense/self_paid"),
        ("feedback", finding(wrong("disaster.loss")), "move/wrong-value", "correction.what", "disaster.loss/on"),
        ("feedback", finding(wrong("disaster.loss/onn")), "move/wrong-value", "correction.what", "disaster.loss/on"),
        ("feedback", finding(wrong("desaster.loss/on")), "move/wrong-value", "correction.what", "disaster.loss"),
        ("feedback", finding(json!({"outcome": "reduced"})), "move/outcome", "outcome", "temporary-aid"),
        ("feedback", finding(json!({"on": "2026-12-24", "outcome": "no-hardship"})), "move/detail", "on", "2026-11-20"),
        ("moves", json!({"kind": "visit"}), "move/detail", "visit", "investigators"),
        ("moves", json!({"kind": "transfer", "reason": "x"}), "move/detail", "to", ""),
        ("moves", json!({"kind": "return", "reason": "x"}), "move/detail", "code", "not-ours"),
        ("moves", json!({"kind": "close", "version": 99}), "move/version", "version", "row.version"),
        ("moves", json!({"kind": "acknowledge"}), "move/state", "kind", "moves"),
    ] {
        let (status, said) = support::post(&router, "wang", &format!("/v1/cases/{id}/{path}"), &body).await;
        assert_eq!((status, said["code"].as_str(), said["field"].as_str()), (422, Some(code), Some(field)), "{said}");
        assert!(said["hint"].as_str().unwrap().contains(hint), "{said}");
        assert!(!said.to_string().contains("detail."), "{said}");
    }
    let sound = finding(wrong("disaster.loss/on"));
    let (status, said) = support::post(&router, "wang", &format!("/v1/cases/{id}/feedback"), &sound).await;
    assert_eq!((status, said["state"].as_str()), (200, Some("reported")), "{said}");

    let list = async |who: &str, path: &str| support::get(&router, who, path).await.1;
    for (who, count) in [("wang", 1), ("yingji", 1), ("xian", 1), ("yibao", 0), ("chongyang", 0)] {
        assert_eq!(list(who, "/v1/corrections").await["total"], count, "{who}");
    }
    let asked = list("yingji", "/v1/corrections").await["corrections"][0].clone();
    assert_eq!((&asked["what"], &asked["office"]["id"]), (&json!("disaster.loss/on"), &json!("c-421202-yj")));
    assert_eq!((&asked["case"], &asked["due"]), (&json!(id), &json!("2026-12-08")));
    let case = list("wang", &format!("/v1/cases/{id}")).await;
    assert_eq!((&case["row"]["due"], &case["corrections"][0]["due"]), (&json!(null), &json!("2026-12-08")));

    let answer = format!("/v1/corrections/{}/answer", asked["id"].as_str().unwrap());
    for (who, body, status) in [
        ("yibao", json!({"corrected": true}), 404),
        ("wang", json!({"corrected": true}), 403),
        ("yingji", json!({"corrected": "yes"}), 400),
        ("yingji", json!({"corrected": false}), 422),
        ("yingji", json!({"corrected": true}), 200),
    ] {
        let (got, said) = support::post(&router, who, &answer, &body).await;
        assert_eq!(got, status, "{who} {body} {said}");
    }
    assert_eq!(list("yingji", "/v1/corrections").await["total"], 0);
    let answered = list("yingji", "/v1/corrections?closed=true").await["corrections"][0].clone();
    assert_eq!((&answered["open"], &answered["answer"]["corrected"]), (&json!(false), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_dictionary_refuses_is_named_by_its_place_in_the_batch() {
    let dir = tempfile::tempdir().unwrap();
    let (service, _) = support::service(dir.path(), &support::rulebook());
    let router = doudi_server::run::router(support::app(Arc::new(service), support::accounts(&[])));
    let bad = json!([
        {"specversion": "1.0", "id": "1", "source": "urn:x", "type": "cn.doudi.weather.report.v1",
         "time": "2026-11-24T09:00:00+08:00", "subject": "household:HB-1", "data": {}},
        {"specversion": "1.0", "id": "2", "source": "urn:x", "type": "cn.doudi.medical.expense.v1",
         "time": "2026-11-24T09:00:00+08:00", "subject": HEAD,
         "data": {"settled_on": "2026-11-20", "self_paid": -5, "settled": true}},
    ]);
    let (status, said) = support::events(&router, &bad).await;
    assert_eq!(status, 202);
    assert!(said["refused"][0]["error"]["where"].as_str().unwrap().starts_with("event[0]"), "{said}");
    assert!(said["refused"][1]["error"]["where"].as_str().unwrap().starts_with("event[1]"), "{said}");
    assert!(said["refused"][1]["error"]["field"].as_str().unwrap().contains("self_paid"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_someone_of_another_household_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let (service, _) = support::service(dir.path(), &support::rulebook());
    let again = || {
        let data = json!({
            "division": "421202103002", "on": "2026-11-20",
            "members": [{"id": HEAD, "name": "张大山", "relation": "head"}],
        });
        vec![event("h2", "household.registered", "household:HB-2", &data)]
    };
    assert_eq!(service.admit(flood()).await.unwrap().notices, []);
    settle(&service).await;
    let receipt = service.admit(again()).await.unwrap();
    assert_eq!((receipt.accepted, receipt.notices.len()), (1, 1));
    let (index, notice) = &receipt.notices[0];
    assert_eq!(
        (*index, notice.code.as_ref(), notice.field.as_deref()),
        (0, "notice/member-elsewhere", Some("data.members[0]"))
    );
    assert!(notice.message.en.contains("HB-1") && notice.message.en.contains("HB-2"));
    assert_eq!(service.admit(again()).await.unwrap().notices, [], "a repeat says nothing new");
}
