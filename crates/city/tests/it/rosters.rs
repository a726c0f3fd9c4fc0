//! Every roster read back: its rows are those of their true people, in its office's own words.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use calamine::{Data, Range, Reader, Xlsx};

use crate::share::{Made, shared};

const PERIOD: &str = "2026-10";

/// Rosters that name people, with the lowest share of rows that hold the true id or name.
const PEOPLE: [(&str, f64); 16] = [
    ("employer_worker", 0.8),
    ("population", 0.97),
    ("bhyt_card", 0.93),
    ("bhxh_participation", 0.97),
    ("tax_settlement", 0.97),
    ("pupils", 0.97),
    ("household_member", 0.85),
    ("supported_group", 0.85),
    ("pension_payment", 0.80),
    ("social_pension", 0.80),
    ("death", 0.85),
    ("tour_guide", 0.80),
    ("voluntary_payment", 0.90),
    ("bhyt_collection", 0.85),
    ("labour", 0.93),
    ("police_uninsured", 0.85),
];

/// Files of a roster with their true people by row.
fn truth(made: &Made, roster: &str) -> BTreeMap<String, Vec<(usize, i64)>> {
    let mut files: BTreeMap<String, Vec<(usize, i64)>> = BTreeMap::new();
    for line in made.truth_lines(&format!("rows_{PERIOD}_{roster}.csv")) {
        files.entry(line[0].clone()).or_default().push((line[1].parse().unwrap(), line[2].parse().unwrap()));
    }
    files
}

fn workbook(bytes: Vec<u8>) -> Range<Data> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    book.worksheet_range_at(0).unwrap().unwrap()
}

/// The lines of a file, cells with a bar between them. Letters of old code pages stay as bytes.
fn lines(made: &Made, file: &str) -> Vec<String> {
    let path = made.roster_file(PERIOD, file);
    if !path.is_file() {
        let archive = made.summary.files.iter().find(|f| f.file == file).unwrap();
        assert_eq!(archive.roster, "social_pension", "{file} is nowhere");
        return sheet(entry(made, file));
    }
    let bytes = std::fs::read(path).unwrap();
    if file.ends_with(".xlsx") {
        return sheet(bytes);
    }
    let text = match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(bytes).unwrap_or_else(|e| e.into_bytes().into_iter().map(char::from).collect()),
    };
    text.lines().map(str::to_owned).collect()
}

fn sheet(bytes: Vec<u8>) -> Vec<String> {
    let range = workbook(bytes);
    let above = range.start().map_or(0, |(row, _)| row as usize);
    let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"));
    std::iter::repeat_n(String::new(), above).chain(rows).collect()
}

/// A workbook of the archive, whose entries are stored as they are.
fn entry(made: &Made, file: &str) -> Vec<u8> {
    let path = made.roster_file(PERIOD, &format!("Tro_cap_huu_tri_xa_hoi_{PERIOD}.zip"));
    let mut bytes = Vec::new();
    std::fs::File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    let name = file.as_bytes();
    let at = bytes.windows(name.len()).position(|w| w == name).unwrap();
    let size = u32::from_le_bytes(bytes[at - 12..at - 8].try_into().unwrap()) as usize;
    bytes[at + name.len()..at + name.len() + size].to_vec()
}

/// Personal id and name of everybody in the population file.
fn spine(made: &Made) -> BTreeMap<i64, (String, String)> {
    let (file, rows) = truth(made, "population").pop_first().unwrap();
    let lines = lines(made, &file);
    let cells = |row: usize| lines[row - 1].split(',').map(str::to_owned).collect::<Vec<_>>();
    rows.into_iter().map(|(row, person)| (person, (cells(row)[1].clone(), cells(row)[2].clone()))).collect()
}

#[test]
fn rows_of_every_roster_are_those_of_their_true_people() {
    let made = shared();
    let spine = spine(made);
    for (roster, least) in PEOPLE {
        let (mut all, mut agree, mut rows_of_files) = (0, 0, 0);
        for (file, rows) in truth(made, roster) {
            let lines = lines(made, &file);
            rows_of_files += made.summary.files.iter().find(|f| f.file == file).unwrap().rows;
            for (row, person) in rows {
                let Some((id, name)) = spine.get(&person) else { continue };
                all += 1;
                let line = &lines[row - 1];
                agree += usize::from((!id.is_empty() && line.contains(id)) || line.contains(name.as_str()));
            }
        }
        assert!(all > 5 || ["death", "employer_worker"].contains(&roster), "{roster}: {all} rows");
        assert!(agree as f64 >= all as f64 * least, "{roster}: {agree} of {all}");
        let truth_rows = made.truth_lines(&format!("rows_{PERIOD}_{roster}.csv")).len() as u64;
        assert_eq!(rows_of_files, truth_rows, "{roster}");
    }
    let named: BTreeSet<&str> = PEOPLE.iter().map(|(name, _)| *name).collect();
    let people = city::rosters::about_people().filter(|n| !named.contains(n));
    assert_eq!(people.count(), 0, "a roster about people is not tested here");
}

