//! The broker's jars: fetched once by Maven, kept in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::tool;

/// Names every jar with its version; the one place that says which Kafka it is.
const POM: &str = include_str!("../../broker/pom.xml");

/// How long a slow line may take for some 45 MB.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// The folder with the jars of Kafka, fetched first if the cache lacks it.
///
/// The folder appears whole or not at all (fetched beside it, then renamed), so an interrupted fetch or two at once
/// do no harm. Another version in the POM is another folder.
///
/// # Errors
/// Where Maven is missing or fails, or the cache cannot be written.
pub fn folder() -> Result<PathBuf, String> {
    let place = tool::cache()?.join("kafka").join(name()?);
    if place.is_dir() {
        return Ok(place);
    }
    let partial = place.with_extension(format!("partial-{}", std::process::id()));
    fs::create_dir_all(&partial).map_err(|e| format!("{}: {e}", partial.display()))?;
    let fetched = fetch(&partial).and_then(|()| keep(&partial, &place));
    let _ = fs::remove_dir_all(&partial);
    fetched.map(|()| place)
}

/// `lib-` and a fingerprint of the POM, so that a changed POM is fetched anew.
fn name() -> Result<String, String> {
    let version = POM.split_once("<artifactId>kafka_2.13</artifactId>").and_then(|(_, rest)| tag(rest, "version"));
    let version = version.ok_or("broker/pom.xml names no version for kafka_2.13")?;
    let print = POM.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    Ok(format!("lib-{version}-{print:016x}"))
}

fn tag<'a>(text: &'a str, tag: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{tag}>"))?;
    rest.split_once(&format!("</{tag}>")).map(|(value, _)| value)
}

fn fetch(into: &Path) -> Result<(), String> {
    let pom = into.join("pom.xml");
    fs::write(&pom, POM).map_err(|e| format!("{}: {e}", pom.display()))?;
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--quiet", "--no-transfer-progress", "-Dstyle.color=never", "--file"]).arg(&pom);
    maven.args(["dependency:copy-dependencies", "-DincludeScope=runtime"]);
    maven.arg(format!("-DoutputDirectory={}", into.display()));
    tool::run(&mut maven, LIMIT)
}

fn keep(partial: &Path, place: &Path) -> Result<(), String> {
    match fs::rename(partial, place) {
        Ok(()) => Ok(()),
        Err(_) if place.is_dir() => Ok(()), // another process was quicker
        Err(e) => Err(format!("{}: {e}", place.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_named_after_the_version_in_the_pom() {
        assert!(name().unwrap().starts_with("lib-4.3.1-"), "{:?}", name());
    }
}
