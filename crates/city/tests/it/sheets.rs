//! Rosters read back from their files: the truth's row numbers point at the right rows.

use std::collections::BTreeMap;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

use crate::share::{Made, shared};

fn sheet(made: &Made, file: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(made.roster_file("2026-10", file)).unwrap();
    book.worksheet_range_at(0).unwrap().unwrap()
}

/// True people of the rows of each file of a roster.
fn truth(made: &Made, roster: &str) -> BTreeMap<String, Vec<(u32, i64)>> {
    let mut files: BTreeMap<String, Vec<(u32, i64)>> = BTreeMap::new();
    for line in made.truth_lines(&format!("rows_2026-10_{roster}.csv")) {
        files.entry(line[0].clone()).or_default().push((line[1].parse().unwrap(), line[2].parse().unwrap()));
    }
    files
}

/// Personal ids and names of everybody, by true person, from the population file.
fn spine(made: &Made) -> BTreeMap<i64, (String, String)> {
    let (file, rows) = truth(made, "population").pop_first().unwrap();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &file)).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
    rows.into_iter()
        .map(|(row, person)| (person, (lines[row as usize - 1][1].to_owned(), lines[row as usize - 1][2].to_owned())))
        .collect()
}

/// Rows of workbooks of one form that bear the right id or the right name of their true person.
fn agreeing(made: &Made, (roster, form): (&str, &str), id_column: u32, name_column: u32) -> (usize, usize) {
    let spine = spine(made);
    let (mut all, mut agree) = (0, 0);
    for (file, rows) in truth(made, roster).into_iter().filter(|(file, _)| file.starts_with(form)) {
        let range = sheet(made, &file);
        let text = |row: u32, column: u32| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
        // Nothing but the running number tells that a row is a data row.
        assert!(text(rows[0].0 - 2, 0).parse::<u32>().is_err());
        for (at, (row, person)) in rows.iter().enumerate() {
            assert_eq!(text(row - 1, 0), (at + 1).to_string(), "{file}, row {row}");
            let Some((id, name)) = spine.get(person) else { continue };
            all += 1;
            agree += usize::from(text(row - 1, id_column) == *id || text(row - 1, name_column) == *name);
        }
    }
    (agree, all)
}

#[test]
fn workbook_rows_are_those_of_their_true_person() {
    let made = shared();
    for (roster, form, id, name, least) in [
        ("bhxh_participation", "Qua_trinh", 2, 3, 500),
        ("bhxh_participation", "Lao_dong", 3, 1, 2),
        ("tax_settlement", "", 3, 1, 500),
        ("pupils", "", 2, 3, 500),
        ("household_member", "Danh_sach_thanh_vien", 8, 3, 500),
        ("household_member", "Danh_sach_nhan_khau", 7, 4, 100),
        ("household_member", "TK1-TS", 7, 2, 100),
        ("household_member", "Mau_so_4", 7, 4, 100),
        ("police_uninsured", "CA_", 2, 1, 20),
    ] {
        let (agree, all) = agreeing(made, (roster, form), id, name);
        assert!(all > least, "{roster} {form}: {all} rows");
        assert!(agree as f64 / all as f64 > 0.95, "{roster} {form}: {agree} of {all}");
    }
}

#[test]
fn card_lines_are_those_of_their_true_person_and_are_declared() {
    let made = shared();
    let spine = spine(made);
    let (file, rows) = truth(made, "bhyt_card").pop_first().unwrap();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &file)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&format!("Tổng số: {} thẻ", rows.len()).as_str()));
    let mut agree = 0;
    for (row, person) in &rows {
        let cells: Vec<&str> = lines[*row as usize - 1].split(';').collect();
        assert_eq!((cells.len(), cells[1].len(), cells[2].len()), (12, 15, 10), "line {row}");
        assert_eq!(cells[1][5..], *cells[2]);
        agree += usize::from(spine.get(person).is_some_and(|(id, name)| cells[3] == id || cells[4] == name));
    }
    assert!(agree as f64 / rows.len() as f64 > 0.94, "{agree} of {}", rows.len());
}

#[test]
fn agencies_make_as_many_errors_as_their_profile_says() {
    let made = shared();
    let (file, rows) = truth(made, "bhyt_card").pop_first().unwrap();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &file)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let cards: Vec<Vec<&str>> = rows.iter().map(|(row, _)| lines[*row as usize - 1].split(';').collect()).collect();
    let share = |wrong: &dyn Fn(&Vec<&str>) -> bool| cards.iter().filter(|c| wrong(c)).count() as f64 / cards.len() as f64;
    let missing = share(&|c| c[3].is_empty());
    assert!((0.015..0.027).contains(&missing), "ids missing: {missing}");
    let old = share(&|c| c[3].len() == 9);
    assert!((0.03..0.06).contains(&old), "six per cent of adults have their old id: {old}");
    let plain = share(&|c| !c[4].is_empty() && c[4].is_ascii());
    assert!((0.016..0.035).contains(&plain), "names without marks: {plain}");
    let old_ward = share(&|c| c[8].contains(", Quận") || c[8].contains(", Huyện") || c[8].contains(", Thị xã"));
    assert!((0.45..0.56).contains(&old_ward), "old ward or old district: {old_ward}");
    let no_sex = share(&|c| c[6].is_empty());
    assert!(no_sex < 0.002, "{no_sex}");
}

#[test]
fn pupils_lack_ids_more_often() {
    let made = shared();
    let (mut missing, mut all) = (0, 0);
    for (file, rows) in truth(made, "pupils") {
        let range = sheet(made, &file);
        all += rows.len();
        missing +=
            rows.iter().filter(|(row, _)| range.get_value((row - 1, 2)).is_none_or(|id| id.to_string().is_empty())).count();
    }
    let share = missing as f64 / all as f64;
    assert!((0.028..0.052).contains(&share), "{missing} of {all}");
}

#[test]
fn broken_rows_are_noted_and_rare() {
    let made = shared();
    let rows: u64 = made.summary.files.iter().map(|f| f.rows).sum();
    let broken = made.truth_lines("broken_2026-10.csv");
    assert!((0.0005..0.0016).contains(&(broken.len() as f64 / rows as f64)), "{} of {rows}", broken.len());
    let cards = made.summary.files.iter().find(|f| f.roster == "bhyt_card").unwrap();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &cards.file)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for row in broken.iter().filter(|b| b[0] == cards.file) {
        let cells: Vec<&str> = lines[row[1].parse::<usize>().unwrap() - 1].split(';').collect();
        match row[2].as_str() {
            "full_name" => assert_eq!(cells[4], ""),
            _ => assert_eq!(cells[5], "31/02/2015"),
        }
    }
}

#[test]
fn schools_write_their_lists_in_different_ways() {
    let made = shared();
    let mut headers = std::collections::BTreeSet::new();
    let mut declared = 0;
    let files = truth(made, "pupils");
    for (file, rows) in &files {
        let range = sheet(made, file);
        let line = |row: u32| -> Vec<String> {
            (0..8).map(|c| range.get_value((row, c)).map(ToString::to_string).unwrap_or_default()).collect()
        };
        headers.insert(line(rows[0].0 - 2));
        let text: Vec<String> = range.rows().flatten().map(ToString::to_string).collect();
        declared += usize::from(text.contains(&format!("Tổng số: {} học sinh", rows.len())));
        assert!(text.iter().any(|t| t.contains("Năm học 2026-2027")) && text.iter().any(|t| t == "Người lập biểu"));
    }
    assert!(headers.len() >= 4, "{headers:?}");
    assert_eq!(declared, files.len());
}
