//! The one input schema of a calculator: it serves cases, command line, JSON, forms and the assistant.

use base::{Date, Dong, Month, Rate};

use super::fault::{InputFault, Problem};
use super::given::Given;
use crate::lookup;

/// A word of a list of choices, with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word in files, flags and JSON.
    pub code: &'static str,
    /// Vietnamese name.
    pub vi: &'static str,
    /// English name.
    pub en: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Whole đồng.
    Dong,
    /// An exact rate, `0.045` or `4,5%`.
    Rate,
    /// A day.
    Date,
    /// A month.
    Month,
    /// A whole number that is not negative.
    Count,
    /// Yes or no.
    Flag,
    /// One of these words.
    Choice(&'static [Choice]),
    /// Rows of fields.
    List(Vec<Field>),
}

/// One field of an input or of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name in files, flags and JSON.
    pub name: &'static str,
    /// Vietnamese label.
    pub vi: &'static str,
    /// English label.
    pub en: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// What is taken when it is not given, as text.
    pub default: Option<String>,
}

/// A Rust type that a field can have.
pub trait FieldType: Sized {
    /// What the field holds.
    fn kind() -> Kind;
    /// The value in a text or list that was given; notes a fault and gives nothing when there is none.
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self>;
    /// The value when nothing was given; nothing when something must be.
    fn absent() -> Option<Self> {
        None
    }
    /// The value as it would be written.
    fn written(&self) -> String;
}

/// A set of fields that a calculator takes.
pub trait Inputs: Sized {
    /// The fields in their order.
    fn fields() -> Vec<Field>;
    /// Reads them, noting every fault; `None` exactly when there was one.
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self>;
}

/// One field out of a map; used by the [`inputs`] macro.
pub(crate) fn read_field<T: FieldType>(
    given: &Given,
    path: &str,
    name: &str,
    default: Option<T>,
    faults: &mut Vec<InputFault>,
) -> Option<T> {
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let own = given.field(name);
    if !own.is_nothing() {
        return T::read(own, &path, faults);
    }
    let value = default.or_else(T::absent);
    if value.is_none() {
        faults.push(InputFault { path, problem: Problem::Missing });
    }
    value
}

/// Notes every field that the schema does not know; used by the [`inputs`] macro.
pub(crate) fn note_unknown(given: &Given, path: &str, known: &[&str], faults: &mut Vec<InputFault>) {
    let Given::Map(fields) = given else {
        faults.push(InputFault { path: path.to_owned(), problem: Problem::Fields });
        return;
    };
    for (name, _) in fields.iter().filter(|(name, value)| !known.contains(&name.as_str()) && !value.is_nothing()) {
        let nearest = lookup::nearest(name, known.iter().copied());
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        faults.push(InputFault { path, problem: Problem::Unknown { nearest } });
    }
}

/// The text of a scalar; notes a list or fields.
pub(crate) fn scalar<'a>(given: &'a Given, path: &str, kind: &Kind, faults: &mut Vec<InputFault>) -> Option<&'a str> {
    match given {
        Given::Text(text) => Some(text.trim()),
        _ => {
            faults.push(InputFault { path: path.to_owned(), problem: Problem::NotA(kind.clone()) });
            None
        }
    }
}

/// Reads a scalar by a function of its text.
fn by_text<T: FieldType>(given: &Given, path: &str, faults: &mut Vec<InputFault>, of: fn(&str) -> Option<T>) -> Option<T> {
    let value = of(scalar(given, path, &T::kind(), faults)?);
    if value.is_none() {
        faults.push(InputFault { path: path.to_owned(), problem: Problem::NotA(T::kind()) });
    }
    value
}

impl FieldType for Dong {
    fn kind() -> Kind {
        Kind::Dong
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        by_text(given, path, faults, |text| whole(text).filter(|n| *n <= MOST_DONG).map(Dong::new))
    }
    fn written(&self) -> String {
        self.get().to_string()
    }
}

/// A million billion đồng: more is a slip of the keyboard, and sums of a thousand of them still fit.
const MOST_DONG: i64 = 1_000_000_000_000_000;

impl FieldType for Rate {
    fn kind() -> Kind {
        Kind::Rate
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        by_text(given, path, faults, |text| {
            let (number, percent) = text.strip_suffix('%').map_or((text, false), |number| (number.trim(), true));
            let rate: Rate = number.replace(',', ".").parse().ok()?;
            let (mantissa, scale) = rate.parts();
            let rate = if percent { Rate::from_parts(mantissa, scale + 2).to_string().parse().ok()? } else { rate };
            (mantissa >= 0 && rate.hundred_millionths() < 10i128.pow(13)).then_some(rate)
        })
    }
    fn written(&self) -> String {
        self.to_string()
    }
}

impl FieldType for Date {
    fn kind() -> Kind {
        Kind::Date
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        by_text(given, path, faults, |text| {
            let parts: Vec<i32> = text.split('/').map(|part| part.parse().ok()).collect::<Option<_>>().unwrap_or_default();
            let date = match parts.as_slice() {
                [day, month, year] => Date::new(*year, *month, *day).ok(),
                _ => text.parse().ok(),
            };
            // Far enough for every birth and every term, near enough that no sum of months can leave the calendar.
            date.filter(|d| (1900..=2150).contains(&d.year()))
        })
    }
    fn written(&self) -> String {
        self.to_string()
    }
}

