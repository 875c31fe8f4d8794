//! Figures of standards that differ.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::division::Code;
use doudi_model::{Day, Text};

use super::Change;
use crate::bundle::{Bundle, Figure, Standard, StandardUnit};
use crate::explain::words;
use crate::{Quantity, Unit};

pub(super) fn changes(before: &Bundle, after: &Bundle) -> Vec<Change> {
    let names: BTreeSet<&str> = before.standards().names().chain(after.standards().names()).collect();
    let mut all = Vec::new();
    for name in names {
        let full = format!("standard.{name}");
        let title = after.title(&full).or_else(|| before.title(&full)).unwrap_or_else(|| Text::new(name, name));
        let (old, new) = (before.standards().get(name), after.standards().get(name));
        let (was, is) = (figures(old), figures(new));
        let keys: BTreeSet<&(Code, Day)> = was.keys().chain(is.keys()).collect();
        for key in keys {
            let bundle = if is.contains_key(key) { after } else { before };
            let said = |standard: Option<&Standard>, figure: &Figure| standard.map(|own| figure_words(own, figure));
            let change = match (was.get(key), is.get(key)) {
                (Some(old_figure), Some(new_figure)) => {
                    let (one, other) = (said(old, old_figure), said(new, new_figure));
                    if one == other {
                        continue;
                    }
                    one.zip(other).map(|(one, other)| {
                        Text::new(format!("{} → {}", one.zh, other.zh), format!("{} → {}", one.en, other.en))
                    })
                }
                (None, Some(figure)) => said(new, figure)
                    .map(|figure| Text::new(format!("新增 {}", figure.zh), format!("added, {}", figure.en))),
                (Some(figure), None) => said(old, figure)
                    .map(|figure| Text::new(format!("删去 {}", figure.zh), format!("removed, {}", figure.en))),
                (None, None) => None,
            };
            let Some(change) = change else { continue };
            let (place, from) = (bundle.divisions().full_name(key.0), key.1);
            all.push(Change {
                name: name.to_owned(),
                message: Text::new(
                    format!("{}，{place}，{}起：{}", title.zh, from.zh(), change.zh),
                    format!("{}, {place}, from {from}: {}", title.en, change.en),
                ),
            });
        }
    }
    all
}

fn figures(standard: Option<&Standard>) -> BTreeMap<(Code, Day), &Figure> {
    let all = standard.map(Standard::figures).unwrap_or_default();
    all.iter().map(|figure| ((figure.division, figure.from), figure)).collect()
}

/// `750元，至2026年12月31日`; where it comes from counts as well.
fn figure_words(standard: &Standard, figure: &Figure) -> Text {
    let unit = match standard.unit {
        StandardUnit::Fen => Unit::Money,
        StandardUnit::Ratio => Unit::Decimal,
        StandardUnit::Count => Unit::Int,
        StandardUnit::Days => Unit::Days,
    };
    let quantity = Quantity { amount: i128::from(figure.value), unit, scale: standard.scale };
    let value = words::number(quantity.reduced(), None);
    if figure.to == Day::MAX {
        return Text::new(format!("{}（{}）", value.zh, figure.source), format!("{} ({})", value.en, figure.source));
    }
    let (to, source) = (figure.to, &figure.source);
    Text::new(format!("{}，至{}（{source}）", value.zh, to.zh()), format!("{} until {to} ({source})", value.en))
}
