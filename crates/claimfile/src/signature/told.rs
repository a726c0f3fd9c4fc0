//! What a signature tells, read strictly: the profile of claim files and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use trust::Certificate;

use super::canon::Form;
use super::outcome::{Stop, Unchecked, Wrong, short};
use super::tree::Node;
use super::walk::ID_LENGTH;

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// Canonical forms that are honest but not known here: with comments, and version 1.1.
const OTHER_FORMS: [&str; 4] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
];
/// References and certificates of one signature at most.
const REFERENCES: usize = 16;
const CERTIFICATES: usize = 8;

/// What a signature tells.
pub(super) struct Told<'n> {
    pub(super) signed_info: &'n Node,
    /// The form in which `signed_info` was signed.
    pub(super) form: Form,
    pub(super) references: Vec<Reference>,
    pub(super) value: Vec<u8>,
    /// The signer's is one of them.
    pub(super) certificates: Vec<Certificate>,
    /// Parts that may be referred to: those after the value.
    pub(super) own_parts: Vec<&'n Node>,
}

/// One reference.
pub(super) struct Reference {
    /// The identifier; `None` for the whole file.
    pub(super) id: Option<String>,
    pub(super) form: Form,
    /// Whether the signature itself is left out.
    pub(super) enveloped: bool,
    pub(super) digest: Vec<u8>,
}

fn shape(what: &str) -> Stop {
    Wrong::Shape(what.to_owned()).into()
}

fn elements(node: &Node) -> Result<Vec<&Node>, Stop> {
    node.elements().ok_or_else(|| shape(node.tag.local()))
}

fn bytes(node: &Node) -> Result<Vec<u8>, Stop> {
    let mut text = node.text().ok_or_else(|| shape(node.tag.local()))?;
    text.retain(|c| !c.is_ascii_whitespace());
    STANDARD.decode(text).map_err(|_| shape(node.tag.local()))
}

fn algorithm(node: &Node) -> Result<&str, Stop> {
    node.tag.get("Algorithm").ok_or_else(|| shape(node.tag.local()))
}

/// Reads a signature.
pub(super) fn read(signature: &Node) -> Result<Told<'_>, Stop> {
    let parts = elements(signature)?;
    let [signed_info, value, rest @ ..] = parts.as_slice() else { return Err(shape("Signature")) };
    if !signed_info.tag.is_ds("SignedInfo") || !value.tag.is_ds("SignatureValue") {
        return Err(shape("Signature"));
    }
    let key_info = rest.first().filter(|node| node.tag.is_ds("KeyInfo"));
    let objects = if key_info.is_some() { &rest[1..] } else { rest };
    if objects.iter().any(|node| !node.tag.is_ds("Object")) {
        return Err(shape("Signature"));
    }
    let (form, references) = read_signed_info(signed_info)?;
    let certificates = key_info.map_or(Ok(Vec::new()), |node| read_key_info(node))?;
    Ok(Told { signed_info, form, references, value: bytes(value)?, certificates, own_parts: rest.to_vec() })
}

fn read_signed_info(signed_info: &Node) -> Result<(Form, Vec<Reference>), Stop> {
    let parts = elements(signed_info)?;
    let [canonicalization, method, references @ ..] = parts.as_slice() else { return Err(shape("SignedInfo")) };
    if !canonicalization.tag.is_ds("CanonicalizationMethod") || !method.tag.is_ds("SignatureMethod") {
        return Err(shape("SignedInfo"));
    }
    let form = match canonical_form(canonicalization)? {
        Some(form) => form,
        None => return Err(Unchecked::Algorithm(short(algorithm(canonicalization)?)).into()),
    };
    match algorithm(method)? {
        RSA_SHA256 if elements(method)?.is_empty() => {}
        RSA_SHA256 => return Err(shape("SignatureMethod")),
        other if other.contains("hmac") => return Err(Wrong::SharedKey.into()),
        other => return Err(Unchecked::Algorithm(short(other)).into()),
    }
    match references.len() {
        0 => return Err(Wrong::Empty.into()),
        1..=REFERENCES => {}
        _ => return Err(shape("Reference")),
    }
    let references = references.iter().map(|node| read_reference(node)).collect::<Result<Vec<_>, _>>()?;
    for (at, reference) in references.iter().enumerate() {
        if references[..at].iter().any(|other| other.id == reference.id) {
            return Err(shape("Reference"));
        }
    }
    Ok((form, references))
}

