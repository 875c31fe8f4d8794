//! Correction requests: which value of a source was found wrong, and what the source says.

use doudi_model::{Day, FreeText, Text};
use doudi_routing::Correction;
use doudi_routing::correction;

use super::{Inner, unread};
use crate::service::Fault;
use crate::view::{CorrectionAnswerRow, CorrectionRow, Office};

impl Inner {
    /// All of them, in no order.
    pub(super) fn corrections(&self) -> Result<Vec<CorrectionRow>, Fault> {
        let today = self.today();
        let all = correction::all(&self.house.read()).map_err(unread)?;
        Ok(all.iter().map(|one| self.correction(one, today)).collect())
    }

    /// One of them, as screens and the API show it.
    pub(super) fn correction(&self, one: &Correction, today: Day) -> CorrectionRow {
        let office = |id: &str| {
            let known = self.offices.iter().find(|office| office.id == id).cloned();
            known.unwrap_or_else(|| Office {
                id: id.to_owned(),
                name: Text::new(id, id),
                division: one.division,
                visits_per_week: None,
            })
        };
        let days = self.book.plan.calendar().working_days_between(today, one.due.by);
        CorrectionRow {
            id: one.id.to_string(),
            case: one.case.to_string(),
            household: one.household.clone(),
            place: self.place(one.division),
            asked_by: office(one.asked_by.as_str()),
            office: office(one.office.as_str()),
            what: format!("{}/{}", one.kind, one.field),
            title: self.title_of(&one.kind, &one.field),
            right: self.words(&one.right),
            seen_on: self.words(&one.seen_on),
            asked: one.asked,
            due: one.due.by,
            working_days_left: one.answered.is_none().then_some(days),
            open: one.answered.is_none(),
            answer: one.answered.as_ref().map(|answer| CorrectionAnswerRow {
                at: answer.at,
                by: answer.by.clone(),
                corrected: answer.corrected,
                reason: self.words(&answer.reason),
            }),
        }
    }

    /// What staff wrote, opened for the screen; blank if nothing was written or it cannot be opened.
    fn words(&self, text: &FreeText) -> String {
        text.sealed().and_then(|sealed| self.opened(sealed)).map(|text| text.reveal().clone()).unwrap_or_default()
    }

    /// Fact kind and field in words.
    fn title_of(&self, kind: &str, field: &str) -> Text {
        let declared = self.book.bundle.dictionary().get(kind);
        match declared.and_then(|kind| Some((kind, kind.field(field)?))) {
            Some((kind, field)) => Text::new(
                format!("{}：{}", kind.title.zh, field.title.zh),
                format!("{}: {}", kind.title.en, field.title.en),
            ),
            // The bundle that named it has gone.
            None => Text::new(format!("{kind}/{field}"), format!("{kind}/{field}")),
        }
    }
}
