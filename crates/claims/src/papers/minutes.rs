//! Minutes 03/BH (biên bản giám định) of a case, or of a facility and month: the lines with reason, law and amounts, to be signed by both sides.

use std::collections::BTreeMap;

use base::{Dong, Month};
use desk::ReviewLine;
use documents::letter::{Block, Issuer, Kind, Letter, LetterAnnex};
use documents::sheet::Cell;
use web::Locale;

use super::form::{PaperForm, Values};
use super::letter::place;
use super::{asked_once, sum};

/// A case of the minutes.
pub(crate) struct MinutesCase {
    /// The facility's key of the visit (`MA_LK`).
    pub(crate) dossier: String,
    /// Its lines; only those of which something is proposed are printed.
    pub(crate) lines: Vec<ReviewLine>,
}

/// What the minutes say.
pub(crate) struct Minutes<'a> {
    /// "Bệnh viện A (01001)".
    pub(crate) facility: String,
    /// Month of the claims.
    pub(crate) period: Month,
    /// Cases in the order they are printed.
    pub(crate) cases: Vec<MinutesCase>,
    /// Name of the unit that writes.
    pub(crate) unit: &'a str,
    /// Who writes.
    pub(crate) officer: String,
    /// Month of the date.
    pub(crate) month: Month,
    /// Who took the file out, when, for what.
    pub(crate) taken_out: String,
}

/// Columns of words; all others but the number are figures.
const WORDS: [&str; 2] = ["place", "ground"];

/// The minutes in the layout of decree 30, the lines as a table behind them. `vi` is the Vietnamese locale.
pub(crate) fn minutes_letter(form: &PaperForm, vi: Locale, minutes: &Minutes<'_>) -> Letter {
    let issuer = Issuer::of(minutes.unit);
    let lines: Vec<(&str, &ReviewLine)> = minutes
        .cases
        .iter()
        .flat_map(|case| case.lines.iter().map(|line| (case.dossier.as_str(), line)))
        .filter(|(_, line)| line.proposed > Dong::ZERO)
        .collect();
    let values: Vec<Values> = (1_i64..).zip(&lines).map(|(at, (dossier, line))| row(vi, at, dossier, line)).collect();
    let mut columns: Vec<_> = form.columns.iter().collect();
    // The table has its number first, then words, then figures, however the form orders them.
    columns.sort_by_key(|column| match column.name.as_str() {
        "number" => 0,
        name if WORDS.contains(&name) => 1,
        _ => 2,
    });
    let words = columns.iter().filter(|column| WORDS.contains(&column.name.as_str())).count();
    let cell = |values: &Values, name: &str| text(vi, values.get(name));
    let cells = |values: &Values| columns.iter().map(|column| cell(values, &column.name)).collect::<Vec<String>>();
    let mut rows: Vec<Vec<String>> = values.iter().map(&cells).collect();
    let all = |of: fn(&ReviewLine) -> Dong| sum(lines.iter().map(|(_, line)| of(line)));
    let (asked, proposed, refused) = (asked_once(lines.iter().copied()), all(|line| line.proposed), all(upheld));
    let told = [
        (vi.t("claims-letter-asked"), asked),
        (vi.t("claims-letter-proposed"), proposed),
        (vi.t("claims-letter-refused"), refused),
    ];
    let told = told.map(|(label, amount)| Block::Item(format!("{label}: {}", vi.dong(amount))));
    let mut totals: Values =
        [("asked", asked), ("proposed", proposed), ("refused", refused)].map(|(name, all)| (name, Cell::from(all.get()))).into();
    totals.insert("place", Cell::from(vi.t("claims-lines-sum")));
    rows.push(cells(&totals));
    let period = vi.month(minutes.period).to_lowercase();
    let facts = [
        ("facility", minutes.facility.as_str().into()),
        ("period", period.as_str().into()),
        ("cases", minutes.cases.len().into()),
        ("lines", lines.len().into()),
    ];
    let mut body = vec![Block::Paragraph(vi.t_args("claims-minutes-about", &facts))];
    body.extend(told);
    body.push(Block::Paragraph(vi.t("claims-minutes-lines")));
    body.push(Block::Paragraph(vi.t("claims-minutes-sides")));
    body.push(Block::Paragraph(form.doubt.clone()));
    body.push(Block::Paragraph(minutes.taken_out.clone()));
    Letter {
        organ_above: issuer.above,
        symbol: if issuer.short.is_empty() { "BB".to_owned() } else { format!("BB-{}", issuer.short) },
        organ: issuer.organ,
        place: issuer.place,
        month: minutes.month,
        kind: Kind::Notice { title: form.title.clone() },
        subject: vi.t_args("claims-minutes-subject", &[("form", form.form.as_str().into()), ("period", period.as_str().into())]),
        to: Vec::new(),
        body,
        signer: issuer.signer.to_owned(),
        copies: vec![minutes.facility.clone()],
        prepared_by: minutes.officer.clone(),
        protection: String::new(),
        annex: Some(LetterAnnex {
            title: vi.t("claims-letter-annex"),
            columns: columns.iter().map(|column| column.head.clone()).collect(),
            rows,
            words,
        }),
    }
}

/// Refused by the decision, and not taken back.
fn upheld(line: &ReviewLine) -> Dong {
    line.decided - line.overturned
}

fn row(vi: Locale, at: i64, dossier: &str, line: &ReviewLine) -> Values {
    BTreeMap::from([
        ("number", Cell::from(at)),
        ("place", Cell::from(place(vi, dossier, line))),
        ("ground", Cell::from(line.law.as_str())),
        ("asked", Cell::from(line.asked.get())),
        ("proposed", Cell::from(line.proposed.get())),
        ("refused", Cell::from(upheld(line).get())),
    ])
}

fn text(vi: Locale, cell: Option<&Cell>) -> String {
    match cell {
        Some(Cell::Text(text)) => text.clone(),
        Some(Cell::Int(number)) => vi.number(*number),
        Some(Cell::Date(day)) => vi.date(*day),
        Some(Cell::Decimal(_) | Cell::Empty) | None => String::new(),
    }
}
