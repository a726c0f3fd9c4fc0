//! The one walk over a query's syntax tree.
//!
//! A visitor of the SQL parser is compiled for some five hundred kinds of node (half a minute of
//! compile time each), so there is one, and what is to be done at a node is a closure behind `dyn`.

use std::ops::ControlFlow;

use engine::datafusion::sql::sqlparser::ast::{
    Expr, ObjectName, Query, Select, Statement, TableFactor, ValueWithSpan, VisitMut, VisitorMut,
};

/// A node met on the walk, each before what lies inside it.
pub(crate) enum Node<'a> {
    Query(&'a Query),
    Select(&'a mut Select),
    Statement,
    Table(&'a TableFactor),
    Relation(&'a ObjectName),
    Expr(&'a Expr),
    Value(&'a ValueWithSpan),
}

/// Walks through the query and everything inside it until the closure says to stop.
pub(crate) fn walk(query: &mut Query, each: &mut dyn FnMut(Node<'_>) -> ControlFlow<()>) {
    let _: ControlFlow<()> = query.visit(&mut Walker { each });
}

struct Walker<'a> {
    each: &'a mut dyn FnMut(Node<'_>) -> ControlFlow<()>,
}

impl VisitorMut for Walker<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        (self.each)(Node::Query(query))
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        (self.each)(Node::Select(select))
    }

    fn pre_visit_statement(&mut self, _: &mut Statement) -> ControlFlow<()> {
        (self.each)(Node::Statement)
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        (self.each)(Node::Table(factor))
    }

    fn pre_visit_relation(&mut self, relation: &mut ObjectName) -> ControlFlow<()> {
        (self.each)(Node::Relation(relation))
    }

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        (self.each)(Node::Expr(expression))
    }

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<()> {
        (self.each)(Node::Value(value))
    }
}
