//! A plan as agencies publish it, read to tasks.

pub mod rhythm;
