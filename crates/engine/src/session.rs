//! A session: one piece of work over the tables given to it, with the law bound.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::datasource::MemTable;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{LogicalPlan, ScalarUDF};
use datafusion::prelude::{DataFrame, Expr, ParquetReadOptions, SessionConfig, SessionContext, ident, lit};
use datafusion::scalar::ScalarValue;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use law::Law;

use crate::data_file::DataFile;
use crate::error::EngineError;
use crate::inspect::QueryFacts;
use crate::law_function::LawFunction;
use crate::row_check::RowCheck;
use crate::sealed_store::{PLACE, SealedStore};

/// How a session may use the machine. None of it changes a result, only its cost.
#[derive(Debug, Clone)]
pub struct Options {
    /// Parts a plan is split into; 1 for interactive queries.
    pub partitions: usize,
    /// Memory in megabytes that joins, sorts and aggregates may take; `None` leaves it unbounded.
    pub memory_mb: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self { partitions: 1, memory_mb: None }
    }
}

/// Opened chunks of a sealed table that a session keeps: a query asks for whole ranges, and sessions of the portal stay, with all tables of a run.
const KEPT: usize = 4;

/// A query on its way.
///
/// Boxed on purpose: the code of an `async fn` is compiled in the crate that awaits it, so that each
/// crate with a query would compile DataFusion's planner again (measured: minutes a crate).
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// A session over named tables. Only `SELECT` runs in it.
#[derive(Clone)]
pub struct Session {
    context: SessionContext,
    sealed: Arc<SealedStore>,
}

impl Session {
    /// Makes an empty session whose `law()` answers from `law`.
    pub fn new(law: &Law, options: &Options) -> Result<Self, EngineError> {
        let mut config = SessionConfig::new().with_target_partitions(options.partitions.max(1)).with_information_schema(false);
        // Statistics of files must never decide a result; identifiers are written as they are stored.
        config.options_mut().execution.parquet.pushdown_filters = true;
        config.options_mut().sql_parser.enable_ident_normalization = true;
        config.options_mut().execution.time_zone = None;
        let mut runtime = RuntimeEnvBuilder::new();
        if let Some(megabytes) = options.memory_mb {
            runtime = runtime.with_memory_pool(Arc::new(FairSpillPool::new(megabytes * 1024 * 1024)));
        }
        let context = SessionContext::new_with_config_rt(config, Arc::new(runtime.build()?));
        context.register_udf(ScalarUDF::new_from_impl(LawFunction::new(law.clone())));
        let sealed = Arc::new(SealedStore::default());
        context.register_object_store(ObjectStoreUrl::parse(PLACE)?.as_ref(), sealed.clone());
        Ok(Self { context, sealed })
    }

