//! Why a calculator gives no answer.

use std::fmt;

use base::{Date, DongError, Explain};

use super::input::Kind;
use crate::LookupError;

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFault {
    /// The field, as `payments.0.amount`.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// The kinds of wrong input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Must be given and is not.
    Missing,
    /// No such field; the one spelled most like it.
    Unknown {
        /// The known field spelled most like it.
        nearest: Option<String>,
    },
    /// Not a value of its kind.
    NotA(Kind),
    /// A text or list where fields belong.
    Fields,
    /// Right in form, but not together with the other fields or the law.
    Rule {
        /// Vietnamese.
        vi: String,
        /// English.
        en: String,
    },
}

impl InputFault {
    /// The sentence in Vietnamese, with the field in front.
    pub fn vi(&self) -> String {
        let path = &self.path;
        match &self.problem {
            Problem::Missing => format!("`{path}`: chưa nhập"),
            Problem::Unknown { nearest: Some(nearest) } => format!("`{path}`: không có trường này; có phải `{nearest}`?"),
            Problem::Unknown { nearest: None } => format!("`{path}`: không có trường này"),
            Problem::NotA(kind) => format!("`{path}`: cần {}", kind.example_vi()),
            Problem::Fields => format!("`{path}`: cần các trường có tên"),
            Problem::Rule { vi, .. } => format!("`{path}`: {vi}"),
        }
    }

    /// The sentence in English, with the field in front.
    pub fn en(&self) -> String {
        let path = &self.path;
        match &self.problem {
            Problem::Missing => format!("`{path}` is missing"),
            Problem::Unknown { nearest: Some(nearest) } => format!("`{path}` is not a field; did you mean `{nearest}`?"),
            Problem::Unknown { nearest: None } => format!("`{path}` is not a field"),
            Problem::NotA(kind) => format!("`{path}` must be {}", kind.example_en()),
            Problem::Fields => format!("`{path}` must be fields with names"),
            Problem::Rule { en, .. } => format!("`{path}`: {en}"),
        }
    }
}

impl Kind {
    /// A word for the value in the help of a command.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Dong => "ĐỒNG",
            Self::Rate => "TỶ_LỆ",
            Self::Date => "NGÀY",
            Self::Month => "THÁNG",
            Self::Count => "SỐ",
            Self::Flag => "CÓ_KHÔNG",
            Self::Choice(_) => "MÃ",
            Self::List(_) => "DANH_SÁCH",
        }
    }

    /// What a value looks like, in Vietnamese.
    pub fn example_vi(&self) -> String {
        match self {
            Self::Dong => "số tiền nguyên đồng, ví dụ 15.000.000".into(),
            Self::Rate => "tỷ lệ, ví dụ 0.045 hoặc 4,5%".into(),
            Self::Date => "ngày, ví dụ 05/08/2026 hoặc 2026-08-05".into(),
            Self::Month => "tháng, ví dụ 08/2026 hoặc 2026-08".into(),
            Self::Count => "số nguyên không âm".into(),
            Self::Flag => "có hoặc không".into(),
            Self::Choice(choices) => format!("một trong: {}", codes(choices)),
            Self::List(_) => "danh sách các dòng".into(),
        }
    }

    /// What a value looks like, in English.
    pub fn example_en(&self) -> String {
        match self {
            Self::Dong => "an amount in whole đồng, e.g. 15000000".into(),
            Self::Rate => "a rate, e.g. 0.045 or 4.5%".into(),
            Self::Date => "a day, e.g. 2026-08-05 or 05/08/2026".into(),
            Self::Month => "a month, e.g. 2026-08 or 08/2026".into(),
            Self::Count => "a whole number that is not negative".into(),
            Self::Flag => "true or false".into(),
            Self::Choice(choices) => format!("one of {}", codes(choices)),
            Self::List(_) => "a list of rows".into(),
        }
    }
}

