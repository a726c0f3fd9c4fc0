//! The visits of the same person around a case, at all facilities; who it is is not said.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Dong, Month, Scope};
use engine::{EngineError, rows};
use web::component::{Mark, Moment, Panel, paragraph, timeline};
use web::{Locale, SafeHtml, tag};

use super::read::{dong_at, text_in};
use super::serving::Snapshot;
use super::{Audit, sheet_href, words};

/// Days before and after the visit that are shown.
const AROUND: i32 = 90;
/// Visits shown at most; a person with more is told by the count.
const MOST: usize = 40;

/// A visit of a person.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stay {
    pub(crate) visit: i64,
    pub(crate) facility: String,
    pub(crate) person: i64,
    /// How the person was found: `exact`, `number`, `own`, `none`.
    pub(crate) link: String,
    pub(crate) care_form: Option<String>,
    /// `2026-10-05 08:30`.
    pub(crate) started: Option<String>,
    pub(crate) ended: Option<String>,
    pub(crate) start_day: Option<Date>,
    pub(crate) end_day: Option<Date>,
    pub(crate) main_code: Option<String>,
    pub(crate) fund: Dong,
    /// Whether sheets 79a and 80a alone tell it.
    pub(crate) sheet: bool,
}

/// The stay of a visit with its month: that of the snapshot where it has the visit, else the newest that has it.
pub(super) async fn of_visit(snapshot: &Snapshot, visit: i64) -> Result<Option<(Stay, Month)>, EngineError> {
    let own = snapshot.stays.iter().filter(|(_, month)| *month == snapshot.period);
    let others = snapshot.stays.iter().filter(|(_, month)| *month != snapshot.period);
    for (table, month) in own.chain(others) {
        if let Some(stay) = read(snapshot, table, &format!("visit_id = {visit}")).await?.pop() {
            return Ok(Some((stay, *month)));
        }
    }
    Ok(None)
}

/// The facilities of some visits by number, of the newest month that has each; visits beyond so many are left out, as a sheet has no room for them either.
pub(super) async fn facilities_of(snapshot: &Snapshot, visits: &BTreeSet<i64>) -> Result<BTreeMap<i64, String>, EngineError> {
    let mut facilities = BTreeMap::new();
    if visits.is_empty() {
        return Ok(facilities);
    }
    let numbers: Vec<String> = visits.iter().take(MOST).map(i64::to_string).collect();
    let which = format!("visit_id IN ({})", numbers.join(", "));
    for (table, _) in &snapshot.stays {
        for stay in read(snapshot, table, &which).await? {
            facilities.entry(stay.visit).or_insert(stay.facility);
        }
    }
    Ok(facilities)
}

/// All stays of a person in the months that are known, in the order of their days.
async fn of_person(snapshot: &Snapshot, person: i64) -> Result<Vec<Stay>, EngineError> {
    let mut all: BTreeMap<i64, Stay> = BTreeMap::new();
    for (table, _) in &snapshot.stays {
        for stay in read(snapshot, table, &format!("person_key = {person}")).await? {
            // A visit that two months have is the one of the newer month.
            all.entry(stay.visit).or_insert(stay);
        }
    }
    let mut all: Vec<Stay> = all.into_values().collect();
    all.sort_by(|a, b| (a.start_day, &a.started, a.visit).cmp(&(b.start_day, &b.started, b.visit)));
    Ok(all)
}

async fn read(snapshot: &Snapshot, table: &str, which: &str) -> Result<Vec<Stay>, EngineError> {
    let sql = format!(
        "SELECT visit_id, facility, person_key, person_link, care_form, started, ended, start_day, end_day, main_code, fund, grain \
         FROM {table} WHERE {which}"
    );
    let mut stays = Vec::new();
    for batch in snapshot.session.collect(&sql).await? {
        let (visits, people) = (rows::int(&batch, "visit_id")?, rows::int(&batch, "person_key")?);
        let (facilities, links) = (rows::text(&batch, "facility")?, rows::text(&batch, "person_link")?);
        let (starts, ends) = (rows::date(&batch, "start_day")?, rows::date(&batch, "end_day")?);
        for row in 0..batch.num_rows() {
            stays.push(Stay {
                visit: visits.value(row),
                facility: facilities.value(row).to_owned(),
                person: people.value(row),
                link: links.value(row).to_owned(),
                care_form: text_in(&batch, "care_form", row)?,
                started: text_in(&batch, "started", row)?,
                ended: text_in(&batch, "ended", row)?,
                start_day: rows::date_at(&starts, row).and_then(Date::from_days_since_epoch),
                end_day: rows::date_at(&ends, row).and_then(Date::from_days_since_epoch),
                main_code: text_in(&batch, "main_code", row)?,
                fund: dong_at(&batch, "fund", row)?.unwrap_or_default(),
                sheet: text_in(&batch, "grain", row)?.as_deref() == Some("sheet"),
            });
        }
    }
    Ok(stays)
}

/// What of a stay is told to who looks.
#[derive(Debug, PartialEq, Eq)]
struct Told<'s> {
    facility: &'s str,
    form: Option<&'s str>,
    code: Option<Code<'s>>,
    fund: Dong,
}

/// The main disease of a stay.
#[derive(Debug, PartialEq, Eq)]
enum Code<'s> {
    /// As it was sent.
    Said(&'s str),
    /// Of a protected disease.
    Hidden,
}

