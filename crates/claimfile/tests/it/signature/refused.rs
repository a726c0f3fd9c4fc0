//! What is no good signature, and what attackers make of good ones.

use std::io::Read;

use claimfile::FileError;
use claimfile::signature::{Signature, Unchecked, Wrong, check};

use super::made::*;

fn wrong(file: &str) -> Wrong {
    match checked(file) {
        Signature::Wrong(why) => why,
        other => panic!("{} is not wrong: {other}", other.code()),
    }
}

fn unchecked(file: &str) -> Unchecked {
    match checked(file) {
        Signature::NotChecked(why) => why,
        other => panic!("{} although not checked: {other}", other.code()),
    }
}

/// Signed as a whole, otherwise as wished.
fn with(change: impl FnOnce(&mut Wish)) -> String {
    let mut wish = Wish::of(vec![Reference::whole(&envelope(&content(), ""))]);
    change(&mut wish);
    envelope(&content(), &wish.write())
}

fn parts(references: &[Reference]) -> String {
    envelope(&content(), &Wish::of(references.to_vec()).write())
}

#[test]
fn changed_content_is_wrong() {
    for (from, to) in
        [("01013", "01014"), ("A &amp; B", "A B"), ("QUJD", "QUJE"), (" Id=\"ds\"", ""), ("</HOSO>", "</HOSO><HOSO></HOSO>")]
    {
        assert_eq!(wrong(&whole().replace(from, to)), Wrong::Changed, "{to}");
        assert_eq!(wrong(&in_parts("2026-11-02T08:00:00", (0, 4_000_000_000 / 2)).replace(from, to)), Wrong::Changed, "{to}");
    }
    // The time of signing is signed.
    assert_eq!(wrong(&in_parts("2026-11-02T08:00:00", (0, 2_000_000_000)).replace("T08:00", "T07:00")), Wrong::Changed);
    // The list of digests is signed.
    let other = Wish::of(vec![Reference::whole(&envelope(&content().replace("01013", "01014"), ""))]).write();
    let digest = |text: &str| {
        let from = text.find("<DigestValue>").unwrap();
        text[from..text.find("</DigestValue>").unwrap()].to_owned()
    };
    let forged = whole().replace("01013", "01014").replace(&digest(&whole()), &digest(&other));
    assert_eq!(wrong(&forged), Wrong::OtherKey);
    assert_eq!(wrong(&with(|wish| wish.stolen = true)), Wrong::OtherKey);
}

#[test]
fn a_part_of_the_file_is_not_enough() {
    let uncovered = |references: &[Reference]| match wrong(&parts(references)) {
        Wrong::Uncovered(what) => what,
        other => panic!("{other}"),
    };
    assert_eq!(uncovered(&[Reference::new("#hs", SENT)]), "THONGTINDONVI");
    assert_eq!(uncovered(&[Reference::new("#dv", SENDER)]), "THONGTINHOSO");
    let list = &SENT[SENT.find("<DANHSACHHOSO").unwrap()..SENT.find("</THONGTINHOSO>").unwrap()];
    assert!(uncovered(&[Reference::new("#dv", SENDER), Reference::new("#ds", list)]).contains("Id ds"));
    assert_eq!(wrong(&parts(&[])), Wrong::Empty);
    // Only the signature's own object.
    let (objects, digested) = object("2026-11-02T08:00:00");
    let wish = Wish { objects, ..Wish::of(vec![Reference::new("#luc", &digested)]) };
    assert_eq!(wrong(&envelope(&content(), &wish.write())), Wrong::Uncovered("THONGTINDONVI".to_owned()));
    // Something more beside the parts that were signed.
    let both = [Reference::new("#dv", SENDER), Reference::new("#hs", SENT)];
    let file = parts(&both);
    assert_eq!(checked(&file).code(), "good");
    let more = "<THONGTINHOSO><DANHSACHHOSO><HOSO></HOSO></DANHSACHHOSO></THONGTINHOSO>";
    assert_eq!(wrong(&file.replace("<CHUKYDONVI>", &format!("{more}<CHUKYDONVI>"))), Wrong::Uncovered("THONGTINHOSO".to_owned()));
    assert!(matches!(wrong(&file.replace("<CHUKYDONVI>", "9<CHUKYDONVI>")), Wrong::Uncovered(_)));
}

