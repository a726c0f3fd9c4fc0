//! Packages for the document office: a ZIP of the DOCX files and a list in which it writes numbers and days.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Document, ReadEvent};
use documents::package::write_zip;
use documents::sheet::{Cell, Column, Language, Provenance, Sheet, write_xlsx};
use serde::Deserialize;

use super::{DOCUMENTS, list, require};
use crate::Office;
use crate::pages::go;
use crate::pages::sheet::{moment, provenance};

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    #[serde(rename = "so")]
    form: String,
}

/// `POST /van-ban/chuyen-van-thu`.
pub(super) async fn send(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Sent>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    office.app.desk.send_documents(&viewer.scope, &sent.form).await.map_err(PageError::desk)?;
    Ok(go(&format!("{DOCUMENTS}?trang-thai=sent")))
}

/// `GET /van-ban/goi/{package}`.
pub(super) async fn zip(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    let documents = office.app.desk.document_package(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::Export, "document_package").object(id.as_str());
    let audited = office.app.audit(&viewer, event.count("rows", documents.len() as i64)).await?;
    let viewer = Viewer { lang: web::Lang::Vi, ..viewer };
    let bytes = zipped(&office.app, &id, documents, provenance(&office, &viewer, String::new(), office.app.today()))?;
    Ok(Shown::file(bytes, "application/zip", format!("goi-van-thu-{}.zip", list::short(&id)), audited))
}

/// A package as the outbox hands it to the document office by itself.
pub(crate) fn package_zip(app: &App, id: &str, documents: Vec<(Document, Vec<u8>)>) -> Result<Vec<u8>, PageError> {
    let l = app.texts.lang(web::Lang::Vi);
    let today = app.today();
    let provenance = Provenance {
        language: Language::Vi,
        filter: String::new(),
        as_of: today,
        exported_by: l.t("outbox-title"),
        purpose: l.t("document-office-title"),
        exported_at: moment((app.clock)(), today),
    };
    zipped(app, id, documents, provenance)
}

fn zipped(app: &App, id: &str, documents: Vec<(Document, Vec<u8>)>, provenance: Provenance) -> Result<Vec<u8>, PageError> {
    let listed = list_of(app, id, documents.iter().map(|(document, _)| document), provenance)?;
    let mut files = vec![("danh-sach-cap-so.xlsx".to_owned(), listed)];
    files.extend((1..).zip(documents).map(|(at, (document, docx))| (file_name(at, &document), docx)));
    write_zip(&files).map_err(|e| PageError::inner(&e))
}

/// Names of files say no name of a person.
fn file_name(at: usize, document: &Document) -> String {
    format!("{at:03}-{}-{}.docx", document.template, list::short(&document.id))
}

/// The list that comes back with numbers and days.
fn list_of<'d>(
    app: &App,
    id: &str,
    documents: impl Iterator<Item = &'d Document>,
    provenance: Provenance,
) -> Result<Vec<u8>, PageError> {
    let l = app.texts.lang(web::Lang::Vi);
    let rows = (1_i64..).zip(documents).map(|(at, document)| {
        vec![
            Cell::from(document.id.as_str()),
            Cell::from(format!("v{}", document.version)),
            Cell::from(at),
            Cell::from(file_name(usize::try_from(at).unwrap_or(0), document)),
            Cell::from(document.title.as_str()),
            Cell::from(document.recipient.as_str()),
            Cell::from(document.symbol.as_str()),
            Cell::from(document.number.as_ref().map(|(number, _)| number.as_str()).unwrap_or_default()),
            document.number.as_ref().map_or(Cell::Empty, |(_, day)| Cell::from(*day)),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let columns = vec![
        Column::hidden("Mã văn bản"),
        Column::hidden("Phiên bản văn bản"),
        Column::new("STT", 6),
        Column::new("Tệp", 38),
        Column::new("Trích yếu", 44),
        Column::new("Nơi nhận", 30),
        Column::new("Ký hiệu", 14),
        Column::new("Số văn bản (điền)", 18),
        Column::new("Ngày ban hành (điền)", 20),
    ];
    let said = l.t_args("document-package", &[("n", (rows.len() as i64).into()), ("id", list::short(id).into())]);
    let sheet = Sheet {
        name: l.t("document-title"),
        title: vec![l.t("document-office-title"), l.t("document-numbers-how")],
        columns,
        rows,
        footer: Vec::new(),
        provenance: Provenance { filter: said, ..provenance },
    };
    write_xlsx(&sheet).map_err(|e| PageError::inner(&e))
}
