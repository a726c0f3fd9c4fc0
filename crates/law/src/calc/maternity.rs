//! Maternity benefits (chế độ thai sản), compulsory and voluntary.
//!
//! Luật BHXH 41/2024/QH15 Điều 50-60, 94-97; Luật Dân số 113/2025/QH15 Điều 29 (second child from 1/7/2026).

use base::{Date, Dong};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, over, times};
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// What the benefit is for.
    pub enum MaternityKind {
        Birth = "birth", "Lao động nữ sinh con" / "Mother giving birth";
        Father = "father", "Lao động nam có vợ sinh con" / "Father";
        Miscarriage = "miscarriage", "Sẩy thai, phá thai, thai chết" / "Miscarriage";
        Antenatal = "antenatal", "Khám thai" / "Antenatal visit";
        Adoption = "adoption", "Nhận con nuôi dưới 6 tháng tuổi" / "Adopting a child under six months";
        Iud = "iud", "Đặt dụng cụ tránh thai" / "IUD";
        Sterilisation = "sterilisation", "Triệt sản" / "Sterilisation";
        Voluntary = "voluntary", "Trợ cấp thai sản BHXH tự nguyện" / "Voluntary maternity grant";
        RecoveryTwins = "recovery_twins", "Dưỡng sức sau thai sản: sinh từ hai con" / "Recovery: two or more children";
        RecoverySurgery = "recovery_surgery", "Dưỡng sức sau thai sản: phẫu thuật" / "Recovery: surgery";
        RecoveryOther = "recovery_other", "Dưỡng sức sau thai sản: trường hợp khác" / "Recovery: other cases";
    }
}

inputs! {
    /// Input of [`maternity`].
    pub struct MaternityInput {
        on: Date, "Ngày sinh con, hoặc ngày bắt đầu nghỉ" / "Day of birth, or first day of leave";
        kind: MaternityKind = MaternityKind::Birth, "Chế độ" / "Benefit";
        average: Dong = Dong::ZERO, "Mức bình quân tiền lương 6 tháng liền kề" / "Average wage of the last six months";
        contributed_months: i32 = 12, "Số tháng đóng trong 12 tháng trước khi sinh" / "Months contributed in the 12 before birth";
        total_months: i32 = 0, "Tổng số tháng đã đóng (nghỉ dưỡng thai theo chỉ định)" / "Months contributed in all (rest prescribed by a doctor)";
        prescribed_rest: bool = false, "Phải nghỉ dưỡng thai theo chỉ định của cơ sở khám bệnh, chữa bệnh" / "Rest prescribed by a doctor";
        infertility: bool = false, "Nghỉ việc để điều trị vô sinh: số tháng đóng tính trong 24 tháng" / "Off work for infertility treatment: months counted within 24";
        child_born_on: Option<Date>, "Ngày sinh của con nuôi" / "Birth date of the adopted child";
        children: i32 = 1, "Số con trong một lần sinh" / "Children at this birth";
        child_order: i32 = 1, "Sinh con thứ mấy" / "Order of the child";
        surgery: bool = false, "Sinh phẫu thuật hoặc sinh con dưới 32 tuần tuổi" / "Surgery or born before 32 weeks";
        weeks: i32 = 0, "Tuần tuổi thai (sẩy thai)" / "Weeks of pregnancy (miscarriage)";
        days: Option<i32>, "Số ngày nghỉ thực tế (khám thai, tránh thai, dưỡng sức)" / "Days taken (antenatal, contraception, recovery)";
        father_gets_grant: bool = false, "Cha nhận trợ cấp một lần vì mẹ không đủ điều kiện" / "Father gets the grant, the mother is not entitled";
    }
}

outcome! {
    /// Leave and money.
    pub struct MaternityOutcome amount total {
        eligible: bool, "Đủ điều kiện" / "Eligible";
        leave_months: i32, "Thời gian nghỉ (tháng)" / "Leave (months)";
        leave_days: i32, "Thời gian nghỉ (ngày)" / "Leave (days)";
        allowance: Dong, "Trợ cấp theo thời gian nghỉ" / "Allowance for the leave";
        grant: Dong, "Trợ cấp một lần khi sinh con" / "Grant at birth";
        total: Dong, "Tổng số tiền" / "Total";
    }
}

