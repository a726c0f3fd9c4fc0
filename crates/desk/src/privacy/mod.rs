//! Personal data (Law 91/2025/QH15): under which agreements it came, what people ask about it, who looked at it, what was breached.

mod about;
mod agreement;
mod breach;
mod held;
mod look;
mod reach;
mod request;
mod request_case;
mod restriction;
mod retain;

use base::{Area, Scope};

use crate::DeskError;
use crate::access::{Permission, require};

pub(crate) use restriction::{RESTRICTED_CASES, is_restricted};

pub use agreement::{DataAgreement, NewAgreement, ReceiverRole, Term};
pub use breach::{Breach, NewBreach};
pub use held::Held;
pub use look::{ListLooks, Look, WhoLooked};
pub use reach::{Reach, ReachedRows, Reader};
pub use request::{NewRequest, RequestEvent, RequestKind, RequestState, RequestStep, SubjectRequest};
pub use request_case::RequestCase;
pub use restriction::Restriction;
pub use retain::{CaseErasure, Erasure, RequestErasure};

/// Who answers people about their data does so for the whole city: the log is not cut by area then, nor by whose cases are open to whom.
pub(crate) fn answers(scope: &Scope) -> Result<(), DeskError> {
    require(scope, Permission::AnswerRequests)?;
    if scope.area == Area::City { Ok(()) } else { Err(DeskError::Forbidden { permission: Permission::AnswerRequests }) }
}
