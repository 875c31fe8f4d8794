//! Which features a condition bounds by themselves, and from which side.

use std::collections::BTreeSet;

use super::ground::{Way, way};
use crate::ir::{Comparison, Test};
use crate::{Condition, Slot};

/// From which side a value is bounded for a condition to be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BoundedFrom {
    /// It must be large enough.
    Below,
    /// It must be small enough.
    Above,
}

/// The variables that stand alone on one side of a comparison, and the side from which it bounds them.
pub(crate) fn bounds(condition: &Condition) -> BTreeSet<(Slot, BoundedFrom)> {
    let mut all = BTreeSet::new();
    for (at, leaf) in condition.leaves().iter().enumerate() {
        let Test::Compare(comparison, ..) = &leaf.test else { continue };
        let comparison = match way(condition.logic(), at) {
            Way::For => *comparison,
            Way::Against => comparison.opposite(),
            Way::Either => continue,
        };
        let from = |large: bool| match comparison {
            Comparison::Greater | Comparison::AtLeast => Some(large),
            Comparison::Less | Comparison::AtMost => Some(!large),
            Comparison::Equal | Comparison::NotEqual => None,
        };
        let (Some(left), Some(right)) = (leaf.left(), leaf.right()) else { continue };
        for (part, other, large) in [(left, right, true), (right, left, false)] {
            let Some(slot) = part.variable().filter(|slot| !other.slots().contains(slot)) else { continue };
            let side = from(large).map(|below| if below { BoundedFrom::Below } else { BoundedFrom::Above });
            all.extend(side.map(|side| (slot, side)));
        }
    }
    all
}
