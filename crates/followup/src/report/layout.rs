//! Who issues a periodic report, to whom, under which symbol (content file `plan/report/layout.yaml`): a city writes its own.

use std::collections::BTreeMap;

use base::Explain;
use serde::Deserialize;

/// The file, relative to the content folder `plan`.
pub const FILE: &str = "report/layout.yaml";

/// The words around a report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// What every report is about, before its period.
    pub title: String,
    /// What it carries out: "Thực hiện …".
    pub basis: String,
    city: Issuer,
    unit: Issuer,
    commune: Issuer,
    #[serde(default)]
    units: BTreeMap<String, Own>,
}

/// Who issues a report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The organ above, where there is one.
    #[serde(default)]
    pub organ_above: Option<String>,
    /// Who issues it.
    pub organ: String,
    /// What follows the number.
    pub symbol: String,
    /// Where it is issued.
    pub place: String,
    /// Kính gửi.
    pub to: Vec<String>,
    /// Post of who signs, line by line.
    pub signer: Vec<String>,
    /// Nơi nhận.
    pub copies: Vec<String>,
    /// Who keeps the file copy.
    pub kept_by: String,
}

/// What one unit has otherwise than the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Own {
    organ_above: Option<String>,
    symbol: Option<String>,
    signer: Option<Vec<String>>,
}

/// Whose report it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The report on the whole plan, of who leads it.
    City,
    /// A unit's, on the tasks it leads.
    Unit {
        /// Its code in the plan.
        id: String,
        /// Its name.
        name: String,
    },
    /// A commune's own.
    Commune {
        /// Its code.
        code: base::CommuneCode,
        /// `phường Ba Đình`.
        name: String,
        /// `Ba Đình`.
        place: String,
    },
}

/// Why the layout could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The file is not there.
    #[error("there is no file plan/{FILE}")]
    Missing,
    /// Its form is wrong.
    #[error("{0}")]
    Form(String),
}

impl Explain for LayoutError {
    fn code(&self) -> &'static str {
        "report_layout"
    }

    fn place(&self) -> String {
        format!("plan/{FILE}")
    }

    fn remedy(&self) -> String {
        "Sửa tệp theo docs/plan-report.md rồi chạy lại.".to_owned()
    }
}

impl Layout {
    /// Reads the content folder `plan` (paths relative to it).
    pub fn load(files: &[(&str, &str)]) -> Result<Self, LayoutError> {
        let text = files.iter().find(|(path, _)| *path == FILE).ok_or(LayoutError::Missing)?.1;
        serde_saphyr::from_str(text).map_err(|e| LayoutError::Form(e.to_string()))
    }

    /// Who issues a report.
    pub fn issuer(&self, whose: &Whose) -> Issuer {
        let (issuer, name, place) = match whose {
            Whose::City => (self.city.clone(), "", ""),
            Whose::Unit { id, name } => {
                let mut issuer = self.unit.clone();
                let own = self.units.get(id).cloned().unwrap_or_default();
                issuer.organ_above = own.organ_above.or(issuer.organ_above);
                issuer.symbol = own.symbol.unwrap_or(issuer.symbol);
                issuer.signer = own.signer.unwrap_or(issuer.signer);
                (issuer, name.as_str(), name.as_str())
            }
            Whose::Commune { name, place, .. } => (self.commune.clone(), name.as_str(), place.as_str()),
        };
        let filled = |text: &String| text.replace("{name}", name).replace("{place}", place);
        let all = |texts: &[String]| texts.iter().map(filled).collect();
        Issuer {
            organ_above: issuer.organ_above.as_ref().map(filled),
            organ: filled(&issuer.organ),
            symbol: issuer.symbol.clone(),
            place: filled(&issuer.place),
            to: all(&issuer.to),
            signer: all(&issuer.signer),
            copies: all(&issuer.copies),
            kept_by: issuer.kept_by,
        }
    }
}

#[cfg(test)]
pub(super) fn own() -> Layout {
    Layout::load(&[(FILE, include_str!("../../../../plan/report/layout.yaml"))]).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_issuer_has_its_own_head() {
        let layout = own();
        let city = layout.issuer(&Whose::City);
        assert_eq!((city.organ_above.as_deref(), city.symbol.as_str()), (Some("Bảo hiểm xã hội Việt Nam"), "BC-BHXH"));
        let health = layout.issuer(&Whose::Unit { id: "so-y-te".into(), name: "Sở Y tế".into() });
        assert_eq!(
            (health.organ.as_str(), health.symbol.as_str(), health.signer.as_slice()),
            ("Sở Y tế", "BC-SYT", &["Giám đốc".to_owned()][..])
        );
        let code = base::CommuneCode::parse("00004").unwrap();
        let commune = layout.issuer(&Whose::Commune { code, name: "phường Ba Đình".into(), place: "Ba Đình".into() });
        assert_eq!((commune.organ.as_str(), commune.place.as_str()), ("Ủy ban nhân dân phường Ba Đình", "Ba Đình"));
        assert!(commune.copies.iter().all(|copy| !copy.contains('{')), "{commune:?}");
    }

    #[test]
    fn a_faulty_file_says_where() {
        assert_eq!(Layout::load(&[]), Err(LayoutError::Missing));
        assert!(Layout::load(&[(FILE, "title: x\nodd: y\n")]).unwrap_err().to_string().contains("odd"));
    }
}
