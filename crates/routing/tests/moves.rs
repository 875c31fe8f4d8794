//! Every state × every move: what may be done from where, by whom, with what.
#![allow(clippy::unwrap_used, clippy::result_large_err, reason = "a helper of tests may end the test")]

mod common;

use common::*;
use doudi_feedback::{Hearing, Outcome, WrongValue};
use doudi_model::Lang;
use doudi_model::warning::{Direction, Level};
use doudi_routing::case::{Case, transition};
use doudi_routing::moves::CorrectionAnswer;
use doudi_routing::{Actor, MoveKind, MoveRequest, Role, State, correction, index, words};

const TODAY: &str = "2026-09-14";

/// A desk with one case of a red medical warning, brought to a state.
fn at(state: State) -> (Office, Case) {
    let mut office = Office::on(TODAY);
    office.warn(opened(1, "medical", Level::Red));
    let path: &[MoveKind] = match state {
        State::Opened => &[MoveKind::Return],
        State::Dispatched => &[],
        State::Acknowledged => &[MoveKind::Acknowledge],
        State::Visited => &[MoveKind::Acknowledge, MoveKind::Visit],
        State::Reported => &[MoveKind::Acknowledge, MoveKind::Report],
        State::Closed => &[MoveKind::Acknowledge, MoveKind::Report, MoveKind::Close],
    };
    for kind in path {
        let case = office.case();
        office.request(request(&case, *kind, township(), kind.name(), office.today)).unwrap();
    }
    let case = office.cases().remove(0);
    assert_eq!(case.state, state);
    (office, case)
}

fn code(result: &Result<doudi_routing::MoveDone, doudi_model::Problem>) -> String {
    match result {
        Ok(done) => done.state.name().to_owned(),
        Err(problem) => problem.code.to_string(),
    }
}

#[test]
fn every_state_and_move_ends_where_the_table_says() {
    // Rows: moves. Columns: opened dispatched acknowledged visited reported closed.
    const NO: &str = "move/state";
    const LEFT: &str = "move/open-warnings";
    let table = [
        (MoveKind::Dispatch, ["dispatched", NO, NO, NO, NO, NO]),
        (MoveKind::Acknowledge, [NO, "acknowledged", NO, NO, NO, NO]),
        (MoveKind::Visit, [NO, NO, "visited", "visited", NO, NO]),
        (MoveKind::Report, [NO, NO, "reported", "reported", "reported", NO]),
        (MoveKind::Close, [LEFT, LEFT, LEFT, LEFT, "closed", NO]),
        (MoveKind::Transfer, ["dispatched", "dispatched", "dispatched", "dispatched", "dispatched", NO]),
        (MoveKind::Return, [NO, "opened", "opened", "opened", NO, NO]),
        (MoveKind::Escalate, ["opened", "dispatched", "acknowledged", "visited", "reported", NO]),
        (MoveKind::Reopen, [NO, NO, NO, NO, NO, "dispatched"]),
        (MoveKind::Answer, ["move/no-correction"; 6]),
    ];
    assert_eq!(table.len(), MoveKind::ALL.len());
    for (kind, row) in table {
        for (state, expected) in State::ALL.into_iter().zip(row) {
            let (mut office, case) = at(state);
            let result = office.request(request(&case, kind, county(), "try", office.today));
            assert_eq!(code(&result), expected, "{} from {}", kind.name(), state.name());
            let after = index::case(&office.state, &case.id).unwrap().unwrap();
            match result {
                Ok(_) => {
                    assert!(after.version > case.version);
                    assert!(transition(state, kind).is_some());
                }
                Err(problem) => {
                    assert_eq!(after, case, "a refusal changes nothing");
                    assert!(!problem.hint.zh.is_empty() && !problem.hint.en.is_empty());
                }
            }
        }
    }
}

#[test]
fn the_same_key_is_the_same_move() {
    let (mut office, case) = at(State::Dispatched);
    let ask = request(&case, MoveKind::Acknowledge, township(), "k1", office.today);
    let first = office.request(ask.clone()).unwrap();
    let effects = office.all.last().unwrap().records.len();
    assert_eq!(office.request(ask.clone()).unwrap(), first);
    assert_eq!((effects, office.all.last().unwrap().records.len()), (1, 0));
    assert_eq!(office.case().version, first.version);
    let other = MoveRequest { reason: "别的".into(), ..ask };
    assert_eq!(office.request(other).unwrap_err().code, "move/once-reused");
}

