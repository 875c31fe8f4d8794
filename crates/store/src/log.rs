//! The log that everything goes into first.

use crate::fault::Fault;

/// Payloads with their positions, in order.
pub type Payloads = Box<dyn Iterator<Item = Result<(u64, Vec<u8>), Fault>> + Send>;

/// An ordered log of payloads. A position is a payload's number, counted from 0 without gaps.
///
/// The first byte of a payload is the version of its form. One writer appends; what [`Log::append`] has
/// returned for is durable. The journal fulfils it with files; a partition of a transactional, replicated
/// log can fulfil it as well, with one transaction an append.
pub trait Log: Send {
    /// Appends payloads as one; all of them are durable when it returns. Returns the position of the first.
    /// If the process dies meanwhile, a first part of them may be there at the next start.
    ///
    /// # Errors
    /// If they could not be made durable: none of them will be read then, earlier payloads are intact,
    /// and a later append may succeed.
    fn append(&mut self, batch: &[&[u8]]) -> Result<u64, Fault>;

    /// The durable payloads from a position on, as of now.
    ///
    /// # Errors
    /// If the position is not kept, or nothing can be read; later faults come out of the iterator.
    fn read(&self, from: u64) -> Result<Payloads, Fault>;

    /// The position that the next payload will get.
    fn end(&self) -> u64;
}
