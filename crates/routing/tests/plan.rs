//! A plan is refused with words that a clerk can act on, or it is total.
#![allow(clippy::unwrap_used, clippy::result_large_err, reason = "a helper of tests may end the test")]

mod common;

use common::*;
use doudi_model::warning::{Direction, Level};
use doudi_model::{Lang, Problem};
use doudi_routing::Plan;

fn with(name: &str, text: &str) -> Files {
    let mut files = files();
    files.insert(name.to_owned(), text.as_bytes().to_vec());
    files
}

fn load(files: &Files, as_of: Option<&str>) -> Result<Plan, Vec<Problem>> {
    Plan::load(files, &tree(), &categories(), as_of.map(day))
}

#[track_caller]
fn refused(files: &Files, expected: &[&str]) {
    let problems = load(files, None).unwrap_err();
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            let field = problem.field.as_deref().unwrap_or("-");
            format!("{} {field} {}: {}", problem.place, problem.code, problem.message.zh)
        })
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn the_row_of_the_deepest_division_wins_then_category_then_level() {
    let plan = plan();
    let row = |division, category, level| {
        let route = plan.route(code(division), category, level, Direction::Missed, day("2026-09-14"));
        (route.row, route.lead.id.to_string())
    };
    assert_eq!(row(VILLAGE, "income", Level::Red), ("routes.csv:2".into(), "t-421202001".into()));
    assert_eq!(row(VILLAGE, "medical", Level::Red), ("routes.csv:3".into(), "t-421202001".into()));
    assert_eq!(row(NEXT_COUNTY, "medical", Level::Red), ("routes.csv:6".into(), "c-421221-yb".into()));
    assert_eq!(row(VILLAGE, "child", Level::Red), ("routes.csv:5".into(), "c-421202-mz".into()));
    assert_eq!(row(VILLAGE, "child", Level::Blue), ("routes.csv:2".into(), "t-421202001".into()));
}

#[test]
fn a_deeper_row_for_any_category_beats_a_higher_row_that_names_it() {
    let plan = load(&with("routing/routes.csv", &format!("{ROUTES}{VILLAGE},,,c-421202-yb,\n")), None).unwrap();
    let route = plan.route(code(VILLAGE), "medical", Level::Red, Direction::Missed, day("2026-09-14"));
    assert_eq!(route.lead.id.as_str(), "c-421202-yb");
}

#[test]
fn a_red_case_waits_no_longer_than_red_may_unless_a_row_speaks_of_both() {
    let days = |table: &str, category, level, direction| {
        let rows = format!("category,level,direction,acknowledge,visit,report\n{table}");
        let plan = load(&with("routing/deadlines.csv", &rows), None).unwrap();
        let route = plan.route(code(VILLAGE), category, level, direction, day("2026-09-14"));
        [route.acknowledge_by, route.visit_by, route.report_by].map(|due| due.working_days)
    };
    let (missed, excess) = (Direction::Missed, Direction::Excess);
    let rows = ",,,2,7,10\n,red,,1,3,8\nmedical,,,2,4,5\n";
    assert_eq!(days(rows, "medical", Level::Red, missed), [1, 3, 5], "each step the shorter");
    assert_eq!(days(rows, "medical", Level::Yellow, missed), [2, 4, 5]);
    assert_eq!(days(rows, "income", Level::Red, missed), [1, 3, 8]);
    let spoken = format!("{rows}medical,red,,2,6,9\n");
    assert_eq!(days(&spoken, "medical", Level::Red, missed), [2, 6, 9], "who names both means both");
    let slow = format!("{rows}income,,,3,15,20\n");
    assert_eq!(days(&slow, "income", Level::Blue, missed), [3, 15, 20], "a category may take longer than the rest");
    let way = format!("{rows},red,excess,1,5,9\n");
    assert_eq!(days(&way, "medical", Level::Red, excess), [1, 4, 5]);
    assert_eq!(days(&way, "medical", Level::Red, missed), [1, 3, 5]);
}

