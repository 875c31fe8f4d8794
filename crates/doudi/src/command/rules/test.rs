//! `doudi rules test`: the tests that stand beside the rules.

use doudi_rules::bundle::Bundle;
use serde_json::json;

use crate::context::{Answer, Context, Done, Failure};

pub(super) fn test(context: &Context) -> Answer {
    let bundle = Bundle::load_untested(context.bundle_files()?).map_err(Failure::Usage)?;
    let results = bundle.run_tests();
    let failed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    let said = |result: &doudi_rules::bundle::TestResult| match &result.answer {
        Ok(answer) => answer.to_string(),
        Err(problem) => problem.render(context.lang),
    };
    let json = json!({
        "passed": results.len() - failed.len(),
        "failed": failed.iter().map(|result| json!({
            "rule": result.rule, "test": result.test, "expected": result.expected.to_string(), "answer": said(result),
        })).collect::<Vec<_>>(),
    });
    context.output().answer(&json, || {
        let mut text: String = failed
            .iter()
            .map(|result| {
                let (rule, test, expected, answer) = (&result.rule, &result.test, &result.expected, said(result));
                context.say(
                    format!("✕ {rule} · {test}\n  应为 {expected}，实为 {answer}\n"),
                    format!("✕ {rule} · {test}\n  expected {expected}, got {answer}\n"),
                )
            })
            .collect();
        let (passed, failed) = (results.len() - failed.len(), failed.len());
        text.push_str(
            &context.say(
                format!("{passed}个测试通过，{failed}个不通过"),
                format!("{passed} tests passed, {failed} failed"),
            ),
        );
        text
    });
    Ok(Done::found_if(!failed.is_empty()))
}
