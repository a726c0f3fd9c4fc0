//! `POST /giam-dinh/ho-so/{visit}/mo`: makes a case of the findings that were ticked.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::Dong;
use chapter::{PageError, Viewer};
use desk::{NewReview, NewReviewLine};
use rules::SectionKey;

use super::dossier::Cells;
use super::found::FoundHere;
use super::sheet::Sheet;
use super::{Audit, and, fields, go, refused, sheet_of_month, text_of, words};

/// `POST /giam-dinh/ho-so/{visit}/mo`.
pub(super) async fn open(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(visit): Path<i64>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let sent = fields(sent);
    let month = text_of(&sent, "ky");
    let (snapshot, sheet) = Sheet::load(&audit, &viewer, visit, (&month, "")).await?;
    let is_chosen = |found: &&FoundHere| sent.get(&format!("chon-{}", found.key)).is_some_and(|tick| tick == "1");
    let chosen: Vec<&FoundHere> = sheet.found.iter().filter(|found| found.national.is_none()).filter(is_chosen).collect();
    let stored = sheet.stored.as_ref().ok_or_else(|| PageError::BadRequest(l.t("claims-no-dossier-why")))?;
    if chosen.is_empty() {
        return Err(PageError::BadRequest(l.t("claims-wrong-nothing-chosen")));
    }
    let cells = Cells::new(&audit.formats, stored);
    let billed = cells.asked();
    if billed <= Dong::ZERO {
        return Err(PageError::BadRequest(l.t("claims-wrong-no-money")));
    }
    let lines = chosen.iter().map(|found| {
        let rule = app.rules.get(&found.rule);
        NewReviewLine {
            finding: found.key,
            rule: found.rule.clone(),
            strength: found.strength,
            line_table: found.table.clone(),
            line_no: found.line,
            // A broken dossier may ask more for a line than for the visit.
            asked: cells.asked_of(found.table.as_deref(), found.line).min(billed),
            // What goes to the facility is written in Vietnamese, whatever language the screen has.
            reason: rule.map(|rule| rule.title.vi.clone()).unwrap_or_default(),
            law: rule.map(|rule| words::plain(words::section(rule, SectionKey::Matters))).unwrap_or_default(),
        }
    });
    let code = text_of(&sent, "ma-cong");
    let new = NewReview {
        visit,
        facility: sheet.facility.clone(),
        commune: snapshot.commune_of(&sheet.facility).cloned(),
        period: sheet.period,
        portal_code: Some(code).filter(|code| !code.is_empty()),
        billed,
        expected: snapshot.visit(visit).map_or(Dong::ZERO, |line| line.expected),
        lines: lines.collect(),
    };
    let number = text_of(&sent, "so");
    app.desk.open_reviews(&viewer.scope, vec![new], &number).await.map_err(|error| refused(l, error))?;
    Ok(go(&and(&sheet_of_month(visit, &month), "da-ghi=1")))
}
