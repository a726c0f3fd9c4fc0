//! What a chapter gives the binary: monthly steps, pages, menu entries; and what it gets: [`App`].
//!
//! A chapter is one room per section of the plan. Chapters never import one another; what one needs of
//! another goes through tables of the book.

mod address;
mod app;
mod asked;
mod error;
mod guard;
mod monthly;
mod order;
mod people;
mod plan_letter;
mod receive;
mod returned;
mod route;
mod shelf;
mod small_sheet;
mod sought;
mod table;
mod take_in;

pub use address::{encode, typed_day};
pub use app::{App, Audited, Clock, Entry, LocalRole, ProtectionOfficer, Setup, day_in_hanoi};
pub use asked::{Asked, SAME_TIME};
pub use error::{ChapterError, PageError};
pub use guard::{
    ACCOUNT, ClientAddress, LANGUAGE_COOKIE, NoData, PASSWORD, ROLE_COOKIE, SECOND_FACTOR, SIGN_IN, SIGN_OUT, Shown,
    THEME_COOKIE, Viewer, guard_pages,
};
pub use monthly::{Cancelled, Inputs, Progress, RunOptions, Step, StepContext, StepTable, StepWriter, run_steps};
pub use order::sort_steps;
pub use people::{Named, named};
pub use plan_letter::{PlanLetter, keep_plan_letter};
pub use receive::{
    AgreementFault, Agreements, Handed, Meaning, ReceiveError, Received, Receiver, Standing, check_agreement, chunk_batch,
    layout_schema,
};
pub use returned::{Faults, Returned, TypedForm, sent_back, typed};
pub use route::{Needs, Route, RouteList};
pub use shelf::{LayoutShelf, ShelfError};
pub use small_sheet::{SmallRow, SmallSheet, reject_row, reject_why};
pub use sought::{FromAddress, Searched, Sought, search};
pub use table::TableBuilder;
pub use take_in::stored_event;
