//! Letters, forms and form 09/BH from a case that a clerk can follow: three lines, two proposed to be refused.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use base::places::Places;
use base::{Date, Dong, FindingKey, Month, Strength, SubjectKind};
use desk::{AppealOutcome, LineDecision, ReviewCase, ReviewLine, ReviewRecord, ReviewState};
use documents::letter::{Letter, Letters, Marks, write_docx};
use documents::sheet::Cell;
use web::{Lang, Locale, Texts};

use super::*;

mod answer;
mod answer_xml;

const CASE: &str = "0192aaaa-0000-7000-8000-000000000001";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str) -> Vec<(String, String)> {
    let paths = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())).collect()
}

fn pairs(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

fn vi() -> Locale<'static> {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| {
        let files = files("locales/vi");
        let all: Vec<(Lang, &str, &str)> = pairs(&files).map(|(name, text)| (Lang::Vi, name, text)).collect();
        Texts::load(&all).unwrap()
    });
    texts.lang(Lang::Vi)
}

fn papers() -> PaperForms {
    PaperForms::load(pairs(&files("formats/claims/forms"))).unwrap()
}

fn places() -> Places {
    let file = |name: &str| fs::read_to_string(root().join("formats/places").join(name)).unwrap();
    Places::from_csv(&file("communes.csv"), &file("old_units.csv")).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn line(id: &str, line_no: i64, asked: i64, proposed: i64) -> ReviewLine {
    ReviewLine {
        id: id.into(),
        finding: FindingKey::new(id, SubjectKind::Visit, "1", &[]),
        rule: "drug-twice-in-day".into(),
        strength: Strength::Absolute,
        line_table: Some("xml2".into()),
        line_no: Some(line_no),
        reason: format!("Ghi hai lần, dòng {line_no}"),
        law: format!("Khoản {line_no} Điều 5 Thông tư mẫu"),
        asked: Dong::new(asked),
        proposed: Dong::new(proposed),
        decided: Dong::ZERO,
        overturned: Dong::ZERO,
        decision: None,
        decision_reason: None,
        appealed: false,
        appeal: None,
        appeal_reason: None,
    }
}

fn lines() -> Vec<ReviewLine> {
    vec![line("l-a", 1, 60_000, 50_000), line("l-b", 2, 40_000, 40_000), line("l-c", 3, 10_000, 0)]
}

fn record(state: ReviewState, lines: Vec<ReviewLine>) -> ReviewRecord {
    let all = |of: fn(&ReviewLine) -> Dong| sum(lines.iter().map(of));
    let case = ReviewCase {
        id: CASE.into(),
        visit: 11,
        follows: 0,
        facility: "01001".into(),
        commune: None,
        period: month("2026-10"),
        portal_code: Some("998877".into()),
        state,
        owner: None,
        billed: Dong::new(900_000),
        expected: Dong::ZERO,
        strength: Strength::Absolute,
        sent_on: Some(day("2026-11-02")),
        due: Some(day("2026-11-05")),
        answered_on: None,
        late: false,
        notice: None,
        pending: None,
        referred: None,
        asked: all(|line| line.asked),
        proposed: all(|line| line.proposed),
        decided: all(|line| line.decided),
        overturned: all(|line| line.overturned),
        collected: Dong::ZERO,
        version: 3,
        opened_at: 0,
        changed_at: 0,
    };
    ReviewRecord { case, lines, answers: Vec::new(), files: Vec::new(), steps: Vec::new(), history: Vec::new() }
}

fn letter(which: CaseLetter, record: &ReviewRecord) -> Letter {
    let files = files("letters");
    let letters = Letters::load(pairs(&files)).unwrap();
    let about = About {
        record,
        facility: "Bệnh viện Mẫu".into(),
        dossier: "LK-0001".into(),
        law: "Thông tư số 12/2026/TT-BTC".into(),
        due_days: "3".into(),
        appeal_term: vi().t_args("claims-letter-appeal-unknown", &[("ground", "khoản 3 Điều 51 Nghị định mẫu".into())]),
        unit: "BHXH thành phố Hà Nội",
        officer: "Cán bộ Mẫu".into(),
        month: month("2026-11"),
        protection: String::new(),
    };
    case_letter(which, letters.get(which.template()).unwrap(), vi(), &about)
}

/// The words of a letter as they stand in its file, paragraph by paragraph.
fn text(letter: &Letter) -> String {
    let bytes = write_docx(letter, &Marks::default()).unwrap();
    let mut xml = String::new();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut text = String::new();
    for part in xml.replace("</w:p>", "\n").split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, words)| words));
    }
    text.replace('\u{a0}', " ")
}