#[test]
fn a_route_tells_offices_days_and_who_hears_of_delay() {
    let plan = plan();
    let route = plan.route(code(NEXT_COUNTY), "medical", Level::Red, Direction::Missed, day("2026-09-28"));
    let json = serde_json::to_string_pretty(&route.json(Lang::Zh, plan.offices())).unwrap();
    // Three working days over the National Day holiday: 29, 30 September, 6 October.
    assert_eq!(
        json,
        r#"{
  "acknowledge_by": "2026-09-29",
  "co": [
    {
      "id": "t-421221001",
      "name": "鱼岳镇"
    },
    {
      "id": "c-421221-mz",
      "name": "嘉鱼县民政局"
    }
  ],
  "escalation": [
    {
      "act": "remind",
      "after": 1,
      "step": "acknowledge",
      "to": {
        "id": "c-421221-yb",
        "name": "嘉鱼县医保局"
      }
    },
    {
      "act": "escalate",
      "after": 2,
      "step": "acknowledge",
      "to": {
        "id": "c-421221-mz",
        "name": "嘉鱼县民政局"
      }
    },
    {
      "act": "remind",
      "after": -2,
      "step": "visit",
      "to": {
        "id": "c-421221-yb",
        "name": "嘉鱼县医保局"
      }
    },
    {
      "act": "escalate",
      "after": 1,
      "step": "visit",
      "to": {
        "id": "c-421221-mz",
        "name": "嘉鱼县民政局"
      }
    },
    {
      "act": "escalate",
      "after": 3,
      "step": "report",
      "to": {
        "id": "c-421221-mz",
        "name": "嘉鱼县民政局"
      }
    },
    {
      "act": "remind",
      "after": 5,
      "step": "report",
      "to": {
        "id": "s-mz",
        "name": "咸宁市民政局"
      }
    }
  ],
  "lead": {
    "id": "c-421221-yb",
    "name": "嘉鱼县医保局"
  },
  "provisional": false,
  "report_by": "2026-10-08",
  "row": "routes.csv:6",
  "visit_by": "2026-10-06"
}"#
    );
}

#[test]
fn a_case_is_never_escalated_to_the_office_that_leads_it() {
    let plan = plan();
    let route = plan.route(code(VILLAGE), "death", Level::Red, Direction::Excess, day("2026-09-14"));
    assert_eq!(route.lead.id.as_str(), "c-421202-mz");
    let told: Vec<_> = route
        .escalation
        .iter()
        .filter(|alarm| alarm.act == doudi_routing::plan::Act::Escalate)
        .map(|alarm| alarm.to.as_str())
        .collect();
    assert_eq!(told, ["s-mz", "s-mz", "s-mz"]);
}

#[test]
fn a_household_of_which_only_the_county_is_known_goes_to_the_county() {
    let route = plan().route(code("421202000000"), "income", Level::Red, Direction::Missed, day("2026-09-14"));
    assert_eq!(route.lead.id.as_str(), "c-421202-mz");
    assert!(!route.is_last_resort());
}

#[test]
fn a_household_outside_the_table_goes_to_the_last_resort() {
    let route = plan().route(code("110101001001"), "income", Level::Red, Direction::Missed, day("2026-09-14"));
    assert_eq!((route.lead.id.as_str(), route.is_last_resort()), ("s-mz", true));
}

#[test]
fn the_first_gap_is_named() {
    let text = "division,category,level,lead,co\n421202000000,,,t-{township},\n421221000000,medical,,t-{township},\n";
    refused(
        &with("routing/routes.csv", text),
        &["routing/routes.csv - routing/gap: 湖北省咸宁市嘉鱼县（421221000000）的 income 类蓝色预警没有主办单位"],
    );
}

