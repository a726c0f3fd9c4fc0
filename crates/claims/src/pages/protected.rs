//! What of a visit is protected more than the rest (HIV, rối loạn tâm thần, ung thư): hidden until an officer of the city opens the visit with a reason,
//! which is written down and reviewed. Nobody else opens it; a facility sees its own visits as it sent them.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, TypedForm, Viewer};
use desk::{DeskError, HistoryEvent, NewProtectedOpening, Permission, ProtectedOpening, ReviewRecord};
use web::component::{Button, ButtonKind, Control, Field, Form, NoteKind, Panel, note, paragraph};
use web::{Locale, SafeHtml};

use super::act::back;
use super::dossier::Cells;
use super::sheet::Sheet;
use super::stays::Stay;
use super::{Audit, fields, go, sheet_href, text_of, words};
use crate::formats::Formats;
use crate::store::StoredVisit;

/// How much of a visit who looks at it may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing of it is protected.
    Plain,
    /// Diagnoses, names and codes of lines, facts of findings, what was said and files stay hidden.
    Hidden,
    /// It was opened by who looks, with a reason.
    Opened(ProtectedOpening),
}

impl Seen {
    /// Whether something is left out.
    pub(super) fn hides(&self) -> bool {
        *self == Self::Hidden
    }
}

/// How much of a visit who asks may see now.
pub(super) async fn seen(
    audit: &Audit,
    viewer: &Viewer,
    visit: i64,
    stored: Option<&StoredVisit>,
    stay: Option<&Stay>,
) -> Result<Seen, PageError> {
    if !is_protected(&audit.formats, stored, stay) {
        return Ok(Seen::Plain);
    }
    let opening = audit.app.desk.protected_opening(&viewer.scope, visit).await.map_err(PageError::desk)?;
    Ok(opening.map_or(Seen::Hidden, Seen::Opened))
}

/// Whether a visit is protected: by a code in its dossier as it was sent last, by a table that is there, or by its stay. Of a visit that cannot be read any
/// more nobody knows, so it is.
pub(super) fn is_protected(formats: &Formats, stored: Option<&StoredVisit>, stay: Option<&Stay>) -> bool {
    let protected = formats.forms.protected();
    let by_stay = stay.and_then(|stay| stay.main_code.as_deref()).is_some_and(|code| protected.is_protected(code));
    let by_dossier = stored.is_some_and(|stored| {
        let cells = Cells::new(formats, stored);
        let of_column = |(table, column): (claimfile::TableId, &str)| {
            let codes = (0..cells.rows(table)).filter_map(|row| cells.get(table, row, column));
            codes.flat_map(|cell| cell.split([';', ',', '|', ' '])).any(|code| protected.is_protected(code))
        };
        protected.columns().any(of_column) || protected.tables().iter().any(|table| cells.rows(*table) > 0)
    });
    by_stay || by_dossier || (stored.is_none() && stay.is_none())
}

/// A record of a case without what people wrote about the patient; money, lines, days and who did what stay.
pub(super) fn without_words(mut record: ReviewRecord) -> ReviewRecord {
    record.answers.iter_mut().for_each(|answer| answer.text.clear());
    for line in &mut record.lines {
        (line.decision_reason, line.appeal_reason) = (None, None);
    }
    if let Some(pending) = &mut record.case.pending {
        pending.lines.iter_mut().for_each(|line| line.reason.clear());
    }
    record.history = record.history.into_iter().map(|event| HistoryEvent { reason: None, ..event }).collect();
    record
}

