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

use doudi_model::Fact;
use doudi_model::stage::{At, State, StateFault};
use doudi_rules::bundle::Bundle;

/// Takes the facts of one entry through resolve and score.
///
/// # Errors
/// If the state cannot be read or written.
pub fn learn(state: &mut dyn State, bundle: &Bundle, at: At, facts: &[Fact]) -> Result<effect::Effects, StateFault> {
    let mut entry = score::Entry::new(bundle, at);
    let messages = resolve::apply(state, facts)?;
    let mut back = entry.take(state, messages)?;
    resolve::park(state, back.homeless)?;
    // Claims taken back move people, and people who move take no claims back.
    while !back.unclaimed.is_empty() {
        let messages = resolve::apply(state, &back.unclaimed)?;
        back = entry.take(state, messages)?;
        resolve::park(state, back.homeless)?;
    }
    entry.finish(state)
}
