//! Running the tests that stand beside each rule.

use doudi_model::{Day, Problem, Text, Verdict};

use super::rule::{Rule, Test};
use super::{Bundle, did_you_mean};
use crate::row::Row;
use crate::{Scalar, Type, Variable};

/// What came of one embedded test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// The rule's id.
    pub rule: String,
    /// The test's name.
    pub test: String,
    /// What the test expects.
    pub expected: Verdict,
    /// What the rule answered, or what is wrong with the test itself.
    pub answer: Result<Verdict, Problem>,
}

impl TestResult {
    /// Whether the rule answered as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.answer.as_ref() == Ok(&self.expected)
    }
}

impl Bundle {
    /// Runs the embedded tests of every rule, in order.
    #[must_use]
    pub fn run_tests(&self) -> Vec<TestResult> {
        self.rules().iter().flat_map(|rule| rule.tests.iter().map(|test| self.run_test(rule, test))).collect()
    }

    /// The embedded tests that fail or are wrong themselves, as problems; only of rules whose files are `sound`.
    pub(super) fn refused_tests(&self, sound: impl Fn(&str) -> bool) -> Vec<Problem> {
        let rules = self.rules().iter().filter(|rule| sound(&rule.path));
        let each = rules.flat_map(|rule| rule.tests.iter().map(move |test| (rule, test)));
        each.filter_map(|(rule, test)| {
            let result = self.run_test(rule, test);
            match &result.answer {
                Err(problem) => Some(problem.clone()),
                Ok(answer) if *answer == result.expected => None,
                Ok(answer) => Some(self.failed(rule, test, result.expected, *answer)),
            }
        })
        .collect()
    }

    /// What a failing test says: the answer it got, and from which comparisons.
    fn failed(&self, rule: &Rule, test: &Test, expected: Verdict, answer: Verdict) -> Problem {
        let leaves = match self.row_of(rule, test) {
            Ok(row) => {
                let outcome = rule.when.evaluate(row.cells());
                let leaves = rule.when.leaves().iter().enumerate().take(LEAVES_SHOWN);
                leaves.map(|(at, leaf)| (leaf.text.as_str(), outcome.leaves.get(at))).collect::<Vec<_>>()
            }
            Err(_) => Vec::new(),
        };
        let zh: Vec<String> = leaves.iter().map(|(text, verdict)| format!("`{text}` {}", word(*verdict))).collect();
        let en: Vec<String> = leaves.iter().map(|(text, verdict)| format!("`{text}` is {verdict}")).collect();
        let name = &test.name;
        Problem::new(
            "B0707",
            Text::new(
                format!("测试“{name}”不通过：应为{}，实为{}", word(expected), word(answer)),
                format!("the test \"{name}\" fails: expected {expected}, got {answer}"),
            ),
            Text::new(
                format!("改条件，或改测试。其中 {}", zh.join("；")),
                format!("mend the condition or the test; here {}", en.join("; ")),
            ),
        )
        .at(test.place.clone())
        .in_field("test")
    }

    fn run_test(&self, rule: &Rule, test: &Test) -> TestResult {
        let (expected, answer) = match expected(&test.expect) {
            Some(expected) => (expected, self.row_of(rule, test).map(|row| rule.when.evaluate(row.cells()).verdict)),
            None => (
                Verdict::Unknown,
                Err(wrong(test, "expect", Text::new("应为 true、false 或 unknown", "expected true, false or unknown"))),
            ),
        };
        TestResult { rule: rule.id.clone(), test: test.name.clone(), expected, answer }
    }

    /// The row that a test gives.
    pub(crate) fn row_of(&self, rule: &Rule, test: &Test) -> Result<Row, Problem> {
        let mut row = Row::blank(self.layout());
        let division =
            match &test.division {
                Some(code) => {
                    let code = code.parse().ok().filter(|code| self.divisions().get(*code).is_some());
                    Some(code.ok_or_else(|| {
                        wrong(test, "division", Text::new("没有这个区划", "there is no such division"))
                    })?)
                }
                None => None,
            };
        let day = test.as_of.unwrap_or_else(|| rule.from.max(Day::new(2026, 11, 24).unwrap_or(rule.from)).min(rule.to));
        row.set(crate::row::DAY, Some(Scalar::Day(day)));
        if division.is_some() {
            row.set_standards(self, &self.path(division), day);
        }
        for (name, value) in &test.given {
            let scope = self.layout().seen_by(rule.scope.over());
            let found = crate::Environment::variable(&scope, name);
            let Some((slot, variable)) = found else {
                let mut problem = wrong(test, name, Text::new("没有声明过这个名字", "no such name is declared"));
                problem.hint = did_you_mean(name, self.features().iter().map(|feature| feature.name.as_str()));
                return Err(problem);
            };
            let cell = cell(variable, value)
                .ok_or_else(|| wrong(test, name, Text::new("值与类型不符", "the value does not fit the type")))?;
            row.set(slot, cell);
        }
        Ok(row)
    }
}

/// So many comparisons of a failing test are shown.
const LEAVES_SHOWN: usize = 6;

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::True => "成立",
        Verdict::False => "不成立",
        Verdict::Unknown => "未知",
    }
}

fn wrong(test: &Test, field: &str, message: Text) -> Problem {
    let hint = Text::new("请改正测试", "mend the test");
    Problem::new("B0706", message, hint).at(test.place.clone()).in_field(field)
}

fn expected(value: &toml::Value) -> Option<Verdict> {
    match value {
        toml::Value::Boolean(value) => Some((*value).into()),
        toml::Value::String(text) => match text.as_str() {
            "true" => Some(Verdict::True),
            "false" => Some(Verdict::False),
            "unknown" => Some(Verdict::Unknown),
            _ => None,
        },
        _ => None,
    }
}

/// `8000 yuan`, `800000 fen`, numbers, `0.60`, days, codes, `unknown`. The outer `None` is a misfit.
fn cell(variable: &Variable, value: &toml::Value) -> Option<Option<Scalar>> {
    let text = match value {
        toml::Value::Boolean(value) => return (variable.ty == Type::Bool).then_some(Some(Scalar::Bool(*value))),
        toml::Value::Integer(value) => value.to_string(),
        toml::Value::Datetime(value) => value.to_string(),
        toml::Value::String(text) => text.trim().to_owned(),
        toml::Value::Float(_) | toml::Value::Array(_) | toml::Value::Table(_) => return None,
    };
    if text == "unknown" {
        return Some(None);
    }
    let scalar = match variable.ty {
        Type::Bool => Scalar::Bool(text.parse().ok()?),
        Type::Date => Scalar::Day(text.parse().ok()?),
        Type::Text => {
            let known = variable.categories.as_ref().is_none_or(|codes| codes.contains(&text));
            known.then(|| Scalar::Text(text.as_str().into()))?
        }
        Type::Number { unit, scale } => Scalar::Number(number(unit, scale, &text)?),
    };
    Some(Some(scalar))
}

fn number(unit: crate::Unit, scale: u8, text: &str) -> Option<i128> {
    if unit != crate::Unit::Money {
        return decimal(text.split(' ').next()?, scale);
    }
    match text.split_once(' ') {
        Some((amount, "yuan")) => decimal(amount, 2),
        Some((amount, "fen")) | Some(("fen", amount)) => decimal(amount, 0),
        _ => None,
    }
}

fn decimal(text: &str, scale: u8) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let width = usize::from(scale);
    if part.len() > width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{part:0<width$}").parse().ok()
}
