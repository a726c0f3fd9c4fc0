//! The numbers of one run that pages show without a query: indicators by area and denominator, their course over the
//! periods, forecasts, and how many people stand on which list.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use base::{Area, CommuneCode, Month, RunId, Scope};
use book::{Book, BookError, RunManifest};
use chapter::{App, PageError};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Session, rows};
use web::Percent;

use crate::part_counts::PartCounts;
use crate::serving::Snapshot;
use crate::support_figures::SupportFigures;

/// An indicator of an area on one denominator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// `register`, or the word of a source.
    pub(crate) basis: String,
    /// The denominator that is followed.
    pub(crate) main: bool,
    pub(crate) numerator: Option<i64>,
    pub(crate) denominator: Option<i64>,
    /// Part of the numerator without rows.
    pub(crate) aggregate: i64,
    pub(crate) aggregate_source: Option<String>,
    /// Participants who are no known residents; not in the numerator.
    pub(crate) unmatched: Option<i64>,
    /// Residents of whom it is not known.
    pub(crate) unknown: Option<i64>,
    /// Where the denominator comes from.
    pub(crate) source: Option<String>,
}

impl Line {
    /// The share; none when a part is missing.
    pub(crate) fn share(&self) -> Option<Percent> {
        Percent::of(self.numerator?, self.denominator?)
    }

    /// Adds the numbers of another area on the same denominator.
    fn add(&mut self, other: &Line) {
        let sum = |a: Option<i64>, b: Option<i64>| Some(a? + b?);
        self.numerator = sum(self.numerator, other.numerator);
        self.denominator = sum(self.denominator, other.denominator);
        self.aggregate += other.aggregate;
        self.unmatched = sum(self.unmatched, other.unmatched);
        self.unknown = sum(self.unknown, other.unknown);
        self.aggregate_source = self.aggregate_source.take().or_else(|| other.aggregate_source.clone());
    }
}

/// Forecast to the end of the year (ước thực hiện), with its band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forecast {
    /// Value, lower and upper bound; none with too few periods.
    pub(crate) share: Option<(Percent, Percent, Percent)>,
    /// Periods it rests on.
    pub(crate) periods: i64,
}

/// Place of an indicator: its id and the commune; none is the city.
type Key = (String, Option<CommuneCode>);

/// Numerator and denominator of a month.
type Counts = (i64, i64);

/// The numbers of one run.
pub(crate) struct Figures {
    pub(crate) run: RunManifest,
    lines: BTreeMap<Key, Vec<Line>>,
    history: BTreeMap<Key, BTreeMap<Month, Counts>>,
    forecasts: BTreeMap<(String, Option<CommuneCode>, String), Forecast>,
    /// People not covered, by scheme and commune.
    open: BTreeMap<(String, Option<CommuneCode>), i64>,
    /// People behind each part of an indicator.
    pub(crate) parts: PartCounts,
    /// Who is entitled to support, and what the quarter costs.
    pub(crate) support: SupportFigures,
}

/// The numbers of the newest run shown.
#[derive(Default)]
pub(crate) struct Serving {
    shown: RwLock<Option<Arc<Figures>>>,
    /// Held while numbers are counted: one request does it for all.
    reading: tokio::sync::Mutex<()>,
}

impl Serving {
    /// The numbers of the run that a snapshot shows, so that a page never mixes two runs.
    pub(crate) async fn of(&self, app: &App, snapshot: &Snapshot) -> Result<Arc<Figures>, PageError> {
        if let Some(known) = self.known(&snapshot.run) {
            return Ok(known);
        }
        let _reading = self.reading.lock().await;
        if let Some(known) = self.known(&snapshot.run) {
            return Ok(known);
        }
        let read = Figures::read(&app.book, &snapshot.run, &snapshot.session).await.map_err(|e| PageError::inner(&e))?;
        let fresh = Arc::new(read);
        *self.shown.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }

    fn known(&self, run: &RunId) -> Option<Arc<Figures>> {
        let shown = self.shown.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        shown.filter(|known| known.run.id == *run)
    }
}

impl Figures {
    async fn read(book: &Book, id: &RunId, session: &Session) -> Result<Self, BookError> {
        let run = book.run(id)?;
        let mut figures = Self {
            run,
            lines: BTreeMap::new(),
            history: BTreeMap::new(),
            forecasts: BTreeMap::new(),
            open: BTreeMap::new(),
            parts: PartCounts::read(session).await?,
            support: SupportFigures::read(session).await?,
        };
        let tables = figures.run.tables();
        if let Some(table) = tables.get("indicator") {
            for batch in book.read_table(table, None)? {
                figures.read_lines(&batch)?;
            }
        }
        if let Some(table) = tables.get("indicator_forecast") {
            for batch in book.read_table(table, None)? {
                figures.read_forecasts(&batch)?;
            }
        }
        figures.read_history(book)?;
        if tables.contains_key("coverage_count") {
            figures.read_open(session).await?;
        }
        Ok(figures)
    }

