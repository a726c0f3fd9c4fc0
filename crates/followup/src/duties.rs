//! Data that units owe (dữ liệu phải cung cấp): which roster, by when, whether it came, how late, how good. A pure calculation.

use base::{Date, Month};
use law::calc::Calendar;
use plan::data::{Duty, PlanData};
use plan::rhythm::{Rhythm, Window, occurrences, strictest};

/// A file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// Roster.
    pub(crate) roster: String,
    /// The period it is for.
    pub(crate) period: Month,
    /// The day it came in, where the log knows it.
    pub(crate) day: Option<Date>,
    /// Whether it counts: no other file stands for it now.
    pub(crate) counts: bool,
    /// Rows read.
    pub(crate) read: u64,
    /// Rows refused.
    pub(crate) refused: u64,
    /// Columns the layout knows that the file does not have.
    pub(crate) missing_columns: usize,
}

/// How a term of a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DutyState {
    /// It came in by its day.
    Came,
    /// It came in after its day: so many days.
    CameLate(i32),
    /// Not yet due.
    Ahead,
    /// The day is over and nothing came: since so many days.
    Late(i32),
    /// The day was over before anything was run here.
    NoData,
}

/// A term of a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DutyTerm {
    /// First and last day of the time it is about.
    pub(crate) span: (Date, Date),
    /// The day by which it is to come.
    pub(crate) due: Date,
    /// How it stands.
    pub(crate) state: DutyState,
    /// Files that came for it.
    pub(crate) files: usize,
    /// Their rows.
    pub(crate) read: u64,
    /// Of them refused.
    pub(crate) refused: u64,
    /// Most columns that one of them lacks.
    pub(crate) missing_columns: usize,
}

/// A duty and its terms.
#[derive(Debug, Clone)]
pub(crate) struct DutyStanding<'a> {
    /// The duty.
    pub(crate) duty: &'a Duty,
    /// Terms by the rhythm that reminds, the strictest.
    pub(crate) terms: Vec<DutyTerm>,
    /// Terms by the rhythm that binds, where another place of the plan sets a milder one.
    pub(crate) binding: Option<Vec<DutyTerm>>,
}

impl DutyStanding<'_> {
    /// The terms that are over and nothing came.
    pub(crate) fn late(&self) -> impl Iterator<Item = &DutyTerm> {
        self.terms.iter().filter(|term| matches!(term.state, DutyState::Late(_)))
    }

    /// The oldest term that is late, else the next one ahead.
    pub(crate) fn next(&self) -> Option<&DutyTerm> {
        let ahead = || self.terms.iter().find(|term| term.state == DutyState::Ahead);
        self.terms.iter().find(|term| matches!(term.state, DutyState::Late(_))).or_else(ahead)
    }

    /// The newest term for which something came.
    pub(crate) fn last_came(&self) -> Option<&DutyTerm> {
        self.terms.iter().rev().find(|term| term.files > 0)
    }
}

/// All duties of data, in the plan's order, with the terms of a window.
pub(crate) fn standings<'a>(
    plan: &'a PlanData,
    arrived: &[Arrived],
    window: Window,
    calendar: &Calendar,
    today: Date,
) -> Vec<DutyStanding<'a>> {
    let of = |duty: &'a Duty| {
        let terms = |rhythm: Option<(&Rhythm, &str)>| {
            let rhythm = rhythm.map(|(rhythm, _)| rhythm.clone());
            let found = rhythm.map(|one| occurrences(&[one], window, calendar)).unwrap_or_default();
            found.iter().map(|one| term(duty, arrived, one, today)).collect::<Vec<_>>()
        };
        let (reminder, obligation) = (duty.reminder(), duty.obligation());
        let milder = obligation.filter(|one| Some(*one) != reminder);
        DutyStanding { duty, terms: terms(reminder), binding: milder.map(|one| terms(Some(one))) }
    };
    plan.duties.iter().filter(|duty| duty.is_data).map(of).collect()
}

fn term(duty: &Duty, arrived: &[Arrived], one: &plan::rhythm::Occurrence, today: Date) -> DutyTerm {
    let months = one.from.month()..=one.to.month();
    let files: Vec<&Arrived> =
        arrived.iter().filter(|file| duty.rosters.contains(&file.roster) && months.contains(&file.period)).collect();
    // Where one of the rosters of a duty is missing, the duty is not done.
    let whole = !duty.rosters.is_empty() && duty.rosters.iter().all(|roster| files.iter().any(|file| file.roster == *roster));
    let state = if whole {
        // The first file of each roster counts; a corrected one that comes later makes nobody late.
        let first = |roster: &String| files.iter().filter(|file| file.roster == *roster).filter_map(|file| file.day).min();
        let day = duty.rosters.iter().filter_map(first).max();
        match day.map(|day| one.due.days_until(day)) {
            Some(late) if late > 0 => DutyState::CameLate(late),
            _ => DutyState::Came,
        }
    } else if one.due >= today {
        DutyState::Ahead
    } else if one.before_first_run == Some(true) {
        DutyState::NoData
    } else {
        DutyState::Late(one.due.days_until(today))
    };
    DutyTerm {
        span: (one.from, one.to),
        due: one.due,
        state,
        files: files.iter().filter(|file| file.counts).count(),
        read: files.iter().map(|file| file.read).sum(),
        refused: files.iter().map(|file| file.refused).sum(),
        missing_columns: files.iter().map(|file| file.missing_columns).max().unwrap_or(0),
    }
}

