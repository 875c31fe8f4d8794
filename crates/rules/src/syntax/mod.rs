//! Text of a condition → tree with places.
//!
//! The grammar is CEL's and the parser is that of the `cel` crate. Around it stand a scan of the tokens
//! (plain words for frequent slips), bounds on length and nesting, and the exact reading of decimals.

pub(crate) mod ast;
pub(crate) mod decimal;
pub(crate) mod limit;
mod parse;
mod scan;
pub(crate) mod span;
mod spans;

pub use ast::Construct;
pub use limit::{DEPTH_MAX, LEAVES_MAX, LENGTH_MAX};
pub(crate) use parse::parse;
pub use span::Span;
