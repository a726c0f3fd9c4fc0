//! Signatures of claim files: good ones in every writing, and what can be done to them.

mod made;
mod refused;

use claimfile::signature::{Covered, Signature, Trust, check};
use proptest::prelude::*;

use made::*;

fn good(file: &str, what: &str) {
    let signature = checked(file);
    assert!(matches!(signature, Signature::Good(_)), "{what}: {signature}");
}

#[test]
fn a_signature_over_the_whole_file_is_good() {
    let Signature::Good(signer) = checked(&whole()) else { panic!("{}", said(&whole())) };
    assert_eq!((signer.subject.as_str(), signer.issuer.as_str()), ("CN=Benh vien mau", "CN=Root mau"));
    assert_eq!((signer.serial.as_str(), signer.signed_at), ("0A:1B", None));
    assert_eq!((signer.not_before, signer.not_after), (NOW - 100 * DAY, NOW + 100 * DAY));
    let text = said(&whole());
    assert!(text.starts_with("good: chữ ký đúng: người ký CN=Benh vien mau; chứng thư gốc CN=Root mau"), "{text}");
    assert_eq!(signer.covered, Covered::Whole);
    assert!(text.ends_with("; đã ký cả tệp, trừ CHUKYDONVI"), "{text}");
    // The same by the identifier of the root, and with the form named.
    let by_id = Reference { transforms: vec![ENVELOPED, C14N], ..Reference::new("#g", &envelope(&content(), "")) };
    good(&envelope(&content(), &Wish::of(vec![by_id]).write()), "by Id");
}

#[test]
fn a_signature_over_all_parts_is_good() {
    let file = in_parts("2026-11-02T07:59:00", (NOW - DAY, NOW + DAY));
    let Signature::Good(signer) = checked(&file) else { panic!("{}", said(&file)) };
    assert_eq!(signer.signed_at, Some(NOW - 60));
    assert_eq!(signer.covered, Covered::Parts(vec!["THONGTINDONVI".into(), "THONGTINHOSO".into()]));
    assert!(said(&file).ends_with("; đã ký từng phần: THONGTINDONVI, THONGTINHOSO"), "{}", said(&file));
    // What stands between the parts belongs to none.
    good(&file.replace("</THONGTINDONVI>\n", "</THONGTINDONVI>\r\n\t"), "blanks between the parts");
}

