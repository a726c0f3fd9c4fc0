//! How many days a prescription may cover and how long it can be filled (đơn thuốc). Thông tư 26/2025/TT-BYT.

use base::Date;

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Kind of prescription.
    pub enum PrescriptionKind {
        Normal = "normal", "Thuốc thông thường" / "Ordinary drugs";
        Annex7 = "annex7", "Bệnh trong danh mục được kê trên 30 ngày" / "Disease on the list of more than 30 days";
        NarcoticAcute = "narcotic_acute", "Gây nghiện, bệnh cấp tính" / "Narcotic, acute";
        NarcoticCancer = "narcotic_cancer", "Gây nghiện, giảm đau ung thư" / "Narcotic, cancer pain";
        PsychotropicAcute = "psychotropic_acute", "Hướng thần, tiền chất, bệnh cấp tính" / "Psychotropic or precursor, acute";
        PsychotropicLong = "psychotropic_long", "Hướng thần, tiền chất, bệnh mạn tính" / "Psychotropic or precursor, long";
    }
}

inputs! {
    /// Input of [`prescription`].
    pub struct PrescriptionInput {
        on: Date, "Ngày kê đơn" / "Day of prescription";
        kind: PrescriptionKind = PrescriptionKind::Normal, "Loại đơn" / "Kind";
        all_listed: bool = true, "Mọi bệnh kèm theo đều thuộc danh mục" / "All accompanying diseases are listed too";
        days: i32, "Số ngày dùng thuốc" / "Days of treatment";
    }
}

outcome! {
    /// Whether it is within the limit.
    pub struct PrescriptionOutcome {
        max_days: i32, "Số ngày tối đa" / "Most days";
        within: bool, "Trong giới hạn" / "Within the limit";
        fill_until: Date, "Nhận thuốc đến hết ngày" / "To be filled until";
    }
}

/// The limit of days for the kind; a disease off the list beside a listed one keeps the ordinary limit.
pub fn prescription<T: Trace>(cx: &mut Cx<'_, T>, input: &PrescriptionInput) -> Result<PrescriptionOutcome, CalcError> {
    let kind = if input.kind == PrescriptionKind::Annex7 && !input.all_listed { PrescriptionKind::Normal } else { input.kind };
    let max_days = cx.int("prescription.max_days", input.on, Some(kind.code()))?;
    let within = input.days <= max_days && input.days > 0;
    cx.step("Trong giới hạn", "Within the limit", within, how![(input.days), ("ngày; tối đa" / "days; at most"), max_days]);
    let valid = cx.int("prescription.valid_days", input.on, None)?;
    let fill_until = input.on.add_days(valid).ok_or(CalcError::Money)?;
    cx.step("Nhận thuốc đến hết ngày", "To be filled until", fill_until, how![(input.on), "+", valid, ("ngày" / "days")]);
    Ok(PrescriptionOutcome { max_days, within, fill_until })
}
