//! Communes from a written place, remembering what was found.

use std::collections::HashMap;

use base::places::{PlaceMatch, Places};

/// What a written place gives: the code, or the candidates joined by `;`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The one commune it can be.
    pub code: Option<String>,
    /// The communes an old, split unit went to.
    pub candidates: Option<String>,
}

/// Looks up places, each spelling once: rosters repeat a few hundred of them.
pub(crate) struct Finder<'p> {
    places: &'p Places,
    known: HashMap<String, Found>,
}

/// Spellings remembered before forgetting all of them: full addresses hardly repeat.
const REMEMBERED: usize = 20_000;

impl<'p> Finder<'p> {
    /// A finder over a city's places.
    pub fn new(places: &'p Places) -> Self {
        Self { places, known: HashMap::new() }
    }

    /// Finds the commune of a text that names it, or of a whole address.
    pub fn find(&mut self, text: &str) -> Found {
        if let Some(found) = self.known.get(text) {
            return found.clone();
        }
        let found = match self.places.resolve(text) {
            PlaceMatch::One(code) => Found { code: Some(code.as_str().to_owned()), candidates: None },
            PlaceMatch::Ambiguous(codes) => {
                let codes: Vec<&str> = codes.iter().map(base::CommuneCode::as_str).collect();
                Found { code: None, candidates: Some(codes.join(";")) }
            }
            PlaceMatch::Unknown => Found::default(),
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(text.to_owned(), found.clone());
        found
    }
}
