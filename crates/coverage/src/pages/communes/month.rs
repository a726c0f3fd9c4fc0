//! What the month brought in a commune: findings that are new, still there, resolved.

use base::CommuneCode;
use chapter::PageError;
use web::SafeHtml;
use web::component::{Panel, definition_list};

use super::{COMMUNE, ended};
use crate::filter::Query;
use crate::pages::LIST;
use crate::pages::counts::{door, listed};
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
        let condition = ended::condition(desk.pages, desk.viewer, code);
        let inner = |e: engine::EngineError| PageError::inner(&e);
        let resolved = ended::count(desk.snapshot, &condition, "resolved").await.map_err(inner)?;
        let waiting = ended::count(desk.snapshot, &condition, "not_evaluated").await.map_err(inner)?;
        let at = format!("{COMMUNE}/{code}/{}", ended::ENDED);
        items.push((l.t("commune-month-resolved"), door(l, scope, resolved, at.clone())));
        if waiting > 0 {
            items.push((l.t("commune-month-waiting"), door(l, scope, waiting, format!("{at}?tinh-trang=cho"))));
        }
    }
    let month = l.month(desk.snapshot.period);
    let title = l.t_args("commune-month-title", &[("month", month.as_str().into())]);
    Ok(Panel::new(title, definition_list(true, items)).foot(l.t("commune-month-foot")).html())
}
