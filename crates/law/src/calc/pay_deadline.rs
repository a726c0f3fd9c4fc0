//! The latest day of payment (hạn đóng chậm nhất). Luật BHXH Điều 33, 34, 36; Luật BHYT Điều 15; Luật Việc làm Điều 33.

use base::{Date, Month};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Who pays.
    pub enum Payer {
        Employer = "employer", "Người sử dụng lao động" / "Employer";
        Owner = "owner", "Chủ hộ kinh doanh, người quản lý không hưởng tiền lương" / "Business-household owner, unpaid manager";
        Abroad = "abroad", "Người đi làm việc ở nước ngoài" / "Worker abroad";
        VoluntaryThree = "voluntary_three", "BHXH tự nguyện đóng 03 tháng một lần" / "Voluntary BHXH, every three months";
        VoluntarySix = "voluntary_six", "BHXH tự nguyện đóng 06 tháng một lần" / "Voluntary BHXH, every six months";
        VoluntaryTwelve = "voluntary_twelve", "BHXH tự nguyện đóng 12 tháng một lần" / "Voluntary BHXH, every twelve months";
        VoluntaryMonth = "voluntary_month", "BHXH tự nguyện đóng hằng tháng" / "Voluntary BHXH, monthly";
    }
}

inputs! {
    /// Input of [`pay_deadline`].
    pub struct PayDeadlineInput {
        payer: Payer = Payer::Employer, "Bên đóng" / "Payer";
        month: Month, "Tháng; tháng cuối của chu kỳ đóng; với BHXH tự nguyện là tháng đầu của kỳ" / "Month; last month of a cycle; for voluntary BHXH its first month";
    }
}

outcome! {
    /// The latest day.
    pub struct PayDeadlineOutcome {
        deadline: Date, "Hạn đóng chậm nhất" / "Latest day of payment";
    }
}

/// The last day of the month that the law names. A day off does not move it: no rule says so.
pub fn pay_deadline<T: Trace>(cx: &mut Cx<'_, T>, input: &PayDeadlineInput) -> Result<PayDeadlineOutcome, CalcError> {
    let after = match input.payer {
        Payer::VoluntaryThree | Payer::VoluntarySix | Payer::VoluntaryTwelve => {
            cx.int("payment.voluntary_within_months", input.month.last_day(), Some(input.payer.code()))? - 1
        }
        _ => cx.int("payment.months_after", input.month.last_day(), Some(input.payer.code()))?,
    };
    let deadline = input.month.plus(after).last_day();
    cx.step(
        "Hạn đóng chậm nhất",
        "Latest day of payment",
        deadline,
        how![("ngày cuối của tháng" / "last day of"), (input.month), "+", after, ("tháng" / "months"),],
    );
    Ok(PayDeadlineOutcome { deadline })
}
