//! What a dossier says beyond its cells: times, meanings of codes, sums, what the catalogues and the law say.

pub(crate) mod benefit;
pub(crate) mod beside;
pub(crate) mod card;
pub(crate) mod dose;
mod item;
pub(crate) mod line;
pub(crate) mod money;
pub(crate) mod paper;
pub(crate) mod places;
pub(crate) mod visit;
mod written;