/// The rhythm that reminds of a duty, in words; none where the plan says nothing of time.
pub(crate) fn rhythm_words(duty: &Duty) -> Option<String> {
    let all: Vec<Rhythm> = duty.rhythms.iter().flat_map(|one| one.rhythms.iter().cloned()).collect();
    strictest(&all).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use plan::data::Known;

    use super::*;

    fn plan() -> PlanData {
        PlanData::load("plan", include_str!("../../../plan/hanoi-2026-2030.yaml"), Known::default()).unwrap()
    }

    fn calendar() -> Calendar {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../law");
        let mut files = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(folder)];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "yaml") {
                    let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                    files.push((name, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let law = law::Law::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        Calendar::of(&law.unwrap_or_else(|_| panic!("the law does not load"))).unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn window() -> Window {
        Window { from: day("2026-04-01"), to: day("2026-12-31"), first_run: Some(day("2026-09-30")) }
    }

    fn file(roster: &str, period: &str, came: Option<&str>) -> Arrived {
        let came = came.map(day);
        Arrived {
            roster: roster.into(),
            period: period.parse().unwrap(),
            day: came,
            counts: true,
            read: 100,
            refused: 3,
            missing_columns: 1,
        }
    }

    fn states(arrived: &[Arrived], duty: &str) -> Vec<(String, DutyState)> {
        let (plan, calendar) = (plan(), calendar());
        let all = standings(&plan, arrived, window(), &calendar, day("2026-11-30"));
        let one = all.iter().find(|one| one.duty.id == duty).unwrap();
        one.terms.iter().map(|term| (term.due.to_string(), term.state)).collect()
    }

    #[test]
    fn a_monthly_roster_is_on_time_late_or_missing() {
        let files = [
            file("tour_guide", "2026-09", Some("2026-09-28")),
            file("tour_guide", "2026-10", Some("2026-11-04")),
            file("tour_guide", "2026-10", Some("2026-11-20")),
        ];
        let told = states(&files, "tourism-guides");
        let of = |due: &str| told.iter().find(|(day, _)| day == due).unwrap().1;
        assert_eq!(of("2026-07-31"), DutyState::NoData, "before the first run nobody could know");
        assert_eq!(of("2026-09-30"), DutyState::Came);
        assert_eq!(of("2026-10-30"), DutyState::CameLate(5), "the first file counts, the corrected one makes nobody later");
        assert_eq!(of("2026-11-30"), DutyState::Ahead, "the day itself is not over");
    }

    #[test]
    fn a_month_without_its_file_is_late_by_days() {
        let told = states(&[file("tour_guide", "2026-09", None)], "tourism-guides");
        let october = told.iter().find(|(day, _)| day == "2026-10-30").unwrap();
        assert_eq!(october.1, DutyState::Late(31));
        let september = told.iter().find(|(day, _)| day == "2026-09-30").unwrap();
        assert_eq!(september.1, DutyState::Came, "a file whose day the log does not know is there all the same");
    }

    #[test]
    fn two_rhythms_of_two_places_both_stand() {
        let (plan, calendar) = (plan(), calendar());
        let all = standings(&plan, &[], window(), &calendar, day("2026-11-30"));
        let business = all.iter().find(|one| one.duty.id == "finance-businesses").unwrap();
        let binding = business.binding.as_ref().unwrap();
        assert!(business.terms.len() > binding.len(), "the stricter reminds, the milder binds");
        assert_eq!(binding.iter().map(|term| term.due).collect::<Vec<_>>(), [day("2026-12-31")]);
        let guides = all.iter().find(|one| one.duty.id == "tourism-guides").unwrap();
        assert!(guides.binding.is_none());
    }

    #[test]
    fn quality_is_told_of_what_came() {
        let (plan, calendar) = (plan(), calendar());
        let files = [file("tour_guide", "2026-10", None), file("tour_guide", "2026-10", None)];
        let all = standings(&plan, &files, window(), &calendar, day("2026-11-30"));
        let guides = all.iter().find(|one| one.duty.id == "tourism-guides").unwrap();
        let came = guides.last_came().unwrap();
        assert_eq!((came.files, came.read, came.refused, came.missing_columns), (2, 200, 6, 1));
    }
}
