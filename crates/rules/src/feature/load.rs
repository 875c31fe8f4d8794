//! From `features/*.toml` to checked features in an order that computes.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::{Problem, Text};
use toml::Spanned;

use super::declare::{Aggregate, LiftKind, Over, Raw, Unit};
use super::over_facts::{aggregated, fits};
use super::{Body, BuiltIn, Feature, Features, Formula, How};
use crate::Type;
use crate::bundle::faults::Compiler;
use crate::bundle::source::Source;
use crate::bundle::{Code, Dictionary, FieldType, Standards};
use crate::row::{Layout, standard_variable, ty, variable};

/// A feature as read, with its place.
struct Draft<'s> {
    name: String,
    at: usize,
    source: Source<'s>,
    raw: Raw,
    codes: Vec<Code>,
}

/// Reads and checks all features; also lays out the row on which conditions are evaluated.
pub(crate) fn load(
    sources: &[Source<'_>],
    dictionary: &Dictionary,
    standards: &Standards,
    problems: &mut Vec<Problem>,
) -> (Features, Layout) {
    let drafts = read(sources, dictionary, problems);
    let mut features = built_ins(dictionary);
    let mut variables: Vec<(String, Over, crate::Variable)> = features
        .iter()
        .map(|feature| {
            (
                feature.name.clone(),
                feature.over,
                variable(&feature.name, feature.unit, feature.scale, feature.range, &feature.codes),
            )
        })
        .collect();
    for draft in &drafts {
        let range = range_of(draft);
        let variable = variable(&draft.name, draft.raw.unit, draft.raw.scale, range, &draft.codes);
        variables.push((draft.name.clone(), draft.raw.over, variable));
    }
    let of_standards =
        standards.names().filter_map(|name| Some(standard_variable(name, standards.get(name)?))).collect();
    let mut layout = Layout::new(&variables, of_standards);
    features.iter().for_each(|feature| layout.entitle(&feature.title.zh, &feature.name));
    drafts.iter().for_each(|draft| layout.entitle(&draft.raw.title.zh, &draft.name));
    for name in standards.names() {
        if let Some(title) = standards.title(name) {
            layout.entitle(&title.zh, &format!("standard.{name}"));
        }
    }
    let places: BTreeMap<String, String> =
        drafts.iter().map(|draft| (draft.name.clone(), draft.source.place(draft.at))).collect();
    let mut ordinals = BTreeMap::new();
    for (name, over, _) in &variables {
        let next = ordinals.values().filter(|(its, _)| its == over).count();
        ordinals.insert(name.clone(), (*over, next));
    }
    for feature in &mut features {
        feature.ordinal = ordinals.get(&feature.name).map_or(0, |(_, ordinal)| *ordinal);
    }
    for draft in drafts {
        let ordinal = ordinals.get(&draft.name).map_or(0, |(_, ordinal)| *ordinal);
        if let Some(feature) = check(draft, ordinal, dictionary, &layout, problems) {
            features.push(feature);
        }
    }
    (Features { ordered: order(features, &layout, &places, problems) }, layout)
}

fn read<'s>(sources: &[Source<'s>], dictionary: &Dictionary, problems: &mut Vec<Problem>) -> Vec<Draft<'s>> {
    let mut drafts: Vec<Draft<'s>> = Vec::new();
    for source in sources {
        let read: BTreeMap<Spanned<String>, Raw> = match source.toml() {
            Ok(read) => read,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for (name, raw) in read {
            let at = name.span().start;
            let name = name.into_inner();
            let taken = drafts.iter().any(|draft| draft.name == name)
                || BUILT_INS.iter().any(|(built_in, ..)| *built_in == name);
            if taken {
                problems.push(
                    Problem::new(
                        "B0503",
                        Text::new(format!("指标 {name} 声明了两次"), format!("the feature {name} is declared twice")),
                        Text::new("请删去其中一处，或换一个名字", "remove one of the two or give it another name"),
                    )
                    .at(source.place(at)),
                );
                continue;
            }
            let codes = codes(&raw, *source, &name, dictionary, problems);
            drafts.push(Draft { name, at, source: *source, raw, codes });
        }
    }
    drafts
}

fn codes(raw: &Raw, source: Source<'_>, name: &str, dictionary: &Dictionary, problems: &mut Vec<Problem>) -> Vec<Code> {
    let Some(from) = &raw.values_of else { return raw.values.clone() };
    let (kind, field) = from.get_ref().rsplit_once('.').unwrap_or(("", ""));
    match dictionary.get(kind).and_then(|kind| kind.field(field)).filter(|field| field.ty == FieldType::Category) {
        Some(field) => field.values.clone(),
        None => {
            let mut compiler = Compiler { source, field: name.to_owned(), problems };
            compiler.say(
                from.span().start,
                "B0504",
                Text::new(
                    format!("没有类别字段 {}", from.get_ref()),
                    format!("there is no category field {}", from.get_ref()),
                ),
                Text::new(
                    "应为“事实种类.字段”，例如 \"aid.status.scheme\"",
                    "expected kind.field, such as \"aid.status.scheme\"",
                ),
            );
            Vec::new()
        }
    }
}

