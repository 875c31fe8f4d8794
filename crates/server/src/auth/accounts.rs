//! Local accounts, read from a TOML file.

mod read;

use std::collections::BTreeMap;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use doudi_model::secret::Secret;
use doudi_model::{Problem, Text, division};

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 乡镇经办.
    Township,
    /// 县级民政.
    County,
    /// 市级民政.
    City,
    /// 部门.
    Department,
    /// 审计.
    Auditor,
    /// 运维.
    Operator,
    /// 数据员.
    Data,
    /// 政策.
    Policy,
}

impl Role {
    /// All roles with their names in the file.
    pub const ALL: [(Role, &'static str); 8] = [
        (Role::Township, "township"),
        (Role::County, "county"),
        (Role::City, "city"),
        (Role::Department, "department"),
        (Role::Auditor, "auditor"),
        (Role::Operator, "operator"),
        (Role::Data, "data"),
        (Role::Policy, "policy"),
    ];

    /// Whether this role works on cases.
    #[must_use]
    pub fn works(self) -> bool {
        matches!(self, Role::Township | Role::County | Role::Department)
    }

    /// Whether it may read cases at all, masked or not.
    #[must_use]
    pub fn reads_cases(self) -> bool {
        self.works() || matches!(self, Role::Auditor | Role::City)
    }

    /// Whether it sees a name in clear once its case is taken.
    #[must_use]
    pub fn sees_names(self) -> bool {
        self.works()
    }

    /// Whether its cases are those of one office rather than of a whole division.
    #[must_use]
    pub fn is_bound_to_office(self) -> bool {
        matches!(self, Role::Township | Role::Department)
    }
}

/// Someone who can log in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The name they type.
    pub name: String,
    /// The name colleagues see.
    pub display: String,
    /// What they are here for.
    pub role: Role,
    /// Id of their office.
    pub office: String,
    /// The division whose subtree they see.
    pub division: division::Code,
    hash: Secret<String>,
}

/// A hash that no password fits, so that an unknown name takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$wq8rtWdBQ0p2p1P3b6Vd0eQhXJcYdKzT2G3sFfI6m1s";

/// All accounts by name.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    by_name: BTreeMap<String, Account>,
}

impl Accounts {
    /// Reads `[[account]]` tables: `name`, `display`, `role`, `office`, `division`, `password` (an argon2 hash).
    ///
    /// # Errors
    /// Every fault, with its line, account and field.
    pub fn read(file: &str, text: &str) -> Result<Accounts, Vec<Problem>> {
        let (accounts, mut faults) = read::all(file, text);
        let mut by_name = BTreeMap::new();
        for (place, account) in accounts {
            let name = account.name.clone();
            if by_name.insert(name.clone(), account).is_some() {
                let message = Text::new(format!("账号重名：{name}"), format!("two accounts have the name {name}"));
                let hint = Text::new("改其中一个的 name", "rename one of them");
                faults.push(Problem::new("accounts/twice", message, hint).at(place).in_field("name"));
            }
        }
        if faults.is_empty() { Ok(Accounts { by_name }) } else { Err(faults) }
    }

    /// One account, for demos and tests: its password in clear is hashed here.
    ///
    /// # Errors
    /// If no hash can be made.
    pub fn with(
        mut self,
        who: (&str, &str, Role),
        office: &str,
        division: division::Code,
        password: &str,
    ) -> Result<Accounts, Problem> {
        let (name, display, role) = who;
        let hash = Secret::new(hash(password)?);
        let account =
            Account { name: name.into(), display: display.into(), role, office: office.into(), division, hash };
        self.by_name.insert(account.name.clone(), account);
        Ok(self)
    }

    /// The account of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Account> {
        self.by_name.get(name)
    }

    /// Every account, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_name.values()
    }

    /// Whether there is any account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The account, if name and password fit. Takes about as long for a name that does not exist.
    ///
    /// Runs for tens of milliseconds; call it off the async threads.
    #[must_use]
    pub fn check(&self, name: &str, password: &str) -> Option<Account> {
        let account = self.get(name);
        let hash = account.map_or(NOBODY, |account| account.hash.reveal());
        let parsed = PasswordHash::new(hash).ok()?;
        let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        account.filter(|_| fits).cloned()
    }
}

/// The argon2id hash of a password, in PHC form, for the accounts file.
///
/// # Errors
/// If the machine has no randomness to give.
pub fn hash(password: &str) -> Result<String, Problem> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|_| {
        let message = Text::new("无法生成密码摘要", "no password hash could be made");
        Problem::new("accounts/hash", message, Text::new("检查系统随机数", "check the system's randomness"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_hash_and_no_other() {
        let code = "421202001000".parse().unwrap();
        let accounts =
            Accounts::default().with(("wang", "王某", Role::Township), "t-421202001", code, "对的密码").unwrap();
        assert_eq!(accounts.check("wang", "对的密码").unwrap().display, "王某");
        assert!(accounts.check("wang", "wrong").is_none() && accounts.check("nobody", "对的密码").is_none());
    }

    #[test]
    fn the_hash_for_unknown_names_is_one_that_takes_time() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        let parsed = PasswordHash::new(NOBODY).unwrap();
        assert!(Argon2::default().verify_password(b"", &parsed).is_err());
    }

    const SOUND: &str = "[[account]]\nname = \"wang\"\ndisplay = \"王某\"\nrole = \"township\"\n\
                         office = \"t-421202001\"\ndivision = \"421202001000\"\n";

    fn with_hash(text: &str) -> String {
        format!("{text}password = \"{NOBODY}\"\n")
    }

    #[test]
    fn faults_of_the_file_do_not_quote_it() {
        for text in ["[[account]]\nname = \"a\"\nsecret = \"hunter2\"\n", "[[account]\npassword = \"hunter2\"\n"] {
            let faults = Accounts::read("accounts.toml", text).unwrap_err();
            assert!(!format!("{faults:?}").contains("hunter2"));
            assert!(faults[0].place.starts_with("accounts.toml:"));
        }
    }

    #[test]
    fn a_password_in_clear_is_refused() {
        let faults = Accounts::read("accounts.toml", &format!("{SOUND}password = \"clear\"\n")).unwrap_err();
        assert_eq!((faults[0].code.as_ref(), faults[0].field.as_deref()), ("accounts/hash", Some("password")));
        assert!(faults[0].hint.zh.contains("doudi account hash"));
    }

    #[test]
    fn each_fault_names_file_line_account_field_and_how_to_mend_it() {
        let lacking = with_hash(&SOUND.replace("display = \"王某\"\n", ""));
        let wrong =
            with_hash(&SOUND.replace("township", "boss").replace("421202001000", "4212").replace("office", "ofice"));
        let faults = Accounts::read("a.toml", &format!("# two\n{lacking}{wrong}")).unwrap_err();
        let told: Vec<_> = faults.iter().map(|one| (one.place.as_str(), one.field.as_deref().unwrap())).collect();
        assert_eq!(
            told,
            [
                ("a.toml:2", "display"),
                ("a.toml:8", "office"),
                ("a.toml:8", "ofice"),
                ("a.toml:8", "role"),
                ("a.toml:8", "division")
            ]
        );
        assert_eq!(faults[0].message.zh, "第1个账号（wang）缺少 display");
        assert!(faults[0].hint.zh.contains("王某"));
        assert!(faults[3].hint.en.contains("township county"));
        assert_eq!(Accounts::read("a.toml", &with_hash(SOUND)).unwrap().iter().count(), 1);
    }
}
