//! The first look at a condition: its tokens, and what cannot be a token.
//!
//! The parser needs no help with tokens. This scan exists for three other reasons: to say plainly what is
//! wrong with `＞`, `=` or a Chinese name, to bound nesting before anything recurses ([`super::limit`]),
//! and to give back the text that the parser turned into a float.

use super::ast::Construct;
use super::span::Span;
use crate::fault::{Fault, FaultKind};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Name,
    Number,
    Text,
    Open,
    Close,
    Sign,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// Macros of CEL, which would turn into loops.
const MACROS: [&str; 8] =
    ["all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap"];

/// Splits a condition into tokens, or says what in it cannot be read.
pub(crate) fn scan(text: &str) -> Result<Vec<Token>, Vec<Fault>> {
    let mut scanner = Scanner { text, at: 0, tokens: Vec::new(), faults: Vec::new() };
    while let Some(next) = scanner.peek() {
        scanner.token(next);
    }
    scanner.refuse_macros();
    if scanner.faults.is_empty() { Ok(scanner.tokens) } else { Err(scanner.faults) }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn token(&mut self, next: char) {
        match next {
            ' ' | '\t' | '\r' | '\n' | '\u{c}' => self.at += 1,
            '/' if self.rest().starts_with("//") => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
            '"' | '\'' => self.string(0, false),
            '0'..='9' => self.number(),
            '.' if self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            '(' | '[' | '{' => self.push(TokenKind::Open, 1),
            ')' | ']' | '}' => self.push(TokenKind::Close, 1),
            '`' => self.refuse(1, FaultKind::Unsupported(Construct::Syntax)),
            '.' | ',' | '-' | '+' | '*' | '/' | '%' | '?' | ':' => self.push(TokenKind::Sign, 1),
            '<' if self.rest().starts_with("<>") => self.refuse(2, FaultKind::Operator { found: "<>", write: "!=" }),
            '<' | '>' | '!' => self.push(TokenKind::Sign, if self.rest().chars().nth(1) == Some('=') { 2 } else { 1 }),
            '=' if self.rest().starts_with("==") => self.push(TokenKind::Sign, 2),
            '=' => self.refuse(1, FaultKind::Operator { found: "=", write: "==" }),
            '&' if self.rest().starts_with("&&") => self.push(TokenKind::Sign, 2),
            '&' => self.refuse(1, FaultKind::Operator { found: "&", write: "&&" }),
            '|' if self.rest().starts_with("||") => self.push(TokenKind::Sign, 2),
            '|' => self.refuse(1, FaultKind::Operator { found: "|", write: "||" }),
            _ => self.foreign(next),
        }
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        self.tokens.push(Token { kind, span });
    }

    fn refuse(&mut self, length: usize, kind: FaultKind) {
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        self.faults.push(Fault::new(span, kind));
    }

    /// A run of characters that no token can hold: full-width signs, Chinese names, stray signs.
    fn foreign(&mut self, first: char) {
        let single = ascii_twin(first);
        let run: String = match single {
            Some(_) => first.to_string(),
            // A title such as 近12个月收入 is one name with its digits.
            None if first.is_alphabetic() => {
                let part = |c: &char| c.is_alphanumeric() && ascii_twin(*c).is_none() || *c == '_';
                self.rest().chars().take_while(part).collect()
            }
            None => self.rest().chars().take_while(|c| !c.is_ascii() && ascii_twin(*c).is_none()).collect(),
        };
        let run = if run.is_empty() { first.to_string() } else { run };
        let length = run.len();
        self.refuse(length, FaultKind::Foreign { found: run, write: single, nearest: None });
    }

    fn name(&mut self) {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or("");
        let quoted = rest.get(length..).is_some_and(|after| after.starts_with(['"', '\'']));
        match name {
            "r" | "R" if quoted => self.string(length, true),
            "b" | "B" if quoted => self.string(length, false),
            "br" | "bR" | "Br" | "BR" if quoted => self.string(length, true),
            _ => self.push(TokenKind::Name, length),
        }
    }

    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
        let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
        let mut length = digits(0);
        if length == 1 && at(0) == b'0' && matches!(at(1), b'x' | b'X') {
            length = 2 + bytes.iter().skip(2).take_while(|b| b.is_ascii_hexdigit()).count();
        } else {
            if at(length) == b'.' && at(length + 1).is_ascii_digit() {
                length += 1 + digits(length + 1);
            }
            if matches!(at(length), b'e' | b'E') {
                let sign = usize::from(matches!(at(length + 1), b'+' | b'-'));
                let exponent = digits(length + 1 + sign);
                length += if exponent > 0 { 1 + sign + exponent } else { 0 };
            }
        }
        length += usize::from(matches!(at(length), b'u' | b'U'));
        let trailing = bytes.iter().skip(length).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if trailing > 0 || !at(length).is_ascii() {
            let rest = self.rest();
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()).max(length);
            self.refuse(end, FaultKind::Number);
        } else {
            self.push(TokenKind::Number, length);
        }
    }

    /// A string that starts after `prefix` letters; `raw` ones know no escapes.
    fn string(&mut self, prefix: usize, raw: bool) {
        let body = self.rest().get(prefix..).unwrap_or("");
        let quote = if body.starts_with('"') { '"' } else { '\'' };
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let length = if body.starts_with(&triple) {
            closing(body, &triple, raw, true)
        } else {
            closing(body, &quote.to_string(), raw, false)
        };
        match length {
            Some(length) => self.push(TokenKind::Text, prefix + length),
            None => {
                let length = self.rest().find('\n').unwrap_or(self.rest().len());
                self.refuse(length, FaultKind::OpenText);
                self.at = self.text.len();
            }
        }
    }

    fn refuse_macros(&mut self) {
        let text_of = |token: Option<&Token>| token.map_or("", |token| token.span.of(self.text));
        for (at, token) in self.tokens.iter().enumerate() {
            let name = token.span.of(self.text);
            let called = text_of(self.tokens.get(at + 1)) == "(";
            let method = at.checked_sub(1).is_some_and(|before| text_of(self.tokens.get(before)) == ".");
            if called && ((method && MACROS.contains(&name)) || (!method && name == "has")) {
                let kind = FaultKind::Unsupported(Construct::Macro(name.to_owned()));
                self.faults.push(Fault::new(token.span, kind));
            }
        }
    }
}

