//! Touching the disk.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes and syncs; tests put a failing disk in its place.
pub(crate) trait Device: Send {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn cut(&mut self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }
}

/// The disk as it is.
pub(crate) struct Disk;

impl Device for Disk {}

/// Makes the names in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir).and_then(|dir| dir.sync_all())
}
