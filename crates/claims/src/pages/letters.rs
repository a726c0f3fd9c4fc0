//! `POST /giam-dinh/vu-viec/{review}/thu/{letter}`: the letters of a case as drafts among the documents, where they are approved, numbered and signed.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::{Date, SubjectKind};
use chapter::{PageError, Viewer};
use desk::{CaseUnit, DeskError, Document, DocumentState, NewDocument, Permission, ReviewCase, ReviewRecord};
use documents::letter::Block;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, Panel, paragraph};
use web::{Lang, Locale, SafeHtml, tag};

use super::terms::{self, AppealTerm, answer_days};
use super::{AUDIT, Audit, fields, go, text_of};
use crate::papers::{About, CaseLetter, case_letter};

/// Where documents are.
const DOCUMENTS: &str = "/van-ban";

/// `POST /giam-dinh/vu-viec/{review}/thu/{letter}`.
pub(super) async fn draft(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path((review, which)): Path<(String, String)>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::PrepareDocuments).map_err(|_| PageError::Forbidden)?;
    let which = CaseLetter::of(&which).ok_or(PageError::NotFound)?;
    let record = app.desk.review(&viewer.scope, &review).await.map_err(PageError::desk)?;
    let case = &record.case;
    if !which.fits(case.state) {
        return Err(PageError::BadRequest(l.t("claims-letter-not-now")));
    }
    let template = audit.letters.get(which.template()).ok_or(PageError::Internal { code: "letter_template" })?;
    let stored = audit.dossier(case.period, &case.facility, case.visit).await?;
    let stored = stored.ok_or_else(|| PageError::BadRequest(l.t("claims-no-dossier-why")))?;
    let vi = app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    let today = app.today();
    let about = About {
        record: &record,
        facility: audit.facility_name(&viewer, vi, &case.facility).await?,
        dossier: stored.ma_lk,
        law: laws(&audit, vi, &record, today),
        due_days: answer_days(app, today)?.to_string(),
        appeal_term: AppealTerm::of_case(app, &record.history)?.in_letter(vi),
        unit: &viewer.unit_name,
        officer: viewer.label.clone(),
        month: today.month(),
        protection: app.protection.as_ref().map(|_| app.protection_line(vi)).unwrap_or_default(),
    };
    let mut letter = case_letter(which, template, vi, &about);
    letter.body.push(Block::Paragraph(app.automation_line(vi)));
    let rule = record.lines.iter().find(|line| line.proposed.get() > 0).or(record.lines.first());
    let new = NewDocument {
        template: template.id.clone(),
        rule: rule.map(|line| line.rule.clone()).ok_or(PageError::NotFound)?,
        case: None,
        subject_kind: Some(SubjectKind::Visit),
        subject: case.visit,
        period: case.period,
        commune: case.commune.clone(),
        office: CaseUnit::InsuranceOffice,
        symbol: letter.symbol.clone(),
        title: letter.subject.clone(),
        recipient: about.facility.clone(),
        letter: serde_json::to_string(&letter).map_err(|_| PageError::Internal { code: "letter_json" })?,
    };
    let kept = app.desk.draft_document(&viewer.scope, new, &text_of(&fields(sent), "so")).await;
    let document = kept.map_err(|error| match error {
        DeskError::Invalid { field: "letter", .. } => PageError::BadRequest(l.t("claims-letter-too-long")),
        other => PageError::desk(other),
    })?;
    Ok(go(&format!("{DOCUMENTS}/{}", document.id)))
}

/// The laws in force that stand behind the findings and the terms, each once.
fn laws(audit: &Audit, vi: Locale, record: &ReviewRecord, day: Date) -> String {
    let rules: BTreeSet<&str> = record.lines.iter().map(|line| line.rule.as_str()).collect();
    let keys = rules.into_iter().filter_map(|id| audit.app.rules.get(id)).flat_map(|rule| rule.law.iter().map(String::as_str));
    let mut named: Vec<String> = Vec::new();
    for key in keys.chain(std::iter::once(terms::ANSWER)) {
        let dated = audit.app.law.parameter(key).and_then(|parameter| parameter.dated(day).ok());
        let Some(dated) = dated else { continue };
        if !named.contains(&dated.reference.law) {
            named.push(dated.reference.law.clone());
        }
    }
    if named.is_empty() { vi.t("letter-law-none") } else { named.join("; ") }
}

