//! What visits hold: as many lines as real ones, and nothing that only a planted case may show.

use std::collections::{BTreeMap, BTreeSet};

use base::Date;

use crate::claims::{Claims, lines, shared};
use crate::dossiers::Dossier;

type Row = BTreeMap<String, String>;

/// Visits with nothing planted in them and nothing that is made to look like it, with their facility.
fn honest(made: &Claims) -> Vec<(&str, &Dossier)> {
    let alike = lines(&made.folder, "claims_lookalike_2026-10.csv");
    let marked: BTreeSet<(&str, &str)> = made
        .truth
        .iter()
        .map(|row| (row.facility.as_str(), row.ma_lk.as_str()))
        .chain(alike.iter().map(|row| (row[0].as_str(), row[1].as_str())))
        .collect();
    let plain = made.dossiers.iter().filter(|((facility, link), _)| !marked.contains(&(facility.as_str(), link.as_str())));
    plain.map(|((facility, _), dossier)| (facility.as_str(), dossier)).collect()
}

fn of<'d>(dossier: &'d Dossier, table: &str) -> &'d [Row] {
    dossier.get(table).map(Vec::as_slice).unwrap_or_default()
}

/// `202610050830` in minutes.
fn minutes(text: &str) -> i64 {
    let date: Date = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]).parse().unwrap();
    let number = |part: &str| part.parse::<i64>().unwrap();
    i64::from(date.days_since_epoch()) * 1_440 + number(&text[8..10]) * 60 + number(&text[10..12])
}

#[test]
fn visits_have_as_many_lines_as_real_ones() {
    // Visits, lines, drugs and cost of each kind.
    let mut kinds: BTreeMap<&str, [f64; 4]> = BTreeMap::new();
    for (facility, dossier) in honest(shared()) {
        let visit = &dossier["XML1"][0];
        let kind = match visit["MA_LOAI_KCB"].as_str() {
            "03" => "stay",
            "05" => "refill",
            _ if facility >= "01501" => "station",
            "01" if facility < "01301" => "hospital",
            _ => continue,
        };
        let (drugs, services) = (of(dossier, "XML2").len() as f64, of(dossier, "XML3").len() as f64);
        let cost: f64 = visit["T_TONGCHI_BH"].parse().unwrap();
        let sums = kinds.entry(kind).or_default();
        for (sum, own) in sums.iter_mut().zip([1.0, drugs + services, drugs, cost]) {
            *sum += own;
        }
    }
    let mean = |kind: &str, of: usize| kinds[kind][of] / kinds[kind][0];
    assert!((25.0..40.0).contains(&mean("stay", 1)), "{kinds:?}");
    assert!((7.5..12.0).contains(&mean("hospital", 1)), "{kinds:?}");
    assert!((3.5..6.0).contains(&mean("station", 1)), "{kinds:?}");
    assert!((3.5..6.0).contains(&mean("refill", 2)), "{kinds:?}");
    // Đồng of an examination at a hospital with its tests and drugs.
    assert!((250_000.0..500_000.0).contains(&mean("hospital", 3)), "{kinds:?}");
}

#[test]
fn nothing_is_done_twice_where_nothing_is_planted() {
    for (facility, dossier) in honest(shared()) {
        let visit = &dossier["XML1"][0];
        let at = format!("{facility} {}", visit["MA_LK"]);
        let (mut done, mut given) = (BTreeSet::new(), BTreeSet::new());
        for line in of(dossier, "XML3").iter().filter(|line| ["1", "2", "3"].contains(&line["MA_NHOM"].as_str())) {
            assert!(done.insert((&line["MA_DICH_VU"], &line["NGAY_YL"][..8])), "{at} {line:?}");
        }
        let outpatient = !["03", "04", "09"].contains(&visit["MA_LOAI_KCB"].as_str());
        for line in of(dossier, "XML2").iter().filter(|_| outpatient) {
            assert!(given.insert((&line["MA_THUOC"], &line["NGAY_YL"][..8])), "{at} {line:?}");
        }
        assert!(!outpatient || given.len() <= 6, "{at}: {} drugs prescribed", given.len());
        let orders: Vec<i64> = of(dossier, "XML3").iter().map(|line| minutes(&line["NGAY_YL"])).collect();
        let span = orders.iter().max().unwrap_or(&0) - orders.iter().min().unwrap_or(&0);
        assert!(orders.len() <= 20 || span >= 120, "{at}: {} services in {span} minutes", orders.len());
    }
}

#[test]
fn results_bear_the_time_of_the_first_line_of_their_service() {
    for (facility, dossier) in honest(shared()) {
        for row in of(dossier, "XML4") {
            let line = of(dossier, "XML3").iter().find(|line| line["MA_DICH_VU"] == row["MA_DICH_VU"]);
            assert_eq!(line.map(|line| &line["NGAY_KQ"]), Some(&row["NGAY_KQ"]), "{facility} {row:?}");
        }
    }
}

#[test]
fn nobody_honest_has_a_test_again_while_its_result_holds() {
    // Hours, as the draft circular on shared results has them.
    let holds: [(&str, i64); 5] = [
        ("Định lượng HbA1c", 1_440),
        ("Định lượng urê máu", 24),
        ("Định lượng bilirubin toàn phần", 24),
        ("Định lượng acid uric", 168),
        ("Định lượng cholesterol toàn phần", 168),
    ];
    let mut times: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    for (_, dossier) in honest(shared()) {
        // The number of the person without that of the facility.
        let person = &dossier["XML1"][0]["MA_BN"][3..];
        for line in of(dossier, "XML3") {
            if let Some((name, _)) = holds.iter().find(|(name, _)| *name == line["TEN_DICH_VU"]) {
                times.entry((person, *name)).or_default().push(minutes(&line["NGAY_TH_YL"]));
            }
        }
    }
    for (name, hours) in holds {
        let of_test = times.iter_mut().filter(|((_, own), _)| *own == name);
        let mut people = 0;
        for ((person, _), all) in of_test {
            all.sort_unstable();
            assert!(all.windows(2).all(|pair| pair[1] - pair[0] >= hours * 60), "{person} {name} {all:?}");
            people += 1;
        }
        assert!(people > 0, "nobody has {name}");
    }
}

#[test]
fn a_machine_serves_one_patient_at_a_time() {
    let mut used: BTreeMap<(&str, &str), Vec<(i64, i64)>> = BTreeMap::new();
    for (facility, dossier) in honest(shared()) {
        for line in of(dossier, "XML3").iter().filter(|line| ["2", "3"].contains(&line["MA_NHOM"].as_str())) {
            let term = (minutes(&line["NGAY_TH_YL"]), minutes(&line["NGAY_KQ"]));
            used.entry((facility, line["MA_MAY"].as_str())).or_default().push(term);
        }
    }
    for (machine, mut terms) in used {
        terms.sort_unstable();
        assert!(terms.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{machine:?}");
    }
}
