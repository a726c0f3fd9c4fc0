//! Claims of the city: what is written adds up, is the same again, and holds what its truth says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use city::claims::{ClaimsSummary, schemes::SCHEMES};
use city::score::claims_truth;
use city::{ClaimTruth, Config, PredictedClaim};

use crate::dossiers::{self, Dossier};
use crate::share::files;

/// A month of claims with its truth.
pub struct Claims {
    pub folder: PathBuf,
    pub summary: ClaimsSummary,
    /// By facility and key.
    pub dossiers: BTreeMap<(String, String), Dossier>,
    pub truth: Vec<ClaimTruth>,
}

fn make(folder: &Path, scale: f64, seed: u64, schemes: bool) -> ClaimsSummary {
    let config = Config { scale, seed, from: "2026-10".parse().unwrap(), months: 1, out: folder.to_owned() };
    city::claims::generate(&config, schemes, None, &mut |_, _, _| {}).unwrap().remove(0)
}

/// One month for the tests that only read.
pub fn shared() -> &'static Claims {
    static CLAIMS: OnceLock<Claims> = OnceLock::new();
    CLAIMS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared-claims");
        let summary = make(&folder, 0.004, 2, true);
        let dossiers = dossiers::month(&folder.join("claims/2026-10"));
        let truth = claims_truth(&folder.join("truth"), "2026-10".parse().unwrap()).unwrap();
        Claims { folder, summary, dossiers, truth }
    })
}

/// Fields of the lines below the header of a truth file.
pub fn lines(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join("truth").join(file)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// A decimal in thousandths.
fn milli(text: &str) -> i128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= 3, "{text}");
    whole.parse::<i128>().unwrap() * 1_000 + format!("{part:0<3}").parse::<i128>().unwrap()
}

/// Of two decimals and percents, rounded half up to hundredths, in thousandths.
fn product(a: &str, b: &str, percents: &[&str]) -> i128 {
    let mut value = milli(a) * milli(b);
    let mut divisor = 10_000;
    for percent in percents {
        value *= milli(percent);
        divisor *= 100_000;
    }
    (value * 2 + divisor) / (divisor * 2) * 10
}

fn sum(rows: &[&BTreeMap<String, String>], column: &str) -> i128 {
    rows.iter().map(|row| milli(&row[column])).sum()
}

#[test]
fn every_file_is_read_and_counts_add_up() {
    let made = shared();
    let (mut read, mut broken) = (0, 0);
    for (name, bytes) in files(&made.folder.join("claims/2026-10")) {
        let text = dossiers::text(&bytes);
        dossiers::well_formed(&text);
        let found = dossiers::dossiers(&text);
        let declared = dossiers::between(&text, "<SOLUONGHOSO>", "</SOLUONGHOSO>");
        assert_eq!(declared, [found.len().to_string()], "{name}");
        assert_eq!(dossiers::between(&text, "<MACSKCB>", "</MACSKCB>"), [&name[..5]], "{name}");
        broken += found.iter().filter(|dossier| dossier.is_none()).count();
        read += found.iter().flatten().count();
    }
    let rows = |tables: &[&str]| {
        let all = made.dossiers.values().flat_map(|d| tables.iter().filter_map(|t| d.get(*t)));
        all.map(|rows| rows.len() as u64).sum::<u64>()
    };
    let summary = &made.summary;
    assert_eq!((read as u64, made.dossiers.len() as u64), (summary.visits, summary.visits));
    assert_eq!(rows(&["XML2", "XML3"]), summary.lines);
    assert_eq!(rows(&["XML4"]), summary.results);
    let cut = lines(&made.folder, "claims_broken_2026-10.csv");
    assert!(broken > 0 && cut.len() == broken, "{broken}");
    for row in cut {
        let file = made.folder.join("claims/2026-10").join(&row[0]);
        let text = dossiers::text(&std::fs::read(file).unwrap());
        assert!(dossiers::dossiers(&text)[row[1].parse::<usize>().unwrap() - 1].is_none());
    }
}

