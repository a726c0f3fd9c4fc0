//! Form 09/BH as an Excel file and as XML: the lines that a facility has to explain, out with places to fill in, and back as its answers.
//!
//! Each row brings its line and the version of its case back, in hidden columns or in the `Id` of its dossier: what is of another facility, or was changed in
//! between, is refused row by row. A case is answered whole: where one of its rows is refused, none of it is written down.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Multipart, Query as FromQuery, State};
use base::Month;
use chapter::{PageError, Shown, SmallSheet, Viewer, reject_row};
use desk::{
    AuditAction, DeskError, FacilityReviewRecord, PageAt, ReadEvent, ReviewOrder, ReviewQuery, ReviewRefusal, ReviewState,
};
use documents::sheet::{Sheet, write_xlsx};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Control, Field, Form, Link, Panel, Row, Table, audit_note, paragraph};
use web::{Lang, Locale, SafeHtml};

use super::facility_case::asked as asked_lines;
use super::files::Parts;
use super::paper_data::{MOST_MINUTES, provenance};
use super::paper_files::XLSX;
use super::{Audit, FACILITY, words};
use crate::papers::{
    CaseAnswers, SheetRow, Why, answer_layout, answer_rows, answer_xml, is_xml, read_answer_xml, sort, xml_rows,
};
use crate::store::LineNumbers;

/// Path of the file.
pub(super) const FILE: &str = "/co-so/09-bh.xlsx";
/// Path of the same as XML.
pub(super) const XML: &str = "/co-so/09-bh.xml";
/// Where it is sent back to.
pub(super) const BACK: &str = "/co-so/09-bh";
/// Bytes of a file that comes back.
const BYTES: usize = 4 << 20;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// One case alone.
    #[serde(rename = "vu-viec", default)]
    review: String,
}

/// `GET /co-so/09-bh.xlsx`.
pub(super) async fn give(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let code = desk::facility_of(&viewer.scope).ok_or(PageError::Forbidden)?;
    let (records, left) = waiting(&audit, &viewer, &asked.review).await?;
    let cases = with_dossiers(&audit, &viewer, code, &records).await?;
    let numbers = numbers_of(&audit, code, records.iter().map(place_of).collect()).await?;
    let form = &audit.papers.answer;
    let mut rows = Vec::new();
    for (record, dossier) in &cases {
        let first = i64::try_from(rows.len() + 1).unwrap_or(i64::MAX);
        rows.extend(answer_rows(form, record, (dossier.as_str(), &numbers), first));
    }
    let event = ReadEvent::new(AuditAction::Export, "claim_form").object(code).word("form", "09-bh");
    let audited = app.audit(&viewer, event.count("rows", rows.len() as i64)).await?;
    let states: Vec<String> = form.states.iter().map(|state| format!("{} = {}", state.code, state.words)).collect();
    let mut footer = vec![l.t_args("claims-answer-file-doubt", &[("doubt", form.doubt.as_str().into())])];
    if left > 0 {
        footer.push(l.t_args("claims-answer-file-left", &[("n", left.into())]));
    }
    let today = app.today();
    let sheet = Sheet {
        name: form.form.replace('/', "-"),
        title: vec![
            format!("{}: {}", form.form, form.title),
            l.t_args("claims-answer-file-how", &[("states", states.join("; ").into())]),
        ],
        columns: form.sheet_columns(),
        rows,
        footer,
        provenance: provenance(&audit, &viewer, format!("{} ({code})", viewer.unit_name), today),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("09-bh-{code}-{today}.xlsx"), audited))
}

