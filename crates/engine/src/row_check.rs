//! A check of single rows: predicate and evidence compiled once, evaluated batch by batch.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, BooleanArray};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::SessionContext;

use crate::error::EngineError;

/// `SELECT evidence FROM context WHERE predicate`, ready for rows.
#[derive(Debug, Clone)]
pub struct RowCheck {
    predicate: Arc<dyn PhysicalExpr>,
    /// Columns that the predicate reads, as it was written: nothing is left out that simplifying it would drop.
    asks: BTreeSet<String>,
    outputs: Vec<Output>,
}

/// One column of the SELECT.
#[derive(Debug, Clone)]
struct Output {
    name: String,
    expression: Arc<dyn PhysicalExpr>,
    /// Columns that it reads.
    reads: BTreeSet<String>,
}

/// What a predicate says of the rows of a batch.
#[derive(Debug, Clone)]
pub struct RowAnswer {
    /// True where it holds; rows for which it is NULL count as false here.
    pub hits: BooleanArray,
    /// How many it holds for.
    pub found: usize,
    /// How many it could not say anything about.
    pub unknown: usize,
    /// True where it could not say anything; absent where it always could.
    pub missing: Option<BooleanArray>,
}

impl RowCheck {
    /// Compiles a plan of one SELECT over one table with a WHERE and nothing else.
    pub(crate) fn compile(context: &SessionContext, plan: &LogicalPlan) -> Result<Self, EngineError> {
        let other =
            || EngineError::Query("a row check is one SELECT … FROM a context WHERE …, without joins and aggregates".into());
        let LogicalPlan::Projection(projection) = plan else { return Err(other()) };
        let LogicalPlan::Filter(filter) = projection.input.as_ref() else { return Err(other()) };
        let mut below = filter.input.as_ref();
        while let LogicalPlan::SubqueryAlias(alias) = below {
            below = alias.input.as_ref();
        }
        if !matches!(below, LogicalPlan::TableScan(_)) {
            return Err(other());
        }
        let schema = filter.input.schema();
        let state = context.state();
        let simplify = SimplifyContext::builder()
            .with_schema(schema.clone())
            .with_config_options(state.config_options().clone())
            .with_query_execution_start_time(None)
            .build();
        let simplifier = ExprSimplifier::new(simplify);
        // Some functions, `coalesce` among them, exist only until they are simplified into others.
        let compile = |expression: &Expr| {
            let coerced = simplifier.coerce(expression.clone().unalias(), schema)?;
            state.create_physical_expr(simplifier.simplify(coerced)?, schema)
        };
        let predicate = compile(&filter.predicate)?;
        let names = projection.schema.fields().iter().map(|field| field.name().clone());
        let outputs = names
            .zip(&projection.expr)
            .map(|(name, expression)| Ok(Output { name, expression: compile(expression)?, reads: columns_of(expression) }));
        let asks = columns_of(&filter.predicate);
        Ok(Self { predicate, asks, outputs: outputs.collect::<Result<_, EngineError>>()? })
    }

    /// The columns that the WHERE and the first `outputs` columns of the SELECT read: what rows must have to be asked at all.
    pub fn reads(&self, outputs: usize) -> BTreeSet<String> {
        let of_outputs = self.outputs.iter().take(outputs).flat_map(|output| &output.reads);
        self.asks.iter().chain(of_outputs).cloned().collect()
    }

    /// Evaluates the predicate.
    pub fn ask(&self, batch: &RecordBatch) -> Result<RowAnswer, EngineError> {
        let array = self.predicate.evaluate(batch)?.into_array(batch.num_rows())?;
        let told = array.as_boolean_opt().ok_or_else(|| EngineError::Query("the WHERE of a row check is no yes or no".into()))?;
        let unknown = told.null_count();
        let hits = match told.nulls() {
            Some(valid) => BooleanArray::new(told.values() & valid.inner(), None),
            None => told.clone(),
        };
        let missing = told.nulls().filter(|_| unknown > 0).map(|valid| BooleanArray::new(!valid.inner(), None));
        Ok(RowAnswer { found: hits.true_count(), hits, unknown, missing })
    }

    /// The evidence of the rows that were hit, in their order.
    pub fn evidence(&self, batch: &RecordBatch, answer: &RowAnswer) -> Result<RecordBatch, EngineError> {
        let of_arrow = |e: datafusion::arrow::error::ArrowError| EngineError::Query(e.to_string());
        let rows = filter_record_batch(batch, &answer.hits).map_err(of_arrow)?;
        let mut fields = Vec::with_capacity(self.outputs.len());
        let mut columns = Vec::with_capacity(self.outputs.len());
        for output in &self.outputs {
            let array = output.expression.evaluate(&rows)?.into_array(rows.num_rows())?;
            fields.push(Field::new(&output.name, array.data_type().clone(), true));
            columns.push(array);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options).map_err(of_arrow)
    }
}

/// Names of the columns that an expression reads.
fn columns_of(expression: &Expr) -> BTreeSet<String> {
    expression.column_refs().into_iter().map(|column| column.name.clone()).collect()
}
