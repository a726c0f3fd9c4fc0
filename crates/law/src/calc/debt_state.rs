//! The state of one debt line: in time, late, or signs of evasion (chậm đóng; có dấu hiệu trốn đóng).
//!
//! Luật BHXH 41/2024/QH15 Điều 38, 39 and 35. An indication with its evidence, never a verdict: people decide.

use base::Date;

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// What happened with the line.
    pub enum Line {
        Declared = "declared", "Đã đăng ký, chưa đóng hoặc đóng chưa đủ" / "Registered, unpaid or paid in part";
        Unregistered = "unregistered", "Chưa đăng ký hoặc đăng ký thiếu người" / "Not registered, or not all workers";
        LowBase = "low_base", "Đăng ký tiền lương thấp hơn quy định" / "Registered base below the lawful one";
    }
}

choices! {
    /// State of a debt line.
    pub enum DebtState {
        NotDue = "not_due", "Chưa đến hạn" / "Not due yet";
        OnTime = "on_time", "Đúng hạn" / "In time";
        Late = "late", "Chậm đóng" / "Late payment";
        LateRegistration = "late_registration", "Chậm đăng ký" / "Late registration";
        EvasionIndicated = "evasion_indicated", "Có dấu hiệu trốn đóng" / "Signs of evasion";
    }
}

inputs! {
    /// Input of [`debt_state`].
    pub struct DebtStateInput {
        line: Line = Line::Declared, "Tình trạng" / "What happened";
        deadline: Date, "Hạn đóng chậm nhất, hoặc hạn đăng ký" / "Latest day of payment, or of registration";
        as_of: Date, "Tính đến ngày" / "As of";
        settled_on: Option<Date>, "Ngày đóng đủ hoặc đăng ký đủ" / "Day on which it was paid or registered in full";
        urged_on: Option<Date>, "Ngày nhận văn bản đôn đốc" / "Day on which the urging letter was received";
        excused: bool = false, "Có lý do được công nhận" / "Recognised excuse";
    }
}

outcome! {
    /// The state with its days.
    pub struct DebtStateOutcome {
        state: DebtState, "Trạng thái" / "State";
        days: i32, "Số ngày kể từ hạn" / "Days after the deadline";
        evasion_from: Option<Date>, "Ngày sớm nhất có thể có dấu hiệu trốn đóng" / "First day on which evasion can be indicated";
        settled: bool, "Đã đóng đủ hoặc đăng ký đủ" / "Settled";
    }
}

/// The state of a line on a day. Day 60 still belongs to the time of grace; evasion begins on day 61.
pub fn debt_state<T: Trace>(cx: &mut Cx<'_, T>, input: &DebtStateInput) -> Result<DebtStateOutcome, CalcError> {
    let settled = input.settled_on.is_some_and(|day| day <= input.as_of);
    let until = input.settled_on.filter(|_| settled).unwrap_or(input.as_of);
    let days = input.deadline.days_until(until).max(0);
    cx.step("Số ngày kể từ hạn", "Days after the deadline", days, how![until, "−", (input.deadline)]);
    let on_time = if settled { DebtState::OnTime } else { DebtState::NotDue };
    let evasion_law = cx.date("late.evasion_from", until.max(cx.first_day("late.evasion_from")?))?;
    if input.line == Line::LowBase && days > 0 {
        // A base declared below the lawful one needs no sixty days (Điều 39 khoản 1 điểm c, d).
        let indicated = !input.excused && input.deadline >= evasion_law;
        let state = if indicated { DebtState::EvasionIndicated } else { DebtState::Late };
        let evasion_from = input.deadline.add_days(1).filter(|_| indicated);
        return Ok(DebtStateOutcome { state, days, evasion_from, settled });
    }
    let grace = cx.int("late.evasion_after_days", until.max(evasion_law), None)?;
    let first = input.deadline.add_days(grace + 1).ok_or(CalcError::Money)?;
    // What was due before the law began is late and nothing else (Luật 51/2024 Điều 3 khoản 5, Luật 41/2024 Điều 141).
    let past = until >= first && input.deadline >= evasion_law;
    let needs_urging = input.line == Line::Declared && cx.flag("late.evasion_needs_urging", until)?;
    // A letter from before the deadline urges nothing that is late.
    let urged_on = input.urged_on.filter(|day| *day > input.deadline);
    let urged = !needs_urging || urged_on.is_some_and(|day| day <= until);
    let evasion_from = match (needs_urging, urged_on) {
        (true, None) => None,
        (true, Some(urged)) => Some(first.max(urged)),
        (false, _) => Some(first),
    };
    let late = if input.line == Line::Declared { DebtState::Late } else { DebtState::LateRegistration };
    let state = match (days > 0, past && urged && !input.excused) {
        (false, _) => on_time,
        (true, true) => DebtState::EvasionIndicated,
        (true, false) => late,
    };
    cx.step(
        "Trạng thái",
        "State",
        state,
        how![
            days,
            ("ngày; mốc" / "days; limit"),
            grace,
            ("ngày; đã đôn đốc:" / "days; urged:"),
            urged,
            ("có lý do:" / "excused:"),
            (input.excused),
        ],
    );
    Ok(DebtStateOutcome {
        state,
        days,
        evasion_from: evasion_from.filter(|_| !input.excused && input.deadline >= evasion_law),
        settled,
    })
}
