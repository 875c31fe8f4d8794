//! What departments send about a household whatever happens to it.

use doudi_model::Day;

use super::draft::{About, Draft, Field, Kind, Roster, employment};
use super::income;
use super::population::{Household, Person, Population, Scheme, Turn};
use super::shape::{Disability, Work};
use crate::rng::Rng;
use crate::story::{Plot, Story};

/// One household seen by the departments.
pub struct Routine<'a> {
    /// Everybody.
    pub population: &'a Population,
    /// The household's index.
    pub index: u32,
    /// The household.
    pub home: &'a Household,
}

impl Routine<'_> {
    /// Everything that is already so on the first day.
    pub fn first_day(&self, day: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        out.push(self.registration(day, None, false, rng));
        self.aid(day, rng, out);
        for (at, person) in self.members_on(day) {
            self.person_first_day(at, person, day, rng, out);
        }
    }

    /// Everything ordinary that is sent in the month that begins on `month`.
    pub fn month(&self, month: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        for (at, person) in self.members_on(month) {
            if self.is_gone(at, month) {
                continue;
            }
            self.income(at, month, rng, out);
            self.insurance(at, person, month, rng, out);
            if rng.chance(150) {
                out.push(self.small_bill(at, month.plus_days(rng.days(0, 27)), rng));
            }
            if month.month() == 1 && !self.has_lapsed(at, month) {
                out.push(self.insured(at, month.plus_days(9), rng));
            }
            if month.month() == 9 {
                out.extend(self.enrolment(at, person, month, rng));
            }
        }
        // Measures run for a year at most and are renewed in spring and autumn.
        if matches!(month.month(), 3 | 9) && self.home.monitored && self.home.story.is_none() {
            let day = month.plus_days(rng.days(3, 20));
            self.measure(day, day, rng, out);
        }
        self.turn(month, rng, out);
        // The status of rigid expenditure holds for twelve months at most; each half-year it is looked at and decided anew.
        if matches!(month.month(), 2 | 8) && self.home.scheme == Scheme::Rigid {
            let day = month.plus_days(rng.days(3, 20));
            self.status("rigid", day, day, 0, rng, out);
        }
    }

    /// The full list of the household as of a day.
    pub fn registration(&self, day: Day, claimed: Option<u32>, provisional: bool, rng: &mut Rng) -> Draft {
        let count = u8::try_from(self.members_on(day).count()).unwrap_or(u8::MAX);
        let village = self.population.village_on(self.home, day);
        let roster = Roster { count, provisional, slip: false, claimed };
        let mut fields = Vec::with_capacity(5);
        fields.extend(village.map(|village| ("division", Field::Division(village.code))));
        fields.extend([("address", Field::Address), ("phone", Field::Phone)]);
        fields.extend([("members", Field::Members(roster)), ("on", Field::Day(day))]);
        self.household(Kind::Registered, day, rng.below(3600), fields)
    }

    /// A bill of everyday life.
    pub fn small_bill(&self, at: u8, day: Day, rng: &mut Rng) -> Draft {
        // Those on destitute support pay next to nothing themselves; more would be a hardship of its own.
        let plot = self.home.story.map(|story| story.plot).or(self.home.prepared);
        let destitute = self.home.scheme == Scheme::Tekun || plot == Some(Plot::DoubleBenefit);
        let most = if destitute { 30 } else { 220 };
        let own = rng.between(5, most) * 100;
        let total = own * rng.between(2, 5);
        self.member(Kind::Medical, at, day, rng, bill(day, [total, total - own, 0, own], false, "none"))
            .after(rng.between(60, 3 * 86_400))
    }

    /// That the member is insured this year.
    pub fn insured(&self, at: u8, day: Day, rng: &mut Rng) -> Draft {
        let year = Field::Int(i64::from(day.year()));
        self.member(Kind::Insured, at, day, rng, vec![("status", Field::Code("insured")), ("year", year)])
    }

    fn household(&self, kind: Kind, day: Day, order: u64, fields: Vec<(&'static str, Field)>) -> Draft {
        Draft::new(kind, About::Household(self.index), day, u32::try_from(order).unwrap_or(0), fields)
    }

    /// An event about a member, sent in the course of the day after registrations are in.
    pub fn member(&self, kind: Kind, at: u8, day: Day, rng: &mut Rng, fields: Vec<(&'static str, Field)>) -> Draft {
        let order = 3600 + u32::try_from(rng.below(30_000)).unwrap_or(0);
        Draft::new(kind, About::Member(self.index, at), day, order, fields)
    }

    /// The members alive and listed on a day: a child not yet born is not.
    fn members_on(&self, day: Day) -> impl Iterator<Item = (u8, &Person)> {
        self.population.members(self.home).filter(move |(_, person)| person.birth <= day)
    }

    /// Whether the member has died by then.
    fn is_gone(&self, at: u8, day: Day) -> bool {
        self.home.story.is_some_and(|story| {
            story.member == at && story.since < day && matches!(story.plot, Plot::EarnerDeath | Plot::DeadOnRoll)
        })
    }

    fn has_lapsed(&self, at: u8, day: Day) -> bool {
        let lapse = |story: Story| story.plot == Plot::InsuranceLapsed && story.member == at && story.since < day;
        self.home.story.is_some_and(lapse)
    }

    fn aid(&self, day: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        let scheme = match self.home.scheme {
            Scheme::None => None,
            Scheme::Dibao => Some("dibao"),
            Scheme::Tekun => Some("tekun"),
            Scheme::Edge => Some("edge"),
            Scheme::Rigid => Some("rigid"),
        };
        if let Some(scheme) = scheme {
            let longest = if self.home.scheme == Scheme::Rigid { 120 } else { 1500 };
            let monthly = self.monthly(rng);
            let from = day.plus_days(-rng.days(30, longest));
            self.status(scheme, day, from, monthly, rng, out);
        }
        if self.home.monitored && self.home.story.is_none() {
            self.monitoring(day, rng, out);
        }
    }

    /// What the household's aid pays a month.
    fn monthly(&self, rng: &mut Rng) -> i64 {
        match self.home.scheme {
            Scheme::Dibao | Scheme::Tekun => rng.between(200, 450) * 100 * i64::from(self.home.size),
            Scheme::None | Scheme::Edge | Scheme::Rigid => 0,
        }
    }

    fn status(&self, scheme: &'static str, day: Day, from: Day, monthly: i64, rng: &mut Rng, out: &mut Vec<Draft>) {
        let fields = vec![
            ("scheme", Field::Code(scheme)),
            ("status", Field::Code("in")),
            ("from", Field::Day(from)),
            ("monthly", Field::Money(monthly)),
        ];
        out.push(self.household(Kind::AidStatus, day, 3600 + rng.below(3600), fields));
    }

    fn monitoring(&self, day: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        let since = day.plus_days(-rng.days(60, 700));
        let fields = vec![
            ("kind", Field::Code(rng.pick(&["unstable", "edge", "sudden"]))),
            ("identified_on", Field::Day(since)),
            ("risk", Field::Code(rng.pick(&["illness", "disability", "schooling", "income"]))),
            ("status", Field::Code("monitored")),
        ];
        out.push(self.household(Kind::Monitored, day, 7200 + rng.below(3600), fields));
        self.measure(day, day.plus_days(-rng.days(5, 20)), rng, out);
    }

    fn measure(&self, day: Day, from: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        let what = Field::Code(rng.pick(&["industry", "job", "health", "security"]));
        let fields = vec![("measure", what), ("from", Field::Day(from))];
        out.push(self.household(Kind::Measure, day, 7200 + rng.below(3600), fields));
    }

    fn person_first_day(&self, at: u8, person: &Person, day: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        if let Some(status) = employment(person.work) {
            let since = Field::Day(day.plus_days(-rng.days(100, 2000)));
            let fields = vec![("status", Field::Code(status)), ("since", since)];
            out.push(self.member(Kind::Employment, at, day, rng, fields));
        }
        if let Some(disability) = person.disability {
            self.disabled(at, disability, day, rng, out);
        }
        out.push(self.insured(at, day, rng));
        out.extend(self.enrolment(at, person, day, rng));
        if self.home.scheme == Scheme::None && self.home.story.is_none() && at == 0 && rng.chance(80) {
            let fields = vec![
                ("kind", Field::Code(rng.pick(&["car", "motorcycle", "farm"]))),
                ("status", Field::Code("registered")),
                ("price", Field::Money(rng.between(30, 900) * 100_00)),
                ("on", Field::Day(day.plus_days(-rng.days(100, 3000)))),
            ];
            out.push(self.member(Kind::Vehicle, at, day, rng, fields));
        }
    }

    fn disabled(&self, at: u8, disability: Disability, day: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        let issued = day.plus_days(-rng.days(200, 3000));
        out.push(self.member(Kind::Certificate, at, day, rng, certificate(disability, "valid", issued)));
        if !matches!(self.home.scheme, Scheme::Dibao | Scheme::Tekun) {
            return;
        }
        let severe = disability.grade <= 2;
        for (tag, kind) in ["living", "nursing"].into_iter().enumerate().filter(|(at, _)| *at == 0 || severe) {
            let fields = vec![
                ("kind", Field::Code(kind)),
                ("status", Field::Code("in")),
                ("monthly", Field::Money(rng.between(80, 140) * 100)),
            ];
            let tag = u32::try_from(tag).unwrap_or(0);
            out.push(self.member(Kind::Subsidy, at, day, rng, fields).tagged(tag));
        }
    }

    /// The school year that has begun by `day`, for those of school age.
    fn enrolment(&self, at: u8, person: &Person, day: Day, rng: &mut Rng) -> Option<Draft> {
        let (stage, tuition) = match (person.work, person.age(day)) {
            (Work::Infant | Work::Student, 6..=14) => ("compulsory", 0),
            (Work::Student, 15..=17) => ("senior", 1_600_00),
            (Work::Infant, 3..=5) => ("preschool", 3_000_00),
            _ => return None,
        };
        let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
        let (from, to) = (Day::new(year, 9, 1)?, Day::new(year + 1, 7, 10)?);
        let fields = vec![
            ("stage", Field::Code(stage)),
            ("from", Field::Day(from)),
            ("to", Field::Day(to)),
            ("tuition", Field::Money(tuition)),
        ];
        Some(self.member(Kind::Enrolment, at, day, rng, fields))
    }

    /// The income of the month before, sent from the 5th.
    fn income(&self, at: u8, month: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        let earned = month.plus_months(-1);
        let Some((kind, amount)) = income::of(self.population, self.home, at, earned, rng) else { return };
        let fields = vec![("amount", Field::Money(amount)), ("month", Field::Day(earned)), ("kind", Field::Code(kind))];
        let draft = self.member(Kind::Income, at, month.plus_days(rng.days(4, 8)), rng, fields);
        let tells = |plot| matches!(plot, Plot::IncomeOverLine | Plot::MedicalBurden);
        let decisive = self.home.story.is_some_and(|story| tells(story.plot));
        out.push(if decisive { draft.decisive() } else { draft });
    }

    /// How many months the insurance of an employed member has gone unpaid, sent on the 10th.
    fn insurance(&self, at: u8, person: &Person, month: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        if person.work != Work::Employed {
            return;
        }
        let day = month.plus_days(9);
        let lost = self.home.story.filter(|story| story.plot == Plot::IncomeLoss && story.member == at);
        let unpaid = lost.map_or(0, |story| i64::from(day.days_since(story.since).max(0) / 30));
        let draft = self.member(Kind::Insurance, at, day, rng, vec![("months_unpaid", Field::Int(unpaid))]);
        out.push(if unpaid > 0 { draft.decisive() } else { draft });
    }

    /// A birth, then the child's number; or a move.
    fn turn(&self, month: Day, rng: &mut Rng, out: &mut Vec<Draft>) {
        let within = |day: Day| month <= day && day < month.plus_months(1);
        match self.home.turn {
            Some(Turn::Birth(born)) => {
                for (day, provisional) in [(born.plus_days(8), true), (born.plus_days(50), false)] {
                    if within(day) {
                        out.push(self.registration(day, None, provisional, rng));
                    }
                }
            }
            Some(Turn::Move(day, _)) if within(day) => out.push(self.registration(day, None, false, rng)),
            _ => {}
        }
    }
}

/// The data of a settlement: total, paid by insurances, by medical aid, by the household.
#[must_use]
pub fn bill(day: Day, amounts: [i64; 4], inpatient: bool, disease: &'static str) -> Vec<(&'static str, Field)> {
    let [total, pooled, aid, own] = amounts;
    vec![
        ("settled_on", Field::Day(day)),
        ("total", Field::Money(total)),
        ("pooled", Field::Money(pooled)),
        ("aid", Field::Money(aid)),
        ("self_paid", Field::Money(own)),
        ("inpatient", Field::Flag(inpatient)),
        ("settled", Field::Flag(true)),
        ("disease", Field::Code(disease)),
    ]
}

/// The data of a disability certificate's row.
#[must_use]
pub fn certificate(disability: Disability, status: &'static str, day: Day) -> Vec<(&'static str, Field)> {
    const CATEGORIES: [&str; 7] = ["sight", "hearing", "speech", "limb", "intellect", "mental", "multiple"];
    let at = usize::from(disability.category.saturating_sub(1));
    vec![
        ("category", Field::Code(CATEGORIES.get(at).copied().unwrap_or("limb"))),
        ("grade", Field::Int(i64::from(disability.grade))),
        ("status", Field::Code(status)),
        ("issued_on", Field::Day(day)),
    ]
}
