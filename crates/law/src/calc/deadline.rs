//! The day a dossier is due: terms of procedures, working days, stop clock (thời hạn giải quyết hồ sơ).
//!
//! Nghị định 118/2025/NĐ-CP; terms of each procedure by its own article (`procedure.limit`).

use base::Date;

use super::calendar::Calendar;
use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::Trace;

choices! {
    /// Procedure (thủ tục).
    pub enum Procedure {
        Register = "register", "Đăng ký tham gia, cấp sổ BHXH" / "Registration and BHXH book";
        Adjust = "adjust", "Điều chỉnh thông tin" / "Adjusting information";
        Sickness = "sickness", "Chế độ ốm đau" / "Sickness";
        Recovery = "recovery", "Dưỡng sức, phục hồi sức khỏe" / "Recovery";
        MaternityEmployer = "maternity_employer", "Thai sản qua đơn vị" / "Maternity through the employer";
        MaternityDirect = "maternity_direct", "Thai sản nộp trực tiếp" / "Maternity filed directly";
        MaternityVoluntary = "maternity_voluntary", "Thai sản BHXH tự nguyện" / "Voluntary maternity";
        Pension = "pension", "Lương hưu" / "Pension";
        Lump = "lump", "BHXH một lần" / "One-off BHXH";
        Allowance23 = "allowance23", "Trợ cấp hằng tháng trước tuổi hưu trí xã hội" / "Monthly allowance before social pension";
        Resume = "resume", "Hưởng tiếp" / "Resuming payment";
        Channel = "channel", "Thay đổi nơi, hình thức nhận" / "Change of place or channel";
        Survivor = "survivor", "Tuất" / "Survivors";
        Funeral = "funeral", "Mai táng" / "Funeral";
        Abroad = "abroad", "Một lần khi ra nước ngoài định cư" / "One-off on settling abroad";
        Accident = "accident", "TNLĐ, BNN" / "Work accident or disease";
        Card = "card", "Cấp thẻ BHYT" / "Health insurance card";
        CardReissue = "card_reissue", "Cấp lại, đổi thẻ BHYT" / "Card reissued";
        DirectPayment = "direct_payment", "Thanh toán trực tiếp chi phí khám bệnh, chữa bệnh" / "Direct payment of care";
        SocialPension = "social_pension", "Trợ cấp hưu trí xã hội" / "Social pension";
        Unemployment = "unemployment", "Trợ cấp thất nghiệp" / "Unemployment benefit";
    }
}

inputs! {
    /// A stop of the clock.
    pub struct Stop {
        from: Date, "Ngày yêu cầu bổ sung" / "Day the supplement was asked for";
        to: Option<Date>, "Ngày bổ sung đủ" / "Day it was completed";
    }
}

inputs! {
    /// Input of [`deadline`].
    pub struct DeadlineInput {
        procedure: Procedure, "Thủ tục" / "Procedure";
        received_on: Date, "Ngày nhận đủ hồ sơ" / "Day the dossier was received in full";
        stops: Vec<Stop>, "Các lần dừng tính thời hạn" / "Stops of the clock";
        as_of: Option<Date>, "Tính đến ngày" / "As of";
    }
}

outcome! {
    /// The due day.
    pub struct DeadlineOutcome {
        limit: i32, "Thời hạn (ngày)" / "Term (days)";
        working_days: bool, "Tính theo ngày làm việc" / "Counted in working days";
        due: Option<Date>, "Ngày phải trả kết quả" / "Due on";
        stopped: bool, "Đang dừng tính thời hạn" / "The clock is stopped";
        used_days: i32, "Số ngày đã tính" / "Days used";
        left_days: i32, "Số ngày còn lại" / "Days left";
        late: bool, "Quá hạn" / "Late";
    }
}

/// Due day with stops. The clock does not run from the day after a supplement is asked for to the day it is completed.
pub fn deadline<T: Trace>(cx: &mut Cx<'_, T>, input: &DeadlineInput) -> Result<DeadlineOutcome, CalcError> {
    let on = input.received_on;
    let word = Some(input.procedure.code());
    let limit = cx.int("procedure.limit", on, word)?;
    let clock = cx.code("procedure.clock", on, word)?;
    let calendar = Calendar::read(cx)?;
    let stops = checked(input)?;
    let running = |day: Date| !stops.iter().any(|(from, to)| day > *from && to.is_none_or(|to| day <= to));
    let counts = |day: Date| match clock {
        "working_days" => calendar.is_working(day),
        "days_without_holidays" => !calendar.is_holiday(day),
        _ => true,
    };
    let open = stops.last().filter(|(_, to)| to.is_none()).map(|(from, _)| *from);
    // With an open stop the clock cannot reach the due day, unless it did before.
    let mut due = None;
    let (mut day, mut used) = (on, 0);
    while used < limit {
        if open.is_some_and(|open| day >= open) {
            break;
        }
        day = day.add_days(1).ok_or(CalcError::Money)?;
        used += i32::from(running(day) && counts(day));
    }
    if used >= limit {
        due = Some(day);
    }
    if clock != "calendar_days" {
        Calendar::note(cx, on, day)?;
    }
    let as_of = input.as_of.unwrap_or(on);
    let used_days =
        (1..=on.days_until(as_of).max(0)).filter_map(|n| on.add_days(n)).filter(|day| running(*day) && counts(*day)).count();
    let used_days = i32::try_from(used_days).unwrap_or(i32::MAX).min(limit);
    let late = due.is_some_and(|due| as_of > due);
    let words: super::trace::Term = match clock {
        "working_days" => super::trace::Term::Words("ngày làm việc", "working days"),
        "days_without_holidays" => super::trace::Term::Words("ngày, không tính ngày nghỉ lễ", "days, holidays not counted"),
        _ => super::trace::Term::Words("ngày", "days"),
    };
    let shown = due.map_or(super::outcome::Out::Nothing, super::outcome::Out::Date);
    cx.step("Ngày phải trả kết quả", "Due on", shown, || {
        let mut how = vec![on.into(), super::trace::Term::Sign("+"), limit.into(), words];
        if !stops.is_empty() {
            how.push(super::trace::Term::Words("không tính thời gian chờ bổ sung", "without the time waited for supplements"));
        }
        how
    });
    let stopped = open.is_some_and(|open| as_of > open) && due.is_none();
    Ok(DeadlineOutcome {
        limit,
        working_days: clock == "working_days",
        due,
        stopped,
        used_days,
        left_days: limit - used_days,
        late,
    })
}

/// The stops in order; each ends before the next begins and only the last may be open.
fn checked(input: &DeadlineInput) -> Result<Vec<(Date, Option<Date>)>, CalcError> {
    let mut stops: Vec<(Date, Option<Date>)> = input.stops.iter().map(|stop| (stop.from, stop.to)).collect();
    stops.sort();
    let wrong = |vi: &str, en: &str| Err(CalcError::rule("stops", vi, en));
    for (from, to) in &stops {
        if *from < input.received_on || to.is_some_and(|to| to < *from) {
            return wrong(
                "ngày dừng phải sau ngày nhận và trước ngày bổ sung",
                "a stop is after the receipt and before its completion",
            );
        }
    }
    if stops.windows(2).any(|pair| pair[0].1.is_none_or(|to| to > pair[1].0)) {
        return wrong("các lần dừng chồng lên nhau", "the stops overlap");
    }
    Ok(stops)
}
