//! Sums of terms with whole coefficients.

use std::collections::BTreeMap;

use super::form::Var;
use crate::ir::Rounding;

/// A variable, or something computed that a sum takes as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// A variable.
    Var(Var),
    /// A rounded quotient by a constant above zero.
    Quotient(Rounding, Box<Sum>, i128),
    /// A product of two sums.
    Product(Box<Sum>, Box<Sum>),
    /// A rounded quotient of two sums.
    Ratio(Rounding, Box<Sum>, Box<Sum>),
    /// Completed years between two dates.
    Years(Box<Sum>, Box<Sum>),
}

/// Terms times whole numbers, and a constant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum {
    pub(super) terms: BTreeMap<Term, i128>,
    pub(super) constant: i128,
}

impl Sum {
    pub(super) fn constant(constant: i128) -> Sum {
        Sum { terms: BTreeMap::new(), constant }
    }

    pub(super) fn term(term: Term) -> Sum {
        Sum { terms: BTreeMap::from([(term, 1)]), constant: 0 }
    }

    /// Its value, if it is nothing but a constant.
    pub(super) fn settled(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The sum times a constant; `None` if it does not fit.
    pub(super) fn times(&self, factor: i128) -> Option<Sum> {
        if factor == 0 {
            return Some(Sum::constant(0));
        }
        let terms = self.terms.iter().map(|(term, coefficient)| Some((term.clone(), coefficient.checked_mul(factor)?)));
        Some(Sum { terms: terms.collect::<Option<_>>()?, constant: self.constant.checked_mul(factor)? })
    }

    /// Two sums as one; `None` if it does not fit.
    pub(super) fn plus(&self, other: &Sum) -> Option<Sum> {
        let mut sum = self.clone();
        sum.constant = sum.constant.checked_add(other.constant)?;
        for (term, coefficient) in &other.terms {
            let entry = sum.terms.entry(term.clone()).or_insert(0);
            *entry = entry.checked_add(*coefficient)?;
        }
        sum.terms.retain(|_, coefficient| *coefficient != 0);
        Some(sum)
    }

    /// The first less the second; `None` if it does not fit.
    pub(super) fn minus(&self, other: &Sum) -> Option<Sum> {
        self.plus(&other.times(-1)?)
    }
}
