//! Which cells are merged into which.

use std::collections::BTreeMap;

use crate::cell::{Cell, Merge, Sheet};

/// The merged cells of a sheet, to be asked by row and column.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// By column: ranges in the order of their first row.
    columns: BTreeMap<u16, Vec<Merge>>,
}

/// Wider ranges than this are titles and lines across the page.
const WIDTH_MAX: u16 = 256;

impl Merges {
    pub(super) fn of(sheet: &Sheet) -> Merges {
        let mut columns: BTreeMap<u16, Vec<Merge>> = BTreeMap::new();
        for merge in &sheet.merges {
            let right = merge.right.min(merge.left.saturating_add(WIDTH_MAX));
            for column in merge.left..=right {
                columns.entry(column).or_default().push(*merge);
            }
        }
        Merges { columns }
    }

    /// The merged range that covers a cell.
    pub(super) fn over(&self, row: u32, column: u16) -> Option<&Merge> {
        let ranges = self.columns.get(&column)?;
        let at = ranges.partition_point(|merge| merge.top <= row);
        at.checked_sub(1).and_then(|at| ranges.get(at)).filter(|merge| row <= merge.bottom)
    }

    /// The cell that is seen at a place: of a merged range, the one at its upper left.
    pub(super) fn seen<'a>(&self, sheet: &'a Sheet, row: u32, column: u16) -> &'a Cell {
        match self.over(row, column) {
            Some(merge) => sheet.cell(merge.top, merge.left),
            None => sheet.cell(row, column),
        }
    }
}
