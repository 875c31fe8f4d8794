//! The stages up to a warning: admit, resolve, score; and what can be read back of them.
//!
//! Each stage is a pure function over keyed state: equal inputs, equal outputs, on every machine.
//! The entry of the log carries the only clock.
//!
//! | module | keyed by | does |
//! |---|---|---|
//! | [`admit`] | – | an event becomes facts under pseudonyms, or a refusal with a way to mend it |
//! | [`resolve`] | person | who lives in which household; a fact finds its file |
//! | [`score`] | household | facts into the file, features, rules, decisions, warnings |
//! | [`replay`] | – | a decision anew from the facts known then |
//! | [`view`] | – | a household and its explanations for screens |
//! | [`canonical`] | – | what a state knows, equal in whatever house |
#![deny(clippy::float_arithmetic)]

pub mod admit;
pub mod canonical;
pub mod effect;
pub mod replay;
pub mod resolve;
pub mod score;
pub mod view;
