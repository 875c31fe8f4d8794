//! Text as people type it: full-width signs, blanks of all kinds, wrappings of other programs.

/// Signs that nobody sees.
#[must_use]
pub fn is_unseen(sign: char) -> bool {
    sign.is_whitespace()
        || sign.is_control()
        || matches!(
            sign,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}'
                | '\u{180e}' | '\u{3164}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}'
        )
}

/// Whether nothing can be seen in it.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// Full-width signs as plain ones: `１，２` becomes `1,2`, `（` becomes `(`.
#[must_use]
pub fn plain(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '。' | '｡' => '.',
        '−' | '–' | '—' | '―' | '‐' | '‑' | '─' => '-',
        '￥' => '¥',
        _ => sign,
    }
}

/// The text without any blank, with full-width signs as plain ones: for numbers, dates, header names.
#[must_use]
pub fn compact(text: &str) -> String {
    text.chars().filter(|sign| !is_unseen(*sign)).map(plain).collect()
}

/// The same, with one space for each run of blanks inside: a space parts a date from a time.
#[must_use]
pub fn compact_keeping_gaps(text: &str) -> String {
    let words: Vec<String> = text.split(is_unseen).filter(|word| !word.is_empty()).map(compact).collect();
    words.join(" ")
}

/// The text without surrounding blanks and with one kind of line break; what is inside stays.
#[must_use]
pub fn trimmed(text: &str) -> String {
    let ends = text.trim_matches(is_unseen);
    let mut out = String::with_capacity(ends.len());
    let mut signs = ends.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\r' => {
                if signs.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\u{200b}' | '\u{feff}' => {}
            '\u{00a0}' => out.push(' '),
            _ => out.push(sign),
        }
    }
    out
}

/// Text out of `="…"` and `'…`, the ways in which text is kept from becoming a number.
#[must_use]
pub fn unwrapped(text: &str) -> &str {
    let text = text.trim_matches(is_unseen);
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner;
    }
    text.strip_prefix('\'').filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// Whether a spreadsheet would run the text as a formula: `=cmd|…`, `@SUM(…)`, `+cmd|…`.
#[must_use]
pub fn is_command(text: &str) -> bool {
    let text = unwrapped(text);
    let mut signs = text.chars();
    match signs.next().map(plain) {
        Some('=') => signs.next().is_some(),
        Some('@' | '+') => signs.next().is_some_and(|next| next.is_ascii_alphabetic()),
        Some('-') => signs.next().is_some_and(|next| next.is_ascii_alphabetic()) && text.contains('|'),
        _ => false,
    }
}

/// A person's name: no blanks at the ends, and none inside where it is written in Han characters only.
#[must_use]
pub fn name(text: &str) -> String {
    let trimmed = trimmed(text);
    let foreign = trimmed.chars().any(|sign| sign.is_ascii_alphabetic());
    if foreign { trimmed } else { trimmed.chars().filter(|sign| !is_unseen(*sign)).collect() }
}

/// Words and signs that say that there is nothing, which is not the same as zero.
#[must_use]
pub fn nothing(compact: &str) -> Option<Nothing> {
    match compact {
        "-" | "--" | "---" | "/" | "\\" | "*" | "…" | "……" | "." => Some(Nothing::Dash),
        "无" | "没有" | "暂无" | "不详" | "未知" | "空" | "N/A" | "n/a" | "NA" | "NULL" | "null" | "None"
        | "无数据" => Some(Nothing::Word),
        _ => None,
    }
}

/// How a cell says that there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// `—`.
    Dash,
    /// 无.
    Word,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_of_all_kinds_are_blank() {
        for text in ["", " ", "\u{3000}", "\u{a0}", "\t\r\n", "\u{200b}\u{feff}", "\u{3164}"] {
            assert!(is_blank(text), "{text:?}");
        }
        assert!(!is_blank("0"));
    }

    #[test]
    fn wrappings_of_other_programs_come_off() {
        for (text, expect) in
            [("=\"42120219840828000X\"", "42120219840828000X"), ("'421", "421"), ("421\t", "421"), ("'", "'")]
        {
            assert_eq!(unwrapped(text), expect);
        }
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_a_command_and_what_it_would_not_is_text() {
        for text in ["=cmd|' /C calc'!A0", "＝cmd", "+cmd|x", "@SUM(A1)", "=1+1"] {
            assert!(is_command(text), "{text}");
        }
        for text in ["=\"421202\"", "-5", "+8613800000000", "@", "=", "—", "a=b"] {
            assert!(!is_command(text), "{text}");
        }
    }

    #[test]
    fn names_lose_padding_and_keep_what_belongs_to_them() {
        for (text, expect) in
            [(" 张　三 ", "张三"), ("·买买提·甲", "·买买提·甲"), ("Li  Ming", "Li  Ming"), ("𬱟甲\u{200b}", "𬱟甲")]
        {
            assert_eq!(name(text), expect);
        }
    }

    #[test]
    fn line_breaks_inside_a_cell_are_of_one_kind() {
        assert_eq!(trimmed(" 合同到期\r\n未续签\r "), "合同到期\n未续签");
    }
}
