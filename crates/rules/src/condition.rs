//! Checked conditions and expressions: what the rest of doudi holds and asks.

use doudi_model::{Day, Verdict};

use crate::check::{Shape, Type};
use crate::ir::print::Printer;
use crate::ir::uses::Uses;
use crate::ir::{Logic, Num, Operand, Slot, Test, Txt, Unit};
use crate::join::Join;
use crate::quantity::Quantity;
use crate::scalar::{self, Cell, Frame, Marks, Outcome, Scalar};
use crate::syntax::Span;

/// The unit and scale to which both sides of a leaf were brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Measure {
    /// What is counted.
    pub unit: Unit,
    /// Decimal places: an integer `n` of the IR means `n / 10^scale`.
    pub scale: u8,
}

/// One leaf: a comparison, a membership test, `known`, `startsWith` or a yes-or-no variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// Where it stands in the condition's text.
    pub span: Span,
    /// As written.
    pub text: String,
    /// What it asks.
    pub test: Test,
    /// Unit and scale of its numbers; `None` for tests of text and flags.
    pub measure: Option<Measure>,
    /// Every variable it reads, also through leaves inside it.
    pub slots: Vec<Slot>,
    /// How many leaves stand around it.
    pub(crate) depth: usize,
    pub(crate) parts: Vec<(Span, String)>,
}

/// A known value, for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A number with its unit.
    Number(Quantity),
    /// A date.
    Day(Day),
    /// Text, or the code of a category.
    Text(String),
}

/// One side of a leaf.
#[derive(Debug, Clone, Copy)]
pub struct Part<'c> {
    /// As written.
    pub text: &'c str,
    /// Where it stands in the condition's text.
    pub span: Span,
    ir: PartIr<'c>,
    measure: Option<Measure>,
}

#[derive(Debug, Clone, Copy)]
enum PartIr<'c> {
    Logic(&'c Logic),
    Number(&'c Num),
    Text(&'c Txt),
}

impl<'c> Part<'c> {
    /// Its value on a row, `None` if unknown. `marks` are those of the outcome on that row.
    #[must_use]
    pub fn value(&self, row: &[Cell], marks: Marks) -> Option<Value> {
        let frame = Frame { row, marks };
        match self.ir {
            PartIr::Logic(logic) => known(frame.logic(logic)).map(Value::Bool),
            PartIr::Number(number) => {
                let measure = self.measure.unwrap_or(Measure { unit: Unit::Int, scale: 0 });
                number_value(frame.number(number)?, measure)
            }
            PartIr::Text(text) => frame.text(text).map(|text| Value::Text(text.to_owned())),
        }
    }

    /// The variables it reads directly.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let mut uses = Uses::default();
        match self.ir {
            PartIr::Logic(logic) => uses.logic(logic),
            PartIr::Number(number) => uses.number(number),
            PartIr::Text(text) => uses.text(text),
        }
        uses.slots.into_iter().collect()
    }

    /// The single variable it is, if it is nothing but that, perhaps brought to another scale.
    #[must_use]
    pub fn variable(&self) -> Option<Slot> {
        match self.ir {
            PartIr::Number(Num::Slot(slot) | Num::Day(slot)) | PartIr::Text(Txt::Slot(slot)) => Some(*slot),
            PartIr::Number(Num::Times(part, _)) => match part.as_ref() {
                Num::Slot(slot) | Num::Day(slot) => Some(*slot),
                _ => None,
            },
            _ => None,
        }
    }
}

fn known(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::True => Some(true),
        Verdict::False => Some(false),
        Verdict::Unknown => None,
    }
}

fn number_value(amount: i128, measure: Measure) -> Option<Value> {
    match measure.unit {
        Unit::Date => scalar::day_of(amount).map(Value::Day),
        Unit::Int | Unit::Decimal | Unit::Money | Unit::Days => {
            Some(Value::Number(Quantity { amount, unit: measure.unit, scale: measure.scale }))
        }
    }
}

