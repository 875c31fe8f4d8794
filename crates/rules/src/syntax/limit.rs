//! How long and how deep a condition may be.
//!
//! The parser, the checker and the evaluation recurse, so the depth of the tree is bounded from the
//! tokens alone, before anything is parsed: in one group (between brackets, between commas) each `?:`
//! adds a level, `&&` and `||` make balanced trees, and any other sign may add one.

use super::scan::{Token, TokenKind};
use super::span::Span;
use crate::fault::{Fault, FaultKind};

/// Longest condition, in bytes.
pub const LENGTH_MAX: usize = 16 * 1024;

/// Deepest nesting. Parsing this deep takes less than 1 MiB of stack without optimisation.
pub const DEPTH_MAX: usize = 64;

/// Most leaves of one condition: two bits each are kept in two 128-bit words.
pub const LEAVES_MAX: usize = 128;

/// Refuses a text that is too long to be looked at.
pub(crate) fn length(text: &str) -> Result<(), Vec<Fault>> {
    if text.len() <= LENGTH_MAX {
        return Ok(());
    }
    Err(vec![Fault::new(Span::new(0, text.len()), FaultKind::TooLong { most: LENGTH_MAX, found: text.len() })])
}

/// One bracketed group while it is open.
#[derive(Default)]
struct Group {
    ternaries: usize,
    signs: usize,
    inner: usize,
    deepest_segment: usize,
    deepest_part: usize,
}

impl Group {
    /// `&&` and `||` part segments; each segment is as deep as its signs and its deepest group.
    fn end_segment(&mut self) {
        self.deepest_segment = self.deepest_segment.max(self.signs + self.inner);
        self.signs = 0;
        self.inner = 0;
    }

    /// A comma parts elements, whose depths do not add up.
    fn end_part(&mut self) {
        self.end_segment();
        self.deepest_part = self.deepest_part.max(self.deepest_segment + self.ternaries);
        self.deepest_segment = 0;
        self.ternaries = 0;
    }
}

/// Refuses a text whose tree could be deeper than [`DEPTH_MAX`], pointing at where it becomes so.
pub(crate) fn depth(text: &str, tokens: &[Token]) -> Result<(), Vec<Fault>> {
    let mut open: Vec<Group> = Vec::new();
    let mut group = Group::default();
    for token in tokens {
        match (token.kind, token.span.of(text)) {
            (TokenKind::Open, _) => open.push(std::mem::take(&mut group)),
            (TokenKind::Close, _) => {
                group.end_part();
                let depth = group.deepest_part + 1;
                group = open.pop().unwrap_or_default();
                group.inner = group.inner.max(depth);
            }
            (TokenKind::Sign, "&&" | "||") => group.end_segment(),
            (TokenKind::Sign, ",") => group.end_part(),
            (TokenKind::Sign, "?") => group.ternaries += 1,
            (TokenKind::Sign, ":") => {}
            (TokenKind::Sign, _) | (TokenKind::Name, "in") => group.signs += 1,
            (TokenKind::Name | TokenKind::Number | TokenKind::Text, _) => {}
        }
        let so_far = group.signs + group.inner + group.ternaries;
        if open.len() > DEPTH_MAX || so_far > DEPTH_MAX || group.deepest_segment + group.ternaries > DEPTH_MAX {
            return Err(vec![Fault::new(token.span, FaultKind::TooDeep { most: DEPTH_MAX })]);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::scan::scan;

    #[track_caller]
    fn check(text: &str, allowed: bool) {
        let tokens = scan(text).unwrap();
        assert_eq!(depth(text, &tokens).is_ok(), allowed, "{} bytes", text.len());
    }

    #[test]
    fn nesting_of_every_kind_is_bounded() {
        check(&format!("{}a{}", "(".repeat(64), ")".repeat(64)), true);
        for n in [65, 10_000] {
            check(&format!("{}a{}", "(".repeat(n), ")".repeat(n)), false);
            check(&"(".repeat(n), false);
            check(&format!("{}a", "!".repeat(n)), false);
            check(&format!("a{}", " + a".repeat(n)), false);
            check(&format!("a{}", ".a".repeat(n)), false);
            check(&format!("{}c", "a ? b : ".repeat(n)), false);
            check(&format!("{}c", "a && b ? b : ".repeat(n)), false);
            check(&format!("{}c", "a ? ".repeat(n)), false);
            check(&format!("{}a{}", "f(1 + ".repeat(n), ")".repeat(n)), false);
        }
    }

    #[test]
    fn width_is_not_depth() {
        check(&format!("a{}", " && a + 1 > 2".repeat(1000)), true);
        check(&format!("a in [1{}]", ", -2".repeat(1000)), true);
    }
}
