//! Names, literals, types and functions of one engine.

use doudi_model::Day;

/// An engine whose SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Spark SQL.
    Spark,
    /// ClickHouse.
    ClickHouse,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 3] = [Dialect::DuckDb, Dialect::Spark, Dialect::ClickHouse];

    /// As on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Dialect::DuckDb => "duckdb",
            Dialect::Spark => "spark",
            Dialect::ClickHouse => "clickhouse",
        }
    }

    /// As its makers write it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Dialect::DuckDb => "DuckDB",
            Dialect::Spark => "Spark SQL",
            Dialect::ClickHouse => "ClickHouse",
        }
    }

    /// A name as it stands in text: bare where no engine could take it for anything else.
    #[must_use]
    pub fn name(self, name: &str) -> String {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        // Reserved words have no underscore, all names of ours have one.
        if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.contains('_') && name.chars().all(plain) {
            return name.to_owned();
        }
        match self {
            Dialect::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            Dialect::ClickHouse => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        }
    }

    /// A text literal.
    #[must_use]
    pub fn text(self, text: &str) -> String {
        match self {
            // Its text may not hold the character 0, its values may.
            Dialect::DuckDb => {
                let parts: Vec<String> =
                    text.split('\0').map(|part| format!("'{}'", part.replace('\'', "''"))).collect();
                if let [whole] = parts.as_slice() {
                    whole.clone()
                } else {
                    format!("({})", parts.join(" || chr(0) || "))
                }
            }
            Dialect::Spark => {
                let mut written = String::from("'");
                for c in text.chars() {
                    match c {
                        '\\' => written.push_str("\\\\"),
                        '\'' => written.push_str("\\'"),
                        '\0' => written.push_str("\\u0000"),
                        // `${…}` would be replaced by a setting before the text is read.
                        '$' => written.push_str("\\u0024"),
                        other => written.push(other),
                    }
                }
                written + "'"
            }
            Dialect::ClickHouse => {
                let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\0', "\\0");
                format!("'{escaped}'")
            }
        }
    }

    /// A whole number; of ClickHouse's own literals those beyond 64 bits would be floats.
    #[must_use]
    pub fn whole(self, value: i128) -> String {
        match self {
            Dialect::ClickHouse if i64::try_from(value).is_err() => format!("toInt128('{value}')"),
            Dialect::DuckDb | Dialect::Spark | Dialect::ClickHouse => value.to_string(),
        }
    }

    /// A date literal.
    #[must_use]
    pub fn day(self, day: Day) -> String {
        match self {
            Dialect::DuckDb | Dialect::Spark => format!("DATE '{day}'"),
            Dialect::ClickHouse => format!("toDate32('{day}')"),
        }
    }

    /// The type of all whole numbers in conditions.
    #[must_use]
    pub fn wide(self) -> &'static str {
        match self {
            Dialect::DuckDb => "HUGEINT",
            Dialect::Spark => "DECIMAL(38, 0)",
            Dialect::ClickHouse => "Nullable(Int128)",
        }
    }

    /// The type of yes and no.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Dialect::DuckDb | Dialect::Spark => "BOOLEAN",
            Dialect::ClickHouse => "Nullable(Bool)",
        }
    }

    /// The type of text.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Dialect::DuckDb => "VARCHAR",
            Dialect::Spark => "STRING",
            Dialect::ClickHouse => "Nullable(String)",
        }
    }

    /// The quotient without its fraction, of two names or literals; the divisor is not zero.
    pub(super) fn quotient(self, dividend: &str, divisor: &str) -> String {
        match self {
            Dialect::DuckDb => format!("{dividend} // {divisor}"),
            // `div` yields 64 bits only. What is divided leaves no rest, so the decimal quotient is exact; it keeps six
            // decimals whatever it is told, so one of more than 32 digits stops the query.
            Dialect::Spark => {
                format!("CAST(({dividend} - {dividend} % {divisor}) / {divisor} AS {})", self.wide())
            }
            Dialect::ClickHouse => format!("intDiv({dividend}, {divisor})"),
        }
    }

    /// The magnitude of a name.
    pub(super) fn magnitude(self, name: &str) -> String {
        match self {
            Dialect::DuckDb | Dialect::Spark => format!("ABS({name})"),
            // Its `abs` loses the sign also of the type.
            Dialect::ClickHouse => format!("toInt128(abs({name}))"),
        }
    }

    /// Year, month and day of the month as one number, 20261124, of a name or literal that counts days since 1970;
    /// NULL outside the years 1800 to 2200.
    pub(super) fn year_month_day(self, days: &str) -> String {
        let (first, last) = (Day::MIN.epoch_days(), Day::MAX.epoch_days());
        let wide = self.wide();
        let written = match self {
            Dialect::DuckDb => {
                format!("CAST(strftime(DATE '1970-01-01' + CAST({days} AS INTEGER), '%Y%m%d') AS {wide})")
            }
            Dialect::Spark => {
                format!("CAST(date_format(date_add(DATE '1970-01-01', CAST({days} AS INT)), 'yyyyMMdd') AS {wide})")
            }
            Dialect::ClickHouse => {
                // Its dates begin in 1900; 400 years later, which are 146,097 days, the calendar is the same.
                let of = |days: &str| format!("toInt128(toYYYYMMDD(toDate32(toInt32({days}))))");
                let (later, own) = (of(&format!("{days} + 146097")), of(days));
                return format!(
                    "CASE WHEN {days} BETWEEN {first} AND -25568 THEN {later} - 4000000 \
                     WHEN {days} BETWEEN -25567 AND {last} THEN {own} END"
                );
            }
        };
        format!("CASE WHEN {days} BETWEEN {first} AND {last} THEN {written} END")
    }

    /// Days since 1970 of a date.
    pub(super) fn day_number(self, date: &str) -> String {
        match self {
            Dialect::DuckDb => format!("CAST({date} - DATE '1970-01-01' AS HUGEINT)"),
            Dialect::Spark => format!("CAST(datediff({date}, DATE '1970-01-01') AS {})", self.wide()),
            Dialect::ClickHouse => format!("CAST(toInt32({date}) AS {})", self.wide()),
        }
    }

    /// Whether a text begins with another.
    pub(super) fn starts_with(self, text: &str, prefix: &str) -> String {
        let function = match self {
            Dialect::DuckDb => "starts_with",
            Dialect::Spark => "startswith",
            Dialect::ClickHouse => "startsWith",
        };
        format!("{function}({text}, {prefix})")
    }

    /// Whether `IN` takes anything but constants.
    pub(super) fn has_free_lists(self) -> bool {
        match self {
            Dialect::DuckDb | Dialect::Spark => true,
            Dialect::ClickHouse => false,
        }
    }
}

