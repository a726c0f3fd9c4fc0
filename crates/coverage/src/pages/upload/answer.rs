//! What somebody says about a file that waits: it stands for another one, try again, give it up.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use book::{Arrival, ArrivedState};
use chapter::{PageError, Viewer};
use serde::Deserialize;

use super::{require, to_result};
use crate::pages::Pages;

/// Which file of the arrival is meant.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    #[serde(rename = "tep", default)]
    file: usize,
    #[serde(rename = "lo", default)]
    batch: String,
}

/// `POST /du-lieu/gui/{arrival}/thay`: the file stands for the batch whose name it has.
pub(crate) async fn replace(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(which): FromForm<Which>,
) -> Result<Response, PageError> {
    let arrival = waiting(&pages, &viewer, &id, which.file)?;
    // What was shown beside the button, not whatever has the name by now.
    match &arrival.files[which.file].state {
        ArrivedState::NameTaken { batch } if *batch == which.batch => {}
        _ => return Err(PageError::BadRequest(pages.app.locale(&viewer).t("coverage-upload-form"))),
    }
    let (arrival, audited) = pages.app.take_in(&viewer, arrival, Some(which.file), vec![which.batch]).await?;
    Ok(to_result(&arrival, Some(audited)))
}

/// `POST /du-lieu/gui/{arrival}/thu-lai`: takes the files that wait in again.
pub(crate) async fn retry(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(which): FromForm<Which>,
) -> Result<Response, PageError> {
    let arrival = waiting(&pages, &viewer, &id, which.file)?;
    let (arrival, audited) = pages.app.take_in(&viewer, arrival, Some(which.file), Vec::new()).await?;
    Ok(to_result(&arrival, Some(audited)))
}

/// `POST /du-lieu/gui/{arrival}/bo`: the file is not taken in; its bytes go when no other file of it waits.
pub(crate) async fn give_up(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(which): FromForm<Which>,
) -> Result<Response, PageError> {
    let mut arrival = waiting(&pages, &viewer, &id, which.file)?;
    arrival.files[which.file].state = ArrivedState::GivenUp;
    pages.app.book.put_arrival(&arrival).map_err(|e| PageError::inner(&e))?;
    Ok(to_result(&arrival, None))
}

/// An arrival of which a file waits.
pub(crate) fn waiting(pages: &Pages, viewer: &Viewer, id: &str, file: usize) -> Result<Arrival, PageError> {
    require(viewer)?;
    let arrival = pages.app.book.arrival(id).ok().flatten().ok_or(PageError::NotFound)?;
    match arrival.files.get(file) {
        Some(found) if found.state.waits() => Ok(arrival),
        _ => Err(PageError::NotFound),
    }
}
