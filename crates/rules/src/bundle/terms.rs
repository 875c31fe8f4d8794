//! School terms (学期, `calendar/terms.csv`): dated, for windows such as `previous term`.
//!
//! A day that lies in no term of the table is unknown to features over terms, never a guess: neither holidays nor days
//! beyond the table's last row count as the term before or after.

use doudi_model::{Day, Problem, Text};

use super::source::{Row, Source, table};

/// Where the table lies.
pub(crate) const PATH: &str = "calendar/terms.csv";

const COLUMNS: [&str; 5] = ["term", "from", "to", "source", "note"];

/// Two rows further apart than this leave out a term between them: no school holiday is as long.
const LONGEST_HOLIDAY: i32 = 120;

/// All terms, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    rows: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its name, such as `2026-autumn`.
    pub name: String,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Where its days come from.
    pub source: String,
    /// A remark.
    pub note: String,
}

impl Terms {
    /// The term that holds a day, and the one before it.
    ///
    /// # Unknown
    /// `None` if the day lies in no known term; the inner one if the table does not reach back so far.
    #[must_use]
    pub fn around(&self, day: Day) -> Option<(&Term, Option<&Term>)> {
        let at = self.rows.iter().position(|term| term.from <= day && day <= term.to)?;
        let previous = at.checked_sub(1).and_then(|before| self.rows.get(before));
        Some((self.rows.get(at)?, previous))
    }

    /// The first day after `day` on which a term begins; [`Day::MAX`] if none is known.
    #[must_use]
    pub fn next_after(&self, day: Day) -> Day {
        self.rows.iter().map(|term| term.from).find(|from| *from > day).unwrap_or(Day::MAX)
    }

    /// All terms, in order.
    #[must_use]
    pub fn rows(&self) -> &[Term] {
        &self.rows
    }

    /// Reads the table, if the bundle has one.
    pub(super) fn load(source: Option<Source<'_>>, problems: &mut Vec<Problem>) -> Terms {
        let Some(source) = source else { return Terms::default() };
        let mut rows: Vec<(String, Term)> = Vec::new();
        for row in table(source, &COLUMNS, problems) {
            match term(&row) {
                Ok(term) => rows.push((row.place, term)),
                Err(problem) => problems.push(problem.at(row.place)),
            }
        }
        rows.sort_by_key(|(_, term)| term.from);
        for pair in rows.windows(2) {
            if let [(_, earlier), (place, later)] = pair {
                problems.extend(between(earlier, later).map(|problem| problem.at(place.clone())));
            }
        }
        Terms { rows: rows.into_iter().map(|(_, term)| term).collect() }
    }
}

fn term(row: &Row) -> Result<Term, Problem> {
    let fault = |field: &str, zh: &str, en: &str| {
        Problem::new(
            "B0305",
            Text::new(format!("{field}：{zh}"), format!("{field}: {en}")),
            Text::new("请改正这一格", "mend this cell"),
        )
        .in_field(field)
    };
    let day = |field: &str| {
        let no_day = || fault(field, "不是日期，应为 YYYY-MM-DD", "not a day, expected YYYY-MM-DD");
        row.cell(field).parse::<Day>().map_err(|_| no_day())
    };
    let filled = |field: &str| match row.cell(field) {
        "" => Err(fault(field, "不能为空", "must not be empty")),
        text => Ok(text.to_owned()),
    };
    let (from, to) = (day("from")?, day("to")?);
    if to < from {
        return Err(fault("to", "早于 from", "before `from`"));
    }
    Ok(Term { name: filled("term")?, from, to, source: filled("source")?, note: row.cell("note").to_owned() })
}

/// What is wrong between two rows that follow each other.
fn between(earlier: &Term, later: &Term) -> Option<Problem> {
    let (name, other) = (&earlier.name, &later.name);
    if later.from <= earlier.to {
        return Some(Problem::new(
            "B0306",
            Text::new(format!("学期 {other} 与 {name} 重叠"), format!("the term {other} overlaps with {name}")),
            Text::new("请改正起止日期", "mend the days"),
        ));
    }
    (later.from.days_since(earlier.to) > LONGEST_HOLIDAY).then(|| {
        Problem::new(
            "B0306",
            Text::new(
                format!("学期 {name} 与 {other} 之间相隔超过{LONGEST_HOLIDAY}天，漏了学期"),
                format!("more than {LONGEST_HOLIDAY} days lie between {name} and {other}: a term is left out"),
            ),
            Text::new("请补上中间的学期", "add the terms in between"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> (Terms, Vec<String>) {
        let mut problems = Vec::new();
        let terms = Terms::load(Some(Source { path: PATH, text }), &mut problems);
        (terms, problems.iter().map(|problem| format!("{} {}", problem.code, problem.place)).collect())
    }

    const TWO: &str = "term,from,to,source,note\n\
        2026-autumn,2026-09-01,2027-01-20,own,\n\
        2026-spring,2026-02-25,2026-07-05,own,\n";

    #[test]
    fn holidays_and_days_beyond_the_table_lie_in_no_term() {
        let (terms, problems) = load(TWO);
        assert_eq!(problems, Vec::<String>::new());
        let names = |day: &str| {
            let around = terms.around(day.parse().unwrap());
            around.map(|(current, previous)| (current.name.as_str(), previous.map(|term| term.name.as_str())))
        };
        assert_eq!(names("2026-09-01"), Some(("2026-autumn", Some("2026-spring"))));
        assert_eq!(names("2027-01-20"), Some(("2026-autumn", Some("2026-spring"))));
        assert_eq!(names("2026-03-01"), Some(("2026-spring", None)));
        for outside in ["2026-02-24", "2026-07-06", "2026-08-31", "2027-01-21", "2030-10-01"] {
            assert_eq!(names(outside), None, "{outside}");
        }
        assert_eq!(terms.next_after("2026-07-06".parse().unwrap()).to_string(), "2026-09-01");
    }

    #[test]
    fn a_table_with_a_wrong_cell_an_overlap_or_a_term_left_out_is_refused_with_the_line() {
        let head = "term,from,to,source,note\n";
        for (rows, expected) in [
            ("a,2026-09-01,soon,own,\n", "B0305 calendar/terms.csv:2"),
            ("a,2026-09-01,2026-08-01,own,\n", "B0305 calendar/terms.csv:2"),
            ("a,2026-09-01,2027-01-20,,\n", "B0305 calendar/terms.csv:2"),
            ("a,2026-09-01,2027-01-20,own,\nb,2027-01-20,2027-07-01,own,\n", "B0306 calendar/terms.csv:3"),
            ("a,2026-09-01,2027-01-20,own,\nb,2027-09-01,2028-01-20,own,\n", "B0306 calendar/terms.csv:3"),
        ] {
            assert_eq!(load(&format!("{head}{rows}")).1, [expected], "{rows}");
        }
    }
}
