//! `GET /ke-hoach/ban-chi-dao`: the city's committee and the team of each commune in counts.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use base::{CommuneCode, Role};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, CommitteeStanding, ReadEvent};
use web::component::{Button, ButtonKind, Cell, Column, Control, Field, Link, Panel, Row, Status, Table, definition_list};
use web::{Locale, SafeHtml, tag};

/// Where a commune stands in the list: not late, with a team, its name as it is sorted.
type Place = (bool, bool, Vec<u8>);

use super::{COMMITTEES, body_href};
use crate::pages::parts::form;
use crate::{Followup, HOME};

/// `GET /ke-hoach/ban-chi-dao`.
pub(super) async fn show(State(followup): State<Followup>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let january = today.month().plus(1 - today.month().number());
    let year = (january.first_day(), january.plus(11).last_day());
    let all = app.desk.committees(&viewer.scope, year, today).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "committee").count("rows", all.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let city = all.iter().find(|one| one.committee.commune.is_none());
    let teams: BTreeMap<&CommuneCode, &CommitteeStanding> =
        all.iter().filter_map(|one| Some((one.committee.commune.as_ref()?, one))).collect();
    let own = own_commune(&viewer);
    let mut body = vec![counts(l, &teams, app.places.communes().len()), city_panel(&followup, l, &viewer, city)];
    if let Some(own) = own.filter(|own| !teams.contains_key(own)) {
        body.push(Panel::new(l.t("committee-new-team"), establish(&followup, l, &viewer, Some(own))).html());
    }
    body.push(table(&followup, l, &teams, year.0.year()));
    let mut page = app.page(&viewer, COMMITTEES, l.t("committee-title"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("committee-menu");
    page.facts = SafeHtml::text(&l.t("committee-intro"));
    let team = own.and_then(|own| teams.get(own));
    page.actions = team
        .iter()
        .map(|team| Button::link(l.t("committee-own-team"), body_href(&team.committee.id), ButtonKind::Default))
        .collect();
    page.body = SafeHtml::concat(body);
    page.foot = vec![l.t("committee-foot")];
    page.table_id = "to-trien-khai".into();
    Ok(Shown::page(page.render(l), audited))
}

/// The commune of who works for one.
fn own_commune(viewer: &Viewer) -> Option<&CommuneCode> {
    match (&viewer.scope.area, viewer.scope.role) {
        (base::Area::Communes(communes), Role::CommuneStaff) => communes.first(),
        _ => None,
    }
}

fn counts(l: Locale, teams: &BTreeMap<&CommuneCode, &CommitteeStanding>, communes: usize) -> SafeHtml {
    let met = teams.values().filter(|team| team.meetings > 0).count() as i64;
    let sum = |of: fn(&CommitteeStanding) -> i64| teams.values().map(|team| of(team)).sum::<i64>();
    let late = sum(|team| team.late);
    let items = [
        (teams.len() as i64, Status::neutral(l.t_args("committee-with-team", &[("all", (communes as i64).into())]))),
        (met, Status::neutral(l.t("committee-met"))),
        (sum(|team| team.open), Status::doing(l.t("committee-open"))),
        (late, if late > 0 { Status::bad(l.t("committee-late")) } else { Status::ok(l.t("committee-late")) }),
    ];
    let items = items.map(|(n, status)| {
        let number = tag("p").class("tally-number").text(&l.number(n)).html();
        tag("li").child(number).child(status.html()).html()
    });
    tag("ul").class("panel tally").attr("aria-label", l.t("committee-tally")).children(items).html()
}

fn city_panel(followup: &Followup, l: Locale, viewer: &Viewer, city: Option<&CommitteeStanding>) -> SafeHtml {
    let title = l.t("committee-of-city");
    let Some(city) = city else {
        let may = desk::may(&viewer.scope, desk::Permission::ConfirmTasks);
        let body = if may { establish(followup, l, viewer, None) } else { SafeHtml::text(&l.t("committee-none")) };
        return Panel::new(title, body).html();
    };
    let last = city.last_meeting.map_or_else(|| "–".into(), |day| l.date(day));
    let late = [("n", city.late.into())];
    let items = [
        (l.t("committee-name"), Link::new(&city.committee.name, body_href(&city.committee.id)).html()),
        (l.t("committee-members"), SafeHtml::text(&l.number(city.members))),
        (l.t("committee-last-meeting"), SafeHtml::text(&last)),
        (l.t("committee-open"), SafeHtml::text(&l.number(city.open))),
        (
            l.t("committee-late"),
            if city.late > 0 { Status::bad(l.t_args("committee-n-late", &late)).html() } else { SafeHtml::text("0") },
        ),
    ];
    Panel::new(title, definition_list(false, items)).html()
}

/// The form that sets up a body.
fn establish(followup: &Followup, l: Locale, viewer: &Viewer, commune: Option<&CommuneCode>) -> SafeHtml {
    let name = if commune.is_some() { l.t("committee-name-team") } else { l.t("committee-name-city") };
    let fields = [
        Field::new("ten", l.t("committee-name"), Control::Text).value(name),
        Field::new("quyet-dinh", l.t("committee-decision"), Control::Text).hint(l.t("committee-decision-hint")),
        Field::new("ngay-quyet-dinh", l.t("committee-decided-on"), Control::Date),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let more = vec![("dia-ban".to_owned(), commune.map(ToString::to_string).unwrap_or_default())];
    let buttons = vec![Button::submit(l.t("committee-establish"), ButtonKind::Primary)];
    form(&followup.app, viewer, COMMITTEES, more, body, buttons).html()
}

fn table(followup: &Followup, l: Locale, teams: &BTreeMap<&CommuneCode, &CommitteeStanding>, year: i32) -> SafeHtml {
    let head = vec![
        Column::text(l.t("committee-commune")),
        Column::text(l.t("committee-team")),
        Column::number(l.t("committee-members"), ""),
        Column::number(l.t_args("committee-meetings-of", &[("year", year.to_string().as_str().into())]), ""),
        Column::text(l.t("committee-last-meeting")),
        Column::number(l.t("committee-open"), ""),
        Column::text(l.t("committee-late")),
    ];
    // Communes that are late first, then those without a team, then by name.
    let mut rows: Vec<(Place, Row)> = Vec::new();
    for commune in followup.app.places.communes() {
        let team = teams.get(&commune.code);
        let cells = match team {
            Some(team) => vec![
                Cell::text(&commune.name),
                Cell::link(l.t("committee-open-team"), body_href(&team.committee.id)),
                Cell::number(l, team.members),
                Cell::number(l, team.meetings),
                Cell::text(team.last_meeting.map_or_else(|| l.t("committee-never-met"), |day| l.date(day))),
                Cell::number(l, team.open),
                if team.late > 0 {
                    Cell::status(&Status::bad(l.t_args("committee-n-late", &[("n", team.late.into())])))
                } else {
                    Cell::status(&Status::ok(l.t("committee-none-late")))
                },
            ],
            None => {
                let dash = || Cell::text("–");
                let none = Cell::status(&Status::warn(l.t("committee-no-team")));
                vec![Cell::text(&commune.name), none, dash(), dash(), dash(), dash(), dash()]
            }
        };
        let late = team.is_some_and(|team| team.late > 0);
        rows.push(((!late, team.is_some(), web::text_sort_key(&commune.name)), Row::new(cells)));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let title = l.t("committee-teams");
    let table = Table::new("to-trien-khai", title.clone(), head).rows(rows.into_iter().map(|(_, row)| row)).worklist();
    Panel::flush(title, table.html(l)).html()
}
