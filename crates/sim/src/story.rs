//! What really happens to a household: the truth behind the events.

use doudi_model::Day;
use doudi_model::warning::Direction;

/// What kind of thing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Plot {
    #[default]
    /// A grave illness: what the household pays itself exceeds what it can bear.
    MedicalBurden,
    /// A member becomes severely disabled and nobody gives them aid.
    SevereDisability,
    /// The earner loses work and insurance.
    IncomeLoss,
    /// The earner dies.
    EarnerDeath,
    /// A child whose parents cannot care for it.
    ChildWithoutCarer,
    /// Fire or flood takes much of what they own.
    Disaster,
    /// Under anti-relapse monitoring, and without any aid.
    MonitoredUncovered,
    /// On the roll and no longer insured against illness.
    InsuranceLapsed,
    /// Someone of the village reports a household in need.
    Reported,
    /// Dead, and still on the roll.
    DeadOnRoll,
    /// Income has risen clearly above the line, and aid goes on.
    IncomeOverLine,
    /// The same child is paid two kinds of aid of which only one is due.
    DoubleBenefit,
    /// The disability certificate is cancelled, and the subsidy goes on.
    CertificateCancelled,
    /// A car is registered to someone on the roll.
    CarOnRoll,
    /// Two households list the same person.
    ClaimedTwice,
}

impl Plot {
    /// All plots.
    pub const ALL: [Plot; 15] = [
        Plot::MedicalBurden,
        Plot::SevereDisability,
        Plot::IncomeLoss,
        Plot::EarnerDeath,
        Plot::ChildWithoutCarer,
        Plot::Disaster,
        Plot::MonitoredUncovered,
        Plot::InsuranceLapsed,
        Plot::Reported,
        Plot::DeadOnRoll,
        Plot::IncomeOverLine,
        Plot::DoubleBenefit,
        Plot::CertificateCancelled,
        Plot::CarOnRoll,
        Plot::ClaimedTwice,
    ];

    /// A stable name, `medical-burden`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Plot::MedicalBurden => "medical-burden",
            Plot::SevereDisability => "severe-disability",
            Plot::IncomeLoss => "income-loss",
            Plot::EarnerDeath => "earner-death",
            Plot::ChildWithoutCarer => "child-without-carer",
            Plot::Disaster => "disaster",
            Plot::MonitoredUncovered => "monitored-uncovered",
            Plot::InsuranceLapsed => "insurance-lapsed",
            Plot::Reported => "reported",
            Plot::CarOnRoll => "car-on-roll",
            Plot::DeadOnRoll => "dead-on-roll",
            Plot::IncomeOverLine => "income-over-line",
            Plot::DoubleBenefit => "double-benefit",
            Plot::CertificateCancelled => "certificate-cancelled",
            Plot::ClaimedTwice => "claimed-twice",
        }
    }

    /// Which way a warning about it points; none for a mere fault of data.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        match self {
            Plot::MedicalBurden
            | Plot::SevereDisability
            | Plot::IncomeLoss
            | Plot::EarnerDeath
            | Plot::ChildWithoutCarer
            | Plot::Disaster
            | Plot::MonitoredUncovered
            | Plot::InsuranceLapsed
            | Plot::Reported => Some(Direction::Missed),
            Plot::DeadOnRoll
            | Plot::IncomeOverLine
            | Plot::DoubleBenefit
            | Plot::CertificateCancelled
            | Plot::CarOnRoll => Some(Direction::Excess),
            Plot::ClaimedTwice => None,
        }
    }

    /// Ids of the rules of the shipped bundle of which at least one must warn.
    #[must_use]
    pub fn rules(self) -> &'static [&'static str] {
        match self {
            Plot::MedicalBurden => &["medical-burden", "medical-self-paid-high", "large-inpatient-bill"],
            Plot::SevereDisability => &["severe-disability-without-aid"],
            Plot::IncomeLoss => &["income-lost"],
            Plot::EarnerDeath => &["main-earner-dead-or-missing"],
            Plot::ChildWithoutCarer => &["child-without-carer"],
            Plot::Disaster => &["disaster-loss"],
            Plot::MonitoredUncovered => &["monitored-household-without-aid", "relapse-measure-missing"],
            Plot::InsuranceLapsed => &["insurance-lapsed"],
            Plot::Reported => &["grid-report"],
            Plot::DeadOnRoll => &["dead-but-on-roll"],
            Plot::IncomeOverLine => &["income-above-line"],
            Plot::DoubleBenefit => &["double-benefit"],
            Plot::CertificateCancelled => &["disability-certificate-cancelled"],
            Plot::CarOnRoll => &["vehicle-registered"],
            Plot::ClaimedTwice => &["identity-doubtful", "double-benefit"],
        }
    }
}

/// One plot in one household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Story {
    /// What happens.
    pub plot: Plot,
    /// The first day on which it is so.
    pub since: Day,
    /// The member to whom it happens: position in the household's list.
    pub member: u8,
}
