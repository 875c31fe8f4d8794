//! Columns that rest on each other, as one `SELECT` in as many steps as they need.

use std::fmt::Write as _;

use super::Dialect;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A part that other columns need more than once.
    Step,
    /// The verdict of a leaf, by its index in its condition.
    Leaf(usize),
    /// What was asked for.
    Answer,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, not quoted.
    pub name: String,
    /// The expression.
    pub sql: String,
    /// What it is for.
    pub role: Role,
    /// What it means, on one line; empty if the expression says it.
    pub note: String,
    /// How many `SELECT`s stand below the one that holds it.
    pub(super) depth: usize,
}

/// Columns in the order in which they were made; each rests on the source and on columns before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    pub(super) dialect: Dialect,
    /// The columns.
    pub columns: Vec<Column>,
}

impl Select {
    /// The statement over a table, view or `FROM` item, with the columns of `keep` before its own; `*` keeps all.
    #[must_use]
    pub fn over(&self, source: &str, keep: &str) -> String {
        let last = self.columns.iter().map(|column| column.depth).max().unwrap_or(0);
        let mut text = String::new();
        let mut from = source.to_owned();
        for depth in 0..last {
            let name = format!("step_{}", depth + 1);
            let open = if depth == 0 { "WITH " } else { ", " };
            let _ = write!(text, "{open}{name} AS (\n  SELECT *");
            self.write(&mut text, depth, "    ");
            let _ = write!(text, "\n  FROM {from}\n)");
            from = name;
        }
        let gap = if last > 0 { "\n" } else { "" };
        let _ = write!(text, "{gap}SELECT {keep}");
        let kept = if keep == "*" { Vec::new() } else { self.below(last) };
        for column in kept {
            let _ = write!(text, ",\n  {}", self.dialect.name(&column.name));
        }
        self.write(&mut text, last, "  ");
        let _ = write!(text, "\nFROM {from}");
        text
    }

    /// The leaves and answers that stand below a depth.
    fn below(&self, depth: usize) -> Vec<&Column> {
        self.columns.iter().filter(|column| column.depth < depth && column.role != Role::Step).collect()
    }

    fn write(&self, text: &mut String, depth: usize, indent: &str) {
        for column in self.columns.iter().filter(|column| column.depth == depth) {
            text.push(',');
            if !column.note.is_empty() {
                let _ = write!(text, "\n{indent}-- {}", column.note);
            }
            let _ = write!(text, "\n{indent}{} AS {}", column.sql, self.dialect.name(&column.name));
        }
    }
}