fn range_of(draft: &Draft<'_>) -> (i64, i64) {
    // What changes may fall as well as rise.
    let least = |most: i64| if draft.raw.aggregate == Some(Aggregate::Change) { -most } else { 0 };
    draft.raw.range.unwrap_or(match draft.raw.unit {
        Unit::Fen => (least(100_000_000_00), 100_000_000_00),
        Unit::Count => (least(100_000), 100_000),
        Unit::Days => (-100_000, 100_000),
        Unit::Years => (least(200), 200),
        Unit::Ratio => (least(1_000_000), 1_000_000),
        Unit::Bool | Unit::Date | Unit::Category => (0, 0),
    })
}

const BUILT_INS: [(&str, Over, Unit, BuiltIn, &str, &str); 6] = [
    ("members", Over::Household, Unit::Count, BuiltIn::Members, "家庭人口", "Members of the household"),
    ("age", Over::Person, Unit::Years, BuiltIn::Age, "年龄", "Age"),
    ("relation", Over::Person, Unit::Category, BuiltIn::Relation, "与户主关系", "Relation to the head"),
    ("sex", Over::Person, Unit::Category, BuiltIn::Sex, "性别", "Sex"),
    (
        "claimed_twice",
        Over::Person,
        Unit::Bool,
        BuiltIn::ClaimedTwice,
        "同时登记在两个家庭",
        "Registered in two households at once",
    ),
    ("provisional", Over::Person, Unit::Bool, BuiltIn::Provisional, "尚无身份证号", "Without an ID number so far"),
];

impl BuiltIn {
    /// What is said of a yes-or-no feature when it is so and when it is not.
    fn sentences(self) -> Option<(Text, Text)> {
        match self {
            BuiltIn::ClaimedTwice => Some((
                Text::new("同时登记在两个家庭", "registered in two households at once"),
                Text::new("没有同时登记在两个家庭", "not registered in two households"),
            )),
            BuiltIn::Provisional => Some((
                Text::new("还没有身份证号", "has no ID number so far"),
                Text::new("已有身份证号", "has an ID number"),
            )),
            BuiltIn::Members | BuiltIn::Age | BuiltIn::Relation | BuiltIn::Sex => None,
        }
    }
}

fn built_ins(dictionary: &Dictionary) -> Vec<Feature> {
    let member = dictionary.get("household.member");
    BUILT_INS
        .iter()
        .map(|(name, over, unit, built_in, zh, en)| Feature {
            name: (*name).to_owned(),
            title: Text::new(*zh, *en),
            yes: built_in.sentences().map(|(yes, _)| yes),
            no: built_in.sentences().map(|(_, no)| no),
            over: *over,
            unit: *unit,
            scale: 0,
            range: if *unit == Unit::Years { (0, 200) } else { (0, 1000) },
            codes: member.and_then(|member| member.field(name)).map(|field| field.values.clone()).unwrap_or_default(),
            how: How::BuiltIn(*built_in),
            ordinal: 0,
        })
        .collect()
}

fn check(
    draft: Draft<'_>,
    ordinal: usize,
    dictionary: &Dictionary,
    layout: &Layout,
    problems: &mut Vec<Problem>,
) -> Option<Feature> {
    let range = range_of(&draft);
    let mut compiler = Compiler { source: draft.source, field: draft.name.clone(), problems };
    let forms = [draft.raw.of.is_some(), draft.raw.expr.is_some(), draft.raw.members.is_some()];
    if forms.iter().filter(|form| **form).count() != 1 {
        compiler.say(
            draft.at,
            "B0505",
            Text::new(
                "指标应恰好有 of、expr、members 三者之一",
                "a feature has exactly one of `of`, `expr` and `members`",
            ),
            Text::new(
                "of：由事实汇总；expr：由其他指标计算；members：由成员指标汇总",
                "`of` aggregates facts, `expr` computes from features, `members` lifts features of members",
            ),
        );
        return None;
    }
    let how = if draft.raw.of.is_some() {
        How::Aggregated(Box::new(aggregated(&draft.raw, draft.at, dictionary, &mut compiler)?))
    } else if let Some(expr) = &draft.raw.expr {
        How::Derived(formula(ty(draft.raw.unit, draft.raw.scale), expr, layout, draft.raw.over, &mut compiler)?)
    } else {
        lifted(&draft, layout, &mut compiler)?
    };
    Some(Feature {
        name: draft.name,
        title: draft.raw.title,
        yes: draft.raw.yes,
        no: draft.raw.no,
        over: draft.raw.over,
        unit: draft.raw.unit,
        scale: draft.raw.scale,
        range,
        codes: draft.codes,
        how,
        ordinal,
    })
}

