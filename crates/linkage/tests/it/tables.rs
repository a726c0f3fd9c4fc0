//! Any two tables: quality on made-up people, and what a clerk expects of small ones.

use base::{Explain, Sex};
use linkage::tables::{Label, Mode, Spec, Table, TableError, TableOptions, TablesLinked, TextTable, link_tables};
use proptest::prelude::*;

use crate::generator::{City, Kind, Roster};
use crate::western;

pub fn spec(text: &str) -> Spec {
    toml::from_str(text).unwrap()
}

pub fn linked(spec: &Spec, left: &TextTable, right: Option<&TextTable>) -> TablesLinked {
    let options = TableOptions { random_pairs: 100_000, ..TableOptions::default() };
    link_tables(spec, left, right.map(|t| t as &dyn Table), &[], &options, &mut |_| ()).unwrap()
}

pub fn f1(part: u32) -> f64 {
    f64::from(part) / 1e6
}

/// Two tables of which four fifths of the people are in both, typed twice.
pub fn two_tables(rows: u64, slips: u64) -> (TextTable, TextTable, Vec<(u32, u32)>) {
    let left = western::table((0..rows).map(|n| western::typed(5, n, 1, 1)).collect());
    // In another order, so that nothing can lean on it.
    let others: Vec<u64> = (0..rows).map(|n| (n * 7919) % rows + rows / 5).collect();
    let right = western::table(others.iter().map(|n| western::typed(5, *n, 2, slips)).collect());
    let truth = others.iter().enumerate().filter(|(_, n)| **n < rows).map(|(at, n)| (*n as u32, at as u32)).collect();
    (left, right, truth)
}

#[test]
fn people_of_two_offices_are_linked_without_training() {
    let (left, right, truth) = two_tables(1_500, 1);
    for (with_ssn, least) in [(true, 0.99), (false, 0.95)] {
        let run = linked(&spec(&western::spec("one-to-one", with_ssn)), &left, Some(&right));
        let score = run.score_pairs(&truth);
        assert!(f1(score.f1) > least, "{score:?} {:?}", run.stats);
        assert!(f1(score.blocking_recall) > 0.99, "{score:?}");
        assert!(run.stats.passes.len() > 1 && run.stats.passes.iter().all(|p| p.proposed), "{:?}", run.stats);
    }
}

