//! What a calculator answers: named parts with labels, the same for JSON, cases, pages and letters.

use base::{Date, Dong, Month, Rate};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::input::{Choice, Field, Kind};

/// A value of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// Does not apply.
    Nothing,
    /// Whole đồng.
    Dong(Dong),
    /// An exact rate.
    Rate(Rate),
    /// A number of days, months, people.
    Count(i64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(Date),
    /// A month.
    Month(Month),
    /// A word of a list.
    Word(Choice),
    /// Rows of parts.
    Rows(Vec<Vec<Part>>),
}

/// One named value of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name in JSON and cases.
    pub name: &'static str,
    /// Vietnamese label.
    pub vi: &'static str,
    /// English label.
    pub en: &'static str,
    /// The value.
    pub value: Out,
}

/// A Rust type that a part can have.
pub trait OutType {
    /// What the part holds.
    fn kind() -> Kind;
    /// The value.
    fn out(&self) -> Out;
}

/// The answer of a calculator as a Rust type.
pub trait Outcome {
    /// The parts that an answer can have, for schemas.
    fn fields() -> Vec<Field>;
    /// The parts in their order.
    fn parts(&self) -> Vec<Part>;
    /// The amount that the question was about, where there is one.
    fn amount(&self) -> Option<Dong>;
}

macro_rules! out_types {
    ($($type:ty => $kind:ident, $out:expr;)*) => {
        $(impl OutType for $type {
            fn kind() -> Kind {
                Kind::$kind
            }
            fn out(&self) -> Out {
                #[allow(clippy::redundant_closure_call, reason = "one form for types that convert and types that do not")]
                ($out)(*self)
            }
        }
        impl From<$type> for Out {
            fn from(value: $type) -> Self {
                value.out()
            }
        })*
    };
}

out_types! {
    Dong => Dong, Out::Dong;
    Rate => Rate, Out::Rate;
    Date => Date, Out::Date;
    Month => Month, Out::Month;
    bool => Flag, Out::Flag;
    i64 => Count, Out::Count;
    i32 => Count, |n| Out::Count(i64::from(n));
}

impl<T: OutType> OutType for Option<T> {
    fn kind() -> Kind {
        T::kind()
    }
    fn out(&self) -> Out {
        self.as_ref().map_or(Out::Nothing, T::out)
    }
}

impl<T: Outcome> OutType for Vec<T> {
    fn kind() -> Kind {
        Kind::List(T::fields())
    }
    fn out(&self) -> Out {
        Out::Rows(self.iter().map(T::parts).collect())
    }
}

impl Serialize for Out {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Dong(dong) => dong.serialize(serializer),
            Self::Rate(rate) => rate.serialize(serializer),
            Self::Count(count) => count.serialize(serializer),
            Self::Flag(flag) => flag.serialize(serializer),
            Self::Date(date) => date.serialize(serializer),
            Self::Month(month) => month.serialize(serializer),
            Self::Word(word) => word.code.serialize(serializer),
            Self::Rows(rows) => {
                let mut list = serializer.serialize_seq(Some(rows.len()))?;
                for row in rows {
                    list.serialize_element(&Parts(row))?;
                }
                list.end()
            }
        }
    }
}

/// Parts as one JSON object.
pub(crate) struct Parts<'a>(pub &'a [Part]);

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for part in self.0 {
            map.serialize_entry(part.name, &part.value)?;
        }
        map.end()
    }
}

/// Declares the answer of a calculator: each part with type and labels; `amount` names the one asked for.
macro_rules! outcome {
    ($(#[$meta:meta])* pub struct $name:ident $(amount $amount:ident)? {
        $($field:ident: $type:ty, $vi:literal / $en:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $(#[doc = concat!($en, " (", $vi, ").")] pub $field: $type,)*
        }

        impl $crate::calc::Outcome for $name {
            fn fields() -> Vec<$crate::calc::Field> {
                vec![$($crate::calc::Field {
                    name: stringify!($field),
                    vi: $vi,
                    en: $en,
                    kind: <$type as $crate::calc::OutType>::kind(),
                    required: true,
                    default: None,
                },)*]
            }

            fn parts(&self) -> Vec<$crate::calc::Part> {
                vec![$($crate::calc::Part {
                    name: stringify!($field),
                    vi: $vi,
                    en: $en,
                    value: $crate::calc::OutType::out(&self.$field),
                },)*]
            }

            fn amount(&self) -> Option<base::Dong> {
                outcome!(@amount self $($amount)?)
            }
        }
    };
    (@amount $self:ident) => { None };
    (@amount $self:ident $amount:ident) => { Some($self.$amount) };
}

pub(crate) use outcome;
