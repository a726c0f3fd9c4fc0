//! Communes and wards, and the units before the reorganisation of 1 July 2025.

use std::collections::{BTreeMap, BTreeSet};

use crate::CommuneCode;
use crate::names::{canonical_tones, clean, fold};

/// A commune or ward (xã, phường) of the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// Five-digit code.
    pub code: CommuneCode,
    /// `phường` or `xã`.
    pub kind: String,
    /// Name without its kind.
    pub name: String,
    /// People, from the reorganisation table.
    pub population: u32,
    /// Place on the tile map, column 0-13 and row 1-17, and the two lines and short form written in it.
    pub tile: Tile,
}

/// Where a commune stands on the tile map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Column from the left, 0-based.
    pub col: u8,
    /// Row from the top, 1-based.
    pub row: u8,
    /// First and second line of the name.
    pub lines: [String; 2],
    /// Short form for small tiles.
    pub abbr: String,
}

/// What a written place turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceMatch {
    /// One commune.
    One(CommuneCode),
    /// An old unit that was split, or a name that several units bear: kept ambiguous, never guessed.
    Ambiguous(Vec<CommuneCode>),
    /// Not a unit of this city, or not readable.
    Unknown,
}

/// Why the list of places could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlacesError {
    /// A line does not have the expected fields.
    #[error("{file}, line {line}: {reason}")]
    Line {
        /// Which of the two files.
        file: &'static str,
        /// Line number, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// All communes of a city, with every way they are written.
#[derive(Debug, Clone, Default)]
pub struct Places {
    communes: Vec<Commune>,
    by_code: BTreeMap<CommuneCode, usize>,
    /// Written form (with kind, tones in old style) to codes.
    exact: BTreeMap<String, BTreeSet<CommuneCode>>,
    /// The same without marks.
    folded: BTreeMap<String, BTreeSet<CommuneCode>>,
}

impl Places {
    /// Reads the two lists (`formats/places`): communes, and old units with their successors.
    pub fn from_csv(communes_csv: &str, old_units_csv: &str) -> Result<Self, PlacesError> {
        let mut places = Self::default();
        for (line, fields) in rows(communes_csv, "communes.csv", 9)? {
            let wrong = |reason: &str| PlacesError::Line { file: "communes.csv", line, reason: reason.to_owned() };
            let code = CommuneCode::parse(fields[0]).ok_or_else(|| wrong("the code must have five digits"))?;
            let number = |n: usize| fields[n].parse::<u32>().map_err(|_| wrong("a number is expected"));
            let commune = Commune {
                code: code.clone(),
                kind: fields[1].to_owned(),
                name: fields[2].to_owned(),
                population: number(3)?,
                tile: Tile {
                    col: number(4)? as u8,
                    row: number(5)? as u8,
                    lines: [fields[6].to_owned(), fields[7].to_owned()],
                    abbr: fields[8].to_owned(),
                },
            };
            if places.by_code.insert(code.clone(), places.communes.len()).is_some() {
                return Err(wrong("this code stands twice"));
            }
            places.add_name(&format!("{} {}", commune.kind, commune.name), &code);
            places.add_name(&commune.name, &code);
            places.communes.push(commune);
        }
        for (line, fields) in rows(old_units_csv, "old_units.csv", 5)? {
            let wrong = |reason: &str| PlacesError::Line { file: "old_units.csv", line, reason: reason.to_owned() };
            let code = CommuneCode::parse(fields[3]).filter(|c| places.by_code.contains_key(c));
            let code = code.ok_or_else(|| wrong("the new unit is not in communes.csv"))?;
            places.add_name(&format!("{}, {}", fields[1], fields[2]), &code);
        }
        Ok(places)
    }

    /// The communes in the order of the file.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// The commune of a code.
    pub fn commune(&self, code: &CommuneCode) -> Option<&Commune> {
        self.by_code.get(code).map(|at| &self.communes[*at])
    }

    /// Finds the commune of a text as written in a roster: a code, a name with or without its kind,
    /// an old ward with its old district, an address ending in any of these.
    ///
    /// A text without marks is accepted when it leaves no doubt. An old unit that was split is
    /// [`PlaceMatch::Ambiguous`].
    pub fn resolve(&self, text: &str) -> PlaceMatch {
        let text = clean(text);
        if let Some(code) = CommuneCode::parse(&text).filter(|c| self.by_code.contains_key(c)) {
            return PlaceMatch::One(code);
        }
        let parts: Vec<String> = text.split([',', ';']).map(expand_kind).filter(|p| !is_city(p)).collect();
        // The last two parts name an old ward with its district, the last one a new unit.
        let mut forms = Vec::new();
        for end in (1..=parts.len()).rev() {
            if end >= 2 {
                forms.push(format!("{}, {}", parts[end - 2], parts[end - 1]));
            }
            forms.push(parts[end - 1].clone());
        }
        for form in &forms {
            if let Some(codes) = self.exact.get(&canonical_tones(form)).or_else(|| self.folded.get(&fold(form))) {
                return match codes.iter().collect::<Vec<_>>().as_slice() {
                    [one] => PlaceMatch::One((*one).clone()),
                    many => PlaceMatch::Ambiguous(many.iter().map(|c| (*c).clone()).collect()),
                };
            }
        }
        PlaceMatch::Unknown
    }

    fn add_name(&mut self, written: &str, code: &CommuneCode) {
        self.exact.entry(canonical_tones(written)).or_default().insert(code.clone());
        self.folded.entry(fold(&clean(written))).or_default().insert(code.clone());
    }
}

fn rows<'a>(csv: &'a str, file: &'static str, width: usize) -> Result<Vec<(usize, Vec<&'a str>)>, PlacesError> {
    let mut out = Vec::new();
    for (at, line) in csv.lines().enumerate().skip(1).filter(|(_, l)| !l.trim().is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        if fields.len() != width {
            let reason = format!("{} fields, expected {width}", fields.len());
            return Err(PlacesError::Line { file, line: at + 1, reason });
        }
        out.push((at + 1, fields));
    }
    Ok(out)
}

