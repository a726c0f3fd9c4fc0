//! `GET /du-lieu-ca-nhan/so-dang-ky/{ending}`: the register of processing and the impact assessment as a file.

use axum::Extension;
use axum::extract::{Path, State};
use base::{Date, Scope};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, UnitKind};
use documents::sheet::Moment;

use super::require;
use crate::report::{Format, Inputs, paper};

/// Days back that the log is counted.
const YEAR: i32 = 365;

/// `GET /du-lieu-ca-nhan/so-dang-ky/{ending}`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(ending): Path<String>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    desk::require(&viewer.scope, Permission::ReadAudit).map_err(|_| PageError::Forbidden)?;
    let format = Format::of_ending(&ending).ok_or(PageError::NotFound)?;
    let event = ReadEvent::new(AuditAction::MakePrivacyReport, "privacy_report").word("format", format.ending());
    let audited = app.audit(&viewer, event).await?;
    let today = app.today();
    let counted_from = today.add_days(-YEAR).unwrap_or(today);
    let tally = app.desk.audit_tally(&viewer.scope, midnight(counted_from), i64::MAX).await.map_err(PageError::desk)?;
    let agreements = app.desk.agreements(&viewer.scope).await.map_err(PageError::desk)?;
    let units = app.desk.units(&Scope::system()).await.map_err(PageError::desk)?;
    let unit =
        units.into_iter().find(|unit| unit.kind == UnitKind::CityAgency).map_or(viewer.unit_name.clone(), |unit| unit.name);
    let layouts = app.shelf.layouts();
    let inputs = Inputs {
        l: app.locale(&viewer),
        unit,
        officer: app.protection.as_ref(),
        layouts: &layouts,
        schemas: &app.schemas,
        rules: &app.rules,
        law: &app.law,
        agreements: &agreements,
        received: app.book.received_rosters().map_err(|e| PageError::inner(&e))?,
        tally: &tally,
        counted_from,
        today,
        made_at: moment((app.clock)(), today),
        made_by: viewer.label.clone(),
    };
    let bytes = format.write(&paper(&inputs)).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, format.media(), format!("so-dang-ky-du-lieu-ca-nhan.{}", format.ending()), audited))
}

/// The first moment of a day in Hà Nội, Unix milliseconds.
pub fn midnight(day: Date) -> i64 {
    i64::from(day.days_since_epoch()) * 86_400_000 - 7 * 3_600_000
}

/// The local moment of a time in Unix milliseconds.
pub fn moment(unix_ms: i64, today: Date) -> Moment {
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    Moment { date: today, hour: part(seconds / 3600), minute: part(seconds / 60 % 60), second: part(seconds % 60) }
}
