//! Letters as drafts: from a finding about a person or an employer, by the template its rule names.
//!
//! What leaves here is a draft in the layout of decree 30/2020: number, day and signature are left open. Amounts of income and sensitive grounds
//! are never printed: an envelope is opened by others (practice E6).

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use base::{CommuneCode, Date, Evidence};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::letter::{Addressee, Kind, Letter, Template, Values, write_docx};
use law::Law;
use web::{Locale, SafeHtml, tag};

use super::{Pages, export, person_data, words};
use crate::serving::Snapshot;

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

/// `GET /nguoi/{person}/thu/{rule}`.
pub(crate) async fn to_person(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path((id, rule)): Path<(i64, String)>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    may_write(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    // Only who sees the finding may write about it.
    let line = snapshot.visible(&viewer.scope).of_person(id).into_iter().find(|line| line.reason() == rule);
    let line = line.ok_or(PageError::NotFound)?;
    let person =
        person_data::person(&snapshot.session, id).await.map_err(|e| PageError::inner(&e))?.ok_or(PageError::NotFound)?;
    let l = app.locale(&Viewer { lang: web::Lang::Vi, ..viewer.clone() });
    let about = About {
        rule: &rule,
        recipient: person.name.clone(),
        born: person.born.map(|b| if person.year_only { b.year().to_string() } else { l.date(b) }).unwrap_or_default(),
        tax_code: String::new(),
        commune: person.commune.clone(),
        evidence: line.evidence(),
    };
    answer(&pages, &viewer, &snapshot, Addressee::Person, format!("P{id}"), about).await
}

/// Whether the viewer may take a letter out.
pub(super) fn may_write(viewer: &Viewer) -> Result<(), PageError> {
    for permission in [Permission::ListPeople, Permission::Export] {
        desk::require(&viewer.scope, permission).map_err(|_| PageError::Forbidden)?;
    }
    Ok(())
}

/// Writes the draft, after the audit log has it.
pub(super) async fn answer(
    pages: &Pages,
    viewer: &Viewer,
    snapshot: &Snapshot,
    to: Addressee,
    object: String,
    about: About<'_>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let template = template(pages, about.rule).filter(|template| template.to == to).ok_or(PageError::NotFound)?;
    let mut event = ReadEvent::new(AuditAction::Export, "letter").object(object).word("letter", &template.id).run(&snapshot.run);
    if let Some(code) = &about.commune {
        event = event.commune(code);
    }
    let audited = app.audit(viewer, event).await?;
    let letter = letter(pages, viewer, snapshot, template, &about);
    let bytes = write_docx(&letter).map_err(|e| PageError::inner(&e))?;
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    Ok(Shown::file(bytes, kind, format!("{}-{}.docx", template.id, snapshot.period), audited))
}

/// A link to the draft of a finding, where the viewer may take one out and the rule has a template for such an addressee.
pub(super) fn link(pages: &Pages, l: Locale, viewer: &Viewer, rule: &str, to: Addressee, base: &str) -> SafeHtml {
    let there = template(pages, rule).is_some_and(|template| template.to == to);
    if !there || may_write(viewer).is_err() {
        return SafeHtml::default();
    }
    let href = format!("{base}/thu/{rule}");
    tag("p").class("small").child(web::component::Link::new(l.t("letter-draft"), href).html()).html()
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
        Addressee::Employer => about.recipient.clone(),
    };
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
        body: template.fill(&Values { texts, facts }),
        signer: issuer.signer.to_owned(),
        copies: vec![l.t("letter-copy-as-above")],
        prepared_by: viewer.label.clone(),
        protection: app.protection.as_ref().map(|_| app.protection_line(l)).unwrap_or_default(),
    }
}

/// Who issues a letter, as its head says it.
#[derive(Debug, PartialEq, Eq)]
struct Issuer {
    above: Option<String>,
    organ: String,
    short: &'static str,
    place: String,
    signer: &'static str,
}

impl Issuer {
    /// Of the name of a unit: `BHXH thành phố Hà Nội`, `UBND phường Ba Đình`.
    fn of(unit: &str) -> Self {
        let place = ["thành phố ", "tỉnh ", "phường ", "xã ", "đặc khu "]
            .into_iter()
            .find_map(|kind| unit.split_once(kind).map(|(_, name)| name.to_owned()))
            .unwrap_or_default();
        match (unit.strip_prefix("BHXH "), unit.strip_prefix("UBND ")) {
            (Some(name), _) => Self {
                above: Some("Bảo hiểm xã hội Việt Nam".to_owned()),
                organ: format!("Bảo hiểm xã hội {name}"),
                short: "BHXH",
                place,
                signer: "Giám đốc",
            },
            (_, Some(name)) => {
                Self { above: None, organ: format!("Ủy ban nhân dân {name}"), short: "UBND", place, signer: "Chủ tịch" }
            }
            _ => Self { above: None, organ: unit.to_owned(), short: "", place, signer: "Thủ trưởng đơn vị" },
        }
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
    fn the_head_of_a_letter_names_the_organ_in_full() {
        let agency = Issuer::of("BHXH thành phố Hà Nội");
        assert_eq!(
            (agency.organ.as_str(), agency.short, agency.place.as_str()),
            ("Bảo hiểm xã hội thành phố Hà Nội", "BHXH", "Hà Nội")
        );
        let commune = Issuer::of("UBND phường Ba Đình");
        assert_eq!(
            (commune.organ.as_str(), commune.above, commune.place.as_str()),
            ("Ủy ban nhân dân phường Ba Đình", None, "Ba Đình")
        );
    }

    #[test]
    fn income_and_sensitive_grounds_are_not_printed() {
        for name in ["income_band", "support_group", "social_ground"] {
            assert!(NOT_PRINTED.contains(&name));
        }
    }
}
