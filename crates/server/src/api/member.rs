//! Members of a request at fault: which one, and what is expected there.

use doudi_model::{Problem, Text};

use crate::view::{MoveKind, Outcome};
use crate::words::fault;

/// What a return can give as its reason.
const RETURN_CODES: &str = "not-ours not-here too-little other";

/// The moves that can be ordered by name; a report and an answer have addresses of their own.
pub(super) fn moves() -> String {
    let named = MoveKind::ALL.into_iter().filter(|kind| !matches!(kind, MoveKind::Report | MoveKind::Answer));
    named.map(MoveKind::name).collect::<Vec<_>>().join(" ")
}

/// What is expected in a member, by the last part of its path.
fn expected(path: &str) -> Option<Text> {
    let one_of = |words: String| Some(Text::new(format!("可用：{words}"), format!("one of: {words}")));
    let text = |zh: &str, en: &str| Some(Text::new(zh, en));
    match path.rsplit('.').next().unwrap_or(path).split('[').next().unwrap_or_default() {
        "outcome" => one_of(Outcome::ALL.map(Outcome::code).join(" ")),
        "way" => one_of("visit phone".to_owned()),
        "how" => one_of("home phone".to_owned()),
        "code" => one_of(RETURN_CODES.to_owned()),
        "kind" if path == "kind" => one_of(moves()),
        "on" | "from" => text("写成 2026-11-20", "write it 2026-11-20"),
        "amount" => text("整数，单位是分：1200元写 120000", "a whole number of fen: 120000 is 1200 yuan"),
        "monthly" | "corrected" => text("写 true 或 false", "true or false"),
        "version" => text(
            "整数：您看到的工单版本，即 row.version；不写则不核对",
            "a whole number: the version of the case that you saw, its row.version; without it nothing is compared",
        ),
        "once" => text("1到128字符，重试时不变", "1 to 128 signs, the same for each retry"),
        "investigators" => text("姓名的数组，1到8人", "an array of one to eight names"),
        "interventions" => text(
            "数组，每项 {\"kind\",\"department\",\"amount\",\"monthly\",\"from\"}",
            "an array of {\"kind\",\"department\",\"amount\",\"monthly\",\"from\"}",
        ),
        "visit" => text(
            "{\"on\":\"2026-11-20\",\"investigators\":[\"…\"],\"met\":\"…\",\"how\":\"home\"}",
            "{\"on\":\"2026-11-20\",\"investigators\":[\"…\"],\"met\":\"…\",\"how\":\"home\"}",
        ),
        "correction" => text(
            "{\"what\":\"medical.expense/self_paid\",\"right\":\"…\",\"seen_on\":\"…\"}",
            "{\"what\":\"medical.expense/self_paid\",\"right\":\"…\",\"seen_on\":\"…\"}",
        ),
        "what" => text(
            "事实种类/字段，例如 medical.expense/self_paid；见工单的 values",
            "fact kind/field, such as medical.expense/self_paid; the case's values list them",
        ),
        _ => None,
    }
}

/// A member whose value is not of its form.
pub(super) fn unreadable(path: &str) -> Problem {
    let hint = expected(path)
        .unwrap_or_else(|| Text::new("见 /v1/openapi.json 里这个字段的写法", "see its form in /v1/openapi.json"));
    fault::member(path, Text::new("这一项读不懂", "this member cannot be read"), hint)
}

/// What the parser found, by the path at which it stopped.
pub(super) fn fault(path: &str, said: &str) -> Problem {
    let inside = |name: &str| if path == "." { name.to_owned() } else { format!("{path}.{name}") };
    if let Some(name) = said.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        let path = inside(name);
        let hint = expected(&path).unwrap_or_else(|| Text::new("请补上", "fill it in"));
        return fault::member(&path, Text::new("缺少这一项", "this member is missing"), hint);
    }
    if said.starts_with("unknown field `") {
        // The list of what is known is ours; it is the last thing said.
        let known = said.rsplit_once(", expected ").map_or("", |(_, known)| known);
        let known = known.trim_start_matches("one of ").replace(['`', ','], "");
        let message = Text::new("没有这一项", "there is no such member");
        let hint = Text::new(format!("可用：{known}"), format!("known: {known}"));
        let problem = fault::member("", message, hint);
        return if is_name(path) { problem.in_field(path) } else { Problem { field: None, ..problem } };
    }
    unreadable(if path == "." { "" } else { path })
}

/// Whether text from a sender looks like the name of a member rather than like content.
fn is_name(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|sign| sign.is_ascii_lowercase() || matches!(sign, b'_' | b'.'))
}