#[test]
fn money_adds_up_where_nothing_is_planted() {
    let made = shared();
    let marked: BTreeSet<(&str, &str)> =
        made.truth.iter().filter(|t| t.scheme == "row-fault").map(|t| (t.facility.as_str(), t.ma_lk.as_str())).collect();
    for ((facility, link), dossier) in made.dossiers.iter().filter(|((f, l), _)| !marked.contains(&(f.as_str(), l.as_str()))) {
        let visit = &dossier["XML1"][0];
        let of = |table: &str| dossier.get(table).map(Vec::as_slice).unwrap_or_default();
        let all: Vec<_> = of("XML2").iter().chain(of("XML3")).collect();
        for line in &all {
            let at = format!("{facility} {link} {line:?}");
            let (bv, bh) = match line.get("DON_GIA_BH") {
                Some(price) => (&line["DON_GIA_BV"], price),
                None => (&line["DON_GIA"], &line["DON_GIA"]),
            };
            let step = line.get("TYLE_TT_DV").map_or("100", String::as_str);
            assert_eq!(milli(&line["THANH_TIEN_BV"]), product(&line["SO_LUONG"], bv, &[]), "{at}");
            assert_eq!(
                milli(&line["THANH_TIEN_BH"]),
                product(&line["SO_LUONG"], bh, &[line["TYLE_TT_BH"].as_str(), step]),
                "{at}"
            );
            assert_eq!(milli(&line["T_BHTT"]), product(&line["THANH_TIEN_BH"], "1", &[line["MUC_HUONG"].as_str()]), "{at}");
            let parts: i128 = ["T_BHTT", "T_BNCCT", "T_BNTT", "T_NGUONKHAC"].iter().map(|c| milli(&line[*c])).sum();
            assert_eq!(parts, milli(&line["THANH_TIEN_BV"]), "{at}");
        }
        let totals = [
            ("T_TONGCHI_BV", "THANH_TIEN_BV"),
            ("T_TONGCHI_BH", "THANH_TIEN_BH"),
            ("T_BHTT", "T_BHTT"),
            ("T_BHTT_GDV", "T_BHTT"),
            ("T_BNCCT", "T_BNCCT"),
            ("T_BNTT", "T_BNTT"),
            ("T_NGUONKHAC", "T_NGUONKHAC"),
        ];
        for (total, part) in totals {
            assert_eq!(milli(&visit[total]), sum(&all, part), "{facility} {link} {total}");
        }
        assert_eq!(milli(&visit["T_THUOC"]), sum(&of("XML2").iter().collect::<Vec<_>>(), "THANH_TIEN_BV"));
    }
}

#[test]
fn times_are_in_order_where_nothing_is_planted() {
    let made = shared();
    let marked: BTreeSet<(&str, &str)> = made.truth.iter().map(|t| (t.facility.as_str(), t.ma_lk.as_str())).collect();
    for ((facility, link), dossier) in made.dossiers.iter().filter(|((f, l), _)| !marked.contains(&(f.as_str(), l.as_str()))) {
        let visit = &dossier["XML1"][0];
        assert!(visit["NGAY_VAO"] < visit["NGAY_RA"], "{facility} {link}");
        let empty = Vec::new();
        for line in dossier.get("XML2").unwrap_or(&empty).iter().chain(dossier.get("XML3").unwrap_or(&empty)) {
            let order = &line["NGAY_YL"];
            assert!(&visit["NGAY_VAO"] <= order && order <= &visit["NGAY_RA"], "{facility} {link} {line:?}");
            let result = line.get("NGAY_KQ").filter(|result| !result.is_empty());
            let fits =
                result.is_none_or(|result| order <= result && &line["NGAY_TH_YL"] <= result && result <= &visit["NGAY_RA"]);
            assert!(fits, "{facility} {link} {visit:?} {line:?}");
        }
    }
}

#[test]
fn shares_are_those_of_a_city() {
    let made = shared();
    let visits: Vec<_> = made.dossiers.values().map(|d| &d["XML1"][0]).collect();
    let share =
        |fits: &dyn Fn(&BTreeMap<String, String>) -> bool| visits.iter().filter(|v| fits(v)).count() as f64 / visits.len() as f64;
    let form = |code: &'static str| share(&move |v: &BTreeMap<String, String>| v["MA_LOAI_KCB"] == code);
    assert!((0.5..0.8).contains(&form("01")), "{}", form("01"));
    assert!((0.06..0.16).contains(&form("03")), "{}", form("03"));
    assert!((0.05..0.2).contains(&form("05")), "{}", form("05"));
    assert!(["02", "04", "07", "09"].iter().all(|code| form(code) > 0.004));
    let stations = share(&|v| v["MA_CSKCB"].as_str() >= "01501");
    assert!((0.15..0.35).contains(&stations), "{stations}");
    let a_person = visits.len() as f64 / (8_800_000.0 * 0.004);
    assert!((0.1..0.22).contains(&a_person), "{a_person}");
    let lines = made.summary.lines as f64 / visits.len() as f64;
    // A real city has about ten a visit; in so small a one the planted visits of the cheapest content are many.
    assert!((8.5..11.5).contains(&lines), "{lines}");
}

