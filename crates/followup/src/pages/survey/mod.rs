//! Pages of satisfaction (indicator I6): campaigns and their results for who follows the plan, the questions for everybody with a link.

mod answer;
mod campaign;
mod link;
mod list;

use axum::Router;
use axum::routing::{get, post};
use chapter::{Needs, Route};
use desk::{CampaignTally, Permission};
use web::component::Status;
use web::{Locale, Percent};

use super::SEE;
use crate::Followup;
use crate::survey::{Index, Survey};

/// Path of the campaigns.
pub(crate) const CAMPAIGNS: &str = "/ke-hoach/hai-long";
/// Path of the questions; short, because it stands on paper.
const ANSWER: &str = "/ks";
const FOLLOW: Needs = Needs::May(Permission::ConfirmTasks);

pub(super) const ROUTES: &[Route] = &[
    Route::get(CAMPAIGNS, SEE).and_post(FOLLOW),
    Route::get("/ke-hoach/hai-long/{campaign}", SEE).and_post(FOLLOW),
    Route::post("/ke-hoach/hai-long/{campaign}/lien-ket", FOLLOW),
    Route::get("/ks/{token}", Needs::Nothing).and_post(Needs::Nothing),
];

pub(super) fn routes() -> Router<Followup> {
    Router::new()
        .route(CAMPAIGNS, get(list::show).post(list::add))
        .route("/ke-hoach/hai-long/{campaign}", get(campaign::show).post(campaign::close))
        .route("/ke-hoach/hai-long/{campaign}/lien-ket", post(link::issue))
        .route("/ks/{token}", get(answer::show).post(answer::take))
}

fn campaign_href(id: &str) -> String {
    format!("{CAMPAIGNS}/{id}")
}

/// The address under which a link is opened.
fn answer_href(token: &str) -> String {
    format!("{ANSWER}/{token}")
}

/// The index of satisfied and all answers, in words: a share with its interval, or that there are too few.
fn index_words(l: Locale, satisfied: i64, answers: i64, least: i64) -> (String, String) {
    match Index::of(satisfied, answers) {
        Some(index) if answers >= least => {
            let percent = |value| Percent::of(value, 10_000).map_or_else(|| "–".into(), |share| l.percent(share));
            let interval = l.t_args(
                "survey-interval",
                &[("low", percent(index.low).as_str().into()), ("high", percent(index.high).as_str().into())],
            );
            (percent(index.share), interval)
        }
        _ => (l.t("survey-too-few"), l.t_args("survey-too-few-why", &[("n", least.into())])),
    }
}

/// A mean in hundredths as people write it: 4,00.
fn mean_text(hundredths: i64) -> String {
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

/// Answers a unit needs before a share is shown: as the survey says, or the strictest there is where the survey is gone.
fn least(followup: &Followup, tally: &CampaignTally) -> i64 {
    let own = followup.surveys.get(&tally.campaign.survey).map(Survey::least_answers);
    own.or_else(|| followup.surveys.all().iter().map(Survey::least_answers).max()).unwrap_or(i64::MAX)
}

fn campaign_status(l: Locale, tally: &CampaignTally, today: base::Date) -> Status {
    let campaign = &tally.campaign;
    if campaign.is_open(today) {
        Status::doing(l.t("survey-running"))
    } else if campaign.closed_on.is_none() && today < campaign.first_day {
        Status::neutral(l.t("survey-ahead"))
    } else {
        Status::neutral(l.t("survey-over"))
    }
}