#[test]
fn who_comes_second_is_told_who_came_first() {
    let (mut office, case) = at(State::Dispatched);
    let seen = Some(case.version);
    let first =
        MoveRequest { expected_version: seen, ..request(&case, MoveKind::Transfer, county(), "k1", office.today) };
    office.request(first).unwrap();
    let second =
        MoveRequest { expected_version: seen, ..request(&case, MoveKind::Acknowledge, county(), "k2", office.today) };
    let problem = office.request(second).unwrap_err();
    assert_eq!(problem.code, "move/conflict");
    assert_eq!(problem.message.zh, "2026年9月14日00:00 李某（咸安区民政局）：转办：温泉街道 → 咸安区医保局");
    assert!(problem.message.en.contains("2026-09-14 00:00 李某 (Xian'an civil affairs): transferred"));
}

#[test]
fn a_reminder_in_between_is_no_conflict() {
    let (mut office, case) = at(State::Dispatched);
    office.tick("2026-09-16");
    let now = office.case();
    assert!(now.version > case.version, "a reminder was sent");
    let ask = MoveRequest {
        expected_version: Some(case.version),
        ..request(&case, MoveKind::Acknowledge, township(), "k", office.today)
    };
    office.request(ask).unwrap();
}

#[test]
fn a_version_from_the_future_is_refused() {
    let (mut office, case) = at(State::Dispatched);
    let ask = MoveRequest {
        expected_version: Some(case.version + 9),
        ..request(&case, MoveKind::Acknowledge, township(), "k", office.today)
    };
    assert_eq!(office.request(ask).unwrap_err().code, "move/version");
}

#[test]
fn only_the_offices_of_a_case_may_move_it() {
    let at_office = |role, office: &str| Actor { name: "某".into(), role, office: Some(office.parse().unwrap()) };
    let cases = [
        (township(), "acknowledged"),
        (county(), "acknowledged"),
        (at_office(Role::City, "s-mz"), "acknowledged"),
        (department(), "move/not-yours"),
        (at_office(Role::Township, "t-421202002"), "move/no-case"),
        (at_office(Role::County, "c-421221-mz"), "move/no-case"),
        (at_office(Role::County, "t-421202001"), "move/role"),
        (at_office(Role::Township, "t-999"), "move/office-unknown"),
        (at_office(Role::Auditor, "c-421202-mz"), "move/role"),
        (at_office(Role::System, "c-421202-mz"), "move/role"),
        (Actor { name: "某".into(), role: Role::Township, office: None }, "move/role"),
    ];
    for (actor, expected) in cases {
        let (mut office, case) = at(State::Dispatched);
        let ask = request(&case, MoveKind::Acknowledge, actor.clone(), "k", office.today);
        assert_eq!(code(&office.request(ask)), expected, "{actor:?}");
    }
}

#[test]
fn a_case_outside_the_division_looks_like_none_at_all() {
    let (mut office, case) = at(State::Dispatched);
    let far = Actor { name: "某".into(), role: Role::Township, office: Some("t-421221001".parse().unwrap()) };
    let outside = office.request(request(&case, MoveKind::Acknowledge, far.clone(), "k", office.today)).unwrap_err();
    let mut none = case.clone();
    none.id = "2222-2222".parse().unwrap();
    let missing = office.request(request(&none, MoveKind::Acknowledge, far, "k", office.today)).unwrap_err();
    assert_eq!(outside, missing);
}

#[test]
fn moves_that_take_a_case_away_need_a_reason() {
    for (state, kind) in [
        (State::Dispatched, MoveKind::Transfer),
        (State::Dispatched, MoveKind::Return),
        (State::Dispatched, MoveKind::Escalate),
        (State::Closed, MoveKind::Reopen),
    ] {
        let (mut office, case) = at(state);
        let ask = MoveRequest { reason: "  ".into(), ..request(&case, kind, county(), "k", office.today) };
        assert_eq!(office.request(ask).unwrap_err().code, "move/reason", "{}", kind.name());
    }
}

#[test]
fn a_returned_case_goes_back_to_who_passed_it_on() {
    let (mut office, case) = at(State::Acknowledged);
    office.request(request(&case, MoveKind::Transfer, township(), "k1", office.today)).unwrap();
    let there = office.case();
    assert_eq!((there.lead.as_str(), there.state), ("c-421202-yb", State::Dispatched));
    assert!(there.former.contains(&"t-421202001".parse().unwrap()), "the sender keeps the time line");
    office.request(request(&there, MoveKind::Return, department(), "k2", office.today)).unwrap();
    let back = office.case();
    assert_eq!((back.lead.as_str(), back.state), ("t-421202001", State::Dispatched));
    office.request(request(&back, MoveKind::Return, township(), "k3", office.today)).unwrap();
    let above = office.case();
    assert_eq!((above.lead.as_str(), above.state), ("c-421202-mz", State::Opened));
}

