//! A case as it stands on the desk: its facts, its lines with the money, the facility's answers, files and history.

use std::collections::BTreeMap;

use base::{Date, Dong};
use chapter::{PageError, Viewer};
use desk::{HistoryEvent, ReviewAnswer, ReviewCase, ReviewFile, ReviewFileKind, ReviewLine, ReviewRecord, ReviewState};
use law::calc::Calendar;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Control, Field, Form, Link, Panel, Row, Status, Table, definition_list,
    empty_state, paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::clock_page::{self, CaseTimes};
use super::terms::AppealTerm;
use super::{AUDIT, Audit, RULES, queue, words};

/// How the term of the answer stands, while it runs.
pub(super) fn term(l: Locale, calendar: &Calendar, case: &ReviewCase, today: Date) -> Option<SafeHtml> {
    case.due.filter(|_| case.state == ReviewState::Sent).map(|due| words::due(l, calendar, due, today).html())
}

/// The terms of the case that run, ran or were met. `visit_end`: the end of the visit, where it is known.
pub(super) fn clocks(audit: &Audit, l: Locale, record: &ReviewRecord, visit_end: Option<Date>) -> Result<SafeHtml, PageError> {
    let case = &record.case;
    let times = CaseTimes {
        state: case.state,
        refuses: case.decided > Dong::ZERO,
        visit_end,
        told: case.sent_on.zip(case.due),
        answered: case.answered_on,
    };
    let terms = clock_page::of_case(&audit.app, &times, &record.steps, &record.history)?;
    clock_page::panel(&audit.app, l, ("thoi-han", l.t("claims-case-clocks")), &terms)
}

/// Where the case stands, whose it is, its money.
pub(super) async fn facts(audit: &Audit, l: Locale<'_>, viewer: &Viewer, record: &ReviewRecord) -> Result<SafeHtml, PageError> {
    let case = &record.case;
    let names = words::user_names(&audit.app, viewer, case.owner.as_deref().into_iter()).await?;
    let owner = case.owner.as_ref().map(|owner| names.get(owner).unwrap_or(owner).clone());
    let text = |text: String| SafeHtml::text(&text);
    let day = |day: Date| text(l.date(day));
    let mut items = vec![
        (l.t("claims-column-state"), words::state(l, case.state).html()),
        (l.t("claims-column-owner"), text(owner.unwrap_or_else(|| l.t("claims-nobody")))),
        (l.t("claims-period"), text(l.month(case.period))),
    ];
    items.extend(case.portal_code.clone().map(|code| (l.t("claims-portal-code"), text(code))));
    items.extend(case.sent_on.map(|sent| (l.t("claims-sent-on"), day(sent))));
    items.extend(case.due.map(|due| (l.t("claims-column-due"), day(due))));
    items.extend(case.answered_on.map(|answered| (l.t("claims-answered-on"), day(answered))));
    if case.state == ReviewState::Decided && case.decided > Dong::ZERO {
        items.push((l.t("claims-column-appeal"), AppealTerm::of_case(&audit.app, &record.history)?.said(l)));
    }
    items.extend(
        case.notice.as_ref().map(|id| (l.t("claims-notice"), Link::new(l.t("claims-document"), format!("/van-ban/{id}")).html())),
    );
    items.extend(case.referred.clone().map(|document| (l.t("claims-referred"), text(document))));
    let marks = queue::marks(l, case);
    if !marks.is_empty() {
        items.push((l.t("claims-marks"), Status::warn(marks).html()));
    }
    let money = [
        (l.t("claims-column-asked"), text(l.dong(case.asked))),
        (l.t("claims-column-proposed"), text(l.dong(case.proposed))),
        (l.t("claims-column-decided"), text(l.dong(case.decided))),
        (l.t("claims-column-overturned-dong"), text(l.dong(case.overturned))),
        (l.t("claims-column-upheld"), text(l.dong(case.upheld()))),
        (l.t("claims-column-collected"), text(l.dong(case.collected))),
    ];
    let facts = Panel::new(l.t("claims-case"), definition_list(false, items)).html();
    Ok(facts.then(Panel::new(l.t("claims-money"), definition_list(true, money)).html()))
}

