//! `ansinh users units FILE`: units and the communes they cover, from a table (CSV or XLSX). Above all the base offices (BHXH cơ sở) and
//! their communes, which no source we have names: the program invents none and says of every commune that it belongs to no office. All
//! lines are checked before the first one is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base::places::PlaceMatch;
use base::{CommuneCode, Scope};
use chapter::{SmallRow, SmallSheet, reject_row};
use desk::{Desk, Unit, UnitKind};
use intake::Reject;
use serde_json::json;

use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// How the table is read.
const SHEET: SmallSheet<'static> = SmallSheet { layout: include_str!("units.yaml"), kind: "units", max_bytes: 4 << 20 };
/// Communes and faults that are named, of many.
const NAMED: usize = 12;
/// Kinds as tables write them, beside the stable words.
const WRITTEN: [(&str, UnitKind); 3] =
    [("bhxh cơ sở", UnitKind::BaseOffice), ("bhxh thành phố", UnitKind::CityAgency), ("ubnd cấp xã", UnitKind::Commune)];

/// A line of the table.
#[derive(Debug)]
struct Line {
    at: i64,
    unit: String,
    name: Option<String>,
    kind: Option<String>,
    parent: Option<String>,
    communes: Option<String>,
}

/// What the lines of one unit say together.
#[derive(Debug, Default)]
struct Said {
    at: i64,
    name: Option<String>,
    kind: Option<UnitKind>,
    parent: Option<String>,
    communes: BTreeSet<CommuneCode>,
}

/// Which communes belong to no base office, and which to two or more.
struct Covered {
    offices: usize,
    none: Vec<CommuneCode>,
    several: Vec<CommuneCode>,
}

/// Runs the command.
pub(super) async fn run(
    environment: &Environment,
    desk: &Desk,
    shop: &Workshop,
    file: &Path,
    dry_run: bool,
) -> Result<(), Failure> {
    let system = Scope::system();
    let known: BTreeMap<String, Unit> = desk.units(&system).await?.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
    let mut covers = desk.unit_communes(&system).await?;
    let said = read(shop, file)?;
    let wanted = wanted(&said, &known).map_err(|faults| refused(file, &faults))?;
    let new = wanted.iter().filter(|unit| !known.contains_key(&unit.id)).count();
    let mut changed = 0;
    for unit in &wanted {
        // No commune in the table: the unit keeps those it has.
        let communes = said.get(&unit.id).map(|said| &said.communes).filter(|communes| !communes.is_empty());
        let moved = communes.is_some_and(|communes| covers.get(&unit.id) != Some(communes));
        changed += usize::from(known.get(&unit.id).is_some_and(|before| before != unit || moved));
        if !dry_run {
            desk.put_unit(&system, unit).await?;
        }
        if let Some(communes) = communes {
            if !dry_run {
                desk.set_unit_communes(&system, &unit.id, communes).await?;
            }
            covers.insert(unit.id.clone(), communes.clone());
        }
    }
    let all = known.into_iter().chain(wanted.iter().map(|unit| (unit.id.clone(), unit.clone()))).collect();
    told(environment, shop, (wanted.len(), new, changed), dry_run, &covered(shop, &all, &covers))
}

