//! Words of roles, kinds of units, faults of passwords, moments.

use base::{Area, Date, Role};
use chapter::App;
use desk::{PasswordFault, UnitKind, role_word};
use web::Locale;

/// A role as its users call it.
pub(crate) fn role(l: Locale, role: Role) -> String {
    l.t(&format!("access-role-{}", role_word(role).replace('_', "-")))
}

/// A kind of unit.
pub(crate) fn kind(l: Locale, kind: UnitKind) -> String {
    l.t(&format!("access-kind-{}", kind.as_str().replace('_', "-")))
}

/// An area: the city, the one commune, how many there are.
pub(crate) fn area(app: &App, l: Locale, area: &Area) -> String {
    let Area::Communes(communes) = area else { return l.t("app-role-sees-city") };
    let mut all = communes.iter();
    match (all.next(), all.next()) {
        (None, _) => l.t("app-role-sees-nobody"),
        (Some(one), None) => match app.places.commune(one) {
            Some(commune) => format!("{} {}", commune.kind, commune.name),
            None => one.to_string(),
        },
        _ => l.t_args("access-area-communes", &[("n", (communes.len() as i64).into())]),
    }
}

/// Why a password was not taken, and what to do.
pub(crate) fn fault(l: Locale, fault: PasswordFault) -> String {
    l.t(match fault {
        PasswordFault::TooShort => "access-fault-too-short",
        PasswordFault::TooLong => "access-fault-too-long",
        PasswordFault::HoldsLogin => "access-fault-holds-login",
        PasswordFault::TooPlain => "access-fault-too-plain",
        PasswordFault::NotNew => "access-fault-not-new",
    })
}

/// Day and time in Hà Nội of a moment in Unix milliseconds.
pub(crate) fn moment(l: Locale, unix_ms: i64) -> String {
    let seconds = unix_ms.div_euclid(1000) + 7 * 3600;
    let day = i32::try_from(seconds.div_euclid(86_400)).ok().and_then(Date::from_days_since_epoch);
    let rest = seconds.rem_euclid(86_400);
    let time = format!("{:02}:{:02}", rest / 3600, rest / 60 % 60);
    match day {
        Some(day) => format!("{} {time}", l.date(day)),
        None => time,
    }
}
