//! Whole files through intake: each roster as agencies write it, every encoding, hostile containers,
//! the way of a refused row to the clerk and back.

#[cfg(test)]
mod agreements;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod extremes;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod layouts;
#[cfg(test)]
mod layouts_all;
#[cfg(test)]
mod layouts_answers;
#[cfg(test)]
mod layouts_catalogues;
#[cfg(test)]
mod layouts_claims;
#[cfg(test)]
mod layouts_docs;
#[cfg(test)]
mod layouts_exports;
#[cfg(test)]
mod layouts_first;
#[cfg(test)]
mod layouts_lists;
#[cfg(test)]
mod layouts_people;
#[cfg(test)]
mod layouts_social;
#[cfg(test)]
mod layouts_units;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod merged;
#[cfg(test)]
mod old_text;
#[cfg(test)]
mod old_workbook;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rejects;
#[cfg(test)]
mod rosters;
#[cfg(test)]
mod sections;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
#[cfg(test)]
mod xls_bytes;
