//! Which text encoding a file has, and its text.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// The text and the name of its encoding. Signs that the encoding does not know become U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        let (text, _) = encoding.decode_without_bom_handling(rest);
        return (text.into_owned(), encoding.name());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), UTF_8.name());
    }
    let (gb, broken) = GB18030.decode_without_bom_handling(bytes);
    if broken {
        // Neither: whichever loses fewer signs.
        let (utf8, _) = UTF_8.decode_without_bom_handling(bytes);
        let lost = |text: &str| text.matches('\u{fffd}').count();
        if lost(&utf8) < lost(&gb) {
            return (utf8.into_owned(), UTF_8.name());
        }
    }

    (gb.into_owned(), "GB18030")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_told_from_the_bytes() {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("姓名".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let (gb, _, _) = GB18030.encode("𬱟甲，姓名");
        for (bytes, text, name) in [
            ("姓名".as_bytes().to_vec(), "姓名", "UTF-8"),
            ("\u{feff}姓名".as_bytes().to_vec(), "姓名", "UTF-8"),
            (utf16, "姓名", "UTF-16LE"),
            (gb.into_owned(), "𬱟甲，姓名", "GB18030"),
        ] {
            assert_eq!(decode(&bytes), (text.to_owned(), name));
        }
    }
}
