//! Letters as drafts: from a finding about a person or an employer, by the template its rule names.
//!
//! A draft in the layout of decree 30/2020 lands among the documents, where it is approved, numbered, signed and delivered. Amounts of
//! income and sensitive grounds are never printed: an envelope is opened by others (practice E6).

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::{CommuneCode, Date, Evidence, SubjectKind};
use chapter::{PageError, Viewer};
use desk::{CaseState, CaseUnit, NewDocument, Permission};
use documents::letter::{Addressee, Block, Issuer, Kind, Letter, Template, Values};
use law::Law;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Form};
use web::{Locale, SafeHtml};

use super::decisions::back;
use super::{Pages, export, person_data, words};
use crate::serving::Snapshot;

/// Where documents are.
const DOCUMENTS: &str = "/van-ban";

/// Facts that are never printed in a letter: income and what it stands in, grounds of poverty and disability, objects of cards.
const NOT_PRINTED: [&str; 6] =
    ["income_band", "support_group", "object_code", "other_object_code", "social_ground", "chosen_income"];

/// What a letter says, whoever it is about.
pub(super) struct About<'a> {
    pub(super) rule: &'a str,
    pub(super) recipient: String,
    pub(super) born: String,
    pub(super) tax_code: String,
    pub(super) commune: Option<CommuneCode>,
    pub(super) evidence: Vec<Evidence>,
}

/// What the form of a draft sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Draft {
    #[serde(rename = "so")]
    number: String,
}

/// `POST /nguoi/{person}/thu/{rule}`.
pub(crate) async fn to_person(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path((id, rule)): Path<(i64, String)>,
    FromForm(draft): FromForm<Draft>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    may_write(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    // Only who sees the finding may write about it.
    let line = snapshot.visible(&viewer.scope).of_person(id).into_iter().find(|line| line.reason() == rule);
    let evidence = line.ok_or(PageError::NotFound)?.evidence();
    let person =
        person_data::person(&snapshot.session, id).await.map_err(|e| PageError::inner(&e))?.ok_or(PageError::NotFound)?;
    let l = app.locale(&Viewer { lang: web::Lang::Vi, ..viewer.clone() });
    let about = About {
        rule: &rule,
        recipient: person.name.clone(),
        born: person.born.map(|b| if person.year_only { b.year().to_string() } else { l.date(b) }).unwrap_or_default(),
        tax_code: String::new(),
        commune: person.commune.clone(),
        evidence,
    };
    keep(&pages, &viewer, &snapshot, (SubjectKind::Person, id), about, &draft).await
}

/// Whether the viewer may write a letter.
pub(super) fn may_write(viewer: &Viewer) -> Result<(), PageError> {
    for permission in [Permission::ListPeople, Permission::PrepareDocuments] {
        desk::require(&viewer.scope, permission).map_err(|_| PageError::Forbidden)?;
    }
    Ok(())
}

/// Keeps the draft among the documents and leads to it.
pub(super) async fn keep(
    pages: &Pages,
    viewer: &Viewer,
    snapshot: &Snapshot,
    (subject_kind, subject): (SubjectKind, i64),
    about: About<'_>,
    draft: &Draft,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let to = if subject_kind == SubjectKind::Employer { Addressee::Employer } else { Addressee::Person };
    let template = template(pages, about.rule).filter(|template| template.to == to).ok_or(PageError::NotFound)?;
    let letter = letter(pages, viewer, snapshot, template, &about);
    // The open case of this finding, where there is one.
    let cases = match desk::may(&viewer.scope, Permission::WorkCases) {
        true => app.desk.cases_of(&viewer.scope, subject_kind, subject).await.map_err(PageError::desk)?,
        false => Vec::new(),
    };
    let case = cases.into_iter().find(|case| case.rule == about.rule && case.state != CaseState::Done).map(|case| case.id);
    // What is handed to no commune is the insurance office's.
    let office = app.rules.get(about.rule).and_then(|rule| CaseUnit::from_word(&rule.work.unit));
    let new = NewDocument {
        template: template.id.clone(),
        rule: about.rule.to_owned(),
        case,
        subject_kind: Some(subject_kind),
        subject,
        period: snapshot.period,
        commune: about.commune.clone(),
        office: office.unwrap_or(CaseUnit::InsuranceOffice),
        symbol: letter.symbol.clone(),
        title: letter.subject.clone(),
        recipient: about.recipient.clone(),
        letter: serde_json::to_string(&letter).map_err(|_| PageError::Internal { code: "letter_json" })?,
    };
    let document = app.desk.draft_document(&viewer.scope, new, &draft.number).await.map_err(PageError::desk)?;
    Ok(back(&format!("{DOCUMENTS}/{}", document.id)))
}

/// The button that drafts a letter about a finding, where the viewer may and the rule has a template for such an addressee.
pub(super) fn button(pages: &Pages, l: Locale, viewer: &Viewer, rule: &str, to: Addressee, base: &str) -> SafeHtml {
    let there = template(pages, rule).is_some_and(|template| template.to == to);
    if !there || may_write(viewer).is_err() {
        return SafeHtml::default();
    }
    let action = format!("{base}/thu/{rule}");
    let hidden = vec![("so".into(), pages.app.form_number(viewer, &format!("letter {action}")))];
    let buttons = vec![Button::submit(l.t("letter-draft"), ButtonKind::Default)];
    Form { action, reads: false, hidden, body: SafeHtml::default(), buttons }.html()
}

fn template<'p>(pages: &'p Pages, rule: &str) -> Option<&'p Template> {
    pages.letters.get(pages.app.rules.get(rule)?.work.letter.as_deref()?)
}

