//! Signed files made here, and what attackers did to signed files.

mod made;

use der::asn1::BitString;
use der::{Encode, Sequence};
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::*;
use made::*;

#[test]
fn a_signature_that_agrees_in_every_part_is_good() {
    let (trust, file) = good();
    let report = check_pdf(&file, &trust, NOW);
    assert_eq!(report.answer(), Answer::Good, "{report:?}");
    assert_eq!(report.lines.len(), 5);
    assert!(report.texts().iter().any(|text| text.contains("CN=Nguyen Van Mau") && text.contains("CN=Root CA")));
    assert!(report.texts().iter().any(|text| text.contains("07:59 ngày 02/11/2026")), "{:?}", report.texts());
}

#[test]
fn rsa_signatures_are_checked_too() {
    let root = Wish { key: Key::Rsa(rsa_key()), ..Wish::new("Root CA", 1).issuer() }.by(None);
    let leader = Wish { key: Key::Rsa(rsa_key()), ..Wish::new("Leader", 1) }.by(Some(&root));
    let file = signed(PAGE, |covered| message(&leader, &[], covered, NOW));
    assert_eq!(check_pdf(&file, &trust(&root), NOW).answer(), Answer::Good);
    let mut other = file.clone();
    let at = other.windows(3).position(|w| w == b"100").unwrap();
    other[at] = b'9';
    assert_eq!(check_pdf(&other, &trust(&root), NOW).answer(), Answer::Wrong);
}

#[test]
fn any_changed_byte_is_seen() {
    let (trust, file) = good();
    let hole = file.windows(10).position(|w| w == b"/Contents ").unwrap() + 10;
    for at in (0..hole).step_by(7).chain((hole + 2 + SPACE * 2)..file.len()) {
        let mut other = file.clone();
        other[at] ^= 1;
        assert_ne!(check_pdf(&other, &trust, NOW).answer(), Answer::Good, "byte {at}");
    }
    let mut other = file.clone();
    let at = other.windows(3).position(|w| w == b"100").unwrap();
    other[at..at + 3].copy_from_slice(b"900");
    assert_eq!(answer_of(&check_pdf(&other, &trust, NOW), Part::Content), Answer::Wrong);
}

/// Incremental saving: new objects behind what was signed.
#[test]
fn what_is_appended_after_signing_is_refused() {
    let (trust, file) = good();
    for more in [&b"2 0 obj\n(So tien: 900) Tj\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"[..], b"\n"] {
        let report = check_pdf(&[&file, more].concat(), &trust, NOW);
        assert_eq!((answer_of(&report, Part::Coverage), report.answer()), (Answer::Wrong, Answer::Wrong));
    }
    // Also when the appended part brings a signature of somebody nobody trusts.
    let stranger = Wish::new("Root CA", 9).by(None);
    let more = [&file[..], b"2 0 obj\n(So tien: 900) Tj\nendobj\n"].concat();
    let report = check_pdf(&signed(&more, |covered| message(&stranger, &[], covered, NOW)), &trust, NOW);
    assert_eq!((report.signatures, report.answer()), (2, Answer::Wrong));
}

/// Signature wrapping: the range is moved so that bytes nobody signed stand in its hole.
#[test]
fn nothing_may_hide_beside_the_signature() {
    let (root, office, leader) = house();
    let file = signed(PAGE, |covered| message(&leader, &[&office], covered, NOW));
    let hole = file.windows(10).position(|w| w == b"/Contents ").unwrap() + 10;
    let after = hole + 2 + SPACE * 2;
    // The second part of what was signed moves behind a new object; the range is written anew with the same length.
    let evil = b" >>\nendobj\n2 0 obj\n(So tien: 900) Tj\nendobj\n8 0 obj\n<< ";
    let mut wrapped = [&file[..after], &evil[..], &file[after..]].concat();
    let range = wrapped.windows(10).position(|w| w == b"/ByteRange").unwrap() + 11;
    let moved = format!("[0 {hole} {} {}]", after + evil.len(), file.len() - after);
    wrapped[range..range + 60].fill(b' ');
    wrapped[range..range + moved.len()].copy_from_slice(moved.as_bytes());
    let report = check_pdf(&wrapped, &trust(&root), NOW);
    assert_eq!(report.answer(), Answer::Wrong, "{report:?}");
    assert!(report.texts()[0].contains("nội dung khác") || report.texts()[0].contains("chỗ dành"), "{:?}", report.texts());
    // Digits that are none, and something behind the message in its space.
    let mut other = file.clone();
    other[after - 5] = b'z';
    assert_eq!(check_pdf(&other, &trust(&root), NOW).answer(), Answer::Wrong);
    other[after - 5] = b'7';
    assert_eq!(check_pdf(&other, &trust(&root), NOW).answer(), Answer::Wrong);
}

