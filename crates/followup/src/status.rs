//! Where the plan stands, as one record: its indicators, its tasks with their figures. What `ansinh plan status` prints.

use base::places::Places;
use base::{Date, Month, Rate, Scope};
use book::Book;
use desk::Desk;
use law::Law;
use law::calc::Calendar;
use plan::figures::FigureUnit;
use serde::Serialize;

use crate::figures::{Answer, Missing, Value};
use crate::followed::{Followed, FollowupError, run_of};
use crate::standing::{Question, Standing, TaskState, Term, TermState, standings};

/// Where a plan stands for somebody on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanStatus {
    /// Id of the plan.
    pub plan: String,
    /// The document, in Vietnamese.
    pub document: String,
    /// The day it is told for.
    pub today: Date,
    /// The year whose terms are told.
    pub year: i32,
    /// Period of the figures; none before the first run.
    pub period: Option<Month>,
    /// The run they are from.
    pub run: Option<String>,
    /// Indicators in the plan's order.
    pub indicators: Vec<IndicatorStatus>,
    /// Tasks in the plan's order.
    pub tasks: Vec<TaskStatus>,
}

/// Where an indicator stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorStatus {
    /// `I1` to `I9`.
    pub id: String,
    /// Its name, in Vietnamese.
    pub name: String,
    /// The share, from 0 to 1; none with a reason.
    pub value: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
    /// People counted.
    pub numerator: Option<i64>,
    /// People over whom they are counted.
    pub denominator: Option<i64>,
    /// Where the denominator comes from.
    pub denominator_source: Option<String>,
    /// The plan's share of its last year.
    pub target: Option<f64>,
    /// That year.
    pub target_year: i32,
    /// The share assigned for this year, where it was.
    pub assigned: Option<f64>,
    /// The day the figures are of.
    pub as_of: Option<Date>,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskStatus {
    /// As the plan numbers it.
    pub id: String,
    /// The next term that is not done, a late one first; none where there is no term.
    pub due: Option<Date>,
    /// `late`, `doing`, `on_time` or `no_term`.
    pub state: &'static str,
    /// Days since the oldest term that is over and not done.
    pub days_late: Option<i32>,
    /// Terms of the year, how many are done and how many are late.
    pub terms: usize,
    /// Of them done.
    pub done: usize,
    /// Of them late.
    pub late: usize,
    /// Of the late ones those before the first run: without data.
    pub late_without_data: usize,
    /// Its figures.
    pub figures: Vec<FigureStatus>,
}

/// A figure of a task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureStatus {
    /// Its id.
    pub id: String,
    /// Its name, in Vietnamese.
    pub name: String,
    /// `share`, `count`, `people` or `dong`.
    pub unit: &'static str,
    /// What was counted: people, things or đồng.
    pub numerator: Option<i64>,
    /// Over how many, of a share.
    pub denominator: Option<i64>,
    /// The share, from 0 to 1.
    pub share: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
    /// Whether what the plan asks is reached; none where it asks nothing or nothing is known.
    pub reached: Option<bool>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct StatusQuestion<'a> {
    /// Who asks: they see their area.
    pub scope: &'a Scope,
    /// Today.
    pub today: Date,
    /// The month whose figures are told; the newest run without it.
    pub period: Option<Month>,
}

impl PlanStatus {
    /// Works out where a plan stands.
    pub async fn of(
        followed: &Followed,
        (book, desk): (&Book, &Desk),
        law: &Law,
        places: &Places,
        question: StatusQuestion<'_>,
    ) -> Result<Self, FollowupError> {
        let StatusQuestion { scope, today, period } = question;
        let year = today.year();
        let communes = places.communes().len();
        let run = run_of(book, period)?;
        let figures = match &run {
            Some(run) => Some(followed.run_figures(book, law, run).await?),
            None => None,
        };
        let counts = followed.desk_counts(desk, scope, today, communes).await?;
        let targets = desk.targets(scope, year).await?;
        let (first, last) = days_of(year, today);
        let reports = desk.task_reports(scope, &followed.id, first, last).await?;
        let first_run = book.periods()?.first().map(|state| state.period.last_day());
        let extensions = desk.extensions(scope, &followed.id).await?;
        let question =
            Question { plan: &followed.plan, year, today, first_run, reports: &reports, extensions: &extensions, communes };
        let calendar = Calendar::of(law)?;
        let indicators = followed.indicators.all().iter().map(|one| {
            let answer = followed.indicator(&one.id, figures.as_ref(), Some(&counts), &scope.area);
            let target = targets.iter().find(|target| target.indicator == one.id && target.commune.is_none());
            let as_of = answer.is_ok().then(|| figures.as_ref().map(|known| known.as_of())).flatten();
            let (value, reason) = parts(answer);
            IndicatorStatus {
                id: one.id.clone(),
                name: one.name.vi.clone(),
                value: value.share().and_then(number),
                reason,
                numerator: value.value,
                denominator: value.over,
                denominator_source: value.source,
                target: one.target().and_then(number),
                target_year: followed.indicators.last_year,
                assigned: target.and_then(|target| number(target.value)),
                as_of,
            }
        });
        let task = |standing: &Standing<'_>| {
            let own = followed.of_task(&standing.task.id).map(|figure| {
                let answer = followed.answer(figure, figures.as_ref(), &counts, &scope.area);
                let reached = answer.as_ref().ok().and_then(|value| reached(followed, figure, value));
                let (value, reason) = parts(answer);
                FigureStatus {
                    id: figure.id.clone(),
                    name: figure.name(&followed.plan).vi.clone(),
                    unit: unit_word(figure.unit),
                    numerator: value.value,
                    denominator: value.over,
                    share: value.share().and_then(number),
                    reason,
                    reached,
                }
            });
            TaskStatus::of(standing, own.collect(), today)
        };
        Ok(Self {
            plan: followed.id.clone(),
            document: followed.plan.document.vi.clone(),
            today,
            year,
            period: figures.as_ref().map(|known| known.period),
            run: figures.as_ref().map(|known| known.run.as_str().to_owned()),
            indicators: indicators.collect(),
            tasks: standings(&question, &calendar).iter().map(task).collect(),
        })
    }
}

