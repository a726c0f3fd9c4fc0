//! The figures of a task on a page: what they are, what the plan asks, from which run, and the page that opens the rows.

use std::sync::Arc;

use base::{Date, Dong, Month, Rate, RunId};
use chapter::{PageError, Viewer};
use plan::data::{Bounded, Measure, MeasureUnit, Per, PlanTask};
use plan::figures::{Figure, FigureUnit};
use web::component::{Cell, Column, Panel, Row, Status, Table, empty_state};
use web::{Locale, Percent, SafeHtml};

use super::said;
use crate::Followup;
use crate::figures::{Answer, DeskCounts, Missing, RunFigures, Value};
use crate::status::{days_of, reached};

/// What figures of one moment are read from.
pub(super) struct Sources {
    run: Option<Arc<RunFigures>>,
    desk: DeskCounts,
}

impl Sources {
    /// The newest run's figures, and what the desk counts now.
    pub(super) async fn now(followup: &Followup, viewer: &Viewer, year: i32) -> Result<Self, PageError> {
        let app = &followup.app;
        let run = followup.shelf.latest(&app.book, &app.law, &followup.followed.figures).await?;
        Self::with(followup, viewer, year, run).await
    }

    /// The figures of a term: those of the run that its closed period keeps, else of the newest run within its time.
    pub(super) async fn of_term(followup: &Followup, viewer: &Viewer, term: Date, span: (Date, Date)) -> Result<Self, PageError> {
        let app = &followup.app;
        let locked = app.desk.locked_periods(&viewer.scope, &followup.followed.id).await.map_err(PageError::desk)?;
        let own = locked.iter().filter(|one| (one.first_day..=one.last_day).contains(&term));
        // Of several closed periods around a term the shortest is meant.
        let kept = own.min_by_key(|one| one.first_day.days_until(one.last_day)).and_then(|one| RunId::parse(one.run.as_deref()?));
        match kept {
            Some(id) => {
                let run = app.book.run(&id).map_err(|e| PageError::inner(&e))?;
                let run = followup.shelf.of(&app.book, &app.law, &run, &followup.followed.figures).await?;
                Self::with(followup, viewer, term.year(), Some(run)).await
            }
            None => Self::between(followup, viewer, span.0.month(), span.1.month()).await,
        }
    }

    /// The figures of the newest run whose period lies between two months, both in it.
    async fn between(followup: &Followup, viewer: &Viewer, first: Month, last: Month) -> Result<Self, PageError> {
        let app = &followup.app;
        let periods = app.book.periods().map_err(|e| PageError::inner(&e))?;
        let newest = periods.into_iter().map(|state| state.period).filter(|period| (first..=last).contains(period)).max();
        let run = match newest {
            Some(month) => followup.shelf.month(&app.book, &app.law, &followup.followed.figures, month).await?,
            None => None,
        };
        Self::with(followup, viewer, last.year(), run).await
    }

    async fn with(followup: &Followup, viewer: &Viewer, year: i32, run: Option<Arc<RunFigures>>) -> Result<Self, PageError> {
        let app = &followup.app;
        // A year that is over is counted to its end, the running one up to today.
        let (_, last) = days_of(year, app.today());
        let day = last.min(app.today());
        let communes = app.places.communes().len();
        let counts = followup.followed.desk_counts(&app.desk, &viewer.scope, day, communes);
        Ok(Self { run, desk: counts.await.map_err(PageError::desk)? })
    }

    /// A figure in the viewer's area.
    pub(super) fn of(&self, followup: &Followup, viewer: &Viewer, figure: &Figure) -> Answer {
        followup.followed.answer(figure, self.run.as_deref(), &self.desk, &viewer.scope.area)
    }

    /// The run, in words for the foot of a page.
    pub(super) fn line(&self, l: Locale) -> String {
        match &self.run {
            Some(run) => {
                let of = [("run", run.run.as_str().into()), ("day", l.date(run.as_of()).into())];
                l.t_args("followup-figures-run", &of)
            }
            None => l.t("followup-missing-no-run"),
        }
    }
}

/// The figures of a task and of the indicators it serves.
pub(super) fn panel(followup: &Followup, l: Locale, viewer: &Viewer, task: &PlanTask, sources: &Sources) -> SafeHtml {
    let followed = &followup.followed;
    let head = vec![
        Column::text(l.t("followup-figure")),
        Column::text(l.t("followup-figure-value")),
        Column::text(l.t("followup-figure-asked")),
        Column::text(l.t("followup-column-state")),
    ];
    let indicators = task.indicators.iter().filter_map(|id| {
        let indicator = followed.indicators.all().iter().find(|one| one.id == *id)?;
        let answer = followed.indicator(id, sources.run.as_deref(), Some(&sources.desk), &viewer.scope.area);
        let asked = indicator.target().map(|share| {
            let of = [("share", exact(l, share).into()), ("year", followed.indicators.last_year.to_string().into())];
            l.t_args("followup-figure-by", &of)
        });
        let name = format!("{id} {}", said(l, &indicator.short));
        Some(row(l, (name, None), answer, FigureUnit::Share, Some(&format!("/chi-tieu/{id}")), asked, None))
    });
    let own = followed.of_task(&task.id).map(|figure| {
        let answer = sources.of(followup, viewer, figure);
        let measure = figure.measure.as_ref().and_then(|id| task.measures.iter().find(|one| one.id == *id));
        let kept = answer.as_ref().ok().and_then(|value| reached(followed, figure, value));
        let name = (said(l, figure.name(&followed.plan)).to_owned(), figure.about.as_ref().map(|about| said(l, about)));
        row(l, name, answer, figure.unit, figure.opens.as_deref(), measure.map(|one| asked(l, one)), kept)
    });
    let rows: Vec<Row> = own.chain(indicators).collect();
    let empty = empty_state(&l.t("followup-figure-none"), &l.t("followup-figure-none-why"), None);
    let table = Table::new("so-lieu", l.t("followup-figures"), head).rows(rows).empty(empty).html(l);
    Panel::flush(l.t("followup-figures"), table).foot(SafeHtml::text(&sources.line(l))).html()
}

