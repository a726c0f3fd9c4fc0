//! Charge on contributions paid late or evaded: 0.03 % a day (số tiền chậm đóng, trốn đóng; Điều 40, 41 Luật BHXH).

use base::{Date, Dong};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, plus, times};
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::trace::{Trace, how};

inputs! {
    /// One payment.
    pub struct Payment {
        on: Date, "Ngày đóng" / "Day of payment";
        amount: Dong, "Số tiền" / "Amount";
    }
}

inputs! {
    /// Input of [`late_charge`].
    pub struct LateChargeInput {
        amount: Dong, "Số tiền phải đóng" / "Amount due";
        deadline: Date, "Hạn đóng chậm nhất" / "Latest day of payment";
        as_of: Date, "Tính đến ngày" / "As of";
        payments: Vec<Payment>, "Các lần đóng" / "Payments";
    }
}

outcome! {
    /// A stretch of days in which the same amount was open at the same rate.
    pub struct ChargePart {
        from: Date, "Từ ngày" / "From";
        to: Date, "Đến ngày" / "To";
        days: i32, "Số ngày" / "Days";
        open: Dong, "Số tiền chưa đóng" / "Amount open";
        rate: base::Rate, "Tỷ lệ mỗi ngày" / "Rate a day";
    }
}

outcome! {
    /// The charge.
    pub struct LateChargeOutcome amount charge {
        days: i32, "Số ngày chậm" / "Days late";
        paid: Dong, "Đã đóng" / "Paid";
        open: Dong, "Còn phải đóng" / "Still open";
        over: Dong, "Đóng thừa" / "Paid too much";
        charge: Dong, "Số tiền phải nộp thêm" / "Charge";
        parts: Vec<ChargePart>, "Các khoảng thời gian" / "Stretches";
    }
}

/// The simple charge on what is open after the deadline, day by day, rounded once.
///
/// The day of payment counts, the deadline does not. A part payment, and a new rate of the law, split the time.
pub fn late_charge<T: Trace>(cx: &mut Cx<'_, T>, input: &LateChargeInput) -> Result<LateChargeOutcome, CalcError> {
    // What was paid after the day of account is not known on that day.
    let mut payments: Vec<&Payment> = input.payments.iter().filter(|p| p.on <= input.as_of).collect();
    payments.sort_by_key(|p| p.on);
    let mut open = input.amount;
    let mut over = Dong::ZERO;
    let mut paid = Dong::ZERO;
    let mut since = input.deadline;
    let mut last_open = input.deadline;
    let mut exact = Decimal::ZERO;
    let mut parts = Vec::new();
    for payment in payments {
        if payment.on > since && open > Dong::ZERO {
            exact = plus(exact, stretch(cx, since, payment.on, open, &mut parts)?)?;
            last_open = payment.on;
        }
        since = since.max(payment.on);
        paid = paid + payment.amount;
        let used = payment.amount.min(open);
        open = open - used;
        over = over + (payment.amount - used);
    }
    if input.as_of > since && open > Dong::ZERO {
        exact = plus(exact, stretch(cx, since, input.as_of, open, &mut parts)?)?;
        last_open = input.as_of;
    }
    let charge = cx.round(exact, input.as_of)?;
    cx.step(
        "Số tiền phải nộp thêm",
        "Charge",
        charge,
        how![("tổng các khoảng, làm tròn một lần" / "sum of the stretches, rounded once")],
    );
    let days = input.deadline.days_until(last_open).max(0);
    Ok(LateChargeOutcome { days, paid, open, over, charge, parts })
}

/// The exact charge from the day after one day to another, split where the law's rate changes.
fn stretch<T: Trace>(
    cx: &mut Cx<'_, T>,
    after: Date,
    to: Date,
    open: Dong,
    parts: &mut Vec<ChargePart>,
) -> Result<Decimal, CalcError> {
    let day_after = |day: Date| day.add_days(1).ok_or(CalcError::Money);
    let day_before = |day: Date| day.add_days(-1).ok_or(CalcError::Money);
    let mut starts = vec![day_after(after)?];
    starts.extend(cx.changes("late.rate_per_day", starts[0], to)?);
    let mut sum = Decimal::ZERO;
    for (at, from) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(Ok(to), |next| day_before(*next))?;
        let days = from.days_until(end) + 1;
        let rate = cx.rate("late.rate_per_day", *from, None)?;
        let part = times(times(decimal(open), rate.decimal())?, Decimal::from(days))?;
        // The rule of counting is looked up so that the answer carries its doubt.
        cx.code("late.count_rule", *from, None)?;
        cx.step("Số ngày trong khoảng", "Days of the stretch", days, how![open, "×", rate, "×", days, ("ngày" / "days")]);
        parts.push(ChargePart { from: *from, to: end, days, open, rate });
        sum = plus(sum, part)?;
    }
    Ok(sum)
}
