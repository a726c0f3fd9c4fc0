//! Writing files: text, workbooks, and the truth beside them.

pub mod csv;
pub mod outlet;
pub mod truth;
pub mod xlsx;