#[test]
fn an_office_that_is_missing_is_named_once_with_the_first_place_that_needs_it() {
    let text = OFFICES.replace("t-421202002,浮山街道,Fushan,421202002000,township,c-421202-mz,3\n", "");
    refused(
        &with("routing/offices.csv", &text),
        &[
            "routing/routes.csv:2 lead routing/office-unknown: 湖北省咸宁市咸安区浮山街道没有单位 t-421202002",
            "routing/routes.csv:3 lead routing/office-unknown: 湖北省咸宁市咸安区浮山街道没有单位 t-421202002",
            "routing/routes.csv:4 co routing/office-unknown: 湖北省咸宁市咸安区浮山街道没有单位 t-421202002",
            "routing/routes.csv:5 co routing/office-unknown: 湖北省咸宁市咸安区浮山街道没有单位 t-421202002",
        ],
    );
}

#[test]
fn rows_that_say_the_same_are_refused() {
    let text = format!("{ROUTES}421200000000,medical,,s-mz,\n");
    refused(
        &with("routing/routes.csv", &text),
        &["routing/routes.csv:7 division routing/duplicate: 与 routing/routes.csv:3 重复"],
    );
    let text = format!("{DEADLINES},red,,1,1,1\n");
    refused(
        &with("routing/deadlines.csv", &text),
        &["routing/deadlines.csv:5 category routing/duplicate: 与 routing/deadlines.csv:3 重复"],
    );
}

#[test]
fn a_category_without_deadlines_is_refused() {
    let text = "category,level,direction,acknowledge,visit,report\nmedical,,,1,3,5\n,,missed,1,3,5\n";
    refused(
        &with("routing/deadlines.csv", text),
        &["routing/deadlines.csv - routing/deadline-missing: income 类（excess）蓝色预警没有期限"],
    );
}

#[test]
fn escalation_to_nobody_is_refused() {
    let text =
        "after,step,to,act\n1,acknowledge,{parent},escalate\n1,visit,{parent},escalate\n1,report,{lead},remind\n";
    refused(
        &with("routing/escalation.csv", text),
        &["routing/escalation.csv step routing/escalation-missing: report 超期后没有督办"],
    );
    let top = OFFICES.replace("421202000000,county,s-mz,", "421202000000,county,,");
    let mut files = with("routing/offices.csv", &top);
    let text =
        "after,step,to,act\n1,acknowledge,{parent},escalate\n1,visit,{parent},escalate\n1,report,{parent},escalate\n";
    files.insert("routing/escalation.csv".into(), text.into());
    refused(
        &files,
        &[
            "routing/escalation.csv:2 to routing/escalation-nobody: 湖北省咸宁市咸安区由 c-421202-mz 主办的工单，acknowledge 超期后督办不到任何单位",
            "routing/escalation.csv:3 to routing/escalation-nobody: 湖北省咸宁市咸安区由 c-421202-mz 主办的工单，visit 超期后督办不到任何单位",
            "routing/escalation.csv:4 to routing/escalation-nobody: 湖北省咸宁市咸安区由 c-421202-mz 主办的工单，report 超期后督办不到任何单位",
        ],
    );
}

