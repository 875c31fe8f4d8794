//! IR → text, without a wildcard arm: a construct that is not written here does not compile.

mod divide;
mod piece;

use doudi_model::{Day, Lang};

use crate::bundle::Rule;
use crate::condition::{Condition, Expression, Leaf};
use crate::ir::{Comparison, Logic, Num, Operand, Slot, Test, Txt};

use self::piece::{Piece, Tie, call, depth, infix, infix_left, joined};
use super::dialect::{Dialect, one_line};
use super::select::{Column, Role, Select};

/// A number under way.
#[derive(Debug, Clone)]
struct Number {
    piece: Piece,
    /// A bare constant: the engine would give it the narrowest type.
    constant: Option<i128>,
}

/// Conditions and expressions on their way to one `SELECT`.
pub struct Draft<'n> {
    dialect: Dialect,
    name: &'n dyn Fn(Slot) -> String,
    columns: Vec<Column>,
    /// The leaves of the condition in hand.
    leaves: Vec<Piece>,
}

impl<'n> Draft<'n> {
    /// Nothing yet. `name` says which column of the source holds a slot, not quoted; dates are held as days since 1970.
    #[must_use]
    pub fn new(dialect: Dialect, name: &'n dyn Fn(Slot) -> String) -> Draft<'n> {
        Draft { dialect, name, columns: Vec::new(), leaves: Vec::new() }
    }

    /// A column per leaf, named `name#1` and on, then the answer.
    pub fn condition(&mut self, name: &str, note: &str, condition: &Condition) {
        let answer = self.answer(name, condition);
        self.define(name, Role::Answer, note, answer);
    }

    /// The same for a rule; outside the days on which it is in force, by the date column `on_day`, the answer is no.
    pub(super) fn rule(&mut self, rule: &Rule, lang: Lang) {
        let answer = self.answer(&rule.id, &rule.when);
        let first = self.dialect.day(rule.from);
        let in_force = match rule.to {
            Day::MAX => format!("on_day >= {first}"),
            to => format!("on_day BETWEEN {first} AND {}", self.dialect.day(to)),
        };
        let text = format!("CASE WHEN {in_force} THEN {} ELSE FALSE END", answer.text);
        self.define(&rule.id, Role::Answer, rule.title.get(lang), Piece::new(text, Tie::Closed, answer.depth));
    }

    /// A column for a value; numbers stay integers of the expression's scale, dates days since 1970.
    pub fn expression(&mut self, name: &str, note: &str, expression: &Expression) {
        self.decide(name, expression.leaves());
        let value = match expression.operand() {
            Operand::Logic(logic) => self.logic(logic),
            Operand::Number(number) => self.wide(number),
            Operand::Text(text) => self.text(text),
        };
        self.define(name, Role::Answer, note, value);
    }

    /// What was drafted.
    #[must_use]
    pub fn finish(self) -> Select {
        Select { dialect: self.dialect, columns: self.columns }
    }

    fn answer(&mut self, name: &str, condition: &Condition) -> Piece {
        self.decide(name, condition.leaves());
        self.logic(condition.logic())
    }

    /// A column per leaf; a leaf inside a leaf stands before it.
    fn decide(&mut self, name: &str, leaves: &[Leaf]) {
        self.leaves.clear();
        for (at, leaf) in leaves.iter().enumerate() {
            let verdict = self.test(&leaf.test);
            let column = self.define(&format!("{name}#{}", at + 1), Role::Leaf(at), &leaf.text, verdict);
            self.leaves.push(column);
        }
    }

    fn define(&mut self, name: &str, role: Role, note: &str, piece: Piece) -> Piece {
        // Names that differ by case alone are one to DuckDB and Spark.
        let taken = |columns: &[Column], name: &str| columns.iter().any(|c| c.name.eq_ignore_ascii_case(name));
        let mut free = name.to_owned();
        while taken(&self.columns, &free) {
            free.push('_');
        }
        let text = self.dialect.name(&free);
        let depth = piece.depth;
        self.columns.push(Column { name: free, sql: piece.text, role, note: one_line(note), depth });
        Piece::new(text, Tie::Name, depth + 1)
    }

    /// Something that is to stand more than once, as a name.
    fn named(&mut self, piece: Piece) -> Piece {
        if piece.tie == Tie::Name {
            return piece;
        }
        let same = |column: &&Column| column.role == Role::Step && column.sql == piece.text;
        if let Some(column) = self.columns.iter().find(same) {
            return Piece::new(self.dialect.name(&column.name), Tie::Name, column.depth + 1);
        }
        let name = format!("part_{}", self.columns.iter().filter(|column| column.role == Role::Step).count() + 1);
        self.define(&name, Role::Step, "", piece)
    }

    fn slot(&self, slot: Slot) -> Piece {
        Piece::new(self.dialect.name(&(self.name)(slot)), Tie::Name, 0)
    }

    fn logics(&mut self, parts: &[Logic]) -> Vec<Piece> {
        parts.iter().map(|part| self.logic(part)).collect()
    }

    fn logic(&mut self, logic: &Logic) -> Piece {
        match logic {
            Logic::Literal(value) => Piece::new(if *value { "TRUE" } else { "FALSE" }, Tie::Name, 0),
            Logic::Leaf(leaf) => {
                let unknown = || Piece::new(format!("CAST(NULL AS {})", self.dialect.flag()), Tie::Closed, 0);
                self.leaves.get(usize::from(*leaf)).cloned().unwrap_or_else(unknown)
            }
            Logic::Not(part) => {
                let part = self.logic(part);
                Piece::new(format!("NOT {}", part.tied(Tie::Closed)), Tie::Not, part.depth)
            }
            Logic::And(parts) => {
                let parts = self.logics(parts);
                joined(&parts, " AND ", Tie::And, "TRUE")
            }
            Logic::Or(parts) => {
                let parts = self.logics(parts);
                joined(&parts, " OR ", Tie::Or, "FALSE")
            }
            Logic::Same(left, right) => {
                let (left, right) = (self.logic(left), self.logic(right));
                infix(&left, "=", &right, Tie::Test, Tie::Closed)
            }
            Logic::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let (then, otherwise) = (self.logic(then), self.logic(otherwise));
                self.choose(condition, &then, &otherwise)
            }
            Logic::OrElse(part, otherwise) => {
                let parts = [self.logic(part), self.logic(otherwise)];
                call("COALESCE", &parts)
            }
            Logic::AtLeast(count, parts) => self.at_least(*count, parts),
        }
    }

