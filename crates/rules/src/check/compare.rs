//! Leaves that compare: `== != < <= > >=`, `in`, `between`, `startsWith`.

use std::cmp::Ordering;

use super::logic::Pair;
use super::{Checker, Number, Policy, Shape, Text, Typed, nearest};
use crate::condition::Measure;
use crate::fault::{Fault, FaultKind};
use crate::ir::{Comparison, Logic, Num, Test, Txt};
use crate::syntax::ast::{Kind, Node};
use crate::syntax::{Construct, Span};

/// Whether a comparison needs an order, not only equality.
fn is_order(comparison: Comparison) -> bool {
    !matches!(comparison, Comparison::Equal | Comparison::NotEqual)
}

impl Checker<'_> {
    pub(super) fn compare(&mut self, node: &Node, comparison: Comparison, sides: &[Node; 2]) -> Option<Logic> {
        let [left, right] = sides;
        if is_order(comparison) && [left, right].iter().any(|side| matches!(side.kind, Kind::Compare(..))) {
            return self.fault(node.span, FaultKind::Chain);
        }
        let first = self.leaves.len();
        let (l, r) = self.within(|checker| (checker.check(left), checker.check(right)));
        let pair = self.alike(node.span, l?, r?)?;
        match pair {
            Pair::Logic(l, r) => self.same(node, comparison, first, (l, r)),
            Pair::Number(l, r) => {
                let settled =
                    if l.ir == r.ir { Some(comparison.holds(Ordering::Equal)) } else { by_range(comparison, &l, &r) };
                self.settled(node.span, settled);
                let measure = Some(Measure { unit: l.unit, scale: l.scale });
                self.leaf(node.span, Test::Compare(comparison, l.ir, r.ir), measure, &[left, right])
            }
            Pair::Text(l, r) => {
                if is_order(comparison) && (l.codes.is_some() || r.codes.is_some()) {
                    return self.unsupported(node.span, Construct::Order);
                }
                let only = l.codes.as_ref().or(r.codes.as_ref()).is_some_and(|codes| codes.len() == 1);
                let settled = match (&l.ir, &r.ir) {
                    (Txt::Const(l), Txt::Const(r)) => Some(comparison.holds(l.cmp(r))),
                    (l, r) => (l == r || only).then(|| comparison.holds(Ordering::Equal)),
                };
                self.settled(node.span, settled);
                self.leaf(node.span, Test::CompareText(comparison, l.ir, r.ir), None, &[left, right])
            }
        }
    }

    /// `==` of two conditions is no leaf: their own leaves are.
    fn same(
        &mut self,
        node: &Node,
        comparison: Comparison,
        first: usize,
        (left, right): (Logic, Logic),
    ) -> Option<Logic> {
        self.leaves.iter_mut().skip(first).for_each(|leaf| leaf.depth = leaf.depth.saturating_sub(1));
        let same = Logic::Same(Box::new(left), Box::new(right));
        match comparison {
            Comparison::Equal => Some(same),
            Comparison::NotEqual => Some(Logic::Not(Box::new(same))),
            Comparison::Less | Comparison::AtMost | Comparison::Greater | Comparison::AtLeast => {
                self.unsupported(node.span, Construct::Order)
            }
        }
    }

    /// `x in [a, b]`.
    pub(super) fn member(&mut self, node: &Node, sides: &[Node; 2]) -> Option<Logic> {
        let [item, list] = sides;
        let Kind::List(elements) = &list.kind else {
            let found = self.within(|checker| checker.check(list))?.shape();
            return self.mismatch(list, Shape::List, found);
        };
        let checked = self.within(|checker| checker.check(item));
        let others: Vec<Option<Typed>> =
            elements.iter().map(|element| self.within(|checker| checker.check(element))).collect();
        let (checked, others) = (checked?, others.into_iter().collect::<Option<Vec<Typed>>>()?);
        let parts: Vec<&Node> = std::iter::once(item).chain(elements).collect();
        match checked {
            Typed::Logic(_) => self.mismatch(item, Shape::Text, Shape::Bool),
            Typed::Number(number) => self.member_of_numbers(node, number, others, &parts),
            Typed::Text(text) => self.member_of_texts(node, text, others, &parts),
        }
    }

    fn member_of_numbers(&mut self, node: &Node, item: Number, others: Vec<Typed>, parts: &[&Node]) -> Option<Logic> {
        let mut numbers = vec![item];
        for other in others {
            match other {
                Typed::Number(number) => numbers.push(number),
                Typed::Logic(_) | Typed::Text(_) => {
                    let shape = numbers.first()?.shape();
                    return self.mix(node.span, shape, other.shape());
                }
            }
        }
        let mut numbers = self.aligned_all(node.span, numbers)?.into_iter();
        let item = numbers.next()?;
        let others: Vec<Number> = numbers.collect();
        let answers: Vec<Option<bool>> = others.iter().map(|other| by_range(Comparison::Equal, &item, other)).collect();
        self.settled(node.span, any(&answers));
        let measure = Some(Measure { unit: item.unit, scale: item.scale });
        let others: Vec<Num> = others.into_iter().map(|other| other.ir).collect();
        self.twice(&others, parts);
        self.leaf(node.span, Test::Member(item.ir, others), measure, parts)
    }

    fn member_of_texts(&mut self, node: &Node, item: Text, others: Vec<Typed>, parts: &[&Node]) -> Option<Logic> {
        let mut list = Vec::with_capacity(others.len());
        let mut sound = true;
        for (other, element) in others.into_iter().zip(parts.iter().skip(1)) {
            match other {
                Typed::Text(text) => {
                    sound &= self.same_category(element.span, &item, &text).is_some();
                    list.push(text.ir);
                }
                Typed::Logic(_) | Typed::Number(_) => {
                    let shape = Typed::Text(item).shape();
                    return self.mix(element.span, shape, other.shape());
                }
            }
        }
        if !sound {
            return None;
        }
        self.twice(&list, parts);
        let answers: Vec<Option<bool>> = list
            .iter()
            .map(|other| match (&item.ir, other) {
                (Txt::Const(left), Txt::Const(right)) => Some(left == right),
                (left, right) => (left == right).then_some(true),
            })
            .collect();
        let has = |code: &String| list.iter().any(|text| matches!(text, Txt::Const(text) if text.as_ref() == code));
        let every = item.codes.as_ref().is_some_and(|codes| codes.iter().all(has));
        self.settled(node.span, if every { Some(true) } else { any(&answers) });
        self.leaf(node.span, Test::MemberText(item.ir, list), None, parts)
    }

    /// In a bundle, refuses a value that stands twice in one list; `parts` are the item and the elements.
    fn twice<T: PartialEq>(&mut self, list: &[T], parts: &[&Node]) {
        if self.policy != Policy::Bundle {
            return;
        }
        for (at, (element, node)) in list.iter().zip(parts.iter().skip(1)).enumerate() {
            if list.iter().take(at).any(|earlier| earlier == element) {
                self.faults.push(Fault::new(node.span, FaultKind::Twice));
            }
        }
    }

    /// A literal compared with a category must be one of its codes.
    pub(super) fn same_category(&mut self, span: Span, left: &Text, right: &Text) -> Option<()> {
        let (codes, literal) = match (left, right) {
            (Text { codes: Some(codes), .. }, Text { ir: Txt::Const(literal), .. })
            | (Text { ir: Txt::Const(literal), .. }, Text { codes: Some(codes), .. }) => (codes, literal),
            _ => return Some(()),
        };
        if codes.iter().any(|code| code.as_str() == literal.as_ref()) {
            return Some(());
        }
        let nearest = nearest(literal, codes.iter().map(String::as_str)).map(str::to_owned);
        self.fault(span, FaultKind::NotACategory { nearest, allowed: codes.to_vec() })
    }

    /// `between(x, low, high)`, ends included.
    pub(super) fn between(&mut self, node: &Node, parts: &[Node; 3]) -> Option<Logic> {
        let numbers = self.within(|checker| parts.each_ref().map(|part| checker.number(part)));
        let [Some(item), Some(low), Some(high)] = numbers else { return None };
        let [item, low, high] = self.aligned(node.span, [item, low, high])?;
        let above = by_range(Comparison::AtLeast, &item, &low);
        let below = by_range(Comparison::AtMost, &item, &high);
        let empty = by_range(Comparison::Greater, &low, &high);
        let settled = match (above, below, empty) {
            (Some(false), _, _) | (_, Some(false), _) | (_, _, Some(true)) => Some(false),
            (Some(true), Some(true), _) => Some(true),
            _ => None,
        };
        self.settled(node.span, settled);
        let measure = Some(Measure { unit: item.unit, scale: item.scale });
        let test = Test::Between(Box::new([item.ir, low.ir, high.ir]));
        self.leaf(node.span, test, measure, &parts.each_ref())
    }

    /// `text.startsWith(prefix)`.
    pub(super) fn starts_with(&mut self, node: &Node, text: &Node, prefix: &Node) -> Option<Logic> {
        let (left, right) = self.within(|checker| (checker.free_text(text), checker.free_text(prefix)));
        let (left, right) = (left?, right?);
        let settled = match (&left.ir, &right.ir) {
            (_, Txt::Const(prefix)) if prefix.is_empty() => Some(true),
            (Txt::Const(text), Txt::Const(prefix)) => Some(text.starts_with(prefix.as_ref())),
            (_, Txt::Const(prefix)) => left.codes.as_ref().and_then(|codes| {
                let begin = codes.iter().filter(|code| code.starts_with(prefix.as_ref())).count();
                (begin == 0 || begin == codes.len()).then_some(begin > 0)
            }),
            _ => None,
        };
        self.settled(node.span, settled);
        self.leaf(node.span, Test::StartsWith(left.ir, right.ir), None, &[text, prefix])
    }

    fn free_text(&mut self, node: &Node) -> Option<Text> {
        match self.check(node)? {
            Typed::Text(text) => Some(text),
            other @ (Typed::Logic(_) | Typed::Number(_)) => self.mismatch(node, Shape::Text, other.shape()),
        }
    }
}

/// What the ranges say of a comparison, if they settle it.
fn by_range(comparison: Comparison, left: &Number, right: &Number) -> Option<bool> {
    if left.ir == Num::Unknown || right.ir == Num::Unknown {
        return None;
    }
    let below = left.high < right.low;
    let above = left.low > right.high;
    let points = left.low == left.high && left.low == right.low && right.low == right.high;
    match comparison {
        Comparison::Equal => (below || above).then_some(false).or(points.then_some(true)),
        Comparison::NotEqual => (below || above).then_some(true).or(points.then_some(false)),
        Comparison::Less => below.then_some(true).or((left.low >= right.high).then_some(false)),
        Comparison::AtLeast => below.then_some(false).or((left.low >= right.high).then_some(true)),
        Comparison::Greater => above.then_some(true).or((left.high <= right.low).then_some(false)),
        Comparison::AtMost => above.then_some(false).or((left.high <= right.low).then_some(true)),
    }
}

/// Whether some answer is surely yes, or all are surely no.
fn any(answers: &[Option<bool>]) -> Option<bool> {
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    answers.iter().all(|answer| *answer == Some(false)).then_some(false)
}
