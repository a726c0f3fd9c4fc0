//! `GET /to-chuc-thu/{organisation}`: its collectors with card, training, what came of their cases and what forms say they brought in; the
//! parts of its rating; trainings; complaints.

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, Training, Unit};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Form, Link, Panel, Row, Table, audit_note, columns, empty_state,
};
use web::{Locale, SafeHtml, tag};

use super::data::Known;
use super::{COLLECTORS, ORGANISATIONS, manages, words};
use crate::Office;
use crate::pages::forms::folded;

/// `GET /to-chuc-thu/{organisation}`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let known = Known::read(&office, &viewer, Some(&id)).await?;
    let Some(unit) = known.organisations.first() else { return Err(PageError::NotFound) };
    let trainings = app.desk.trainings(&viewer.scope, Some(&id)).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "organisation").object(id.as_str());
    let audited = app.audit(&viewer, event.count("rows", known.collectors.len() as i64)).await?;
    let to = format!("{ORGANISATIONS}/{id}");
    let mut page = app.page(&viewer, &to, unit.name.clone());
    page.crumbs = vec![Link::new(l.t("collector-title"), ORGANISATIONS)];
    page.here = unit.name.clone();
    let valid = known.of(&id).filter(|collector| collector.valid_card(known.today).is_some()).count() as i64;
    let counts =
        [("n", (known.collectors.len() as i64).into()), ("valid", valid.into()), ("day", l.date(known.today).as_str().into())];
    page.facts = SafeHtml::text(&l.t_args("collector-organisation-facts", &counts));
    if desk::may(&viewer.scope, Permission::Export) {
        page.actions.push(Button::link(l.t("collector-sheet"), format!("{to}/nhan-vien.xlsx"), ButtonKind::Default));
    }
    if manages(&viewer) {
        page.actions.push(Button::link(l.t("collector-training-new"), format!("{to}/tap-huan"), ButtonKind::Default));
        page.actions.push(Button::link(l.t("collector-new"), format!("{to}/nhan-vien-moi"), ButtonKind::Primary));
    }
    page.table_id = "nhan-vien".into();
    let mut main = people(l, &known, unit);
    main.push(complaints(l, &known));
    let mut side = words::rating(l, &known.scale, &known.rating(&id));
    side.push(held(l, &trainings));
    if manages(&viewer) {
        side.push(import(&office, l, &viewer, &to));
    }
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    page.body = columns(Columns::One, [stack(main), stack(side)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("collector-audit")));
    page.foot = vec![l.t("collector-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn people(l: Locale, known: &Known, unit: &Unit) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-holder")),
        Column::text(l.t("collector-card")),
        Column::text(l.t("collector-training")),
        Column::text(l.t("collector-conversions")),
        Column::number(l.t("collector-brought-new"), ""),
        Column::number(l.t("collector-brought-renewed"), ""),
        Column::number(l.t("collector-brought-stopped"), ""),
        Column::number(l.t("collector-rating"), ""),
    ];
    let none = || Cell::text(l.t("collector-no-data"));
    let rows = known.of(&unit.id).map(|collector| {
        let to = format!("{COLLECTORS}/{}", collector.id);
        let card = collector.valid_card(known.today).or(collector.cards.first());
        let card = card.map_or_else(none, |card| Cell::html(words::card(l, card, known.today).html()).note(&card.number));
        let trained = match collector.certificate_until {
            Some(until) if collector.is_trained(known.today) => {
                l.t_args("collector-trained-until", &[("day", l.date(until).as_str().into())])
            }
            Some(until) => l.t_args("collector-trained-over", &[("day", l.date(until).as_str().into())]),
            None => l.t("collector-not-trained"),
        };
        let brought = known.brought(collector);
        let count = |at: Option<i64>| at.map_or_else(none, |n| Cell::number(l, n));
        let renewed = brought.as_ref().and_then(|one| Some(one.counts[2]? + one.counts[3]?));
        let rating = crate::rating::Rating::of_one(&known.scale, known.facts(collector));
        let code =
            l.t_args("collector-codes", &[("point", collector.point.as_str().into()), ("code", collector.code.as_str().into())]);
        Row::new(vec![
            Cell::link(&collector.holder, &to).note(code),
            card,
            Cell::text(trained),
            Cell::text(words::conversions(l, &known.outcomes(&collector.id))),
            count(brought.as_ref().and_then(|one| one.counts[1])),
            count(renewed),
            none(),
            Cell::figure(words::points(l, &rating), format!("{to}#danh-gia")),
        ])
    });
    let empty = empty_state(&l.t("collector-nobody"), &l.t("collector-nobody-why"), None);
    let title = l.t("collector-people");
    let table = Table::new("nhan-vien", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("collector-brought-what"))).html()
}

fn complaints(l: Locale, known: &Known) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-complaint-about")),
        Column::text(l.t("collector-complaint-kind")),
        Column::text(l.t("collector-complaint-received")),
        Column::text(l.t("collector-complaint-state")),
    ];
    let rows = known.complaints.iter().map(|one| {
        let about = known.collectors.iter().find(|collector| collector.id == one.collector);
        let name = about.map_or_else(|| l.t("collector-no-data"), |collector| collector.holder.clone());
        Row::new(vec![
            Cell::link(name, format!("{COLLECTORS}/{}#phan-anh", one.collector)),
            Cell::text(words::kind(l, one.kind)),
            Cell::text(l.date(one.received_on)),
            Cell::html(words::complaint(l, one, known.today).html()),
        ])
    });
    let empty = empty_state(&l.t("collector-no-complaints"), &l.t("collector-no-complaints-why"), None);
    let title = l.t("collector-complaints");
    let table = Table::new("phan-anh", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).html()
}

fn held(l: Locale, trainings: &[Training]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-training-subject")),
        Column::text(l.t("collector-training-day")),
        Column::text(l.t("collector-training-until")),
        Column::number(l.t("collector-training-people"), ""),
    ];
    let rows = trainings.iter().map(|training| {
        let until = training.certificate_until.map_or_else(|| l.t("collector-training-no-certificate"), |day| l.date(day));
        Row::new(vec![
            Cell::text(&training.subject),
            Cell::text(l.date(training.held_on)),
            Cell::text(until),
            Cell::number(l, training.attended.len() as i64),
        ])
    });
    let empty = empty_state(&l.t("collector-no-trainings"), &l.t("collector-no-trainings-why"), None);
    let title = l.t("collector-trainings");
    let table = Table::new("tap-huan", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).html()
}

/// Cards from a file.
fn import(office: &Office, l: Locale, viewer: &Viewer, to: &str) -> SafeHtml {
    let file = Field::new("tep", l.t("collector-cards-file"), Control::File(".xlsx,.csv".into()));
    let form = Form {
        action: format!("{to}/nhan-the"),
        reads: false,
        hidden: vec![("so".into(), office.app.form_number(viewer, "collector cards"))],
        body: file.hint(l.t("collector-cards-hint")).html(l),
        buttons: vec![Button::submit(l.t("collector-cards-send"), ButtonKind::Default).busy(l.t("office-saving"))],
    };
    let template = Link::new(l.t("collector-cards-template"), format!("{to}/mau-the.xlsx"));
    let body = form.with_files().then(tag("p").child(template.html()).html());
    tag("div").class("no-print").child(folded(&l.t("collector-cards-title"), body)).html()
}
