//! Claim files as they are met: every shape of the envelope, every way to break it, and back again.

#[cfg(test)]
mod both_ways;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod made;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod signature;
#[cfg(test)]
mod streamed;
#[cfg(test)]
mod thousand;
