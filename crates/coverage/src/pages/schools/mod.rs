//! Schools (trường học): the worst first, their classes, the list of one class for paper and for the school to fill in.
//!
//! A school learns who has no valid card and never why (practice E8): no reason, no object code, no household stands here.

mod answer;
mod class;
mod list;
mod pupils;
mod school;
mod sheet;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use chapter::{PageError, Viewer};
use desk::Permission;

use super::Pages;
use crate::schools::{Class, School};
use crate::serving::Snapshot;

/// Path of the list.
pub(crate) const SCHOOLS: &str = "/truong-hoc";
/// Bytes of a class's sheet that comes back.
const SHEET_BYTES: usize = 4 << 20;

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(SCHOOLS, get(list::show).post(list::search))
        .route("/truong-hoc/{school}", get(school::show))
        .route("/truong-hoc/{school}/{class}", get(class::show))
        .route("/truong-hoc/{school}/{class}/danh-sach.xlsx", get(sheet::xlsx))
        .route("/truong-hoc/{school}/{class}/nhan", post(answer::take).layer(DefaultBodyLimit::max(SHEET_BYTES)))
}

/// Who may see schools and their pupils at all.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)
}

/// The school and class of an address, where the viewer may see them.
fn class_of<'s>(
    snapshot: &'s Snapshot,
    viewer: &'s Viewer,
    school: &str,
    class: &str,
) -> Result<(&'s School, &'s Class), PageError> {
    let school = snapshot.schools.school(&viewer.scope, school).ok_or(PageError::NotFound)?;
    Ok((school, school.class(class).ok_or(PageError::NotFound)?))
}
