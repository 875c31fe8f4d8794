//! Rows of values as a table, for trying conditions out.

use crate::scalar::{Cell, Scalar};
use crate::{Slot, Type, Variable};

use super::Dialect;

/// The columns of a table of values: `nr_`, which counts the rows from 0, then one per variable by slot.
#[derive(Debug, Clone, Copy)]
pub struct Given<'v> {
    dialect: Dialect,
    variables: &'v [Variable],
}

/// A `FROM` item.
pub type Source = String;

impl<'v> Given<'v> {
    /// A table of these variables.
    #[must_use]
    pub fn new(dialect: Dialect, variables: &'v [Variable]) -> Given<'v> {
        Given { dialect, variables }
    }

    /// The column that numbers the rows.
    pub const NUMBER: &'static str = "nr_";

    /// The column of a slot.
    #[must_use]
    pub fn column(slot: Slot) -> String {
        format!("v_{}", slot.0)
    }

    /// The table with these rows; each has a cell per variable, dates become days since 1970.
    pub fn rows<'r>(&self, rows: impl Iterator<Item = &'r [Cell]>) -> Source {
        let names = self.variables.iter().enumerate().map(|(at, _)| Self::column(Slot(at)));
        let names: Vec<String> = std::iter::once(Self::NUMBER.to_owned()).chain(names).collect();
        match self.dialect {
            Dialect::DuckDb | Dialect::Spark => {
                let rows: Vec<String> = rows.enumerate().map(|(at, row)| format!("({})", self.row(at, row))).collect();
                format!("(VALUES {}) AS given_({})", rows.join(",\n"), names.join(", "))
            }
            Dialect::ClickHouse => {
                let types = std::iter::once("UInt64").chain(self.variables.iter().map(|variable| self.ty(variable)));
                let heads: Vec<String> = names.iter().zip(types).map(|(name, ty)| format!("{name} {ty}")).collect();
                let rows: Vec<String> = rows.enumerate().map(|(at, row)| format!("({})", self.row(at, row))).collect();
                format!("values('{}', {})", heads.join(", "), rows.join(",\n"))
            }
        }
    }

    fn ty(&self, variable: &Variable) -> &'static str {
        match variable.ty {
            Type::Bool => self.dialect.flag(),
            Type::Number { .. } | Type::Date => self.dialect.wide(),
            Type::Text => self.dialect.words(),
        }
    }

    /// The cells of a row. The first row says the types.
    fn row(&self, at: usize, row: &[Cell]) -> String {
        let mut cells = vec![at.to_string()];
        for (slot, variable) in self.variables.iter().enumerate() {
            let value =
                row.get(slot).and_then(Option::as_ref).map_or_else(|| "NULL".to_owned(), |cell| self.cell(cell));
            let typed = at > 0 || self.dialect == Dialect::ClickHouse;
            cells.push(if typed { value } else { format!("CAST({value} AS {})", self.ty(variable)) });
        }
        cells.join(", ")
    }

    fn cell(&self, cell: &Scalar) -> String {
        match cell {
            Scalar::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            Scalar::Number(value) => self.dialect.whole(*value),
            Scalar::Day(day) => day.epoch_days().to_string(),
            Scalar::Text(text) => self.dialect.text(text),
        }
    }
}
