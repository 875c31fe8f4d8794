//! What may stand in free text: not too much, and no ID number.

use doudi_model::{Problem, person};

use super::{MoveRequest, refusal};

const TEXT_MAX: usize = 2000;
const ONCE_MAX: usize = 128;

/// Checks the once-only key and every free text of a request.
pub(super) fn check(request: &MoveRequest) -> Result<(), Problem> {
    if request.once.trim().is_empty() || request.once.len() > ONCE_MAX {
        return Err(refusal::once());
    }
    let mut texts = vec![("reason", request.reason.as_str()), ("actor.name", request.actor.name.as_str())];
    if let Some(visit) = &request.detail.visit {
        texts.push(("detail.visit.met", &visit.met));
        texts.extend(visit.investigators.iter().map(|name| ("detail.visit.investigators", name.as_str())));
    }
    if let Some(report) = &request.detail.report {
        texts.push(("detail.report.finding.note", &report.finding.note));
        if let Some(wrong) = &report.finding.wrong {
            texts.push(("detail.report.finding.wrong.kind", &wrong.kind));
            texts.push(("detail.report.finding.wrong.field", &wrong.field));
            texts.push(("detail.report.finding.wrong.right", &wrong.right));
            texts.push(("detail.report.finding.wrong.seen_on", &wrong.seen_on));
        }
        texts.extend(report.hearing.iter().map(|hearing| ("detail.report.hearing.said", hearing.said.as_str())));
        for intervention in &report.interventions {
            texts.push(("detail.report.interventions.kind", &intervention.kind));
            texts.push(("detail.report.interventions.department", &intervention.department));
        }
    }
    for (field, text) in texts {
        if text.chars().count() > TEXT_MAX {
            return Err(refusal::text_length(field, TEXT_MAX));
        }
        if holds_id_number(text) {
            return Err(refusal::id_number(field));
        }
    }
    Ok(())
}

/// Whether a citizen number stands in the text, also with blanks inside or full-width digits.
pub(super) fn holds_id_number(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|sign| !sign.is_whitespace()).map(plain_sign).collect();
    plain.split(|sign| !sign.is_ascii_digit() && *sign != 'X').any(|run| {
        let is_number = |signs: &[char]| person::Number::parse(&signs.iter().collect::<String>()).is_ok();
        run.windows(18).any(is_number) || (run.len() == 15 && is_number(run))
    })
}

fn plain_sign(sign: char) -> char {
    let half = match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        _ => sign,
    };
    half.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_number_is_seen_however_it_is_written() {
        // Synthetic: the order code 000 is never issued.
        for text in [
            "42120219860722000X是户主",
            "身份证 421202 19860722 000X。",
            "４２１２０２１９８６０７２２０００Ｘ",
            "旧号421202860722000",
        ] {
            assert!(holds_id_number(text), "{text}");
        }
        assert!(!holds_id_number("13912345678，2026-11-24 已电话联系，自付23400元"));
    }
}
