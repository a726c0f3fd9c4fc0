//! One employer: who it is over the rosters, its states with their sources, its people, findings with the law.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use documents::letter::Addressee;
use web::component::{
    Cell, Column, Columns, Link, NoteKind, Panel, Row, Status, Table, audit_note, columns, definition_list, heading, note,
};
use web::{Locale, SafeHtml, tag};

use super::super::{Pages, letters, rule, words};
use super::data::{self, Employer, Named, Numbers};
use super::{EMPLOYERS, kind, people, require, word};
use crate::employer_lines::EmployerLine;
use crate::serving::Snapshot;

/// `GET /don-vi/{employer}`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let employer = open(&snapshot, &viewer, id).await?;
    let mut event = ReadEvent::new(AuditAction::ViewEmployer, "employer").object(format!("E{id}")).run(&snapshot.run);
    if let Some(code) = &employer.commune {
        event = event.commune(code);
    }
    let audited = app.audit(&viewer, event).await?;
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let session = &snapshot.session;
    let numbers = data::numbers(session, id).await.map_err(inner)?;
    let named = data::named(session, id).await.map_err(inner)?;
    let branches = data::branches(session, id).await.map_err(inner)?;
    let parent = match employer.parent {
        Some(parent) => data::employer(session, parent).await.map_err(inner)?,
        None => None,
    };
    let findings = snapshot.employers.of_employer(&viewer.scope, id);
    let cases = match desk::may(&viewer.scope, desk::Permission::WorkCases) {
        true => app.desk.cases_of(&viewer.scope, base::SubjectKind::Employer, id).await.map_err(PageError::desk)?,
        false => Vec::new(),
    };
    let mut left = why(&pages, l, &viewer, &snapshot, &findings, (id, &cases));
    left.push(rosters(l, &named));
    let mut right = facts(&pages, l, &employer, parent.as_ref(), &branches);
    right.push(counts(l, id, numbers.as_ref()));
    right.push(audit_note(l, SafeHtml::text(&l.t("employer-audit"))));
    let mut page = app.page(&viewer, &format!("{EMPLOYERS}/{id}"), name_of(l, &employer));
    page.crumbs = vec![Link::new(l.t("employer-list-title"), EMPLOYERS)];
    page.here = l.t("employer-here");
    let codes = [
        employer.tax_code.as_ref().map(|code| l.t_args("employer-tax-code-is", &[("code", code.as_str().into())])),
        employer.commune.as_ref().map(|c| pages.place(c)),
        Some(l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])),
    ];
    page.facts = SafeHtml::text(&codes.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    page.body = columns(Columns::MainSide, [stack(left), stack(right)]);
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("employer-list-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /don-vi/{employer}/thu/{rule}`.
pub(super) async fn letter(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path((id, rule)): Path<(i64, String)>,
    FromForm(draft): FromForm<letters::Draft>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    require(&viewer)?;
    letters::may_write(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let employer = open(&snapshot, &viewer, id).await?;
    let findings = snapshot.employers.of_employer(&viewer.scope, id);
    let line = findings.into_iter().find(|line| line.reason == rule).ok_or(PageError::NotFound)?;
    let about = letters::About {
        rule: &rule,
        recipient: employer.name.clone().unwrap_or_default(),
        born: String::new(),
        tax_code: employer.tax_code.clone().unwrap_or_default(),
        commune: employer.commune.clone(),
        evidence: line.evidence(),
    };
    letters::keep(&pages, &viewer, &snapshot, (base::SubjectKind::Employer, id), about, &draft).await
}

/// The employer of a number, where the viewer may see it.
pub(super) async fn open(snapshot: &Snapshot, viewer: &Viewer, id: i64) -> Result<Employer, PageError> {
    let found = data::employer(&snapshot.session, id).await.map_err(|e| PageError::inner(&e))?;
    found.filter(|employer| viewer.scope.sees(employer.commune.as_ref())).ok_or(PageError::NotFound)
}

pub(super) fn name_of(l: Locale, employer: &Employer) -> String {
    employer.name.clone().unwrap_or_else(|| l.t("employer-no-name"))
}

fn facts(pages: &Pages, l: Locale, employer: &Employer, parent: Option<&Employer>, branches: &[(i64, String)]) -> SafeHtml {
    let text = |value: &Option<String>| value.as_ref().map(|v| SafeHtml::text(v));
    let state = |(words, day): &(Option<String>, Option<base::Date>), roster: &str| {
        let words = words.as_ref()?;
        let day = day.map(|day| l.t_args("employer-state-since", &[("day", l.date(day).as_str().into())])).unwrap_or_default();
        let source = l.t_args("employer-source", &[("roster", words::roster(l, roster).as_str().into())]);
        Some(SafeHtml::text(&format!("{words}{day}")).then(tag("span").class("sub small").text(&source)))
    };
    let kind = employer.kind_code.as_ref().map(|code| kind(l, code)).or_else(|| employer.kind.clone());
    let method = employer.tax_method.as_ref().map(|code| {
        let known = ["declares", "lump_sum", "below_threshold"];
        word(l, &known, code, |code| l.t(&format!("employer-method-{}", code.replace('_', "-"))))
    });
    let known = if employer.registered { "employer-known-yes" } else { "employer-known-no" };
    let items = [
        ("employer-tax-code", text(&employer.tax_code)),
        ("employer-unit-code", text(&employer.unit_code)),
        ("employer-unit-code-old", text(&employer.unit_code_old)),
        ("employer-kind", text(&kind)),
        ("employer-column-seat", employer.commune.as_ref().map(|c| SafeHtml::text(&pages.place(c)))),
        ("employer-founded", employer.founded.map(|d| SafeHtml::text(&l.date(d)))),
        ("employer-business-state", state(&employer.business, "business")),
        ("employer-tax-state", state(&employer.tax, "taxpayer")),
        ("employer-tax-method", text(&method)),
        ("employer-known", Some(SafeHtml::text(&l.t(known)))),
        ("employer-name-from", employer.name_from.as_ref().map(|r| SafeHtml::text(&words::roster(l, r)))),
        ("employer-parent", parent.map(|p| Link::new(name_of(l, p), format!("{EMPLOYERS}/{}", p.id)).html())),
    ];
    let list = definition_list(false, items.into_iter().filter_map(|(key, value)| Some((l.t(key), value?))));
    let branches = branches.iter().map(|(id, name)| tag("li").child(Link::new(name, format!("{EMPLOYERS}/{id}"))).html());
    let branches: Vec<SafeHtml> = branches.collect();
    let mut body = list;
    if !branches.is_empty() {
        body.push(heading(3, &l.t("employer-branches"), SafeHtml::default()));
        body.push(tag("ul").class("links").children(branches).html());
    }
    Panel::new(l.t("employer-facts"), body).html()
}

/// Numbers of its people, two of which open their rows, and what the ledger says.
fn counts(l: Locale, id: i64, numbers: Option<&Numbers>) -> SafeHtml {
    let title = l.t("employer-counts");
    let Some(n) = numbers else { return Panel::new(title, tag("p").text(&l.t("employer-counts-none"))).html() };
    let door = |count: i64, kind: &str| Link::new(l.number(count), format!("{EMPLOYERS}/{id}/nguoi?loai={kind}")).figure();
    let plain = |count: i64| SafeHtml::text(&l.number(count));
    let late = match (n.months_late, n.ledger_debt) {
        (Some(months), debt) if months > 0 => {
            let money = debt.filter(|d| *d > 0).map(|d| l.dong(base::Dong::new(d)));
            let words = Status::warn(l.t_args("employer-late", &[("months", months.into())])).html();
            let amount = money.map(|m| l.t_args("employer-late-amount", &[("amount", m.as_str().into())]));
            Some(words.then(SafeHtml::text(&amount.map(|a| format!(" {a}")).unwrap_or_default())))
        }
        (Some(_), _) => Some(Status::ok(l.t("employer-late-none")).html()),
        (None, _) => None,
    };
    let items = [
        ("employer-insured-now", Some(door(n.insured_now, people::NOW))),
        ("employer-insured-year", Some(plain(n.insured_year))),
        ("employer-paid-year", Some(plain(n.paid_year))),
        ("employer-paid-uninsured", Some(door(n.paid_uninsured, people::UNINSURED))),
        ("employer-paid-elsewhere", Some(plain(n.paid_elsewhere))),
        ("employer-labour", Some(plain(n.labour))),
        ("employer-ledger-workers", n.ledger_workers.map(plain)),
        ("employer-ledger-late", late),
    ];
    let list = definition_list(true, items.into_iter().filter_map(|(key, value)| Some((l.t(key), value?))));
    Panel::new(title, list).foot(SafeHtml::text(&l.t("employer-counts-note"))).html()
}

fn why(
    pages: &Pages,
    l: Locale,
    viewer: &Viewer,
    snapshot: &Snapshot,
    findings: &[&EmployerLine],
    (id, cases): (i64, &[desk::Case]),
) -> SafeHtml {
    let mut body = SafeHtml::default();
    let mut keys: Vec<String> = Vec::new();
    for line in findings {
        let evidence = line.evidence();
        let facts = evidence.iter().filter_map(|e| words::fact(l, e)).map(|(name, value)| (name, SafeHtml::text(&value)));
        let since = line.first_period.map(|d| l.month_short(d.month())).unwrap_or_default();
        let state = if line.new {
            Status::doing(l.t("coverage-state-new"))
        } else {
            Status::neutral(l.t_args("coverage-state-since", &[("month", since.as_str().into())]))
        };
        body.push(heading(3, &words::reason(&pages.app, l, &line.reason), state.html()));
        body.push(definition_list(false, facts));
        let action = format!("{EMPLOYERS}/{}/nhan-viec", line.employer);
        body.push(super::super::work::beside(pages, l, viewer, cases, &line.reason, &action));
        if let Some(found) = pages.app.rules.get(&line.reason) {
            let more = Link::new(l.t("coverage-why-rule"), format!("/quy-tac/{}", found.id));
            body.push(tag("p").class("small").text(&l.t("coverage-why-indication")).text(" ").child(more.html()).html());
            body.push(tag("p").class("small").text(&pages.app.automation_line(l)).html());
            body.push(letters::button(pages, l, viewer, &found.id, Addressee::Employer, &format!("{EMPLOYERS}/{id}")));
            keys.extend(found.page(&pages.app.schemas).law.iter().filter(|key| !keys.contains(key)).cloned().collect::<Vec<_>>());
        }
    }
    if findings.is_empty() {
        body.push(tag("p").text(&l.t("employer-why-none")).html());
    }
    let mut panels = Panel::new(l.t("employer-why"), body).html();
    if !keys.is_empty() {
        panels.push(rule::law(pages, l, snapshot, &keys));
    }
    panels
}

fn rosters(l: Locale, named: &[Named]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-roster")),
        Column::text(l.t("employer-named-as")),
        Column::text(l.t("employer-evidence")),
        Column::number(l.t("employer-alike"), "%"),
    ];
    let rows = named.iter().map(|one| {
        let (text, detail) = match (&one.file, &one.name) {
            (Some((file, row)), _) => (file.clone(), l.t_args("employer-row", &[("row", l.number(*row).as_str().into())])),
            (None, name) => (name.clone().unwrap_or_default(), one.code.clone().unwrap_or_default()),
        };
        let warnings = one.warnings.iter().map(|w| l.t(&format!("employer-warning-{}", w.replace('_', "-"))));
        let warnings: Vec<String> = warnings.collect();
        let percent = l.thousandths(one.name_thousandths * 100, 1);
        Row::new(vec![
            Cell::text(words::roster(l, &one.roster)),
            Cell::text(text).note(detail),
            Cell::text(l.t(&format!("employer-evidence-{}", one.evidence.replace('_', "-")))).note(warnings.join("; ")),
            Cell::text(percent.trim_start_matches('+')),
        ])
    });
    let title = l.t("employer-rosters");
    if named.is_empty() {
        return note(NoteKind::Info, &title, SafeHtml::text(&l.t("employer-rosters-none")));
    }
    Panel::flush(title.clone(), Table::new("danh-sach-goc", title, head).rows(rows).html(l)).html()
}

fn stack(blocks: SafeHtml) -> SafeHtml {
    tag("div").class("grid").child(blocks).html()
}
