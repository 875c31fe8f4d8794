//! A small world: one city, two counties, two townships each, two villages each; a plan; a hand on the desk.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::result_large_err, reason = "a helper of tests may end the test")]

use std::collections::{BTreeMap, BTreeSet};

use doudi_feedback::{Finding, Outcome, Report, Visit, VisitHow};
use doudi_model::division::{Code, Division, Level as Depth, Tree};
use doudi_model::stage::{At, Memory};
use doudi_model::value::Sealed;
use doudi_model::warning::{Change, Closing, Direction, Level, Step as Happened};
use doudi_model::{Day, FreeText, Instant, Problem, person};
use doudi_routing::case::Case;
use doudi_routing::plan::Category;
use doudi_routing::{Actor, Detail, Effects, Input, MoveDone, MoveKind, MoveRequest, Plan, Role, apply, index};

pub const VILLAGE: &str = "421202001001";
pub const NEXT_TOWNSHIP: &str = "421202002001";
pub const NEXT_COUNTY: &str = "421221001001";

pub const OFFICES: &str = "\
id,name,name_en,division,kind,parent,visits_per_week
s-mz,咸宁市民政局,Xianning civil affairs,421200000000,city,,
c-421202-mz,咸安区民政局,Xian'an civil affairs,421202000000,county,s-mz,
c-421221-mz,嘉鱼县民政局,Jiayu civil affairs,421221000000,county,s-mz,
t-421202001,温泉街道,Wenquan,421202001000,township,c-421202-mz,4
t-421202002,浮山街道,Fushan,421202002000,township,c-421202-mz,3
t-421221001,鱼岳镇,Yuyue,421221001000,township,c-421221-mz,4
t-421221002,渡普镇,Dupu,421221002000,township,c-421221-mz,4
c-421202-yb,咸安区医保局,Xian'an medical insurance,421202000000,department,c-421202-mz,
c-421221-yb,嘉鱼县医保局,Jiayu medical insurance,421221000000,department,c-421221-mz,
xn-ybj,咸宁市医保局,Xianning medical insurance,421200000000,department,s-mz,
";

pub const ROUTES: &str = "\
division,category,level,lead,co
421200000000,,,t-{township},
421200000000,medical,,t-{township},c-{county}-yb
421200000000,death,,c-{county}-mz,t-{township}
421200000000,child,red,c-{county}-mz,t-{township}
421221000000,medical,,c-{county}-yb,t-{township}; c-{county}-mz
";

pub const DEADLINES: &str = "\
category,level,direction,acknowledge,visit,report
,,,2,10,15
,red,,1,3,5
death,,excess,1,2,3
";

pub const ESCALATION: &str = "\
after,step,to,act
-2,visit,{lead},remind
1,acknowledge,{lead},remind
2,acknowledge,c-{county}-mz,escalate
1,visit,{parent},escalate
3,report,{parent},escalate
5,report,s-mz,remind
";

pub const CALENDAR: &str = "\
date,kind,name
2026-01-01,holiday,元旦
2026-10-01,holiday,国庆节
2026-10-02,holiday,国庆节
2026-10-05,holiday,国庆节
2026-10-10,workday,国庆节
";

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn tree() -> Tree {
    let mut rows = vec![
        ("420000000000", "湖北省", Depth::Province, ""),
        ("421200000000", "咸宁市", Depth::City, "420000000000"),
        ("421202000000", "咸安区", Depth::County, "421200000000"),
        ("421221000000", "嘉鱼县", Depth::County, "421200000000"),
        ("421202001000", "温泉街道", Depth::Township, "421202000000"),
        ("421202002000", "浮山街道", Depth::Township, "421202000000"),
        ("421221001000", "鱼岳镇", Depth::Township, "421221000000"),
        ("421221002000", "渡普镇", Depth::Township, "421221000000"),
    ];
    rows.extend([
        ("421202001001", "双溪村", Depth::Village, "421202001000"),
        ("421202001002", "石桥社区", Depth::Village, "421202001000"),
        ("421202002001", "太乙村", Depth::Village, "421202002000"),
        ("421221001001", "西街社区", Depth::Village, "421221001000"),
        ("421221002001", "渡普村", Depth::Village, "421221002000"),
    ]);
    Tree::new(rows.into_iter().map(|(number, name, level, parent)| Division {
        code: code(number),
        name: name.to_owned(),
        level,
        parent: (!parent.is_empty()).then(|| code(parent)),
        from: Day::MIN,
        to: Day::MAX,
        successor: None,
    }))
}

