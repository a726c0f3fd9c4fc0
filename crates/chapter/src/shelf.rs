//! The roster layouts of a running portal: those of the program, and those a clerk has added since.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use base::Explain;
use book::BookError;
use intake::{LayoutError, Layouts};

/// Layouts that can grow while pages are shown.
///
/// A new layout goes into `content/formats/rosters` of the data folder, which every command lays over the
/// content of the program: so a run reads with it and its content hash names it.
pub struct LayoutShelf {
    folder: PathBuf,
    held: RwLock<(BTreeMap<String, String>, Arc<Layouts>)>,
}

/// Why a layout could not be added.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// It is no sound layout, or does not go with the others.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// It could not be written.
    #[error(transparent)]
    Book(#[from] BookError),
}

impl Explain for ShelfError {
    fn code(&self) -> &'static str {
        match self {
            Self::Layout(error) => error.code(),
            Self::Book(error) => error.code(),
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Layout(error) => error.place(),
            Self::Book(error) => error.place(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Layout(error) => error.remedy(),
            Self::Book(error) => error.remedy(),
        }
    }
}

impl LayoutShelf {
    /// Holds the layouts of files given as path and text; new ones go into `data/content/formats/rosters`.
    pub fn new(files: impl IntoIterator<Item = (String, String)>, data: &Path) -> Result<Self, LayoutError> {
        let files: BTreeMap<String, String> = files.into_iter().collect();
        let layouts = Arc::new(Layouts::load(files.clone())?);
        let folder = data.join("content").join("formats").join("rosters");
        Ok(Self { folder, held: RwLock::new((files, layouts)) })
    }

    /// All layouts, as they are now.
    pub fn layouts(&self) -> Arc<Layouts> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Adds a layout: checked together with all others, written, then used from now on.
    pub fn add(&self, id: &str, text: &str) -> Result<(), ShelfError> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut files = held.0.clone();
        files.insert(format!("{id}.yaml"), text.to_owned());
        let layouts = Arc::new(Layouts::load(files.clone())?);
        book::put_file(&self.folder.join(format!("{id}.yaml")), text.as_bytes())?;
        *held = (files, layouts);
        Ok(())
    }
}
