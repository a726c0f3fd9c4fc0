//! Findings that become cases: one from a person's or an employer's page, many from the list.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::{FindingKey, PersonId, SubjectKind};
use chapter::{App, PageError, Searched, Shown, Viewer};
use desk::{CaseUnit, NewCase, Opened, Permission, Refusal, To};
use engine::rows;
use law::calc::Calendar;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, NoteKind, Panel, Status, note, paragraph};
use web::{Locale, SafeHtml, tag};

use super::decisions::back;
use super::{LIST, Pages, list};
use crate::UNEXPLAINED;
use crate::filter::Query;
use crate::lines::{Line, Unit};
use crate::serving::Snapshot;

/// Where cases are.
const CASES: &str = "/viec";
/// Cases made at once from the list.
const MOST: usize = 10_000;
/// Working days for people whom no rule explains: as for most rules about households.
pub const UNEXPLAINED_DUE: u16 = 20;

/// The key of a finding about a person, from what the list holds of it: the rule's key columns are the first of its facts. People whom no
/// rule explains have a key of their own.
pub fn case_key(rule: Option<&rules::Rule>, person: i64, evidence: &[base::Evidence]) -> FindingKey {
    let (id, columns) = rule.map_or((UNEXPLAINED, 0), |rule| (rule.id.as_str(), rule.key.len()));
    let named: Vec<&str> = evidence.iter().take(columns).filter_map(|fact| fact.value.as_deref()).collect();
    FindingKey::new(id, SubjectKind::Person, &PersonId(person).to_string(), &named)
}

/// A line of the list as a case; nothing for what waits for the national look-up, which is handed to nobody.
fn new_case(pages: &Pages, snapshot: &Snapshot, line: &Line) -> Option<NewCase> {
    let rule = pages.app.rules.get(line.reason());
    let (unit, days) = match (rule, line.unit()) {
        (_, Unit::LookUp) => return None,
        (Some(rule), _) => (CaseUnit::from_word(&rule.work.unit)?, rule.work.due_working_days),
        (None, Unit::Commune) => (CaseUnit::Commune, UNEXPLAINED_DUE),
        (None, Unit::Office) => return None,
    };
    Some(NewCase {
        rule: line.reason().to_owned(),
        finding: case_key(rule, line.person(), &line.evidence()),
        subject_kind: SubjectKind::Person,
        subject: line.person(),
        period: snapshot.period,
        commune: line.commune().cloned(),
        village: line.village().map(str::to_owned),
        unit,
        due: term(&pages.app, days)?,
    })
}

/// The last day of a term of so many working days from today, by the law's calendar; none where the law has no calendar.
fn term(app: &App, days: u16) -> Option<base::Date> {
    Calendar::of(&app.law).and_then(|calendar| calendar.working_days_after(app.today(), i32::from(days))).ok()
}

/// What the form of one finding sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Take {
    #[serde(rename = "ly-do")]
    reason: String,
    #[serde(rename = "so")]
    number: String,
}

/// `POST /nguoi/{person}/nhan-viec`.
pub(crate) async fn take_person(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    FromForm(take): FromForm<Take>,
) -> Result<Response, PageError> {
    let snapshot = pages.serving.current(&pages.app).await?;
    let new: Vec<NewCase> = {
        let lines = snapshot.visible(&viewer.scope).of_person(id);
        lines.iter().filter(|line| line.reason() == take.reason).filter_map(|line| new_case(&pages, &snapshot, line)).collect()
    };
    open_and_go(&pages, &viewer, new, &take.number).await
}

/// `POST /don-vi/{employer}/nhan-viec`.
pub(crate) async fn take_employer(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    FromForm(take): FromForm<Take>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    desk::require(&viewer.scope, Permission::ViewEmployeeFindings).map_err(|_| PageError::Forbidden)?;
    let rule = app.rules.get(&take.reason).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let sql = format!("SELECT reason, commune, finding_key FROM employer_list WHERE employer_id = {id}");
    let due = term(app, rule.work.due_working_days);
    let mut new = Vec::new();
    let inner = |e: engine::EngineError| PageError::inner(&e);
    for batch in snapshot.session.collect(&sql).await.map_err(inner)? {
        let text = |name: &str| rows::text(&batch, name).map_err(inner);
        let (reasons, communes, keys) = (text("reason")?, text("commune")?, text("finding_key")?);
        for row in (0..batch.num_rows()).filter(|row| reasons.value(*row) == rule.id) {
            let (Some(finding), Some(due)) = (FindingKey::parse(keys.value(row)), due) else { continue };
            new.push(NewCase {
                rule: rule.id.clone(),
                finding,
                subject_kind: SubjectKind::Employer,
                subject: id,
                period: snapshot.period,
                commune: rows::text_at(&communes, row).and_then(base::CommuneCode::parse),
                village: None,
                unit: CaseUnit::InsuranceOffice,
                due,
            });
        }
    }
    open_and_go(&pages, &viewer, new, &take.number).await
}

