//! An event before it is written: small, so that a month of a city fits in memory.

use doudi_model::division::Code;
use doudi_model::{Day, Instant};

use super::number::Form;
use super::shape::Work;

/// The fact kinds that the simulated departments send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `household.registered`.
    Registered,
    /// `aid.status`.
    AidStatus,
    /// `aid.person`.
    AidPerson,
    /// `child.care`.
    ChildCare,
    /// `grid.report`.
    GridReport,
    /// `disability.certificate`.
    Certificate,
    /// `disability.subsidy`.
    Subsidy,
    /// `disaster.loss`.
    Disaster,
    /// `education.enrolment`.
    Enrolment,
    /// `income.monthly`.
    Income,
    /// `employment.status`.
    Employment,
    /// `employment.insurance`.
    Insurance,
    /// `medical.expense`.
    Medical,
    /// `medical.insured`.
    Insured,
    /// `person.death`.
    Death,
    /// `person.missing`.
    Missing,
    /// `person.custody`.
    Custody,
    /// `property.vehicle`.
    Vehicle,
    /// `property.dwelling`.
    Dwelling,
    /// `business.registration`.
    Business,
    /// `relapse.monitored`.
    Monitored,
    /// `relapse.measure`.
    Measure,
    /// `source.coverage`.
    Coverage,
}

impl Kind {
    /// All kinds but coverage: what coverage can speak of.
    pub const FACTS: [Kind; 22] = [
        Kind::Registered,
        Kind::AidStatus,
        Kind::AidPerson,
        Kind::ChildCare,
        Kind::GridReport,
        Kind::Certificate,
        Kind::Subsidy,
        Kind::Disaster,
        Kind::Enrolment,
        Kind::Income,
        Kind::Employment,
        Kind::Insurance,
        Kind::Medical,
        Kind::Insured,
        Kind::Death,
        Kind::Missing,
        Kind::Custody,
        Kind::Vehicle,
        Kind::Dwelling,
        Kind::Business,
        Kind::Monitored,
        Kind::Measure,
    ];

    /// The kind's name in the fact dictionary and the department of the county that sends it.
    const fn entry(self) -> (&'static str, &'static str) {
        match self {
            Kind::Registered => ("household.registered", "mz"),
            Kind::AidStatus => ("aid.status", "mz"),
            Kind::AidPerson => ("aid.person", "mz"),
            Kind::ChildCare => ("child.care", "mz"),
            Kind::GridReport => ("grid.report", "mz"),
            Kind::Certificate => ("disability.certificate", "cl"),
            Kind::Subsidy => ("disability.subsidy", "mz"),
            Kind::Disaster => ("disaster.loss", "yj"),
            Kind::Enrolment => ("education.enrolment", "jy"),
            Kind::Income => ("income.monthly", "rs"),
            Kind::Employment => ("employment.status", "rs"),
            Kind::Insurance => ("employment.insurance", "rs"),
            Kind::Medical => ("medical.expense", "yb"),
            Kind::Insured => ("medical.insured", "yb"),
            Kind::Death => ("person.death", "ga"),
            Kind::Missing => ("person.missing", "ga"),
            Kind::Custody => ("person.custody", "ga"),
            Kind::Vehicle => ("property.vehicle", "ga"),
            Kind::Dwelling => ("property.dwelling", "zj"),
            Kind::Business => ("business.registration", "mz"),
            Kind::Monitored => ("relapse.monitored", "ny"),
            Kind::Measure => ("relapse.measure", "ny"),
            Kind::Coverage => ("source.coverage", "mz"),
        }
    }

    /// The kind's name in the fact dictionary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().0
    }

    /// The short name of the county department that sends it: `mz`, `yb`, `cl` …
    #[must_use]
    pub const fn department(self) -> &'static str {
        self.entry().1
    }

    /// Whether the source delivers every week rather than every month.
    #[must_use]
    pub const fn weekly(self) -> bool {
        matches!(
            self,
            Kind::Registered
                | Kind::AidStatus
                | Kind::AidPerson
                | Kind::Subsidy
                | Kind::Medical
                | Kind::Death
                | Kind::Disaster
                | Kind::GridReport
        )
    }
}

/// Whom an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A household, by index.
    Household(u32),
    /// A member: household by index, position in its list.
    Member(u32, u8),
    /// A county.
    County(Code),
}

