//! ID numbers as tables hold them.

use doudi_model::person::Number;
use doudi_model::person::NumberProblem;

use super::number;
use super::text;
use crate::cell::Cell;
use crate::fault::Fault;

/// The ID number in a cell; none if the cell is blank.
///
/// # Errors
/// If it is not one. A number of 16 digits and more that was kept as a number has lost its last digits, and nobody
/// may guess them.
pub fn read(cell: &Cell) -> Result<Option<Number>, Fault> {
    let written = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(raw) if text::is_blank(raw) => return Ok(None),
        Cell::Text(raw) => text::compact(text::unwrapped(raw)),
        Cell::Number(number) | Cell::Serial(number) => {
            if number::digits_lost(*number) {
                return Err(Fault::DigitsLost { repeated_in: None });
            }
            number::of_float(*number).ok_or(Fault::IdNumber(NumberProblem::Sign))?
        }
        Cell::Bool(_) => return Err(Fault::IdNumber(NumberProblem::Sign)),
        Cell::Error => return Err(Fault::ErrorValue),
        Cell::Unstored => return Err(Fault::Unstored),
        Cell::Command => return Err(Fault::Command),
    };
    if text::nothing(&written).is_some() {
        return Err(Fault::IdNumber(NumberProblem::Empty));
    }
    if number::scientific(&written) {
        return Err(Fault::DigitsLost { repeated_in: None });
    }
    match Number::parse(&written) {
        Ok(number) => Ok(Some(number)),
        Err(_) if text::is_command(&written) => Err(Fault::Command),
        Err(problem) => Err(Fault::IdNumber(problem)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: Cell, expect: Result<&str, Fault>) {
        let read = read(&cell).map(|number| number.map_or(String::new(), |number| number.reveal().to_owned()));
        assert_eq!(read, expect.map(str::to_owned));
    }

    #[test]
    fn every_wrapping_of_a_number_comes_off() {
        for written in [
            "421281199507100000",
            "４２１２８１１９９５０７１０００００",
            "=\"421281199507100000\"",
            "'421281199507100000",
            "421281199507100000\t",
            " 421281 19950710 0000\u{3000}",
            "\u{feff}421281199507100000",
        ] {
            check(Cell::Text(written.to_owned()), Ok("421281199507100000"));
        }
        check(Cell::Text("42122419450620000x".to_owned()), Ok("42122419450620000X"));
    }

    #[test]
    fn a_number_that_lost_digits_is_never_guessed() {
        let lost = Fault::DigitsLost { repeated_in: None };
        check(Cell::Number(421_224_198_206_200_000.0), Err(lost.clone()));
        check(Cell::Text("4.21224E+17".to_owned()), Err(lost.clone()));
        check(Cell::Text("4.21224198206200E+17".to_owned()), Err(lost));
    }

    #[test]
    fn fifteen_digits_kept_as_a_number_are_all_there() {
        check(Cell::Number(421_224_820_620_000.0), Ok("421224198206200006"));
    }

    #[test]
    fn what_is_no_number_says_why() {
        for (written, problem) in [
            ("无", NumberProblem::Empty),
            ("12345", NumberProblem::Length),
            ("421281199507100001", NumberProblem::Check),
            ("42128119950732000A", NumberProblem::Sign),
        ] {
            check(Cell::Text(written.to_owned()), Err(Fault::IdNumber(problem)));
        }
        check(Cell::Unstored, Err(Fault::Unstored));
        check(Cell::Blank, Ok(""));
    }
}
