//! A workbook under a password, as Excel does it (ECMA-376, agile encryption): AES-256 in CBC, SHA-512, the password spun 100,000 times.
//!
//! Nothing here draws random numbers: `random` comes from outside and must be fresh and secret for each file.

use std::io::{Cursor, Write};

use aes::Aes256;
use cbc::Encryptor;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha512};

use super::SheetError;

/// Turns of the password; what Excel itself takes.
const SPIN: u32 = 100_000;
/// Bytes of the package that are sealed together.
const SEGMENT: usize = 4096;
/// Least letters of a password.
pub const LEAST_PASSWORD: usize = 8;

/// What a key is made for, as the standard numbers it.
const VERIFIER_INPUT: [u8; 8] = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79];
const VERIFIER_VALUE: [u8; 8] = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e];
const PACKAGE_KEY: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];
const HMAC_KEY: [u8; 8] = [0x5f, 0xb2, 0xad, 0x01, 0x0c, 0xb9, 0xe1, 0xf6];
const HMAC_VALUE: [u8; 8] = [0xa0, 0x67, 0x7f, 0x02, 0xb2, 0x2c, 0x84, 0x33];

/// Puts a workbook under a password of at least [`LEAST_PASSWORD`] letters.
pub fn lock_xlsx(workbook: &[u8], password: &str, random: [u8; 32]) -> Result<Vec<u8>, SheetError> {
    if password.chars().count() < LEAST_PASSWORD {
        return Err(SheetError::WeakPassword);
    }
    let mut drawn = Drawn { random, count: 0 };
    let (key_salt, password_salt): ([u8; 16], [u8; 16]) = (drawn.next(), drawn.next());
    let (package_key, verifier, hmac_key): ([u8; 32], [u8; 16], [u8; 64]) = (drawn.next(), drawn.next(), drawn.next());

    let package = package(workbook, &package_key, &key_salt)?;
    let mut mac = Hmac::<Sha512>::new_from_slice(&hmac_key).map_err(|_| unfit("the key of the seal"))?;
    mac.update(&package);
    let seal = mac.finalize().into_bytes();
    let of_key = |block: [u8; 8], bytes: &[u8]| cbc(&package_key, &first_16(&hash(&[&key_salt, &block])), bytes);
    let spun = spin(password, &password_salt);
    let of_password = |block: [u8; 8], bytes: &[u8]| {
        let key = hash(&[&spun, &block]);
        cbc(&key[..32], &password_salt, bytes)
    };
    let info = info(&Info {
        key_salt: &key_salt,
        password_salt: &password_salt,
        hmac_key: &of_key(HMAC_KEY, &hmac_key)?,
        hmac_value: &of_key(HMAC_VALUE, seal.as_slice())?,
        verifier_input: &of_password(VERIFIER_INPUT, &verifier)?,
        verifier_value: &of_password(VERIFIER_VALUE, &hash(&[&verifier]))?,
        key: &of_password(PACKAGE_KEY, &package_key)?,
    });
    compound(&info, &package).map_err(|error| SheetError::Unfit { what: "the locked file", detail: error.to_string() })
}

/// Secret numbers drawn from one.
struct Drawn {
    random: [u8; 32],
    count: u8,
}

impl Drawn {
    fn next<const N: usize>(&mut self) -> [u8; N] {
        self.count += 1;
        let drawn = hash(&[b"An Sinh locked workbook 1", &self.random, &[self.count]]);
        let mut bytes = [0; N];
        bytes.copy_from_slice(&drawn[..N]);
        bytes
    }
}

/// The length of the workbook, then its segments, each under a vector of its own.
fn package(workbook: &[u8], key: &[u8; 32], salt: &[u8; 16]) -> Result<Vec<u8>, SheetError> {
    let mut out = (workbook.len() as u64).to_le_bytes().to_vec();
    for (number, segment) in (0u32..).zip(workbook.chunks(SEGMENT)) {
        let vector = first_16(&hash(&[salt, &number.to_le_bytes()]));
        out.extend(cbc(key, &vector, segment)?);
    }
    Ok(out)
}

/// The password, hashed again and again with the number of the turn.
fn spin(password: &str, salt: &[u8; 16]) -> [u8; 64] {
    let letters: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut spun = hash(&[salt, &letters]);
    for turn in 0..SPIN {
        spun = hash(&[&turn.to_le_bytes(), &spun]);
    }
    spun
}

/// AES-256 in CBC; the last block is filled with zeros.
fn cbc(key: &[u8], vector: &[u8; 16], bytes: &[u8]) -> Result<Vec<u8>, SheetError> {
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().next_multiple_of(16), 0);
    let length = padded.len();
    let cipher = Encryptor::<Aes256>::new_from_slices(key, vector).map_err(|_| unfit("a key"))?;
    cipher.encrypt_padded::<NoPadding>(&mut padded, length).map_err(|_| unfit("a block"))?;
    Ok(padded)
}

fn hash(parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

fn first_16(hash: &[u8; 64]) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    first
}

fn unfit(what: &'static str) -> SheetError {
    SheetError::Unfit { what, detail: "has the wrong length".to_owned() }
}

/// What the head of the file says.
struct Info<'a> {
    key_salt: &'a [u8],
    password_salt: &'a [u8],
    hmac_key: &'a [u8],
    hmac_value: &'a [u8],
    verifier_input: &'a [u8],
    verifier_value: &'a [u8],
    key: &'a [u8],
}

