//! The operational store: people and access, decisions, targets, audit.
