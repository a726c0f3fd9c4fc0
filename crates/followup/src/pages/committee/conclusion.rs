//! `GET /ke-hoach/ket-luan/{conclusion}`: what is to be done, by whom, and what came of it.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, Committee, Conclusion, ConclusionState, HistoryEvent, ReadEvent, UserLabel};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Link, Mark, Moment, NoteKind, Panel, Row, Table, columns,
    definition_list, note, timeline,
};
use web::{Locale, SafeHtml, tag};

use super::{COMMITTEES, body, body_href, conclusion_href, conclusion_status, file, meeting_href};
use crate::Followup;
use crate::pages::parts::{does, form};
use crate::pages::unit_names;

/// `GET /ke-hoach/ket-luan/{conclusion}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let (committee, found, files, history) = app.desk.conclusion(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "committee").object(id.as_str()).count("rows", 1);
    let audited = app.audit(&viewer, event).await?;
    let names = unit_names(app, &viewer).await?;
    let actors = history.iter().map(|event| event.actor.as_str()).collect();
    let labels = app.desk.user_labels(&viewer.scope, &actors).await.map_err(PageError::desk)?;
    let reports = desk::may(&viewer.scope, desk::Permission::ReportTasks)
        && found.unit == viewer.scope.unit
        && found.state == ConclusionState::Open;
    let mut main = Vec::new();
    let last = history.last().filter(|event| event.what == "returned" && found.state == ConclusionState::Open);
    if let Some(reason) = last.and_then(|event| event.reason.as_deref()) {
        main.push(note(NoteKind::Caution, &l.t("committee-returned-why"), SafeHtml::text(reason)));
    }
    main.push(facts(l, &committee, &found, &names));
    if !found.done.is_empty() {
        let done = tag("p").class("lines").text(&found.done).html();
        main.push(Panel::new(l.t("committee-done"), done).html());
    }
    main.push(file::panel(
        &followup,
        l,
        &viewer,
        &files,
        &file::Of { meeting: &found.meeting, conclusion: Some(&found.id), writes: reports },
    ));
    let mut side = acts(&followup, l, &viewer, &committee, &found, reports);
    side.push(past(l, &history, &labels));
    let mut page = app.page(&viewer, &conclusion_href(&id), l.t("committee-conclusion"));
    page.crumbs = vec![Link::new(l.t("committee-title"), COMMITTEES), Link::new(&committee.name, body_href(&committee.id))];
    page.here = l.t("committee-conclusion");
    page.facts = conclusion_status(l, &found, today).html();
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    Ok(Shown::page(page.render(l), audited))
}

fn facts(l: Locale, committee: &Committee, found: &Conclusion, names: &BTreeMap<String, String>) -> SafeHtml {
    let items = [
        (l.t("committee-what"), tag("p").class("lines").text(&found.what).html()),
        (l.t("committee-unit"), SafeHtml::text(names.get(&found.unit).unwrap_or(&found.unit))),
        (l.t("followup-column-due"), SafeHtml::text(&l.date(found.due))),
        (l.t("committee-meeting"), Link::new(&committee.name, meeting_href(&found.meeting)).html()),
    ];
    Panel::new(l.t("committee-conclusion"), definition_list(false, items)).html()
}

/// What the viewer may do with it now.
fn acts(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    committee: &Committee,
    found: &Conclusion,
    reports: bool,
) -> Vec<SafeHtml> {
    let act = |what: &str, body: SafeHtml, button: Button| {
        let mut more = does(what);
        more.push(("phien-ban".into(), found.version.to_string()));
        form(&followup.app, viewer, conclusion_href(&found.id), more, body, vec![button]).html()
    };
    let mut panels = Vec::new();
    if reports {
        let done = Field::new("ket-qua", l.t("committee-done"), Control::Lines).hint(l.t("committee-done-hint")).html(l);
        let button = Button::submit(l.t("committee-report"), ButtonKind::Primary);
        panels.push(Panel::new(l.t("committee-report-title"), act("bao-cao", done, button)).html());
    }
    if followup.app.desk.manages_committee(&viewer.scope, committee) {
        let mut forms = Vec::new();
        if found.state == ConclusionState::Reported {
            let button = Button::submit(l.t("followup-confirm"), ButtonKind::Primary);
            let button =
                if found.changed_by == viewer.scope.actor.0 { button.unavailable(l.t("committee-same-person")) } else { button };
            forms.push(act("xac-nhan", SafeHtml::empty(), button));
        }
        if matches!(found.state, ConclusionState::Reported | ConclusionState::Confirmed) {
            let reason = Field::new("ly-do-tra", l.t("followup-return-reason"), Control::Lines).html(l);
            forms.push(act("tra-lai", reason, Button::submit(l.t("followup-return"), ButtonKind::Default)));
        }
        if found.is_open() {
            let reason = Field::new("ly-do-thoi", l.t("committee-drop-reason"), Control::Text).html(l);
            let form = act("thoi", reason, Button::submit(l.t("committee-drop"), ButtonKind::Default));
            forms.push(tag("details").child(tag("summary").text(&l.t("committee-drop-open"))).child(form).html());
        }
        if !forms.is_empty() {
            panels.push(Panel::new(l.t("followup-acts"), SafeHtml::concat(forms)).html());
        }
    }
    panels
}

fn past(l: Locale, history: &[HistoryEvent], labels: &BTreeMap<String, UserLabel>) -> SafeHtml {
    let moments: Vec<Moment> = history
        .iter()
        .rev()
        .map(|event| {
            let who = labels.get(&event.actor).map_or(event.actor.as_str(), |known| known.label.as_str());
            let reason = event.reason.as_deref().map(|reason| tag("p").text(reason).html());
            Moment {
                when: l.date(day_in_hanoi(event.at)),
                mark: Mark::Step,
                title: SafeHtml::text(&l.t(body::event_key(&event.what))),
                detail: tag("span").text(who).html().then(reason.unwrap_or_default()),
            }
        })
        .collect();
    Panel::new(l.t("followup-history"), timeline(&moments)).html()
}

/// What the viewer's unit has to do by conclusions, for the page of what it owes; empty where there is none.
pub(in crate::pages) async fn owed(followup: &Followup, l: Locale<'_>, viewer: &Viewer) -> Result<SafeHtml, PageError> {
    let own = followup.app.desk.unit_conclusions(&viewer.scope).await.map_err(PageError::desk)?;
    if own.is_empty() {
        return Ok(SafeHtml::empty());
    }
    let today = followup.app.today();
    let head = vec![
        Column::text(l.t("committee-what")),
        Column::text(l.t("followup-column-due")),
        Column::text(l.t("followup-column-state")),
    ];
    let rows = own.iter().map(|one| {
        Row::new(vec![
            Cell::link(&one.what, conclusion_href(&one.id)),
            Cell::text(l.date(one.due)),
            Cell::status(&conclusion_status(l, one, today)),
        ])
    });
    let title = l.t("committee-owed");
    Ok(Panel::flush(title.clone(), Table::new("ket-luan-duoc-giao", title, head).rows(rows).worklist().html(l)).html())
}
