//! Faults of lines.

use super::{Fault, TAG, in_group, note_line, note_visit, pays_part, pick, service};
use crate::claims::columns::{Xml2, Xml3};
use crate::claims::lists::Lists;
use crate::claims::money::{FULL, Milli};
use crate::claims::plan::{Form, Leaves, Worth};
use crate::claims::stamp;
use crate::claims::visit::{Item, Line, Visit};
use crate::random::Draw;

/// All of them.
pub(super) const ALL: &[Fault] = &[
    drug_arithmetic,
    drug_fund_arithmetic,
    service_arithmetic,
    service_fund_arithmetic,
    higher_rate,
    split,
    drug_unknown,
    drug_details,
    drug_price,
    service_price,
    service_unknown,
    service_name,
    drug_unregistered,
    drug_without_tender,
    drug_tender,
    too_long,
    above_dose,
    without_machine,
    machine_unknown,
    without_performer,
    stranger,
    drug_after_end,
    result_too_early,
    outside_scope,
    bed_too_many,
    bed_in_short_stay,
    second_exam_in_full,
];

const TESTS: [&str; 3] = ["1", "2", "3"];

fn drug_arithmetic(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, Line::is_drug) else { return false };
    line.more[0] = Milli::whole(1_000 * (1 + draw.of("more").below(20) as i64));
    note_line(visit, "drug-hospital-amount-differs", Worth::Nothing);
    true
}

fn drug_fund_arithmetic(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let half = |line: &Line| line.is_drug() && line.rate == 50 && line.parts.bh > Milli::whole(1_000);
    let Some(line) = pick(visit, draw, half) else { return false };
    line.more[1] = line.parts.bh.rate(FULL / 4);
    let worth = line.more[1].rate(line.parts.level);
    note_line(visit, "drug-fund-amount-differs", Worth::Fixed(worth));
    true
}

fn service_arithmetic(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, |line| service(line, lists).is_some()) else { return false };
    line.more[0] = Milli::whole(5_000);
    note_line(visit, "service-hospital-amount-differs", Worth::Nothing);
    true
}

fn service_fund_arithmetic(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let dearer =
        |line: &Line| service(line, lists).is_some() && line.parts.bv > line.parts.bh + Milli::whole(2_000) && line.step == 100;
    let Some(line) = pick(visit, draw, dearer) else { return false };
    line.more[1] = Milli::whole(1_500);
    let worth = line.more[1].rate(line.parts.level);
    note_line(visit, "service-fund-amount-differs", Worth::Fixed(worth));
    true
}

fn higher_rate(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    if !pays_part(visit) {
        return false;
    }
    let large = |line: &Line| line.parts.bh >= Milli::whole(10_000) && line.parts.source == Milli::ZERO;
    let Some(line) = pick(visit, draw, large) else { return false };
    line.level = Some(FULL);
    let worth = line.parts.bh.rate(FULL - line.parts.level);
    note_line(visit, "line-rate-differs", Worth::Fixed(worth));
    note_visit(visit, "fund-share-above-rate", Worth::Nothing);
    true
}

fn split(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    if !pays_part(visit) {
        return false;
    }
    let shared = |line: &Line| line.parts.copay >= Milli::whole(2_000) && line.parts.source == Milli::ZERO;
    let Some(line) = pick(visit, draw, shared) else { return false };
    line.more[2] = Milli::whole(1_000);
    note_line(visit, "line-split-differs", Worth::Fixed(Milli::whole(1_000)));
    note_visit(visit, "fund-share-above-rate", Worth::Nothing);
    true
}

fn change_drug(visit: &mut Visit, draw: Draw, column: Xml2, value: &str, rule: &'static str, worth: Worth) -> bool {
    let Some(line) = pick(visit, draw, Line::is_drug) else { return false };
    line.changes.push((column as usize, value.to_owned()));
    note_line(visit, rule, worth);
    true
}

fn drug_unknown(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    change_drug(visit, draw, Xml2::MA_THUOC, "40.1999", "drug-not-in-catalogue", Worth::Line)
}

fn drug_details(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    change_drug(visit, draw, Xml2::HAM_LUONG, "999mg", "drug-details-differ", Worth::Nothing)
}

