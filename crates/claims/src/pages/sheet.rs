//! `GET /giam-dinh/ho-so/{visit}`: one sheet a case: what was found and why, what would explain it honestly, the lines, the course of the person, what was
//! proposed, answered and decided, and what can be done now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::{Date, FindingKey, Month};
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, ReviewCase, ReviewRecord};
use engine::EngineError;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Columns, Link, NoteKind, audit_note, columns, note, paragraph};
use web::{Locale, SafeHtml, tag};

use super::found::{self, FoundHere};
use super::protected::{self, Seen};
use super::serving::Snapshot;
use super::stays::{self, Stay};
use super::{
    AUDIT, Audit, and, clock_page, dossier, forms, gone, letters, line_forms, queue, record, sheet_of_month, sheet_parts,
    step_form, versions, words,
};
use crate::store::StoredVisit;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// Month of the run, `2026-10`; without, the newest that has the visit.
    #[serde(rename = "ky", default)]
    month: String,
    /// Case of the visit; without, the last one.
    #[serde(rename = "vu-viec", default)]
    case: String,
    /// `1`: something was just written.
    #[serde(rename = "da-ghi", default)]
    saved: String,
    /// `1`: who the patient is.
    #[serde(rename = "danh-tinh", default)]
    reveal: String,
    /// `1`: what was sent before.
    #[serde(rename = "ban-truoc", default)]
    versions: String,
    /// `1`: all cost lines.
    #[serde(rename = "moi-dong", default)]
    all_lines: String,
}

impl View {
    /// The sheet with one of its cases.
    pub(super) fn of_case(case: &str) -> Self {
        Self { case: case.to_owned(), ..Self::default() }
    }
}

/// Everything a sheet shows.
pub(super) struct Sheet {
    pub(super) visit: i64,
    pub(super) facility: String,
    pub(super) period: Month,
    pub(super) stay: Option<Stay>,
    pub(super) stored: Option<StoredVisit>,
    pub(super) found: Vec<FoundHere>,
    /// Visits that its findings compare it with and that are open to who looks; none while it hides its facts.
    pub(super) open_others: BTreeSet<i64>,
    /// The cases of the visit, the first one first.
    pub(super) cases: Vec<ReviewCase>,
    /// Keys of the findings that one of them holds.
    pub(super) held: BTreeSet<FindingKey>,
    /// The one of them that is shown.
    pub(super) case: Option<ReviewCase>,
    /// How much of it who looks may see.
    pub(super) seen: Seen,
}

impl Sheet {
    /// Gathers it as the run of a month has it, with that run and one of its cases; where no month is named, the newest that has the visit, where
    /// no case is, the last one.
    pub(super) async fn load(
        audit: &Audit,
        viewer: &Viewer,
        visit: i64,
        (month, case): (&str, &str),
    ) -> Result<(Arc<Snapshot>, Self), PageError> {
        let snapshot = audit.serving.of_visit(&audit.app, visit, month).await?;
        let sheet = Self::of(audit, viewer, &snapshot, visit, case).await?;
        Ok((snapshot, sheet))
    }

