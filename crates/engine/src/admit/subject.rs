//! Whom an event is about.

use doudi_model::division::{Code, Standing, Tree};
use doudi_model::fact::Subject;
use doudi_model::secret::Secret;
use doudi_model::value::Sealed;
use doudi_model::{Day, Problem, Text, person};
use doudi_rules::bundle::SubjectKind;

use super::Admitter;
use super::refusal::Refusal;

/// A person as an event names them.
pub(super) struct Named {
    pub(super) person: person::Id,
    /// The number for the vault, if one was given in clear.
    pub(super) number: Option<(person::Number, Sealed)>,
    pub(super) provisional: bool,
}

/// The subject of an event of a kind, and the number it carried.
pub(super) fn subject(
    admitter: &Admitter<'_>,
    kind: SubjectKind,
    source: &str,
    raw: Option<&Secret<String>>,
    today: Day,
) -> Result<(Subject, Option<(person::Id, Sealed)>), Problem> {
    let raw = raw.map(|raw| raw.reveal().trim()).unwrap_or_default();
    let wrong = |zh: &str, en: &str| Refusal::Subject { expected: Text::new(zh, en) }.problem("subject");
    match kind {
        SubjectKind::Person => {
            if raw.is_empty() || raw.starts_with("household:") || raw.starts_with("division:") {
                return Err(wrong("一个人的身份证号", "a person's ID number"));
            }
            let named = person(admitter, source, raw, today).map_err(|refusal| refusal.problem("subject"))?;
            let identity = named.number.map(|(_, sealed)| (named.person, sealed));
            Ok((Subject::Person(named.person), identity))
        }
        SubjectKind::Household => {
            let id = raw.strip_prefix("household:").and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| wrong(" household:<家庭编号>", "household:<household number>"))?;
            Ok((Subject::Household(id), None))
        }
        SubjectKind::Division => {
            let code: Option<Code> = raw.strip_prefix("division:").and_then(|code| code.parse().ok());
            let code = code.ok_or_else(|| wrong(" division:<12位区划代码>", "division:<12-digit code>"))?;
            in_force(admitter.bundle.divisions(), code, today).map_err(|refusal| refusal.problem("subject"))?;
            Ok((Subject::Division(code), None))
        }
    }
}

/// A person by ID number, pseudonym, or `provisional:<mark>`.
pub(super) fn person(admitter: &Admitter<'_>, source: &str, raw: &str, today: Day) -> Result<Named, Refusal> {
    if let Some(mark) = raw.strip_prefix("provisional:") {
        return provisional(admitter, source, mark);
    }
    if let Ok(person) = raw.parse() {
        return Ok(Named { person, number: None, provisional: false });
    }
    let number = person::Number::parse(raw).map_err(Refusal::IdNumber)?;
    if !number.plausible_on(today) {
        return Err(Refusal::IdNumber(person::NumberProblem::Birth));
    }
    let sealed = admitter.seal.seal(number.reveal().as_bytes());
    Ok(Named { person: admitter.key.person(&number), number: Some((number, sealed)), provisional: false })
}

/// Someone without a number, known by a mark of the source.
pub(super) fn provisional(admitter: &Admitter<'_>, source: &str, mark: &str) -> Result<Named, Refusal> {
    let mark = mark.trim();
    if mark.is_empty() || mark.len() > 100 {
        return Err(Refusal::Subject {
            expected: Text::new("1至100个字符的临时标记", "a provisional mark of 1 to 100 characters"),
        });
    }
    Ok(Named { person: admitter.key.provisional(source, mark), number: None, provisional: true })
}

/// A division that is in force.
pub(super) fn in_force(divisions: &Tree, code: Code, today: Day) -> Result<(), Refusal> {
    match divisions.on(code, today) {
        Standing::InForce(_) => Ok(()),
        Standing::Gone(successor) => {
            Err(Refusal::DivisionGone { successor: successor.map(|division| division.code.to_string()) })
        }
        Standing::Unknown => Err(Refusal::DivisionUnknown),
    }
}
