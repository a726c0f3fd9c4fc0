//! The files of a facility on `/co-so`: sending one, those that wait for the import, and what became of those that were taken in.

use web::component::{Button, ButtonKind, Cell, Column, Control, Field, Form, Panel, Row, Status, Table, empty_state, paragraph};
use web::{Locale, SafeHtml};

use super::words;
use crate::receive::PAGE;
use crate::store::{Receipt, WaitingReceipt};

/// Files shown, the newest ones.
const FILES: usize = 20;

/// The form that sends a file the way programs send theirs.
pub(super) fn send_form(l: Locale) -> SafeHtml {
    let form = Form {
        action: PAGE.into(),
        reads: false,
        hidden: Vec::new(),
        body: Field::new("tep-ho-so", l.t("claims-upload-file"), Control::File(".xml".into()))
            .hint(l.t("claims-upload-hint"))
            .html(l),
        buttons: vec![Button::submit(l.t("claims-upload"), ButtonKind::Default).busy(l.t("claims-saving"))],
    };
    let body = paragraph(SafeHtml::text(&l.t("claims-upload-what"))).then(form.with_files());
    Panel::new(l.t("claims-upload-title"), body).id("gui-ho-so").html()
}

/// Files that came and wait for the import, each with what was counted in it; nothing where none waits.
pub(super) fn waiting(l: Locale, files: &[WaitingReceipt]) -> SafeHtml {
    if files.is_empty() {
        return SafeHtml::default();
    }
    let head = vec![
        Column::text(l.t("claims-upload-number")),
        Column::text(l.t("claims-waiting-day")),
        Column::number(l.t("claims-receipt-read"), ""),
        Column::number(l.t("claims-receipt-stored"), ""),
        Column::number(l.t("claims-receipt-refused"), ""),
        Column::number(l.t("claims-upload-check-ins"), ""),
        Column::number(l.t("claims-upload-findings"), ""),
    ];
    let rows = files.iter().take(FILES).map(|one| {
        let count = |of: Option<u64>| match of {
            Some(n) => Cell::number(l, i64::try_from(n).unwrap_or(i64::MAX)),
            None => Cell::text(l.t("claims-waiting-unknown")),
        };
        let noted = one.noted;
        let refused = noted.map(|noted| noted.read.saturating_sub(noted.kept));
        Row::new(vec![
            Cell::text(&one.receipt),
            Cell::text(one.received.map(|day| l.date(day)).unwrap_or_default()),
            count(noted.map(|noted| noted.read)),
            count(noted.map(|noted| noted.kept)),
            count(refused),
            count(noted.map(|noted| noted.check_ins)),
            count(noted.map(|noted| noted.findings)),
        ])
    });
    let title = l.t("claims-waiting");
    let table = Table::new("dang-doi", title.clone(), head).rows(rows).html(l);
    let shown = files.len().min(FILES);
    let foot = l.t_args("claims-waiting-foot", &[("rows", shown.into()), ("n", files.len().into())]);
    Panel::flush(title, table).id("tep-dang-doi").foot(SafeHtml::text(&foot)).html()
}

/// What became of the files, the newest first.
pub(super) fn files(l: Locale, receipts: &[Receipt]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("claims-receipt-file")),
        Column::text(l.t("claims-receipt-month")),
        Column::number(l.t("claims-receipt-declared"), ""),
        Column::number(l.t("claims-receipt-read"), ""),
        Column::number(l.t("claims-receipt-stored"), ""),
        Column::number(l.t("claims-receipt-refused"), ""),
        Column::text(l.t("claims-signature")),
    ];
    let count = |n: u64| Cell::number(l, i64::try_from(n).unwrap_or(i64::MAX));
    let rows = receipts.iter().take(FILES).map(|one| {
        let packet = l.t_args("claims-receipt-packet", &[("n", one.number.into()), ("name", one.packet.as_str().into())]);
        let refused = if one.refused > 0 {
            Cell::status(&Status::bad(l.number(i64::try_from(one.refused).unwrap_or(i64::MAX))))
        } else {
            count(0)
        };
        Row::new(vec![
            Cell::text(&one.file).note(packet),
            Cell::text(l.month(one.month)),
            one.declared.map_or_else(|| Cell::text(l.t("claims-not-said")), count),
            count(one.read),
            count(one.stored),
            refused,
            match &one.signature {
                Some(signature) => Cell::status(&words::signature(l, &signature.answer, signature.covers.as_deref())),
                None => Cell::text(l.t("claims-signature-unknown")),
            },
        ])
    });
    let empty = empty_state(&l.t("claims-receipts-none"), &l.t("claims-receipts-none-why"), None);
    let title = l.t("claims-receipts");
    let table = Table::new("bien-nhan", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let shown = receipts.len().min(FILES);
    let foot = l.t_args("claims-receipts-foot", &[("rows", shown.into()), ("n", receipts.len().into())]);
    let foot = format!("{foot} {}", l.t("claims-signature-told"));
    Panel::flush(title, table).foot(SafeHtml::text(&foot)).html()
}