/// The canonical form that an element names; `None` when it is none that is known.
fn canonical_form(node: &Node) -> Result<Option<Form>, Stop> {
    let inner = elements(node)?;
    match (algorithm(node)?, inner.as_slice()) {
        (INCLUSIVE, []) => Ok(Some(Form::Inclusive)),
        (EXCLUSIVE, []) => Ok(Some(Form::Exclusive)),
        (EXCLUSIVE, [list]) if list.tag.uri == EXCLUSIVE && list.tag.local() == "InclusiveNamespaces" => {
            match list.tag.get("PrefixList").map(str::trim_ascii) {
                None | Some("") => Ok(Some(Form::Exclusive)),
                Some(_) => Err(Unchecked::Algorithm("InclusiveNamespaces".to_owned()).into()),
            }
        }
        (INCLUSIVE | EXCLUSIVE, _) => Err(shape(node.tag.local())),
        _ => Ok(None),
    }
}

fn read_reference(node: &Node) -> Result<Reference, Stop> {
    if !node.tag.is_ds("Reference") {
        return Err(shape("SignedInfo"));
    }
    let id = match node.tag.get("URI") {
        None => return Err(Wrong::Outside("thiếu URI".to_owned()).into()),
        Some("") => None,
        Some(uri) => match uri.strip_prefix('#') {
            None => return Err(Wrong::Outside(short(uri)).into()),
            Some(id) if id.is_empty() || id.len() > ID_LENGTH || id.starts_with("xpointer(") => {
                return Err(Wrong::Shape(short(uri)).into());
            }
            Some(id) => Some(id.to_owned()),
        },
    };
    let parts = elements(node)?;
    let (transforms, method, value) = match parts.as_slice() {
        [method, value] => (None, method, value),
        [transforms, method, value] if transforms.tag.is_ds("Transforms") => (Some(transforms), method, value),
        _ => return Err(shape("Reference")),
    };
    if !method.tag.is_ds("DigestMethod") || !value.tag.is_ds("DigestValue") {
        return Err(shape("Reference"));
    }
    let (mut form, mut enveloped) = (None, false);
    for transform in transforms.map_or(Ok(Vec::new()), |node| elements(node))? {
        if !transform.tag.is_ds("Transform") {
            return Err(shape("Transforms"));
        }
        let named = algorithm(transform)?;
        match canonical_form(transform)? {
            _ if form.is_some() => return Err(Wrong::Transform(short(named)).into()),
            Some(found) => form = Some(found),
            None if named == ENVELOPED && !enveloped && transform.items.is_empty() => enveloped = true,
            None if OTHER_FORMS.contains(&named) => return Err(Unchecked::Algorithm(short(named)).into()),
            None => return Err(Wrong::Transform(short(named)).into()),
        }
    }
    match algorithm(method)? {
        SHA256 => {}
        other => return Err(Unchecked::Algorithm(short(other)).into()),
    }
    let digest = bytes(value)?;
    // Without a transform that says so, elements are signed in the inclusive form.
    Ok(Reference { id, form: form.unwrap_or(Form::Inclusive), enveloped, digest })
}

/// The certificates that come along. Other words about the key are not signed and are passed over.
fn read_key_info(key_info: &Node) -> Result<Vec<Certificate>, Stop> {
    let mut certificates = Vec::new();
    for node in elements(key_info)? {
        if node.tag.is_ds("KeyName") || node.tag.is_ds("KeyValue") {
            continue;
        }
        if !node.tag.is_ds("X509Data") {
            return Err(shape("KeyInfo"));
        }
        for item in elements(node)? {
            if item.tag.is_ds("X509Certificate") {
                certificates.push(trust::read(&bytes(item)?).ok_or_else(|| shape("X509Certificate"))?);
            }
        }
    }
    if certificates.len() > CERTIFICATES {
        return Err(shape("X509Certificate"));
    }
    Ok(certificates)
}
