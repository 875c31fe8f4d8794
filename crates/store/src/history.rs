//! Reading back what happened, without owning the data directory.

use std::collections::BTreeMap;
use std::path::Path;

use doudi_model::Digest;
use doudi_model::stage::At;

use crate::entry::{Body, Entry};
use crate::fault::Fault;
use crate::journal;

/// The entries of a data directory's journal from a position on, as machines see them. Needs no lock.
///
/// # Errors
/// If the journal cannot be read; later faults come out of the iterator.
pub fn entries(
    data: &Path,
    from: u64,
) -> Result<impl Iterator<Item = Result<(At, Body), Fault>> + Send + use<>, Fault> {
    Ok(journal::read(&data.join("journal"), from)?.map(|payload| {
        let (position, payload) = payload?;
        let Entry { at, mut body } = Entry::decode(&payload)?;
        let at = At { position, instant: at };
        body.make_known(at);
        Ok((at, body))
    }))
}

/// The bundles that decided, each with the first position from which it did.
///
/// # Errors
/// If the journal cannot be read.
pub fn started(data: &Path) -> Result<BTreeMap<u64, Digest>, Fault> {
    let mut found = BTreeMap::new();
    for entry in entries(data, 0)? {
        if let (at, Body::Started { bundle }) = entry? {
            found.insert(at.position, bundle);
        }
    }
    Ok(found)
}
