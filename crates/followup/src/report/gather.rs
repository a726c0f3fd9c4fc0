//! What a report is made of, read from plan, book and desk.

use std::collections::BTreeMap;

use base::places::Places;
use base::{Area, CommuneCode, Date, Month, Scope};
use book::{Book, BookError, RunManifest};
use desk::{Desk, PlanReport};
use engine::rows;
use law::Law;
use law::calc::Calendar;
use plan::data::{Bounded, MeasureUnit, PlanTask};
use plan::figures::{Figure, Source};
use web::Percent;

use super::compose::{self, Composed};
use super::glance::glance;
use super::layout::{LayoutError, Whose};
use super::material::{FigureRow, IndicatorRow, Material, ReportRow, RunName, TaskRow};
use super::owed::{duties, money};
use super::period::Told as _;
use super::receivers::Receiver;
use super::road::Road;
use super::workbook::{self, TakenBy};
use super::{PeriodicReport, words};
use crate::figures::{Answer, DeskCounts, Missing, RunFigures};
use crate::followed::{Followed, FollowupError};
use crate::period::Period;
use crate::standing::{Question, Standing, standings};
use crate::status::{days_of, reached, why_vi};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who asks.
    pub scope: &'a Scope,
    /// The time it is about.
    pub period: Period,
    /// Whose report.
    pub whose: &'a Whose,
    /// Today.
    pub today: Date,
    /// The receiver whose sheet is wanted.
    pub receiver: Option<&'a Receiver>,
    /// Who takes it out.
    pub by: &'a TakenBy,
}

impl PeriodicReport {
    /// Reads everything and puts the report together.
    pub async fn of(
        followed: &Followed,
        (book, desk): (&Book, &Desk),
        law: &Law,
        places: &Places,
        ask: Ask<'_>,
    ) -> Result<Self, FollowupError> {
        let layout = followed.layout.as_ref().ok_or(LayoutError::Missing)?;
        let written = texts(desk, &followed.id, ask).await?;
        let material = material(followed, (book, desk), law, places, ask).await?;
        let Composed { report, sections, facts } = compose::compose(&material, layout, &written);
        let sheets = workbook::sheets(&material, &layout.title, ask.by);
        let receiver = ask.receiver.map(|receiver| receiver.sheet(&material, ask.by));
        Ok(Self {
            period: ask.period,
            whose: ask.whose.clone(),
            run: material.run.as_ref().map(|run| run.id.clone()),
            tasks: material.tasks.len(),
            glance: glance(&material, &report.organ),
            sections,
            facts,
            report,
            sheets,
            receiver,
        })
    }
}

/// The report a text is kept with; `unit` is the desk unit, none for the report on the whole plan.
pub(crate) fn kept_with(plan: &str, period: Period, unit: Option<&str>) -> PlanReport {
    let (first_day, last_day) = period.days();
    PlanReport { plan: plan.to_owned(), period: period.to_string(), first_day, last_day, unit: unit.map(str::to_owned) }
}

/// The desk unit under which the texts of a report are kept.
pub(crate) fn text_unit(scope: &Scope, whose: &Whose) -> Option<String> {
    match whose {
        Whose::City => None,
        Whose::Unit { id, .. } => Some(id.clone()),
        // A commune's staff write for their own unit; somebody else who looks at it reads what stands under the commune's code.
        Whose::Commune { .. } if matches!(&scope.area, Area::Communes(own) if own.len() == 1) => Some(scope.unit.clone()),
        Whose::Commune { code, .. } => Some(format!("xa-{}", code.as_str())),
    }
}

/// The newest text of each section.
async fn texts(desk: &Desk, plan: &str, ask: Ask<'_>) -> Result<BTreeMap<String, String>, FollowupError> {
    let report = kept_with(plan, ask.period, text_unit(ask.scope, ask.whose).as_deref());
    let versions = desk.plan_texts(ask.scope, &report).await?;
    // By section and version: the last of each section stays.
    Ok(versions.into_iter().map(|one| (one.section, one.text)).collect())
}

