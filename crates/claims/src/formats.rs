//! The forms of claim tables and the lists of codes, together.

use claimfile::{ContentFault, Forms, Lists};

/// Forms and lists of `formats/claims`.
#[derive(Debug, Clone)]
pub struct Formats {
    /// Tables and their columns.
    pub forms: Forms,
    /// Lists of codes by day.
    pub lists: Lists,
}

impl Formats {
    /// Reads them from files given as name and text; tells all faults at once.
    pub fn load<'f>(
        forms: impl IntoIterator<Item = (&'f str, &'f str)>,
        lists: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<Self, Vec<ContentFault>> {
        match (Forms::load(forms), Lists::load(lists)) {
            (Ok(forms), Ok(lists)) => Ok(Self { forms, lists }),
            (forms, lists) => Err(forms.err().into_iter().chain(lists.err()).flatten().collect()),
        }
    }
}
