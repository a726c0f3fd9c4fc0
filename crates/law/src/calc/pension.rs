//! Monthly pension and the lump sum on retiring (lương hưu, trợ cấp một lần khi nghỉ hưu).
//!
//! Luật BHXH 41/2024/QH15 Điều 64-68, 98-100; Nghị định 158/2025/NĐ-CP Điều 13, 17.

use base::{Date, Dong, Rate};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, over, times};
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::support::rate;
use super::trace::{Trace, how};
use super::words::{Scheme, Sex};

inputs! {
    /// Input of [`pension`].
    pub struct PensionInput {
        on: Date, "Ngày bắt đầu hưởng" / "First day of the pension";
        sex: Sex, "Giới tính" / "Sex";
        scheme: Scheme = Scheme::Compulsory, "Chế độ" / "Scheme";
        months: i32, "Tổng số tháng đóng BHXH" / "Months contributed in all";
        average: Dong, "Mức bình quân tiền lương, thu nhập làm căn cứ đóng" / "Average contribution base";
        reduced_capacity: bool = false, "Nghỉ do suy giảm khả năng lao động" / "Retires with reduced working capacity";
        early_months: i32 = 0, "Số tháng nghỉ trước tuổi" / "Months before the age";
        months_after_age: i32 = 0, "Số tháng đóng sau tuổi nghỉ hưu khi đã đủ điều kiện" / "Months contributed after the age while already eligible";
        compulsory_months: Option<i32>, "Trong đó số tháng BHXH bắt buộc (để xét mức thấp nhất)" / "Of these compulsory months (for the floor)";
        joined_on: Option<Date>, "Ngày tham gia lần đầu (để xét mức thấp nhất)" / "First day of joining (for the floor)";
    }
}

outcome! {
    /// The pension.
    pub struct PensionOutcome amount monthly {
        eligible: bool, "Đủ số năm đóng" / "Years are enough";
        missing_months: i32, "Số tháng còn thiếu" / "Months missing";
        years: Rate, "Số năm tính hưởng" / "Years that count";
        rate: Rate, "Tỷ lệ hưởng" / "Rate";
        monthly: Dong, "Lương hưu hằng tháng" / "Pension a month";
        raised_to_floor: bool, "Được nâng bằng mức tham chiếu" / "Raised to the reference level";
        lump: Dong, "Trợ cấp một lần khi nghỉ hưu" / "Lump sum on retiring";
    }
}

/// Rate, monthly pension with its floor, lump sum for years above the full rate.
pub fn pension<T: Trace>(cx: &mut Cx<'_, T>, input: &PensionInput) -> Result<PensionOutcome, CalcError> {
    let on = input.on;
    let scheme = if input.reduced_capacity { "reduced_capacity" } else { input.scheme.code() };
    let least = cx.int("pension.min_months", on, Some(scheme))?;
    // Retiring with reduced capacity stands on compulsory months alone (Điều 65, 111).
    let counted = match (input.reduced_capacity, input.compulsory_months, input.scheme) {
        (true, Some(compulsory), _) => compulsory,
        (true, None, Scheme::Voluntary) => 0,
        _ => input.months,
    };
    let missing_months = (least - counted).max(0);
    let half_years = half_years(cx, on, input.months)?;
    let years = halves(half_years);
    cx.step(
        "Số năm tính hưởng",
        "Years that count",
        years,
        how![(input.months), ("tháng, tháng lẻ làm tròn" / "months, odd months rounded")],
    );
    if missing_months > 0 {
        cx.step("Chưa đủ số năm đóng", "Years are not enough", false, how![(input.months), "<", least, ("tháng" / "months")]);
        let none = Rate::from_parts(0, 0);
        let zero = Dong::ZERO;
        return Ok(PensionOutcome {
            eligible: false,
            missing_months,
            years,
            rate: none,
            monthly: zero,
            raised_to_floor: false,
            lump: zero,
        });
    }
    let full = full_rate(cx, input, half_years)?;
    let share = after_early(cx, input, full)?;
    let average = input.average;
    let mut monthly = cx.share(average, share, on)?;
    cx.step("Lương hưu theo tỷ lệ", "Pension by rate", monthly, how![average, "×", share]);
    let floor = floor(cx, input)?;
    let raised_to_floor = floor.is_some_and(|floor| monthly < floor);
    if let Some(floor) = floor.filter(|floor| monthly < *floor) {
        monthly = floor;
        cx.step("Nâng bằng mức tham chiếu", "Raised to the reference level", monthly, how![floor]);
    }
    let lump = lump(cx, input)?;
    Ok(PensionOutcome { eligible: true, missing_months, years, rate: share, monthly, raised_to_floor, lump })
}

/// Months as half years: 1 to 6 odd months are half a year, 7 to 11 a whole one.
pub(crate) fn half_years<T: Trace>(cx: &mut Cx<'_, T>, on: Date, months: i32) -> Result<i32, CalcError> {
    let odd = months % 12;
    let half_to = cx.int("pension.odd_months_half_to", on, None)?;
    Ok(months / 12 * 2 + i32::from(odd > 0) + i32::from(odd > half_to))
}

