//! Amounts: decimal text and its unit to whole fen, exactly.

use doudi_model::Fen;
use doudi_rules::bundle::register::MoneyUnit;

use super::Assumed;
use super::number::{self, Decimal, NotDecimal};
use super::text::{self, Nothing};
use crate::cell::Cell;
use crate::fault::Fault;

/// The amount in a cell; none if the cell is blank. `unit` is the column's; a unit in the cell itself goes before it.
///
/// # Errors
/// Says why it is no amount. Nothing is guessed: a dash is not zero, `1,2` is neither 1.2 nor 12.
pub fn read(cell: &Cell, unit: MoneyUnit, most: Option<i64>) -> Result<Option<(Fen, Option<Assumed>)>, Fault> {
    let (written, computed) = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(raw) if text::is_blank(raw) => return Ok(None),
        Cell::Text(raw) => (text::compact(text::unwrapped(raw)), false),
        Cell::Number(number) | Cell::Serial(number) => (number::of_float(*number).ok_or(Fault::NoNumber)?, true),
        Cell::Bool(_) => return Err(Fault::NoNumber),
        Cell::Error => return Err(Fault::ErrorValue),
        Cell::Unstored => return Err(Fault::Unstored),
        Cell::Command => return Err(Fault::Command),
    };
    match text::nothing(&written) {
        Some(Nothing::Dash) => return Err(Fault::Dash),
        Some(Nothing::Word) => return Err(Fault::WordForNone),
        None => {}
    }
    let (number, unit, own) = split(&written, unit);
    let decimal = number::decimal(number).map_err(|fault| fault_of(fault, &written))?;
    let (fen, assumed) = fen(decimal, unit, computed)?;
    match most {
        // The cell's own unit leaves no doubt about the unit.
        Some(most) if fen.0.unsigned_abs() > most.unsigned_abs() && !own => Err(Fault::Implausible { most: Fen(most) }),
        _ => Ok(Some((fen, assumed))),
    }
}

fn fault_of(fault: NotDecimal, written: &str) -> Fault {
    match fault {
        NotDecimal::Separators => Fault::Separators,
        NotDecimal::Scientific => Fault::DigitsLost { repeated_in: None },
        NotDecimal::TooLong => Fault::NoNumber,
        NotDecimal::NoNumber if text::is_command(written) => Fault::Command,
        NotDecimal::NoNumber => Fault::NoNumber,
    }
}

fn fen(decimal: Decimal, unit: MoneyUnit, computed: bool) -> Result<(Fen, Option<Assumed>), Fault> {
    match decimal.whole(unit.exponent()) {
        Some(fen) => Ok((Fen(fen), None)),
        None if computed => {
            decimal.rounded(unit.exponent()).map(|fen| (Fen(fen), Some(Assumed::Rounded))).ok_or(Fault::NoNumber)
        }
        None if decimal.scale > unit.exponent() => Err(Fault::PartOfFen),
        None => Err(Fault::NoNumber),
    }
}

/// The number without what stands around it, the unit that holds, and whether the cell says it.
fn split(written: &str, unit: MoneyUnit) -> (&str, MoneyUnit, bool) {
    let mut rest = written;
    for before in ["人民币", "RMB", "¥", "约合"] {
        rest = rest.strip_prefix(before).unwrap_or(rest);
    }
    for period in ["/月", "/年", "/人", "/户", "/次", "整"] {
        rest = rest.strip_suffix(period).unwrap_or(rest);
    }
    let units = [
        ("亿元", None),
        ("万元", Some(MoneyUnit::TenThousandYuan)),
        ("千元", Some(MoneyUnit::ThousandYuan)),
        ("万", Some(MoneyUnit::TenThousandYuan)),
        ("元", Some(MoneyUnit::Yuan)),
        ("圆", Some(MoneyUnit::Yuan)),
        ("块", Some(MoneyUnit::Yuan)),
        ("分", Some(MoneyUnit::Fen)),
    ];
    for (word, named) in units {
        if let Some(number) = rest.strip_suffix(word) {
            return (number, named.unwrap_or(unit), named.is_some());
        }
    }
    (rest, unit, false)
}

/// The unit that a header or a title states: `（元）`, `单位：万元`, `(元/月)`.
#[must_use]
pub fn unit_in(header: &str) -> Option<MoneyUnit> {
    let compact = text::compact(header);
    let stated = compact.split(['(', ')', '[', ']', ',', '/', ';']).rev().find_map(|part| {
        let part = part.rsplit(':').next().unwrap_or(part);
        let part =
            ["单位为", "单位", "计量", "金额"].iter().fold(part, |part, word| part.strip_prefix(word).unwrap_or(part));
        match part {
            "元" | "人民币元" => Some(MoneyUnit::Yuan),
            "万元" | "万" => Some(MoneyUnit::TenThousandYuan),
            "千元" => Some(MoneyUnit::ThousandYuan),
            "分" => Some(MoneyUnit::Fen),
            _ => None,
        }
    });
    stated.filter(|_| compact.contains(['(', '[', ':']) || compact.contains("单位"))
}

