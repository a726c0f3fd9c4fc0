//! Sending a roster file at the portal: the form, the sending, what became of it.

mod answer;
mod result;

use axum::extract::{DefaultBodyLimit, Multipart, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use base::Month;
use book::{Arrival, Fingerprint};
use chapter::{App, Audited, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Choice, Columns, Control, ErrorSummary, Field, Form, Link, NoteKind, Panel, columns, definition_list,
    note,
};
use web::{Locale, SafeHtml, tag};

pub(super) use answer::waiting;

use super::Pages;
use super::rosters::{DATA, PeriodQuery, batch_href, received, roster_title};

/// Path of the form.
pub(super) const SEND: &str = "/du-lieu/gui";
/// Arrivals are kept for a week: long enough to ask an agency what a column means.
const KEPT_MS: i64 = 7 * 86_400_000;
/// Months offered before and after this one.
const MONTHS_BACK: i32 = 13;
/// Endings of files that can be chosen; what a file really is, its bytes say.
const KINDS: &str = ".xlsx,.csv,.txt,.zip,.parquet";
/// Characters of a file name that are kept.
const NAME_LENGTH: usize = 120;

/// The routes.
pub(super) fn routes(app: &App) -> Router<Pages> {
    // Headings and fields of the form come on top of the file itself.
    let limit = usize::try_from(app.upload_bytes).unwrap_or(usize::MAX).saturating_add(1 << 20);
    Router::new()
        .route(SEND, get(form).post(send).layer(DefaultBodyLimit::max(limit)))
        .route("/du-lieu/gui/{arrival}", get(result::show))
        .route("/du-lieu/gui/{arrival}/thay", post(answer::replace))
        .route("/du-lieu/gui/{arrival}/thu-lai", post(answer::retry))
        .route("/du-lieu/gui/{arrival}/bo", post(answer::give_up))
        .merge(super::mapping::routes())
}

/// Who may send files: the agency that takes the rosters in.
pub(super) fn require(viewer: &Viewer) -> Result<(), PageError> {
    super::rosters::require(viewer)?;
    desk::require(&viewer.scope, Permission::TakeInRosters).map_err(|_| PageError::Forbidden)
}

/// What the address of the form says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(rename = "ky", default)]
    period: String,
    #[serde(rename = "loai", default)]
    roster: String,
    #[serde(rename = "sua", default)]
    mends: String,
    /// Key of an error of the sending before: `trong`.
    #[serde(rename = "loi", default)]
    error: String,
}

/// `GET /du-lieu/gui`.
async fn form(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let received = received(app, &PeriodQuery { period: asked.period.clone() })?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "batch").object("send")).await?;
    let mended = received.batch(&asked.mends);
    let file = Field::new("tep", l.t("coverage-upload-file"), Control::File(KINDS.into()))
        .hint(l.t_args("coverage-upload-file-hint", &[("mb", ((app.upload_bytes >> 20) as i64).into())]))
        .error((asked.error == "trong").then(|| l.t("coverage-upload-no-file")));
    let summary = ErrorSummary::of(std::slice::from_ref(&file)).html(l);
    let period = Field::new("ky", l.t("coverage-data-period"), Control::Select(months(app, l, received.period)))
        .hint(l.t("coverage-upload-period-hint"));
    let mut fields = vec![period.html(l)];
    let mut hidden = vec![("so".to_owned(), form_number(app, &viewer))];
    match mended {
        Some(batch) => hidden.extend([("sua".to_owned(), batch.id.clone()), ("loai".to_owned(), batch.roster.clone())]),
        None => fields.push(
            Field::new("loai", l.t("coverage-column-roster"), Control::Select(rosters(app, l, &asked.roster)))
                .hint(l.t("coverage-upload-roster-hint"))
                .html(l),
        ),
    }
    fields.push(file.html(l));
    let send = Button::submit(l.t("coverage-upload-send"), ButtonKind::Primary).busy(l.t("coverage-upload-sending"));
    let form = Form { action: SEND.into(), reads: false, hidden, body: SafeHtml::concat(fields), buttons: vec![send] };
    let mut page = app.page(&viewer, SEND, l.t("coverage-upload-title"));
    page.crumbs = vec![Link::new(l.t("coverage-data-title"), format!("{DATA}?ky={}", received.period))];
    page.here = l.t("coverage-upload-open");
    let told = mended.map(|batch| {
        let words = tag("p").text(&l.t("coverage-upload-mends")).html();
        let link = tag("p").child(Link::new(batch.file_name.clone(), batch_href(batch))).html();
        note(NoteKind::Info, &l.t("coverage-upload-mends-title"), words.then(link))
    });
    let main = Panel::new(l.t("coverage-upload-panel"), form.with_files());
    let facts = definition_list(
        false,
        [
            (l.t("coverage-upload-kinds"), SafeHtml::text(&l.t("coverage-upload-kinds-text"))),
            (l.t("coverage-upload-rows"), SafeHtml::text(&l.t("coverage-upload-rows-text"))),
            (l.t("coverage-upload-again"), SafeHtml::text(&l.t("coverage-upload-again-text"))),
            (l.t("coverage-upload-columns"), SafeHtml::text(&l.t("coverage-upload-columns-text"))),
            (l.t("coverage-upload-next"), SafeHtml::text(&l.t("coverage-upload-next-text"))),
        ],
    );
    let side = Panel::new(l.t("coverage-upload-about"), facts);
    page.body = SafeHtml::concat([summary, told.unwrap_or_default(), columns(Columns::MainSide, [main.html(), side.html()])]);
    Ok(Shown::page(page.render(l), audited))
}

