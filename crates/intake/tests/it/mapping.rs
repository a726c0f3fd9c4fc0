//! A file no layout knows: shown, mapped once, read ever after.

use std::path::Path;

use intake::{IntakeError, Layouts, Limits, Preview, Source, mapped_layout, preview, preview_at, suggest};

use crate::support::{layouts, line, merge, read, read_by, workbook};

/// Pupils as a made-up school program writes them: no heading is known to the layouts.
fn foreign() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["PHÒNG MÁY TRƯỜNG", "", "Năm học 2026-2027"]);
        for (column, text) in ["Thứ tự trong sổ", "Thuộc khối lớp", "Mã cá nhân"].iter().enumerate() {
            merge(sheet, (3, 4), (column as u16, column as u16), text);
        }
        merge(sheet, (3, 3), (3, 4), "Trẻ");
        merge(sheet, (3, 4), (5, 5), "Ghi thêm");
        line(sheet, 4, &["", "", "", "Gọi là", "Chào đời"]);
        line(sheet, 5, &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]);
        line(sheet, 6, &["1", "6A", "001215012345", "Nguyễn Văn An", "03/02/2015", ""]);
        line(sheet, 7, &["2", "6A", "001315012346", "Đỗ Thị Bình", "04/02/2015", "=1+1"]);
        line(sheet, 8, &["3", "6A", "001315012347", "", "05/02/2015", ""]);
    })
}

fn source(bytes: &[u8]) -> Source {
    Source::new("tre.xlsx", bytes.to_vec())
}

fn seen() -> Preview {
    preview(&source(&foreign()), layouts(), &Limits::default()).unwrap()
}

fn map(fields: [&str; 6]) -> Vec<Option<String>> {
    fields.iter().map(|f| Some((*f).to_owned()).filter(|f| !f.is_empty())).collect()
}

/// The project's layouts and one more.
fn layouts_with(text: &str) -> Layouts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/rosters");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|e| e == "yaml"));
    let files = files.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()));
    Layouts::load(files.chain([("mới.yaml".to_owned(), text.to_owned())])).unwrap()
}

const WHOLE: [&str; 6] = ["stt", "class", "personal_id", "full_name", "birth_date", ""];

#[test]
fn a_file_is_shown_as_it_looks() {
    assert!(matches!(read("tre.xlsx", &foreign()), Err(IntakeError::UnknownLayout { .. })));
    let seen = seen();
    assert_eq!((seen.sheet.as_deref(), seen.header_row), (Some("Sheet1"), 3));
    let headings: Vec<&str> = seen.columns.iter().map(|c| c.heading.as_str()).collect();
    assert_eq!(headings, ["Thứ tự trong sổ", "Thuộc khối lớp", "Mã cá nhân", "Trẻ Gọi là", "Trẻ Chào đời", "Ghi thêm"]);
    assert_eq!(seen.columns[3].samples, ["Nguyễn Văn An", "Đỗ Thị Bình"]);
    assert_eq!(seen.columns.iter().map(|c| c.filled).collect::<Vec<_>>(), [3, 3, 3, 2, 3, 1]);
}

#[test]
fn the_clerk_may_say_where_the_header_is() {
    let source = source(&foreign());
    let seen = preview_at(&source, Some("Sheet1"), 4, &Limits::default()).unwrap();
    assert_eq!((seen.header_row, seen.columns[3].heading.as_str()), (4, "Gọi là"));
    let nowhere = preview_at(&source, None, 2, &Limits::default());
    assert!(matches!(nowhere, Err(IntakeError::UnknownLayout { nearest: None, .. })));
    let sheet = preview_at(&source, Some("Khác"), 4, &Limits::default());
    assert_eq!(sheet.unwrap_err(), IntakeError::WrongSheet { sheets: vec!["Sheet1".into()] });
    let empty = preview(&Source::new("a.csv", b" \n".to_vec()), layouts(), &Limits::default());
    assert_eq!(empty.unwrap_err(), IntakeError::Empty);
}

#[test]
fn values_tell_what_headings_do_not() {
    let suggested = suggest(&seen(), layouts(), "pupils");
    assert_eq!(suggested[2].as_deref(), Some("personal_id"));
    assert_eq!(suggested[4].as_deref(), Some("birth_date"));
    assert_eq!((&suggested[0], &suggested[5]), (&None, &None));
    assert_eq!(suggest(&seen(), layouts(), "nothing"), vec![None; 6]);
    // Headings of the roster, of another roster, and twice the same.
    let text = "TT;Họ tên học sinh;Giới;Họ tên người lao động;Ngày chào đời\n1;Lê An;Nam;Đỗ Bình;03/02/2015\n";
    let seen = preview(&Source::new("a.csv", text.into()), layouts(), &Limits::default()).unwrap();
    let suggested = suggest(&seen, layouts(), "pupils");
    assert_eq!(suggested, [Some("stt"), Some("full_name"), Some("sex"), None, Some("birth_date")].map(|s| s.map(str::to_owned)));
}

