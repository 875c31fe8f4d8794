//! What the embedded tests of a rule show, and what they leave open.

use doudi_model::{Text, Verdict};

use super::finding::{Finding, Kind};
use super::{Work, named};
use crate::bundle::Rule;

impl Work<'_> {
    pub(super) fn coverage(&mut self) {
        for rule in self.bundle.rules() {
            let outcomes: Vec<_> = rule
                .tests
                .iter()
                .filter_map(|test| self.bundle.row_of(rule, test).ok())
                .map(|row| rule.when.evaluate(row.cells()))
                .collect();
            let Some(first) = outcomes.first().map(|outcome| outcome.verdict) else { continue };
            if outcomes.iter().all(|outcome| outcome.verdict == first) {
                self.one_sided(rule, first);
            }
            for (at, leaf) in rule.when.leaves().iter().enumerate() {
                let shown = |verdict| outcomes.iter().any(|outcome| outcome.leaves.get(at) == verdict);
                let lacking: Vec<Verdict> =
                    [Verdict::True, Verdict::False].into_iter().filter(|verdict| !shown(*verdict)).collect();
                if !lacking.is_empty() {
                    self.untested(rule, &leaf.text, &lacking);
                }
            }
        }
    }

    fn one_sided(&mut self, rule: &Rule, verdict: Verdict) {
        let (name, said) = (named(rule), said(verdict));
        self.found(Finding {
            kind: Kind::OneSidedTests,
            rules: vec![rule.id.clone()],
            subject: String::new(),
            place: rule.path.clone(),
            message: Text::new(
                format!("{}的所有测试都是“{}”", name.zh, said.zh),
                format!("every test of {} is {}", name.en, said.en),
            ),
            hint: Text::new(
                "请各补一个成立、不成立和数据缺失的测试",
                "add tests in which it is true, false, and lacks data",
            ),
            witness: None,
        });
    }

    fn untested(&mut self, rule: &Rule, leaf: &str, lacking: &[Verdict]) {
        let name = named(rule);
        let all: Vec<Text> = lacking.iter().map(|verdict| said(*verdict)).collect();
        let join = |get: fn(&Text) -> &str, between: &str| all.iter().map(get).collect::<Vec<_>>().join(between);
        let (zh, en) = (join(|text| &text.zh, "”也没有为“"), join(|text| &text.en, " and none makes it "));
        let leaf = leaf.split_whitespace().collect::<Vec<_>>().join(" ");
        self.found(Finding {
            kind: Kind::UntestedLeaf,
            rules: vec![rule.id.clone()],
            subject: leaf.clone(),
            place: rule.path.clone(),
            message: Text::new(
                format!("{}的测试里，没有一个让 {leaf} 为“{zh}”", name.zh),
                format!("no test of {} makes {leaf} {en}", name.en),
            ),
            hint: Text::new("请补一个这样的测试", "add such a test"),
            witness: None,
        });
    }
}

fn said(verdict: Verdict) -> Text {
    match verdict {
        Verdict::True => Text::new("是", "true"),
        Verdict::False => Text::new("否", "false"),
        Verdict::Unknown => Text::new("未知", "unknown"),
    }
}
