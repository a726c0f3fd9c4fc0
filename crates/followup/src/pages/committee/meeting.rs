//! `GET /ke-hoach/cuoc-hop/{meeting}`: a meeting, who was there, its minutes and conclusions.

use axum::Extension;
use axum::extract::{Path, State};
use base::Date;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, CommitteeMember, Meeting, ReadEvent};
use web::component::{
    Button, ButtonKind, Choice, Columns, Control, Field, Link, NoteKind, Panel, columns, definition_list, note,
};
use web::{Locale, SafeHtml, tag};

use super::{COMMITTEES, body, body_href, file, meeting_href, part_name};
use crate::Followup;
use crate::pages::parts::{does, form};
use crate::pages::unit_names;

/// `GET /ke-hoach/cuoc-hop/{meeting}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let (committee, held, minutes, conclusions) =
        app.desk.committee_meeting(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let state = app.desk.committee(&viewer.scope, &committee.id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "committee").object(id.as_str());
    let audited = app.audit(&viewer, event.count("rows", conclusions.len() as i64)).await?;
    let names = unit_names(app, &viewer).await?;
    let writes = app.desk.manages_committee(&viewer.scope, &committee) && held.withdrawn.is_none();
    let mut main = Vec::new();
    if let Some(reason) = &held.withdrawn {
        main.push(note(NoteKind::Caution, &l.t("committee-withdrawn"), SafeHtml::text(reason)));
    }
    main.push(body::conclusions(l, &conclusions, &names, today));
    if writes {
        main.push(conclude(&followup, l, &viewer, &held, &names, today));
    }
    let minutes_of = file::Of { meeting: &held.id, conclusion: None, writes };
    main.push(file::panel(&followup, l, &viewer, &minutes, &minutes_of));
    let of_city = committee.commune.is_none();
    let mut side = vec![facts(l, &held), present(l, &held, &state.members, of_city)];
    if writes && conclusions.is_empty() {
        side.push(withdraw(&followup, l, &viewer, &held));
    }
    let title = l.t_args("committee-meeting-of", &[("day", l.date(held.held_on).as_str().into())]);
    let mut page = app.page(&viewer, &meeting_href(&id), title);
    page.crumbs = vec![Link::new(l.t("committee-title"), COMMITTEES), Link::new(&committee.name, body_href(&committee.id))];
    page.here = l.t("committee-meeting");
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    Ok(Shown::page(page.render(l), audited))
}

fn facts(l: Locale, held: &Meeting) -> SafeHtml {
    let items = [
        (l.t("committee-held-on"), SafeHtml::text(&l.date(held.held_on))),
        (l.t("committee-place"), SafeHtml::text(&held.place)),
        (l.t("committee-form"), SafeHtml::text(&l.t(if held.online { "committee-online" } else { "committee-in-person" }))),
        (l.t("committee-agenda"), tag("p").class("lines").text(&held.agenda).html()),
    ];
    Panel::new(l.t("committee-meeting"), definition_list(false, items)).html()
}

fn present(l: Locale, held: &Meeting, members: &[CommitteeMember], of_city: bool) -> SafeHtml {
    let there = members.iter().filter(|member| held.attended.contains(&member.id));
    let line = |member: &CommitteeMember| {
        let words = format!("{}, {} ({})", member.name, member.office, part_name(l, member.part, of_city));
        tag("li").text(&words).html()
    };
    let items: Vec<SafeHtml> = there.map(line).collect();
    let mut body =
        if items.is_empty() { tag("p").text(&l.t("committee-nobody")).html() } else { tag("ul").children(items).html() };
    if !held.guests.is_empty() {
        body.push(tag("p").text(&l.t_args("committee-with-guests", &[("who", held.guests.as_str().into())])).html());
    }
    Panel::new(l.t("committee-present"), body).html()
}

fn conclude(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    held: &Meeting,
    names: &std::collections::BTreeMap<String, String>,
    today: Date,
) -> SafeHtml {
    let mut units: Vec<(&String, &String)> = names.iter().collect();
    units.sort_by_key(|(_, name)| web::text_sort_key(name));
    let units = units.into_iter().map(|(id, name)| Choice::new(id, name, *id == viewer.scope.unit)).collect();
    let due = today.add_days(14).unwrap_or(today);
    let fields = [
        Field::new("viec-giao", l.t("committee-what"), Control::Lines).hint(l.t("committee-what-hint")),
        Field::new("don-vi", l.t("committee-unit"), Control::Select(units)),
        Field::new("han", l.t("followup-column-due"), Control::Date).value(l.date(due)),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("committee-conclude"), ButtonKind::Primary)];
    let form = form(&followup.app, viewer, meeting_href(&held.id), does("ket-luan"), body, buttons);
    Panel::new(l.t("committee-new-conclusion"), form.html()).html()
}

fn withdraw(followup: &Followup, l: Locale, viewer: &Viewer, held: &Meeting) -> SafeHtml {
    let body = Field::new("ly-do-huy", l.t("committee-withdraw-reason"), Control::Text).html(l);
    let buttons = vec![Button::submit(l.t("committee-withdraw"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, meeting_href(&held.id), does("huy"), body, buttons).html();
    let folded = tag("details").child(tag("summary").text(&l.t("committee-withdraw-open"))).child(form).html();
    Panel::new(l.t("committee-withdraw-title"), folded).html()
}
