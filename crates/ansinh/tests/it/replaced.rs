//! A corrected file takes the place of an earlier one: told row by row, nothing deleted, whole after any kill.

use std::fs;
use std::time::Instant;

use base::Month;
use book::RowChanges;
use serde_json::Value;

use crate::by_hand::{AN, BINH, CHI, Place, school};
use crate::killed::moments;
use crate::support::{
    PERIOD, ansinh, assert_whole, batches, book, files_below, good, latest_run, rosters, run_arguments, small_city,
    start_and_kill, text,
};

const DUNG: [&str; 9] = ["4", "6A2", "", "Vũ Tiến Dũng", "05/06/2015", "001215012348", "Nam", "Tổ 2, phường Hà Đông", ""];

fn id(report: &Value) -> String {
    report["batch"].as_str().unwrap().to_owned()
}

fn all_ids(place: &Place) -> Vec<String> {
    book(&place.data()).all_batches(PERIOD.parse::<Month>().unwrap()).unwrap().into_iter().map(|b| b.id).collect()
}

#[test]
fn a_corrected_file_takes_the_place_of_the_first() {
    let place = Place::new();
    // A workbook made twice has another time in it: the same bytes are kept for later.
    let first_bytes = school(&[AN, CHI, BINH]);
    let first = place.file("6A.xlsx", &first_bytes);
    let old = id(&place.intake("pupils", &first).json());
    let mut moved = CHI;
    moved[1] = "6A1";
    let mut mended = BINH;
    mended[4] = "28/02/2015";
    let corrected = place.file("6A.xlsx", school(&[moved, mended, DUNG]));

    // Unasked it is refused as before, and the refusal says what to write.
    let refused = place.intake("pupils", &corrected);
    assert_eq!(refused.code, 3, "{refused:?}");
    let error = refused.error();
    assert_eq!(error["code"], "file_name_taken");
    assert!(error["remedy"].as_str().unwrap().contains(&format!("--replace {old}")), "{error}");

    let taken = place.intake_with("pupils", &corrected, &["--replace", &old]);
    assert_eq!(taken.code, 0, "{taken:?}");
    let report = taken.json();
    let changes = &report["files"][0]["replaces"][0];
    assert_eq!(changes["batch"], old);
    // Of the two stored rows one is gone (An) and one has another class; Bình was refused before, Dũng is new.
    let counts = ["before", "after", "same", "changed", "added", "gone"].map(|k| changes[k].as_u64().unwrap());
    assert_eq!(counts, [2, 3, 0, 1, 2, 1], "{changes}");

    let new = id(&report);
    let counting = batches(&book(&place.data()));
    assert_eq!(counting.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), [new.as_str()]);
    assert_eq!(all_ids(&place).len(), 2, "the earlier batch stays in the book");
    assert_whole(&place.data());

    // Again, by id or by name: nothing changes.
    for wanted in [old.as_str(), "6A.xlsx"] {
        let again = place.intake_with("pupils", &corrected, &["--replace", wanted]);
        assert_eq!((again.code, &again.json()["known"]), (0, &true.into()), "{again:?}");
    }
    assert_eq!(batches(&book(&place.data())), counting);
    // The earlier file sent again does not come back by itself, and says so.
    let stale = place.file("6A.xlsx", &first_bytes);
    let known = place.intake("pupils", &stale).json();
    assert_eq!((&known["known"], &known["files"][0]["replaced_by"]), (&true.into(), &new.as_str().into()), "{known}");
    assert_eq!(batches(&book(&place.data())), counting);

    // Asked for, it does: as a batch of its own in the place of the correction.
    let back = place.intake_with("pupils", &stale, &["--replace", "6A.xlsx"]).json();
    assert_eq!(id(&back), format!("{old}-2"));
    assert_eq!(all_ids(&place).len(), 3);
    assert_eq!(batches(&book(&place.data())).len(), 1);
    assert_whole(&place.data());
}

