//! The parts pages are made of. Each one takes plain words and gives [`SafeHtml`](crate::SafeHtml).

mod button;
mod card;
mod compare;
mod filter;
mod form;
mod icon;
mod layout;
mod list;
mod note;
mod status;
mod table;
mod timeline;

pub use button::{Button, ButtonKind, Link};
pub use card::{Figure, FigureStrip, NumberCard, TargetLine};
pub use compare::{CompareRow, Comparison, mark_difference};
pub(crate) use filter::link_list;
pub use filter::{Chip, FilterBar, Pager};
pub use form::{Choice, Control, ErrorSummary, Field, Form};
pub use icon::{Icon, icon};
pub use layout::{Columns, Panel, Tab, columns, heading, paragraph, segments, tabs};
pub use list::{MasterItem, TaskItem, definition_list, master_list, task_list};
pub use note::{NoteKind, audit_note, empty_state, note, progress};
pub use status::{Status, StatusKind};
pub use table::{Align, Cell, Column, Pick, Row, Sort, SortState, Table};
pub use timeline::{Mark, Moment, timeline};
