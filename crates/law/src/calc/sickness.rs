//! Sickness benefit (trợ cấp ốm đau), sick child, recovery. Luật BHXH 41/2024/QH15 Điều 42-46.

use base::{Date, Dong};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, over, times};
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// What the leave was for.
    pub enum SickKind {
        Ordinary = "ordinary", "Ốm đau thông thường" / "Ordinary sickness";
        LongAfterCap = "long_after_cap", "Bệnh dài ngày, sau khi hết thời gian hưởng" / "Long disease after the yearly days";
        Child = "child", "Con ốm" / "Sick child";
        RecoveryLong = "recovery_long", "Dưỡng sức: bệnh dài ngày" / "Recovery after a long disease";
        RecoverySurgery = "recovery_surgery", "Dưỡng sức: sau phẫu thuật" / "Recovery after surgery";
        RecoveryOther = "recovery_other", "Dưỡng sức: trường hợp khác" / "Recovery, other cases";
    }
}

inputs! {
    /// Input of [`sickness`].
    pub struct SicknessInput {
        on: Date, "Ngày bắt đầu nghỉ" / "First day of leave";
        kind: SickKind = SickKind::Ordinary, "Loại nghỉ" / "Kind of leave";
        wage: Dong = Dong::ZERO, "Tiền lương đóng BHXH tháng liền kề trước khi nghỉ" / "Contribution wage of the month before";
        days: i32, "Số ngày nghỉ" / "Days of leave";
        contributed_years: i32 = 0, "Số năm đã đóng BHXH" / "Years contributed";
        heavy: bool = false, "Nghề nặng nhọc, độc hại hoặc vùng đặc biệt khó khăn" / "Heavy work or specially difficult region";
        child_age: Option<i32>, "Tuổi của con (con ốm)" / "Age of the child (sick child)";
        sick_days: Option<i32>, "Số ngày nghỉ ốm trong năm (dưỡng sức)" / "Sick days in the year (recovery)";
        used_days: i32 = 0, "Số ngày đã hưởng trong năm" / "Days taken in the year so far";
    }
}

outcome! {
    /// The benefit.
    pub struct SicknessOutcome amount amount {
        allowed_days: i32, "Số ngày được hưởng trong năm" / "Days allowed in the year";
        paid_days: i32, "Số ngày được chi trả" / "Days paid";
        amount: Dong, "Số tiền" / "Amount";
    }
}

/// The amount for the days that are left of the yearly limit.
pub fn sickness<T: Trace>(cx: &mut Cx<'_, T>, input: &SicknessInput) -> Result<SicknessOutcome, CalcError> {
    use SickKind::{Child, LongAfterCap, Ordinary, RecoveryLong, RecoveryOther, RecoverySurgery};
    let on = input.on;
    let years = input.contributed_years;
    let allowed_days = match input.kind {
        Ordinary => {
            let key = if input.heavy { "sickness.days_heavy" } else { "sickness.days_normal" };
            cx.int(key, on, Some(&years.to_string()))?
        }
        // The law sets no limit of days: as long as the disease lasts.
        LongAfterCap => input.used_days.saturating_add(input.days),
        Child => {
            let age = input
                .child_age
                .ok_or_else(|| CalcError::rule("child_age", "cần tuổi của con", "the age of the child is needed"))?;
            cx.int("sickness.child_days", on, Some(&age.to_string()))?
        }
        RecoveryLong => cx.int("recovery.days", on, Some("long"))?,
        RecoverySurgery => cx.int("recovery.days", on, Some("surgery"))?,
        RecoveryOther => cx.int("recovery.days", on, Some("other"))?,
    };
    let recovery = matches!(input.kind, RecoveryLong | RecoverySurgery | RecoveryOther);
    let enough = match input.sick_days {
        Some(sick) if recovery => sick >= cx.int("recovery.min_sick_days", on, None)?,
        _ => true,
    };
    let allowed_days = if enough { allowed_days } else { 0 };
    let paid_days = input.days.min((allowed_days - input.used_days).max(0));
    cx.step(
        "Số ngày được chi trả",
        "Days paid",
        paid_days,
        how![
            (input.days),
            ("ngày nghỉ; được hưởng" / "days of leave; allowed"),
            allowed_days,
            ("đã hưởng" / "taken"),
            (input.used_days),
        ],
    );
    let amount = if recovery {
        let reference = cx.dong("bhxh.reference_level", on, None)?;
        let rate = cx.rate("recovery.rate", on, None)?;
        let amount = cx.round(times(times(decimal(reference), rate.decimal())?, Decimal::from(paid_days))?, on)?;
        cx.step("Mức hưởng dưỡng sức", "Recovery benefit", amount, how![reference, "×", rate, "×", paid_days]);
        amount
    } else {
        let rate = if input.kind == LongAfterCap {
            cx.rate("sickness.long_rate", on, Some(&years.to_string()))?
        } else {
            cx.rate("sickness.rate", on, None)?
        };
        let divisor = cx.int("sickness.day_divisor", on, None)?;
        let wage = input.wage;
        let amount = cx.round(over(times(times(decimal(wage), rate.decimal())?, Decimal::from(paid_days))?, divisor)?, on)?;
        cx.step("Mức hưởng", "Benefit", amount, how![wage, "×", rate, "÷", divisor, "×", paid_days]);
        amount
    };
    Ok(SicknessOutcome { allowed_days, paid_days, amount })
}
