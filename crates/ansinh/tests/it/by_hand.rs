//! Files as people make them: other spellings, broken rows and their way back, files of a wrong kind.

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use crate::support::{Outcome, ansinh, assert_whole, batches, book, text};

/// A data folder and a folder of files beside it.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// Two empty folders.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file with these bytes.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Takes a file in for 2026-10.
    pub fn intake(&self, roster: &str, file: &Path) -> Outcome {
        self.intake_with(roster, file, &[])
    }

    /// Takes a file in with further options.
    pub fn intake_with(&self, roster: &str, file: &Path, options: &[&str]) -> Outcome {
        let data = self.data();
        let fixed = ["intake", roster, text(file), "--period", "2026-10", "--data", text(&data), "--json"];
        ansinh(&[&fixed[..], options].concat())
    }

    /// Exit code 3 and the error's code, with nothing kept.
    fn refused(&self, roster: &str, file: &Path) -> String {
        let outcome = self.intake(roster, file);
        assert_eq!(outcome.code, 3, "{outcome:?}");
        assert!(batches(&book(&self.data())).is_empty(), "a refused file left a batch");
        outcome.error()["code"].as_str().unwrap().to_owned()
    }
}

/// A school's list with headers in spellings of its own, columns nobody asked for, and one impossible day.
pub fn school(rows: &[[&str; 9]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "TRƯỜNG THCS VĂN YÊN").unwrap();
    sheet.write_string(1, 0, "DANH SÁCH HỌC SINH").unwrap();
    sheet.write_string(2, 0, "Năm học: 2026 - 2027").unwrap();
    let head = [
        "TT",
        "LỚP HỌC",
        "Email phụ huynh",
        "Họ và tên học sinh",
        "Sinh ngày",
        "Số ĐDCN",
        "Nam/Nữ",
        "Nơi ở hiện nay",
        "Ngày vào Đội",
    ];
    let lines = std::iter::once(&head).chain(rows);
    for (row, cells) in lines.enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
            sheet.write_string(row as u32 + 4, column as u16, *cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A pupil's row.
pub const AN: [&str; 9] = [
    "1",
    "6A1",
    "an@example.com",
    "Nguyễn Thị An",
    "03/02/2015",
    "001315012345",
    "Nữ",
    "Số 5, tổ 3, phường Hà Đông",
    "26/03/2024",
];
/// A pupil's row.
pub const BINH: [&str; 9] = ["2", "6A1", "", "Lê Văn Bình", "31/02/2015", "001215012346", "Nam", "Tổ 7, phường Hà Đông", ""];
/// A pupil's row.
pub const CHI: [&str; 9] = ["3", "6A2", "", "Đỗ Quỳnh Chi", "12/11/2015", "001315012347", "Nữ", "Tổ 1, phường Yên Nghĩa", ""];

#[test]
fn a_broken_row_goes_to_the_clerk_and_comes_back() {
    let place = Place::new();
    let file = place.file("6A.xlsx", school(&[AN, BINH, CHI]));
    let first = place.intake("pupils", &file);
    assert_eq!(first.code, 1, "{first:?}");
    let report = first.json();
    assert_eq!((&report["read"], &report["stored"], &report["quarantined"]), (&3.into(), &2.into(), &1.into()), "{report}");
    assert_eq!(report["known"], false);
    let mut unknown: Vec<&str> =
        report["files"][0]["unknown_columns"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    unknown.sort_unstable();
    assert_eq!(unknown, ["Email phụ huynh", "Ngày vào Đội"], "columns nobody asked for are named");

    // The refused row lies in the rejects file as it stood, with its row, column and reason.
    let rejects = fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
    let row = rejects.lines().find(|line| line.contains("Lê Văn Bình")).unwrap_or_else(|| panic!("{rejects}"));
    for part in ["31/02/2015", "Sinh ngày", "Ngày không có thật", "001215012346"] {
        assert!(row.contains(part), "`{part}` in {row}");
    }
    assert!(row.split(',').any(|cell| cell == "7"), "the row of the file: {row}");
    assert!(!rejects.contains("Nguyễn Thị An") && !rejects.contains("Đỗ Quỳnh Chi"), "sound rows are not sent back");
    // What the command says holds no person's data: it may be logged.
    assert!(!first.stdout.contains("Bình") && !first.stderr.contains("Bình") && !first.stderr.contains("31/02"), "{first:?}");

    // The same file again changes nothing, whatever it is called.
    let before = batches(&book(&place.data()));
    for name in ["6A.xlsx", "ban-sao.xlsx"] {
        let again = place.intake("auto", &place.file(name, fs::read(&file).unwrap()));
        assert_eq!(again.json()["known"], true, "{again:?}");
        assert_eq!(batches(&book(&place.data())), before);
    }

    // Mended, the row goes in; of the file's three pupils three are stored.
    let mended = place.file("6A-sua.csv", rejects.replace("31/02/2015", "28/02/2015"));
    let second = place.intake("pupils", &mended);
    assert_eq!(second.code, 0, "{second:?}");
    let report = second.json();
    assert_eq!((&report["read"], &report["stored"], &report["quarantined"]), (&1.into(), &1.into(), &0.into()), "{report}");
    assert!(report["rejects_file"].is_null());
    let kept = batches(&book(&place.data()));
    assert_eq!(kept.iter().map(|b| b.stored).sum::<u64>(), 3);
    // The mended row knows its school year from the first file's title.
    assert!(kept.iter().all(|b| b.facts["school_year"] == "2026-2027"), "{kept:?}");
    assert_whole(&place.data());
}

/// Two schools whose rows are all refused have the same (empty) stored rows and are still two files.
#[test]
fn files_refused_row_by_row_are_kept_apart() {
    let place = Place::new();
    let mut other = BINH;
    other[3] = "Phạm Văn Dũng";
    for (name, row) in [("6A.xlsx", BINH), ("6B.xlsx", other)] {
        let outcome = place.intake("pupils", &place.file(name, school(&[row])));
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let report = outcome.json();
        assert_eq!(
            (&report["stored"], &report["quarantined"], &report["known"]),
            (&0.into(), &1.into(), &false.into()),
            "{report}"
        );
        let rejects = fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
        assert!(rejects.contains(row[3]), "the row of {name} is lost: {rejects}");
    }
    assert_eq!(batches(&book(&place.data())).len(), 2);
}

#[test]
fn a_changed_file_of_the_same_name_is_not_counted_beside_the_first() {
    let place = Place::new();
    assert_eq!(place.intake("pupils", &place.file("6A.xlsx", school(&[AN]))).code, 0);
    let outcome = place.intake("pupils", &place.file("6A.xlsx", school(&[AN, CHI])));
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert_eq!(outcome.error()["code"], "file_name_taken");
    assert_eq!(batches(&book(&place.data())).len(), 1);
}

#[test]
fn files_of_a_wrong_kind_say_what_they_are() {
    let place = Place::new();
    let workbook = school(&[AN, CHI]);
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("rong.xlsx", Vec::new(), "file_empty"),
        ("rong.csv", b"\xef\xbb\xbf\r\n\r\n".to_vec(), "file_empty"),
        ("cat.xlsx", workbook[..workbook.len() / 2].to_vec(), "file_truncated"),
        ("cong-van.xlsx", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec(), "not_a_table"),
        ("anh.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0".to_vec(), "not_a_table"),
        ("cu.xls", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![0; 512]].concat(), "workbook_old"),
        ("~$6A.xlsx", workbook.clone(), "file_locked"),
        ("hang-hoa.csv", "Mã hàng,Tên hàng,Đơn giá\nA1,Bút,5000\n".into(), "layout_unknown"),
        (
            "ngoac.csv",
            "Lớp,Mã định danh,Họ và tên,Ngày sinh,Năm học\n6A,\"001,Lê An,1/1/2015,2026-2027\n".into(),
            "quotes_broken",
        ),
    ];
    for (name, bytes, code) in cases {
        let found = place.refused("auto", &place.file(name, bytes));
        // An encrypted workbook has the same container as an old one.
        assert!(found == code || (code == "workbook_old" && found == "file_encrypted"), "{name}: {found}, not {code}");
    }
    assert_eq!(place.refused("auto", &place.folder.path().join("khong-co.xlsx")), "file_unreadable");
    // Of many files the error names the one.
    let outcome = place.intake("auto", &place.file("hang-hoa.csv", "Mã hàng,Tên hàng,Đơn giá\nA1,Bút,5000\n"));
    assert!(outcome.error()["place"].as_str().unwrap().starts_with("hang-hoa.csv"), "{outcome:?}");
    // A sound file of another roster than the one named.
    assert_eq!(place.refused("tax_settlement", &place.file("6A.xlsx", workbook)), "layout_unknown");
    assert_whole(&place.data());
}

#[test]
fn a_wrong_total_refuses_the_whole_file() {
    let place = Place::new();
    let total = ["", "", "", "Tổng số học sinh: 5 học sinh", "", "", "", "", ""];
    assert_eq!(place.refused("pupils", &place.file("6A.xlsx", school(&[AN, CHI, total]))), "declared_mismatch");
    let right = ["", "", "", "Tổng số học sinh: 2 học sinh", "", "", "", "", ""];
    let taken = place.intake("pupils", &place.file("6B.xlsx", school(&[AN, CHI, right])));
    assert_eq!((taken.code, &taken.json()["declared"]), (0, &2.into()), "{taken:?}");
}

#[test]
fn wrong_use_is_exit_code_2() {
    let place = Place::new();
    let file = place.file("6A.xlsx", school(&[AN]));
    let data = place.data();
    let unknown = place.intake("hoc-sinh", &file);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    let error = unknown.error();
    assert_eq!(error["code"], "usage");
    assert!(error["message"].as_str().unwrap().contains("pupils"), "the rosters there are: {error}");
    let wrong: [&[&str]; 7] = [
        &[],
        &["nhap"],
        &["intake", "pupils", "--period", "2026-10"],
        &["intake", "pupils", text(&file)],
        &["intake", "pupils", text(&file), "--period", "10/2026"],
        &["run", "--period", "2026-13"],
        &["config", "--threads", "nhieu"],
    ];
    for arguments in wrong {
        let outcome = ansinh(&[arguments, &["--data", text(&data)]].concat());
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:?}");
        assert!(!outcome.stderr.is_empty(), "{arguments:?} says nothing");
    }
    assert_eq!(ansinh(&["--help"]).code, 0);
    assert_eq!(ansinh(&["--version"]).code, 0);
}

