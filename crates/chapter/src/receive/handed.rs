//! What is handed over at once: one table, all tables of a ZIP, or a Parquet file, which is read where it lies.

use std::fs::File;
use std::io::Read;

use base::Date;
use base::places::Places;
use engine::arrow::array::{Array, ArrayRef, AsArray};
use engine::arrow::compute::cast;
use engine::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use engine::arrow::record_batch::RecordBatch;
use engine::{DataFile, EngineError, ParquetReader, rows};
use intake::{IntakeError, Layouts, Limits, Preview, Report, RowCell, Sink, Source};

/// How every Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

/// One table that was handed over.
#[derive(Debug, Clone)]
pub enum Handed {
    /// A workbook or text, in memory.
    File(Source),
    /// A Parquet file, read from the disk row group after row group.
    Parquet {
        /// File name without folders.
        name: String,
        /// Where it lies.
        file: DataFile,
    },
}

impl Handed {
    /// Its file name.
    pub fn name(&self) -> &str {
        match self {
            Self::File(source) => &source.name,
            Self::Parquet { name, .. } => name,
        }
    }

    /// Reads and checks its rows; sound ones are handed on in chunks, which count only when this returns `Ok`.
    pub fn read(
        &self,
        roster: Option<&str>,
        layouts: &Layouts,
        places: &Places,
        limits: &Limits,
        sink: &mut Sink<'_>,
    ) -> Result<Report, IntakeError> {
        match self {
            Self::File(source) => intake::read(source, roster, layouts, places, limits, sink),
            Self::Parquet { name, file } => parquet_rows(file)
                .and_then(|(header, table)| intake::read_rows(name, &header, table, roster, layouts, places, limits, sink)),
        }
    }

    /// Looks at a table that no layout knows.
    pub fn preview(&self, layouts: &Layouts, limits: &Limits) -> Result<Preview, IntakeError> {
        match self {
            Self::File(source) => intake::preview(source, layouts, limits),
            Self::Parquet { file, .. } => preview_parquet(file),
        }
    }

    /// The same where a clerk says in which sheet and row the header begins; a Parquet file has neither.
    pub fn preview_at(&self, sheet: Option<&str>, header_row: u64, limits: &Limits) -> Result<Preview, IntakeError> {
        match self {
            Self::File(source) => intake::preview_at(source, sheet, header_row, limits),
            Self::Parquet { file, .. } => preview_parquet(file),
        }
    }

    /// Opens a file under the name its sender gave it; one that waits in the book may lie sealed. A ZIP gives all its tables in the order of
    /// their names.
    pub fn open(file: &DataFile, name: &str, limits: &Limits) -> Result<Vec<Self>, IntakeError> {
        if begins_with(file, PARQUET) {
            let bytes = match file.open() {
                Ok(opened) => opened.length(),
                Err(error) => return Err(IntakeError::Unreadable { detail: error.to_string() }),
            };
            if bytes > limits.max_bytes {
                return Err(IntakeError::TooLarge { bytes, limit: limits.max_bytes });
            }
            let Source { name, .. } = Source::new(name, Vec::new());
            return Ok(vec![Self::Parquet { name, file: file.clone() }]);
        }
        let bytes = match file.sealed_with() {
            Some(_) => sealed_bytes(file, limits)?,
            None => Source::open(file.path(), limits)?.bytes,
        };
        Ok(Source::new(name, bytes).unpack(limits)?.into_iter().map(Self::File).collect())
    }
}

/// What a sealed file holds, never more of it than is taken.
fn sealed_bytes(file: &DataFile, limits: &Limits) -> Result<Vec<u8>, IntakeError> {
    let unreadable = |e: EngineError| IntakeError::Unreadable { detail: e.to_string() };
    let bytes = file.open().map_err(unreadable)?.length();
    if bytes > limits.max_bytes {
        return Err(IntakeError::TooLarge { bytes, limit: limits.max_bytes });
    }
    file.read().map_err(unreadable)
}

fn begins_with(file: &DataFile, magic: &[u8]) -> bool {
    let mut first = vec![0; magic.len()];
    // What cannot be opened says so when it is opened for reading.
    let read = match file.sealed_with() {
        Some(_) => file.open().is_ok_and(|file| file.reader().read_exact(&mut first).is_ok()),
        None => File::open(file.path()).and_then(|mut file| file.read_exact(&mut first)).is_ok(),
    };
    read && first == magic
}

fn preview_parquet(file: &DataFile) -> Result<Preview, IntakeError> {
    let (header, rows) = parquet_rows(file)?;
    intake::preview_rows(&header, rows)
}

/// A row, or why it could not be read.
type RowRead = Result<Vec<RowCell>, String>;

