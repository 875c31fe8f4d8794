//! Stands in for the desk's request until it is there.

use serde::{Deserialize, Serialize};

/// What someone asks of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveRequest {
    /// The case.
    pub case: String,
}
