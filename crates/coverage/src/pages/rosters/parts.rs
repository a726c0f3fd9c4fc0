//! Pieces that several pages of received files show.

use book::{BatchRecord, RowChanges};
use chapter::App;
use intake::RejectReason;
use web::component::{Cell, Column, Link, Row, Table, definition_list};
use web::{Lang, Locale, SafeHtml, tag};

use crate::pages::words;

/// What each roster makes possible, as a key of the texts; rosters that runs read today come first.
pub(super) const USES: [(&str, &str); 26] = [
    ("population", "coverage-use-population"),
    ("bhyt_card", "coverage-use-bhyt-card"),
    ("bhxh_participation", "coverage-use-bhxh-participation"),
    ("tax_settlement", "coverage-use-tax-settlement"),
    ("pupils", "coverage-use-pupils"),
    ("household_member", "coverage-use-household-member"),
    ("supported_group", "coverage-use-supported-group"),
    ("pension_payment", "coverage-use-pension-payment"),
    ("social_pension", "coverage-use-social-pension"),
    ("death", "coverage-use-death"),
    ("bhyt_collection", "coverage-use-bhyt-collection"),
    ("voluntary_payment", "coverage-use-voluntary-payment"),
    ("card_aggregate", "coverage-use-card-aggregate"),
    ("commune_figure", "coverage-use-commune-figure"),
    ("identity_answer", "coverage-use-identity-answer"),
    ("lookup_answer", "coverage-use-lookup-answer"),
    ("police_uninsured", "coverage-use-police-uninsured"),
    ("employer_worker", "coverage-use-employer-worker"),
    ("unit_month", "coverage-use-unit-month"),
    ("unit_ledger", "coverage-use-unit-ledger"),
    ("unit_code_map", "coverage-use-unit-code-map"),
    ("business", "coverage-use-business"),
    ("taxpayer", "coverage-use-taxpayer"),
    ("taxpayer_household", "coverage-use-taxpayer-household"),
    ("labour", "coverage-use-labour"),
    ("tour_guide", "coverage-use-tour-guide"),
];

/// What a roster is called on the screens; one that a city added has the title of its layout.
pub(crate) fn roster_title(app: &App, l: Locale, roster: &str) -> String {
    if USES.iter().any(|(known, _)| *known == roster) {
        return words::roster(l, roster);
    }
    let layouts = app.shelf.layouts();
    match layouts.newest(roster) {
        Some(layout) if l.lang() == Lang::En => layout.title.en.clone(),
        Some(layout) => layout.title.vi.clone(),
        None => roster.to_owned(),
    }
}

/// Why a row was refused, in words; the code itself when the program does not know it any more.
pub(crate) fn reason_words(l: Locale, code: &str) -> String {
    match RejectReason::from_code(code) {
        Some(reason) if l.lang() == Lang::En => reason.en().to_owned(),
        Some(reason) => reason.vi().to_owned(),
        None => code.to_owned(),
    }
}

/// Rows read, stored and refused, so that the sum can be seen.
pub(crate) fn counts(l: Locale, batch: &BatchRecord) -> SafeHtml {
    let number = |n: u64| SafeHtml::text(&l.number(n as i64));
    let declared = batch.declared.map(|n| l.number(n as i64)).unwrap_or_else(|| l.t("coverage-declared-none"));
    let mut lines = vec![
        (l.t("coverage-column-declared"), SafeHtml::text(&declared)),
        (l.t("coverage-column-read"), number(batch.read)),
        (l.t("coverage-column-stored"), number(batch.stored)),
        (l.t("coverage-column-refused"), number(batch.quarantined)),
    ];
    if batch.duplicates > 0 {
        lines.push((l.t("coverage-batch-duplicates"), number(batch.duplicates)));
    }
    if batch.passed_over > 0 {
        lines.push((l.t("coverage-batch-passed-over"), number(batch.passed_over)));
    }
    definition_list(true, lines)
}

/// The reasons of refused rows with their counts, the most frequent first; each opens its rows.
pub(crate) fn reason_lines(l: Locale, batch: &BatchRecord) -> SafeHtml {
    let mut reasons: Vec<(&String, &u64)> = batch.refused.iter().collect();
    reasons.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), code.as_str()));
    let line = |(code, count): (&String, &u64)| {
        let href = format!("{}/tra-lai?ky={}&lo={}&ly-do={code}", super::DATA, batch.period, batch.id);
        (reason_words(l, code), Link::new(l.number(*count as i64), href).figure())
    };
    definition_list(true, reasons.into_iter().map(line))
}

/// An earlier and a later file side by side: how many rows stay, change, come and go.
pub(crate) fn changes_table(l: Locale, id: &str, old: &BatchRecord, new: &BatchRecord, changes: &RowChanges) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-change-what")),
        Column::number(l.t("coverage-change-old"), ""),
        Column::number(l.t("coverage-change-new"), ""),
    ];
    let figure = |n: u64| l.number(n as i64);
    let row = |key: &str, old: String, new: String| Row::new(vec![Cell::text(l.t(key)), Cell::text(old), Cell::text(new)]);
    let none = || "–".to_owned();
    let link = |batch: &BatchRecord| Cell::link(&batch.file_name, super::batch_href(batch)).note(batch.id.clone());
    let rows = vec![
        Row::new(vec![Cell::text(l.t("coverage-column-file")), link(old), link(new)]),
        row("coverage-column-stored", figure(changes.before), figure(changes.after)),
        row("coverage-change-same", figure(changes.same), figure(changes.same)),
        row("coverage-change-changed", figure(changes.changed), figure(changes.changed)),
        row("coverage-change-gone", figure(changes.gone), none()),
        row("coverage-change-added", none(), figure(changes.added)),
        row("coverage-column-refused", figure(old.quarantined), figure(new.quarantined)),
    ];
    let table = Table::new(id, l.t("coverage-change-title"), head).rows(rows).dense().html(l);
    let note = tag("p").class("small").text(&l.t("coverage-change-note")).html();
    table.then(note)
}