impl FieldType for Month {
    fn kind() -> Kind {
        Kind::Month
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        by_text(given, path, faults, |text| {
            let month = match text.split_once('/') {
                Some((number, year)) => Month::new(year.parse().ok()?, number.parse().ok()?),
                None => text.parse().ok(),
            };
            month.filter(|m| (1900..=2150).contains(&m.year()))
        })
    }
    fn written(&self) -> String {
        self.to_string()
    }
}

impl FieldType for i32 {
    fn kind() -> Kind {
        Kind::Count
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        by_text(given, path, faults, |text| whole(text).filter(|n| *n <= 10_000_000)?.try_into().ok())
    }
    fn written(&self) -> String {
        self.to_string()
    }
}

impl FieldType for bool {
    fn kind() -> Kind {
        Kind::Flag
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        by_text(given, path, faults, |text| match text.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "có" => Some(true),
            "false" | "no" | "off" | "0" | "không" => Some(false),
            _ => None,
        })
    }
    fn written(&self) -> String {
        self.to_string()
    }
}

impl<T: FieldType> FieldType for Option<T> {
    fn kind() -> Kind {
        T::kind()
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        T::read(given, path, faults).map(Some)
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
    fn written(&self) -> String {
        self.as_ref().map(T::written).unwrap_or_default()
    }
}

impl<T: Inputs> FieldType for Vec<T> {
    fn kind() -> Kind {
        Kind::List(T::fields())
    }
    fn read(given: &Given, path: &str, faults: &mut Vec<InputFault>) -> Option<Self> {
        let Given::List(items) = given else {
            faults.push(InputFault { path: path.to_owned(), problem: Problem::NotA(Self::kind()) });
            return None;
        };
        let filled = items.iter().enumerate().filter(|(_, item)| !item.is_nothing());
        let rows: Vec<Option<T>> = filled.map(|(at, item)| T::read(item, &format!("{path}.{at}"), faults)).collect();
        rows.into_iter().collect()
    }
    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
    fn written(&self) -> String {
        String::new()
    }
}

/// A whole number that is not negative, plain or with Vietnamese thousands: `15000000`, `15.000.000`.
fn whole(text: &str) -> Option<i64> {
    let groups: Vec<&str> = text.split(['.', ' ', '\u{a0}']).collect();
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let digits: String = groups.concat();
    (grouped && !groups[0].is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Declares the input of a calculator: each field with type, default and its labels in both languages.
macro_rules! inputs {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($field:ident: $type:ty $(= $default:expr)?, $vi:literal / $en:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $(#[doc = concat!($en, " (", $vi, ").")] pub $field: $type,)*
        }

        impl $crate::calc::Inputs for $name {
            fn fields() -> Vec<$crate::calc::Field> {
                vec![$({
                    let default: Option<$type> = inputs!(@default $($default)?);
                    let required = default.is_none() && <$type as $crate::calc::FieldType>::absent().is_none();
                    $crate::calc::Field {
                        name: stringify!($field),
                        vi: $vi,
                        en: $en,
                        kind: <$type as $crate::calc::FieldType>::kind(),
                        required,
                        default: default.map(|value| $crate::calc::FieldType::written(&value)),
                    }
                },)*]
            }

            fn read(
                given: &$crate::calc::Given,
                path: &str,
                faults: &mut Vec<$crate::calc::InputFault>,
            ) -> Option<Self> {
                let before = faults.len();
                $crate::calc::input::note_unknown(given, path, &[$(stringify!($field)),*], faults);
                $(let $field: Option<$type> = $crate::calc::input::read_field(
                    given, path, stringify!($field), inputs!(@default $($default)?), faults,
                );)*
                if faults.len() > before {
                    return None;
                }
                Some(Self { $($field: $field?),* })
            }
        }
    };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}

/// Declares a list of choices: each with its word and its names in both languages.
macro_rules! choices {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $vi:literal / $en:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!($en, " (", $vi, ").")] $variant,)*
        }

        impl $name {
            /// Every choice, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            const CHOICES: &'static [$crate::calc::Choice] =
                &[$($crate::calc::Choice { code: $code, vi: $vi, en: $en }),*];

            /// The word in files, flags and JSON, and as a selector of the law.
            pub fn code(self) -> &'static str {
                self.choice().code
            }

            /// The word with its names.
            pub fn choice(self) -> &'static $crate::calc::Choice {
                &Self::CHOICES[self as usize]
            }
        }

        impl $crate::calc::FieldType for $name {
            fn kind() -> $crate::calc::Kind {
                $crate::calc::Kind::Choice(Self::CHOICES)
            }
            fn read(
                given: &$crate::calc::Given,
                path: &str,
                faults: &mut Vec<$crate::calc::InputFault>,
            ) -> Option<Self> {
                let text = $crate::calc::input::scalar(given, path, &Self::kind(), faults)?;
                let found = Self::ALL.iter().copied().find(|choice| choice.code() == text);
                if found.is_none() {
                    let problem = $crate::calc::Problem::NotA(Self::kind());
                    faults.push($crate::calc::InputFault { path: path.to_owned(), problem });
                }
                found
            }
            fn written(&self) -> String {
                self.code().to_owned()
            }
        }

        impl From<$name> for $crate::calc::Out {
            fn from(word: $name) -> Self {
                $crate::calc::Out::Word(*word.choice())
            }
        }

        impl $crate::calc::OutType for $name {
            fn kind() -> $crate::calc::Kind {
                $crate::calc::Kind::Choice(Self::CHOICES)
            }
            fn out(&self) -> $crate::calc::Out {
                $crate::calc::Out::Word(*self.choice())
            }
        }
    };
}

pub(crate) use {choices, inputs};
