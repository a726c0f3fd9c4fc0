//! Units from a table: base offices and their communes, which the program knows from nobody and invents for nobody.

use serde_json::json;

use crate::accounts::admin;
use crate::server::Portal;
use crate::support::{ansinh, good, text};

/// Three offices in two ways: a line a unit, and a line a unit and commune.
const TABLE: &str = "Mã đơn vị,Tên đơn vị,Loại đơn vị,Mã đơn vị cấp trên,\"Xã, phường\"\n\
    bhxh-a,BHXH cơ sở A,BHXH cơ sở,bhxh-tp,Phường Hà Đông; 00004\n\
    bhxh-b,BHXH cơ sở B,base_office,bhxh-tp,Hoàn Kiếm\n\
    bhxh-b,,,,P. Cửa Nam\n\
    bhxh-tp,BHXH thành phố,BHXH thành phố,,\n";

#[test]
fn base_offices_come_from_a_table_and_every_commune_outside_is_named() {
    let (portal, _) = Portal::open_for_accounts();
    let data = text(portal.data.path());
    let mut admin = admin(&portal);
    let unknown = admin.get("/co-quan").page();
    assert!(unknown.contains("Chưa biết Thành phố có những BHXH cơ sở nào"), "{unknown}");
    let file = portal.data.path().join("don-vi.csv");
    std::fs::write(&file, TABLE).unwrap();
    let load = |more: &[&str]| good(&[&["users", "units", text(&file), "--data", data][..], more].concat());

    let dry = load(&["--dry-run"]);
    assert_eq!((&dry["written"], &dry["units"], &dry["new"]), (&json!(false), &json!(3), &json!(3)), "{dry}");
    assert!(admin.get("/co-quan").page().contains("Chưa biết Thành phố"), "nothing was written");
    let done = load(&[]);
    assert_eq!((&done["written"], &done["new"], &done["changed"]), (&json!(true), &json!(3), &json!(0)), "{done}");
    assert_eq!((&done["base_offices"], &done["in_several_offices"]), (&json!(2), &json!([])), "{done}");
    let outside = done["in_no_office"].as_array().unwrap();
    assert_eq!(outside.len(), 126 - 4, "all others are told, and none is given to an office by guess");
    assert!(!outside.contains(&json!("09556")) && !outside.contains(&json!("00082")), "{done}");
    let again = load(&[]);
    assert_eq!((&again["new"], &again["changed"]), (&json!(0), &json!(0)), "the same table changes nothing");

    let page = admin.get("/co-quan").page();
    assert!(page.contains("BHXH cơ sở A") && page.contains("Chưa thuộc BHXH cơ sở nào: 122"), "{page}");
    // A further table changes what it names and leaves the rest; a commune of two offices is told.
    std::fs::write(&file, "unit,communes\nbhxh-b,\"00070, 00082, 09556\"\n").unwrap();
    let moved = load(&[]);
    assert_eq!((&moved["new"], &moved["changed"], &moved["in_several_offices"]), (&json!(0), &json!(1), &json!(["09556"])));
    assert!(admin.get("/co-quan").page().contains("Thuộc hai BHXH cơ sở trở lên: 1"));
}

#[test]
fn a_table_with_a_mistake_writes_nothing_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (text(folder.path()), folder.path().join("don-vi.csv"));
    let head = "Mã đơn vị,Tên đơn vị,Loại đơn vị,Mã đơn vị cấp trên,\"Xã, phường\"\n";
    let good_line = "bhxh-a,BHXH cơ sở A,base_office,,00004\n";
    for (line, said) in [
        ("bhxh-b,BHXH cơ sở B,base_office,,Thị trấn Mây Mù", "dòng 3: không có xã, phường `Thị trấn Mây Mù`"),
        ("bhxh-b,BHXH cơ sở B,quan,,00070", "dòng 3: không có loại đơn vị `quan`"),
        ("bhxh-b,,,,00070", "cần tên và loại đơn vị"),
        ("bhxh-b,BHXH cơ sở B,base_office,,", "chưa có xã, phường nào"),
        ("bhxh-b,BHXH cơ sở B,base_office,khong-co,00070", "đơn vị cấp trên `khong-co` chưa có"),
        ("bhxh-b,BHXH cơ sở B,base_office,bhxh-b,00070", "một vòng"),
        ("BHXH B,BHXH cơ sở B,base_office,,00070", "chữ thường không dấu"),
        ("bhxh-a,BHXH cơ sở khác,,,00070", "khác dòng 2"),
        (",BHXH cơ sở B,base_office,,00070", "dòng 3"),
    ] {
        std::fs::write(&file, format!("{head}{good_line}{line}\n")).unwrap();
        let refused = ansinh(&["users", "units", text(&file), "--data", data, "--json"]);
        assert_eq!(refused.code, 3, "{line}: {refused:?}");
        let message = refused.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(said) && message.contains("chưa ghi gì"), "{line}: {message}");
    }
    for (name, bytes) in [("empty", head.as_bytes()), ("no table", b"xin chao"), ("no column", b"a,b\n1,2\n")] {
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(ansinh(&["users", "units", text(&file), "--data", data, "--json"]).code, 3, "{name}");
    }
    std::fs::write(&file, format!("{head}{good_line}")).unwrap();
    let done = good(&["users", "units", text(&file), "--data", data]);
    assert_eq!(done["new"], 1, "none of the tables before left anything: {done}");
}