    /// Unknown while it could still be either.
    fn at_least(&mut self, count: u32, parts: &[Logic]) -> Piece {
        let parts: Vec<Piece> = parts
            .iter()
            .map(|part| {
                let part = self.logic(part);
                self.named(part)
            })
            .collect();
        let sum = |each: &dyn Fn(&str) -> String| match parts.as_slice() {
            [] => "0".to_owned(),
            some => some.iter().map(|part| each(&part.text)).collect::<Vec<_>>().join(" + "),
        };
        let sure = sum(&|part| format!("CASE WHEN {part} THEN 1 ELSE 0 END"));
        let possible = sum(&|part| format!("CASE WHEN NOT {part} THEN 0 ELSE 1 END"));
        let text = format!("CASE WHEN {sure} >= {count} THEN TRUE WHEN {possible} < {count} THEN FALSE END");
        Piece::new(text, Tie::Closed, depth(&parts))
    }

    /// NULL where the condition is.
    fn choose(&mut self, condition: &Logic, then: &Piece, otherwise: &Piece) -> Piece {
        let condition = self.logic(condition);
        let condition = self.named(condition);
        let (case, yes, no) = (&condition.text, &then.text, &otherwise.text);
        let text = format!("CASE WHEN {case} THEN {yes} WHEN NOT {case} THEN {no} END");
        Piece::new(text, Tie::Closed, depth([&condition, then, otherwise]))
    }

    fn test(&mut self, test: &Test) -> Piece {
        match test {
            Test::Flag(slot) => self.slot(*slot),
            Test::Compare(comparison, left, right) => {
                let (left, right) = (self.number(left).piece, self.number(right).piece);
                infix(&left, sign(*comparison), &right, Tie::Test, Tie::Sum)
            }
            Test::CompareText(comparison, left, right) => {
                let (left, right) = (self.text(left), self.text(right));
                infix(&left, sign(*comparison), &right, Tie::Test, Tie::Sum)
            }
            Test::Between(parts) => {
                let [item, low, high] = parts.as_ref().each_ref().map(|part| self.number(part).piece);
                let text =
                    format!("{} BETWEEN {} AND {}", item.tied(Tie::Sum), low.tied(Tie::Sum), high.tied(Tie::Sum));
                Piece::new(text, Tie::Test, depth([&item, &low, &high]))
            }
            Test::Member(item, list) => {
                let constants = list.iter().all(|element| matches!(element, Num::Const(_)));
                let item = self.number(item).piece;
                let list = list.iter().map(|element| self.number(element).piece).collect();
                self.member(item, list, constants)
            }
            Test::MemberText(item, list) => {
                let constants = list.iter().all(|element| matches!(element, Txt::Const(_)));
                let item = self.text(item);
                let list = list.iter().map(|element| self.text(element)).collect();
                self.member(item, list, constants)
            }
            Test::StartsWith(text, prefix) => {
                let (text, prefix) = (self.text(text), self.text(prefix));
                let written = self.dialect.starts_with(&text.text, &prefix.text);
                Piece::new(written, Tie::Closed, depth([&text, &prefix]))
            }
            Test::Known(operand) => {
                let value = match operand {
                    Operand::Logic(logic) => self.logic(logic),
                    Operand::Number(number) => self.number(number).piece,
                    Operand::Text(text) => self.text(text),
                };
                Piece::new(format!("{} IS NOT NULL", value.tied(Tie::Closed)), Tie::Test, value.depth)
            }
        }
    }

