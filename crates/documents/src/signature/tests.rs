//! Signed files made here, and what attackers did to signed files.

use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use ::cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos};
use der::asn1::{Any, BitString, ObjectIdentifier, OctetString, SetOfVec, UtcTime};
use der::{Decode, Encode, Sequence};
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::Time;

use super::*;

const DATA: &str = "1.2.840.113549.1.7.1";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
const RSA_SHA256: &str = "1.2.840.113549.1.1.11";

/// 2026-11-02 08:00 in Hà Nội.
const NOW: i64 = 1_793_581_200;
const DAY: i64 = 86_400;

fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

fn algorithm(text: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oid(text), parameters: (text == RSA_SHA256).then(Any::null) }
}

/// Random numbers that are the same each time: keys of tests are nobody's.
struct Fixed(blake3::OutputReader);

impl rsa::rand_core::TryRng for Fixed {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Fixed {}

fn rsa_key() -> rsa::PrivateKey {
    static KEY: OnceLock<rsa::PrivateKey> = OnceLock::new();
    let make = || rsa::PrivateKey::new(&mut Fixed(blake3::Hasher::new().finalize_xof()), 2048).unwrap();
    KEY.get_or_init(make).clone()
}

#[derive(Clone)]
enum Key {
    Ec(p256::ecdsa::SigningKey),
    Rsa(rsa::PrivateKey),
}

impl Key {
    fn ec(seed: u8) -> Self {
        Self::Ec(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn algorithm(&self) -> AlgorithmIdentifierOwned {
        algorithm(if matches!(self, Self::Ec(_)) { ECDSA_SHA256 } else { RSA_SHA256 })
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ec(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => {
                use rsa::signature::SignatureEncoding;
                rsa::pkcs1v15::SigningKey::<Sha256>::new(key.clone()).sign(message).to_vec()
            }
        }
    }

    fn public(&self) -> SubjectPublicKeyInfoOwned {
        let der = match self {
            Self::Ec(key) => key.verifying_key().to_public_key_der().unwrap(),
            Self::Rsa(key) => AsRef::<rsa::PublicKey>::as_ref(key).to_public_key_der().unwrap(),
        };
        SubjectPublicKeyInfoOwned::from_der(der.as_bytes()).unwrap()
    }
}

#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: u32,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Valid,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Valid {
    from: Time,
    to: Time,
}

#[derive(Sequence)]
struct Cert {
    tbs: Tbs,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

fn at(unix: i64) -> Time {
    Time::UtcTime(UtcTime::from_unix_duration(Duration::from_secs(unix as u64)).unwrap())
}

/// Somebody with a certificate.
#[derive(Clone)]
struct Party {
    key: Key,
    certificate: Certificate,
}

/// What a certificate of the tests says.
struct Wish {
    name: &'static str,
    key: Key,
    issuer: bool,
    valid: (i64, i64),
    odd: bool,
}

impl Wish {
    fn new(name: &'static str, seed: u8) -> Self {
        Self { name, key: Key::ec(seed), issuer: false, valid: (NOW - 100 * DAY, NOW + 100 * DAY), odd: false }
    }

    fn issuer(self) -> Self {
        Self { issuer: true, ..self }
    }

