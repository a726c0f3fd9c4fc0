//! Words of agreements and rosters.

use chapter::{App, Standing};
use desk::{DataAgreement, ReceiverRole, Term};
use intake::{Field, Layout, PersonalData};
use law::Confidence;
use web::component::Status;
use web::{Lang, Locale};

/// Title of a roster.
pub(crate) fn roster(app: &App, l: Locale, id: &str) -> String {
    match app.shelf.layouts().newest(id) {
        Some(layout) if l.lang() == Lang::En => layout.title.en.clone(),
        Some(layout) => layout.title.vi.clone(),
        None => id.to_owned(),
    }
}

/// A field by its usual heading.
pub(crate) fn field(layout: Option<&Layout>, name: &str) -> String {
    layout.and_then(|layout| layout.field(name)).map_or_else(|| name.to_owned(), heading)
}

/// The usual heading of a field.
pub(crate) fn heading(field: &Field) -> String {
    field.headers.first().unwrap_or(&field.name).clone()
}

/// What kind of personal data a field is.
pub(crate) fn class(l: Locale, class: PersonalData) -> String {
    l.t(match class {
        PersonalData::None => "privacy-class-none",
        PersonalData::Identity => "privacy-class-identity",
        PersonalData::Contact => "privacy-class-contact",
        PersonalData::Income => "privacy-class-income",
        PersonalData::Ground => "privacy-class-ground",
        PersonalData::Health => "privacy-class-health",
    })
}

/// What the receiver is by law.
pub(crate) fn role(l: Locale, role: ReceiverRole) -> String {
    l.t(match role {
        ReceiverRole::Controller => "privacy-role-controller",
        ReceiverRole::Processor => "privacy-role-processor",
        ReceiverRole::ControllerProcessor => "privacy-role-controller-processor",
    })
}

/// How an agreement stands today.
pub(crate) fn term(app: &App, l: Locale, agreement: &DataAgreement) -> Status {
    match agreement.term(app.today()) {
        Term::Coming => Status::doing(l.t("privacy-term-coming")),
        Term::InForce => Status::ok(l.t("privacy-term-in-force")),
        Term::Over => Status::neutral(l.t("privacy-term-over")),
    }
}

/// How a roster stands today.
pub(crate) fn standing(l: Locale, standing: Standing) -> Status {
    match standing {
        Standing::None => Status::warn(l.t("privacy-standing-none")),
        Standing::InForce => Status::ok(l.t("privacy-standing-in-force")),
        Standing::Over => Status::bad(l.t("privacy-standing-over")),
    }
}

/// First and last day of an agreement.
pub(crate) fn days(l: Locale, agreement: &DataAgreement) -> String {
    let first = l.date(agreement.first_day);
    match agreement.last_day {
        Some(last) => l.t_args("privacy-days", &[("first", first.as_str().into()), ("last", l.date(last).as_str().into())]),
        None => l.t_args("privacy-days-open", &[("first", first.as_str().into())]),
    }
}

/// Day and time in Hà Nội of a moment in Unix milliseconds.
pub(crate) fn moment(l: Locale, unix_ms: i64) -> String {
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    format!("{} {:02}:{:02}", l.date(chapter::day_in_hanoi(unix_ms)), seconds / 3600, seconds / 60 % 60)
}

/// A role of the desk by its stable word.
pub(crate) fn desk_role(l: Locale, word: &str) -> String {
    l.known(&format!("privacy-desk-role-{}", dashed(word))).unwrap_or_else(|| word.to_owned())
}

/// A purpose of the desk by its stable word.
pub(crate) fn desk_purpose(l: Locale, word: &str) -> String {
    l.known(&format!("privacy-desk-purpose-{}", dashed(word))).unwrap_or_else(|| word.to_owned())
}

/// An action of the log by its stable word.
pub(crate) fn action(l: Locale, word: &str) -> String {
    l.known(&format!("privacy-action-{}", dashed(word))).unwrap_or_else(|| word.to_owned())
}

/// A kind of object of the log by its stable word.
pub(crate) fn object(l: Locale, word: &str) -> String {
    l.known(&format!("privacy-object-{}", dashed(word))).unwrap_or_else(|| word.to_owned())
}

/// What somebody asks about their data.
pub(crate) fn request_kind(l: Locale, word: &str) -> String {
    l.known(&format!("privacy-request-kind-{word}")).unwrap_or_else(|| word.to_owned())
}

/// What came of a case, by its stable word.
pub(crate) fn outcome(l: Locale, word: &str) -> String {
    l.known(&format!("office-outcome-{}", dashed(word))).unwrap_or_else(|| word.to_owned())
}

/// How sure a value of the law is; what nobody compared with the gazette says so.
pub(crate) fn sure(l: Locale, confidence: Confidence) -> String {
    l.t(match confidence {
        Confidence::V => "privacy-sure-v",
        Confidence::B => "privacy-sure-b",
        Confidence::C => "privacy-sure-c",
        Confidence::K => "privacy-sure-k",
        Confidence::U => "privacy-sure-u",
    })
}

fn dashed(word: &str) -> String {
    word.replace('_', "-")
}