/// What stands above a protected visit: until when it is open and why; or that it is hidden, with the form that opens it for who may.
pub(super) fn above(audit: &Audit, l: Locale, viewer: &Viewer, sheet: &Sheet, returned: &Returned) -> SafeHtml {
    match &sheet.seen {
        Seen::Plain => SafeHtml::default(),
        Seen::Opened(opening) => {
            let until = words::moment(l, opening.until);
            let values = [("until", until.as_str().into()), ("reason", opening.reason.as_str().into())];
            let text = SafeHtml::text(&l.t_args("claims-protected-opened", &values));
            note(NoteKind::Caution, &l.t("claims-protected-opened-title"), text)
        }
        Seen::Hidden if desk::may(&viewer.scope, Permission::ViewProtectedHealth) => {
            let reason = Field::new("ly-do-mo", l.t("claims-protected-reason"), Control::Lines);
            let form = Form {
                action: format!("{}/bao-ve", sheet_href(sheet.visit)),
                reads: false,
                hidden: vec![("so".into(), audit.app.form_number(viewer, &format!("protected {}", sheet.visit)))],
                body: returned.fill("bao-ve", reason.hint(l.t("claims-protected-reason-hint"))).html(l),
                buttons: vec![Button::submit(l.t("claims-protected-open"), ButtonKind::Default).busy(l.t("claims-saving"))],
            };
            let body = paragraph(SafeHtml::text(&l.t("claims-protected-hidden"))).then(form.html());
            Panel::new(l.t("claims-protected-title"), body).id("bao-ve").html()
        }
        Seen::Hidden => note(NoteKind::Info, &l.t("claims-protected-title"), SafeHtml::text(&l.t("claims-protected-never"))),
    }
}

/// `POST /giam-dinh/ho-so/{visit}/bao-ve`: opens what is protected of a visit, with a reason. Of a visit without such a disease nothing is opened.
pub(super) async fn open(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(visit): Path<i64>,
    TypedForm(sent, returned): TypedForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ViewProtectedHealth).map_err(|_| PageError::Forbidden)?;
    let sent = fields(sent);
    let (snapshot, sheet) = Sheet::load(&audit, &viewer, visit, ("", "")).await?;
    if sheet.seen.hides() {
        let new = NewProtectedOpening {
            visit,
            facility: sheet.facility.clone(),
            commune: snapshot.commune_of(&sheet.facility).cloned(),
            reason: text_of(&sent, "ly-do-mo"),
            client_tx: text_of(&sent, "so"),
        };
        match app.desk.open_protected(&viewer.scope, new).await {
            Ok(_) => {}
            Err(DeskError::Invalid { field: "reason" | "count", .. }) => {
                let returned = returned.named("bao-ve").fault("ly-do-mo", l.t("claims-protected-refused"));
                return back(&audit, &viewer, (visit, ""), &returned).await;
            }
            Err(other) => return Err(PageError::desk(other)),
        }
    }
    Ok(go(&sheet_href(visit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoredTable;
    use claimfile::TableId;

    fn pairs(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
        files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    fn formats() -> Formats {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/claims");
        let read = |folder: std::path::PathBuf| -> Vec<(String, String)> {
            let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
            let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
            paths.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
        };
        let (forms, lists) = (read(root.clone()), read(root.join("lists")));
        Formats::load(pairs(&forms), pairs(&lists)).unwrap()
    }

    /// A visit with one cell a table, by column.
    fn stored(formats: &Formats, cells: &[(&str, &str, &str)]) -> StoredVisit {
        let mut visit = StoredVisit {
            facility: "01001".into(),
            ma_lk: "LK1".into(),
            month: "2026-10".parse().unwrap(),
            versions: 1,
            sheet: false,
            signature: None,
            tables: Vec::new(),
        };
        for (table, column, value) in cells {
            let table = TableId::parse(table).unwrap();
            let form = formats.forms.get(table).unwrap();
            let mut row = vec![None; form.columns.len()];
            row[form.column(column).unwrap()] = Some((*value).to_owned());
            visit.tables.push(StoredTable { table, rows: vec![row] });
        }
        visit
    }

    #[test]
    fn a_visit_is_protected_by_its_main_code_by_others_and_by_the_hiv_table() {
        let formats = formats();
        for cells in [
            [("xml1", "MA_BENH_CHINH", "B20")],
            [("xml1", "MA_BENH_KT", "I10;E11.9;F32.1")],
            [("xml3", "MA_BENH", "C50.9")],
            [("xml6", "MA_LK", "LK1")],
        ] {
            assert!(is_protected(&formats, Some(&stored(&formats, &cells)), None), "{cells:?}");
        }
        let plain = stored(&formats, &[("xml1", "MA_BENH_KT", "I10;E11.9"), ("xml3", "MA_BENH", "J18.9")]);
        assert!(!is_protected(&formats, Some(&plain), None));
        let stay = Stay { main_code: Some("F20.0".into()), ..Stay::default() };
        assert!(is_protected(&formats, Some(&plain), Some(&stay)));
        assert!(is_protected(&formats, None, None), "of what cannot be read nobody knows");
    }
}
