//! All calculators by name.

use super::answer::Answer;
use super::cx::Cx;
use super::fault::CalcError;
use super::given::Given;
use super::input::{Field, Inputs};
use super::outcome::Outcome;
use super::trace::Steps;
use crate::Law;

/// What a calculator is about; the order of the portal's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Contributions and premiums (mức đóng).
    Contributions,
    /// Late payment (chậm đóng).
    Late,
    /// Pension and allowances (hưu trí).
    Pension,
    /// Short-term benefits, survivors, unemployment (chế độ).
    Benefits,
    /// Health insurance (BHYT).
    Health,
    /// Terms (thời hạn).
    Terms,
}

/// A calculator as cases, command line, JSON, forms and the assistant use it.
pub struct Calculator {
    /// Name, e.g. `late-charge`.
    pub name: &'static str,
    /// Topic.
    pub topic: Topic,
    /// Vietnamese title.
    pub vi: &'static str,
    /// English title.
    pub en: &'static str,
    /// The fields it takes.
    pub input: fn() -> Vec<Field>,
    /// The parts it answers.
    pub output: fn() -> Vec<Field>,
    run: fn(&Law, &Given) -> Result<Answer, CalcError>,
}

impl Calculator {
    /// The calculator of a name.
    pub fn of(name: &str) -> Option<&'static Calculator> {
        CALCULATORS.iter().find(|calculator| calculator.name == name)
    }

    /// Reads the input, works it out under a law, and gives the answer with every step.
    pub fn answer(&self, law: &Law, given: &Given) -> Result<Answer, CalcError> {
        (self.run)(law, given)
    }
}

impl std::fmt::Debug for Calculator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calculator").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads the input of a calculator, or every fault of it.
fn read<I: Inputs>(given: &Given) -> Result<I, CalcError> {
    let mut faults = Vec::new();
    match I::read(given, "", &mut faults) {
        Some(input) => Ok(input),
        None => Err(CalcError::Input(faults)),
    }
}

macro_rules! calculators {
    ($($name:literal, $topic:ident, $vi:literal / $en:literal, $module:ident::$function:ident($input:ident) -> $output:ident;)*) => {
        /// Every calculator, in the order of the portal's list.
        pub static CALCULATORS: &[Calculator] = &[$(Calculator {
            name: $name,
            topic: Topic::$topic,
            vi: $vi,
            en: $en,
            input: <super::$module::$input as Inputs>::fields,
            output: <super::$module::$output as Outcome>::fields,
            run: |law, given| {
                let input: super::$module::$input = read(given)?;
                let mut cx = Cx::new(law, Steps::default());
                let outcome = super::$module::$function(&mut cx, &input)?;
                let steps = cx.into_trace().finish();
                Ok(Answer { calculator: $name, amount: outcome.amount(), parts: outcome.parts(), steps })
            },
        },)*];
    };
}

calculators! {
    "scheme", Contributions, "Thuộc diện tham gia BHXH, BHYT, BHTN nào" / "Who is in which scheme", scheme::scheme(SchemeInput) -> SchemeOutcome;
    "contribution", Contributions, "Mức đóng BHXH, BHYT, BHTN bắt buộc" / "Compulsory contributions", contribution::contribution(ContributionInput) -> ContributionOutcome;
    "household", Contributions, "Mức đóng BHYT hộ gia đình" / "Household health insurance", household::household(HouseholdInput) -> HouseholdOutcome;
    "support", Contributions, "Mức hỗ trợ đóng BHYT" / "Support of health insurance", support::support(SupportInput) -> SupportOutcome;
    "voluntary", Contributions, "Mức đóng BHXH tự nguyện" / "Voluntary social insurance", voluntary::voluntary(VoluntaryInput) -> VoluntaryOutcome;
    "pay-deadline", Late, "Hạn đóng chậm nhất" / "Latest day of payment", pay_deadline::pay_deadline(PayDeadlineInput) -> PayDeadlineOutcome;
    "late-charge", Late, "Số tiền phải nộp thêm do chậm đóng" / "Charge on late payment", late_charge::late_charge(LateChargeInput) -> LateChargeOutcome;
    "debt-state", Late, "Trạng thái chậm đóng" / "State of a debt line", debt_state::debt_state(DebtStateInput) -> DebtStateOutcome;
    "fine", Late, "Khung xử phạt tham khảo" / "Frame of a fine", fine::fine(FineInput) -> FineOutcome;
    "article-216", Late, "Ngưỡng của Điều 216 Bộ luật Hình sự" / "Thresholds of article 216 of the Penal Code", criminal::criminal(CriminalInput) -> CriminalOutcome;
    "retirement", Pension, "Tuổi nghỉ hưu" / "Retirement age", retirement::retirement(RetirementInput) -> RetirementOutcome;
    "pension", Pension, "Lương hưu hằng tháng" / "Monthly pension", pension::pension(PensionInput) -> PensionOutcome;
    "average", Pension, "Mức bình quân tiền lương đóng BHXH" / "Average contribution base", average::average(AverageInput) -> AverageOutcome;
    "pension-adjust", Pension, "Điều chỉnh lương hưu" / "Adjusting a pension", pension_adjust::pension_adjust(PensionAdjustInput) -> PensionAdjustOutcome;
    "one-off", Pension, "BHXH một lần" / "One-off social insurance", lump::lump(LumpInput) -> LumpOutcome;
    "social-pension", Pension, "Trợ cấp hưu trí xã hội" / "Social pension", social_pension::social_pension(SocialPensionInput) -> SocialPensionOutcome;
    "allowance-23", Pension, "Trợ cấp hằng tháng khi chưa đủ tuổi hưu trí xã hội" / "Monthly allowance before social pension", allowance::allowance(AllowanceInput) -> AllowanceOutcome;
    "sickness", Benefits, "Trợ cấp ốm đau, dưỡng sức" / "Sickness and recovery", sickness::sickness(SicknessInput) -> SicknessOutcome;
    "maternity", Benefits, "Chế độ thai sản" / "Maternity", maternity::maternity(MaternityInput) -> MaternityOutcome;
    "accident", Benefits, "Trợ cấp TNLĐ, BNN" / "Work accident and occupational disease", accident::accident(AccidentInput) -> AccidentOutcome;
    "survivor", Benefits, "Trợ cấp mai táng, tuất" / "Funeral and survivors", survivor::survivor(SurvivorInput) -> SurvivorOutcome;
    "unemployment", Benefits, "Trợ cấp thất nghiệp" / "Unemployment benefit", unemployment::unemployment(UnemploymentInput) -> UnemploymentOutcome;
    "bhyt-share", Health, "Mức hưởng BHYT" / "Share paid by health insurance", bhyt_share::bhyt_share(BhytShareInput) -> BhytShareOutcome;
    "card", Health, "Ngày thẻ BHYT có giá trị" / "First day of a health insurance card", card::card(CardInput) -> CardOutcome;
    "prescription", Health, "Số ngày kê đơn, hạn nhận thuốc" / "Days of a prescription", prescription::prescription(PrescriptionInput) -> PrescriptionOutcome;
    "hospital-advance", Health, "Tạm ứng, quyết toán với cơ sở khám bệnh, chữa bệnh" / "Advance and settlement of a hospital", hospital::hospital(HospitalInput) -> HospitalOutcome;
    "deadline", Terms, "Thời hạn giải quyết hồ sơ" / "Term of a dossier", deadline::deadline(DeadlineInput) -> DeadlineOutcome;
}
