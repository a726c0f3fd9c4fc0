//! Calculators for a clerk or a citizen: a form, the answer, every step with its article.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Viewer};
use law::calc::{Answer, CALCULATORS, CalcError, Calculator, Given, InputFault, Out, Part, Topic};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Form, Link, NoteKind, Panel, Row, Table, columns, definition_list, heading, note,
};
use web::{Locale, SafeHtml, tag};

use super::parameters::sure;
use super::{fields, open_page, words};
use crate::Lookup;

/// `GET /tinh`.
pub(crate) async fn list(State(lookup): State<Lookup>, Extension(viewer): Extension<Viewer>) -> Response {
    let app = &lookup.app;
    let l = app.locale(&viewer);
    let mut page = app.page(&viewer, "/tinh", l.t("service-calculators-title"));
    page.facts = tag("span").text(&l.t("service-calculators-facts")).html();
    let topics = [Topic::Contributions, Topic::Late, Topic::Pension, Topic::Benefits, Topic::Health, Topic::Terms];
    let panels = topics.map(|topic| {
        let links = CALCULATORS.iter().filter(|c| c.topic == topic);
        let items = links.map(|c| tag("li").child(Link::new(words::pick(l, c.vi, c.en), format!("/tinh/{}", c.name)).html()));
        Panel::new(l.t(topic_key(topic)), tag("ul").class("plain").children(items).html()).html()
    });
    page.body = columns(Columns::Two, panels);
    page.foot = vec![l.t("service-reference-only")];
    open_page(page.render(l))
}

fn topic_key(topic: Topic) -> &'static str {
    match topic {
        Topic::Contributions => "service-topic-contributions",
        Topic::Late => "service-topic-late",
        Topic::Pension => "service-topic-pension",
        Topic::Benefits => "service-topic-benefits",
        Topic::Health => "service-topic-health",
        Topic::Terms => "service-topic-terms",
    }
}

/// `GET /tinh/{name}`.
pub(crate) async fn form(
    State(lookup): State<Lookup>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let calculator = Calculator::of(&name).ok_or(PageError::NotFound)?;
    let l = lookup.app.locale(&viewer);
    Ok(open_page(page(&lookup, &viewer, l, calculator, &Given::empty(), &[], SafeHtml::default())))
}

/// `POST /tinh/{name}`: works the answer out and keeps nothing. The input comes in the body, so that no
/// address or log holds a wage or a birth date.
pub(crate) async fn answer(
    State(lookup): State<Lookup>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let calculator = Calculator::of(&name).ok_or(PageError::NotFound)?;
    let l = lookup.app.locale(&viewer);
    let given = fields::given(&sent, &(calculator.input)());
    let (faults, right) = match calculator.answer(&lookup.app.law, &given) {
        Ok(answer) => (Vec::new(), answered(l, &answer)),
        Err(CalcError::Input(faults)) => (faults, SafeHtml::default()),
        Err(error) => {
            let text = if l.lang() == web::Lang::En { error.to_string() } else { error.vi() };
            (Vec::new(), note(NoteKind::Caution, &l.t("service-no-answer"), SafeHtml::text(&text)))
        }
    };
    Ok(open_page(page(&lookup, &viewer, l, calculator, &given, &faults, right)))
}

fn page(
    lookup: &Lookup,
    viewer: &Viewer,
    l: Locale,
    calculator: &Calculator,
    given: &Given,
    faults: &[InputFault],
    right: SafeHtml,
) -> String {
    let mut page = lookup.app.page(viewer, &format!("/tinh/{}", calculator.name), words::pick(l, calculator.vi, calculator.en));
    page.crumbs = vec![Link::new(l.t("service-calculators-title"), "/tinh")];
    page.here = calculator.name.to_owned();
    let (errors, body) = fields::form(l, &(calculator.input)(), given, faults);
    let form = Form {
        action: format!("/tinh/{}#ket-qua", calculator.name),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat([errors, body]),
        buttons: vec![Button::submit(l.t("service-calculate"), ButtonKind::Primary)],
    };
    // In a box of its own, so that the panel is as tall as the form and not as the answer.
    let left = tag("div").child(Panel::new(l.t("service-input"), form.html()).html()).html();
    let right = if right.is_empty() { waiting(l, calculator) } else { right };
    page.body = columns(Columns::Two, [left, tag("div").class("grid").attr("id", "ket-qua").child(right).html()]);
    page.foot = vec![l.t("service-reference-only"), l.t("service-nothing-kept")];
    page.render(l)
}