#[test]
fn offices_spell_in_their_own_way() {
    let made = shared();
    let spine = spine(made);
    for roster in ["household_member", "supported_group", "pension_payment", "social_pension", "voluntary_payment"] {
        let mut headers = BTreeSet::new();
        for (file, rows) in truth(made, roster) {
            headers.insert(lines(made, &file)[rows[0].0 - 3].clone());
        }
        assert!(headers.len() >= 2, "{roster}: {headers:?}");
    }
    // The same people are written otherwise than in the register, here and there.
    let (mut all, mut other) = (0, 0);
    for (file, rows) in truth(made, "household_member") {
        let lines = lines(made, &file);
        for (row, person) in rows {
            let Some((_, name)) = spine.get(&person) else { continue };
            all += 1;
            other += usize::from(!lines[row - 1].contains(name.as_str()));
        }
    }
    let share = other as f64 / all as f64;
    assert!((0.02..0.35).contains(&share), "{share}");
}

#[test]
fn no_file_tells_who_serves_in_the_armed_forces() {
    let made = shared();
    let people = made.truth_lines(&format!("people_{PERIOD}.csv"));
    let serving: BTreeSet<i64> = people.iter().filter(|p| p[6] == "armed_forces").map(|p| p[0].parse().unwrap()).collect();
    assert!(serving.len() > 50);
    for roster in ["labour", "police_uninsured", "tour_guide", "bhyt_collection", "tax_settlement", "voluntary_payment"] {
        let rows = truth(made, roster);
        let named = rows.values().flatten().filter(|(_, person)| serving.contains(person)).count();
        assert_eq!(named, 0, "{roster}");
    }
    for file in &made.summary.files {
        for line in lines(made, &file.file) {
            for word in ["Bộ đội", "bộ đội", "Quân nhân", "Sĩ quan"] {
                assert!(!line.contains(word), "{}: {word}", file.file);
            }
            // A card has thirteen digits behind its letters; an old unit code may begin with the same letters.
            for letters in ["QN", "CA", "CY"] {
                let card = |at: usize| line[at + 2..].bytes().take_while(u8::is_ascii_digit).count() >= 13;
                assert!(!line.match_indices(letters).any(|(at, _)| card(at)), "{}: a card of {letters}", file.file);
            }
        }
    }
}

#[test]
fn figures_do_not_quite_agree_with_the_register() {
    let made = shared();
    let population = made.summary.periods[0].people as f64;
    let (mut sums, mut forces) = (BTreeMap::<String, f64>::new(), 0.0);
    for file in made.summary.files.iter().filter(|f| f.roster == "commune_figure" || f.roster == "card_aggregate") {
        for line in lines(made, &file.file) {
            let cells: Vec<&str> = line.split('|').collect();
            if cells[0].parse::<u32>().is_err() {
                continue;
            }
            if file.roster == "commune_figure" {
                *sums.entry(cells[6].to_owned()).or_default() += cells[4].parse::<f64>().unwrap();
            } else if cells[3].starts_with("Lực lượng vũ trang") {
                forces += cells[4].parse::<f64>().unwrap();
            }
        }
    }
    assert_eq!(sums.len(), 2);
    for (source, sum) in sums {
        let off = (sum / population - 1.0).abs();
        assert!((0.001..0.05).contains(&off), "{source}: {off}");
    }
    assert!((0.003..0.012).contains(&(forces / population)), "{forces} of {population}");
}

#[test]
fn every_state_is_someones() {
    let made = shared();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for person in made.truth_lines(&format!("people_{PERIOD}.csv")) {
        let covered = ["covered", "covered_elsewhere", "armed_forces"].contains(&person[6].as_str());
        assert_eq!(person[4] == "1", covered);
        assert_eq!(person[5].is_empty(), person[6] != "covered", "only a card of the city has a last day");
        assert_eq!(person[7].is_empty(), person[6] != "not_covered");
        *states.entry(person[6].clone()).or_default() += 1;
    }
    let all = ["armed_forces", "covered", "covered_elsewhere", "dead", "foreigner", "moved_away", "not_covered"];
    assert_eq!(states.keys().collect::<Vec<_>>(), all);
    assert!(states.values().all(|count| *count > 10), "{states:?}");
}