fn drug_price(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, |line| line.is_drug() && line.parts.bh >= Milli::whole(1_000)) else { return false };
    raise(line, 125);
    let worth = line.parts.fund.rate(FULL / 4);
    note_line(visit, "drug-price-above-approved", Worth::Fixed(worth));
    true
}

fn raise(line: &mut Line, percent: i64) {
    line.price_bh = Milli::thousandths(line.price_bh.get() * percent / 100);
    line.price_bv = line.price_bv.max(line.price_bh);
}

fn service_price(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, |line| service(line, lists).is_some()) else { return false };
    raise(line, 130);
    let worth = line.parts.fund.rate(FULL * 3 / 10);
    note_line(visit, "service-price-above-approved", Worth::Fixed(worth));
    true
}

fn service_unknown(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, |line| in_group(line, lists, &["8", "13", "18"])) else { return false };
    line.changes.push((Xml3::MA_DICH_VU as usize, "02.9999.9999".to_owned()));
    note_line(visit, "service-not-in-catalogue", Worth::Line);
    true
}

fn service_name(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, |line| in_group(line, lists, &["8", "18", "2"])) else { return false };
    line.changes.push((Xml3::TEN_DICH_VU as usize, "Dịch vụ theo yêu cầu".to_owned()));
    note_line(visit, "service-name-differs", Worth::Nothing);
    true
}

fn drug_unregistered(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let done = change_drug(visit, draw, Xml2::SO_DANG_KY, "", "drug-without-registration", Worth::Line);
    if done {
        note_line(visit, "drug-details-differ", Worth::Nothing);
    }
    done
}

fn drug_without_tender(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    change_drug(visit, draw, Xml2::TT_THAU, "", "drug-without-tender", Worth::Nothing)
}

fn drug_tender(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    change_drug(visit, draw, Xml2::TT_THAU, "12/QĐ-2026", "drug-tender-malformed", Worth::Nothing)
}

/// Days and units of a dose written anew.
fn dose(line: &mut Line, lists: &Lists, days: i64) -> Option<Milli> {
    let Item::Drug(at) = line.item else { return None };
    let drug = &lists.drugs[at];
    let (unit, before) = (drug.unit.to_lowercase(), line.quantity);
    let a_day = Milli::thousandths(drug.dose.get() * drug.times);
    line.quantity = Milli::thousandths(a_day.get() * days).ceil();
    line.dose = format!("{} {unit}/lần * {} lần/ngày * {days} ngày [{a_day} {unit}/ngày]", drug.dose, drug.times);
    Some(line.quantity - before)
}

fn too_long(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    if visit.plan.form != Form::Examination {
        return false;
    }
    let days = if lists.diseases[visit.plan.disease].long { 120 } else { 45 };
    let Some(line) = pick(visit, draw, |line| line.is_drug() && line.quantity >= Milli::whole(5)) else { return false };
    if dose(line, lists, days).is_none() {
        return false;
    }
    note_line(visit, "prescription-too-long", Worth::Line);
    note_visit(visit, "outpatient-prescription-too-long", Worth::Nothing);
    true
}

fn above_dose(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let Some(line) = pick(visit, draw, |line| line.is_drug() && line.dose.contains('*')) else { return false };
    let more = line.quantity;
    line.quantity += more;
    let worth = line.parts.fund;
    note_line(visit, "quantity-above-dose", Worth::Fixed(worth));
    true
}

fn without_machine(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    change_test(visit, lists, draw, Xml3::MA_MAY, "", "machine-missing")
}

fn machine_unknown(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let code = format!("SH.1.{}.999", visit.facility.code);
    change_test(visit, lists, draw, Xml3::MA_MAY, &code, "machine-unknown")
}

fn without_performer(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    change_test(visit, lists, draw, Xml3::NGUOI_THUC_HIEN, "", "service-performer-missing")
}

fn change_test(visit: &mut Visit, lists: &Lists, draw: Draw, column: Xml3, value: &str, rule: &'static str) -> bool {
    let test = |line: &Line| in_group(line, lists, &TESTS) && line.elsewhere.is_none();
    let Some(line) = pick(visit, draw, test) else { return false };
    line.changes.push((column as usize, value.to_owned()));
    note_line(visit, rule, Worth::Nothing);
    true
}

