//! `POST /viec/chon`: what was ticked in a queue is kept, over pages and filters, for one change of all of it (`super::bulk`).

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use chapter::{PageError, Viewer};
use desk::{DeskError, SELECTED_CASES};
use serde::Deserialize;
use web::Locale;

use super::{go, require};
use crate::query::QueueQuery;
use crate::{CASES, Office};

/// Path of the page.
pub(super) const PICK: &str = "/viec/chon";
/// Id of the form that the boxes of a queue are sent with.
pub(super) const FORM: &str = "chon-ho-so";
/// Rows of a page at most: what is sent beyond them was not shown.
const MOST_SHOWN: usize = 200;

/// The name of the box of a case.
pub(super) fn box_name(case: &str) -> String {
    format!("hs-{case}")
}

/// The boxes of the page that a form was sent from.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Boxes {
    /// Cases of the page, by commas.
    #[serde(rename = "trang", default)]
    shown: String,
    /// Boxes that were ticked, among whatever else was sent.
    #[serde(flatten)]
    sent: BTreeMap<String, String>,
}

impl Boxes {
    /// The cases of the page.
    pub(super) fn shown(&self) -> Vec<String> {
        self.shown.split(',').filter(|id| !id.is_empty()).take(MOST_SHOWN).map(str::to_owned).collect()
    }

    /// Those of them that were ticked.
    pub(super) fn ticked(&self) -> BTreeSet<String> {
        self.shown().into_iter().filter(|id| self.sent.contains_key(&box_name(id))).collect()
    }
}

/// What the buttons over a queue send.
#[derive(Debug, Deserialize)]
pub(super) struct Picked {
    #[serde(flatten)]
    query: QueueQuery,
    /// What is done: `luu`, `trang`, `tat-ca`, `bo`; with `sau-` or `truoc-` and a place another page is turned to.
    #[serde(rename = "lam", default)]
    what: String,
    #[serde(flatten)]
    boxes: Boxes,
}

/// `POST /viec/chon`.
pub(super) async fn pick(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Picked>,
) -> Result<Response, PageError> {
    let app = &office.app;
    require(&viewer)?;
    let (desk, scope, query) = (&app.desk, &viewer.scope, &sent.query);
    let (selection, shown) = (query.selection.as_str(), sent.boxes.shown());
    let done = match sent.what.as_str() {
        "bo" => desk.clear_selection(scope, selection).await,
        "tat-ca" => desk.select_query(scope, selection, &query.cases(app.today())).await.map(drop),
        "trang" => desk.select_cases(scope, selection, &shown, &shown.iter().cloned().collect()).await.map(drop),
        _ => desk.select_cases(scope, selection, &shown, &sent.boxes.ticked()).await.map(drop),
    };
    done.map_err(|error| refused(app.locale(&viewer), error))?;
    if let Some(place) = sent.what.strip_prefix("sau-") {
        return Ok(go(&query.href(CASES, |q| q.after = place.to_owned())));
    }
    if let Some(place) = sent.what.strip_prefix("truoc-") {
        return Ok(go(&query.href(CASES, |q| q.before = place.to_owned())));
    }
    // Nothing of an empty selection can be shown alone.
    Ok(go(&if sent.what == "bo" { query.href(CASES, |q| q.only.clear()) } else { query.here(CASES) }))
}

/// What the desk said of a selection, in words.
pub(super) fn refused(l: Locale, error: DeskError) -> PageError {
    match error {
        DeskError::Invalid { field: "selection", .. } => PageError::BadRequest(l.t("office-pick-used")),
        DeskError::Invalid { field: "selection_size", .. } => {
            PageError::BadRequest(l.t_args("office-pick-many", &[("most", SELECTED_CASES.into())]))
        }
        other => PageError::desk(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_come_beside_the_queue_and_only_those_that_were_shown() {
        let read = |text: &str| {
            let address: axum::http::Uri = format!("/x?{text}").parse().unwrap();
            axum::extract::Query::<Picked>::try_from_uri(&address).unwrap().0
        };
        let text = "hang=open&chon=n1&trang=a%2Cb%2Cc&hs-a=1&hs-c=1&hs-x=1&lam=sau-2026-11-13_c&viec=nhan";
        let sent = read(text);
        assert_eq!((sent.query.queue.as_str(), sent.query.selection.as_str()), ("open", "n1"));
        assert_eq!(sent.boxes.shown(), ["a", "b", "c"]);
        assert_eq!(sent.boxes.ticked(), BTreeSet::from(["a".to_owned(), "c".to_owned()]));
        assert_eq!(sent.what, "sau-2026-11-13_c");
        let none = read("");
        assert!(none.boxes.shown().is_empty() && none.boxes.ticked().is_empty());
    }
}
