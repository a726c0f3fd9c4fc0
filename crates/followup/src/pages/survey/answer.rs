//! `/ks/{token}`: the questions for who has a link, and the answer, once. Open to everybody, works without script.
//!
//! No oracle: an unknown link, one that was used and one whose time is over get the same words after the same time, and only so many are
//! answered a minute. Of who answers nothing is kept; the address is counted in memory for the running minute and written nowhere.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chapter::{ClientAddress, NoData, PageError, SAME_TIME, Viewer};
use desk::{AnswerTaken, TokenState};
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, NoteKind, Panel, note};
use web::{Locale, SafeHtml};

use super::answer_href;
use crate::Followup;
use crate::pages::parts::Sent;
use crate::survey::Survey;

/// `GET /ks/{token}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    if !followup.asked.may(&address, (app.clock)()) {
        return Ok(too_many(&followup, l, &viewer));
    }
    let (found, ()) = tokio::join!(app.desk.survey_of_token(&token, app.today()), tokio::time::sleep(SAME_TIME));
    Ok(match found.map_err(PageError::desk)? {
        TokenState::Open(campaign) => match followup.surveys.get(&campaign.survey) {
            Some(survey) => page(&followup, l, &viewer, StatusCode::OK, questions(l, survey, &token, &campaign.name, &[])),
            // The questions of the campaign are gone from the content folder: who runs it is told on its page, who answers nothing.
            None => nothing(&followup, l, &viewer),
        },
        TokenState::Nothing => nothing(&followup, l, &viewer),
    })
}

/// `POST /ks/{token}`.
pub(super) async fn take(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Path(token): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent) = (app.locale(&viewer), Sent(sent));
    if !followup.asked.may(&address, (app.clock)()) {
        return Ok(too_many(&followup, l, &viewer));
    }
    let (answer, ()) = tokio::join!(taken(&followup, l, &viewer, &token, &sent), tokio::time::sleep(SAME_TIME));
    answer
}

async fn taken(followup: &Followup, l: Locale<'_>, viewer: &Viewer, token: &str, sent: &Sent) -> Result<Response, PageError> {
    let app = &followup.app;
    let today = app.today();
    let TokenState::Open(campaign) = app.desk.survey_of_token(token, today).await.map_err(PageError::desk)? else {
        return Ok(nothing(followup, l, viewer));
    };
    let Some(survey) = followup.surveys.get(&campaign.survey) else { return Ok(nothing(followup, l, viewer)) };
    let given: Vec<Option<u8>> = survey
        .questions()
        .iter()
        .map(|question| sent.raw(&question.id).parse().ok().filter(|step| (1..=5).contains(step)))
        .collect();
    let steps: Vec<u8> = given.iter().filter_map(|step| *step).collect();
    if steps.len() < given.len() || steps.len() as i64 != campaign.questions {
        let again = questions(l, survey, token, &campaign.name, &given);
        return Ok(page(followup, l, viewer, StatusCode::BAD_REQUEST, again));
    }
    Ok(match app.desk.answer_survey(token, &steps, today).await.map_err(PageError::desk)? {
        AnswerTaken::Kept => {
            let words = note(NoteKind::Info, &l.t("survey-thanks"), SafeHtml::text(&l.t("survey-thanks-why")));
            page(followup, l, viewer, StatusCode::OK, words)
        }
        AnswerTaken::Nothing => nothing(followup, l, viewer),
    })
}

/// The questions; where some were sent without an answer, those say so and the others keep theirs.
fn questions(l: Locale, survey: &Survey, token: &str, name: &str, given: &[Option<u8>]) -> SafeHtml {
    let field = |(at, question): (usize, &crate::survey::Item)| {
        let was = given.get(at).copied().flatten();
        // The best answer stands first or last for everybody alike: in the order of the steps, nothing chosen before.
        let choices =
            survey.steps().iter().zip(1u8..).map(|(said, step)| Choice::new(step.to_string(), said.of(l), was == Some(step)));
        let missing = !given.is_empty() && was.is_none();
        Field::new(&question.id, question.of(l), Control::Radios(choices.collect()))
            .error(missing.then(|| l.t("survey-missing")))
            .html(l)
    };
    let form = Form {
        action: answer_href(token),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(survey.questions().iter().enumerate().map(field)),
        buttons: vec![Button::submit(l.t("survey-send"), ButtonKind::Primary)],
    };
    let intro = web::component::paragraph(SafeHtml::text(survey.intro().of(l)));
    let private = SafeHtml::text(&l.t("survey-private"));
    Panel::new(name, intro.then(form.html())).foot(private).html()
}

fn nothing(followup: &Followup, l: Locale, viewer: &Viewer) -> Response {
    let words = note(NoteKind::Caution, &l.t("survey-nothing"), SafeHtml::text(&l.t("survey-nothing-why")));
    page(followup, l, viewer, StatusCode::OK, words)
}

fn too_many(followup: &Followup, l: Locale, viewer: &Viewer) -> Response {
    let words = note(NoteKind::Caution, &l.t("survey-too-many"), SafeHtml::text(&l.t("survey-too-many-why")));
    page(followup, l, viewer, StatusCode::TOO_MANY_REQUESTS, words)
}

/// A page for everybody: nothing of the portal stands around it, and the letters are large.
fn page(followup: &Followup, l: Locale, viewer: &Viewer, status: StatusCode, body: SafeHtml) -> Response {
    let mut page = followup.app.page(viewer, super::ANSWER, l.t("survey-public-title"));
    (page.menu, page.user, page.search) = (Vec::new(), None, None);
    page.body = web::tag("div").class("large-type").child(body).html();
    let mut response = (status, Html(page.render(l))).into_response();
    response.extensions_mut().insert(NoData);
    response
}
