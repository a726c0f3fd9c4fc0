//! One signature of a PDF: a detached PKCS #7/CMS message over the bytes it covers.

use ::cms::cert::CertificateChoices;
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString, OctetStringRef};
use der::{Any, Decode, Encode, Sequence};
use trust::{Fault, Hash, moment, verify};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::pdf::Found;
use super::{Answer, Part, Report, Trust};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// A clock may be five minutes ahead.
const AHEAD: i64 = 300;

/// The certificate a signature names as its own (ESS signing-certificate-v2).
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<EssCertificate>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct EssCertificate {
    #[asn1(optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    digest: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

/// What was read of a message.
struct Message {
    certificates: Vec<Certificate>,
    signer: SignerInfo,
}

/// Checks one signature and writes its lines.
pub(super) fn check(report: &mut Report, which: &str, file: &[u8], found: &Found, trust: &Trust, now: i64) {
    if !matches!(found.kind.as_str(), "adbe.pkcs7.detached" | "ETSI.CAdES.detached") {
        let words = format!(
            "{which}kiểu chữ ký {} chưa kiểm tra được ở đây.",
            if found.kind.is_empty() { "(không rõ)" } else { &found.kind }
        );
        report.say(Part::Signature, Answer::NotChecked, words);
        return;
    }
    let message = match read(&found.cms) {
        Ok(message) => message,
        Err(why) => return report.say(Part::Signature, Answer::Wrong, format!("{which}{why}.")),
    };
    let Some(certificate) = own_certificate(&message) else {
        return report.say(Part::Signature, Answer::Wrong, format!("{which}chữ ký không kèm chứng thư của người ký."));
    };
    let (content, signature) = agrees(&message, &certificate, &found.covered(file));
    say(report, Part::Content, which, content, "nội dung đúng như lúc ký", "nội dung đã thay đổi sau khi ký");
    say(report, Part::Signature, which, signature, "chữ ký đúng là của chứng thư này", "chữ ký không phải của chứng thư này");
    let signed_at = signing_time(&message.signer).or_else(|| found.time.as_deref().and_then(pdf_time));
    time(report, which, &certificate, signed_at, now);
    let (answer, words) = trust::check(&certificate, &message.certificates, trust, signed_at.unwrap_or(now));
    report.say(Part::Signer, answer, format!("{which}{words}"));
}

fn say(report: &mut Report, part: Part, which: &str, found: Result<(), Fault>, good: &str, wrong: &str) {
    match found {
        Ok(()) => report.say(part, Answer::Good, format!("{which}{good}.")),
        Err(Fault::Wrong) => report.say(part, Answer::Wrong, format!("{which}{wrong}.")),
        Err(Fault::Unknown(why)) => report.say(part, Answer::NotChecked, format!("{which}{why}.")),
    }
}

/// Reads the message; the zeros behind it are the rest of the space that was kept for it.
fn read(bytes: &[u8]) -> Result<Message, &'static str> {
    let unreadable = "không đọc được chữ ký";
    let mut reader = der::SliceReader::new(bytes).map_err(|_| unreadable)?;
    let info = ContentInfo::decode(&mut reader).map_err(|_| unreadable)?;
    let rest = &bytes[usize::try_from(u32::from(der::Reader::position(&reader))).map_err(|_| unreadable)?..];
    if rest.iter().any(|byte| *byte != 0) {
        return Err("sau chữ ký còn dữ liệu khác");
    }
    if info.content_type != SIGNED_DATA {
        return Err("chữ ký không đúng kiểu PKCS#7");
    }
    let data: SignedData = info.content.decode_as().map_err(|_| unreadable)?;
    // Detached: what is signed is the file and nothing that the message brings along.
    if data.encap_content_info.econtent_type != DATA || data.encap_content_info.econtent.is_some() {
        return Err("chữ ký mang nội dung riêng thay vì ký chính tệp này");
    }
    let signers = data.signer_infos.0.into_vec();
    let Ok([signer]) = <[SignerInfo; 1]>::try_from(signers) else {
        return Err("chữ ký phải có đúng một người ký");
    };
    let certificates = data.certificates.map(|set| set.0.into_vec()).unwrap_or_default();
    let certificates = certificates.into_iter().filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate),
        CertificateChoices::Other(_) => None,
    });
    Ok(Message { certificates: certificates.collect(), signer })
}

