//! Made-up people of an English-speaking town with slips, after the manner of FEBRL: households share
//! surname and address. Every person and slip is drawn from (seed, stream, index) alone.

use linkage::tables::TextTable;

use crate::generator::{draw, happens};

const GIVEN: &str = "olivia jack amelia oliver isla harry emily george ava noah lily charlie jessica jacob sophie alfie grace \
    freddie mia oscar ruby leo evie henry daisy archie ella joshua freya theodore phoebe logan alice james sienna william \
    poppy ethan rosie lucas evelyn mohammed imogen benjamin harriet samuel eleanor sebastian matilda zachary";
const SURNAMES: &str = "smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white \
    roberts green hall wood jackson clarke patel khan lewis james phillips mason mitchell rose davis baker bell ward hughes \
    cooper edwards harris turner carter parker bennett campbell stewart morrison nguyen webster dixon fletcher holmes grant \
    barnes knight butler russell fisher simpson reynolds hamilton ellis gibson mcdonald cunningham marshall";
const STREETS: &str = "wallaby banksia acacia church station mill high park victoria albert king queen chapel school river \
    bridge garden orchard meadow forest hill valley lake sunset morning harbour market castle windsor oxford";
const TYPES: &str = "street road avenue lane place crescent close drive";
const TOWNS: &str = "ashford brookfield clayton denham eastwood fairview glenroy hillside ironbridge jamestown kingsley \
    lakemba marsden northgate oakleigh pinewood queenscliff richmond springvale thornbury underwood viewbank westmead \
    yarraville";

fn pick(list: &str, random: u64) -> &str {
    let words: Vec<&str> = list.split_whitespace().collect();
    // The first are more common, as names are.
    let (a, b) = (random as usize % words.len(), (random >> 32) as usize % words.len());
    words[a.min(b)]
}

/// The columns of every table made here.
pub const HEADING: [&str; 9] = ["id", "given", "surname", "number", "street", "town", "postcode", "born", "ssn"];

/// The clean cells of a person, without id; three make a household.
fn person(seed: u64, number: u64) -> Vec<String> {
    let house = number / 3;
    let of = |stream: u64, index: u64| draw(seed, stream, index);
    let town = of(6, house) % 24;
    let born = (1930 + of(7, number) % 80, 1 + of(8, number) % 12, 1 + of(9, number) % 28);
    vec![
        pick(GIVEN, of(1, number)).to_owned(),
        pick(SURNAMES, of(2, house)).to_owned(),
        (1 + of(3, house) % 150).to_string(),
        format!("{} {}", pick(STREETS, of(4, house)), pick(TYPES, of(5, house))),
        TOWNS.split_whitespace().nth(town as usize).unwrap().to_owned(),
        (2000 + town * 37 + of(10, house) % 3).to_string(),
        format!("{:04}{:02}{:02}", born.0, born.1, born.2),
        (1_000_000 + of(11, number) % 9_000_000).to_string(),
    ]
}

/// A slip of the finger.
fn slip(text: &str, random: u64) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = (random >> 8) as usize % letters.len();
    let digit = letters[at].is_ascii_digit();
    let other = if digit { b'0' + (random >> 20) as u8 % 10 } else { b'a' + (random >> 20) as u8 % 26 };
    match random % 4 {
        0 => letters.insert(at, char::from(other)),
        1 if letters.len() > 1 => drop(letters.remove(at)),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters[at] = char::from(other),
    }
    letters.into_iter().collect()
}

/// A copy of a person as another office typed it: `copy` tells copies apart.
pub fn typed(seed: u64, number: u64, copy: u64, slips: u64) -> Vec<String> {
    let mut cells = person(seed, number);
    let chance = |n: u64| draw(seed ^ 0x736c_6970, copy * 1_000 + n, number);
    if happens(chance(0), 3_000) {
        cells.swap(0, 1);
    }
    for n in 0..slips {
        let field = chance(1 + n) as usize % cells.len();
        if happens(chance(100 + n), 20_000) {
            cells[field].clear();
        } else if !cells[field].is_empty() {
            cells[field] = slip(&cells[field], chance(200 + n));
        }
    }
    if happens(chance(300), 15_000) {
        // Moved: another household's address.
        let from = person(seed, 900_000_000 + number * 3);
        cells[2..6].clone_from_slice(&from[2..6]);
    }
    cells
}

/// A table of rows.
pub fn table(rows: Vec<Vec<String>>) -> TextTable {
    let numbered = rows.into_iter().enumerate().map(|(at, cells)| [vec![format!("r{at}")], cells].concat());
    let rows: Vec<Vec<String>> = numbered.collect();
    TextTable::from_rows(&HEADING, rows.iter().map(|row| row.iter().map(String::as_str)))
}

/// The specification of these tables in a mode, with or without the number that nearly decides alone.
pub fn spec(mode: &str, with_ssn: bool) -> String {
    let right = if mode == "clusters" { "" } else { "[right]\nid = \"id\"\n" };
    let mut out = format!("mode = \"{mode}\"\n[left]\nid = \"id\"\n{right}");
    let fields = [
        ("given", "person_name"),
        ("surname", "person_name"),
        ("number", "code"),
        ("street", "text"),
        ("town", "place"),
        ("postcode", "postcode"),
        ("born", "date"),
        ("ssn", "id"),
    ];
    for (name, kind) in fields.iter().take(if with_ssn { 8 } else { 7 }) {
        out.push_str(&format!("[[field]]\nname = \"{name}\"\nkind = \"{kind}\"\nleft = \"{name}\"\n"));
    }
    out
}
