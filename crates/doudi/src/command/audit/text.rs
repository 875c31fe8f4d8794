//! Entries of the record as a person reads them.

use std::sync::Arc;

use doudi_engine::view;
use doudi_model::warning::{Level, Step};
use doudi_model::{Day, Digest, Instant, household, person};
use doudi_routing::timeline::Happening;
use doudi_routing::{Actor, State, words as routing};
use doudi_rules::bundle::Bundle;
use doudi_rules::feature::{Feature, Over};
use doudi_store::stages::Rulebook;
use serde_json::Value;

use crate::command::household::text as people;
use crate::context::Context;
use crate::house::Opened;
use crate::words;

/// One entry on one line: number, instant, what, household, level, and what it says.
pub(super) fn line(context: &Context, opened: &Opened, sequence: u64, entry: &Value) -> String {
    let reader = Reader { context, opened, entry, book: Arc::clone(&opened.book) };
    let level = reader.level().map(|level| format!("[{}]", reader.level_word(level))).unwrap_or_default();
    let says = match reader.text("type") {
        "decision" => reader.decided(),
        "warning" => reader.warning(),
        "case-move" => reader.moved(),
        other => other.to_owned(),
    };
    let parts = [reader.at(), reader.kind(), reader.text("household").to_owned(), level, says];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{sequence:>6}  {}\n", parts.join("  "))
}

/// One entry in full.
pub(super) fn whole(context: &Context, opened: &Opened, sequence: u64, entry: &Value) -> String {
    let reader = Reader { context, opened, entry, book: book(context, opened, entry) };
    let mut text = context.say(
        format!("台账第{sequence}条，{}\n", reader.kind()),
        format!("entry {sequence} of the record, {}\n", reader.kind()),
    );
    text.push_str(&match reader.text("type") {
        "decision" => reader.decision(),
        "warning" => reader.about_warning(),
        "case-move" => reader.about_move(),
        _ => serde_json::to_string_pretty(entry).unwrap_or_default(),
    });
    text
}

/// The bundle that decided, if it is kept; else the present one.
fn book(context: &Context, opened: &Opened, entry: &Value) -> Arc<Rulebook> {
    let digest = entry.get("bundle").and_then(Value::as_str).and_then(|digest| digest.parse::<Digest>().ok());
    let shelf = context.shelf(&opened.book);
    digest.and_then(|digest| shelf(&digest)).unwrap_or_else(|| Arc::clone(&opened.book))
}

