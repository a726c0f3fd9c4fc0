//! The content a run worked with: law, rules, formats, places, kept whole so that it can be replayed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Book, BookError, Fingerprint, files};

/// Content files by path, e.g. `law/bhyt/break_days.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Content(pub BTreeMap<String, String>);

impl Content {
    /// Hash over paths and texts.
    pub fn hash(&self) -> String {
        self.0.iter().fold(Fingerprint::new("content"), |f, (path, text)| f.with(path, text)).finish()
    }

    /// The files below a folder, with paths relative to it, e.g. `under("law")`.
    pub fn under<'a>(&'a self, folder: &str) -> Vec<(&'a str, &'a str)> {
        let prefix = format!("{folder}/");
        self.0.iter().filter_map(|(path, text)| path.strip_prefix(&prefix).map(|p| (p, text.as_str()))).collect()
    }

    /// One file.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

impl Book {
    /// Keeps content under its hash and returns the hash.
    pub fn put_content(&self, content: &Content) -> Result<String, BookError> {
        let hash = content.hash();
        let path = self.root.join("content").join(format!("{hash}.json"));
        if !path.exists() {
            files::put(&self.root.join("unfinished"), &path, &files::to_json(content)?)?;
        }
        Ok(hash)
    }

    /// Reads content by its hash.
    pub fn content(&self, hash: &str) -> Result<Content, BookError> {
        let path = self.root.join("content").join(format!("{hash}.json"));
        let content: Content = files::read_json(&path)?.ok_or_else(|| BookError::Missing { what: format!("content {hash}") })?;
        if content.hash() == hash { Ok(content) } else { Err(BookError::damaged(&path, "its texts do not have this hash")) }
    }
}