    /// Gathers it; a visit that nobody knows looks like one of a facility that is not open to who asks.
    async fn of(audit: &Audit, viewer: &Viewer, snapshot: &Snapshot, visit: i64, which: &str) -> Result<Self, PageError> {
        let inner = |e: EngineError| PageError::inner(&e);
        let (desk, scope) = (&audit.app.desk, &viewer.scope);
        let cases = desk.reviews_of_visits(scope, &[visit]).await.map_err(PageError::desk)?;
        let ids: Vec<String> = cases.iter().map(|case| case.id.clone()).collect();
        let lines = desk.lines_of_reviews(scope, &ids).await.map_err(PageError::desk)?;
        let held = lines.values().flatten().map(|line| line.finding).collect();
        let case = cases.iter().find(|case| case.id == which).or(cases.last()).cloned();
        let stay = stays::of_visit(snapshot, visit).await.map_err(inner)?;
        let found = found::of_visit(&snapshot.session, visit).await.map_err(inner)?;
        let line = snapshot.visit(visit);
        let facility = case.as_ref().map(|case| case.facility.clone());
        let facility = facility.or_else(|| stay.as_ref().map(|(stay, _)| stay.facility.clone()));
        let facility = facility.or_else(|| line.map(|line| line.facility.clone())).ok_or(PageError::NotFound)?;
        // What is open of cases the desk has said already.
        if case.is_none() && !snapshot.is_open(&viewer.scope, &facility) {
            return Err(PageError::NotFound);
        }
        let period = stay.as_ref().map(|(_, month)| *month).or(case.as_ref().map(|case| case.period)).unwrap_or(snapshot.period);
        let stored = audit.dossier(period, &facility, visit).await?;
        let stay = stay.map(|(stay, _)| stay);
        let seen = protected::seen(audit, viewer, visit, stored.as_ref(), stay.as_ref()).await?;
        let others = if seen.hides() { BTreeSet::new() } else { found::others(&found) };
        let facilities = stays::facilities_of(snapshot, &others).await.map_err(inner)?;
        let is_open = |(other, facility): (i64, String)| snapshot.is_open(&viewer.scope, &facility).then_some(other);
        let open_others = facilities.into_iter().filter_map(is_open).collect();
        Ok(Self { visit, facility, period, stay, stored, found, open_others, cases, held, case, seen })
    }

    /// Whether the visit is known from sheets 79a and 80a alone.
    fn is_row(&self) -> bool {
        self.stored.as_ref().map_or_else(|| self.stay.as_ref().is_some_and(|stay| stay.sheet), |stored| stored.sheet)
    }

    /// Titles of rules by the line they are about.
    fn marked(&self, audit: &Audit, l: Locale) -> BTreeMap<(String, i64), BTreeSet<String>> {
        let mut marked: BTreeMap<(String, i64), BTreeSet<String>> = BTreeMap::new();
        for found in &self.found {
            if let (Some(table), Some(line)) = (&found.table, found.line) {
                marked.entry((table.clone(), line)).or_default().insert(words::rule(&audit.app, l, &found.rule));
            }
        }
        marked
    }
}

/// `GET /giam-dinh/ho-so/{visit}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(visit): Path<i64>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    page(&audit, &viewer, visit, &view, &Returned::default()).await
}