impl Leaf {
    /// Whether it stands inside another leaf, as `a > b` in `(a > b ? c : d) < e`.
    #[must_use]
    pub fn is_inner(&self) -> bool {
        self.depth > 0
    }

    /// Its sides as written: two of a comparison, three of `between`, the item and then the elements of `in`.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let irs: Vec<PartIr<'_>> = match &self.test {
            Test::Flag(_) => vec![],
            Test::Compare(_, left, right) => vec![PartIr::Number(left), PartIr::Number(right)],
            Test::CompareText(_, left, right) | Test::StartsWith(left, right) => {
                vec![PartIr::Text(left), PartIr::Text(right)]
            }
            Test::Between(parts) => parts.iter().map(PartIr::Number).collect(),
            Test::Member(item, list) => std::iter::once(item).chain(list).map(PartIr::Number).collect(),
            Test::MemberText(item, list) => std::iter::once(item).chain(list).map(PartIr::Text).collect(),
            Test::Known(Operand::Logic(logic)) => vec![PartIr::Logic(logic)],
            Test::Known(Operand::Number(number)) => vec![PartIr::Number(number)],
            Test::Known(Operand::Text(text)) => vec![PartIr::Text(text)],
        };
        self.parts
            .iter()
            .zip(irs)
            .map(|((span, text), ir)| Part { text, span: *span, ir, measure: self.measure })
            .collect()
    }

    /// The left side, or the item of `in` and `between`.
    #[must_use]
    pub fn left(&self) -> Option<Part<'_>> {
        self.parts().first().copied()
    }

    /// The right side of a comparison.
    #[must_use]
    pub fn right(&self) -> Option<Part<'_>> {
        match self.test {
            Test::Compare(..) | Test::CompareText(..) | Test::StartsWith(..) => self.parts().get(1).copied(),
            Test::Flag(_) | Test::Between(_) | Test::Member(..) | Test::MemberText(..) | Test::Known(_) => None,
        }
    }

    /// Left minus right of a comparison of numbers or dates; `None` if unknown.
    #[must_use]
    pub fn distance(&self, row: &[Cell], marks: Marks) -> Option<Quantity> {
        let Test::Compare(_, left, right) = &self.test else { return None };
        let measure = self.measure?;
        let frame = Frame { row, marks };
        let amount = frame.number(left)?.checked_sub(frame.number(right)?)?;
        let unit = if measure.unit == Unit::Date { Unit::Days } else { measure.unit };
        Some(Quantity { amount, unit, scale: measure.scale })
    }
}

/// A condition that has passed the checker. Evaluating it cannot fail.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    pub(crate) text: String,
    pub(crate) logic: Logic,
    pub(crate) leaves: Vec<Leaf>,
    /// The same as `logic`, where that is possible.
    join: Option<Box<Join>>,
}

impl Condition {
    pub(crate) fn new(text: String, logic: Logic, leaves: Vec<Leaf>) -> Condition {
        let join = Join::of(&logic).map(Box::new);
        Condition { text, logic, leaves, join }
    }

    /// The answer about one row, with the verdict of every leaf. Allocates nothing.
    #[must_use]
    pub fn evaluate(&self, row: &[Cell]) -> Outcome {
        let leaves = scalar::marks(self.leaves.iter().map(|leaf| &leaf.test), row);
        let verdict = match &self.join {
            Some(join) => join.answer(leaves),
            None => Frame { row, marks: leaves }.logic(&self.logic),
        };
        Outcome { verdict, leaves }
    }

    /// The answer that these verdicts of the leaves would give.
    #[must_use]
    pub fn decide(&self, leaves: Marks) -> Verdict {
        Frame { row: &[], marks: leaves }.logic(&self.logic)
    }

    /// The text it was made of.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the leaves are joined.
    #[must_use]
    pub fn logic(&self) -> &Logic {
        &self.logic
    }

