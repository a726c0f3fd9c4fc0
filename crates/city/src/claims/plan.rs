//! Who goes where, when and why: visits before anything is known of what was done in them.

use base::Sex;

use crate::claims::facilities::{Class, Facility};
use crate::claims::money::Milli;
use crate::life::cards::Group;
use crate::random::Draw;

/// Somebody with a card who goes to a facility, or might.
#[derive(Debug, Clone)]
pub struct Patient {
    /// Number in truth files.
    pub person: i64,
    /// Full name.
    pub name: String,
    /// The 12-digit personal id; empty for a newborn.
    pub id: String,
    /// Day of birth.
    pub birth: i32,
    /// Sex.
    pub sex: Sex,
    /// Code of the ethnic group.
    pub ethnic: &'static str,
    /// Number of the commune.
    pub place: usize,
    /// Address.
    pub address: String,
    /// The card's 15 characters.
    pub card: String,
    /// Its group.
    pub group: Group,
    /// Facility the card names for the first visit.
    pub registered: usize,
    /// First valid day of the card.
    pub from: i32,
    /// Last valid day.
    pub to: i32,
    /// Day of death.
    pub died: Option<i32>,
}

impl Patient {
    /// Full years on a day.
    pub fn age(&self, day: i32) -> i32 {
        super::stamp::date(self.birth).age_on(super::stamp::date(day))
    }

    /// Whether the card holds over some days and the person lives.
    pub fn insured(&self, from: i32, to: i32) -> bool {
        self.from <= from && to <= self.to && self.died.is_none_or(|died| to < died) && self.birth <= from
    }
}

/// The form of care (MA_LOAI_KCB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// 01.
    Examination,
    /// 02.
    Outpatient,
    /// 03.
    Inpatient,
    /// 04.
    Day,
    /// 05: drugs for a long time, examination only.
    LongDrugs,
    /// 07.
    Pickup,
    /// 09: under four hours.
    Short,
}

impl Form {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Examination => "01",
            Self::Outpatient => "02",
            Self::Inpatient => "03",
            Self::Day => "04",
            Self::LongDrugs => "05",
            Self::Pickup => "07",
            Self::Short => "09",
        }
    }

    /// Whether the patient is admitted.
    pub fn is_admitted(self) -> bool {
        matches!(self, Self::Inpatient | Self::Day | Self::Short)
    }

    /// Whether it lasts as long as the drugs that were given.
    pub fn lasts(self) -> bool {
        matches!(self, Self::Outpatient | Self::LongDrugs | Self::Pickup)
    }
}

/// How a patient came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// By themselves, to the facility of the card or another one.
    Own,
    /// With a referral paper of a facility.
    Referred(usize),
    /// On a re-visit paper.
    Revisit,
    /// As an emergency.
    Emergency,
    /// Born there.
    Newborn,
    /// For drugs on an appointment.
    Pickup,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// Went home.
    Home,
    /// Was sent on to a facility.
    Transferred(usize),
    /// Died there.
    Died,
}

/// What a visit must hold beside what its draw gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Arrival at this minute of the day.
    At(i64),
    /// Discharge at this minute of the day.
    Until(i64),
    /// The examination by this doctor at this minute.
    Doctor(u32, i64),
    /// All orders signed by the head of the facility.
    SignedByHead,
    /// This service at this minute, on the facility's machine number so and so; the line bears the tag.
    Machine(usize, i64, u32, u8),
    /// A group session of this service, held by one person.
    Session(usize, i64, u8),
    /// This drug for so many days, and no other.
    Drug(usize, i32),
    /// The cheapest usual content: an examination and two drugs.
    Flat,
    /// A service twice: after so many minutes; the second line bears the tag.
    Again(usize, i64, u8),
    /// A service; the line bears the tag.
    Also(usize, u8),
    /// A service that another facility does for this one; the line bears the tag.
    SentOut(usize, usize, u8),
    /// The same supply on two lines; the second bears the tag.
    TwoUnits(usize, u8),
    /// A bed of intensive care.
    Intensive,
}

/// What a planted case or a look-alike is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Nothing, or not known.
    Nothing,
    /// All that the fund was asked for the visit.
    Visit,
    /// What the fund was asked for the line.
    Line,
    /// So many days among those of the stay.
    Days(i32),
    /// So much.
    Fixed(Milli),
    /// What the fund was asked for the beds, less what usual beds cost.
    Beds,
}

