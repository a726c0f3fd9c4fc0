//! Files made to hurt.

use claimfile::Limits;
use proptest::prelude::*;

use crate::files::{VISIT, b64, dossier, envelope, part, read, read_with};

#[test]
fn nothing_larger_than_a_dossier_is_held() {
    let limits = Limits { dossier_bytes: 20_000 };
    let huge = format!("<HOSO>{}</HOSO>", part("XML1", &"A".repeat(200_000)));
    let many = format!("<HOSO>{}</HOSO>", part("XML1", &format!("<TONG_HOP>{}", "<X>1</X>".repeat(20_000))));
    let file = envelope(4, &[dossier("A"), huge, dossier("B"), many, dossier("C")].concat());
    let gone = read_with(file.as_bytes(), limits.clone());
    assert_eq!((gone.links(), gone.reasons()), (["A", "B", "C"].map(str::to_owned).to_vec(), vec!["too_large", "too_large"]));
    // A text without end before any dossier.
    let endless = format!("<GIAMDINHHS><NGAYLAP>{}</NGAYLAP>", "9".repeat(100_000));
    assert!(read_with(endless.as_bytes(), limits).reasons().contains(&"too_large"));
}

#[test]
fn entities_never_grow() {
    let bomb = "<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">";
    let inner = format!("<!DOCTYPE z [{bomb}]>{}", VISIT.replace("Hoa", "&c;"));
    let gone = read(envelope(2, &format!("<HOSO>{}</HOSO>{}", part("XML1", &b64(&inner)), dossier("B"))).as_bytes());
    assert_eq!((gone.reasons(), gone.links()), (vec!["doctype"], vec!["B".to_owned()]));
    let outside = inner.replace("&c;", "<!ENTITY x SYSTEM \"file:///etc/passwd\">");
    let gone = read(envelope(1, &format!("<HOSO>{}</HOSO>", part("XML1", &outside))).as_bytes());
    assert!(gone.kept.is_empty());
}

#[test]
fn depth_does_not_hurt() {
    let deep = format!("{}{}", "<A>".repeat(50_000), "</A>".repeat(50_000));
    let gone = read(envelope(2, &format!("<HOSO>{}</HOSO>{}", part("XML1", &b64(&deep)), dossier("B"))).as_bytes());
    assert_eq!((gone.reasons(), gone.links()), (vec!["wrong_root"], vec!["B".to_owned()]));
}

proptest! {
    /// Whatever happens to the bytes: no panic, no endless loop, and read = kept + refused (asserted by the reader of the tests).
    #[test]
    fn any_damage_is_survived(changes in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 1..8), cut in 0.2..1.0_f64) {
        let mut bytes = envelope(3, &["A", "B", "C"].map(dossier).concat()).into_bytes();
        let length = bytes.len();
        for (place, byte) in changes {
            let at = ((length as f64) * place) as usize;
            bytes[at.min(length - 1)] = byte;
        }
        bytes.truncate((length as f64 * cut) as usize);
        if claimfile::Reader::open(bytes.as_slice(), crate::files::forms(), Limits::default()).is_ok() {
            read(&bytes);
        }
    }

    /// Any text in the place of a content.
    #[test]
    fn any_content_is_survived(content in "\\PC{0,300}") {
        let gone = read(envelope(2, &format!("<HOSO>{}</HOSO>{}", part("XML1", &content.replace('<', "&lt;").replace('&', "&amp;")), dossier("B"))).as_bytes());
        prop_assert!(gone.links().contains(&"B".to_owned()));
    }
}