#[test]
fn truth_names_rows_that_are_there_and_every_scheme() {
    let made = shared();
    let honest = lines(&made.folder, "claims_lookalike_2026-10.csv");
    assert_eq!((made.truth.len() as u64, honest.len() as u64), (made.summary.planted, made.summary.lookalikes));
    let there = |facility: &str, link: &str, table: &str, line: Option<u64>| {
        let dossier = made.dossiers.get(&(facility.to_owned(), link.to_owned()));
        let rows = dossier.map(|d| d.get(&table.to_uppercase()).map_or(0, Vec::len) as u64);
        rows.is_some_and(|rows| line.is_none_or(|line| (1..=rows).contains(&line)))
    };
    for row in &made.truth {
        assert!(there(&row.facility, &row.ma_lk, &row.table, row.line) && row.amount >= 0, "{row:?}");
    }
    for row in &honest {
        assert!(there(&row[0], &row[1], &row[2], row[3].parse().ok()) && row[5].is_empty(), "{row:?}");
    }
    let planted: BTreeSet<&str> = made.truth.iter().map(|t| t.scheme.as_str()).collect();
    let alike: BTreeSet<&str> = honest.iter().map(|row| row[4].as_str()).collect();
    let only_alike = ["lab-sent-out"];
    for scheme in SCHEMES.iter().filter(|scheme| !only_alike.contains(scheme)) {
        assert!(planted.contains(scheme), "{scheme} is not planted");
    }
    // Faults of rows look like nothing honest, and a split of a stay that is one looks like cycles of treatment.
    for scheme in SCHEMES.iter().filter(|scheme| **scheme != "row-fault") {
        assert!(alike.contains(scheme), "nothing looks like {scheme}");
    }
    let faults: BTreeSet<&str> = made.truth.iter().filter(|t| t.scheme == "row-fault").map(|t| t.rule.as_str()).collect();
    assert!(faults.len() > 15, "{faults:?}");
}

#[test]
fn planted_stays_overlap_at_two_hospitals_and_transfers_only_touch() {
    let made = shared();
    let of = |dossier: &Dossier, names: &[&str]| {
        let visit = &dossier["XML1"][0];
        names.iter().find_map(|name| visit.get(*name)).cloned().unwrap_or_default()
    };
    let who = |dossier: &Dossier| (of(dossier, &["HO_TEN"]), of(dossier, &["NGAY_SINH"]));
    let days = |dossier: &Dossier| (of(dossier, &["NGAY_VAO"])[..8].to_owned(), of(dossier, &["NGAY_RA"])[..8].to_owned());
    // Days of the other inpatient stays of the same person, at other facilities.
    let others = |facility: &str, link: &str| -> Vec<(String, String)> {
        let own = &made.dossiers[&(facility.to_owned(), link.to_owned())];
        let others = made.dossiers.iter().filter(|((other, _), dossier)| {
            other != facility && of(dossier, &["MA_LOAI_KCB"]) == "03" && who(dossier) == who(own)
        });
        others.map(|(_, dossier)| days(dossier)).collect()
    };
    let own_days = |facility: &str, link: &str| days(&made.dossiers[&(facility.to_owned(), link.to_owned())]);
    for row in made.truth.iter().filter(|row| row.scheme == "overlapping-admissions") {
        let (from, to) = own_days(&row.facility, &row.ma_lk);
        let overlaps = |other: &(String, String)| other.0 < from && from < other.1 && other.0 < to;
        assert!(others(&row.facility, &row.ma_lk).iter().any(overlaps), "the later of the two stays is named: {row:?}");
        assert!(row.amount > 0, "{row:?}");
    }
    for row in lines(&made.folder, "claims_lookalike_2026-10.csv").iter().filter(|row| row[4] == "overlapping-admissions") {
        let (from, to) = own_days(&row[0], &row[1]);
        let stays = others(&row[0], &row[1]);
        assert!(stays.iter().any(|other| other.1 == from), "it begins on the day on which the other one ends: {row:?}");
        assert!(stays.iter().all(|other| other.1 <= from || to <= other.0), "{row:?}");
    }
}

#[test]
fn the_same_seed_writes_the_same_bytes_on_any_number_of_threads() {
    let bytes = |threads: usize, seed: u64| {
        let folder = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| make(folder.path(), 0.0005, seed, true));
        files(folder.path())
    };
    let (one, four) = (bytes(1, 7), bytes(4, 7));
    assert_eq!(one.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == four[name], "{name} differs");
    }
    assert_ne!(one, bytes(2, 8));
}

#[test]
fn without_schemes_only_what_is_honest_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let summary = make(folder.path(), 0.002, 3, false);
    assert!(summary.planted == 0 && summary.lookalikes > 50, "{summary:?}");
    assert!(lines(folder.path(), "claims_2026-10.csv").is_empty());
}