/// `P. Hà Đông` and `X. Đại Thanh`, `Q.Ba Đình` become full words.
fn expand_kind(part: &str) -> String {
    let part = part.trim();
    const SHORT: [(&str, &str); 8] = [
        ("p.", "phường"),
        ("x.", "xã"),
        ("q.", "quận"),
        ("h.", "huyện"),
        ("tx.", "thị xã"),
        ("tt.", "thị trấn"),
        ("p ", "phường"),
        ("q ", "quận"),
    ];
    let lower = part.to_lowercase();
    for (short, word) in SHORT {
        if let Some(rest) = lower.strip_prefix(short) {
            return format!("{word} {}", rest.trim());
        }
    }
    part.to_owned()
}

fn is_city(part: &str) -> bool {
    matches!(
        fold(part).trim_start_matches("thanh pho ").trim_start_matches("tp.").trim_start_matches("tp").trim(),
        "ha noi" | "viet nam" | ""
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMUNES: &str = "code,kind,name,population,c,r,l1,l2,a\n\
        00004,phường,Ba Đình,65023,9,6,Ba,Đình,BĐì\n\
        00008,phường,Ngọc Hà,93536,8,5,Ngọc,Hà,NH\n\
        00160,phường,Yên Hòa,60000,7,9,Yên,Hòa,YH\n";
    const OLD: &str = "old_code,old_name,old_district,new_code,main\n\
        00004,Phường Trúc Bạch,Quận Ba Đình,00004,1\n\
        00007,Phường Cống Vị,Quận Ba Đình,00008,1\n\
        00007,Phường Cống Vị,Quận Ba Đình,00004,0\n";

    fn places() -> Places {
        Places::from_csv(COMMUNES, OLD).unwrap()
    }

    fn one(code: &str) -> PlaceMatch {
        PlaceMatch::One(CommuneCode::parse(code).unwrap())
    }

    #[test]
    fn finds_new_units_however_they_are_written() {
        for written in [
            "00004",
            "Phường Ba Đình",
            "P. Ba Đình",
            "ba đình",
            "PHUONG BA DINH",
            "số 5 ngõ 12, Phường Ba Đình, Hà Nội",
            "P.Ba Đình, TP Hà Nội",
        ] {
            assert_eq!(places().resolve(written), one("00004"), "{written}");
        }
        assert_eq!(places().resolve("Phường Yên Hoà"), one("00160"));
    }

    #[test]
    fn old_wards_need_their_district_and_split_ones_stay_ambiguous() {
        assert_eq!(places().resolve("Phường Trúc Bạch, Quận Ba Đình"), one("00004"));
        assert!(
            matches!(places().resolve("12 Đội Cấn, P. Cống Vị, Q. Ba Đình, Hà Nội"), PlaceMatch::Ambiguous(codes) if codes.len() == 2)
        );
        assert_eq!(places().resolve("Phường Trúc Bạch"), PlaceMatch::Unknown);
    }

    #[test]
    fn unknown_places_are_said_to_be_unknown() {
        for written in ["", "Hà Nội", "Phường Bến Nghé, Quận 1", "99999"] {
            assert_eq!(places().resolve(written), PlaceMatch::Unknown, "{written}");
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = Places::from_csv("h\n00004,phường\n", "h\n").unwrap_err();
        assert_eq!(error.to_string(), "communes.csv, line 2: 2 fields, expected 9");
    }
}