/// The documents about the visit of a case that who asks may see, newest first.
pub(super) async fn of_visit(audit: &Audit, viewer: &Viewer, case: &ReviewCase) -> Result<Vec<Document>, PageError> {
    if !desk::may(&viewer.scope, Permission::PrepareDocuments) {
        return Ok(Vec::new());
    }
    audit.app.desk.documents_of(&viewer.scope, SubjectKind::Visit, case.visit).await.map_err(PageError::desk)
}

/// The letters of a case that are there, and buttons for those that can be written now.
pub(super) fn panel(audit: &Audit, l: Locale, viewer: &Viewer, case: &ReviewCase, documents: &[Document]) -> SafeHtml {
    if !desk::may(&viewer.scope, Permission::PrepareDocuments) {
        return SafeHtml::default();
    }
    let mut body = SafeHtml::default();
    if documents.is_empty() {
        body.push(paragraph(SafeHtml::text(&l.t("claims-letters-none"))));
    } else {
        let items = documents.iter().map(|document| {
            let link = Link::new(document.title.as_str(), format!("{DOCUMENTS}/{}", document.id)).html();
            tag("li").child(link).child(tag("p").class("small").text(&standing(l, document)))
        });
        body.push(tag("ul").class("links").children(items).html());
    }
    for which in CaseLetter::ALL.into_iter().filter(|which| which.fits(case.state)) {
        let form = Form {
            action: format!("{AUDIT}/vu-viec/{}/thu/{}", case.id, which.word()),
            reads: false,
            hidden: vec![("so".into(), audit.app.form_number(viewer, &format!("letter {} {}", case.id, which.word())))],
            body: SafeHtml::default(),
            buttons: vec![Button::submit(name(l, which), ButtonKind::Default).busy(l.t("claims-saving"))],
        };
        body.push(form.html());
    }
    let minutes = format!("{AUDIT}/vu-viec/{}/bien-ban", case.id);
    if case.proposed.get() > 0 && desk::may(&viewer.scope, Permission::Export) {
        let links = [("docx", l.t("claims-minutes-docx")), ("pdf", l.t("claims-minutes-pdf"))];
        let links = links.map(|(ending, words)| tag("li").child(Link::new(words, format!("{minutes}/03-bh.{ending}")).html()));
        body.push(tag("ul").class("links").children(links).html());
    }
    Panel::new(l.t("claims-letters"), body).id("van-ban-vu-viec").foot(SafeHtml::text(&l.t("claims-letters-foot"))).html()
}

fn name(l: Locale, which: CaseLetter) -> String {
    match which {
        CaseLetter::Finding => l.t("claims-letter-finding"),
        CaseLetter::Conclusion => l.t("claims-letter-conclusion"),
        CaseLetter::AppealAnswer => l.t("claims-letter-appeal-answer"),
    }
}

/// Number and day of a document, or that it has none yet.
fn standing(l: Locale, document: &Document) -> String {
    match (document.number_and_symbol(), &document.number) {
        (Some(number), Some((_, day))) => format!("{number}, {}", l.date(*day)),
        _ => l.t("claims-letter-unnumbered"),
    }
}

/// The field that says by which document a facility is told: one of those about the visit, or typed where there is none.
pub(super) fn choose(l: Locale, documents: &[Document]) -> Field {
    let of_case =
        |document: &&Document| document.template == CaseLetter::Finding.template() && document.state != DocumentState::Withdrawn;
    let mut choices: Vec<Choice> = documents
        .iter()
        .filter(of_case)
        .map(|document| Choice::new(document.id.as_str(), format!("{} ({})", document.title, standing(l, document)), false))
        .collect();
    let label = l.t("claims-notice-document");
    if choices.is_empty() {
        return Field::new("van-ban", label, Control::Text).hint(l.t("claims-notice-hint")).optional();
    }
    choices.insert(0, Choice::new("", l.t("claims-notice-no-document"), true));
    Field::new("van-ban", label, Control::Select(choices)).hint(l.t("claims-notice-choose-hint")).optional()
}
