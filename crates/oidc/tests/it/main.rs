//! Signing in against a provider of our own, right and wrong.

mod flow;
mod provider;