/// The certificate that the signer names.
fn own_certificate(message: &Message) -> Option<Certificate> {
    let is_named = |certificate: &&Certificate| {
        let tbs = certificate.tbs_certificate();
        match &message.signer.sid {
            SignerIdentifier::IssuerAndSerialNumber(named) => {
                *tbs.issuer() == named.issuer && *tbs.serial_number() == named.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(named) => {
                let own = tbs.get_extension::<SubjectKeyIdentifier>().ok().flatten();
                own.is_some_and(|(_, own)| own == *named)
            }
        }
    };
    message.certificates.iter().find(is_named).cloned()
}

/// Whether the file is what was signed, and whether the certificate's key signed it.
fn agrees(message: &Message, certificate: &Certificate, covered: &[&[u8]]) -> (Result<(), Fault>, Result<(), Fault>) {
    let signer = &message.signer;
    let hash = match Hash::of(signer.digest_alg.oid) {
        Ok(hash) => hash,
        Err(fault) => return (Err(fault.clone()), Err(fault)),
    };
    let Some(attributes) = &signer.signed_attrs else {
        let why = Fault::Unknown("chữ ký không có thuộc tính được ký, kiểu cũ không kiểm tra ở đây".to_owned());
        return (Err(why.clone()), Err(why));
    };
    let one = |oid: ObjectIdentifier| -> Option<Any> {
        let mut values = attributes.iter().filter(|attribute| attribute.oid == oid).flat_map(|attribute| attribute.values.iter());
        // Two of a kind would let two readers see two things.
        values.next().filter(|_| values.next().is_none()).cloned()
    };
    let digest = one(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    let kind = one(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    let content = if kind == Some(DATA) && digest.is_some_and(|told| told.as_bytes() == hash.digest(covered)) {
        Ok(())
    } else {
        Err(Fault::Wrong)
    };
    let named = attributes.iter().any(|attribute| attribute.oid == SIGNING_CERTIFICATE);
    let is_named = || {
        let told = one(SIGNING_CERTIFICATE)?.decode_as::<SigningCertificate>().ok()?;
        let first = told.certificates.into_iter().next()?;
        let hash = first.hash.map_or(Some(Hash::Sha256), |algorithm| Hash::of(algorithm.oid).ok())?;
        let own = hash.digest(&[&certificate.to_der().ok()?]);
        (OctetStringRef::new(&own).ok()?.as_bytes() == first.digest.as_bytes()).then_some(())
    };
    if named && is_named().is_none() {
        return (content, Err(Fault::Wrong));
    }
    let Ok(signed) = attributes.to_der() else { return (content, Err(Fault::Wrong)) };
    let key = certificate.tbs_certificate().subject_public_key_info();
    let signature = verify(key, &signer.signature_algorithm, Some(hash), &signed, signer.signature.as_bytes());
    (content, signature)
}

/// When it was signed, as the signer's machine wrote it among what is signed.
fn signing_time(signer: &SignerInfo) -> Option<i64> {
    let attributes = signer.signed_attrs.as_ref()?;
    let attribute = attributes.iter().find(|attribute| attribute.oid == SIGNING_TIME)?;
    let time = attribute.values.iter().next()?.decode_as::<Time>().ok()?;
    i64::try_from(time.to_unix_duration().as_secs()).ok()
}

/// Unix seconds of `20261129101500+07'00'`.
fn pdf_time(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let part = |at: usize, missing: i64| number(at, at + 2).unwrap_or(missing);
    let whole = |number: i64| i32::try_from(number).ok();
    let date = base::Date::new(whole(number(0, 4)?)?, whole(part(4, 1))?, whole(part(6, 1))?).ok()?;
    let seconds = part(8, 0) * 3600 + part(10, 0) * 60 + part(12, 0);
    let zone = match text.get(14..15) {
        Some("+") => part(15, 0) * 3600 + part(18, 0) * 60,
        Some("-") => -(part(15, 0) * 3600 + part(18, 0) * 60),
        _ => 0,
    };
    Some(i64::from(date.days_since_epoch()) * 86_400 + seconds - zone)
}

/// Whether the certificate was valid when it was signed. The time is what the signer's machine wrote; nobody else confirms it.
fn time(report: &mut Report, which: &str, certificate: &Certificate, signed_at: Option<i64>, now: i64) {
    let Some(at) = signed_at else {
        let words = format!("{which}chữ ký không ghi thời điểm ký.");
        return report.say(Part::Time, Answer::NotChecked, words);
    };
    let (from, to) = trust::validity(certificate);
    let told = moment(at);
    let (answer, words) = if at > now + AHEAD {
        (Answer::Wrong, format!("thời điểm ký {told} ở sau lúc kiểm tra"))
    } else if at < from || at > to {
        (Answer::Wrong, format!("chứng thư không còn hoặc chưa có hiệu lực lúc ký {told}"))
    } else if now > to {
        // Whoever has an old key could write any time.
        (
            Answer::NotChecked,
            format!("ký lúc {told} theo máy của người ký; chứng thư nay đã hết hạn nên không xác nhận được thời điểm"),
        )
    } else {
        (Answer::Good, format!("ký lúc {told} theo máy của người ký, chứng thư còn hiệu lực"))
    };
    report.say(Part::Time, answer, format!("{which}{words}."));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_pdf_are_read() {
        assert_eq!(pdf_time("20261129101500+07'00'"), Some(1_795_922_100));
        assert_eq!(pdf_time("20261129031500Z"), Some(1_795_922_100));
        assert_eq!(pdf_time("2026"), Some(1_767_225_600));
        assert_eq!(pdf_time("ngày 29"), None);
    }
}
