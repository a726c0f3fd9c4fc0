//! What can be wrong with a rule file, a table contract or a run.

use base::Explain;

/// One fault of a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct RuleError {
    /// The file, relative to its content folder.
    pub file: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// Column in the line, from 1.
    pub column: u64,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong at that place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Problem {
    /// The file has no front matter between two lines of `---`.
    #[error("the file must begin with front matter between two lines of ---")]
    NoFrontMatter,
    /// YAML that cannot be read, an unknown key, a missing key, a value of the wrong kind.
    #[error("{0}")]
    Yaml(String),
    /// A part of the page that is missing, empty or there twice.
    #[error("{0}")]
    Page(String),
    /// A front matter entry that contradicts the file, the tables or the law.
    #[error("{0}")]
    Declared(String),
    /// SQL that a rule may not hold.
    #[error("{0}")]
    Sql(String),
    /// A figure or a day written into the SQL.
    #[error("`{0}` is a figure: take it from law(), from a run value or from a declared parameter")]
    Figure(String),
    /// A case that does not fit the tables or the rule.
    #[error("{0}")]
    Case(String),
    /// A table contract that contradicts itself.
    #[error("{0}")]
    Contract(String),
    /// A shape that this program cannot run.
    #[error("shape `{0}` is not supported yet; `query` and `row` are")]
    Shape(&'static str),
}

impl Explain for RuleError {
    fn code(&self) -> &'static str {
        match self.problem {
            Problem::NoFrontMatter => "rule_front_matter",
            Problem::Yaml(_) => "rule_yaml",
            Problem::Page(_) => "rule_page",
            Problem::Declared(_) => "rule_declared",
            Problem::Sql(_) => "rule_sql",
            Problem::Figure(_) => "rule_figure",
            Problem::Case(_) => "rule_case",
            Problem::Contract(_) => "table_contract",
            Problem::Shape(_) => "rule_shape",
        }
    }

    fn what(&self) -> String {
        self.problem.to_string()
    }

    fn place(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }

    fn remedy(&self) -> String {
        match self.problem {
            Problem::NoFrontMatter => "Bắt đầu tệp bằng phần khai báo giữa hai dòng `---` (docs/adding-a-rule.md).",
            Problem::Yaml(_) => "Sửa phần YAML tại dòng này; các khóa được phép nằm trong docs/adding-a-rule.md.",
            Problem::Page(_) => "Bổ sung hoặc sửa mục còn thiếu của trang quy tắc (docs/adding-a-rule.md).",
            Problem::Declared(_) => "Sửa phần khai báo cho khớp với nội dung quy tắc, bảng dữ liệu và tham số pháp luật.",
            Problem::Sql(_) => "Sửa câu SQL: chỉ một câu SELECT trên các bảng đã khai báo, với các hàm được phép.",
            Problem::Figure(_) => {
                "Thay bằng law('khóa', ngày), $period_start, $period_end, $as_of hoặc một tham số có nêu lý do."
            }
            Problem::Case(_) => "Sửa tình huống kiểm thử cho khớp với bảng dữ liệu và kết quả của quy tắc.",
            Problem::Contract(_) => "Sửa hợp đồng bảng trong formats/tables.",
            Problem::Shape(_) => "Viết quy tắc dưới dạng `shape: query`.",
        }
        .to_owned()
    }
}

/// Why a rule could not be run. It never means that nothing was found.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The query failed.
    #[error("rule {rule}: {source}")]
    Query {
        /// The rule.
        rule: String,
        /// What the engine says.
        source: engine::EngineError,
    },
    /// A result column is missing or has a type that has no canonical text.
    #[error("rule {rule}: result column `{column}` {detail}")]
    Column {
        /// The rule.
        rule: String,
        /// The column.
        column: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A row without subject or without a key value would have no stable name.
    #[error("rule {rule}: column `{column}` is NULL in {rows} row(s), but it names the finding")]
    NullKey {
        /// The rule.
        rule: String,
        /// The column.
        column: String,
        /// How many rows.
        rows: usize,
    },
    /// Two rows share one key, so that one of them would be lost.
    #[error("rule {rule}: {rows} row(s) repeat the key ({columns}) of another row")]
    DuplicateKey {
        /// The rule.
        rule: String,
        /// The columns that make the key.
        columns: String,
        /// How many rows too many.
        rows: usize,
    },
}

impl Explain for RunError {
    fn code(&self) -> &'static str {
        match self {
            Self::Query { .. } => "rule_query",
            Self::Column { .. } => "rule_result_column",
            Self::NullKey { .. } => "rule_null_key",
            Self::DuplicateKey { .. } => "rule_duplicate_key",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Query { rule, .. }
            | Self::Column { rule, .. }
            | Self::NullKey { rule, .. }
            | Self::DuplicateKey { rule, .. } => rule.clone(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Query { source, .. } => source.remedy(),
            Self::Column { .. } => "Sửa cột kết quả trong câu SQL: chữ, số nguyên, số thập phân, ngày hoặc đúng/sai.".into(),
            Self::NullKey { .. } => "Dùng coalesce() hoặc thêm điều kiện IS NOT NULL cho cột này trong câu SQL.".into(),
            Self::DuplicateKey { .. } => "Gộp các dòng trùng trong câu SQL, hoặc khai báo thêm cột phân biệt trong `key`.".into(),
        }
    }
}

/// A place in the text of one file, to which faults are pinned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub file: &'a str,
    /// Lines of the file that stand before the part being read.
    pub lines_before: u64,
}

impl Place<'_> {
    /// A fault at a line and column of the part; a line or column of 0 is taken as the first.
    pub(crate) fn error(&self, line: u64, column: u64, problem: Problem) -> RuleError {
        RuleError { file: self.file.to_owned(), line: self.lines_before + line.max(1), column: column.max(1), problem }
    }
}