/// The sheet of a visit as it is now; with the form that came back, where one did.
pub(super) async fn page(
    audit: &Audit,
    viewer: &Viewer,
    visit: i64,
    view: &View,
    returned: &Returned,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let (snapshot, sheet) = Sheet::load(audit, viewer, visit, (&view.month, &view.case)).await?;
    let record = match &sheet.case {
        Some(case) => Some(app.desk.review(&viewer.scope, &case.id).await.map_err(PageError::desk)?),
        None => None,
    };
    let record = if sheet.seen.hides() { record.map(protected::without_words) } else { record };
    let reveals = view.reveal == "1";
    if reveals {
        desk::require(&viewer.scope, Permission::RevealIdentity).map_err(|_| PageError::Forbidden)?;
    }
    let action = if reveals { AuditAction::RevealIdentity } else { AuditAction::ViewReview };
    let mut event = ReadEvent::new(action, "review").object(format!("V{visit}")).run(&snapshot.run);
    if matches!(sheet.seen, Seen::Opened(_)) {
        event = event.word("by", "protected_opening");
    }
    let audited = app.audit(viewer, event).await?;
    let here = sheet_of_month(visit, &view.month);
    let names = audit.facility_names(viewer).await?;
    let facility = words::facility(&names, Some(&snapshot), &sheet.facility);
    let mut left = SafeHtml::default();
    if view.saved == "1" {
        left.push(note(NoteKind::Info, &l.t("claims-saved-title"), SafeHtml::text(&l.t("claims-saved"))));
    }
    left.push(protected::above(audit, l, viewer, &sheet, returned));
    if sheet.is_row() {
        left.push(note(NoteKind::Caution, &l.t("claims-of-sheet"), SafeHtml::text(&l.t("claims-of-sheet-why"))));
    }
    match &sheet.stored {
        Some(stored) => left.push(dossier::head(audit, l, stored, &facility, (reveals, sheet.seen.hides()))),
        // The file is over its term of keeping; what the run kept of the visit stands in the course below.
        None if sheet.is_row() => {}
        None => left.push(note(NoteKind::Caution, &l.t("claims-no-dossier"), SafeHtml::text(&l.t("claims-no-dossier-why")))),
    }
    if sheet.stored.as_ref().is_some_and(|stored| stored.versions > 1) {
        left.push(match view.versions == "1" {
            true => {
                let seen = (sheet.seen.hides(), matches!(sheet.seen, Seen::Opened(_)));
                versions::panel(audit, l, (sheet.period, &sheet.facility, visit), seen).await?
            }
            false => paragraph(Link::new(l.t("claims-versions-show"), and(&here, "ban-truoc=1#ban-da-gui"))),
        });
    }
    left.push(sheet_parts::findings(audit, l, &sheet));
    if let Some(record) = &record {
        left.push(record::lines(audit, l, &record.lines, true));
        let gone = gone::of_case(audit, &snapshot, (visit, &record.case.facility, record.case.period), &record.lines).await?;
        left.push(gone::panel(audit, l, &record.lines, &gone));
        left.push(record::answers(audit, l, viewer, &record.answers, &record.lines).await?);
        left.push(line_forms::of_case(audit, l, viewer, record, &sheet.found, returned));
    }
    left.push(sheet_parts::open_form(audit, l, viewer, &sheet));
    if let Some(stored) = sheet.stored.as_ref().filter(|stored| !stored.sheet) {
        let more = (view.all_lines != "1").then(|| and(&here, "moi-dong=1#dong-chi-phi"));
        left.push(dossier::lines(audit, l, stored, (&sheet.marked(audit, l), sheet.seen.hides()), more));
    }
    if let Some(stay) = &sheet.stay {
        left.push(
            stays::panel(audit, l, &viewer.scope, &snapshot, (stay, sheet.seen.hides()), &names)
                .await
                .map_err(|e| PageError::inner(&e))?,
        );
    }
    let mut right = sheet_parts::cases(l, &sheet);
    if let Some(record) = &record {
        let end = sheet.stay.as_ref().and_then(|stay| stay.end_day);
        let end = end.or_else(|| snapshot.visit(visit).and_then(|line| line.end)).filter(|_| !sheet.seen.hides());
        right.push(side(audit, l, viewer, record, (sheet.seen.hides(), end), returned).await?);
    }
    let mut page = app.page(viewer, &here, queue::visit_name(l, visit));
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT)];
    page.here = l.t("claims-sheet");
    let state = sheet.case.as_ref().map(|case| words::state(l, case.state).html());
    let calendar = clock_page::calendar(app)?;
    let due = sheet.case.as_ref().and_then(|case| record::term(l, &calendar, case, app.today()));
    page.facts = SafeHtml::join([Some(SafeHtml::text(&facility)), state, due].into_iter().flatten(), " ");
    if !reveals && sheet.stored.is_some() && desk::may(&viewer.scope, Permission::RevealIdentity) {
        page.actions = vec![Button::link(l.t("claims-reveal"), and(&here, "danh-tinh=1"), ButtonKind::Default)];
    }
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let whole = match right.is_empty() {
        true => stack(left),
        false => columns(Columns::MainSide, [stack(left), stack(right)]),
    };
    page.body = returned.head(l, &whole).then(whole);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-sheet-audit")));
    page.foot = vec![l.t("claims-foot"), l.t_args("claims-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// The case itself: where it stands, which terms run, what can be done with it as a whole, its files and its history.
async fn side(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    record: &ReviewRecord,
    (hides, visit_end): (bool, Option<Date>),
    returned: &Returned,
) -> Result<SafeHtml, PageError> {
    let mut side = record::facts(audit, l, viewer, record).await?;
    side.push(record::clocks(audit, l, record, visit_end)?);
    let documents = letters::of_visit(audit, viewer, &record.case).await?;
    side.push(forms::of_case(audit, l, viewer, record, &documents, returned).await?);
    side.push(step_form::panel(audit, l, viewer, &record.case, returned));
    side.push(letters::panel(audit, l, viewer, &record.case, &documents));
    side.push(record::files(audit, l, viewer, record, hides).await?);
    side.push(record::history(audit, l, viewer, &record.history).await?);
    Ok(side)
}
