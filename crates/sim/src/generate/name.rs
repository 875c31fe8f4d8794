//! Invented names: real surnames with given names that nobody has, so that no one reads them as someone.

use crate::rng::Rng;

const SURNAMES: [&str; 60] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于",
    "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆",
    "汪", "欧阳", "上官",
];
const FIRST: [&str; 16] =
    ["云", "山", "石", "松", "竹", "禾", "田", "江", "河", "湖", "星", "月", "风", "雨", "雪", "泉"];
const SECOND: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千"];

/// A name as indices into the lists, four bytes instead of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Name {
    surname: u8,
    first: u8,
    second: u8,
}

impl Name {
    /// Any name.
    pub fn any(rng: &mut Rng) -> Name {
        Name { surname: index(rng, SURNAMES.len()), ..Name::default() }.given(rng)
    }

    /// Another name with the same surname.
    #[must_use]
    pub fn given(self, rng: &mut Rng) -> Name {
        Name { surname: self.surname, first: index(rng, FIRST.len()), second: index(rng, SECOND.len()) }
    }

    /// Writes the name, for example `欧阳云三`.
    pub fn push(self, out: &mut String) {
        for (list, at) in [(&SURNAMES[..], self.surname), (&FIRST, self.first), (&SECOND, self.second)] {
            out.push_str(list.get(usize::from(at)).copied().unwrap_or("某"));
        }
    }
}

fn index(rng: &mut Rng, len: usize) -> u8 {
    u8::try_from(rng.index(len)).unwrap_or(0)
}