    /// The leaves, in the order of [`Outcome::leaves`].
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Every variable it reads, in order.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.leaves.iter().flat_map(|leaf| leaf.slots.iter().copied()).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// One text per meaning: two conditions with equal text here ask the same.
    #[must_use]
    pub fn canonical(&self, name: &dyn Fn(Slot) -> String) -> String {
        let tests = self.leaves.iter().map(|leaf| &leaf.test).collect();
        let mut printer = Printer { name, tests, out: String::new() };
        printer.logic(&self.logic);
        printer.out
    }
}

/// A checked expression of any type, for derived features and `doudi rules eval`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expression {
    pub(crate) text: String,
    pub(crate) operand: Operand,
    pub(crate) shape: Shape,
    pub(crate) measure: Measure,
    pub(crate) range: Option<(i128, i128)>,
    pub(crate) leaves: Vec<Leaf>,
}

impl Expression {
    /// Its value on a row, scaled as [`Expression::ty`] says; `None` if unknown.
    #[must_use]
    pub fn evaluate(&self, row: &[Cell]) -> Cell {
        let marks = scalar::marks(self.leaves.iter().map(|leaf| &leaf.test), row);
        let frame = Frame { row, marks };
        match &self.operand {
            Operand::Logic(logic) => known(frame.logic(logic)).map(Scalar::Bool),
            Operand::Text(text) => frame.text(text).map(|text| Scalar::Text(text.into())),
            Operand::Number(number) => self.cell(frame.number(number)?),
        }
    }

    /// An integer of the IR as a value of this expression: a date if that is what it is, unknown outside 1800 to 2200.
    #[must_use]
    pub fn cell(&self, amount: i128) -> Cell {
        match self.measure.unit {
            Unit::Date => scalar::day_of(amount).map(Scalar::Day),
            Unit::Int | Unit::Decimal | Unit::Money | Unit::Days => Some(Scalar::Number(amount)),
        }
    }

    /// Its value on a row with unit and scale; `None` if unknown.
    #[must_use]
    pub fn value(&self, row: &[Cell]) -> Option<Value> {
        self.measured(self.evaluate(row)?)
    }

    /// A value of this expression with unit and scale.
    pub(crate) fn measured(&self, value: Scalar) -> Option<Value> {
        match value {
            Scalar::Bool(value) => Some(Value::Bool(value)),
            Scalar::Number(amount) => number_value(amount, self.measure),
            Scalar::Day(day) => Some(Value::Day(day)),
            Scalar::Text(text) => Some(Value::Text(text.to_string())),
        }
    }

    /// Its type.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self.shape {
            Shape::Bool => Type::Bool,
            Shape::Int | Shape::Decimal | Shape::Money | Shape::Days => {
                Type::Number { unit: self.measure.unit, scale: self.measure.scale }
            }
            Shape::Date => Type::Date,
            Shape::Text | Shape::Category | Shape::List => Type::Text,
        }
    }

    /// The type as a reader knows it.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Least and greatest value that the declared ranges allow, scaled as [`Expression::ty`] says.
    #[must_use]
    pub fn range(&self) -> Option<(i128, i128)> {
        self.range
    }

    /// The text it was made of.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The IR.
    #[must_use]
    pub fn operand(&self) -> &Operand {
        &self.operand
    }

    /// Leaves inside it, as in `a > b ? c : d`.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Every variable it reads, in order.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let mut uses = Uses::default();
        uses.operand(&self.operand);
        let mut slots = uses.slots;
        slots.extend(self.leaves.iter().flat_map(|leaf| leaf.slots.iter().copied()));
        slots.into_iter().collect()
    }

    /// One text per meaning: two expressions with equal text here ask the same.
    #[must_use]
    pub fn canonical(&self, name: &dyn Fn(Slot) -> String) -> String {
        let tests = self.leaves.iter().map(|leaf| &leaf.test).collect();
        let mut printer = Printer { name, tests, out: String::new() };
        printer.operand(&self.operand);
        printer.out
    }
}
