//! The invented people of the fake house.

use doudi_model::division::{Code, Division, Level as Depth, Tree};
use doudi_model::warning::{Direction, Level};
use doudi_model::{Day, Fen, Instant, Text, Verdict, household, person};
use doudi_rules::explain::{Explanation, LeafRow, Missing};

use super::hidden;
use crate::service::Finding;
use crate::view::{
    AidRow, CaseRow, CaseView, CorrectionRow, Due, DueStep, FindingRow, MemberRow, MoveKind, Office, Outcome, Place,
    State, TimelineRow, ValueChoice, is_taken,
};

fn text(zh: &str, en: &str) -> Text {
    Text::new(zh, en)
}

fn code(digits: &str) -> Option<Code> {
    digits.parse().ok()
}

fn day(month: i8, day: i8) -> Day {
    Day::new(2026, month, day).unwrap_or(Day::MIN)
}

/// A Tuesday morning.
pub(super) fn now() -> Instant {
    Instant::from_ms(Instant::start_of(day(11, 24)).ms() + (9 * 60 + 41) * 60_000)
}

const PLACES: [(&str, &str, Depth, Option<&str>); 8] = [
    ("420000000000", "湖北省", Depth::Province, None),
    ("421200000000", "咸宁市", Depth::City, Some("420000000000")),
    ("421202000000", "咸安区", Depth::County, Some("421200000000")),
    ("421202107000", "桂花镇", Depth::Township, Some("421202000000")),
    ("421202108000", "高桥镇", Depth::Township, Some("421202000000")),
    ("421202107201", "双溪村", Depth::Village, Some("421202107000")),
    ("421202107202", "石桥社区", Depth::Village, Some("421202107000")),
    ("421202108201", "白岩泉村", Depth::Village, Some("421202108000")),
];

pub(super) fn divisions() -> Tree {
    Tree::new(PLACES.iter().filter_map(|(digits, name, level, parent)| {
        Some(Division {
            code: code(digits)?,
            name: (*name).to_owned(),
            level: *level,
            parent: parent.and_then(code),
            from: Day::MIN,
            to: Day::MAX,
            successor: None,
        })
    }))
}

pub(super) fn offices() -> Vec<Office> {
    [
        ("t-421202107", "桂花镇民政办", "Guihua township", "421202107000", Some(4)),
        ("t-421202108", "高桥镇民政办", "Gaoqiao township", "421202108000", Some(4)),
        ("c-421202-mz", "咸安区民政局", "Xian'an civil affairs", "421202000000", None),
        ("c-421202-zj", "咸安区住建局", "Xian'an housing", "421202000000", None),
    ]
    .into_iter()
    .filter_map(|(id, zh, en, division, visits)| {
        Some(Office { id: id.into(), name: text(zh, en), division: code(division)?, visits_per_week: visits })
    })
    .collect()
}

pub(super) fn moves(state: State) -> Vec<MoveKind> {
    use MoveKind::{Acknowledge, Close, Dispatch, Escalate, Reopen, Report, Return, Transfer, Visit};
    match state {
        State::Opened => vec![Dispatch, Transfer, Escalate],
        State::Dispatched => vec![Acknowledge, Transfer, Return, Escalate],
        State::Acknowledged => vec![Visit, Report, Transfer, Return, Escalate],
        State::Visited => vec![Report, Transfer, Escalate],
        State::Reported => vec![Close, Report, Transfer],
        State::Closed => vec![Reopen],
    }
}

/// The request that a finding makes, if it calls a value wrong.
pub(super) fn correction(view: &CaseView, finding: &Finding, today: Day) -> Option<CorrectionRow> {
    let wrong = finding.correction.as_ref()?;
    let held = view.values.iter().find(|value| value.id == wrong.what)?;
    Some(CorrectionRow {
        id: format!("{}.{}", view.row.id, view.row.version),
        case: view.row.id.clone(),
        household: view.row.household.clone(),
        place: view.row.place.clone(),
        asked_by: view.lead.clone(),
        office: offices().into_iter().find(|office| office.id == held.office)?,
        what: wrong.what.clone(),
        title: held.title.clone(),
        right: wrong.right.clone(),
        seen_on: wrong.seen_on.clone(),
        asked: today,
        due: today.plus_days(14),
        working_days_left: Some(10),
        open: true,
        answer: None,
    })
}

