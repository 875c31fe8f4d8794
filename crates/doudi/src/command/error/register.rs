//! Tables of offices: mappings, files, cells.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "B0801",
        ("两份名册同名。", "给其中一份换 id。"),
        ("Two registers have one id.", "Give one of them another."),
        "id = \"dibao-roll\"",
    ),
    page(
        "B0802",
        ("名册的列写得不对：重复、没有表头名称、金额没有单位，或名称属于两列。", "按提示改正该列。"),
        (
            "A column of a register is wrong: twice, without names, an amount without a unit, or a name of two columns.",
            "Mend the column as the hint says.",
        ),
        "[[column]]\nkey = \"monthly\"\nkind = \"money\"",
    ),
    page(
        "B0803",
        ("名册要生成的事实种类没有声明过。", "检查拼写，或先在 facts/ 中声明。"),
        ("The fact kind that a register makes is not declared.", "Check the spelling, or declare it in facts/ first."),
        "kind = \"medical.expence\"",
    ),
    page(
        "B0804",
        ("名册没有填事实的必填字段。", "在 fact.fields 中写明来自哪一列，或写固定值。"),
        (
            "A register leaves a required field of its fact unfilled.",
            "Say in fact.fields which column it comes from, or give a value.",
        ),
        "[fact.fields]\ntotal = { column = \"total\" }",
    ),
    page(
        "B0805",
        ("名册引用了没有声明的列或字段。", "检查拼写。"),
        ("A register names a column or field that is not declared.", "Check the spelling."),
        "self_paid = { column = \"self_payed\" }",
    ),
    page(
        "B0806",
        ("名册没有写清事实说的是谁。", "写 subject：一个人用 person，一户用 household 或 household_of。"),
        (
            "A register does not say whom its fact is about.",
            "Write `subject`: person for a person, household or household_of for a household.",
        ),
        "[[fact]]\nkind = \"aid.status\"",
    ),
    page(
        "B0807",
        ("列的内容与字段的类型不相配。", "日期列填日期字段，金额列填金额字段。"),
        ("What a column holds does not fit the field's type.", "Days go to days, amounts to amounts."),
        "settled_on = { column = \"total\" }",
    ),
    page(
        "B0808",
        ("类别字段的来源列没有代码表。", "给该列写 codes。"),
        ("A column without codes fills a category.", "Give the column `codes`."),
        "category = { column = \"type\" }",
    ),
    page(
        "B0809",
        ("名册的代码或固定值不是该字段的值。", "改用字段声明过的代码。"),
        ("A code or value in a register is none of the field's.", "Use a code that the field declares."),
        "codes = [{ code = \"eyes\", names = [\"视力\"] }]",
    ),
    page(
        "use/no-register",
        ("没有这个名册。", "doudi registers list 列出全部。"),
        ("There is no such register.", "`doudi registers list` lists all."),
        "doudi ingest 名册.xlsx --register dibao",
    ),
    page(
        "register/empty",
        ("表格文件是空的，或没有可读的数据。", "向报送单位重新索取。"),
        ("The table file is empty or holds no data.", "Ask the office to send it again."),
        "名册.xlsx (0 B)",
    ),
    page(
        "register/password",
        ("工作簿有打开密码。", "用 Excel 或 WPS 打开，去掉密码后另存。"),
        ("The workbook is locked by a password.", "Open it in Excel or WPS and save it without one."),
        "名册.xlsx",
    ),
    page(
        "register/damaged",
        ("文件不完整或已损坏，多半是传输中断。", "重新拷贝；仍不行的，打开后另存。"),
        (
            "The file is cut off or damaged; most likely the transfer broke off.",
            "Copy it again; if that fails, open it and save it anew.",
        ),
        "名册.xlsx",
    ),
    page(
        "register/bomb",
        ("压缩文件展开后大得不像报表（压缩炸弹）。", "不要打开，核实来源。"),
        ("Unpacked, the file is far larger than any table: a zip bomb.", "Do not open it; check where it came from."),
        "名册.xlsx",
    ),
    page(
        "register/too-large",
        ("文件或单元格数超过上限。", "按乡镇或年度分成几个文件。"),
        ("The file has more bytes or cells than are read.", "Split it by township or year."),
        "全市明细.csv",
    ),
    page(
        "register/parquet",
        ("Parquet 文件由比对读取，这里不读。", "用 doudi compare，或转成 .xlsx、.csv。"),
        ("Parquet files are read by the comparison, not here.", "Use `doudi compare`, or turn it into .xlsx or .csv."),
        "doudi ingest 医保.parquet",
    ),
    page(
        "register/html",
        ("文件其实是网页或 XML，常见于系统导出的 .xls。", "用 Excel 或 WPS 打开后另存为 .xlsx。"),
        (
            "The file is a web page or XML, as some systems export it as .xls.",
            "Open it in Excel or WPS and save it as .xlsx.",
        ),
        "导出.xls",
    ),
    page(
        "register/no-table",
        ("认不出文件格式。", "另存为 .xlsx、.ods 或 CSV。"),
        ("The file has no form that is known.", "Save it as .xlsx, .ods or CSV."),
        "名册.doc",
    ),
    page(
        "register/open-quote",
        ("CSV 中有引号没有收尾。", "按报出的行号补上引号。"),
        ("A quotation mark in the CSV is never closed.", "Close it on the line that is named."),
        "陈乙五,\"合同到期",
    ),
    page(
        "register/ambiguous",
        ("表头对得上几种名册。", "用 --register 写明。"),
        ("The header fits several registers.", "Say which by --register."),
        "doudi ingest 名册.xlsx",
    ),
    page(
        "register/no-header",
        ("工作表里没有名册的表头。", "核对表头；新表用 doudi registers suggest 起草名册。"),
        (
            "No header of a register is on the sheet.",
            "Check the header; for a new table `doudi registers suggest` drafts a mapping.",
        ),
        "姓名 | 电话",
    ),
    page(
        "register/missing-column",
        ("表头缺少名册必需的列。", "补上这一列；换了叫法的，把新名称加进名册的 names。"),
        (
            "The header lacks a column that the register needs.",
            "Add the column; if it is called otherwise, add that to `names` of the register.",
        ),
        "姓名 | 身份证 | 自付",
    ),
    page(
        "register/hidden-sheet",
        ("隐藏的工作表没有读，但它像是数据。", "确为数据的，取消隐藏后再读。"),
        (
            "A hidden sheet was not read, though it looks like data.",
            "If it is data, unhide it and read the file again.",
        ),
        "Sheet2",
    ),
    page(
        "register/full-sheet",
        ("工作表写满了最后一行，其后可能被截掉。", "与报送单位核对总数。"),
        (
            "The sheet is filled to its last row; more may have been cut off.",
            "Compare the number of rows with the office's.",
        ),
        "1048576",
    ),
    page(
        "register/no-facts",
        ("名册没有写每行成为什么事实。", "给名册补上 [[fact]]。"),
        ("The register does not say what facts its rows make.", "Add [[fact]] to the register."),
        "registers/new-register.toml",
    ),
    page(
        "cell/dash",
        ("金额或日期处只有一条横线，不等于零。", "确为零的写0，没有的留空。"),
        (
            "A dash stands where an amount or a day should be; it is not zero.",
            "Write 0 where it is zero; leave it blank where there is none.",
        ),
        "—",
    ),
    page(
        "cell/word-for-none",
        ("金额或日期处写了“无”一类的字，不等于零。", "确为零的写0，没有的留空。"),
        (
            "A word for none stands where an amount or a day should be; it is not zero.",
            "Write 0 where it is zero; leave it blank where there is none.",
        ),
        "无",
    ),
    page(
        "cell/no-number",
        ("不是数字。", "改为数字，说明写到备注。"),
        ("No number.", "Write a number; move words to the remarks."),
        "待定",
    ),
    page(
        "cell/separators",
        ("逗号位置不对，分不清千分位和小数点。", "千分位逗号后应有三位。"),
        ("A comma may part thousands or decimals.", "Three digits follow a comma."),
        "1,2",
    ),
    page(
        "cell/part-of-fen",
        ("小数位数超过分。", "四舍五入到分，或核对千分位。"),
        ("Finer than a fen.", "Round it, or check whether the point parts thousands."),
        "12.345",
    ),
    page(
        "cell/implausible",
        ("金额超过可信上限，多半是单位写错；不自动换算。", "核对表头单位，或在单元格里写明单位。"),
        (
            "An amount beyond belief, almost surely in another unit; it is not converted.",
            "Check the unit of the header, or write it in the cell.",
        ),
        "12000 (万元)",
    ),
    page("cell/not-whole", ("不是整数。", "改为整数。"), ("No whole number.", "Write a whole number."), "3+1"),
    page(
        "cell/digits-lost",
        ("长号码存成了数值，末尾几位已经丢失；绝不猜。", "把列设为文本，按证件重填。"),
        (
            "A long number was kept as a number and lost its last digits; they are never guessed.",
            "Set the column to text and enter it anew from the document.",
        ),
        "4.21224E+17",
    ),
    page(
        "cell/id-number",
        ("身份证号空缺或没有通过校验。", "与身份证核对后改正。"),
        ("The ID number is blank or fails a check.", "Check it against the identity card."),
        "42128119950710000 (17)",
    ),
    page("cell/no-date", ("不是日期。", "写成 2024-03-05。"), ("No date.", "Write 2024-03-05."), "长期"),
    page(
        "cell/no-such-day",
        ("没有这一天。", "核对年月日。"),
        ("There is no such day.", "Check year, month and day."),
        "2024.2.30",
    ),
    page("cell/year-missing", ("日期没有写年份。", "补上年份。"), ("The year is missing.", "Add the year."), "3月5日"),
    page(
        "cell/day-missing",
        ("日期只到月份或年份。", "补上具体日期。"),
        ("The date names only a month or a year.", "Add the day."),
        "2024年3月",
    ),
    page(
        "cell/month-unsure",
        ("日期存成了小数，分不清1月和10月。", "把列设为文本或日期后重填。"),
        ("A date kept as a decimal: January or October?", "Set the column to text or date and enter it anew."),
        "2024.1",
    ),
    page(
        "cell/order-unsure",
        ("分不清哪个是月、哪个是日。", "按年月日的顺序写。"),
        ("Which of the two is the month is not clear.", "Write year, month, day."),
        "3/5/2024",
    ),
    page(
        "cell/unknown-word",
        ("不是名册认识的写法。", "改用认识的写法，或把新写法补进名册的 codes。"),
        ("Not one of the words that the register knows.", "Use one that it knows, or add the new one to `codes`."),
        "残疾等级：重",
    ),
    page(
        "cell/error-value",
        ("单元格是错误值。", "改正公式或直接填写结果。"),
        ("The cell holds an error value.", "Mend the formula, or enter its result."),
        "#N/A",
    ),
    page(
        "cell/unstored",
        ("公式没有保存计算结果。", "用 Excel 或 WPS 打开、保存一次。"),
        ("A formula without a stored result.", "Open and save it in Excel or WPS once."),
        "=SUM(E2:F2)",
    ),
    page(
        "cell/command",
        ("单元格里是会被执行的公式或命令；不会执行。", "删去公式，只填数值或文字，并查清来源。"),
        (
            "The cell holds a formula or command that a spreadsheet would run; it is not run.",
            "Replace it by a value, and find out where it came from.",
        ),
        "=cmd|' /C calc'!A0",
    ),
    page(
        "cell/garbled",
        ("有乱码，文字编码不对。", "另存为 UTF-8 或 GB18030。"),
        ("Garbled signs: the text encoding does not fit.", "Save the file as UTF-8 or GB18030."),
        "��",
    ),
    page(
        "cell/missing",
        ("这一行必须填写的内容是空的。", "补填。"),
        ("What this row needs is blank.", "Fill it in."),
        "出院日期：（空）",
    ),
    page(
        "cell/no-household",
        ("还不知道此人属于哪一户，一户的事实没有归处。", "先送入该户的家庭登记，再导入一次。"),
        (
            "Nobody knows yet to which household this person belongs.",
            "Send the household's registration first, then take the table in again.",
        ),
        "户主身份证号",
    ),
    page(
        "cell/no-as-of",
        ("表中没有写明数据截至哪一天。", "用 --as-of 写明，或在表头上方写“填报日期”。"),
        ("The table does not say for which day it holds.", "State it by --as-of, or in a line above the header."),
        "doudi ingest 名册.xlsx --as-of 2024-03-31",
    ),
];