    fn read_lines(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        for (key, _, line) in lines_of(batch)? {
            self.lines.entry(key).or_default().push(line);
        }
        Ok(())
    }

    fn read_forecasts(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let (ids, communes, bases) = (rows::text(batch, "id")?, rows::text(batch, "commune")?, rows::text(batch, "basis")?);
        let (value, low, high) = (rows::int(batch, "value")?, rows::int(batch, "low")?, rows::int(batch, "high")?);
        let periods = rows::int(batch, "periods")?;
        for row in 0..batch.num_rows() {
            let millionths = |column| Percent::of(rows::int_at(column, row)?, 1_000_000);
            let commune = rows::text_at(&communes, row).and_then(CommuneCode::parse);
            let share = millionths(&value).and_then(|v| Some((v, millionths(&low)?, millionths(&high)?)));
            let key = (ids.value(row).to_owned(), commune, bases.value(row).to_owned());
            self.forecasts.insert(key, Forecast { share, periods: periods.value(row) });
        }
        Ok(())
    }

    /// The course of each indicator on the denominator that is followed now: earlier periods as the run carried them on, or,
    /// in runs of earlier programs, as the runs of those periods said.
    fn read_history(&mut self, book: &Book) -> Result<(), BookError> {
        let own = self.run.period;
        if let Some(table) = self.run.tables().remove("indicator_history") {
            for batch in book.read_table(&table, None)? {
                self.take_history(lines_of(&batch)?);
            }
        } else {
            for state in book.periods()?.into_iter().filter(|s| s.period < own) {
                let Some(table) = book.run(&state.run)?.tables().remove("indicator") else { continue };
                for batch in book.read_table(&table, None)? {
                    self.take_history(lines_of(&batch)?);
                }
            }
        }
        let now: Vec<(Key, Month, Line)> =
            self.lines.iter().flat_map(|(key, lines)| lines.iter().map(|line| (key.clone(), own, line.clone()))).collect();
        self.take_history(now);
        Ok(())
    }

    fn take_history(&mut self, lines: Vec<(Key, Month, Line)>) {
        for (key, month, line) in lines {
            let followed = self.main(&key).is_some_and(|now| now.basis == line.basis);
            if let (true, Some(over), Some(under)) = (followed, line.numerator, line.denominator) {
                self.history.entry(key).or_default().insert(month, (over, under));
            }
        }
    }

    async fn read_open(&mut self, session: &Session) -> Result<(), EngineError> {
        let sql = "SELECT scheme, commune, sum(people) AS people FROM coverage_count WHERE state = 'not_covered' GROUP BY 1, 2";
        for batch in session.collect(sql).await? {
            let (schemes, communes) = (rows::text(&batch, "scheme")?, rows::text(&batch, "commune")?);
            let people = rows::int(&batch, "people")?;
            for row in 0..batch.num_rows() {
                let commune = rows::text_at(&communes, row).and_then(CommuneCode::parse);
                *self.open.entry((schemes.value(row).to_owned(), commune)).or_default() += people.value(row);
            }
        }
        Ok(())
    }

    /// People who are not covered in a scheme (`health`, `social`, `jobless`) within a scope; none when it was not worked out.
    pub(crate) fn open(&self, scheme: &str, scope: &Scope) -> Option<i64> {
        let of_scheme = self.open.iter().filter(|((known, _), _)| known == scheme);
        let seen = of_scheme.filter(|((_, commune), _)| scope.sees(commune.as_ref()));
        (!self.open.is_empty()).then(|| seen.map(|(_, people)| people).sum())
    }

    fn main(&self, key: &Key) -> Option<&Line> {
        let lines = self.lines.get(key)?;
        lines.iter().find(|line| line.main).or_else(|| lines.first())
    }

    /// The indicator of a commune, or of the city, on the denominator that is followed.
    pub(crate) fn of(&self, id: &str, commune: Option<&CommuneCode>) -> Option<&Line> {
        self.main(&(id.to_owned(), commune.cloned()))
    }

    /// The indicator on every denominator, the followed one first.
    pub(crate) fn all(&self, id: &str, commune: Option<&CommuneCode>) -> Vec<&Line> {
        let mut lines: Vec<&Line> = self.lines.get(&(id.to_owned(), commune.cloned())).into_iter().flatten().collect();
        lines.sort_by_key(|line| !line.main);
        lines
    }

