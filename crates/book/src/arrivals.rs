//! Files handed over at the portal that are not taken in yet: an unknown layout, a name that is taken.
//!
//! They lie in a waiting room beside the tables. Nothing of them counts, no run reads them; what was taken in
//! or given up leaves nothing but the record of what became of it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use base::Month;
use engine::{DataFile, NewFile};
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, files};

/// A file (or a ZIP of files) handed over, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Its name in the waiting room, 32 hexadecimal digits that say nothing about the file.
    pub id: String,
    /// File name without folders.
    pub file_name: String,
    /// Period it was sent for.
    pub period: Month,
    /// Roster as its sender said; absent when it is to be found by the headings.
    pub roster: Option<String>,
    /// The batch whose refused rows it brings back.
    pub mends: Option<String>,
    /// When it was handed over, Unix milliseconds.
    pub at: i64,
    /// What became of each file.
    pub files: Vec<ArrivedFile>,
}

/// One file of an arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedFile {
    /// File name without folders.
    pub name: String,
    /// What became of it.
    pub state: ArrivedState,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ArrivedState {
    /// It is in the book.
    Taken {
        /// Its batch.
        batch: String,
        /// Whether the same content was there before.
        known: bool,
    },
    /// No layout knows it: waits for somebody to say what its columns mean.
    NoLayout,
    /// Another file has its name: waits for somebody to say whether it stands for that one.
    NameTaken {
        /// The batch that has the name.
        batch: String,
    },
    /// Somebody else was writing: can be tried again.
    Busy,
    /// Refused whole.
    Refused {
        /// Stable code of the reason.
        code: String,
        /// What happened.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// Given up by who sent it.
    GivenUp,
}

impl ArrivedState {
    /// Whether the file is still needed.
    pub fn waits(&self) -> bool {
        matches!(self, Self::NoLayout | Self::NameTaken { .. } | Self::Busy)
    }
}

/// Bytes of a file while they come in. Dropped before its end it leaves nothing behind.
#[derive(Debug)]
pub struct ArrivalFile {
    /// Taken when it ends.
    file: Option<NewFile>,
    draft: PathBuf,
    target: PathBuf,
}

impl ArrivalFile {
    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BookError> {
        match &mut self.file {
            Some(file) => file.write_all(bytes).map_err(|e| BookError::io(&self.draft, &e)),
            None => Ok(()),
        }
    }

    /// Ends the file and puts it into the waiting room.
    pub fn finish(mut self) -> Result<(), BookError> {
        if let Some(file) = self.file.take() {
            file.finish()?;
        }
        files::move_into_place(&self.draft, &self.target)
    }
}

impl Drop for ArrivalFile {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name any more.
        let _ = fs::remove_file(&self.draft);
    }
}

impl Book {
    /// Starts to take the bytes of an arrival.
    pub fn begin_arrival(&self, id: &str) -> Result<ArrivalFile, BookError> {
        let target = self.arrival_folder(id)?.join("file");
        files::make_folder(&self.root.join("arrivals"))?;
        // Not among the unfinished files: the next writer would clear it away while it still comes in.
        let draft = self.root.join("arrivals").join(format!("{id}.part"));
        // A sending of this form that the machine did not survive may have left its half.
        remove(&draft)?;
        let file = self.file_at(&target).drafted_at(&draft).create()?;
        Ok(ArrivalFile { file: Some(file), draft, target })
    }

    /// Records what became of an arrival. The bytes go when it was opened and no file of it waits any more.
    pub fn put_arrival(&self, arrival: &Arrival) -> Result<(), BookError> {
        let folder = self.arrival_folder(&arrival.id)?;
        files::make_folder(&folder)?;
        // Its draft does not lie among the unfinished files either.
        self.put_sealed(&folder.join("arrival.json"), &files::to_json(arrival)?)?;
        if !arrival.files.is_empty() && !arrival.files.iter().any(|f| f.state.waits()) {
            remove(&folder.join("file"))?;
        }
        Ok(())
    }