/// Signature wrapping: what was signed is moved to where nobody reads, and something else stands in its place.
#[test]
fn moved_content_is_wrong() {
    let file = parts(&[Reference::new("#dv", SENDER), Reference::new("#hs", SENT)]);
    let evil = SENT.replace("QUJD", "RVZJTA==");
    let in_place = |of_evil: &str| file.replace(SENT, of_evil);
    let hidden = format!("<Object>{SENT}</Object></Signature>");
    // The signed part goes into the signature, the other one has the same Id, another or none.
    for named in [evil.clone(), evil.replace("Id=\"hs\"", "Id=\"xx\""), evil.replace(" Id=\"hs\"", "")] {
        assert!(matches!(wrong(&in_place(&named).replace("</Signature>", &hidden)), Wrong::Shape(_)), "{named}");
        // Beside the signature, or deeper in the other part.
        assert!(matches!(wrong(&in_place(&named).replace("<CHUKYDONVI>", &format!("<CHUKYDONVI>{SENT}"))), Wrong::Shape(_)));
        let nested = named.replace("</THONGTINHOSO>", &format!("<X>{SENT}</X></THONGTINHOSO>"));
        assert!(matches!(wrong(&in_place(&nested)), Wrong::Twice(_) | Wrong::Uncovered(_)), "{nested}");
    }
    // Twice under the root.
    assert_eq!(wrong(&in_place(&format!("{SENT}{evil}"))), Wrong::Twice("hs".to_owned()));
    assert_eq!(wrong(&in_place(&format!("{SENT}{}", evil.replace("Id=", "ID=")))), Wrong::Twice("hs".to_owned()));
    let other = evil.replace(" Id=\"hs\"", "");
    assert_eq!(wrong(&in_place(&format!("{other}{SENT}"))), Wrong::Uncovered("THONGTINHOSO".to_owned()));
    assert_eq!(wrong(&in_place("")), Wrong::Missing("hs".to_owned()));
    // The whole signed file within another one.
    let within = format!("<GIAMDINHHS>{evil}<X>{}</X><CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>", whole());
    assert_eq!(wrong(&within), Wrong::Misplaced);
    // A second root behind the first.
    assert_eq!(wrong(&format!("{}<GIAMDINHHS>{evil}</GIAMDINHHS>", whole())), Wrong::Broken);
    assert_eq!(wrong(&format!("{}{evil}", whole())), Wrong::Broken);
}

/// Signatures leave comments out, and a reader that goes on after a dossier that is too large might find one in there.
#[test]
fn a_dossier_in_a_comment_is_wrong() {
    for file in [whole(), parts(&[Reference::new("#dv", SENDER), Reference::new("#hs", SENT)])] {
        for hiding in ["<!-- <HOSO></HOSO> -->", "<?x <HOSO></HOSO>?>"] {
            let between = file.replace("</THONGTINDONVI>\n", &format!("</THONGTINDONVI>{hiding}\n"));
            assert!(matches!(wrong(&between), Wrong::Hidden), "{hiding}");
        }
    }
    let quoted = "<Object><![CDATA[<HOSO></HOSO>]]></Object></Signature>";
    assert!(matches!(wrong(&whole().replace("</Signature>", quoted)), Wrong::Shape(_)));
    assert_eq!(wrong(&whole().replace("Id=\"CHUKYDONVI-7\"", "Id=\"<HOSO>\"")), Wrong::Broken);
    let (objects, _) = object("2026-11-02T08:00:00");
    assert_eq!(checked(&with(|wish| wish.objects = objects.clone())).code(), "good", "an object that says nothing here");
    let taken = objects.replace("SigningTime", "HOSO");
    assert!(matches!(wrong(&with(|wish| wish.objects = taken)), Wrong::Shape(_)));
    // A time that is not signed does not count.
    let later = objects.replace("2026", "2030");
    assert_eq!(checked(&with(|wish| wish.objects = later)).code(), "good");
}

