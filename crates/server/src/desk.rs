//! The pages people see. Each essential act is a link or a form that works without script.

pub mod asset;
pub mod draft;
pub mod once;

mod case;
mod corrections;
mod feedback;
mod form;
mod help;
mod inbox;
mod login;
mod me;
pub(crate) mod moves;
mod part;
mod print;
mod route;
mod shell;
mod system;
mod ui;

pub use inbox::Sort;
pub(crate) use route::is_api;
pub use route::{routes, with_answers_for_the_rest};
