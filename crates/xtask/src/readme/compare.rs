//! Whether output is as a document shows it, where `…` stands for anything.

/// Compares line by line.
///
/// # Errors
/// The first expected line that has no counterpart, or the first printed line that nothing stands for.
pub fn output(expected: &str, printed: &str) -> Result<(), String> {
    let (expected, printed) = (lines(expected), lines(printed));
    let (mut want, mut got) = (0, 0);
    // Where to go on from when what follows the last `…` line turns out not to fit: there, one printed line later.
    let mut retry: Option<(usize, usize)> = None;
    let mut farthest = 0;
    loop {
        farthest = farthest.max(want);
        match (expected.get(want), printed.get(got)) {
            (None, None) => return Ok(()),
            (Some(line), _) if line.trim() == "…" => {
                want += 1;
                retry = Some((want, got));
                continue;
            }
            (Some(line), Some(found)) if fits(line, found) => {
                want += 1;
                got += 1;
                continue;
            }
            _ => {}
        }
        match retry {
            Some((after, from)) if from < printed.len() => {
                (want, got) = (after, from + 1);
                retry = Some((after, from + 1));
            }
            _ => break,
        }
    }
    Err(match expected.get(farthest) {
        Some(line) => format!("nothing printed fits `{line}`"),
        None => "it printed more than is shown".to_owned(),
    })
}

fn lines(text: &str) -> Vec<&str> {
    let mut lines = text.lines().map(str::trim_end).collect::<Vec<_>>();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// Whether one line fits, each `…` standing for any text, also none.
fn fits(expected: &str, found: &str) -> bool {
    let Some((head, rest)) = expected.split_once('…') else { return expected == found };
    let Some(mut left) = found.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('…').map_or(("", rest), |(middle, tail)| (middle, tail));
    let Some(body) = left.strip_suffix(tail) else { return false };
    left = body;
    for piece in middle.split('…') {
        match left.find(piece) {
            Some(at) => left = left.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(expected: &str, printed: &str) {
        assert_eq!(output(expected, printed), Ok(()));
    }

    #[track_caller]
    fn differs(expected: &str, printed: &str, why: &str) {
        let error = output(expected, printed).unwrap_err();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn equal_output_fits_but_for_blanks_at_the_ends() {
        same("a\nb\n", "a\nb");
        same("a\nb\n", "a  \nb\n\n");
        same("", "");
    }

    #[test]
    fn the_line_that_is_missing_is_named() {
        differs("a\nb\nc\n", "a\nx\nc\n", "`b`");
        differs("a\nb\n", "a\n", "`b`");
        differs("a\n", "a\nb\n", "more than is shown");
        differs(" a\n", "a\n", "` a`");
    }

    #[test]
    fn an_ellipsis_in_a_line_stands_for_any_text() {
        same("工单 …，截止 …\n", "工单 8f2c，截止 2026-12-01\n");
        same("…元\n", "8,000.00元\n");
        same("level…\n", "level\n");
        differs("工单 …，截止 …\n", "工单 8f2c 截止 2026-12-01\n", "工单");
        differs("a…c\n", "abcd\n", "a…c");
        differs("ab…ba\n", "aba\n", "ab…ba"); // the two ends may not overlap
    }

    #[test]
    fn several_ellipses_in_a_line_keep_their_order() {
        same("…b…d…\n", "abcde\n");
        differs("…d…b…\n", "abcde\n", "…d…b…");
    }

    #[test]
    fn a_line_of_only_an_ellipsis_stands_for_any_number_of_lines() {
        same("a\n…\nz\n", "a\nz\n");
        same("a\n  …\nz\n", "a\nb\nc\nz\n");
        same("…\n", "");
        same("…\nb\nc\n", "b\na\nb\nc\n"); // the first b is not the right one
        differs("a\n…\nz\n", "a\nb\n", "`z`");
        differs("a\n…\nz\n", "a\nz\ny\n", "more than is shown");
    }
}
