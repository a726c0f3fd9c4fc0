//! What a query reads, told from its plan.

use std::collections::BTreeSet;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::error::EngineError;
use crate::law_function::LAW_FUNCTION;

/// One use of `law('key', …)` in a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LawUse {
    /// The parameter's key; `None` when it is not a literal, which a rule may not do.
    pub key: Option<String>,
}

/// The tables, law keys and functions of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryFacts {
    /// Tables scanned.
    pub tables: BTreeSet<String>,
    /// Uses of `law()`.
    pub law: BTreeSet<LawUse>,
    /// Names of scalar, aggregate and window functions.
    pub functions: BTreeSet<String>,
}

impl QueryFacts {
    /// Walks a plan with its subqueries.
    pub fn of(plan: &LogicalPlan) -> Result<Self, EngineError> {
        let mut facts = Self::default();
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                facts.tables.insert(scan.table_name.table().to_owned());
            }
            node.apply_expressions(|expression| expression.apply(|part| Ok(facts.note(part))))
        })?;
        Ok(facts)
    }

    fn note(&mut self, expression: &Expr) -> TreeNodeRecursion {
        match expression {
            Expr::ScalarFunction(call) => {
                self.functions.insert(call.func.name().to_owned());
                if call.func.name() == LAW_FUNCTION {
                    let key = match call.args.first() {
                        Some(Expr::Literal(value, _)) => value.try_as_str().flatten().map(str::to_owned),
                        _ => None,
                    };
                    self.law.insert(LawUse { key });
                }
            }
            Expr::AggregateFunction(call) => {
                self.functions.insert(call.func.name().to_owned());
            }
            Expr::WindowFunction(call) => {
                self.functions.insert(call.fun.name().to_owned());
            }
            _ => {}
        }
        TreeNodeRecursion::Continue
    }
}
