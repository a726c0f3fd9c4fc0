//! Reading a YAML part of a file so that every fault has its place in the whole file.

use serde::de::DeserializeOwned;
use serde_saphyr::{MessageFormatter, Spanned, UserMessageFormatter};

use crate::error::{Place, Problem, RuleError};

/// Reads YAML; the one fault it reports is the first.
pub(crate) fn read<T: DeserializeOwned>(text: &str, place: Place<'_>) -> Result<T, RuleError> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let bare = error.without_snippet();
        let message = UserMessageFormatter.format_message(bare).into_owned();
        let (line, column) = bare.location().map_or((1, 1), |l| (l.line(), l.column()));
        place.error(line, column, Problem::Yaml(message))
    })
}

/// Where a value stands within its part: line and column.
pub(crate) fn at<T>(value: &Spanned<T>) -> (u64, u64) {
    (value.referenced.line(), value.referenced.column())
}
