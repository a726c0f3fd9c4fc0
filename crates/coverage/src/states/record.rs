//! Everybody's standing, kept small until it can be written by commune, and added up.

use std::collections::{BTreeMap, HashMap};

use chapter::{ChapterError, StepContext, StepTable};

use super::ages::Age;
use super::decide::Standing;
use super::words::{Ground, OldAge, State};

/// A person's standing in 24 bytes: the 8.8 million of the city take some 210 megabytes.
#[derive(Debug, Clone, Copy)]
struct Record {
    person: i64,
    /// Place in the list of villages, 0 where not known.
    village: u32,
    /// Place in the list of communes, 0 where not known.
    commune: u16,
    grounds: [u16; 3],
    bits: u16,
}

/// People of a commune from whom on it is told that no cards of the place arrived.
///
/// Among fewer it may be chance that nobody has a card. One in twenty has none; that none of twenty has one is no chance.
const PLACE_FROM: u64 = 20;

/// All residents.
#[derive(Default)]
pub(crate) struct Everybody {
    records: Vec<Record>,
    communes: Names,
    villages: Names,
    /// Residents, and those of them with any card of the roster, by commune.
    cards: BTreeMap<u16, (u64, u64)>,
}

/// Names by number; number 0 is no name. The map is looked up, never gone through.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.to_owned());
        let number = u32::try_from(self.names.len()).unwrap_or(0);
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn name(&self, number: u32) -> Option<&str> {
        self.names.get((number as usize).checked_sub(1)?).map(String::as_str)
    }
}

impl Everybody {
    /// Room for so many people.
    pub(crate) fn with_room(people: u64) -> Self {
        Self { records: Vec::with_capacity(usize::try_from(people).unwrap_or(0)), ..Self::default() }
    }

    /// Adds a resident.
    pub(crate) fn add(
        &mut self,
        person: i64,
        place: (Option<&str>, Option<&str>),
        standing: &Standing,
        age: Age,
        any_card: bool,
    ) {
        let commune = u16::try_from(self.communes.number(place.0)).unwrap_or(0);
        let village = self.villages.number(place.1);
        let known = self.cards.entry(commune).or_default();
        known.0 += 1;
        known.1 += u64::from(any_card);
        let states = [standing.health, standing.social, standing.jobless];
        let mut bits = 0;
        for (state, _) in states {
            bits = bits << 3 | state as u16;
        }
        let old_age = standing.old_age.map_or(0, |kind| kind as u16 + 1);
        bits = bits << 4 | u16::from(age.working) << 3 | u16::from(age.past) << 2 | old_age;
        self.records.push(Record { person, village, commune, grounds: states.map(|(_, ground)| ground.bits()), bits });
    }

    /// Writes `coverage_state` and `coverage_count`, in the order of communes; people of no known commune come first.
    pub(crate) fn write(mut self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let rank = self.ranks();
        self.records.sort_unstable_by_key(|record| (rank[usize::from(record.commune)], record.person));
        let (mut states, mut counts) = (context.writer("coverage_state")?, context.writer("coverage_count")?);
        for own in self.records.chunk_by(|a, b| a.commune == b.commune) {
            context.cancelled.check()?;
            let number = own[0].commune;
            let commune = self.communes.name(u32::from(number));
            let unheard =
                self.cards.get(&number).is_some_and(|(people, with)| commune.is_some() && *people >= PLACE_FROM && *with == 0);
            let mut sums: BTreeMap<(u32, usize, State, Ground), i64> = BTreeMap::new();
            for record in own {
                let schemes = record.schemes(unheard);
                for (scheme, (state, ground)) in schemes.into_iter().enumerate() {
                    *sums.entry((record.village, scheme, state, ground)).or_default() += 1;
                }
                let out = states.row()?;
                out.int(Some(record.person)).text(commune).text(self.villages.name(record.village));
                for (state, ground) in schemes {
                    out.text(Some(state.word())).text(ground.text().as_deref());
                }
                let old_age = [None, Some(OldAge::Pension), Some(OldAge::Allowance), Some(OldAge::SocialPension)];
                out.flag(Some(record.bits & 8 != 0)).flag(Some(record.bits & 4 != 0));
                out.text(old_age[usize::from(record.bits & 3)].map(OldAge::word));
            }
            // Both tables speak words, so the sums are put into the order of words.
            let mut lines: Vec<_> = sums
                .into_iter()
                .map(|((village, scheme, state, ground), people)| {
                    (self.villages.name(village), ["health", "social", "jobless"][scheme], state.word(), ground.text(), people)
                })
                .collect();
            lines.sort();
            for (village, scheme, state, ground, people) in lines {
                let out = counts.row()?;
                out.text(commune).text(village).text(Some(scheme)).text(Some(state)).text(ground.as_deref()).int(Some(people));
            }
        }
        Ok(vec![states.finish()?, counts.finish()?])
    }

    /// The place of each commune in the order of codes.
    fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.communes.names.len()).collect();
        order.sort_by_key(|at| &self.communes.names[*at]);
        let mut ranks = vec![0; self.communes.names.len() + 1];
        for (rank, at) in order.into_iter().enumerate() {
            ranks[at + 1] = rank + 1;
        }
        ranks
    }
}

impl Record {
    /// State and ground of health, social and unemployment insurance. Where no cards of the place arrived nobody there is
    /// said to have none.
    fn schemes(&self, unheard: bool) -> [(State, Ground); 3] {
        let state = |at: usize| State::ALL[usize::from(self.bits >> (10 - 3 * at) & 7).min(State::ALL.len() - 1)];
        let mut schemes = [0, 1, 2].map(|at| (state(at), Ground::of_bits(self.grounds[at])));
        if unheard && matches!(schemes[0].0, State::NotCovered | State::NeedsLookup) {
            schemes[0] = (State::Unknown, Ground::NO_ROSTER);
        }
        schemes
    }
}
