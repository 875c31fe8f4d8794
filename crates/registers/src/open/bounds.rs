//! How large a file may be, packed and unpacked.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Refusal;

/// Bytes of a file on disk, at most.
pub const FILE_BYTES_MAX: u64 = 1 << 30;
/// Bytes of all parts of a workbook unpacked, at most. A full sheet of twelve columns has about 600 MB.
pub const UNPACKED_BYTES_MAX: u64 = 1 << 30;
/// Cells of a file, at most.
pub const CELLS_MAX: usize = 40_000_000;
/// A part this large that packs to less than a two-hundredth holds nothing but repetition.
const BOMB_BYTES: u64 = 64 << 20;
const BOMB_RATIO: u64 = 400;

/// Unpacks every part once into nothing, so that what is read afterwards is known to be whole and bounded. What the
/// archive says of its own sizes is not believed.
pub(super) fn check(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), Refusal> {
    let mut total: u64 = 0;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(refusal)?;
        let packed = part.compressed_size();
        let left = UNPACKED_BYTES_MAX - total;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| Refusal::Damaged)?;
        let bomb = unpacked > BOMB_BYTES && unpacked / packed.max(1) > BOMB_RATIO;
        if unpacked > left || bomb {
            return Err(Refusal::Bomb { most: UNPACKED_BYTES_MAX });
        }
        total += unpacked;
    }
    Ok(())
}

/// What a fault of the archive means.
pub(super) fn refusal(fault: ZipError) -> Refusal {
    match fault {
        ZipError::UnsupportedArchive(reason) if reason == ZipError::PASSWORD_REQUIRED => Refusal::Password,
        _ => Refusal::Damaged,
    }
}
