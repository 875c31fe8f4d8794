//! Which tokens a part of a condition covers.

use super::scan::{Token, TokenKind};
use super::span::Span;

/// A range of tokens, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Range {
    pub(super) fn one(at: usize) -> Range {
        Range { first: at, last: at }
    }

    pub(super) fn with(self, other: Range) -> Range {
        Range { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// The tokens of one text, with the partner of each bracket.
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    tokens: &'t [Token],
    partners: Vec<Option<usize>>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token]) -> Tokens<'t> {
        let mut partners = vec![None; tokens.len()];
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Open => open.push(at),
                TokenKind::Close => {
                    if let Some(opener) = open.pop() {
                        if let Some(slot) = partners.get_mut(opener) {
                            *slot = Some(at);
                        }
                        if let Some(slot) = partners.get_mut(at) {
                            *slot = Some(opener);
                        }
                    }
                }
                TokenKind::Name | TokenKind::Number | TokenKind::Text | TokenKind::Sign => {}
            }
        }
        Tokens { text, tokens, partners }
    }

    /// The token that starts at or covers a byte.
    pub(super) fn at(&self, offset: usize) -> Option<usize> {
        let after = self.tokens.partition_point(|token| token.span.start <= offset);
        after.checked_sub(1)
    }

    pub(super) fn word(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.text))
    }

    /// From an opening bracket to its partner, or the bracket alone.
    pub(super) fn bracketed(&self, opener: usize) -> Range {
        Range { first: opener, last: self.partners.get(opener).copied().flatten().unwrap_or(opener) }
    }

    /// The bytes of a range, widened so that every bracket in it has its partner.
    pub(super) fn span(&self, range: Range) -> Span {
        let Range { mut first, mut last } = range;
        for at in range.first..=range.last {
            if let Some(partner) = self.partners.get(at).copied().flatten() {
                first = first.min(partner);
                last = last.max(partner);
            }
        }
        let start = self.tokens.get(first).map_or(0, |token| token.span.start);
        let end = self.tokens.get(last).map_or(self.text.len(), |token| token.span.end);
        Span::new(start, end)
    }
}
