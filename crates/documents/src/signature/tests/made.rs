//! Keys, certificates and signed files, made here.

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

use super::super::*;

pub(super) const DATA: &str = "1.2.840.113549.1.7.1";
pub(super) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(super) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
pub(super) const RSA_SHA256: &str = "1.2.840.113549.1.1.11";

/// 2026-11-02 08:00 in Hà Nội.
pub(super) const NOW: i64 = 1_793_581_200;
pub(super) const DAY: i64 = 86_400;

pub(super) fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub(super) fn algorithm(text: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oid(text), parameters: (text == RSA_SHA256).then(Any::null) }
}

/// Random numbers that are the same each time: keys of tests are nobody's.
pub(super) struct Fixed(blake3::OutputReader);

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

pub(super) fn rsa_key() -> rsa::PrivateKey {
    static KEY: OnceLock<rsa::PrivateKey> = OnceLock::new();
    let make = || rsa::PrivateKey::new(&mut Fixed(blake3::Hasher::new().finalize_xof()), 2048).unwrap();
    KEY.get_or_init(make).clone()
}

#[derive(Clone)]
pub(super) enum Key {
    Ec(p256::ecdsa::SigningKey),
    Rsa(rsa::PrivateKey),
}

impl Key {
    pub(super) fn ec(seed: u8) -> Self {
        Self::Ec(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub(super) fn algorithm(&self) -> AlgorithmIdentifierOwned {
        algorithm(if matches!(self, Self::Ec(_)) { ECDSA_SHA256 } else { RSA_SHA256 })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
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

    pub(super) fn public(&self) -> SubjectPublicKeyInfoOwned {
        let der = match self {
            Self::Ec(key) => key.verifying_key().to_public_key_der().unwrap(),
            Self::Rsa(key) => AsRef::<rsa::PublicKey>::as_ref(key).to_public_key_der().unwrap(),
        };
        SubjectPublicKeyInfoOwned::from_der(der.as_bytes()).unwrap()
    }
}

#[derive(Sequence)]
pub(super) struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) version: u8,
    pub(super) serial: u32,
    pub(super) signature: AlgorithmIdentifierOwned,
    pub(super) issuer: Name,
    pub(super) validity: Valid,
    pub(super) subject: Name,
    pub(super) key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    pub(super) extensions: Vec<Extension>,
}

#[derive(Sequence)]
pub(super) struct Valid {
    pub(super) from: Time,
    pub(super) to: Time,
}

#[derive(Sequence)]
pub(super) struct Cert {
    pub(super) tbs: Tbs,
    pub(super) algorithm: AlgorithmIdentifierOwned,
    pub(super) signature: BitString,
}

pub(super) fn at(unix: i64) -> Time {
    Time::UtcTime(UtcTime::from_unix_duration(Duration::from_secs(unix as u64)).unwrap())
}

/// Somebody with a certificate.
#[derive(Clone)]
pub(super) struct Party {
    pub(super) key: Key,
    pub(super) certificate: Certificate,
}

/// What a certificate of the tests says.
pub(super) struct Wish {
    pub(super) name: &'static str,
    pub(super) key: Key,
    pub(super) issuer: bool,
    pub(super) valid: (i64, i64),
    pub(super) odd: bool,
}

impl Wish {
    pub(super) fn new(name: &'static str, seed: u8) -> Self {
        Self { name, key: Key::ec(seed), issuer: false, valid: (NOW - 100 * DAY, NOW + 100 * DAY), odd: false }
    }

    pub(super) fn issuer(self) -> Self {
        Self { issuer: true, ..self }
    }

    /// Certified by somebody; by itself where nobody is named.
    pub(super) fn by(self, parent: Option<&Party>) -> Party {
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
pub(super) fn house() -> (Party, Party, Party) {
    let root = Wish::new("Root CA", 1).issuer().by(None);
    let office = Wish::new("Office CA", 2).issuer().by(Some(&root));
    let leader = Wish::new("Nguyen Van Mau", 3).by(Some(&office));
    (root, office, leader)
}

pub(super) fn trust(party: &Party) -> Trust {
    let der = party.certificate.to_der().unwrap();
    Trust::load([("root.cer", der.as_slice())]).unwrap()
}

/// A detached message over some bytes.
pub(super) fn message(signer: &Party, brought: &[&Party], covered: &[u8], signed_at: i64) -> Vec<u8> {
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
pub(super) const SPACE: usize = 6000;

/// Adds a signature object to a file and signs everything.
pub(super) fn signed(before: &[u8], sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
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

pub(super) const PAGE: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n(So tien: 100) Tj\nendobj\n";

pub(super) fn good() -> (Trust, Vec<u8>) {
    let (root, office, leader) = house();
    (trust(&root), signed(PAGE, |covered| message(&leader, &[&office], covered, NOW - 60)))
}

pub(super) fn answer_of(report: &Report, part: Part) -> Answer {
    report.lines.iter().find(|line| line.part == part).unwrap_or_else(|| panic!("{part:?}: {report:?}")).answer
}