#[test]
fn aid_goes_down_only_after_a_hearing() {
    let mut office = Office::on(TODAY);
    office.warn(doudi_model::warning::Change { direction: Direction::Excess, ..opened(1, "income", Level::Yellow) });
    let case = office.case();
    office.request(request(&case, MoveKind::Acknowledge, township(), "a", office.today)).unwrap();
    let today = office.today;
    let mut ask = request(&case, MoveKind::Report, township(), "k", today);
    for outcome in [Outcome::Reduced, Outcome::Taper, Outcome::StopProposed] {
        ask.detail.report = Some(report(outcome, today));
        assert_eq!(office.request(ask.clone()).unwrap_err().code, "move/hearing");
        for (heard, said) in [(false, "同意"), (true, " ")] {
            ask.detail.report.as_mut().unwrap().hearing = Some(Hearing { heard, said: said.into(), on: today });
            assert_eq!(office.request(ask.clone()).unwrap_err().code, "move/hearing");
        }
    }
    ask.detail.report.as_mut().unwrap().hearing =
        Some(Hearing { heard: true, said: "女儿已就业，同意".into(), on: today });
    office.request(ask).unwrap();
    let facts: Vec<_> = office.all.last().unwrap().facts.iter().map(|fact| fact.kind.to_string()).collect();
    assert_eq!(facts, ["feedback.finding"], "a proposal ends no aid");
    assert!(!serde_json::to_string(&office.all.last().unwrap().records).unwrap().contains("女儿"));
}

#[test]
fn an_outcome_must_fit_the_direction() {
    let (mut office, case) = at(State::Visited);
    let mut ask = request(&case, MoveKind::Report, township(), "k", office.today);
    ask.detail.report = Some(report(Outcome::Maintained, office.today));
    assert_eq!(office.request(ask).unwrap_err().code, "move/outcome");
}

#[test]
fn nobody_met_is_no_report_until_the_third_time() {
    let (mut office, case) = at(State::Acknowledged);
    for (time, expected) in [(1, State::Visited), (2, State::Visited), (3, State::Reported)] {
        let mut ask = request(&case, MoveKind::Report, township(), &format!("k{time}"), office.today);
        ask.detail.report = Some(report(Outcome::NotReached, office.today));
        assert_eq!(office.request(ask).unwrap().state, expected, "time {time}");
    }
    let line = office.case().timeline.last().unwrap().what.clone();
    assert_eq!(words::happening(&line, office.plan.offices()).zh, "走访结果：未见到人（第3次）");
}

#[test]
fn a_corrected_report_takes_the_first_one_back() {
    let (mut office, case) = at(State::Reported);
    let mut ask = request(&case, MoveKind::Report, township(), "again", office.today);
    ask.detail.report = Some(report(Outcome::NoHardship, office.today));
    office.request(ask).unwrap();
    let facts: Vec<_> = office.all.iter().flat_map(|effects| effects.facts.iter()).collect();
    let standing = doudi_model::fact::standing(facts);
    let outcomes: Vec<_> = standing.iter().filter_map(|fact| fact.text("outcome")).collect();
    assert_eq!(outcomes, ["no-hardship"]);
}

#[test]
fn wrong_source_data_asks_the_source_which_has_ten_working_days() {
    let (mut office, case) = at(State::Acknowledged);
    let mut ask = request(&case, MoveKind::Report, township(), "k", office.today);
    let mut wrong = report(Outcome::SourceWrong, office.today);
    ask.detail.report = Some(wrong.clone());
    assert_eq!(office.request(ask.clone()).unwrap_err().field.as_deref(), Some("detail.report.finding.wrong"));
    wrong.finding.wrong = Some(WrongValue {
        kind: "medical.expense".into(),
        field: "self_paid".into(),
        office: "xn-ybj".into(),
        right: "1200元".into(),
        seen_on: "结算单".into(),
    });
    ask.detail.report = Some(wrong);
    office.request(ask).unwrap();
    let asked = correction::all(&office.state).unwrap().remove(0);
    assert_eq!((asked.office.as_str(), asked.due.by), ("xn-ybj", day("2026-09-28")));
    assert_eq!(correction::waiting_for(&office.state, &asked.office).unwrap().len(), 1);

    let late: Vec<_> = office.tick("2026-09-29").notices;
    assert_eq!(late.iter().filter(|notice| notice.office.as_str() == "xn-ybj").count(), 1);
    assert!(office.tick("2026-09-30").notices.iter().all(|notice| notice.office.as_str() != "xn-ybj"));

    let source = Actor { name: "周某".into(), role: Role::Department, office: Some("xn-ybj".parse().unwrap()) };
    let mut answer = request(&case, MoveKind::Answer, source, "a", office.today);
    answer.detail.answer = Some(CorrectionAnswer { correction: asked.id.clone(), corrected: true });
    let foreign = MoveRequest { actor: department(), once: "b".into(), ..answer.clone() };
    assert_eq!(office.request(foreign).unwrap_err().code, "move/no-correction");
    office.request(answer.clone()).unwrap();
    assert!(correction::waiting_for(&office.state, &asked.office).unwrap().is_empty());
    answer.once = "c".into();
    assert_eq!(office.request(answer).unwrap_err().code, "move/answered");
}

