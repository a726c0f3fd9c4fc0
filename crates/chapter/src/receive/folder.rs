//! Many files at once: small ones are read side by side, and become batches one after the other.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Drafted, Meaning, ReceiveError, Received, Receiver};

/// Bytes read side by side. A file beyond it is read alone, so that two of the largest never lie in memory together.
const TOGETHER: u64 = 64 << 20;

/// Most files read side by side.
const FILES: usize = 16;

impl<'a> Receiver<'a> {
    /// Takes files in, in this order; the first that cannot be taken in ends it, those before it stay.
    ///
    /// `at` is told how many files are done, and may end the work. Batches and tables are the same as one by one.
    pub fn files<E>(
        &self,
        files: &[PathBuf],
        mut at: impl FnMut(usize) -> Result<(), E>,
        fail: impl Fn(&Path, ReceiveError) -> E,
    ) -> Result<Vec<Received>, E> {
        let meaning = Meaning::default();
        let mut received = Vec::new();
        let mut done = 0;
        while done < files.len() {
            at(done)?;
            let together = &files[done..done + together(&files[done..])];
            let read = |path: &PathBuf| -> Result<Vec<Drafted<'a>>, ReceiveError> {
                self.open(path)?.iter().map(|handed| self.draft(handed, &meaning)).collect()
            };
            // One file alone keeps its tables apart, so that an archive never lies unpacked in drafts as a whole.
            if let [path] = together {
                received.extend(self.file(path, &meaning).map_err(|e| fail(path, e))?);
            } else {
                let drafts: Vec<_> = together.par_iter().map(read).collect();
                for (path, drafts) in together.iter().zip(drafts) {
                    for drafted in drafts.map_err(|e| fail(path, e))? {
                        received.push(self.settle(drafted, &meaning).map_err(|e| fail(path, e))?);
                    }
                }
            }
            done += together.len();
        }
        Ok(received)
    }
}

/// How many of the first files may be read side by side; at least one.
fn together(files: &[PathBuf]) -> usize {
    // What cannot be looked at says why when it is opened.
    let bytes = |path: &PathBuf| std::fs::metadata(path).map_or(0, |m| m.len());
    let mut left = TOGETHER;
    let fits = |path: &&PathBuf| {
        let size = bytes(path);
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    };
    files.iter().take(FILES).take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_are_read_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: u64| {
            let path = folder.path().join(name);
            std::fs::File::create(&path).unwrap().set_len(bytes).unwrap();
            path
        };
        let small: Vec<PathBuf> = (0..20).map(|n| file(&format!("small {n}"), 1_000)).collect();
        assert_eq!(together(&small), FILES);
        let mixed = [small[0].clone(), file("large", TOGETHER + 1), small[1].clone()];
        assert_eq!((together(&mixed), together(&mixed[1..])), (1, 1));
        assert_eq!(together(&[folder.path().join("not there")]), 1);
    }
}
