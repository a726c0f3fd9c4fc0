//! Who issues a document, from the name of a unit.

/// Who issues a letter, as its head says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The organ above (cơ quan chủ quản), where there is one.
    pub above: Option<String>,
    /// The organ in full (cơ quan ban hành).
    pub organ: String,
    /// Its letters behind a number: `BHXH`, `UBND`; empty where they are not known.
    pub short: &'static str,
    /// Where it is issued; empty where the name says no place.
    pub place: String,
    /// Post of who signs.
    pub signer: &'static str,
}

impl Issuer {
    /// Of the name of a unit: `BHXH thành phố Hà Nội`, `UBND phường Ba Đình`.
    pub fn of(unit: &str) -> Self {
        let place = ["thành phố ", "tỉnh ", "phường ", "xã ", "đặc khu "]
            .into_iter()
            .find_map(|kind| unit.split_once(kind).map(|(_, name)| name.to_owned()))
            .unwrap_or_default();
        match (unit.strip_prefix("BHXH "), unit.strip_prefix("UBND ")) {
            (Some(name), _) => Self {
                above: Some("Bảo hiểm xã hội Việt Nam".to_owned()),
                organ: format!("Bảo hiểm xã hội {name}"),
                short: "BHXH",
                place,
                signer: "Giám đốc",
            },
            (_, Some(name)) => {
                Self { above: None, organ: format!("Ủy ban nhân dân {name}"), short: "UBND", place, signer: "Chủ tịch" }
            }
            _ => Self { above: None, organ: unit.to_owned(), short: "", place, signer: "Thủ trưởng đơn vị" },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_letter_names_the_organ_in_full() {
        let agency = Issuer::of("BHXH thành phố Hà Nội");
        assert_eq!(
            (agency.organ.as_str(), agency.short, agency.place.as_str()),
            ("Bảo hiểm xã hội thành phố Hà Nội", "BHXH", "Hà Nội")
        );
        let commune = Issuer::of("UBND phường Ba Đình");
        assert_eq!(
            (commune.organ.as_str(), commune.above, commune.place.as_str()),
            ("Ủy ban nhân dân phường Ba Đình", None, "Ba Đình")
        );
    }
}