/// What stands beside the form before anything was asked.
fn waiting(l: Locale, calculator: &Calculator) -> SafeHtml {
    let parts = (calculator.output)();
    let items = parts.iter().map(|part| tag("li").text(words::pick(l, part.vi, part.en)));
    Panel::new(l.t("service-will-show"), tag("ul").children(items).html()).html()
}

fn answered(l: Locale, answer: &Answer) -> SafeHtml {
    let mut out = SafeHtml::default();
    let mut result = SafeHtml::default();
    if let Some(amount) = answer.amount {
        result.push(tag("p").class("answer").text(&l.dong(amount)).html());
    }
    let single = answer.parts.iter().filter(|part| !matches!(part.value, Out::Rows(_) | Out::Nothing));
    result.push(definition_list(
        true,
        single.map(|part| (words::pick(l, part.vi, part.en).to_owned(), SafeHtml::text(&words::out(l, &part.value)))),
    ));
    out.push(Panel::new(l.t("service-result"), result).html());
    for part in &answer.parts {
        if let Out::Rows(rows) = &part.value
            && !rows.is_empty()
        {
            out.push(Panel::flush(words::pick(l, part.vi, part.en).to_owned(), table(l, part, rows)).html());
        }
    }
    let doubts = answer.doubts();
    if !doubts.is_empty() {
        let items = doubts.iter().map(|used| {
            let text = used.note.clone().unwrap_or_default();
            tag("li").child(Link::new(&used.parameter, format!("/luat/{}", used.parameter)).html()).text(&format!(": {text}"))
        });
        out.push(note(NoteKind::Caution, &l.t("service-doubts"), tag("ul").children(items).html()));
    }
    out.push(Panel::new(l.t("service-steps"), steps(l, answer)).html());
    out.push(note(NoteKind::Info, &l.t("service-reference-title"), SafeHtml::text(&l.t("service-reference-only"))));
    out
}

fn table(l: Locale, part: &Part, rows: &[Vec<Part>]) -> SafeHtml {
    let head = rows.first().map(Vec::as_slice).unwrap_or_default();
    let columns = head.iter().map(|cell| {
        let label = words::pick(l, cell.vi, cell.en);
        match cell.value {
            Out::Dong(_) | Out::Count(_) | Out::Rate(_) => Column::number(label, ""),
            _ => Column::text(label),
        }
    });
    let rows = rows.iter().map(|row| Row::new(row.iter().map(|cell| Cell::text(words::out(l, &cell.value))).collect()));
    Table::new(format!("bang-{}", part.name.replace('_', "-")), words::pick(l, part.vi, part.en), columns.collect())
        .rows(rows)
        .dense()
        .html(l)
}

/// Every step: result, formula, and the parameters with day and article.
fn steps(l: Locale, answer: &Answer) -> SafeHtml {
    let items = answer.steps.iter().map(|step| {
        let mut body = SafeHtml::default();
        let title = format!("{}: {}", words::pick(l, step.vi, step.en), words::out(l, &step.value));
        body.push(heading(3, &title, SafeHtml::default()));
        body.push(tag("p").class("small").text(&words::formula(l, &step.how)).html());
        if !step.uses.is_empty() {
            let used = step.uses.iter().map(|used| {
                let word = used.selector.as_ref().map(|word| format!(" ({word})")).unwrap_or_default();
                let value = words::value(l, used.unit, used.value.as_ref());
                let facts =
                    format!("{word} = {value}, {}", l.t_args("service-from", &[("day", l.date(used.from).as_str().into())]));
                let mut line = tag("li")
                    .class("small")
                    .child(Link::new(&used.parameter, format!("/luat/{}", used.parameter)).html())
                    .text(&facts)
                    .text(&format!(". {}", used.reference));
                if used.confidence.is_doubtful() {
                    line = line.text(" ").child(sure(l, used.confidence));
                }
                line
            });
            body.push(tag("ul").children(used).html());
        }
        tag("li").child(body)
    });
    tag("ol").class("plain").children(items).html()
}