/// The area whose figures a report tells.
fn area(whose: &Whose) -> Area {
    match whose {
        Whose::City | Whose::Unit { .. } => Area::City,
        Whose::Commune { code, .. } => Area::Communes([code.clone()].into()),
    }
}

async fn material<'f>(
    followed: &'f Followed,
    (book, desk): (&Book, &Desk),
    law: &Law,
    places: &Places,
    ask: Ask<'_>,
) -> Result<Material<'f>, FollowupError> {
    let (first, last) = ask.period.days();
    // What is over is told as of its last day.
    let on = ask.today.min(last);
    let area = area(ask.whose);
    let run = run_of_period(book, desk, &followed.id, ask).await?;
    let figures = match &run {
        Some(run) => Some(followed.run_figures(book, law, run).await?),
        None => None,
    };
    let communes = places.communes().len();
    let counts = followed.desk_counts(desk, ask.scope, on, communes).await?;
    let calendar = Calendar::of(law)?;
    let (year_first, year_last) = days_of(on.year(), on);
    let (from, to) = (first.min(year_first), last.max(year_last));
    let mut reports = desk.task_reports(ask.scope, &followed.id, from, to).await?;
    let extensions = desk.extensions(ask.scope, &followed.id).await?;
    let first_run = book.periods()?.first().map(|state| state.period.last_day());
    let mut owing_communes = communes;
    if let Whose::Commune { code, .. } = ask.whose {
        reports.retain(|report| report.commune.as_ref() == Some(code));
        owing_communes = 1;
    }
    let evidence = evidence(desk, ask.scope, &followed.id, (from, to)).await?;
    let names: BTreeMap<String, String> = desk.units(ask.scope).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    // A term whose day is the last of the period is late the day after.
    let question = Question {
        plan: &followed.plan,
        year: on.year(),
        today: on,
        first_run,
        reports: &reports,
        extensions: &extensions,
        communes: owing_communes,
    };
    let row = |standing: Standing<'f>| {
        let task = standing.task;
        let own = reports.iter().filter(|report| report.about.task == task.id).map(|report| ReportRow {
            unit: names.get(&report.unit).unwrap_or(&report.unit).clone(),
            commune: report.commune.is_some(),
            term: report.about.term,
            state: report.state,
            words: report.words.clone(),
            evidence: evidence.get(&report.id).cloned().unwrap_or_default(),
        });
        let figures = followed.of_task(&task.id).map(|figure| figure_row(followed, figure, figures.as_ref(), &counts, &area));
        TaskRow {
            state: standing.state(on),
            owing: standing.owing,
            leads: leads(followed, task, ask.whose),
            reports: own.collect(),
            figures: figures.collect(),
            terms: standing.terms,
            task,
        }
    };
    let all = standings(&question, &calendar).into_iter().filter(|standing| is_told(followed, standing.task, ask.whose));
    let tasks: Vec<TaskRow<'f>> = all.map(row).collect();
    let indicators = indicators(followed, (book, desk), (figures.as_ref(), &counts), run.as_ref(), &area, ask, on).await?;
    let owed = match ask.whose {
        Whose::City => duties(followed, (book, desk), ask, on, first_run, &calendar).await?,
        Whose::Unit { .. } | Whose::Commune { .. } => Vec::new(),
    };
    let money = money(followed, desk, ask, on.year(), &names).await?;
    Ok(Material {
        plan: &followed.plan,
        period: ask.period,
        whose: ask.whose.clone(),
        on,
        issued: ask.today.month(),
        run: run.as_ref().map(|run| RunName { id: run.id.as_str().to_owned(), month: run.period }),
        last_year: followed.indicators.last_year,
        indicators,
        tasks,
        duties: owed,
        money,
    })
}

/// Whether a report tells of a task: a unit's of those it leads, a commune's of those communes lead.
fn is_told(followed: &Followed, task: &PlanTask, whose: &Whose) -> bool {
    match whose {
        Whose::City => true,
        Whose::Unit { id, .. } => task.leads.contains(id),
        Whose::Commune { .. } => {
            let communes = |lead: &String| followed.plan.unit(lead).is_some_and(|unit| unit.kind == "commune");
            task.leads.iter().any(communes)
        }
    }
}