    /// Adds a table held in memory. `batches` may be empty: the schema says the columns.
    pub fn register_batches(&self, name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<(), EngineError> {
        let table = MemTable::try_new(schema, vec![batches])?;
        self.context.register_table(name, Arc::new(table))?;
        Ok(())
    }

    /// Adds a table lying in one Parquet file, plain or sealed.
    pub fn register_parquet<'a>(&'a self, name: &'a str, file: impl Into<DataFile>) -> Work<'a, ()> {
        self.register_file(name, file.into())
    }

    fn register_file<'a>(&'a self, name: &'a str, file: DataFile) -> Work<'a, ()> {
        Box::pin(async move {
            let (address, ending) = self.address(&file)?;
            let options = ParquetReadOptions::default().file_extension(&ending);
            self.context.register_parquet(name, address, options).await?;
            Ok(())
        })
    }

    /// Where DataFusion finds a file, and how its name ends: its path, or a number among the sealed tables, which were opened.
    fn address(&self, file: &DataFile) -> Result<(String, String), EngineError> {
        if let Some(sealed) = file.open_keeping(Some(KEPT))?.sealed() {
            return Ok((self.sealed.add(sealed.clone()), ".parquet".to_owned()));
        }
        let ending = file.path().extension().and_then(|e| e.to_str()).map(|e| format!(".{e}")).unwrap_or_default();
        Ok((utf8(file.path())?.to_owned(), ending))
    }

    /// Adds a table lying in several files, one after the other: a column of yes and no is true in rows of the first file and false in all others, whatever it
    /// is in them. The columns are those of the first file; one that another file does not have, because an older program wrote it, is NULL in its rows. `key` is
    /// the column by which rows of a file are left out.
    pub fn register_marked<'a>(&'a self, name: &'a str, (column, key): (&'a str, &'a str), files: &'a [Marked]) -> Work<'a, ()> {
        Box::pin(async move {
            let mut whole: Option<DataFrame> = None;
            let mut columns: Vec<(String, DataType)> = Vec::new();
            for (at, file) in files.iter().enumerate() {
                let (address, _) = self.address(&file.file)?;
                let mut frame = self.context.read_parquet(address, ParquetReadOptions::default()).await?;
                if !file.without.is_empty() {
                    let out = file.without.iter().map(|number| lit(*number)).collect();
                    frame = frame.filter(ident(key).in_list(out, true))?;
                }
                let frame = frame.with_column(column, lit(at == 0))?;
                whole = Some(match whole {
                    None => {
                        let fields = frame.schema().fields().iter();
                        columns = fields.map(|field| (field.name().clone(), field.data_type().clone())).collect();
                        frame
                    }
                    Some(whole) => whole.union(with_columns(frame, &columns)?)?,
                });
            }
            if let Some(whole) = whole {
                self.context.register_table(name, whole.into_view())?;
            }
            Ok(())
        })
    }

    /// Whether a table of this name is there.
    pub fn has_table(&self, name: &str) -> bool {
        self.context.table_exist(name).unwrap_or(false)
    }

    /// Runs one `SELECT` and returns its rows. Order is what the query's ORDER BY says, nothing else.
    pub fn collect<'a>(&'a self, sql: &'a str) -> Work<'a, Vec<RecordBatch>> {
        Box::pin(async move { Ok(self.frame(sql).await?.collect().await?) })
    }

    /// Runs one `SELECT` and returns its schema as well, which an empty answer does not show.
    pub fn collect_with_schema<'a>(&'a self, sql: &'a str) -> Work<'a, (SchemaRef, Vec<RecordBatch>)> {
        Box::pin(async move {
            let frame = self.frame(sql).await?;
            let schema: SchemaRef = Arc::new(frame.schema().as_arrow().clone());
            Ok((schema, frame.collect().await?))
        })
    }

    /// What a query reads and which law it uses, without running it.
    pub fn facts<'a>(&'a self, sql: &'a str) -> Work<'a, QueryFacts> {
        Box::pin(async move { QueryFacts::of(&self.plan(sql).await?) })
    }

    /// The checked logical plan of one `SELECT`.
    pub fn plan<'a>(&'a self, sql: &'a str) -> Work<'a, LogicalPlan> {
        Box::pin(async move { Ok(self.frame(sql).await?.logical_plan().clone()) })
    }

    /// Compiles one `SELECT … FROM a registered table WHERE …` for rows: see [`RowCheck`].
    pub fn row_check<'a>(&'a self, sql: &'a str) -> Work<'a, RowCheck> {
        Box::pin(async move { RowCheck::compile(&self.context, self.frame(sql).await?.logical_plan()) })
    }

    async fn frame(&self, sql: &str) -> Result<DataFrame, EngineError> {
        let only_select = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        Ok(self.context.sql_with_options(sql, only_select).await?)
    }
}

/// A file of [`Session::register_marked`].
#[derive(Debug, Clone)]
pub struct Marked {
    /// Where it lies.
    pub file: DataFile,
    /// Whole numbers in the key column: rows with these are left out.
    pub without: Vec<i64>,
}

/// A frame with just these columns in their order; those that it does not have are NULL.
fn with_columns(frame: DataFrame, columns: &[(String, DataType)]) -> Result<DataFrame, EngineError> {
    let schema = frame.schema();
    if schema.fields().iter().map(|field| field.name()).eq(columns.iter().map(|(name, _)| name)) {
        return Ok(frame);
    }
    let mut wanted: Vec<Expr> = Vec::with_capacity(columns.len());
    for (name, kind) in columns {
        wanted.push(if schema.has_column_with_unqualified_name(name) {
            ident(name.as_str())
        } else {
            lit(ScalarValue::try_from(kind)?).alias(name.as_str())
        });
    }
    Ok(frame.select(wanted)?)
}

fn utf8(path: &Path) -> Result<&str, EngineError> {
    let detail = || "the path is not valid UTF-8".to_owned();
    path.to_str().ok_or_else(|| EngineError::File { path: path.display().to_string(), detail: detail() })
}

/// Puts values in the place of `$name` tokens: texts of SQL literals such as `DATE '2026-10-31'`.
///
/// Works on tokens, so a `$name` inside a quoted text stays text. Every `$name` needs a value.
pub fn bind_values(sql: &str, values: &BTreeMap<String, String>) -> Result<String, EngineError> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().map_err(|e| EngineError::Query(e.to_string()))?;
    let mut bound = String::with_capacity(sql.len());
    for token in tokens {
        match &token {
            Token::Placeholder(name) => {
                let name = name.trim_start_matches('$');
                bound.push_str(values.get(name).ok_or_else(|| EngineError::UnboundValue(name.to_owned()))?);
            }
            other => bound.push_str(&other.to_string()),
        }
    }
    Ok(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_replace_tokens_and_leave_texts_alone() {
        let values = BTreeMap::from([("period_end".to_owned(), "DATE '2026-10-31'".to_owned())]);
        let bound = bind_values("SELECT '$period_end' WHERE d = $period_end", &values).unwrap();
        assert_eq!(bound, "SELECT '$period_end' WHERE d = DATE '2026-10-31'");
        assert!(matches!(bind_values("SELECT $other", &values), Err(EngineError::UnboundValue(n)) if n == "other"));
    }
}
