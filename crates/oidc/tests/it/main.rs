//! Signing in against a provider of our own, right and wrong.

#[cfg(test)]
mod flow;
#[cfg(test)]
mod logout;
#[cfg(test)]
mod provider;