#[test]
fn bad_detail_is_refused_by_field() {
    let (mut office, case) = at(State::Acknowledged);
    let today = office.today;
    let good = request(&case, MoveKind::Report, township(), "k", today);
    let mut check = |change: &dyn Fn(&mut MoveRequest), code: &str, field: &str| {
        let mut ask = good.clone();
        change(&mut ask);
        let problem = office.request(ask).unwrap_err();
        assert_eq!((problem.code.as_ref(), problem.field.as_deref()), (code, Some(field)));
    };
    let tomorrow = today.plus_days(1);
    check(&|ask| ask.detail.report = None, "move/detail", "detail.report");
    check(&|ask| ask.detail.visit = None, "move/visit-missing", "detail.visit");
    check(&|ask| ask.detail.visit.as_mut().unwrap().on = tomorrow, "move/detail", "detail.visit.on");
    check(&|ask| ask.detail.visit.as_mut().unwrap().investigators.clear(), "move/detail", "detail.visit.investigators");
    check(&|ask| ask.detail.report.as_mut().unwrap().finding.on = tomorrow, "move/detail", "detail.report.finding.on");
    check(
        &|ask| ask.detail.report.as_mut().unwrap().finding.rules = vec!["other".into()],
        "move/detail",
        "detail.report.finding.rules",
    );
    check(&|ask| ask.once = String::new(), "move/once", "once");
    check(&|ask| ask.reason = "字".repeat(2001).into(), "move/text-length", "reason");
    for amount in [0, -5, 1_000_000_001] {
        let intervention = doudi_feedback::Intervention {
            kind: "临时救助".into(),
            department: "c-421202-mz".into(),
            amount: Some(doudi_model::Fen(amount)),
            schedule: doudi_feedback::Schedule::Once,
            from: today,
        };
        check(
            &|ask| ask.detail.report.as_mut().unwrap().interventions = vec![intervention.clone()],
            "move/detail",
            "detail.report.interventions.amount",
        );
    }
}

#[test]
fn requests_survive_journal_and_interface() {
    let (office, case) = at(State::Dispatched);
    let mut ask = request(&case, MoveKind::Report, township(), "k", office.today);
    let json = serde_json::to_string(&ask).unwrap();
    assert_eq!(serde_json::from_str::<MoveRequest>(&json).unwrap(), ask);
    assert!(doudi_model::stage::encode(&ask).is_err(), "clear words do not reach the journal");
    ask.seal(|_, clear| doudi_model::value::Sealed(clear.as_bytes().to_vec()));
    let bytes = doudi_model::stage::encode(&ask).unwrap();
    assert_eq!(doudi_model::stage::decode::<MoveRequest>(&bytes).unwrap(), ask);
    let short = format!(
        r#"{{"case":"{}","kind":"acknowledge","actor":{{"name":"王某","role":"township","office":"t-421202001"}},"once":"k"}}"#,
        case.id
    );
    assert_eq!(serde_json::from_str::<MoveRequest>(&short).unwrap().kind, MoveKind::Acknowledge);
    let bytes = doudi_model::stage::encode(&case).unwrap();
    assert_eq!(doudi_model::stage::decode::<Case>(&bytes).unwrap(), case);
}

#[test]
fn a_refusal_reads_well_in_both_languages() {
    let (mut office, case) = at(State::Closed);
    let problem = office.request(request(&case, MoveKind::Visit, township(), "k", office.today)).unwrap_err();
    assert_eq!(
        problem.render(Lang::Zh),
        "错误 move/state：工单已结案，不能登记走访\n  kind\n改法：看工单页上可以办理的事项"
    );
    assert_eq!(
        problem.render(Lang::En),
        "error[move/state]: the case is closed, so it cannot be visited\n  kind\nhint: see on the case page what can be done now"
    );
}