/// Makes the cases and leads to the first one; to the one that is there already, where there is one.
async fn open_and_go(pages: &Pages, viewer: &Viewer, new: Vec<NewCase>, number: &str) -> Result<Response, PageError> {
    let Some(first) = new.first().map(|case| (case.subject_kind, case.subject, case.rule.clone())) else {
        return Err(PageError::NotFound);
    };
    let desk = &pages.app.desk;
    let opened = desk.open_cases(&viewer.scope, new, &To::Me, number).await.map_err(PageError::desk)?;
    let (kind, subject, rule) = first;
    let case = match opened.cases.into_iter().next() {
        Some(case) => Some(case),
        None => {
            let known = desk.cases_of(&viewer.scope, kind, subject).await.map_err(PageError::desk)?;
            known.into_iter().find(|case| case.rule == rule)
        }
    };
    let case = case.ok_or(PageError::NotFound)?;
    Ok(back(&format!("{CASES}/{}", case.id)))
}

/// What is beside a reason on a person's or an employer's page: its case, or the button that takes it as one.
pub(crate) fn beside(pages: &Pages, l: Locale, viewer: &Viewer, cases: &[desk::Case], rule: &str, action: &str) -> SafeHtml {
    if !desk::may(&viewer.scope, Permission::WorkCases) {
        return SafeHtml::default();
    }
    if let Some(case) = cases.iter().find(|case| case.rule == rule) {
        let word = l.t(&format!("coverage-case-state-{}", case.state.as_str()));
        let status = if case.state == desk::CaseState::Done { Status::ok(word) } else { Status::doing(word) };
        let link = Link::new(l.t("coverage-case-open"), format!("{CASES}/{}", case.id)).html();
        return tag("p").child(status.html()).text(" ").child(link).html();
    }
    Form {
        action: action.to_owned(),
        reads: false,
        hidden: vec![
            ("ly-do".into(), rule.to_owned()),
            ("so".into(), pages.app.form_number(viewer, &format!("take {action} {rule}"))),
        ],
        body: SafeHtml::default(),
        buttons: vec![Button::submit(l.t("coverage-case-take"), ButtonKind::Default)],
    }
    .html()
}

/// What the form under the list sends: the list's own filter, and to whom.
#[derive(Debug, Deserialize)]
pub(crate) struct TakeMany {
    #[serde(rename = "so")]
    number: String,
    #[serde(rename = "cho")]
    to: String,
    /// Desk user, where it goes to one.
    #[serde(rename = "giao-cho", default)]
    user: String,
    #[serde(flatten)]
    query: Query,
}

/// `POST /nguoi-chua-tham-gia/nhan-viec`: all lines of the filter become cases, whatever page is shown.
pub(crate) async fn take_list(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(mut take): FromForm<TakeMany>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::WorkCases).map_err(|_| PageError::Forbidden)?;
    take.query.open(app, &viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let (new, count, waits) = {
        let visible = snapshot.visible(&viewer.scope);
        let count = visible.count(&take.query);
        if count > MOST {
            let most = [("n", (count as i64).into()), ("most", (MOST as i64).into())];
            return Err(PageError::BadRequest(l.t_args("coverage-case-narrow", &most)));
        }
        let new: Vec<NewCase> = visible.all(&take.query).filter_map(|line| new_case(&pages, &snapshot, &line)).collect();
        let waits = count - new.len();
        (new, count, waits)
    };
    let to = match take.to.as_str() {
        "toi" => To::Me,
        "nguoi" if take.user.is_empty() => return Err(PageError::BadRequest(l.t("coverage-case-nobody"))),
        "nguoi" => To::User(take.user.clone()),
        _ => To::Unit,
    };
    let opened = app.desk.open_cases(&viewer.scope, new, &to, &take.number).await.map_err(PageError::desk)?;
    let audited = app.audit(&viewer, list::event(&snapshot, &take.query, count)).await?;
    let mut page = app.page(&viewer, &take.query.href(LIST, |_| ()), l.t("coverage-case-result-title"));
    page.crumbs = vec![Link::new(l.t("coverage-list-title"), take.query.href(LIST, |_| ()))];
    page.here = l.t("coverage-case-result-title");
    let queue = match &to {
        To::Me => "mine".to_owned(),
        To::User(user) => format!("open&nguoi={}", chapter::encode(user)),
        To::Unit => "unassigned".to_owned(),
    };
    page.actions = vec![Button::link(l.t("coverage-case-to-queue"), format!("{CASES}?hang={queue}"), ButtonKind::Primary)];
    page.body = result(l, &opened, count, waits);
    Ok(Shown::page(page.render(l), audited))
}