/// Length of the string up to and with its closing quotes.
fn closing(body: &str, quotes: &str, raw: bool, many_lines: bool) -> Option<usize> {
    let mut escaped = false;
    let mut at = quotes.len();
    for next in body.get(at..)?.chars() {
        if !escaped && body.get(at..)?.starts_with(quotes) {
            return Some(at + quotes.len());
        }
        if !many_lines && matches!(next, '\n' | '\r') {
            return None;
        }
        escaped = !raw && next == '\\' && !escaped;
        at += next.len_utf8();
    }
    None
}

/// The sign that was meant by a full-width or typographic one.
fn ascii_twin(sign: char) -> Option<&'static str> {
    Some(match sign {
        '（' => "(",
        '）' => ")",
        '［' | '【' => "[",
        '］' | '】' => "]",
        '，' | '、' => ",",
        '．' => ".",
        '＋' => "+",
        '－' | '—' | '–' | '−' => "-",
        '＊' | '×' => "*",
        '＜' | '〈' => "<",
        '＞' | '〉' => ">",
        '≤' | '≦' => "<=",
        '≥' | '≧' => ">=",
        '≠' => "!=",
        '＝' => "==",
        '！' => "!",
        '？' => "?",
        '：' => ":",
        '＆' => "&&",
        '｜' => "||",
        '∧' => "&&",
        '∨' => "||",
        '“' | '”' | '＂' | '‘' | '’' | '「' | '」' => "\"",
        '\u{3000}' | '\u{a0}' | '\u{feff}' => " ",
        '０'..='９' => "0-9",
        _ => return None,
    })
}
