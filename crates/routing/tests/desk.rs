//! What the desk does with warnings and days.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::*;
use doudi_model::stage::{Space, State as _};
use doudi_model::warning::{Change, Closing, Direction, Level, Step as Happened};
use doudi_routing::case::Case;
use doudi_routing::timeline::Happening;
use doudi_routing::{Input, MoveKind, NoticeKind, Plan, State, index, words};

fn then(step: Happened, level: Level, change: &Change) -> Change {
    Change { step, level, ..change.clone() }
}

fn codes(case: &Case) -> Vec<&'static str> {
    case.timeline.iter().map(|entry| entry.what.code()).collect()
}

fn kinds(effects: &doudi_routing::Effects) -> Vec<NoticeKind> {
    effects.notices.iter().map(|notice| notice.kind).collect()
}

#[test]
fn a_warning_opens_a_case_at_the_township_with_deadlines_in_working_days() {
    let mut office = Office::on("2026-09-28");
    let effects = office.warn(opened(1, "medical", Level::Red));
    let case = office.case();
    assert_eq!((case.lead.as_str(), case.state), ("t-421202001", State::Dispatched));
    assert_eq!(case.co.iter().map(|office| office.as_str()).collect::<Vec<_>>(), ["c-421202-yb"]);
    // 1 to 5 October are free, Saturday 10 is worked.
    let days = [case.deadlines.acknowledge, case.deadlines.visit, case.deadlines.report].map(|due| due.by.to_string());
    assert_eq!(days, ["2026-09-29", "2026-10-06", "2026-10-08"]);
    assert_eq!(codes(&case), ["opened", "joined", "dispatched"]);
    assert!(case.timeline.iter().all(|entry| entry.actor.is_system()));
    assert_eq!(kinds(&effects), [NoticeKind::CaseOpened]);
    assert_eq!(effects.records.len(), 3);
    assert_eq!(effects.records[0]["type"], "case-move");
}

#[test]
fn warnings_of_one_household_for_one_office_are_one_case_and_the_graver_tightens_it() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Yellow));
    let before = office.case();
    let effects = office.warn(opened(2, "medical", Level::Red));
    let case = office.case();
    assert_eq!((case.id.clone(), case.level, case.warnings.len()), (before.id, Level::Red, 2));
    assert!(case.deadlines.visit.by < before.deadlines.visit.by);
    assert_eq!(kinds(&effects), [NoticeKind::CaseWarning, NoticeKind::CaseLevel]);
    let last = words::happening(&case.timeline.last().unwrap().what, office.plan.offices());
    assert_eq!(last.zh, "因等级或新提醒，反馈期限由10月8日(周四)改为9月21日(周一)");

    office.warn(then(Happened::Level, Level::Blue, &opened(2, "medical", Level::Blue)));
    let after = office.case();
    assert_eq!((after.level, after.deadlines), (Level::Red, case.deadlines), "nothing loosens");
}

#[test]
fn another_household_or_another_lead_is_another_case() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Yellow));
    office.warn(opened(2, "death", Level::Yellow));
    office.warn(Change { household: "h-2".parse().unwrap(), ..opened(3, "income", Level::Yellow) });
    let leads: Vec<_> = office.cases().iter().map(|case| (case.household.to_string(), case.lead.to_string())).collect();
    assert_eq!(leads.len(), 3);
    assert_eq!(index::open_cases(&office.state, &"h-1".parse().unwrap()).unwrap().len(), 2);
    assert_eq!(
        index::office_cases(&office.state, &"t-421202001".parse().unwrap()).unwrap().len(),
        3,
        "also as co-office"
    );
}

#[test]
fn the_same_opening_twice_changes_nothing() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Yellow));
    let before = office.state.clone();
    let effects = office.warn(opened(1, "income", Level::Yellow));
    assert_eq!((office.state, effects), (before, doudi_routing::Effects::default()));
}