#[test]
fn every_bad_cell_is_told_with_its_line_and_column() {
    refused(
        &with(
            "routing/routes.csv",
            "division,category,level,lead,co\n421299000000,,pink,T 1,\n421200000000,,,,x{village}\n",
        ),
        &[
            "routing/routes.csv:2 division routing/cell: 不认识 421299000000",
            "routing/routes.csv:2 level routing/cell: 不认识 pink",
            "routing/routes.csv:2 lead routing/office-id: T 1 不是单位编号",
            "routing/routes.csv:3 lead routing/office-id: 没有写单位",
            "routing/routes.csv:3 co routing/office-id: x{village} 不是单位编号",
        ],
    );
    refused(
        &with(
            "routing/deadlines.csv",
            "category,level,direction,acknowledge,visit,report\n,,,1,x,5\n,red,both,3,2,5\n",
        ),
        &[
            "routing/deadlines.csv:2 visit routing/number: 不是工作日数",
            "routing/deadlines.csv:3 direction routing/cell: 不认识 both",
        ],
    );
    refused(
        &with("routing/deadlines.csv", "category,level,direction,acknowledge,visit,report\n,,,3,2,5\n"),
        &["routing/deadlines.csv:2 visit routing/deadline-order: 期限前后颠倒"],
    );
    refused(
        &with("routing/escalation.csv", "after,step,to,act\nx,sign,s-mz,shout\n"),
        &[
            "routing/escalation.csv:2 after routing/number: 不是工作日数",
            "routing/escalation.csv:2 step routing/cell: 没有这个环节",
            "routing/escalation.csv:2 act routing/cell: 没有这种处理",
            "routing/escalation.csv step routing/escalation-missing: acknowledge 超期后没有督办",
            "routing/escalation.csv step routing/escalation-missing: visit 超期后没有督办",
            "routing/escalation.csv step routing/escalation-missing: report 超期后没有督办",
        ],
    );
    refused(
        &with(
            "routing/offices.csv",
            "id,name,name_en,division,kind,parent,visits_per_week\n\
             s-mz,市,City,421200000000,city,,many\nA 1,甲,A,421200000000,village,nobody,\n",
        ),
        &[
            "routing/offices.csv:2 visits_per_week routing/number: 不是次数",
            "routing/offices.csv:3 id routing/office-id: 单位编号写法不对",
            "routing/offices.csv:3 kind routing/office-kind: 没有这种单位",
            "routing/offices.csv:3 parent routing/office-unknown: 没有单位 nobody",
        ],
    );
}

#[test]
fn offices_above_one_another_form_no_circle() {
    let text = OFFICES.replace("421200000000,city,,", "421200000000,city,c-421202-mz,");
    let problems = load(&with("routing/offices.csv", &text), None).unwrap_err();
    assert!(problems.iter().all(|problem| problem.code == "routing/office-circle"), "{problems:?}");
}

#[test]
fn tables_that_are_missing_or_not_tables_are_told_together() {
    let mut files = files();
    files.remove("routing/offices.csv");
    files.insert("routing/routes.csv".into(), b"division,category,level,lead\n".to_vec());
    files.insert("routing/deadlines.csv".into(), vec![0xb7, 0xd6, 0xb0, 0xec, b'\n']);
    files.insert("routing/escalation.csv".into(), vec![]);
    refused(
        &files,
        &[
            "routing/offices.csv - table/missing: 缺少 routing/offices.csv",
            "routing/routes.csv:1 co table/column-missing: 缺少列 co",
            "routing/deadlines.csv:1 - table/unreadable: 不是 UTF-8 编码的 CSV 表",
            "routing/escalation.csv:1 - table/empty: 表是空的",
        ],
    );
}

#[test]
fn a_deadline_beyond_the_published_calendar_is_an_error_on_the_day_it_is_put_into_force() {
    assert!(load(&files(), Some("2026-12-01")).is_ok());
    let problem = load(&files(), Some("2026-12-15")).unwrap_err().remove(0);
    assert_eq!((problem.code.as_ref(), problem.place.as_str()), ("calendar/not-published", "routing/deadlines.csv:2"));
    assert_eq!(problem.message.zh, "从2026年12月15日起15个工作日：2027年的放假安排没有公布，算不出确定的工作日");
    let started_again = load(&files(), None).unwrap();
    let route = started_again.route(code(VILLAGE), "income", Level::Blue, Direction::Missed, day("2026-12-15"));
    assert_eq!(route.report_by.leans_on, Some(2027));
    assert_eq!(route.acknowledge_by.leans_on, None);
}

#[test]
fn a_row_whose_category_no_rule_has_is_noted_not_refused() {
    let plan = load(&with("routing/routes.csv", &format!("{ROUTES}421200000000,housing,,s-mz,\n")), None).unwrap();
    let notes: Vec<_> = plan.notes(&categories()).into_iter().map(|note| note.place).collect();
    assert_eq!(notes, ["routing/routes.csv:7"]);
}
