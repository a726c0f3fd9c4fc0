//! `POST /co-so/gui-ho-so`: a file that somebody of a facility sends from its page. It goes the way of the files that programs send: the same size, the same
//! checks, the same receipt, the same waiting room; its facility is the one that who sends works for.

use axum::Extension;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, Uri};
use base::Explain;
use chapter::{App, PageError, Shown, Viewer};
use web::component::{
    Cell, Column, Columns, Link, NoteKind, Panel, Row, Status, Table, audit_note, columns, definition_list, note,
};
use web::{Locale, SafeHtml};

use super::bench::Job;
use super::receipt::{Checked, FindingLine, Receipt, RefusedLine};
use super::refusal::Refusal;
use super::secrets::{look, secret};
use super::{PAGE, Receiving, told};
use crate::clocks::{Sending, of_sending};
use crate::pages::{FACILITY, clock_page};

/// Name of the field with the file.
const FILE: &str = "tep-ho-so";
/// Bytes of a field that is not the file.
const FIELD: usize = 200;
/// Faults and findings that are shown; all of them are on the facility's own machine with `claims check`.
const SHOWN: usize = 200;

/// `POST /co-so/gui-ho-so`.
pub(super) async fn take(
    State(receiving): State<Receiving>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    uri: Uri,
    sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &receiving.app;
    let l = app.locale(&viewer);
    let own = desk::facility_of(&viewer.scope).ok_or(PageError::Forbidden)?.to_owned();
    let result = match look(&headers, &uri) {
        Ok(()) => file(sent, receiving.most).await,
        Err(refusal) => Err(refusal),
    };
    let result = match result {
        Ok(file) => {
            receiving.bench.check(Job { facility: own, day: app.today(), said: String::new(), file, most: receiving.most }).await
        }
        Err(refusal) => Err(refusal),
    };
    let refused = result.as_ref().err().map(|refusal| match refusal {
        // The remedy for programs speaks of their token.
        Refusal::OtherFacilityInside { .. } => l.t("claims-upload-own-only"),
        Refusal::Missing(_) => l.t("claims-wrong-file"),
        other => format!("{}. {}", other.what(), other.remedy()),
    });
    let (receipt, event) = told(result, (app.clock)());
    let audited = app.audit(&viewer, event.word("by", "page")).await?;
    if let Some(why) = refused {
        return Err(PageError::BadRequest(why));
    }
    let mut page = app.page(&viewer, PAGE, l.t("claims-upload-done"));
    page.crumbs = vec![Link::new(l.t("claims-menu-facility"), FACILITY)];
    page.here = l.t("claims-upload-done");
    let terms = terms(app, l, &receipt)?;
    page.body = columns(Columns::One, [said(l, &receipt), terms, faults(l, &receipt.checked), found(l, &receipt.checked)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-facility-audit")));
    page.foot = vec![l.t("claims-facility-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// The file of the form, of at most so many bytes. What is refused is read past, so that the answer is heard.
async fn file(mut sent: Multipart, most: usize) -> Result<Vec<u8>, Refusal> {
    let (mut file, mut refused, mut all): (Vec<u8>, Option<Refusal>, usize) = (Vec::new(), None, 0);
    let limit = most.saturating_mul(2);
    while let Some(mut part) = sent.next_field().await.map_err(|_| refused.clone().unwrap_or(Refusal::BrokenBody))? {
        let name = part.name().unwrap_or_default().to_owned();
        refused = refused.or_else(|| secret(&name).map(Refusal::NationalSecret));
        let mut beside = 0;
        while let Some(piece) = part.chunk().await.map_err(|_| refused.clone().unwrap_or(Refusal::BrokenBody))? {
            all += piece.len();
            if refused.is_some() {
                if all > limit {
                    break;
                }
            } else if name == FILE {
                if file.len() + piece.len() > most {
                    file = Vec::new();
                    refused = Some(Refusal::TooLarge { megabytes: (most >> 20) as u64 });
                } else {
                    file.extend_from_slice(&piece);
                }
            } else {
                beside += piece.len();
                refused = (beside > FIELD).then_some(Refusal::BrokenBody);
            }
        }
        if all > limit {
            break;
        }
    }
    match refused {
        Some(refusal) => Err(refusal),
        None if file.is_empty() => Err(Refusal::Missing(FILE)),
        None => Ok(file),
    }
}

/// The receipt in words and numbers.
fn said(l: Locale, receipt: &Receipt) -> SafeHtml {
    let checked = &receipt.checked;
    let taken = !receipt.number.is_empty();
    let kind = if taken { NoteKind::Info } else { NoteKind::Caution };
    let title = if taken { l.t("claims-upload-taken") } else { l.t("claims-upload-nothing") };
    let count = |n: u64| SafeHtml::text(&l.number(i64::try_from(n).unwrap_or(i64::MAX)));
    let mut items = Vec::new();
    if taken {
        items.push((l.t("claims-upload-number"), SafeHtml::text(&receipt.number)));
    }
    items.extend([
        (l.t("claims-receipt-read"), count(checked.visits)),
        (l.t("claims-receipt-stored"), count(checked.kept)),
        (l.t("claims-receipt-refused"), count(checked.visits.saturating_sub(checked.kept))),
        (l.t("claims-upload-check-ins"), count(checked.check_ins)),
        (l.t("claims-upload-findings"), count(checked.findings.len() as u64)),
    ]);
    let mut words = note(kind, &title, SafeHtml::text(&receipt.message));
    if let Some(signature) = &checked.signature {
        items.push((l.t("claims-signature"), crate::pages::words::signature(l, signature.answer, signature.covers).html()));
    }
    if checked.wrong_signatures() > 0 {
        words.push(note(NoteKind::Caution, &l.t("claims-signature-wrong-title"), SafeHtml::text(&l.t("claims-signature-told"))));
    }
    words.then(Panel::new(l.t("claims-upload-receipt"), definition_list(true, items)).id("bien-nhan-gui").html())
}

/// What runs from the file on, where something of it was kept.
fn terms(app: &App, l: Locale, receipt: &Receipt) -> Result<SafeHtml, PageError> {
    let checked = &receipt.checked;
    if receipt.number.is_empty() || checked.kept == 0 {
        return Ok(SafeHtml::default());
    }
    let faulty = !checked.refused.is_empty() || !checked.findings.is_empty();
    let sending = Sending { received: (app.clock)(), ends: checked.ends, faulty };
    let terms = of_sending(&app.law, &clock_page::calendar(app)?, &sending).map_err(|e| PageError::inner(&e))?;
    clock_page::panel(app, l, ("han-cua-tep", l.t("claims-upload-clocks")), &terms)
}

fn faults(l: Locale, checked: &Checked) -> SafeHtml {
    if checked.refused.is_empty() {
        return SafeHtml::default();
    }
    let head = vec![
        Column::text(l.t("claims-ma-lk")),
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-version-cell")),
        Column::text(l.t("claims-upload-why")),
    ];
    let row = |fault: &RefusedLine| {
        let table = fault.table.as_deref().unwrap_or_default();
        let place = fault.line.map_or_else(|| table.to_owned(), |line| format!("{table}, {line}"));
        Row::new(vec![
            Cell::text(fault.visit.clone().unwrap_or_default()),
            Cell::text(place),
            Cell::text(fault.column.clone().unwrap_or_default()),
            Cell::text(&fault.reason),
        ])
    };
    let title = l.t("claims-upload-faults");
    let table = Table::new("ho-so-tra-lai", title.clone(), head).rows(checked.refused.iter().take(SHOWN).map(row)).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&shown(l, checked.refused.len()))).html()
}

fn found(l: Locale, checked: &Checked) -> SafeHtml {
    if checked.findings.is_empty() {
        return SafeHtml::default();
    }
    let head = vec![
        Column::text(l.t("claims-ma-lk")),
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-column-strength")),
        Column::text(l.t("claims-column-findings")),
    ];
    let row = |finding: &FindingLine| {
        let table = finding.table.as_deref().unwrap_or_default();
        let place = finding.line.map_or_else(|| table.to_owned(), |line| format!("{table}, {line}"));
        let strength: Status = crate::pages::words::strength(l, finding.strength);
        Row::new(vec![Cell::text(&finding.visit), Cell::text(place), Cell::status(&strength), Cell::text(&finding.message)])
    };
    let title = l.t("claims-upload-found");
    let table = Table::new("phat-hien-gui", title.clone(), head).rows(checked.findings.iter().take(SHOWN).map(row)).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&shown(l, checked.findings.len()))).html()
}

/// "200 dòng của 1.234".
fn shown(l: Locale, all: usize) -> String {
    l.t_args("claims-range", &[("rows", all.min(SHOWN).into()), ("n", all.into())])
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::{FromRequest, Request};

    use super::*;

    async fn read(parts: &[(&str, &str)], most: usize) -> Result<Vec<u8>, Refusal> {
        let part = |(name, value): &(&str, &str)| {
            format!("--M\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.xml\"\r\n\r\n{value}\r\n")
        };
        let body = format!("{}--M--\r\n", parts.iter().map(part).collect::<String>());
        let request = Request::builder().header("content-type", "multipart/form-data; boundary=M").body(Body::from(body));
        file(Multipart::from_request(request.unwrap(), &()).await.unwrap(), most).await
    }

    #[tokio::test]
    async fn a_file_is_taken_as_it_is_and_no_larger_than_a_program_may_send() {
        assert_eq!(read(&[("tep-ho-so", "<x/>")], 10).await, Ok(b"<x/>".to_vec()));
        assert_eq!(read(&[("tep-ho-so", "0123456789A")], 10).await, Err(Refusal::TooLarge { megabytes: 0 }));
        assert_eq!(read(&[("tep-ho-so", "")], 10).await, Err(Refusal::Missing("tep-ho-so")));
        assert_eq!(read(&[("khac", "x")], 10).await, Err(Refusal::Missing("tep-ho-so")));
    }

    #[tokio::test]
    async fn what_opens_the_national_portal_is_refused_here_too() {
        let secret = Err(Refusal::NationalSecret("passwordHash"));
        assert_eq!(read(&[("tep-ho-so", "<x/>"), ("passwordHash", "0CC1")], 10).await, secret);
        assert_eq!(read(&[("ghi-chu", &"x".repeat(300)), ("tep-ho-so", "<x/>")], 1_000).await, Err(Refusal::BrokenBody));
    }
}