fn info(info: &Info) -> Vec<u8> {
    const CIPHER: &str = "blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\" \
                          cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\"";
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n\
         <encryption xmlns=\"http://schemas.microsoft.com/office/2006/encryption\" \
         xmlns:p=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">\
         <keyData saltSize=\"16\" {CIPHER} saltValue=\"{}\"/>\
         <dataIntegrity encryptedHmacKey=\"{}\" encryptedHmacValue=\"{}\"/>\
         <keyEncryptors><keyEncryptor uri=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\">\
         <p:encryptedKey spinCount=\"{SPIN}\" saltSize=\"16\" {CIPHER} saltValue=\"{}\" encryptedVerifierHashInput=\"{}\" \
         encryptedVerifierHashValue=\"{}\" encryptedKeyValue=\"{}\"/></keyEncryptor></keyEncryptors></encryption>",
        base64(info.key_salt),
        base64(info.hmac_key),
        base64(info.hmac_value),
        base64(info.password_salt),
        base64(info.verifier_input),
        base64(info.verifier_value),
        base64(info.key),
    );
    // Version 4.4, agile.
    [&[4, 0, 4, 0, 0x40, 0, 0, 0], xml.as_bytes()].concat()
}

/// The compound file that Excel expects around both.
fn compound(info: &[u8], package: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
    for (name, bytes) in [("/EncryptionInfo", info), ("/EncryptedPackage", package)] {
        file.create_stream(name)?.write_all(bytes)?;
    }
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use cbc::Decryptor;
    use cbc::cipher::BlockModeDecrypt;

    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (text, want) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), want);
        }
    }

    fn unbase64(text: &str) -> Vec<u8> {
        let value = |c: u8| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".iter().position(|l| *l == c);
        let sixes: Vec<u32> = text.bytes().filter_map(value).map(|v| v as u32).collect();
        let bits = sixes.chunks(4).flat_map(|four| {
            let number = four.iter().fold(0, |number, six| number << 6 | six) << (6 * (4 - four.len()));
            number.to_be_bytes()[1..four.len()].to_vec()
        });
        bits.collect()
    }

    fn open_cbc(key: &[u8], vector: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut open = bytes.to_vec();
        Decryptor::<Aes256>::new_from_slices(key, vector).unwrap().decrypt_padded::<NoPadding>(&mut open).unwrap();
        open
    }

    /// Opens a file as a reader does, from what the file alone says.
    fn open(locked: &[u8], password: &str) -> Option<Vec<u8>> {
        let mut file = cfb::CompoundFile::open(Cursor::new(locked.to_vec())).unwrap();
        let mut stream = |name: &str| {
            let mut bytes = Vec::new();
            file.open_stream(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let (info, package) = (stream("/EncryptionInfo"), stream("/EncryptedPackage"));
        assert_eq!(info[..8], [4, 0, 4, 0, 0x40, 0, 0, 0]);
        let xml = String::from_utf8(info[8..].to_vec()).unwrap();
        let said = |part: &str, name: &str| {
            let rest = xml.split(&format!("<{part} ")[..]).nth(1).unwrap();
            unbase64(rest.split(&format!("{name}=\"")[..]).nth(1).unwrap().split('"').next().unwrap())
        };
        let salt: [u8; 16] = said("p:encryptedKey", "saltValue").try_into().unwrap();
        let spun = spin(password, &salt);
        let of = |block: [u8; 8], name: &str| open_cbc(&hash(&[&spun, &block])[..32], &salt, &said("p:encryptedKey", name));
        let input = of(VERIFIER_INPUT, "encryptedVerifierHashInput");
        if of(VERIFIER_VALUE, "encryptedVerifierHashValue") != hash(&[&input]) {
            return None;
        }
        let key = of(PACKAGE_KEY, "encryptedKeyValue");
        let key_salt = said("keyData", "saltValue");
        let vector = |block: &[u8]| first_16(&hash(&[&key_salt, block]));
        let hmac_key = open_cbc(&key, &vector(&HMAC_KEY), &said("dataIntegrity", "encryptedHmacKey"));
        let mut mac = Hmac::<Sha512>::new_from_slice(&hmac_key).unwrap();
        mac.update(&package);
        let seal = open_cbc(&key, &vector(&HMAC_VALUE), &said("dataIntegrity", "encryptedHmacValue"));
        assert_eq!(mac.finalize().into_bytes()[..], seal[..], "the seal over the package");
        let length = u64::from_le_bytes(package[..8].try_into().unwrap()) as usize;
        let mut out = Vec::new();
        for (number, segment) in (0u32..).zip(package[8..].chunks(SEGMENT)) {
            out.extend(open_cbc(&key, &vector(&number.to_le_bytes()), segment));
        }
        out.truncate(length);
        Some(out)
    }

    #[test]
    fn a_locked_workbook_opens_with_its_password_alone() {
        let mut sheet = super::super::samples::sheet(vec![]);
        // More than one segment, and no whole number of blocks.
        let row = sheet.rows[0].clone();
        sheet.rows = (0..400).map(|_| row.clone()).collect();
        let workbook = super::super::write_xlsx(&sheet).unwrap();
        assert!(workbook.len() > SEGMENT);
        let locked = lock_xlsx(&workbook, "mật khẩu của tệp", [7; 32]).unwrap();
        assert!(!locked.windows(4).any(|window| window == b"PK\x03\x04"), "the workbook lies open");
        assert_eq!(open(&locked, "mật khẩu của tệp"), Some(workbook.clone()));
        assert_eq!(open(&locked, "mật khẩu khác"), None);
        assert_ne!(locked, lock_xlsx(&workbook, "mật khẩu của tệp", [8; 32]).unwrap());
        assert_eq!(lock_xlsx(&workbook, "ngắn", [7; 32]), Err(SheetError::WeakPassword));
    }
}