struct Sketch {
    id: &'static str,
    head: &'static str,
    village: &'static str,
    level: Level,
    due: (Day, i32),
    state: State,
    why: (&'static str, &'static str),
    direction: Direction,
    members: u32,
    aid: Option<(&'static str, &'static str)>,
    joined: u32,
}

fn sketches() -> Vec<Sketch> {
    use Level::{Blue, Orange, Red, Yellow};
    use State::{Acknowledged, Dispatched, Reported, Visited};
    let medical = (
        "近12个月自付医疗费23,400元，占全家收入24,000元的97.5%，高于本县标准60%",
        "Medical costs of 23,400 yuan in 12 months are 97.5% of the household's income of 24,000, above the county's 60%",
    );
    let nursing = ("新增二级肢体残疾，未领护理补贴", "A new grade 2 physical disability, no nursing subsidy drawn");
    let edge = Some(("低保边缘", "dibao margin"));
    let dibao = Some(("低保", "dibao"));
    let row = |id, head, village, level, due, state, why, members, aid| Sketch {
        id,
        head,
        village,
        level,
        due,
        state,
        why,
        direction: Direction::Missed,
        members,
        aid,
        joined: 0,
    };
    vec![
        Sketch {
            joined: 1,
            ..row("K7M2-4C9L", "张大山", "421202107201", Red, (day(11, 20), -2), Dispatched, medical, 3, edge)
        },
        row("P4XN-7H2D", "李秀英", "421202107201", Orange, (day(11, 25), 1), Acknowledged, nursing, 2, dibao),
        row(
            "T9QF-3R6B",
            "王建国",
            "421202107202",
            Red,
            (day(11, 24), 0),
            Dispatched,
            ("房屋因滑坡倒塌，尚无安置记录", "The house fell in a landslide; no resettlement on record"),
            4,
            None,
        ),
        row(
            "V2JH-8W5M",
            "欧阳素珍",
            "421202107202",
            Yellow,
            (day(12, 1), 5),
            Dispatched,
            ("独居老人满80岁，未领高龄津贴", "Lives alone, turned 80, no allowance drawn"),
            1,
            None,
        ),
        Sketch {
            direction: Direction::Excess,
            ..row(
                "C6DG-2K9T",
                "刘志强",
                "421202107201",
                Yellow,
                (day(12, 8), 10),
                Dispatched,
                ("名下有车辆登记，需要核实", "A vehicle is registered to a member; to be checked"),
                3,
                dibao,
            )
        },
        row(
            "H3RB-9N4X",
            "陈桂兰",
            "421202107202",
            Blue,
            (day(12, 15), 15),
            Visited,
            ("城乡居民医保本年未参保", "Not insured this year"),
            2,
            None,
        ),
        row(
            "M8WT-5F7P",
            "周小梅",
            "421202107201",
            Orange,
            (day(11, 27), 3),
            Reported,
            ("两名在校学生，近三个月无收入记录", "Two at school, no income recorded for three months"),
            4,
            None,
        ),
        row("B4KC-6J3V", "吴大勇", "421202108201", Red, (day(11, 26), 2), Dispatched, medical, 5, None),
    ]
}

fn place(digits: &str) -> Option<Place> {
    let name = |digits: &str| PLACES.iter().find(|(own, ..)| *own == digits).map(|(_, name, ..)| (*name).to_owned());
    let township = format!("{}000", digits.get(..9)?);
    Some(Place { code: code(digits)?, village: name(digits)?, township: name(&township)?, county: "咸安区".into() })
}

