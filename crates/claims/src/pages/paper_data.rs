//! What the forms of a facility are made of: sums of its visits, its cases, the lines of minutes.

use std::collections::BTreeMap;

use base::{Date, Dong, Month};
use chapter::{PageError, Viewer};
use claimfile::Lists;
use desk::{PageAt, ReviewCase, ReviewOrder, ReviewQuery, ReviewState};
use documents::sheet::{Language, Moment, Provenance};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use web::{Lang, Locale};

use super::Audit;
use super::read::{dong_at, int_in, text_in};
use super::serving::Snapshot;
use crate::audit::refused::RefusedSum;
use crate::papers::{Beside, MinutesCase, MonthSums, OfCareForm, sum};

/// Cases of a facility that are read at most; more than a hospital has in years.
const MOST_CASES: usize = 20_000;
/// Cases whose lines stand in one file at most: each is read on its own.
pub(super) const MOST_MINUTES: usize = 300;
/// Rows of a page of cases.
const AT_ONCE: i64 = 200;

/// The visits of a facility and month by form of care, in the order of the codes; none where the book's newest runs have no claims of the month.
pub(super) async fn care_forms(
    lists: &Lists,
    vi: Locale<'_>,
    snapshot: &Snapshot,
    facility: &str,
    month: Month,
) -> Result<Option<Vec<OfCareForm>>, EngineError> {
    let Some(table) = stays_of(snapshot, facility, month) else { return Ok(None) };
    let beside = if tells_beside(snapshot, table).await? { BESIDE } else { "" };
    let sql = format!(
        "SELECT care_form, count(*) AS visits, sum(CASE WHEN inpatient THEN stay_days ELSE 0 END) AS days, sum(total_bh) AS total_bh, \
         sum(fund) AS fund{beside} FROM {table} WHERE facility = '{facility}' GROUP BY care_form"
    );
    let mut parts = Vec::new();
    for batch in snapshot.session.collect(&sql).await? {
        for row in 0..batch.num_rows() {
            let word = text_in(&batch, "care_form", row)?;
            let part = OfCareForm {
                name: care_form(lists, vi, word.as_deref()),
                visits: int_in(&batch, "visits", row)?,
                days: int_in(&batch, "days", row)?,
                total_bh: dong_at(&batch, "total_bh", row)?.unwrap_or_default(),
                fund: dong_at(&batch, "fund", row)?.unwrap_or_default(),
                beside: beside_of(&batch, row)?,
            };
            parts.push(part);
        }
    }
    // Code first, so that names are in the order of the list.
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Some(parts))
}

/// Sums of what is paid beside the fund, and of how many visits all of it is told.
const BESIDE: &str = ", sum(total_bv) AS total_bv, sum(copay) AS copay, sum(patient_paid) AS patient, sum(other_sources) AS other, \
     sum(total_bv - fund - copay - patient_paid - other_sources) AS differs, \
     count(total_bv - fund - copay - patient_paid - other_sources) AS told";

/// Whether a table of stays has what is paid beside the fund: a run of an older program does not.
async fn tells_beside(snapshot: &Snapshot, table: &str) -> Result<bool, EngineError> {
    let (schema, _) = snapshot.session.collect_with_schema(&format!("SELECT * FROM {table} LIMIT 0")).await?;
    Ok(["total_bv", "copay", "patient_paid", "other_sources"].iter().all(|name| schema.index_of(name).is_ok()))
}

/// What visits of a form of care say of those who pay beside the fund; none where one of them does not say it.
fn beside_of(batch: &RecordBatch, row: usize) -> Result<Option<Beside>, EngineError> {
    if int_in(batch, "told", row)? < int_in(batch, "visits", row)? {
        return Ok(None);
    }
    let of = |name: &str| -> Result<Dong, EngineError> { Ok(dong_at(batch, name, row)?.unwrap_or_default()) };
    let (total, differs) = (of("total_bv")?, of("differs")?);
    Ok(Some(Beside { total, copay: of("copay")?, patient: of("patient")?, other: of("other")?, differs }))
}

/// The table of stays of a month. The code of the facility will stand in a statement: letters and digits alone.
fn stays_of<'s>(snapshot: &'s Snapshot, facility: &str, month: Month) -> Option<&'s str> {
    let is_code = !facility.is_empty() && facility.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (table, _) = snapshot.stays.iter().find(|(_, of)| *of == month).filter(|_| is_code)?;
    Some(table)
}

