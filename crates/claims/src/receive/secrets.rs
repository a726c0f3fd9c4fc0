//! Names under which programs send what opens the national portal. Their values are read past and kept nowhere.

use axum::http::{HeaderMap, Uri};

use super::refusal::Refusal;

/// The names as they are told, and as they are compared: small letters and digits alone.
const NAMES: [(&str, &str); 10] = [
    ("passwordHash", "passwordhash"),
    ("accessToken", "accesstoken"),
    ("tokenId", "tokenid"),
    ("password", "password"),
    ("id_token", "idtoken"),
    ("token", "token"),
    ("matKhau", "matkhau"),
    ("APIKey", "apikey"),
    ("pass", "pass"),
    ("pwd", "pwd"),
];

/// Which secret a field or header of this name is.
pub(super) fn secret(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    NAMES.iter().find(|(_, known)| *known == plain).map(|(told, _)| *told)
}

/// Looks through the headers and the address before anything of the body is read.
pub(super) fn look(headers: &HeaderMap, uri: &Uri) -> Result<(), Refusal> {
    let in_headers = headers.keys().find_map(|name| secret(name.as_str()));
    let in_address = || {
        let names = uri.query().unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        names.into_iter().find_map(secret)
    };
    match in_headers.or_else(in_address) {
        Some(name) => Err(Refusal::NationalSecret(name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_however_they_are_written() {
        for name in ["passwordHash", "PASSWORDHASH", "access_token", "accesstoken", "tokenId", "Id-Token", "password"] {
            assert!(secret(name).is_some(), "{name}");
        }
        for name in ["username", "loaiHoSo", "maTinh", "maCSKCB", "fileHSBase64", "authorization", "content-type"] {
            assert_eq!(secret(name), None, "{name}");
        }
    }

    #[test]
    fn they_are_found_in_headers_and_in_the_address() {
        let mut headers = HeaderMap::new();
        let plain: Uri = "/api/giam-dinh/guiHoSo?maTinh=01".parse().unwrap();
        assert_eq!(look(&headers, &plain), Ok(()));
        let open: Uri = "/api/giam-dinh/guiHoSo?maTinh=01&password=bimat".parse().unwrap();
        assert_eq!(look(&headers, &open), Err(Refusal::NationalSecret("password")));
        headers.insert("passwordhash", "0cc175b9".parse().unwrap());
        let refusal = look(&headers, &plain).unwrap_err();
        assert_eq!(refusal, Refusal::NationalSecret("passwordHash"));
        assert!(!format!("{refusal} {refusal:?}").contains("0cc175b9"));
    }
}
