//! Who signed: the way from the signer's certificate to one that the operator trusts.

use std::collections::BTreeSet;

use der::{Decode, DecodePem, Encode};
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::spki::ObjectIdentifier;

use crate::keys::{Fault, verify};
use crate::{Answer, moment};

/// Certificates between signer and root at most.
const LONGEST: usize = 8;

/// Extensions that may be marked critical: basic constraints, usage of the key, extended usage, policies, other names, identifiers of
/// keys, where revocations are told.
const KNOWN: [&str; 8] = ["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32", "2.5.29.17", "2.5.29.35", "2.5.29.14", "2.5.29.31"];

/// The certificates that the operator trusts (chứng thư gốc), read from a folder. Without any nobody's signature is good.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    roots: Vec<Certificate>,
    /// Lists of revoked certificates (CRL) that lie beside them.
    revoked: Vec<CertificateList>,
}

/// A file that is no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} không phải chứng thư X.509 (PEM hoặc DER), cũng không phải danh sách thu hồi")]
pub struct TrustError {
    /// Name of the file.
    pub file: String,
}

impl base::Explain for TrustError {
    fn code(&self) -> &'static str {
        "trust_certificate"
    }

    fn place(&self) -> String {
        self.file.clone()
    }

    fn remedy(&self) -> String {
        "Chỉ đặt chứng thư gốc (.pem, .crt, .cer) và danh sách thu hồi (.crl) của tổ chức chứng thực vào thư mục này; bỏ tệp khác ra ngoài.".to_owned()
    }
}

impl Trust {
    /// Reads files by name and bytes: PEM with one or more certificates, or DER. A file that is neither is an error: a root that was
    /// meant to be there must not be missed in silence.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, TrustError> {
        let (mut roots, mut revoked) = (Vec::new(), Vec::new());
        for (name, bytes) in files {
            let failed = || TrustError { file: name.to_owned() };
            if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
                let text = std::str::from_utf8(bytes).map_err(|_| failed())?;
                let mut rest = text;
                while let Some(end) = rest.find("-----END CERTIFICATE-----") {
                    let (one, after) = rest.split_at(end + "-----END CERTIFICATE-----".len());
                    let start = one.find("-----BEGIN CERTIFICATE-----").ok_or_else(failed)?;
                    roots.push(Certificate::from_pem(&one.as_bytes()[start..]).map_err(|_| failed())?);
                    rest = after;
                }
                if !rest.trim().is_empty() {
                    return Err(failed());
                }
            } else if let Ok(list) = CertificateList::from_der(bytes) {
                revoked.push(list);
            } else {
                roots.push(Certificate::from_der(bytes).map_err(|_| failed())?);
            }
        }
        Ok(Self { roots, revoked })
    }

    /// How many certificates are trusted.
    pub fn len(&self) -> usize {
        self.roots.len()
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }
}

/// First and last second of a certificate, Unix.
pub fn validity(certificate: &Certificate) -> (i64, i64) {
    let validity = certificate.tbs_certificate().validity();
    let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    (seconds(validity.not_before), seconds(validity.not_after))
}

/// Whether a signer's certificate comes from one that is trusted, by way of those that the signature brought along, at a moment (Unix seconds);
/// with the words to show, which name the signer.
pub fn check(signer: &Certificate, brought: &[Certificate], trust: &Trust, at: i64) -> (Answer, String) {
    let name = signer.tbs_certificate().subject().to_string();
    if trust.is_empty() {
        return (Answer::NotChecked, format!("người ký tự nêu là {name}; chưa đặt chứng thư gốc nào nên không xác nhận được."));
    }
    if let Some(usage) = key_usage(signer)
        && !usage.digital_signature()
        && !usage.non_repudiation()
    {
        return (Answer::Wrong, format!("chứng thư của {name} không dùng để ký văn bản."));
    }
    match walk(signer, brought, trust, at) {
        Ok(root) => {
            let (answer, words) = revocation(signer, brought, trust, at);
            (answer, format!("người ký {name}; chứng thư gốc {root}; {words}."))
        }
        Err(Fault::Wrong) => (Answer::Wrong, format!("chứng thư của {name} không dẫn về chứng thư gốc nào được tin.")),
        Err(Fault::Unknown(why)) => (Answer::NotChecked, format!("chứng thư của {name}: {why}.")),
    }
}

