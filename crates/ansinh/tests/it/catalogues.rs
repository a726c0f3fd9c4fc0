//! Catalogues in a folder beside the claims of a hospital: what could not be checked without them is checked.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::{PERIOD, ansinh, files_below, good, text};

fn check(arguments: &[&str]) -> Value {
    let outcome = ansinh(&[&["claims", "check"][..], arguments, &["--json"]].concat());
    assert!(outcome.code <= 1, "{outcome:?}");
    outcome.json()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn the_catalogues_of_the_city_are_read_and_used() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("thành phố");
    good(&["city", "--scale", "0.001", "--seed", "31", "--from", PERIOD, "--months", "1", "--claims", "--out", text(&city)]);
    let claims = files_below(&city.join("claims").join(PERIOD));
    let file = text(claims.iter().find(|path| path.extension().is_some_and(|e| e == "xml")).unwrap());
    let catalogue = city.join("claims/catalogue");

    let without = check(&[file]);
    let missing = ["icd", "facility", "drug", "service", "supply", "staff", "department", "bed", "machine", "occupation"];
    assert_eq!(words(&without["catalogues_missing"]), missing, "only the communes are known without a folder");
    assert_eq!(without["catalogues"], serde_json::json!([]));

    let with = check(&[file, "--catalogues", text(&catalogue)]);
    assert_eq!(words(&with["catalogues_missing"]), ["occupation"], "{}", with["catalogues"]);
    let read = with["catalogues"].as_array().unwrap();
    let rows: BTreeMap<&str, u64> = read.iter().map(|f| (f["roster"].as_str().unwrap(), f["rows"].as_u64().unwrap())).collect();
    assert_eq!(rows.len(), 10, "{rows:?}");
    assert!(rows.values().all(|rows| *rows > 0), "{rows:?}");
    assert!(read.iter().all(|f| f["refused"] == 0 && f["error"].is_null()), "{read:?}");
    let lines = |name: &str| fs::read_to_string(catalogue.join(name)).unwrap().lines().count() as u64 - 1;
    assert_eq!(rows["drug_catalogue"], lines("drug_catalogue.csv"), "every row is there");
    assert_eq!(rows["service_component"], lines("service_part_catalogue.csv"));
    let silent = |report: &Value| words(&report["not_checkable"]).len();
    assert!(silent(&with) < silent(&without), "{} rules are silent with them, {} without", silent(&with), silent(&without));
}

#[test]
fn a_folder_without_catalogues_is_an_error_and_a_strange_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let claims = folder.path().join("rỗng.xml");
    fs::write(&claims, "<GIAMDINHHS><THONGTINDONVI><MACSKCB>01013</MACSKCB></THONGTINDONVI></GIAMDINHHS>").unwrap();
    let catalogues = folder.path().join("danh mục");
    fs::create_dir(&catalogues).unwrap();
    fs::write(catalogues.join("thu.csv"), "a,b\n1,2\n").unwrap();
    let arguments = ["claims", "check", text(&claims), "--catalogues", text(&catalogues), "--json"];
    let outcome = ansinh(&arguments);
    assert_eq!((outcome.code, outcome.error()["code"].as_str()), (3, Some("catalogues_missing")), "{outcome:?}");
    let beds = "MA_CSKCB,MA_KHOA,MA_GIUONG,TU_NGAY\n01013,K02,H001,20260401\n01013,K02,H002,20260231\n";
    fs::write(catalogues.join("giường.csv"), beds).unwrap();
    let report = ansinh(&arguments).json();
    let said = |at: usize| &report["catalogues"][at];
    assert_eq!((said(0)["roster"].as_str(), said(0)["rows"].as_u64()), (Some("bed_catalogue"), Some(1)), "{report}");
    assert_eq!(said(0)["refused"], 1);
    assert!(said(1)["roster"].is_null() && said(1)["error"].is_string(), "{report}");
}

#[test]
fn a_list_of_occupations_lets_its_rule_run() {
    let folder = tempfile::tempdir().unwrap();
    let visit = |link: &str, occupation: &str| {
        format!(
            "<HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE><TONG_HOP><MA_LK>{link}</MA_LK><MA_NGHE_NGHIEP>{occupation}</MA_NGHE_NGHIEP>\
             <NGAY_VAO>202610050830</NGAY_VAO><NGAY_RA>202610050915</NGAY_RA><MA_LOAI_KCB>01</MA_LOAI_KCB><MA_CSKCB>01013</MA_CSKCB></TONG_HOP>\
             </NOIDUNGFILE></FILEHOSO></HOSO>"
        )
    };
    let visits = [visit("LK1", "91119"), visit("LK2", "00000"), visit("LK3", "99")].concat();
    let claims = folder.path().join("ho-so.xml");
    let envelope = format!(
        "<GIAMDINHHS><THONGTINDONVI><MACSKCB>01013</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261006</NGAYLAP><SOLUONGHOSO>3</SOLUONGHOSO>\
         <DANHSACHHOSO>{visits}</DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>"
    );
    fs::write(&claims, envelope).unwrap();
    let catalogues = folder.path().join("danh mục");
    fs::create_dir(&catalogues).unwrap();
    fs::write(catalogues.join("nghe.csv"), "MA_NGHE_NGHIEP,TEN_NGHE_NGHIEP,TU_NGAY\n91119,Nghề Thử,20210115\n").unwrap();

    let without = check(&[text(&claims)]);
    assert!(words(&without["not_checkable"]).contains(&"occupation-unknown"), "{without}");
    let with = check(&[text(&claims), "--catalogues", text(&catalogues)]);
    let read = &with["catalogues"][0];
    assert_eq!((read["roster"].as_str(), read["rows"].as_u64()), (Some("occupation_catalogue"), Some(1)), "{with}");
    assert!(!words(&with["catalogues_missing"]).contains(&"occupation"), "{with}");
    let found: Vec<&str> = with["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "occupation-unknown")
        .map(|finding| finding["visit"].as_str().unwrap())
        .collect();
    assert_eq!(found, ["LK3"], "{with}");
}
