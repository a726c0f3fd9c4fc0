//! Writing files: text, workbooks, and the truth beside them.

pub mod csv;
pub mod truth;
pub mod xlsx;