/// Forgery: a signature whose range or content is left out or makes no sense.
#[test]
fn a_range_that_is_missing_or_odd_is_wrong() {
    let (trust, file) = good();
    let range = file.windows(10).position(|w| w == b"/ByteRange").unwrap();
    let hole = file.windows(10).position(|w| w == b"/Contents ").unwrap() + 10;
    let end = file.len();
    let after = hole + 2 + SPACE * 2;
    let with = |text: String| {
        let mut other = file.clone();
        other[range + 11..range + 71].fill(b' ');
        other[range + 11..range + 11 + text.len()].copy_from_slice(text.as_bytes());
        check_pdf(&other, &trust, NOW).answer()
    };
    for text in [
        "null".to_owned(),
        "[]".to_owned(),
        "[0 0 0 0]".to_owned(),
        format!("[0 {end} {end} 0]"),
        format!("[1 {hole} {after} {}]", end - after),
        format!("[0 {hole} {after} {}]", end - after + 1),
        format!("[0 {hole} {after} 18446744073709551615]"),
        format!("[0 {hole} {after} -1]"),
        format!("[0 {hole} {after} {} 0]", end - after),
        format!("[0 {} {after} {}]", hole - 9, end - after),
    ] {
        assert_eq!(with(text.clone()), Answer::Wrong, "{text}");
    }
    let mut named = file.clone();
    named[range + 1] = b'b';
    assert_eq!(check_pdf(&named, &trust, NOW).answer(), Answer::Wrong, "no range at all");
    let mut empty = file.clone();
    empty[hole + 1..after - 1].fill(b'0');
    assert_eq!(check_pdf(&empty, &trust, NOW).answer(), Answer::Wrong, "no signature in its space");
    assert_eq!(check_pdf(PAGE, &trust, NOW).answer(), Answer::Wrong, "not signed");
    assert_eq!(check_pdf(b"MZ", &trust, NOW).answer(), Answer::Wrong, "no PDF");
}

#[test]
fn a_signature_of_another_file_or_key_is_wrong() {
    let (root, office, leader) = house();
    let elsewhere = signed(PAGE, |_| message(&leader, &[&office], b"another file", NOW));
    assert_eq!(answer_of(&check_pdf(&elsewhere, &trust(&root), NOW), Part::Content), Answer::Wrong);
    // The certificate of the leader, the key of somebody else.
    let thief = Party { key: Key::ec(77), certificate: leader.certificate.clone() };
    let stolen = signed(PAGE, |covered| message(&thief, &[&office], covered, NOW));
    let report = check_pdf(&stolen, &trust(&root), NOW);
    assert_eq!((answer_of(&report, Part::Content), answer_of(&report, Part::Signature)), (Answer::Good, Answer::Wrong));
}

#[test]
fn two_sign_one_after_another() {
    let (root, office, leader) = house();
    let organ = Wish::new("Organ", 4).by(Some(&office));
    let first = signed(PAGE, |covered| message(&leader, &[&office], covered, NOW - 60));
    let both = signed(&first, |covered| message(&organ, &[&office], covered, NOW));
    let report = check_pdf(&both, &trust(&root), NOW);
    assert_eq!((report.signatures, report.answer()), (2, Answer::Good), "{report:?}");
    // The first one's part is changed: both see it.
    let mut other = both.clone();
    let at = other.windows(3).position(|w| w == b"100").unwrap();
    other[at] = b'9';
    let wrong = check_pdf(&other, &trust(&root), NOW);
    assert_eq!(wrong.lines.iter().filter(|line| line.part == Part::Content && line.answer == Answer::Wrong).count(), 2);
}

#[test]
fn without_roots_nobody_is_confirmed_and_with_others_nobody_is_trusted() {
    let (trust, file) = good();
    let none = check_pdf(&file, &Trust::default(), NOW);
    assert_eq!((answer_of(&none, Part::Signer), none.answer()), (Answer::NotChecked, Answer::NotChecked));
    let other = self::trust(&Wish::new("Root CA", 50).issuer().by(None));
    let strange = check_pdf(&file, &other, NOW);
    assert_eq!((answer_of(&strange, Part::Signer), strange.answer()), (Answer::Wrong, Answer::Wrong));
    assert!(!trust.is_empty() && trust.len() == 1);
}

#[derive(Sequence)]
struct RevokedTbs {
    version: u8,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: Time,
    next_update: Time,
    revoked: Vec<RevokedOne>,
}

#[derive(Sequence)]
struct RevokedOne {
    serial: u32,
    since: Time,
}

