//! The provider of the city's accounts as the settings name it.

use std::path::Path;

use access::SingleSignOn;
use oidc::{Provider, Secret, Settings};

use crate::config::Config;
use crate::failure::Failure;

/// The environment alone holds the secret, where no file does: it never stands on a command line, in `ansinh.toml` or in `ansinh config`.
const SECRET: &str = "ANSINH_OIDC_SECRET";

/// The provider; none when no issuer is set.
pub fn single_sign_on(config: &Config) -> Result<Option<SingleSignOn>, Failure> {
    if !config.is_set("oidc_issuer") {
        let left = ["oidc_client_id", "oidc_secret_file", "oidc_roots"].into_iter().find(|name| config.is_set(name));
        return match left {
            Some(name) => Err(Failure::usage(format!("có thiết lập `{name}` nhưng thiếu `oidc_issuer`"))),
            None => Ok(None),
        };
    }
    let text = |name: &str| config.text(name).trim().to_owned();
    let word = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let settings = Settings {
        issuer: text("oidc_issuer"),
        client_id: text("oidc_client_id"),
        secret: secret(config)?,
        claim: text("oidc_claim"),
        scopes: list(&text("oidc_scopes")),
        hosts: list(&text("oidc_hosts")),
        roots: word("oidc_roots").map(|path| read(Path::new(&path))).transpose()?,
        second_factor: list(&text("oidc_second_factor")),
    };
    let provider = Provider::new(settings).map_err(|e| Failure::of(&e, 2))?;
    Ok(Some(SingleSignOn::new(provider, word("oidc_label"), word("oidc_label_en"))))
}

fn secret(config: &Config) -> Result<Option<Secret>, Failure> {
    let given = std::env::var(SECRET).ok();
    let file = Some(config.text("oidc_secret_file")).filter(|path| !path.is_empty());
    match (given, file) {
        (Some(_), Some(_)) => Err(Failure::usage(format!("chỉ dùng một trong hai: `oidc_secret_file` hoặc {SECRET}"))),
        (Some(given), None) => Ok(Secret::of(&given)),
        (None, None) => Ok(None),
        (None, Some(path)) => {
            let bytes = read(Path::new(path))?;
            let secret = std::str::from_utf8(&bytes).ok().and_then(Secret::of);
            secret
                .map(Some)
                .ok_or_else(|| Failure::input("oidc_secret_file", format!("{path}: tệp rỗng hoặc không phải văn bản")))
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| Failure::input("oidc_file", format!("{}: {e}", path.display())))
}

/// Words with commas or spaces between them.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