    fn member(&mut self, item: Piece, list: Vec<Piece>, constants: bool) -> Piece {
        if list.is_empty() {
            return Piece::new("FALSE", Tie::Name, 0);
        }
        if constants || self.dialect.has_free_lists() {
            let elements: Vec<&str> = list.iter().map(|element| element.text.as_str()).collect();
            let text = format!("{} IN ({})", item.tied(Tie::Sum), elements.join(", "));
            return Piece::new(text, Tie::Test, item.depth.max(depth(&list)));
        }
        let item = self.named(item);
        let equal: Vec<Piece> = list.iter().map(|element| infix(&item, "=", element, Tie::Test, Tie::Sum)).collect();
        joined(&equal, " OR ", Tie::Or, "FALSE")
    }

    /// The number in the wide type, whatever the engine would make of it.
    fn wide(&mut self, number: &Num) -> Piece {
        let number = self.number(number);
        self.widened(number)
    }

    fn widened(&self, number: Number) -> Piece {
        match number.constant {
            Some(_) => {
                let text = format!("CAST({} AS {})", number.piece.text, self.dialect.wide());
                Piece::new(text, Tie::Closed, number.piece.depth)
            }
            None => number.piece,
        }
    }

    /// Two numbers of which at least one is wide, so that what is made of them is.
    fn two(&mut self, left: &Num, right: &Num) -> [Piece; 2] {
        let (left, right) = (self.number(left), self.number(right));
        let left = if right.constant.is_some() { self.widened(left) } else { left.piece };
        [left, right.piece]
    }

    /// Some numbers of which at least one is wide.
    fn some(&mut self, parts: &[Num]) -> Vec<Number> {
        let mut numbers: Vec<Number> = parts.iter().map(|part| self.number(part)).collect();
        if numbers.iter().all(|number| number.constant.is_some())
            && let Some(first) = numbers.first_mut()
        {
            first.piece = self.widened(first.clone());
        }
        numbers
    }

    fn number(&mut self, number: &Num) -> Number {
        let piece = match number {
            Num::Const(value) => {
                let tie = if *value < 0 { Tie::Sign } else { Tie::Name };
                return Number { piece: Piece::new(self.dialect.whole(*value), tie, 0), constant: Some(*value) };
            }
            Num::Unknown => self.unknown(),
            Num::Slot(slot) | Num::Day(slot) => self.slot(*slot),
            Num::Negate(part) => {
                let part = self.wide(part);
                Piece::new(format!("-{}", part.tied(Tie::Closed)), Tie::Sign, part.depth)
            }
            Num::Add(left, right) => {
                let [left, right] = self.two(left, right);
                infix_left(&left, "+", &right, Tie::Sum)
            }
            Num::Subtract(left, right) => {
                let [left, right] = self.two(left, right);
                infix_left(&left, "-", &right, Tie::Sum)
            }
            Num::Multiply(left, right) => {
                let [left, right] = self.two(left, right);
                infix_left(&left, "*", &right, Tie::Product)
            }
            Num::Times(part, factor) => {
                let [part, factor] = self.two(part, &Num::Const(*factor));
                infix_left(&part, "*", &factor, Tie::Product)
            }
            Num::Divide(rounding, dividend, divisor) => self.divide(*rounding, dividend, divisor),
            Num::Least(parts) => self.extreme("LEAST", parts),
            Num::Greatest(parts) => self.extreme("GREATEST", parts),
            Num::Choose(condition, then, otherwise) => {
                let [then, otherwise] = self.two(then, otherwise);
                self.choose(condition, &then, &otherwise)
            }
            Num::OrElse(part, otherwise) => call("COALESCE", &self.two(part, otherwise)),
            Num::Age(birth, day) => self.age(birth, day),
        };
        Number { piece, constant: None }
    }

    fn unknown(&self) -> Piece {
        Piece::new(format!("CAST(NULL AS {})", self.dialect.wide()), Tie::Closed, 0)
    }

    /// NULL where a part is, whatever the engine's own function makes of NULLs.
    fn extreme(&mut self, function: &str, parts: &[Num]) -> Piece {
        let numbers = self.some(parts);
        let mut known = Vec::new();
        let mut pieces = Vec::with_capacity(numbers.len());
        for number in numbers {
            if number.constant.is_some() {
                pieces.push(number.piece);
            } else {
                let piece = self.named(number.piece);
                let asked = format!("{} IS NOT NULL", piece.text);
                if !known.contains(&asked) {
                    known.push(asked);
                }
                pieces.push(piece);
            }
        }
        let extreme = call(function, &pieces);
        if known.is_empty() {
            return extreme;
        }
        let text = format!("CASE WHEN {} THEN {} END", known.join(" AND "), extreme.text);
        Piece::new(text, Tie::Closed, extreme.depth)
    }

    fn text(&mut self, text: &Txt) -> Piece {
        match text {
            Txt::Const(value) => Piece::new(self.dialect.text(value), Tie::Name, 0),
            Txt::Slot(slot) => self.slot(*slot),
            Txt::Choose(condition, then, otherwise) => {
                let (then, otherwise) = (self.text(then), self.text(otherwise));
                self.choose(condition, &then, &otherwise)
            }
            Txt::OrElse(part, otherwise) => {
                let parts = [self.text(part), self.text(otherwise)];
                call("COALESCE", &parts)
            }
        }
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}