/// The first figure of a task in few words, for a table of tasks.
pub(super) fn short(followup: &Followup, l: Locale, viewer: &Viewer, task: &PlanTask, sources: &Sources) -> Option<String> {
    let figure = followup.followed.of_task(&task.id).next()?;
    let value = sources.of(followup, viewer, figure).ok()?;
    let of = [("name", said(l, figure.name(&followup.followed.plan)).into()), ("value", shown(l, figure.unit, &value).into())];
    Some(l.t_args("followup-figure-short", &of))
}

type Name<'a> = (String, Option<&'a str>);

fn row(
    l: Locale,
    (name, about): Name<'_>,
    answer: Answer,
    unit: FigureUnit,
    opens: Option<&str>,
    asked: Option<String>,
    kept: Option<bool>,
) -> Row {
    let name = about.into_iter().fold(Cell::text(name), |cell, about| cell.note(about));
    let (value, state) = match &answer {
        Ok(value) => {
            let text = shown(l, unit, value);
            let cell = match opens {
                Some(href) => Cell::figure(text, href),
                None => Cell::text(text),
            };
            let cell = parts(l, unit, value).into_iter().fold(cell, |cell, parts| cell.note(parts));
            let state = match kept {
                Some(true) => Cell::status(&Status::ok(l.t("followup-figure-reached"))),
                Some(false) => Cell::status(&Status::warn(l.t("followup-figure-not-reached"))),
                None => Cell::text("–"),
            };
            (cell, state)
        }
        Err(why) => (Cell::text(l.t("followup-figure-missing")).note(missing(l, why)), Cell::text("–")),
    };
    Row::new(vec![name, value, Cell::text(asked.unwrap_or_else(|| "–".into())), state])
}

/// A figure as it is read.
fn shown(l: Locale, unit: FigureUnit, value: &Value) -> String {
    match (unit, value.value) {
        (FigureUnit::Share, Some(over)) => {
            value.over.and_then(|under| Percent::of(over, under)).map_or_else(|| l.number(over), |share| l.percent(share))
        }
        (FigureUnit::Dong, Some(amount)) => l.dong(Dong::new(amount)),
        (_, Some(count)) => match value.over {
            Some(over) => l.t_args("followup-of", &[("n", count.into()), ("all", over.into())]),
            None => l.number(count),
        },
        (_, None) => "–".into(),
    }
}

/// Numerator and denominator of a share, with the denominator's source.
fn parts(l: Locale, unit: FigureUnit, value: &Value) -> Option<String> {
    if unit != FigureUnit::Share {
        return None;
    }
    let (over, under) = (l.number(value.value?), l.number(value.over?));
    let counts = format!("{over} / {under}");
    Some(value.source.as_ref().map_or_else(|| counts.clone(), |source| format!("{counts} · {source}")))
}

/// Why there is no figure.
pub(super) fn missing(l: Locale, why: &Missing) -> String {
    match why {
        Missing::NoRun => l.t("followup-missing-no-run"),
        Missing::NoTable(table) => l.t_args("followup-missing-table", &[("table", table.as_str().into())]),
        Missing::NotGiven(what) => match what.as_str() {
            "facility_catalogue" => l.t("followup-missing-facilities"),
            "icd_catalogue" => l.t("followup-missing-diseases"),
            "over_30_annex" => l.t("followup-missing-over-30-annex"),
            "law" => l.t("followup-missing-law"),
            "rule" => l.t("followup-missing-rule"),
            "claim_lines" => l.t("followup-missing-claim-lines"),
            other => l.t_args("followup-missing-table", &[("table", other.into())]),
        },
        Missing::NotEvaluated => l.t("followup-missing-not-evaluated"),
        Missing::NotByCommune => l.t("followup-missing-not-by-commune"),
        Missing::TooFew { answers, least } => {
            l.t_args("followup-missing-too-few", &[("n", (*answers).into()), ("least", (*least).into())])
        }
        Missing::Waits(words) => said(l, words).to_owned(),
    }
}

/// What the plan asks of a measure.
fn asked(l: Locale, measure: &Measure) -> String {
    let whole = Rate::from_parts(1, 0);
    let one = |bound: &Bounded| {
        // Nothing is more than all of it.
        if measure.unit == MeasureUnit::Share && *bound == Bounded::AtLeast(whole) {
            return exact(l, whole);
        }
        let (key, figure) = match bound {
            Bounded::AtLeast(figure) => ("followup-asked-at-least", figure),
            Bounded::MoreThan(figure) => ("followup-asked-more-than", figure),
            Bounded::AtMost(figure) => ("followup-asked-at-most", figure),
            Bounded::AimsAt(figure) => ("followup-asked-aims-at", figure),
        };
        let figure = if measure.unit == MeasureUnit::Share { exact(l, *figure) } else { figure.to_string() };
        l.t_args(key, &[("figure", figure.as_str().into())])
    };
    let words = measure.bounds.iter().map(one).collect::<Vec<_>>().join(", ");
    match measure.per {
        Some(Per::Year) => l.t_args("followup-asked-per-year", &[("words", words.as_str().into())]),
        Some(Per::Plan) => l.t_args("followup-asked-per-plan", &[("words", words.as_str().into())]),
        None => words,
    }
}

fn exact(l: Locale, share: Rate) -> String {
    web::format::rate(l.lang(), share)
}
