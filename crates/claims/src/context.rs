//! Dossiers as rows of the contexts that rules are written over.

use std::collections::BTreeMap;

use base::{Amount, Date};
use claimfile::{Dossier, Forms, Kind, Lists, TableId, parse_day, parse_time};
use engine::arrow::record_batch::RecordBatch;
use law::Law;
use law::calc::Calendar;
use rules::TableSchemas;

use crate::catalogue::Catalogues;
use crate::cell::{Cell, Columns};
use crate::error::ClaimsError;
use crate::facts::beside::Beside;
use crate::facts::line::Line;
use crate::facts::paper::{PAPERS, Paper};
use crate::facts::places::Places;
use crate::facts::visit::{Grain, Sources, Visit};

/// Names of all contexts.
pub fn names() -> impl Iterator<Item = &'static str> {
    ["claim_visit", "claim_line"].into_iter().chain(PAPERS.iter().map(|(context, _)| *context))
}

/// Is shown the facts of a dossier.
pub(crate) type SeenBy<'v> = dyn FnMut(&Visit<'_>, &[Line<'_>], &Places) -> Result<(), ClaimsError> + 'v;

/// Turns dossiers into rows of every context.
pub struct Contexts<'s> {
    forms: &'s Forms,
    lists: &'s Lists,
    law: &'s Law,
    catalogues: &'s Catalogues,
    calendar: Calendar,
    places: Places,
    filled: BTreeMap<&'static str, Filled>,
}

/// A context and where its cells come from.
struct Filled {
    columns: Columns,
    /// For each table that it carries: column, place in the form and kind.
    carried: BTreeMap<TableId, Vec<(usize, usize, Kind)>>,
    /// Place of the first own column.
    own: usize,
    width: usize,
    names: Vec<String>,
    /// Where the names of the own columns of the last row lie: the same code gives the same, so that they are not compared letter by letter each time.
    checked: Vec<usize>,
}

impl<'s> Contexts<'s> {
    /// Binds the contracts to the forms; an error when a contract holds what the program does not fill.
    pub fn new(
        forms: &'s Forms,
        lists: &'s Lists,
        law: &'s Law,
        schemas: &TableSchemas,
        catalogues: &'s Catalogues,
    ) -> Result<Self, ClaimsError> {
        for name in ["ma_nhom", "ma_loai_kcb", "ma_doituong_kcb", "gioi_tinh", "the_bhyt_muc", "the_bhyt_nhom", "mien_so_dang_ky"]
        {
            lists.get(name).ok_or(ClaimsError::List(name))?;
        }
        let mut filled = BTreeMap::new();
        for context in names() {
            filled.insert(context, Filled::new(context, forms, schemas)?);
        }
        let calendar = Calendar::of(law)
            .map_err(|error| ClaimsError::Context { context: "calendar".to_owned(), detail: error.to_string() })?;
        Ok(Self { forms, lists, law, catalogues, calendar, places: Places::of(forms)?, filled })
    }

    /// Adds one dossier under a number. Those that [`claimfile::check`] refuses have no place here.
    pub fn add(&mut self, number: i64, dossier: &Dossier, received: Option<Date>) -> Result<(), ClaimsError> {
        self.add_seen(number, dossier, received, &mut |_, _, _| Ok(()))
    }

    /// Adds one dossier and shows what was worked out of it, so that nobody has to do it twice.
    pub(crate) fn add_seen(
        &mut self,
        number: i64,
        dossier: &Dossier,
        received: Option<Date>,
        seen: &mut SeenBy<'_>,
    ) -> Result<(), ClaimsError> {
        self.add_of(Grain::Dossier, number, dossier, received, seen)
    }

    /// Adds a row of sheets 79a and 80a: a dossier that has XML1 alone, and of it what the sheet says. When the facility sent it is not told.
    pub(crate) fn add_sheet(&mut self, number: i64, dossier: &Dossier, seen: &mut SeenBy<'_>) -> Result<(), ClaimsError> {
        self.add_of(Grain::Sheet, number, dossier, None, seen)
    }

    fn add_of(
        &mut self,
        grain: Grain,
        number: i64,
        dossier: &Dossier,
        received: Option<Date>,
        seen: &mut SeenBy<'_>,
    ) -> Result<(), ClaimsError> {
        let sources = Sources {
            places: &self.places,
            lists: self.lists,
            law: self.law,
            calendar: &self.calendar,
            catalogues: self.catalogues,
        };
        let Some(visit) = Visit::of(dossier, grain, &sources) else { return Ok(()) };
        let lines = Line::all(dossier, &visit, &sources);
        let standard = visit.end_day().map_or("qd130", |day| self.forms.standards().on(day).as_str());
        let cells = visit.cells(number, received, standard, dossier, &lines, &sources);
        push(&mut self.filled, "claim_visit", TableId::XML1, visit.row, &cells)?;
        seen(&visit, &lines, &self.places)?;
        let beside = Beside::of(&lines, dossier, &sources);
        for (at, line) in lines.iter().enumerate() {
            let cells = line.cells(at, number, &visit, &beside, &sources);
            push(&mut self.filled, "claim_line", line.table, line.row, &cells)?;
        }
        for (context, table) in PAPERS {
            let Some(form) = TableId::parse(table).and_then(|id| self.forms.get(id)) else { continue };
            for (at, row) in dossier.each(form.id).enumerate() {
                let paper = Paper { row, form, number: at + 1 };
                let cells = paper.cells(context, number, &visit, &lines, &sources);
                push(&mut self.filled, context, form.id, row, &cells)?;
            }
        }
        Ok(())
    }