    /// An arrival by its id.
    pub fn arrival(&self, id: &str) -> Result<Option<Arrival>, BookError> {
        self.read_record(&self.arrival_folder(id)?.join("arrival.json"))
    }

    /// The bytes of an arrival, to be read.
    pub fn arrival_file(&self, id: &str) -> Result<DataFile, BookError> {
        Ok(self.file_at(&self.arrival_folder(id)?.join("file")))
    }

    /// Removes arrivals from before a moment (Unix milliseconds), whatever became of them.
    pub fn clear_arrivals(&self, before: i64) -> Result<(), BookError> {
        let room = self.root.join("arrivals");
        let Ok(entries) = fs::read_dir(&room) else { return Ok(()) };
        for entry in entries.flatten() {
            let id = entry.file_name().to_string_lossy().into_owned();
            if id.ends_with(".part") && is_older(&entry, before) {
                // Left by a sending that the machine did not survive.
                remove(&entry.path())?;
            }
            let Ok(folder) = self.arrival_folder(&id) else { continue };
            let old = self.read_record::<Arrival>(&folder.join("arrival.json"))?.is_some_and(|a| a.at < before);
            if old {
                fs::remove_dir_all(&folder).map_err(|e| BookError::io(&folder, &e))?;
            }
        }
        Ok(())
    }

    /// The folder of an id that is one: ids come from addresses and become paths.
    fn arrival_folder(&self, id: &str) -> Result<PathBuf, BookError> {
        let is_id = id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if is_id {
            Ok(self.root.join("arrivals").join(id))
        } else {
            Err(BookError::Missing { what: "arrival of this id".into() })
        }
    }
}

fn is_older(entry: &fs::DirEntry, before: i64) -> bool {
    let written = entry.metadata().and_then(|m| m.modified()).ok();
    let since = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    since.is_some_and(|since| i64::try_from(since.as_millis()).is_ok_and(|at| at < before))
}

fn remove(path: &std::path::Path) -> Result<(), BookError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(BookError::io(path, &e)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn arrival(state: ArrivedState) -> Arrival {
        let files = vec![ArrivedFile { name: "a.csv".into(), state }];
        let period = Month::new(2026, 10).unwrap();
        Arrival { id: ID.into(), file_name: "a.csv".into(), period, roster: None, mends: None, at: 5, files }
    }

    #[test]
    fn bytes_stay_while_a_file_waits_and_go_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(folder.path()).unwrap();
        let mut file = book.begin_arrival(ID).unwrap();
        file.write(b"ab").unwrap();
        file.write(b"c").unwrap();
        file.finish().unwrap();
        let file = book.arrival_file(ID).unwrap();
        book.put_arrival(&arrival(ArrivedState::NoLayout)).unwrap();
        assert_eq!(file.read().unwrap(), b"abc");
        assert_eq!(book.arrival(ID).unwrap().unwrap().files[0].state, ArrivedState::NoLayout);
        // A writer clears what is unfinished, not what waits.
        drop(book.lock().unwrap());
        assert!(file.exists());
        book.put_arrival(&arrival(ArrivedState::GivenUp)).unwrap();
        assert!(!file.exists() && book.arrival(ID).unwrap().is_some());
        book.clear_arrivals(6).unwrap();
        assert!(book.arrival(ID).unwrap().is_none());
    }

    #[test]
    fn an_interrupted_sending_leaves_nothing_and_ids_are_no_paths() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(folder.path()).unwrap();
        let mut file = book.begin_arrival(ID).unwrap();
        file.write(b"half").unwrap();
        drop(file);
        assert_eq!(std::fs::read_dir(book.root().join("arrivals")).unwrap().count(), 0);
        for id in ["", "..", "../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdeg"] {
            assert!(book.arrival_file(id).is_err() && book.begin_arrival(id).is_err(), "{id}");
        }
    }
}
