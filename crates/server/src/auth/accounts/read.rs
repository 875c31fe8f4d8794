//! From the text of the file to accounts, and what is wrong with it. Values are not quoted: one of them is a hash.

use argon2::password_hash::phc::PasswordHash;
use doudi_model::secret::Secret;
use doudi_model::{Problem, Text, division};
use toml::Value;

use super::{Account, Role};

/// The members of an account, each with what is expected in Chinese and in English.
const FIELDS: [(&str, &str, &str); 6] = [
    ("name", "登录名，例如 name = \"wang\"", "the log-in name, such as name = \"wang\""),
    ("display", "同事看到的姓名，例如 display = \"王某\"", "the name that colleagues see, such as display = \"Wang\""),
    (
        "role",
        "township county city department auditor operator 之一",
        "one of township county city department auditor operator",
    ),
    (
        "office",
        "单位编号，例如 office = \"t-421202001\"；见规则包 routing/offices.csv",
        "the office's id, such as office = \"t-421202001\"; the bundle's routing/offices.csv lists them",
    ),
    (
        "division",
        "能看到的辖区，12位区划代码，例如 division = \"421202001000\"",
        "the division whose cases are seen, 12 digits, such as division = \"421202001000\"",
    ),
    ("password", "doudi account hash 的输出", "what doudi account hash prints"),
];

/// One account of the file on its way.
struct Reader<'a> {
    place: String,
    number: usize,
    row: &'a toml::Table,
    faults: &'a mut Vec<Problem>,
}

/// Every account that is sound, with its place, and every fault.
pub(super) fn all(file: &str, text: &str) -> (Vec<(String, Account)>, Vec<Problem>) {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(fault) => {
            let line = fault.span().map_or(1, |span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
            return (Vec::new(), vec![not_toml(format!("{file}:{line}"))]);
        }
    };
    let mut faults = Vec::new();
    if table.keys().any(|key| key != "account") {
        faults.push(not_toml(format!("{file}:1")));
    }
    let rows = match table.get("account") {
        None => &[][..],
        Some(Value::Array(rows)) => rows,
        Some(_) => return (Vec::new(), vec![not_toml(format!("{file}:1"))]),
    };
    let heads = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("[[account]]"));
    let lines: Vec<usize> = heads.map(|(at, _)| at + 1).collect();
    let mut accounts = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let place = format!("{file}:{}", lines.get(at).copied().unwrap_or(1));
        match row {
            Value::Table(row) => {
                let mut reader = Reader { place: place.clone(), number: at + 1, row, faults: &mut faults };
                accounts.extend(reader.account().map(|account| (place, account)));
            }
            _ => faults.push(not_toml(place)),
        }
    }
    (accounts, faults)
}

fn not_toml(place: String) -> Problem {
    let message = Text::new("账号文件读不懂", "the accounts file cannot be read");
    let hint = Text::new(
        "每个账号一段 [[account]]：name display role office division password，值加引号；样例见 deploy/single/accounts.toml",
        "one [[account]] each with name, display, role, office, division, password, values in quotes; \
         deploy/single/accounts.toml is an example",
    );
    Problem::new("accounts/toml", message, hint).at(place)
}

fn expected(field: &str) -> Text {
    let found = FIELDS.iter().find(|(name, ..)| *name == field);
    let (zh, en) = found.map_or(("", ""), |(_, zh, en)| (*zh, *en));
    Text::new(format!("写{zh}"), format!("write {en}"))
}

impl Reader<'_> {
    fn account(&mut self) -> Option<Account> {
        let texts = FIELDS.map(|(field, ..)| self.text(field));
        let known = |key: &str| FIELDS.iter().any(|(field, ..)| *field == key);
        let unknown: Vec<String> = self.row.keys().filter(|key| !known(key)).cloned().collect();
        for key in unknown {
            let names = FIELDS.map(|(field, ..)| field).join(" ");
            let hint = Text::new(format!("可用：{names}"), format!("known: {names}"));
            self.fault("accounts/field", &key, (format!("没有 {key} 这一项"), format!("has no member {key}")), hint);
        }
        let [name, display, role, office, division, password] = texts;
        let role =
            self.read("role", role, |text| Role::ALL.into_iter().find(|(_, name)| *name == text).map(|(role, _)| role));
        let division = self.read("division", division, |text| text.parse::<division::Code>().ok());
        let password = password.filter(|hash| {
            let sound = PasswordHash::new(hash).is_ok();
            if !sound {
                let hint = Text::new(
                    "用 doudi account hash 生成，把输出贴在这里",
                    "make one with `doudi account hash` and paste it here",
                );
                self.fault(
                    "accounts/hash",
                    "password",
                    ("密码不是 argon2 摘要".into(), "has no argon2 hash as its password".into()),
                    hint,
                );
            }
            sound
        });
        Some(Account {
            name: name?,
            display: display?,
            role: role?,
            office: office?,
            division: division?,
            hash: Secret::new(password?),
        })
    }

    /// The text of a member; a fault if it is missing, blank or no text.
    fn text(&mut self, field: &str) -> Option<String> {
        match self.row.get(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
            None => {
                self.fault(
                    "accounts/field",
                    field,
                    (format!("缺少 {field}"), format!("lacks {field}")),
                    expected(field),
                );
                None
            }
            Some(_) => {
                self.unreadable(field);
                None
            }
        }
    }

    fn read<T>(&mut self, field: &str, text: Option<String>, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = parse(&text?);
        if value.is_none() {
            self.unreadable(field);
        }
        value
    }

    fn unreadable(&mut self, field: &str) {
        let said = (format!("{field} 的值不对"), format!("has a {field} that cannot be read"));
        self.fault("accounts/field", field, said, expected(field));
    }

    fn fault(&mut self, code: &'static str, field: &str, (zh, en): (String, String), hint: Text) {
        let name =
            self.row.get("name").and_then(Value::as_str).map(|name| (format!("（{name}）"), format!(" ({name})")));
        let (name_zh, name_en) = name.unwrap_or_default();
        let number = self.number;
        let message = Text::new(format!("第{number}个账号{name_zh}{zh}"), format!("account {number}{name_en} {en}"));
        self.faults.push(Problem::new(code, message, hint).at(self.place.clone()).in_field(field));
    }
}
