//! The key file: keys that wrap data keys, kept outside the store. The first one is in use, the others still open what they wrapped.

use std::fmt;
use std::io::Write;
use std::path::Path;

use crate::DeskError;
use crate::account::{hex, unhex};

pub(crate) use vault::KEY;

/// The keys of a key file. Shows nothing of them.
#[derive(Clone)]
pub struct KeyRing(Vec<(String, [u8; KEY])>);

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

impl KeyRing {
    /// Reads a key file: lines `key ID HEX`, the one in use first; `#` begins a remark. Others than its owner must not be able to read it.
    pub fn load(path: &Path) -> Result<Self, DeskError> {
        let fault = |why: &str| DeskError::KeyFile { place: path.display().to_string(), why: why.to_owned() };
        let text = std::fs::read_to_string(path).map_err(|error| fault(&error.kind().to_string()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(path).map_err(|error| fault(&error.kind().to_string()))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(fault("others than its owner may read it (chmod 600)"));
            }
        }
        let mut keys: Vec<(String, [u8; KEY])> = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let ["key", id, letters] = words.as_slice() else { return Err(fault("a line is not of the form `key ID HEX`")) };
            let bytes = unhex(letters).map_err(|_| fault("a key is not hexadecimal"))?;
            let key = <[u8; KEY]>::try_from(bytes.as_slice()).map_err(|_| fault("a key does not have 64 hexadecimal letters"))?;
            if id_of(&key) != *id {
                return Err(fault("a key and its id do not agree"));
            }
            keys.push(((*id).to_owned(), key));
        }
        if keys.is_empty() { Err(fault("it holds no key")) } else { Ok(Self(keys)) }
    }

    /// Puts a new key first into a key file, which is made when there is none; gives its id. Older keys stay until they are taken out.
    pub fn add(path: &Path, random: [u8; KEY]) -> Result<String, DeskError> {
        let fault = |why: &str| DeskError::KeyFile { place: path.display().to_string(), why: why.to_owned() };
        let older = if path.exists() { Self::load(path)?.0 } else { Vec::new() };
        let id = id_of(&random);
        let mut text =
            String::from("# An Sinh: khóa bọc dữ liệu của kho nghiệp vụ. Giữ ngoài kho; mất tệp này là mất dữ liệu đã mã hóa.\n");
        for (id, key) in std::iter::once((id.clone(), random)).chain(older) {
            text.push_str(&format!("key {id} {}\n", hex(&key)));
        }
        // A new file beside it, then one rename: a crash leaves the old keys or all of them.
        let part = path.with_extension("part");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&part).map_err(|error| fault(&error.kind().to_string()))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| fault(&error.kind().to_string()))?;
        std::fs::rename(&part, path).map_err(|error| fault(&error.kind().to_string()))?;
        Ok(id)
    }

    /// The keys of the book (sổ): each is derived from a key of the file and bears its id, so that what the desk and what the book seal have nothing in
    /// common and a new key first in the file seals both.
    pub fn for_book(&self) -> vault::Keys {
        let derived = |key: &[u8; KEY]| {
            let mut hasher = blake3::Hasher::new_derive_key("An Sinh book key 1");
            *hasher.update(key).finalize().as_bytes()
        };
        let keys = self.0.iter().map(|(id, key)| (id.clone(), derived(key))).collect();
        vault::Keys::new(keys)
            .unwrap_or_else(|| unreachable!("a key file holds a key, and ids are a letter and hexadecimal digits"))
    }

    /// The key in use.
    pub(crate) fn current(&self) -> (&str, &[u8; KEY]) {
        let (id, key) = self.0.first().unwrap_or_else(|| unreachable!("a key ring without keys does not load"));
        (id, key)
    }

    /// A key by its id.
    pub(crate) fn get(&self, id: &str) -> Result<&[u8; KEY], DeskError> {
        let found = self.0.iter().find(|(known, _)| known == id).map(|(_, key)| key);
        found.ok_or_else(|| DeskError::KeyMissing { key: id.to_owned() })
    }
}

/// The id of a key says nothing of it.
fn id_of(key: &[u8; KEY]) -> String {
    format!("k{}", &hex(&blake3::derive_key("An Sinh id of a key 1", key))[..12])
}
