//! Text that knows how tightly it holds together and what it rests on.

/// How tightly a text holds together; what is looser than its surroundings needs brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    Or,
    And,
    Not,
    Test,
    Sum,
    Product,
    Sign,
    /// Brackets, calls, `CASE … END`.
    Closed,
    /// A name or a literal, as cheap to write twice as once.
    Name,
}

/// An expression under way.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) tie: Tie,
    /// How many `SELECT`s stand below the one that it can stand in.
    pub(super) depth: usize,
}

impl Piece {
    pub(super) fn new(text: impl Into<String>, tie: Tie, depth: usize) -> Piece {
        Piece { text: text.into(), tie, depth }
    }

    /// The text, in brackets unless it holds at least so tightly.
    pub(super) fn tied(&self, least: Tie) -> String {
        if self.tie >= least { self.text.clone() } else { format!("({})", self.text) }
    }
}

pub(super) fn depth<'p>(parts: impl IntoIterator<Item = &'p Piece>) -> usize {
    parts.into_iter().map(|part| part.depth).max().unwrap_or(0)
}

pub(super) fn texts(parts: &[Piece], least: Tie) -> Vec<String> {
    parts.iter().map(|part| part.tied(least)).collect()
}

/// Parts joined by a connective; none of them is `empty`.
pub(super) fn joined(parts: &[Piece], by: &str, tie: Tie, empty: &str) -> Piece {
    match parts {
        [] => Piece::new(empty, Tie::Name, 0),
        [one] => one.clone(),
        // A mixture of AND and OR is always bracketed, as a reader would.
        several => Piece::new(texts(several, Tie::Not).join(by), tie, depth(several)),
    }
}

pub(super) fn call(function: &str, parts: &[Piece]) -> Piece {
    Piece::new(format!("{function}({})", texts(parts, Tie::Or).join(", ")), Tie::Closed, depth(parts))
}

/// `left operator right`, both sides at least so tight.
pub(super) fn infix(left: &Piece, operator: &str, right: &Piece, tie: Tie, least: Tie) -> Piece {
    let text = format!("{} {operator} {}", left.tied(least), right.tied(least));
    Piece::new(text, tie, depth([left, right]))
}

/// Grouped from the left: the right side needs brackets where it is no tighter than the operator.
pub(super) fn infix_left(left: &Piece, operator: &str, right: &Piece, tie: Tie) -> Piece {
    let tighter = if tie == Tie::Sum { Tie::Product } else { Tie::Closed };
    let text = format!("{} {operator} {}", left.tied(tie), right.tied(tighter));
    Piece::new(text, tie, depth([left, right]))
}
