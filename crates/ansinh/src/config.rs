//! Settings: flags over `ANSINH_*` over `ansinh.toml` in the data folder over defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chapter::ProtectionOfficer;
use serde::Serialize;

use crate::failure::Failure;

/// A setting with where it came from.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// Its value as text.
    pub value: String,
    /// `flag`, `environment`, `ansinh.toml` or `default`.
    pub source: &'static str,
}

/// All settings in effect.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Config(pub BTreeMap<&'static str, Setting>);

/// Name and default of every setting; an empty default means "not set".
const SETTINGS: [(&str, &str); 27] = [
    ("claims_import_minutes", "30"),
    ("claims_mb", "64"),
    ("content", ""),
    ("data", "ansinh-data"),
    ("desk", ""),
    ("host", ""),
    ("keys", ""),
    ("memory_mb", "4096"),
    ("oidc_claim", "sub"),
    ("oidc_client_id", ""),
    ("oidc_hosts", ""),
    ("oidc_issuer", ""),
    ("oidc_label", ""),
    ("oidc_label_en", ""),
    ("oidc_roots", ""),
    ("oidc_scopes", ""),
    ("oidc_second_factor", ""),
    ("oidc_secret_file", ""),
    ("outbox", ""),
    ("partitions", ""),
    ("port", "8080"),
    ("protection_contact", ""),
    ("protection_name", ""),
    ("seals", ""),
    ("signature_roots", ""),
    ("threads", ""),
    ("upload_mb", "512"),
];

impl Config {
    /// Works out every setting. `flags` holds what was given on the command line.
    pub fn load(flags: &BTreeMap<&'static str, String>) -> Result<Self, Failure> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).to_string();
        let data = pick("data", flags, &BTreeMap::new(), "ansinh-data");
        let file = read_file(&Path::new(&data.value).join("ansinh.toml"))?;
        let mut settings = BTreeMap::new();
        for (name, default) in SETTINGS {
            let default = if matches!(name, "partitions" | "threads") { cores.as_str() } else { default };
            settings.insert(name, pick(name, flags, &file, default));
        }
        Ok(Self(settings))
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        PathBuf::from(self.text("data"))
    }

    /// Where the desk is: a `postgres://` URL, or a SQLite file, `desk.sqlite` of the data folder when nothing is set.
    pub fn desk(&self) -> Result<String, Failure> {
        let given = self.text("desk");
        if !given.is_empty() {
            return Ok(given.to_owned());
        }
        let path = self.data().join("desk.sqlite");
        path.to_str().map(str::to_owned).ok_or_else(|| Failure::usage("đường dẫn thư mục dữ liệu phải là UTF-8"))
    }

    /// The key file, where one is set.
    pub fn keys(&self) -> Option<PathBuf> {
        Some(self.text("keys")).filter(|text| !text.is_empty()).map(PathBuf::from)
    }

    /// The name under which a proxy on this machine publishes the portal over HTTPS.
    pub fn host(&self) -> Result<Option<String>, Failure> {
        let host = self.text("host").trim().to_lowercase();
        if host.is_empty() {
            return Ok(None);
        }
        let plain = host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
        if plain {
            Ok(Some(host))
        } else {
            Err(Failure::usage(format!("`host` là tên miền, ví dụ ansinh.hanoi.gov.vn, không phải `{host}`")))
        }
    }

    /// The settings as they may be shown: without a password in the address of the desk.
    pub fn shown(&self) -> Self {
        let mut shown = self.clone();
        if let Some(desk) = shown.0.get_mut("desk") {
            desk.value = without_password(&desk.value);
        }
        shown
    }

    /// The folders laid over the embedded content: what clerks added in the data folder, then `--content`.
    pub fn overlays(&self) -> Vec<PathBuf> {
        let given = Some(self.text("content")).filter(|t| !t.is_empty()).map(PathBuf::from);
        std::iter::once(self.data().join("content")).chain(given).collect()
    }

    /// Who looks after personal data, as set.
    pub fn protection(&self) -> Option<ProtectionOfficer> {
        ProtectionOfficer::of(self.text("protection_name"), self.text("protection_contact"))
    }

    /// A setting that is a positive number.
    pub fn number(&self, name: &str) -> Result<usize, Failure> {
        let text = self.text(name);
        text.parse().map_err(|_| Failure::usage(format!("`{name}` phải là một số nguyên dương, không phải `{text}`")))
    }

    /// The folder of root certificates whose signatures on documents are confirmed: `chung-thu-goc` of the data folder when nothing is set.
    pub fn signature_roots(&self) -> PathBuf {
        match self.text("signature_roots") {
            "" => self.data().join("chung-thu-goc"),
            given => PathBuf::from(given),
        }
    }

    /// The folder where the first seal of each day is kept: `niem-phong` of the data folder when nothing is set.
    pub fn seals(&self) -> PathBuf {
        match self.text("seals") {
            "" => self.data().join("niem-phong"),
            given => PathBuf::from(given),
        }
    }

    /// The folder that receives what goes out, where one is set.
    pub fn outbox(&self) -> Option<PathBuf> {
        Some(self.text("outbox")).filter(|text| !text.is_empty()).map(PathBuf::from)
    }

    /// Whether somebody set it.
    pub fn is_set(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A setting's text; empty when it is not set.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |s| s.value.as_str())
    }
}

fn without_password(place: &str) -> String {
    let hidden = place.split_once("://").and_then(|(scheme, rest)| {
        let (who, host) = rest.rsplit_once('@')?;
        let (user, _) = who.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{host}"))
    });
    hidden.unwrap_or_else(|| place.to_owned())
}

fn pick(name: &'static str, flags: &BTreeMap<&'static str, String>, file: &BTreeMap<String, String>, default: &str) -> Setting {
    if let Some(value) = flags.get(name) {
        return Setting { value: value.clone(), source: "flag" };
    }
    if let Ok(value) = std::env::var(format!("ANSINH_{}", name.to_uppercase())) {
        return Setting { value, source: "environment" };
    }
    match file.get(name) {
        Some(value) => Setting { value: value.clone(), source: "ansinh.toml" },
        None => Setting { value: default.to_owned(), source: "default" },
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(e) => return Err(Failure::input("config_unreadable", format!("{}: {e}", path.display()))),
    };
    let table: toml::Table = text.parse().map_err(|e| Failure::input("config_unreadable", format!("{}: {e}", path.display())))?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        // The file lies in the data folder, so it cannot say where that is.
        if name == "data" || !SETTINGS.iter().any(|(known, _)| *known == name) {
            return Err(Failure::input("config_unknown", format!("{}: không có thiết lập tên `{name}`", path.display())));
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        values.insert(name, text);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(without_password("postgres://an:b@mat@db:5432/desk"), "postgres://an:***@db:5432/desk");
        assert_eq!(without_password("postgres://an@db/desk"), "postgres://an@db/desk");
        assert_eq!(without_password("/srv/desk.sqlite"), "/srv/desk.sqlite");
    }
}