pub(super) fn cases() -> Vec<CaseView> {
    sketches().into_iter().enumerate().filter_map(|(at, sketch)| case(at, sketch)).collect()
}

/// The case that arrives while someone looks.
pub(super) fn arrival(number: usize, at: Instant) -> Option<CaseView> {
    let mut view = case(number, sketches().into_iter().next()?)?;
    view.row.id = format!("R5{:02}-1A2B", number % 100);
    view.row.head = hidden("孙长庚");
    view.row.opened = at;
    view.row.joined = 0;
    view.row.due = Some(Due { by: day(11, 27), working_days_left: 3, step: DueStep::Visit });
    Some(view)
}

fn case(at: usize, sketch: Sketch) -> Option<CaseView> {
    let place = place(sketch.village)?;
    let lead = offices().into_iter().find(|office| office.division == place.code.township())?;
    let taken = is_taken(sketch.state);
    let step = if taken { DueStep::Visit } else { DueStep::Acknowledge };
    let due = Due { by: sketch.due.0, working_days_left: sketch.due.1, step };
    let opened = Instant::from_ms(Instant::start_of(day(11, 17)).ms() + i64::try_from(at).unwrap_or(0) * 3_600_000);
    let row = CaseRow {
        id: sketch.id.to_owned(),
        household: format!("HB-{:05}", 1000 + at).parse::<household::Id>().ok()?,
        head: hidden(sketch.head),
        place,
        level: sketch.level,
        directions: vec![sketch.direction],
        categories: vec!["medical".into()],
        why: text(sketch.why.0, sketch.why.1),
        due: Some(due.clone()),
        state: sketch.state,
        lead: lead.id.clone(),
        co: Vec::new(),
        readers: Vec::new(),
        assignee: taken.then(|| "王某".to_owned()),
        joined: sketch.joined,
        members: Some(sketch.members),
        aid: sketch.aid.map(|(zh, en)| text(zh, en)).into_iter().collect(),
        opened,
        version: 1,
    };
    let deadlines = [(DueStep::Acknowledge, -3), (DueStep::Visit, 0), (DueStep::Report, 7)];
    Some(CaseView {
        lead,
        address: hidden("双溪村3组12号"),
        phone: hidden("13900001234"),
        explanations: vec![explanation(sketch.direction, &row.why), light()],
        muted: 1,
        stale: vec![text(
            "核对授权已于3月1日到期，家庭存款读不到。",
            "The authorisation expired on 1 March; savings cannot be read.",
        )],
        members: members(sketch.head),
        aid: vec![AidRow {
            scheme: text("低保边缘家庭", "Dibao margin"),
            status: text("在享", "current"),
            from: day(3, 1),
            monthly: Some(Fen(32_000)),
        }],
        findings: vec![FindingRow {
            on: day(3, 12),
            outcome: Outcome::NoHardship,
            office: text("桂花镇民政办", "Guihua township"),
            case: "W2BD-7K4N".into(),
        }],
        timeline: timeline(opened),
        values: vec![ValueChoice {
            id: "income.monthly/amount".into(),
            title: text("月收入：金额", "Monthly income: amount"),
            office: "c-421202-mz".into(),
        }],
        corrections: Vec::new(),
        moves: moves(sketch.state),
        targets: offices(),
        deadlines: deadlines
            .into_iter()
            .skip(usize::from(taken))
            .map(|(step, after)| Due {
                by: due.by.plus_days(after),
                working_days_left: due.working_days_left + after,
                step,
            })
            .collect(),
        row,
    })
}

fn timeline(opened: Instant) -> Vec<TimelineRow> {
    let system = text("系统", "system");
    let later = Instant::from_ms(opened.ms() + 3_600_000);
    vec![
        TimelineRow {
            at: later,
            who: system.clone(),
            what: text("分办给桂花镇民政办", "Given to Guihua township"),
            why: None,
        },
        TimelineRow {
            at: opened,
            who: system,
            what: text("预警：因病支出负担过重", "Warning: medical burden"),
            why: None,
        },
    ]
}

