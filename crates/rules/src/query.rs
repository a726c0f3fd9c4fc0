//! Reading a rule's SQL and refusing what a rule may not say, before anything is run.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use engine::datafusion::sql::sqlparser::ast::{
    Distinct, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident, ObjectName, Query, Select,
    SelectItem, SetExpr, Statement, TableFactor, Value, ValueWithSpan, WindowType,
};
use engine::datafusion::sql::sqlparser::dialect::GenericDialect;
use engine::datafusion::sql::sqlparser::parser::Parser;
use engine::datafusion::sql::sqlparser::tokenizer::Location;

use crate::error::{Place, Problem, RuleError};
use crate::vocabulary::{is_allowed, is_figure, is_figure_in_interval, needs_order};
use crate::walk::{Node, walk};

/// The place of what has none of its own.
const START: Location = Location { line: 1, column: 1 };

/// A query that passed, and what it uses.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub query: Query,
    /// Names of the result's columns, in order.
    pub columns: Vec<String>,
    /// Tables it reads, without the names of its own WITH clauses.
    pub tables: BTreeSet<String>,
    /// Keys it asks the law for.
    pub law: BTreeSet<String>,
    /// Names after `$`.
    pub values: BTreeSet<String>,
    /// Whether it is one SELECT over one table with a WHERE and nothing else.
    pub plain: bool,
}

/// Reads one SELECT; collects every fault it can see.
pub(crate) fn check(sql: &str, place: Place<'_>) -> Result<Checked, Vec<RuleError>> {
    let statements = Parser::parse_sql(&GenericDialect {}, sql).map_err(|error| {
        let (message, line, column) = located(&error.to_string());
        vec![place.error(line, column, Problem::Sql(message))]
    })?;
    let mut query = match <[Statement; 1]>::try_from(statements) {
        Ok([Statement::Query(query)]) => *query,
        Ok([other]) => {
            let word = other.to_string().split_whitespace().next().unwrap_or_default().to_uppercase();
            return Err(vec![place.error(1, 1, Problem::Sql(format!("a rule holds one SELECT; {word} is not allowed")))]);
        }
        Err(many) => {
            let found = many.len();
            return Err(vec![place.error(
                1,
                1,
                Problem::Sql(format!("a rule holds exactly one SELECT; found {found} statements")),
            )]);
        }
    };
    let mut reader =
        Reader { place, faults: Vec::new(), own: BTreeSet::new(), cleared: BTreeSet::new(), found: Found::default(), queries: 0 };
    let columns = reader.outermost(&query);
    walk(&mut query, &mut |node| reader.node(node));
    if reader.faults.is_empty() {
        let Found { tables, law, values } = reader.found;
        let own = reader.own;
        let tables = tables.into_iter().filter(|table| !own.contains(table)).collect();
        let plain = plain(&query);
        Ok(Checked { query, columns, tables, law, values, plain: plain && reader.queries == 1 })
    } else {
        Err(reader.faults)
    }
}

#[derive(Debug, Default)]
struct Found {
    tables: BTreeSet<String>,
    law: BTreeSet<String>,
    values: BTreeSet<String>,
}

struct Reader<'a> {
    place: Place<'a>,
    faults: Vec<RuleError>,
    /// Names that WITH clauses give.
    own: BTreeSet<String>,
    /// Starts of literals that are judged already: keys and selectors of law(), intervals, dates.
    cleared: BTreeSet<Location>,
    found: Found,
    /// SELECTs met, subqueries too.
    queries: usize,
}

