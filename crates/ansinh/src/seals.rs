//! Seals of the audit log kept outside the store, one file a day: a log that was written anew behind them is found.

use std::path::{Path, PathBuf};

use base::Date;
use desk::Seal;

use crate::failure::Failure;

/// The folder of kept seals. It may lie on another machine: only new files are written, none is changed or read while serving.
pub struct Seals {
    folder: PathBuf,
    /// The day whose seal is known to be kept.
    kept: Option<Date>,
}

impl Seals {
    /// The seals of a folder, which is made with the first one.
    pub fn of(folder: PathBuf) -> Self {
        Self { folder, kept: None }
    }

    /// Keeps the first seal of each day (Vietnam time) as `YYYY-MM-DD.json`; later ones of the day are passed over. Errors: the disk's.
    pub fn keep(&mut self, seal: &Seal) -> Result<(), Failure> {
        let day = chapter::day_in_hanoi(seal.sealed_at);
        if self.kept == Some(day) {
            return Ok(());
        }
        let path = self.folder.join(format!("{day}.json"));
        if !path.exists() {
            let json = serde_json::to_vec_pretty(seal).map_err(|e| Failure::internal(e.to_string()))?;
            book::put_file(&path, &json)?;
        }
        self.kept = Some(day);
        Ok(())
    }

    /// Every kept seal with its file, by day; none when there is no folder. A file that holds none is an error that names it.
    pub fn all(&self) -> Result<Vec<(PathBuf, Seal)>, Failure> {
        let failed = |path: &Path, why: String| Failure::input("kept_seal", format!("{}: {why}", path.display()));
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(failed(&self.folder, e.to_string())),
        };
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.map_err(|e| failed(&self.folder, e.to_string()))?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
        paths.sort();
        let read = |path: PathBuf| {
            let bytes = std::fs::read(&path).map_err(|e| failed(&path, e.to_string()))?;
            let seal = serde_json::from_slice(&bytes).map_err(|e| failed(&path, e.to_string()))?;
            Ok((path, seal))
        };
        paths.into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(batch: i64, sealed_at: i64) -> Seal {
        Seal { batch, first_seq: batch, last_seq: batch, prev_hash: "0".into(), hash: format!("{batch}"), sealed_at }
    }

    #[test]
    fn the_first_seal_of_a_day_is_kept_and_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let mut seals = Seals::of(folder.path().join("niem-phong"));
        // 31 October 2026, 16:59 and 17:01 UTC: midnight in Hà Nội lies between.
        let midnight = 1_793_466_000_000;
        for (batch, at) in [(1, midnight - 60_000), (2, midnight - 1_000), (3, midnight + 60_000), (4, midnight + 120_000)] {
            seals.keep(&seal(batch, at)).unwrap();
        }
        // Started again on the same day.
        Seals::of(folder.path().join("niem-phong")).keep(&seal(5, midnight + 180_000)).unwrap();
        let kept = seals.all().unwrap();
        assert_eq!(kept.iter().map(|(_, seal)| seal.batch).collect::<Vec<_>>(), [1, 3]);
        assert!(kept[1].0.ends_with("2026-11-01.json"), "{:?}", kept[1].0);
        std::fs::write(folder.path().join("niem-phong/2026-11-02.json"), "{").unwrap();
        assert!(seals.all().unwrap_err().message.contains("2026-11-02.json"));
        assert!(Seals::of(folder.path().join("nothing")).all().unwrap().is_empty());
    }
}
