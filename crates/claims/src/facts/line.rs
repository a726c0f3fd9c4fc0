//! What a line says: drugs (XML2) and services, beds, supplies (XML3) alike.

use std::cmp::Ordering;

use base::{Amount, Date};
use claimfile::{Dossier, Moment, Row, TableId, parse_time};

use super::beside::Beside;
use super::card::parts;
use super::dose::{self, Dose};
use super::money::{self, Split};
use super::visit::{Sources, Visit, word};
use super::written::{is_bed_code, is_tender};
use crate::catalogue::Catalogues;
use crate::cell::Cell;

/// One line, its cells read.
pub(crate) struct Line<'d> {
    pub table: TableId,
    /// Place in its table, from 1.
    pub number: usize,
    /// The number that the facility gave it (STT), by which the portal and form 09/BH name it; mostly the place, and absent where none was sent.
    pub stt: Option<i64>,
    pub row: Row<'d>,
    pub code: Option<&'d str>,
    pub name: Option<&'d str>,
    pub service: Option<&'d str>,
    pub group: Option<&'d str>,
    pub is_supply: bool,
    pub department: Option<&'d str>,
    pub doctors: Option<&'d str>,
    pub performers: Option<&'d str>,
    pub order: Option<Moment>,
    pub done: Option<Moment>,
    pub result: Option<Moment>,
    pub money: Split,
    pub payment: Option<&'d str>,
    pub scope: Option<&'d str>,
    pub anaesthesia: Option<&'d str>,
    pub tender: Option<&'d str>,
    pub bed: Option<&'d str>,
    pub machines: Option<&'d str>,
    pub dose: Option<Dose>,
    /// Whether a drug needs a registration number; absent for services.
    pub needs_registration: Option<bool>,
}

/// Groups of bed days.
fn is_bed(group: &str) -> bool {
    matches!(group, "day_bed" | "bed" | "stay_bed")
}

/// STT as it was sent; nothing where it is no number that a line can have.
fn sent_number(row: Row<'_>, place: usize) -> Option<i64> {
    row.get(place).and_then(|text| text.parse().ok()).filter(|number| *number > 0)
}

impl<'d> Line<'d> {
    /// All lines of a dossier, drugs first.
    pub(crate) fn all(dossier: &'d Dossier, visit: &Visit<'d>, sources: &Sources<'d>) -> Vec<Self> {
        let day = visit.end_day();
        let drugs = dossier.each(TableId::XML2).enumerate().map(|(at, row)| Self::drug(at + 1, row, day, sources));
        let services = dossier.each(TableId::XML3).enumerate().map(|(at, row)| Self::service(at + 1, row, day, sources));
        drugs.chain(services).collect()
    }

    fn drug(number: usize, row: Row<'d>, day: Option<Date>, sources: &Sources<'d>) -> Self {
        let (at, lists) = (&sources.places.xml2, sources.lists);
        let group = word(lists, "ma_nhom", row.get(at.ma_nhom), day);
        let code = row.get(at.ma_thuoc);
        let exempt = code.is_some_and(|code| lists.get("mien_so_dang_ky").is_some_and(|list| list.ever(code).is_some()));
        let plain = matches!(group, Some("drug")) && row.get(at.pp_chebien).is_none();
        let moment = |place: usize| row.get(place).and_then(parse_time);
        Self {
            table: TableId::XML2,
            number,
            stt: sent_number(row, at.stt),
            row,
            code,
            name: row.get(at.ten_thuoc),
            service: None,
            group,
            is_supply: false,
            department: row.get(at.ma_khoa),
            doctors: row.get(at.ma_bac_si),
            performers: None,
            order: moment(at.ngay_yl),
            done: moment(at.ngay_th_yl),
            result: None,
            money: money::drug(row, at),
            payment: word(lists, "ma_pttt", row.get(at.ma_pttt), day),
            scope: word(lists, "pham_vi", row.get(at.pham_vi), day),
            anaesthesia: None,
            tender: row.get(at.tt_thau),
            bed: None,
            machines: None,
            dose: row.get(at.lieu_dung).and_then(dose::read),
            needs_registration: group.map(|_| plain && !exempt),
        }
    }

