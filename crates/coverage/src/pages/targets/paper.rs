//! Documents of the targets (plan III.1): the city's submission with every commune's share, a commune's own decision and the sentence for its
//! yearly plan. Both are drafts on the way that every document goes.

use axum::Extension;
use axum::extract::{Form as FromForm, Path as FromPath, State};
use axum::response::Response;
use base::{Area, CommuneCode, Month, Rate};
use chapter::{PageError, PlanLetter, Viewer, keep_plan_letter};
use desk::{Permission, Target};
use documents::letter::{Block, LetterAnnex};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Form, Panel, paragraph};
use web::{Lang, Locale, SafeHtml, tag};

use super::{TARGETS, city_target, plan_year, proposal, proposed};
use crate::figures::Figures;
use crate::pages::Pages;
use crate::pages::decisions::back;
use crate::path::assigned;
use crate::plan::{Indicator, Said};

/// The task of the plan that the documents are of.
const TASK: &str = "1";

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(rename = "so")]
    number: String,
}

/// A share of an area and year, and whether it was assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Given {
    share: Rate,
    assigned: bool,
}

/// The four indicators that are assigned.
fn indicators(pages: &Pages) -> Vec<&Indicator> {
    pages.plan.all().iter().filter(|one| one.assigned).collect()
}

/// What is assigned to an area, else what is proposed.
fn given(
    pages: &Pages,
    figures: &Figures,
    targets: &[Target],
    indicator: &Indicator,
    year: i32,
    commune: Option<&CommuneCode>,
) -> Option<Given> {
    if let Some((target, _)) = assigned(targets, &indicator.id, commune) {
        return Some(Given { share: target.value, assigned: true });
    }
    let city = city_target(pages, figures, indicator, year, targets)?;
    let share = proposed(&proposal(pages, figures, indicator, city)?, commune)?;
    Some(Given { share, assigned: false })
}

/// The panel with the button that drafts the viewer's document; a commune reads the sentence for its plan too.
pub(super) fn panel(pages: &Pages, figures: &Figures, l: Locale, viewer: &Viewer, year: i32, targets: &[Target]) -> SafeHtml {
    if !desk::may(&viewer.scope, Permission::PrepareDocuments) {
        return SafeHtml::empty();
    }
    let vi = pages.app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    let (words, sentence) = match own_commune(viewer) {
        Some(commune) => {
            let sentence = sentence(pages, figures, vi, targets, year, &commune);
            (l.t("targets-paper-commune"), sentence)
        }
        None => (l.t("targets-paper-city"), None),
    };
    let form = Form {
        action: format!("{TARGETS}/{year}/van-ban"),
        reads: false,
        hidden: vec![("so".into(), pages.app.form_number(viewer, &format!("targets {year}")))],
        body: paragraph(words),
        buttons: vec![Button::submit(l.t("targets-paper-draft"), ButtonKind::Default)],
    };
    let sentence = sentence.map(|text| {
        let told = tag("p").child(tag("strong").text(&l.t("targets-paper-sentence")).html()).html();
        told.then(tag("blockquote").text(&text).html())
    });
    Panel::new(l.t("targets-paper"), sentence.unwrap_or_default().then(form.html())).html()
}

/// The commune of somebody who works for one.
fn own_commune(viewer: &Viewer) -> Option<CommuneCode> {
    match &viewer.scope.area {
        Area::Communes(own) if own.len() == 1 && viewer.scope.role == base::Role::CommuneStaff => own.iter().next().cloned(),
        _ => None,
    }
}

