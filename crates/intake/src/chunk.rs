//! Checked rows by column, handed on in slices.

use crate::layout::ColumnType;

/// Some rows of a roster, by column. The columns are those of [`crate::Layout::columns`], in that order.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// The columns, all equally long.
    pub columns: Vec<Column>,
}

/// One column of a chunk.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Values,
}

/// The values of one column, one for each row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// UTF-8 text.
    Text(Vec<Option<String>>),
    /// Whole numbers; money in đồng.
    Int(Vec<Option<i64>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// Yes or no.
    Bool(Vec<Option<bool>>),
}

impl Chunk {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// The values of a column.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One value of a row that is being read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing.
    #[default]
    Null,
    /// Text.
    Text(String),
    /// Whole number.
    Int(i64),
    /// Days since 1970-01-01.
    Date(i32),
}

impl Value {
    /// Text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, |t| Self::Text(t.into()))
    }

    /// Adds this value to a hash, so that no two different rows are hashed from the same bytes.
    pub fn hash_into(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Null => bytes.push(0),
            Self::Text(text) => {
                bytes.push(1);
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            Self::Int(number) => {
                bytes.push(2);
                bytes.extend(number.to_le_bytes());
            }
            Self::Date(days) => {
                bytes.push(3);
                bytes.extend(days.to_le_bytes());
            }
        }
    }
}

/// Gathers rows into chunks.
pub(crate) struct Builder {
    schema: Vec<(String, ColumnType)>,
    columns: Vec<Values>,
    capacity: usize,
}

impl Builder {
    /// A builder of chunks of at most `capacity` rows.
    pub fn new(schema: Vec<(String, ColumnType)>, capacity: usize) -> Self {
        let columns = schema.iter().map(|(_, kind)| empty(*kind)).collect();
        Self { schema, columns, capacity: capacity.max(1) }
    }

    /// Takes one row; its values are left empty. Gives back a chunk when one is full.
    pub fn push(&mut self, row: &mut [Value]) -> Option<Chunk> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            match (column, std::mem::take(value)) {
                (Values::Text(values), Value::Text(text)) => values.push(Some(text)),
                (Values::Text(values), _) => values.push(None),
                (Values::Int(values), Value::Int(number)) => values.push(Some(number)),
                (Values::Int(values), _) => values.push(None),
                (Values::Date(values), Value::Date(days)) => values.push(Some(days)),
                (Values::Date(values), _) => values.push(None),
                (Values::Bool(values), _) => values.push(None),
            }
        }
        (self.rows() >= self.capacity).then(|| self.take())
    }

    /// The rows gathered since the last full chunk, if any.
    pub fn finish(&mut self) -> Option<Chunk> {
        (self.rows() > 0).then(|| self.take())
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, Values::len)
    }

    fn take(&mut self) -> Chunk {
        let fresh: Vec<Values> = self.schema.iter().map(|(_, kind)| empty(*kind)).collect();
        let full = std::mem::replace(&mut self.columns, fresh);
        Chunk { columns: self.schema.iter().zip(full).map(|((name, _), values)| Column { name: name.clone(), values }).collect() }
    }
}

fn empty(kind: ColumnType) -> Values {
    match kind {
        ColumnType::Text => Values::Text(Vec::new()),
        ColumnType::Int => Values::Int(Vec::new()),
        ColumnType::Date => Values::Date(Vec::new()),
        ColumnType::Bool => Values::Bool(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_cut_at_their_capacity_and_lose_no_row() {
        let schema = vec![("n".to_owned(), ColumnType::Int), ("t".to_owned(), ColumnType::Text)];
        let mut builder = Builder::new(schema, 2);
        let mut chunks = Vec::new();
        for n in 0..5 {
            chunks.extend(builder.push(&mut [Value::Int(n), Value::text((n > 0).then(|| n.to_string()))]));
        }
        chunks.extend(builder.finish());
        assert!(builder.finish().is_none());
        assert_eq!(chunks.iter().map(Chunk::rows).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(chunks[0].column("t"), Some(&Values::Text(vec![None, Some("1".into())])));
    }

    #[test]
    fn hashes_tell_apart_what_glues_alike() {
        let bytes = |values: &[Value]| {
            let mut out = Vec::new();
            values.iter().for_each(|v| v.hash_into(&mut out));
            out
        };
        let text = |t: &str| Value::Text(t.into());
        assert_ne!(bytes(&[text("ab"), text("c")]), bytes(&[text("a"), text("bc")]));
        assert_ne!(bytes(&[Value::Null, text("")]), bytes(&[text(""), Value::Null]));
    }
}