fn leads(followed: &Followed, task: &PlanTask, whose: &Whose) -> Vec<String> {
    let name = |id: &String| match (whose, followed.plan.unit(id)) {
        (Whose::Commune { name, .. }, Some(unit)) if unit.kind == "commune" => format!("UBND {name}"),
        (_, Some(unit)) => unit.name.vi.clone(),
        (_, None) => id.clone(),
    };
    task.leads.iter().map(name).collect()
}

/// The run whose figures a report has: of a closed period the one it was closed with; else the newest of the period's months. A week has the
/// newest run up to it, because figures come by month.
async fn run_of_period(book: &Book, desk: &Desk, plan: &str, ask: Ask<'_>) -> Result<Option<RunManifest>, FollowupError> {
    let (first, last) = ask.period.days();
    let locked = desk.locked_periods(ask.scope, plan).await?;
    let closed = locked.iter().find(|lock| lock.period == ask.period.to_string()).and_then(|lock| lock.run.as_deref());
    if let Some(id) = closed.and_then(base::RunId::parse) {
        return Ok(Some(book.run(&id)?));
    }
    let weekly = matches!(ask.period, Period::Week(..));
    let fits = |month: Month| (weekly || month >= first.month()) && month <= last.month();
    let newest = book.periods()?.into_iter().filter(|state| fits(state.period)).max_by_key(|state| state.period);
    Ok(newest.map(|state| book.run(&state.run)).transpose()?)
}

/// Names of the evidence of each report.
async fn evidence(
    desk: &Desk,
    scope: &Scope,
    plan: &str,
    days: (Date, Date),
) -> Result<BTreeMap<String, Vec<String>>, FollowupError> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (report, one) in desk.evidence_of_terms(scope, plan, days).await? {
        all.entry(report).or_default().push(one.label);
    }
    Ok(all)
}

fn figure_row(followed: &Followed, figure: &Figure, run: Option<&RunFigures>, counts: &DeskCounts, area: &Area) -> FigureRow {
    let answer = followed.answer(figure, run, counts, area);
    let reached = answer.as_ref().ok().and_then(|value| reached(followed, figure, value));
    FigureRow {
        id: figure.id.clone(),
        name: figure.name(&followed.plan).vi.clone(),
        unit: figure.unit,
        value: told(answer),
        reached,
        asked: asked(followed, figure),
        on_desk: matches!(figure.source, Source::Desk(_)),
        opens: figure.opens.clone(),
    }
}

fn told(answer: Answer) -> Result<crate::figures::Value, String> {
    answer.map_err(|why: Missing| why_vi(&why))
}

/// What the plan asks of a figure, in words.
fn asked(followed: &Followed, figure: &Figure) -> String {
    let Some(id) = &figure.measure else { return String::new() };
    let measure = followed.plan.tasks.iter().flat_map(|task| &task.measures).find(|one| one.id == *id);
    let Some(measure) = measure else { return String::new() };
    let number = |rate: base::Rate| match measure.unit {
        MeasureUnit::Share => {
            words::percent_of(rate).map_or_else(|| rate.to_string(), |share| words::percent(share).replace(",00%", "%"))
        }
        MeasureUnit::Count => rate.to_string(),
    };
    let bounds = measure.bounds.iter().map(|bound| match bound {
        Bounded::AtLeast(least) => format!("từ {}", number(*least)),
        Bounded::MoreThan(more) => format!("trên {}", number(*more)),
        Bounded::AtMost(most) => format!("tối đa {}", number(*most)),
        Bounded::AimsAt(aim) => format!("tiệm cận {}", number(*aim)),
    });
    bounds.collect::<Vec<_>>().join(", ")
}

