//! `claims check --watch`: a folder that a hospital's program writes into.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::receiving::file_of;
use crate::support::{start, text};

/// Ended when dropped: it would watch forever.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a workbook lies there.
fn written(path: &Path) {
    let begun = Instant::now();
    // A workbook is a ZIP.
    while !std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"PK")) {
        assert!(begun.elapsed() < Duration::from_secs(90), "no sheet {}", path.display());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn each_file_that_comes_has_a_sheet_of_its_own() {
    let (folder, sheets) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("ngày 5.xml"), file_of("01013")).unwrap();
    let xlsx = sheets.path().join("lỗi.xlsx");
    let _watching = Watching(start(&["claims", "check", text(folder.path()), "--watch", "--xlsx", text(&xlsx)]));
    written(&sheets.path().join("lỗi-ngày 5.xlsx"));
    std::fs::write(folder.path().join("ngày 6.xml"), file_of("01013")).unwrap();
    written(&sheets.path().join("lỗi-ngày 6.xlsx"));
    assert!(!xlsx.exists(), "no sheet of all of them");
}