/// "03. Nội trú, từ 4 giờ trở lên".
fn care_form(lists: &Lists, vi: Locale<'_>, word: Option<&str>) -> String {
    let Some(word) = word else { return vi.t("claims-form-no-care-form") };
    let known = lists.get("ma_loai_kcb").and_then(|list| list.values.iter().find(|meaning| meaning.word == word));
    known.map_or_else(|| word.to_owned(), |meaning| format!("{}. {}", meaning.code, meaning.vi))
}

/// What each visit of a facility and month asks from the fund; none as for [`care_forms`].
async fn asked(snapshot: &Snapshot, facility: &str, month: Month) -> Result<Option<BTreeMap<i64, Dong>>, EngineError> {
    let Some(table) = stays_of(snapshot, facility, month) else { return Ok(None) };
    let sql = format!("SELECT visit_id, facility, fund FROM {table} WHERE facility = '{facility}'");
    let mut funds = BTreeMap::new();
    for batch in snapshot.session.collect(&sql).await? {
        let (visits, facilities) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "facility")?);
        for row in 0..batch.num_rows() {
            if facilities.value(row) == facility {
                funds.insert(visits.value(row), dong_at(&batch, "fund", row)?.unwrap_or_default());
            }
        }
    }
    Ok(Some(funds))
}

/// Months as claims, the national system and decisions know them.
pub(super) async fn sums(
    audit: &Audit,
    snapshot: &Snapshot,
    facility: &str,
    months: &[Month],
    cases: &[ReviewCase],
) -> Result<Vec<MonthSums>, PageError> {
    let mut all = Vec::with_capacity(months.len());
    for month in months {
        let asked = asked(snapshot, facility, *month).await.map_err(|e| PageError::inner(&e))?;
        let national = audit.national(*month, facility).await?;
        let of_month: Vec<&ReviewCase> = cases.iter().filter(|case| case.period == *month).collect();
        all.push(month_sums(*month, asked.as_ref(), &national, &of_month));
    }
    Ok(all)
}

/// A month: each đồng that is asked stands in one place alone.
fn month_sums(
    month: Month,
    asked: Option<&BTreeMap<i64, Dong>>,
    national: &BTreeMap<i64, RefusedSum>,
    cases: &[&ReviewCase],
) -> MonthSums {
    let mut held: BTreeMap<i64, Dong> = BTreeMap::new();
    for case in cases {
        let of_visit = held.entry(case.visit).or_default();
        *of_visit = sum([*of_visit, refused(case), pending(case)]);
    }
    let of_visit = |(visit, fund): (&i64, &Dong)| {
        let refused = national.get(visit).copied().unwrap_or_default();
        refused.of(*fund, held.get(visit).copied().unwrap_or_default())
    };
    MonthSums {
        month,
        asked: asked.map(|asked| (asked.len() as i64, sum(asked.values().copied()))),
        refused: sum(cases.iter().map(|case| refused(case))),
        pending: sum(cases.iter().map(|case| pending(case))),
        national: asked.map_or(Dong::ZERO, |asked| sum(asked.iter().map(of_visit))),
    }
}

/// What a case refuses by a decision in force.
fn refused(case: &ReviewCase) -> Dong {
    if case.state.is_decided() { case.upheld() } else { Dong::ZERO }
}

/// What a case leaves undecided: all that its lines ask until something is proposed, then what is proposed.
fn pending(case: &ReviewCase) -> Dong {
    match case.state {
        ReviewState::Open => case.asked,
        ReviewState::Proposed | ReviewState::Sent | ReviewState::Answered => case.proposed,
        ReviewState::Decided | ReviewState::Appealed | ReviewState::Final | ReviewState::Closed => Dong::ZERO,
    }
}

/// All cases of a facility that are open to who asks.
pub(super) async fn cases(audit: &Audit, viewer: &Viewer, facility: &str) -> Result<Vec<ReviewCase>, PageError> {
    let query =
        ReviewQuery { facility: Some(facility.to_owned()), order: ReviewOrder::Billed, ..ReviewQuery::new(audit.app.today()) };
    let (mut all, mut at) = (Vec::new(), PageAt::First);
    loop {
        let page = audit.app.desk.reviews(&viewer.scope, &query, &at, AT_ONCE).await.map_err(PageError::desk)?;
        let place = page.rows.last().map(|case| case.place(query.order));
        all.extend(page.rows);
        match place.filter(|_| page.has_next && all.len() < MOST_CASES) {
            Some(place) => at = PageAt::After(place),
            None => return Ok(all),
        }
    }
}