impl About {
    /// The household concerned, if one is.
    #[must_use]
    pub fn household(self) -> Option<u32> {
        match self {
            About::Household(household) | About::Member(household, _) => Some(household),
            About::County(_) => None,
        }
    }
}

/// The list of members as one registration gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roster {
    /// How many of the first members are on it.
    pub count: u8,
    /// Whether the last of them has no number yet.
    pub provisional: bool,
    /// Whether the head's number is written with a wrong last character.
    pub slip: bool,
    /// Household by index whose last member is claimed as well.
    pub claimed: Option<u32>,
}

/// The value of one field of an event's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// An amount in fen.
    Money(i64),
    /// A number.
    Int(i64),
    /// A day.
    Day(Day),
    /// A code.
    Code(&'static str),
    /// Yes or no.
    Flag(bool),
    /// A division, 12 digits.
    Division(Code),
    /// The household's address.
    Address,
    /// The household's invented telephone number.
    Phone,
    /// The household's members.
    Members(Roster),
}

/// What a correction does to an event sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Step {
    /// The event as first sent.
    #[default]
    First,
    /// Sent again under a new name, after the first was refused.
    Mended,
    /// Corrects the first.
    Corrects,
    /// Something that never happened.
    Spurious,
    /// Takes back something that never happened.
    Withdraws,
}

impl Step {
    /// What the event's name ends in.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Step::First => "",
            Step::Mended => "-m",
            Step::Corrects => "-c",
            Step::Spurious => "-x",
            Step::Withdraws => "-w",
        }
    }

    /// What the name of the event that it supersedes ends in.
    #[must_use]
    pub const fn supersedes(self) -> Option<&'static str> {
        match self {
            Step::Corrects => Some(Step::First.suffix()),
            Step::Withdraws => Some(Step::Spurious.suffix()),
            Step::First | Step::Mended | Step::Spurious => None,
        }
    }
}

/// An event to be sent.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it says.
    pub kind: Kind,
    /// Whom it is about.
    pub about: About,
    /// When it happened.
    pub time: Instant,
    /// When it arrives.
    pub arrive: Instant,
    /// Tells events of one kind, subject and day apart.
    pub tag: u32,
    /// Its place in a correction.
    pub step: Step,
    /// How the subject's number is written.
    pub form: Form,
    /// Whether the truth of a household's story rests on it.
    pub decisive: bool,
    /// Its data.
    pub fields: Vec<(&'static str, Field)>,
}

impl Draft {
    /// An event of a day, sent during office hours; `order` (0 to 35,999) is its second within them.
    #[must_use]
    pub fn new(kind: Kind, about: About, day: Day, order: u32, fields: Vec<(&'static str, Field)>) -> Draft {
        let time = Instant::from_ms(Instant::start_of(day).ms() + (8 * 3600 + i64::from(order % 36_000)) * 1000);
        let (step, form) = (Step::First, Form::Full);
        Draft { kind, about, time, arrive: time, tag: 0, step, form, decisive: false, fields }
    }

    /// The same event, arriving later.
    #[must_use]
    pub fn after(mut self, seconds: i64) -> Draft {
        self.arrive = Instant::from_ms(self.arrive.ms() + seconds * 1000);
        self
    }

    /// The same event, one of several of a day.
    #[must_use]
    pub fn tagged(mut self, tag: u32) -> Draft {
        self.tag = tag;
        self
    }

    /// The same event, on which a story rests.
    #[must_use]
    pub fn decisive(mut self) -> Draft {
        self.decisive = true;
        self
    }

    /// The first amount above zero in its data.
    pub fn amount_mut(&mut self) -> Option<&mut i64> {
        self.fields.iter_mut().rev().find_map(|(_, field)| match field {
            Field::Money(amount) if *amount > 0 => Some(amount),
            _ => None,
        })
    }

    /// The first day in its data.
    pub fn day_mut(&mut self) -> Option<&mut Day> {
        self.fields.iter_mut().find_map(|(_, field)| match field {
            Field::Day(day) => Some(day),
            _ => None,
        })
    }
}

/// The status that work has in the dictionary of `employment.status`.
#[must_use]
pub fn employment(work: Work) -> Option<&'static str> {
    match work {
        Work::Infant => None,
        Work::Student => Some("student"),
        Work::Employed => Some("employed"),
        Work::Farmer => Some("farmer"),
        Work::Retired => Some("retired"),
        Work::Unable => Some("unable"),
    }
}
