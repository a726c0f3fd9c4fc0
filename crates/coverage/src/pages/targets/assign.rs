//! Writing targets: one, changed with a reason, or the proposals for all communes that have none yet.

use axum::Extension;
use axum::extract::{Form, Path as FromPath, State};
use axum::response::{IntoResponse, Response};
use base::Rate;
use chapter::{PageError, Viewer};
use desk::{NewTarget, Permission};
use serde::Deserialize;
use web::Locale;

use super::{TARGETS, area_of, city_target, href, one, plan_year, proposal, proposed};
use crate::pages::Pages;
use crate::pages::decisions::back;
use crate::path::assigned;

/// Least length of a source and a reason.
const WORDS: usize = 5;

/// What the form of one target sends.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Entered {
    pub(super) value: String,
    pub(super) source: String,
    #[serde(default)]
    pub(super) document: String,
    #[serde(default)]
    pub(super) reason: String,
    pub(super) client_tx: String,
    /// The version the form was opened over; 0 when there was none.
    version: i64,
    /// The fields that are wrong, by key of what is right.
    #[serde(skip)]
    faults: Vec<(&'static str, &'static str)>,
}

impl Entered {
    /// What is wrong about a field.
    pub(super) fn wrong(&self, l: Locale, field: &str) -> Option<String> {
        self.faults.iter().find(|(name, _)| *name == field).map(|(_, key)| l.t(key))
    }
}

/// `POST /chi-tieu-giao/{year}/{id}/{area}`: assigns a target, or replaces it with a reason.
pub(crate) async fn change(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath((year, id, area)): FromPath<(String, String, String)>,
    Form(mut entered): Form<Entered>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    desk::require(&viewer.scope, Permission::SetTargets).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let number = plan_year(&pages, snapshot.period.year(), &year)?;
    let commune = area_of(&pages, &viewer, &area)?;
    if !pages.plan.indicator(&id).is_some_and(|indicator| indicator.assigned) {
        return Err(PageError::NotFound);
    }
    let history = app.desk.target_history(&viewer.scope, &id, commune.as_ref(), number).await.map_err(PageError::desk)?;
    let current = history.last();
    let value = read_share(&entered.value);
    let (source, reason) = (base::names::clean(&entered.source), base::names::clean(&entered.reason));
    let short = |text: &str| text.chars().count() < WORDS;
    // A form sent twice is answered as before: the desk knows its number.
    let stale = current.is_some_and(|t| t.version != entered.version) && current.is_none_or(|t| Some(t.value) != value);
    let faults = [
        (value.is_none(), "value", "targets-fault-value"),
        (short(&source), "source", "targets-fault-source"),
        (current.is_some() && !stale && entered.version > 0 && short(&reason), "reason", "targets-fault-reason"),
        (stale, "value", "targets-fault-stale"),
    ];
    entered.faults = faults.into_iter().filter(|(wrong, _, _)| *wrong).map(|(_, field, key)| (field, key)).collect();
    let Some(value) = value.filter(|_| entered.faults.is_empty()) else {
        return one::draw(&pages, &viewer, (&year, &id, &area), Some(&entered), false).await.map(IntoResponse::into_response);
    };
    let document = Some(base::names::clean(&entered.document)).filter(|text| !text.is_empty());
    let target = NewTarget {
        indicator: id.clone(),
        commune: commune.clone(),
        year: number,
        value,
        source,
        document,
        reason: Some(reason).filter(|text| !text.is_empty()),
        client_tx: entered.client_tx,
    };
    app.desk.set_target(&viewer.scope, target).await.map_err(PageError::desk)?;
    Ok(back(&format!("{}?da-ghi=1", href(number, &id, commune.as_ref()))))
}

/// What the form for all communes sends.
#[derive(Debug, Deserialize)]
pub(crate) struct All {
    source: String,
    #[serde(default)]
    document: String,
    client_tx: String,
}

/// `POST /chi-tieu-giao/{year}/{id}`: the proposals become the targets of all communes that have none yet.
pub(crate) async fn give_all(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath((year, id)): FromPath<(String, String)>,
    Form(all): Form<All>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::SetTargets).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let year = plan_year(&pages, snapshot.period.year(), &year)?;
    let plan = pages.plan.clone();
    let indicator = plan.indicator(&id).filter(|indicator| indicator.assigned).ok_or(PageError::NotFound)?;
    let source = base::names::clean(&all.source);
    if source.chars().count() < WORDS {
        return Err(PageError::BadRequest(l.t("targets-fault-source")));
    }
    if all.client_tx.len() > 48 {
        return Err(PageError::BadRequest(l.t("targets-fault-form")));
    }
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
    let target = city_target(&pages, &figures, indicator, year, &targets);
    let proposal = target.and_then(|target| proposal(&pages, &figures, indicator, target));
    let proposal = proposal.ok_or_else(|| PageError::BadRequest(l.t("targets-no-proposal-why")))?;
    let document = Some(base::names::clean(&all.document)).filter(|text| !text.is_empty());
    let mut given = 0_i64;
    for share in &proposal.shares {
        let code = &share.commune;
        if !viewer.scope.sees(Some(code)) || assigned(&targets, &id, Some(code)).is_some() {
            continue;
        }
        let Some(value) = proposed(&proposal, Some(code)) else { continue };
        let target = NewTarget {
            indicator: id.clone(),
            commune: Some(code.clone()),
            year,
            value,
            source: source.clone(),
            document: document.clone(),
            reason: None,
            // Each commune's target has a number of its own, so that the form sent twice sets nothing twice.
            client_tx: format!("{}-{code}", all.client_tx),
        };
        app.desk.set_target(&viewer.scope, target).await.map_err(PageError::desk)?;
        given += 1;
    }
    Ok(back(&format!("{TARGETS}/{year}/{id}?da-giao={given}")))
}

/// A form's own number: pressing twice is harmless, a form opened anew may change again.
pub(super) fn form_number(pages: &Pages, year: i32, id: &str, area: &str) -> String {
    let number = book::Fingerprint::new("target form").with("year", year.to_string()).with("indicator", id).with("area", area);
    let number = number.with("opened", (pages.app.clock)().to_string()).finish();
    format!("ct-{}", &number[..32])
}

/// A share typed in percent: `95,5`, `95.5` or `95,5 %`; from 0 to 100 with at most six decimals.
fn read_share(typed: &str) -> Option<Rate> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_end_matches('%').replace(',', ".");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || decimals.len() > 6 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let mantissa: i128 = format!("{whole}{decimals}").parse().ok()?;
    let scale = u32::try_from(decimals.len()).ok()?;
    (mantissa <= 100 * 10_i128.pow(scale)).then(|| Rate::from_parts(mantissa, scale + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_they_are_typed() {
        let said = |text: &str| read_share(text).map(|rate| rate.hundred_millionths());
        assert_eq!(said("95,5"), Some(95_500_000));
        assert_eq!(said("95.5 %"), Some(95_500_000));
        assert_eq!(said("95,4321%"), Some(95_432_100));
        assert_eq!(said("100"), Some(100_000_000));
        assert_eq!(said("0"), Some(0));
        for wrong in ["", "100,01", "-1", "abc", "95,5,1", "1.000.000", "95,1234567", "0x5"] {
            assert_eq!(said(wrong), None, "{wrong}");
        }
    }
}