impl Reader<'_> {
    fn fault(&mut self, at: Location, problem: Problem) {
        self.faults.push(self.place.error(at.line, at.column, problem));
    }

    fn refuse(&mut self, at: Location, message: impl Into<String>) {
        self.fault(at, Problem::Sql(message.into()));
    }

    /// The outermost query must be a plain SELECT … FROM … WHERE with named columns.
    fn outermost(&mut self, query: &Query) -> Vec<String> {
        let SetExpr::Select(select) = query.body.as_ref() else {
            self.refuse(
                START,
                "the outermost query must be one SELECT … FROM … WHERE, without UNION or VALUES; put those into a WITH",
            );
            return Vec::new();
        };
        if select.from.is_empty() || select.selection.is_none() {
            self.refuse(
                select.select_token.0.span.start,
                "the outermost SELECT needs FROM and WHERE: its conditions are what the cases test",
            );
        }
        select.projection.iter().filter_map(|item| self.column(item, select)).collect()
    }

    fn column(&mut self, item: &SelectItem, select: &Select) -> Option<String> {
        let name = match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(normal(alias)),
            SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(normal(name)),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().map(normal),
            _ => None,
        };
        if name.is_none() {
            let at = select.select_token.0.span.start;
            let what = match item {
                SelectItem::UnnamedExpr(_) => format!("`{item}` needs a name in the result: write `{item} AS name`"),
                _ => format!("`{item}`: name every column of the result"),
            };
            self.refuse(at, what);
        }
        name
    }

    fn function(&mut self, function: &Function) {
        let at = start_of(&function.name);
        let name = function.name.to_string().to_lowercase();
        if !is_allowed(&name) {
            self.refuse(at, format!("the function {name} is not among those a rule may call (docs/adding-a-rule.md lists them)"));
        }
        match &function.over {
            Some(WindowType::WindowSpec(window)) if needs_order(&name) && window.order_by.is_empty() => {
                self.refuse(at, format!("{name}() needs ORDER BY in its OVER (…), else its answer is chance"));
            }
            Some(WindowType::NamedWindow(_)) => self.refuse(at, format!("write the window of {name}() inside OVER (…)")),
            _ => {}
        }
        if name == "law" {
            self.law(function, at);
        }
    }

    /// `law('key', date [, 'selector'])`: the key is a literal, so that it can be declared and shown.
    fn law(&mut self, function: &Function, at: Location) {
        let FunctionArguments::List(list) = &function.args else {
            return self.refuse(at, "law() needs a key and a date: law('bhyt.break_days', $period_end)");
        };
        let literals: Vec<Option<(&String, Location)>> = list.args.iter().map(literal).collect();
        match literals.first() {
            Some(Some((key, start))) => {
                self.found.law.insert((*key).clone());
                self.cleared.insert(*start);
            }
            _ => return self.refuse(at, "the key of law() must be written as a literal: law('bhyt.break_days', …)"),
        }
        if !(2..=3).contains(&literals.len()) {
            self.refuse(at, "law() takes a key, a date and, where the law has one, a selector");
        }
        if let Some(Some((_, start))) = literals.get(2) {
            self.cleared.insert(*start);
        }
    }

    fn body(&mut self, body: &SetExpr, at: Location) {
        match body {
            SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) => {}
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, at);
                self.body(right, at);
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                self.refuse(at, "a rule only reads: INSERT, UPDATE, DELETE and MERGE are not allowed");
            }
            SetExpr::Table(_) => self.refuse(at, "write SELECT … FROM instead of TABLE"),
        }
    }
}

