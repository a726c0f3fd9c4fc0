//! Dossiers back into a file.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::partial_escape;

use crate::dossier::{Dossier, Rows};
use crate::form::{Form, Forms};

/// Writes an envelope with the given dossiers: base64 without line breaks, columns in the order of the annex, elements that are absent left out, those that
/// no form knows after the others. There is no signature: what is written anew has to be signed anew.
pub fn write(out: &mut dyn Write, forms: &Forms, sender: &str, made_on: &str, dossiers: &[Dossier]) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="utf-8"?>"#)?;
    let (sender, made_on) = (partial_escape(sender), partial_escape(made_on));
    write!(out, "<GIAMDINHHS><THONGTINDONVI><MACSKCB>{sender}</MACSKCB></THONGTINDONVI><THONGTINHOSO>")?;
    write!(out, "<NGAYLAP>{made_on}</NGAYLAP><SOLUONGHOSO>{}</SOLUONGHOSO><DANHSACHHOSO>", dossiers.len())?;
    for dossier in dossiers {
        write!(out, "<HOSO>")?;
        for form in forms.iter().filter(|form| dossier.rows(form.id).present) {
            let inner = table(form, dossier)?;
            write!(
                out,
                "<FILEHOSO><LOAIHOSO>{}</LOAIHOSO><NOIDUNGFILE>{}</NOIDUNGFILE></FILEHOSO>",
                form.id,
                STANDARD.encode(inner)
            )?;
        }
        write!(out, "</HOSO>")?;
    }
    writeln!(out, "</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>")
}

/// The inner text of one table.
fn table(form: &Form, dossier: &Dossier) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let root = form.root.as_deref().unwrap_or(&form.record);
    write!(out, r#"<?xml version="1.0" encoding="utf-8"?><{root}>"#)?;
    if let Some(list) = &form.list {
        write!(out, "<{list}>")?;
    }
    let rows = dossier.rows(form.id);
    for number in 0..rows.len() {
        if !form.is_single() {
            write!(out, "<{}>", form.record)?;
        }
        record(&mut out, form, dossier, rows, number)?;
        if !form.is_single() {
            write!(out, "</{}>", form.record)?;
        }
    }
    if let Some(list) = &form.list {
        write!(out, "</{list}>")?;
    }
    write!(out, "</{root}>")?;
    Ok(out)
}

fn record(out: &mut Vec<u8>, form: &Form, dossier: &Dossier, rows: &Rows, number: usize) -> io::Result<()> {
    let Some(row) = dossier.row(form.id, number) else { return Ok(()) };
    for (place, column) in form.columns.iter().enumerate() {
        if let Some(value) = row.sent(place) {
            write!(out, "<{0}>{1}</{0}>", column.name, partial_escape(value))?;
        }
    }
    for extra in rows.extra.iter().filter(|extra| extra.row == number) {
        write!(out, "<{0}>{1}</{0}>", extra.name, partial_escape(&extra.value))?;
    }
    Ok(())
}
