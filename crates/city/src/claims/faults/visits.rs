//! Faults of the visit as a whole, and tables that are missing.

use super::{Fault, in_group, note_visit, pays_part};
use crate::claims::columns::Xml1;
use crate::claims::lists::Lists;
use crate::claims::money::{self, FULL, Milli};
use crate::claims::plan::{Form, Route, Worth};
use crate::claims::stamp;
use crate::claims::visit::{Item, Line, Visit};
use crate::random::Draw;

/// All of them.
pub(super) const ALL: &[Fault] = &[
    drug_total,
    fee_total,
    fund_total,
    fund_above_cost,
    expired_card,
    malformed_card,
    without_origin,
    without_paper,
    infant_without_weight,
    injury_without_cause,
    without_results,
    without_notes,
    without_discharge_paper,
    treatment_days,
    unknown_disease,
    pickup_with_exam,
    days_without_stay,
    paid_too_early,
    without_admission,
];

/// Changes a cell of XML1 and notes the rule.
fn change(visit: &mut Visit, column: Xml1, value: impl Into<String>, rule: &'static str, worth: Worth) -> bool {
    visit.change(column, value);
    note_visit(visit, rule, worth);
    true
}

fn drug_total(visit: &mut Visit, _: &Lists, draw: Draw) -> bool {
    let more = Milli::whole(2_000 + draw.below(90) as i64 * 1_000);
    let total = visit.totals.drugs;
    total > Milli::ZERO && change(visit, Xml1::T_THUOC, (total + more).to_string(), "drug-total-differs", Worth::Nothing)
}

fn fee_total(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let wrong = visit.totals.all.fund + Milli::whole(10_000);
    change(visit, Xml1::T_BHTT_GDV, wrong.to_string(), "fund-fee-total-differs", Worth::Nothing)
}

fn fund_total(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let (more, parts) = (Milli::whole(5_000), visit.totals.all);
    if !pays_part(visit) || parts.copay < more || parts.source > Milli::ZERO {
        return false;
    }
    visit.change(Xml1::T_BNCCT, (parts.copay - more).to_string());
    change(visit, Xml1::T_BHTT, (parts.fund + more).to_string(), "fund-total-differs", Worth::Fixed(more));
    note_visit(visit, "copay-total-differs", Worth::Nothing);
    note_visit(visit, "fund-share-above-rate", Worth::Nothing);
    true
}

fn fund_above_cost(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let day = stamp::date(visit.end_day());
    let more = Milli::whole(50_000);
    if money::category_share(visit.category(), visit.plan.form.is_admitted(), day) < 100 {
        return false;
    }
    let wrong = visit.totals.all.bv + more;
    let worth = Worth::Fixed(wrong - visit.totals.all.fund);
    change(visit, Xml1::T_BHTT, wrong.to_string(), "fund-above-cost", worth);
    note_visit(visit, "fund-total-differs", Worth::Nothing);
    note_visit(visit, "cost-parts-do-not-add-up", Worth::Nothing);
    true
}

fn expired_card(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let arrival = stamp::day_of(visit.arrival);
    if visit.totals.all.fund == Milli::ZERO {
        return false;
    }
    visit.change(Xml1::GT_THE_TU, stamp::day(arrival - 400));
    change(visit, Xml1::GT_THE_DEN, stamp::day(arrival - 20), "card-not-valid", Worth::Visit)
}

fn malformed_card(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let card = format!("{}X{}", &visit.patient.card[..2], &visit.patient.card[3..]);
    change(visit, Xml1::MA_THE_BHYT, card, "card-malformed", Worth::Nothing)
}

fn without_origin(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    matches!(visit.plan.route, Route::Referred(_))
        && change(visit, Xml1::MA_NOI_DI, "", "referred-without-origin", Worth::Nothing)
}

fn without_paper(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    matches!(visit.plan.route, Route::Referred(_) | Route::Revisit)
        && change(visit, Xml1::GIAY_CHUYEN_TUYEN, "", "referred-without-paper", Worth::Nothing)
}

fn infant_without_weight(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    visit.patient.age(stamp::day_of(visit.arrival)) < 1
        && change(visit, Xml1::CAN_NANG, "", "infant-without-weight", Worth::Nothing)
}

fn injury_without_cause(visit: &mut Visit, lists: &Lists, _: Draw) -> bool {
    lists.diseases[visit.plan.disease].accident && change(visit, Xml1::MA_TAI_NAN, "", "injury-without-cause", Worth::Nothing)
}

fn leave_out(visit: &mut Visit, table: &'static str, rule: &'static str) -> bool {
    visit.without.push(table);
    note_visit(visit, rule, Worth::Nothing);
    true
}

fn without_results(visit: &mut Visit, lists: &Lists, _: Draw) -> bool {
    let has = visit.lines.iter().any(|line| in_group(line, lists, &["1", "2", "3"]));
    has && leave_out(visit, "XML4", "results-missing")
}

fn without_notes(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    visit.plan.form == Form::Inpatient && leave_out(visit, "XML5", "inpatient-without-notes")
}

fn without_discharge_paper(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    visit.plan.form == Form::Inpatient && leave_out(visit, "XML7", "inpatient-without-discharge-paper")
}

fn treatment_days(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let wrong = (visit.treatment_days() + 2).to_string();
    matches!(visit.plan.form, Form::Outpatient | Form::Inpatient | Form::Day)
        && change(visit, Xml1::SO_NGAY_DTRI, wrong, "treatment-days-differ", Worth::Nothing)
}

fn unknown_disease(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    change(visit, Xml1::MA_BENH_CHINH, "J98.99", "main-code-unknown", Worth::Nothing)
}

fn pickup_with_exam(visit: &mut Visit, lists: &Lists, _: Draw) -> bool {
    if visit.plan.form != Form::Pickup {
        return false;
    }
    let at = lists.service("exam_noi");
    let mut line = Line::new(Item::Service(at), visit.facility.price(lists.services[at].price), visit.arrival + 4);
    line.doctor = visit.doctor;
    line.performer = Some(visit.doctor);
    line.times[2] = line.times[0] + 8;
    let worth = line.price_bh.rate(FULL.min(visit.rate.max(1)));
    visit.lines.push(line);
    note_visit(visit, "pickup-with-examination", Worth::Fixed(worth));
    true
}

fn days_without_stay(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    matches!(visit.plan.form, Form::Examination | Form::Short | Form::Pickup)
        && change(visit, Xml1::SO_NGAY_DTRI, "3", "days-for-form-without-days", Worth::Nothing)
}

fn paid_too_early(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    let early = stamp::time(visit.arrival - 30);
    !visit.plan.form.lasts() && change(visit, Xml1::NGAY_TTOAN, early, "paid-before-end", Worth::Nothing)
}

fn without_admission(visit: &mut Visit, _: &Lists, _: Draw) -> bool {
    visit.plan.form.is_admitted() && change(visit, Xml1::NGAY_VAO_NOI_TRU, "", "admission-time-missing", Worth::Nothing)
}
