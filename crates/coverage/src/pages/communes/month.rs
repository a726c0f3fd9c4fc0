//! What the month brought in a commune: findings that are new, still there, resolved.

use base::CommuneCode;
use chapter::PageError;
use engine::rows;
use web::SafeHtml;
use web::component::{Panel, definition_list};

use crate::filter::Query;
use crate::pages::LIST;
use crate::pages::counts::{door, listed, people};
use crate::pages::overview::Desk;

/// The panel; people, not findings, wherever a list can be opened.
pub(super) async fn panel(desk: &Desk<'_>, code: &CommuneCode) -> Result<SafeHtml, PageError> {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let mut items = Vec::new();
    if desk::may(scope, desk::Permission::ListPeople) {
        let all = Query { commune: code.to_string(), ..Query::default() };
        let new = Query { state: "moi".into(), ..all.clone() };
        let (count, fresh) = (listed(desk.snapshot, scope, &all), listed(desk.snapshot, scope, &new));
        items.push((l.t("commune-month-new"), door(l, scope, fresh, new.href(LIST, |_| ()))));
        items.push((l.t("commune-month-all"), door(l, scope, count, all.href(LIST, |_| ()))));
    }
    if desk.snapshot.session.has_table("finding") {
        let (resolved, waiting) = ended(desk, code).await.map_err(|e| PageError::inner(&e))?;
        items.push((l.t("commune-month-resolved"), SafeHtml::text(&people(l, scope, resolved))));
        if waiting > 0 {
            items.push((l.t("commune-month-waiting"), SafeHtml::text(&people(l, scope, waiting))));
        }
    }
    let month = l.month(desk.snapshot.period);
    let title = l.t_args("commune-month-title", &[("month", month.as_str().into())]);
    Ok(Panel::new(title, definition_list(true, items)).foot(l.t("commune-month-foot")).html())
}

/// People whose finding was resolved, and whose could not be evaluated. Employee findings are left out for who may not see them.
async fn ended(desk: &Desk<'_>, code: &CommuneCode) -> Result<(i64, i64), engine::EngineError> {
    let offices = desk::may(&desk.viewer.scope, desk::Permission::ViewEmployeeFindings);
    let hidden = desk.pages.app.rules.iter().filter(|rule| !offices && rule.work.unit == "insurance_office");
    // Ids of rules are words of the program's own content.
    let left_out: String = hidden.map(|rule| format!(" AND rule <> '{}'", rule.id)).collect();
    // Codes are five digits each, checked when parsed.
    let sql = format!(
        "SELECT state, count(DISTINCT person_id) AS people FROM finding WHERE commune = '{code}' AND subject_kind = 'person' \
         AND state IN ('resolved', 'not_evaluated'){left_out} GROUP BY 1 ORDER BY 1"
    );
    let (mut resolved, mut waiting) = (0, 0);
    for batch in desk.snapshot.session.collect(&sql).await? {
        let (states, people) = (rows::text(&batch, "state")?, rows::int(&batch, "people")?);
        for row in 0..batch.num_rows() {
            if states.value(row) == "resolved" { resolved = people.value(row) } else { waiting = people.value(row) }
        }
    }
    Ok((resolved, waiting))
}