#[test]
fn two_signatures_are_wrong() {
    let one = Wish::of(vec![Reference::whole(&envelope(&content(), ""))]).write();
    assert_eq!(wrong(&envelope(&content(), &format!("{one}{one}"))), Wrong::Several);
    assert_eq!(wrong(&whole().replace("</CHUKYDONVI>", "</CHUKYDONVI><CHUKYDONVI></CHUKYDONVI>")), Wrong::Several);
    assert_eq!(wrong(&whole().replace("</Signature>", &format!("<Object>{one}</Object></Signature>"))), Wrong::Several);
    assert_eq!(wrong(&whole().replace("<HOSO>", &format!("<HOSO>{one}"))), Wrong::Several);
    let beside = envelope(&content(), "").replace("<CHUKYDONVI>", &format!("{one}<CHUKYDONVI>"));
    assert_eq!(wrong(&beside), Wrong::Misplaced);
    assert!(matches!(wrong(&whole().replace("</CHUKYDONVI>", "x</CHUKYDONVI>")), Wrong::Shape(_)));
}

#[test]
fn references_stay_in_the_file() {
    let to = |uri: &str| with(|wish| wish.references[0].uri = uri.to_owned());
    for uri in [" URI=\"http://example.vn/hs.xml\"", " URI=\"hs.xml#hs\"", " URI=\"file:///etc/passwd\"", ""] {
        assert!(matches!(wrong(&to(uri)), Wrong::Outside(_)), "{uri}");
    }
    for uri in ["#xpointer(/)", "#", "#xpointer(id('hs'))"] {
        assert!(matches!(wrong(&to(&format!(" URI=\"{uri}\""))), Wrong::Shape(_)), "{uri}");
    }
    assert_eq!(wrong(&to(" URI=\"#khong-co\"")), Wrong::Missing("khong-co".to_owned()));
    // A digest of what holds itself, the signed list itself, and the same thing twice.
    assert!(matches!(wrong(&with(|wish| wish.references[0].transforms.clear())), Wrong::Shape(_)));
    assert!(matches!(wrong(&parts(&[Reference::new("#CHUKYDONVI-7", "")])), Wrong::Uncovered(_)));
    let same = Reference::whole(&envelope(&content(), ""));
    assert!(matches!(wrong(&parts(&[same.clone(), same])), Wrong::Shape(_)));
}