impl Reader<'_> {
    fn node(&mut self, node: Node<'_>) -> ControlFlow<()> {
        match node {
            Node::Query(query) => self.query(query),
            Node::Select(select) => self.select(select),
            Node::Statement => self.refuse(START, "a rule only reads: no statement may stand inside the SELECT"),
            Node::Table(factor) => self.table(factor),
            Node::Relation(relation) => self.relation(relation),
            Node::Expr(expression) => self.expression(expression),
            Node::Value(value) => self.value(value),
        }
        ControlFlow::Continue(())
    }

    fn query(&mut self, query: &Query) {
        self.queries += 1;
        let at = query.with.as_ref().map_or(START, |with| with.with_token.0.span.start);
        if let Some(with) = &query.with {
            if with.recursive {
                self.refuse(at, "WITH RECURSIVE is not allowed");
            }
            self.own.extend(with.cte_tables.iter().map(|cte| normal(&cte.alias.name)));
        }
        if query.limit_clause.is_some() || query.fetch.is_some() {
            self.refuse(at, "LIMIT, OFFSET and FETCH are not allowed: a rule names everything it finds");
        }
        let foreign = query.for_clause.is_some() || query.settings.is_some() || query.format_clause.is_some();
        if foreign || !query.locks.is_empty() || !query.pipe_operators.is_empty() {
            self.refuse(at, "FOR, SETTINGS, FORMAT and |> are not allowed");
        }
        self.body(&query.body, at);
    }

    fn select(&mut self, select: &Select) {
        let at = select.select_token.0.span.start;
        if matches!(select.distinct, Some(Distinct::On(_))) {
            self.refuse(at, "DISTINCT ON picks a row by chance; use row_number() with a full ORDER BY");
        }
        if select.into.is_some() {
            self.refuse(at, "a rule only reads: SELECT INTO is not allowed");
        }
        let foreign = select.top.is_some()
            || select.prewhere.is_some()
            || select.qualify.is_some()
            || !select.lateral_views.is_empty()
            || !select.connect_by.is_empty()
            || !select.cluster_by.is_empty()
            || !select.distribute_by.is_empty()
            || !select.sort_by.is_empty()
            || !select.named_window.is_empty();
        if foreign {
            self.refuse(at, "TOP, PREWHERE, QUALIFY, LATERAL VIEW, CONNECT BY, WINDOW and the like are not allowed");
        }
    }

    fn table(&mut self, factor: &TableFactor) {
        let plain = match factor {
            TableFactor::Table { args, version, sample, with_ordinality, .. } => {
                args.is_none() && version.is_none() && sample.is_none() && !with_ordinality
            }
            TableFactor::Derived { lateral, sample, .. } => !lateral && sample.is_none(),
            TableFactor::NestedJoin { .. } => true,
            _ => false,
        };
        if !plain {
            let at = if let TableFactor::Table { name, .. } = factor { start_of(name) } else { START };
            self.refuse(at, format!("`{factor}`: only tables and subqueries may stand in FROM"));
        }
    }

    fn relation(&mut self, relation: &ObjectName) {
        match (relation.0.len(), relation.0.first().and_then(|part| part.as_ident())) {
            (1, Some(name)) => {
                self.found.tables.insert(normal(name));
            }
            _ => self.refuse(start_of(relation), format!("`{relation}`: a table is named by its bare name")),
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Function(function) => self.function(function),
            Expr::TypedString(typed) => {
                self.cleared.insert(typed.value.span.start);
                self.fault(typed.value.span.start, Problem::Figure(typed.to_string()));
            }
            Expr::Interval(interval) => {
                if let Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), span }) = interval.value.as_ref() {
                    self.cleared.insert(span.start);
                    if is_figure_in_interval(text) {
                        self.fault(span.start, Problem::Figure(interval.to_string()));
                    }
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, value: &ValueWithSpan) {
        let at = value.span.start;
        if self.cleared.contains(&at) {
            return;
        }
        match &value.value {
            Value::Number(number, _) if number != "0" && number != "1" => self.fault(at, Problem::Figure(number.clone())),
            Value::SingleQuotedString(text) if is_figure(text) => self.fault(at, Problem::Figure(text.clone())),
            Value::Number(..) | Value::SingleQuotedString(_) | Value::Boolean(_) | Value::Null => {}
            Value::Placeholder(name) => {
                match name.strip_prefix('$').filter(|n| n.starts_with(|c: char| c.is_ascii_lowercase())) {
                    Some(name) => {
                        self.found.values.insert(name.to_owned());
                    }
                    None => self.refuse(at, format!("`{name}`: a value is named, as in $period_end")),
                }
            }
            other => self.refuse(at, format!("{other}: write texts in single quotes")),
        }
    }
}

/// Whether a query has no WITH, join, grouping, DISTINCT or order.
fn plain(query: &Query) -> bool {
    let SetExpr::Select(select) = query.body.as_ref() else { return false };
    let one_table = matches!(select.from.as_slice(), [from] if from.joins.is_empty());
    let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, more) if by.is_empty() && more.is_empty());
    query.with.is_none()
        && query.order_by.is_none()
        && one_table
        && !grouped
        && select.having.is_none()
        && select.distinct.is_none()
}

/// An argument that is a text in single quotes, and where it starts.
fn literal(argument: &FunctionArg) -> Option<(&String, Location)> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(ValueWithSpan {
            value: Value::SingleQuotedString(text),
            span,
        }))) => Some((text, span.start)),
        _ => None,
    }
}

fn start_of(name: &ObjectName) -> Location {
    name.0.first().and_then(|part| part.as_ident()).map_or(START, |ident| ident.span.start)
}

/// The name as the engine knows it: unquoted names are lower case.
fn normal(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

/// Takes the place out of a parser message that ends in `at Line: 1, Column: 5`.
fn located(message: &str) -> (String, u64, u64) {
    let bare = message.strip_prefix("sql parser error: ").unwrap_or(message);
    let Some((what, place)) = bare.rsplit_once(" at Line: ") else { return (bare.to_owned(), 1, 1) };
    let number = |text: &str| text.trim().parse().ok();
    match place.split_once(", Column: ").map(|(line, column)| (number(line), number(column))) {
        Some((Some(line), Some(column))) => (what.to_owned(), line, column),
        _ => (bare.to_owned(), 1, 1),
    }
}
