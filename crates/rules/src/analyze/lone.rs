//! One rule by itself: can it be true, can it be false, can its warning close, and only when it should.

use doudi_model::Text;

use super::finding::{Finding, Kind};
use super::witness::witness;
use super::{Told, Work, named};
use crate::bundle::Rule;
use crate::exact::Wanted;

impl Work<'_> {
    pub(super) fn lone(&mut self) {
        for rule in self.bundle.rules() {
            self.extremes(rule);
            self.closing(rule);
        }
    }

    fn extremes(&mut self, rule: &Rule) {
        match self.ask(&[(&rule.when, Wanted::TRUE)], rule.from, rule.to) {
            Told::Shown(..) => {}
            Told::Never => {
                let name = named(rule);
                self.found(Finding {
                    kind: Kind::Contradictory,
                    rules: vec![rule.id.clone()],
                    subject: String::new(),
                    place: rule.path.clone(),
                    message: Text::new(
                        format!("{}的条件在任何地方、任何一天、对任何家庭都不会成立", name.zh),
                        format!("{} cannot be true of any household anywhere on any day", name.en),
                    ),
                    hint: Text::new(
                        "请对照标准的数值和指标的范围，检查条件里的界线和方向",
                        "check the lines and their directions against the standards' figures and the features' ranges",
                    ),
                    witness: None,
                });
                return;
            }
            Told::Open(why) => self.open(Kind::Contradictory, &[rule], why),
        }
        match self.ask(&[(&rule.when, Wanted::FALSE)], rule.from, rule.to) {
            Told::Shown(..) => {}
            Told::Never => {
                let name = named(rule);
                self.found(Finding {
                    kind: Kind::AlwaysTrue,
                    rules: vec![rule.id.clone()],
                    subject: String::new(),
                    place: rule.path.clone(),
                    message: Text::new(
                        format!("{}的条件对任何数据齐全的家庭都成立", name.zh),
                        format!("{} is true of every household with complete data", name.en),
                    ),
                    hint: Text::new("请检查条件里的界线", "check the lines in its condition"),
                    witness: None,
                });
            }
            Told::Open(why) => self.open(Kind::AlwaysTrue, &[rule], why),
        }
    }

    fn closing(&mut self, rule: &Rule) {
        let Some(clear) = &rule.clear else { return };
        let name = named(rule);
        match self.ask(&[(clear, Wanted::TRUE)], rule.from, rule.to) {
            Told::Shown(..) => {}
            Told::Never => {
                self.found(Finding {
                    kind: Kind::NeverClears,
                    rules: vec![rule.id.clone()],
                    subject: "clear".to_owned(),
                    place: rule.path.clone(),
                    message: Text::new(
                        format!("{}的解除条件永远不会成立", name.zh),
                        format!("the closing condition of {} can never be true", name.en),
                    ),
                    hint: Text::new("请改正 clear", "mend `clear`"),
                    witness: None,
                });
                return;
            }
            Told::Open(why) => self.open(Kind::NeverClears, &[rule], why),
        }
        match self.ask(&[(&rule.when, Wanted::TRUE), (clear, Wanted::TRUE)], rule.from, rule.to) {
            Told::Shown(setting, row) => {
                let witness = witness(self.bundle, &setting, &row, &[&rule.when, clear]);
                self.found(Finding {
                    kind: Kind::ClearsWhileTrue,
                    rules: vec![rule.id.clone()],
                    subject: "clear".to_owned(),
                    place: rule.path.clone(),
                    message: Text::new(
                        format!("{}成立的同时解除条件也成立，预警会反复出现和解除", name.zh),
                        format!("{} and its closing condition are true together: a warning would come and go", name.en),
                    ),
                    hint: Text::new(
                        "请让 clear 只在条件明确不成立时成立",
                        "let `clear` be true only where the condition is clearly false",
                    ),
                    witness: Some(witness),
                });
            }
            Told::Never => {}
            Told::Open(why) => self.open(Kind::ClearsWhileTrue, &[rule], why),
        }
    }
}
