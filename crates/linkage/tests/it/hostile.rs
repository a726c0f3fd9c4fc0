//! Any tables: what holds whatever stands in the cells, and whichever side a table stands on.

use std::collections::BTreeSet;

use linkage::tables::{Mode, Table, TablesLinked, TextTable};

use crate::generator::draw;
use crate::tables::{f1, linked, spec, two_tables};
use crate::western;

/// Cells that break programs: nothing, ten thousand letters, pictures, right to left, floods of marks, controls.
fn hostile() -> Vec<String> {
    let flood: String = std::iter::once('a').chain(std::iter::repeat_n('\u{301}', 3_000)).collect();
    let telex = "Nguyeenx ".repeat(1_000);
    vec![
        String::new(),
        " \u{a0}\u{3000}\t".to_owned(),
        "ư".repeat(10_000),
        "0".repeat(10_000),
        "word ".repeat(5_000),
        telex,
        flood,
        "👩‍👩‍👧‍👦 👍🏽".to_owned(),
        "\u{202e}محمد بن سلمان\u{202c}".to_owned(),
        "שלום עולם".to_owned(),
        "\u{0}\u{7f}\u{feff}".to_owned(),
        "=cmd()|'/c calc'!A1".to_owned(),
        "-1e308".to_owned(),
        "1e999".to_owned(),
        "99999999999999999999-99-99".to_owned(),
        "ＮＧＵＹỄＮ Ｖăｎ Ａ".to_owned(),
        "ﬁﬀ Ǆ İ ß".to_owned(),
        "张伟".to_owned(),
    ]
}

const KINDS: [&str; 10] = ["person_name", "vietnamese_name", "text", "date", "year", "id", "code", "place", "postcode", "number"];

fn of_all_kinds(mode: &str) -> String {
    let right = if mode == "clusters" { "" } else { "right = { id = \"id\" }\n" };
    let field = |kind: &&str| format!("[[field]]\nname = \"{kind}\"\nkind = \"{kind}\"\nleft = \"{kind}\"\n");
    format!("mode = \"{mode}\"\nleft = {{ id = \"id\" }}\n{right}{}", KINDS.iter().map(field).collect::<String>())
}

fn hostile_table() -> TextTable {
    let cells = hostile();
    let of = |row: usize, column: usize| match row {
        // First each cell in every column, then mixed.
        row if row < cells.len() => cells[row].clone(),
        row => cells[draw(3, column as u64, row as u64) as usize % cells.len()].clone(),
    };
    let rows: Vec<Vec<String>> = (0..60)
        .map(|row| std::iter::once(format!("r{row}")).chain((0..KINDS.len()).map(|column| of(row, column))).collect())
        .collect();
    let heading: Vec<&str> = std::iter::once("id").chain(KINDS).collect();
    TextTable::from_rows(&heading, rows.iter().map(|row| row.iter().map(String::as_str)))
}

fn adds_up(run: &TablesLinked, left: u32, right: u32) {
    let told = run.explain(left, right).unwrap();
    let parts: i32 = told.parts.iter().map(|p| p.millibits + p.rarity_millibits + p.tie_millibits).sum();
    assert_eq!(told.prior_millibits + parts + told.related_millibits, told.total_millibits);
    assert!(told.related_millibits <= 0 && told.probability_thousandths <= 1_000);
}

#[test]
fn hostile_cells_of_every_kind_are_compared_alike_from_both_sides() {
    let table = hostile_table();
    let run = linked(&spec(&of_all_kinds("one-to-one")), &table, Some(&table));
    for (l, r) in (0..60).flat_map(|l| (0..60).map(move |r| (l, r))) {
        let weight = |l, r| run.explain(l, r).unwrap().total_millibits;
        assert_eq!(weight(l, r), weight(r, l), "{l} {r}");
        adds_up(&run, l, r);
    }
    for mode in ["many", "one-to-one"] {
        let run = linked(&spec(&of_all_kinds(mode)), &table, Some(&table));
        assert!(run.links.iter().all(|link| link.left < 60 && link.right < 60));
    }
    assert_eq!(linked(&spec(&of_all_kinds("clusters")), &table, None).clusters.len(), 60);
}

#[test]
fn parts_of_scored_pairs_add_up_to_their_weight() {
    let (left, right, _) = two_tables(1_200, 2);
    for (mode, with_ssn) in [(Mode::OneToOne, true), (Mode::Many, false)] {
        let mut asked = spec(&western::spec("one-to-one", with_ssn));
        asked.mode = mode;
        let run = linked(&asked, &left, Some(&right));
        assert!(run.pairs.len() > 500);
        for pair in run.pairs.iter().step_by(5) {
            adds_up(&run, pair.left, pair.right);
            assert_eq!(run.explain(pair.left, pair.right).unwrap().total_millibits, pair.weight_millibits);
            assert_eq!(run.pass_of(pair.left, pair.right), Some(pair.pass));
        }
    }
}

#[test]
fn exchanging_the_tables_changes_next_to_nothing() {
    let (left, right, truth) = two_tables(2_000, 2);
    let asked = spec(&western::spec("one-to-one", true));
    let (one, other) = (linked(&asked, &left, Some(&right)), linked(&asked, &right, Some(&left)));
    let straight: BTreeSet<(u32, u32)> = one.links.iter().map(|l| (l.left, l.right)).collect();
    let turned: BTreeSet<(u32, u32)> = other.links.iter().map(|l| (l.right, l.left)).collect();
    // What is drawn for learning is drawn anew; the few pairs at the threshold may fall either way.
    let differ = straight.symmetric_difference(&turned).count();
    assert!(differ * 100 < straight.len(), "{differ} of {}", straight.len());
    assert!(f1(one.score_pairs(&truth).f1) > 0.98);
}

#[test]
fn rows_of_many_parts_in_another_order_are_linked_the_same() {
    // More rows than are read, recorded and scored in one go; sides of different length.
    let (left, right, _) = two_tables(9_000, 1);
    let asked = spec(&western::spec("one-to-one", true));
    let n = right.rows();
    let moved = |at: usize| (at * 7_001 + 13) % n;
    let columns = right.columns.iter().map(|(name, cells)| (name.clone(), (0..n).map(|at| cells[moved(at)].clone()).collect()));
    let mixed = TextTable { columns: columns.collect() };
    let (a, b) = (linked(&asked, &left, Some(&right)), linked(&asked, &left, Some(&mixed)));
    assert_eq!(a.stats, b.stats);
    let back: BTreeSet<(u32, u32, i32)> =
        b.links.iter().map(|l| (l.left, moved(l.right as usize) as u32, l.weight_millibits)).collect();
    assert_eq!(a.links.iter().map(|l| (l.left, l.right, l.weight_millibits)).collect::<BTreeSet<_>>(), back);
}
