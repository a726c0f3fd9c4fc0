//! What the annexes tell beside tasks: data that units owe, money of the year.

use std::collections::BTreeMap;

use base::Date;
use book::Book;
use desk::{Desk, MoneySource, TaskMoney};
use law::calc::Calendar;
use plan::rhythm::Window;

use super::gather::Ask;
use super::layout::Whose;
use super::material::{DutyRow, MoneyRow};
use super::period::Told as _;
use crate::arrivals::Arrivals;
use crate::duties::{DutyState, DutyTerm, standings};
use crate::followed::{Followed, FollowupError};
use crate::status::days_of;

/// Terms of data duties that fall into the period, and those of before that are still missing.
pub(super) async fn duties(
    followed: &Followed,
    (book, desk): (&Book, &Desk),
    ask: Ask<'_>,
    on: Date,
    first_run: Option<Date>,
    calendar: &Calendar,
) -> Result<Vec<DutyRow>, FollowupError> {
    let (first, last) = ask.period.days();
    let (year_first, _) = days_of(last.year(), last);
    let from = followed.plan.binds_from().map_or(year_first, |day| day.max(year_first));
    let moments = desk.batch_arrivals(ask.scope).await?;
    let arrived = Arrivals::default().read(book, &moments)?;
    let window = Window { from, to: last, first_run };
    let all = standings(&followed.plan, &arrived, window, calendar, on);
    let rows = all.into_iter().flat_map(|standing| {
        let from =
            followed.plan.unit(&standing.duty.from).map_or_else(|| standing.duty.from.clone(), |unit| unit.name.vi.clone());
        let what = standing.duty.what.vi.clone();
        let told = move |term: &DutyTerm| term.due >= first || matches!(term.state, DutyState::Late(_));
        let terms = standing.terms.into_iter().filter(told);
        terms.map(move |term| DutyRow { from: from.clone(), what: what.clone(), term })
    });
    Ok(rows.collect())
}

/// Money of the year, of the tasks a report tells of: a unit's and a commune's own.
pub(super) async fn money(
    followed: &Followed,
    desk: &Desk,
    ask: Ask<'_>,
    year: i32,
    names: &BTreeMap<String, String>,
) -> Result<Vec<MoneyRow>, FollowupError> {
    let own = |entry: &TaskMoney| match ask.whose {
        Whose::City => true,
        Whose::Unit { id, .. } => entry.unit == *id,
        Whose::Commune { code, .. } => entry.commune.as_ref() == Some(code),
    };
    let entries = desk.task_money(ask.scope, &followed.id, year).await?;
    let mut rows: Vec<MoneyRow> = entries
        .into_iter()
        .filter(own)
        .map(|entry| MoneyRow {
            source: match entry.source {
                MoneySource::CityBudget => "Ngân sách Thành phố",
                MoneySource::CommuneBudget => "Ngân sách xã, phường",
                MoneySource::Insurance => "Quỹ BHXH, BHYT, chi phí quản lý",
                MoneySource::Other => "Nguồn khác",
            },
            unit: names.get(&entry.unit).unwrap_or(&entry.unit).clone(),
            task: entry.task,
            planned: entry.planned,
            spent: entry.spent,
        })
        .collect();
    let place = |task: &str| followed.plan.tasks.iter().position(|known| known.id == task);
    rows.sort_by(|a, b| (place(&a.task), a.source, &a.unit).cmp(&(place(&b.task), b.source, &b.unit)));
    Ok(rows)
}