/// The sentence for a commune's yearly socio-economic plan; none before anything is assigned or proposed.
fn sentence(
    pages: &Pages,
    figures: &Figures,
    vi: Locale,
    targets: &[Target],
    year: i32,
    commune: &CommuneCode,
) -> Option<String> {
    let parts: Vec<String> = indicators(pages)
        .into_iter()
        .filter_map(|one| {
            let given = given(pages, figures, targets, one, year, Some(commune))?;
            let of = [("name", lower_first(one.name.of(vi)).into()), ("share", web::format::rate(Lang::Vi, given.share).into())];
            Some(vi.t_args("targets-paper-part", &of))
        })
        .collect();
    let of = [("year", year.to_string().into()), ("parts", parts.join("; ").into())];
    (!parts.is_empty()).then(|| vi.t_args("targets-paper-sentence-words", &of))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// `POST /chi-tieu-giao/{year}/van-ban`: drafts the document of the viewer's unit and opens it.
pub(crate) async fn draft(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath(year): FromPath<String>,
    FromForm(asked): FromForm<Asked>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    desk::require(&viewer.scope, Permission::PrepareDocuments).map_err(|_| PageError::Forbidden)?;
    let vi = app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let year = plan_year(&pages, snapshot.period.year(), &year)?;
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
    let letter = match (own_commune(&viewer), &viewer.scope.area) {
        (Some(commune), _) => of_commune(&pages, &figures, vi, &targets, year, commune),
        (None, Area::City) => of_city(&pages, &figures, vi, &targets, (year, snapshot.period)),
        (None, Area::Communes(_)) => None,
    };
    let letter = letter.ok_or_else(|| PageError::BadRequest(app.locale(&viewer).t("targets-paper-none")))?;
    let document = keep_plan_letter(app, &viewer, letter, &asked.number).await?;
    Ok(back(&format!("/van-ban/{}", document.id)))
}

/// The submission of the city's agency (tờ trình), with the shares of every commune behind it.
fn of_city(pages: &Pages, figures: &Figures, vi: Locale, targets: &[Target], (year, period): (i32, Month)) -> Option<PlanLetter> {
    let wanted = indicators(pages);
    let city: Vec<String> = wanted
        .iter()
        .filter_map(|one| {
            let given = given(pages, figures, targets, one, year, None)?;
            let share = web::format::rate(Lang::Vi, given.share);
            let of = [("name", one.name.of(vi).into()), ("share", share.into())];
            Some(vi.t_args(if given.assigned { "targets-paper-city-assigned" } else { "targets-paper-city-proposed" }, &of))
        })
        .collect();
    if city.is_empty() {
        return None;
    }
    // One proposal an indicator serves all communes.
    let proposals: Vec<_> = wanted
        .iter()
        .map(|one| city_target(pages, figures, one, year, targets).and_then(|target| proposal(pages, figures, one, target)))
        .collect();
    let share = |one: &Indicator, at: usize, code: &CommuneCode| match assigned(targets, &one.id, Some(code)) {
        Some((target, _)) => web::format::rate(Lang::Vi, target.value),
        None => {
            let share = proposals[at].as_ref().and_then(|known| proposed(known, Some(code)));
            share.map_or_else(|| "–".to_owned(), |share| web::format::rate(Lang::Vi, share))
        }
    };
    let rows = pages.app.places.communes().iter().enumerate().map(|(row, commune)| {
        let mut cells = vec![(row + 1).to_string(), commune.name.clone()];
        cells.extend(wanted.iter().enumerate().map(|(at, one)| share(one, at, &commune.code)));
        cells
    });
    let mut columns = vec![vi.t("targets-paper-number"), vi.t("targets-paper-place")];
    columns.extend(wanted.iter().map(|one| one.short.of(vi).to_owned()));
    let at = [("year", year.to_string().into()), ("day", vi.date(period.last_day()).into())];
    let mut body =
        vec![Block::Paragraph(vi.t_args("targets-paper-ground", &at)), Block::Paragraph(vi.t_args("targets-paper-ask", &at))];
    body.extend(city.into_iter().map(Block::Item));
    body.push(Block::Paragraph(vi.t_args("targets-paper-method", &at)));
    Some(PlanLetter {
        template: "targets-city",
        task: TASK.into(),
        period: Month::new(year, 12)?,
        commune: None,
        title: Some((vi.t("targets-paper-submission"), "TTr")),
        subject: vi.t_args("targets-paper-subject", &at),
        to: vi.t("targets-paper-to"),
        body,
        annex: Some(LetterAnnex { title: vi.t_args("targets-paper-annex", &at), columns, rows: rows.collect(), words: 1 }),
    })
}

/// A commune's own decision (quyết định) on what it was assigned or is proposed.
fn of_commune(
    pages: &Pages,
    figures: &Figures,
    vi: Locale,
    targets: &[Target],
    year: i32,
    commune: CommuneCode,
) -> Option<PlanLetter> {
    let lines: Vec<String> = indicators(pages)
        .into_iter()
        .filter_map(|one| {
            let given = given(pages, figures, targets, one, year, Some(&commune))?;
            let of = [("name", one.name.of(vi).into()), ("share", web::format::rate(Lang::Vi, given.share).into())];
            Some(vi.t_args(if given.assigned { "targets-paper-city-assigned" } else { "targets-paper-city-proposed" }, &of))
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let at = [("year", year.to_string().into()), ("place", pages.place(&commune).into())];
    let mut body = vec![Block::Paragraph(vi.t_args("targets-paper-article-one", &at))];
    body.extend(lines.into_iter().map(Block::Item));
    body.push(Block::Paragraph(vi.t_args("targets-paper-article-two", &at)));
    body.push(Block::Paragraph(vi.t_args("targets-paper-article-three", &at)));
    Some(PlanLetter {
        template: "targets-commune",
        task: TASK.into(),
        period: Month::new(year, 12)?,
        commune: Some(commune),
        title: Some((vi.t("targets-paper-decision"), "QĐ")),
        subject: vi.t_args("targets-paper-subject-commune", &at),
        to: vi.t_args("targets-paper-to-commune", &at),
        body,
        annex: None,
    })
}
