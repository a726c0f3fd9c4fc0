//! Cases that belong together: the block on a case's page, and its forms.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, TypedForm, Viewer, sent_back};
use desk::{Case, CaseLink, CaseLinkKind, DeskError};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use super::case::Came;
use super::{case, go, require};
use crate::names::Known;
use crate::{CASES, Office, words};

/// Why two cases belong together.
pub(super) fn kind_words(l: Locale, kind: CaseLinkKind) -> String {
    l.t(match kind {
        CaseLinkKind::Household => "office-link-household",
        CaseLinkKind::Employer => "office-link-employer",
        CaseLinkKind::Duplicate => "office-link-duplicate",
    })
}

/// The links of a case, each with the button that takes it away, and the form of a new one.
pub(super) fn block(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    case: &Case,
    links: &[CaseLink],
    names: &Known,
    returned: &Returned,
) -> SafeHtml {
    let app = &office.app;
    let number = |what: &str| ("so".to_owned(), app.form_number(viewer, what));
    let items = links.iter().map(|link| {
        let other = Link::new(names.title(&link.other), format!("{CASES}/{}", link.other.id)).html();
        let about = format!("{}; {}", kind_words(l, link.kind), words::rule(app, l, &link.other.rule));
        let away = Form {
            action: format!("{CASES}/{}/lien-ket/{}/bo", case.id, link.id),
            reads: false,
            hidden: vec![number(&format!("unlink {}", link.id))],
            body: SafeHtml::default(),
            buttons: vec![Button::submit(l.t("office-link-remove"), ButtonKind::Quiet)],
        };
        let state = words::state(l, &link.other, app.today()).html();
        tag("li").child(other).text(" ").child(state).child(tag("p").class("small").text(&about)).child(away.html())
    });
    let list = tag("ul").class("links").children(items).html();
    let none = links.is_empty().then(|| paragraph(SafeHtml::text(&l.t("office-links-none"))));
    let kinds = CaseLinkKind::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), kind_words(l, kind), false)).collect();
    let fields = [
        Field::new("lien-quan", l.t("office-link-kind"), Control::Select(kinds)),
        Field::new("ho-so-kia", l.t("office-link-other"), Control::Text).hint(l.t("office-link-other-hint")),
    ];
    let (so, fresh) = number(&format!("link {}", case.id));
    let form = Form {
        action: format!("{CASES}/{}/lien-ket", case.id),
        reads: false,
        hidden: vec![(so, returned.number("lien-ket", fresh))],
        body: SafeHtml::concat(fields.map(|field| returned.fill("lien-ket", field).html(l))),
        buttons: vec![Button::submit(l.t("office-link-add"), ButtonKind::Default)],
    };
    Panel::new(l.t("office-links"), none.unwrap_or(list).then(form.html())).html()
}

/// A new link.
#[derive(Debug, Deserialize)]
pub(super) struct Added {
    #[serde(rename = "so", default)]
    number: String,
    #[serde(rename = "lien-quan", default)]
    kind: String,
    #[serde(rename = "ho-so-kia", default)]
    other: String,
}

/// `POST /viec/{case}/lien-ket`.
pub(super) async fn add(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Added>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    // The page's own case is there or not before the other one is asked for: the two must not be mixed up in what is said.
    app.desk.case(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let kind = CaseLinkKind::from_word(&sent.kind).ok_or_else(|| PageError::BadRequest(l.t("office-wrong-form")))?;
    let done = match case_of(&sent.other) {
        Some(other) => app.desk.link_cases(&viewer.scope, &id, other, kind, &sent.number).await.map(drop),
        None => Err(DeskError::NotFound { kind: "case" }),
    };
    match done {
        Ok(()) => Ok(go(&format!("{CASES}/{id}?da-ghi=1"))),
        Err(DeskError::NotFound { .. } | DeskError::Invalid { field: "other", .. }) => {
            let returned = returned.named("lien-ket").fault("ho-so-kia", l.t("office-link-unknown"));
            Ok(sent_back(case::page(&office, &viewer, &id, Came { returned, ..Came::default() }).await?))
        }
        Err(other) => Err(PageError::desk(other)),
    }
}

/// A link that is taken away.
#[derive(Debug, Deserialize)]
pub(super) struct Removed {
    #[serde(rename = "so", default)]
    number: String,
}

/// `POST /viec/{case}/lien-ket/{link}/bo`.
pub(super) async fn remove(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path((id, link)): Path<(String, String)>,
    FromForm(sent): FromForm<Removed>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    office.app.desk.unlink_cases(&viewer.scope, &id, &link, &sent.number).await.map_err(PageError::desk)?;
    Ok(go(&format!("{CASES}/{id}?da-ghi=1")))
}

/// The case of a page's address as it is pasted, with or without what stands around the id.
fn case_of(text: &str) -> Option<&str> {
    let text = text.trim();
    let after = text.rsplit_once("/viec/").map_or(text, |(_, after)| after);
    let id = after.split(['?', '#', '/']).next().unwrap_or_default();
    let fits = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (!id.is_empty() && fits).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_found_in_the_address_of_its_page() {
        let id = "0192f0c1-0000-7000-8000-000000000000";
        for typed in [
            id.to_owned(),
            format!(" {id} "),
            format!("/viec/{id}"),
            format!("http://127.0.0.1:8080/viec/{id}?da-ghi=1"),
            format!("https://ansinh.example.vn/viec/{id}#ket-qua"),
        ] {
            assert_eq!(case_of(&typed), Some(id), "{typed}");
        }
        for nothing in ["", "  ", "Nguyễn Văn An", "/viec/", "https://ansinh.example.vn/viec?hang=mine"] {
            assert_eq!(case_of(nothing), None, "{nothing}");
        }
    }
}