/// The lines of a case with what was asked, proposed, decided and given back, and the sums. `agency`: who may open the pages of the rules.
pub(super) fn lines(audit: &Audit, l: Locale, lines: &[ReviewLine], agency: bool) -> SafeHtml {
    let head = vec![
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-reason")),
        Column::number(l.t("claims-column-asked"), ""),
        Column::number(l.t("claims-column-proposed"), ""),
        Column::number(l.t("claims-column-decided"), ""),
        Column::number(l.t("claims-column-overturned-dong"), ""),
        Column::text(l.t("claims-column-outcome")),
    ];
    let mut sums = [Dong::ZERO; 4];
    let mut rows = Vec::new();
    for line in lines {
        let own = [line.asked, line.proposed, line.decided, line.overturned];
        sums.iter_mut().zip(own).for_each(|(sum, one)| *sum = sum.checked_add(one).unwrap_or(*sum));
        let mut cells =
            vec![Cell::text(words::line(l, line.line_table.as_deref(), line.line_no)), Cell::text(&line.reason).note(&line.law)];
        cells.extend(own.map(|one| Cell::text(l.dong(one))));
        cells.push(outcome(l, line));
        rows.push(Row::new(cells));
    }
    let mut total = vec![Cell::text(l.t("claims-lines-sum")), Cell::text("")];
    total.extend(sums.map(|sum| Cell::text(l.dong(sum))));
    total.push(Cell::text(""));
    let title = l.t("claims-case-lines");
    let empty = empty_state(&l.t("claims-lines-none"), &l.t("claims-findings-none-why"), None);
    let table = Table::new("dong-vu-viec", title.clone(), head).rows(rows).total(total).empty(empty);
    let rules = lines.iter().map(|line| line.rule.as_str()).collect::<std::collections::BTreeSet<_>>();
    let links = rules.into_iter().map(|id| Link::new(words::rule(&audit.app, l, id), format!("{RULES}/{id}")).html());
    let mut foot = SafeHtml::text(&l.t("claims-case-lines-foot"));
    if agency {
        foot = foot.then(" ").then(SafeHtml::join(links, "; "));
    }
    Panel::flush(title, table.html(l)).id("dong").foot(foot).html()
}

/// What was decided about a line, why, and what came of an appeal.
pub(super) fn outcome(l: Locale, line: &ReviewLine) -> Cell {
    let Some(decision) = line.decision else { return Cell::text("") };
    let mut html = tag("div").text(&words::decision(l, decision)).html();
    if let Some(reason) = &line.decision_reason {
        html.push(tag("p").class("small").text(reason));
    }
    let appeal = match (line.appeal, line.appealed) {
        (Some(outcome), _) => Some(words::appeal(l, outcome)),
        (None, true) => Some(l.t("claims-appealed")),
        (None, false) => None,
    };
    if let Some(appeal) = appeal {
        html.push(tag("div").text(&appeal));
    }
    if let Some(reason) = &line.appeal_reason {
        html.push(tag("p").class("small").text(reason));
    }
    Cell::html(html)
}