/// The table, its lines put together by unit.
fn read(shop: &Workshop, file: &Path) -> Result<BTreeMap<String, Said>, Failure> {
    let unreadable = |why: String| Failure::input("units_file", format!("{}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|e| unreadable(e.to_string()))?;
    let mut lines = Vec::new();
    let rejects = SHEET.read(bytes, &shop.places, &mut |row| lines.push(Line::of(row)));
    let rejects =
        rejects.map_err(|()| unreadable("không phải bảng có cột Mã đơn vị, Tên đơn vị, Loại đơn vị, Xã phường".into()))?;
    let why = |reject: &Reject| format!("dòng {}, cột {}: {}", reject_row(reject), reject.column, reject.reason.vi());
    let mut faults: Vec<String> = rejects.iter().map(why).collect();
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for line in lines {
        let mut fault = |what: String| faults.push(format!("dòng {}: {what}", line.at));
        if !is_id(&line.unit) {
            fault(format!("mã đơn vị `{}` phải gồm chữ thường không dấu, số, gạch nối", line.unit));
            continue;
        }
        let one = said.entry(line.unit.clone()).or_insert_with(|| Said { at: line.at, ..Said::default() });
        let kind = line.kind.as_deref().map(|word| (word, kind(word)));
        if let Some((word, None)) = kind {
            fault(format!("không có loại đơn vị `{word}`"));
        }
        let kind = kind.and_then(|(_, kind)| kind);
        let agree = agrees(&mut one.name, line.name) & agrees(&mut one.kind, kind) & agrees(&mut one.parent, line.parent);
        if !agree {
            fault(format!("tên, loại hoặc cấp trên của `{}` khác dòng {}", line.unit, one.at));
        }
        for word in line.communes.iter().flat_map(|text| text.split([',', ';', '\n'])).map(str::trim) {
            match shop.places.resolve(word) {
                _ if word.is_empty() => {}
                PlaceMatch::One(code) => drop(one.communes.insert(code)),
                PlaceMatch::Ambiguous(_) => fault(format!("`{word}` có thể là nhiều xã, phường: ghi mã hoặc tên hiện nay")),
                PlaceMatch::Unknown => fault(format!("không có xã, phường `{word}`")),
            }
        }
    }
    match (faults.is_empty(), said.is_empty()) {
        (false, _) => Err(refused(file, &faults)),
        (true, true) => Err(unreadable("không có dòng nào".into())),
        (true, false) => Ok(said),
    }
}

/// Takes what a further line says; whether it agrees with the lines before.
fn agrees<T: PartialEq>(held: &mut Option<T>, more: Option<T>) -> bool {
    match more {
        None => true,
        Some(more) if held.is_none() => {
            *held = Some(more);
            true
        }
        Some(more) => held.as_ref() == Some(&more),
    }
}

/// The units as they are to stand, those above first; what the table leaves out stays as it is.
fn wanted(said: &BTreeMap<String, Said>, known: &BTreeMap<String, Unit>) -> Result<Vec<Unit>, Vec<String>> {
    let mut faults = Vec::new();
    let mut units = BTreeMap::new();
    for (id, said) in said {
        let before = known.get(id);
        let name = said.name.clone().or_else(|| before.map(|unit| unit.name.clone()));
        let kind = said.kind.or_else(|| before.map(|unit| unit.kind));
        let parent = said.parent.clone().or_else(|| before.and_then(|unit| unit.parent.clone()));
        let (Some(name), Some(kind)) = (name, kind) else {
            faults.push(format!("dòng {}: đơn vị `{id}` chưa có trong cổng: cần tên và loại đơn vị", said.at));
            continue;
        };
        if kind == UnitKind::BaseOffice && before.is_none() && said.communes.is_empty() {
            faults.push(format!("dòng {}: BHXH cơ sở `{id}` chưa có xã, phường nào", said.at));
        }
        units.insert(id.clone(), Unit { id: id.clone(), name, kind, parent });
    }
    let above = |id: &str| units.get(id).or_else(|| known.get(id));
    let mut order: Vec<(usize, Unit)> = Vec::new();
    for (id, unit) in &units {
        // Units above, up to the first: more steps than there are units is a ring.
        let (mut steps, mut next) = (0, unit.parent.as_deref());
        while let Some(parent) = next.filter(|_| steps <= units.len() + known.len()) {
            let Some(found) = above(parent) else {
                faults.push(format!("dòng {}: đơn vị cấp trên `{parent}` chưa có", said.get(id).map_or(0, |said| said.at)));
                break;
            };
            (steps, next) = (steps + 1, found.parent.as_deref());
        }
        if steps > units.len() + known.len() {
            faults.push(format!("đơn vị `{id}` nằm trong một vòng các đơn vị cấp trên"));
        }
        order.push((steps, unit.clone()));
    }
    order.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    if faults.is_empty() { Ok(order.into_iter().map(|(_, unit)| unit).collect()) } else { Err(faults) }
}

fn covered(shop: &Workshop, units: &BTreeMap<String, Unit>, covers: &BTreeMap<String, BTreeSet<CommuneCode>>) -> Covered {
    let offices: Vec<&Unit> = units.values().filter(|unit| unit.kind == UnitKind::BaseOffice).collect();
    let of =
        |code: &CommuneCode| offices.iter().filter(|unit| covers.get(&unit.id).is_some_and(|all| all.contains(code))).count();
    let mut found = Covered { offices: offices.len(), none: Vec::new(), several: Vec::new() };
    for commune in shop.places.communes() {
        match of(&commune.code) {
            0 => found.none.push(commune.code.clone()),
            1 => {}
            _ => found.several.push(commune.code.clone()),
        }
    }
    found
}

fn told(
    environment: &Environment,
    shop: &Workshop,
    (units, new, changed): (usize, usize, usize),
    dry_run: bool,
    covered: &Covered,
) -> Result<(), Failure> {
    let codes = |all: &[CommuneCode]| all.iter().map(|code| code.as_str().to_owned()).collect::<Vec<_>>();
    let shown = json!({
        "written": !dry_run, "units": units, "new": new, "changed": changed, "base_offices": covered.offices,
        "in_no_office": codes(&covered.none), "in_several_offices": codes(&covered.several),
    });
    output::print(environment.json, &shown, || {
        let name =
            |code: &CommuneCode| shop.places.commune(code).map_or_else(|| code.as_str().to_owned(), |found| found.name.clone());
        let named = |what: &str, all: &[CommuneCode]| {
            let more = if all.len() > NAMED { "…" } else { "" };
            let names: Vec<String> = all.iter().take(NAMED).map(name).collect();
            (!all.is_empty()).then(|| format!("{what}: {} xã, phường ({}{more}).", all.len(), names.join(", ")))
        };
        let did = if dry_run { "Sẽ ghi (chưa ghi gì)" } else { "Đã ghi" };
        let mut lines = vec![format!("{did} {units} đơn vị: {new} mới, {changed} thay đổi.")];
        if covered.offices == 0 {
            lines.push("Chưa biết Thành phố có BHXH cơ sở nào; chương trình không tự đặt.".to_owned());
        } else {
            lines.extend(named("Chưa thuộc BHXH cơ sở nào", &covered.none));
            lines.extend(named("Thuộc hai BHXH cơ sở trở lên", &covered.several));
        }
        lines.join("\n")
    })
}

fn refused(file: &Path, faults: &[String]) -> Failure {
    let more = faults.len().saturating_sub(NAMED);
    let mut lines: Vec<String> = faults.iter().take(NAMED).cloned().collect();
    if more > 0 {
        lines.push(format!("và {more} lỗi nữa"));
    }
    Failure::input("units_file", format!("{}: chưa ghi gì; {}", file.display(), lines.join("; ")))
}

fn kind(word: &str) -> Option<UnitKind> {
    let word = word.to_lowercase();
    let written = WRITTEN.into_iter().find(|(name, _)| *name == word).map(|(_, kind)| kind);
    written.or_else(|| UnitKind::from_word(&word))
}

/// What the desk takes as the id of a unit: small letters, digits and dashes, and no number that could be somebody's.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (1..=64).contains(&text.len()) && text.bytes().all(fits) && digits < 9
}

impl Line {
    fn of(row: SmallRow<'_>) -> Self {
        Self {
            at: row.number(),
            unit: row.text("unit").unwrap_or_default(),
            name: row.text("unit_name"),
            kind: row.text("unit_kind"),
            parent: row.text("parent"),
            communes: row.text("communes"),
        }
    }
}
