//! From what a condition says to what it means: names, types, units, scales, ranges.
//!
//! A condition that passes cannot fail later: every number is an integer of a scale fixed here, and the
//! declared ranges of the variables prove that none outgrows 38 digits. What does not pass is refused
//! with its place and a way to mend it; all faults of a text are reported together.

mod call;
mod compare;
mod logic;
mod names;
mod number;
mod reach;

use std::sync::Arc;

use crate::condition::{Condition, Expression, Leaf, Measure};
use crate::fault::{Fault, FaultKind};
use crate::ir::uses::Uses;
use crate::ir::{Logic, Operand, Slot, Test, Txt, Unit};
use crate::syntax::ast::{Kind, Node};
use crate::syntax::{Construct, LEAVES_MAX, Span, parse};

pub use names::nearest;
pub(crate) use number::Number;

/// Type of a variable or an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A number: the integer `n` of a row means `n / 10^scale`. Money is in fen.
    Number {
        /// What is counted.
        unit: Unit,
        /// Decimal places.
        scale: u8,
    },
    /// A date.
    Date,
    /// Text, or the code of a category.
    Text,
}

/// Type as a reader knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// Yes or no.
    Bool,
    /// A whole number without a unit.
    Int,
    /// A decimal without a unit.
    Decimal,
    /// Money.
    Money,
    /// A number of days.
    Days,
    /// A date.
    Date,
    /// Text.
    Text,
    /// Text out of a declared list of codes.
    Category,
    /// `[…]`.
    List,
}

/// What a condition may name: a feature, a standard, a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name, dots included.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Least and greatest value, scaled as its type says; a date in days since 1970-01-01. Without one, a
    /// number has the range of 64 bits, a date the years 1800 to 2200.
    pub range: Option<(i128, i128)>,
    /// The codes of a category; `None` for free text.
    pub categories: Option<Vec<String>>,
}

/// What is declared where a condition stands.
pub trait Environment {
    /// The variable of a dotted name and where rows keep its value.
    fn variable(&self, name: &str) -> Option<(Slot, &Variable)>;

    /// The declared name nearest to one that is not declared; [`nearest`] finds it among candidates. Also
    /// asked for Chinese names, so that a title can lead to its name.
    fn nearest(&self, name: &str) -> Option<String>;
}

/// Variables by themselves: the row keeps them in the order of the list.
impl Environment for Vec<Variable> {
    fn variable(&self, name: &str) -> Option<(Slot, &Variable)> {
        self.iter().enumerate().find(|(_, variable)| variable.name == name).map(|(at, variable)| (Slot(at), variable))
    }

    fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.iter().map(|variable| variable.name.as_str())).map(str::to_owned)
    }
}

/// How strictly a text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// As part of a bundle: what its ranges settle beforehand is refused.
    Bundle,
    /// Typed in to be answered once: `1 == 1` is true, and whole numbers count as days where days are meant.
    AdHoc,
}

/// Checks a condition as part of a bundle.
///
/// # Errors
/// All faults of the text, in order of their places.
pub fn compile_condition(text: &str, env: &dyn Environment) -> Result<Condition, Vec<Fault>> {
    compile_condition_by(text, env, Policy::Bundle)
}

/// Checks a condition by a policy.
///
/// # Errors
/// All faults of the text, in order of their places.
pub fn compile_condition_by(text: &str, env: &dyn Environment, policy: Policy) -> Result<Condition, Vec<Fault>> {
    run(text, env, policy, |checker, node| {
        let logic = checker.condition(node)?;
        Some(Condition::new(text.to_owned(), logic, std::mem::take(&mut checker.leaves)))
    })
}

/// Checks an expression of any type as part of a bundle.
///
/// # Errors
/// All faults of the text, in order of their places.
pub fn compile_expression(text: &str, env: &dyn Environment) -> Result<Expression, Vec<Fault>> {
    compile_expression_by(text, env, Policy::Bundle)
}

