//! Sheets of a facility: summary 01/BH of a month by form of care, and the part of settlement 06/BH that claims and decisions know.

use std::collections::BTreeMap;

use base::{Dong, Month};
use documents::sheet::Cell;
use web::Locale;

use super::form::{PaperForm, Values};
use super::sum;

/// Visits of one form of care, of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfCareForm {
    /// Its code and meaning, as it is printed.
    pub(crate) name: String,
    /// Visits.
    pub(crate) visits: i64,
    /// Days of inpatient stays.
    pub(crate) days: i64,
    /// Cost in scope (`T_TONGCHI_BH`).
    pub(crate) total_bh: Dong,
    /// Asked from the fund (`T_BHTT`).
    pub(crate) fund: Dong,
    /// What the others pay; none where a visit of the form does not tell it.
    pub(crate) beside: Option<Beside>,
}

/// What is paid beside the fund, and the whole it is a part of. Decision 130: the whole is the fund, the co-payment, the patient and other sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Whole cost (`T_TONGCHI_BV`).
    pub(crate) total: Dong,
    /// Co-payment (`T_BNCCT`).
    pub(crate) copay: Dong,
    /// Paid by the patient out of scope (`T_BNTT`).
    pub(crate) patient: Dong,
    /// Paid by other sources (`T_NGUONKHAC`).
    pub(crate) other: Dong,
    /// The whole without the four parts, worked out before anything is rounded; zero where the claims add up.
    pub(crate) differs: Dong,
}

impl Beside {
    /// The sum; none where one part is not told, since a sum of some would read like that of all.
    fn sum(parts: &[OfCareForm]) -> Option<Self> {
        let parts: Vec<Self> = parts.iter().map(|part| part.beside).collect::<Option<_>>()?;
        let of = |amount: fn(&Self) -> Dong| sum(parts.iter().map(amount));
        Some(Self {
            total: of(|part| part.total),
            copay: of(|part| part.copay),
            patient: of(|part| part.patient),
            other: of(|part| part.other),
            differs: of(|part| part.differs),
        })
    }
}

/// A month as claims and decisions know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MonthSums {
    /// The month.
    pub(crate) month: Month,
    /// Visits and what they ask from the fund; none where the book has nothing of the month.
    pub(crate) asked: Option<(i64, Dong)>,
    /// Refused by decisions in force, without what was taken back.
    pub(crate) refused: Dong,
    /// In cases and not decided: opened, proposed, sent or answered.
    pub(crate) pending: Dong,
    /// Refused by the national system, without what cases here hold of the same visits.
    pub(crate) national: Dong,
}

impl MonthSums {
    /// Asked, without what is refused here or by the national system, or not decided: the four parts are what is asked.
    pub(crate) fn accepted(&self) -> Option<Dong> {
        self.asked.map(|(_, asked)| asked - self.refused - self.pending - self.national)
    }
}

/// The rows of form 01/BH, the sum last.
pub(crate) fn summary_rows(form: &PaperForm, vi: Locale, parts: &[OfCareForm]) -> Vec<Vec<Cell>> {
    let row = |number: Cell, part: &OfCareForm| -> Values {
        let beside = |amount: fn(Beside) -> Dong| Cell::from(part.beside.map(|beside| amount(beside).get()));
        BTreeMap::from([
            ("number", number),
            ("care_form", Cell::from(part.name.as_str())),
            ("visits", Cell::from(part.visits)),
            ("days", Cell::from(part.days)),
            ("total_bh", Cell::from(part.total_bh.get())),
            ("fund", Cell::from(part.fund.get())),
            ("rest", Cell::from((part.total_bh - part.fund).get())),
            ("total_bv", beside(|beside| beside.total)),
            ("copay", beside(|beside| beside.copay)),
            ("patient", beside(|beside| beside.patient)),
            ("other", beside(|beside| beside.other)),
            ("differs", beside(|beside| beside.differs)),
        ])
    };
    let mut rows: Vec<Vec<Cell>> = (1_i64..).zip(parts).map(|(at, part)| form.row(&row(Cell::from(at), part))).collect();
    let all = OfCareForm {
        name: vi.t("claims-lines-sum"),
        visits: parts.iter().map(|part| part.visits).sum(),
        days: parts.iter().map(|part| part.days).sum(),
        total_bh: sum(parts.iter().map(|part| part.total_bh)),
        fund: sum(parts.iter().map(|part| part.fund)),
        beside: Beside::sum(parts),
    };
    rows.push(form.row(&row(Cell::Empty, &all)));
    rows
}

/// The rows of form 06/BH, the sum last; of a month that the book does not have no amount is said, and then the sum has none either.
pub(crate) fn settlement_rows(form: &PaperForm, vi: Locale, months: &[MonthSums]) -> Vec<Vec<Cell>> {
    let row = |number: Cell, name: String, sums: &MonthSums| -> Values {
        BTreeMap::from([
            ("number", number),
            ("month", Cell::from(name)),
            ("visits", Cell::from(sums.asked.map(|(visits, _)| visits))),
            ("asked", Cell::from(sums.asked.map(|(_, asked)| asked.get()))),
            ("refused", Cell::from(sums.refused.get())),
            ("pending", Cell::from(sums.pending.get())),
            ("national", Cell::from(sums.asked.map(|_| sums.national.get()))),
            ("accepted", Cell::from(sums.accepted().map(Dong::get))),
        ])
    };
    let each = (1_i64..).zip(months).map(|(at, sums)| form.row(&row(Cell::from(at), vi.month(sums.month), sums)));
    let mut rows: Vec<Vec<Cell>> = each.collect();
    if let Some(last) = months.last() {
        let asked: Option<Vec<(i64, Dong)>> = months.iter().map(|sums| sums.asked).collect();
        let all = MonthSums {
            month: last.month,
            asked: asked.map(|all| (all.iter().map(|(visits, _)| visits).sum(), sum(all.iter().map(|(_, asked)| *asked)))),
            refused: sum(months.iter().map(|sums| sums.refused)),
            pending: sum(months.iter().map(|sums| sums.pending)),
            national: sum(months.iter().map(|sums| sums.national)),
        };
        rows.push(form.row(&row(Cell::Empty, vi.t("claims-lines-sum"), &all)));
    }
    rows
}