impl TaskStatus {
    fn of(standing: &Standing<'_>, figures: Vec<FigureStatus>, today: Date) -> Self {
        let (state, days_late) = match standing.state(today) {
            TaskState::Late(days) => ("late", Some(days)),
            TaskState::Doing => ("doing", None),
            TaskState::OnTime => ("on_time", None),
            TaskState::NoTerm => ("no_term", None),
        };
        let late: Vec<_> = standing.terms.iter().filter(|term| term.state == TermState::Late).collect();
        Self {
            id: standing.task.id.clone(),
            due: standing.next().map(Term::day),
            state,
            days_late,
            terms: standing.terms.len(),
            done: standing.terms.iter().filter(|term| term.state == TermState::Done).count(),
            late: late.len(),
            late_without_data: late.iter().filter(|term| term.before_first_run && term.reported == 0).count(),
            figures,
        }
    }
}

/// Whether a figure keeps what the plan asks of its measure.
pub(crate) fn reached(followed: &Followed, figure: &plan::figures::Figure, value: &Value) -> Option<bool> {
    let id = figure.measure.as_ref()?;
    let measure = followed.plan.tasks.iter().flat_map(|task| &task.measures).find(|one| one.id == *id)?;
    let known = match figure.unit {
        FigureUnit::Share => value.share()?,
        _ => Rate::from_parts(i128::from(value.value?), 0),
    };
    measure.is_reached(known)
}

/// First and last day of a year.
pub(crate) fn days_of(year: i32, today: Date) -> (Date, Date) {
    let january = today.month().plus(12 * (year - today.year()) + 1 - today.month().number());
    (january.first_day(), january.plus(11).last_day())
}

fn parts(answer: Answer) -> (Value, Option<String>) {
    match answer {
        Ok(value) => (value, None),
        Err(why) => (Value::default(), Some(why_vi(&why))),
    }
}

/// Why there is no figure, in Vietnamese.
pub(crate) fn why_vi(why: &Missing) -> String {
    match why {
        Missing::NoRun => "Chưa có lần chạy nào của kỳ.".to_owned(),
        Missing::NoTable(table) => format!("Lần chạy không có bảng `{table}`: danh sách cần thiết chưa nhận."),
        Missing::NotGiven(what) => match what.as_str() {
            "facility_catalogue" => "Chưa nhận danh mục cơ sở khám bệnh, chữa bệnh.".to_owned(),
            "icd_catalogue" => "Chưa nhận danh mục mã bệnh ICD-10.".to_owned(),
            "over_30_annex" => {
                "Chưa nhận danh mục bệnh được kê đơn trên 30 ngày (Phụ lục VII Thông tư 26/2025/TT-BYT).".to_owned()
            }
            "law" => "Pháp luật chưa quy định ở kỳ này.".to_owned(),
            "rule" => "Quy tắc tìm xét nghiệm lặp lại chưa chạy ở kỳ này.".to_owned(),
            other => format!("Còn thiếu `{other}`."),
        },
        Missing::NotEvaluated => "Chưa đánh giá được: thiếu danh sách hoặc thiếu mẫu số.".to_owned(),
        Missing::NotByCommune => "Số liệu chỉ có ở cấp Thành phố.".to_owned(),
        Missing::TooFew { answers, least } => format!("Mới có {answers} phiếu khảo sát, cần từ {least} phiếu."),
        Missing::Waits(words) => words.vi.clone(),
    }
}

fn unit_word(unit: FigureUnit) -> &'static str {
    match unit {
        FigureUnit::Share => "share",
        FigureUnit::Count => "count",
        FigureUnit::People => "people",
        FigureUnit::Dong => "dong",
    }
}

/// An exact share as a JSON number.
fn number(share: Rate) -> Option<f64> {
    share.to_string().parse().ok()
}