    fn service(number: usize, row: Row<'d>, day: Option<Date>, sources: &Sources<'d>) -> Self {
        let (at, lists) = (&sources.places.xml3, sources.lists);
        let moment = |place: usize| row.get(place).and_then(parse_time);
        let (service, supply) = (row.get(at.ma_dich_vu), row.get(at.ma_vat_tu));
        Self {
            table: TableId::XML3,
            number,
            stt: sent_number(row, at.stt),
            row,
            code: supply.or(service),
            name: if supply.is_some() { row.get(at.ten_vat_tu) } else { row.get(at.ten_dich_vu) },
            service,
            group: word(lists, "ma_nhom", row.get(at.ma_nhom), day),
            is_supply: supply.is_some(),
            department: row.get(at.ma_khoa),
            doctors: row.get(at.ma_bac_si),
            performers: row.get(at.nguoi_th),
            order: moment(at.ngay_yl),
            done: moment(at.ngay_th_yl),
            result: moment(at.ngay_kq),
            money: money::service(row, at),
            payment: word(lists, "ma_pttt", row.get(at.ma_pttt), day),
            scope: word(lists, "pham_vi", row.get(at.pham_vi), day),
            anaesthesia: word(lists, "pp_vo_cam", row.get(at.pp_vo_cam), day),
            tender: row.get(at.tt_thau),
            bed: row.get(at.ma_giuong),
            machines: row.get(at.ma_may),
            dose: None,
            needs_registration: None,
        }
    }

    pub(crate) fn is(&self, group: &str) -> bool {
        self.group == Some(group)
    }

    pub(crate) fn is_bed(&self) -> bool {
        self.group.is_some_and(is_bed)
    }
}

/// The drug lines of the most days in a dossier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Longest {
    /// Their days; `None` while no line told any.
    pub days: Option<i64>,
    /// What they together ask from the fund, đồng; `None` while no line told its days.
    pub fund: Option<Amount>,
}

impl Longest {
    /// One more line: it stands beside those of as many days, takes the place of shorter ones, and says nothing beside longer ones.
    fn add(&mut self, days: i64, fund: Amount) {
        match self.days.map_or(Ordering::Greater, |longest| days.cmp(&longest)) {
            Ordering::Greater => *self = Self { days: Some(days), fund: Some(fund) },
            Ordering::Equal => self.fund = Some(self.fund.unwrap_or_default() + fund),
            Ordering::Less => {}
        }
    }
}

/// Sums over the lines of a dossier.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub drugs: usize,
    pub services: usize,
    pub labs: usize,
    pub images: usize,
    pub exams: usize,
    pub beds: usize,
    pub supplies: usize,
    pub transports: usize,
    pub bed_days: Amount,
    pub bv: Amount,
    pub bh: Amount,
    pub drug_bv: Amount,
    pub supply_bv: Amount,
    pub patient: Amount,
    pub copay: Amount,
    pub fund: Amount,
    pub fund_fee: Amount,
    pub drug_fund: Amount,
    pub exam_fund: Amount,
    pub bed_fund: Amount,
    pub other: Amount,
    pub negative: usize,
    /// The drug lines of the most days.
    pub longest: Longest,
    pub span: Option<i64>,
}

