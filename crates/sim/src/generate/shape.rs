//! Who lives together: the shapes of households and the people they are made of.

use doudi_model::Day;

use super::name::Name;
use crate::rng::Rng;
use crate::story::Plot;

/// How a household is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// One old person.
    #[default]
    ElderAlone,
    /// Two old people.
    ElderCouple,
    /// Two adults.
    Couple,
    /// Two adults with children.
    Family,
    /// Two adults, children, one of the adults' parents.
    ThreeGenerations,
    /// One adult with children.
    SingleParent,
    /// Old people with a grandchild.
    Grandparents,
    /// One adult.
    AdultAlone,
}

/// What a member is to the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// 户主.
    Head,
    /// 配偶.
    Spouse,
    /// 子女.
    Child,
    /// 父母.
    Parent,
    /// 孙辈.
    Grandchild,
}

impl Relation {
    /// The code in the fact dictionary.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Relation::Head => "head",
            Relation::Spouse => "spouse",
            Relation::Child => "child",
            Relation::Parent => "parent",
            Relation::Grandchild => "grandchild",
        }
    }
}

/// What a person does all day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Work {
    /// Too young for school.
    #[default]
    Infant,
    /// At school.
    Student,
    /// Employed and insured.
    Employed,
    /// Works the land.
    Farmer,
    /// Old.
    Retired,
    /// Cannot work.
    Unable,
}

/// A disability as the certificate has it: category 1 to 7, grade 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disability {
    /// 1 sight, 2 hearing, 3 speech, 4 limb, 5 intellect, 6 mental, 7 multiple.
    pub category: u8,
    /// 1 gravest to 4.
    pub grade: u8,
}

/// A member before a number is issued to them.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    /// What they are to the head.
    pub relation: Relation,
    /// Day of birth.
    pub birth: Day,
    /// Name.
    pub name: Name,
    /// Occupation.
    pub work: Work,
}

impl Shape {
    /// A shape in which the plot can happen.
    pub fn for_plot(plot: Option<Plot>, rng: &mut Rng) -> Shape {
        match plot {
            // Someone else must earn a little: without any record of income nobody can tell how much is left.
            Some(Plot::IncomeLoss) => rng.weighted(&[(7, Shape::Family), (3, Shape::ThreeGenerations)]),
            Some(Plot::EarnerDeath | Plot::Disaster) => rng.weighted(&[(5, Shape::Family), (3, Shape::SingleParent)]),
            Some(Plot::ChildWithoutCarer | Plot::DoubleBenefit) => Shape::Grandparents,
            Some(Plot::DeadOnRoll) => rng.weighted(&[(5, Shape::ElderAlone), (5, Shape::ElderCouple)]),
            Some(Plot::IncomeOverLine) => rng.weighted(&[(5, Shape::Couple), (3, Shape::AdultAlone)]),
            Some(Plot::CertificateCancelled) => rng.weighted(&[(5, Shape::AdultAlone), (3, Shape::Couple)]),
            Some(Plot::MedicalBurden | Plot::SevereDisability | Plot::MonitoredUncovered) => {
                rng.weighted(&[(3, Shape::Couple), (5, Shape::Family), (2, Shape::ThreeGenerations)])
            }
            Some(Plot::ClaimedTwice | Plot::InsuranceLapsed | Plot::Reported | Plot::CarOnRoll) | None => {
                Shape::any(rng)
            }
        }
    }

    fn any(rng: &mut Rng) -> Shape {
        rng.weighted(&[
            (28, Shape::ElderAlone),
            (16, Shape::ElderCouple),
            (9, Shape::Couple),
            (16, Shape::Family),
            (6, Shape::ThreeGenerations),
            (7, Shape::SingleParent),
            (4, Shape::Grandparents),
            (14, Shape::AdultAlone),
        ])
    }

    /// The people of a household of this shape on `day`.
    pub fn people(self, day: Day, rng: &mut Rng) -> Vec<Draft> {
        let head = Name::any(rng);
        let mut cast = Cast { day, head, out: Vec::with_capacity(5) };
        let children = 1 + usize::from(rng.chance(350));
        match self {
            Shape::ElderAlone => cast.elder(Relation::Head, rng),
            Shape::ElderCouple => {
                cast.elder(Relation::Head, rng);
                cast.elder(Relation::Spouse, rng);
            }
            Shape::Couple | Shape::Family | Shape::ThreeGenerations => {
                cast.adult(Relation::Head, rng);
                cast.adult(Relation::Spouse, rng);
            }
            Shape::SingleParent | Shape::AdultAlone => cast.adult(Relation::Head, rng),
            Shape::Grandparents => {
                cast.elder(Relation::Head, rng);
                if rng.chance(600) {
                    cast.elder(Relation::Spouse, rng);
                }
                cast.child(Relation::Grandchild, rng);
            }
        }
        if matches!(self, Shape::Family | Shape::ThreeGenerations | Shape::SingleParent) {
            (0..children).for_each(|_| cast.child(Relation::Child, rng));
        }
        if self == Shape::ThreeGenerations {
            cast.elder(Relation::Parent, rng);
        }
        cast.out
    }
}

struct Cast {
    day: Day,
    head: Name,
    out: Vec<Draft>,
}

impl Cast {
    fn born(&self, low: i32, high: i32, rng: &mut Rng) -> Day {
        self.day.plus_months(-12 * rng.days(low, high)).plus_days(-rng.days(0, 364))
    }

    fn add(&mut self, relation: Relation, birth: Day, work: Work, rng: &mut Rng) {
        let name = match relation {
            Relation::Head => self.head,
            Relation::Spouse => Name::any(rng),
            Relation::Child | Relation::Parent | Relation::Grandchild => self.head.given(rng),
        };
        self.out.push(Draft { relation, birth, name, work });
    }

    fn elder(&mut self, relation: Relation, rng: &mut Rng) {
        let birth = self.born(63, 90, rng);
        self.add(relation, birth, Work::Retired, rng);
    }

    /// The head of working age is employed, a spouse works the land: one clear earner.
    fn adult(&mut self, relation: Relation, rng: &mut Rng) {
        let birth = self.born(30, 57, rng);
        let work = if relation == Relation::Head { Work::Employed } else { Work::Farmer };
        self.add(relation, birth, work, rng);
    }

    fn child(&mut self, relation: Relation, rng: &mut Rng) {
        let birth = self.born(2, 15, rng);
        let school = self.day.age_of(birth).is_some_and(|age| age >= 6);
        self.add(relation, birth, if school { Work::Student } else { Work::Infant }, rng);
    }
}
