//! Office patterns: one row of a table for every township or county.

use doudi_model::division::{self, Code};

use crate::office::{Kind, Office, Offices};

/// An office id with places to fill in: `t-{township}`, `c-{county}-mz`, `{parent}`.
///
/// | place | filled with |
/// |---|---|
/// | `{township}` | first nine digits of the household's division |
/// | `{county}` | first six |
/// | `{city}` | first four |
/// | `{lead}` | the case's lead office |
/// | `{parent}` | the office above the lead |
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern(String);

/// For whom a pattern is filled in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) offices: &'a Offices,
    pub(crate) divisions: &'a division::Tree,
    pub(crate) division: Code,
    pub(crate) lead: Option<&'a Office>,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Pattern {
        Pattern(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that the pattern gives, whether or not there is such an office.
    pub(crate) fn id(&self, place: &Place<'_>) -> Option<String> {
        let digits = place.division.to_string();
        let mut id = self.0.clone();
        for (mark, length) in [("{township}", 9), ("{county}", 6), ("{city}", 4)] {
            id = id.replace(mark, digits.get(..length)?);
        }
        if id.contains("{lead}") {
            id = id.replace("{lead}", place.lead?.id.as_str());
        }
        if id.contains("{parent}") {
            id = id.replace("{parent}", place.lead?.parent.as_ref()?.as_str());
        }
        Some(id)
    }

    /// The office that the pattern gives.
    ///
    /// A household whose township is not known has no township office: the county's own office stands in, and the
    /// city's where even the county is not known.
    pub(crate) fn office<'a>(&self, place: &Place<'a>) -> Option<&'a Office> {
        let exact = self.id(place).and_then(|id| place.offices.find(&id));
        exact.or_else(|| self.stand_in(place))
    }

    fn stand_in<'a>(&self, place: &Place<'a>) -> Option<&'a Office> {
        let level = place.divisions.get(place.division)?.level;
        let needs = if self.0.contains("{township}") {
            division::Level::Township
        } else if self.0.contains("{county}") {
            division::Level::County
        } else {
            return None;
        };
        if level >= needs {
            return None;
        }
        place.offices.of_division(
            place.division,
            match level {
                division::Level::County => Kind::County,
                _ => Kind::City,
            },
        )
    }
}
