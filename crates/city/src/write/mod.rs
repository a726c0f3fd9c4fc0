//! Writing files: text, workbooks, and the truth beside them.

pub mod archive;
pub mod bulk;
pub mod csv;
pub mod deflate;
pub mod encoding;
pub mod outlet;
pub mod truth;
pub mod vni;
pub mod xlsx;