#[test]
fn transforms_that_select_are_wrong() {
    let by = |transforms: &[&'static str]| with(|wish| wish.references[0].transforms = transforms.to_vec());
    for transform in [
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "urn:khac",
    ] {
        assert_eq!(wrong(&by(&[ENVELOPED, transform])), Wrong::Transform(transform.to_owned()));
    }
    assert!(matches!(wrong(&by(&[C14N, ENVELOPED])), Wrong::Transform(_)), "the wrong way round");
    assert!(matches!(wrong(&by(&[ENVELOPED, ENVELOPED])), Wrong::Transform(_)));
    let comments = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
    assert_eq!(unchecked(&by(&[ENVELOPED, comments])), Unchecked::Algorithm(comments.to_owned()));
}

#[test]
fn weak_and_unknown_algorithms_are_not_good() {
    let digest = "http://www.w3.org/2000/09/xmldsig#sha1";
    assert_eq!(unchecked(&with(|wish| wish.references[0].method = digest)), Unchecked::Algorithm(digest.to_owned()));
    for method in ["http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#dsa-sha1", "urn:khac"] {
        assert_eq!(unchecked(&with(|wish| wish.method = method)), Unchecked::Algorithm(method.to_owned()));
    }
    for method in ["http://www.w3.org/2000/09/xmldsig#hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"] {
        assert_eq!(wrong(&with(|wish| wish.method = method)), Wrong::SharedKey);
    }
    let form = "http://www.w3.org/2006/12/xml-c14n11";
    assert_eq!(unchecked(&with(|wish| wish.canonicalization = form)), Unchecked::Algorithm(form.to_owned()));
}

#[test]
fn a_key_without_certificate_says_nothing() {
    let key = |info: &str| with(|wish| wish.key_info = Some(info.to_owned()));
    assert_eq!(unchecked(&key("")), Unchecked::NoCertificate);
    assert_eq!(
        unchecked(&key("<KeyInfo><KeyValue><RSAKeyValue>AAAA</RSAKeyValue></KeyValue></KeyInfo>")),
        Unchecked::NoCertificate
    );
    for odd in [
        "<KeyInfo><RetrievalMethod URI=\"http://example.vn\"></RetrievalMethod></KeyInfo>",
        "<KeyInfo><X509Data><X509Certificate>AAAA</X509Certificate></X509Data></KeyInfo>",
        "<KeyInfo></KeyInfo><KeyInfo></KeyInfo>",
        "<X></X>",
    ] {
        assert!(matches!(wrong(&key(odd)), Wrong::Shape(_)), "{odd}");
    }
}

#[test]
fn the_signer_is_one_of_the_certificates() {
    let file = whole();
    let from = file.find("<X509Certificate>").unwrap();
    let own = &file[from..file.find("</X509Data>").unwrap()];
    let root = include_str!("signed/root.pem").lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let other = format!("<X509Certificate>{root}</X509Certificate>");
    assert_eq!(checked(&file.replace(own, &format!("{other}{own}"))).code(), "good", "in any order");
    assert_eq!(wrong(&file.replace(own, &other)), Wrong::OtherKey);
    assert!(matches!(wrong(&file.replace(own, &own.repeat(9))), Wrong::Shape(_)));
    let many: Vec<Reference> = (0..17).map(|n| Reference::new(&format!("#n{n}"), "")).collect();
    assert!(matches!(wrong(&parts(&many)), Wrong::Shape(_)));
}

#[test]
fn a_file_that_is_no_claim_file_is_an_error() {
    let error = |file: &str| check(file.as_bytes(), &trust(), NOW).unwrap_err();
    assert_eq!(error(""), FileError::Empty);
    assert!(matches!(error("không phải XML"), FileError::OtherKind(_)));
    assert!(matches!(error("<KHAMSUCKHOE/>"), FileError::OtherKind(_)));
    assert_eq!(error(&format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", whole())), FileError::DocType);
    assert_eq!(error(&whole().replace("<HOSO>", "<HOSO><!DOCTYPE x>")), FileError::DocType);
}

#[test]
fn broken_xml_is_never_good() {
    for (from, to) in [
        ("</MACSKCB>", "</MACSKCC>"),
        ("<MACSKCB>", "<MACSKCB a='1' a='1'>"),
        ("<MACSKCB>", "<k:MACSKCB>"),
        ("<MACSKCB>", "<MACSKCB k:a='1'>"),
        ("<MACSKCB>", "<MACSKCB xmlns:k=''>"),
        ("01013", "&la;"),
    ] {
        let file = whole().replace(from, to);
        assert_eq!(unchecked(&file), Unchecked::Broken, "{to}: nobody knows yet whether it is signed");
        // The same in the signature.
        let odd = "<X><MACSKCB>01013</MACSKCB></X>".replace(from, to).replace("MACSKCB", "Y");
        assert_eq!(wrong(&whole().replace("<KeyInfo>", &format!("<KeyInfo>{odd}"))), Wrong::Broken, "{to}");
    }
    assert_eq!(wrong(&whole().replace("</GIAMDINHHS>", "")), Wrong::Broken);
    assert!(matches!(unchecked(&format!("<?xml version=\"1.1\"?>{}", whole())), Unchecked::OtherXml(_)));
}

#[test]
fn nothing_grows_without_end() {
    let large = std::io::repeat(b'A').take(70 << 20);
    let file = b"<GIAMDINHHS><A>".chain(large).chain(&b"</A></GIAMDINHHS>"[..]);
    assert_eq!(check(file, &trust(), NOW).unwrap(), Signature::NotChecked(Unchecked::TooLarge(64)));
    let padded = whole().replace("<KeyInfo>", &format!("<KeyInfo>{}", "<KeyName>A</KeyName>".repeat(20_000)));
    assert_eq!(unchecked(&padded), Unchecked::TooLarge(1));
    let deep = format!("<GIAMDINHHS>{}{}</GIAMDINHHS>", "<A>".repeat(300), "</A>".repeat(300));
    assert!(matches!(unchecked(&deep), Unchecked::TooMany(_)));
    let nested = whole().replace("<KeyInfo>", &format!("<KeyInfo>{}{}", "<A>".repeat(40), "</A>".repeat(40)));
    assert!(matches!(unchecked(&nested), Unchecked::TooMany(_)));
}