#[test]
fn a_case_that_nobody_took_closes_itself_with_its_last_warning() {
    let mut office = Office::on("2026-09-14");
    let (one, two) = (opened(1, "income", Level::Yellow), opened(2, "income", Level::Yellow));
    office.warn(one.clone());
    office.warn(two.clone());
    office.warn(closed(&one));
    assert_eq!(office.case().state, State::Dispatched);
    let effects = office.warn(closed(&two));
    let case = office.cases().remove(0);
    assert_eq!(case.state, State::Closed);
    assert_eq!(kinds(&effects), [NoticeKind::CaseClosed]);
    assert!(office.state.scan(Space::CaseDue, &[]).unwrap().is_empty(), "no tick looks at it any more");
}

#[test]
fn a_case_that_is_worked_on_stays_until_the_worker_closes_it() {
    let mut office = Office::on("2026-09-14");
    let warning = opened(1, "income", Level::Yellow);
    office.warn(warning.clone());
    office.request(request(&office.case(), MoveKind::Acknowledge, township(), "a", office.today)).unwrap();
    office.warn(closed(&warning));
    let case = office.case();
    assert_eq!(
        (case.state, case.timeline.last().unwrap().what.clone()),
        (State::Acknowledged, Happening::NoWarningLeft)
    );
    let done = office.request(request(&case, MoveKind::Close, township(), "c", office.today)).unwrap();
    assert_eq!(done.state, State::Closed);
}

#[test]
fn muted_warnings_do_not_count() {
    let mut office = Office::on("2026-09-14");
    let (light, grave) = (opened(1, "income", Level::Yellow), opened(2, "death", Level::Yellow));
    office.warn(light.clone());
    office.warn(grave);
    office.warn(then(Happened::Muted(true), Level::Yellow, &light));
    assert_eq!(office.case().lead.as_str(), "c-421202-mz", "the case with only a muted warning closed itself");
    office.warn(then(Happened::Muted(false), Level::Yellow, &light));
    assert_eq!(index::open_cases(&office.state, &light.household).unwrap().len(), 2, "it counts again");
}

#[test]
fn a_warning_that_outlives_its_case_gets_another_only_when_it_grows_worse() {
    let mut office = Office::on("2026-09-14");
    let warning = opened(1, "income", Level::Yellow);
    office.warn(warning.clone());
    for kind in [MoveKind::Acknowledge, MoveKind::Report, MoveKind::Close] {
        office.request(request(&office.case(), kind, township(), kind.name(), office.today)).unwrap();
    }
    office.warn(then(Happened::Level, Level::Yellow, &warning));
    assert!(office.cases().iter().all(|case| !case.is_open()));
    office.warn(then(Happened::Level, Level::Red, &warning));
    assert_eq!(office.case().level, Level::Red);
    office.warn(closed(&warning));
    assert!(office.cases().iter().all(|case| !case.is_open()));
}

#[test]
fn a_warning_after_the_report_sets_the_work_going_again() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Yellow));
    for kind in [MoveKind::Acknowledge, MoveKind::Report] {
        office.request(request(&office.case(), kind, township(), kind.name(), office.today)).unwrap();
    }
    office.today = day("2026-09-16");
    office.warn(opened(2, "income", Level::Yellow));
    let case = office.case();
    assert_eq!((case.state, case.round, case.deadlines.visit.from), (State::Acknowledged, 2, day("2026-09-16")));
    let close = request(&case, MoveKind::Close, township(), "too early", office.today);
    assert_eq!(office.request(close).unwrap_err().code, "move/open-warnings");
}

#[test]
fn a_warning_whose_graver_level_another_office_leads_goes_there_if_nobody_began() {
    let mut office = Office::on("2026-09-14");
    let warning = opened(1, "child", Level::Yellow);
    office.warn(warning.clone());
    office.warn(then(Happened::Level, Level::Red, &warning));
    assert_eq!(office.case().lead.as_str(), "c-421202-mz");

    let mut office = Office::on("2026-09-14");
    office.warn(warning.clone());
    office.request(request(&office.case(), MoveKind::Acknowledge, township(), "a", office.today)).unwrap();
    office.warn(then(Happened::Level, Level::Red, &warning));
    let case = office.case();
    assert_eq!((case.lead.as_str(), case.level), ("t-421202001", Level::Red));
    assert!(case.co.contains(&"c-421202-mz".parse().unwrap()), "the office that would lead takes part");
}

