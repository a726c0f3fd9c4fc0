//! `GET /van-ban`: documents by state, the package for the document office, the list of numbers that comes back.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use chapter::{PageError, Shown, Viewer, encode};
use desk::{AuditAction, Document, DocumentPackage, DocumentPage, DocumentQuery, DocumentState, PageAt, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Control, Field, Form, Link, Pager, Panel, Row, Tab, Table, audit_note, empty_state,
    paragraph, tabs,
};
use web::{Locale, SafeHtml, tag};

use super::{DOCUMENTS, require, words};
use crate::Office;

/// Rows of a page.
const ROWS: i64 = 50;
/// Packages that can be taken out again.
const PACKAGES: i64 = 5;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct View {
    /// State; empty for all.
    #[serde(rename = "trang-thai", default)]
    state: String,
    /// `1`: those of other units too.
    #[serde(rename = "don-vi-khac", default)]
    others: String,
    #[serde(rename = "sau", default)]
    after: String,
    #[serde(rename = "truoc", default)]
    before: String,
}

impl View {
    fn query(&self) -> DocumentQuery {
        let state = DocumentState::from_word(&self.state);
        DocumentQuery { state, own: self.others != "1", ..DocumentQuery::default() }
    }

    fn at(&self) -> PageAt {
        if !self.after.is_empty() {
            PageAt::After(self.after.clone())
        } else if !self.before.is_empty() {
            PageAt::Before(self.before.clone())
        } else {
            PageAt::First
        }
    }

    /// An address with some parts changed; page marks are dropped first.
    fn href(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut view = Self { after: String::new(), before: String::new(), ..self.clone() };
        change(&mut view);
        let parts = [("trang-thai", &view.state), ("don-vi-khac", &view.others), ("sau", &view.after), ("truoc", &view.before)];
        let said: Vec<String> = parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if said.is_empty() { DOCUMENTS.to_owned() } else { format!("{DOCUMENTS}?{}", said.join("&")) }
    }
}

/// `GET /van-ban`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let shown = app.desk.documents(&viewer.scope, &view.query(), &view.at(), ROWS).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ListDocuments, "documents").count("rows", shown.rows.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let office = office.knowing(&viewer, shown.rows.iter().map(|document| document.prepared_by.as_str())).await?;
    let app = &office.app;
    let packages = app.desk.document_packages(&viewer.scope, PACKAGES).await.map_err(PageError::desk)?;
    let mut page = app.page(&viewer, &view.href(|_| ()), l.t("document-title"));
    page.facts = SafeHtml::text(&l.t(if view.others == "1" { "document-of-all" } else { "document-of-own" }));
    let other = if view.others == "1" { ("document-own", "") } else { ("document-others", "1") };
    page.actions = vec![Button::link(l.t(other.0), view.href(|v| v.others = other.1.into()), ButtonKind::Default)];
    page.table_id = "van-ban".into();
    let table = Panel::flush(l.t("document-title"), table(&office, l, &view, &shown)).foot(pager(l, &view, &shown).html(l));
    page.body = SafeHtml::concat([
        tabs(&l.t("document-states"), &states(l, &view, &shown)),
        table.html(),
        to_document_office(&office, l, &viewer, &shown, &packages),
    ]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("document-audit")));
    page.foot = vec![l.t("document-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn states(l: Locale, view: &View, shown: &DocumentPage) -> Vec<Tab> {
    let all: i64 = shown.counts.iter().map(|(_, count)| count).sum();
    let tab = |text: String, word: &str, count: i64| Tab {
        link: Link::new(text, view.href(|v| v.state = word.to_owned())),
        count: Some(l.number(count)),
        current: view.query().state.map_or("", DocumentState::as_str) == word,
    };
    let each = shown.counts.iter().map(|(state, count)| tab(words::state(l, *state), state.as_str(), *count));
    std::iter::once(tab(l.t("document-all"), "", all)).chain(each).collect()
}

fn table(office: &Office, l: Locale, view: &View, shown: &DocumentPage) -> SafeHtml {
    let head = vec![
        Column::text(l.t("document-column-recipient")),
        Column::text(l.t("document-column-title")),
        Column::text(l.t("document-column-number")),
        Column::text(l.t("document-column-state")),
        Column::text(l.t("document-column-by")),
    ];
    let rows = shown.rows.iter().map(|document| {
        let number = document.number.as_ref().map(|(_, day)| l.date(*day)).unwrap_or_default();
        Row::new(vec![
            Cell::link(words::recipient(l, document), format!("{DOCUMENTS}/{}", document.id)),
            Cell::text(&document.title),
            Cell::text(document.number_and_symbol().unwrap_or_else(|| "–".to_owned())).note(number),
            Cell::html(words::status(l, document).html()),
            Cell::text(office.user_label(&document.prepared_by)),
        ])
    });
    let widen = Link::new(l.t("document-widen"), view.href(|v| v.state.clear()));
    let empty = empty_state(&l.t("document-empty"), &l.t("document-empty-why"), Some(&widen));
    Table::new("van-ban", l.t("document-title"), head).rows(rows).empty(empty).worklist().html(l)
}

fn pager(l: Locale, view: &View, shown: &DocumentPage) -> Pager {
    let place = |document: Option<&Document>| document.map(DocumentPage::place).unwrap_or_default();
    let summary = l.t_args("document-range", &[("rows", (shown.rows.len() as i64).into()), ("n", shown.count.into())]);
    Pager {
        summary,
        first: shown.has_previous.then(|| view.href(|_| ())),
        previous: shown.has_previous.then(|| view.href(|v| v.before = place(shown.rows.first()))),
        next: shown.has_next.then(|| view.href(|v| v.after = place(shown.rows.last()))),
    }
}

/// Sending what is approved, taking a package out again, sending the list of numbers back.
fn to_document_office(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    shown: &DocumentPage,
    packages: &[DocumentPackage],
) -> SafeHtml {
    let waiting = shown.counts.iter().find(|(state, _)| *state == DocumentState::Approved).map_or(0, |(_, count)| *count);
    let mut body = paragraph(SafeHtml::text(&l.t_args("document-waiting", &[("n", waiting.into())])));
    if waiting > 0 {
        let form = Form {
            action: format!("{DOCUMENTS}/chuyen-van-thu"),
            reads: false,
            hidden: vec![("so".into(), office.app.form_number(viewer, "documents send"))],
            body: SafeHtml::default(),
            buttons: vec![Button::submit(l.t("document-send"), ButtonKind::Primary).busy(l.t("office-saving"))],
        };
        body.push(form.html());
    }
    let items = packages.iter().map(|package| {
        let words = l.t_args("document-package", &[("n", package.documents.into()), ("id", short(&package.id).into())]);
        tag("li").child(Link::new(words, format!("{DOCUMENTS}/goi/{}", package.id)).html())
    });
    body.push(tag("ul").class("links").children(items).html());
    let form = Form {
        action: format!("{DOCUMENTS}/nhan-so"),
        reads: false,
        hidden: vec![("so".into(), office.app.form_number(viewer, "documents numbers"))],
        body: Field::new("tep", l.t("document-numbers-file"), Control::File(".xlsx,.csv".into()))
            .hint(l.t("document-numbers-hint"))
            .html(l),
        buttons: vec![Button::submit(l.t("document-numbers-send"), ButtonKind::Default).busy(l.t("office-saving"))],
    };
    let numbers = Panel::new(l.t("document-numbers-title"), form.with_files()).html();
    Panel::new(l.t("document-office-title"), body).html().then(numbers)
}

/// The part of an id that a person can compare.
pub(super) fn short(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or(id)
}
