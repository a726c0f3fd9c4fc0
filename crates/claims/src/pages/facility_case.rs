//! `GET /co-so/vu-viec/{review}`: a case as its facility sees it: what is proposed and why, its answer by form 09/BH, the decision, its appeal.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use base::Dong;
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AnswerKind, AuditAction, FacilityReview, FacilityReviewRecord, ReadEvent, ReviewLine, ReviewState};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Choice, Columns, Control, Field, Form, Link, NoteKind, Panel, audit_note, columns, definition_list, note,
    paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::clock_page::{self, CaseTimes};
use super::facility::case_href;
use super::terms::AppealTerm;
use super::{Audit, FACILITY, answer_file, gone, queue, record, words};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// `1`: something was just written.
    #[serde(rename = "da-ghi", default)]
    saved: String,
}

/// `GET /co-so/vu-viec/{review}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    page(&audit, &viewer, &id, view.saved == "1", &Returned::default()).await
}

/// The page of a case as it is now; with the form that came back, where one did.
pub(super) async fn page(audit: &Audit, viewer: &Viewer, id: &str, saved: bool, returned: &Returned) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let known = app.desk.facility_review(&viewer.scope, id).await.map_err(PageError::desk)?;
    let case = &known.case;
    let audited = app.audit(viewer, ReadEvent::new(AuditAction::ViewReview, "review").object(id)).await?;
    let links = audit.links(case.period, &case.facility).await?;
    let key = links.get(&case.visit).map(|(_, link)| link.clone());
    let mut left = SafeHtml::default();
    if saved {
        left.push(note(NoteKind::Info, &l.t("claims-saved-title"), SafeHtml::text(&l.t("claims-saved"))));
    }
    left.push(facts(l, case, key.as_deref()));
    left.push(record::lines(audit, l, &known.lines, false));
    let mut visit_end = None;
    // A case can be answered before the run of its month is there again.
    if let Ok(snapshot) = audit.serving.of_visit(app, case.visit, &case.period.to_string()).await {
        let gone = gone::of_case(audit, &snapshot, (case.visit, &case.facility, case.period), &known.lines).await?;
        left.push(gone::panel(audit, l, &known.lines, &gone));
        visit_end = snapshot.visit(case.visit).and_then(|line| line.end);
    }
    left.push(record::answers(audit, l, viewer, &known.answers, &known.lines).await?);
    left.push(match case.state {
        ReviewState::Sent => answer_form(audit, l, viewer, &known, returned),
        ReviewState::Decided if case.decided > Dong::ZERO => {
            appeal_form(audit, l, viewer, &known, &AppealTerm::of_case(app, &known.history)?, returned)
        }
        _ => SafeHtml::default(),
    });
    let times = CaseTimes {
        state: case.state,
        refuses: case.decided > Dong::ZERO,
        visit_end,
        told: Some((case.sent_on, case.due)),
        answered: case.answered_on,
    };
    let terms = clock_page::of_case(app, &times, &known.steps, &known.history)?;
    let mut right = clock_page::panel(app, l, ("thoi-han", l.t("claims-case-clocks")), &terms)?;
    right.push(files(audit, l, viewer, &known).await?);
    right.push(record::history(audit, l, viewer, &known.history).await?);
    let mut page = app.page(viewer, &case_href(id), queue::visit_name(l, case.visit));
    page.crumbs = vec![Link::new(l.t("claims-menu-facility"), FACILITY)];
    page.here = l.t("claims-case");
    let calendar = clock_page::calendar(app)?;
    let due = (case.state == ReviewState::Sent).then(|| words::due(l, &calendar, case.due, app.today()).html());
    page.facts = SafeHtml::join([Some(words::state(l, case.state).html()), due].into_iter().flatten(), " ");
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let whole = columns(Columns::MainSide, [stack(left), stack(right)]);
    page.body = returned.head(l, &whole).then(whole);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-facility-audit")));
    page.foot = vec![l.t("claims-facility-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(l: Locale, case: &FacilityReview, key: Option<&str>) -> SafeHtml {
    let text = |text: String| SafeHtml::text(&text);
    let mut items = vec![(l.t("claims-period"), text(l.month(case.period)))];
    items.extend(key.map(|key| (l.t("claims-ma-lk"), text(key.to_owned()))));
    items.extend(case.portal_code.clone().map(|code| (l.t("claims-portal-code"), text(code))));
    items.extend([(l.t("claims-sent-on"), text(l.date(case.sent_on))), (l.t("claims-column-due"), text(l.date(case.due)))]);
    items.extend(case.answered_on.map(|day| (l.t("claims-answered-on"), text(l.date(day)))));
    if case.late {
        items.push((l.t("claims-marks"), text(l.t("claims-mark-late"))));
    }
    items.extend([
        (l.t("claims-column-proposed"), text(l.dong(case.proposed))),
        (l.t("claims-column-decided"), text(l.dong(case.decided))),
        (l.t("claims-column-overturned-dong"), text(l.dong(case.overturned))),
    ]);
    Panel::new(l.t("claims-case"), definition_list(false, items)).html()
}

/// The lines about which the facility is asked: those with an amount.
pub(super) fn asked(lines: &[ReviewLine]) -> impl Iterator<Item = &ReviewLine> {
    lines.iter().filter(|line| line.proposed > Dong::ZERO)
}

/// One answer a line, by the kinds of form 09/BH, and a file that proves it.
fn answer_form(audit: &Audit, l: Locale, viewer: &Viewer, known: &FacilityReviewRecord, returned: &Returned) -> SafeHtml {
    let case = &known.case;
    let mut body = paragraph(SafeHtml::text(&l.t("claims-answer-what")));
    let [sheet, xml] = answer_file::hrefs_of(&case.id);
    body.push(paragraph(Link::new(l.t("claims-answer-file"), sheet)));
    body.push(paragraph(Link::new(l.t("claims-answer-xml"), xml)));
    for line in asked(&known.lines) {
        let kinds = [AnswerKind::Explain, AnswerKind::Adjust, AnswerKind::Withdraw];
        let kinds = kinds.map(|kind| Choice::new(kind.as_str(), words::answer(l, kind), false)).to_vec();
        let place = words::line(l, line.line_table.as_deref(), line.line_no);
        let proposed = l.t_args("claims-proposed-of", &[("amount", l.dong(line.proposed).into())]);
        let fields = [
            Field::new(format!("cach-{}", line.id), l.t("claims-answer-kind"), Control::Radios(kinds)),
            Field::new(format!("so-tien-{}", line.id), l.t("claims-answer-new-amount"), Control::Text)
                .hint(l.t("claims-answer-new-amount-hint"))
                .optional(),
            Field::new(format!("loi-{}", line.id), l.t("claims-answer-text"), Control::Lines),
        ];
        let fields = SafeHtml::concat(fields.map(|field| returned.fill("tra-loi", field).html(l)));
        let legend = tag("legend").text(&format!("{place}: {}", line.reason)).child(tag("span").class("hint").text(&proposed));
        body.push(tag("fieldset").class("field").child(legend).child(fields));
    }
    let proof = Field::new("tep", l.t("claims-answer-proof"), Control::File(".pdf,.png,.jpg,.jpeg".into()));
    body.push(returned.fill("tra-loi", proof.hint(l.t("claims-file-hint")).optional()).html(l));
    let form = Form {
        action: format!("{}/tra-loi", case_href(&case.id)),
        reads: false,
        hidden: hidden(audit, viewer, case, "answer"),
        body,
        buttons: vec![Button::submit(l.t("claims-answer-send"), ButtonKind::Primary).busy(l.t("claims-saving"))],
    };
    Panel::new(l.t("claims-answer-title"), form.with_files()).id("giai-trinh").html()
}

/// The appeal against lines of a decision, with its term; the term alone once it is over.
fn appeal_form(
    audit: &Audit,
    l: Locale,
    viewer: &Viewer,
    known: &FacilityReviewRecord,
    term: &AppealTerm,
    returned: &Returned,
) -> SafeHtml {
    let case = &known.case;
    let until = paragraph(term.said(l));
    if term.is_over(audit.app.today()) {
        let over = paragraph(SafeHtml::text(&l.t("claims-appeal-over")));
        return Panel::new(l.t("claims-appeal-title"), over.then(until)).id("kien-nghi").html();
    }
    let mut body = paragraph(SafeHtml::text(&l.t("claims-appeal-what"))).then(until);
    for line in known.lines.iter().filter(|line| line.decided > Dong::ZERO) {
        let place = words::line(l, line.line_table.as_deref(), line.line_no);
        let values =
            [("line", place.as_str().into()), ("reason", line.reason.as_str().into()), ("amount", l.dong(line.decided).into())];
        let label = l.t_args("claims-appeal-line", &values);
        let tick = Field::new(format!("dong-{}", line.id), label, Control::Tick).value("1");
        body.push(returned.fill("kien-nghi", tick).html(l));
    }
    let text = Field::new("loi-kien-nghi", l.t("claims-appeal-text"), Control::Lines);
    body.push(returned.fill("kien-nghi", text).html(l));
    let form = Form {
        action: format!("{}/kien-nghi", case_href(&case.id)),
        reads: false,
        hidden: hidden(audit, viewer, case, "appeal"),
        body,
        buttons: vec![Button::submit(l.t("claims-appeal-send"), ButtonKind::Primary).busy(l.t("claims-saving"))],
    };
    Panel::new(l.t("claims-appeal-title"), form.html()).id("kien-nghi").html()
}

fn hidden(audit: &Audit, viewer: &Viewer, case: &FacilityReview, what: &str) -> Vec<(String, String)> {
    vec![
        ("so".into(), audit.app.form_number(viewer, &format!("{what} {} {}", case.id, case.version))),
        ("phien-ban".into(), case.version.to_string()),
    ]
}

/// Own proofs and the agency's minutes; more can be added while the case is open.
async fn files(audit: &Audit, l: Locale<'_>, viewer: &Viewer, known: &FacilityReviewRecord) -> Result<SafeHtml, PageError> {
    let case = &known.case;
    let base = format!("{}/tep", case_href(&case.id));
    let names = words::user_names(&audit.app, viewer, known.files.iter().map(|file| file.added_by.as_str())).await?;
    let mut body = record::file_list(l, &base, &known.files, &names);
    if matches!(case.state, ReviewState::Answered | ReviewState::Appealed) {
        let form = Form {
            action: base,
            reads: false,
            hidden: hidden(audit, viewer, case, "proof"),
            body: Field::new("tep", l.t("claims-answer-proof"), Control::File(".pdf,.png,.jpg,.jpeg".into()))
                .hint(l.t("claims-file-hint"))
                .html(l),
            buttons: vec![Button::submit(l.t("claims-file-send"), ButtonKind::Default).busy(l.t("claims-saving"))],
        };
        body.push(form.with_files());
    }
    Ok(Panel::new(l.t("claims-files"), body).html())
}