/// `--json` promises one object on standard output, also for a line that is not understood.
#[test]
fn wrong_use_with_json_is_an_object_too() {
    for arguments in [&["run", "--period", "2026-13", "--json"][..], &["nhap", "--json"], &["--json"]] {
        let outcome = ansinh(arguments);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert_eq!(outcome.error()["code"], "usage", "{outcome:?}");
    }
}

/// One archive with the lists of a school, and the same rows from a table of another program.
#[test]
fn archives_and_parquet_files_are_rosters_too() {
    use std::io::Write as _;
    use std::sync::Arc;

    use engine::arrow::array::{ArrayRef, Date32Array, StringArray};
    use engine::arrow::datatypes::{DataType, Field, Schema};
    use engine::arrow::record_batch::RecordBatch;

    let place = Place::new();
    let mut archive = Archive::default();
    archive.add("Truong Van Yen/6A.xlsx", &school(&[AN]));
    archive.add("Truong Van Yen/6B.xlsx", &school(&[CHI, BINH]));
    let taken = place.intake("auto", &place.file("truong.zip", archive.finish()));
    assert_eq!(taken.code, 1, "{taken:?}");
    let report = taken.json();
    let names: Vec<&str> = report["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["6A.xlsx", "6B.xlsx"]);
    assert_eq!((&report["read"], &report["stored"], &report["quarantined"]), (&3.into(), &2.into(), &1.into()), "{report}");
    assert_eq!(place.intake("auto", &place.folder.path().join("truong.zip")).json()["known"], true);

    // The same pupil as An of 6A, in columns with types.
    let heads = ["Lớp", "Số định danh", "Họ và tên", "Giới tính", "Năm học", "Địa chỉ"];
    let cells = ["6A1", "001315012345", "Nguyễn Thị An", "Nữ", "2026-2027", "Số 5, tổ 3, phường Hà Đông"];
    let mut fields: Vec<Field> = heads.iter().map(|h| Field::new(*h, DataType::Utf8, true)).collect();
    fields.push(Field::new("Ngày sinh", DataType::Date32, true));
    let schema = Arc::new(Schema::new(fields));
    let born: base::Date = "2015-02-03".parse().unwrap();
    let mut columns: Vec<ArrayRef> = cells.iter().map(|c| Arc::new(StringArray::from(vec![*c])) as ArrayRef).collect();
    columns.push(Arc::new(Date32Array::from(vec![born.days_since_epoch()])));
    let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
    let path = place.folder.path().join("hoc-sinh.parquet");
    engine::write_parquet(&path, schema, &[batch]).unwrap();
    let taken = place.intake("auto", &path);
    assert_eq!(taken.code, 0, "{taken:?}");
    assert_eq!((&taken.json()["stored"], &taken.json()["files"][0]["roster"]), (&1.into(), &"pupils".into()));
    assert_eq!(place.intake("pupils", &path).json()["known"], true);
    // A column that holds no cell of a table is told, and nothing is kept.
    let mut cut = fs::read(&path).unwrap();
    cut.truncate(cut.len() / 2);
    let cut = place.intake("auto", &place.file("cut.parquet", cut));
    assert_eq!((cut.code, &cut.error()["code"]), (3, &"file_truncated".into()), "{cut:?}");
    assert_whole(&place.data());

    /// A ZIP without compression, as bytes.
    #[derive(Default)]
    struct Archive {
        bytes: Vec<u8>,
        directory: Vec<u8>,
        count: u16,
    }

    impl Archive {
        fn add(&mut self, name: &str, content: &[u8]) {
            let offset = self.bytes.len() as u32;
            let (sum, size, length) = (crc32(content), content.len() as u32, name.len() as u16);
            let mut facts = Vec::new();
            // Version, UTF-8 names, stored, no time.
            facts.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
            facts.extend(sum.to_le_bytes());
            facts.extend([size.to_le_bytes(), size.to_le_bytes()].concat());
            facts.extend(length.to_le_bytes());
            facts.extend([0, 0]);
            self.bytes.write_all(b"PK\x03\x04").unwrap();
            self.bytes.extend(&facts);
            self.bytes.extend(name.as_bytes());
            self.bytes.extend(content);
            self.directory.extend(b"PK\x01\x02\x14\x00");
            self.directory.extend(&facts);
            self.directory.extend([0; 10]);
            self.directory.extend(offset.to_le_bytes());
            self.directory.extend(name.as_bytes());
            self.count += 1;
        }

        fn finish(mut self) -> Vec<u8> {
            let (at, size) = (self.bytes.len() as u32, self.directory.len() as u32);
            self.bytes.append(&mut self.directory);
            self.bytes.extend(b"PK\x05\x06\0\0\0\0");
            self.bytes.extend([self.count.to_le_bytes(), self.count.to_le_bytes()].concat());
            self.bytes.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
            self.bytes.extend([0, 0]);
            self.bytes
        }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        };
        !bytes.iter().fold(u32::MAX, step)
    }
}
