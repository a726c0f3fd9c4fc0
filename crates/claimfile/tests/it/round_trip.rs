//! Out of a file and back into one: every value of every column stays.

use claimfile::{Dossier, TableId, write};
use proptest::prelude::*;

use crate::files::{envelope, forms, part, read};

/// All cells and extras of a dossier as text.
fn all(dossier: &Dossier) -> Vec<String> {
    let mut cells = Vec::new();
    for form in forms().iter() {
        for (number, row) in dossier.each(form.id).enumerate() {
            for (place, column) in form.columns.iter().enumerate() {
                cells.extend(row.sent(place).map(|value| format!("{} {number} {} {value}", form.id, column.name)));
            }
        }
        let extras = &dossier.rows(form.id).extra;
        cells.extend(extras.iter().map(|extra| format!("{} {} {} {}", form.id, extra.row, extra.name, extra.value)));
    }
    cells
}

fn again(dossiers: &[Dossier]) -> Vec<Dossier> {
    let mut file = Vec::new();
    write(&mut file, forms(), "01013", "20261006", dossiers).unwrap();
    let gone = read(&file);
    assert_eq!(gone.reasons(), [""; 0]);
    assert_eq!(gone.ended.declared, Some(dossiers.len() as u64));
    gone.kept
}

/// A value that its column takes.
fn value(kind: claimfile::Kind) -> BoxedStrategy<String> {
    use claimfile::Kind;
    match kind {
        Kind::Code | Kind::List => "[A-Z0-9.;]{0,12}".boxed(),
        Kind::Text => "[\\PC<>&\"']{0,40}".boxed(),
        Kind::Number => "[0-9]{1,9}(\\.[0-9]{1,3})?".boxed(),
        Kind::Count => "[0-9]{1,6}".boxed(),
        Kind::Time => Just("202610050830".to_owned()).boxed(),
        Kind::Day => Just("20261005".to_owned()).boxed(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_column_of_every_table_survives(
        seed in proptest::collection::vec(any::<proptest::sample::Index>(), 64),
        texts in proptest::collection::vec("[\\PC<>&\"']{0,40}", 64),
        numbers in proptest::collection::vec(value(claimfile::Kind::Number), 16),
        codes in proptest::collection::vec(value(claimfile::Kind::Code), 16),
    ) {
        let mut dossier = Dossier::new();
        let mut turn = 0;
        for form in forms().iter().filter(|form| form.id != TableId::XML0 && form.root.is_some()) {
            for number in 0..if form.is_single() { 1 } else { 2 } {
                let row = dossier.add_row(form.id, form.columns.len());
                prop_assert_eq!(row, number);
                for (place, column) in form.columns.iter().enumerate() {
                    turn += 1;
                    let pick = seed[turn % seed.len()].index(7);
                    let value = match (column.name.as_str(), column.kind) {
                        ("MA_LK", _) => "LK1",
                        ("MA_CSKCB", _) if form.id == TableId::XML1 => "01013",
                        ("NGAY_RA", _) if form.id == TableId::XML1 => "202610050915",
                        _ if pick == 0 => continue,
                        _ if pick == 1 => "",
                        (_, claimfile::Kind::Text) => &texts[turn % texts.len()],
                        (_, claimfile::Kind::Code | claimfile::Kind::List) => &codes[turn % codes.len()],
                        (_, claimfile::Kind::Number) => &numbers[turn % numbers.len()],
                        (_, claimfile::Kind::Count) => "12",
                        (_, claimfile::Kind::Time) => "202610050830",
                        (_, claimfile::Kind::Day) => "20261005",
                    };
                    dossier.set(form.id, row, place, value);
                }
            }
        }
        let back = again(std::slice::from_ref(&dossier));
        prop_assert_eq!(all(&back[0]), all(&dossier));
    }
}

#[test]
fn what_nobody_knows_goes_back_too() {
    let visit = "<TONG_HOP><MA_LK>LK1</MA_LK><LA>&lt;a&gt; &amp; b</LA><NGAY_RA>202610050915</NGAY_RA><MA_CSKCB>01013</MA_CSKCB><MA_LK>LK1</MA_LK></TONG_HOP>";
    let gone = read(envelope(1, &format!("<HOSO>{}</HOSO>", part("XML1", visit))).as_bytes());
    let back = again(&gone.kept);
    assert_eq!(all(&back[0]), all(&gone.kept[0]));
    assert!(all(&back[0]).contains(&"XML1 0 LA <a> & b".to_owned()));
}
