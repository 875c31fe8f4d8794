//! What goes wrong between a department and us, at a rate that is asked for.

use doudi_model::division::Code;
use doudi_model::{Day, Instant};

use super::draft::{Draft, Field, Kind, Step};
use super::number::Form;
use super::population::Scheme;
use crate::rng::Rng;

/// What is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Fault {
    /// Arrives weeks after its day.
    Late,
    /// Arrives twice under the same name.
    #[default]
    Duplicate,
    /// First wrong, then corrected by an event that supersedes it.
    Corrected,
    /// Something that never happened is said and then taken back.
    Withdrawn,
    /// Never sent.
    Missing,
    /// An amount ten times too large, and nobody notices.
    WrongAmount,
    /// An ID number whose last character does not fit: refused.
    WrongNumber,
    /// A division that does not exist: refused.
    UnknownDivision,
    /// A day that has not come: refused.
    FutureDay,
    /// An amount below zero: refused.
    NegativeAmount,
}

impl Fault {
    /// A stable name, `wrong-amount`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fault::Late => "late",
            Fault::Duplicate => "duplicate",
            Fault::Corrected => "corrected",
            Fault::Withdrawn => "withdrawn",
            Fault::Missing => "missing",
            Fault::WrongAmount => "wrong-amount",
            Fault::WrongNumber => "wrong-number",
            Fault::UnknownDivision => "unknown-division",
            Fault::FutureDay => "future-day",
            Fault::NegativeAmount => "negative-amount",
        }
    }

    /// Whether the event must be refused.
    #[must_use]
    pub fn refused(self) -> bool {
        matches!(self, Fault::WrongNumber | Fault::UnknownDivision | Fault::FutureDay | Fault::NegativeAmount)
    }
}

const SHARES: &[(u64, Fault)] = &[
    (300, Fault::Late),
    (250, Fault::Duplicate),
    (180, Fault::Corrected),
    (60, Fault::Withdrawn),
    (70, Fault::Missing),
    (40, Fault::WrongAmount),
    (40, Fault::WrongNumber),
    (10, Fault::UnknownDivision),
    (30, Fault::FutureDay),
    (20, Fault::NegativeAmount),
];

/// One event's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// What goes wrong.
    pub fault: Fault,
    /// Whether it is put right in the end by another event.
    pub mended: bool,
    /// When all that will ever come of it has arrived.
    pub settled: Instant,
}

impl Fate {
    /// Whether what is known on the evening of `day` differs from what is so.
    #[must_use]
    pub fn misleads_on(&self, day: Day) -> bool {
        let lost = match self.fault {
            Fault::Duplicate => return false,
            Fault::Late | Fault::Corrected | Fault::Withdrawn => false,
            _ => !self.mended,
        };
        lost || self.settled.day() > day
    }
}

const DAY: i64 = 86_400;

/// Sends a draft through the post: what comes out, and what went wrong with it if anything did.
pub fn post(draft: Draft, per_mille: u32, last: Day, rng: &mut Rng, out: &mut Vec<Draft>) -> Option<Fate> {
    if !rng.chance(u64::from(per_mille)) {
        out.push(draft);
        return None;
    }
    let fault = fitting(rng.weighted(SHARES), &draft);
    let mended = fault.refused() && rng.chance(500);
    let settled = match fault {
        Fault::Late => {
            out.push(draft.after(rng.between(14 * DAY, 60 * DAY)));
            last_arrival(out)
        }
        Fault::Duplicate => {
            let again = draft.clone().after(rng.between(60, 20 * DAY));
            let settled = draft.arrive;
            out.extend([draft, again]);
            settled
        }
        Fault::Corrected => {
            let mut right = draft.clone().after(rng.between(2 * DAY, 40 * DAY));
            right.step = Step::Corrects;
            out.extend([misstated(draft), right]);
            last_arrival(out)
        }
        Fault::Withdrawn => {
            let mut never = misstated(draft.clone()).after(rng.between(60, DAY));
            never.step = Step::Spurious;
            let mut back = never.clone().after(rng.between(DAY, 30 * DAY));
            back.step = Step::Withdraws;
            out.extend([draft, never, back]);
            last_arrival(out)
        }
        Fault::Missing => draft.arrive,
        Fault::WrongAmount => {
            let settled = draft.arrive;
            out.push(misstated(draft));
            settled
        }
        Fault::WrongNumber | Fault::UnknownDivision | Fault::FutureDay | Fault::NegativeAmount => {
            let mut right = draft.clone().after(rng.between(3 * DAY, 25 * DAY));
            right.step = Step::Mended;
            let settled = if mended { right.arrive } else { draft.arrive };
            out.push(spoilt(draft, fault, last));
            out.extend(mended.then_some(right));
            settled
        }
    };
    Some(Fate { fault, mended, settled })
}

fn last_arrival(out: &[Draft]) -> Instant {
    out.last().map_or(Instant::from_ms(0), |draft| draft.arrive)
}

/// The fault, or a duplicate if this kind of event cannot suffer it.
fn fitting(fault: Fault, draft: &Draft) -> Fault {
    let amount = draft.clone().amount_mut().is_some();
    let day = draft.clone().day_mut().is_some();
    let registration = draft.kind == Kind::Registered;
    let member = matches!(draft.about, super::draft::About::Member(..));
    let fits = match fault {
        Fault::Corrected | Fault::WrongAmount | Fault::NegativeAmount => amount,
        // Only what adds up can be said once too often; a status would be said of another day.
        Fault::Withdrawn => matches!(draft.kind, Kind::Medical | Kind::Income),
        Fault::WrongNumber => registration || member,
        Fault::UnknownDivision => registration,
        // Aid may begin on a day to come.
        Fault::FutureDay => day && !matches!(draft.kind, Kind::AidStatus | Kind::AidPerson),
        Fault::Late | Fault::Duplicate | Fault::Missing => true,
    };
    if fits { fault } else { Fault::Duplicate }
}

/// Ten times the amount, within what the dictionary takes.
fn misstated(mut draft: Draft) -> Draft {
    if let Some(amount) = draft.amount_mut() {
        *amount = amount.saturating_mul(10).min(1_000_000_00).max(amount.saturating_sub(100));
    }
    draft
}

fn spoilt(mut draft: Draft, fault: Fault, last: Day) -> Draft {
    match fault {
        Fault::NegativeAmount => draft.amount_mut().into_iter().for_each(|amount| *amount = -*amount),
        Fault::FutureDay => draft.day_mut().into_iter().for_each(|day| *day = last.plus_days(400)),
        Fault::WrongNumber => {
            draft.form = Form::Slip;
            for (_, field) in &mut draft.fields {
                if let Field::Members(roster) = field {
                    roster.slip = true;
                }
            }
        }
        _ => {
            for (_, field) in &mut draft.fields {
                if let (Field::Division(code), Ok(nowhere)) = (field, "421299999999".parse::<Code>()) {
                    *code = nowhere;
                }
            }
        }
    }
    draft
}

/// Whether an event about a household without a story can still raise a false alarm or hide a true one.
#[must_use]
pub fn weighs(kind: Kind, scheme: Scheme) -> bool {
    match kind {
        Kind::Enrolment => false,
        Kind::Subsidy => scheme != Scheme::None,
        _ => true,
    }
}
