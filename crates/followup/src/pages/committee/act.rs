//! What is done with a body, a meeting, a conclusion.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::CommuneCode;
use chapter::{PageError, Viewer};
use desk::{CommitteePart, ConclusionChange, DeskError, NewCommittee, NewConclusion, NewMeeting, NewMember};

use super::{body_href, conclusion_href, meeting_href};
use crate::Followup;
use crate::pages::parts::{Sent, done, unknown_act};

type Fields = FromForm<Vec<(String, String)>>;

/// `POST /ke-hoach/ban-chi-dao`.
pub(super) async fn establish(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): Fields,
) -> Result<Response, PageError> {
    let (l, sent) = (followup.app.locale(&viewer), Sent(sent));
    let commune = match sent.raw("dia-ban") {
        "" => None,
        code => Some(CommuneCode::parse(code).ok_or(PageError::NotFound)?),
    };
    let new = NewCommittee {
        commune,
        name: sent.text("ten"),
        decision: sent.text("quyet-dinh"),
        decided_on: sent.day(l, "ngay-quyet-dinh")?,
    };
    let made = followup.app.desk.establish_committee(&viewer.scope, &new, sent.number()).await;
    let to = made.as_ref().map_or_else(|_| super::COMMITTEES.to_owned(), |made| body_href(&made.id));
    done(made, &to)
}

/// `POST /ke-hoach/ban-chi-dao/{committee}`.
pub(super) async fn change_body(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): Fields,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent, scope) = (app.locale(&viewer), Sent(sent), &viewer.scope);
    let to = body_href(&id);
    let number = |error| match error {
        DeskError::Invalid { field: "name", why } if why.contains("number") => {
            PageError::BadRequest(l.t("committee-fault-number"))
        }
        DeskError::Invalid { field: "attended", .. } => PageError::BadRequest(l.t("committee-fault-attended")),
        other => PageError::desk(other),
    };
    match sent.raw("viec") {
        "kien-toan" => {
            let new = NewCommittee {
                commune: None,
                name: sent.text("ten-moi"),
                decision: sent.text("quyet-dinh-moi"),
                decided_on: sent.day(l, "ngay-quyet-dinh-moi")?,
            };
            done(app.desk.renew_committee(scope, &id, sent.version(), &new, sent.number()).await, &to)
        }
        "them-thanh-vien" => {
            let new = NewMember {
                name: sent.text("ho-ten"),
                office: sent.text("chuc-vu"),
                part: CommitteePart::from_word(sent.raw("vai-tro-ban")).ok_or_else(|| unknown_act(l))?,
                decision: sent.text("quyet-dinh"),
                decided_on: sent.day(l, "ngay-quyet-dinh")?,
                first_day: sent.day(l, "tu-ngay")?,
            };
            app.desk.add_member(scope, &id, &new, sent.number()).await.map_err(number)?;
            Ok(crate::pages::go(&to))
        }
        "thoi-thanh-vien" => {
            let member = sent.raw("thanh-vien");
            let last = sent.day(l, &format!("ngay-thoi-{member}"))?;
            let reason = sent.text(&format!("ly-do-thoi-{member}"));
            done(app.desk.member_leaves(scope, &id, member, last, &reason, sent.number()).await, &to)
        }
        "them-cuoc-hop" => {
            let new = NewMeeting {
                held_on: sent.day(l, "ngay-hop")?,
                place: sent.text("dia-diem"),
                online: sent.ticked("truc-tuyen"),
                agenda: sent.lines("noi-dung"),
                attended: sent.ticked_after("co-mat-").into_iter().collect(),
                guests: sent.text("khach"),
            };
            app.desk.record_meeting(scope, &id, &new, app.today(), sent.number()).await.map_err(number)?;
            Ok(crate::pages::go(&to))
        }
        _ => Err(unknown_act(l)),
    }
}

/// `POST /ke-hoach/cuoc-hop/{meeting}`.
pub(super) async fn change_meeting(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): Fields,
) -> Result<Response, PageError> {
    let desk = &followup.app.desk;
    let (l, sent, to) = (followup.app.locale(&viewer), Sent(sent), meeting_href(&id));
    match sent.raw("viec") {
        "ket-luan" => {
            let new = NewConclusion { what: sent.lines("viec-giao"), unit: sent.text("don-vi"), due: sent.day(l, "han")? };
            done(desk.conclude(&viewer.scope, &id, &new, sent.number()).await, &to)
        }
        "huy" => done(desk.withdraw_meeting(&viewer.scope, &id, &sent.text("ly-do-huy"), sent.number()).await, &to),
        _ => Err(unknown_act(l)),
    }
}

/// `POST /ke-hoach/ket-luan/{conclusion}`.
pub(super) async fn change_conclusion(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): Fields,
) -> Result<Response, PageError> {
    let (l, sent) = (followup.app.locale(&viewer), Sent(sent));
    let change = match sent.raw("viec") {
        "bao-cao" => ConclusionChange::Report { done: sent.lines("ket-qua") },
        "xac-nhan" => ConclusionChange::Confirm,
        "tra-lai" => ConclusionChange::Return { reason: sent.lines("ly-do-tra") },
        "thoi" => ConclusionChange::Drop { reason: sent.text("ly-do-thoi") },
        _ => return Err(unknown_act(l)),
    };
    let desk = &followup.app.desk;
    let answer = desk.change_conclusion(&viewer.scope, &id, sent.version(), &change, sent.number()).await;
    done(answer, &conclusion_href(&id))
}