fn result(l: Locale, opened: &Opened, count: usize, waits: usize) -> SafeHtml {
    let refused = |of: Refusal| opened.refused.iter().filter(|(_, why)| *why == of).count();
    let (known, blind) = (refused(Refusal::IsCase), refused(Refusal::OwnerDoesNotSee));
    let counts = [
        ("n", (count as i64).into()),
        ("made", (opened.cases.len() as i64).into()),
        ("known", (known as i64).into()),
        ("waits", (waits as i64).into()),
        ("other", ((opened.refused.len() - known - blind) as i64).into()),
    ];
    let mut said = paragraph(SafeHtml::text(&l.t_args("coverage-case-result", &counts)));
    if blind > 0 {
        said.push(paragraph(SafeHtml::text(&l.t_args("coverage-case-blind", &[("n", (blind as i64).into())]))));
    }
    note(NoteKind::Info, &l.t("coverage-case-result-title"), said)
}

/// Officers to whom the lines of a list can be given: who may work on cases and sees all of the list's area, that is its commune, or the
/// whole area of who gives. Nobody for who may give none.
async fn workers(pages: &Pages, viewer: &Viewer, query: &Query) -> Result<Vec<desk::User>, PageError> {
    if !desk::may(&viewer.scope, Permission::AssignCases) {
        return Ok(Vec::new());
    }
    let all = pages.app.desk.case_workers(&viewer.scope).await.map_err(PageError::desk)?;
    let area = base::CommuneCode::parse(&query.commune)
        .map_or_else(|| viewer.scope.area.clone(), |code| base::Area::Communes([code].into()));
    Ok(all.into_iter().filter(|user| user.id != viewer.scope.actor.0 && covers(&user.area, &area)).collect())
}

/// Whether an area holds all of another.
fn covers(area: &base::Area, other: &base::Area) -> bool {
    match (area, other) {
        (base::Area::City, _) => true,
        (base::Area::Communes(_), base::Area::City) => false,
        (base::Area::Communes(own), base::Area::Communes(other)) => other.is_subset(own),
    }
}

/// The form under the list that makes cases of all its lines.
pub(crate) async fn list_form(
    pages: &Pages,
    l: Locale<'_>,
    viewer: &Viewer,
    query: &Query,
    count: usize,
) -> Result<SafeHtml, PageError> {
    if !desk::may(&viewer.scope, Permission::WorkCases) || count == 0 {
        return Ok(SafeHtml::default());
    }
    let title = l.t_args("coverage-case-take-all", &[("n", (count as i64).into())]);
    let body = if count > MOST {
        let most = [("n", (count as i64).into()), ("most", (MOST as i64).into())];
        paragraph(SafeHtml::text(&l.t_args("coverage-case-narrow", &most)))
    } else {
        let mut choices = vec![
            Choice::new("toi", l.t("coverage-case-for-me"), true),
            Choice::new("don-vi", l.t("coverage-case-for-unit"), false),
        ];
        let workers = workers(pages, viewer, query).await?;
        if !workers.is_empty() {
            let nobody = Choice::new("", l.t("coverage-case-choose"), true);
            let users = workers.iter().map(|user| Choice::new(user.id.as_str(), user.label.as_str(), false));
            let users = Control::Select(std::iter::once(nobody).chain(users).collect());
            let field = Field::new("giao-cho", l.t("coverage-case-officer"), users).optional().html(l);
            choices.push(Choice::new("nguoi", l.t("coverage-case-for-user"), false).inside(field));
        }
        let mut hidden = query.fields();
        hidden.push(("so".into(), pages.app.form_number(viewer, "take list")));
        Form {
            action: format!("{LIST}/nhan-viec"),
            reads: false,
            hidden,
            body: Field::new("cho", l.t("coverage-case-for"), Control::Radios(choices)).html(l),
            buttons: vec![Button::submit(title.clone(), ButtonKind::Primary).busy(l.t("coverage-upload-sending"))],
        }
        .html()
    };
    Ok(tag("div").class("no-print").child(Panel::new(title, body)).html())
}

#[cfg(test)]
mod tests {
    use base::{Area, CommuneCode};

    use super::*;

    #[test]
    fn a_list_is_given_to_who_sees_all_of_it() {
        let communes = |codes: &[&str]| Area::Communes(codes.iter().map(|code| CommuneCode::parse(code).unwrap()).collect());
        let (one, two) = (communes(&["09556"]), communes(&["00004", "09556"]));
        assert!(covers(&two, &one) && covers(&one, &one) && covers(&Area::City, &two));
        assert!(!covers(&one, &two), "half of the list would be refused");
        assert!(!covers(&two, &Area::City));
    }
}
