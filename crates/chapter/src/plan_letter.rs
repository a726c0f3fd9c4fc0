//! Letters of the plan (công văn): drafts that land among the documents, where they are approved, numbered and signed.

use base::Month;
use desk::{CaseUnit, Document, NewDocument};
use documents::letter::{Block, Issuer, Kind, Letter, LetterAnnex};
use web::Lang;

use crate::{App, PageError, Viewer};

/// What a letter of the plan says.
pub struct PlanLetter {
    /// Name of what it was made from, kept with the document.
    pub template: &'static str,
    /// The task it is about.
    pub task: String,
    /// The month it is about.
    pub period: Month,
    /// Its commune, for one of a commune's own.
    pub commune: Option<base::CommuneCode>,
    /// The title above the subject, with the letters of its kind; none for an official letter.
    pub title: Option<(String, &'static str)>,
    /// What it is about.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// Its text.
    pub body: Vec<Block>,
    /// A table behind the signature.
    pub annex: Option<LetterAnnex>,
}

/// Keeps a letter as a draft of the viewer's unit.
pub async fn keep_plan_letter(app: &App, viewer: &Viewer, new: PlanLetter, form: &str) -> Result<Document, PageError> {
    let l = app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    let issuer = Issuer::of(&viewer.unit_name);
    let office = if issuer.short == "UBND" { CaseUnit::Commune } else { CaseUnit::InsuranceOffice };
    let symbol = match &new.title {
        Some((_, kind)) if !issuer.short.is_empty() => format!("{kind}-{}", issuer.short),
        Some((_, kind)) => (*kind).to_owned(),
        None => issuer.short.to_owned(),
    };
    let letter = Letter {
        organ_above: issuer.above,
        organ: issuer.organ,
        symbol: symbol.clone(),
        place: issuer.place,
        month: app.today().month(),
        kind: new.title.map_or(Kind::Letter, |(title, _)| Kind::Notice { title }),
        subject: new.subject.clone(),
        to: vec![new.to.clone()],
        body: new.body,
        signer: issuer.signer.to_owned(),
        copies: vec![l.t("letter-copy-as-above")],
        prepared_by: viewer.label.clone(),
        protection: String::new(),
        annex: new.annex,
    };
    let document = NewDocument {
        template: new.template.to_owned(),
        rule: new.task,
        case: None,
        subject_kind: None,
        subject: 0,
        period: new.period,
        commune: new.commune,
        office,
        symbol,
        title: new.subject,
        recipient: new.to,
        letter: serde_json::to_string(&letter).map_err(|_| PageError::Internal { code: "letter_json" })?,
    };
    app.desk.draft_document(&viewer.scope, document, form).await.map_err(PageError::desk)
}
