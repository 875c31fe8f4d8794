//! Places in a condition's text.

/// A stretch of the condition's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The stretch from `start` to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The text of the stretch, empty if it does not lie in `text`.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Line and column of an offset, both counted from 1, the column in characters.
#[must_use]
pub(crate) fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Offset of a line and column as [`line_and_column`] counts them; the end of the text if it is shorter.
#[must_use]
pub(crate) fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for (at, content) in text.split_inclusive('\n').enumerate() {
        if at + 1 == line {
            let inside = content.char_indices().nth(column.saturating_sub(1)).map_or(content.len(), |(byte, _)| byte);
            return start + inside;
        }
        start += content.len();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_offsets_count_bytes() {
        let text = "a == \"低保\" &&\n  b";
        assert_eq!(line_and_column(text, 13), (1, 10));
        assert_eq!(offset_of(text, 1, 10), 13);
        assert_eq!(line_and_column(text, text.len() - 1), (2, 3));
        assert_eq!(offset_of(text, 2, 3), text.len() - 1);
        assert_eq!(offset_of(text, 9, 9), text.len());
    }
}
