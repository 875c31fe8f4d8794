//! The words for each fault, in both languages.

use doudi_model::Text;

use super::Fault;

impl Fault {
    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> Text {
        match self {
            Fault::Dash => Text::new("只有一条横线，没有内容", "a dash: nothing is stated"),
            Fault::WordForNone => Text::new("写的是“无”一类的字，不等于零", "a word for none: not zero"),
            Fault::NoNumber => Text::new("不是数字", "no number"),
            Fault::Separators => Text::new(
                "逗号位置不对：是1.2还是12？",
                "not a number: a comma that may part thousands or decimals, 1.2 or 12?",
            ),
            Fault::PartOfFen => Text::new("小数位数超过分", "finer than a fen"),
            Fault::Implausible { most } => Text::new(
                format!("金额超过可信上限{most}，多半是单位写错"),
                format!("more than {} yuan, beyond belief: almost surely in another unit", most.yuan()),
            ),
            Fault::NotWhole => Text::new("不是整数", "no whole number"),
            Fault::DigitsLost { .. } => Text::new(
                "长号码存成了数值，末尾几位已经丢失",
                "a long number kept as a number: the last digits are lost and never guessed",
            ),
            Fault::IdNumber(problem) => problem.text(),
            Fault::NoDate => Text::new("不是日期", "no date"),
            Fault::NoSuchDay => Text::new("没有这一天", "no such date"),
            Fault::YearMissing => Text::new("日期没有写年份", "year is missing"),
            Fault::DayMissing { month: Some(month) } => Text::new(
                format!("日期只到月份（{}年{}月）", month.year(), month.month()),
                "day is missing: month precision only",
            ),
            Fault::DayMissing { month: None } => {
                Text::new("日期只有年份", "day and month are missing: year precision only")
            }
            Fault::MonthUnsure => {
                Text::new("日期存成了小数，分不清1月还是10月", "a date kept as a decimal: January or October?")
            }
            Fault::OrderUnsure => Text::new("分不清哪个是月、哪个是日", "which of the two is the month is not clear"),
            Fault::UnknownWord { .. } => {
                Text::new("不是名册认识的写法", "not one of the words that the register knows")
            }
            Fault::ErrorValue => Text::new("单元格是错误值（如 #N/A）", "an error value such as #N/A"),
            Fault::Unstored => Text::new("公式没有保存计算结果", "a formula without a stored result"),
            Fault::Command => {
                Text::new("单元格里是会被执行的公式或命令", "a formula or command that a spreadsheet would run")
            }
            Fault::Garbled => Text::new("有乱码，文字编码不对", "garbled signs: the text encoding does not fit"),
            Fault::Missing => Text::new("必须填写的内容是空的", "what this row needs is blank"),
            Fault::NoHousehold => {
                Text::new("还不知道此人属于哪一户", "nobody knows yet to which household this person belongs")
            }
            Fault::NoAsOf => Text::new("表中没有写明数据截至哪一天", "the table does not say for which day it holds"),
        }
    }

    /// How to mend it.
    #[must_use]
    pub fn hint(&self) -> Text {
        match self {
            Fault::Dash | Fault::WordForNone => Text::new(
                "确为零的写0；没有的留空；不清楚的请向填表单位核实",
                "write 0 where it is zero, leave it blank where there is none; otherwise ask the office",
            ),
            Fault::NoNumber | Fault::NotWhole => {
                Text::new("请改为数字；文字说明写到备注列", "write a number; move words to the remarks")
            }
            Fault::Separators => {
                Text::new("千分位逗号后应有三位，小数点用“.”", "three digits follow a comma; decimals follow a point")
            }
            Fault::PartOfFen => Text::new(
                "请四舍五入到分，或核对是否把千分位写成了小数点",
                "round it to the fen, or check whether the point parts thousands",
            ),
            Fault::Implausible { .. } => Text::new(
                "请核对表头单位（元、万元）；在单元格里写明单位也可以，例如 12000元",
                "check the unit of the header (元, 万元); or write it in the cell, such as 12000元",
            ),
            Fault::DigitsLost { repeated_in: Some(column) } => Text::new(
                format!("请按证件重填，并先把该列设为文本；{column}列开头的号码可作核对参考，不能直接采用"),
                format!(
                    "enter it anew from the document, with the column set to text; column {column} begins with the same digits and may be offered as a proposal, to be confirmed"
                ),
            ),
            Fault::DigitsLost { repeated_in: None } => Text::new(
                "请先把该列设为“文本”，再按证件重新填写；原表丢失的数字无法恢复",
                "set the column to text and enter it anew from the document; lost digits cannot be brought back",
            ),
            Fault::IdNumber(_) => {
                Text::new("请与身份证核对后改正", "check it against the identity card and correct it")
            }
            Fault::NoDate => Text::new("请写成 2024-03-05 或 2024年3月5日", "write 2024-03-05 or 2024年3月5日"),
            Fault::NoSuchDay => Text::new("请核对年月日", "check year, month and day"),
            Fault::YearMissing => Text::new("请补上年份", "add the year"),
            Fault::DayMissing { .. } => Text::new("请补上具体日期；不猜是哪一天", "add the day; none is guessed"),
            Fault::MonthUnsure => {
                Text::new("请把该列设为文本或日期后重填", "set the column to text or date and enter it anew")
            }
            Fault::OrderUnsure => Text::new("请按年月日的顺序写", "write year, month, day"),
            Fault::UnknownWord { known } => Text::new(
                format!("认识的写法：{}；确有新写法的，请补进名册的 codes", known.join("、")),
                format!("known are: {}; add a new one to `codes` of the register", known.join(", ")),
            ),
            Fault::ErrorValue => Text::new("请改正公式或直接填写结果", "mend the formula, or enter its result"),
            Fault::Unstored => Text::new(
                "请用 Excel 或 WPS 打开、保存一次，或把公式粘贴为数值",
                "open and save it in Excel or WPS once, or paste the values",
            ),
            Fault::Command => Text::new(
                "不会执行。请删去公式，只填数值或文字，并查清它从何而来",
                "it is not run. Replace it by a value, and find out where it came from",
            ),
            Fault::Garbled => Text::new("请另存为 UTF-8 或 GB18030 编码", "save the file as UTF-8 or GB18030"),
            Fault::Missing => Text::new("请补填", "fill it in"),
            Fault::NoHousehold => Text::new(
                "请先送入该户的家庭登记（household.registered），再导入本表一次；已收到的行不会重复",
                "send the household's registration (household.registered) first, then take this table in again; rows that are known are not doubled",
            ),
            Fault::NoAsOf => Text::new(
                "请用 --as-of 写明，例如 --as-of 2024-03-31；或在表头上方写“填报日期”",
                "state it by --as-of, such as --as-of 2024-03-31, or in a line above the header",
            ),
        }
    }
}