/// The benefit for one event. Values are those of the day of birth, or of the first day of leave.
pub fn maternity<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput) -> Result<MaternityOutcome, CalcError> {
    use MaternityKind::{
        Adoption, Antenatal, Birth, Father, Iud, Miscarriage, RecoveryOther, RecoverySurgery, RecoveryTwins, Sterilisation,
        Voluntary,
    };
    if input.children < 1 || input.child_order < 1 {
        return Err(CalcError::rule("children", "từ 1 trở lên", "at least one"));
    }
    let eligible = match input.kind {
        Birth | Adoption | Voluntary => enough_months(cx, input)?,
        _ => true,
    };
    let mut outcome = MaternityOutcome {
        eligible,
        leave_months: 0,
        leave_days: 0,
        allowance: Dong::ZERO,
        grant: Dong::ZERO,
        total: Dong::ZERO,
    };
    if !eligible {
        return Ok(outcome);
    }
    match input.kind {
        Birth => {
            outcome.leave_months = birth_months(cx, input)?;
            outcome.allowance = input.average.times(i64::from(outcome.leave_months))?;
            let months = outcome.leave_months;
            cx.step(
                "Trợ cấp theo thời gian nghỉ",
                "Allowance for the leave",
                outcome.allowance,
                how![(input.average), "×", months],
            );
            outcome.grant = grant(cx, input)?;
        }
        Adoption => adoption(cx, input, &mut outcome)?,
        Father => {
            outcome.leave_days = father_days(cx, input)?;
            outcome.allowance = by_day(cx, input, outcome.leave_days, "maternity.day_divisor_working")?;
            if input.father_gets_grant && enough_months(cx, input)? {
                outcome.grant = grant(cx, input)?;
            }
        }
        Miscarriage => {
            let weeks = input.weeks.to_string();
            outcome.leave_days = cx.int("maternity.miscarriage_days", input.on, Some(&weeks))?;
            outcome.allowance = by_day(cx, input, outcome.leave_days, "maternity.day_divisor_calendar")?;
        }
        Antenatal => {
            let visits = cx.int("maternity.antenatal_visits", input.on, None)?;
            let most = visits * cx.int("maternity.antenatal_days", input.on, None)?;
            outcome.leave_days = input.days.unwrap_or(most).min(most);
            outcome.allowance = by_day(cx, input, outcome.leave_days, "maternity.day_divisor_working")?;
        }
        Iud | Sterilisation => {
            let most = cx.int("maternity.contraception_days", input.on, Some(input.kind.code()))?;
            outcome.leave_days = input.days.unwrap_or(most).min(most);
            outcome.allowance = by_day(cx, input, outcome.leave_days, "maternity.day_divisor_calendar")?;
        }
        Voluntary => {
            let one = cx.dong("maternity.voluntary_amount", input.on, None)?;
            outcome.grant = one.times(i64::from(input.children))?;
            cx.step(
                "Trợ cấp thai sản BHXH tự nguyện",
                "Voluntary maternity grant",
                outcome.grant,
                how![one, "×", (input.children)],
            );
        }
        RecoveryTwins | RecoverySurgery | RecoveryOther => {
            let reason = input.kind.code().trim_start_matches("recovery_");
            let most = cx.int("maternity.recovery_days", input.on, Some(reason))?;
            let days = input.days.unwrap_or(most).min(most);
            let reference = cx.dong("bhxh.reference_level", input.on, None)?;
            let rate = cx.rate("recovery.rate", input.on, None)?;
            outcome.leave_days = days;
            outcome.allowance = cx.round(times(times(decimal(reference), rate.decimal())?, Decimal::from(days))?, input.on)?;
            cx.step("Mức hưởng dưỡng sức", "Recovery benefit", outcome.allowance, how![reference, "×", rate, "×", days]);
        }
    }
    outcome.total = outcome.allowance + outcome.grant;
    let (allowance, grant) = (outcome.allowance, outcome.grant);
    cx.step("Tổng số tiền", "Total", outcome.total, how![allowance, "+", grant]);
    Ok(outcome)
}

