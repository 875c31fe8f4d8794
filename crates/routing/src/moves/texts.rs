//! What may stand in free text: not too much, and no ID number.

use doudi_model::{Problem, person};

use super::{MoveRequest, refusal};

const TEXT_MAX: usize = 2000;
const ONCE_MAX: usize = 128;

/// Checks the once-only key and every text of a request.
pub(super) fn check(request: &MoveRequest) -> Result<(), Problem> {
    if request.once.trim().is_empty() || request.once.len() > ONCE_MAX {
        return Err(refusal::once());
    }
    for (field, text) in plain_texts(request) {
        check_text(field, text)?;
    }
    // What is sealed was checked when it was sealed.
    let mut request = request.clone();
    request.free_texts().iter().try_for_each(|(field, text)| check_text(field, text.clear().unwrap_or_default()))
}

/// Texts that stay in clear because others go by them: names of staff and codes.
fn plain_texts(request: &MoveRequest) -> Vec<(&'static str, &str)> {
    let mut texts = vec![("actor.name", request.actor.name.as_str())];
    if let Some(report) = &request.detail.report {
        if let Some(wrong) = &report.finding.wrong {
            texts.push(("detail.report.finding.wrong.kind", &wrong.kind));
            texts.push(("detail.report.finding.wrong.field", &wrong.field));
        }
        for intervention in &report.interventions {
            texts.push(("detail.report.interventions.kind", &intervention.kind));
            texts.push(("detail.report.interventions.department", &intervention.department));
        }
    }
    texts
}

fn check_text(field: &str, text: &str) -> Result<(), Problem> {
    if text.chars().count() > TEXT_MAX {
        return Err(refusal::text_length(field, TEXT_MAX));
    }
    if holds_id_number(text) { Err(refusal::id_number(field)) } else { Ok(()) }
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