/// A comment of one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(write: impl Fn(Dialect) -> String) -> [String; 3] {
        Dialect::ALL.map(write)
    }

    #[test]
    fn only_names_that_nothing_else_could_be_stand_bare() {
        assert_eq!(all(|d| d.name("feature_income_12m")), ["feature_income_12m"; 3]);
        assert_eq!(all(|d| d.name("select")), ["\"select\"", "`select`", "`select`"]);
        assert_eq!(all(|d| d.name("收入")), ["\"收入\"", "`收入`", "`收入`"]);
        assert_eq!(all(|d| d.name("a\"b`c\\d")), ["\"a\"\"b`c\\d\"", "`a\"b``c\\d`", "`a\"b\\`c\\\\d`"]);
        assert_eq!(all(|d| d.name("Feature_a")), ["\"Feature_a\"", "`Feature_a`", "`Feature_a`"]);
    }

    #[test]
    fn texts_are_escaped_as_each_engine_reads_them() {
        assert_eq!(all(|d| d.text("低保")), ["'低保'"; 3]);
        assert_eq!(
            all(|d| d.text("it's \\ ${a}")),
            ["'it''s \\ ${a}'", "'it\\'s \\\\ \\u0024{a}'", "'it\\'s \\\\ ${a}'"]
        );
        assert_eq!(all(|d| d.text("a\0b")), ["('a' || chr(0) || 'b')", "'a\\u0000b'", "'a\\0b'"]);
    }

    #[test]
    fn numbers_beyond_64_bits_stay_whole() {
        let large = i128::from(i64::MAX) + 1;
        assert_eq!(
            all(|d| d.whole(large)),
            ["9223372036854775808", "9223372036854775808", "toInt128('9223372036854775808')"]
        );
        assert_eq!(all(|d| d.whole(-5)), ["-5"; 3]);
    }
}
