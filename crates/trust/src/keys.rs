//! Digests and signatures by the algorithms that certificates here use: SHA-2 with RSA (PKCS #1 v1.5) or ECDSA over P-256 and P-384.

use der::Encode;
use der::asn1::ObjectIdentifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::Certificate;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// Bits of an RSA key at least.
const RSA_BITS: u32 = 2048;

/// Why a signature is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It does not agree.
    Wrong,
    /// This program cannot check it: the words say why.
    Unknown(String),
}

/// SHA-2 digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

impl Hash {
    /// The digest of an algorithm.
    pub fn of(oid: ObjectIdentifier) -> Result<Self, Fault> {
        match oid {
            SHA256 => Ok(Self::Sha256),
            SHA384 => Ok(Self::Sha384),
            SHA512 => Ok(Self::Sha512),
            SHA1 => Err(Fault::Unknown("thuật toán băm SHA-1 không còn an toàn".to_owned())),
            other => Err(Fault::Unknown(format!("chưa biết thuật toán băm {other}"))),
        }
    }

    /// The digest of some parts, one after another.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            parts.iter().for_each(|part| digest.update(part));
            digest.finalize().to_vec()
        }
        match self {
            Self::Sha256 => over::<Sha256>(parts),
            Self::Sha384 => over::<Sha384>(parts),
            Self::Sha512 => over::<Sha512>(parts),
        }
    }
}

/// Checks that a key made a signature over a message. `hash` is for signatures that name the key's kind alone. An RSA key under 2048 bits and
/// anything with SHA-1 is not checked at all.
pub fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    hash: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Fault> {
    let oid = algorithm.oid;
    let (hash, rsa) = match oid {
        RSA_SHA256 => (Hash::Sha256, true),
        RSA_SHA384 => (Hash::Sha384, true),
        RSA_SHA512 => (Hash::Sha512, true),
        ECDSA_SHA256 => (Hash::Sha256, false),
        ECDSA_SHA384 => (Hash::Sha384, false),
        ECDSA_SHA512 => (Hash::Sha512, false),
        RSA => (hash.ok_or_else(|| Fault::Unknown("chữ ký không nói thuật toán băm".to_owned()))?, true),
        RSA_SHA1 => return Err(Fault::Unknown("thuật toán SHA-1 không còn an toàn".to_owned())),
        other => return Err(Fault::Unknown(format!("chưa biết thuật toán ký {other}"))),
    };
    let digest = hash.digest(&[message]);
    let bytes = key.to_der().map_err(|_| Fault::Unknown("không đọc được khóa của chứng thư".to_owned()))?;
    match (rsa, key.algorithm.oid) {
        (true, RSA) => verify_rsa(&bytes, hash, &digest, signature),
        (false, EC) => verify_ec(&bytes, &digest, signature),
        // The signature names another kind of key than the certificate has.
        _ => Err(Fault::Wrong),
    }
}

/// Checks that the key of a certificate made a signature over a message with RSA (PKCS #1 v1.5) and SHA-256.
pub fn verify_rsa_sha256(certificate: &Certificate, message: &[u8], signature: &[u8]) -> Result<(), Fault> {
    let algorithm = AlgorithmIdentifierOwned { oid: RSA_SHA256, parameters: None };
    verify(certificate.tbs_certificate().subject_public_key_info(), &algorithm, None, message, signature)
}

fn verify_rsa(key: &[u8], hash: Hash, digest: &[u8], signature: &[u8]) -> Result<(), Fault> {
    let key = rsa::PublicKey::from_public_key_der(key).map_err(|_| Fault::Unknown("không đọc được khóa RSA".to_owned()))?;
    if key.n().bit_width() < RSA_BITS {
        return Err(Fault::Unknown("khóa RSA dưới 2048 bit không còn an toàn".to_owned()));
    }
    let signature = rsa::pkcs1v15::Signature::try_from(signature).map_err(|_| Fault::Wrong)?;
    let verified = match hash {
        Hash::Sha256 => rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key).verify_prehash(digest, &signature),
        Hash::Sha384 => rsa::pkcs1v15::VerifyingKey::<Sha384>::new(key).verify_prehash(digest, &signature),
        Hash::Sha512 => rsa::pkcs1v15::VerifyingKey::<Sha512>::new(key).verify_prehash(digest, &signature),
    };
    verified.map_err(|_| Fault::Wrong)
}

fn verify_ec(key: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), Fault> {
    if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(key) {
        let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| Fault::Wrong)?;
        return key.verify_prehash(digest, &signature).map_err(|_| Fault::Wrong);
    }
    let key = p384::ecdsa::VerifyingKey::from_public_key_der(key)
        .map_err(|_| Fault::Unknown("chưa biết đường cong của khóa".to_owned()))?;
    let signature = p384::ecdsa::Signature::from_der(signature).map_err(|_| Fault::Wrong)?;
    key.verify_prehash(digest, &signature).map_err(|_| Fault::Wrong)
}