/// Checks an expression of any type by a policy.
///
/// # Errors
/// All faults of the text, in order of their places.
pub fn compile_expression_by(text: &str, env: &dyn Environment, policy: Policy) -> Result<Expression, Vec<Fault>> {
    run(text, env, policy, |checker, node| {
        let typed = checker.check(node)?;
        let shape = typed.shape();
        let plain = Measure { unit: Unit::Int, scale: 0 };
        let (operand, measure, range) = match typed {
            Typed::Logic(logic) => (Operand::Logic(logic), plain, None),
            Typed::Text(text) => (Operand::Text(text.ir), plain, None),
            Typed::Number(number) => {
                let measure = Measure { unit: number.unit, scale: number.scale };
                (Operand::Number(number.ir), measure, Some((number.low, number.high)))
            }
        };
        let leaves = std::mem::take(&mut checker.leaves);
        Some(Expression { text: text.to_owned(), operand, shape, measure, range, leaves })
    })
}

fn run<T>(
    text: &str,
    env: &dyn Environment,
    policy: Policy,
    finish: impl FnOnce(&mut Checker<'_>, &Node) -> Option<T>,
) -> Result<T, Vec<Fault>> {
    let located = |faults: Vec<Fault>| {
        let mut faults: Vec<Fault> = faults.into_iter().map(|fault| fault.located(text)).collect();
        faults.sort();
        faults
    };
    let node = parse(text).map_err(|faults| located(meant(faults, env)))?;
    let mut checker = Checker {
        text,
        env,
        policy,
        leaves: Vec::new(),
        faults: Vec::new(),
        nested: 0,
        declared: reach::Declared::default(),
    };
    match finish(&mut checker, &node) {
        Some(result) if checker.faults.is_empty() => Ok(result),
        Some(_) | None => Err(located(checker.faults)),
    }
}

/// Asks the environment whether a Chinese name is the title of something declared.
fn meant(mut faults: Vec<Fault>, env: &dyn Environment) -> Vec<Fault> {
    for fault in &mut faults {
        if let FaultKind::Foreign { found, write: None, nearest } = &mut fault.kind {
            *nearest = env.nearest(found);
        }
    }
    faults
}

/// A checked part of a condition.
#[derive(Debug, Clone)]
enum Typed {
    Logic(Logic),
    Number(Number),
    Text(Text),
}

/// A checked text.
#[derive(Debug, Clone)]
struct Text {
    ir: Txt,
    /// The codes it can have, if it is of a category.
    codes: Option<Arc<[String]>>,
}

impl Typed {
    fn shape(&self) -> Shape {
        match self {
            Typed::Logic(_) => Shape::Bool,
            Typed::Number(number) => number.shape(),
            Typed::Text(Text { codes: Some(_), .. }) => Shape::Category,
            Typed::Text(_) => Shape::Text,
        }
    }
}

struct Checker<'e> {
    text: &'e str,
    env: &'e dyn Environment,
    policy: Policy,
    leaves: Vec<Leaf>,
    faults: Vec<Fault>,
    /// How many leaves are open around the part that is being checked.
    nested: usize,
    declared: reach::Declared,
}

