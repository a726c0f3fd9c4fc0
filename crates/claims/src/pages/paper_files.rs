//! Forms as files: summary 01/BH, minutes 03/BH, settlement 06/BH of a facility, minutes of one case. Each download is written down.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::Month;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, ReviewCase, ReviewState};
use documents::letter::{Letter, Marks, write_docx, write_pdf};
use documents::sheet::{Cell, Sheet, write_xlsx};
use web::Lang;

use super::paper_data::{self, MOST_MINUTES, care_forms, cases, minutes_cases, provenance, quarter};
use super::paper_page::{Asked, month_of};
use super::{Audit, words};
use crate::papers::{Minutes, PaperForm, minutes_letter, settlement_rows, summary_rows};

/// Type of an Excel file.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `GET /giam-dinh/bieu/{facility}/{file}`.
pub(super) async fn of_facility(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path((facility, file)): Path<(String, String)>,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Shown, PageError> {
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let snapshot = audit.serving.current(&audit.app).await?;
    if !snapshot.facilities.contains_key(&facility) || !snapshot.is_open(&viewer.scope, &facility) {
        return Err(PageError::NotFound);
    }
    let month = month_of(&asked, &snapshot);
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let vi = audit.app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    match file.as_str() {
        "01-bh.xlsx" => {
            let parts = care_forms(&audit.formats.lists, vi, &snapshot, &facility, month).await.map_err(inner)?;
            let parts = parts.ok_or_else(|| PageError::BadRequest(audit.app.locale(&viewer).t("claims-form-no-month")))?;
            let rows = summary_rows(&audit.papers.summary, vi, &parts);
            let title = vi.month(month);
            sheet(&audit, &viewer, (&facility, month, title), (&audit.papers.summary, "01-bh"), rows).await
        }
        "06-bh.xlsx" => {
            let own = cases(&audit, &viewer, &facility).await?;
            let months = quarter(month);
            let sums = paper_data::sums(&audit, &snapshot, &facility, &months, &own).await?;
            let rows = settlement_rows(&audit.papers.settlement, vi, &sums);
            let number = i64::from((month.number() - 1) / 3 + 1);
            let title = vi.t_args("claims-form-quarter", &[("n", number.into()), ("year", month.year().to_string().into())]);
            sheet(&audit, &viewer, (&facility, month, title), (&audit.papers.settlement, "06-bh"), rows).await
        }
        "03-bh.docx" | "03-bh.pdf" => {
            let own = cases(&audit, &viewer, &facility).await?;
            // What was never sent is a draft of the agency, and what was closed refuses nothing.
            let told = |case: &&ReviewCase| {
                case.period == month && case.sent_on.is_some() && case.state != ReviewState::Closed && case.proposed.get() > 0
            };
            let told: Vec<&ReviewCase> = own.iter().filter(told).collect();
            minutes(&audit, &viewer, (&facility, month), &told, file.ends_with("pdf")).await
        }
        _ => Err(PageError::NotFound),
    }
}

/// `GET /giam-dinh/vu-viec/{review}/bien-ban/{file}`.
pub(super) async fn of_case(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path((review, file)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    if !matches!(file.as_str(), "03-bh.docx" | "03-bh.pdf") {
        return Err(PageError::NotFound);
    }
    let case = audit.app.desk.review(&viewer.scope, &review).await.map_err(PageError::desk)?.case;
    if case.proposed.get() == 0 {
        return Err(PageError::NotFound);
    }
    let facility = case.facility.clone();
    minutes(&audit, &viewer, (&facility, case.period), &[&case], file.ends_with("pdf")).await
}

/// Minutes 03/BH as a file.
async fn minutes(
    audit: &Audit,
    viewer: &Viewer,
    (facility, month): (&str, Month),
    cases: &[&ReviewCase],
    pdf: bool,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(viewer);
    if cases.is_empty() {
        return Err(PageError::BadRequest(l.t("claims-minutes-none")));
    }
    if cases.len() > MOST_MINUTES {
        let values = [("n", cases.len().into()), ("most", MOST_MINUTES.into())];
        return Err(PageError::BadRequest(l.t_args("claims-minutes-many", &values)));
    }
    let vi = app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    let event = ReadEvent::new(AuditAction::Export, "claim_form").object(facility).word("form", "03-bh");
    let event = event.word("period", &month.to_string()).word("format", if pdf { "pdf" } else { "docx" });
    let audited = app.audit(viewer, event.count("rows", cases.len() as i64)).await?;
    let names = audit.facility_names(viewer).await?;
    let snapshot = audit.serving.current(app).await?;
    let taken = provenance(audit, viewer, String::new(), app.today());
    let at = taken.exported_at;
    let values = [
        ("who", taken.exported_by.as_str().into()),
        ("at", format!("{:02}:{:02} {}", at.hour, at.minute, vi.date(at.date)).into()),
        ("purpose", vi.t("claims-form-purpose").into()),
    ];
    let minutes = Minutes {
        facility: words::facility(&names, Some(&snapshot), facility),
        period: month,
        cases: minutes_cases(audit, viewer, facility, month, cases).await?,
        unit: &viewer.unit_name,
        officer: viewer.label.clone(),
        month: app.today().month(),
        taken_out: vi.t_args("claims-form-taken-out", &values),
    };
    let letter = minutes_letter(&audit.papers.minutes, vi, &minutes);
    let bytes = tokio::task::spawn_blocking(move || write(&letter, pdf)).await;
    let bytes = bytes.map_err(|_| PageError::Internal { code: "claim_form" })??;
    let (media, ending) = if pdf { ("application/pdf", "pdf") } else { (DOCX, "docx") };
    Ok(Shown::file(bytes, media, format!("03-bh-{facility}-{month}.{ending}"), audited))
}

fn write(letter: &Letter, pdf: bool) -> Result<Vec<u8>, PageError> {
    let marks = Marks::default();
    let bytes = if pdf { write_pdf(letter, &marks) } else { write_docx(letter, &marks) };
    bytes.map_err(|e| PageError::inner(&e))
}

/// A form of a facility as a sheet, written down before it leaves.
async fn sheet(
    audit: &Audit,
    viewer: &Viewer,
    (facility, month, period): (&str, Month, String),
    (form, name): (&PaperForm, &str),
    rows: Vec<Vec<Cell>>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let event = ReadEvent::new(AuditAction::Export, "claim_form").object(facility).word("form", name);
    let event = event.word("period", &month.to_string()).count("rows", rows.len() as i64);
    let audited = app.audit(viewer, event).await?;
    let names = audit.facility_names(viewer).await?;
    let snapshot = audit.serving.current(app).await?;
    let facility_words = words::facility(&names, Some(&snapshot), facility);
    let made = Sheet {
        name: form.form.replace('/', "-"),
        title: vec![format!("{}: {}", form.form, form.title), format!("{facility_words} · {period}")],
        columns: form.sheet_columns(),
        rows,
        footer: vec![form.doubt.clone()],
        provenance: provenance(audit, viewer, format!("{facility_words}; {period}"), month.last_day()),
    };
    let bytes = write_xlsx(&made).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("{name}-{facility}-{month}.xlsx"), audited))
}
