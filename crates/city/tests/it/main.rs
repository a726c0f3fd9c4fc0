//! The city as a whole: what it writes, and how results are scored.

#[cfg(test)]
mod city;
#[cfg(test)]
mod claim_content;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod dossiers;
#[cfg(test)]
mod employers;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod rosters;
#[cfg(test)]
mod scoring;
#[cfg(test)]
mod share;
#[cfg(test)]
mod sheets;
