//! Values that cannot be printed.

use std::fmt;

/// Holds a value that must not reach a log, a screen or an error text.
///
/// There is no `Display`, and `Debug` shows only that something is there. Whoever needs the value
/// says so with [`Secret::reveal`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Takes a value out of sight.
    pub fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// The value, for the few places that may use it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Encrypts what may not rest in clear. The vault does it; pure code gets it handed in.
pub trait Seal {
    /// The sealed form of some bytes; two calls with the same bytes need not give the same.
    fn seal(&self, plain: &[u8]) -> crate::value::Sealed;
}