/// Half years as a rate with one decimal.
pub(crate) fn halves(half_years: i32) -> Rate {
    rate(Decimal::new(i64::from(half_years) * 5, 1).normalize())
}

/// The rate by sex and years (Điều 66), not above the cap.
fn full_rate<T: Trace>(cx: &mut Cx<'_, T>, input: &PensionInput, half_years: i32) -> Result<Rate, CalcError> {
    let on = input.on;
    let base_months = cx.int("pension.rate.base_months", on, Some(input.sex.code()))?;
    let least = cx.int("pension.min_months", on, Some("compulsory"))?;
    let years = Decimal::from(half_years) / Decimal::from(2);
    let from_base = years - Decimal::from(base_months) / Decimal::from(12);
    let (base, step, above) = if from_base >= Decimal::ZERO {
        (cx.rate("pension.rate.base", on, None)?, cx.rate("pension.rate.step", on, None)?, from_base)
    } else {
        let above = years - Decimal::from(least) / Decimal::from(12);
        (cx.rate("pension.rate.low_base", on, None)?, cx.rate("pension.rate.low_step", on, None)?, above)
    };
    let cap = cx.rate("pension.rate.cap", on, None)?;
    let full = rate((base.decimal() + step.decimal() * above).min(cap.decimal()).normalize());
    let above = rate(above.normalize());
    cx.step("Tỷ lệ hưởng", "Rate", full, how![base, "+", step, "×", above, ("; tối đa" / "; at most"), cap]);
    Ok(full)
}

/// Less 2 % for each whole year before the age, 1 % for 6 to under 12 months (Điều 66 khoản 3).
fn after_early<T: Trace>(cx: &mut Cx<'_, T>, input: &PensionInput, full: Rate) -> Result<Rate, CalcError> {
    if input.early_months == 0 {
        return Ok(full);
    }
    if !input.reduced_capacity {
        return Err(CalcError::rule(
            "early_months",
            "chỉ nghỉ trước tuổi bị trừ tỷ lệ khi suy giảm khả năng lao động",
            "only retiring with reduced capacity before the age cuts the rate",
        ));
    }
    let on = input.on;
    let year = cx.rate("pension.rate.early_year", on, None)?;
    let half = cx.rate("pension.rate.early_half", on, None)?;
    let (years, odd) = (input.early_months / 12, input.early_months % 12);
    let halves = i32::from(odd >= cx.int("pension.rate.early_half_from_months", on, None)?);
    let cut = year.decimal() * Decimal::from(years) + half.decimal() * Decimal::from(halves);
    let left = rate((full.decimal() - cut).max(Decimal::ZERO).normalize());
    cx.step("Trừ do nghỉ trước tuổi", "Cut for retiring early", left, how![full, "−", year, "×", years, "−", half, "×", halves]);
    Ok(left)
}

/// The floor, for those who joined before the law and have twenty compulsory years (Nghị định 158/2025 Điều 13, 17).
fn floor<T: Trace>(cx: &mut Cx<'_, T>, input: &PensionInput) -> Result<Option<Dong>, CalcError> {
    let (Some(joined), Some(compulsory)) = (input.joined_on, input.compulsory_months) else { return Ok(None) };
    let needed = cx.int("pension.floor_needs_months", input.on, None)?;
    let before = cx.date("pension.floor_joined_before", input.on)?;
    if joined >= before || compulsory < needed || input.scheme != Scheme::Compulsory {
        return Ok(None);
    }
    cx.dong("bhxh.reference_level", input.on, None).map(Some)
}

/// Half of the average for each year above the full rate, twice for years after the age (Điều 68, 100).
fn lump<T: Trace>(cx: &mut Cx<'_, T>, input: &PensionInput) -> Result<Dong, CalcError> {
    let on = input.on;
    let from = cx.int("pension.retirement_lump_from_months", on, Some(input.sex.code()))?;
    let above = (input.months - from).max(0);
    if above == 0 {
        return Ok(Dong::ZERO);
    }
    let after = input.months_after_age.min(above);
    let before = half_years(cx, on, above - after)?;
    let after = half_years(cx, on, after)?;
    let plain = cx.rate("pension.retirement_lump_rate", on, None)?;
    let double = cx.rate("pension.retirement_lump_rate_after", on, None)?;
    let average = decimal(input.average);
    let of = |halves: i32, rate: Rate| over(times(times(average, rate.decimal())?, Decimal::from(halves))?, 2);
    let lump = cx.round(of(before, plain)? + of(after, double)?, on)?;
    cx.step(
        "Trợ cấp một lần khi nghỉ hưu",
        "Lump sum on retiring",
        lump,
        how![(input.average), "× (", (halves(before)), "×", plain, "+", (halves(after)), "×", double, ")",],
    );
    Ok(lump)
}
