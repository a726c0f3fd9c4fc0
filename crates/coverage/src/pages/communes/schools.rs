//! Schools of a commune, those with the most pupils without a valid card first.

use base::CommuneCode;
use chapter::PageError;
use engine::rows;
use web::component::{Cell, Column, Panel, Row, Table};
use web::{Percent, SafeHtml};

use crate::filter::Query;
use crate::pages::counts::people;
use crate::pages::overview::Desk;

/// Schools shown.
const MOST: usize = 10;

/// A school with its pupils.
struct School {
    name: String,
    pupils: i64,
    without: i64,
    verify: i64,
}

/// The schools; nothing in a run that has no class lists.
pub(super) async fn panel(desk: &Desk<'_>, code: &CommuneCode) -> Result<SafeHtml, PageError> {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    if !desk.snapshot.session.has_table("school_class") {
        return Ok(SafeHtml::default());
    }
    let schools = schools(desk, code).await.map_err(|e| PageError::inner(&e))?;
    let title = l.t("commune-schools-title");
    if schools.is_empty() {
        return Ok(Panel::new(title, l.t("commune-schools-none")).html());
    }
    let (count, without) = (schools.len() as i64, schools.iter().map(|s| s.without).sum::<i64>());
    let head = vec![
        Column::text(l.t("commune-school")),
        Column::number(l.t("commune-pupils"), ""),
        Column::number(l.t("commune-with-card"), "%"),
        Column::number(l.t("commune-without-card"), ""),
    ];
    let rows = schools.iter().take(MOST).map(|school| {
        let share = Percent::of(school.pupils - school.without, school.pupils);
        let verify = if school.verify > 0 { l.t_args("commune-verify", &[("n", school.verify.into())]) } else { String::new() };
        Row::new(vec![
            Cell::text(&school.name).note(verify),
            Cell::number(l, school.pupils),
            Cell::text(share.map(|s| l.percent_figure(s)).unwrap_or_default()),
            Cell::text(people(l, scope, school.without)),
        ])
    });
    let table = Table::new("truong", title.clone(), head).rows(rows).dense().html(l);
    let aside = l.t_args("commune-schools-aside", &[("n", count.into()), ("without", without.into())]);
    let mut foot = SafeHtml::text(&l.t("commune-schools-foot"));
    if desk::may(scope, desk::Permission::ListPeople) {
        let query = Query { reason: "pupil-without-valid-card".into(), commune: code.to_string(), ..Query::default() };
        foot =
            foot.then(" ").then(web::component::Link::new(l.t("commune-schools-list"), query.href(crate::pages::LIST, |_| ())));
    }
    Ok(Panel::flush(title, table).aside(aside).foot(foot).html())
}

async fn schools(desk: &Desk<'_>, code: &CommuneCode) -> Result<Vec<School>, engine::EngineError> {
    // Codes are five digits each, checked when parsed.
    let sql = format!(
        "SELECT school_code, school_name, sum(pupils) AS pupils, sum(without_card) AS without, sum(to_verify) AS verify \
         FROM school_class WHERE commune = '{code}' GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2"
    );
    let mut schools = Vec::new();
    for batch in desk.snapshot.session.collect(&sql).await? {
        let names = rows::text(&batch, "school_name")?;
        let (pupils, without) = (rows::int(&batch, "pupils")?, rows::int(&batch, "without")?);
        let verify = rows::int(&batch, "verify")?;
        schools.extend((0..batch.num_rows()).map(|row| School {
            name: names.value(row).to_owned(),
            pupils: pupils.value(row),
            without: without.value(row),
            verify: verify.value(row),
        }));
    }
    Ok(schools)
}
