//! Who is asking: accounts, sessions, and what each may see.

mod accounts;
mod limit;
mod sessions;
mod sources;
mod viewer;

pub use accounts::{Account, Accounts, Role, hash};
pub use limit::Limit;
pub use sessions::{Session, Sessions, token};
pub use sources::{EventSources, Voice};
pub use viewer::{
    ApiViewer, SESSION_COOKIE, Viewer, address, check_password, cookie, corrections_of, may_see, sees_name, takes_part,
};
