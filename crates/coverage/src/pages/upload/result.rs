//! `GET /du-lieu/gui/{arrival}`: what became of each file that was sent.

use axum::Extension;
use axum::extract::{Path, State};
use book::{Arrival, ArrivedFile, ArrivedState, BatchRecord};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Button, ButtonKind, Columns, Form, Link, NoteKind, Panel, Status, columns, note};
use web::{Locale, SafeHtml, tag};

use super::{SEND, require};
use crate::pages::Pages;
use crate::pages::rosters::{
    DATA, PeriodQuery, Received, batch_href, changes_table, columns_told, counts, reason_lines, received, roster_title,
};

/// `GET /du-lieu/gui/{arrival}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let arrival = app.book.arrival(&id).ok().flatten().ok_or(PageError::NotFound)?;
    let received = received(app, &PeriodQuery { period: arrival.period.to_string() })?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "arrival").object(format!("a-{id}"))).await?;
    let mut page = app.page(&viewer, &format!("{SEND}/{id}"), l.t("coverage-sent-title"));
    page.crumbs = vec![Link::new(l.t("coverage-data-title"), format!("{DATA}?ky={}", arrival.period))];
    page.here = l.t("coverage-upload-open");
    page.facts = SafeHtml::text(&format!("{} · {}", arrival.file_name, l.month(arrival.period)));
    let again = format!("{SEND}?ky={}", arrival.period);
    page.actions = vec![Button::link(l.t("coverage-sent-another"), again, ButtonKind::Default)];
    let panels = arrival.files.iter().enumerate().map(|(at, file)| one(&pages, l, &received, &arrival, at, file));
    page.body = columns(Columns::One, panels.collect::<Vec<_>>());
    let stored = arrival.files.iter().any(|f| matches!(f.state, ArrivedState::Taken { known: false, .. }));
    if stored {
        let period = arrival.period.to_string();
        let body = tag("p").text(&l.t("coverage-sent-next")).html();
        let body = body.then(tag("p").child(tag("code").text(&format!("ansinh run --period {period}"))));
        page.body.push(note(NoteKind::Info, &l.t("coverage-sent-next-title"), body));
    }
    Ok(Shown::page(page.render(l), audited))
}

fn one(pages: &Pages, l: Locale, received: &Received, arrival: &Arrival, at: usize, file: &ArrivedFile) -> SafeHtml {
    let (status, body) = match &file.state {
        ArrivedState::Taken { batch, known } => match received.batch(batch) {
            Some(batch) => taken(pages, l, received, batch, *known),
            None => (Status::neutral(l.t("coverage-sent-gone")), SafeHtml::default()),
        },
        ArrivedState::NoLayout => no_layout(l, arrival, at),
        ArrivedState::NameTaken { batch } => name_taken(pages, l, received, arrival, at, batch),
        ArrivedState::Busy => {
            let body = tag("p").text(&l.t("coverage-sent-busy-text")).html();
            let retry =
                answer(arrival, at, "thu-lai", Vec::new(), Button::submit(l.t("coverage-sent-retry"), ButtonKind::Primary));
            (Status::warn(l.t("coverage-sent-busy")), body.then(retry).then(give_up(l, arrival, at)))
        }
        ArrivedState::Refused { what, remedy, .. } => {
            // The reasons of a whole file are in Vietnamese, as its sender needs them.
            let words = tag("p").attr("lang", "vi").text(what).html();
            let remedy = tag("p").attr("lang", "vi").text(remedy).html();
            (Status::bad(l.t("coverage-sent-refused")), words.then(remedy))
        }
        ArrivedState::GivenUp => (Status::neutral(l.t("coverage-sent-given-up")), SafeHtml::default()),
    };
    Panel::new(file.name.clone(), body).aside(status.html()).html()
}