/// `GET /co-so/09-bh.xml`.
pub(super) async fn give_xml(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let code = desk::facility_of(&viewer.scope).ok_or(PageError::Forbidden)?;
    let (records, _) = waiting(&audit, &viewer, &asked.review).await?;
    let cases = with_dossiers(&audit, &viewer, code, &records).await?;
    let cases: Vec<(&FacilityReviewRecord, &str)> = cases.iter().map(|(record, dossier)| (*record, dossier.as_str())).collect();
    let event = ReadEvent::new(AuditAction::Export, "claim_form").object(code).word("form", "09-bh").word("format", "xml");
    let rows: usize = records.iter().map(|record| asked_lines(&record.lines).count()).sum();
    let audited = app.audit(&viewer, event.count("rows", rows as i64)).await?;
    let today = app.today();
    let numbers = numbers_of(&audit, code, records.iter().map(place_of).collect()).await?;
    let xml = answer_xml(&audit.papers.answer, (code, today), &cases, &numbers);
    Ok(Shown::file(xml.into_bytes(), "application/xml", format!("09-bh-{code}-{today}.xml"), audited))
}

/// Cases with the facility's own key of each visit, empty where the book does not have it; none that waits is told as that.
async fn with_dossiers<'r>(
    audit: &Audit,
    viewer: &Viewer,
    code: &str,
    records: &'r [FacilityReviewRecord],
) -> Result<Vec<(&'r FacilityReviewRecord, String)>, PageError> {
    if records.is_empty() {
        return Err(PageError::BadRequest(audit.app.locale(viewer).t("claims-answer-file-none")));
    }
    let mut links: BTreeMap<Month, BTreeMap<i64, (String, String)>> = BTreeMap::new();
    for month in records.iter().map(|record| record.case.period).collect::<BTreeSet<_>>() {
        links.insert(month, audit.links(month, code).await?);
    }
    let dossier = |record: &FacilityReviewRecord| {
        let link = links.get(&record.case.period).and_then(|of_month| of_month.get(&record.case.visit));
        link.map(|(_, link)| link.clone()).unwrap_or_default()
    };
    Ok(records.iter().map(|record| (record, dossier(record))).collect())
}

/// The month and the visit of a case.
fn place_of(record: &FacilityReviewRecord) -> (Month, i64) {
    (record.case.period, record.case.visit)
}

/// The numbers that the facility gave the cost lines of cases (STT), given by month and visit.
async fn numbers_of(audit: &Audit, code: &str, cases: Vec<(Month, i64)>) -> Result<LineNumbers, PageError> {
    let mut visits: BTreeMap<Month, BTreeSet<i64>> = BTreeMap::new();
    for (month, visit) in cases {
        visits.entry(month).or_default().insert(visit);
    }
    let mut numbers = LineNumbers::new();
    for (month, visits) in visits {
        numbers.extend(audit.line_numbers(month, code, visits).await?);
    }
    Ok(numbers)
}

/// The cases that wait for the facility, those due first, and how many more there are than one file holds; one alone where it is named.
async fn waiting(audit: &Audit, viewer: &Viewer, review: &str) -> Result<(Vec<FacilityReviewRecord>, usize), PageError> {
    let desk = &audit.app.desk;
    if !review.is_empty() {
        let record = desk.facility_review(&viewer.scope, review).await.map_err(PageError::desk)?;
        return Ok((Some(record).filter(|record| record.case.state == ReviewState::Sent).into_iter().collect(), 0));
    }
    let mut query = ReviewQuery::new(audit.app.today());
    query.order = ReviewOrder::Due;
    query.state = Some(ReviewState::Sent);
    let (mut records, mut at) = (Vec::new(), PageAt::First);
    loop {
        let page = desk.facility_reviews(&viewer.scope, &query, &at, 100).await.map_err(PageError::desk)?;
        let count = usize::try_from(page.count).unwrap_or(0);
        for case in page.rows.iter().take(MOST_MINUTES.saturating_sub(records.len())) {
            records.push(desk.facility_review(&viewer.scope, &case.id).await.map_err(PageError::desk)?);
        }
        match page.rows.last().filter(|_| page.has_next && records.len() < MOST_MINUTES) {
            Some(last) => at = PageAt::After(last.place()),
            None => {
                let left = count.saturating_sub(records.len());
                return Ok((records, left));
            }
        }
    }
}

