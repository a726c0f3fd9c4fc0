//! Minutes of meetings and what shows that a conclusion was done: files and documents of the desk.

use axum::Extension;
use axum::extract::{Form as FromForm, Multipart, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, CommitteeFile, DeskError, NewCommitteeFile, NewFile, ReadEvent};
use web::component::{Button, ButtonKind, Cell, Column, Control, Field, Panel, Row, Table, empty_state};
use web::{Locale, SafeHtml, tag};

use super::{conclusion_href, meeting_href};
use crate::Followup;
use crate::pages::go;
use crate::pages::parts::{Sent, form};

/// Whose files a panel shows.
pub(super) struct Of<'a> {
    pub(super) meeting: &'a str,
    pub(super) conclusion: Option<&'a str>,
    pub(super) writes: bool,
}

impl Of<'_> {
    fn page(&self) -> String {
        self.conclusion.map_or_else(|| meeting_href(self.meeting), conclusion_href)
    }

    fn action(&self) -> String {
        let kind = if self.conclusion.is_some() { "minh-chung" } else { "bien-ban" };
        format!("{}/{kind}", self.page())
    }
}

/// The files, and the form that adds one where the viewer may.
pub(super) fn panel(followup: &Followup, l: Locale, viewer: &Viewer, files: &[CommitteeFile], of: &Of<'_>) -> SafeHtml {
    let mut head = vec![Column::text(l.t("followup-evidence-what"))];
    if of.writes {
        head.push(Column::text(l.t("followup-column-act")));
    }
    let row = |one: &CommitteeFile| {
        let mut cells = vec![match &one.document {
            Some(document) => Cell::link(&one.label, format!("/van-ban/{document}")),
            None => Cell::link(&one.label, format!("/ke-hoach/tep-hop/{}", one.id)),
        }];
        if of.writes {
            let buttons = vec![Button::submit(l.t("followup-evidence-remove"), ButtonKind::Quiet)];
            let action = format!("/ke-hoach/tep-hop/{}/bo", one.id);
            cells.push(Cell::html(form(&followup.app, viewer, action, Vec::new(), SafeHtml::empty(), buttons).html()));
        }
        Row::new(cells)
    };
    let title = l.t(if of.conclusion.is_some() { "followup-evidence" } else { "committee-minutes" });
    let empty = empty_state(&l.t("committee-no-file"), &l.t("committee-no-file-why"), None);
    let table = Table::new("tep", title.clone(), head).rows(files.iter().map(row)).empty(empty).worklist().html(l);
    if !of.writes {
        return Panel::flush(title, table).html();
    }
    let fields = [
        Field::new("tep-moi", l.t("followup-evidence-file"), Control::File(".pdf,.png,.jpg,.jpeg,.docx,.xlsx".into()))
            .hint(l.t("followup-evidence-file-hint"))
            .optional(),
        Field::new("van-ban", l.t("committee-document"), Control::Text).hint(l.t("committee-document-hint")).optional(),
        Field::new("ten-tep", l.t("committee-document-label"), Control::Text).optional(),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("followup-evidence-add"), ButtonKind::Default)];
    let add = form(&followup.app, viewer, of.action(), Vec::new(), body, buttons).with_files();
    let add = tag("div").class("panel-body").child(add).html();
    Panel::flush(title, table.then(add)).html()
}

/// `POST /ke-hoach/cuoc-hop/{meeting}/bien-ban`.
pub(super) async fn add_minutes(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(meeting): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    add(&followup, &viewer, &Of { meeting: &meeting, conclusion: None, writes: true }, sent).await
}

/// `POST /ke-hoach/ket-luan/{conclusion}/minh-chung`.
pub(super) async fn add_evidence(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    let (_, found, _, _) = followup.app.desk.conclusion(&viewer.scope, &id).await.map_err(PageError::desk)?;
    add(&followup, &viewer, &Of { meeting: &found.meeting, conclusion: Some(&id), writes: true }, sent).await
}

async fn add(followup: &Followup, viewer: &Viewer, of: &Of<'_>, mut sent: Multipart) -> Result<Response, PageError> {
    let l = followup.app.locale(viewer);
    let wrong = |_| PageError::BadRequest(l.t("followup-fault-file"));
    let (mut number, mut label, mut document, mut file) = (String::new(), String::new(), String::new(), None);
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => number = field.text().await.map_err(wrong)?,
            "ten-tep" => label = base::names::clean(&field.text().await.map_err(wrong)?),
            "van-ban" => document = base::names::clean(&field.text().await.map_err(wrong)?),
            "tep-moi" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some(NewFile { name, bytes: field.bytes().await.map_err(wrong)?.to_vec() });
            }
            _ => {}
        }
    }
    let file = file.filter(|file| !file.bytes.is_empty());
    // A document is named by its address in the portal or by its id alone.
    let document = document.rsplit('/').next().unwrap_or_default().to_owned();
    let new = match (file, document.is_empty()) {
        (Some(file), true) => NewCommitteeFile::File(file),
        (None, false) => {
            let known = followup.app.desk.document(&viewer.scope, &document).await;
            known.map_err(|_| PageError::BadRequest(l.t("committee-fault-document")))?;
            let label = if label.is_empty() { l.t("followup-evidence-document") } else { label };
            NewCommitteeFile::Document { id: document, label }
        }
        _ => return Err(PageError::BadRequest(l.t("committee-fault-file"))),
    };
    let desk = &followup.app.desk;
    desk.add_committee_file(&viewer.scope, of.meeting, of.conclusion, new, &number).await.map_err(|error| match error {
        DeskError::Invalid { field: "file" | "name", .. } => PageError::BadRequest(l.t("followup-fault-file")),
        other => PageError::desk(other),
    })?;
    Ok(go(&of.page()))
}

/// `POST /ke-hoach/tep-hop/{file}/bo`.
pub(super) async fn remove(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(file): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let sent = Sent(sent);
    let answer = followup.app.desk.remove_committee_file(&viewer.scope, &file, sent.number()).await;
    let (meeting, conclusion) = answer.map_err(PageError::desk)?;
    Ok(go(&Of { meeting: &meeting, conclusion: conclusion.as_deref(), writes: true }.page()))
}

/// `GET /ke-hoach/tep-hop/{file}`: a file, saved under a name of fixed words.
pub(super) async fn open(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(file): Path<String>,
) -> Result<Shown, PageError> {
    let (known, bytes) = followup.app.desk.committee_file(&viewer.scope, &file).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "committee").object(file).word("file", &known.id);
    let audited = followup.app.audit(&viewer, event).await?;
    let media = known.file.map(|(media, _)| media).unwrap_or_default();
    let (media, ending) = super::super::evidence::media(&media);
    Ok(Shown::file(bytes, media, format!("tep-hop-{}.{ending}", &known.id[..8]), audited))
}
