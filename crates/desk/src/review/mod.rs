//! The claims audit (giám định BHYT): where findings about a visit become a case that a facility answers and two people decide.
//!
//! There is one case a visit, and one that follows it for findings that come after it was sent. An auditor proposes what to refuse, line by line with reason and law; the facility is told and answers; the
//! decision takes effect with the signature of a second person, and so does the answer to an appeal. Rules find, people refuse.
//!
//! **Invariants:** a case is never deleted; each change counts its version up and leaves an event; a change sent twice is made once; what is
//! proposed is never more than was asked, what is refused never more than was proposed, what is overturned never more than was refused; a
//! facility sees its own cases once they were sent to it, and of the agency neither drafts nor notes: in the SQL here, and a second time by
//! row level security in PostgreSQL.

mod board;
mod case;
mod erase;
mod facility;
mod figures;
mod file;
mod follow;
mod history;
mod line;
mod open;
mod portal;
mod propose;
mod protected;
mod queue;
mod read;
mod sample;
mod sample_draw;
mod sample_estimate;
mod sign;
mod step;
mod visit;
mod visit_figures;
mod words;
mod work;

pub(crate) use erase::erase;

pub use board::{HeldVisit, ReviewBoard};
pub use case::{PendingSignature, ReviewCase, SignedLine};
pub use facility::{FacilityReview, NewAnswer};
pub use figures::{FacilityReviewFigures, RuleReviewFigures};
pub use file::{REVIEW_FILES, ReviewFile};
pub use line::{ReviewAnswer, ReviewLine};
pub use open::{NewReview, NewReviewLine, OpenedReview};
pub use propose::{ProposedLine, ReviewNotice};
pub use protected::{NewProtectedOpening, ProtectedOpening};
pub use queue::{FacilityReviewPage, ReviewDue, ReviewOwner, ReviewPage, ReviewQuery};
pub use read::{FacilityReviewRecord, ReviewRecord};
pub use sample::{NewReviewSample, ReviewSample, SampleUnit, SampleVisit};
pub use sample_draw::draw_visits;
pub use sample_estimate::{SampleEstimate, estimate_sample};
pub use sign::{DecidedLine, SettledLine};
pub use step::{NewReviewStep, OpenReviewStep, ReviewStep};
pub use visit::{ChecklistAnswer, FacilityVisit, NewFacilityVisit};
pub use visit_figures::{ChecklistFigure, FacilityVisitFigures};
pub use words::{
    AnswerKind, AppealOutcome, CheckAnswer, FacilityVisitKind, LineDecision, ReviewFileKind, ReviewOrder, ReviewRefusal,
    ReviewState, ReviewStepKind, SampleConfidence,
};

use base::{Role, Scope, Strength};

use crate::DeskError;
use crate::sql::Sql;
use crate::text::word;

/// What stands before the code of a facility in the id of its unit.
const UNIT: &str = "kcb-";

/// The unit of a facility by its code (mã cơ sở KCB): `kcb-01001`.
pub fn facility_unit(code: &str) -> String {
    format!("{UNIT}{code}")
}

/// The code of the facility that who asks works for; none for everybody else.
pub fn facility_of(scope: &Scope) -> Option<&str> {
    let code = scope.unit.strip_prefix(UNIT).filter(|code| !code.is_empty());
    code.filter(|_| scope.role == Role::FacilityStaff)
}

/// Whether who asks is of the agency: an officer, or the program itself.
fn is_agency(scope: &Scope) -> bool {
    matches!(scope.role, Role::CityOfficer | Role::BaseOfficer | Role::System)
}

/// Adds the condition that a row of the agency's own is open to who asks: its commune lies in their area.
fn of_agency(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    if is_agency(scope) { sql.area("commune", &scope.area) } else { Ok(sql.push("1 = 0")) }
}

/// Adds the condition that a case is open to who asks: the agency's by its area, a facility's own once it was sent.
fn visible(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    match facility_of(scope) {
        Some(code) => Ok(sql.push("sent_on IS NOT NULL AND facility = ").bind(code)),
        None => of_agency(sql, scope),
    }
}

/// Code of a facility: 1 to 20 letters and digits.
fn facility_code(code: &str) -> Result<String, DeskError> {
    if code.len() > 20 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(DeskError::Invalid { field: "facility", why: "must be 1 to 20 letters and digits" });
    }
    word("facility", code)
}

fn refuse<T>(why: ReviewRefusal) -> Result<T, DeskError> {
    Err(DeskError::ReviewRefused { why })
}

/// The weight of a finding in the order of the queue: 3 where the facts alone decide, 2 where an explanation is needed, 1 for a hint.
fn rank(strength: Strength) -> i64 {
    match strength {
        Strength::Absolute => 3,
        Strength::Explain => 2,
        Strength::Warn => 1,
    }
}

fn strength_of(rank: i64) -> Result<Strength, DeskError> {
    match rank {
        3 => Ok(Strength::Absolute),
        2 => Ok(Strength::Explain),
        1 => Ok(Strength::Warn),
        _ => Err(DeskError::damaged("review_case", "strength")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_is_known_by_role_and_unit_together() {
        let staff = Scope { role: Role::FacilityStaff, unit: facility_unit("01001"), ..Scope::system() };
        assert_eq!(facility_of(&staff), Some("01001"));
        assert_eq!(facility_of(&Scope { role: Role::CityOfficer, ..staff.clone() }), None);
        assert_eq!(facility_of(&Scope { unit: "kcb-".into(), ..staff.clone() }), None);
        assert_eq!(facility_of(&Scope { unit: "nha-thuoc-1".into(), ..staff }), None);
    }

    #[test]
    fn codes_of_facilities_hold_no_personal_number() {
        assert_eq!(facility_code("01001").unwrap(), "01001");
        for bad in ["", "01 001", "001190012345", "kcb-01001"] {
            assert!(facility_code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ranks_go_both_ways() {
        for strength in [Strength::Absolute, Strength::Explain, Strength::Warn] {
            assert_eq!(strength_of(rank(strength)).unwrap(), strength);
        }
        assert!(strength_of(0).is_err());
    }
}
