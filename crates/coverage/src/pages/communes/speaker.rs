//! The text for the loudspeakers of a commune (bản tin loa phường, plan III.3c), drafted from the page's own numbers: no names.

use axum::Extension;
use axum::extract::{Path, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Link, NoteKind, Panel, note};
use web::{Lang, Locale, SafeHtml, tag};

use super::{COMMUNE, commune_of};
use crate::filter::Query;
use crate::pages::Pages;
use crate::pages::counts::{SMALL, listed};
use crate::pages::overview::Desk;

/// Reasons that the loudspeaker speaks of, with the key of what it says; numbers of poor or supported people are not broadcast.
const SPOKEN: [(&str, &str); 4] = [
    ("household-card-lapsed", "speaker-lapsed"),
    ("child-under-six-without-card", "speaker-children"),
    ("pupil-without-valid-card", "speaker-pupils"),
    ("household-member-without-card", "speaker-members"),
];

/// `GET /xa-phuong/{code}/ban-tin`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(code): Path<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let code = commune_of(&pages, &viewer, &code)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "commune").object("news").commune(&code).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let desk = Desk { pages: &pages, l, viewer: &viewer, snapshot: &snapshot, figures: &figures, targets: &[] };
    let name = pages.place(&code);
    let mut page = app.page(&viewer, &format!("{COMMUNE}/{code}/ban-tin"), l.t("speaker-title"));
    page.crumbs = vec![Link::new(l.t("commune-list-title"), COMMUNE), Link::new(name, format!("{COMMUNE}/{code}"))];
    page.here = l.t("speaker-title");
    page.facts = SafeHtml::text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())]));
    let hint = note(NoteKind::Info, "", l.t("speaker-hint"));
    let text = tag("div").class("speaker").children(text(&desk, &code).into_iter().map(|line| tag("p").text(&line)));
    page.body = hint.then(Panel::new(l.t("speaker-panel"), text).html());
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// The paragraphs of the text.
fn text(desk: &Desk, code: &CommuneCode) -> Vec<String> {
    let l = desk.l;
    let place = desk.pages.place(code);
    // In the middle of a Vietnamese sentence "phường", "xã" are small.
    let place = if l.lang() == Lang::Vi { small_first(&place) } else { place };
    let day = l.date(desk.snapshot.as_of);
    let mut lines = vec![l.t_args("speaker-greeting", &[("place", place.as_str().into())])];
    let line = desk.figures.of(crate::BHYT_COVERAGE, Some(code));
    if let Some(share) = line.and_then(|line| line.share()) {
        let share = l.percent(share);
        let args = [("place", place.as_str().into()), ("share", share.as_str().into()), ("day", day.as_str().into())];
        lines.push(l.t_args("speaker-share", &args));
    }
    let query = |reason: &str| Query {
        reason: reason.into(),
        main: if reason.is_empty() { String::new() } else { "1".into() },
        commune: code.to_string(),
        card: "khong".into(),
        ..Query::default()
    };
    let count = |reason: &str| listed(desk.snapshot, &desk.viewer.scope, &query(reason));
    let missing = count("");
    if missing > 0 {
        lines.push(l.t_args("speaker-missing", &[("n", spoken(l, missing).as_str().into())]));
    }
    for (reason, key) in SPOKEN {
        let n = count(reason);
        if n > 0 {
            lines.push(l.t_args(key, &[("n", spoken(l, n).as_str().into())]));
        }
    }
    lines.push(l.t("speaker-ask"));
    lines.push(l.t_args("speaker-close", &[("place", place.as_str().into())]));
    lines
}

/// A number that may be broadcast: small ones would point at somebody (practice E10).
fn spoken(l: Locale, count: i64) -> String {
    if count < SMALL { l.t_args("overview-under-small", &[("n", SMALL.into())]) } else { l.number(count) }
}

fn small_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|c| c.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::Texts;

    #[test]
    fn small_numbers_are_never_broadcast() {
        let words = "overview-under-small = dưới { $n }\n";
        let texts = Texts::load(&[(Lang::Vi, "a.ftl", words), (Lang::En, "a.ftl", words)]).unwrap();
        let l = texts.lang(Lang::Vi);
        assert!(spoken(l, 1).contains("dưới") && !spoken(l, 1).contains('1'));
        assert_eq!(spoken(l, 1_234), "1.234");
        assert_eq!(small_first("Phường Hà Đông"), "phường Hà Đông");
    }
}
