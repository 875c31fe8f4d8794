//! What calamine leaves out of a workbook: hidden rows, merged cells, formulas without a result.

use std::collections::BTreeMap;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Refusal;
use crate::cell::Merge;

/// Marks of one sheet.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Hidden rows, from 1, as first and last.
    pub(super) hidden: Vec<(u32, u32)>,
    /// Merged cells.
    pub(super) merges: Vec<Merge>,
}

impl Marks {
    /// Whether a row is hidden.
    pub(super) fn is_hidden(&self, row: u32) -> bool {
        let at = self.hidden.partition_point(|(first, _)| *first <= row);
        at.checked_sub(1).and_then(|at| self.hidden.get(at)).is_some_and(|(_, last)| row <= *last)
    }

    fn hide(&mut self, first: u32, count: u32) {
        let last = first.saturating_add(count.max(1) - 1);
        match self.hidden.last_mut() {
            Some((_, end)) if end.saturating_add(1) == first => *end = last,
            _ => self.hidden.push((first, last)),
        }
    }
}

/// The most merged ranges that are kept: more than a page of a form has.
const MERGES_MAX: usize = 2_000_000;

/// The marks of a sheet of an `.xlsx` workbook.
pub(super) fn of_xlsx(xml: impl BufRead) -> Result<Marks, Refusal> {
    let mut reader = Reader::from_reader(xml);
    let (mut marks, mut buffer, mut row) = (Marks::default(), Vec::new(), 0_u32);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Refusal::Damaged)? {
            Event::Start(element) | Event::Empty(element) => match local(&element).as_str() {
                "row" => {
                    row = attribute(&element, "r").and_then(|row| row.parse().ok()).unwrap_or(row.saturating_add(1));
                    if attribute(&element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true") {
                        marks.hide(row, 1);
                    }
                }
                "mergeCell" => {
                    let merge = attribute(&element, "ref").and_then(|range| merge(&range));
                    marks.merges.extend(merge.filter(|_| marks.merges.len() < MERGES_MAX));
                }
                _ => {}
            },
            Event::Eof => return Ok(finished(marks)),
            _ => {}
        }
    }
}

/// The marks of all sheets of an `.ods` document, by the sheets' order.
pub(super) fn of_ods(xml: impl BufRead) -> Result<BTreeMap<usize, Marks>, Refusal> {
    let mut reader = Reader::from_reader(xml);
    let (mut all, mut buffer) = (BTreeMap::new(), Vec::new());
    let (mut sheet, mut row, mut repeat, mut column) = (0_usize, 0_u32, 0_u32, 0_u32);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Refusal::Damaged)? {
            Event::Start(element) | Event::Empty(element) => {
                let number = |name: &str| attribute(&element, name).and_then(|text| text.parse::<u32>().ok());
                match local(&element).as_str() {
                    "table" => {
                        sheet += 1;
                        (row, repeat) = (1, 0);
                        all.insert(sheet - 1, Marks::default());
                    }
                    "table-row" => {
                        row = row.saturating_add(repeat);
                        repeat = number("number-rows-repeated").unwrap_or(1);
                        column = 0;
                        let hidden = attribute(&element, "visibility").is_some_and(|state| state != "visible");
                        if let Some(marks) = all.get_mut(&sheet.saturating_sub(1)).filter(|_| hidden) {
                            marks.hide(row, repeat);
                        }
                    }
                    "table-cell" | "covered-table-cell" => {
                        let (wide, tall) =
                            (number("number-columns-spanned").unwrap_or(1), number("number-rows-spanned").unwrap_or(1));
                        if wide > 1 || tall > 1 {
                            let end = |at: u32, count: u32| at.saturating_add(count.max(1) - 1);
                            let edge = |at: u32| u16::try_from(at).unwrap_or(u16::MAX);
                            let merge = Merge {
                                top: row,
                                bottom: end(row, tall),
                                left: edge(column),
                                right: edge(end(column, wide)),
                            };
                            if let Some(marks) =
                                all.get_mut(&sheet.saturating_sub(1)).filter(|marks| marks.merges.len() < MERGES_MAX)
                            {
                                marks.merges.push(merge);
                            }
                        }
                        column = column.saturating_add(number("number-columns-repeated").unwrap_or(1));
                    }
                    _ => {}
                }
            }
            Event::Eof => return Ok(all.into_iter().map(|(at, marks)| (at, finished(marks))).collect()),
            _ => {}
        }
    }
}

fn finished(mut marks: Marks) -> Marks {
    marks.merges.sort_by_key(|merge| (merge.top, merge.left));
    marks.hidden.sort_unstable();
    marks
}

fn local(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    attributes
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| attribute.value.into_owned())
}

/// `A1:H1`.
fn merge(range: &str) -> Option<Merge> {
    let (from, to) = range.split_once(':')?;
    let ((left, top), (right, bottom)) = (corner(from)?, corner(to)?);
    (left <= right && top <= bottom).then_some(Merge { top, bottom, left, right })
}

fn corner(cell: &str) -> Option<(u16, u32)> {
    let plain: String = cell.chars().filter(|sign| *sign != '$').collect();
    let split = plain.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = plain.split_at(split);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        column.checked_mul(26)?.checked_add(value).filter(|column| value <= 26 && *column <= 16_384)
    })?;
    Some((u16::try_from(column.checked_sub(1)?).ok()?, row.parse().ok().filter(|row| *row >= 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_nonsense_is_none() {
        assert_eq!(merge("A1:H1"), Some(Merge { top: 1, bottom: 1, left: 0, right: 7 }));
        assert_eq!(merge("$E$17:E18"), Some(Merge { top: 17, bottom: 18, left: 4, right: 4 }));
        for range in ["A1", "H1:A1", "1:2", "A:B", "ZZZZZ1:A2", "A0:B1", ""] {
            assert_eq!(merge(range), None, "{range}");
        }
    }

    #[test]
    fn hidden_rows_are_found_in_both_forms() {
        let xlsx = br#"<worksheet><sheetData><row r="2"/><row r="4" hidden="1"><c r="A4"/></row><row hidden="true"/></sheetData></worksheet>"#;
        let marks = of_xlsx(&xlsx[..]).unwrap();
        assert_eq!(marks.hidden, [(4, 5)]);
        let ods = br#"<t:table><t:table-row t:number-rows-repeated="3"/><t:table-row t:visibility="filter"><t:table-cell t:number-rows-spanned="2"/></t:table-row></t:table>"#;
        let marks = of_ods(&ods[..]).unwrap();
        assert_eq!(marks[&0].hidden, [(4, 4)]);
        assert_eq!(marks[&0].merges, [Merge { top: 4, bottom: 5, left: 0, right: 0 }]);
        assert!(marks[&0].is_hidden(4) && !marks[&0].is_hidden(5) && !marks[&0].is_hidden(3));
    }
}
