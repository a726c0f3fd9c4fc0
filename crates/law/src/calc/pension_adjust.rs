//! Adjusting pensions that were paid before a day (điều chỉnh lương hưu). Nghị định 162/2026/NĐ-CP Điều 2.

use base::{Date, Dong, Rate};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::trace::{Trace, how};

inputs! {
    /// Input of [`pension_adjust`].
    pub struct PensionAdjustInput {
        on: Date, "Ngày điều chỉnh" / "Day of adjustment";
        pension: Dong, "Mức hưởng tháng trước đó" / "Amount of the month before";
        started_on: Date, "Ngày bắt đầu hưởng" / "First day of the pension";
    }
}

outcome! {
    /// The adjusted amount.
    pub struct PensionAdjustOutcome amount adjusted {
        coefficient: Rate, "Hệ số điều chỉnh" / "Coefficient";
        adjusted: Dong, "Mức hưởng sau điều chỉnh" / "Adjusted amount";
        raised: Dong, "Phần nâng thêm cho người nghỉ trước năm 1995" / "Extra for those retired before 1995";
    }
}

/// The amount times the coefficient; low pensions from before 1995 are raised further.
pub fn pension_adjust<T: Trace>(cx: &mut Cx<'_, T>, input: &PensionAdjustInput) -> Result<PensionAdjustOutcome, CalcError> {
    let on = input.on;
    // Only pensions paid before the day of the raise are raised, whenever it is asked for.
    if input.started_on >= cx.since("pension.adjust.coefficient", on)? {
        let coefficient = Rate::from_parts(1, 0);
        cx.step(
            "Không điều chỉnh",
            "Not adjusted",
            input.pension,
            how![("hưởng từ ngày điều chỉnh trở đi" / "begins on the day or later")],
        );
        return Ok(PensionAdjustOutcome { coefficient, adjusted: input.pension, raised: Dong::ZERO });
    }
    let coefficient = cx.rate("pension.adjust.coefficient", on, None)?;
    let plain = cx.share(input.pension, coefficient, on)?;
    cx.step("Mức sau điều chỉnh", "Adjusted amount", plain, how![(input.pension), "×", coefficient]);
    let first_after_1995 = cx.date("pension.adjust.pre1995_before", on)?;
    let mut adjusted = plain;
    if input.started_on < first_after_1995 {
        let low = cx.dong("pension.adjust.pre1995_low", on, None)?;
        let floor = cx.dong("pension.adjust.pre1995_floor", on, None)?;
        let included = cx.flag("pension.adjust.pre1995_low_included", on)?;
        if plain < low || (included && plain == low) {
            adjusted = plain + cx.dong("pension.adjust.pre1995_add", on, None)?;
        } else if plain < floor {
            adjusted = floor;
        }
        cx.step(
            "Nâng thêm cho người nghỉ trước năm 1995",
            "Raised for those retired before 1995",
            adjusted,
            how![plain, ("ngưỡng" / "limits"), low, floor,],
        );
    }
    Ok(PensionAdjustOutcome { coefficient, adjusted, raised: adjusted - plain })
}