/// Six months in the twelve before; three with a doctor's rest and a year in all; six in 24 with infertility treatment (Điều 50).
fn enough_months<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput) -> Result<bool, CalcError> {
    let needed = if input.infertility {
        cx.int("maternity.min_months_in_24_infertility", input.on, None)?
    } else if input.prescribed_rest && input.total_months >= cx.int("maternity.prescribed_rest_total_months", input.on, None)? {
        cx.int("maternity.prescribed_rest_months", input.on, None)?
    } else {
        cx.int("maternity.min_months_in_12", input.on, None)?
    };
    let enough = input.contributed_months >= needed;
    cx.step("Đủ điều kiện", "Eligible", enough, how![(input.contributed_months), ("tháng; cần" / "months; needed"), needed]);
    Ok(enough)
}

/// Days from adoption until the child is six months old, paid by the day, and the grant (Điều 53, 58).
fn adoption<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput, outcome: &mut MaternityOutcome) -> Result<(), CalcError> {
    let Some(born) = input.child_born_on else {
        return Err(CalcError::rule(
            "child_born_on",
            "cần ngày sinh của con nuôi",
            "the birth date of the adopted child is needed",
        ));
    };
    let months = cx.int("maternity.adoption_until_months", input.on, None)?;
    let until = super::unemployment::months_later(born, months)?;
    if born > input.on || until <= input.on {
        return Err(CalcError::rule(
            "child_born_on",
            "con nuôi phải dưới 6 tháng tuổi",
            "the child must be under six months old",
        ));
    }
    outcome.leave_days = input.on.days_until(until);
    outcome.allowance = by_day(cx, input, outcome.leave_days, "maternity.day_divisor_calendar")?;
    outcome.grant = grant(cx, input)?;
    Ok(())
}

fn birth_months<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput) -> Result<i32, CalcError> {
    let order = match input.child_order {
        1 => "first",
        2 => "second",
        _ => "later",
    };
    let months = cx.int("maternity.birth_months", input.on, Some(order))?;
    let extra = cx.int("maternity.extra_months_per_child", input.on, None)? * (input.children - 1);
    cx.step("Thời gian nghỉ sinh con (tháng)", "Leave for the birth (months)", months + extra, how![months, "+", extra]);
    Ok(months + extra)
}

/// Working days of the father: by surgery and number of children, or by the rule of the second child when that is more.
fn father_days<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput) -> Result<i32, CalcError> {
    let case = match (input.children >= 2, input.surgery) {
        (false, false) => "normal",
        (false, true) => "surgery_or_premature",
        (true, false) => "twins",
        (true, true) => "twins_surgery",
    };
    let more = cx.int("maternity.father_extra_days_per_child", input.on, None)? * (input.children - 2).max(0);
    let mut days = cx.int("maternity.father_days", input.on, Some(case))? + more;
    if input.child_order == 2 && cx.has("maternity.father_days", input.on, Some("second_child"))? {
        days = days.max(cx.int("maternity.father_days", input.on, Some("second_child"))?);
    }
    cx.step("Số ngày làm việc cha được nghỉ", "Working days of the father", days, how![(input.children), ("con" / "children")]);
    Ok(days)
}

fn by_day<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput, days: i32, divisor: &str) -> Result<Dong, CalcError> {
    let divisor = cx.int(divisor, input.on, None)?;
    let amount = cx.round(over(times(decimal(input.average), Decimal::from(days))?, divisor)?, input.on)?;
    cx.step("Trợ cấp theo ngày nghỉ", "Allowance by days", amount, how![(input.average), "÷", divisor, "×", days]);
    Ok(amount)
}

/// Twice the reference level of the month of birth for each child (Điều 58).
fn grant<T: Trace>(cx: &mut Cx<'_, T>, input: &MaternityInput) -> Result<Dong, CalcError> {
    let reference = cx.dong("bhxh.reference_level", input.on, None)?;
    let multiple = cx.int("maternity.lump_multiple", input.on, None)?;
    let grant = reference.times(i64::from(multiple))?.times(i64::from(input.children))?;
    cx.step("Trợ cấp một lần khi sinh con", "Grant at birth", grant, how![reference, "×", multiple, "×", (input.children)]);
    Ok(grant)
}