pub fn categories() -> Vec<Category> {
    let both = BTreeSet::from([Direction::Missed, Direction::Excess]);
    ["medical", "income", "death", "child"].map(|name| (name.to_owned(), both.clone())).to_vec()
}

pub type Files = BTreeMap<String, Vec<u8>>;

pub fn files() -> Files {
    [
        ("routing/offices.csv", OFFICES),
        ("routing/routes.csv", ROUTES),
        ("routing/deadlines.csv", DEADLINES),
        ("routing/escalation.csv", ESCALATION),
        ("calendar/2026.csv", CALENDAR),
    ]
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .into()
}

pub fn plan() -> Plan {
    Plan::load(&files(), &tree(), &categories(), None).unwrap()
}

/// A desk with its state, its plan and the clock of the log.
pub struct Office {
    pub state: Memory,
    pub plan: Plan,
    pub today: Day,
    pub position: u64,
    pub all: Vec<Effects>,
}

impl Office {
    pub fn on(today: &str) -> Office {
        Office { state: Memory::default(), plan: plan(), today: day(today), position: 0, all: Vec::new() }
    }

    /// Texts are sealed before the desk sees them, here under no key.
    pub fn take(&mut self, mut input: Input) -> Effects {
        if let Input::Move(request) = &mut input {
            request.seal(|context, clear| Sealed([context, b": ", clear.as_bytes()].concat()));
        }
        self.position += 1;
        let at = At { position: self.position, instant: Instant::start_of(self.today) };
        let effects = apply(&mut self.state, &self.plan, at, input).unwrap();
        self.all.push(effects.clone());
        effects
    }

    pub fn tick(&mut self, today: &str) -> Effects {
        self.today = day(today);
        self.take(Input::Tick(self.today))
    }

    pub fn warn(&mut self, change: Change) -> Effects {
        self.take(Input::Warning(change))
    }

    /// As a house does it: texts are checked before anything is written.
    pub fn request(&mut self, request: MoveRequest) -> Result<MoveDone, Problem> {
        doudi_routing::moves::check_texts(&request)?;
        self.take(Input::Move(Box::new(request))).reply.unwrap()
    }

    pub fn cases(&self) -> Vec<Case> {
        index::all_cases(&self.state).unwrap()
    }

    /// The one open case.
    #[track_caller]
    pub fn case(&self) -> Case {
        let mut open: Vec<Case> = self.cases().into_iter().filter(Case::is_open).collect();
        assert_eq!(open.len(), 1, "one open case");
        open.remove(0)
    }
}

/// Warning number `n` of household `h-1` opens.
pub fn opened(n: u8, category: &str, level: Level) -> Change {
    Change {
        warning: person::Id([n; 16]),
        household: "h-1".parse().unwrap(),
        person: None,
        division: code(VILLAGE),
        rule: format!("rule-{n}"),
        category: category.to_owned(),
        direction: Direction::Missed,
        level,
        step: Happened::Opened,
        day: day("2026-09-14"),
        decision: u64::from(n),
    }
}

pub fn closed(change: &Change) -> Change {
    Change { step: Happened::Closed(Closing::Cleared), ..change.clone() }
}

pub fn township() -> Actor {
    Actor { name: "王某".into(), role: Role::Township, office: Some("t-421202001".parse().unwrap()) }
}

pub fn county() -> Actor {
    Actor { name: "李某".into(), role: Role::County, office: Some("c-421202-mz".parse().unwrap()) }
}

pub fn department() -> Actor {
    Actor { name: "陈某".into(), role: Role::Department, office: Some("c-421202-yb".parse().unwrap()) }
}

/// A request that has everything its move can need.
pub fn request(case: &Case, kind: MoveKind, actor: Actor, once: &str, today: Day) -> MoveRequest {
    MoveRequest {
        case: case.id.clone(),
        kind,
        actor,
        reason: "户主住院，需医保部门办理".into(),
        once: once.to_owned(),
        expected_version: None,
        detail: Detail {
            to_office: Some("c-421202-yb".parse().unwrap()),
            return_code: Some(doudi_routing::ReturnCode::NotOurs),
            visit: Some(visit(today)),
            report: Some(report(Outcome::TemporaryAid, today)),
            answer: None,
        },
    }
}

pub fn visit(on: Day) -> Visit {
    Visit { on, investigators: vec!["王某".into(), "赵某".into()], met: "户主".into(), how: VisitHow::Home }
}

pub fn report(outcome: Outcome, on: Day) -> Report {
    Report {
        finding: Finding {
            outcome,
            on,
            rules: vec![],
            person: None,
            since: None,
            wrong: None,
            note: FreeText::default(),
        },
        interventions: vec![],
        hearing: None,
    }
}
