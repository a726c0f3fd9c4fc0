//! Keys, certificates and signed envelopes, made here.
//!
//! Envelopes are written in canonical form by hand, so what is signed is what is written; the crate's own canonical form has no part in it.

use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use claimfile::signature::{Signature, Trust, check};
use der::asn1::{Any, BitString, ObjectIdentifier, OctetString, UtcTime};
use der::{Decode, Encode, Sequence};
use rsa::pkcs8::EncodePublicKey;
use rsa::signature::{SignatureEncoding, Signer as _};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::Time;

/// 2026-11-02 08:00 in Hà Nội.
pub const NOW: i64 = 1_793_581_200;
pub const DAY: i64 = 86_400;

pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

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

fn key(seed: &'static str) -> rsa::PrivateKey {
    rsa::PrivateKey::new(&mut Fixed(blake3::Hasher::new().update(seed.as_bytes()).finalize_xof()), 2048).unwrap()
}

fn key_of_root() -> &'static rsa::PrivateKey {
    static KEY: OnceLock<rsa::PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| key("root"))
}

fn key_of_signer() -> &'static rsa::PrivateKey {
    static KEY: OnceLock<rsa::PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| key("signer"))
}

fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

fn algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oid("1.2.840.113549.1.1.11"), parameters: Some(Any::null()) }
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

fn sign(key: &rsa::PrivateKey, message: &[u8]) -> Vec<u8> {
    rsa::pkcs1v15::SigningKey::<Sha256>::new(key.clone()).sign(message).to_vec()
}

fn certificate(subject: &str, serial: u32, of: &rsa::PrivateKey, issuer: bool, valid: (i64, i64)) -> Certificate {
    let extension =
        |id: &str, value: Vec<u8>| Extension { extn_id: oid(id), critical: true, extn_value: OctetString::new(value).unwrap() };
    let usage = if issuer { KeyUsages::KeyCertSign } else { KeyUsages::DigitalSignature };
    let at = |unix: i64| Time::UtcTime(UtcTime::from_unix_duration(Duration::from_secs(unix as u64)).unwrap());
    let public = AsRef::<rsa::PublicKey>::as_ref(of).to_public_key_der().unwrap();
    let tbs = Tbs {
        version: 2,
        serial,
        signature: algorithm(),
        issuer: Name::from_str("CN=Root mau").unwrap(),
        validity: Valid { from: at(valid.0), to: at(valid.1) },
        subject: Name::from_str(subject).unwrap(),
        key: SubjectPublicKeyInfoOwned::from_der(public.as_bytes()).unwrap(),
        extensions: vec![
            extension("2.5.29.19", BasicConstraints { ca: issuer, path_len_constraint: None }.to_der().unwrap()),
            extension("2.5.29.15", KeyUsage(usage.into()).to_der().unwrap()),
        ],
    };
    let signature = BitString::from_bytes(&sign(key_of_root(), &tbs.to_der().unwrap())).unwrap();
    let der = Cert { tbs, algorithm: algorithm(), signature }.to_der().unwrap();
    Certificate::from_der(&der).unwrap()
}

/// The root that is trusted.
pub fn trust() -> Trust {
    let root = certificate("CN=Root mau", 1, key_of_root(), true, (NOW - 1000 * DAY, NOW + 1000 * DAY));
    Trust::load([("root.cer", root.to_der().unwrap().as_slice())]).unwrap()
}

/// One reference: what it names, by which transforms, and the canonical text that is digested.
#[derive(Clone)]
pub struct Reference {
    pub uri: String,
    pub transforms: Vec<&'static str>,
    pub method: &'static str,
    pub text: String,
}

impl Reference {
    pub fn new(uri: &str, text: &str) -> Self {
        Self { uri: format!(" URI=\"{uri}\""), transforms: Vec::new(), method: SHA256, text: text.to_owned() }
    }

    /// To the whole file; `text` is the file with nothing in CHUKYDONVI.
    pub fn whole(text: &str) -> Self {
        Self { transforms: vec![ENVELOPED], ..Self::new("", text) }
    }

    fn write(&self) -> String {
        let transforms: String = self.transforms.iter().map(|t| format!("<Transform Algorithm=\"{t}\"></Transform>")).collect();
        let transforms = if transforms.is_empty() { transforms } else { format!("<Transforms>{transforms}</Transforms>") };
        format!(
            "<Reference{}>{transforms}<DigestMethod Algorithm=\"{}\"></DigestMethod><DigestValue>{}</DigestValue></Reference>",
            self.uri,
            self.method,
            STANDARD.encode(Sha256::digest(&self.text))
        )
    }
}