impl Totals {
    pub(crate) fn of(lines: &[Line<'_>], visit: Row<'_>, dossier: &Dossier) -> Self {
        let mut t = Self::default();
        for line in lines {
            let m = &line.money;
            let is_drug = line.table == TableId::XML2;
            t.drugs += usize::from(is_drug);
            t.services += usize::from(!is_drug);
            t.labs += usize::from(line.is("lab"));
            t.images += usize::from(line.is("imaging") || line.is("exploration"));
            t.exams += usize::from(line.is("exam"));
            t.beds += usize::from(line.is_bed());
            t.supplies += usize::from(line.is_supply);
            t.transports += usize::from(line.is("transport"));
            let or_zero = |amount: Option<Amount>| amount.unwrap_or_default();
            if line.is_bed() {
                t.bed_days = t.bed_days + or_zero(m.quantity);
            }
            t.bv = t.bv + or_zero(m.bv);
            t.bh = t.bh + or_zero(m.bh);
            if is_drug {
                t.drug_bv = t.drug_bv + or_zero(m.bv);
            }
            if line.is_supply {
                t.supply_bv = t.supply_bv + or_zero(m.bv);
            }
            t.patient = t.patient + or_zero(m.patient);
            t.copay = t.copay + or_zero(m.copay);
            t.fund = t.fund + or_zero(m.fund);
            if line.payment == Some("fee") {
                t.fund_fee = t.fund_fee + or_zero(m.fund);
            }
            if is_drug {
                t.drug_fund = t.drug_fund + or_zero(m.fund);
            }
            if line.is("exam") {
                t.exam_fund = t.exam_fund + or_zero(m.fund);
            }
            if line.is_bed() {
                t.bed_fund = t.bed_fund + or_zero(m.fund);
            }
            t.other = t.other + or_zero(m.other);
            if let Some(dose) = line.dose {
                t.longest.add(dose.days, or_zero(m.fund));
            }
        }
        let orders = || lines.iter().filter(|l| l.table == TableId::XML3).filter_map(|l| l.order).map(Moment::minutes);
        t.span = orders().max().zip(orders().min()).map(|(last, first)| last - first);
        t.negative = money::negatives(visit, dossier);
        t
    }
}

impl<'d> Line<'d> {
    /// The own columns of `claim_line`, in the order of its contract.
    pub(crate) fn cells<'c>(
        &'c self,
        at: usize,
        number: i64,
        visit: &'c Visit<'_>,
        beside: &Beside,
        sources: &'c Sources<'_>,
    ) -> Vec<(&'static str, Cell<'c>)> {
        let catalogues = sources.catalogues;
        let m = &self.money;
        let minutes = |from: Option<Moment>, to: Option<Moment>| from.zip(to).map(|(from, to)| to.minutes() - from.minutes());
        let day = self.order.map(|order| order.day);
        let item = self.item(visit, catalogues, sources);
        let (found, highest) = item.unwrap_or_default();
        let table = if self.table == TableId::XML2 { "xml2" } else { "xml3" };
        let all = |list, codes| Catalogues::has_all(list, visit.facility, parts(codes), day);
        let machines_known = all(catalogues.machines.as_ref(), self.machines);
        let department_known = all(catalogues.departments.as_ref(), self.department);
        let bed_known =
            self.department.and_then(|department| catalogues.has_beds(visit.facility, department, parts(self.bed), day));
        vec![
            ("visit_id", number.into()),
            ("line_table", table.into()),
            ("line_no", self.number.into()),
            ("line_code", self.code.into()),
            ("line_name", self.name.into()),
            ("line_group", self.group.into()),
            ("scope", self.scope.into()),
            ("payment", self.payment.into()),
            ("anaesthesia", self.anaesthesia.into()),
            ("is_bed", if self.table == TableId::XML2 { Some(false) } else { self.group.map(is_bed) }.into()),
            ("is_supply", self.is_supply.into()),
            ("price_bv", m.price_bv.into()),
            ("price_bh", m.price_bh.into()),
            ("expected_bv", m.expected_bv.into()),
            ("expected_bh", m.expected_bh.into()),
            ("expected_bh_rated", m.expected_bh_rated.into()),
            ("expected_fund", m.expected.map(|e| e.fund).into()),
            ("expected_copay", m.expected.map(|e| e.copay).into()),
            ("expected_patient", m.expected.map(|e| e.patient).into()),
            ("split_agrees", m.agrees.into()),
            ("source_sum", m.source_sum.into()),
            ("order_day", day.into()),
            ("order_after_start", minutes(visit.start, self.order).into()),
            ("end_after_order", minutes(self.order, visit.end).into()),
            ("done_after_order", minutes(self.order, self.done).into()),
            ("result_after_done", minutes(self.done, self.result).into()),
            ("result_after_order", minutes(self.order, self.result).into()),
            ("end_after_result", minutes(self.result, visit.end).into()),
            (
                "order_on_working_day",
                day.filter(|day| sources.calendar.knows(day.year())).map(|day| sources.calendar.is_working(day)).into(),
            ),
            ("order_hour", self.order.map(|order| i64::from(order.minute / 60)).into()),
            ("same_before_on_day", beside.same_on_day[at].into()),
            ("same_before_at_time", beside.same_at_time[at].into()),
            ("exam_of_day", beside.exam_of_day[at].into()),
            ("beds_on_day", beside.beds_on_day[at].into()),
            ("surgeon_busy", beside.busy[at].into()),
            ("has_results", beside.results[at].into()),
            ("tender_wellformed", self.tender.map(is_tender).into()),
            ("bed_wellformed", self.bed.map(is_bed_code).into()),
            ("needs_registration", self.needs_registration.into()),
            ("dose_days", self.dose.map(|dose| dose.days).into()),
            ("dose_total", self.dose.map(|dose| dose.total).into()),
            ("doctors", parts(self.doctors).count().into()),
            ("performers", parts(self.performers).count().into()),
            ("item_known", item.map(|(found, _)| found.is_some()).into()),
            ("item_name_same", found.zip(self.name).map(|(item, name)| item.name.eq_ignore_ascii_case(name)).into()),
            ("item_details_same", found.and_then(|item| self.details_agree(item, sources)).into()),
            ("item_price", highest.into()),
            ("item_sex", found.map(|item| item.sex.unwrap_or("any")).into()),
            ("item_age_from", found.and_then(|item| item.age_from).into()),
            ("item_age_to", found.and_then(|item| item.age_to).into()),
            ("department_known", department_known.into()),
            ("doctors_known", catalogues.approves(visit.facility, parts(self.doctors), day).into()),
            ("performers_known", catalogues.approves(visit.facility, parts(self.performers), day).into()),
            ("machines_known", machines_known.into()),
            ("bed_known", bed_known.into()),
            ("visit_start", visit.start.map(|m| m.day).into()),
            ("visit_end", visit.end_day().into()),
            ("visit_care_form", visit.care_form.into()),
            ("visit_category", visit.category.into()),
            ("visit_sex", visit.sex.into()),
            ("visit_age_years", visit.age_years().into()),
            ("visit_stay_minutes", visit.stay_minutes().into()),
            ("visit_stay_days", visit.stay_days().into()),
            ("visit_main_code", visit.main_code.into()),
            ("visit_discharge", visit.discharge.into()),
            ("visit_expected_rate", visit.share.rate.into()),
            ("visit_paid_in_full", visit.share.in_full.into()),
            ("visit_over_30_days", visit.icd.flatten().and_then(|icd| icd.over_30_days).into()),
            ("visit_inpatient", visit.is_inpatient().into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_drugs_of_the_most_days_are_summed_up() {
        let mut longest = Longest::default();
        assert_eq!(longest, Longest { days: None, fund: None });
        for (days, fund) in [(30, 10_000), (90, 40_000), (7, 5_000), (90, 2_000)] {
            longest.add(days, Amount::whole(fund));
        }
        assert_eq!(longest, Longest { days: Some(90), fund: Some(Amount::whole(42_000)) });
    }
}
