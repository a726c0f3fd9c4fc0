//! `GET /ke-hoach/hai-long/{campaign}`: what came of a campaign.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, CampaignTally, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Link, NoteKind, Panel, Row, Table, columns, definition_list, note,
};
use web::{Locale, Percent, SafeHtml, tag};

use super::{CAMPAIGNS, campaign_href, campaign_status, index_words, least, mean_text};
use crate::Followup;
use crate::pages::parts::{Sent, does, done, form, unknown_act};
use crate::pages::unit_names;
use crate::survey::{Survey, unusual};

/// `GET /ke-hoach/hai-long/{campaign}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let tally = app.desk.campaign(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "survey_campaign").object(id.as_str()).count("rows", tally.answers);
    let audited = app.audit(&viewer, event).await?;
    let names = unit_names(app, &viewer).await?;
    let survey = followup.surveys.get(&tally.campaign.survey);
    let mut main = Vec::new();
    main.extend(survey.and_then(|survey| crowds(l, &tally, survey)));
    if survey.is_some_and(|survey| survey.hash != tally.campaign.survey_hash) {
        main.push(note(NoteKind::Caution, &l.t("survey-changed"), SafeHtml::text(&l.t("survey-changed-why"))));
    }
    main.push(questions(&followup, l, &tally, survey));
    let unit = names.get(&tally.campaign.unit).unwrap_or(&tally.campaign.unit);
    let mut side = vec![facts(&followup, l, &tally, unit)];
    let today = app.today();
    if desk::may(&viewer.scope, Permission::ConfirmTasks)
        && tally.campaign.closed_on.is_none()
        && tally.campaign.last_day >= today
    {
        side.push(links(&followup, l, &viewer, &tally));
        side.push(close_form(&followup, l, &viewer, &tally));
    }
    let mut page = app.page(&viewer, &campaign_href(&id), &tally.campaign.name);
    page.crumbs = vec![Link::new(l.t("survey-title"), CAMPAIGNS)];
    page.here = l.t("survey-campaign");
    page.facts = campaign_status(l, &tally, today).html();
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    page.foot = vec![l.t("survey-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(followup: &Followup, l: Locale, tally: &CampaignTally, unit: &str) -> SafeHtml {
    let campaign = &tally.campaign;
    let few = least(followup, tally);
    let (index, interval) = index_words(l, tally.satisfied, tally.answers, few);
    let share = Percent::of(tally.answers, tally.issued).map_or_else(|| "–".into(), |share| l.percent(share));
    let from = mean_text(campaign.satisfied_from);
    let span = l.t_args(
        "followup-span",
        &[("from", l.date(campaign.first_day).as_str().into()), ("to", l.date(campaign.last_day).as_str().into())],
    );
    let items = [
        (l.t("survey-index"), SafeHtml::text(&index).then(tag("p").class("small").text(&interval).html())),
        (l.t("survey-answers"), SafeHtml::text(&l.number(tally.answers))),
        (l.t("survey-issued"), SafeHtml::text(&l.number(tally.issued))),
        (l.t("survey-response"), SafeHtml::text(&share)),
        (l.t("survey-unit"), SafeHtml::text(unit)),
        (l.t("survey-service"), SafeHtml::text(&followup.surveys.service(l, &campaign.service))),
        (l.t("followup-column-span"), SafeHtml::text(&span)),
        (l.t("survey-rule"), SafeHtml::text(&l.t_args("survey-rule-mean", &[("mean", from.as_str().into())]))),
    ];
    Panel::new(l.t("survey-result"), definition_list(true, items)).html()
}

/// Hours with unusually many answers.
fn crowds(l: Locale, tally: &CampaignTally, survey: &Survey) -> Option<SafeHtml> {
    let hours = unusual(&tally.hours, survey.burst());
    if hours.is_empty() {
        return None;
    }
    let line = |hour: &desk::HourCount| {
        let clock = (hour.at.div_euclid(3_600_000) + 7).rem_euclid(24);
        let from = format!("{clock:02}:00, {}", l.date(day_in_hanoi(hour.at)));
        tag("li").text(&l.t_args("survey-crowd", &[("n", hour.answers.into()), ("when", from.as_str().into())])).html()
    };
    let words = tag("p").text(&l.t("survey-crowds-why")).html().then(tag("ul").children(hours.iter().map(line)).html());
    Some(note(NoteKind::Caution, &l.t("survey-crowds"), words))
}

fn questions(followup: &Followup, l: Locale, tally: &CampaignTally, survey: Option<&Survey>) -> SafeHtml {
    let enough = tally.answers >= least(followup, tally);
    let mut head = vec![Column::text(l.t("survey-question"))];
    for step in 1..=5usize {
        let words =
            survey.and_then(|survey| survey.steps().get(step - 1)).map_or_else(|| step.to_string(), |said| said.of(l).to_owned());
        head.push(Column::number(words, ""));
    }
    head.push(Column::number(l.t("survey-mean"), ""));
    let rows = tally.steps.iter().enumerate().map(|(at, steps)| {
        let question = survey.and_then(|survey| survey.questions().get(at));
        let words = question
            .map_or_else(|| l.t_args("survey-question-n", &[("n", (at as i64 + 1).into())]), |item| item.of(l).to_owned());
        let mut cells = vec![Cell::text(words)];
        if enough {
            cells.extend(steps.iter().map(|count| Cell::number(l, *count)));
            cells.push(Cell::text(mean(steps)));
        } else {
            cells.extend((0..6).map(|_| Cell::text("–")));
        }
        Row::new(cells)
    });
    let title = l.t("survey-questions");
    let table = Table::new("cau-hoi", title.clone(), head).rows(rows).html(l);
    let foot = if enough { SafeHtml::empty() } else { SafeHtml::text(&l.t("survey-too-few-rows")) };
    Panel::flush(title, table).foot(foot).html()
}

/// The mean of the steps with two digits, rounded half up.
fn mean(steps: &[i64; 5]) -> String {
    let count: i64 = steps.iter().sum();
    let sum: i64 = steps.iter().zip(1..).map(|(count, step)| count * step).sum();
    if count == 0 {
        return "–".into();
    }
    let hundredths = (sum * 200 + count) / (2 * count);
    mean_text(hundredths)
}

fn links(followup: &Followup, l: Locale, viewer: &Viewer, tally: &CampaignTally) -> SafeHtml {
    let body = Field::new("so-lien-ket", l.t("survey-links"), Control::Digits).value("50").hint(l.t("survey-links-hint")).html(l);
    let buttons = vec![
        Button::submit(l.t("survey-links-sheet"), ButtonKind::Primary).name_value("viec", "bang"),
        Button::submit(l.t("survey-links-print"), ButtonKind::Default).name_value("viec", "in"),
    ];
    let action = format!("{}/lien-ket", campaign_href(&tally.campaign.id));
    let form = form(&followup.app, viewer, action, Vec::new(), body, buttons).html();
    Panel::new(l.t("survey-links-title"), form).foot(SafeHtml::text(&l.t("survey-links-once"))).html()
}

fn close_form(followup: &Followup, l: Locale, viewer: &Viewer, tally: &CampaignTally) -> SafeHtml {
    let buttons = vec![Button::submit(l.t("survey-close"), ButtonKind::Default)];
    let form = form(&followup.app, viewer, campaign_href(&tally.campaign.id), does("dong"), SafeHtml::empty(), buttons);
    let folded = tag("details").child(tag("summary").text(&l.t("survey-close-open"))).child(form.html()).html();
    Panel::new(l.t("survey-close-title"), folded).html()
}

/// `POST /ke-hoach/hai-long/{campaign}`.
pub(super) async fn close(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    if Sent(sent).raw("viec") != "dong" {
        return Err(unknown_act(app.locale(&viewer)));
    }
    done(app.desk.close_campaign(&viewer.scope, &id, app.today()).await, &campaign_href(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_rounded_to_two_digits() {
        assert_eq!(mean(&[0, 0, 0, 0, 0]), "–");
        assert_eq!(mean(&[0, 0, 1, 2, 0]), "3,67");
        assert_eq!(mean(&[1, 0, 0, 0, 7]), "4,50");
        assert_eq!(mean(&[0, 0, 0, 0, 3]), "5,00");
    }
}