#[test]
fn a_household_that_moves_to_another_county_takes_its_case_along() {
    let mut office = Office::on("2026-09-14");
    let warning = opened(1, "income", Level::Yellow);
    office.warn(warning.clone());
    office.request(request(&office.case(), MoveKind::Acknowledge, township(), "a", office.today)).unwrap();
    let before = office.case();
    let household = warning.household.clone();
    office.take(Input::HouseholdMoved { household, division: code(NEXT_COUNTY) });
    let case = office.case();
    assert_eq!((case.id, case.lead.as_str(), case.state), (before.id, "t-421221001", State::Dispatched));
    assert_eq!(case.deadlines.visit, before.deadlines.visit, "the clock runs on");
    assert!(case.former.contains(&before.lead));
    assert_eq!(case.timeline.last().unwrap().what.code(), "transferred");
}

#[test]
fn a_case_that_a_person_gave_to_a_department_stays_there_while_that_office_serves_the_new_home() {
    let mut office = Office::on("2026-09-14");
    let warning = opened(1, "income", Level::Yellow);
    office.warn(warning.clone());
    office.request(request(&office.case(), MoveKind::Transfer, township(), "t", office.today)).unwrap();
    let household = warning.household.clone();
    office.take(Input::HouseholdMoved { household: household.clone(), division: code(NEXT_TOWNSHIP) });
    assert_eq!(office.case().lead.as_str(), "c-421202-yb");
    office.take(Input::HouseholdMoved { household, division: code(NEXT_COUNTY) });
    assert_eq!(office.case().lead.as_str(), "t-421221001");
}

#[test]
fn two_cases_that_meet_at_one_office_become_one() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "death", Level::Yellow));
    office.warn(opened(2, "income", Level::Red));
    let death = office.cases().into_iter().find(|case| case.lead.as_str() == "c-421202-mz").unwrap();
    let mut ask = request(&death, MoveKind::Transfer, county(), "t", office.today);
    ask.detail.to_office = Some("t-421202001".parse().unwrap());
    let done = office.request(ask.clone()).unwrap();
    let case = office.case();
    assert_eq!((done.merged_into, done.state), (Some(case.id.clone()), State::Closed));
    assert_eq!((case.lead.as_str(), case.warnings.len()), ("t-421202001", 2));
    let again = office.request(ask).unwrap();
    assert_eq!(again.merged_into, Some(case.id.clone()), "a repeat is answered alike");
    let reopen = request(&death, MoveKind::Reopen, county(), "r", office.today);
    assert_eq!(office.request(reopen).unwrap_err().code, "move/already-open");
}

#[test]
fn a_late_case_is_reminded_and_escalated_each_once() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Red));
    let mut told = Vec::new();
    for today in ["2026-09-15", "2026-09-16", "2026-09-17", "2026-09-18", "2026-09-21", "2026-09-22", "2026-09-24"] {
        let effects = office.tick(today);
        told.extend(effects.notices.iter().map(|notice| (today, notice.kind, notice.office.to_string())));
        assert_eq!(office.tick(today).notices, [], "a second tick of the same day says nothing");
    }
    let lead = || "t-421202001".to_owned();
    let county = || "c-421202-mz".to_owned();
    assert_eq!(
        told,
        [
            // Acknowledge by the 15th, visit by the 17th, report by the 21st.
            ("2026-09-15", NoticeKind::CaseReminded, lead()),
            ("2026-09-16", NoticeKind::CaseReminded, lead()),
            ("2026-09-17", NoticeKind::CaseEscalated, county()),
            ("2026-09-18", NoticeKind::CaseEscalated, county()),
            ("2026-09-24", NoticeKind::CaseEscalated, county()),
        ]
    );
    let case = office.case();
    assert!(case.told.contains(&"c-421202-mz".parse().unwrap()));
    let lines: Vec<_> =
        case.timeline.iter().skip(3).map(|entry| words::happening(&entry.what, office.plan.offices()).zh).collect();
    assert_eq!(
        lines,
        [
            "走访还剩2个工作日，已提醒温泉街道",
            "签收已超期1个工作日，已提醒温泉街道",
            "签收已超期2个工作日，报咸安区民政局督办",
            "走访已超期1个工作日，报咸安区民政局督办",
            "反馈已超期3个工作日，报咸安区民政局督办",
        ]
    );
}