/// What the facility said, word by word.
pub(super) async fn answers(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    answers: &[ReviewAnswer],
    lines: &[ReviewLine],
) -> Result<SafeHtml, PageError> {
    if answers.is_empty() {
        return Ok(SafeHtml::default());
    }
    let names = words::user_names(&audit.app, viewer, answers.iter().map(|answer| answer.answered_by.as_str())).await?;
    let blocks = answers.iter().map(|answer| {
        let line = answer.line.as_ref().and_then(|id| lines.iter().find(|line| line.id == *id));
        let place = words::line(l, line.and_then(|line| line.line_table.as_deref()), line.and_then(|line| line.line_no));
        let who = names.get(&answer.answered_by).map_or("", String::as_str);
        let mut about = vec![words::moment(l, answer.at), who.to_owned(), place];
        if let Some(amount) = answer.amount {
            about.push(l.t_args("claims-answer-amount", &[("amount", l.dong(amount).into())]));
        }
        if answer.late {
            about.push(l.t("claims-mark-late"));
        }
        about.retain(|part| !part.is_empty());
        let title = format!("{}: {}", words::answer(l, answer.kind), about.join(" · "));
        let text = tag("p").class("lines").text(&answer.text).html();
        web::component::note(web::component::NoteKind::Info, &title, text)
    });
    Ok(Panel::new(l.t("claims-answers"), SafeHtml::concat(blocks)).id("tra-loi").html())
}

/// Files of the case, and the form that adds one. `hides`: how many there are, and neither names nor the files.
pub(super) async fn files(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    record: &ReviewRecord,
    hides: bool,
) -> Result<SafeHtml, PageError> {
    let base = format!("{AUDIT}/vu-viec/{}/tep", record.case.id);
    let names = words::user_names(&audit.app, viewer, record.files.iter().map(|file| file.added_by.as_str())).await?;
    let list = match hides && !record.files.is_empty() {
        true => paragraph(SafeHtml::text(&l.t_args("claims-protected-files", &[("n", record.files.len().into())]))),
        false => file_list(l, &base, &record.files, &names),
    };
    let kinds = [ReviewFileKind::Minutes, ReviewFileKind::Other];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), file_kind(l, kind), kind == ReviewFileKind::Other)).to_vec();
    let body = Field::new("loai", l.t("claims-file-kind"), Control::Select(kinds)).html(l).then(
        Field::new("tep", l.t("claims-file"), Control::File(".pdf,.png,.jpg,.jpeg".into())).hint(l.t("claims-file-hint")).html(l),
    );
    let form = Form {
        action: base,
        reads: false,
        hidden: vec![
            ("so".into(), audit.app.form_number(viewer, &format!("review file {}", record.case.id))),
            ("ho-so".into(), record.case.visit.to_string()),
        ],
        body,
        buttons: vec![Button::submit(l.t("claims-file-send"), ButtonKind::Default).busy(l.t("claims-saving"))],
    };
    let folded = tag("details").child(tag("summary").text(&l.t("claims-file-add"))).child(form.with_files()).html();
    Ok(Panel::new(l.t("claims-files"), list.then(folded)).html())
}

/// The files, each with who added it and when.
pub(super) fn file_list(l: Locale, base: &str, files: &[ReviewFile], names: &BTreeMap<String, String>) -> SafeHtml {
    if files.is_empty() {
        return paragraph(SafeHtml::text(&l.t("claims-files-none")));
    }
    let items = files.iter().map(|file| {
        let who = names.get(&file.added_by).cloned().unwrap_or_default();
        let values = [
            ("kind", file_kind(l, file.kind).into()),
            ("kb", l.number((file.size + 1023) / 1024).into()),
            ("who", who.into()),
            ("at", words::moment(l, file.added_at).into()),
        ];
        let about = l.t_args("claims-file-about", &values);
        let link = Link::new(file.name.as_str(), format!("{base}/{}", file.id)).html();
        tag("li").child(link).child(tag("p").class("small").text(&about))
    });
    tag("ul").class("links").children(items).html()
}

/// What kind of file it is.
pub(super) fn file_kind(l: Locale, kind: ReviewFileKind) -> String {
    match kind {
        ReviewFileKind::Proof => l.t("claims-file-proof"),
        ReviewFileKind::Minutes => l.t("claims-file-minutes"),
        ReviewFileKind::Other => l.t("claims-file-other"),
    }
}

/// Who did what with the case.
pub(super) async fn history(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    events: &[HistoryEvent],
) -> Result<SafeHtml, PageError> {
    let past = words::history(&audit.app, l, viewer, events).await?;
    Ok(Panel::new(l.t("claims-history"), past).html())
}
