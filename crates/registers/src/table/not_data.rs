//! Rows that are no data, and why.

use doudi_model::Text;
use doudi_rules::bundle::register::MoneyUnit;

use crate::cell::{Cell, Row};
use crate::parse::{money, text};

/// Why a row is no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A title above the header; it may state the unit of amounts.
    Title(Option<MoneyUnit>),
    /// 填报单位：… 填报日期：…
    ReportingLine(Option<MoneyUnit>),
    /// 小计.
    Subtotal,
    /// 合计.
    Total,
    /// 填表人： 审核人：
    Signature,
    /// Nothing is in it.
    Blank,
    /// A row number and nothing else.
    NumberOnly,
    /// A remark inside or below the table.
    Note,
    /// The header once more, as on each printed page.
    HeaderAgain,
}

impl Why {
    /// The stable word in answers.
    #[must_use]
    pub fn word(self) -> String {
        let carries = |unit: Option<MoneyUnit>, what: &str| match unit {
            Some(unit) => format!("{what}, and it carries the unit of the amounts: {}", unit.zh()),
            None => what.to_owned(),
        };
        match self {
            Why::Title(unit) => carries(unit, "title"),
            Why::ReportingLine(unit) => carries(unit, "reporting line"),
            Why::Subtotal => "subtotal".to_owned(),
            Why::Total => "total".to_owned(),
            Why::Signature => "signature line".to_owned(),
            Why::Blank => "blank".to_owned(),
            Why::NumberOnly => "a row number only".to_owned(),
            Why::Note => "note".to_owned(),
            Why::HeaderAgain => "header again".to_owned(),
        }
    }

    /// In words for people.
    #[must_use]
    pub fn text(self) -> Text {
        let zh = match self {
            Why::Title(None) => "标题".to_owned(),
            Why::Title(Some(unit)) => format!("标题，并写明金额单位：{}", unit.zh()),
            Why::ReportingLine(None) => "填报说明行".to_owned(),
            Why::ReportingLine(Some(unit)) => format!("填报说明行，并写明金额单位：{}", unit.zh()),
            Why::Subtotal => "小计".to_owned(),
            Why::Total => "合计".to_owned(),
            Why::Signature => "签字栏".to_owned(),
            Why::Blank => "空行".to_owned(),
            Why::NumberOnly => "只有序号".to_owned(),
            Why::Note => "说明文字".to_owned(),
            Why::HeaderAgain => "重复的表头".to_owned(),
        };
        Text::new(zh, self.word())
    }
}

/// What a row above the header is.
pub(super) fn above(row: &Row) -> Why {
    let words = words(row);
    let unit = words.iter().find_map(|word| money::unit_in(word));
    let reporting =
        ["填报", "填表", "报送", "制表", "编制", "上报", "单位:", "日期:", "时间:", "截至", "截止", "统计口径"];
    if row.is_blank() {
        Why::Blank
    } else if words.iter().any(|word| reporting.iter().any(|start| word.starts_with(start))) {
        Why::ReportingLine(unit)
    } else {
        Why::Title(unit)
    }
}

/// What stands where in a row below the header.
pub(super) struct Below<'a> {
    pub(super) row: &'a Row,
    /// Whether the ID number, by its own cell or a merged one, is filled in.
    pub(super) has_id: bool,
    /// Filled cells in columns that the register knows, other than the row number.
    pub(super) known: usize,
    /// Whether the person's name is filled in.
    pub(super) has_name: bool,
    /// Filled cells in all, other than the row number.
    pub(super) filled: usize,
}

impl Below<'_> {
    /// Why the row is no data, if it is none. A row with an ID number is always data.
    pub(super) fn why(&self) -> Option<Why> {
        if self.row.is_blank() {
            return Some(Why::Blank);
        }
        if self.has_id {
            return None;
        }
        if self.filled == 0 {
            return Some(Why::NumberOnly);
        }
        let words = words(self.row);
        let starts = |word: &str, starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
        // Only the first words make a row a total: 合计 in a remark is a remark.
        let first = words.first().map_or("", String::as_str);
        let label = first.trim_end_matches(|sign: char| sign.is_ascii_digit() || ".,:()".contains(sign));
        if starts(label, &["小计", "本页", "分计", "乡镇小计"]) || label.ends_with("小计") {
            return Some(Why::Subtotal);
        }
        if starts(label, &["合计", "总计", "共计", "累计", "总合计"])
            || label.ends_with("合计")
            || label.ends_with("总计")
        {
            return Some(Why::Total);
        }
        let signatures = [
            "填表人",
            "制表人",
            "填报人",
            "审核人",
            "复核人",
            "负责人",
            "经办人",
            "单位负责人",
            "分管领导",
            "主管领导",
            "签字",
            "签名",
            "签章",
            "单位(盖章)",
            "单位(公章)",
            "盖章",
            "(盖章)",
            "联系人",
            "联系电话",
            "填表日期",
            "填报日期",
            "填报时间",
            "填报单位",
            "审核:",
            "复核:",
            "制表:",
            "填表:",
        ];
        if words.iter().any(|word| starts(word, &signatures)) {
            return Some(Why::Signature);
        }
        if starts(first, &["注:", "注1", "注2", "备注:", "说明:", "填表说明", "填报说明", "附注", "*", "※"])
        {
            return Some(Why::Note);
        }
        // One long text across the table, and neither a name nor an ID number.
        let long = words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        (self.filled == 1 && (!self.has_name || long > 6) && (self.known == 0 || long > 6)).then_some(Why::Note)
    }
}

/// The texts of a row without blanks.
fn words(row: &Row) -> Vec<String> {
    let texts = row.filled().filter_map(|(_, cell)| match cell {
        Cell::Text(words) => Some(text::compact(words)),
        _ => None,
    });
    texts.collect()
}
