//! Literate rules: one Markdown file is the manual page, the SQL and the test cases of one rule.
//!
//! [`Rules::load`] reads the files and refuses everything that can be refused without running: more
//! than a `SELECT`, tables and law keys that are not declared, figures written into the SQL. [`run_rule`]
//! runs one rule over the tables of a session and gives findings; [`states`] says which of them are new.
//! [`prove`] runs the cases of every rule and forces its conditions, so that a rule whose cases do not
//! really test it is refused.
//!
//! The form of the files is described in `docs/adding-a-rule.md`, the tables in `formats/tables`.
//!
//! **Invariants:** a rule reads only the tables it declares; it finds and explains, it never decides. A
//! table that did not arrive makes it "not evaluated", which resolves nothing. The same tables, law and
//! run values give the same findings in the same order.

mod automation;
mod carried;
mod case;
mod condition;
mod declared;
mod error;
mod front;
mod given;
mod markdown;
mod page;
mod prove;
mod query;
mod row;
mod rule;
mod run;
mod schema;
mod state;
mod vocabulary;
mod walk;
mod yaml;

pub use automation::AutomationRisk;
pub use case::{Case, Cell, GivenRow};
pub use error::{Problem, RuleError, RunError};
pub use front::{Bilingual, Parameter, ParameterValue, Shape, Validity, Work};
pub use markdown::html as markdown_html;
pub use page::{CaseView, RulePage, SectionView, TableView};
pub use prove::{Failure, TestReport, prove};
pub use row::{RowChecks, RowFinding, RowReport};
pub use rule::{Rule, Rules, Section, SectionKey};
pub use run::{Outcome, RunValues, run_rule};
pub use schema::{Column, ColumnType, DataClass, TableSchema, TableSchemas};
pub use state::{Known, Standing, states};
