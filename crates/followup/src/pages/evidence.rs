//! Evidence of a report: files, links and figures, added and taken out by its unit.

use axum::Extension;
use axum::extract::{Form as FromForm, Multipart, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Evidence, EvidenceKind, NewEvidence, NewFile, ReadEvent, TaskReport};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Control, Field, Form, Panel, Row, Table, empty_state};
use web::{Locale, SafeHtml};

use super::{go, report::hidden, report_href};
use crate::Followup;

/// What shows a report, and the forms to change it where the viewer may.
pub(super) fn panel(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    report: &TaskReport,
    shown: &[Evidence],
    writes: bool,
) -> SafeHtml {
    let mut head = vec![Column::text(l.t("followup-evidence-kind")), Column::text(l.t("followup-evidence-what"))];
    if writes {
        head.push(Column::text(l.t("followup-column-act")));
    }
    let row = |one: &Evidence| {
        let mut cells = vec![Cell::text(l.t(kind_key(one.kind))), what(report, one)];
        if writes {
            let form = Form {
                action: format!("{}/minh-chung/{}/bo", report_href(&report.id), one.id),
                reads: false,
                hidden: hidden(followup, viewer, report),
                body: SafeHtml::empty(),
                buttons: vec![Button::submit(l.t("followup-evidence-remove"), ButtonKind::Quiet)],
            };
            cells.push(Cell::html(form.html()));
        }
        Row::new(cells)
    };
    let empty = empty_state(&l.t("followup-evidence-none"), &l.t("followup-evidence-none-why"), None);
    let table =
        Table::new("minh-chung", l.t("followup-evidence"), head).rows(shown.iter().map(row)).empty(empty).worklist().html(l);
    let list = Panel::flush(l.t("followup-evidence"), table).html();
    if writes { list.then(add_form(followup, l, viewer, report)) } else { list }
}

fn kind_key(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Document => "followup-evidence-document",
        EvidenceKind::File => "followup-evidence-file",
        EvidenceKind::Link => "followup-evidence-link",
        EvidenceKind::Figure => "followup-evidence-figure",
    }
}

fn what(report: &TaskReport, one: &Evidence) -> Cell {
    match (one.kind, &one.target) {
        (EvidenceKind::File, _) => Cell::link(&one.label, format!("{}/minh-chung/{}", report_href(&report.id), one.id)),
        (EvidenceKind::Link, Some(address)) => Cell::link(&one.label, address.as_str()).note(address.as_str()),
        (EvidenceKind::Document, Some(document)) => Cell::link(&one.label, format!("/van-ban/{document}")),
        _ => Cell::text(&one.label),
    }
}

fn add_form(followup: &Followup, l: Locale, viewer: &Viewer, report: &TaskReport) -> SafeHtml {
    let fields = [
        Field::new("tep", l.t("followup-evidence-file"), Control::File(".pdf,.png,.jpg,.jpeg,.docx,.xlsx".into()))
            .hint(l.t("followup-evidence-file-hint"))
            .optional(),
        Field::new("dia-chi", l.t("followup-evidence-link"), Control::Text).hint(l.t("followup-evidence-link-hint")).optional(),
        Field::new("ten", l.t("followup-evidence-label"), Control::Text).optional(),
    ];
    let form = Form {
        action: format!("{}/minh-chung", report_href(&report.id)),
        reads: false,
        hidden: hidden(followup, viewer, report),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("followup-evidence-add"), ButtonKind::Default)],
    };
    Panel::new(l.t("followup-evidence-new"), form.with_files()).html()
}

/// `POST /ke-hoach/bao-cao/{report}/minh-chung`.
pub(super) async fn add(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    mut sent: Multipart,
) -> Result<Response, PageError> {
    let l = followup.app.locale(&viewer);
    let wrong = |_| PageError::BadRequest(l.t("followup-fault-file"));
    let (mut number, mut label, mut address, mut file) = (String::new(), String::new(), String::new(), None);
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => number = field.text().await.map_err(wrong)?,
            "ten" => label = base::names::clean(&field.text().await.map_err(wrong)?),
            "dia-chi" => address = field.text().await.map_err(wrong)?,
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some(NewFile { name, bytes: field.bytes().await.map_err(wrong)?.to_vec() });
            }
            _ => {}
        }
    }
    let file = file.filter(|file| !file.bytes.is_empty());
    let address = address.trim().to_owned();
    let label = if label.is_empty() { address.clone() } else { label };
    let new = match (file, address.is_empty()) {
        (Some(file), true) => NewEvidence::File(file),
        (None, false) => match own_document(&address) {
            Some(document) => NewEvidence::Document { id: document.to_owned(), label },
            None => NewEvidence::Link { address, label },
        },
        _ => return Err(PageError::BadRequest(l.t("followup-fault-evidence"))),
    };
    followup.app.desk.add_evidence(&viewer.scope, &id, new, &number).await.map_err(|error| match error {
        desk::DeskError::Invalid { field: "link", .. } => PageError::BadRequest(l.t("followup-fault-link")),
        desk::DeskError::Invalid { .. } => PageError::BadRequest(l.t("followup-fault-file")),
        other => PageError::desk(other),
    })?;
    Ok(go(&report_href(&id)))
}

/// The document of this system that an address opens: `/van-ban/` and its id, with or without the portal before it.
fn own_document(address: &str) -> Option<&str> {
    let (portal, id) = address.split_once("/van-ban/")?;
    let here = portal.is_empty() || portal.split_once("://").is_some_and(|(_, host)| !host.contains('/'));
    let known = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (here && known).then_some(id)
}

/// What the form of taking out sends.
#[derive(Debug, Deserialize)]
pub(super) struct Removed {
    #[serde(rename = "so")]
    number: String,
}

/// `POST /ke-hoach/bao-cao/{report}/minh-chung/{evidence}/bo`.
pub(super) async fn remove(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path((report, evidence)): Path<(String, String)>,
    FromForm(removed): FromForm<Removed>,
) -> Result<Response, PageError> {
    let desk = &followup.app.desk;
    desk.remove_evidence(&viewer.scope, &report, &evidence, &removed.number).await.map_err(PageError::desk)?;
    Ok(go(&report_href(&report)))
}

/// `GET /ke-hoach/bao-cao/{report}/minh-chung/{evidence}`: a file, saved under a name of fixed words.
pub(super) async fn open(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path((report, evidence)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    let (known, bytes) = followup.app.desk.evidence_file(&viewer.scope, &report, &evidence).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").object(report).word("file", &known.id);
    let audited = followup.app.audit(&viewer, event).await?;
    let media = known.file.map(|(media, _)| media).unwrap_or_default();
    let (media, ending) = self::media(&media);
    Ok(Shown::file(bytes, media, format!("minh-chung-{}.{ending}", &known.id[..8]), audited))
}

/// The media type of a file that is kept, and the ending of its name.
pub(super) fn media(kept: &str) -> (&'static str, &'static str) {
    match kept {
        "application/pdf" => ("application/pdf", "pdf"),
        "image/png" => ("image/png", "png"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
        }
        _ => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_the_system_is_known_by_its_address() {
        let id = "019abc12-3456-7890-abcd-ef0123456789";
        assert_eq!(own_document(&format!("/van-ban/{id}")), Some(id));
        assert_eq!(own_document(&format!("https://ansinh.example/van-ban/{id}")), Some(id));
        for other in
            ["/van-ban/x", "https://other.example/a/van-ban/019abc12-3456-7890-abcd-ef0123456789", "https://bao.example/tin"]
        {
            assert_eq!(own_document(other), None, "{other}");
        }
    }
}
