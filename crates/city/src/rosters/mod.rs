//! The rosters as agencies would hand them over: what stands in each row, and what went wrong in it.

pub mod bhxh;
pub mod cards;
pub mod population;
pub mod pupils;
pub mod tax;

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::error::CityError;
use crate::errors::date::Birth;
use crate::errors::id::{Numbers, WrittenId};
use crate::errors::{self, Care, Pattern, Profile};
use crate::households::{Household, Person};
use crate::ids;
use crate::life::cards::Card;
use crate::life::jobs::Spell;
use crate::random::Draw;
use crate::world::World;

/// A cell of a row; the running number in front is filled in when the row is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A date, a real one in spreadsheets.
    Date(Date),
}

impl Cell {
    /// The cell as text files have it.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => calendar::vietnamese(*date),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<WrittenId> for Cell {
    fn from(id: WrittenId) -> Self {
        match id {
            WrittenId::Text(text) => text.into(),
            WrittenId::Number(number) => Self::Number(number as i64),
        }
    }
}

/// A written row with its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Cells after the running number.
    pub cells: Vec<Cell>,
    /// Whose row it is.
    pub person: i64,
    /// The field that cannot be read, when the row is planted to be refused.
    pub broken: Option<&'static str>,
}

/// The care each roster is kept with.
#[derive(Debug)]
pub struct Profiles {
    /// `population`.
    pub population: Profile,
    /// `bhyt_card`.
    pub cards: Profile,
    /// `bhxh_participation`.
    pub bhxh: Profile,
    /// `tax_settlement`.
    pub tax: Profile,
    /// `pupils`.
    pub pupils: Profile,
}

impl Profiles {
    /// The profiles of the first cut: the population clean, the others typical.
    pub fn load() -> Result<Self, CityError> {
        Ok(Self {
            population: Profile::new("population", Care::Clean, 1_000)?,
            cards: Profile::new("bhyt_card", Care::Typical, 2_000)?,
            bhxh: Profile::new("bhxh_participation", Care::Typical, 2_000)?,
            // Tax codes were replaced by personal ids in 2025, which cleaned most old numbers out.
            tax: Profile::new("tax_settlement", Care::Typical, 1_500)?.with(Pattern::OldId, 2_000),
            pupils: Profile::new("pupils", Care::Typical, 4_000)?,
        })
    }
}

/// A person at the end of a month, with everything rosters are written from.
pub struct Subject<'a, 'w> {
    /// The city.
    pub world: &'w World,
    /// The household.
    pub home: &'a Household<'w>,
    /// The person.
    pub person: &'a Person<'w>,
    /// Insured jobs.
    pub spells: &'a [Spell],
    /// Cards the month's file shows.
    pub cards: &'a [Card],
    /// The month.
    pub month: MonthIndex,
}

/// Who a row says it is about.
struct Identity {
    id: WrittenId,
    name: String,
    birth: Birth,
    sex: &'static str,
}

impl Subject<'_, '_> {
    fn slot(&self) -> u64 {
        self.person.outline.slot
    }

    /// Draws for one record of a roster; `record` tells several records of a person apart.
    fn record(&self, profile: &Profile, record: u64) -> Draw {
        self.world.random.draw2(profile.name(), self.slot(), record)
    }

    /// Draws for the household, the same in all rosters.
    fn house(&self) -> Draw {
        self.world.random.draw("address", self.home.number)
    }

    fn identity(&self, profile: &Profile, record: Draw) -> Identity {
        let outline = &self.person.outline;
        let members = &self.home.members;
        let others: Vec<_> = members.iter().filter(|m| m.outline.slot != outline.slot).collect();
        let numbers = Numbers {
            own: self.person.id,
            // Old cards were given out until 2021, from the age of fourteen.
            old: (outline.birth.year() <= 2006).then(|| ids::old_id(&self.world.random, outline.slot)),
            family: others.get(record.of("family").below(others.len() as u64) as usize).map(|m| m.id),
        };
        Identity {
            id: errors::id::write(profile, record, &numbers),
            name: errors::name::write(profile, record, &self.person.name),
            birth: errors::date::write(profile, record, outline.birth),
            sex: errors::date::write_sex(profile, record, outline.sex),
        }
    }

    /// Ten digits of the insurance number in a record; a few people have two.
    fn insurance_number(&self, profile: &Profile, record: Draw) -> String {
        let random = &self.world.random;
        let number = match profile.strikes(Pattern::SecondInsuranceNumber, record) {
            Some(_) => ids::second_insurance_number(random, self.slot()),
            None => ids::insurance_number(random, self.slot()),
        };
        format!("{number:010}")
    }

    /// Ends a row: now and then it is broken, or stands twice.
    ///
    /// `breakable` names the cells that may be broken, as (cell, field, what stands there instead).
    fn push(
        &self,
        profile: &Profile,
        record: u64,
        mut row: Row,
        breakable: &[(usize, &'static str, &str)],
        twice: bool,
        out: &mut Vec<Row>,
    ) {
        let fate = self.record(profile, record).of("fate").number(self.month as u64);
        if fate.of("broken").chance(BROKEN) {
            let (cell, field, text) = breakable[fate.of("field").below(breakable.len() as u64) as usize];
            row.cells[cell] = text.into();
            row.broken = Some(field);
        }
        if twice && fate.of("twice").chance(TWICE) {
            out.push(row.clone());
        }
        out.push(row);
    }
}

/// Rows planted to be refused, per 100,000.
pub const BROKEN: u32 = 100;
/// Rows that stand twice, per 100,000.
pub const TWICE: u32 = 50;
/// A day that is in no calendar.
const NO_SUCH_DAY: &str = "31/02/2015";

/// How a workbook looks around its rows.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Lines above the header.
    pub title: Vec<String>,
    /// Two-line header, a column a pair: neighbours of the same first line are merged, and a pair
    /// without second line is merged downwards. The running number comes first.
    pub header: Vec<(&'static str, &'static str)>,
    /// Columns summed in a `Tổng cộng` row, counted with the running number.
    pub totals: Vec<usize>,
    /// Lines below the rows; `{rows}` stands for the number of rows.
    pub footer: Vec<String>,
    /// Column widths would need the data; only the sheet's name is set.
    pub sheet: &'static str,
}

/// The rosters' names, as in truth files and scores.
pub const NAMES: [&str; 5] = ["population", "bhyt_card", "bhxh_participation", "tax_settlement", "pupils"];
