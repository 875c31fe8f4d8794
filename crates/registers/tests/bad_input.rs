//! What goes wrong with a file, a sheet or a column is named, with its place and a way to mend it, and the rest goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use doudi_model::Lang;
use doudi_registers::event::{Homes, Maker};
use doudi_registers::open;
use doudi_registers::table::{Reading, Role, Table, Why};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const ID: &str = "421202199507220007";

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet with these rows of XML.
fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    );
    packed(&[
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A row of text cells.
fn row(number: u32, cells: &[&str]) -> String {
    let mut out = format!("<row r=\"{number}\">");
    for (at, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let letter = char::from(b'A' + u8::try_from(at).unwrap());
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(out, "<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    }
    out + "</row>"
}

const HEADER: [&str; 5] = ["姓名", "公民身份号码", "登记日期", "失业原因", "领取失业保险金（元）"];

fn reading(register: Option<&'static str>) -> Reading<'static> {
    let register = register.map(|name| common::bundle().registers().get(name).unwrap());
    Reading { bundle: common::bundle(), register, as_of: None, name: "f" }
}

#[track_caller]
fn tables(bytes: &[u8], register: Option<&'static str>) -> Vec<Table> {
    let book = open::bytes_of(bytes, "f").unwrap_or_else(|problem| panic!("{problem}"));
    doudi_registers::read(&book, &reading(register))
}

/// Cells that cannot be read, as `D2 code`.
fn unreadable(table: &Table) -> Vec<String> {
    let cell = |one: &doudi_registers::table::Unreadable| {
        format!("{}{} {}", doudi_registers::cell::letters(one.column), one.row, one.fault.code())
    };
    table.unreadable.iter().chain(&table.incomplete).map(cell).collect()
}

#[track_caller]
fn refused(bytes: &[u8], code: &str) {
    let problem = open::bytes_of(bytes, "名册.xlsx").expect_err(code);
    assert_eq!(problem.code, code);
    assert!(problem.place.starts_with("名册.xlsx"), "{problem}");
    for text in [&problem.message, &problem.hint] {
        assert!(!text.zh.is_empty() && !text.en.is_empty());
    }
}

#[test]
fn files_that_are_no_table_are_named_for_what_they_are() {
    let whole = xlsx(&row(1, &HEADER));
    let locked: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
        .into_iter()
        .chain([0; 1000])
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .chain([0; 1000])
        .collect();
    refused(b"", "register/empty");
    refused(b"\r\n \t\n", "register/empty");
    refused(b",,,\n,,\n", "register/empty");
    refused(&locked, "register/password");
    refused(&whole[..whole.len() / 2], "register/damaged");
    refused(&whole[..whole.len() - 10], "register/damaged");
    refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0], "register/damaged");
    refused(b"PAR1....", "register/parquet");
    refused(b"<html><table><tr><td>1</td></tr></table></html>", "register/html");
    refused(b"\x7fELF\x00\x00\x00", "register/no-table");
    refused(&packed(&[("word/document.xml", b"<w/>")]), "register/no-table");
    refused("姓名,金额\n\"张三,1\n".as_bytes(), "register/open-quote");
}

#[test]
fn a_zip_bomb_is_not_unpacked_into_memory() {
    let zeros = vec![b' '; 80 << 20];
    refused(&packed(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", &zeros)]), "register/bomb");
}

#[test]
fn a_table_with_no_header_that_fits_says_so_and_is_not_read() {
    let bytes = xlsx(&(row(1, &["品名", "数量"]) + &row(2, &["大米", "3"])));
    let found = tables(&bytes, None);
    assert_eq!((found[0].role, found[0].notices[0].code.as_ref()), (Role::Unfit, "register/no-header"));
    let found = tables(&bytes, Some("unemployment"));
    assert_eq!(found[0].notices[0].code, "register/no-header");
    assert!(found[0].notices[0].hint.zh.contains("登记日期"));
}

#[test]
fn a_mapping_for_an_absent_column_names_the_column_and_the_ones_it_does_not_know() {
    let bytes =
        xlsx(&(row(1, &["姓名", "公民身份号码", "办理那天", "失业原因"]) + &row(2, &["张三", ID, "2024-1-5", "裁员"])));
    let notice = &tables(&bytes, Some("unemployment"))[0].notices[0];
    assert_eq!((notice.code.as_ref(), notice.place.as_str()), ("register/missing-column", "f:S!1"));
    assert!(notice.message.zh.contains("登记日期"), "{notice}");
    assert!(notice.hint.zh.contains("办理那天"), "{notice}");
}

#[test]
fn an_id_column_of_blanks_is_unreadable_row_by_row_and_nobody_is_lost() {
    let rows = row(1, &HEADER)
        + &row(2, &["张三", "", "2024-01-05", "裁员", "1"])
        + &row(3, &["李四", "\u{3000}", "2024-01-06", "裁员", "2"])
        + &row(4, &["王五", "无", "2024-01-07", "裁员", "3"]);
    let found = tables(&xlsx(&rows), None);
    assert_eq!(found[0].rows.len(), 3);
    assert_eq!(unreadable(&found[0]), ["B2 cell/id-number", "B3 cell/id-number", "B4 cell/id-number"]);
}

#[test]
fn a_formula_that_starts_a_program_is_never_a_value() {
    let cell = |formula: &str, value: &str| format!("<c r=\"D2\" t=\"str\"><f>{formula}</f>{value}</c>");
    for (formula, value, code) in [
        ("cmd|' /C calc'!A0", "<v>0</v>", "cell/command"),
        ("cmd|' /C calc'!A0", "", "cell/command"),
        ("A2&amp;B2", "", "cell/unstored"),
    ] {
        let start = row(2, &["张三", ID, "2024-01-05"]);
        let data = start.replace("</row>", &format!("{}</row>", cell(formula, value)));
        assert_eq!(
            unreadable(&tables(&xlsx(&(row(1, &HEADER) + &data)), None)[0]),
            [format!("D2 {code}")],
            "{formula}"
        );
    }
    let csv = format!("{}\n张三,{ID},2024-01-05,=cmd|' /C calc'!A0,1\n", HEADER.join(","));
    assert_eq!(unreadable(&tables(csv.as_bytes(), None)[0]), ["D2 cell/command"]);
    let start = row(2, &["张三", ID, "2024-01-05"]);
    let data = start.replace("</row>", &format!("{}</row>", cell("B9", "<v>裁员</v>")));
    assert!(unreadable(&tables(&xlsx(&(row(1, &HEADER) + &data)), None)[0]).is_empty(), "a stored result is the value");
}

#[test]
fn a_sheet_filled_to_its_last_row_may_have_been_cut() {
    let rows = row(1, &HEADER)
        + &row(2, &["张三", ID, "2024-01-05", "裁员", "1"])
        + &row(1_048_576, &["李四", ID, "2024-01-06", "裁员", "2"]);
    let book = open::bytes_of(&xlsx(&rows), "f").unwrap();
    assert_eq!((book.notices[0].code.as_ref(), book.notices[0].place.as_str()), ("register/full-sheet", "f:S"));
    let table = &doudi_registers::read(&book, &reading(None))[0];
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 1_048_576]);
}

#[test]
fn notes_repeated_headers_and_rows_with_a_number_only_are_no_data() {
    let header: Vec<&str> = std::iter::once("序号").chain(HEADER).collect();
    let rows = row(1, &header)
        + &row(2, &["1", "张三", ID, "2024-01-05", "裁员", "1"])
        + &row(3, &["以下为第二季度新增人员，由街道补报"])
        + &row(4, &header)
        + &row(5, &["2", "李四", "421202198603170009", "2024-01-06", "裁员", "2"])
        + &row(6, &["3"])
        + &row(7, &["合　计", "", "2人"])
        + &row(8, &["注：数据截至月底"])
        + &row(9, &["", "制表人：", "", "审核人："]);
    let table = &tables(&xlsx(&rows), None)[0];
    let why: Vec<(u32, Why)> = table.not_data.iter().map(|one| (one.row, one.why)).collect();
    let expect = [
        (3, Why::Note),
        (4, Why::HeaderAgain),
        (6, Why::NumberOnly),
        (7, Why::Total),
        (8, Why::Note),
        (9, Why::Signature),
    ];
    assert_eq!(why, expect);
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn a_name_and_nothing_else_is_a_person_and_not_a_note() {
    let rows = row(1, &HEADER) + &row(2, &["张三"]) + &row(3, &["合计财", ID, "2024-01-05", "裁员", "1"]);
    let table = &tables(&xlsx(&rows), None)[0];
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3]);
    assert!(unreadable(table).contains(&"B2 cell/id-number".to_owned()));
}

struct Nobody;

impl Homes for Nobody {
    fn home(
        &self,
        _: &doudi_model::person::Number,
    ) -> Result<Option<doudi_model::household::Id>, doudi_model::Problem> {
        Ok(None)
    }
}

/// The ids of all events that a table makes.
fn ids(bytes: &[u8]) -> Vec<String> {
    let found = tables(bytes, None);
    let maker = Maker::new(common::bundle(), &found[0], "f").unwrap();
    let outcomes = found[0].rows.iter().map(|row| maker.row(row, &Nobody).unwrap());
    outcomes.flat_map(|outcome| outcome.events).map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_same_row_is_the_same_event_in_whatever_file_and_row_it_stands() {
    let first = row(1, &HEADER) + &row(2, &["张三", ID, "2024-01-05", "裁员", "1,000.00"]);
    let later = row(1, &["失业登记"]) + &row(3, &HEADER) + &row(9, &["张 三", ID, "2024年1月5日", "裁员", "1000元"]);
    let other = row(1, &HEADER) + &row(2, &["张三", ID, "2024-01-06", "裁员", "1,000.00"]);
    assert_eq!(ids(&xlsx(&first)), ids(&xlsx(&later)));
    assert_ne!(ids(&xlsx(&first)), ids(&xlsx(&other)));
    assert_eq!(ids(&xlsx(&first)).len(), 1);
}

#[test]
fn an_open_document_is_read_with_its_hidden_rows_and_merged_cells() {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |attributes: &str, cells: &[&str]| {
        let cells: String = cells.iter().map(|text| cell(text)).collect();
        format!("<table:table-row{attributes}>{cells}</table:table-row>")
    };
    let rows = row("", &HEADER)
        + "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"5\"/></table:table-row>"
        + &row(" table:visibility=\"filter\"", &["张三", ID, "2024-01-05", "裁员", "1,000.00"])
        + &row("", &["李四", "421202198603170009", "2024.1.6", "裁员", "2000"]);
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let bytes = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", content.as_bytes()),
    ]);
    let table = &tables(&bytes, None)[0];
    let rows: Vec<(u32, bool)> = table.rows.iter().map(|row| (row.number, row.hidden)).collect();
    assert_eq!(rows, [(4, true), (5, false)]);
    assert_eq!(table.json(Lang::En)["rows"][0]["values"]["benefit_fen"], 100_000);
    assert!(table.unreadable.is_empty());
}

#[test]
fn a_proposed_mapping_becomes_a_register_once_a_person_has_filled_it_in() {
    let rows = row(1, &["某局台账（单位：元）"])
        + &row(2, &["序号", "姓名", "身份证号", "认定日期", "慰问金额（元）", "类型"])
        + &(3..12)
            .map(|at| row(at, &["1", "张三", ID, "2024.3.5", "500", if at % 2 == 0 { "甲类" } else { "乙类" }]))
            .collect::<String>();
    let book = open::bytes_of(&xlsx(&rows), "台账.xlsx").unwrap();
    let proposal = doudi_registers::suggest::propose(&book, common::bundle(), "台账.xlsx").unwrap();
    assert_eq!(proposal.header_rows, [2]);
    let mut files = common::bundle_files();
    files.insert("registers/new.toml".to_owned(), proposal.toml.clone().into_bytes());
    let bundle =
        doudi_rules::bundle::Bundle::load(files).unwrap_or_else(|problems| panic!("{}\n{problems:?}", proposal.toml));
    let register = bundle.registers().get("new-register").unwrap();
    let kinds: Vec<&str> = register.columns.iter().map(|column| column.kind.word()).collect();
    assert_eq!(kinds, ["name", "id", "date", "money", "category"], "{}", proposal.toml);
    let read = doudi_registers::read(
        &book,
        &Reading { bundle: &bundle, register: Some(register), as_of: None, name: "台账.xlsx" },
    );
    assert_eq!((read[0].rows.len(), read[0].unreadable.len()), (9, 0));
}
