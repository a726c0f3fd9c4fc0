//! The law as dated data: loader, law at a date, calculators with trace. No input or output.
//!
//! A *parameter* is one figure of the law (reference level, contribution rate, break of 90 days) with
//! all its values over time, each with the day it came into force, its citation and how sure we are
//! of it. The folder `law/` holds one YAML file a parameter; the path is the key:
//! `law/bhxh/reference_level.yaml` is `bhxh.reference_level`.
//!
//! ```
//! let text = "
//! key: bhyt.break_days
//! description:
//!   vi: Số ngày gián đoạn làm mất tính liên tục của thẻ BHYT
//!   en: Days of break after which a card no longer counts as continuous
//! unit: days
//! values:
//!   - from: 2025-07-01
//!     value: 90
//!     reference: {law: Luật BHYT, article: Điều 16, clause: khoản 3}
//!     confidence: V
//! ";
//! let law = law::Law::load([("bhyt/break_days.yaml", text)])?;
//! let day = "2026-10-31".parse()?;
//! assert_eq!(law.at("bhyt.break_days", day, None)?, Some(&law::Value::Int(90)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The form of the files is described in `law/README.md` and checked by [`Law::load`], which reports
//! every fault of every file with line and column.
//!
//! What the law makes of a case (a contribution, a pension, a deadline) is worked out in [`calc`].
//!
//! **Invariants:** nothing here opens a file or reads a clock; the date is always an argument. A value
//! without a date, a citation or a confidence does not load. Changes are by whole days: a value holds
//! from its `from` to the day before the next one.

// Nothing near money or the law is a binary fraction.
#![deny(clippy::float_arithmetic)]

pub mod calc;
mod fault;
mod form;
mod hash;
mod load;
mod lookup;
pub mod openfisca;
mod parameter;
mod schema;
mod value;
mod yaml;

pub use fault::{Fault, LawError, LawErrors};
pub use load::Law;
pub use lookup::{LookupError, Shown};
pub use parameter::{Confidence, Dated, Description, Held, Parameter, Reference, Selector};
pub use value::{Unit, Value};