fn members(head: &str) -> Vec<MemberRow> {
    let row = |at: u8, name: &str, number: &str, relation: Text, age, sex: Text, notes: Vec<Text>| MemberRow {
        person: person::Id([at; 16]),
        name: hidden(name),
        number: hidden(number),
        relation,
        age: Some(age),
        sex: Some(sex),
        notes,
    };
    let (male, female) = (text("男", "male"), text("女", "female"));
    vec![
        row(
            1,
            head,
            "421202190001010008",
            text("户主", "head"),
            58,
            male.clone(),
            vec![text("尿毒症，门诊慢特病", "uraemia, chronic")],
        ),
        row(2, "汪腊梅", "421202190002020006", text("配偶", "spouse"), 56, female, Vec::new()),
        row(3, "张小军", "421202190003030004", text("子", "son"), 17, male, vec![text("高三在读", "in school")]),
    ]
}

fn leaf(
    name: (&str, &str),
    value: &str,
    standard: &str,
    distance: (&str, &str),
    verdict: Verdict,
    source: Option<(&str, &str)>,
) -> LeafRow {
    LeafRow {
        name: text(name.0, name.1),
        value: text(value, value),
        standard: text(standard, standard),
        distance: text(distance.0, distance.1),
        verdict,
        source: source.map(|(zh, en)| text(zh, en)),
    }
}

fn explanation(direction: Direction, why: &Text) -> Explanation {
    Explanation {
        rule: "medical-burden".into(),
        title: text("因病支出负担过重", "Medical spending takes too much of income"),
        direction,
        verdict: Verdict::True,
        person: None,
        sentence: Text::new(format!("{}（2026年1月起）。", why.zh), format!("{} (since January 2026).", why.en)),
        leaves: vec![
            leaf(
                ("人均收入", "Income per head"),
                "8,000元",
                "<17,000元",
                ("低9,000元", "9,000 below"),
                Verdict::True,
                Some(("人社 11月15日", "human resources, 15 Nov")),
            ),
            leaf(
                ("自付医疗费÷收入", "Medical costs ÷ income"),
                "97.5%",
                ">60%",
                ("高37.5个点", "37.5 points above"),
                Verdict::True,
                Some(("医保 11月18日", "medical insurance, 18 Nov")),
            ),
            leaf(("家庭存款", "Savings"), "—", "<20,000元", ("没有数据", "no data"), Verdict::Unknown, None),
        ],
        missing: vec![Missing {
            feature: text("家庭存款", "Savings"),
            why: text(
                "核对授权3月1日到期。补上后可能不再提醒。",
                "the authorisation expired on 1 March; with it the warning may end.",
            ),
            fact: "property.deposit".into(),
            office: "hd-421202".into(),
        }],
        change: Some(text(
            "自付医疗费降到11,520元以下时解除（留有余量，避免反复）。",
            "Ends when medical costs fall below 11,520 yuan (with a margin, so that it does not flicker).",
        )),
        turns: Vec::new(),
        basis: vec![text(
            "《湖北省最低生活保障边缘家庭认定办法》第九条（2025年1月起施行）",
            "Hubei rules on margin households, article 9 (in force since January 2025)",
        )],
        check: vec![
            text("近半年的住院和门诊票据", "Hospital and outpatient bills of the last six months"),
            text("商业保险或大病救助有没有赔付", "Whether any insurance has paid"),
        ],
    }
}

fn light() -> Explanation {
    Explanation {
        rule: "medical-first-large-bill".into(),
        title: text("首次大额医疗支出", "First large medical bill"),
        direction: Direction::Missed,
        verdict: Verdict::True,
        person: None,
        sentence: text("9月12日单次自付8,200元，超过5,000元。", "A bill of 8,200 yuan on 12 September, above 5,000."),
        leaves: Vec::new(),
        missing: Vec::new(),
        change: None,
        turns: Vec::new(),
        basis: Vec::new(),
        check: Vec::new(),
    }
}