/// The lines of cases for minutes, by the facility's own key.
pub(super) async fn minutes_cases(
    audit: &Audit,
    viewer: &Viewer,
    facility: &str,
    month: Month,
    cases: &[&ReviewCase],
) -> Result<Vec<MinutesCase>, PageError> {
    let links = audit.links(month, facility).await?;
    let mut all = Vec::with_capacity(cases.len());
    for case in cases {
        let record = audit.app.desk.review(&viewer.scope, &case.id).await.map_err(PageError::desk)?;
        let dossier = links.get(&case.visit).map(|(_, link)| link.clone());
        all.push(MinutesCase { dossier: dossier.unwrap_or_else(|| case.visit.to_string()), lines: record.lines });
    }
    all.sort_by(|a, b| a.dossier.cmp(&b.dossier));
    Ok(all)
}

/// Whose file it is: what is in it, until when, who takes it out and when.
pub(super) fn provenance(audit: &Audit, viewer: &Viewer, filter: String, as_of: Date) -> Provenance {
    let app = &audit.app;
    Provenance {
        language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
        filter,
        as_of,
        exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: app.locale(viewer).t("claims-form-purpose"),
        exported_at: moment((app.clock)(), app.today()),
    }
}

/// The moment of a file, local time.
fn moment(unix_ms: i64, today: Date) -> Moment {
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Moment { date: today, hour: part(seconds / 3600), minute: part(seconds / 60 % 60), second: part(seconds % 60) }
}

/// The months of the quarter that a month lies in.
pub(super) fn quarter(month: Month) -> [Month; 3] {
    let first = month.plus(-((month.number() - 1) % 3));
    [first, first.plus(1), first.plus(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_begins_in_january_april_july_or_october() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        for (of, first) in [("2026-01", "2026-01"), ("2026-03", "2026-01"), ("2026-11", "2026-10"), ("2026-12", "2026-10")] {
            assert_eq!(quarter(month(of))[0], month(first), "{of}");
        }
    }

    fn case(visit: i64, state: ReviewState, asked: i64, proposed: i64, decided: i64) -> ReviewCase {
        ReviewCase {
            id: format!("case-{visit}"),
            visit,
            follows: 0,
            facility: "01001".into(),
            commune: None,
            period: "2026-10".parse().unwrap(),
            portal_code: None,
            state,
            owner: None,
            billed: Dong::new(1_000_000),
            expected: Dong::ZERO,
            strength: base::Strength::Explain,
            sent_on: None,
            due: None,
            answered_on: None,
            late: false,
            notice: None,
            pending: None,
            referred: None,
            asked: Dong::new(asked),
            proposed: Dong::new(proposed),
            decided: Dong::new(decided),
            overturned: Dong::ZERO,
            collected: Dong::ZERO,
            version: 1,
            opened_at: 0,
            changed_at: 0,
        }
    }

    #[test]
    fn what_is_opened_or_proposed_is_not_accepted_yet() {
        let cases = [
            case(1, ReviewState::Open, 300_000, 0, 0),
            case(2, ReviewState::Proposed, 300_000, 200_000, 0),
            case(3, ReviewState::Sent, 300_000, 100_000, 0),
            case(4, ReviewState::Answered, 300_000, 50_000, 0),
            case(5, ReviewState::Decided, 300_000, 80_000, 70_000),
            case(6, ReviewState::Closed, 300_000, 250_000, 0),
        ];
        let cases: Vec<&ReviewCase> = cases.iter().collect();
        let asked: BTreeMap<i64, Dong> = (1..=9).map(|visit| (visit, Dong::new(1_000_000))).collect();
        let national = BTreeMap::from([
            (5, RefusedSum { whole: true, amount: Dong::ZERO }),
            (7, RefusedSum { whole: false, amount: Dong::new(40_000) }),
            (8, RefusedSum { whole: true, amount: Dong::ZERO }),
            (77, RefusedSum { whole: true, amount: Dong::ZERO }),
        ]);
        let sums = month_sums("2026-10".parse().unwrap(), Some(&asked), &national, &cases);
        assert_eq!(sums.asked, Some((9, Dong::new(9_000_000))));
        assert_eq!(sums.refused, Dong::new(70_000));
        assert_eq!(sums.pending, Dong::new(650_000), "300,000 opened, 200,000 proposed, 100,000 sent, 50,000 answered");
        assert_eq!(sums.national, Dong::new(930_000 + 40_000 + 1_000_000), "what a case refuses is not refused twice");
        let accepted = sums.accepted().unwrap();
        assert_eq!(accepted, Dong::new(6_310_000));
        assert_eq!(accepted + sums.refused + sums.pending + sums.national, Dong::new(9_000_000), "the parts are the whole");
        let unknown = month_sums("2026-10".parse().unwrap(), None, &national, &cases);
        assert_eq!((unknown.asked, unknown.accepted(), unknown.national), (None, None, Dong::ZERO));
    }
}
