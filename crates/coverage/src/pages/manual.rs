//! The handbook of the portal (hướng dẫn): short pages made from the project's own documents, and the reasons with their rules.

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Cell, Column, Link, NoteKind, Panel, Row, Table, note};
use web::{Lang, Locale, SafeHtml, tag};

use super::{Pages, words};
use crate::REASONS;

/// Path of the handbook.
pub(crate) const MANUAL: &str = "/huong-dan";

/// Pages that are documents of the project: address, key of the title, text.
const DOCUMENTS: [(&str, &str, &str); 2] = [
    ("lan-dau", "manual-first-run", include_str!("../../../../docs/first-run.md")),
    ("thang-dau", "manual-first-month", include_str!("../../../../docs/first-month.md")),
];

/// Address of the page of reasons.
const REASONS_PAGE: &str = "ly-do";

/// `GET /huong-dan`.
pub(crate) async fn list(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "manual").object("all")).await?;
    let line = |href: String, title: &str, about: &str| {
        let about = tag("p").class("small").text(&l.t(about));
        tag("li").child(Link::new(l.t(title), href)).child(about)
    };
    let items = [
        line(format!("{MANUAL}/lan-dau"), "manual-first-run", "manual-first-run-about"),
        line(format!("{MANUAL}/thang-dau"), "manual-first-month", "manual-first-month-about"),
        line(format!("{MANUAL}/{REASONS_PAGE}"), "manual-reasons", "manual-reasons-about"),
        line("/chi-tieu/I1".into(), "manual-indicators", "manual-indicators-about"),
        line("/quy-tac".into(), "manual-rules", "manual-rules-about"),
        line("/luat".into(), "manual-law", "manual-law-about"),
    ];
    let mut page = app.page(&viewer, MANUAL, l.t("manual-title"));
    page.facts = SafeHtml::text(&l.t("manual-intro"));
    page.body = Panel::new(l.t("manual-pages"), tag("ul").class("plain").children(items)).html();
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /huong-dan/{page}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let document = DOCUMENTS.iter().find(|(address, _, _)| *address == name);
    let key = match document {
        Some((_, key, _)) => key,
        None if name == REASONS_PAGE => "manual-reasons",
        None => return Err(PageError::NotFound),
    };
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "manual").object(name.as_str())).await?;
    let mut page = app.page(&viewer, &format!("{MANUAL}/{name}"), l.t(key));
    page.crumbs = vec![Link::new(l.t("manual-title"), MANUAL)];
    page.here = l.t(key);
    page.body = match document {
        Some((_, _, text)) => prose(l, text),
        None => reasons(&pages, l),
    };
    Ok(Shown::page(page.render(l), audited))
}

/// A document as a page: its own title and its links to other files are left out.
fn prose(l: Locale, markdown: &str) -> SafeHtml {
    let body = markdown.split_once('\n').filter(|(first, _)| first.starts_with("# ")).map_or(markdown, |(_, rest)| rest);
    // Wide tables scroll in a region of their own that the keyboard can reach.
    let label = tag("div").class("scroll").attr("role", "region").attr("tabindex", "0").attr("aria-label", l.t("manual-table"));
    let region = label.html().as_str().trim_end_matches("</div>").to_owned();
    let html = rules::markdown_html(&without_file_links(body));
    let html = html.replace("<table>", &format!("{region}<table>")).replace("</table>", "</table></div>");
    let text = SafeHtml::trusted(html);
    let text = Panel::new("", tag("div").class("prose").attr("lang", "vi").child(text)).html();
    match l.lang() {
        Lang::Vi => text,
        Lang::En => note(NoteKind::Info, "", l.t("manual-only-vietnamese")).then(text),
    }
}

/// `[security.md](security.md)` becomes `security.md`: files of the project are no pages of the portal.
fn without_file_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let (before, link) = rest.split_at(start);
        out.push_str(before);
        let parts = link.split_once("](").and_then(|(words, after)| {
            let (target, after) = after.split_once(')')?;
            let is_file = target.ends_with(".md") && !target.contains("://") && !words.contains('\n');
            is_file.then_some((&words[1..], after))
        });
        match parts {
            Some((words, after)) => {
                out.push_str(words);
                rest = after;
            }
            None => {
                out.push('[');
                rest = &link[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Every reason in the order in which one of them is the main one, with its rule and who works on it.
fn reasons(pages: &Pages, l: Locale) -> SafeHtml {
    let app = &pages.app;
    let head = vec![
        Column::number(l.t("manual-order"), ""),
        Column::text(l.t("coverage-column-reason")),
        Column::text(l.t("manual-finds")),
    ];
    let rows = (1_i64..).zip(REASONS).map(|(order, reason)| {
        let title = words::reason(app, l, reason);
        let first = app.rules.get(reason).map(|rule| rule.page(&app.schemas)).and_then(|page| page.sections.into_iter().next());
        let finds = first.map(|section| if l.lang() == Lang::En { section.html.en } else { section.html.vi });
        let title = match app.rules.get(reason) {
            Some(_) => Cell::link(title, format!("/quy-tac/{reason}")),
            None => Cell::text(title),
        };
        let finds = finds.map(SafeHtml::trusted).unwrap_or_else(|| SafeHtml::text(&l.t("manual-unexplained")));
        Row::new(vec![Cell::number(l, order), title, Cell::html(tag("div").class("prose").child(finds))])
    });
    let intro = note(NoteKind::Info, "", l.t("manual-reasons-intro"));
    let table = Table::new("ly-do", l.t("manual-reasons"), head).rows(rows).html(l);
    intro.then(Panel::flush(l.t("manual-reasons"), table).foot(l.t("coverage-reasons-note")).html())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_become_words_and_others_stay() {
        let text = "Đọc [security.md](security.md) và [quy tắc](/quy-tac), [x] rồi\n[a](b.md#c).";
        assert_eq!(without_file_links(text), "Đọc security.md và [quy tắc](/quy-tac), [x] rồi\n[a](b.md#c).");
    }

    #[test]
    fn documents_of_the_handbook_begin_with_their_title() {
        assert!(DOCUMENTS.iter().all(|(_, _, text)| text.starts_with("# ")));
    }
}
