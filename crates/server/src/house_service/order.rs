//! A move of a case through the log.

use std::sync::Arc;

use doudi_feedback::{Finding as Found, Hearing, Intervention, Report, Schedule, Visit, VisitHow, WrongValue};
use doudi_model::{FreeText, Problem, Text};
use doudi_routing::{Actor, CorrectionAnswer, Detail, MoveDone, MoveRequest, Role, index};
use doudi_store::Body;

use super::{Inner, unread, unstored};
use crate::auth;
use crate::service::{Fault, Finding, MoveOrder, Moved, Way};
use crate::view::{MoveKind, is_taken};

fn role(role: auth::Role) -> Role {
    match role {
        auth::Role::Township => Role::Township,
        auth::Role::County => Role::County,
        auth::Role::City => Role::City,
        auth::Role::Department => Role::Department,
        auth::Role::Auditor => Role::Auditor,
        auth::Role::Operator => Role::Operator,
        auth::Role::Data => Role::Data,
        auth::Role::Policy => Role::Policy,
    }
}

/// Sends the order through the log and waits for its answer.
pub(super) async fn order(inner: &Arc<Inner>, order: MoveOrder) -> Result<Moved, Fault> {
    let request = request(inner, order)?;
    let reply = inner.house.request(Body::Move(request)).await.map_err(unstored)?;
    let done: MoveDone = match reply {
        Ok(done) => serde_json::from_value(done).map_err(|fault| Fault::Unavailable(fault.to_string()))?,
        Err(problem) => return Err(refusal(problem)),
    };
    let next = if done.kind == MoveKind::Report { inner.next_in_village(&done)? } else { None };
    Ok(Moved { state: done.state, version: done.version, next })
}

fn refusal(problem: Problem) -> Fault {
    match problem.code.as_ref() {
        "move/no-case" => Fault::NotFound,
        "move/conflict" => Fault::Conflict(Box::new(problem)),
        _ => Fault::Refused(Box::new(problem)),
    }
}

fn request(inner: &Inner, order: MoveOrder) -> Result<MoveRequest, Fault> {
    let case = doudi_routing::number::parse(&order.case).map_err(|_| Fault::NotFound)?;
    let office = |id: &str| id.parse::<doudi_routing::office::Id>().map_err(|_| Fault::Refused(Box::new(no_office())));
    let to_office = order.to.as_deref().map(office).transpose()?;
    let (visit, report) = match order.finding {
        Some(finding) => {
            let (visit, report) = report(inner, &order.case, finding)?;
            (Some(visit), Some(report))
        }
        None => (order.visit, None),
    };
    let answer = order.answer.map(|answer| {
        let correction = answer.correction.parse().map_err(|_| Fault::NotFound)?;
        Ok(CorrectionAnswer { correction, corrected: answer.corrected })
    });
    let answer = answer.transpose()?;
    Ok(MoveRequest {
        case,
        kind: order.kind,
        actor: Actor {
            name: order.actor.display,
            role: role(order.actor.role),
            office: Some(office(&order.actor.office)?),
        },
        reason: order.reason.unwrap_or_default().into(),
        once: order.once,
        expected_version: order.version,
        detail: Detail { to_office, return_code: order.code, visit, report, answer },
    })
}

fn no_office() -> Problem {
    let message = Text::new("没有这个单位", "there is no such office");
    Problem::new("move/office-unknown", message, Text::new("请从列表中选择", "choose one of the list")).in_field("to")
}

/// The value called wrong is none that the dictionary has; `near` is what may be meant.
fn no_value(near: &str) -> Fault {
    let message = Text::new("没有这项数据", "no source holds such a value");
    let hint = match near {
        "" => Text::new(
            "写成 事实种类/字段，例如 medical.expense/self_paid；这张工单的 values 列出了全部",
            "write fact kind/field, such as medical.expense/self_paid; the case's values list them all",
        ),
        near => Text::new(format!("写成 事实种类/字段；可用：{near}"), format!("write fact kind/field; known: {near}")),
    };
    Fault::Refused(Box::new(Problem::new("move/wrong-value", message, hint).in_field("correction.what")))
}

fn report(inner: &Inner, case: &str, finding: Finding) -> Result<(Visit, Report), Fault> {
    let on = finding.on;
    let how = if finding.way == Way::Phone { VisitHow::Phone } else { VisitHow::Home };
    let investigators = finding.investigators.into_iter().map(FreeText::from).collect();
    let visit = Visit { on, investigators, met: finding.met.into(), how };
    let wrong = finding.correction.map(|correction| {
        let (kind, field) = inner.value_of(&correction.what)?;
        let office = inner.holder(case, &kind)?;
        let (right, seen_on) = (correction.right.into(), correction.seen_on.into());
        Ok(WrongValue { kind, field, office, right, seen_on })
    });
    let interventions = finding.interventions.into_iter().map(|one| Intervention {
        kind: one.kind,
        department: one.department,
        amount: one.amount,
        schedule: if one.monthly { Schedule::Monthly } else { Schedule::Once },
        from: one.from.unwrap_or(on),
    });
    let found = Found {
        outcome: finding.outcome,
        on,
        rules: Vec::new(),
        person: None,
        since: None,
        wrong: wrong.transpose()?,
        note: finding.remarks.into(),
    };
    let hearing = finding.hearing.map(|said| Hearing { heard: true, said: said.into(), on });
    Ok((visit, Report { finding: found, interventions: interventions.collect(), hearing }))
}

impl Inner {
    /// Fact kind and field of a value that is called wrong, `medical.expense/self_paid`.
    fn value_of(&self, what: &str) -> Result<(String, String), Fault> {
        let dictionary = self.book.bundle.dictionary();
        let (kind, field) = what.split_once('/').unwrap_or((what, ""));
        let (kind, field) = (kind.trim(), field.trim());
        let Some(declared) = dictionary.get(kind) else {
            return Err(no_value(&dictionary.nearest(kind).map(|near| format!("{near}/…")).unwrap_or_default()));
        };
        if declared.field(field).is_some() {
            return Ok((kind.to_owned(), field.to_owned()));
        }
        let fields = declared.fields.iter().filter(|field| !field.sensitive);
        Err(no_value(&fields.map(|field| format!("{kind}/{}", field.name)).collect::<Vec<_>>().join(" ")))
    }

    /// The office that holds a kind of fact about the household of a case.
    fn holder(&self, case: &str, kind: &str) -> Result<String, Fault> {
        let case = self.load(case)?;
        let declared = self.book.bundle.dictionary().get(kind).ok_or(Fault::NotFound)?;
        Ok(self.office_of(&declared.office, case.division))
    }

    /// Another case of the village that nobody took yet.
    fn next_in_village(&self, done: &MoveDone) -> Result<Option<String>, Fault> {
        let state = self.house.read();
        let case = index::case(&state, &done.case).map_err(unread)?.ok_or(Fault::NotFound)?;
        let others = index::office_cases(&state, &done.lead).map_err(unread)?;
        let mut fit: Vec<_> = others
            .into_iter()
            .filter(|other| other.id != case.id && other.division == case.division && other.lead == case.lead)
            .filter(|other| other.report.is_none())
            .collect();
        fit.sort_by_key(|other| (is_taken(other.state), std::cmp::Reverse(other.level), other.id.clone()));
        Ok(fit.first().map(|other| other.id.to_string()))
    }
}
