//! Plans of invented provinces, written in own words and in three different ways, and files that are no plans.

#[cfg(test)]
mod data_file;
#[cfg(test)]
mod docx;
#[cfg(test)]
mod encodings;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod real;
#[cfg(test)]
mod sheet;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
