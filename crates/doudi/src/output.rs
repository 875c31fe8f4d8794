//! Results to stdout, everything else to stderr.

use std::io::Write;

use doudi_model::{Lang, Problem, Text};
use serde_json::Value;

use crate::cli::Format;
use crate::context::{Context, Failure};

/// Where a command's answers go.
pub(crate) struct Output<'a> {
    context: &'a Context,
}

impl<'a> Output<'a> {
    pub(crate) fn new(context: &'a Context) -> Output<'a> {
        Output { context }
    }

    /// One answer: a JSON document, or text for a person.
    pub(crate) fn answer(&self, json: &Value, text: impl FnOnce() -> String) {
        match self.context.format {
            Format::Json => self.line(&json.to_string()),
            Format::Text => self.line(text().trim_end()),
        }
    }

    /// One line on stdout. A reader that has gone away is no fault.
    pub(crate) fn line(&self, line: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }

    /// A remark on stderr, unless the user wants quiet.
    pub(crate) fn note(&self, text: &Text) {
        if !self.context.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{}", text.get(self.context.lang));
        }
    }

    /// Something about one item while the rest goes on, on stderr unless the user wants quiet.
    pub(crate) fn problem(&self, problem: &Problem) {
        if !self.context.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{}", self.said(problem));
        }
    }

    /// Something accepted that the user is to look at, on stderr unless the user wants quiet.
    pub(crate) fn notice(&self, notice: &Problem) {
        if self.context.quiet {
            return;
        }
        let text = match self.context.format {
            Format::Json => serde_json::json!({"notice": notice.json(self.context.lang)}).to_string(),
            Format::Text => notice.render_notice(self.context.lang),
        };
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// A fault that keeps nothing from working, on stderr unless the user wants quiet.
    pub(crate) fn warn(&self, problem: &Problem) {
        if !self.context.quiet {
            let said = match self.context.format {
                Format::Json => serde_json::json!({"warning": problem.json(self.context.lang)}).to_string(),
                Format::Text => {
                    let said = problem.render(self.context.lang);
                    match self.context.lang {
                        Lang::Zh => said.replacen("错误", "提醒", 1),
                        Lang::En => said.replacen("error", "warning", 1),
                    }
                }
            };
            let _ = writeln!(std::io::stderr().lock(), "{said}");
        }
    }

    fn said(&self, problem: &Problem) -> String {
        match self.context.format {
            Format::Json => serde_json::json!({"error": problem.json(self.context.lang)}).to_string(),
            Format::Text => problem.render(self.context.lang),
        }
    }

    /// What went wrong, on stderr.
    pub(crate) fn failure(&self, failure: &Failure) {
        let mut err = std::io::stderr().lock();
        for problem in failure.problems() {
            let _ = writeln!(err, "{}", self.said(problem));
        }
        if failure.problems().len() > 1 && self.context.format == Format::Text {
            let count = failure.problems().len();
            let _ = match self.context.lang {
                Lang::Zh => writeln!(err, "共{count}处错误"),
                Lang::En => writeln!(err, "{count} errors"),
            };
        }
    }
}
