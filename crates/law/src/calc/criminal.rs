//! Thresholds of article 216 of the Penal Code, as a screen for a file to look at (sàng lọc hồ sơ, không phải kết luận).
//!
//! Bộ luật Hình sự Điều 216; Nghị quyết 05/2019/NQ-HĐTP. Only an officer decides whether a file goes further.

use base::{Date, Dong};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Clause whose thresholds are reached.
    pub enum Clause {
        None = "none", "Chưa đạt ngưỡng" / "Below the thresholds";
        K1 = "k1", "Khoản 1" / "Clause 1";
        K2 = "k2", "Khoản 2" / "Clause 2";
        K3 = "k3", "Khoản 3" / "Clause 3";
    }
}

inputs! {
    /// Input of [`criminal`].
    pub struct CriminalInput {
        on: Date, "Ngày xem xét" / "Day looked at";
        amount: Dong, "Số tiền có dấu hiệu trốn đóng" / "Amount with signs of evasion";
        workers: i32, "Số người lao động" / "Workers";
        months: i32, "Số tháng" / "Months";
        fined_before: bool, "Đã bị xử phạt hành chính về hành vi này" / "Fined before for the same act";
    }
}

outcome! {
    /// What the screen says.
    pub struct CriminalOutcome {
        flagged: bool, "Cần người có thẩm quyền xem xét" / "To be looked at by the competent person";
        clause: Clause, "Ngưỡng cao nhất đạt tới" / "Highest threshold reached";
        by_amount: bool, "Đạt ngưỡng về số tiền" / "Reached by amount";
        by_workers: bool, "Đạt ngưỡng về số người" / "Reached by workers";
    }
}

/// Which thresholds are reached. Without six months or an earlier fine nothing is flagged.
pub fn criminal<T: Trace>(cx: &mut Cx<'_, T>, input: &CriminalInput) -> Result<CriminalOutcome, CalcError> {
    let mut clause = Clause::None;
    let (mut by_amount, mut by_workers) = (false, false);
    for candidate in [Clause::K1, Clause::K2, Clause::K3] {
        let word = Some(candidate.code());
        let amount = input.amount >= cx.dong("criminal.art216.amount", input.on, word)?;
        let workers = input.workers >= cx.int("criminal.art216.workers", input.on, word)?;
        if amount || workers {
            (clause, by_amount, by_workers) = (candidate, amount, workers);
        }
    }
    let months = cx.int("criminal.art216.min_months", input.on, None)?;
    let needs_fine = cx.flag("criminal.art216.needs_fine", input.on)?;
    let flagged = clause != Clause::None && input.months >= months && (input.fined_before || !needs_fine);
    cx.step(
        "Cần người có thẩm quyền xem xét",
        "To be looked at by the competent person",
        flagged,
        how![
            clause,
            (input.months),
            ("tháng, cần từ" / "months, needed from"),
            months,
            ("; đã bị xử phạt:" / "; fined before:"),
            (input.fined_before),
        ],
    );
    Ok(CriminalOutcome { flagged, clause: if flagged { clause } else { Clause::None }, by_amount, by_workers })
}