/// What became of a file.
#[derive(Default)]
struct Taken {
    rows: usize,
    empty: usize,
    /// Rows that were written down.
    done: usize,
    cases: usize,
    refused: Vec<(i64, Why)>,
}

/// `POST /co-so/09-bh`.
pub(super) async fn take(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let code = desk::facility_of(&viewer.scope).ok_or(PageError::Forbidden)?;
    let unreadable = || PageError::BadRequest(l.t("claims-answer-file-unreadable"));
    let parts = Parts::read(l, sent).await?;
    let number = parts.text("so");
    let file = parts.file.ok_or_else(unreadable)?;
    let form = &audit.papers.answer;
    let (rows, rejects, known) = if is_xml(&file.bytes) {
        let small = Some(&file.bytes).filter(|bytes| bytes.len() <= BYTES);
        let lines = small.and_then(|bytes| read_answer_xml(form, bytes)).ok_or_else(unreadable)?;
        let known = known(&audit, &viewer, lines.iter().map(|line| line.case.as_str()).collect()).await?;
        let numbers = numbers_of(&audit, code, known.values().map(place_of).collect()).await?;
        (xml_rows(&lines, &known, &numbers), Vec::new(), known)
    } else {
        let layout = answer_layout(form);
        let mut rows = Vec::new();
        let sheet = SmallSheet { layout: &layout, kind: "claim_answer", max_bytes: BYTES };
        let read = sheet.read(file.bytes, &app.places, &mut |row| rows.push(SheetRow::of(row)));
        let rejects = read.map_err(|()| unreadable())?;
        let known = known(&audit, &viewer, rows.iter().filter_map(|row: &SheetRow| row.key.split('.').next()).collect()).await?;
        (rows, rejects, known)
    };
    let sorted = sort(form, &rows, &known);
    let mut taken = Taken { rows: rows.len() + rejects.len(), empty: sorted.empty, refused: sorted.refused, ..Taken::default() };
    taken.refused.extend(rejects.iter().map(|reject| (reject_row(reject), Why::Cell(reject.reason))));
    for case in sorted.cases {
        match put(&audit, &viewer, &case, &number).await? {
            None => {
                taken.done += case.rows.len();
                taken.cases += 1;
            }
            Some(why) => taken.refused.extend(case.rows.iter().map(|row| (*row, why.clone()))),
        }
    }
    taken.refused.sort_by_key(|(row, _)| *row);
    let event = ReadEvent::new(AuditAction::ViewRows, "claim_form").word("form", "09-bh").count("rows", taken.rows as i64);
    let audited = app.audit(&viewer, event.count("refused", taken.refused.len() as i64)).await?;
    let mut page = app.page(&viewer, FACILITY, l.t("claims-answer-file-result"));
    page.crumbs = vec![Link::new(l.t("claims-menu-facility"), FACILITY)];
    page.here = l.t("claims-answer-file-result");
    page.actions = vec![Button::link(l.t("claims-answer-file-back"), FACILITY, ButtonKind::Primary)];
    page.body = result(l, &taken);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-facility-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// The facility's own cases that the rows name; those of others are not found, as if they were not there.
async fn known(
    audit: &Audit,
    viewer: &Viewer,
    named: BTreeSet<&str>,
) -> Result<BTreeMap<String, FacilityReviewRecord>, PageError> {
    let mut known = BTreeMap::new();
    for id in named.into_iter().filter(|id| !id.is_empty()) {
        match audit.app.desk.facility_review(&viewer.scope, id).await {
            Ok(record) => drop(known.insert(id.to_owned(), record)),
            Err(DeskError::NotFound { .. } | DeskError::Invalid { .. }) => {}
            Err(other) => return Err(PageError::desk(other)),
        }
    }
    Ok(known)
}

/// Writes down the answers about a case; why they were refused, where they were.
async fn put(audit: &Audit, viewer: &Viewer, case: &CaseAnswers, number: &str) -> Result<Option<Why>, PageError> {
    // One file answers several cases: each has a number of its own, the same when the file is sent twice.
    let hash = blake3::hash(format!("{number} {}", case.review).as_bytes()).to_hex();
    let form = format!("a{}", hash.as_str().get(..40).unwrap_or_default());
    let app = &audit.app;
    let done = app.desk.answer_review(&viewer.scope, &case.review, case.version, &case.answers, app.today(), &form).await;
    match done {
        Ok(_) => Ok(None),
        Err(DeskError::ReviewRefused { why: ReviewRefusal::Stale }) => Ok(Some(Why::Stale)),
        Err(DeskError::ReviewRefused { why }) => Ok(Some(Why::Desk(why))),
        Err(DeskError::NotFound { .. }) => Ok(Some(Why::Foreign)),
        Err(other) => Err(PageError::desk(other)),
    }
}

fn result(l: Locale, taken: &Taken) -> SafeHtml {
    let counts = [
        ("rows", taken.rows.into()),
        ("done", taken.done.into()),
        ("cases", taken.cases.into()),
        ("empty", taken.empty.into()),
        ("refused", taken.refused.len().into()),
    ];
    let mut body = paragraph(SafeHtml::text(&l.t_args("claims-answer-file-counts", &counts)));
    if !taken.refused.is_empty() {
        let head = vec![Column::text(l.t("claims-answer-file-row")), Column::text(l.t("claims-reason"))];
        let rows = taken.refused.iter().map(|(row, why)| Row::new(vec![Cell::text(l.number(*row)), Cell::text(said(l, why))]));
        let title = l.t("claims-answer-file-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    body
}

fn said(l: Locale, why: &Why) -> String {
    match why {
        Why::Foreign => l.t("claims-answer-row-foreign"),
        Why::Stale => l.t("claims-answer-row-stale"),
        Why::State => l.t("claims-answer-row-state"),
        Why::Amount => l.t("claims-answer-row-amount"),
        Why::Field => l.t("claims-answer-row-field"),
        Why::Reason => l.t("claims-answer-row-reason"),
        Why::Twice => l.t("claims-answer-row-twice"),
        Why::Unfilled => l.t("claims-answer-row-unfilled"),
        Why::Others => l.t("claims-answer-row-others"),
        Why::Desk(why) => words::refusal(l, *why),
        Why::Cell(reason) if l.lang() == Lang::En => reason.en().to_owned(),
        Why::Cell(reason) => reason.vi().to_owned(),
    }
}

/// The file, and where it is sent back.
pub(super) fn panel(audit: &Audit, l: Locale, viewer: &Viewer) -> SafeHtml {
    let what = paragraph(SafeHtml::text(&l.t("claims-answer-file-what")));
    let link = paragraph(Link::new(l.t("claims-answer-file"), FILE));
    let xml = paragraph(Link::new(l.t("claims-answer-xml"), XML));
    let doubt = l.t_args("claims-answer-xml-what", &[("doubt", audit.papers.answer.xml_doubt.as_str().into())]);
    let xml_what = paragraph(SafeHtml::text(&doubt));
    let form = Form {
        action: BACK.into(),
        reads: false,
        hidden: vec![("so".into(), audit.app.form_number(viewer, "claim answers 09"))],
        body: Field::new("tep", l.t("claims-answer-file-filled"), Control::File(".xlsx,.csv,.xml".into())).html(l),
        buttons: vec![Button::submit(l.t("claims-answer-file-send"), ButtonKind::Default).busy(l.t("claims-saving"))],
    };
    Panel::new(l.t("claims-answer-file-title"), SafeHtml::concat([what, link, xml, xml_what, form.with_files()]))
        .id("mau-09")
        .html()
}

/// The file of one case alone, as a sheet and as XML.
pub(super) fn hrefs_of(review: &str) -> [String; 2] {
    [FILE, XML].map(|file| format!("{file}?vu-viec={review}"))
}