#[test]
fn a_mapped_file_is_read_ever_after() {
    let text = mapped_layout(layouts(), "pupils", &seen(), &map(WHOLE), "pupils-phong-may").unwrap();
    let all = layouts_with(&text);
    assert_eq!(all.newest("pupils").unwrap().id, layouts().newest("pupils").unwrap().id);
    let read = read_by(&all, "tre.xlsx", &foreign(), None, &Limits::default()).unwrap();
    assert_eq!((read.report.layout.as_str(), read.report.roster.as_str()), ("pupils-phong-may", "pupils"));
    assert_eq!((read.report.stored, read.report.quarantined), (2, 1));
    assert_eq!(read.column("full_name"), ["Nguyễn Văn An", "Đỗ Thị Bình"]);
    assert_eq!((read.column("birth_date")[1].as_str(), read.column("school_year")[0].as_str()), ("2015-02-04", "2026-2027"));
    assert!(read.report.unknown_columns.is_empty());
    // It takes no file of others.
    let other = "Lớp;Mã định danh;Họ và tên;Ngày sinh;Năm học\n6A;001215012345;Lê An;03/02/2015;2026-2027\n";
    let read = read_by(&all, "a.csv", other.as_bytes(), None, &Limits::default()).unwrap();
    assert_ne!(read.report.layout, "pupils-phong-may");
}

#[test]
fn a_heading_that_stands_twice_may_be_mapped_at_its_ends() {
    let text = "Thuộc khối;Gọi là;Mã riêng;Chào đời;Gọi là\n6A;An;001215012345;03/02/2015;Nguyễn Văn An\n";
    let seen = preview(&Source::new("a.csv", text.into()), layouts(), &Limits::default()).unwrap();
    let mapping: Vec<_> = ["class", "", "personal_id", "birth_date", "full_name"]
        .iter()
        .map(|f| Some((*f).to_owned()).filter(|f| !f.is_empty()))
        .collect();
    let layout = mapped_layout(layouts(), "pupils", &seen, &mapping, "p-2").unwrap();
    let read =
        read_by(&layouts_with(&layout), "a.csv", format!("Năm học 2026-2027\n{text}").as_bytes(), None, &Limits::default());
    assert_eq!(read.unwrap().column("full_name"), ["Nguyễn Văn An"]);
}

#[test]
fn a_mapping_that_cannot_work_is_refused_with_every_reason() {
    let refused =
        |fields: [&str; 6], id: &str| mapped_layout(layouts(), "pupils", &seen(), &map(fields), id).unwrap_err().to_string();
    let lacking = refused(["stt", "", "personal_id", "", "birth_date", ""], "p-1");
    assert!(lacking.contains("“Lớp”") && lacking.contains("`full_name`"), "{lacking}");
    // The school year stands in the title rows.
    assert!(!lacking.contains("school_year"), "{lacking}");
    let twice = refused(["class", "class", "personal_id", "full_name", "birth_date", ""], "p-1");
    assert!(twice.contains("“Lớp” được ghép với hai cột"), "{twice}");
    let unknown = refused(["height", "class", "personal_id", "full_name", "birth_date", ""], "p-1");
    assert!(unknown.contains("`height`"), "{unknown}");
    assert!(refused(WHOLE, "pupils-2025").contains("đã có"));
    assert!(refused(WHOLE, "../p").contains("mã mẫu"));
    assert!(mapped_layout(layouts(), "nothing", &seen(), &map(WHOLE), "p-1").is_err());
    assert!(mapped_layout(layouts(), "pupils", &seen(), &map(WHOLE)[..5], "p-1").is_err());
    let mut bare = seen();
    bare.columns[3].heading.clear();
    let error = mapped_layout(layouts(), "pupils", &bare, &map(WHOLE), "p-1").unwrap_err().to_string();
    assert!(error.contains("cột thứ 4 không có tiêu đề"), "{error}");
    let mut alike = seen();
    alike.columns[4].heading = alike.columns[3].heading.clone();
    let error = mapped_layout(layouts(), "pupils", &alike, &map(WHOLE), "p-1").unwrap_err().to_string();
    assert!(error.contains("hai nghĩa"), "{error}");
}
