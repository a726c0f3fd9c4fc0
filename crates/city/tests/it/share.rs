//! Helpers of these tests: small cities in temporary folders, and their truth files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use city::{Config, Summary, generate};
use tempfile::TempDir;

/// A city made for tests.
pub struct Made {
    folder: PathBuf,
    /// Removes the folder when the test ends; the shared city lies in cargo's folder instead.
    _gone: Option<TempDir>,
    pub summary: Summary,
}

/// One city for the tests that only read: 17,600 people in October 2026.
pub fn shared() -> &'static Made {
    static CITY: OnceLock<Made> = OnceLock::new();
    CITY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared-city");
        let config = Config { scale: 0.002, seed: 2, from: "2026-10".parse().unwrap(), months: 1, out: folder.clone() };
        Made { summary: generate(&config, &mut |_, _, _| {}).unwrap(), folder, _gone: None }
    })
}

pub fn make(scale: f64, seed: u64, from: &str, months: u32) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { scale, seed, from: from.parse().unwrap(), months, out: folder.path().to_owned() };
    let summary = generate(&config, &mut |_, _, _| {}).unwrap();
    Made { folder: folder.path().to_owned(), _gone: Some(folder), summary }
}

impl Made {
    pub fn path(&self) -> &Path {
        &self.folder
    }

    pub fn truth(&self) -> PathBuf {
        self.path().join("truth")
    }

    pub fn roster_file(&self, period: &str, file: &str) -> PathBuf {
        self.path().join("rosters").join(period).join(file)
    }

    /// Fields of the lines below the header of a truth file.
    pub fn truth_lines(&self, name: &str) -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(self.truth().join(name)).unwrap();
        text.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect()
    }
}

/// Every file below a folder by its path, with its bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                all.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    all
}
