//! What may be shown of a name or a number to someone without the need to know it.
//!
//! DOMAIN: names keep their first and last character, ID numbers their first six and last four.

/// `张*三`, `张*`, `欧阳**华`: the first and, from three characters, the last one stay.
#[must_use]
pub fn name(full: &str) -> String {
    let chars: Vec<char> = full.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

/// `421202********0008`: the first six and the last four stay.
#[must_use]
pub fn id_number(full: &str) -> String {
    let chars: Vec<char> = full.chars().collect();
    if chars.len() < 12 {
        return "*".repeat(chars.len());
    }
    chars.iter().enumerate().map(|(at, sign)| if at < 6 || at + 4 >= chars.len() { *sign } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_keeps_the_length_and_hides_the_middle() {
        assert_eq!(name("张大山"), "张*山");
        assert_eq!(name("李英"), "李*");
        assert_eq!(id_number("421202198607220009"), "421202********0009");
        assert_eq!(id_number("123"), "***");
    }
}