#[test]
fn every_odd_shape_is_met() {
    let made = shared();
    let all: Vec<Vec<u8>> = files(&made.folder.join("claims/2026-10")).into_values().collect();
    let texts: Vec<String> = all.iter().map(|bytes| dossiers::text(bytes)).collect();
    let some = |fits: &dyn Fn(&str) -> bool| texts.iter().filter(|text| fits(text)).count();
    assert!(all.iter().any(|bytes| bytes.starts_with(b"\xff\xfe")) && all.iter().any(|bytes| bytes.starts_with(b"\xef\xbb\xbf")));
    assert!(some(&|text| !text.contains("<?xml version")) > 0);
    assert!(some(&|text| text.contains("<NOIDUNGFILE><TONG_HOP>")) > 0, "inline");
    assert!(some(&|text| !text.contains("CHUKYDONVI")) > 0 && some(&|text| !text.contains("NGAYLAP")) > 0);
    assert!(some(&|text| text.lines().count() > 20) > 0, "base64 in lines");
    let inner = |text: &str, wanted: &str| {
        let contents = dossiers::between(text, "<NOIDUNGFILE>", "</NOIDUNGFILE>");
        contents.iter().filter(|c| !c.starts_with('<')).any(|c| String::from_utf8_lossy(&dossiers::decode(c)).contains(wanted))
    };
    assert!(some(&|text| inner(text, "<![CDATA[")) > 0 && some(&|text| inner(text, "<MA_THE>")) > 0);
    assert!(some(&|text| text.len() > 1_000) > made.summary.files as usize / 2);
}

#[test]
fn findings_that_say_what_is_planted_score_one() {
    let made = shared();
    let with_rules = made.truth.iter().filter(|t| !t.rule.is_empty());
    let found: Vec<PredictedClaim> = with_rules
        .map(|t| PredictedClaim {
            facility: t.facility.clone(),
            ma_lk: t.ma_lk.clone(),
            table: t.line.map(|_| t.table.clone()),
            line: t.line,
            rule: t.rule.clone(),
        })
        .collect();
    let score = city::score::claims(&made.truth, &found);
    assert_eq!((score.precision, score.recall), (1.0, 1.0), "{:?}", score.by_rule);
    assert!(score.by_scheme["phantom-visits"].recall == 0.0 && score.by_scheme["row-fault"].recall == 1.0);
    let half: Vec<PredictedClaim> = found.iter().step_by(2).cloned().collect();
    assert!((0.45..0.55).contains(&city::score::claims(&made.truth, &half).recall));
}

#[test]
fn catalogues_hold_who_and_what_is_in_the_claims() {
    let made = shared();
    let catalogue = |name: &str| -> BTreeSet<Vec<String>> {
        let path = made.folder.join(format!("claims/catalogue/{name}_catalogue.csv"));
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let pairs = |name: &str| -> BTreeSet<(String, String)> {
        catalogue(name).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
    };
    let (staff, drugs, services, machines) = (pairs("staff"), pairs("drug"), pairs("service"), pairs("machine"));
    let beds: BTreeSet<(String, String, String)> =
        catalogue("bed").into_iter().map(|row| (row[0].clone(), row[1].clone(), row[2].clone())).collect();
    let marked: BTreeSet<(&str, &str)> = made.truth.iter().map(|t| (t.facility.as_str(), t.ma_lk.as_str())).collect();
    let empty = Vec::new();
    for ((facility, link), dossier) in made.dossiers.iter().filter(|((f, l), _)| !marked.contains(&(f.as_str(), l.as_str()))) {
        let has = |set: &BTreeSet<(String, String)>, code: &str| set.contains(&(facility.clone(), code.to_owned()));
        assert!(has(&staff, &dossier["XML1"][0]["MA_TTDV"]));
        for line in dossier.get("XML2").unwrap_or(&empty) {
            assert!(has(&drugs, &line["MA_THUOC"]) && has(&staff, &line["MA_BAC_SI"]), "{facility} {link} {line:?}");
        }
        for line in dossier.get("XML3").unwrap_or(&empty) {
            let code = &line["MA_DICH_VU"];
            assert!(code.is_empty() || code.contains(".K.") || has(&services, code), "{facility} {link} {line:?}");
            assert!(has(&staff, &line["MA_BAC_SI"]), "{facility} {link} {line:?}");
            let known = |column: &str, set: &BTreeSet<(String, String)>| line[column].is_empty() || has(set, &line[column]);
            assert!(known("NGUOI_THUC_HIEN", &staff) && known("MA_MAY", &machines), "{facility} {link} {line:?}");
            let bed = (facility.clone(), line["MA_KHOA"].clone(), line["MA_GIUONG"].clone());
            assert!(bed.2.is_empty() || beds.contains(&bed), "{facility} {link} {line:?}");
        }
        for row in dossier.get("XML4").unwrap_or(&empty) {
            assert!(has(&staff, &row["MA_BS_DOC_KQ"]), "{facility} {link} {row:?}");
        }
    }
}
