//! One step of the lane, how it went, and the summary of all.

use std::time::{Duration, Instant};

/// A step: its name on the command line, what it does in a few words, and the doing.
#[derive(Debug)]
pub struct Step {
    /// What `--lane` takes.
    pub name: &'static str,
    /// For the announcement.
    pub what: &'static str,
    /// Does it.
    pub run: fn() -> Outcome,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Passed,
    /// It ran and found fault: with what it found.
    Failed(String),
    /// It could not be run: with the reason.
    CannotRun(String),
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Passed)
    }
}

/// What the summary says of one step.
#[derive(Debug)]
pub struct Report {
    /// The step's name.
    pub name: &'static str,
    /// How it went.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

impl Step {
    /// Announces the step, runs it, says how it went.
    #[must_use]
    pub fn perform(&self) -> Report {
        eprintln!("\n=== {}: {}", self.name, self.what);
        let begin = Instant::now();
        let outcome = (self.run)();
        let report = Report { name: self.name, outcome, took: begin.elapsed() };
        if let Outcome::Failed(why) | Outcome::CannotRun(why) = &report.outcome {
            eprintln!("{why}");
        }
        eprintln!("=== {}", report.line());
        report
    }

    /// The report of a step that was not tried, and why.
    #[must_use]
    pub fn not_run(&self, why: &str) -> Report {
        Report { name: self.name, outcome: Outcome::CannotRun(why.to_owned()), took: Duration::ZERO }
    }
}

impl Report {
    /// One line: outcome, name, time, and for what did not pass the first line of the reason.
    fn line(&self) -> String {
        let (word, why) = match &self.outcome {
            Outcome::Passed => ("passed", ""),
            Outcome::Failed(why) => ("FAILED", why.as_str()),
            Outcome::CannotRun(why) => ("CANNOT RUN", why.as_str()),
        };
        let seconds = format!("{:.1}", self.took.as_secs_f64());
        let line = format!("{word:<10}  {:<10}  {seconds:>7} s  {}", self.name, why.lines().next().unwrap_or_default());
        line.trim_end().to_owned()
    }

    /// Whether the lane may be called good in spite of this one.
    fn is_fine(&self, by_name: bool) -> bool {
        match self.outcome {
            Outcome::Passed => true,
            Outcome::Failed(_) => false,
            Outcome::CannotRun(_) => self.name == "advisories" && !by_name,
        }
    }
}

/// What the lane as a whole says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Good,
    /// A step failed, or could not run.
    Bad,
    /// Nothing ran: the machine lacks something that only a person may install.
    Lacking,
}

/// The closing lines, and the verdict. `by_name`: the steps were asked for by name, so all of them must run.
#[must_use]
pub fn summary(reports: &[Report], took: Duration, by_name: bool) -> (String, Verdict) {
    let lacking = reports.first().is_some_and(|r| r.name == "setup" && matches!(r.outcome, Outcome::CannotRun(_)));
    let all = reports.iter().all(|report| report.outcome == Outcome::Passed);
    let (verdict, words) = match (lacking, reports.iter().all(|report| report.is_fine(by_name)), all) {
        (true, ..) => (Verdict::Lacking, "NOT run, the machine lacks something"),
        (_, false, _) => (Verdict::Bad, "NOT good"),
        (_, true, false) => (Verdict::Good, "all steps that could run passed"),
        (_, true, true) => (Verdict::Good, "all steps passed"),
    };
    let mut text = String::from("\n");
    for report in reports {
        text += &format!("{}\n", report.line());
    }
    text += &format!("cargo xtask test: {words}, {} min {} s\n", took.as_secs() / 60, took.as_secs() % 60);
    (text, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(name: &'static str, outcome: Outcome) -> Report {
        Report { name, outcome, took: Duration::from_millis(1_250) }
    }

    #[track_caller]
    fn check(outcomes: &[(&'static str, Outcome)], by_name: bool, verdict: Verdict, says: &str) {
        let reports = outcomes.iter().map(|(name, outcome)| report(name, outcome.clone())).collect::<Vec<_>>();
        let (text, answer) = summary(&reports, Duration::from_secs(61), by_name);
        assert_eq!(answer, verdict, "{text}");
        assert!(text.contains(says), "{text}");
    }

    fn cannot() -> Outcome {
        Outcome::CannotRun("no advisory database reachable".to_owned())
    }

    #[test]
    fn what_passed_is_good() {
        check(&[("fmt", Outcome::Passed)], false, Verdict::Good, "passed      fmt             1.2 s\n");
        check(&[("fmt", Outcome::Passed)], false, Verdict::Good, "all steps passed, 1 min 1 s\n");
    }

    #[test]
    fn one_failure_is_enough_and_its_first_line_is_shown() {
        let failed = Outcome::Failed("cargo test: exit status: 101\nmore".to_owned());
        check(&[("fmt", Outcome::Passed), ("test", failed)], false, Verdict::Bad, "s  cargo test: exit status: 101\n");
    }

    #[test]
    fn a_step_that_cannot_run_is_a_failure() {
        check(&[("browser", cannot())], false, Verdict::Bad, "CANNOT RUN  browser");
    }

    #[test]
    fn only_the_advisories_may_be_out_of_reach_and_never_unseen() {
        let outcomes = [("fmt", Outcome::Passed), ("advisories", cannot())];
        check(&outcomes, false, Verdict::Good, "CANNOT RUN  advisories      1.2 s  no advisory database reachable\n");
        check(&outcomes, false, Verdict::Good, "all steps that could run passed");
        check(&outcomes, true, Verdict::Bad, "NOT good");
    }

    #[test]
    fn a_machine_that_lacks_something_is_told_from_a_fault_in_the_code() {
        let outcomes = [("setup", Outcome::CannotRun("run this".to_owned())), ("fmt", cannot())];
        check(&outcomes, false, Verdict::Lacking, "NOT run, the machine lacks something");
    }
}
