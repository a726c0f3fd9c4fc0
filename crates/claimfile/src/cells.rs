//! Whether the cells of a dossier can be read by their kind, and whether its rows belong together.

use base::Amount;

use crate::dossier::{Dossier, TableId};
use crate::form::{Form, Forms, Readable};
use crate::refused::{Reason, Refused};
use crate::value::{parse_birth, parse_day, parse_time};

/// All faults of a dossier: none means that it can be kept.
///
/// A visit needs XML1 with MA_LK, MA_CSKCB (that of the envelope) and NGAY_RA; every row has the same MA_LK; numbers, times and days must be readable.
/// What is merely wrong (a sum, a length, a code) is no reason to refuse: rules find it.
pub fn check(dossier: &Dossier, forms: &Forms) -> Vec<Refused> {
    let mut faults = Vec::new();
    let link = link_of(dossier, forms);
    if !is_check_in(dossier) {
        visit(dossier, forms, &mut faults);
    }
    for form in forms.iter() {
        rows(dossier, form, link.as_deref(), &mut faults);
    }
    for fault in &mut faults {
        fault.visit.clone_from(&link);
    }
    faults
}

/// MA_LK of XML1, or of the check-in.
pub(crate) fn link_of(dossier: &Dossier, forms: &Forms) -> Option<String> {
    let table = if is_check_in(dossier) { TableId::XML0 } else { TableId::XML1 };
    let column = forms.get(table)?.column("MA_LK")?;
    dossier.row(table, 0)?.get(column).map(str::to_owned)
}

fn is_check_in(dossier: &Dossier) -> bool {
    dossier.rows(TableId::XML0).present
}

fn visit(dossier: &Dossier, forms: &Forms, faults: &mut Vec<Refused>) {
    let whole = |reason| Refused { table: Some(TableId::XML1), ..Refused::whole(dossier.number, 0, reason) };
    let (Some(form), Some(row)) = (forms.get(TableId::XML1), dossier.row(TableId::XML1, 0)) else {
        faults.push(whole(Reason::NoVisit));
        return;
    };
    if dossier.rows(TableId::XML1).len() > 1 {
        faults.push(whole(Reason::SeveralVisits));
    }
    let cell = |name: &str| form.column(name).and_then(|column| row.get(column));
    let missing = |name: &str, reason| Refused { column: Some(name.to_owned()), row: Some(1), ..whole(reason) };
    match cell("MA_CSKCB") {
        None => faults.push(missing("MA_CSKCB", Reason::NoFacility)),
        Some(code) if !dossier.sender.is_empty() && code != dossier.sender => {
            faults.push(Refused { value: Some(Refused::shortened(code)), ..missing("MA_CSKCB", Reason::OtherFacility) });
        }
        Some(_) => {}
    }
    if cell("NGAY_RA").is_none() {
        faults.push(missing("NGAY_RA", Reason::NoEnd));
    }
}

fn rows(dossier: &Dossier, form: &Form, link: Option<&str>, faults: &mut Vec<Refused>) {
    if dossier.rows(form.id).is_empty() {
        return;
    }
    let Some(link_column) = form.column("MA_LK") else { return };
    for (number, row) in dossier.each(form.id).enumerate() {
        let at = |column: usize, reason| Refused {
            table: Some(form.id),
            row: u32::try_from(number + 1).ok(),
            column: form.columns.get(column).map(|c| c.name.clone()),
            value: row.get(column).map(Refused::shortened),
            ..Refused::whole(dossier.number, 0, reason)
        };
        match (row.get(link_column), link) {
            (None, _) => faults.push(at(link_column, Reason::NoLink)),
            (Some(own), Some(link)) if own != link => faults.push(at(link_column, Reason::OtherLink)),
            _ => {}
        }
        for (place, readable) in &form.checked {
            if let Some(text) = row.get(*place)
                && let Some(reason) = unreadable(*readable, text)
            {
                faults.push(at(*place, reason));
            }
        }
    }
}

/// Why a filled cell cannot be read by its kind.
fn unreadable(readable: Readable, text: &str) -> Option<Reason> {
    match readable {
        Readable::Number => (!is_plain_number(text) && Amount::parse(text).is_err()).then_some(Reason::NotNumber),
        Readable::Count => text.parse::<i64>().is_err().then_some(Reason::NotCount),
        Readable::Birth => parse_birth(text).is_none().then_some(Reason::NotTime),
        Readable::Time => parse_time(text).is_none().then_some(Reason::NotTime),
        Readable::Day => parse_day(text).is_none().then_some(Reason::NotDay),
    }
}

/// Whether a text is a number of the common kind, `120000` or `7.5`, that [`Amount::parse`] takes for sure: at most 18 digits, at most 6 after the point.
fn is_plain_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let whole = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &bytes[whole..] {
        [] => (1..=18).contains(&whole),
        [b'.', decimals @ ..] => (1..=18).contains(&whole) && decimals.len() <= 6 && decimals.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