/// Walks up, each time to whoever really signed the certificate at hand; gives the name of the root.
fn walk(signer: &Certificate, brought: &[Certificate], trust: &Trust, at: i64) -> Result<String, Fault> {
    let mut unknown = None;
    let mut ways = vec![(signer.clone(), 0_usize, BTreeSet::new())];
    while let Some((certificate, below, mut seen)) = ways.pop() {
        let (from, to) = validity(&certificate);
        if at < from || at > to {
            continue;
        }
        if let Some(odd) = unknown_critical(&certificate) {
            unknown = Some(Fault::Unknown(format!("có phần mở rộng bắt buộc {odd} chưa kiểm tra được")));
            continue;
        }
        let Ok(bytes) = certificate.to_der() else { continue };
        if trust.roots.contains(&certificate) {
            return Ok(certificate.tbs_certificate().subject().to_string());
        }
        if below > LONGEST || !seen.insert(bytes) {
            continue;
        }
        for issuer in trust.roots.iter().chain(brought) {
            if issuer.tbs_certificate().subject() != certificate.tbs_certificate().issuer() || !may_issue(issuer, below) {
                continue;
            }
            match signed_by(&certificate, issuer) {
                Ok(()) => ways.push((issuer.clone(), below + 1, seen.clone())),
                Err(Fault::Unknown(why)) => unknown = Some(Fault::Unknown(why)),
                Err(Fault::Wrong) => {}
            }
        }
    }
    Err(unknown.unwrap_or(Fault::Wrong))
}

/// Whether the signer's certificate was revoked, by the lists that lie beside the roots. Without a list of its issuer nothing is said
/// against it, and the words say that nobody looked.
fn revocation(signer: &Certificate, brought: &[Certificate], trust: &Trust, at: i64) -> (Answer, String) {
    let tbs = signer.tbs_certificate();
    let mut newest: Option<i64> = None;
    for list in trust.revoked.iter().filter(|list| list.tbs_cert_list.issuer == *tbs.issuer()) {
        let is_theirs = |issuer: &&Certificate| {
            *issuer.tbs_certificate().subject() == list.tbs_cert_list.issuer && list_signed_by(list, issuer)
        };
        if !trust.roots.iter().chain(brought).any(|issuer| is_theirs(&issuer)) {
            continue;
        }
        let revoked =
            list.tbs_cert_list.revoked_certificates.iter().flatten().find(|one| one.serial_number == *tbs.serial_number());
        if let Some(one) = revoked {
            let since = i64::try_from(one.revocation_date.to_unix_duration().as_secs()).unwrap_or(0);
            return if since <= at {
                (Answer::Wrong, "chứng thư đã bị thu hồi trước khi ký".to_owned())
            } else {
                (Answer::NotChecked, "chứng thư bị thu hồi sau thời điểm ghi là lúc ký".to_owned())
            };
        }
        let made = i64::try_from(list.tbs_cert_list.this_update.to_unix_duration().as_secs()).unwrap_or(0);
        newest = newest.max(Some(made));
    }
    match newest {
        Some(made) => (Answer::Good, format!("không có trong danh sách thu hồi lập lúc {}", moment(made))),
        None => (Answer::Good, "chưa có danh sách thu hồi để tra".to_owned()),
    }
}

fn list_signed_by(list: &CertificateList, issuer: &Certificate) -> bool {
    let (Ok(bytes), Some(signature)) = (list.tbs_cert_list.to_der(), list.signature.as_bytes()) else { return false };
    let key = issuer.tbs_certificate().subject_public_key_info();
    list.tbs_cert_list.signature == list.signature_algorithm
        && verify(key, &list.signature_algorithm, None, &bytes, signature).is_ok()
}

/// Whether a certificate may issue others with `below` certificates of issuers between it and the signer.
fn may_issue(issuer: &Certificate, below: usize) -> bool {
    let constraints = issuer.tbs_certificate().get_extension::<BasicConstraints>().ok().flatten();
    let is_issuer = constraints.is_some_and(|(_, constraints)| {
        constraints.ca && constraints.path_len_constraint.is_none_or(|most| below <= usize::from(most))
    });
    is_issuer && key_usage(issuer).is_none_or(|usage| usage.key_cert_sign())
}

fn key_usage(certificate: &Certificate) -> Option<KeyUsage> {
    certificate.tbs_certificate().get_extension::<KeyUsage>().ok().flatten().map(|(_, usage)| usage)
}

fn signed_by(certificate: &Certificate, issuer: &Certificate) -> Result<(), Fault> {
    let tbs = certificate.tbs_certificate();
    // The two places that name the algorithm must agree.
    if tbs.signature() != certificate.signature_algorithm() {
        return Err(Fault::Wrong);
    }
    let bytes = tbs.to_der().map_err(|_| Fault::Wrong)?;
    let key = issuer.tbs_certificate().subject_public_key_info();
    let signature = certificate.signature().as_bytes().ok_or(Fault::Wrong)?;
    verify(key, certificate.signature_algorithm(), None, &bytes, signature)
}

fn unknown_critical(certificate: &Certificate) -> Option<ObjectIdentifier> {
    let extensions = certificate.tbs_certificate().extensions()?;
    extensions.iter().find(|ext| ext.critical && !KNOWN.contains(&ext.extn_id.to_string().as_str())).map(|ext| ext.extn_id)
}
