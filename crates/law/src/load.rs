//! From files to the law.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::yaml::At;
use crate::{Fault, LawError, LawErrors, Parameter, hash, schema};

/// The whole law: every parameter with all its values over time.
///
/// Cheap to clone. A run binds one `Law`; a reform or a replay is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law(Arc<Content>);

#[derive(Debug, PartialEq, Eq)]
struct Content {
    parameters: BTreeMap<String, Parameter>,
    /// Worked out once: query plans compare the law they are bound to again and again.
    hash: [u8; 32],
}

impl Law {
    /// Reads the files of a law folder, given as path inside the folder (with `/`) and text.
    ///
    /// Files ending in `.md` are pages for readers and are passed over. When anything is wrong, nothing
    /// is loaded and the error lists every fault of every file.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Law, LawErrors> {
        let mut parameters = BTreeMap::new();
        let mut errors = Vec::new();
        for (path, text) in files {
            if path.ends_with(".md") {
                continue;
            }
            let mut refuse = |at: At, fault| {
                errors.push(LawError { file: path.to_owned(), line: at.line, column: at.column, fault });
            };
            let Some(key) = key_of(path) else {
                refuse(At::START, Fault::FileName);
                continue;
            };
            match parameters.entry(key) {
                Entry::Occupied(_) => refuse(At::START, Fault::FileTwice),
                Entry::Vacant(place) => {
                    // A refused file keeps its place, so that a second one of the same path is noticed.
                    let parameter = schema::parameter(place.key(), text, &mut refuse);
                    place.insert(parameter);
                }
            }
        }
        if errors.is_empty() {
            let parameters: BTreeMap<_, _> =
                parameters.into_iter().filter_map(|(key, parameter)| Some((key, parameter?))).collect();
            let hash = hash::of(parameters.values());
            Ok(Law(Arc::new(Content { parameters, hash })))
        } else {
            Err(LawErrors::sorted(errors))
        }
    }

    /// All parameters in the order of their keys.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.0.parameters.values()
    }

    /// BLAKE3 over the content of all parameters, whatever the order and layout of the files; part of what a
    /// run records.
    pub fn hash(&self) -> [u8; 32] {
        self.0.hash
    }

    /// The parameter of a key.
    pub fn parameter(&self, key: &str) -> Option<&Parameter> {
        self.0.parameters.get(key)
    }
}

/// `bhxh/reference_level.yaml` → `bhxh.reference_level`; nothing when the path cannot be a key.
fn key_of(path: &str) -> Option<String> {
    let stem = path.strip_suffix(".yaml")?;
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    stem.split('/').all(plain).then(|| stem.replace('/', "."))
}
