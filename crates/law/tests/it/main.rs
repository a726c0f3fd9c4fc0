//! The law crate from outside: the real folder, refusals, lookups, the hash.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod calculators;
mod cases;
mod folder;
mod hash;
mod lookups;
mod openfisca;
mod refusals;