    /// The indicator of what a viewer sees: the city, or the sum of some communes.
    pub(crate) fn seen(&self, id: &str, scope: &Scope) -> Option<Line> {
        match &scope.area {
            Area::City => self.of(id, None).cloned(),
            Area::Communes(own) => {
                let mut lines = own.iter().filter_map(|code| self.of(id, Some(code)));
                let mut sum = lines.next()?.clone();
                lines.for_each(|line| sum.add(line));
                Some(sum)
            }
        }
    }

    /// The course of the same, oldest first: share by month.
    pub(crate) fn course(&self, id: &str, scope: &Scope) -> Vec<(Month, Percent)> {
        match &scope.area {
            Area::City => self.course_of(id, None),
            Area::Communes(own) => {
                let mut months: BTreeMap<Month, Counts> = BTreeMap::new();
                for code in own {
                    for (month, (over, under)) in self.history.get(&(id.to_owned(), Some(code.clone()))).into_iter().flatten() {
                        let sum = months.entry(*month).or_default();
                        *sum = (sum.0 + over, sum.1 + under);
                    }
                }
                shares(&months)
            }
        }
    }

    /// The course of one commune, or of the city.
    pub(crate) fn course_of(&self, id: &str, commune: Option<&CommuneCode>) -> Vec<(Month, Percent)> {
        self.history.get(&(id.to_owned(), commune.cloned())).map(shares).unwrap_or_default()
    }

    /// The forecast of a commune, or of the city, on the followed denominator.
    pub(crate) fn forecast(&self, id: &str, commune: Option<&CommuneCode>) -> Option<&Forecast> {
        let basis = self.of(id, commune)?.basis.clone();
        self.forecasts.get(&(id.to_owned(), commune.cloned(), basis))
    }
}

/// The city's indicators of any run, on the denominators it followed.
pub(crate) fn city_of(book: &Book, run: &RunManifest) -> Result<BTreeMap<String, Line>, BookError> {
    let mut found = BTreeMap::new();
    if let Some(table) = run.tables().get("indicator") {
        for batch in book.read_table(table, None)? {
            let city = lines_of(&batch)?.into_iter().filter(|((_, commune), _, line)| commune.is_none() && line.main);
            found.extend(city.map(|((id, _), _, line)| (id, line)));
        }
    }
    Ok(found)
}

fn shares(months: &BTreeMap<Month, Counts>) -> Vec<(Month, Percent)> {
    months.iter().filter_map(|(month, (over, under))| Some((*month, Percent::of(*over, *under)?))).collect()
}

/// The lines of a table `indicator` or `indicator_history`, which has fewer columns. Runs of earlier programs had one
/// denominator and no numbers beside it.
fn lines_of(batch: &RecordBatch) -> Result<Vec<(Key, Month, Line)>, EngineError> {
    let (ids, communes) = (rows::text(batch, "id")?, rows::text(batch, "commune")?);
    let (over, under) = (rows::int(batch, "numerator")?, rows::int(batch, "denominator")?);
    let (periods, sources) = (rows::date(batch, "period")?, rows::text(batch, "denominator_source").ok());
    let (bases, main) = (rows::text(batch, "basis").ok(), rows::flag(batch, "main").ok());
    let number = |name: &str| rows::int(batch, name).ok();
    let (aggregates, unmatched, unknown) = (number("aggregate"), number("unmatched"), number("unknown"));
    let aggregate_sources = rows::text(batch, "aggregate_source").ok();
    let mut lines = Vec::new();
    for row in 0..batch.num_rows() {
        let Some(day) = rows::date_at(&periods, row).and_then(base::Date::from_days_since_epoch) else { continue };
        let at = |column: &Option<_>| column.as_ref().and_then(|c| rows::int_at(c, row));
        let line = Line {
            basis: bases.as_ref().map_or("register", |b| b.value(row)).to_owned(),
            main: main.as_ref().is_none_or(|m| m.value(row)),
            numerator: rows::int_at(&over, row),
            denominator: rows::int_at(&under, row),
            aggregate: at(&aggregates).unwrap_or(0),
            aggregate_source: aggregate_sources.as_ref().and_then(|s| rows::text_at(s, row)).map(str::to_owned),
            unmatched: at(&unmatched),
            unknown: at(&unknown),
            source: sources.as_ref().and_then(|s| rows::text_at(s, row)).map(str::to_owned),
        };
        let commune = rows::text_at(&communes, row).and_then(CommuneCode::parse);
        lines.push(((ids.value(row).to_owned(), commune), day.month(), line));
    }
    Ok(lines)
}
