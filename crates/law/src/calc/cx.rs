//! The hands of a calculator: the law at a day, rounding, steps.

use base::{Date, Dong, Rate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::fault::CalcError;
use super::outcome::Out;
use super::trace::{Step, Term, Trace, Used};
use crate::{Law, Value};

/// A law and a trace.
pub struct Cx<'l, T> {
    law: &'l Law,
    trace: T,
}

impl<'l, T: Trace> Cx<'l, T> {
    /// Works with this law and leaves its steps there.
    pub fn new(law: &'l Law, trace: T) -> Self {
        Self { law, trace }
    }

    /// The trace at the end.
    pub fn into_trace(self) -> T {
        self.trace
    }

    /// The value on a day; `None` where the law has nothing for the word then.
    fn look(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<Option<&'l Value>, CalcError> {
        let parameter = self.law.known(key)?;
        let value = parameter.at(on, selector)?;
        if T::ON {
            let dated = parameter.dated(on)?;
            self.trace.used(|| Used {
                parameter: key.to_owned(),
                selector: selector.map(str::to_owned),
                on,
                from: dated.from,
                value: value.cloned(),
                unit: parameter.unit,
                reference: dated.reference.clone(),
                confidence: dated.confidence,
                note: dated.note.clone(),
            });
        }
        Ok(value)
    }

    fn need<V>(
        &mut self,
        key: &str,
        on: Date,
        selector: Option<&str>,
        of: impl FnOnce(&'l Value) -> Option<V>,
    ) -> Result<V, CalcError> {
        match self.look(key, on, selector)? {
            None => Err(CalcError::NotInForce { key: key.to_owned(), selector: selector.map(str::to_owned), on }),
            Some(value) => of(value).ok_or_else(|| CalcError::WrongUnit { key: key.to_owned() }),
        }
    }

    /// Whether the law has something for a word on a day.
    pub fn has(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<bool, CalcError> {
        Ok(self.law.known(key)?.at(on, selector)?.is_some())
    }

    /// Whether a parameter has begun: some figures of a city start later than the law they add to.
    pub fn starts(&self, key: &str, on: Date) -> Result<bool, CalcError> {
        Ok(self.law.known(key)?.first_day() <= on)
    }

    /// First day for which a parameter has a value.
    pub fn first_day(&self, key: &str) -> Result<Date, CalcError> {
        Ok(self.law.known(key)?.first_day())
    }

    /// First day of the value that holds on a day.
    pub fn since(&self, key: &str, on: Date) -> Result<Date, CalcError> {
        Ok(self.law.known(key)?.dated(on)?.from)
    }

    /// A whole number that is tried and may not be the one used: it leaves no trace.
    pub fn quiet_int(&self, key: &str, on: Date, selector: Option<&str>) -> Result<i32, CalcError> {
        self.law.at(key, on, selector)?.and_then(Value::int).ok_or_else(|| CalcError::WrongUnit { key: key.to_owned() })
    }

    /// Money.
    pub fn dong(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<Dong, CalcError> {
        self.need(key, on, selector, Value::dong)
    }

    /// A rate.
    pub fn rate(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<Rate, CalcError> {
        self.need(key, on, selector, Value::rate)
    }

    /// A rate, zero where the law has none for the word on that day.
    pub fn rate_or_none(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<Rate, CalcError> {
        match self.look(key, on, selector)? {
            None => Ok(Rate::from_parts(0, 0)),
            Some(value) => value.rate().ok_or_else(|| CalcError::WrongUnit { key: key.to_owned() }),
        }
    }

    /// Days, months, years or a count.
    pub fn int(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<i32, CalcError> {
        self.need(key, on, selector, Value::int)
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &str, on: Date) -> Result<bool, CalcError> {
        self.need(key, on, None, Value::flag)
    }

    /// A day.
    pub fn date(&mut self, key: &str, on: Date) -> Result<Date, CalcError> {
        self.need(key, on, None, Value::date)
    }

    /// A code.
    pub fn code(&mut self, key: &str, on: Date, selector: Option<&str>) -> Result<&'l str, CalcError> {
        self.need(key, on, selector, Value::code)
    }

    /// Whether a code is in a list of codes; not, where the law has no list for the word.
    pub fn lists(&mut self, key: &str, on: Date, selector: Option<&str>, code: &str) -> Result<bool, CalcError> {
        Ok(self.look(key, on, selector)?.is_some_and(|codes| codes.codes().any(|known| known == code)))
    }

    /// Days; none where the law lists none.
    pub fn dates(&mut self, key: &str, on: Date) -> Result<&'l [Date], CalcError> {
        Ok(self.look(key, on, None)?.map_or(&[], Value::dates))
    }

    /// The days of every list of a parameter that has one list a year, each list for its own year; leaves no trace.
    pub fn all_dates(&self, key: &str) -> Result<Vec<Date>, CalcError> {
        let steps = self.law.known(key)?.steps(None)?;
        let own_year = |(from, days): (Date, Option<&'l Value>)| {
            days.map_or(&[][..], Value::dates).iter().copied().filter(move |day| day.year() == from.year())
        };
        Ok(steps.into_iter().flat_map(own_year).collect())
    }

    /// The days on which a parameter changes after one day and up to another.
    pub fn changes(&self, key: &str, after: Date, to: Date) -> Result<Vec<Date>, CalcError> {
        Ok(self.law.known(key)?.change_days().filter(|day| *day > after && *day <= to).collect())
    }

    /// An exact amount in whole đồng: the one place where amounts are rounded (`money.rounding`).
    pub fn round(&mut self, exact: Decimal, on: Date) -> Result<Dong, CalcError> {
        if exact.fract().is_zero() {
            return whole(exact);
        }
        // The parameter is looked up only where it decides, so that a trace shows when it did.
        match self.code("money.rounding", on, None)? {
            "half_up" => whole(exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)),
            "down" => whole(exact.trunc()),
            _ => Err(CalcError::WrongUnit { key: "money.rounding".to_owned() }),
        }
    }

    /// An amount at a rate, rounded.
    pub fn share(&mut self, amount: Dong, rate: Rate, on: Date) -> Result<Dong, CalcError> {
        let exact = times(decimal(amount), rate.decimal())?;
        self.round(exact, on)
    }

    /// Notes a step.
    pub fn step(&mut self, vi: &'static str, en: &'static str, value: impl Into<Out>, how: impl FnOnce() -> Vec<Term>) {
        self.trace.step(|uses| Step { vi, en, how: how(), value: value.into(), uses });
    }
}

fn whole(exact: Decimal) -> Result<Dong, CalcError> {
    i64::try_from(exact.trunc().mantissa() / 10i128.pow(exact.trunc().scale())).map(Dong::new).map_err(|_| CalcError::Money)
}

/// An amount as an exact decimal.
pub(crate) fn decimal(amount: Dong) -> Decimal {
    Decimal::from(amount.get())
}

/// A product that fits, or an error.
pub(crate) fn times(a: Decimal, b: Decimal) -> Result<Decimal, CalcError> {
    a.checked_mul(b).ok_or(CalcError::Money)
}

/// A sum that fits, or an error.
pub(crate) fn plus(a: Decimal, b: Decimal) -> Result<Decimal, CalcError> {
    a.checked_add(b).ok_or(CalcError::Money)
}

/// A quotient that fits, or an error; exact to 28 digits.
pub(crate) fn over(a: Decimal, b: i32) -> Result<Decimal, CalcError> {
    a.checked_div(Decimal::from(b)).ok_or(CalcError::Money)
}
