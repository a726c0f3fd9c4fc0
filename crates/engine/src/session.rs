//! A session: one piece of work over the tables given to it, with the law bound.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{LogicalPlan, ScalarUDF};
use datafusion::prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext, lit};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use law::Law;

use crate::error::EngineError;
use crate::inspect::QueryFacts;
use crate::law_function::LawFunction;
use crate::row_check::RowCheck;

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

/// A query on its way.
///
/// Boxed on purpose: the code of an `async fn` is compiled in the crate that awaits it, so that each
/// crate with a query would compile DataFusion's planner again (measured: minutes a crate).
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// A session over named tables. Only `SELECT` runs in it.
#[derive(Clone)]
pub struct Session {
    context: SessionContext,
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
        Ok(Self { context })
    }

    /// Adds a table held in memory. `batches` may be empty: the schema says the columns.
    pub fn register_batches(&self, name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<(), EngineError> {
        let table = MemTable::try_new(schema, vec![batches])?;
        self.context.register_table(name, Arc::new(table))?;
        Ok(())
    }

    /// Adds a table lying in one Parquet file.
    pub fn register_parquet<'a>(&'a self, name: &'a str, path: &'a Path) -> Work<'a, ()> {
        Box::pin(self.register_one(name, path))
    }

    async fn register_one(&self, name: &str, path: &Path) -> Result<(), EngineError> {
        let text = utf8(path)?;
        let extension = path.extension().and_then(|e| e.to_str()).map(|e| format!(".{e}")).unwrap_or_default();
        let options = ParquetReadOptions::default().file_extension(&extension);
        self.context.register_parquet(name, text, options).await?;
        Ok(())
    }

    /// Adds several tables, each in one Parquet file.
    pub fn register_files<'a>(&'a self, files: &'a BTreeMap<String, PathBuf>) -> Work<'a, ()> {
        Box::pin(async move {
            for (name, path) in files {
                self.register_one(name, path).await?;
            }
            Ok(())
        })
    }

    /// Adds a table lying in several files, one after the other: a column of yes and no is true in rows of the first file and false in all others, whatever it
    /// is in them. A column of the first file that a later one does not have, since it is of an earlier build, is NULL in its rows.
    pub fn register_marked<'a>(&'a self, name: &'a str, column: &'a str, files: &'a [PathBuf]) -> Work<'a, ()> {
        Box::pin(async move {
            let mut whole: Option<DataFrame> = None;
            for (at, path) in files.iter().enumerate() {
                let text = utf8(path)?;
                let frame = self.context.read_parquet(text, ParquetReadOptions::default()).await?;
                let frame = frame.with_column(column, lit(at == 0))?;
                whole = Some(match whole {
                    None => frame,
                    Some(whole) => {
                        let frame = with_columns_of(&whole, frame)?;
                        whole.union(frame)?
                    }
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

/// A table with the columns of the first one, in its order: what it does not have is NULL.
fn with_columns_of(first: &DataFrame, table: DataFrame) -> datafusion::error::Result<DataFrame> {
    let names = |table: &DataFrame| -> Vec<String> { table.schema().fields().iter().map(|field| field.name().clone()).collect() };
    let wanted = names(first);
    if names(&table) == wanted {
        return Ok(table);
    }
    let mut table = table;
    for field in first.schema().fields() {
        if !table.schema().has_column_with_unqualified_name(field.name()) {
            table = table.with_column(field.name(), lit(ScalarValue::try_from(field.data_type())?))?;
        }
    }
    table.select_columns(&wanted.iter().map(String::as_str).collect::<Vec<_>>())
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
