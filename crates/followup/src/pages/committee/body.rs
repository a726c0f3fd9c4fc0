//! `GET /ke-hoach/ban-chi-dao/{committee}`: a body, its members, meetings and conclusions.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use base::Date;
use chapter::{PageError, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, CommitteeMember, CommitteePart, CommitteeState, Conclusion, HistoryEvent, Meeting, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, Field, Link, Mark, Moment, Panel, Row, Status, Table, columns,
    definition_list, empty_state, timeline,
};
use web::{Locale, SafeHtml, tag};

use super::{COMMITTEES, body_href, conclusion_href, conclusion_status, meeting_href, part_name, whose};
use crate::Followup;
use crate::pages::parts::{does, form};
use crate::pages::unit_names;

/// `GET /ke-hoach/ban-chi-dao/{committee}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let state = app.desk.committee(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let history = app.desk.committee_history(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "committee").object(id.as_str());
    let audited = app.audit(&viewer, event.count("rows", state.members.len() as i64)).await?;
    let names = unit_names(app, &viewer).await?;
    let writes = app.desk.manages_committee(&viewer.scope, &state.committee);
    let mut main = vec![
        conclusions(l, &state.conclusions, &names, today),
        meetings(l, &state.meetings),
        members(&followup, l, &viewer, &state, writes),
    ];
    let mut side = vec![facts(&followup, l, &state, today)];
    if writes {
        side.push(new_meeting(&followup, l, &viewer, &state, today));
        main.push(new_member(&followup, l, &viewer, &state));
        side.push(renew(&followup, l, &viewer, &state));
    }
    side.push(past(l, &history));
    let mut page = app.page(&viewer, &body_href(&id), &state.committee.name);
    page.crumbs = vec![Link::new(l.t("committee-title"), COMMITTEES)];
    page.here = whose(&followup, l, &state.committee);
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    page.foot = vec![l.t("committee-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(followup: &Followup, l: Locale, state: &CommitteeState, today: Date) -> SafeHtml {
    let committee = &state.committee;
    let held = state.meetings.iter().filter(|meeting| meeting.withdrawn.is_none()).count() as i64;
    let late = state.conclusions.iter().filter(|one| one.late_since(today).is_some()).count() as i64;
    let decision = format!("{}, {}", committee.decision, l.date(committee.decided_on));
    let items = [
        (l.t("committee-whose"), SafeHtml::text(&whose(followup, l, committee))),
        (l.t("committee-decision"), SafeHtml::text(&decision)),
        (l.t("committee-meetings"), SafeHtml::text(&l.number(held))),
        (
            l.t("committee-late"),
            if late > 0 { Status::bad(l.t_args("committee-n-late", &[("n", late.into())])).html() } else { SafeHtml::text("0") },
        ),
    ];
    Panel::new(l.t("committee-facts"), definition_list(false, items)).html()
}

fn members(followup: &Followup, l: Locale, viewer: &Viewer, state: &CommitteeState, writes: bool) -> SafeHtml {
    let of_city = state.committee.commune.is_none();
    let mut head = vec![
        Column::text(l.t("committee-member")),
        Column::text(l.t("committee-part")),
        Column::text(l.t("committee-since")),
        Column::text(l.t("committee-decision")),
    ];
    if writes {
        head.push(Column::text(l.t("followup-column-act")));
    }
    let row = |member: &CommitteeMember| {
        let span = match member.last_day {
            Some(last) => l.t_args(
                "followup-span",
                &[("from", l.date(member.first_day).as_str().into()), ("to", l.date(last).as_str().into())],
            ),
            None => l.t_args("committee-from", &[("day", l.date(member.first_day).as_str().into())]),
        };
        let mut cells = vec![
            Cell::text(&member.name).note(&member.office),
            Cell::text(part_name(l, member.part, of_city)),
            Cell::text(span),
            Cell::text(&member.decision).note(l.date(member.decided_on)),
        ];
        if writes {
            cells.push(match member.last_day {
                None => Cell::html(leave(followup, l, viewer, state, member)),
                Some(_) => Cell::text(l.t("committee-left")),
            });
        }
        Row::new(cells)
    };
    let empty = empty_state(&l.t("committee-no-member"), &l.t("committee-no-member-why"), None);
    let title = l.t("committee-members-title");
    let table = Table::new("thanh-vien", title.clone(), head).rows(state.members.iter().map(row)).empty(empty).worklist();
    Panel::flush(title, table.html(l)).html()
}

/// Somebody leaves: folded away, because it is rare.
fn leave(followup: &Followup, l: Locale, viewer: &Viewer, state: &CommitteeState, member: &CommitteeMember) -> SafeHtml {
    let (day, why) = (format!("ngay-thoi-{}", member.id), format!("ly-do-thoi-{}", member.id));
    let fields = [
        Field::new(day, l.t("committee-last-day"), Control::Date),
        Field::new(why, l.t("committee-leave-reason"), Control::Text),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let mut more = does("thoi-thanh-vien");
    more.push(("thanh-vien".into(), member.id.clone()));
    let buttons = vec![Button::submit(l.t("committee-leave"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, body_href(&state.committee.id), more, body, buttons).html();
    tag("details").child(tag("summary").text(&l.t("committee-leave-open"))).child(form).html()
}

fn new_member(followup: &Followup, l: Locale, viewer: &Viewer, state: &CommitteeState) -> SafeHtml {
    let of_city = state.committee.commune.is_none();
    let parts = CommitteePart::ALL
        .map(|part| Choice::new(part.as_str(), part_name(l, part, of_city), part == CommitteePart::Member))
        .to_vec();
    let fields = [
        Field::new("ho-ten", l.t("committee-member-name"), Control::Text).hint(l.t("committee-member-hint")),
        Field::new("chuc-vu", l.t("committee-office"), Control::Text),
        Field::new("vai-tro-ban", l.t("committee-part"), Control::Select(parts)),
        Field::new("quyet-dinh", l.t("committee-decision"), Control::Text).value(&state.committee.decision),
        Field::new("ngay-quyet-dinh", l.t("committee-decided-on"), Control::Date).value(l.date(state.committee.decided_on)),
        Field::new("tu-ngay", l.t("committee-first-day"), Control::Date).value(l.date(state.committee.decided_on)),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("committee-add-member"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, body_href(&state.committee.id), does("them-thanh-vien"), body, buttons);
    Panel::new(l.t("committee-new-member"), form.html()).html()
}

fn meetings(l: Locale, meetings: &[Meeting]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("committee-held-on")),
        Column::text(l.t("committee-agenda")),
        Column::text(l.t("committee-place")),
        Column::number(l.t("committee-attended"), ""),
    ];
    let row = |meeting: &Meeting| {
        let day = Cell::link(l.date(meeting.held_on), meeting_href(&meeting.id));
        let day = if meeting.withdrawn.is_some() { day.note(l.t("committee-withdrawn")) } else { day };
        let place = Cell::text(&meeting.place);
        let place = if meeting.online { place.note(l.t("committee-online")) } else { place };
        Row::new(vec![day, Cell::text(&meeting.agenda), place, Cell::number(l, meeting.attended.len() as i64)])
    };
    let empty = empty_state(&l.t("committee-no-meeting"), &l.t("committee-no-meeting-why"), None);
    let title = l.t("committee-meetings");
    let table = Table::new("cuoc-hop", title.clone(), head).rows(meetings.iter().map(row)).empty(empty).worklist();
    Panel::flush(title, table.html(l)).html()
}

/// The conclusions as a table; for the pages of a body and of a meeting.
pub(super) fn conclusions(l: Locale, all: &[Conclusion], names: &BTreeMap<String, String>, today: Date) -> SafeHtml {
    let head = vec![
        Column::text(l.t("committee-what")),
        Column::text(l.t("committee-unit")),
        Column::text(l.t("followup-column-due")),
        Column::text(l.t("followup-column-state")),
    ];
    let row = |one: &Conclusion| {
        Row::new(vec![
            Cell::link(&one.what, conclusion_href(&one.id)),
            Cell::text(names.get(&one.unit).unwrap_or(&one.unit)),
            Cell::text(l.date(one.due)),
            Cell::status(&conclusion_status(l, one, today)),
        ])
    };
    // What is still to be done stands first, the oldest of it on top.
    let mut sorted: Vec<&Conclusion> = all.iter().collect();
    sorted.sort_by_key(|one| (!one.is_open(), one.due));
    let empty = empty_state(&l.t("committee-no-conclusion"), &l.t("committee-no-conclusion-why"), None);
    let title = l.t("committee-conclusions");
    let table = Table::new("ket-luan", title.clone(), head).rows(sorted.into_iter().map(row)).empty(empty).worklist();
    Panel::flush(title, table.html(l)).html()
}

fn new_meeting(followup: &Followup, l: Locale, viewer: &Viewer, state: &CommitteeState, today: Date) -> SafeHtml {
    let fields = [
        Field::new("ngay-hop", l.t("committee-held-on"), Control::Date).value(l.date(today)),
        Field::new("dia-diem", l.t("committee-place"), Control::Text),
        Field::new("truc-tuyen", l.t("committee-online"), Control::Tick),
        Field::new("noi-dung", l.t("committee-agenda"), Control::Lines),
    ];
    let mut body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let present = state.members.iter().filter(|member| member.is_in_office(today)).map(|member| {
        let label = format!("{}, {}", member.name, member.office);
        Field::new(format!("co-mat-{}", member.id), label, Control::Tick).value("1").html(l)
    });
    let present: Vec<SafeHtml> = present.collect();
    if !present.is_empty() {
        let legend = tag("legend").text(&l.t("committee-present"));
        body.push(tag("fieldset").class("field").child(legend).children(present).html());
    }
    body.push(Field::new("khach", l.t("committee-guests"), Control::Text).optional().html(l));
    let buttons = vec![Button::submit(l.t("committee-add-meeting"), ButtonKind::Primary)];
    let form = form(&followup.app, viewer, body_href(&state.committee.id), does("them-cuoc-hop"), body, buttons);
    Panel::new(l.t("committee-new-meeting"), form.html()).html()
}

fn renew(followup: &Followup, l: Locale, viewer: &Viewer, state: &CommitteeState) -> SafeHtml {
    let committee = &state.committee;
    let fields = [
        Field::new("ten-moi", l.t("committee-name"), Control::Text).value(&committee.name),
        Field::new("quyet-dinh-moi", l.t("committee-decision"), Control::Text),
        Field::new("ngay-quyet-dinh-moi", l.t("committee-decided-on"), Control::Date),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let mut more = does("kien-toan");
    more.push(("phien-ban".into(), committee.version.to_string()));
    let buttons = vec![Button::submit(l.t("committee-renew"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, body_href(&committee.id), more, body, buttons).html();
    let folded = tag("details").child(tag("summary").text(&l.t("committee-renew-open"))).child(form).html();
    Panel::new(l.t("committee-renew-title"), folded).html()
}

fn past(l: Locale, history: &[HistoryEvent]) -> SafeHtml {
    let moments: Vec<Moment> = history
        .iter()
        .rev()
        .map(|event| Moment {
            when: l.date(day_in_hanoi(event.at)),
            mark: Mark::Step,
            title: SafeHtml::text(&l.t(event_key(&event.what))),
            detail: event.reason.as_deref().map(|reason| tag("p").text(reason).html()).unwrap_or_default(),
        })
        .collect();
    Panel::new(l.t("followup-history"), timeline(&moments)).html()
}

pub(super) fn event_key(what: &str) -> &'static str {
    match what {
        "established" => "committee-event-established",
        "renewed" => "committee-event-renewed",
        "member_added" => "committee-event-member-added",
        "member_left" => "committee-event-member-left",
        "meeting_held" => "committee-event-meeting-held",
        "meeting_withdrawn" => "committee-event-meeting-withdrawn",
        "concluded" => "committee-event-concluded",
        "reported" => "committee-event-reported",
        "confirmed" => "committee-event-confirmed",
        "returned" => "committee-event-returned",
        "dropped" => "committee-event-dropped",
        "file_removed" => "committee-event-file-removed",
        _ => "committee-event-file-added",
    }
}
