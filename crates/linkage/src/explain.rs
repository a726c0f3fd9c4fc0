//! Why a link weighs what it weighs: parts that add up exactly.

use serde::Serialize;

use crate::keys::Pass;
use crate::level::{FieldName, LevelName};
use crate::link::Link;
use crate::model::{Model, name_key_of};
use crate::prepared::Prepared;

/// One field's say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The field.
    pub field: FieldName,
    /// On which level it agrees.
    pub level: LevelName,
    /// What that adds, in thousandths of a bit.
    pub millibits: i32,
}

/// A link taken apart: `prior_millibits` and all parts sum to `total_millibits` exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waterfall {
    /// Weight before anything is compared, in thousandths of a bit.
    pub prior_millibits: i32,
    /// One part a compared field, then the frequency of the name where the whole name agrees.
    pub parts: Vec<Part>,
    /// The link's weight.
    pub total_millibits: i32,
    /// The pass that found the pair.
    pub pass: Option<Pass>,
    /// The next best free row of the spine.
    pub runner_up: Option<u32>,
    /// Lead over it, in thousandths of a bit.
    pub margin_millibits: Option<i32>,
    /// Whether a person decided it.
    pub decided: bool,
}

/// Takes a link of this model apart. `left` is the spine it was linked with.
pub fn explain(model: &Model, link: &Link, left: &Prepared) -> Waterfall {
    let mut parts: Vec<Part> = FieldName::COMPARED
        .iter()
        .enumerate()
        .filter_map(|(at, field)| {
            let level = link.pattern.level(*field)?;
            Some(Part { field: *field, level, millibits: model.weights[at][link.pattern.code(at)] })
        })
        .collect();
    if let Some(key) = name_key_of(left, link.left) {
        let count = model.names.count(key);
        let millibits = model.frequency_weight(link.pattern, count);
        if millibits != 0 {
            parts.push(Part { field: FieldName::NameFrequency, level: LevelName::BorneBy(count), millibits });
        }
    }
    Waterfall {
        prior_millibits: model.prior_millibits,
        total_millibits: link.weight_millibits,
        pass: Pass::of_number(link.pass),
        runner_up: link.runner_up.map(|(left, _)| left),
        margin_millibits: link.runner_up.map(|(_, weight)| link.weight_millibits - weight),
        decided: link.decided,
        parts,
    }
}
