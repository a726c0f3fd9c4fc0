//! Overview of support: who is entitled by group, who gets it, who does not, and what the quarter costs.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Chip, Column, Control, Field, Figure, FigureStrip, FilterBar, Form, Link, NoteKind, NumberCard,
    Panel, Row, Status, Table, TargetLine, audit_note, empty_state, note,
};
use web::{Locale, Percent, SafeHtml};

use super::data;
use super::view::{self, Query, VIEWS};
use super::{HOME, PEOPLE, SHEET};
use crate::pages::Pages;
use crate::support::{HEALTH, VOLUNTARY};
use crate::support_figures::{Area, GroupCount, Owed};

/// `GET /ho-tro`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let asked = query.place(&viewer.scope);
    let known = data::there(&snapshot.session);
    let figures = pages.figures.of(app, &snapshot).await?;
    let area = Area { scope: &viewer.scope, asked: asked.as_ref() };
    let (counts, owed) = (figures.support.counts(area), figures.support.sheet(area, false));
    let mut event = ReadEvent::new(AuditAction::ViewRows, "support_entitlement").object("counts").run(&snapshot.run);
    if let Some(code) = &asked {
        event = event.commune(code);
    }
    let audited = app.audit(&viewer, event).await?;
    // Only what the pages carry on: a group or standing typed here would narrow nothing.
    let query = Query { commune: asked.as_ref().map(ToString::to_string).unwrap_or_default(), ..Query::default() };
    let mut page = app.page(&viewer, &query.href(HOME, |_| ()), l.t("support-title"));
    page.facts = SafeHtml::text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())]));
    page.actions = vec![Button::link(l.t("support-sheet-open"), query.href(SHEET, |_| ()), ButtonKind::Default)];
    let place = asked.as_ref().map(|code| pages.place(code));
    let mut body = filter(&pages, l, &viewer, &query, place.as_deref(), HOME);
    let health: Vec<&GroupCount> = counts.iter().filter(|c| c.scheme == HEALTH).collect();
    if health.is_empty() {
        let reason = l.t(if known { "support-none" } else { "support-not-run" });
        body.push(empty_state(&l.t("support-none-title"), &reason, None));
    } else {
        body.push(strip(l, &query, &health));
        body.push(groups(l, &query, HEALTH, &counts));
    }
    if counts.iter().any(|c| c.scheme == VOLUNTARY) {
        body.push(groups(l, &query, VOLUNTARY, &counts));
    }
    if !owed.is_empty() {
        body.push(payers(l, &query, &owed, snapshot.period));
    }
    body.push(note(NoteKind::Info, &l.t("support-reading-title"), SafeHtml::text(&l.t("support-reading"))));
    page.table_id = "nhom-y-te".into();
    page.body = web::component::columns(web::component::Columns::One, [body]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("support-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("coverage-reasons-note")];
    Ok(Shown::page(page.render(l), audited))
}

/// The commune chosen, and the form that chooses another.
pub(super) fn filter(
    pages: &Pages,
    l: Locale,
    viewer: &Viewer,
    query: &Query,
    place: Option<&str>,
    path: &'static str,
) -> SafeHtml {
    let choices = view::commune_choices(pages, l, &viewer.scope, &query.commune);
    let whole = match &viewer.scope.area {
        base::Area::Communes(own) if own.len() == 1 => own.iter().map(|code| pages.place(code)).collect(),
        _ => l.t("coverage-whole-scope"),
    };
    let sentence = l.t_args("support-sentence-place", &[("place", place.unwrap_or(&whole).into())]);
    let chips = place
        .map(|place| Chip { text: place.to_owned(), remove_href: query.href(path, |q| q.commune.clear()) })
        .into_iter()
        .collect();
    // Who has one commune has nothing to choose.
    let more = if choices.len() > 2 {
        let body = Field::new("xa", l.t("coverage-filter-commune"), Control::Select(choices)).html(l);
        let buttons = vec![Button::submit(l.t("coverage-filter-apply"), ButtonKind::Primary)];
        Form { action: path.into(), reads: true, hidden: Vec::new(), body, buttons }.html()
    } else {
        SafeHtml::default()
    };
    FilterBar { chips, sentence, more }.html(l)
}

fn strip(l: Locale, query: &Query, counts: &[&GroupCount]) -> SafeHtml {
    let total: i64 = counts.iter().map(|c| c.people).sum();
    let of = |at: usize| counts.iter().map(|c| c.views[at]).sum::<i64>();
    let known = |word: &str| query.href(PEOPLE, |q| q.standing = word.to_owned());
    let mut cards = vec![NumberCard::new(
        l.t("support-entitled"),
        Figure::known(l.number(total), l.t("coverage-people"), query.href(PEOPLE, |_| ())),
    )];
    // Plan III.2b: everybody who is entitled takes part; whom an employer or the fund pays for is not to be supported (indicator T2b).
    let supported = of(0);
    let mut part =
        NumberCard::new(l.t(VIEWS[0].key), Figure::known(l.number(supported), l.t("coverage-people"), known(VIEWS[0].word)));
    if let Some(share) = Percent::of(supported, total - of(3)) {
        part.targets.push(TargetLine::new(l.t("support-share"), l.percent(share)));
    }
    part.targets.push(TargetLine::new(l.t("support-goal"), l.percent(Percent(10_000))));
    cards.push(part);
    for at in [1, 2, 5, 6] {
        let view = &VIEWS[at];
        let count = of(at);
        // Where every roster says where people live there is nothing to verify.
        if at == 6 && count == 0 {
            continue;
        }
        let mut card = NumberCard::new(l.t(view.key), Figure::known(l.number(count), l.t("coverage-people"), known(view.word)));
        card.status = match (at, count) {
            (_, 0) => Some(Status::ok(l.t("support-status-none"))),
            (1 | 5, _) => Some(Status::warn(l.t("support-status-review"))),
            (2, _) => Some(Status::warn(l.t("support-status-move"))),
            _ => Some(Status::neutral(l.t("support-status-verify"))),
        };
        cards.push(card);
    }
    FigureStrip { cards }.html()
}

fn groups(l: Locale, query: &Query, scheme: &'static str, counts: &[GroupCount]) -> SafeHtml {
    let slug = |q: &mut Query| {
        if scheme == VOLUNTARY {
            q.scheme = "tu-nguyen".into();
        }
    };
    let order = view::groups(scheme);
    let mut lines: Vec<&GroupCount> = counts.iter().filter(|c| c.scheme == scheme).collect();
    lines.sort_by_key(|c| (order.iter().position(|code| *code == c.group), c.group.clone()));
    let mut head = vec![Column::text(l.t("support-column-group")), Column::number(l.t("support-column-entitled"), "")];
    // People paid for by others, and grounds not proven, are of no use to who pays voluntary insurance.
    let shown: Vec<usize> = (0..VIEWS.len()).filter(|at| scheme == HEALTH || *at != 1).collect();
    head.extend(shown.iter().map(|at| Column::number(l.t(VIEWS[*at].key), "")));
    let figure = |count: i64, group: Option<&str>, view: Option<&str>| {
        if count == 0 {
            return Cell::text(l.number(0));
        }
        let href = query.href(PEOPLE, |q| {
            slug(q);
            q.group = group.unwrap_or_default().to_owned();
            q.standing = view.unwrap_or_default().to_owned();
        });
        Cell::figure(l.number(count), href)
    };
    let row = |name: String, group: Option<&str>, people: i64, views: &dyn Fn(usize) -> i64| {
        let mut cells = vec![Cell::text(name), figure(people, group, None)];
        cells.extend(shown.iter().map(|at| figure(views(*at), group, Some(VIEWS[*at].word))));
        cells
    };
    let rows = lines.iter().map(|c| Row::new(row(view::group(l, scheme, &c.group), Some(&c.group), c.people, &|at| c.views[at])));
    let total =
        row(l.t("support-total"), None, lines.iter().map(|c| c.people).sum(), &|at| lines.iter().map(|c| c.views[at]).sum());
    let id = if scheme == HEALTH { "nhom-y-te" } else { "nhom-tu-nguyen" };
    let title = l.t(if scheme == HEALTH { "support-groups-health" } else { "support-groups-voluntary" });
    let table = Table::new(id, title.clone(), head).rows(rows).total(total).dense().html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("support-groups-foot"))).html()
}

