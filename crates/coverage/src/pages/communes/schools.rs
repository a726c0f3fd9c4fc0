//! Schools of a commune, those with the most pupils without a valid card first; each opens its own page.

use base::CommuneCode;
use web::component::{Cell, Column, Link, Panel, Row, Table};
use web::{Percent, SafeHtml};

use crate::filter::Query;
use crate::pages::counts::{door_cell, people};
use crate::pages::overview::Desk;
use crate::pages::{LIST, schools};
use crate::schools::Counts;

/// Schools shown.
const MOST: usize = 10;

/// The schools of the commune.
pub(super) fn panel(desk: &Desk, code: &CommuneCode) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let found = desk.snapshot.schools.found(scope, code.as_str(), "");
    let title = l.t("commune-schools-title");
    if found.is_empty() {
        return Panel::new(title, l.t("commune-schools-none")).html();
    }
    let sum = found.iter().fold(Counts::default(), |sum, school| sum.and(school.counts()));
    let may_list = desk::may(scope, desk::Permission::ListPeople);
    let head = vec![
        Column::text(l.t("school-name")),
        Column::number(l.t("school-pupils"), ""),
        Column::number(l.t("school-with-card"), "%"),
        Column::number(l.t("commune-without-card"), ""),
    ];
    let rows = found.iter().take(MOST).map(|school| {
        let counts = school.counts();
        let href = format!("{}/{}", schools::SCHOOLS, school.key);
        let name = if school.name.is_empty() { &school.code } else { &school.name };
        let name = if may_list { Cell::link(name, &href) } else { Cell::text(name) };
        let verify = people(l, scope, counts.verify);
        let verify = if counts.verify > 0 { l.t_args("commune-verify", &[("n", verify.as_str().into())]) } else { String::new() };
        let share = Percent::of(counts.pupils - counts.without, counts.pupils);
        Row::new(vec![
            name.note(verify),
            Cell::number(l, counts.pupils),
            Cell::text(share.map(|s| l.percent_figure(s)).unwrap_or_default()),
            door_cell(l, scope, counts.without, href),
        ])
    });
    let table = Table::new("truong", title.clone(), head).rows(rows).dense().html(l);
    let (count, without) = (found.len() as i64, people(l, scope, sum.without));
    let aside = l.t_args("commune-schools-aside", &[("n", count.into()), ("without", without.as_str().into())]);
    let mut foot = SafeHtml::text(&l.t("commune-schools-foot"));
    if may_list {
        let all = format!("{}?xa={code}", schools::SCHOOLS);
        let own = Query { reason: "pupil-without-valid-card".into(), commune: code.to_string(), ..Query::default() };
        foot = foot.then(" ").then(Link::new(l.t("commune-schools-all"), all)).then(" · ");
        foot = foot.then(Link::new(l.t("commune-schools-list"), own.href(LIST, |_| ())));
    }
    Panel::flush(title, table).aside(aside).foot(foot).html()
}