/// The letter in Vietnamese, whatever language the page is in: it is a document.
fn letter(pages: &Pages, viewer: &Viewer, snapshot: &Snapshot, template: &Template, about: &About) -> Letter {
    let app = &pages.app;
    let l = app.locale(&Viewer { lang: web::Lang::Vi, ..viewer.clone() });
    let today = export::moment((app.clock)(), snapshot.as_of).date;
    let rule = app.rules.get(about.rule);
    let printed = about.evidence.iter().filter(|fact| !NOT_PRINTED.contains(&fact.name.as_str()));
    let facts = printed.filter_map(|fact| words::fact(l, fact)).map(|(name, value)| format!("{name}: {value}")).collect();
    let place = about.commune.as_ref().map(|code| pages.place(code)).unwrap_or_else(|| l.t("coverage-place-unknown"));
    let keys = rule.map(|rule| rule.page(&app.schemas).law).unwrap_or_default();
    let law = citations(&app.law, keys.iter().map(String::as_str), snapshot.as_of);
    let texts: BTreeMap<&'static str, String> = [
        ("recipient", about.recipient.clone()),
        ("born", about.born.clone()),
        ("tax_code", about.tax_code.clone()),
        ("commune", place),
        ("reason", lower_first(&words::reason(app, l, about.rule))),
        ("period", l.month(snapshot.period).to_lowercase()),
        ("as_of", l.date(snapshot.as_of)),
        ("law", if law.is_empty() { l.t("letter-law-none") } else { law }),
        ("due_days", rule.map(|rule| rule.work.due_working_days.to_string()).unwrap_or_default()),
        ("unit", Issuer::of(&viewer.unit_name).organ),
        ("officer", viewer.label.clone()),
    ]
    .into();
    let issuer = Issuer::of(&viewer.unit_name);
    let recipient = match template.to {
        Addressee::Person => l.t_args("letter-to-person", &[("name", about.recipient.as_str().into())]),
        Addressee::Employer | Addressee::Facility => about.recipient.clone(),
    };
    let mut body = template.fill(&Values { texts, facts });
    // Whoever reads it knows that a rule found it, that a person decides, and where to ask for one.
    body.push(Block::Paragraph(app.automation_line(l)));
    Letter {
        organ_above: issuer.above,
        symbol: match (&template.kind, template.symbol.as_str()) {
            (Kind::Letter, _) | (_, "") => issuer.short.to_owned(),
            (Kind::Notice { .. }, symbol) => format!("{symbol}-{}", issuer.short),
        },
        organ: issuer.organ,
        place: issuer.place,
        month: today.month(),
        kind: template.kind.clone(),
        subject: template.subject.clone(),
        to: vec![recipient],
        body,
        signer: issuer.signer.to_owned(),
        copies: vec![l.t("letter-copy-as-above")],
        prepared_by: viewer.label.clone(),
        protection: app.protection.as_ref().map(|_| app.protection_line(l)).unwrap_or_default(),
        annex: None,
    }
}

/// The laws and resolutions in force on a day that stand behind some parameters, each once.
pub(super) fn citations<'k>(law: &Law, keys: impl IntoIterator<Item = &'k str>, day: Date) -> String {
    let mut named: Vec<String> = Vec::new();
    for key in keys {
        let dated = law.parameter(key).and_then(|parameter| parameter.dated(day).ok());
        let Some(dated) = dated else { continue };
        if !named.contains(&dated.reference.law) {
            named.push(dated.reference.law.clone());
        }
    }
    named.join("; ")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn income_and_sensitive_grounds_are_not_printed() {
        for name in ["income_band", "support_group", "social_ground"] {
            assert!(NOT_PRINTED.contains(&name));
        }
    }
}
