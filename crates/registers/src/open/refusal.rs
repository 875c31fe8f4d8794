//! Why a file cannot be read at all.

use doudi_model::{Problem, Text};

/// One refusal; [`Refusal::problem`] puts it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read from the disk.
    Io(String),
    /// Nothing is in it.
    Empty,
    /// A password keeps it shut.
    Password,
    /// It is cut off or damaged.
    Damaged,
    /// Unpacked it would be larger than anything that offices send.
    Bomb {
        /// Bytes that are accepted.
        most: u64,
    },
    /// Larger than is read.
    TooLarge {
        /// Bytes that are accepted.
        most: u64,
    },
    /// More cells than are read.
    TooManyCells {
        /// Cells that are accepted.
        most: usize,
    },
    /// A Parquet file: the comparison reads those.
    Parquet,
    /// A web page named like a workbook.
    Html,
    /// No form of table that is known.
    NoTable,
    /// A quotation mark is opened and never closed.
    OpenQuote {
        /// Line on which it is opened.
        line: usize,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Io(_) => "io/read",
            Refusal::Empty => "register/empty",
            Refusal::Password => "register/password",
            Refusal::Damaged => "register/damaged",
            Refusal::Bomb { .. } => "register/bomb",
            Refusal::TooLarge { .. } | Refusal::TooManyCells { .. } => "register/too-large",
            Refusal::Parquet => "register/parquet",
            Refusal::Html => "register/html",
            Refusal::NoTable => "register/no-table",
            Refusal::OpenQuote { .. } => "register/open-quote",
        }
    }

    fn message(&self) -> Text {
        match self {
            Refusal::Io(fault) => Text::new(format!("读不了文件：{fault}"), format!("cannot read the file: {fault}")),
            Refusal::Empty => Text::new("文件是空的", "the file is empty"),
            Refusal::Password => Text::new("文件有打开密码", "the file is locked by a password"),
            Refusal::Damaged => Text::new("文件不完整或已损坏", "the file is cut off or damaged"),
            Refusal::Bomb { most } => Text::new(
                format!("压缩文件展开后超过{}MB，远超正常报表", most >> 20),
                format!("unpacked it would exceed {} MB, far beyond any table", most >> 20),
            ),
            Refusal::TooLarge { most } => {
                Text::new(format!("文件超过{}MB", most >> 20), format!("the file is larger than {} MB", most >> 20))
            }
            Refusal::TooManyCells { most } => {
                Text::new(format!("单元格超过{most}个"), format!("the file has more than {most} cells"))
            }
            Refusal::Parquet => Text::new("Parquet 文件在这里不能读", "Parquet files are not read here"),
            Refusal::Html => Text::new("这是网页或 XML，不是表格文件", "this is a web page or XML, not a table file"),
            Refusal::NoTable => Text::new("认不出文件格式", "the file has no form that is known"),
            Refusal::OpenQuote { line } => Text::new(
                format!("第{line}行开始的引号没有收尾，其后的行分不开"),
                format!(
                    "a quotation mark opened on line {line} is never closed, so the rows after it cannot be parted"
                ),
            ),
        }
    }

    fn hint(&self) -> Text {
        match self {
            Refusal::Io(_) => Text::new("请检查路径和权限", "check the path and the permissions"),
            Refusal::Empty => Text::new("请向报送单位重新索取", "ask the office to send it again"),
            Refusal::Password => Text::new(
                "请用 Excel 或 WPS 打开，去掉打开密码后另存",
                "open it in Excel or WPS and save it without a password",
            ),
            Refusal::Damaged => Text::new(
                "多半是传输中断，请重新拷贝；仍不行的用 Excel 或 WPS 打开后另存",
                "most likely the transfer broke off: copy it again; if that fails, open it in Excel or WPS and save it anew",
            ),
            Refusal::Bomb { .. } => Text::new(
                "不要打开，请核实来源；确为报表的，分成几个文件",
                "do not open it, check where it came from; if it is a table after all, split it",
            ),
            Refusal::TooLarge { .. } | Refusal::TooManyCells { .. } => {
                Text::new("请按乡镇或年度分成几个文件", "split it by township or year")
            }
            Refusal::Parquet => Text::new(
                "Parquet 用 doudi compare 比对；这里请转成 .xlsx 或 .csv",
                "Parquet is read by `doudi compare`; here, turn it into .xlsx or .csv",
            ),
            Refusal::Html => Text::new(
                "有的系统把网页存成 .xls：请用 Excel 或 WPS 打开后另存为 .xlsx",
                "some systems save a web page as .xls: open it in Excel or WPS and save it as .xlsx",
            ),
            Refusal::NoTable => Text::new(
                "认得 .xlsx .xls .ods 和 CSV（UTF-8、GB18030）；请另存为其中一种",
                "known are .xlsx .xls .ods and CSV (UTF-8, GB18030); save it as one of these",
            ),
            Refusal::OpenQuote { .. } => Text::new(
                "请补上引号，或用 Excel 打开后另存为 CSV",
                "close the quotation mark, or open it in Excel and save it as CSV",
            ),
        }
    }

    /// The refusal in words, at a file.
    #[must_use]
    pub fn problem(&self, name: &str) -> Problem {
        let place = match self {
            Refusal::OpenQuote { line } => format!("{name}:{line}"),
            _ => name.to_owned(),
        };
        Problem::new(self.code(), self.message(), self.hint()).at(place)
    }
}
