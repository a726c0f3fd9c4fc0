//! Check files answered from the truth.

use std::collections::BTreeMap;

use calamine::{Reader, Xlsx, open_workbook};
use city::{Asked, answer};

use crate::share::{Made, shared};

/// A check file with the first people of the population roster as it writes them.
fn check(made: &Made, folder: &std::path::Path) -> (std::path::PathBuf, usize) {
    let file = made.summary.files.iter().find(|f| f.roster == "population").unwrap();
    let text = std::fs::read_to_string(made.roster_file("2026-10", &file.file)).unwrap();
    let mut out = String::from("\u{feff}token,so_dinh_danh,ho_ten,ngay_sinh,xa_phuong\r\n");
    let mut count = 0;
    for line in text.lines().skip(1).take(2_000) {
        let cells: Vec<&str> = line.split(',').collect();
        // Addresses may hold a comma: what is quoted is left out.
        if line.contains('"') {
            continue;
        }
        out.push_str(&format!("{},{},{},{},{}\r\n", cells[0], cells[1], cells[2], cells[3], cells[6]));
        count += 1;
    }
    out.push_str("nobody,,Nguyễn Văn Không Có,01/01/1901,Phường Ba Đình\r\n");
    let path = folder.join("kiem_tra.csv");
    std::fs::write(&path, out).unwrap();
    (path, count)
}

#[test]
fn the_police_find_nearly_everybody_and_err_seldom() {
    let made = shared();
    let folder = tempfile::tempdir().unwrap();
    let (file, count) = check(made, folder.path());
    let said = answer(folder.path(), &made.truth(), &file, Asked::Police).unwrap();
    assert_eq!(said.asked as usize, count + 1);
    assert!(said.answered < said.asked && said.answered as f64 > said.asked as f64 * 0.94, "{said:?}");
    assert!(said.wrong > 0 && (said.wrong as f64) < said.asked as f64 * 0.03, "{said:?}");
    let truth: BTreeMap<String, (u32, i64)> = made
        .truth_lines("answer_identity_answer.csv")
        .into_iter()
        .map(|l| (l[0].clone(), (l[1].parse().unwrap(), l[2].parse().unwrap())))
        .collect();
    let rows = made.truth_lines("rows_2026-10_population.csv");
    let person = |token: &str| rows[token.parse::<usize>().unwrap() - 1][2].parse::<i64>().unwrap();
    let right = truth.iter().filter(|(token, (_, found))| *token != "nobody" && *found == person(token)).count();
    assert!(right as f64 > count as f64 * 0.97, "{right} of {count}");
    assert_eq!(truth["nobody"].1, 0);
    let mut book: Xlsx<_> = open_workbook(&said.file).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let mut here = 0;
    for (token, (row, _)) in truth.iter().filter(|(_, (row, _))| *row > 0) {
        assert_eq!(range.get_value((row - 1, 1)).unwrap().to_string(), *token);
        here += usize::from(range.get_value((row - 1, 2)).unwrap().to_string().starts_with("Đang cư trú"));
    }
    assert!(here as f64 > count as f64 * 0.9, "{here} of {count}");
    assert!(answer(folder.path(), folder.path(), &file, Asked::Police).is_err(), "no truth lies there");
}

#[test]
fn the_national_system_knows_cards_of_other_provinces_and_none_of_the_armed_forces() {
    let made = shared();
    let states: BTreeMap<String, String> =
        made.truth_lines("people_2026-10.csv").into_iter().map(|p| (p[0].clone(), p[6].clone())).collect();
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = check(made, folder.path());
    let said = answer(folder.path(), &made.truth(), &file, Asked::National).unwrap();
    let mut book: Xlsx<_> = open_workbook(&said.file).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let (mut elsewhere, mut forces) = (0, 0);
    for line in made.truth_lines("answer_lookup_answer.csv").iter().filter(|l| l[1] != "0" && l[3] == "0") {
        let row: u32 = line[1].parse().unwrap();
        let cell = |column| range.get_value((row - 1, column)).map(ToString::to_string).unwrap_or_default();
        match states.get(&line[2]).map(String::as_str) {
            Some("covered_elsewhere") => {
                elsewhere += 1;
                assert_eq!(cell(2), "Có thẻ BHYT còn giá trị");
                assert_ne!(cell(3), "01");
            }
            Some("armed_forces") => {
                forces += 1;
                assert_ne!(cell(2), "Có thẻ BHYT còn giá trị");
            }
            Some("covered") => assert_eq!((cell(2).as_str(), cell(3).as_str()), ("Có thẻ BHYT còn giá trị", "01")),
            _ => {}
        }
    }
    assert!(elsewhere > 3 && forces > 3, "{elsewhere} {forces}");
}