    /// Certified by somebody; by itself where nobody is named.
    fn by(self, parent: Option<&Party>) -> Party {
        let extension = |id: &str, critical, value: Vec<u8>| Extension {
            extn_id: oid(id),
            critical,
            extn_value: OctetString::new(value).unwrap(),
        };
        let usage = if self.issuer { KeyUsages::KeyCertSign } else { KeyUsages::NonRepudiation };
        let mut extensions = vec![
            extension("2.5.29.19", true, BasicConstraints { ca: self.issuer, path_len_constraint: None }.to_der().unwrap()),
            extension("2.5.29.15", true, KeyUsage(usage.into()).to_der().unwrap()),
        ];
        if self.odd {
            extensions.push(extension("2.5.29.30", true, vec![0x30, 0]));
        }
        let subject = Name::from_str(&format!("CN={}", self.name)).unwrap();
        let signer = parent.map_or(&self.key, |parent| &parent.key);
        let tbs = Tbs {
            version: 2,
            serial: 7,
            signature: signer.algorithm(),
            issuer: parent.map_or_else(|| subject.clone(), |parent| parent.certificate.tbs_certificate().subject().clone()),
            validity: Valid { from: at(self.valid.0), to: at(self.valid.1) },
            subject,
            key: self.key.public(),
            extensions,
        };
        let signature = BitString::from_bytes(&signer.sign(&tbs.to_der().unwrap())).unwrap();
        let der = Cert { algorithm: signer.algorithm(), tbs, signature }.to_der().unwrap();
        Party { key: self.key, certificate: Certificate::from_der(&der).unwrap() }
    }
}

/// A root, an office under it, a leader under that.
fn house() -> (Party, Party, Party) {
    let root = Wish::new("Root CA", 1).issuer().by(None);
    let office = Wish::new("Office CA", 2).issuer().by(Some(&root));
    let leader = Wish::new("Nguyen Van Mau", 3).by(Some(&office));
    (root, office, leader)
}

fn trust(party: &Party) -> Trust {
    let der = party.certificate.to_der().unwrap();
    Trust::load([("root.cer", der.as_slice())]).unwrap()
}

/// A detached message over some bytes.
fn message(signer: &Party, brought: &[&Party], covered: &[u8], signed_at: i64) -> Vec<u8> {
    let attribute = |id: &str, value: Any| Attribute { oid: oid(id), values: SetOfVec::try_from(vec![value]).unwrap() };
    let digest = OctetString::new(Sha256::digest(covered).to_vec()).unwrap();
    let attributes = SetOfVec::try_from(vec![
        attribute("1.2.840.113549.1.9.3", Any::encode_from(&oid(DATA)).unwrap()),
        attribute("1.2.840.113549.1.9.4", Any::encode_from(&digest).unwrap()),
        attribute("1.2.840.113549.1.9.5", Any::encode_from(&at(signed_at)).unwrap()),
    ])
    .unwrap();
    let signature = signer.key.sign(&attributes.to_der().unwrap());
    let tbs = signer.certificate.tbs_certificate();
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: algorithm(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: signer.key.algorithm(),
        signature: OctetString::new(signature).unwrap(),
        unsigned_attrs: None,
    };
    let certificates = std::iter::once(signer).chain(brought.iter().copied());
    let certificates: Vec<_> = certificates.map(|party| CertificateChoices::Certificate(party.certificate.clone())).collect();
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA256)]).unwrap(),
        encap_content_info: EncapsulatedContentInfo { econtent_type: oid(DATA), econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(certificates).unwrap())),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![info]).unwrap()),
    };
    ContentInfo { content_type: oid("1.2.840.113549.1.7.2"), content: Any::encode_from(&data).unwrap() }.to_der().unwrap()
}

/// Bytes kept for a signature.
const SPACE: usize = 6000;

/// Adds a signature object to a file and signs everything.
fn signed(before: &[u8], sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut file = before.to_vec();
    file.extend_from_slice(b"9 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange ");
    let range = file.len();
    file.extend_from_slice(&[b' '; 60]);
    file.extend_from_slice(b" /Contents ");
    let hole = file.len();
    file.extend_from_slice(format!("<{}>", "0".repeat(SPACE * 2)).as_bytes());
    let after = file.len();
    file.extend_from_slice(b" >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n");
    let text = format!("[0 {hole} {after} {}]", file.len() - after);
    file[range..range + text.len()].copy_from_slice(text.as_bytes());
    let covered = [&file[..hole], &file[after..]].concat();
    let hex: String = sign(&covered).iter().map(|byte| format!("{byte:02x}")).collect();
    file[hole + 1..hole + 1 + hex.len()].copy_from_slice(hex.as_bytes());
    file
}

const PAGE: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n(So tien: 100) Tj\nendobj\n";

fn good() -> (Trust, Vec<u8>) {
    let (root, office, leader) = house();
    (trust(&root), signed(PAGE, |covered| message(&leader, &[&office], covered, NOW - 60)))
}

fn answer_of(report: &Report, part: Part) -> Answer {
    report.lines.iter().find(|line| line.part == part).unwrap_or_else(|| panic!("{part:?}: {report:?}")).answer
}

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
