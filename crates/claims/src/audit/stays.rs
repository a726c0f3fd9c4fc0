//! Rows of `claim_stay` and `claim_item`: what of a visit is held against others.

use base::{Amount, Date};
use claimfile::{Dossier, Moment, Row, TableId};

use super::people::Linked;
use crate::cell::Cell;
use crate::facts::card::parts;
use crate::facts::line::Line;
use crate::facts::places::Places;
use crate::facts::visit::{Grain, Visit};

/// Whether a form of care is a stay in a bed over days; day treatment is not.
fn is_stay(care_form: Option<&str>) -> bool {
    matches!(care_form, Some("inpatient" | "inpatient_short"))
}

/// What the rows of a visit stand on.
pub(crate) struct Seen<'v> {
    pub id: i64,
    pub bucket: u8,
    pub linked: Linked,
    pub visit: &'v Visit<'v>,
    pub lines: &'v [Line<'v>],
    pub dossier: &'v Dossier,
    pub places: &'v Places,
}

impl Seen<'_> {
    /// The cells of the visit, in the order of the contract of `claim_stay`. `content` is [`content`] of its lines, where there are lines.
    pub(crate) fn stay<'c>(&'c self, content: Option<&'c str>) -> Vec<Cell<'c>> {
        let (visit, row, at) = (self.visit, self.visit.row, &self.places.xml1);
        let whole = visit.grain == Grain::Dossier;
        // Where a sheet tells days alone, no hour is made up.
        let time = |moment: Option<Moment>| moment.filter(|_| !visit.days_only);
        // Sheets with the old headings have one cost, which programs fill with what the fund looks at.
        let total = match whole {
            true => money(row, at.t_tongchi_bh),
            false => amount(row, at.t_tongchi_bh).unwrap_or_else(|| money(row, at.t_tongchi_bv)),
        };
        // What a dossier leaves empty is nothing to pay; of a sheet without the column nobody knows.
        let told = |place: usize| if whole { Some(money(row, place)) } else { amount(row, place) };
        let started = visit.admitted.or(visit.start);
        let birth = visit.birth.and_then(|(year, day)| day.or_else(|| Date::new(year, 1, 1).ok()));
        let day = |moment: Option<Moment>| moment.map(|moment| moment.day);
        vec![
            self.id.into(),
            true.into(),
            visit.facility.into(),
            visit.level.into(),
            self.linked.key.into(),
            self.linked.person.into(),
            self.linked.link.into(),
            self.linked.newborn.into(),
            visit.sex.into(),
            birth.into(),
            row.get(at.ma_xa).into(),
            visit.care_form.into(),
            is_stay(visit.care_form).into(),
            visit.category.into(),
            time(visit.start).into(),
            time(started).into(),
            time(visit.end).into(),
            day(started).into(),
            day(visit.end).into(),
            visit.stay_days().into(),
            row.get(at.ma_khoa).into(),
            visit.main_code.into(),
            visit.main_code.and_then(|code| code.get(..3)).into(),
            visit.outcome.into(),
            visit.discharge.into(),
            row.get(at.ma_noi_di).into(),
            row.get(at.ma_noi_den).into(),
            self.lines.iter().filter_map(|line| line.dose.map(|dose| dose.days)).max().into(),
            visit.over_30_allowed.filter(|_| whole).into(),
            total.into(),
            money(row, at.t_bhtt).into(),
            told(at.t_tongchi_bv).into(),
            told(at.t_bncct).into(),
            told(at.t_bntt).into(),
            told(at.t_nguonkhac).into(),
            whole.then_some(self.lines.len()).into(),
            whole.then_some(self.dossier.rows(TableId::XML4).len()).into(),
            content.into(),
            i64::from(self.bucket).into(),
            visit.grain.as_str().into(),
        ]
    }

    /// The cells of a line, in the order of the contract of `claim_item`.
    pub(crate) fn item<'c>(&'c self, line: &'c Line<'_>) -> Vec<Cell<'c>> {
        let visit = self.visit;
        let performed = line.done.or(line.order);
        let day = |moment: Option<Moment>| moment.map(|moment| moment.day);
        let drug = line.table == TableId::XML2;
        let at = &self.places.xml2;
        vec![
            self.id.into(),
            true.into(),
            visit.facility.into(),
            self.linked.key.into(),
            if drug { "xml2" } else { "xml3" }.into(),
            line.number.into(),
            line.stt.into(),
            line.code.into(),
            line.name.into(),
            line.group.into(),
            line.row.get(at.ham_luong).filter(|_| drug).into(),
            line.row.get(at.duong_dung).filter(|_| drug).into(),
            visit.care_form.into(),
            is_stay(visit.care_form).into(),
            visit.main_code.and_then(|code| code.get(..3)).into(),
            line.order.into(),
            day(line.order).into(),
            performed.into(),
            day(performed).into(),
            line.result.into(),
            parts(line.doctors).next().into(),
            parts(line.performers).next().into(),
            line.machines.into(),
            // Only beds are held against one another by department: elsewhere it would be bytes for nothing.
            line.department.filter(|_| line.bed.is_some()).into(),
            line.bed.into(),
            line.money.quantity.into(),
            line.money.price_bh.into(),
            line.dose.map(|dose| dose.days).into(),
            line.money.bh.unwrap_or_default().into(),
            line.money.fund.unwrap_or_default().into(),
            i64::from(self.bucket).into(),
        ]
    }
}

fn amount(row: Row<'_>, place: usize) -> Option<Amount> {
    row.get(place).and_then(|text| Amount::parse(text).ok())
}

fn money(row: Row<'_>, place: usize) -> Amount {
    amount(row, place).unwrap_or_default()
}

/// A mark of the lines of a visit: the same for the same lines in any order.
pub(crate) fn content(lines: &[Line<'_>]) -> String {
    let mut marks: Vec<[u8; 16]> = lines
        .iter()
        .map(|line| {
            let mut hasher = blake3::Hasher::new();
            let order = line.order.map_or(-1, Moment::minutes);
            let money = |amount: Option<Amount>| amount.map_or(-1, Amount::millionths);
            hasher.update(line.code.unwrap_or_default().as_bytes()).update(&[0]);
            hasher.update(&order.to_le_bytes());
            hasher.update(&money(line.money.quantity).to_le_bytes()).update(&money(line.money.bh).to_le_bytes());
            let mut mark = [0; 16];
            mark.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
            mark
        })
        .collect();
    marks.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    marks.iter().for_each(|mark| {
        hasher.update(mark);
    });
    hasher.finalize().to_hex()[..32].to_owned()
}
