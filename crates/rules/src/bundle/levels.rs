//! Levels (`levels.toml`): from a score to 蓝 黄 橙 红.

use doudi_model::warning::Level;
use doudi_model::{Problem, Text};
use serde::Deserialize;

use super::source::Source;

/// The least score of each level.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    steps: Vec<(u32, Level)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    level: Vec<RawLevel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    name: String,
    score: u32,
    #[serde(default, rename = "title")]
    _title: Option<Text>,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

impl Levels {
    /// The gravest level whose least score is reached; none below the lightest.
    #[must_use]
    pub fn of(&self, score: u32) -> Option<Level> {
        self.steps.iter().filter(|(least, _)| *least <= score).map(|(_, level)| *level).max()
    }

    /// The least score of each level, from the lightest.
    #[must_use]
    pub fn steps(&self) -> &[(u32, Level)] {
        &self.steps
    }

    pub(super) fn load(source: Source<'_>, problems: &mut Vec<Problem>) -> Levels {
        let raw: Raw = match source.toml() {
            Ok(raw) => raw,
            Err(problem) => {
                problems.push(problem);
                return Levels::default();
            }
        };
        let mut steps: Vec<(u32, Level)> = Vec::new();
        for entry in raw.level {
            match Level::parse(&entry.name) {
                Some(level) => steps.push((entry.score, level)),
                None => problems.push(wrong(
                    source.path,
                    format!("没有级别 {}", entry.name),
                    format!("no level {}", entry.name),
                )),
            }
        }
        steps.sort();
        let rising = steps.windows(2).all(|pair| match pair {
            [low, high] => low.0 < high.0 && low.1 < high.1,
            _ => true,
        });
        if steps.len() != Level::ALL.len() || !rising {
            problems.push(wrong(
                source.path,
                "四个级别 blue yellow orange red 各要一个分数，且依次升高".to_owned(),
                "each of blue yellow orange red needs one score, rising in this order".to_owned(),
            ));
        }
        Levels { steps }
    }
}

fn wrong(path: &str, zh: String, en: String) -> Problem {
    Problem::new("B0401", Text::new(zh, en), Text::new("请改正 levels.toml", "mend levels.toml")).at(path)
}
