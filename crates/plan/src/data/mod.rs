//! The plan as data (`plan/*.yaml`): tasks, who has a part in them, figures to reach, data duties. Form: plan/README.md.

mod error;
mod load;
mod raw;
mod write;

pub use error::{PlanDataError, PlanDataErrors};
pub use load::{Known, indicator_ids};
pub use write::yaml;

use base::{Date, Rate};
use law::calc::Calendar;

use crate::rhythm::{Occurrence, Rhythm, Window, occurrences, strictest};

/// A text in Vietnamese, and in English where somebody wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: Option<String>,
}

/// A plan as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanData {
    /// The document.
    pub document: Words,
    /// Number, where it is signed.
    pub number: Option<String>,
    /// Day of signing.
    pub date: Option<Date>,
    /// The day from which it binds, where the document's own date is not known: nothing is due before.
    pub begins: Option<Date>,
    /// Province or city.
    pub place: Option<String>,
    /// First year; years are needed to give days.
    pub first_year: Option<i32>,
    /// Last year.
    pub last_year: Option<i32>,
    /// Who has a part in it.
    pub units: Vec<PlanUnit>,
    /// Headings.
    pub groups: Vec<PlanGroup>,
    /// Tasks in the order of the plan.
    pub tasks: Vec<PlanTask>,
    /// What each unit gives the others.
    pub duties: Vec<Duty>,
}

/// Somebody who has a part in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanUnit {
    /// Code, as [`crate::party()`] gives it.
    pub id: String,
    /// Name.
    pub name: Words,
    /// Stable word of the desk's kind of unit.
    pub kind: String,
    /// Where the plan says what it does.
    pub place: Option<String>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanGroup {
    /// Number.
    pub id: String,
    /// Title.
    pub title: Words,
}

/// A task (nhiệm vụ).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanTask {
    /// As the plan numbers it: `2a`.
    pub id: String,
    /// Heading, by number.
    pub group: Option<String>,
    /// What is to be done.
    pub content: Words,
    /// Who leads, by unit id; mostly one.
    pub leads: Vec<String>,
    /// Who helps, by unit id.
    pub partners: Vec<String>,
    /// What comes of it.
    pub product: Option<Words>,
    /// When, in words.
    pub time: String,
    /// When, understood.
    pub rhythms: Vec<Rhythm>,
    /// Indicators of the plan that it serves, by id.
    pub indicators: Vec<String>,
    /// Figures of its own.
    pub measures: Vec<Measure>,
}

/// A figure that a task sets itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Id, unique in the plan.
    pub id: String,
    /// What is counted.
    pub name: Words,
    /// A share from 0 to 1, or a count.
    pub unit: MeasureUnit,
    /// What is to be reached.
    pub bounds: Vec<Bounded>,
    /// Over which time it is counted; `None` for a state on a day.
    pub per: Option<Per>,
}

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureUnit {
    /// From 0 to 1.
    Share,
    /// Whole things.
    Count,
}

/// Over which time a figure is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Each year.
    Year,
    /// From the first day of the plan to its last.
    Plan,
}

/// One side of what is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// Đạt, tối thiểu: this or more.
    AtLeast(Rate),
    /// Trên: more than this.
    MoreThan(Rate),
    /// Tối đa: this or less.
    AtMost(Rate),
    /// Tiệm cận: nearer to this each time; no line that is passed.
    AimsAt(Rate),
}

impl Measure {
    /// Whether a figure keeps what is to be reached; `None` where the plan only aims at something.
    pub fn is_reached(&self, figure: Rate) -> Option<bool> {
        let sides = self.bounds.iter().filter_map(|bound| match bound {
            Bounded::AtLeast(least) => Some(figure >= *least),
            Bounded::MoreThan(more) => Some(figure > *more),
            Bounded::AtMost(most) => Some(figure <= *most),
            Bounded::AimsAt(_) => None,
        });
        sides.fold(None, |all, side| Some(all.unwrap_or(true) && side))
    }
}

/// What a unit owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Id.
    pub id: String,
    /// Who owes it.
    pub from: String,
    /// To whom; `None` where it is owed to nobody in particular.
    pub to: Option<String>,
    /// Whether it is data that is handed over, or work.
    pub is_data: bool,
    /// What.
    pub what: Words,
    /// Rosters (of `formats/rosters`) that fulfil it.
    pub rosters: Vec<String>,
    /// When, each with the place that says so; all are kept. Empty where the plan says nothing of time.
    pub rhythms: Vec<DutyRhythm>,
    /// What is doubtful about it.
    pub note: Option<String>,
}

/// A rhythm with the place in the plan that sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyRhythm {
    /// In words.
    pub time: String,
    /// Understood.
    pub rhythms: Vec<Rhythm>,
    /// Place in the plan: `IV.4`.
    pub place: String,
}

impl Duty {
    /// The rhythm to remind by: the strictest of all places, with its place.
    pub fn reminder(&self) -> Option<(&Rhythm, &str)> {
        let all: Vec<Rhythm> = self.rhythms.iter().flat_map(|one| one.rhythms.iter().cloned()).collect();
        let strict = strictest(&all)?;
        let place = self.rhythms.iter().find(|one| one.rhythms.contains(strict))?;
        Some((place.rhythms.iter().find(|rhythm| *rhythm == strict)?, &place.place))
    }

    /// The rhythm that binds: that of the place that asks least often; with one place the same as the reminder.
    pub fn obligation(&self) -> Option<(&Rhythm, &str)> {
        let mildest = |one: &DutyRhythm| strictest(&one.rhythms).map_or(0, Rhythm::strictness);
        // Of two alike the first.
        let place = self.rhythms.iter().min_by_key(|one| mildest(one))?;
        Some((strictest(&place.rhythms)?, &place.place))
    }
}

impl PlanData {
    /// A unit by its id.
    pub fn unit(&self, id: &str) -> Option<&PlanUnit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// A task by its id.
    pub fn task(&self, id: &str) -> Option<&PlanTask> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The day before which nothing is due: where it begins to bind, else the document's date.
    pub fn binds_from(&self) -> Option<Date> {
        self.begins.or(self.date)
    }

    /// From the first day of its first year to the last of its last, where the plan says its years.
    pub fn window(&self, first_run: Option<Date>) -> Option<Window> {
        let january = Date::new(self.first_year?, 1, 1).ok()?;
        let from = self.binds_from().map_or(january, |day| day.max(january));
        let to = Date::new(self.last_year?, 12, 31).ok()?;
        Some(Window { from, to, first_run })
    }
}

impl PlanTask {
    /// When it is due within a window.
    pub fn occurrences(&self, window: Window, calendar: &Calendar) -> Vec<Occurrence> {
        occurrences(&self.rhythms, window, calendar)
    }
}
