//! One leaf as a row of a table: what is looked at, what this household has, what the rule asks for.

use doudi_model::Text;

use super::ground::Way;
use super::words::{self, Measure};
use super::{Case, LeafRow};
use crate::ir::{Comparison, Test};
use crate::{Leaf, Part, Value};

impl Case<'_> {
    /// The row of a leaf. What stands under a "not" is shown turned round, so that a tick always speaks for the rule.
    pub(super) fn leaf_row(&self, at: usize, leaf: &Leaf) -> LeafRow {
        let way = self.way(at);
        let answer = self.verdict(at);
        let verdict = if way == Way::Against { !answer } else { answer };
        let sign = |sign: Comparison| if way == Way::Against { sign.opposite() } else { sign };
        let source = self.source(leaf);
        let row = |name: Text, value: Text, standard: Text, distance: Text| LeafRow {
            name,
            value,
            standard,
            distance,
            verdict,
            source: source.clone(),
        };
        let none = || Text::new("—", "—");
        let cells = self.row.cells();
        let value = |part: Option<Part<'_>>| {
            let value = part.and_then(|part| part.value(cells, self.marks()).map(|value| self.said(&part, &value)));
            value.unwrap_or_else(words::no_data)
        };
        let left = leaf.left();
        let name = || words::named(self.bundle, left.map_or(leaf.text.as_str(), |left| left.text));
        match &leaf.test {
            Test::Flag(_) => row(name(), words::yes_no(answer), words::asked(way), none()),
            Test::Compare(as_written, ..) | Test::CompareText(as_written, ..) => {
                if let Some(share) = self.share(leaf) {
                    let apart = words::share_distance(&share);
                    let (name, value, line) = words::share_cells(&share, sign(*as_written));
                    return row(name, value, line, apart);
                }
                let distance = leaf.distance(cells, self.marks());
                let distance = distance.map_or_else(none, |distance| words::distance(distance, self.measured(leaf)));
                row(name(), value(left), self.line(leaf, sign(*as_written)), distance)
            }
            Test::Between(_) => {
                row(name(), value(left), words::between(&self.bounds(leaf), way != Way::Against), none())
            }
            Test::Member(..) | Test::MemberText(..) => {
                row(name(), value(left), words::among(&self.bounds(leaf), way != Way::Against), none())
            }
            Test::StartsWith(..) | Test::Known(_) => {
                row(name(), value(left), words::named(self.bundle, &leaf.text), none())
            }
        }
    }

    /// What the left side is compared with.
    fn line(&self, leaf: &Leaf, sign: Comparison) -> Text {
        let (Some(left), Some(right)) = (leaf.left(), leaf.right()) else { return words::no_data() };
        let value = right.value(self.row.cells(), self.marks());
        let figure = value.map_or_else(words::no_data, |value| self.of(Some(left), &value));
        let of = (!right.slots().is_empty()).then(|| words::named(self.bundle, right.text));
        words::line(sign, self.measured(leaf), &figure, of.as_ref())
    }

    /// Every part of a leaf but the first, in the words of the first.
    pub(super) fn bounds(&self, leaf: &Leaf) -> Vec<Text> {
        let parts = leaf.parts();
        let left = parts.first().copied();
        let said = |part: &Part<'_>| {
            let value = part.value(self.row.cells(), self.marks());
            value.map_or_else(words::no_data, |value| self.of(left, &value))
        };
        parts.iter().skip(1).map(said).collect()
    }

    /// What is counted on the left side, for the choice of words.
    pub(super) fn measured(&self, leaf: &Leaf) -> Measure {
        words::measure(self.bundle, leaf)
    }

    /// A value in words; the code of a category by its title.
    pub(super) fn said(&self, part: &Part<'_>, value: &Value) -> Text {
        self.of(Some(*part), value)
    }

    /// A value in the words of what it is compared with.
    pub(super) fn of(&self, part: Option<Part<'_>>, value: &Value) -> Text {
        let feature = part
            .and_then(|part| part.variable())
            .and_then(|slot| self.bundle.features().get(self.bundle.layout().name(slot)));
        words::value(value, feature)
    }
}