fn codes(choices: &[super::Choice]) -> String {
    choices.iter().map(|choice| choice.code).collect::<Vec<_>>().join(", ")
}

/// Why a calculator gives no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalcError {
    /// The input is wrong: every fault of it.
    Input(Vec<InputFault>),
    /// The law has no answer for the day: not yet in force, or no such parameter.
    Law(LookupError),
    /// The law knows the word no longer, or not yet, on that day.
    NotInForce {
        /// The parameter.
        key: String,
        /// Its selector word.
        selector: Option<String>,
        /// The day asked for.
        on: Date,
    },
    /// A parameter holds another kind of value than the calculator needs: the file in `law/` was changed.
    WrongUnit {
        /// The parameter.
        key: String,
    },
    /// An amount does not fit.
    Money,
}

impl CalcError {
    /// A rule between fields that was broken.
    pub(crate) fn rule(path: &str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Input(vec![InputFault { path: path.to_owned(), problem: Problem::Rule { vi: vi.into(), en: en.into() } }])
    }

    /// The sentences for a Vietnamese reader, one a line.
    pub fn vi(&self) -> String {
        match self {
            Self::Input(faults) => faults.iter().map(InputFault::vi).collect::<Vec<_>>().join("\n"),
            Self::Law(LookupError::NotYetInForce { key, date, first }) => {
                format!("`{key}` chưa có giá trị vào ngày {date}; giá trị đầu tiên từ ngày {first}")
            }
            Self::Law(error) => error.to_string(),
            Self::NotInForce { key, selector, on } => match selector {
                Some(word) => format!("`{key}` không áp dụng cho `{word}` vào ngày {on}"),
                None => format!("`{key}` không còn áp dụng vào ngày {on}"),
            },
            Self::WrongUnit { key } => format!("tham số `{key}` có đơn vị khác với đơn vị cần để tính"),
            Self::Money => "số tiền quá lớn".into(),
        }
    }
}

impl fmt::Display for CalcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(faults) => f.write_str(&faults.iter().map(InputFault::en).collect::<Vec<_>>().join("; ")),
            Self::Law(error) => error.fmt(f),
            Self::NotInForce { key, selector: Some(word), on } => write!(f, "`{key}` has nothing for `{word}` on {on}"),
            Self::NotInForce { key, selector: None, on } => write!(f, "`{key}` is abolished on {on}"),
            Self::WrongUnit { key } => write!(f, "the parameter `{key}` has another unit than the calculator needs"),
            Self::Money => f.write_str("the amount does not fit"),
        }
    }
}

impl std::error::Error for CalcError {}

impl From<LookupError> for CalcError {
    fn from(error: LookupError) -> Self {
        Self::Law(error)
    }
}

impl From<DongError> for CalcError {
    fn from(_: DongError) -> Self {
        Self::Money
    }
}

impl Explain for CalcError {
    fn code(&self) -> &'static str {
        match self {
            Self::Input(_) => "calc_input",
            Self::Law(error) => error.code(),
            Self::NotInForce { .. } => "calc_not_in_force",
            Self::WrongUnit { .. } => "calc_wrong_unit",
            Self::Money => "calc_amount",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Input(faults) => faults.first().map(|fault| fault.path.clone()).unwrap_or_default(),
            Self::Law(error) => error.place(),
            Self::NotInForce { key, .. } | Self::WrongUnit { key } => key.clone(),
            Self::Money => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Input(_) => "Xem các trường cần nhập: ansinh law calc TÊN --describe".into(),
            Self::Law(error) => error.remedy(),
            Self::NotInForce { .. } => "Kiểm tra ngày và đối tượng, hoặc bổ sung giá trị kèm căn cứ trong thư mục law/.".into(),
            Self::WrongUnit { .. } => "Sửa lại đơn vị của tham số trong thư mục law/.".into(),
            Self::Money => "Kiểm tra số tiền đã nhập.".into(),
        }
    }

    fn public_text(&self) -> String {
        self.vi()
    }
}
