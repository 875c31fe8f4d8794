//! Whether an event lists someone whom another household has.
//!
//! That is how a move looks, and how a slip looks. The event is taken in either way, because nothing may be lost; its
//! sender is told, because only the sender knows which of the two it is. What comes at the same time by another way is
//! not seen here; where two households claim a person as well as each other, a rule finds it.

use std::collections::BTreeMap;

use doudi_model::fact::Subject;
use doudi_model::stage::{State, StateFault};
use doudi_model::{Fact, Problem, Text, household, person};

use crate::resolve::{self, MEMBER, REGISTERED};

/// Who lives where, as the state knows it and as the events before in the same delivery say.
pub struct Elsewhere<'a> {
    state: &'a dyn State,
    claimed: BTreeMap<person::Id, household::Id>,
}

impl<'a> Elsewhere<'a> {
    /// Before the first event of a delivery.
    #[must_use]
    pub fn new(state: &'a dyn State) -> Elsewhere<'a> {
        Elsewhere { state, claimed: BTreeMap::new() }
    }

    /// One notice for each member of this event's household whom another household has.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn notices(&mut self, facts: &[Fact]) -> Result<Vec<Problem>, StateFault> {
        let mut notices = Vec::new();
        let list = facts.iter().any(|fact| fact.kind.as_str() == REGISTERED);
        let claims = facts.iter().filter(|fact| fact.kind.as_str() == MEMBER && !fact.withdrawn);
        for (at, fact) in claims.enumerate() {
            let household = fact.text("household").and_then(|text| text.parse::<household::Id>().ok());
            let (Subject::Person(person), Some(household)) = (&fact.subject, household) else { continue };
            let before = match self.claimed.insert(*person, household.clone()) {
                Some(before) => Some(before),
                None => resolve::home(self.state, *person)?,
            };
            if let Some(other) = before.filter(|other| *other != household) {
                let field = if list { format!("data.members[{at}]") } else { "data.household".to_owned() };
                notices.push(notice(&household, &other).in_field(field));
            }
        }
        Ok(notices)
    }
}

fn notice(household: &household::Id, other: &household::Id) -> Problem {
    Problem::new(
        "notice/member-elsewhere",
        Text::new(
            format!("已采纳；但此人在家庭 {other} 名下，现在又列入家庭 {household}"),
            format!("taken in; but household {other} has this person, and now household {household} lists them too"),
        ),
        Text::new(
            "确已迁入的不必处理；登记有误的，用 supersedes 更正或撤回错的一条",
            "if the person moved, nothing is to be done; if not, correct or withdraw the wrong event by `supersedes`",
        ),
    )
}
