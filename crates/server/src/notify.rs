//! News goes out: to open screens now, to other channels later.

mod hub;

pub use hub::{Hub, Listener, News};

use crate::service::Notice;

/// A way to tell an office something. Messages never hold a name, an ID, a village, an illness or an amount.
pub trait Channel: Send + Sync {
    /// `web`, `wecom`, `sms`, `mail`: the label of its metric.
    fn name(&self) -> &'static str;

    /// Hands a notice over. The key `notice + office + channel` lets a receiver tell a repeat.
    ///
    /// # Errors
    /// If it was not delivered; it is then tried again later.
    fn send(&self, notice: &Notice) -> Result<(), NotDelivered>;
}

/// A message that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDelivered(pub String);
