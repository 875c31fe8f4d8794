//! Warnings open, change and close: hysteresis, quiet time, muting, findings.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::warning::{Change, Closing, Direction, Level, Step};
use doudi_model::{Day, Fact, Verdict, household};
use doudi_rules::bundle::{Bundle, Rule, Span};
use doudi_rules::evaluate::{Evaluation, RuleAnswer};

use super::News;
use super::head::{Head, Open, Subject};
use crate::effect::id_of;

/// The kind of fact by which a visit's conclusion comes back.
pub(super) const FINDING: &str = "feedback.finding";

/// Outcomes after which the question is still open: the warning stays.
const UNSETTLED: [&str; 3] = ["not-reached", "source-wrong", "conference"];

/// How long a rule stays quiet after a finding, if it says nothing itself.
const QUIET_AFTER_FINDING: Span = Span::Days(90);

/// Compares what the rules answer with what is open, changes the head, and tells what changed.
pub(super) struct Turn<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) household: &'a household::Id,
    pub(super) evaluation: &'a Evaluation,
    pub(super) day: Day,
    pub(super) decision: u64,
}

impl Turn<'_> {
    pub(super) fn apply(&self, head: &mut Head, news: &News) -> Vec<Change> {
        let mut changes = Vec::new();
        head.quiet.retain(|_, until| *until > self.day);
        let silent = self.evaluation.answers.iter().all(|answer| answer.verdict != Verdict::True);
        if silent && head.open.is_empty() {
            return changes;
        }
        let answers: BTreeMap<Subject, &RuleAnswer> =
            self.evaluation.answers.iter().filter_map(|answer| Some((self.subject(answer)?, answer))).collect();
        self.settle(head, &news.findings, &mut changes);
        self.close(head, &answers, news.corrected, &mut changes);
        self.open(head, &answers, &mut changes);
        self.relevel(head, &mut changes);
        self.mute(head, &mut changes);
        changes
    }

    fn subject(&self, answer: &RuleAnswer) -> Option<Subject> {
        let rule = self.bundle.rules().get(answer.rule)?;
        Some(Subject { rule: rule.id.clone(), person: answer.person })
    }

    /// A finding settles the warnings it names, whatever the data still say; they stay quiet for a while.
    fn settle(&self, head: &mut Head, findings: &[Fact], changes: &mut Vec<Change>) {
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        for finding in findings {
            if finding.text("outcome").is_some_and(|outcome| !UNSETTLED.contains(&outcome)) {
                settled.extend(finding.text("rules").unwrap_or("").split(',').map(str::trim));
            }
        }
        let (gone, stay): (Vec<Open>, Vec<Open>) =
            std::mem::take(&mut head.open).into_iter().partition(|open| settled.contains(open.subject.rule.as_str()));
        head.open = stay;
        for open in gone {
            let rule = self.bundle.rule(&open.subject.rule);
            let quiet = rule.and_then(|rule| rule.cooldown).unwrap_or(QUIET_AFTER_FINDING);
            head.quiet.insert(open.subject.clone(), quiet.after(self.day));
            changes.push(self.change(head, &open, Step::Closed(Closing::Found)));
        }
    }

    fn close(
        &self,
        head: &mut Head,
        answers: &BTreeMap<Subject, &RuleAnswer>,
        corrected: bool,
        changes: &mut Vec<Change>,
    ) {
        // A warning opens only at a known place: where there is neither place nor member now, the registration was taken back.
        let gone = head.division.is_none() && head.members().is_empty();
        for open in std::mem::take(&mut head.open) {
            let rule = self.bundle.rule(&open.subject.rule);
            let closing = match (rule, answers.get(&open.subject)) {
                _ if gone => Some(Closing::Left),
                (None, _) => Some(Closing::RuleEnded),
                (Some(rule), None) if !rule.in_force(self.day) => Some(Closing::RuleEnded),
                (Some(_), None) => Some(Closing::Left),
                // Missing data never closes a warning.
                (Some(_), Some(answer)) => {
                    (answer.verdict != Verdict::True && answer.clear == Verdict::True).then_some(Closing::Cleared)
                }
            };
            match closing {
                None => head.open.push(open),
                Some(closing) => {
                    // What cleared because a record was corrected was never true: the next real trouble must speak.
                    let quiet = rule.and_then(|rule| rule.cooldown).filter(|_| !corrected);
                    if let (Closing::Cleared, Some(quiet)) = (closing, quiet) {
                        head.quiet.insert(open.subject.clone(), quiet.after(self.day));
                    }
                    changes.push(self.change(head, &open, Step::Closed(closing)));
                }
            }
        }
    }

    fn open(&self, head: &mut Head, answers: &BTreeMap<Subject, &RuleAnswer>, changes: &mut Vec<Change>) {
        // A household whose place is not known cannot be routed; its warnings open once the place is.
        let Some(division) = head.division else { return };
        for (subject, answer) in answers {
            let is_open = head.open.iter().any(|open| open.subject == *subject);
            if answer.verdict != Verdict::True || is_open || head.quiet.contains_key(subject) {
                continue;
            }
            let Some(rule) = self.bundle.rules().get(answer.rule) else { continue };
            let person = subject.person.map_or([0; 16], |person| person.0);
            let id = id_of(&[
                b"warning",
                self.household.as_str().as_bytes(),
                subject.rule.as_bytes(),
                &person,
                &self.day.epoch_days().to_be_bytes(),
                &head.file_digest().0,
            ]);
            let open =
                Open { id, subject: subject.clone(), since: self.day, division, level: self.level(rule), muted: false };
            changes.push(self.change(head, &open, Step::Opened));
            head.open.push(open);
        }
        head.open.sort_by(|left, right| left.subject.cmp(&right.subject));
    }

    fn relevel(&self, head: &mut Head, changes: &mut Vec<Change>) {
        let mut opens = std::mem::take(&mut head.open);
        for open in &mut opens {
            let Some(rule) = self.bundle.rule(&open.subject.rule) else { continue };
            let level = self.level(rule);
            if level != open.level {
                open.level = level;
                changes.push(self.change(head, open, Step::Level));
            }
        }
        head.open = opens;
    }

    fn mute(&self, head: &mut Head, changes: &mut Vec<Change>) {
        let graver: Vec<(&Rule, Option<_>)> = head
            .open
            .iter()
            .filter_map(|open| Some((self.bundle.rule(&open.subject.rule)?, open.subject.person)))
            .collect();
        let mut opens = std::mem::take(&mut head.open);
        for open in &mut opens {
            let muted = graver.iter().any(|(rule, person)| {
                let same = person.is_none() || open.subject.person.is_none() || *person == open.subject.person;
                same && rule.supersedes.contains(&open.subject.rule)
            });
            if muted != open.muted {
                open.muted = muted;
                changes.push(self.change(head, open, Step::Muted(muted)));
            }
        }
        head.open = opens;
    }

    fn level(&self, rule: &Rule) -> Level {
        let score = match rule.direction {
            Direction::Missed => self.evaluation.missed,
            Direction::Excess => self.evaluation.excess,
        };
        self.bundle.level(score).unwrap_or(Level::Blue)
    }

    fn change(&self, head: &Head, open: &Open, step: Step) -> Change {
        let rule = self.bundle.rule(&open.subject.rule);
        Change {
            warning: open.id,
            household: self.household.clone(),
            person: open.subject.person,
            division: head.division.unwrap_or(open.division),
            rule: open.subject.rule.clone(),
            category: rule.map(|rule| rule.category.clone()).unwrap_or_default(),
            direction: rule.map_or(Direction::Missed, |rule| rule.direction),
            level: open.level,
            step,
            day: self.day,
            decision: self.decision,
        }
    }
}
