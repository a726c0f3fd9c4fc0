//! From which day a card of groups 4 and 5 is valid (giá trị sử dụng của thẻ). Luật BHYT Điều 16 khoản 3.

use base::Date;

use super::cx::Cx;
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::trace::{Trace, how};

inputs! {
    /// Input of [`card`].
    pub struct CardInput {
        paid_on: Date, "Ngày đóng đủ" / "Day of full payment";
        previous_until: Option<Date>, "Thẻ trước có giá trị đến ngày" / "Previous card valid until";
    }
}

outcome! {
    /// When the card begins.
    pub struct CardOutcome {
        valid_from: Date, "Thẻ có giá trị từ ngày" / "Card valid from";
        break_days: i32, "Số ngày gián đoạn" / "Days of break";
        waits: bool, "Phải chờ" / "Must wait";
        continuous: bool, "Giữ thời gian tham gia liên tục" / "Keeps continuous time";
    }
}

/// The first day of a card that a person or household pays for.
///
/// First time, or after a break of 90 days or more: 30 days after full payment. Otherwise from the day of
/// payment, or from the day after a card that still runs.
pub fn card<T: Trace>(cx: &mut Cx<'_, T>, input: &CardInput) -> Result<CardOutcome, CalcError> {
    let on = input.paid_on;
    let limit = cx.int("bhyt.break_days", on, None)?;
    let day_after = |day: Date| day.add_days(1).ok_or(CalcError::Money);
    let break_days = match input.previous_until {
        None => 0,
        // The days without any card: from the day after the old one ended to the day before payment.
        Some(until) => (until.days_until(on) - 1).max(0),
    };
    let waits = input.previous_until.is_none() || break_days >= limit;
    let valid_from = if waits {
        let wait = cx.int("bhyt.waiting_days", on, None)?;
        on.add_days(wait).ok_or(CalcError::Money)?
    } else {
        input.previous_until.map_or(Ok(on), day_after)?.max(on)
    };
    cx.step(
        "Thẻ có giá trị từ ngày",
        "Card valid from",
        valid_from,
        how![on, ("; gián đoạn" / "; break of"), break_days, ("ngày; mốc" / "days; limit"), limit,],
    );
    Ok(CardOutcome { valid_from, break_days, waits, continuous: !waits })
}
