//! What the pages of committees, money, donors and surveys share: forms read with their faults told, files with whose they are.

use axum::response::Response;
use base::{CommuneCode, Date, Dong, Month};
use chapter::{App, PageError, Viewer, typed_day};
use documents::sheet::{Language, Moment, Provenance};
use web::component::{Button, Form};
use web::{Lang, Locale, SafeHtml};

use super::go;

/// Media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A form as it was sent: names and values.
pub(super) struct Sent(pub(super) Vec<(String, String)>);

impl Sent {
    /// A value as it was sent; empty where there is none.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// One line, cleaned.
    pub(super) fn text(&self, name: &str) -> String {
        base::names::clean(self.raw(name))
    }

    /// Several lines, each cleaned.
    pub(super) fn lines(&self, name: &str) -> String {
        self.raw(name).lines().map(base::names::clean).collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// Whether a box was ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.raw(name) == "1"
    }

    /// What is after a beginning in the names of ticked boxes.
    pub(super) fn ticked_after(&self, beginning: &str) -> Vec<String> {
        let after = |(name, value): &(String, String)| name.strip_prefix(beginning).filter(|_| value == "1").map(str::to_owned);
        self.0.iter().filter_map(after).collect()
    }

    /// The form's own number.
    pub(super) fn number(&self) -> &str {
        self.raw("so")
    }

    /// The version the form was drawn for.
    pub(super) fn version(&self) -> i64 {
        self.raw("phien-ban").parse().unwrap_or_default()
    }

    /// A whole number.
    pub(super) fn int(&self, l: Locale, name: &str) -> Result<i64, PageError> {
        let wrong = || PageError::BadRequest(l.t_args("plan-fault-number", &[("text", self.raw(name).into())]));
        self.raw(name).trim().parse().map_err(|_| wrong())
    }

    /// A day.
    pub(super) fn day(&self, l: Locale, name: &str) -> Result<Date, PageError> {
        let wrong = || PageError::BadRequest(l.t_args("plan-fault-day", &[("text", self.raw(name).into())]));
        typed_day(self.raw(name)).ok_or_else(wrong)
    }

    /// A month.
    pub(super) fn month(&self, l: Locale, name: &str) -> Result<Month, PageError> {
        let wrong = || PageError::BadRequest(l.t_args("plan-fault-month", &[("text", self.raw(name).into())]));
        typed_month(self.raw(name)).ok_or_else(wrong)
    }

    /// Đồng.
    pub(super) fn dong(&self, l: Locale, name: &str) -> Result<Dong, PageError> {
        let wrong = || PageError::BadRequest(l.t_args("plan-fault-dong", &[("text", self.raw(name).into())]));
        typed_dong(self.raw(name)).ok_or_else(wrong)
    }
}

/// A month as people type it: 10/2026; also 2026-10.
pub(super) fn typed_month(text: &str) -> Option<Month> {
    let text = text.trim();
    if let Ok(month) = text.parse() {
        return Some(month);
    }
    let (month, year) = text.split_once(['/', '-', '.'])?;
    Month::new(year.trim().parse().ok()?, month.trim().parse().ok()?)
}

/// A month as it stands in a field: 10/2026.
pub(super) fn month_text(month: Month) -> String {
    format!("{:02}/{}", month.number(), month.year())
}

/// Đồng as people type them: 1500000, or with groups of three digits: 1.500.000. Part of a đồng is none.
pub(super) fn typed_dong(text: &str) -> Option<Dong> {
    let text = text.trim().trim_end_matches("đồng").trim_end_matches('đ').trim();
    let groups: Vec<&str> = text.split(['.', ',', ' ', '\u{a0}']).collect();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if !groups.iter().all(|group| digits(group)) || !grouped {
        return None;
    }
    groups.concat().parse().ok().map(Dong::new)
}

/// A form with its own number: two forms of one page have two, so that one sent after the other is not taken for the same.
pub(super) fn form(
    app: &App,
    viewer: &Viewer,
    action: impl Into<String>,
    more: Vec<(String, String)>,
    body: SafeHtml,
    buttons: Vec<Button>,
) -> Form {
    let action = action.into();
    let told = more.iter().fold(action.clone(), |told, (name, value)| format!("{told} {name}={value}"));
    let mut hidden = vec![("so".to_owned(), app.form_number(viewer, &told))];
    hidden.extend(more);
    Form { action, reads: false, hidden, body, buttons }
}

/// What is done by a button: sent beside the form.
pub(super) fn does(what: &str) -> Vec<(String, String)> {
    vec![("viec".to_owned(), what.to_owned())]
}

/// Back to a page after something was done.
pub(super) fn done<T>(answer: Result<T, desk::DeskError>, to: &str) -> Result<Response, PageError> {
    answer.map_err(PageError::desk)?;
    Ok(go(to))
}

/// The form says something that no button of it does.
pub(super) fn unknown_act(l: Locale) -> PageError {
    PageError::BadRequest(l.t("followup-fault-act"))
}

/// Whose file it is.
pub(super) fn provenance(app: &App, viewer: &Viewer, filter: String) -> Provenance {
    let (now, today) = ((app.clock)(), app.today());
    let seconds = (now.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Provenance {
        language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
        filter,
        as_of: today,
        exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: app.locale(viewer).t("plan-purpose"),
        exported_at: Moment {
            date: today,
            hour: part(seconds / 3600),
            minute: part(seconds / 60 % 60),
            second: part(seconds % 60),
        },
    }
}

/// The name of a commune; its code where nobody knows one.
pub(super) fn commune_name(app: &App, commune: &CommuneCode) -> String {
    let known = app.places.communes().iter().find(|one| one.code == *commune);
    known.map_or_else(|| commune.to_string(), |one| one.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_it_is_typed_and_nothing_is_guessed() {
        for text in ["1500000", "1.500.000", " 1 500 000 đồng", "1,500,000đ"] {
            assert_eq!(typed_dong(text), Some(Dong::new(1_500_000)), "{text}");
        }
        for text in ["", "1.5", "1.500.00", "-1", "1.500.000,50", "một triệu", "1..500", "99999999999999999999"] {
            assert_eq!(typed_dong(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_read_as_they_are_typed() {
        for text in ["10/2026", "2026-10", " 10-2026 ", "10.2026"] {
            assert_eq!(typed_month(text).map(|month| month.to_string()).as_deref(), Some("2026-10"), "{text}");
        }
        for text in ["13/2026", "2026", "", "tháng 10"] {
            assert_eq!(typed_month(text), None, "{text}");
        }
    }
}
