//! From a fault inside a condition to a problem with its place in the file.

use doudi_model::{Problem, Text};
use toml::Spanned;

use super::source::Source;
use crate::{Condition, Environment, Expression, Fault};

/// A compiled condition or expression, or its faults reported with their places in the file.
pub(crate) struct Compiler<'a, 's> {
    pub(crate) source: Source<'s>,
    pub(crate) field: String,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl Compiler<'_, '_> {
    /// A condition; `None` if it was refused and the faults were reported.
    pub(crate) fn condition(&mut self, text: &Spanned<String>, env: &dyn Environment) -> Option<Condition> {
        crate::compile_condition(text.get_ref(), env).map_err(|faults| self.report(text, faults)).ok()
    }

    /// An expression; `None` if it was refused and the faults were reported.
    pub(crate) fn expression(&mut self, text: &Spanned<String>, env: &dyn Environment) -> Option<Expression> {
        crate::compile_expression(text.get_ref(), env).map_err(|faults| self.report(text, faults)).ok()
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
