//! The synthetic city, with its truth.
