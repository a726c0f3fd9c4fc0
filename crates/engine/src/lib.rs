//! The one crate that owns DataFusion, arrow and object_store; SQL functions including law().