/// Signed by somebody whom nobody approved.
fn stranger(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let who = format!("0199{:06}", draw.of("who").below(1_000_000));
    let Some(line) = pick(visit, draw, |_| true) else { return false };
    let drug = line.is_drug();
    line.changes.push((if drug { Xml2::MA_BAC_SI as usize } else { Xml3::MA_BAC_SI as usize }, who));
    let rule = if drug { "drug-doctor-missing-or-unknown" } else { "service-staff-unknown" };
    note_line(visit, rule, Worth::Line);
    true
}

fn drug_after_end(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    if !matches!(visit.plan.form, Form::Examination | Form::Inpatient | Form::Day) {
        return false;
    }
    let late = stamp::time(visit.end + 90);
    change_drug(visit, draw, Xml2::NGAY_YL, &late, "drug-order-outside-stay", Worth::Nothing)
}

fn result_too_early(visit: &mut Visit, lists: &Lists, draw: Draw) -> bool {
    let test = |line: &Line| in_group(line, lists, &TESTS) && line.elsewhere.is_none() && line.times[1] > line.times[0] + 4;
    let Some(line) = pick(visit, draw, test) else { return false };
    line.times[2] = line.times[1] - 2;
    note_line(visit, "result-before-performed", Worth::Nothing);
    true
}

fn outside_scope(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let paid = |line: &Line| line.parts.fund > Milli::ZERO;
    let Some(line) = pick(visit, draw, paid) else { return false };
    let column = if line.is_drug() { Xml2::PHAM_VI as usize } else { Xml3::PHAM_VI as usize };
    line.changes.push((column, "2".to_owned()));
    note_line(visit, "outside-scope-with-fund-money", Worth::Line);
    true
}

/// A bed on the day of discharge too.
fn bed_too_many(visit: &mut Visit, lists: &Lists, _: Draw) -> bool {
    let is_stay = visit.plan.form == Form::Inpatient && visit.plan.days >= 2 && visit.plan.leaves == Leaves::Home;
    let bed = |line: &&Line| service(line, lists).is_some_and(|service| service.is_bed());
    let Some(mut line) = visit.lines.iter().rfind(bed).cloned().filter(|_| is_stay) else { return false };
    let morning = stamp::at(visit.end_day(), 7 * 60);
    line.times = [morning, morning, visit.left.max(morning)];
    line.tag = TAG;
    let worth = line.parts.fund;
    visit.lines.push(line);
    note_visit(visit, "bed-days-above-stay", Worth::Fixed(worth));
    true
}

fn bed_in_short_stay(visit: &mut Visit, lists: &Lists, _: Draw) -> bool {
    if visit.plan.form != Form::Short || visit.left - visit.arrival >= 240 {
        return false;
    }
    let at = lists.service("bed_internal");
    let admitted = visit.admitted.unwrap_or(visit.arrival);
    let mut line = Line::new(Item::Service(at), visit.facility.price(lists.services[at].price), admitted);
    (line.department, line.doctor, line.bed, line.tag) = (visit.ward, visit.doctor, Some(1), TAG);
    line.times[2] = visit.left;
    visit.lines.push(line);
    note_line(visit, "bed-in-stay-under-four-hours", Worth::Line);
    true
}

/// A second examination on the same day, paid like the first.
fn second_exam_in_full(visit: &mut Visit, lists: &Lists, _: Draw) -> bool {
    let exams = visit.lines.iter().filter(|line| in_group(line, lists, &["13"])).count();
    let first = visit.lines.iter().find(|line| in_group(line, lists, &["13"])).cloned();
    let at = lists.service("exam_tmh");
    let Some(mut line) = first.filter(|line| exams == 1 && line.item != Item::Service(at)) else { return false };
    if visit.plan.form != Form::Examination || !visit.facility.class.has_beds() {
        return false;
    }
    line.item = Item::Service(at);
    line.times = [line.times[0] + 3, line.times[0] + 3, line.times[0] + 10];
    line.tag = TAG;
    let worth = line.parts.fund.rate(FULL * 7 / 10);
    visit.lines.push(line);
    note_line(visit, "exam-rate-steps", Worth::Fixed(worth));
    true
}
