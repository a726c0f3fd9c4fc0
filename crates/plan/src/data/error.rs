//! What is wrong with a plan as data, with line and column.

use std::fmt;

use base::Explain;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDataError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for PlanDataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.what)
    }
}

/// All faults of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDataErrors(pub Vec<PlanDataError>);

impl fmt::Display for PlanDataErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PlanDataErrors {}

impl Explain for PlanDataErrors {
    fn code(&self) -> &'static str {
        "plan_data"
    }

    fn place(&self) -> String {
        self.0.first().map(|first| format!("{}, dòng {}, cột {}", first.file, first.line, first.column)).unwrap_or_default()
    }

    fn remedy(&self) -> String {
        "Sửa tệp theo plan/README.md rồi chạy lại.".to_owned()
    }
}