#[cfg(test)]
#[expect(clippy::excessive_precision, reason = "written as spreadsheets store it")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, unit: MoneyUnit, expect: Result<i64, Fault>) {
        let read = read(&Cell::Text(written.to_owned()), unit, None);
        assert_eq!(read.map(|read| read.map_or(0, |(fen, _)| fen.0)), expect, "{written}");
    }

    #[test]
    fn amounts_are_read_exactly_in_every_unit_and_form() {
        use MoneyUnit::{Fen, TenThousandYuan, ThousandYuan, Yuan};
        for (written, unit, fen) in [
            ("1,395.00", Yuan, 139_500),
            ("1，395.00", Yuan, 139_500),
            ("１，３９５．００", Yuan, 139_500),
            ("1395", Yuan, 139_500),
            (" 1 395.5 ", Yuan, 139_550),
            ("¥1,395.00", Yuan, 139_500),
            ("￥1395元", Yuan, 139_500),
            ("1395元整", Yuan, 139_500),
            ("人民币1395元", Yuan, 139_500),
            ("300元/月", Yuan, 30_000),
            ("0", Yuan, 0),
            ("-12.30", Yuan, -1_230),
            ("0.01", Yuan, 1),
            ("1.2", TenThousandYuan, 1_200_000),
            ("１．２", TenThousandYuan, 1_200_000),
            ("0.35万", TenThousandYuan, 350_000),
            ("0.35万", Yuan, 350_000),
            ("0.35万元", Yuan, 350_000),
            ("5000元", TenThousandYuan, 500_000),
            ("1.2345", TenThousandYuan, 1_234_500),
            ("0.000001", TenThousandYuan, 1),
            ("2.5", ThousandYuan, 250_000),
            ("2.5千元", Yuan, 250_000),
            ("139500", Fen, 139_500),
            ("139500分", Yuan, 139_500),
            ("=\"1395.00\"", Yuan, 139_500),
        ] {
            check(written, unit, Ok(fen));
        }
    }

    #[test]
    fn what_is_no_amount_is_never_taken_for_one() {
        use MoneyUnit::{TenThousandYuan, Yuan};
        for (written, unit, fault) in [
            ("—", Yuan, Fault::Dash),
            ("-", Yuan, Fault::Dash),
            ("/", Yuan, Fault::Dash),
            ("无", Yuan, Fault::WordForNone),
            ("待定", Yuan, Fault::NoNumber),
            ("约5000", Yuan, Fault::NoNumber),
            ("5000左右", Yuan, Fault::NoNumber),
            ("伍佰元", Yuan, Fault::NoNumber),
            ("1,2", TenThousandYuan, Fault::Separators),
            ("12.345", Yuan, Fault::PartOfFen),
            ("0.0000001", TenThousandYuan, Fault::PartOfFen),
            ("1.2E+05", Yuan, Fault::DigitsLost { repeated_in: None }),
            ("99999999999999999999", Yuan, Fault::NoNumber),
            ("=cmd|' /C calc'!A0", Yuan, Fault::Command),
        ] {
            check(written, unit, Err(fault));
        }
    }

    #[test]
    fn a_blank_is_nothing_and_not_zero() {
        for cell in [Cell::Blank, Cell::Text("\u{3000}".to_owned())] {
            assert_eq!(read(&cell, MoneyUnit::Yuan, None), Ok(None));
        }
    }

    #[test]
    fn a_computed_amount_is_rounded_to_the_fen_and_says_so() {
        let read = |number| read(&Cell::Number(number), MoneyUnit::Yuan, None);
        assert_eq!(read(33.333_333_333), Ok(Some((Fen(3_333), Some(Assumed::Rounded)))));
        assert_eq!(read(81_809.899_999_999_99), Ok(Some((Fen(8_180_990), None))));
    }

    #[test]
    fn an_amount_beyond_belief_is_reported_and_not_converted() {
        let most = Some(20_000_000);
        let read = |cell| read(&cell, MoneyUnit::TenThousandYuan, most);
        assert_eq!(read(Cell::Number(12_000.0)), Err(Fault::Implausible { most: Fen(20_000_000) }));
        assert_eq!(read(Cell::Text("12000元".to_owned())), Ok(Some((Fen(1_200_000), None))));
    }

    #[test]
    fn headers_and_titles_state_units() {
        for (header, expect) in [
            ("月保障金（元）", Some(MoneyUnit::Yuan)),
            ("护理补贴(元/月)", Some(MoneyUnit::Yuan)),
            ("赤壁市2024年临时救助台账（金额单位：万元）", Some(MoneyUnit::TenThousandYuan)),
            ("单位：元", Some(MoneyUnit::Yuan)),
            ("单位:万元、人", None),
            ("费用（千元）", Some(MoneyUnit::ThousandYuan)),
            ("金额", None),
            ("填报单位：咸安区民政局", None),
            ("元旦慰问（户）", None),
        ] {
            assert_eq!(unit_in(header), expect, "{header}");
        }
    }
}
