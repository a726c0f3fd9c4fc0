//! The rosters as agencies would hand them over: what stands in each row, and what went wrong in it.
//!
//! A new roster is one file here, which implements [`Roster`], and one line in [`REGISTRY`].

pub mod arrears;
pub mod bhxh;
pub mod bhyt_collection;
pub mod business;
pub mod card_aggregate;
pub mod cards;
pub mod cells;
pub mod commune_figure;
pub mod death;
pub mod employer_worker;
pub mod files;
pub mod household_forms;
pub mod household_member;
pub mod labour;
pub mod office;
pub mod offices;
pub mod pension_payment;
pub mod police_uninsured;
pub mod population;
pub mod pupils;
pub mod social_allowance;
pub mod social_pension;
pub mod subject;
pub mod supported_group;
pub mod tax;
pub mod taxpayer;
pub mod tour_guide;
pub mod unit_month;
pub mod units;
pub mod voluntary_payment;

pub use cells::{Cell, Row};
pub use files::{Book, Encoding, Files, Form, Text, Until};
pub use subject::{BROKEN, NO_SUCH_DAY, Subject, TWICE};

use crate::calendar::{self, MonthIndex};
use crate::error::CityError;
use crate::tally::{CommuneCount, EmployerCount};
use crate::world::{Place, World};

/// What the rows of a roster are about, which says where their truth stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// People: `rows_PERIOD_ROSTER.csv` (file,row_number,true_person).
    People,
    /// Employers: `employer_rows_PERIOD_ROSTER.csv` (file,row_number,true_employer).
    Employers,
    /// Counts, which belong to nobody; no truth of rows.
    Figures,
}

/// A city at the end of a month.
#[derive(Debug, Clone, Copy)]
pub struct View<'w> {
    /// The city.
    pub world: &'w World,
    /// The month.
    pub month: MonthIndex,
}

impl View<'_> {
    /// The month as in file names, `2026-10`.
    pub fn period(&self) -> String {
        calendar::period(self.month)
    }
}

/// An employer at the end of a month; drawn after all people, so that its workers are counted.
pub struct EmployerSubject<'a, 'w> {
    /// The city and the month.
    pub view: View<'w>,
    /// The employer's number; its number in truth files is one higher.
    pub employer: u64,
    /// Its insured workers in the month.
    pub count: &'a EmployerCount,
}

/// A commune at the end of a month; drawn after all people.
pub struct CommuneSubject<'a, 'w> {
    /// The city and the month.
    pub view: View<'w>,
    /// The commune.
    pub place: &'w Place,
    /// Its people in the month.
    pub count: &'a CommuneCount,
}

/// One roster: how its office writes people, employers or figures.
///
/// Everything is drawn from the seed, so rows must depend on nothing but the arguments.
pub trait Roster: Send + Sync {
    /// The files of a month; `None` when the office hands over nothing that month.
    fn files(&self, view: &View) -> Option<Files>;

    /// Adds the rows of a person who has been born, wherever they live and even when they have died.
    fn person(&self, _subject: &Subject, _out: &mut Vec<Row>) {}

    /// Adds the rows of an employer.
    fn employer(&self, _employer: &EmployerSubject, _out: &mut Vec<Row>) {}

    /// Adds the rows of a commune; the last one of a city stands for the outside.
    fn commune(&self, _commune: &CommuneSubject, _out: &mut Vec<Row>) {}

    /// About how many rows the month has: workbooks ([`Files::Parts`]) that no sheet would hold are
    /// handed over as one text file instead.
    fn expected_rows(&self, _view: &View) -> u64 {
        0
    }

    /// Name and form of one of several books ([`Files::Books`]).
    fn book(&self, _view: &View, _book: u64) -> Option<Book> {
        None
    }
}

/// A roster by its name.
pub struct Registered {
    /// Its name in truth files, scores and layouts.
    pub name: &'static str,
    /// What its rows are about.
    pub about: About,
    /// Loads it with the care its office takes.
    pub load: fn() -> Result<Box<dyn Roster>, CityError>,
}

const fn people(name: &'static str, load: fn() -> Result<Box<dyn Roster>, CityError>) -> Registered {
    Registered { name, about: About::People, load }
}

const fn employers(name: &'static str, load: fn() -> Result<Box<dyn Roster>, CityError>) -> Registered {
    Registered { name, about: About::Employers, load }
}

const fn figures(name: &'static str, load: fn() -> Result<Box<dyn Roster>, CityError>) -> Registered {
    Registered { name, about: About::Figures, load }
}

/// All rosters. `population` stands first: it is the spine that links are scored against.
pub const REGISTRY: &[Registered] = &[
    people("population", population::Population::load),
    people("bhyt_card", cards::Cards::load),
    people("bhyt_card", cards::Exported::load),
    people("bhxh_participation", bhxh::Participation::load),
    people("bhxh_participation", bhxh::Exported::load),
    people("bhxh_participation", bhxh::MonthLists::load),
    people("tax_settlement", tax::TaxSettlement::load),
    people("pupils", pupils::Pupils::load),
    people("household_member", household_member::HouseholdMembers::load),
    people("supported_group", supported_group::SupportedGroups::load),
    people("pension_payment", pension_payment::PensionPayments::load),
    people("social_pension", social_pension::SocialPensions::load),
    people("social_pension", social_allowance::SocialAllowances::load),
    people("death", death::Deaths::load),
    people("tour_guide", tour_guide::TourGuides::load),
    people("voluntary_payment", voluntary_payment::VoluntaryPayments::load),
    people("bhyt_collection", bhyt_collection::Collections::load),
    people("labour", labour::Labour::load),
    people("police_uninsured", police_uninsured::PoliceUninsured::load),
    people("police_uninsured", police_uninsured::Stations::load),
    employers("business", business::Business::load),
    employers("taxpayer", taxpayer::Taxpayers::load),
    employers("taxpayer", taxpayer::Households::load),
    people("employer_worker", employer_worker::EmployerWorker::load),
    employers("unit_month", unit_month::UnitMonth::load),
    employers("unit_ledger", units::Ledger::load),
    employers("unit_ledger", arrears::Arrears::load),
    employers("unit_code_map", units::CodeMap::load),
    figures("commune_figure", commune_figure::CommuneFigures::load),
    figures("card_aggregate", card_aggregate::CardAggregates::load),
];

/// The rosters' names in the order of [`REGISTRY`].
pub const NAMES: [&str; REGISTRY.len()] = {
    let mut names = [""; REGISTRY.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = REGISTRY[at].name;
        at += 1;
    }
    names
};

/// Rosters whose rows are about people, each once: offices of one roster may write it in forms of their own.
pub fn about_people() -> impl Iterator<Item = &'static str> {
    let first = |at: usize, name: &str| REGISTRY[..at].iter().all(|before| before.name != name);
    REGISTRY.iter().enumerate().filter(move |(at, r)| r.about == About::People && first(*at, r.name)).map(|(_, r)| r.name)
}