fn formula(
    wanted: Type,
    text: &Spanned<String>,
    layout: &Layout,
    over: Over,
    compiler: &mut Compiler<'_, '_>,
) -> Option<Formula> {
    if wanted == Type::Bool {
        let condition = compiler.condition(text, &layout.seen_by(over))?;
        return Some(Formula::new(Body::Condition(condition), layout));
    }
    let expression = compiler.expression(text, &layout.seen_by(over))?;
    fits(&expression, wanted, text, compiler).then(|| Formula::new(Body::Expression(expression), layout))
}

fn lifted(draft: &Draft<'_>, layout: &Layout, compiler: &mut Compiler<'_, '_>) -> Option<How> {
    let parts = draft.raw.members.as_ref()?;
    let (Some((kind, text)), 1) = (parts.iter().next(), parts.len()) else {
        compiler.say(
            draft.at,
            "B0506",
            Text::new(
                "members 应恰好有 count、any、all、sum 之一",
                "`members` has exactly one of count, any, all and sum",
            ),
            Text::new("例如 members = { count = 'age < 16' }", "for example members = { count = 'age < 16' }"),
        );
        return None;
    };
    let wanted = if *kind == LiftKind::Sum { ty(draft.raw.unit, draft.raw.scale) } else { Type::Bool };
    Some(How::Lifted(*kind, formula(wanted, text, layout, Over::Person, compiler)?))
}

/// Each feature after those it is computed from; features in a circle are refused.
fn order(
    features: Vec<Feature>,
    layout: &Layout,
    places: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> Vec<Feature> {
    let names: BTreeSet<String> = features.iter().map(|feature| feature.name.clone()).collect();
    let mut waiting = features;
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    loop {
        let (ready, rest): (Vec<Feature>, Vec<Feature>) = waiting.into_iter().partition(|feature| {
            needs(feature, layout).iter().all(|name| done.contains(name) || !names.contains(name))
        });
        if ready.is_empty() {
            problems.extend(circles(&rest, layout).iter().map(|circle| in_a_circle(circle, places)));
            return ordered;
        }
        done.extend(ready.iter().map(|feature| feature.name.clone()));
        ordered.extend(ready);
        waiting = rest;
    }
}

fn needs(feature: &Feature, layout: &Layout) -> Vec<String> {
    let slots = match &feature.how {
        How::BuiltIn(_) | How::Aggregated(_) => &[],
        How::Derived(formula) | How::Lifted(_, formula) => formula.slots(),
    };
    slots.iter().map(|slot| layout.name(*slot).to_owned()).collect()
}

/// The circles among features of which none can be computed before the others, each once.
fn circles(rest: &[Feature], layout: &Layout) -> Vec<Vec<String>> {
    let needs: BTreeMap<&str, Vec<String>> =
        rest.iter().map(|feature| (feature.name.as_str(), needs(feature, layout))).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut circles = Vec::new();
    for first in needs.keys() {
        let mut path: Vec<String> = vec![(*first).to_owned()];
        // Each of them waits for another of them, so the way ends in a circle or at a feature seen before.
        while let Some(next) = path.last().filter(|last| !seen.contains(*last)).cloned() {
            seen.insert(next.clone());
            let waits = needs.get(next.as_str()).into_iter().flatten().find(|name| needs.contains_key(name.as_str()));
            let Some(name) = waits.cloned() else { break };
            match path.iter().position(|earlier| *earlier == name) {
                Some(at) => {
                    circles.push(path.split_off(at));
                    break;
                }
                None => path.push(name),
            }
        }
    }
    circles
}

fn in_a_circle(circle: &[String], places: &BTreeMap<String, String>) -> Problem {
    let first = circle.first().cloned().unwrap_or_default();
    let round: Vec<&str> = circle.iter().chain(circle.first()).map(String::as_str).collect();
    let round = round.join(" → ");
    Problem::new(
        "B0512",
        Text::new(format!("指标循环引用：{round}"), format!("features refer to each other in a circle: {round}")),
        Text::new("请让其中一个不再引用下一个", "let one of them stop referring to the next"),
    )
    .at(places.get(&first).cloned().unwrap_or_default())
    .in_field(first)
}