/// The file is in the book: read = stored + refused, why, which columns, what it stands for.
fn taken(pages: &Pages, l: Locale, received: &Received, batch: &BatchRecord, known: bool) -> (Status, SafeHtml) {
    let mut body = SafeHtml::default();
    if known {
        body.push(note(NoteKind::Info, &l.t("coverage-sent-known"), tag("p").text(&l.t("coverage-sent-known-text"))));
    }
    if !received.counts(batch) {
        body.push(note(NoteKind::Caution, &l.t("coverage-batch-replaced"), tag("p").text(&l.t("coverage-sent-known-replaced"))));
    }
    let number = |n: u64| l.number(n as i64);
    let sum = l.t_args(
        "coverage-sent-sum",
        &[
            ("read", number(batch.read).as_str().into()),
            ("stored", number(batch.stored).as_str().into()),
            ("refused", number(batch.quarantined).as_str().into()),
            ("roster", roster_title(&pages.app, l, &batch.roster).as_str().into()),
        ],
    );
    body.push(tag("p").child(tag("strong").text(&sum)));
    let mut left = counts(l, batch);
    if !batch.refused.is_empty() {
        left.push(tag("h3").text(&l.t("coverage-batch-reasons")));
        left.push(reason_lines(l, batch));
    }
    let mut right = SafeHtml::default();
    if let Some(mended) = &batch.mends {
        let n = [("n", (mended.rows.len() as i64).into())];
        right.push(note(NoteKind::Info, &l.t("coverage-batch-mends"), tag("p").text(&l.t_args("coverage-batch-mends-text", &n))));
    }
    right.push(columns_told(&pages.app, l, batch));
    let block = |content: SafeHtml| tag("div").class("grid").child(content).html();
    body.push(if right.is_empty() { block(left) } else { columns(Columns::Two, [block(left), block(right)]) });
    for (n, r) in batch.replaces.iter().enumerate() {
        if let Some(old) = received.batch(&r.batch) {
            body.push(tag("h3").text(&l.t("coverage-batch-replaces")));
            body.push(changes_table(l, &format!("thay-{}-{}", batch.id, n + 1), old, batch, &r.changes));
        }
    }
    let mut links =
        tag("div").class("actions").child(Button::link(l.t("coverage-sent-open"), batch_href(batch), ButtonKind::Primary));
    if batch.quarantined > 0 {
        let href = format!("{DATA}/tra-lai?ky={}&lo={}", batch.period, batch.id);
        links = links.child(Button::link(l.t("coverage-sent-open-refused"), href, ButtonKind::Default));
    }
    body.push(links);
    let status = match (known, batch.quarantined) {
        (true, _) => Status::neutral(l.t("coverage-sent-known")),
        (false, 0) => Status::ok(l.t("coverage-sent-stored")),
        (false, _) => Status::warn(l.t("coverage-sent-partly")),
    };
    (status, body)
}

fn no_layout(l: Locale, arrival: &Arrival, at: usize) -> (Status, SafeHtml) {
    let body = tag("p").text(&l.t("coverage-sent-no-layout-text")).html();
    let map = Button::link(l.t("coverage-sent-map"), format!("{SEND}/{}/ghep-cot?tep={at}", arrival.id), ButtonKind::Primary);
    let actions = tag("div").class("actions").child(map).html();
    (Status::warn(l.t("coverage-sent-no-layout")), body.then(actions).then(give_up(l, arrival, at)))
}

fn name_taken(pages: &Pages, l: Locale, received: &Received, arrival: &Arrival, at: usize, batch: &str) -> (Status, SafeHtml) {
    let mut body = tag("p").text(&l.t("coverage-sent-name-text")).html();
    if let Some(old) = received.batch(batch) {
        let link = Link::new(old.file_name.clone(), batch_href(old));
        body.push(tag("h3").child(link).text(&format!(" · {}", roster_title(&pages.app, l, &old.roster))));
        body.push(counts(l, old));
    }
    let button = Button::submit(l.t("coverage-sent-replace"), ButtonKind::Danger).busy(l.t("coverage-upload-sending"));
    body.push(answer(arrival, at, "thay", vec![("lo".to_owned(), batch.to_owned())], button));
    (Status::warn(l.t("coverage-sent-name")), body.then(give_up(l, arrival, at)))
}

fn give_up(l: Locale, arrival: &Arrival, at: usize) -> SafeHtml {
    answer(arrival, at, "bo", Vec::new(), Button::submit(l.t("coverage-sent-give-up"), ButtonKind::Quiet))
}

fn answer(arrival: &Arrival, at: usize, what: &str, more: Vec<(String, String)>, button: Button) -> SafeHtml {
    let mut hidden = vec![("tep".to_owned(), at.to_string())];
    hidden.extend(more);
    let action = format!("{SEND}/{}/{what}", arrival.id);
    Form { action, reads: false, hidden, body: SafeHtml::default(), buttons: vec![button] }.html()
}