impl Checker<'_> {
    fn fault<T>(&mut self, span: Span, kind: FaultKind) -> Option<T> {
        self.faults.push(Fault::new(span, kind));
        None
    }

    fn unsupported<T>(&mut self, span: Span, what: Construct) -> Option<T> {
        self.fault(span, FaultKind::Unsupported(what))
    }

    /// The type, and a fault if it is not the expected one.
    fn mismatch<T>(&mut self, node: &Node, expected: Shape, found: Shape) -> Option<T> {
        self.fault(node.span, FaultKind::Type { expected, found })
    }

    fn check(&mut self, node: &Node) -> Option<Typed> {
        match &node.kind {
            Kind::Bool(value) => Some(Typed::Logic(Logic::Literal(*value))),
            Kind::Number(decimal) => Some(Typed::Number(Number::literal(*decimal))),
            Kind::Text(text) => Some(Typed::Text(Text { ir: Txt::Const(text.as_str().into()), codes: None })),
            Kind::Name(name) => self.name(node, name),
            Kind::List(_) => self.unsupported(node.span, Construct::List),
            Kind::Not(part) => self.not(part).map(Typed::Logic),
            Kind::Negate(part) => self.negate(part),
            Kind::And(parts) => self.chain(parts, Logic::And).map(Typed::Logic),
            Kind::Or(parts) => self.chain(parts, Logic::Or).map(Typed::Logic),
            Kind::Choose(parts) => self.choose(node, parts),
            Kind::Compare(comparison, sides) => self.compare(node, *comparison, sides).map(Typed::Logic),
            Kind::Arithmetic(operator, sides) => self.arithmetic(node, *operator, sides).map(Typed::Number),
            Kind::In(sides) => self.member(node, sides).map(Typed::Logic),
            Kind::Call { name, name_span, target, arguments } => {
                self.call(node, (name, *name_span), target.as_deref(), arguments)
            }
            Kind::Refused(what) => self.unsupported(node.span, what.clone()),
        }
    }

    /// A whole text that must be a condition.
    fn condition(&mut self, node: &Node) -> Option<Logic> {
        let logic = self.logic(node)?;
        self.refuse_literal(node, &logic);
        self.refuse_constant(node.span, &logic);
        Some(logic)
    }

    /// In a bundle, refuses what no row can make true, and what none can make false.
    fn refuse_constant(&mut self, span: Span, logic: &Logic) {
        let inside = |fault: &Fault| span.start <= fault.span.start && fault.span.end <= span.end;
        let literal = matches!(logic, Logic::Literal(_));
        if self.policy != Policy::Bundle || literal || self.faults.iter().any(inside) {
            return;
        }
        for always in [false, true] {
            if let Some(clash) = reach::impossible(logic, !always, &self.leaves, &self.declared) {
                let written = |leaf: usize| self.leaves.get(leaf).map(|leaf| leaf.text.clone());
                let clash = clash.and_then(|(one, other)| written(one).zip(written(other)));
                return self.faults.push(Fault::new(span, FaultKind::Constant { always, clash }));
            }
        }
    }

    /// A leaf with the parts it was written with.
    fn leaf(&mut self, span: Span, test: Test, measure: Option<Measure>, parts: &[&Node]) -> Option<Logic> {
        let index = u8::try_from(self.leaves.len()).ok().filter(|index| usize::from(*index) < LEAVES_MAX);
        let Some(index) = index else {
            let reported = self.faults.iter().any(|fault| matches!(fault.kind, FaultKind::TooManyLeaves { .. }));
            return if reported { None } else { self.fault(span, FaultKind::TooManyLeaves { most: LEAVES_MAX }) };
        };
        let mut uses = Uses::default();
        uses.test(&test);
        let inner = uses.leaves.iter().filter_map(|leaf| self.leaves.get(usize::from(*leaf)));
        let mut slots = uses.slots.clone();
        slots.extend(inner.flat_map(|leaf| leaf.slots.iter().copied()));
        self.leaves.push(Leaf {
            span,
            text: span.of(self.text).to_owned(),
            test,
            measure,
            slots: slots.into_iter().collect(),
            depth: self.nested,
            parts: parts.iter().map(|node| (node.span, node.span.of(self.text).to_owned())).collect(),
        });
        Some(Logic::Leaf(index))
    }

    /// Checks what stands inside a leaf.
    fn within<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        self.nested += 1;
        let result = check(self);
        self.nested -= 1;
        result
    }

    /// In a bundle, refuses a comparison that the ranges settle.
    fn settled(&mut self, span: Span, answer: Option<bool>) {
        if let (Policy::Bundle, Some(always)) = (self.policy, answer) {
            self.faults.push(Fault::new(span, FaultKind::Settled { always }));
        }
    }
}