/// The header of a Parquet file and its rows, one after another.
pub(super) fn parquet_rows(file: &DataFile) -> Result<(Vec<String>, impl Iterator<Item = RowRead> + use<>), IntakeError> {
    let broken = |e: EngineError| IntakeError::Truncated { detail: format!("tệp Parquet: {e}") };
    let reader = ParquetReader::open(file, None).map_err(broken)?;
    let schema = reader.schema();
    for field in schema.fields() {
        if kind(field.data_type()).is_none() {
            let hint = format!("cột “{}” của tệp Parquet có kiểu {}", field.name(), field.data_type());
            return Err(IntakeError::NotATable { hint });
        }
    }
    let header = schema.fields().iter().map(|field| field.name().clone()).collect();
    let rows = reader.flat_map(|batch| match batch.and_then(|batch| plain(&batch)) {
        Ok((columns, count)) => (0..count).map(|row| Ok(columns.iter().map(|c| cell(c, row)).collect())).collect::<Vec<_>>(),
        Err(error) => vec![Err(error.to_string())],
    });
    Ok((header, rows))
}

/// The plain type that a column is read as; `None` for lists, structures and bytes.
fn kind(found: &DataType) -> Option<DataType> {
    match found {
        DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(DataType::Utf8),
        DataType::Dictionary(_, value) => kind(value).filter(|k| *k == DataType::Utf8),
        // Whole numbers beyond 64 bits with sign are kept as they are written.
        DataType::UInt64 => Some(DataType::Utf8),
        other if other.is_integer() => Some(DataType::Int64),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Some(DataType::Float64),
        DataType::Decimal128(_, _) => Some(found.clone()),
        DataType::Decimal32(p, s) | DataType::Decimal64(p, s) => Some(DataType::Decimal128(*p, *s)),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _) => Some(DataType::Date32),
        DataType::Boolean => Some(DataType::Boolean),
        _ => None,
    }
}

fn plain(batch: &RecordBatch) -> Result<(Vec<ArrayRef>, usize), EngineError> {
    let as_plain = |column: &ArrayRef| match kind(column.data_type()) {
        Some(kind) if kind == *column.data_type() => Ok(column.clone()),
        Some(kind) => cast(column, &kind).map_err(|e| EngineError::Query(e.to_string())),
        None => Err(EngineError::Query(format!("a column of type {} is no table column", column.data_type()))),
    };
    Ok((batch.columns().iter().map(as_plain).collect::<Result<Vec<_>, _>>()?, batch.num_rows()))
}

fn cell(column: &ArrayRef, row: usize) -> RowCell {
    if column.is_null(row) {
        return RowCell::Empty;
    }
    match column.data_type() {
        DataType::Utf8 => RowCell::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => RowCell::Int(column.as_primitive::<Int64Type>().value(row)),
        // Display of a float writes every digit and no exponent; a whole one has no point.
        DataType::Float64 => RowCell::Decimal(column.as_primitive::<Float64Type>().value(row).to_string()),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            Date::from_days_since_epoch(days).map_or(RowCell::Text(days.to_string()), RowCell::Date)
        }
        DataType::Boolean => RowCell::Text(if column.as_boolean().value(row) { "1" } else { "0" }.to_owned()),
        _ => rows::canonical(column, row).ok().flatten().map_or(RowCell::Empty, RowCell::Decimal),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::arrow::array::{BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, StringArray};
    use engine::arrow::datatypes::{Field, Schema};

    use super::*;

    #[test]
    fn cells_of_a_parquet_file_are_what_they_were() {
        let fields = [
            ("Họ và tên", DataType::Utf8),
            ("STT", DataType::Int32),
            ("Số tiền", DataType::Decimal128(12, 2)),
            ("Mức", DataType::Float64),
            ("Ngày sinh", DataType::Date32),
            ("Hộ nghèo", DataType::Boolean),
        ];
        let schema = Arc::new(Schema::new(fields.map(|(name, kind)| Field::new(name, kind, true)).to_vec()));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(vec![Some("Lê An"), None])),
            Arc::new(Int32Array::from(vec![1, 2])),
            Arc::new(Decimal128Array::from(vec![1_250_000_000, 50]).with_precision_and_scale(12, 2).unwrap()),
            Arc::new(Float64Array::from(vec![4.5, 1e15])),
            Arc::new(Date32Array::from(vec![Some(16_000), None])),
            Arc::new(BooleanArray::from(vec![true, false])),
        ];
        let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
        let folder = std::env::temp_dir().join(format!("ansinh-handed-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.parquet");
        let _ = std::fs::remove_file(&path);
        engine::write_parquet(&path, schema, &[batch]).unwrap();
        let (header, rows) = parquet_rows(&DataFile::plain(&path)).unwrap();
        assert_eq!(header[0], "Họ và tên");
        let rows: Vec<Vec<RowCell>> = rows.map(Result::unwrap).collect();
        let decimal = |text: &str| RowCell::Decimal(text.into());
        let day = Date::from_days_since_epoch(16_000).unwrap();
        assert_eq!(rows[0][1..4], [RowCell::Int(1), decimal("12500000"), decimal("4.5")]);
        assert_eq!(rows[0][4..], [RowCell::Date(day), RowCell::Text("1".into())]);
        assert_eq!((&rows[1][0], &rows[1][3]), (&RowCell::Empty, &decimal("1000000000000000")));
        assert!(
            matches!(&Handed::open(&DataFile::plain(&path), "b.parquet", &Limits::default()).unwrap()[0], Handed::Parquet { name, .. } if name == "b.parquet")
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