#[test]
fn days_that_were_missed_are_made_up_for() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Red));
    let effects = office.tick("2026-10-30");
    assert_eq!(effects.notices.len(), 6);
    assert!(office.tick("2026-10-31").notices.is_empty());
}

#[test]
fn a_step_that_is_done_raises_no_alarm() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Red));
    for kind in [MoveKind::Acknowledge, MoveKind::Report] {
        office.request(request(&office.case(), kind, township(), kind.name(), office.today)).unwrap();
    }
    assert!(office.tick("2026-10-30").notices.is_empty());
}

#[test]
fn a_tick_touches_only_cases_whose_day_has_come() {
    let mut office = Office::on("2026-09-14");
    office.warn(opened(1, "income", Level::Yellow));
    let before = office.state.clone();
    office.tick("2026-09-15");
    assert_eq!(office.state, before);
}

#[test]
fn a_due_day_beyond_the_calendar_is_provisional_and_counted_anew_when_it_is_published() {
    let mut office = Office::on("2026-12-24");
    office.warn(opened(1, "income", Level::Yellow));
    let case = office.case();
    assert_eq!((case.deadlines.visit.by, case.deadlines.visit.leans_on), (day("2027-01-08"), Some(2027)));
    assert!(!case.deadlines.acknowledge.is_provisional());

    let mut published = files();
    let next = "date,kind,name\n2027-01-01,holiday,元旦\n2027-01-04,holiday,元旦\n2027-10-01,holiday,国庆节\n";
    published.insert("calendar/2027.csv".into(), next.into());
    office.plan = Plan::load(&published, &tree(), &categories(), Some(office.today)).unwrap();
    office.tick("2026-12-25");
    let sure = office.case();
    assert_eq!((sure.deadlines.visit.by, sure.deadlines.visit.leans_on), (day("2027-01-11"), None));
    let line = words::happening(&sure.timeline.last().unwrap().what, office.plan.offices());
    assert_eq!(line.zh, "放假安排已公布，反馈期限由1月15日(周五)改为1月18日(周一)");
    let before = office.state.clone();
    office.tick("2026-12-26");
    assert_eq!(office.state, before, "once");
}

#[test]
fn a_household_that_the_plan_does_not_know_waits_for_a_dispatcher() {
    let mut office = Office::on("2026-09-14");
    office.warn(Change { division: code("110101001001"), ..opened(1, "income", Level::Red) });
    let case = office.case();
    assert_eq!((case.lead.as_str(), case.state), ("s-mz", State::Opened));
    assert_eq!(codes(&case), ["opened", "joined"]);
}

#[test]
fn a_finding_closes_the_warning_in_the_closed_case_too() {
    let mut office = Office::on("2026-09-14");
    let warning = opened(1, "income", Level::Yellow);
    office.warn(warning.clone());
    for kind in [MoveKind::Acknowledge, MoveKind::Report, MoveKind::Close] {
        office.request(request(&office.case(), kind, township(), kind.name(), office.today)).unwrap();
    }
    office.warn(Change { step: Happened::Closed(Closing::Found), ..warning.clone() });
    let case = office.cases().remove(0);
    assert_eq!(case.warnings[&warning.warning].closed, Some((warning.day, Closing::Found)));
}

#[test]
fn the_county_stays_over_a_case_in_which_it_takes_part() {
    let mut office = Office::on("2026-09-14");
    office.warn(Change { direction: Direction::Missed, ..opened(1, "medical", Level::Red) });
    office.warn(Change {
        division: code(NEXT_COUNTY),
        household: "h-2".parse().unwrap(),
        ..opened(2, "medical", Level::Red)
    });
    let case = office.cases().into_iter().find(|case| case.household.as_str() == "h-2").unwrap();
    let jiayu = doudi_routing::Actor {
        name: "刘某".into(),
        role: doudi_routing::Role::County,
        office: Some("c-421221-mz".parse().unwrap()),
    };
    assert!(case.co.contains(jiayu.office.as_ref().unwrap()));
    assert!(office.request(request(&case, MoveKind::Acknowledge, jiayu, "a", office.today)).is_ok());
}
