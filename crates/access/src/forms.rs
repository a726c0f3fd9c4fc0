//! What the forms of this crate share.

use std::collections::BTreeSet;

use base::{Area, CommuneCode};
use chapter::{App, PageError, Viewer};
use desk::Session;

/// The session; a portal where roles are picked has none, and no page about it.
pub(crate) fn session(viewer: &Viewer) -> Result<&Session, PageError> {
    viewer.session.as_ref().ok_or(PageError::NotFound)
}

/// The communes of a typed list: codes or names, separated by commas, semicolons or lines. The error is what was not understood.
pub(crate) fn communes(app: &App, typed: &str) -> Result<BTreeSet<CommuneCode>, String> {
    let mut found = BTreeSet::new();
    for word in typed.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
        let same = |name: &str| name.to_lowercase() == word.to_lowercase();
        let commune = app.places.communes().iter().find(|commune| {
            commune.code.as_str() == word || same(&commune.name) || same(&format!("{} {}", commune.kind, commune.name))
        });
        found.insert(commune.ok_or_else(|| word.to_owned())?.code.clone());
    }
    Ok(found)
}

/// The codes of communes, as a typed list.
pub(crate) fn list(communes: &BTreeSet<CommuneCode>) -> String {
    communes.iter().map(CommuneCode::as_str).collect::<Vec<_>>().join(", ")
}

/// An area as it is typed: nothing for the whole city.
pub(crate) fn area_list(area: &Area) -> String {
    match area {
        Area::City => String::new(),
        Area::Communes(communes) => list(communes),
    }
}