#[test]
fn what_cannot_be_replaced_is_said() {
    let place = Place::new();
    place.intake("pupils", &place.file("6A.xlsx", school(&[AN])));
    let other = place.file("6B.xlsx", school(&[CHI]));
    let unknown = place.intake_with("pupils", &other, &["--replace", "6C.xlsx"]);
    assert_eq!((unknown.code, &unknown.error()["code"]), (3, &"nothing_to_replace".into()), "{unknown:?}");
    assert_eq!(all_ids(&place).len(), 1, "a refusal keeps nothing");
    // Two files at once cannot each be the one that replaces.
    let data = place.data();
    let both =
        ["intake", "pupils", text(&other), text(&other), "--period", PERIOD, "--replace", "6A.xlsx", "--data", text(&data)];
    assert_eq!(ansinh(&both).code, 2);

    // A file that came in under another name may still take the place of the first: one batch for both.
    let first = all_ids(&place).remove(0);
    let beside = id(&place.intake("pupils", &other).json());
    let taken = place.intake_with("pupils", &other, &["--replace", &first]).json();
    let replaced: Vec<&str> =
        taken["files"][0]["replaces"].as_array().unwrap().iter().map(|r| r["batch"].as_str().unwrap()).collect();
    let mut wanted = [first.as_str(), beside.as_str()];
    wanted.sort_unstable();
    assert_eq!(replaced, wanted);
    assert_eq!(batches(&book(&place.data())).len(), 1);
}

#[test]
fn a_run_reads_the_correction_and_an_old_run_can_still_be_replayed() {
    let rosters = rosters(small_city());
    let data = tempfile::tempdir().unwrap();
    good(&run_arguments(&rosters, data.path()));
    let before = latest_run(data.path());
    let old = batches(&book(data.path())).into_iter().find(|b| b.roster == "pupils").unwrap();
    let file = tempfile::tempdir().unwrap();
    let corrected = file.path().join(&old.file_name);
    fs::write(&corrected, school(&[AN, CHI])).unwrap();
    let taken =
        good(&["intake", "pupils", text(&corrected), "--period", PERIOD, "--replace", &old.id, "--data", text(data.path())]);
    assert_eq!(taken["files"][0]["replaces"][0]["gone"], old.stored);

    // The folder still holds the earlier file; the run reads the correction all the same.
    good(&run_arguments(&rosters, data.path()));
    let after = latest_run(data.path());
    assert_ne!(before.id, after.id);
    assert!(before.batches.contains(&old.id) && !after.batches.contains(&old.id));
    assert!(after.batches.contains(&id(&taken)));
    assert_whole(data.path());
    let replayed = good(&["replay", before.id.as_str(), "--data", text(data.path())]);
    assert_eq!(replayed["differing"], serde_json::json!([]), "{replayed}");
}

#[test]
fn a_replacement_killed_at_any_moment_counts_one_of_the_two() {
    let files = files_below(&rosters(small_city()));
    let old_file = files.iter().find(|f| text(f).ends_with(".csv") && text(f).contains("Dan_cu")).unwrap();
    let undisturbed = Place::new();
    let old = id(&undisturbed.intake("auto", old_file).json());
    let first = batches(&book(&undisturbed.data())).remove(0);
    // The same list without its last line, under the same name.
    let name = old_file.file_name().unwrap().to_string_lossy().into_owned();
    let text_of = fs::read(old_file).unwrap();
    let lines: Vec<&[u8]> = text_of.split_inclusive(|b| *b == b'\n').collect();
    let shorter = lines[..lines.len() - 1].concat();
    let corrected = undisturbed.file(&name, shorter);
    let begun = Instant::now();
    let taken = undisturbed.intake_with(&first.roster, &corrected, &["--replace", &old]);
    let whole = begun.elapsed();
    let new = id(&taken.json());
    let replaced = &batches(&book(&undisturbed.data()))[0].replaces[0];
    let RowChanges { before, after, same, changed, added, gone } = replaced.changes;
    assert_eq!((before, after), (same + changed + gone, same + changed + added));
    assert_eq!((changed, added, gone), (0, 0, before - after), "one line less is one row gone");
    let mut killed = 0;
    for moment in moments("replace", 8, whole) {
        let place = Place::new();
        place.intake("auto", old_file);
        let data = place.data();
        let arguments = ["intake", &first.roster, text(&corrected), "--period", PERIOD, "--replace", &old, "--data", text(&data)];
        killed += u32::from(start_and_kill(&arguments, moment));
        let counting = batches(&book(&data));
        assert_eq!(counting.len(), 1, "after a kill at {moment:?}");
        assert!(counting[0].id == old || counting[0].id == new);
        assert_whole(&data);
        ansinh(&arguments);
        assert_eq!(batches(&book(&data))[0].id, new, "after a kill at {moment:?}");
    }
    assert!(killed >= 2, "only {killed} of 8 were killed before their end");
}
