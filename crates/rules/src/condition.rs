//! Forcing the conditions of a query, to see whether the cases notice.

use std::ops::ControlFlow;

use engine::datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, Query, Select, SetExpr, Value};

use crate::walk::{Node, walk};

/// One way in which a query is bent.
#[derive(Debug, Clone)]
pub(crate) struct Bent {
    /// The bent query.
    pub query: Query,
    /// What was done, for the report.
    pub what: String,
    /// Whether a condition was forced true, so that only more can be found at that place.
    pub opened: bool,
}

/// The query with its outermost WHERE forced false and true, and with each single condition of each
/// WHERE and HAVING, also those of subqueries, forced true.
pub(crate) fn bends(query: &Query) -> Vec<Bent> {
    let mut bent = vec![
        Bent { query: outermost(query, false), what: "the outermost WHERE is forced false".into(), opened: false },
        Bent { query: outermost(query, true), what: "the outermost WHERE is forced true".into(), opened: true },
    ];
    for target in 0.. {
        let mut query = query.clone();
        let mut opener = Opener { target, seen: 0, opened: None };
        walk(&mut query, &mut |node| opener.node(node));
        match opener.opened {
            Some(condition) => {
                bent.push(Bent { query, what: format!("the condition `{condition}` is forced true"), opened: true });
            }
            None => break,
        }
    }
    bent
}

fn outermost(query: &Query, value: bool) -> Query {
    let mut query = query.clone();
    if let SetExpr::Select(select) = query.body.as_mut() {
        select.selection = Some(constant(value));
    }
    query
}

fn constant(value: bool) -> Expr {
    Expr::Value(Value::Boolean(value).with_empty_span())
}

/// Replaces the condition of a number, counted through all SELECTs in the order they are met.
struct Opener {
    target: usize,
    seen: usize,
    opened: Option<String>,
}

impl Opener {
    fn node(&mut self, node: Node<'_>) -> ControlFlow<()> {
        if let Node::Select(select) = node {
            self.select(select);
        }
        if self.opened.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn select(&mut self, select: &mut Select) {
        for condition in [&mut select.selection, &mut select.having].into_iter().flatten() {
            self.conditions(condition);
        }
    }

    fn conditions(&mut self, condition: &mut Expr) {
        match condition {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.conditions(left);
                self.conditions(right);
            }
            Expr::Nested(inner) => self.conditions(inner),
            single => {
                if self.seen == self.target && self.opened.is_none() {
                    self.opened = Some(single.to_string());
                    *single = constant(true);
                }
                self.seen += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::query::check;

    #[test]
    fn every_condition_is_opened_once() {
        let sql = "SELECT p.a FROM t p WHERE p.a > 0 AND (p.b OR p.c) AND NOT EXISTS (SELECT 1 FROM u WHERE u.a = p.a AND u.d)";
        let query = check(sql, Place { file: "x", lines_before: 0 }).unwrap().query;
        let what: Vec<String> = bends(&query).into_iter().map(|bent| bent.what).collect();
        assert_eq!(
            what,
            [
                "the outermost WHERE is forced false",
                "the outermost WHERE is forced true",
                "the condition `p.a > 0` is forced true",
                "the condition `p.b OR p.c` is forced true",
                "the condition `NOT EXISTS (SELECT 1 FROM u WHERE u.a = p.a AND u.d)` is forced true",
                "the condition `u.a = p.a` is forced true",
                "the condition `u.d` is forced true",
            ]
        );
    }
}
