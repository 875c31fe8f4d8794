//! Whether a bundle may be used: whole and proven, or not at all.

use doudi_model::Problem;

use super::{Bundle, Files};

/// Codes of what makes no sense in a new bundle but leaves no doubt what it means: a comparison that is settled
/// beforehand, a condition that is never true, a value named twice, a test that fails.
const POINTLESS: [&str; 4] = ["B0215", "B0217", "B0218", "B0707"];

/// Codes of files and tables that could not be read as what they are.
const UNREAD: [&str; 6] = ["B0101", "B0102", "B0103", "B0104", "B0105", "B0106"];

/// Folders that declare what others name.
const DECLARING: [&str; 4] = ["facts/", "features/", "standards/", "divisions/"];

/// Codes of names that are not declared, or of what follows from that.
const NOT_DECLARED: [&str; 6] = ["B0207", "B0304", "B0504", "B0508", "B0602", "B0706"];

impl Bundle {
    /// Reads and proves a bundle, and runs the tests of its rules.
    ///
    /// # Errors
    /// All problems found, each with its place; then nothing of the bundle is used.
    pub fn load(files: Files) -> Result<Bundle, Vec<Problem>> {
        Bundle::load_with(files, |_| Vec::new())
    }

    /// The same, and whatever else is wrong with its files is reported together with the rest.
    ///
    /// # Errors
    /// All problems found.
    pub fn load_with(files: Files, more: impl FnOnce(&Bundle) -> Vec<Problem>) -> Result<Bundle, Vec<Problem>> {
        let (bundle, mut problems) = Bundle::read(files);
        problems.extend(more(&bundle));
        let mut problems = without_echoes(problems);
        // A test of a rule is judged only where all that it names could be read.
        if !problems.iter().any(declares) {
            let sound = |path: &str| !problems.iter().any(|problem| problem.place.starts_with(path));
            let failing = bundle.refused_tests(sound);
            problems.extend(failing);
        }
        if problems.is_empty() { Ok(bundle) } else { Err(problems) }
    }

    /// Reads and proves a bundle without running its tests, for whoever wants to see how they fare.
    ///
    /// # Errors
    /// All problems found but failing tests.
    pub fn load_untested(files: Files) -> Result<Bundle, Vec<Problem>> {
        let (bundle, problems) = Bundle::read(files);
        if problems.is_empty() { Ok(bundle) } else { Err(without_echoes(problems)) }
    }

    /// Reads a bundle that has been in use: what is refused as pointless today decided then as it stands.
    ///
    /// # Errors
    /// All problems that leave in doubt what the bundle means.
    pub fn restore(files: Files) -> Result<Bundle, Vec<Problem>> {
        let (bundle, mut problems) = Bundle::read(files);
        problems.retain(|problem| !POINTLESS.contains(&problem.code.as_ref()));
        if problems.is_empty() { Ok(bundle) } else { Err(problems) }
    }
}

/// Whether a problem lies in a file that others rest on.
fn declares(problem: &Problem) -> bool {
    DECLARING.iter().any(|folder| problem.place.starts_with(folder))
}

/// Where a declaring file could not be read, names that it may declare are not called unknown.
fn without_echoes(mut problems: Vec<Problem>) -> Vec<Problem> {
    let unread = |problem: &Problem| declares(problem) && UNREAD.contains(&problem.code.as_ref());
    if problems.iter().any(unread) {
        let of_division = |problem: &Problem| problem.code == "B0301" && problem.field.as_deref() == Some("division");
        problems.retain(|problem| !NOT_DECLARED.contains(&problem.code.as_ref()) && !of_division(problem));
    }
    problems
}