/// What a signature of the tests is like.
pub struct Wish {
    pub references: Vec<Reference>,
    pub canonicalization: &'static str,
    pub method: &'static str,
    pub valid: (i64, i64),
    /// After KeyInfo.
    pub objects: String,
    /// Instead of KeyInfo with the certificate.
    pub key_info: Option<String>,
    /// Signed by a key that is not the certificate's.
    pub stolen: bool,
}

impl Wish {
    pub fn of(references: Vec<Reference>) -> Self {
        let valid = (NOW - 100 * DAY, NOW + 100 * DAY);
        let (canonicalization, method) = (C14N, RSA_SHA256);
        Self { references, canonicalization, method, valid, objects: String::new(), key_info: None, stolen: false }
    }

    /// The signature, to be put where no namespace is declared.
    pub fn write(&self) -> String {
        let references: String = self.references.iter().map(Reference::write).collect();
        let info = format!(
            "<CanonicalizationMethod Algorithm=\"{}\"></CanonicalizationMethod><SignatureMethod Algorithm=\"{}\"></SignatureMethod>{references}</SignedInfo>",
            self.canonicalization, self.method
        );
        let key = if self.stolen { key_of_root() } else { key_of_signer() };
        let value = STANDARD.encode(sign(key, format!("<SignedInfo xmlns=\"{DS}\">{info}").as_bytes()));
        let own = certificate("CN=Benh vien mau", 0x0A1B, key_of_signer(), false, self.valid).to_der().unwrap();
        let x509 = format!("<X509Data><X509Certificate>{}</X509Certificate></X509Data>", STANDARD.encode(own));
        let key_info = self.key_info.clone().unwrap_or_else(|| format!("<KeyInfo>{x509}</KeyInfo>"));
        format!(
            "<Signature xmlns=\"{DS}\" Id=\"CHUKYDONVI-7\"><SignedInfo>{info}<SignatureValue>{value}</SignatureValue>{key_info}{}</Signature>",
            self.objects
        )
    }
}

/// Who sent it, with its Id.
pub const SENDER: &str = "<THONGTINDONVI Id=\"dv\"><MACSKCB>01013</MACSKCB></THONGTINDONVI>";
/// What was sent, with its Id.
pub const SENT: &str = "<THONGTINHOSO Id=\"hs\"><NGAYLAP>20261006</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO Id=\"ds\"><HOSO>\
     <FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>QUJD A &amp; B</NOIDUNGFILE></FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO>";

/// The envelope, canonical.
pub fn envelope(content: &str, signature: &str) -> String {
    format!("<GIAMDINHHS Id=\"g\">{content}<CHUKYDONVI>{signature}</CHUKYDONVI></GIAMDINHHS>")
}

/// Sender and content.
pub fn content() -> String {
    format!("{SENDER}\n{SENT}\n")
}

/// Signed as a whole.
pub fn whole() -> String {
    envelope(&content(), &Wish::of(vec![Reference::whole(&envelope(&content(), ""))]).write())
}

/// What an Object with the time of signing is, and how it is digested.
pub fn object(time: &str) -> (String, String) {
    let inner = format!("<SignatureProperty Target=\"#CHUKYDONVI-7\"><SigningTime>{time}</SigningTime></SignatureProperty>");
    let inner = format!("<SignatureProperties>{inner}</SignatureProperties></Object>");
    (format!("<Object Id=\"luc\">{inner}"), format!("<Object xmlns=\"{DS}\" Id=\"luc\">{inner}"))
}

/// Signed in parts, with the time of signing.
pub fn in_parts(time: &str, valid: (i64, i64)) -> String {
    let (objects, digested) = object(time);
    let references = vec![Reference::new("#luc", &digested), Reference::new("#dv", SENDER), Reference::new("#hs", SENT)];
    envelope(&content(), &Wish { objects, valid, ..Wish::of(references) }.write())
}

/// The check at the time of the tests.
pub fn checked(file: &str) -> Signature {
    check(file.as_bytes(), &trust(), NOW).unwrap()
}

/// What it says, in words, with its stable word.
pub fn said(file: &str) -> String {
    let signature = checked(file);
    format!("{}: {signature}", signature.code())
}
