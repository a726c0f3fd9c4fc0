//! Personal data (Law 91/2025/QH15): under which agreements it came.

mod agreement;

pub use agreement::{DataAgreement, NewAgreement, ReceiverRole, Term};
