//! The `cel` crate's tree → ours.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, SourceInfo, operators};
use cel::parser::{ParseErrors, Parser};

use super::ast::{Arithmetic, Construct, Kind, Node};
use super::decimal::Decimal;
use super::limit;
use super::scan::{Token, scan};
use super::span::{Span, offset_of};
use super::spans::{Range, Tokens};
use crate::fault::{Fault, FaultKind};
use crate::ir::Comparison;

/// Words that CEL keeps for other languages.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Reads a condition, or says what cannot be read in it.
pub(crate) fn parse(text: &str) -> Result<Node, Vec<Fault>> {
    limit::length(text)?;
    let tokens = scan(text)?;
    limit::depth(text, &tokens)?;
    let levels = u16::try_from(limit::DEPTH_MAX * 2).unwrap_or(u16::MAX);
    let parsed = Parser::new().max_recursion_depth(levels).parse_with_source_info(text);
    let (tree, source) = parsed.map_err(|errors| syntax_faults(text, &tokens, &errors))?;
    let mut reader = Reader { tokens: Tokens::new(text, &tokens), source: &source, faults: Vec::new() };
    let (node, _) = reader.node(&tree);
    if reader.faults.is_empty() { Ok(node) } else { Err(reader.faults) }
}

/// The parser's complaint, as its first place; what follows the first is mostly its echo.
fn syntax_faults(text: &str, tokens: &[Token], errors: &ParseErrors) -> Vec<Fault> {
    let place = errors.errors.iter().filter(|error| error.pos.0 > 0).map(|error| {
        let part = |value: isize| usize::try_from(value).unwrap_or(1);
        offset_of(text, part(error.pos.0), part(error.pos.1))
    });
    let offset = place.min().unwrap_or(0);
    let found = tokens.iter().find(|token| token.span.end > offset);
    let Some(found) = found else {
        return vec![Fault::new(Span::new(text.len(), text.len()), FaultKind::Unfinished)];
    };
    let kind = match found.span.of(text) {
        "and" | "AND" => FaultKind::Syntax { write: Some("&&") },
        "or" | "OR" => FaultKind::Syntax { write: Some("||") },
        "not" | "NOT" => FaultKind::Syntax { write: Some("!") },
        word if RESERVED.contains(&word) => FaultKind::Reserved,
        word if word.len() > 1 && word.starts_with(['.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) => {
            let readable = Decimal::parse(word).is_some() && !errors.errors.iter().any(is_literal);
            if readable { FaultKind::Syntax { write: None } } else { FaultKind::Number }
        }
        _ => FaultKind::Syntax { write: None },
    };
    vec![Fault::new(found.span, kind)]
}

fn is_literal(error: &cel::ParseError) -> bool {
    error.msg.contains("literal")
}

struct Reader<'t> {
    tokens: Tokens<'t>,
    source: &'t SourceInfo,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// The token that stands for a node: its operator, name, literal or opening bracket.
    fn token(&self, id: u64) -> usize {
        let offset = self.source.offset_for(id).map_or(0, |(start, _)| start);
        self.tokens.at(usize::try_from(offset).unwrap_or(0)).unwrap_or(0)
    }

    fn done(&self, range: Range, kind: Kind) -> (Node, Range) {
        (Node { span: self.tokens.span(range), kind }, range)
    }

    fn refused(&self, range: Range, what: Construct) -> (Node, Range) {
        self.done(range, Kind::Refused(what))
    }

    fn node(&mut self, tree: &IdedExpr) -> (Node, Range) {
        let at = self.token(tree.id);
        let here = Range::one(at);
        match &tree.expr {
            Expr::Literal(literal) => self.literal(at, literal),
            Expr::Ident(name) if name.starts_with('.') => self.refused(here, Construct::Syntax),
            Expr::Ident(name) => self.done(here, Kind::Name(name.clone())),
            Expr::Select(select) => self.field(at, &select.operand, &select.field),
            Expr::List(list) => {
                let elements = list.elements.iter().map(|element| self.node(element).0).collect();
                self.done(self.tokens.bracketed(at), Kind::List(elements))
            }
            Expr::Call(call) => self.call(at, call),
            Expr::Map(_) | Expr::Struct(_) => self.refused(self.tokens.bracketed(at), Construct::Map),
            Expr::Comprehension(_) | Expr::Unspecified => self.refused(here, Construct::Syntax),
        }
    }

    fn literal(&mut self, at: usize, literal: &LiteralValue) -> (Node, Range) {
        let word = self.tokens.word(at);
        let range = Range::one(at);
        match literal {
            LiteralValue::Boolean(value) => self.done(range, Kind::Bool(*value.inner())),
            LiteralValue::String(value) => self.done(range, Kind::Text(value.inner().to_owned())),
            LiteralValue::Int(value) => {
                let range = self.signed(range, *value.inner() < 0);
                self.done(range, Kind::Number(Decimal::whole(i128::from(*value.inner()))))
            }
            LiteralValue::Double(value) => {
                // The parser has rounded it to binary: only its sign is trusted, the digits are read again.
                let negative = value.inner().is_sign_negative();
                let range = self.signed(range, negative);
                match Decimal::parse(word) {
                    Some(decimal) => {
                        let digits = if negative { -decimal.digits } else { decimal.digits };
                        self.done(range, Kind::Number(Decimal { digits, ..decimal }))
                    }
                    None => {
                        self.faults.push(Fault::new(self.tokens.span(range), FaultKind::Number));
                        self.done(range, Kind::Number(Decimal::whole(0)))
                    }
                }
            }
            LiteralValue::Null => self.refused(range, Construct::Null),
            LiteralValue::Bytes(_) => self.refused(range, Construct::Bytes),
            LiteralValue::UInt(_) => self.refused(range, Construct::Unsigned),
        }
    }

    /// A negative literal's token is its digits; its sign stands before them.
    fn signed(&self, range: Range, negative: bool) -> Range {
        match range.first.checked_sub(1) {
            Some(before) if negative && self.tokens.word(before) == "-" => range.with(Range::one(before)),
            _ => range,
        }
    }

    fn field(&mut self, at: usize, operand: &IdedExpr, field: &str) -> (Node, Range) {
        let (target, range) = self.node(operand);
        let range = range.with(Range { first: at, last: at + 1 });
        match target.kind {
            Kind::Name(name) => self.done(range, Kind::Name(format!("{name}.{field}"))),
            Kind::Refused(what) => self.refused(range, what),
            _ => self.refused(range, Construct::Field),
        }
    }

    fn call(&mut self, at: usize, call: &CallExpr) -> (Node, Range) {
        match call.func_name.as_str() {
            operators::LOGICAL_AND => self.chain(call, operators::LOGICAL_AND, Kind::And),
            operators::LOGICAL_OR => self.chain(call, operators::LOGICAL_OR, Kind::Or),
            operators::LOGICAL_NOT => self.unary(at, call, Kind::Not),
            operators::NEGATE => self.unary(at, call, Kind::Negate),
            operators::EQUALS => self.comparison(call, Comparison::Equal),
            operators::NOT_EQUALS => self.comparison(call, Comparison::NotEqual),
            operators::LESS => self.comparison(call, Comparison::Less),
            operators::LESS_EQUALS => self.comparison(call, Comparison::AtMost),
            operators::GREATER => self.comparison(call, Comparison::Greater),
            operators::GREATER_EQUALS => self.comparison(call, Comparison::AtLeast),
            operators::ADD => self.arithmetic(call, Arithmetic::Add),
            operators::SUBSTRACT => self.arithmetic(call, Arithmetic::Subtract),
            operators::MULTIPLY => self.arithmetic(call, Arithmetic::Multiply),
            operators::DIVIDE => self.arithmetic(call, Arithmetic::Divide),
            operators::IN => self.fixed::<2>(call, |parts| Kind::In(Box::new(parts))),
            operators::CONDITIONAL => self.fixed::<3>(call, |parts| Kind::Choose(Box::new(parts))),
            operators::MODULO => self.fixed::<2>(call, |_| Kind::Refused(Construct::Modulo)),
            operators::INDEX | operators::OPT_INDEX => self.refused(self.tokens.bracketed(at), Construct::Index),
            operators::OPT_SELECT => self.refused(Range::one(at), Construct::Syntax),
            name if name.starts_with('.') => self.refused(Range::one(at), Construct::Syntax),
            name => self.function(at, name, call),
        }
    }

    /// `a && b && c` as one node; the parser made a balanced tree of it.
    fn chain(&mut self, call: &CallExpr, operator: &str, make: fn(Vec<Node>) -> Kind) -> (Node, Range) {
        let mut terms = Vec::new();
        let mut range: Option<Range> = None;
        self.terms(call, operator, &mut |node, of| {
            range = Some(range.map_or(of, |range: Range| range.with(of)));
            terms.push(node);
        });
        self.done(range.unwrap_or(Range::one(0)), make(terms))
    }

    fn terms(&mut self, call: &CallExpr, operator: &str, take: &mut dyn FnMut(Node, Range)) {
        for argument in &call.args {
            match &argument.expr {
                Expr::Call(inner) if inner.func_name == operator => self.terms(inner, operator, take),
                _ => {
                    let (node, range) = self.node(argument);
                    take(node, range);
                }
            }
        }
    }

    fn unary(&mut self, at: usize, call: &CallExpr, make: fn(Box<Node>) -> Kind) -> (Node, Range) {
        match call.args.first() {
            Some(operand) => {
                let (node, range) = self.node(operand);
                self.done(range.with(Range::one(at)), make(Box::new(node)))
            }
            None => self.refused(Range::one(at), Construct::Syntax),
        }
    }

    fn comparison(&mut self, call: &CallExpr, operator: Comparison) -> (Node, Range) {
        self.fixed::<2>(call, |parts| Kind::Compare(operator, Box::new(parts)))
    }

    fn arithmetic(&mut self, call: &CallExpr, operator: Arithmetic) -> (Node, Range) {
        self.fixed::<2>(call, |parts| Kind::Arithmetic(operator, Box::new(parts)))
    }

    fn fixed<const N: usize>(&mut self, call: &CallExpr, make: impl FnOnce([Node; N]) -> Kind) -> (Node, Range) {
        let mut nodes = Vec::with_capacity(N);
        let mut range: Option<Range> = None;
        for argument in &call.args {
            let (node, of) = self.node(argument);
            range = Some(range.map_or(of, |range| range.with(of)));
            nodes.push(node);
        }
        let range = range.unwrap_or(Range::one(0));
        match <[Node; N]>::try_from(nodes) {
            Ok(parts) => self.done(range, make(parts)),
            Err(_) => self.refused(range, Construct::Syntax),
        }
    }

    /// A function's token is its opening bracket; its name stands before it.
    fn function(&mut self, at: usize, name: &str, call: &CallExpr) -> (Node, Range) {
        let opener = if self.tokens.word(at) == "(" { at } else { at + 1 };
        let word = Range::one(opener.saturating_sub(1));
        let name_span = self.tokens.span(word);
        let mut range = self.tokens.bracketed(opener).with(word);
        let target = call.target.as_ref().map(|target| {
            let (node, of) = self.node(target);
            range = range.with(of);
            Box::new(node)
        });
        let arguments = call.args.iter().map(|argument| self.node(argument).0).collect();
        self.done(range, Kind::Call { name: name.to_owned(), name_span, target, arguments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as text: each part with its stretch of the source.
    fn outline(node: &Node, text: &str, out: &mut String) {
        let children: Vec<&Node> = match &node.kind {
            Kind::And(parts) | Kind::Or(parts) | Kind::List(parts) => parts.iter().collect(),
            Kind::Not(part) | Kind::Negate(part) => vec![part],
            Kind::Compare(_, parts) | Kind::Arithmetic(_, parts) | Kind::In(parts) => parts.iter().collect(),
            Kind::Choose(parts) => parts.iter().collect(),
            Kind::Call { target, arguments, .. } => target.iter().map(AsRef::as_ref).chain(arguments).collect(),
            Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Name(_) | Kind::Refused(_) => vec![],
        };
        out.push('⟨');
        out.push_str(node.span.of(text));
        for child in children {
            outline(child, text, out);
        }
        out.push('⟩');
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let mut out = String::new();
        match parse(text) {
            Ok(node) => outline(&node, text, &mut out),
            Err(faults) => {
                for fault in faults {
                    out.push_str(&format!("{}@{} {}", fault.code(), fault.span.start, fault.span.of(text)));
                }
            }
        }
        assert_eq!(out, expect);
    }

    #[test]
    fn every_part_knows_its_stretch_of_the_text() {
        check("(a + b) < c.d", "⟨(a + b) < c.d⟨(a + b)⟨a⟩⟨b⟩⟩⟨c.d⟩⟩".replace("⟨(a + b)⟨", "⟨a + b⟨").as_str());
        check(
            "t == \"低保\" && !(x in [1, -2.5])",
            "⟨t == \"低保\" && !(x in [1, -2.5])⟨t == \"低保\"⟨t⟩⟨\"低保\"⟩⟩⟨!(x in [1, -2.5])⟨x in [1, -2.5]⟨x⟩⟨[1, -2.5]⟨1⟩⟨-2.5⟩⟩⟩⟩⟩",
        );
        check(
            "f(a, g(b)) && c.or(1) > 0",
            "⟨f(a, g(b)) && c.or(1) > 0⟨f(a, g(b))⟨a⟩⟨g(b)⟨b⟩⟩⟩⟨c.or(1) > 0⟨c.or(1)⟨c⟩⟨1⟩⟩⟨0⟩⟩⟩",
        );
    }

    #[test]
    fn frequent_slips_are_named() {
        check("a and b", "B0201@2 and");
        check("a = 1", "B0202@2 =");
        check("a ＞ 1", "B0203@2 ＞");
        check("收入 < 3", "B0203@0 收入");
        check("a && ", "B0201@5 ");
        check("a && (b", "B0201@7 ");
        check("a == \"低保", "B0204@5 \"低保");
        check("3元 > a", "B0204@0 3元");
        check("x > 99999999999999999999", "B0204@4 99999999999999999999");
        check("break", "B0201@0 break");
        check("has(a.b)", "B0206@0 has");
    }
}
