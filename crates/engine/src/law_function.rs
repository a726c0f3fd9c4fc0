//! The SQL function `law('key', date [, selector])`.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use base::Date;
use datafusion::arrow::array::{Array, ArrayRef, Date32Array, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use law::{Law, Unit, Value};

/// The name under which rules call the law.
pub(crate) const LAW_FUNCTION: &str = "law";

/// `law('key', date [, selector])`: the value of a parameter in force on a day.
///
/// The key is a literal, so its unit gives the type: đồng Int64, rate Decimal128(18,8), whole numbers
/// Int32, flag Boolean, date Date32, code Utf8, codes a list of Utf8 (`array_has`). Abolished gives NULL; a day before the first value, an
/// unknown key or a wrong selector is an error, so that no rule runs on a law that was not there.
#[derive(Debug)]
pub(crate) struct LawFunction {
    law: Law,
    signature: Signature,
}

impl LawFunction {
    pub(crate) fn new(law: Law) -> Self {
        let forms = vec![
            TypeSignature::Exact(vec![DataType::Utf8, DataType::Date32]),
            TypeSignature::Exact(vec![DataType::Utf8, DataType::Date32, DataType::Utf8]),
        ];
        // Immutable within a session: the law is bound when the session is made.
        Self { law, signature: Signature::one_of(forms, Volatility::Immutable) }
    }

    fn unit(&self, key: &str) -> Result<Unit> {
        match self.law.parameter(key) {
            Some(parameter) => Ok(parameter.unit),
            None => plan_err!("law(): there is no parameter `{key}`"),
        }
    }

    fn value(&self, key: &str, day: Option<i32>, selector: Option<&str>, kind: &DataType) -> Result<ScalarValue> {
        let Some(day) = day else {
            return ScalarValue::try_from(kind);
        };
        let Some(date) = Date::from_days_since_epoch(day) else {
            return exec_err!("law('{key}'): day {day} is outside the calendar");
        };
        let found = self.law.at(key, date, selector).map_err(|e| DataFusionError::Execution(format!("law(): {e}")))?;
        Ok(match found {
            None => ScalarValue::try_from(kind)?,
            Some(Value::Dong(dong)) => ScalarValue::Int64(Some(dong.get())),
            Some(Value::Rate(rate)) => ScalarValue::Decimal128(Some(rate.hundred_millionths()), 18, 8),
            Some(Value::Int(number)) => ScalarValue::Int32(Some(*number)),
            Some(Value::Flag(flag)) => ScalarValue::Boolean(Some(*flag)),
            Some(Value::Date(date)) => ScalarValue::Date32(Some(date.days_since_epoch())),
            Some(Value::Dates(days)) => {
                let items: Vec<ScalarValue> = days.iter().map(|day| ScalarValue::Date32(Some(day.days_since_epoch()))).collect();
                ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Date32))
            }
            Some(codes @ Value::Code(_)) if matches!(kind, DataType::List(_)) => {
                let items: Vec<ScalarValue> = codes.codes().map(ScalarValue::from).collect();
                ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8))
            }
            Some(Value::Code(code)) => ScalarValue::Utf8(Some(code.clone())),
        })
    }
}

impl PartialEq for LawFunction {
    fn eq(&self, other: &Self) -> bool {
        self.law.hash() == other.law.hash()
    }
}

impl Eq for LawFunction {}

impl Hash for LawFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.law.hash().hash(state);
    }
}

impl ScalarUDFImpl for LawFunction {
    fn name(&self) -> &str {
        LAW_FUNCTION
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        plan_err!("law(): the type depends on the key, which must be a literal")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let Some(key) = args.scalar_arguments.first().copied().flatten().and_then(|v| v.try_as_str().flatten()) else {
            return plan_err!("law(): the key must be written as a literal, as in law('bhyt.break_days', day)");
        };
        Ok(Arc::new(Field::new(LAW_FUNCTION, data_type(self.unit(key)?), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let kind = args.return_type().clone();
        let Some(ColumnarValue::Scalar(key)) = args.args.first() else {
            return exec_err!("law(): the key must be a literal");
        };
        let key = key.try_as_str().flatten().unwrap_or_default().to_owned();
        if args.args[1..].iter().all(|a| matches!(a, ColumnarValue::Scalar(_))) {
            let day = match &args.args[1] {
                ColumnarValue::Scalar(ScalarValue::Date32(day)) => *day,
                _ => return exec_err!("law('{key}'): the second argument is a date"),
            };
            let selector = match args.args.get(2) {
                Some(ColumnarValue::Scalar(text)) => text.try_as_str().flatten().map(str::to_owned),
                _ => None,
            };
            return Ok(ColumnarValue::Scalar(self.value(&key, day, selector.as_deref(), &kind)?));
        }
        let arrays = ColumnarValue::values_to_arrays(&args.args[1..])?;
        let days = downcast::<Date32Array>(&arrays[0])?;
        let selectors = arrays.get(1).map(downcast::<StringArray>).transpose()?;
        let mut values = Vec::with_capacity(days.len());
        // A column of days changes rarely from row to row: the last answer is kept.
        let mut last: Option<(Asked<'_>, ScalarValue)> = None;
        for row in 0..days.len() {
            let day = days.is_valid(row).then(|| days.value(row));
            let selector = selectors.filter(|s| s.is_valid(row)).map(|s| s.value(row));
            let value = match &last {
                Some((asked, value)) if *asked == (day, selector) => value.clone(),
                _ => self.value(&key, day, selector, &kind)?,
            };
            last = Some(((day, selector), value.clone()));
            values.push(value);
        }
        if values.is_empty() {
            return Ok(ColumnarValue::Array(datafusion::arrow::array::new_empty_array(&kind)));
        }
        Ok(ColumnarValue::Array(ScalarValue::iter_to_array(values)?))
    }
}

/// Day and selector of a row.
type Asked<'a> = (Option<i32>, Option<&'a str>);

fn data_type(unit: Unit) -> DataType {
    match unit {
        Unit::Dong => DataType::Int64,
        Unit::Rate => DataType::Decimal128(18, 8),
        Unit::Days | Unit::Months | Unit::Years | Unit::Count => DataType::Int32,
        Unit::Flag => DataType::Boolean,
        Unit::Date => DataType::Date32,
        Unit::Code => DataType::Utf8,
        Unit::Dates => DataType::List(Arc::new(Field::new_list_field(DataType::Date32, true))),
        Unit::Codes => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
    }
}

fn downcast<T: 'static>(array: &ArrayRef) -> Result<&T> {
    match array.as_any().downcast_ref::<T>() {
        Some(typed) => Ok(typed),
        None => exec_err!("law(): unexpected type {}", array.data_type()),
    }
}
