//! The division table (`divisions/*.csv`).

use doudi_model::division::{Code, Division, Level, Tree};
use doudi_model::{Day, Problem, Text};

use super::source::{Row, Source, table};

const COLUMNS: [&str; 4] = ["code", "name", "level", "parent"];

/// Reads the tree; columns `from`, `to` and `successor` may be blank or absent.
pub(super) fn load(sources: &[Source<'_>], problems: &mut Vec<Problem>) -> Tree {
    let mut divisions: Vec<Division> = Vec::new();
    for source in sources {
        for row in table(*source, &COLUMNS, problems) {
            match division(&row) {
                Ok(division) => divisions.push(division),
                Err(field) => problems.push(
                    Problem::new(
                        "B0601",
                        Text::new(format!("区划表的 {field} 不对"), format!("the division's {field} is wrong")),
                        Text::new("代码12位数字；level 为 province city county township village；日期 YYYY-MM-DD", "codes have 12 digits; level is province, city, county, township or village; days are YYYY-MM-DD"),
                    )
                    .at(row.place.clone())
                    .in_field(field),
                ),
            }
        }
    }
    let tree = Tree::new(divisions);
    for division in tree.iter() {
        if division.parent.is_some_and(|parent| tree.get(parent).is_none()) {
            problems.push(
                Problem::new(
                    "B0602",
                    Text::new(
                        format!("区划 {} 的上级不在表中", division.code),
                        format!("the division above {} is not in the table", division.code),
                    ),
                    Text::new("请补上上级的一行", "add the row of the division above"),
                )
                .at("divisions/"),
            );
        }
    }
    tree
}

fn division(row: &Row) -> Result<Division, &'static str> {
    let optional_code = |column: &'static str| match row.cell(column) {
        "" => Ok(None),
        text => text.parse::<Code>().map(Some).map_err(|_| column),
    };
    let day = |column: &'static str, open: Day| match row.cell(column) {
        "" => Ok(open),
        text => text.parse::<Day>().map_err(|_| column),
    };
    let level = match row.cell("level") {
        "province" => Level::Province,
        "city" => Level::City,
        "county" => Level::County,
        "township" => Level::Township,
        "village" => Level::Village,
        _ => return Err("level"),
    };
    Ok(Division {
        code: row.cell("code").parse().map_err(|_| "code")?,
        name: row.cell("name").to_owned(),
        level,
        parent: optional_code("parent")?,
        from: day("from", Day::MIN)?,
        to: day("to", Day::MAX)?,
        successor: optional_code("successor")?,
    })
}
