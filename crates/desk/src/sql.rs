//! The one place that composes SQL: constant pieces, numbered binds, the area of a scope.

use base::Area;

use crate::DeskError;

/// Binds one statement may hold (HOUSE: at most 160).
pub(crate) const MAX_BINDS: usize = 160;
/// Communes one statement may name; the rest of the binds are left for its other conditions.
const MAX_COMMUNES: usize = 140;

/// A bound value. Only these types exist in the desk's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bind {
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// BYTEA: the bytes of a file.
    Bytes(Vec<u8>),
}

impl From<i64> for Bind {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Vec<u8>> for Bind {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl From<&str> for Bind {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Bind {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<&str>> for Bind {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Option<String>> for Bind {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

/// A statement in the making. Text comes only from constants of the program, values only as binds.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    text: String,
    binds: Vec<Bind>,
}

impl Sql {
    /// Starts with a constant piece.
    pub(crate) fn new(piece: &'static str) -> Self {
        Self { text: piece.to_owned(), binds: Vec::new() }
    }

    /// Starts with a constant piece whose `$1…$n` are these values.
    pub(crate) fn with<const N: usize>(piece: &'static str, binds: [Bind; N]) -> Self {
        Self { text: piece.to_owned(), binds: binds.into() }
    }

    /// Adds a constant piece.
    pub(crate) fn push(mut self, piece: &'static str) -> Self {
        self.text.push_str(piece);
        self
    }

    /// Adds a statement that the database itself keeps, e.g. the text of a trigger that is put back.
    pub(crate) fn kept(text: String) -> Self {
        Self { text, binds: Vec::new() }
    }

    /// Adds the name of a table or column as the catalog gives it; nothing but a-z, 0-9 and `_` passes.
    pub(crate) fn name(mut self, name: &str) -> Result<Self, DeskError> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            return Err(DeskError::damaged("(catalog)", "a name of a table or column holds other letters than a-z, 0-9, _"));
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push('"');
        Ok(self)
    }

    /// Adds names with commas between them.
    pub(crate) fn names(mut self, names: &[String]) -> Result<Self, DeskError> {
        for (place, name) in names.iter().enumerate() {
            self = if place == 0 { self } else { self.push(", ") }.name(name)?;
        }
        Ok(self)
    }

    /// Adds another statement's pieces, whose `$n` are counted on.
    pub(crate) fn then(mut self, next: Sql) -> Self {
        let known = self.binds.len();
        if known == 0 {
            self.text.push_str(&next.text);
        } else {
            let mut pieces = next.text.split('$');
            self.text.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
                let number: usize = piece[..digits].parse().unwrap_or(0);
                self.text.push('$');
                self.text.push_str(&(known + number).to_string());
                self.text.push_str(&piece[digits..]);
            }
        }
        self.binds.extend(next.binds);
        self
    }

    /// Adds the next `$n` and its value.
    pub(crate) fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.binds.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.binds.len().to_string());
        self
    }

    /// Adds `piece $n` when there is a value.
    pub(crate) fn push_if(self, piece: &'static str, value: Option<impl Into<Bind>>) -> Self {
        match value {
            Some(value) => self.push(piece).bind(value),
            None => self,
        }
    }

    /// Adds `($n, …)` of these values; at least one is needed.
    pub(crate) fn list(mut self, values: impl IntoIterator<Item = impl Into<Bind>>) -> Self {
        for (i, value) in values.into_iter().enumerate() {
            self = self.push(if i == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    /// Adds the condition that a row's commune lies in the area. A row of no known commune is seen
    /// only by the whole city.
    pub(crate) fn area(mut self, column: &'static str, area: &Area) -> Result<Self, DeskError> {
        let communes = match area {
            Area::City => return Ok(self.push("1 = 1")),
            Area::Communes(communes) => communes,
        };
        if communes.is_empty() {
            return Ok(self.push("1 = 0"));
        }
        if communes.len() > MAX_COMMUNES {
            return Err(DeskError::AreaTooWide { count: communes.len() });
        }
        self = self.push(column);
        for (i, commune) in communes.iter().enumerate() {
            self = self.push(if i == 0 { " IN (" } else { ", " }).bind(commune.as_str());
        }
        Ok(self.push(")"))
    }

    /// Adds `($n, …), ($n, …)` for some rows of values.
    pub(crate) fn rows(mut self, rows: impl IntoIterator<Item = Vec<Bind>>) -> Self {
        for (i, row) in rows.into_iter().enumerate() {
            self = self.push(if i == 0 { "(" } else { ", (" });
            for (j, value) in row.into_iter().enumerate() {
                self = if j == 0 { self } else { self.push(", ") }.bind(value);
            }
            self = self.push(")");
        }
        debug_assert!(self.binds.len() <= MAX_BINDS);
        self
    }

    /// The text and the values.
    pub(crate) fn parts(self) -> (String, Vec<Bind>) {
        (self.text, self.binds)
    }
}

#[cfg(test)]
mod tests {
    use base::CommuneCode;

    use super::*;

    #[test]
    fn an_area_becomes_a_condition_with_binds() {
        let area = Area::Communes(["00004", "09556"].iter().map(|c| CommuneCode::parse(c).unwrap()).collect());
        let sql = Sql::new("SELECT 1 FROM t WHERE a = ").bind(7).push(" AND ").area("commune", &area).unwrap();
        let (text, binds) = sql.parts();
        assert_eq!(text, "SELECT 1 FROM t WHERE a = $1 AND commune IN ($2, $3)");
        assert_eq!(binds.len(), 3);
    }

    #[test]
    fn a_name_from_the_catalog_cannot_hold_sql() {
        assert_eq!(Sql::new("SELECT * FROM ").name("audit_event").unwrap().parts().0, "SELECT * FROM \"audit_event\"");
        for bad in ["", "a\"; DROP TABLE unit; --", "Unit", "a b", "đơn_vị"] {
            assert!(Sql::new("").name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_statement_goes_on_with_another_whose_binds_are_counted_on() {
        let next = Sql::new(" WHERE b = ").bind(8).push(" AND c = ").bind("x");
        let (text, binds) = Sql::new("SELECT 1 FROM t, u").then(next.clone()).parts();
        assert_eq!((text.as_str(), binds.len()), ("SELECT 1 FROM t, u WHERE b = $1 AND c = $2", 2));
        let (text, binds) = Sql::new("UPDATE t SET a = ").bind(7).then(next).push(" AND d = ").bind(9).parts();
        assert_eq!((text.as_str(), binds.len()), ("UPDATE t SET a = $1 WHERE b = $2 AND c = $3 AND d = $4", 4));
    }

    #[test]
    fn an_empty_area_sees_nothing() {
        let (text, _) = Sql::new("").area("commune", &Area::Communes(Default::default())).unwrap().parts();
        assert_eq!(text, "1 = 0");
    }

    #[test]
    fn an_area_that_needs_too_many_binds_is_refused() {
        let area = Area::Communes((0..200).map(|n| CommuneCode::parse(&format!("{n:05}")).unwrap()).collect());
        assert_eq!(Sql::new("").area("commune", &area).unwrap_err(), DeskError::AreaTooWide { count: 200 });
    }
}