async fn indicators(
    followed: &Followed,
    (book, desk): (&Book, &Desk),
    (figures, counts): (Option<&RunFigures>, &DeskCounts),
    run: Option<&RunManifest>,
    area: &Area,
    ask: Ask<'_>,
    on: Date,
) -> Result<Vec<IndicatorRow>, FollowupError> {
    let commune = match ask.whose {
        Whose::Commune { code, .. } => Some(code),
        Whose::City | Whose::Unit { .. } => None,
    };
    let targets = desk.targets(ask.scope, on.year()).await?;
    let courses = match run {
        Some(run) => courses(book, run, commune)?,
        None => BTreeMap::new(),
    };
    let row = |one: &plan::indicators::Indicator| {
        let target = targets.iter().find(|target| target.indicator == one.id && target.commune.as_ref() == commune);
        let last = one.target().and_then(words::percent_of);
        let value = told(followed.indicator(&one.id, figures, Some(counts), area));
        let mut course = courses.get(&one.id).cloned().unwrap_or_default();
        if let (Some(run), Ok(value)) = (run, &value)
            && let Some(share) = value.value.zip(value.over).and_then(|(over, under)| Percent::of(over, under))
        {
            course.insert(run.period, share);
        }
        IndicatorRow {
            id: one.id.clone(),
            order: one.order(),
            name: one.name.vi.clone(),
            short: one.short.vi.clone(),
            counted: one.counted.vi.clone(),
            assigned: one.assigned,
            direction: one.direction,
            road: Road {
                course: course.into_iter().collect(),
                assigned: target.and_then(|target| words::percent_of(target.value)),
                last: last.and_then(|share| Some((Month::new(followed.indicators.last_year, 12)?, share))),
            },
            document: target.and_then(|target| target.document.clone()),
            value,
            last,
            over: one.over,
            opens: format!("/chi-tieu/{}", one.id),
        }
    };
    Ok(followed.indicators.all().iter().map(row).collect())
}

/// The course of each indicator before the run, on the denominator that is followed now.
fn courses(
    book: &Book,
    run: &RunManifest,
    commune: Option<&CommuneCode>,
) -> Result<BTreeMap<String, BTreeMap<Month, Percent>>, BookError> {
    let mut tables = run.tables();
    let (Some(now), Some(history)) = (tables.remove("indicator"), tables.remove("indicator_history")) else {
        return Ok(BTreeMap::new());
    };
    let mut followed: BTreeMap<String, String> = BTreeMap::new();
    for batch in book.read_table(&now, None)? {
        let (ids, communes, bases) = (rows::text(&batch, "id")?, rows::text(&batch, "commune")?, rows::text(&batch, "basis")?);
        let main = rows::flag(&batch, "main")?;
        for row in (0..batch.num_rows())
            .filter(|row| main.value(*row) && rows::text_at(&communes, *row) == commune.map(CommuneCode::as_str))
        {
            followed.insert(ids.value(row).to_owned(), bases.value(row).to_owned());
        }
    }
    let mut courses: BTreeMap<String, BTreeMap<Month, Percent>> = BTreeMap::new();
    for batch in book.read_table(&history, None)? {
        let (ids, communes, bases) = (rows::text(&batch, "id")?, rows::text(&batch, "commune")?, rows::text(&batch, "basis")?);
        let (periods, over, under) =
            (rows::date(&batch, "period")?, rows::int(&batch, "numerator")?, rows::int(&batch, "denominator")?);
        for row in 0..batch.num_rows() {
            let own = rows::text_at(&communes, row) == commune.map(CommuneCode::as_str);
            let is_followed = followed.get(ids.value(row)).is_some_and(|basis| basis == bases.value(row));
            let share =
                rows::int_at(&over, row).zip(rows::int_at(&under, row)).and_then(|(over, under)| Percent::of(over, under));
            let day = rows::date_at(&periods, row).and_then(Date::from_days_since_epoch);
            if let (true, true, Some(share), Some(day)) = (own, is_followed, share, day) {
                courses.entry(ids.value(row).to_owned()).or_default().insert(day.month(), share);
            }
        }
    }
    Ok(courses)
}
