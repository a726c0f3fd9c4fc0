//! The people known so far, with what linking a month by what changed keeps of them.

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::again::{Relinked, Standing, relink};
use crate::columns::Columns;
use crate::config::Config;
use crate::decisions::Decisions;
use crate::learned::{Learned, NameTally};
use crate::lexicon::Lexicon;
use crate::link::Linked;
use crate::model::{Model, name_key};
use crate::prepared::Prepared;

/// People to whom rosters are linked one after the other. Nobody is taken out or moved.
#[derive(Debug, Default)]
pub struct Spine {
    people: Prepared,
    /// Made when first needed: a full run needs none.
    kept: Option<Columns>,
    names: OnceLock<NameTally>,
}

impl Spine {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The people, one record each.
    pub fn people(&self) -> &Prepared {
        &self.people
    }

    /// Number of people.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Adds people; see [`Prepared::extend`].
    pub fn extend(&mut self, other: &Prepared, rows: &[u32]) {
        let before = self.people.len();
        self.people.extend(other, rows);
        self.names = OnceLock::new();
        if let Some(kept) = &mut self.kept {
            let lexicon = Lexicon::new(self.people.syllables.clone());
            kept.append(&lexicon, &self.people.records[before..]);
        }
    }

    /// Takes what people lack from rows linked to them; see [`Prepared::enrich`]. The people who learned something, ascending.
    pub fn enrich(&mut self, linked: &Linked, right: &Prepared) -> Vec<u32> {
        let learned = self.people.enrich(linked, right);
        if let Some(kept) = &mut self.kept {
            let lexicon = Lexicon::new(self.people.syllables.clone());
            for (row, words) in &learned {
                kept.refresh(&lexicon, *row as usize, &self.people.records[*row as usize], *words);
            }
        }
        learned.into_iter().map(|(row, _)| row).collect()
    }

    /// A model of what was learned before, for the people of now.
    pub fn model(&self, learned: &Learned, config: &Config) -> Model {
        let tally = || {
            let lexicon = Lexicon::new(self.people.syllables.clone());
            NameTally::new(self.people.records.par_iter().filter_map(|r| name_key(&lexicon, r)).collect())
        };
        learned.model(self.names.get_or_init(tally), config)
    }

    /// [`crate::link_changed`] with the keys of the people kept from roster to roster.
    pub fn link_changed(
        &mut self,
        right: &Prepared,
        standing: &Standing,
        changed: &[u32],
        decisions: &Decisions,
        config: &Config,
    ) -> Relinked {
        let kept = &*self.kept.get_or_insert_with(|| {
            let lexicon = Lexicon::new(self.people.syllables.clone());
            Columns::new(&lexicon, &self.people.records)
        });
        relink(&self.people, Some(kept), right, standing, changed, (decisions, config))
    }
}