#[test]
fn the_notice_tells_each_proposed_line_and_names_nobody() {
    let letter = letter(CaseLetter::Finding, &record(ReviewState::Proposed, lines()));
    assert_eq!(letter.symbol, "TB-BHXH");
    let annex = letter.annex.as_ref().unwrap();
    let rows: Vec<String> = annex.rows.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(rows.len(), 3, "two lines and their sum; the third has nothing proposed");
    assert!(rows[0].starts_with("1 | Hồ sơ LK-0001; ") && rows[0].contains("Ghi hai lần, dòng 1"), "{}", rows[0]);
    assert!(rows[0].ends_with(" | Khoản 1 Điều 5 Thông tư mẫu | 60.000 | 50.000"), "{}", rows[0]);
    assert!(rows[2].ends_with(" | 100.000 | 90.000"), "{}", rows[2]);
    let text = text(&letter);
    for part in [
        "THÔNG BÁO",
        "Kính gửi: Bệnh viện Mẫu",
        "mã cơ sở 01001",
        "LK-0001",
        "3 ngày làm việc",
        "mẫu 09/BH",
        "90.000 đ",
        "Cán bộ Mẫu",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains('{') && !text.contains("Ghi hai lần, dòng 3"), "{text}");
}

#[test]
fn the_decision_has_reason_law_and_amount_of_each_line_and_the_way_to_appeal() {
    let mut lines = lines();
    lines[0].decided = Dong::new(50_000);
    lines[0].decision = Some(LineDecision::Refused);
    lines[1].decided = Dong::new(15_000);
    lines[1].decision = Some(LineDecision::Adjusted);
    lines[1].decision_reason = Some("Có y lệnh cho 25.000 đồng.".into());
    let letter = letter(CaseLetter::Conclusion, &record(ReviewState::Decided, lines));
    let annex = letter.annex.as_ref().unwrap();
    assert!(annex.rows[1][2].contains("Khoản 2 Điều 5") && annex.rows[1][2].contains("Có y lệnh cho 25.000 đồng"), "{annex:?}");
    assert_eq!(annex.rows[2][3..], ["90.000", "65.000"]);
    let text = text(&letter);
    for part in [
        "Số tiền từ chối thanh toán theo kết luận: 65.000 đ",
        "được chấp nhận thanh toán: 25.000 đ",
        "có quyền kiến nghị",
        "Thời hạn kiến nghị: chưa xác định [?]",
        "khoản 3 Điều 51",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_answer_to_an_appeal_is_about_the_appealed_lines_alone() {
    let mut lines = lines();
    for line in &mut lines[..2] {
        line.decided = line.proposed;
        line.decision = Some(LineDecision::Refused);
    }
    lines[1].appealed = true;
    lines[1].appeal = Some(AppealOutcome::Partly);
    lines[1].overturned = Dong::new(10_000);
    lines[1].appeal_reason = Some("Chứng từ hợp lệ một phần".into());
    let letter = letter(CaseLetter::AppealAnswer, &record(ReviewState::Final, lines));
    let annex = letter.annex.as_ref().unwrap();
    assert_eq!(annex.rows.len(), 2);
    assert_eq!(annex.rows[1][3..], ["40.000", "10.000"]);
    let text = text(&letter);
    assert!(text.contains("V/v trả lời kiến nghị") && text.contains("giữ nguyên từ chối thanh toán: 30.000 đ"), "{text}");
    assert!(text.contains("Chứng từ hợp lệ một phần") && !text.contains("Ghi hai lần, dòng 1"), "{text}");
}

#[test]
fn a_cost_line_that_two_findings_name_asks_once() {
    let mut lines = lines();
    lines[1].line_no = Some(1);
    let letter = letter(CaseLetter::Finding, &record(ReviewState::Proposed, lines));
    assert_eq!(letter.annex.as_ref().unwrap().rows[2][3..], ["60.000", "90.000"]);
    assert!(text(&letter).contains("Số tiền đề nghị quỹ bảo hiểm y tế thanh toán: 60.000 đ"));
}

#[test]
fn a_letter_is_written_when_the_case_stands_so() {
    use ReviewState::{Appealed, Closed, Decided, Final, Open, Proposed, Sent};
    assert!(CaseLetter::Finding.fits(Proposed) && CaseLetter::Finding.fits(Sent) && !CaseLetter::Finding.fits(Open));
    assert!([Decided, Appealed, Final].into_iter().all(|state| CaseLetter::Conclusion.fits(state)));
    assert!(!CaseLetter::Conclusion.fits(Sent) && !CaseLetter::Conclusion.fits(Closed));
    assert!(CaseLetter::AppealAnswer.fits(Final) && !CaseLetter::AppealAnswer.fits(Appealed));
    assert!(CaseLetter::ALL.into_iter().all(|one| CaseLetter::of(one.word()) == Some(one)));
}

#[test]
fn minutes_hold_what_is_proposed_and_their_sums() {
    let mut lines = lines();
    lines[0].decided = Dong::new(50_000);
    lines[0].overturned = Dong::new(5_000);
    let minutes = Minutes {
        facility: "Bệnh viện Mẫu (01001)".into(),
        period: month("2026-10"),
        cases: vec![
            MinutesCase { dossier: "LK-0001".into(), lines },
            MinutesCase { dossier: "LK-0002".into(), lines: vec![line("l-d", 7, 20_000, 20_000)] },
        ],
        unit: "BHXH thành phố Hà Nội",
        officer: "Cán bộ Mẫu".into(),
        month: month("2026-11"),
        taken_out: "Người xuất: Cán bộ Mẫu".into(),
    };
    let letter = minutes_letter(&papers().minutes, vi(), &minutes);
    let annex = letter.annex.as_ref().unwrap();
    assert_eq!(annex.columns.len(), 6);
    assert_eq!((annex.rows.len(), annex.words), (4, 2), "three lines and their sum");
    assert_eq!(annex.rows[0][3..], ["60.000", "50.000", "45.000"], "what was taken back is not refused");
    assert_eq!(annex.rows[3][3..], ["120.000", "110.000", "45.000"]);
    let text = text(&letter);
    for part in ["BIÊN BẢN GIÁM ĐỊNH", "mẫu 03/BH", "LK-0002", "Số hồ sơ: 2; số dòng: 3", "chưa được xem [U]", "Người xuất"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_summary_ends_with_its_sum_and_a_month_that_is_not_there_has_no_amount() {
    let part = |name: &str, visits, total, fund| OfCareForm {
        name: name.into(),
        visits,
        days: 2,
        total_bh: Dong::new(total),
        fund: Dong::new(fund),
        beside: Some(Beside {
            total: Dong::new(total + 7_000),
            copay: Dong::new(total - fund),
            patient: Dong::new(5_000),
            other: Dong::new(2_000),
            differs: Dong::ZERO,
        }),
    };
    let forms = papers();
    let mut parts = [part("01. Khám bệnh", 3, 100_000, 80_000), part("03. Nội trú", 1, 50_000, 50_000)];
    let rows = summary_rows(&forms.summary, vi(), &parts);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2][2..], [4, 4, 164_000, 150_000, 130_000, 20_000, 10_000, 4_000, 0].map(Cell::Int));
    for row in &rows {
        let [Cell::Int(whole), _, parts @ ..] = &row[4..] else { panic!("{row:?}") };
        let sum: i64 = parts.iter().map(|cell| if let Cell::Int(dong) = cell { *dong } else { 0 }).sum();
        assert_eq!(sum, *whole, "fund, co-payment, patient, other sources and what is left are the whole: {row:?}");
    }
    parts[1].beside = None;
    let rows = summary_rows(&forms.summary, vi(), &parts);
    assert_eq!(rows[2][5..7], [150_000, 130_000].map(Cell::Int));
    assert_eq!(rows[2][7], Cell::Empty, "the co-payment of some visits is no sum of all");
    assert_eq!(rows[0][7], Cell::Int(20_000), "where it is told it stands");
    let sums = |month: Month, asked| MonthSums {
        month,
        asked,
        refused: Dong::new(5_000),
        pending: Dong::new(1_000),
        national: Dong::new(2_000),
    };
    let known = Some((3, Dong::new(80_000)));
    let rows = settlement_rows(&forms.settlement, vi(), &[sums(month("2026-10"), known), sums(month("2026-11"), None)]);
    assert_eq!(rows[0][2..], [3, 80_000, 5_000, 1_000, 2_000, 72_000].map(Cell::Int));
    assert_eq!(rows[1][2..4], [Cell::Empty, Cell::Empty]);
    assert_eq!(rows[2][3], Cell::Empty, "two months of which one is not known have no sum");
    assert_eq!(rows[2][4], Cell::Int(10_000));
}

#[test]
fn faulty_forms_are_refused_with_their_file() {
    let faults = |file: &str, from: &str, to: &str| {
        let mut all = files("formats/claims/forms");
        let one = all.iter_mut().find(|(name, _)| name == file).unwrap();
        assert!(one.1.contains(from), "{from}");
        one.1 = one.1.replace(from, to);
        PaperForms::load(pairs(&all)).unwrap_err()
    };
    for (file, from, to) in [
        ("01bh.yaml", "name: fund", "name: funds"),
        ("03bh.yaml", "name: proposed", "name: asked"),
        ("09bh.yaml", "name: version", "name: due"),
        ("09bh.yaml", "code: \"2\"", "code: \"1\""),
        ("09bh.yaml", "answer: explain", "answer: appeal"),
        ("06bh.yaml", "columns:", "pages:"),
    ] {
        let found = faults(file, from, to);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].file, format!("forms/{file}"));
    }
}
