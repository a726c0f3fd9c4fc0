//! Numbers of documents: how they are written, and a unit's own ones without gaps.

use base::Scope;

use super::DocumentRefusal;
use crate::DeskError;
use crate::db::Tx;
use crate::sql::Sql;

/// Number and symbol as decree 30/2020 writes them: numbers below ten with a zero, `05/TB-UBND`; without a symbol the number alone.
pub fn document_number(number: &str, symbol: &str) -> String {
    let digits = number.chars().take_while(char::is_ascii_digit).count();
    let zero = if digits == 1 { "0" } else { "" };
    if symbol.is_empty() { format!("{zero}{number}") } else { format!("{zero}{number}/{symbol}") }
}

/// Whether this may be typed as the number of a document: digits and perhaps a letter, `15` or `15a`.
pub fn is_document_number(typed: &str) -> bool {
    plain(typed).is_ok()
}

/// A number as a document office gives it: up to six digits and perhaps a letter (`15a`), without leading zeros.
pub(super) fn plain(typed: &str) -> Result<String, DeskError> {
    let typed = typed.trim();
    let digits = typed.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &typed[digits.len()..];
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() || bare.len() > 6 || !bare.bytes().all(|b| b.is_ascii_digit()) || suffix.len() > 1 {
        return Err(DeskError::Invalid { field: "number", why: "is no number of a document such as 15 or 15a" });
    }
    Ok(format!("{bare}{}", suffix.to_ascii_lowercase()))
}

/// The next number of a unit, kind and year; it counts once the transaction is committed, so none is lost. Who asks second waits for the
/// first one's end.
pub(super) async fn next(tx: &mut Tx, scope: &Scope, symbol: &str, year: i64) -> Result<String, DeskError> {
    let unit = scope.unit.as_str();
    let setting = Sql::new("SELECT own_numbers FROM document_setting WHERE unit = ").bind(unit);
    if tx.row(setting).await?.map(|row| row.int(0)).transpose()? != Some(1) {
        return Err(DeskError::DocumentRefused { why: DocumentRefusal::NoOwnNumbers });
    }
    let known = Sql::with(
        "SELECT last FROM document_counter WHERE issuer = $1 AND symbol = $2 AND year = $3",
        [unit.into(), symbol.into(), year.into()],
    );
    if tx.row(known).await?.is_none() {
        let first = Sql::with(
            "INSERT INTO document_counter (issuer, symbol, year, last) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (issuer, symbol, year) DO NOTHING",
            [unit.into(), symbol.into(), year.into(), highest(tx, unit, symbol, year).await?.into()],
        );
        tx.execute(first).await?;
    }
    let next = Sql::with(
        "UPDATE document_counter SET last = last + 1 WHERE issuer = $1 AND symbol = $2 AND year = $3 RETURNING last",
        [unit.into(), symbol.into(), year.into()],
    );
    let row = tx.row(next).await?.ok_or_else(|| DeskError::damaged("document_counter", "no row for the unit"))?;
    Ok(row.int(0)?.to_string())
}

/// The highest number the unit's document office gave before the unit began to number here.
async fn highest(tx: &mut Tx, unit: &str, symbol: &str, year: i64) -> Result<i64, DeskError> {
    let sql = Sql::with(
        "SELECT number FROM document WHERE issuer = $1 AND symbol = $2 AND number_year = $3",
        [unit.into(), symbol.into(), year.into()],
    );
    let mut highest = 0;
    for row in tx.rows(sql).await? {
        let digits = row.text(0)?.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i64>();
        highest = highest.max(digits.map_err(|_| DeskError::damaged("document", "number"))?);
    }
    Ok(highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_decree_says() {
        assert_eq!(document_number("5", "TB-UBND"), "05/TB-UBND");
        assert_eq!(document_number("5a", "BHXH"), "05a/BHXH");
        assert_eq!(document_number("125", ""), "125");
    }

    #[test]
    fn a_number_is_digits_and_perhaps_a_letter() {
        assert_eq!(plain(" 05 ").unwrap(), "5");
        assert_eq!(plain("15A").unwrap(), "15a");
        for wrong in ["", "0", "a", "15ab", "1234567", "15/TB", "1 5", "١٥"] {
            assert!(plain(wrong).is_err(), "{wrong}");
        }
    }
}
