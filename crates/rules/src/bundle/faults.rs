//! From a fault inside a condition to a problem with its place in the file.

use doudi_model::{Problem, Text};
use toml::Spanned;

use super::source::Source;
use crate::check::{compile_condition_by, compile_expression_by};
use crate::{Condition, Environment, Expression, Fault, Policy};

/// A compiled condition or expression, or its faults reported with their places in the file.
pub(crate) struct Compiler<'a, 's> {
    pub(crate) source: Source<'s>,
    pub(crate) field: String,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl Compiler<'_, '_> {
    /// A condition, its faults reported; `None` if they leave in doubt what it means.
    pub(crate) fn condition(&mut self, text: &Spanned<String>, env: &dyn Environment) -> Option<Condition> {
        match crate::compile_condition(text.get_ref(), env) {
            Ok(condition) => Some(condition),
            Err(faults) => {
                let pointless = faults.iter().all(Fault::is_pointless);
                self.report(text, faults);
                pointless.then(|| compile_condition_by(text.get_ref(), env, Policy::AdHoc).ok()).flatten()
            }
        }
    }

    /// An expression, its faults reported; `None` if they leave in doubt what it means.
    pub(crate) fn expression(&mut self, text: &Spanned<String>, env: &dyn Environment) -> Option<Expression> {
        match crate::compile_expression(text.get_ref(), env) {
            Ok(expression) => Some(expression),
            Err(faults) => {
                let pointless = faults.iter().all(Fault::is_pointless);
                self.report(text, faults);
                pointless.then(|| compile_expression_by(text.get_ref(), env, Policy::AdHoc).ok()).flatten()
            }
        }
    }

    fn report(&mut self, text: &Spanned<String>, faults: Vec<Fault>) {
        let start = self.source.content_start(text.span());
        for fault in faults {
            let place = match start {
                Some(start) => self.source.place(start + fault.span.start),
                None => format!("{} (+{}:{})", self.source.place(text.span().start), fault.line, fault.column),
            };
            self.problems.push(fault.problem(|_, _| place).in_field(self.field.clone()));
        }
    }

    /// A problem at a stretch of the file.
    pub(crate) fn say(&mut self, at: usize, code: &'static str, message: Text, hint: Text) {
        self.problems.push(Problem::new(code, message, hint).at(self.source.place(at)).in_field(self.field.clone()));
    }
}