fn months(app: &App, l: Locale, chosen: Month) -> Vec<Choice> {
    let this = app.today().month();
    let mut months: Vec<Month> = (-MONTHS_BACK..=1).rev().map(|n| this.plus(n)).collect();
    if !months.contains(&chosen) {
        months.push(chosen);
        months.sort_by(|a, b| b.cmp(a));
    }
    months.into_iter().map(|m| Choice::new(m.to_string(), l.month(m), m == chosen)).collect()
}

fn rosters(app: &App, l: Locale, chosen: &str) -> Vec<Choice> {
    let layouts = app.shelf.layouts();
    let mut known: Vec<(String, &str)> = layouts.rosters().into_iter().map(|r| (roster_title(app, l, r), r)).collect();
    known.sort_by_cached_key(|(title, _)| web::text_sort_key(title));
    let found = Choice::new("", l.t("coverage-upload-auto"), chosen.is_empty());
    let rest = known.into_iter().map(|(title, roster)| Choice::new(roster, title, chosen == roster));
    std::iter::once(found).chain(rest).collect()
}

/// A number for a form, so that sending it twice is one arrival.
fn form_number(app: &App, viewer: &Viewer) -> String {
    let print = Fingerprint::new("arrival").with("actor", viewer.scope.actor.0.as_bytes());
    print.with("opened", (app.clock)().to_string()).finish()[..32].to_owned()
}

/// `POST /du-lieu/gui`: the file goes to the disk as it comes in, then into the book.
async fn send(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    mut sent: Multipart,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let unreadable =
        |_| PageError::BadRequest(l.t_args("coverage-upload-too-large", &[("mb", ((app.upload_bytes >> 20) as i64).into())]));
    let inner = |e: book::BookError| PageError::inner(&e);
    let now = (app.clock)();
    let mut arrival = Arrival {
        id: form_number(app, &viewer),
        file_name: String::new(),
        period: app.today().month(),
        roster: None,
        mends: None,
        at: now,
        files: Vec::new(),
    };
    while let Some(mut field) = sent.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "tep" => {
                arrival.file_name = file_name(field.file_name().unwrap_or_default());
                if app.book.arrival(&arrival.id).map_err(|_| PageError::BadRequest(l.t("coverage-upload-form")))?.is_some() {
                    return Ok(to_result(&arrival, None));
                }
                let mut file = app.book.begin_arrival(&arrival.id).map_err(inner)?;
                let mut bytes = 0;
                while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
                    bytes += chunk.len();
                    file.write(&chunk).map_err(inner)?;
                }
                if bytes > 0 {
                    file.finish().map_err(inner)?;
                } else {
                    arrival.file_name.clear();
                }
            }
            "so" => arrival.id = field.text().await.map_err(unreadable)?,
            "ky" => {
                let text = field.text().await.map_err(unreadable)?;
                arrival.period = text.parse().map_err(|_| PageError::BadRequest(l.t("coverage-upload-form")))?;
            }
            "loai" => arrival.roster = Some(field.text().await.map_err(unreadable)?).filter(|r| !r.is_empty()),
            "sua" => arrival.mends = Some(field.text().await.map_err(unreadable)?).filter(|b| !b.is_empty()),
            _ => return Err(PageError::BadRequest(l.t("coverage-upload-form"))),
        }
    }
    if arrival.file_name.is_empty() {
        let asked = [("sua", arrival.mends.unwrap_or_default()), ("loai", arrival.roster.unwrap_or_default())];
        let asked: String = asked.iter().filter(|(_, v)| is_word(v)).map(|(n, v)| format!("&{n}={v}")).collect();
        return Ok(plain_redirect(&format!("{SEND}?ky={}{asked}&loi=trong", arrival.period)));
    }
    if arrival.roster.as_ref().is_some_and(|r| !app.shelf.layouts().rosters().contains(&r.as_str())) {
        return Err(PageError::BadRequest(l.t("coverage-upload-form")));
    }
    app.book.clear_arrivals(now - KEPT_MS).map_err(inner)?;
    app.book.put_arrival(&arrival).map_err(inner)?;
    let (arrival, audited) = app.take_in(&viewer, arrival, None, Vec::new()).await?;
    Ok(to_result(&arrival, Some(audited)))
}

/// The name of a file without folders and without what a path could be made of.
fn file_name(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = base::names::clean(name).chars().filter(|c| !c.is_control()).take(NAME_LENGTH).collect();
    if name.trim_matches('.').is_empty() { String::new() } else { name }
}

fn is_word(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Leads to what became of an arrival. Nothing is shown here, so there is nothing to be proven beyond what was.
pub(super) fn to_result(arrival: &Arrival, audited: Option<Audited>) -> Response {
    let mut response = plain_redirect(&format!("{SEND}/{}", arrival.id));
    if let Some(audited) = audited {
        response.extensions_mut().insert(audited);
    }
    response
}

pub(super) fn plain_redirect(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(chapter::NoData);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_folders_and_cannot_be_paths() {
        assert_eq!(file_name("C:\\Users\\an\\Danh sách 6A.xlsx"), "Danh sách 6A.xlsx");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name(".."), "");
        assert_eq!(file_name(""), "");
        assert_eq!(file_name(&"a".repeat(500)).len(), NAME_LENGTH);
    }
}
