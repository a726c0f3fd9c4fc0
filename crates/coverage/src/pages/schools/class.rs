//! One class: the list of its pupils for paper, the sheet for the school, what the school has told.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, SchoolAnswer, UserLabel};
use web::component::{
    Button, ButtonKind, Cell, Column, Control, Field, Form, Link, NoteKind, Panel, Row, Table, audit_note, empty_state, note,
};
use web::{Locale, SafeHtml, tag};

use super::super::Pages;
use super::super::export::moment;
use super::pupils::{Answers, Pupil, Standing, masked, pupils};
use super::{SCHOOLS, class_of, require};
use crate::schools::{Class, School};

/// Who wrote answers down, by id.
type Tellers = BTreeMap<String, UserLabel>;

/// `GET /truong-hoc/{school}/{class}`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path((school, class)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let (school, class) = class_of(&snapshot, &viewer, &school, &class)?;
    let shown = pupils(&snapshot, school, class).await.map_err(|e| PageError::inner(&e))?;
    let answers = app.desk.school_answers(&viewer.scope, &school.key).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ListPeople, "school").object(&school.key).word("class", &class.key);
    let event = event.count("rows", shown.len() as i64).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let tellers = answers.values().map(|answer| answer.told_by.as_str()).collect();
    let tellers = app.desk.user_labels(&viewer.scope, &tellers).await.map_err(PageError::desk)?;
    let path = href(school, class);
    let mut page = app.page(&viewer, &path, title(l, school, class));
    page.crumbs =
        vec![Link::new(l.t("school-list-title"), SCHOOLS), Link::new(school.name.clone(), format!("{SCHOOLS}/{}", school.key))];
    page.here = class.name.clone();
    let without = shown.iter().filter(|p| p.standing != Standing::Card).count();
    let counts = [
        ("pupils", (shown.len() as i64).into()),
        ("without", (without as i64).into()),
        ("day", l.date(snapshot.as_of).into()),
        ("year", school.school_year.as_str().into()),
    ];
    page.facts = SafeHtml::text(&l.t_args("school-class-sentence", &counts));
    if desk::may(&viewer.scope, Permission::Export) {
        page.actions = vec![Button::link(l.t("school-sheet-get"), format!("{path}/danh-sach.xlsx"), ButtonKind::Default)];
    }
    page.table_id = "danh-sach".into();
    let list = table(l, &viewer, &shown, &answers, &tellers);
    let list = Panel::flush(title(l, school, class), list).foot(SafeHtml::text(&l.t("school-answer-note")));
    let mut body = tag("div").class("sheet").child(list).html();
    if desk::may(&viewer.scope, Permission::RecordSchoolAnswers) {
        body.push(form(app, l, &viewer, &path));
    }
    page.body = body;
    page.audit = audit_note(l, SafeHtml::text(&l.t("school-audit")));
    let at = moment((app.clock)(), snapshot.as_of);
    let time = format!("{:02}:{:02} {}", at.hour, at.minute, l.date(at.date));
    page.foot = vec![
        l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]),
        l.t_args(
            "coverage-print-by",
            &[("who", format!("{}, {}", viewer.label, viewer.unit_name).into()), ("time", time.into())],
        ),
        l.t("school-foot"),
    ];
    Ok(Shown::page(page.render(l), audited))
}

/// Address of a class.
pub(super) fn href(school: &School, class: &Class) -> String {
    format!("{SCHOOLS}/{}/{}", school.key, class.key)
}

/// "Lớp 6A2, Trường THCS …".
pub(super) fn title(l: Locale, school: &School, class: &Class) -> String {
    l.t_args("school-class-title", &[("class", class.name.as_str().into()), ("school", school.name.as_str().into())])
}

fn table(l: Locale, viewer: &Viewer, shown: &[Pupil], answers: &Answers, tellers: &Tellers) -> SafeHtml {
    let head = vec![
        Column::text(l.t("school-pupil")),
        Column::number(l.t("coverage-print-number"), ""),
        Column::text(l.t("coverage-rows-born")),
        Column::text(l.t("school-card")),
        Column::text(l.t("school-told")),
    ];
    let rows = shown.iter().enumerate().map(|(at, pupil)| {
        // A pupil may live where this commune has no business: the class list names them, their page is not opened.
        let name = match viewer.scope.sees(pupil.commune.as_ref()) {
            true => Cell::link(&pupil.name, format!("/nguoi/{}", pupil.person)),
            false => Cell::text(&pupil.name),
        };
        let told = match answers.get(&pupil.person) {
            Some(answer) => told(l, pupil, answer, tellers),
            None => Cell::text(""),
        };
        Row::new(vec![
            name,
            Cell::number(l, at as i64 + 1),
            Cell::text(pupil.born.map(|d| l.date(d)).unwrap_or_default()),
            Cell::status(&pupil.standing.status(l)),
            told,
        ])
    });
    let empty = empty_state(&l.t("school-class-empty"), "", None);
    Table::new("danh-sach", l.t("school-class-list"), head).rows(rows).empty(empty).worklist().html(l)
}

/// What the school told, and that it waits for the roster of cards; once a valid card is there, the answer is settled.
fn told(l: Locale, pupil: &Pupil, answer: &SchoolAnswer, tellers: &Tellers) -> Cell {
    let until = l.date(answer.card.valid_to);
    let number = masked(&answer.card.card_number);
    let key = if pupil.standing == Standing::Card { "school-told-settled" } else { "school-told-waits" };
    let words = l.t_args(key, &[("number", number.as_str().into()), ("day", until.as_str().into())]);
    let at = moment(answer.told_at, answer.card.valid_to);
    let by = tellers.get(&answer.told_by).map(|teller| teller.unit_name.clone()).unwrap_or_default();
    Cell::text(words).note(l.t_args("school-told-by", &[("day", l.date(at.date).as_str().into()), ("who", by.as_str().into())]))
}

fn form(app: &App, l: Locale, viewer: &Viewer, path: &str) -> SafeHtml {
    // The form's own number makes sending it twice harmless.
    let print = book::Fingerprint::new("school sheet").with("actor", viewer.scope.actor.0.as_bytes());
    let number = format!("n{}", &print.with("opened", (app.clock)().to_string()).finish()[..30]);
    let file = Field::new("tep", l.t("school-sheet-file"), Control::File(".xlsx".into())).hint(l.t("school-sheet-hint"));
    let send = Button::submit(l.t("school-sheet-send"), ButtonKind::Primary).busy(l.t("coverage-upload-sending"));
    let form = Form {
        action: format!("{path}/nhan"),
        reads: false,
        hidden: vec![("so".into(), number)],
        body: file.html(l),
        buttons: vec![send],
    };
    let words = note(NoteKind::Info, &l.t("school-word-title"), SafeHtml::text(&l.t("school-word")));
    let panel = Panel::new(l.t("school-sheet-back"), words.then(form.with_files()));
    tag("div").class("no-print").child(panel).html()
}
