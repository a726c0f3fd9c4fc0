//! Checking the signature of a claim file (CHUKYDONVI): XMLDSig as claim files use it, RSA with SHA-256.
//!
//! [`check()`] goes through a file of any size once and holds one piece of it and the signature in memory. Two shapes are known: one reference to the
//! whole file without the signature (`URI=""`, enveloped), and references to parts by `Id`. Either way all that stands right under the root, but
//! CHUKYDONVI, must be signed: a signature that covers a part of the file is wrong, whatever it says about that part. Which of the two the portal asks for is
//! not known [?], so both are good and the answer says which it was ([`Covered`]).
//!
//! What shuts out moved and hidden content (signature wrapping): a part counts by its place under the root, never by its `Id` alone; an `Id` that is
//! referred to stands once in the file; transforms are the canonical forms and `enveloped-signature`, nothing that selects; nothing in the signature has
//! a name that the reader of claims takes; and what signatures do not see (comments) holds no dossier.

mod canon;
mod names;
mod outcome;
mod time;
mod told;
mod tree;
mod verdict;
mod walk;

use std::io::Read;

pub use outcome::{Covered, Signature, Signer, Unchecked, Wrong};
pub use trust::{Trust, TrustError};

use crate::refused::FileError;
use crate::source::Source;
use outcome::Stop;

/// Checks the signature of a claim or check-in file.
///
/// `received` is when the file was there, Unix seconds: it was signed before. A time of signing counts only where the signature covers it; without one
/// the certificate must hold at `received`.
///
/// # Errors
/// The file cannot be read, is empty, is no claim file, or has a document type.
pub fn check(file: impl Read, trust: &Trust, received: i64) -> Result<Signature, FileError> {
    let source = Source::new(file).map_err(|e| FileError::Unreadable(e.to_string()))?;
    let answer = walk::Walk::through(source).and_then(|walk| verdict::judge(&walk, trust, received));
    match answer {
        Ok(signature) => Ok(signature),
        Err(Stop::Wrong(why)) => Ok(Signature::Wrong(why)),
        Err(Stop::Unchecked(why)) => Ok(Signature::NotChecked(why)),
        Err(Stop::File(why)) => Err(why),
    }
}