#[test]
fn another_writing_of_the_same_is_good() {
    let file = whole();
    let with = |from: &str, to: &str| {
        assert!(file.contains(from), "{from}");
        file.replace(from, to)
    };
    good(
        &format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- HIS -->\r\n{file}\r\n"),
        "declaration, comment and blanks around",
    );
    good(&format!("\u{feff}{file}"), "byte order mark");
    good(&with("\n", "\r\n"), "line ends of Windows");
    good(&with("01013", "01<!-- - -->013"), "comment");
    good(&with("01013", "<![CDATA[01013]]>"), "CDATA");
    good(&with("01013", "&#48;1&#x30;13"), "characters by number");
    good(&with("A &amp; B", "A &#38; B"), "another reference");
    good(&with("Id=\"hs\"", "Id  = 'hs'\n"), "quotes and blanks of attributes");
    good(&with("Id=\"hs\"", "Id=\"h&#115;\""), "reference in an attribute");
    good(&with("</DigestMethod>", "</DigestMethod >"), "blank in an end tag");
    good(&with("></DigestMethod>", "/>"), "empty element");
    good(&with("</X509Certificate>", "\n</X509Certificate>"), "blanks in base64");
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(file.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(matches!(check(utf16.as_slice(), &trust(), NOW).unwrap(), Signature::Good(_)), "UTF-16");
}

/// Files that another implementation signed (libxmlsec1 1.3 with libxml2): namespaces declared and not used, default namespaces put on and taken off,
/// attributes of `xml:`, order of attributes, processing instructions, CDATA, comments, line ends of Windows; both canonical forms.
#[test]
fn files_signed_by_another_program_are_good() {
    let trust = Trust::load([("root.pem", include_bytes!("signed/root.pem").as_slice())]).unwrap();
    let files: [(&str, &[u8], Option<i64>); 5] = [
        ("whole", include_bytes!("signed/whole.xml"), None),
        ("whole, exclusive", include_bytes!("signed/whole-exclusive.xml"), None),
        ("parts", include_bytes!("signed/parts.xml"), Some(NOW)),
        ("parts, both forms", include_bytes!("signed/parts-exclusive.xml"), Some(NOW)),
        ("check-in", include_bytes!("signed/check-in.xml"), None),
    ];
    for (name, file, signed_at) in files {
        let signature = check(file, &trust, NOW).unwrap();
        let Signature::Good(signer) = signature else { panic!("{name}: {signature}") };
        assert_eq!(
            (signer.subject.as_str(), signer.serial.as_str()),
            ("CN=Nguyen Van Mau,O=Benh vien mau,C=VN", "0A:1B:2C"),
            "{name}"
        );
        assert_eq!(signer.signed_at, signed_at, "{name}");
        // Every change of what is covered is seen.
        let text = String::from_utf8(file.to_vec()).unwrap();
        for (from, to) in [("01013", "01014"), ("LK1", "LK2"), ("VE9OR19IT1A", "VE9OR19IT1B")] {
            let other = text.replace(from, to);
            assert!(other == text || !matches!(check(other.as_bytes(), &trust, NOW), Ok(Signature::Good(_))), "{name}: {to}");
        }
    }
}

#[test]
fn a_file_without_signature_says_so() {
    for inner in ["", "\n  ", "<!-- chưa ký -->"] {
        assert_eq!(checked(&envelope(&content(), inner)), Signature::Absent, "{inner}");
    }
    assert_eq!(checked("<GIAMDINHHS><THONGTINDONVI/></GIAMDINHHS>"), Signature::Absent);
    let said = said(&envelope(&content(), "MIIC1TCCAb2g"));
    assert_eq!(said, "not_checked: chưa kiểm tra được chữ ký: CHUKYDONVI không phải chữ ký XMLDSig");
}

#[test]
fn without_roots_nobody_is_confirmed_and_with_others_nobody_is_trusted() {
    let none = check(whole().as_bytes(), &Trust::default(), NOW).unwrap();
    assert_eq!(none.code(), "not_checked");
    assert!(none.to_string().contains("chưa đặt chứng thư gốc") && none.to_string().contains("CN=Benh vien mau"), "{none}");
    assert!(none.to_string().ends_with("; đã ký cả tệp, trừ CHUKYDONVI") && none.covered().is_none(), "{none}");
    let others = Trust::load([("root.pem", include_bytes!("signed/root.pem").as_slice())]).unwrap();
    let strange = check(whole().as_bytes(), &others, NOW).unwrap();
    assert_eq!(strange.code(), "wrong", "{strange}");
    // Changed content is wrong with roots or without.
    assert_eq!(check(whole().replace("01013", "01014").as_bytes(), &Trust::default(), NOW).unwrap().code(), "wrong");
}

#[test]
fn the_certificate_holds_when_it_is_signed() {
    let at = |time: &str, from: i64, to: i64| checked(&in_parts(time, (NOW + from * DAY, NOW + to * DAY))).code();
    assert_eq!(at("2026-11-02T08:00:00", -10, 10), "good");
    assert_eq!(at("2026-11-02T01:00:00.123Z", -10, 10), "good");
    assert_eq!(at("2026-11-02T08:04:00+07:00", -10, 10), "good", "a clock may be some minutes ahead");
    assert_eq!(at("2026-11-02T09:00:00", -10, 10), "wrong", "after it was received");
    assert_eq!(at("2026-10-13T08:00:00", -10, 10), "wrong", "before the certificate");
    assert_eq!(at("2026-11-01T08:00:00", -10, -5), "wrong", "after the certificate ended");
    assert_eq!(at("2026-10-27T08:00:00", -10, -5), "not_checked", "an old key can write any time");
    assert_eq!(at("hôm nay", -10, 10), "not_checked");
    let ended = checked(&in_parts("2026-11-01T08:00:00", (NOW - 10 * DAY, NOW - 5 * DAY)));
    assert_eq!(ended.to_string(), "chữ ký sai: chứng thư không còn hoặc chưa có hiệu lực lúc ký 08:00 ngày 01/11/2026");
    // Without a time, the time of receiving.
    let without = |from: i64, to: i64| {
        let references = vec![Reference::whole(&envelope(&content(), ""))];
        let valid = (NOW + from * DAY, NOW + to * DAY);
        checked(&envelope(&content(), &Wish { valid, ..Wish::of(references) }.write())).code()
    };
    assert_eq!((without(-10, 10), without(1, 10), without(-10, -1)), ("good", "wrong", "not_checked"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever happens to the bytes of what is signed: no panic, and never good.
    #[test]
    fn no_damage_is_good(place in 0.0..1.0_f64, byte in any::<u8>(), cut in any::<bool>()) {
        let mut file = whole().into_bytes();
        let end = file.windows(9).position(|w| w == b"<KeyInfo>").unwrap();
        let at = (end as f64 * place) as usize;
        // The signature's own Id is not signed; the spelling of base64 and of blanks is free.
        let free = file.windows(12).position(|w| w == b"CHUKYDONVI-7").unwrap();
        prop_assume!(file[at] != byte && !(free..free + 12).contains(&at) && !byte.is_ascii_whitespace() && !file[at].is_ascii_whitespace());
        file[at] = byte;
        if cut {
            file.truncate(at + 1);
        }
        if let Ok(signature) = check(file.as_slice(), &trust(), NOW) {
            prop_assert_ne!(signature.code(), "good");
        }
    }
}
