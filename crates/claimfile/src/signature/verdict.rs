//! From what stands in a file to what its signature is worth.

use sha2::{Digest as _, Sha256};
use trust::{Answer, Certificate, Fault, Trust, moment};

use super::outcome::{Covered, Signature, Signer, Stop, Unchecked, Wrong};
use super::time;
use super::told::{self, Reference, Told};
use super::tree::Node;
use super::walk::Walk;

/// A clock may be five minutes ahead.
const AHEAD: i64 = 300;

/// Weighs what was read.
pub(super) fn judge(walk: &Walk, trust: &Trust, received: i64) -> Result<Signature, Stop> {
    let Some(signature) = &walk.signature else {
        return match (walk.signatures, walk.beside) {
            (0, false) => Ok(Signature::Absent),
            (0, true) => Err(Unchecked::OtherKind.into()),
            _ => Err(Wrong::Misplaced.into()),
        };
    };
    if walk.signatures > 1 || walk.places > 1 {
        return Err(Wrong::Several.into());
    }
    if walk.beside {
        return Err(Wrong::Shape("CHUKYDONVI".to_owned()).into());
    }
    if walk.hidden {
        return Err(Wrong::Hidden.into());
    }
    let told = told::read(signature)?;
    let (own, range) = content(walk, signature, &told)?;
    let signer = signer(walk, signature, &told)?;
    let signed_at = signed_at(&own)?;
    weigh(signer, range, &told.certificates, signed_at, trust, received)
}

/// Checks what the references cover and that nothing of it has changed; gives the parts of the signature that are signed too, and which range it is.
fn content<'n>(walk: &Walk, signature: &'n Node, told: &Told<'n>) -> Result<(Vec<&'n Node>, Covered), Stop> {
    let mut own = Vec::new();
    let mut digests = Vec::new();
    let mut whole = false;
    let mut covered = vec![false; walk.parts.len()];
    for reference in &told.references {
        let id = reference.id.as_deref();
        match id.map(|id| (id, walk.ids.get(id).copied().unwrap_or_default())) {
            Some((id, 0)) => return Err(Wrong::Missing(id.to_owned()).into()),
            None | Some((_, 1)) => {}
            Some((id, _)) => return Err(Wrong::Twice(id.to_owned()).into()),
        }
        let has_id = |ids: &[String]| id.is_some_and(|id| ids.iter().any(|own| own == id));
        if id.is_none() || has_id(&walk.root_ids) {
            // A digest of what holds the signature cannot be in the signature.
            if !reference.enveloped {
                return Err(Wrong::Shape("Reference".to_owned()).into());
            }
            whole = true;
            digests.push((walk.document.of(reference.form), &reference.digest));
        } else if let Some(at) = walk.parts.iter().position(|part| has_id(&part.ids)) {
            covered[at] = true;
            digests.push((walk.parts[at].digests.as_ref().map(|d| d.of(reference.form)).unwrap_or_default(), &reference.digest));
        } else if let Some(node) = own_part(told, id.unwrap_or_default()) {
            own.push(node);
            digests.push((digest_of(walk, signature, node, reference), &reference.digest));
        } else {
            // An element deeper in the file, or the signature's own frame.
            return Err(Wrong::Uncovered(format!("Id {} không phải phần ngay dưới phần tử gốc", id.unwrap_or_default())).into());
        }
    }
    if !whole {
        let missing = walk.parts.iter().zip(&covered).find(|(_, covered)| !**covered).map(|(part, _)| part.name.clone());
        if let Some(name) = missing {
            return Err(Wrong::Uncovered(name).into());
        }
        if walk.parts.is_empty() || walk.loose_text {
            return Err(Wrong::Uncovered("chữ nằm ngay dưới phần tử gốc".to_owned()).into());
        }
    }
    if digests.iter().any(|(found, told)| found != *told) {
        return Err(Wrong::Changed.into());
    }
    let range = if whole { Covered::Whole } else { Covered::Parts(walk.parts.iter().map(|part| part.name.clone()).collect()) };
    Ok((own, range))
}

/// An element with this identifier among what stands beside the signed part of the signature.
fn own_part<'n>(told: &Told<'n>, id: &str) -> Option<&'n Node> {
    told.own_parts.iter().flat_map(|node| node.below()).find(|node| node.tag.ids().any(|own| own == id))
}

fn digest_of(walk: &Walk, signature: &Node, node: &Node, reference: &Reference) -> Vec<u8> {
    let bytes = signature.canonical(node, reference.form, &mut walk.around.clone());
    bytes.map(|bytes| Sha256::digest(bytes).to_vec()).unwrap_or_default()
}

/// The certificate whose key made the signature.
fn signer(walk: &Walk, signature: &Node, told: &Told<'_>) -> Result<Certificate, Stop> {
    if told.certificates.is_empty() {
        return Err(Unchecked::NoCertificate.into());
    }
    let signed = signature.canonical(told.signed_info, told.form, &mut walk.around.clone()).unwrap_or_default();
    let mut unknown = None;
    for certificate in &told.certificates {
        match trust::verify_rsa_sha256(certificate, &signed, &told.value) {
            Ok(()) => return Ok(certificate.clone()),
            Err(Fault::Unknown(why)) => unknown = Some(Unchecked::Key(why)),
            Err(Fault::Wrong) => {}
        }
    }
    Err(unknown.map_or(Wrong::OtherKey.into(), Stop::from))
}

/// When it was signed, where the signature covers that.
fn signed_at(own: &[&Node]) -> Result<Option<i64>, Stop> {
    let mut told: Vec<&Node> = Vec::new();
    for node in own.iter().flat_map(|node| node.below()).filter(|node| node.tag.local() == "SigningTime") {
        // Two references may cover the same element.
        if !told.iter().any(|other| std::ptr::eq(*other, node)) {
            told.push(node);
        }
    }
    match told.as_slice() {
        [] => Ok(None),
        [one] => {
            let text = one.text().unwrap_or_default();
            time::parse(&text).map(Some).ok_or_else(|| Unchecked::Time(super::outcome::short(text.trim())).into())
        }
        _ => Err(Wrong::Shape("SigningTime".to_owned()).into()),
    }
}

/// Whether the signer is trusted and could sign then. What is wrong goes before what is not known.
fn weigh(
    signer: Certificate,
    range: Covered,
    all: &[Certificate],
    signed_at: Option<i64>,
    trust: &Trust,
    received: i64,
) -> Result<Signature, Stop> {
    let (from, to) = trust::validity(&signer);
    // Without a time the latest moment counts at which it can have been signed.
    let at = signed_at.unwrap_or(received.min(to));
    if signed_at.is_some_and(|at| at > received + AHEAD) {
        return Err(Wrong::Ahead(moment(at)).into());
    }
    if at < from || at > to {
        return Err(Wrong::Expired(moment(at)).into());
    }
    let (answer, words) = trust::check(&signer, all, trust, at);
    match answer {
        Answer::Wrong => Err(Wrong::Untrusted(words.trim_end_matches('.').to_owned()).into()),
        Answer::NotChecked => Err(Unchecked::Signer(format!("{}; {range}", words.trim_end_matches('.'))).into()),
        // Whoever has an old key could write any time.
        Answer::Good if received > to => Err(Unchecked::Ended(moment(to)).into()),
        Answer::Good => {
            let tbs = signer.tbs_certificate();
            Ok(Signature::Good(Signer {
                subject: tbs.subject().to_string(),
                issuer: tbs.issuer().to_string(),
                serial: tbs.serial_number().to_string(),
                not_before: from,
                not_after: to,
                signed_at,
                covered: range,
                words,
            }))
        }
    }
}