#[derive(Sequence)]
struct RevokedList {
    tbs: RevokedTbs,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// A list of revoked certificates, signed by a key that need not be its issuer's.
fn revoked(issuer: &Party, key: &Key, serial: u32, since: i64) -> Vec<u8> {
    let tbs = RevokedTbs {
        version: 1,
        signature: key.algorithm(),
        issuer: issuer.certificate.tbs_certificate().subject().clone(),
        this_update: at(NOW - DAY),
        next_update: at(NOW + DAY),
        revoked: vec![RevokedOne { serial, since: at(since) }],
    };
    let signature = BitString::from_bytes(&key.sign(&tbs.to_der().unwrap())).unwrap();
    RevokedList { tbs, algorithm: key.algorithm(), signature }.to_der().unwrap()
}

#[test]
fn a_revoked_certificate_is_seen_where_its_list_is_there() {
    let (root, office, leader) = house();
    let file = signed(PAGE, |covered| message(&leader, &[&office], covered, NOW - 60));
    let der = root.certificate.to_der().unwrap();
    let with = |list: Vec<u8>| {
        let trust = Trust::load([("root.cer", der.as_slice()), ("list.crl", list.as_slice())]).unwrap();
        let report = check_pdf(&file, &trust, NOW);
        (answer_of(&report, Part::Signer), report.texts().join(" "))
    };
    // All certificates of these tests have the number 7.
    assert_eq!(with(revoked(&office, &office.key, 7, NOW - DAY)).0, Answer::Wrong);
    assert_eq!(with(revoked(&office, &office.key, 7, NOW - 30)).0, Answer::NotChecked, "after it was signed");
    let (answer, words) = with(revoked(&office, &office.key, 8, NOW - DAY));
    assert!(answer == Answer::Good && words.contains("không có trong danh sách thu hồi"), "{words}");
    // A list that somebody else signed says nothing.
    let (answer, words) = with(revoked(&office, &Key::ec(99), 7, NOW - DAY));
    assert!(answer == Answer::Good && words.contains("chưa có danh sách thu hồi"), "{words}");
}

#[test]
fn only_who_may_issue_makes_a_chain() {
    let (root, _, leader) = house();
    // Somebody with an ordinary certificate issues one to a friend.
    let direct = Wish::new("Ordinary", 5).by(Some(&root));
    let friend = Wish::new("Friend", 6).by(Some(&direct));
    let file = signed(PAGE, |covered| message(&friend, &[&direct], covered, NOW));
    assert_eq!(answer_of(&check_pdf(&file, &trust(&root), NOW), Part::Signer), Answer::Wrong);
    // The office between is not there.
    let file = signed(PAGE, |covered| message(&leader, &[], covered, NOW));
    assert_eq!(answer_of(&check_pdf(&file, &trust(&root), NOW), Part::Signer), Answer::Wrong);
    // Limits that this program does not know are not passed over.
    let odd = Wish { odd: true, ..Wish::new("Odd", 7) }.by(Some(&root));
    let file = signed(PAGE, |covered| message(&odd, &[], covered, NOW));
    assert_eq!(answer_of(&check_pdf(&file, &trust(&root), NOW), Part::Signer), Answer::NotChecked);
}

#[test]
fn the_time_of_signing_lies_within_the_certificate() {
    let (root, _, _) = house();
    let short = |from: i64, to: i64| Wish { valid: (NOW + from * DAY, NOW + to * DAY), ..Wish::new("Short", 8) }.by(Some(&root));
    let check = |party: &Party, signed_at: i64| {
        let file = signed(PAGE, |covered| message(party, &[], covered, signed_at));
        answer_of(&check_pdf(&file, &trust(&root), NOW), Part::Time)
    };
    assert_eq!(check(&short(-10, 10), NOW - DAY), Answer::Good);
    assert_eq!(check(&short(-10, 10), NOW - 20 * DAY), Answer::Wrong, "before it was valid");
    assert_eq!(check(&short(-10, -5), NOW - DAY), Answer::Wrong, "after it ended");
    assert_eq!(check(&short(-10, 10), NOW + DAY), Answer::Wrong, "ahead of now");
    assert_eq!(check(&short(-10, -5), NOW - 6 * DAY), Answer::NotChecked, "an old key can write any time");
}

#[test]
fn a_folder_of_roots_holds_certificates_only() {
    let (root, office, _) = house();
    use der::EncodePem;
    let pem = |party: &Party| party.certificate.to_pem(der::pem::LineEnding::LF).unwrap();
    let both = format!("{}{}", pem(&root), pem(&office));
    assert_eq!(Trust::load([("all.pem", both.as_bytes())]).unwrap().len(), 2);
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for wrong in ["ghi chú", key, &both.replace("MII", "!!!")] {
        assert_eq!(Trust::load([("x.pem", wrong.as_bytes())]).unwrap_err().file, "x.pem");
    }
}