/// What each payer owes for the quarter so far, with the way to the whole sheet.
fn payers(l: Locale, query: &Query, owed: &[Owed], period: base::Month) -> SafeHtml {
    let head = vec![
        Column::text(l.t("support-column-payer")),
        Column::text(l.t("support-column-scheme")),
        Column::number(l.t("support-column-months"), ""),
        Column::number(l.t("support-column-amount"), l.t("support-unit-dong")),
        Column::number(l.t("support-column-before"), l.t("support-unit-dong")),
        Column::number(l.t("support-doubled-amount"), l.t("support-unit-dong")),
    ];
    let mut sums: Vec<Owed> = Vec::new();
    for line in owed {
        match sums.iter_mut().find(|s| s.scheme == line.scheme && s.payer == line.payer) {
            Some(sum) => {
                sum.months += line.months;
                sum.amount += line.amount;
                sum.doubled_amount += line.doubled_amount;
                sum.amount_before = match (sum.amount_before, line.amount_before) {
                    (None, None) => None,
                    (a, b) => Some(a.unwrap_or(0) + b.unwrap_or(0)),
                };
            }
            None => sums.push(line.clone()),
        }
    }
    let href = query.href(SHEET, |_| ());
    let rows = sums.iter().map(|sum| {
        Row::new(vec![
            Cell::link(view::payer(l, &sum.payer), &href),
            Cell::text(view::scheme(l, &sum.scheme)),
            Cell::text(l.number(sum.months)),
            Cell::figure(l.number(sum.amount), &href),
            Cell::text(sum.amount_before.map_or_else(|| l.t("support-before-unknown"), |n| l.number(n))),
            Cell::text(l.number(sum.doubled_amount)),
        ])
    });
    let title = super::sheet::title(l, period);
    let table = Table::new("nguon", title.clone(), head).rows(rows).html(l);
    Panel::flush(title, table).foot(Link::new(l.t("support-sheet-open"), href).html()).html()
}