/// A planted case, or something honest that looks like one.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Scheme or fault.
    pub scheme: &'static str,
    /// Id of the rule that should find it; empty where none exists yet.
    pub rule: &'static str,
    /// `xml1`, `xml2`, …
    pub table: &'static str,
    /// Tag of the line, 0 for the visit as a whole.
    pub tag: u8,
    /// Đồng at stake.
    pub worth: Worth,
    /// What makes it so; no commas.
    pub note: String,
    /// Whether it is honest and only looks alike.
    pub honest: bool,
}

impl Mark {
    /// A planted visit.
    pub fn visit(scheme: &'static str, note: impl Into<String>) -> Self {
        Self { scheme, rule: "", table: "xml1", tag: 0, worth: Worth::Visit, note: note.into(), honest: false }
    }

    /// A planted line.
    pub fn line(scheme: &'static str, rule: &'static str, table: &'static str, tag: u8, note: impl Into<String>) -> Self {
        Self { scheme, rule, table, tag, worth: Worth::Line, note: note.into(), honest: false }
    }

    /// The same as something honest.
    pub fn honest(self) -> Self {
        Self { honest: true, worth: Worth::Nothing, rule: "", ..self }
    }

    /// With a rule that should find it.
    pub fn found_by(self, rule: &'static str) -> Self {
        Self { rule, ..self }
    }

    /// With another worth.
    pub fn worth(self, worth: Worth) -> Self {
        Self { worth, ..self }
    }
}

/// A visit.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Place of the patient in the list.
    pub patient: usize,
    /// Facility.
    pub facility: usize,
    /// Form of care.
    pub form: Form,
    /// Place of the disease in its list.
    pub disease: usize,
    /// Day of arrival.
    pub day: i32,
    /// Nights in a ward, or days of drugs.
    pub days: i32,
    /// How the patient came.
    pub route: Route,
    /// How the visit ended.
    pub leaves: Leaves,
    /// Decides what was done.
    pub draw: Draw,
    /// What it must hold.
    pub asks: Vec<Ask>,
    /// What is true of it.
    pub marks: Vec<Mark>,
}

impl Plan {
    /// The last day the patient was there, on which the facility sends the dossier.
    pub fn leaves_on(&self) -> i32 {
        if self.form == Form::Inpatient { self.day + self.days } else { self.day }
    }

    /// The last day of the visit: that of the drugs where the form says so.
    pub fn ends_on(&self) -> i32 {
        match self.form {
            Form::Inpatient => self.day + self.days,
            form if form.lasts() => self.day + self.days - 1,
            _ => self.day,
        }
    }

    /// The category of the visit (MA_DOITUONG_KCB).
    pub fn category(&self, facility: &Facility, patient: &Patient) -> &'static str {
        match self.route {
            Route::Referred(_) => return "1.3",
            Route::Revisit => return "1.5",
            Route::Emergency => return "2",
            Route::Newborn => return "1.7",
            Route::Pickup => return "10",
            Route::Own => {}
        }
        let (here, ward) = (patient.registered == facility.number, self.form.is_admitted());
        match (facility.class, here) {
            (Class::Station, true) => "1.2",
            (Class::Station | Class::Polyclinic, _) => "1.11",
            (_, true) => "1.1",
            (Class::BasicLow | Class::BasicMid | Class::BasicFormerProvince, _) if ward => "1.15",
            (Class::BasicLow, _) => "1.12",
            (Class::BasicMid, _) => "1.13",
            (Class::BasicFormerProvince, _) => "1.14",
            (Class::SpecialFormerProvince, _) if ward => "3.2",
            (Class::SpecialFormerProvince, _) => "1.18",
            (Class::Special, _) => "3.1",
        }
    }
}

/// Everything planned for a month.
#[derive(Debug, Default)]
pub struct Month {
    /// Patients.
    pub patients: Vec<Patient>,
    /// Visits.
    pub plans: Vec<Plan>,
    /// Patients with a valid card and without a visit, in the order of the city.
    pub spares: Vec<usize>,
    /// Patients who have died and whose card was not stopped at once.
    pub dead: Vec<usize>,
    /// Children born within the last days, with the patient number of the mother.
    pub newborns: Vec<(usize, usize)>,
}