/// The problem of a move with its members named as the API has them, and with what an API client can do about it.
///
/// `is_finding`: the members of a finding stand at the top.
pub(super) fn of_api(problem: Problem, is_finding: bool, outcomes: &[Outcome]) -> Problem {
    let field = problem.field.as_deref().map(|field| renamed(field, is_finding));
    let field = field.filter(|field| !field.is_empty());
    let hint = match problem.code.as_ref() {
        "move/conflict" => Some(Text::new(
            "version 是您看到的工单版本；重新读取工单，看过之后带上新的 row.version 再提交",
            "version is the version of the case that you saw; read the case again, then send with its row.version",
        )),
        "move/version" => Some(Text::new(
            "version 写您读到的 row.version；不写则不核对",
            "version is the row.version that you read; without it nothing is compared",
        )),
        "move/state" => Some(Text::new("现在可以办理的见工单的 moves", "what can be done now is in the case's moves")),
        "move/office-unknown" if field.as_deref() == Some("to") => {
            Some(Text::new("可用的单位见工单的 targets", "the case's targets list the offices"))
        }
        "move/outcome" => {
            let codes = outcomes.iter().map(|outcome| outcome.code()).collect::<Vec<_>>().join(" ");
            Some(Text::new(format!("这张工单可用：{codes}"), format!("this case takes: {codes}")))
        }
        "move/visit-missing" => Some(Text::new(
            "先用 visit 登记走访，或用 …/feedback 一并登记",
            "record the visit first with a visit move, or send both to …/feedback",
        )),
        "move/hearing" => Some(Text::new(
            "hearing 写明本人听取意见时说了什么",
            "hearing holds what the household said when it was heard",
        )),
        "move/detail" => field.as_deref().and_then(expected),
        _ => None,
    };
    Problem { field, hint: hint.unwrap_or(problem.hint), ..problem }
}

fn renamed(field: &str, is_finding: bool) -> String {
    let Some(inner) = field.strip_prefix("detail.") else {
        return match field {
            "expected_version" => "version",
            // Who acts comes from the log-in, which case from the address.
            "actor" | "actor.office" | "actor.name" | "case" => "",
            field => field,
        }
        .to_owned();
    };
    match inner {
        "to_office" => "to".to_owned(),
        "return_code" => "code".to_owned(),
        "answer" | "answer.correction" => "correction".to_owned(),
        "report" => String::new(),
        "visit" => if is_finding { "on" } else { "visit" }.to_owned(),
        _ => match (inner.strip_prefix("visit."), inner.strip_prefix("report.")) {
            (Some("how"), _) if is_finding => "way".to_owned(),
            (Some(rest), _) if is_finding => rest.to_owned(),
            (_, Some(rest)) => of_report(rest).to_owned(),
            _ => inner.to_owned(),
        },
    }
}

fn of_report(field: &str) -> &str {
    match field {
        "finding.note" => "remarks",
        "finding.wrong" => "correction",
        "finding.wrong.kind" | "finding.wrong.field" | "finding.wrong.office" => "correction.what",
        "finding.wrong.right" => "correction.right",
        "finding.wrong.seen_on" => "correction.seen_on",
        "hearing.said" => "hearing",
        "hearing.on" => "on",
        field => field.strip_prefix("finding.").unwrap_or(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_move_has_its_name_in_the_api() {
        for (inner, move_name, finding_name) in [
            ("expected_version", "version", "version"),
            ("detail.to_office", "to", "to"),
            ("detail.return_code", "code", "code"),
            ("detail.visit", "visit", "on"),
            ("detail.visit.investigators", "visit.investigators", "investigators"),
            ("detail.report.finding.outcome", "outcome", "outcome"),
            ("detail.report.finding.wrong.field", "correction.what", "correction.what"),
            ("detail.report.finding.note", "remarks", "remarks"),
            ("detail.report.hearing.said", "hearing", "hearing"),
            ("detail.report.interventions.amount", "interventions.amount", "interventions.amount"),
            ("reason", "reason", "reason"),
            ("actor.office", "", ""),
        ] {
            assert_eq!((renamed(inner, false).as_str(), renamed(inner, true).as_str()), (move_name, finding_name));
        }
    }

    #[test]
    fn every_return_code_that_is_offered_is_one() {
        for code in RETURN_CODES.split(' ') {
            assert!(serde_json::from_value::<crate::service::ReturnCode>(code.into()).is_ok(), "{code}");
        }
    }

    #[test]
    fn what_a_sender_wrote_is_not_repeated() {
        let said = fault("42120219860722000X", "unknown field `42120219860722000X`, expected `kind`");
        assert!(!format!("{said:?}").contains("421202"));
        let said = fault("outcome", "unknown variant `42120219860722000X`, expected one of `a`");
        assert!(!format!("{said:?}").contains("421202") && said.hint.en.contains("entered-dibao"));
    }

    #[test]
    fn a_member_in_the_middle_is_named_with_its_path() {
        assert_eq!(fault("interventions[0]", "missing field `kind`").field.unwrap(), "interventions[0].kind");
        assert_eq!(fault(".", "missing field `on`").field.unwrap(), "on");
    }
}
