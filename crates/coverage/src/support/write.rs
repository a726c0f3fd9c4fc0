//! The rows of `support_entitlement` and `support_bill`.

use std::collections::BTreeMap;

use base::{Date, Month};
use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use engine::rows;

use super::bill::{Bill, Owed};
use super::facts::Person;
use super::judge::Entitled;
use super::quarter_of;

/// A line's place with words that may come from an earlier run.
type Place = (String, String, String, Option<String>);

/// One person and scheme, in the order of the contract.
pub(super) fn entitlement(row: &mut TableBuilder, person: &Person, entitled: &Entitled) {
    let others = entitled.others.join(",");
    row.int(Some(person.id)).text(Some(entitled.scheme)).text(person.commune.as_deref()).text(Some(entitled.group));
    row.text(Some(others.as_str()).filter(|o| !o.is_empty())).int(Some(entitled.premium.get()));
    row.int(Some(entitled.state.get())).int(Some(entitled.city.get())).int(Some(entitled.person.get()));
    row.int(entitled.pending.map(base::Dong::get)).text(Some(entitled.standing)).text(entitled.object.as_deref());
    row.flag(Some(entitled.doubled)).date(entitled.from).date(entitled.to);
}

/// The quarter's sheet with the quarter before beside it. A line that only the quarter before had stays, with nothing now.
pub(super) fn bill(context: &StepContext, period: Month, bill: Bill) -> Result<StepTable, ChapterError> {
    let before = before(context, quarter_of(period))?;
    let mut lines: BTreeMap<Place, (Owed, Option<(i64, i64)>)> = bill
        .into_lines()
        .into_iter()
        .map(|((scheme, payer, group, commune), owed)| {
            ((scheme.to_owned(), payer.to_owned(), group.to_owned(), commune), (owed, before.as_ref().map(|_| (0, 0))))
        })
        .collect();
    for (place, known) in before.into_iter().flatten() {
        lines.entry(place).or_default().1 = Some(known);
    }
    let quarter = quarter_of(period).first_day().days_since_epoch();
    let mut out = TableBuilder::new(context.schema("support_bill")?)?;
    for ((scheme, payer, group, commune), (owed, before)) in &lines {
        let city = payer == "city";
        out.date(Some(quarter)).text(Some(scheme)).text(Some(payer)).text(Some(group)).text(commune.as_deref());
        out.int(Some(owed.people)).int(Some(owed.months)).int(Some(owed.amount.get()));
        out.int(before.map(|b| b.0)).int(before.map(|b| b.1));
        out.int(Some(owed.pending.get()).filter(|_| city));
        out.int(Some(owed.doubled)).int(Some(owed.doubled_amount.get()));
    }
    Ok(StepTable::new("support_bill", context.schema("support_bill")?, out.finish()?))
}

/// People and đồng of the quarter before, by line of the sheet.
type Before = BTreeMap<Place, (i64, i64)>;

/// People and đồng of the quarter before by line; `None` when that quarter was not run to its end.
///
/// The first month of a quarter finds it in the run of the month before; later months take over what the month before carried.
fn before(context: &StepContext, quarter: Month) -> Result<Option<Before>, ChapterError> {
    let Some(previous) = context.inputs.previous else { return Ok(None) };
    let Some(table) = previous.tables().get("support_bill").cloned() else { return Ok(None) };
    let last_of_before = quarter.plus(-1);
    let (people, amount) = if previous.period == last_of_before {
        ("people", "amount")
    } else if quarter_of(previous.period) == quarter {
        ("people_before", "amount_before")
    } else {
        return Ok(None);
    };
    let wanted = if people == "people" { quarter_of(last_of_before) } else { quarter };
    let mut found = BTreeMap::new();
    let mut known = people == "people";
    for batch in context.book.read_table(&table, None)? {
        let text = |name: &str| rows::text(&batch, name);
        let (schemes, payers, groups, communes) = (text("scheme")?, text("payer")?, text("group_code")?, text("commune")?);
        let (people, amounts) = (rows::int(&batch, people)?, rows::int(&batch, amount)?);
        let quarters = rows::date(&batch, "quarter")?;
        for row in 0..batch.num_rows() {
            let of = rows::date_at(&quarters, row).and_then(Date::from_days_since_epoch);
            let (Some(people), Some(amount)) = (rows::int_at(&people, row), rows::int_at(&amounts, row)) else { continue };
            if of != Some(wanted.first_day()) {
                continue;
            }
            known = true;
            // Lines that were empty then are no lines of that quarter.
            if (people, amount) != (0, 0) {
                let commune = rows::text_at(&communes, row).map(str::to_owned);
                let place = (schemes.value(row).into(), payers.value(row).into(), groups.value(row).into(), commune);
                found.insert(place, (people, amount));
            }
        }
    }
    Ok(known.then_some(found))
}
