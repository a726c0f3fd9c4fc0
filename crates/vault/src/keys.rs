//! Keys of sealed files, and what is derived from them for one file.

use std::fmt;

use crate::cipher::KEY;
use crate::format::{HEADER, ID, header};

/// Keys of one use, the one that seals first; the others open what they sealed. Shows nothing of them.
#[derive(Clone)]
pub struct Keys {
    first: (String, [u8; KEY]),
    older: Vec<(String, [u8; KEY])>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all().map(|(id, _)| id)).finish()
    }
}

impl Keys {
    /// Keys by their ids, the one that seals first. `None` when there is none, or an id is empty, longer than 16 bytes or not plain letters
    /// and digits: it stands in the header of each file.
    pub fn new(keys: Vec<(String, [u8; KEY])>) -> Option<Self> {
        let fits = |id: &String| !id.is_empty() && id.len() <= ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !keys.iter().all(|(id, _)| fits(id)) {
            return None;
        }
        let mut keys = keys.into_iter();
        Some(Self { first: keys.next()?, older: keys.collect() })
    }

    /// Id of the key that seals.
    pub fn id(&self) -> &str {
        &self.first.0
    }

    /// Whether a key of this id is there.
    pub fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// What stands for a hash in names: whoever has a content, but not the key, cannot tell that it was named. 64 hexadecimal digits.
    pub fn mark(&self, hash: &str) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("An Sinh mark of a content 1");
        hasher.update(&self.first.1).update(hash.as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&[u8; KEY]> {
        self.all().find(|(known, _)| known == id).map(|(_, key)| key)
    }

    fn all(&self) -> impl Iterator<Item = &(String, [u8; KEY])> {
        std::iter::once(&self.first).chain(&self.older)
    }

    /// What seals a new file of a place.
    pub(crate) fn file(&self, place: &str) -> FileKeys {
        FileKeys::of(&self.first.0, &self.first.1, place)
    }
}

/// The three keys of the files of one place: they are derived, so a key does one thing and a file opens in its place alone.
pub(crate) struct FileKeys {
    pub header: [u8; HEADER],
    pub chunks: [u8; KEY],
    pub nonces: [u8; KEY],
    pub whole: [u8; KEY],
}

impl FileKeys {
    pub(crate) fn of(id: &str, key: &[u8; KEY], place: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("An Sinh keys of a sealed file 1");
        hasher.update(key).update(place.as_bytes());
        let mut output = hasher.finalize_xof();
        let mut next = || {
            let mut key = [0; KEY];
            output.fill(&mut key);
            key
        };
        Self { header: header(id), chunks: next(), nonces: next(), whole: next() }
    }
}
