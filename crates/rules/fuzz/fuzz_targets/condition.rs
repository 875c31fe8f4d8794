//! Any text as a condition of `rules eval`: an answer or a refusal, never a panic.
#![no_main]

use doudi_model::Lang;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let line = format!(
        r#"{{"expr":{},"vars":{{"a":{{"type":"int","value":3}},"m":{{"type":"money","value":7}},"b":{{"type":"bool","value":null}},"d":{{"type":"date","value":"2026-01-01"}},"t":{{"type":"string","value":"x"}}}}}}"#,
        as_json(text)
    );
    let _ = doudi_rules::eval::answer(&line, Lang::Zh);
    let _ = doudi_rules::eval::answer(text, Lang::En);
});

/// The text as a JSON string.
fn as_json(text: &str) -> String {
    let mut json = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            control if control < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json + "\""
}