pub fn vietnamese_table(roster: &Roster) -> TextTable {
    let heading = ["id", "name", "born", "sex", "card", "commune"];
    let cells = |(at, row): (usize, linkage::Row<'_>)| {
        let born = row.birth.map(|b| if b.year_only { b.date.year().to_string() } else { b.date.to_string() });
        vec![
            format!("v{at}"),
            row.name.to_owned(),
            born.unwrap_or_default(),
            row.sex.map(|s| if s == Sex::Male { "nam" } else { "nữ" }).unwrap_or_default().to_owned(),
            row.personal_id.map(|id| format!("{:012}", id.number())).unwrap_or_default(),
            row.communes.first().map(u16::to_string).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = roster.rows().into_iter().enumerate().map(cells).collect();
    TextTable::from_rows(&heading, rows.iter().map(|row| row.iter().map(String::as_str)))
}

pub const VIETNAMESE: &str = r#"
mode = "one-to-one"
left = { id = "id" }
right = { id = "id" }
field = [
  { name = "name", kind = "vietnamese_name", left = "name" },
  { name = "born", kind = "date", left = "born" },
  { name = "sex", kind = "code", left = "sex" },
  { name = "card", kind = "id", left = "card" },
  { name = "commune", kind = "code", left = "commune" },
]
"#;

#[test]
fn vietnamese_rosters_are_linked_by_specification() {
    let city = City::new(3);
    let (spine, cards) = (city.roster(Kind::Spine, 0..2_000), city.roster(Kind::Card, city.others(2_000, 2_000, 85)));
    let truth: Vec<(u32, u32)> =
        cards.people.iter().enumerate().filter(|(_, p)| **p < 2_000).map(|(at, p)| (*p as u32, at as u32)).collect();
    let run = linked(&spec(VIETNAMESE), &vietnamese_table(&spine), Some(&vietnamese_table(&cards)));
    let score = run.score_pairs(&truth);
    assert!(f1(score.f1) > 0.995, "{score:?} {:?}", run.stats);
}

const BOOKS: &str = r#"
mode = "many"
left = { id = "no" }
right = { id = "no" }
[[field]]
name = "author"
kind = "person_name"
left = ["first", "last"]
right = "writer"
[[field]]
name = "title"
kind = "text"
left = "title"
[[field]]
name = "year"
kind = "year"
left = "year"
"#;

fn books() -> (TextTable, TextTable) {
    let left = TextTable::from_rows(
        &["no", "first", "last", "title", "year"],
        [
            ["1", "Jane", "Austen", "Pride and Prejudice", "1813"],
            ["2", "Jane", "Austen", "Emma", "1815"],
            ["3", "Émile", "Zola", "Germinal", "1885"],
            ["4", "Лев", "Толстой", "Война и мир", "1869"],
            ["5", "Herman", "Melville", "Moby-Dick; or, The Whale", "1851"],
        ],
    );
    let right = TextTable::from_rows(
        &["no", "writer", "title", "year"],
        [
            ["a", "AUSTEN, Jane", "Pride & Prejudice", "1813"],
            ["b", "J. Austen", "Emma", "1815"],
            ["c", "Emile Zola", "GERMINAL", "1885"],
            ["d", "Толстой Лев", "Война и мир", "1869"],
            ["e", "H. Melville", "Moby Dick", "1851"],
            ["f", "Jane Austen", "Pride and Prejudice", "1813"],
        ],
    );
    (left, right)
}

#[test]
fn a_row_may_have_many_partners_in_any_script() {
    let (left, right) = books();
    let run = linked(&spec(BOOKS), &left, Some(&right));
    let pairs: Vec<(u32, u32)> = run.links.iter().map(|l| (l.left, l.right)).collect();
    for expected in [(0, 0), (0, 5), (1, 1), (2, 2), (3, 3)] {
        assert!(pairs.contains(&expected), "{expected:?} {pairs:?}");
    }
    assert!(pairs.iter().all(|p| [(0, 0), (0, 5), (1, 1), (2, 2), (3, 3), (4, 4)].contains(p)), "{pairs:?}");
}

#[test]
fn parts_of_every_pair_add_up_and_say_what_agreed() {
    let (left, right) = books();
    let run = linked(&spec(BOOKS), &left, Some(&right));
    for (l, r) in (0..5).flat_map(|l| (0..6).map(move |r| (l, r))) {
        let told = run.explain(l, r).unwrap();
        let parts: i32 = told.parts.iter().map(|p| p.millibits + p.rarity_millibits + p.tie_millibits).sum();
        assert_eq!(told.prior_millibits + parts + told.related_millibits, told.total_millibits);
        assert_eq!(told.linked, run.links.iter().any(|link| (link.left, link.right) == (l, r)));
    }
    let told = run.explain(1, 1).unwrap();
    assert_eq!(told.parts.iter().map(|p| p.level).collect::<Vec<_>>(), ["initials", "same", "same"]);
    assert!(run.explain(5, 0).is_none() && run.explain(0, 6).is_none());
}

#[test]
fn a_label_weighs_and_blocks_of_the_specification_are_obeyed() {
    let (left, right) = books();
    let mut asked = spec(BOOKS);
    asked.block = vec![linkage::tables::BlockSpec { on: vec!["year".to_owned()] }];
    let label = [Label { left: 4, right: 4, same: true }, Label { left: 99, right: 0, same: true }];
    let with = link_tables(&asked, &left, Some(&right), &label, &TableOptions::default(), &mut |_| ()).unwrap();
    let without = linked(&asked, &left, Some(&right));
    assert_eq!(with.stats.passes.iter().map(|p| p.on.as_str()).collect::<Vec<_>>(), ["year"]);
    assert_eq!((with.stats.pairs_scored, with.pass_of(0, 1)), (6, None));
    let of = |run: &TablesLinked| run.explain(4, 4).unwrap().total_millibits;
    assert!(of(&with) > of(&without));
}

#[test]
fn a_wrong_specification_says_what_where_and_what_to_do() {
    let (left, right) = books();
    let failed = |text: &str, right: Option<&TextTable>| -> TableError {
        let right = right.map(|t| t as &dyn Table);
        link_tables(&spec(text), &left, right, &[], &TableOptions::default(), &mut |_| ()).unwrap_err()
    };
    let error = failed(&BOOKS.replace("\"writer\"", "\"autor\""), Some(&right));
    assert!(matches!(&error, TableError::ColumnMissing { column, side: "right", .. } if column == "autor"));
    assert!(error.remedy().contains("writer") && error.place().contains("author"), "{}", error.remedy());
    assert_eq!(failed(BOOKS, None), TableError::RightTableMissing);
    assert_eq!(failed(&BOOKS.replace("\"many\"", "\"clusters\""), Some(&right)), TableError::TwoTablesForClusters);
    let twice = failed(&BOOKS.replace("left = { id = \"no\" }", "left = { id = \"last\" }"), Some(&right));
    assert_eq!(twice, TableError::IdTwice { side: "left", row: 2, other: 1 });
    assert!(toml::from_str::<Spec>(&BOOKS.replace("kind = \"text\"", "kind = \"words\"")).is_err());
    assert_eq!(spec(BOOKS).mode, Mode::Many);
}

#[test]
fn empty_tables_and_empty_columns_are_no_error() {
    let (left, _) = books();
    let nothing = TextTable::from_rows(&["no", "writer", "title", "year"], Vec::<Vec<&str>>::new());
    assert!(linked(&spec(BOOKS), &left, Some(&nothing)).links.is_empty());
    let blank = TextTable::from_rows(&["no", "writer", "title", "year"], [["a", "", "", ""], ["b", "", "", ""]]);
    assert!(linked(&spec(BOOKS), &left, Some(&blank)).links.is_empty());
}

fn pairs_by_id(run: &TablesLinked, left: &TextTable, right: &TextTable) -> Vec<(String, String, i32)> {
    let id = |table: &TextTable, row: u32| table.cell(0, row as usize).unwrap_or_default().to_owned();
    let mut out: Vec<_> = run.links.iter().map(|l| (id(left, l.left), id(right, l.right), l.weight_millibits)).collect();
    out.sort();
    out
}

fn turned(table: &TextTable) -> TextTable {
    let columns = table.columns.iter().map(|(name, cells)| (name.clone(), cells.iter().rev().cloned().collect()));
    TextTable { columns: columns.collect() }
}

#[test]
fn threads_and_the_order_of_columns_change_nothing() {
    let (left, right, _) = two_tables(600, 2);
    let asked = spec(&western::spec("one-to-one", true));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| linked(&asked, &left, Some(&right)));
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(|| linked(&asked, &left, Some(&right)));
    assert_eq!(one.pairs, three.pairs);
    assert_eq!(one.stats, three.stats);
    let mut mixed = right.clone();
    mixed.columns.reverse();
    assert_eq!(linked(&asked, &left, Some(&mixed)).links, one.links);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    // Small tables, where all pairs are compared, and larger ones, where passes are proposed.
    for rows in [600, 1_400] {
        let (left, right, _) = two_tables(rows, 2);
        let asked = spec(&western::spec("one-to-one", true));
        let (a, b) = (linked(&asked, &left, Some(&right)), linked(&asked, &turned(&left), Some(&turned(&right))));
        assert_eq!(a.stats, b.stats);
        assert_eq!(pairs_by_id(&a, &left, &right), pairs_by_id(&b, &turned(&left), &turned(&right)));
    }
}

#[test]
fn decisions_are_kept_in_every_mode() {
    let (left, right, truth) = two_tables(400, 1);
    let asked = spec(&western::spec("one-to-one", true));
    let label = |left, right, same| Label { left, right, same };
    let (a, b) = (truth[3], truth[50]);
    let labels = [label(a.0, b.1, true), label(truth[90].0, truth[90].1, false)];
    let run = |asked: &Spec, left: &TextTable, right: Option<&TextTable>, labels: &[Label]| {
        link_tables(asked, left, right.map(|t| t as &dyn Table), labels, &TableOptions::default(), &mut |_| ()).unwrap()
    };
    for mode in ["one-to-one", "many"] {
        let mut asked = asked.clone();
        asked.mode = if mode == "many" { Mode::Many } else { Mode::OneToOne };
        let linked = run(&asked, &left, Some(&right), &labels);
        let has = |l: u32, r: u32| linked.links.iter().any(|link| (link.left, link.right) == (l, r));
        assert!(has(a.0, b.1) && !has(truth[90].0, truth[90].1), "{mode}");
        // One to one, nobody else gets a row that people gave away.
        assert_eq!(has(a.0, a.1) || has(b.0, b.1), mode == "many");
    }
    let mut one = left.clone();
    for ((_, cells), (_, more)) in one.columns.iter_mut().zip(&right.columns) {
        cells.extend(more.iter().cloned());
    }
    let ids = one.columns[0].1.len();
    one.columns[0].1 = (0..ids).map(|n| Some(format!("n{n}"))).collect();
    let mut asked = asked.clone();
    (asked.mode, asked.right) = (Mode::Clusters, None);
    let shift = left.rows() as u32;
    let labels = [label(a.0, b.1 + shift, true), label(truth[90].0, truth[90].1 + shift, false)];
    let found = run(&asked, &one, None, &labels).clusters;
    assert_eq!(found[a.0 as usize], found[(b.1 + shift) as usize]);
    assert_ne!(found[truth[90].0 as usize], found[(truth[90].1 + shift) as usize]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn hostile_cells_link_nothing_wrongly_and_break_nothing(cells in prop::collection::vec(".{0,12}", 24)) {
        let mut rows: Vec<Vec<String>> =
            cells.chunks(8).enumerate().map(|(at, c)| [vec![format!("r{at}")], c.to_vec()].concat()).collect();
        rows.push([vec!["r9".to_owned()], rows[0][1..].to_vec()].concat());
        let table = TextTable::from_rows(&western::HEADING, rows.iter().map(|r| r.iter().map(String::as_str)));
        let one = linked(&spec(&western::spec("one-to-one", true)), &table, Some(&table));
        let (mut lefts, mut rights): (Vec<u32>, Vec<u32>) = one.links.iter().map(|l| (l.left, l.right)).unzip();
        rights.sort_unstable();
        lefts.dedup();
        rights.dedup();
        prop_assert!(lefts.len() == one.links.len() && rights.len() == one.links.len());
        let run = linked(&spec(&western::spec("clusters", true)), &table, None);
        prop_assert_eq!(run.clusters.len(), rows.len());
        // Both sides alike: the weight of a pair does not depend on which row is called left.
        for (l, r) in (0..4).flat_map(|l| (0..4).map(move |r| (l, r))) {
            let of = |l, r| one.explain(l, r).map(|told| told.total_millibits);
            prop_assert_eq!(of(l, r), of(r, l));
        }
    }
}
