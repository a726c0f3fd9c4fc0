//! Integration tests of linkage: cases a clerk can read, properties, quality on made-up cities.

#[cfg(test)]
mod again;
#[cfg(test)]
mod clerk;
#[cfg(test)]
mod doubles;
#[cfg(test)]
mod employers;
#[cfg(test)]
mod generator;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod months;
mod names;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod slips;
#[cfg(test)]
mod star;
#[cfg(test)]
mod sureness;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod western;
