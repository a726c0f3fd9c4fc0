//! The hash of the law: the same for the same content, whatever the order and layout of the files.

use blake3::Hasher;

use crate::{Dated, Held, Parameter, Value};

/// The hash of a whole law, from its parameters in key order.
pub(crate) fn of<'a>(parameters: impl Iterator<Item = &'a Parameter>) -> [u8; 32] {
    let mut hasher = Hasher::new();
    text(&mut hasher, "law 1");
    for parameter in parameters {
        hasher.update(&parameter.hash());
    }
    *hasher.finalize().as_bytes()
}

impl Parameter {
    /// BLAKE3 over everything the file says, in a canonical form.
    ///
    /// A step that uses only some keys can be skipped while their hashes stay.
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = Hasher::new();
        for part in ["parameter 1", &self.key, &self.description.vi, &self.description.en, self.unit.as_str()] {
            text(&mut hasher, part);
        }
        match &self.selector {
            None => number(&mut hasher, 0),
            Some(selector) => {
                number(&mut hasher, if selector.scale { 2 } else { 1 });
                text(&mut hasher, &selector.name);
                number(&mut hasher, selector.values.len());
                selector.values.iter().for_each(|word| text(&mut hasher, word));
            }
        }
        number(&mut hasher, self.values.len());
        self.values.iter().for_each(|dated| add(&mut hasher, dated));
        *hasher.finalize().as_bytes()
    }
}

/// Adds one dated value. The unit is known before it, so the canonical text of a value says all.
fn add(hasher: &mut Hasher, dated: &Dated) {
    text(hasher, &dated.from.to_string());
    match &dated.held {
        Held::One(one) => value(hasher, one.as_ref()),
        Held::Each(each) => each.iter().for_each(|one| value(hasher, one.as_ref())),
    }
    text(hasher, &dated.reference.law);
    for part in [&dated.reference.article, &dated.reference.clause, &dated.reference.note, &dated.note] {
        optional(hasher, part.as_deref());
    }
    text(hasher, dated.confidence.as_str());
}

fn value(hasher: &mut Hasher, value: Option<&Value>) {
    optional(hasher, value.map(Value::to_string).as_deref());
}

/// Presence and absence differ, also from an empty text.
fn optional(hasher: &mut Hasher, part: Option<&str>) {
    number(hasher, usize::from(part.is_some()));
    if let Some(part) = part {
        text(hasher, part);
    }
}

/// Each text is preceded by its length, so that no two lists of texts read the same when glued.
fn text(hasher: &mut Hasher, part: &str) {
    number(hasher, part.len());
    hasher.update(part.as_bytes());
}

fn number(hasher: &mut Hasher, number: usize) {
    hasher.update(&(number as u64).to_le_bytes());
}
