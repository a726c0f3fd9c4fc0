//! `GET /van-ban/{document}`: what it says, where it stands, the one next step.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::SubjectKind;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Document, DocumentEvent, DocumentFile, FileRole, NotDelivered, ReadEvent, SignatureVerdict, Way};
use documents::letter::{Block, Kind, Letter};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column as TableColumn, Columns, Link, Mark, Moment, NoteKind, Panel, Row, Table, audit_note,
    columns, definition_list, note, timeline,
};
use web::{Locale, SafeHtml, tag};

use super::{DOCUMENTS, forms, grouped, letter, require, words};
use crate::pages::case::{Came, clock};
use crate::{CASES, Office};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// `1`: something was just written.
    #[serde(rename = "da-ghi", default)]
    saved: String,
}

/// `GET /van-ban/{document}`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    page(&office, &viewer, &id, Came { saved: view.saved == "1", ..Came::default() }).await
}

/// The page of a document as it is now; with the form that came back, where one did.
pub(super) async fn page(office: &Office, viewer: &Viewer, id: &str, came: Came) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    let document = app.desk.document(&viewer.scope, id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewDocument, "document").object(id);
    let audited = app.audit(viewer, document.commune.iter().fold(event, |event, commune| event.commune(commune))).await?;
    let history = app.desk.document_history(&viewer.scope, id).await.map_err(PageError::desk)?;
    let files = app.desk.document_files(&viewer.scope, id).await.map_err(PageError::desk)?;
    let setting = app.desk.document_setting(&viewer.scope, &document.issuer).await.map_err(PageError::desk)?;
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let issuer =
        units.into_iter().find(|unit| unit.id == document.issuer).map_or_else(|| document.issuer.clone(), |unit| unit.name);
    let people = std::iter::once(document.prepared_by.as_str()).chain(document.approved_by.as_deref());
    let people =
        people.chain(history.iter().map(|event| event.actor.as_str())).chain(files.iter().map(|file| file.added_by.as_str()));
    let office = office.knowing(viewer, people).await?;
    let app = &office.app;
    // What was erased after its term is not shown, and nothing more is done with it.
    let text = document.erased.is_none().then(|| letter(&document)).transpose()?;
    let mut body = SafeHtml::default();
    if came.saved {
        body.push(note(NoteKind::Info, &l.t("office-saved-title"), SafeHtml::text(&l.t("document-saved"))));
    }
    let returned = match history.last().filter(|_| came.stale) {
        Some(last) => came.returned.say(since(&office, l, last)),
        None => came.returned,
    };
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let content = match (&text, &document.erased) {
        (Some(text), _) => preview(l, &document, text),
        (None, decision) => erased(l, decision.as_deref().unwrap_or_default()),
    };
    let left = SafeHtml::concat([facts(&office, l, &document, &issuer), content, past(&office, l, &history)]);
    let right = SafeHtml::concat([
        text.as_ref()
            .map_or_else(SafeHtml::default, |text| forms::of_document(&office, l, viewer, &document, text, &setting, &returned)),
        kept(&office, l, &document, &files),
    ]);
    let whole = columns(Columns::MainSide, [stack(left), stack(right)]);
    body.push(returned.head(l, &whole));
    body.push(whole);
    let mut page = app.page(viewer, &format!("{DOCUMENTS}/{id}"), document.title.clone());
    page.crumbs = vec![Link::new(l.t("document-title"), DOCUMENTS)];
    page.here = l.t("document-one");
    page.facts = words::status(l, &document).html();
    let file = |kind: &str| format!("{DOCUMENTS}/{id}/van-ban.{kind}");
    if text.is_some() {
        page.actions = vec![
            Button::link(l.t("document-pdf"), file("pdf"), ButtonKind::Default),
            Button::link(l.t("document-docx"), file("docx"), ButtonKind::Default),
        ];
    }
    page.body = body;
    page.audit = audit_note(l, SafeHtml::text(&l.t("document-audit")));
    page.foot = vec![l.t("document-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(office: &Office, l: Locale, document: &Document, issuer: &str) -> SafeHtml {
    let app = &office.app;
    let href = match document.subject_kind {
        Some(SubjectKind::Employer) => format!("/don-vi/{}", document.subject),
        Some(SubjectKind::Person) => format!("/nguoi/{}", document.subject),
        Some(SubjectKind::Visit) => format!("/giam-dinh/ho-so/{}", document.subject),
        None => format!("/ke-hoach/nhiem-vu/{}", document.rule),
    };
    let text = |words: &str| SafeHtml::text(words);
    let mut items = vec![
        (l.t("document-column-recipient"), Link::new(words::recipient(l, document), href).html()),
        match document.subject_kind {
            Some(_) => (l.t("office-column-rule"), text(&crate::words::rule(app, l, &document.rule))),
            None => (l.t("document-plan-task"), text(&document.rule)),
        },
        (l.t("office-period"), text(&l.month(document.period))),
        (l.t("document-issuer"), text(issuer)),
        (l.t("document-column-by"), text(&office.user_label(&document.prepared_by))),
    ];
    if let Some(case) = &document.case {
        items.push((l.t("office-case"), Link::new(l.t("office-open"), format!("{CASES}/{case}")).html()));
    }
    if let Some(approved) = &document.approved_by {
        items.push((l.t("document-approved-by"), text(&office.user_label(approved))));
    }
    if let (Some(number), Some((_, day))) = (document.number_and_symbol(), &document.number) {
        let told = l.t_args("document-number-day", &[("number", number.as_str().into()), ("day", l.date(*day).as_str().into())]);
        items.push((l.t("document-column-number"), text(&told)));
    }
    if let Some(verdict) = document.signature {
        items.push((l.t("document-signature"), words::verdict(l, verdict).html()));
    }
    if let Some((day, way)) = document.delivered {
        items.push((l.t("document-delivered"), text(&format!("{}, {}", l.date(day), words::way(l, way)))));
    }
    items.push((l.t("document-check-code"), text(&grouped(&document.check_code))));
    Panel::new(l.t("document-facts"), definition_list(false, items)).html()
}

/// What stands where the text was before a decision erased it.
fn erased(l: Locale, decision: &str) -> SafeHtml {
    let why = l.t_args("document-erased-why", &[("decision", decision.into())]);
    note(NoteKind::Info, &l.t("document-erased"), SafeHtml::text(&why))
}

/// The text as it will be printed, in Vietnamese whatever the page's language.
fn preview(l: Locale, document: &Document, letter: &Letter) -> SafeHtml {
    let mut body = SafeHtml::default();
    let head = format!("{}  ·  {}", letter.organ, document.number_and_symbol().unwrap_or_else(|| format!("…/{}", letter.symbol)));
    body.push(tag("p").class("small").text(&head).html());
    if let Kind::Notice { title } = &letter.kind {
        body.push(tag("p").child(tag("strong").text(&title.to_uppercase())).html());
    }
    body.push(tag("p").child(tag("strong").text(&letter.subject)).html());
    for to in &letter.to {
        body.push(tag("p").text(&format!("Kính gửi: {to}")).html());
    }
    for block in &letter.body {
        let text = match block {
            Block::Item(text) => format!("- {text}"),
            Block::Paragraph(text) => text.clone(),
        };
        body.push(tag("p").text(&text).html());
    }
    body.push(tag("p").child(tag("strong").text(&letter.signer.to_uppercase())).html());
    if let Some(annex) = &letter.annex {
        // Who approves sees the table too: it is a part of what is signed.
        let head = annex.columns.iter().map(TableColumn::text).collect();
        let rows = annex.rows.iter().map(|row| Row::new(row.iter().map(Cell::text).collect()));
        let table = Table { show_caption: true, ..Table::new("phu-luc", annex.title.as_str(), head) };
        body.push(table.rows(rows).dense().html(l));
    }
    let shown = tag("div").class("grid").attr("lang", "vi").child(body).html();
    Panel::new(l.t("document-preview"), shown).foot(SafeHtml::text(&l.t("document-preview-foot"))).html()
}

/// What somebody else did while a form was being filled in.
fn since(office: &Office, l: Locale, event: &DocumentEvent) -> String {
    let (day, time) = clock(event.at);
    let values = [
        ("who", office.user_label(&event.actor).into()),
        ("when", format!("{time} {}", day.map(|day| l.date(day)).unwrap_or_default()).into()),
        ("what", told(l, event).into()),
    ];
    l.t_args("document-stale", &values)
}

fn past(office: &Office, l: Locale, history: &[DocumentEvent]) -> SafeHtml {
    let moments: Vec<Moment> = history
        .iter()
        .rev()
        .map(|event| {
            let (day, time) = clock(event.at);
            let mut detail = tag("span").text(&office.user_label(&event.actor)).html();
            if let Some(reason) = &event.reason {
                detail.push(tag("p").text(reason).html());
            }
            Moment {
                when: format!("{} {time}", day.map(|day| l.date(day)).unwrap_or_default()),
                mark: if event.what == "signed" { Mark::Legal } else { Mark::Step },
                title: SafeHtml::text(&told(l, event)),
                detail,
            }
        })
        .collect();
    Panel::new(l.t("office-history"), timeline(&moments)).html()
}

/// What was done, in words.
fn told(l: Locale, event: &DocumentEvent) -> String {
    let value = event.value.as_deref().unwrap_or_default();
    let value = match event.what.as_str() {
        "signed" => [SignatureVerdict::Good, SignatureVerdict::NotChecked, SignatureVerdict::Paper]
            .into_iter()
            .find(|verdict| verdict.as_str() == value)
            .map_or_else(String::new, |verdict| words::verdict(l, verdict).words),
        "delivered" => Way::from_word(value).map_or_else(String::new, |way| words::way(l, way)),
        "not_delivered" => {
            let (how, why) = value.split_once(':').unwrap_or_default();
            let how = Way::from_word(how).map_or_else(String::new, |way| words::way(l, way));
            NotDelivered::from_word(why).map_or_else(String::new, |why| format!("{how}: {}", words::not_delivered(l, why)))
        }
        "sent" => super::list::short(value).to_owned(),
        "numbered" | "own_number" => value.to_owned(),
        _ => String::new(),
    };
    let day = event.day.map(|day| l.date(day)).unwrap_or_default();
    let values = [("value", value.as_str().into()), ("day", day.as_str().into())];
    l.t_args(&format!("document-event-{}", event.what.replace('_', "-")), &values)
}

fn kept(office: &Office, l: Locale, document: &Document, files: &[DocumentFile]) -> SafeHtml {
    if files.is_empty() {
        return SafeHtml::default();
    }
    let items = files.iter().map(|file| {
        let words = l.t(match file.role {
            FileRole::Docx => "document-file-docx",
            FileRole::Signed => "document-file-signed",
            FileRole::Proof => "document-file-proof",
        });
        let link = Link::new(words, format!("{DOCUMENTS}/{}/tep/{}", document.id, file.id)).html();
        let (day, _) = clock(file.added_at);
        let values = [
            ("kb", l.number((file.size + 1023) / 1024).into()),
            ("who", office.user_label(&file.added_by).into()),
            ("day", day.map(|day| l.date(day)).unwrap_or_default().into()),
        ];
        tag("li").child(link).child(tag("p").class("small").text(&l.t_args("office-file-about", &values)))
    });
    let mut body = tag("ul").class("links").children(items).html();
    body.push(forms::report(l, document));
    Panel::new(l.t("document-files"), body).html()
}