/// What is told of a stay: of one at a facility that is not open to who looks (`open`) nothing but its days, which say whether stays overlap.
fn told(stay: &Stay, open: bool, is_hidden: impl Fn(&str) -> bool) -> Option<Told<'_>> {
    let code = stay.main_code.as_deref().map(|code| if is_hidden(code) { Code::Hidden } else { Code::Said(code) });
    open.then_some(Told { facility: &stay.facility, form: stay.care_form.as_deref(), code, fund: stay.fund })
}

/// The course of the person around a visit, as far as it is open to who looks. Codes of protected diseases are left out; of the visit itself (`hides`:
/// also of it) they show once it was opened.
pub(super) async fn panel(
    audit: &Audit,
    l: Locale<'_>,
    scope: &Scope,
    snapshot: &Snapshot,
    (own, hides): (&Stay, bool),
    names: &BTreeMap<String, String>,
) -> Result<SafeHtml, EngineError> {
    // Without any number of the person nothing is held together.
    if own.link == "none" {
        let text = paragraph(SafeHtml::text(&l.t("claims-course-nobody")));
        return Ok(Panel::new(l.t("claims-course"), text).html());
    }
    let all = of_person(snapshot, own.person).await?;
    let near = |stay: &&Stay| match (stay.start_day, own.start_day) {
        (Some(day), Some(mine)) => day.days_until(mine).abs() <= AROUND,
        _ => stay.visit == own.visit,
    };
    let shown: Vec<&Stay> = all.iter().filter(near).take(MOST).collect();
    let protected = audit.formats.forms.protected();
    let moments = shown.iter().map(|stay| {
        let is_own = stay.visit == own.visit;
        let open = is_own || snapshot.is_open(scope, &stay.facility);
        let is_hidden = |code: &str| if is_own { hides } else { protected.is_protected(code) };
        match told(stay, open, is_hidden) {
            Some(told) => moment(audit, l, snapshot, (stay, is_own), &told, names),
            None => Moment {
                when: span(l, stay, false),
                mark: Mark::Step,
                title: SafeHtml::text(&l.t("claims-course-elsewhere")),
                detail: SafeHtml::default(),
            },
        }
    });
    let moments: Vec<Moment> = moments.collect();
    let sure = if own.link == "exact" { l.t("claims-course-exact") } else { l.t("claims-course-number") };
    let count = l.t_args("claims-course-count", &[("n", shown.len().into()), ("days", i64::from(AROUND).into())]);
    let body = paragraph(SafeHtml::text(&count)).then(timeline(&moments));
    Ok(Panel::new(l.t("claims-course"), body).foot(SafeHtml::text(&sure)).html())
}

fn moment(
    audit: &Audit,
    l: Locale,
    snapshot: &Snapshot,
    (stay, is_own): (&Stay, bool),
    told: &Told<'_>,
    names: &BTreeMap<String, String>,
) -> Moment {
    let facility = words::facility(names, Some(snapshot), told.facility);
    let title = match is_own {
        true => tag("b").text(&l.t_args("claims-course-this", &[("facility", facility.as_str().into())])).html(),
        false if snapshot.visit(stay.visit).is_some() => tag("a").href(&sheet_href(stay.visit)).text(&facility).html(),
        false => SafeHtml::text(&facility),
    };
    let form = told.form.map(|word| words::listed(l, &audit.formats.lists, "ma_loai_kcb", word));
    let code = told.code.as_ref().map(|code| match code {
        Code::Hidden => l.t("claims-protected"),
        Code::Said(code) => (*code).to_owned(),
    });
    let detail: Vec<String> = [form, code, Some(l.dong(told.fund))].into_iter().flatten().collect();
    Moment { when: span(l, stay, true), mark: Mark::Step, title, detail: SafeHtml::text(&detail.join(" · ")) }
}

/// "05/10/2026 08:30 đến 09/10/2026 10:00"; the hours tell whether stays overlap. Without `hours` the days alone.
fn span(l: Locale, stay: &Stay, hours: bool) -> String {
    let clock = |text: &Option<String>| text.as_deref().and_then(|text| text.split_once(' ')).map(|(_, clock)| clock.to_owned());
    let side = |day: Option<Date>, text: &Option<String>| {
        let day = day.map(|day| l.date(day)).unwrap_or_default();
        clock(text).filter(|_| hours).map_or_else(|| day.clone(), |clock| format!("{day} {clock}"))
    };
    let (from, to) = (side(stay.start_day, &stay.started), side(stay.end_day, &stay.ended));
    l.t_args("claims-span", &[("from", from.as_str().into()), ("to", to.as_str().into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_visit_elsewhere_neither_place_nor_code_nor_money_is_told() {
        let stay = Stay {
            facility: "01103".into(),
            care_form: Some("inpatient".into()),
            main_code: Some("J18.9".into()),
            fund: Dong::new(4_200_000),
            ..Stay::default()
        };
        assert_eq!(told(&stay, false, |_| false), None, "a facility outside the own area");
        let open = told(&stay, true, |_| false).unwrap();
        assert_eq!((open.facility, open.code, open.fund), ("01103", Some(Code::Said("J18.9")), Dong::new(4_200_000)));
        assert_eq!(told(&stay, true, |code| code == "J18.9").unwrap().code, Some(Code::Hidden));
    }
}