struct Reader<'a> {
    context: &'a Context,
    opened: &'a Opened,
    entry: &'a Value,
    book: Arc<Rulebook>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> &str {
        self.entry.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, name: &str) -> u64 {
        self.entry.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.entry.get(name)?.clone()).ok()
    }

    fn bundle(&self) -> &Bundle {
        &self.book.bundle
    }

    fn at(&self) -> String {
        let at = self.text("at");
        at.parse::<Instant>().map_or_else(|_| at.to_owned(), |at| words::instant(self.context, at))
    }

    fn kind(&self) -> String {
        match self.text("type") {
            "decision" => self.context.say("判定", "decision"),
            "warning" => self.context.say("预警", "warning"),
            "case-move" => self.context.say("工单", "case"),
            other => other.to_owned(),
        }
    }

    fn level(&self) -> Option<Level> {
        Level::parse(self.text("level"))
    }

    fn level_word(&self, level: Level) -> String {
        self.context.say(level.zh(), level.name())
    }

    fn place(&self) -> String {
        let code = self.text("division").parse().ok();
        code.map(|code| self.bundle().divisions().full_name(code)).unwrap_or_default()
    }

    fn titles(&self, rules: &[&str]) -> String {
        let titles: Vec<String> =
            rules.iter().map(|rule| words::rule(self.bundle(), rule, self.context.lang)).collect();
        titles.join(&self.context.say("、", "; "))
    }

    /// Rules with one answer, of the household and of its members, each once.
    fn rules(&self, wanted: &Value) -> Vec<&str> {
        let members = self.entry.get("members").and_then(Value::as_array).into_iter().flatten();
        let mut found: Vec<&str> = Vec::new();
        for one in std::iter::once(self.entry).chain(members) {
            for (rule, verdict) in one.get("verdicts").and_then(Value::as_object).into_iter().flatten() {
                if verdict == wanted && !found.contains(&rule.as_str()) {
                    found.push(rule);
                }
            }
        }
        found
    }

    fn decided(&self) -> String {
        let rules = self.rules(&Value::Bool(true));
        let sure = self.score("score", "sure") + self.score("excess", "sure");
        match rules.is_empty() {
            true => self.context.say("没有规则成立", "no rule holds"),
            false => self.context.say(
                format!("{sure}分，成立：{}", self.titles(&rules)),
                format!("score {sure}: {}", self.titles(&rules)),
            ),
        }
    }

    fn score(&self, of: &str, end: &str) -> u64 {
        self.entry.get(of).and_then(|of| of.get(end)).and_then(Value::as_u64).unwrap_or_default()
    }

    fn decision(&self) -> String {
        let context = self.context;
        let (household, position, about) = (self.text("household"), self.number("position"), self.bundle().about());
        let (bundle, file) = (self.text("bundle"), self.text("file"));
        let day = words::day_text(context, self.text("day"));
        let mut text = context.say(
            format!(
                "{}，程序按规则包对家庭 {household}（{}）作出判定，截至{day}。没有人参与；日志第{position}条引起。\n\
                 规则包 {} {}，摘要 {bundle}\n档案摘要 {file}\n",
                self.at(),
                self.place(),
                about.title.zh,
                about.version
            ),
            format!(
                "{}: the program decided about household {household} ({}) by the bundle, as of {day}. No person took \
                 part; entry {position} of the journal caused it.\nbundle {} {}, digest {bundle}\nfile digest {file}\n",
                self.at(),
                self.place(),
                about.title.en,
                about.version
            ),
        );
        let level = self.level().map_or_else(
            || context.say("不到预警级别", "no level"),
            |level| context.say(format!("{}色", level.zh()), format!("level {}", level.name())),
        );
        let (sure, possible) = (self.score("score", "sure"), self.score("score", "possible"));
        let (excess, excess_most) = (self.score("excess", "sure"), self.score("excess", "possible"));
        text.push_str(&context.say(
            format!(
                "漏保方向：{level}，{sure}分（所缺数据补齐后最多{possible}分）\n\
                 错保方向：{excess}分（最多{excess_most}分），只用来提示核实\n"
            ),
            format!(
                "missed: {level}, score {sure} (at most {possible} with all data)\n\
                 excess: score {excess} (at most {excess_most}), only a reason to check\n"
            ),
        ));
        text.push_str(&self.verdicts());
        text.push_str(&self.features());
        text.push_str(&context.say(
            "重算这条判定：doudi audit replay 序号；逐字节的原文：加 --format json\n",
            "to take it again: doudi audit replay NUMBER; its bytes: --format json\n",
        ));
        text
    }

    fn verdicts(&self) -> String {
        let context = self.context;
        let mut text = String::new();
        for (verdict, mark, zh, en) in [
            (Value::Bool(true), "●", "成立", "holds"),
            (Value::from("unknown"), "？", "还不能判断", "cannot be told yet"),
        ] {
            let rules = self.rules(&verdict);
            if !rules.is_empty() {
                text.push_str(&context.say(format!("{zh}\n"), format!("{en}\n")));
            }
            for rule in rules {
                text.push_str(&format!("  {mark} {}\n", words::rule(self.bundle(), rule, context.lang)));
            }
        }
        let open: Vec<&str> =
            [Value::Bool(true), Value::from("unknown")].iter().flat_map(|one| self.rules(one)).collect();
        let not = self.rules(&Value::Bool(false)).iter().filter(|rule| !open.contains(rule)).count();
        text.push_str(&context.say(format!("不成立 {not}条规则\n"), format!("does not hold: {not} rules\n")));
        text
    }

    fn features(&self) -> String {
        let context = self.context;
        let mut text = context.say("用到的指标\n", "features used\n");
        let mut unknown: Vec<&str> = Vec::new();
        self.list(self.entry, Over::Household, "  ", &mut text, &mut unknown);
        let household = self.household();
        for member in self.entry.get("members").and_then(Value::as_array).into_iter().flatten() {
            text.push_str(&format!("  {}\n", self.member(household.as_ref(), member.get("person"))));
            self.list(member, Over::Person, "    ", &mut text, &mut unknown);
        }
        if !unknown.is_empty() {
            let titles = unknown.join(&context.say("、", "; "));
            text.push_str(&context.say(format!("当时不知道的：{titles}\n"), format!("not known then: {titles}\n")));
        }
        text
    }

    fn list<'s>(&'s self, of: &Value, over: Over, indent: &str, text: &mut String, unknown: &mut Vec<&'s str>) {
        let values = of.get("features").and_then(Value::as_object);
        let known = |feature: &&Feature| feature.over == over;
        for feature in self.bundle().features().iter().filter(known) {
            let Some(value) = values.and_then(|values| values.get(&feature.name)) else { continue };
            if value.get("unknown").is_some() {
                let title = feature.title.get(self.context.lang);
                if !unknown.contains(&title) {
                    unknown.push(title);
                }
            } else if let Some(said) = words::recorded(self.context, feature, value) {
                text.push_str(&format!("{indent}{said}\n"));
            }
        }
    }

    /// The household as it was known at that position, for the roles of its members.
    fn household(&self) -> Option<view::Household> {
        let id: household::Id = self.text("household").parse().ok()?;
        let day: Day = self.text("day").parse().ok()?;
        view::household(&self.opened.house.read(), self.bundle(), &id, day, self.number("position")).ok()?
    }

    fn member(&self, household: Option<&view::Household>, person: Option<&Value>) -> String {
        let id: Option<person::Id> = person.and_then(|person| serde_json::from_value(person.clone()).ok());
        let named = household.and_then(|household| people::named(self.context, household, id));
        let pseudonym = person.and_then(Value::as_str).unwrap_or_default();
        let role = named.unwrap_or_else(|| self.context.say("成员", "member"));
        self.context.say(format!("{role}（化名 {pseudonym}）"), format!("{role} (pseudonym {pseudonym})"))
    }

    fn warning(&self) -> String {
        let (context, title) = (self.context, words::rule(self.bundle(), self.text("rule"), self.context.lang));
        let (zh, en) = match self.read::<Step>("step") {
            Some(Step::Opened) => ("打开".to_owned(), "opened".to_owned()),
            Some(Step::Level) => ("级别改变".to_owned(), "changed level".to_owned()),
            Some(Step::Muted(true)) => ("并入更重的预警".to_owned(), "is covered by a graver one".to_owned()),
            Some(Step::Muted(false)) => ("重新单独计入".to_owned(), "counts again by itself".to_owned()),
            Some(Step::Closed(why)) => {
                let why = routing::closing(why);
                (format!("解除：{}", why.zh), format!("closed: {}", why.en))
            }
            None => (String::new(), String::new()),
        };
        context.say(format!("{title} {zh}"), format!("{title}: {en}"))
    }

    fn about_warning(&self) -> String {
        let context = self.context;
        let (household, position, decision) =
            (self.text("household"), self.number("position"), self.number("decision"));
        let mut text = format!("{}\n", self.warning());
        text.push_str(&context.say(
            format!("{}，家庭 {household}（{}）；依据台账第{decision}条判定，日志第{position}条引起\n", self.at(), self.place()),
            format!(
                "{}, household {household} ({}); by the decision in entry {decision}, caused by entry {position} of the journal\n",
                self.at(),
                self.place()
            ),
        ));
        if self.entry.get("person").is_some_and(|person| !person.is_null()) {
            let household = self.household();
            text.push_str(&context.say("涉及 ", "about "));
            text.push_str(&format!("{}\n", self.member(household.as_ref(), self.entry.get("person"))));
        }
        let level = self.level().map(|level| self.level_word(level)).unwrap_or_default();
        let missed = self.text("direction") == "missed";
        text.push_str(&context.say(
            format!("{}方向，级别 {level}，预警编号 {}\n", if missed { "漏保" } else { "错保" }, self.text("warning")),
            format!("direction {}, level {level}, warning {}\n", self.text("direction"), self.text("warning")),
        ));
        text
    }

    fn actor(&self) -> String {
        let actor = self.read::<Actor>("actor").unwrap_or_else(Actor::system);
        let (zh, en) = routing::actor(&actor, self.opened.book.plan.offices());
        self.context.say(zh, en)
    }

    fn happened(&self) -> String {
        let what = self.read::<Happening>("detail");
        let said = what.map(|what| routing::happening(&what, self.opened.book.plan.offices()));
        let said = said.map_or_else(|| self.text("what").to_owned(), |said| said.get(self.context.lang).to_owned());
        words::with_titles(self.bundle(), self.context.lang, &said)
    }

    fn moved(&self) -> String {
        let (case, actor, happened) = (self.text("case"), self.actor(), self.happened());
        self.context.say(format!("{case} {actor}：{happened}"), format!("{case} {actor}: {happened}"))
    }

    fn about_move(&self) -> String {
        let context = self.context;
        let (case, version, household) = (self.text("case"), self.number("version"), self.text("household"));
        let state = self.read::<State>("state").map_or_else(|| doudi_model::Text::new("", ""), routing::state);
        let lead = words::office(self.opened, self.text("lead"));
        let mut text = context.say(
            format!("工单 {case} 第{version}步：{}\n", self.happened()),
            format!("case {case}, step {version}: {}\n", self.happened()),
        );
        text.push_str(&context.say(
            format!("{}，经办 {}；家庭 {household}（{}）\n", self.at(), self.actor(), self.place()),
            format!("{}, by {}; household {household} ({})\n", self.at(), self.actor(), self.place()),
        ));
        if !self.text("reason").is_empty() {
            let reason = self.text("reason");
            text.push_str(&context.say(format!("理由：{reason}\n"), format!("reason: {reason}\n")));
        }
        let level = self.level().map(|level| self.level_word(level)).unwrap_or_default();
        text.push_str(&context.say(
            format!("此后：{}，{level}色，由{}主办\n", state.zh, lead.zh),
            format!("then: {}, level {level}, led by {}\n", state.en, lead.en),
        ));
        if self.text("state") != "closed" {
            let due = |step: &str| self.due(step);
            let (acknowledge, visit, report) = (due("acknowledge"), due("visit"), due("report"));
            text.push_str(&context.say(
                format!("{acknowledge}前签收，{visit}前走访，{report}前反馈\n"),
                format!("acknowledge by {acknowledge}, visit by {visit}, report by {report}\n"),
            ));
        }
        let decisions = self.entry.get("warnings").and_then(Value::as_array).into_iter().flatten();
        for warning in decisions {
            let rule = warning.get("rule").and_then(Value::as_str).unwrap_or_default();
            let decision = warning.get("decision").and_then(Value::as_u64).unwrap_or_default();
            let title = words::rule(self.bundle(), rule, context.lang);
            text.push_str(&context.say(
                format!("  预警 {title}（判定见台账第{decision}条）\n"),
                format!("  warning {title} (decided in entry {decision})\n"),
            ));
        }
        text
    }

    fn due(&self, step: &str) -> String {
        let due = self.entry.get(step);
        let by = due.and_then(|due| due.get("by")).and_then(Value::as_str).unwrap_or_default();
        let provisional = due.and_then(|due| due.get("provisional")).and_then(Value::as_bool) == Some(true);
        let mark = if provisional { self.context.say("（暂定）", " (provisional)") } else { String::new() };
        format!("{}{mark}", words::day_text(self.context, by))
    }
}