    /// Fills no other context from now on.
    pub(crate) fn only(&mut self, context: &str) {
        self.filled.retain(|name, _| *name == context);
    }

    /// Rows waiting in a context.
    pub fn waiting(&self, context: &str) -> usize {
        self.filled.get(context).map_or(0, |filled| filled.columns.rows())
    }

    /// The rows of a context since it was last taken.
    pub fn take(&mut self, context: &str) -> Result<RecordBatch, ClaimsError> {
        let missing = || ClaimsError::Context { context: context.to_owned(), detail: "no such context".to_owned() };
        Ok(self.filled.get_mut(context).ok_or_else(missing)?.columns.take()?)
    }
}

impl Filled {
    fn new(context: &str, forms: &Forms, schemas: &TableSchemas) -> Result<Self, ClaimsError> {
        let wrong = |detail: String| ClaimsError::Context { context: context.to_owned(), detail };
        let contract = schemas.get(context).ok_or_else(|| wrong("there is no contract".to_owned()))?;
        let names: Vec<String> = contract.columns.iter().map(|column| column.name.clone()).collect();
        let own = names.iter().position(|name| name == "visit_id").ok_or_else(|| wrong("visit_id is missing".to_owned()))?;
        let mut carried = BTreeMap::new();
        for table in tables_of(context) {
            let Some(form) = TableId::parse(table).and_then(|id| forms.get(id)) else { continue };
            let places = names[..own].iter().enumerate().filter_map(|(at, name)| {
                let place = form.columns.iter().position(|column| column.field() == *name)?;
                let birth = form.columns[place].name == "NGAY_SINH";
                Some((at, place, if birth { Kind::Text } else { form.columns[place].kind }))
            });
            carried.insert(form.id, places.collect());
        }
        Ok(Self { columns: Columns::new(contract.arrow())?, carried, own, width: names.len(), names, checked: Vec::new() })
    }
}

/// The one table that a context of papers carries.
pub(crate) fn table_of(context: &str) -> Option<&'static str> {
    PAPERS.iter().find(|(name, _)| *name == context).map(|(_, table)| *table)
}

fn tables_of(context: &str) -> Vec<&'static str> {
    match context {
        "claim_visit" => vec!["xml1"],
        "claim_line" => vec!["xml2", "xml3"],
        _ => PAPERS.iter().filter(|(name, _)| *name == context).map(|(_, table)| *table).collect(),
    }
}

/// Appends a row: the carried cells by kind, then the own ones.
fn push(
    filled: &mut BTreeMap<&'static str, Filled>,
    context: &'static str,
    table: TableId,
    row: claimfile::Row<'_>,
    own: &[(&'static str, Cell<'_>)],
) -> Result<(), ClaimsError> {
    let Some(filled) = filled.get_mut(context) else { return Ok(()) };
    let mut cells = vec![Cell::Null; filled.width];
    for (at, place, kind) in filled.carried.get(&table).into_iter().flatten() {
        let Some(text) = row.get(*place) else { continue };
        cells[*at] = match kind {
            Kind::Code | Kind::Text | Kind::List => Cell::Text(text),
            Kind::Number => Amount::parse(text).ok().into(),
            Kind::Count => text.parse::<i64>().ok().into(),
            Kind::Time => parse_time(text).into(),
            Kind::Day => parse_day(text).into(),
        };
    }
    let at = |name: &str| name.as_ptr().addr();
    if own.len() != filled.checked.len() || own.iter().zip(&filled.checked).any(|((name, _), known)| at(name) != *known) {
        let differs = own.len() != filled.width - filled.own
            || own.iter().zip(&filled.names[filled.own..]).any(|((name, _), known)| name != known);
        if differs {
            let detail = format!("its own columns must be {}", own.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
            return Err(ClaimsError::Context { context: context.to_owned(), detail });
        }
        filled.checked = own.iter().map(|(name, _)| at(name)).collect();
    }
    for (cell, (_, value)) in cells[filled.own..].iter_mut().zip(own) {
        *cell = *value;
    }
    Ok(filled.columns.push(&cells)?)
}
