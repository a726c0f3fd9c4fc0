use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base::Date;
use desk::{AuditTally, DataAgreement, ReceiverRole};
use documents::paper::write_paper_markdown;
use documents::sheet::Moment;
use web::Texts;

use super::*;

/// Files below a folder of the project, with their paths below it.
fn files(folder: &str) -> Vec<(String, String)> {
    files_of(folder, "yaml")
}

fn files_of(folder: &str, kind: &str) -> Vec<(String, String)> {
    fn walk(root: &Path, at: &Path, kind: &str, found: &mut Vec<(String, String)>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(root, &path, kind, found);
            } else if path.extension().is_some_and(|ending| ending == kind) {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut found = Vec::new();
    walk(&root, &root, kind, &mut found);
    assert!(!found.is_empty(), "{folder}");
    found
}

fn texts() -> Texts {
    Texts::load(&[
        (Lang::Vi, "privacy.ftl", include_str!("../../../../locales/vi/privacy.ftl")),
        (Lang::En, "privacy.ftl", include_str!("../../../../locales/en/privacy.ftl")),
    ])
    .unwrap()
}

fn agreement(number: &str, fields: &[&str], last: &str) -> DataAgreement {
    let day = |text: &str| text.parse::<Date>().unwrap();
    DataAgreement {
        id: number.into(),
        number: number.into(),
        provider: "Sở Giáo dục".into(),
        receiver: "BHXH thành phố".into(),
        receiver_role: ReceiverRole::Controller,
        roster: "pupils".into(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        article: "Điều 19".into(),
        purpose: "Rà soát học sinh".into(),
        first_day: day("2026-09-01"),
        last_day: Some(day(last)),
        retention_months: 24,
        transfer: None,
        added_by: "u-city".into(),
        added_at: 0,
        ended_on: None,
        end_reason: None,
    }
}

/// The paper of 30 November 2026 with these agreements.
fn markdown(agreements: &[DataAgreement], officer: Option<&ProtectionOfficer>, lang: Lang) -> String {
    let texts = texts();
    let layouts = Layouts::load(files("formats/rosters")).unwrap();
    let schemas = TableSchemas::load(files("formats/tables"), files("formats/claims")).unwrap();
    let law = Law::load(files("law").iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap();
    let rules = Rules::load(files_of("rules", "md"), &law, &schemas).unwrap();
    let tally = ["view_person", "export", "sign_in"].map(|action| AuditTally {
        action: action.into(),
        object_kind: "person".into(),
        role: "commune_staff".into(),
        purpose: "coverage_review".into(),
        events: 1234,
    });
    let today: Date = "2026-11-30".parse().unwrap();
    let inputs = Inputs {
        l: texts.lang(lang),
        unit: "BHXH thành phố Hà Nội".into(),
        officer,
        layouts: &layouts,
        schemas: &schemas,
        rules: &rules,
        law: &law,
        agreements,
        received: BTreeSet::from(["pupils".to_owned(), "tax_settlement".to_owned()]),
        tally: &tally,
        counted_from: "2025-11-30".parse().unwrap(),
        today,
        made_at: Moment { date: today, hour: 8, minute: 5, second: 0 },
        made_by: "Phòng Bảo vệ dữ liệu".into(),
    };
    write_paper_markdown(&paper(&inputs))
}

#[test]
fn the_register_says_what_is_agreed_and_what_is_not() {
    let text = markdown(&[agreement("12/TT", &["class", "full_name", "address"], "2027-08-31")], None, Lang::Vi);
    let line = |part: &str| text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no `{part}` in {text}"));
    let pupils = line("12/TT");
    for part in [
        "Rà soát học sinh",
        "Điều 19",
        "Sở Giáo dục → BHXH thành phố",
        "24 tháng",
        "Định danh: 1 trường",
        "Nơi ở, liên hệ: 1 trường",
    ] {
        assert!(pupils.contains(part), "{part}: {pupils}");
    }
    assert!(!pupils.contains("Thu nhập"));
    let tax = line("Chưa có thỏa thuận");
    assert!(tax.contains("Thu nhập") && tax.contains("chưa kiểm chứng"), "{tax}");
    assert!(text.contains("Chưa chỉ định"), "that nobody is named is told");
    // The log: reads alone, by role and purpose.
    assert!(line("Mở trang của một người").contains("Công chức xã, phường | Rà soát đối tượng tham gia | 1.234"));
    assert!(!text.contains("sign_in"));
}

#[test]
fn what_no_one_compared_with_the_law_says_so() {
    let text = markdown(&[], None, Lang::Vi);
    let cites = |line: &&str| line.starts_with('|') && (line.contains("356/2025") || line.contains("91/2025"));
    let terms: Vec<&str> = text.lines().filter(cites).collect();
    assert!(terms.len() >= 6, "{text}");
    for line in terms {
        assert!(line.contains("chưa kiểm chứng"), "{line}");
    }
    assert!(text.contains("| 72 |"), "the clock of a breach");
    assert!(text.contains("Xem: 10 Nhận bản sao: 10"), "terms by kind of request");
}

#[test]
fn every_protected_column_of_the_contracts_is_in_it() {
    let text = markdown(&[], None, Lang::Vi);
    let schemas = TableSchemas::load(files("formats/tables"), files("formats/claims")).unwrap();
    let mut checked = 0;
    for table in schemas.iter() {
        let line =
            text.lines().find(|line| line.contains(&format!("| {} |", table.name))).unwrap_or_else(|| panic!("{}", table.name));
        for column in table.columns.iter().filter(|column| column.class > rules::DataClass::Pseudonymous) {
            assert!(line.contains(&column.name), "{}.{}: {line}", table.name, column.name);
            checked += 1;
        }
    }
    assert!(checked > 50, "only {checked}");
}

#[test]
fn an_agreement_that_ends_soon_and_the_officer_are_told_in_both_languages() {
    let officer = ProtectionOfficer::of("Phòng Bảo vệ dữ liệu", "024 0000 0000");
    let soon = [agreement("12/TT", &["class", "full_name"], "2026-12-31")];
    let text = markdown(&soon, officer.as_ref(), Lang::Vi);
    assert!(text.contains("Phòng Bảo vệ dữ liệu, 024 0000 0000") && text.contains("Thỏa thuận 12/TT hết hạn ngày 31/12/2026"));
    let english = markdown(&soon, officer.as_ref(), Lang::En);
    assert!(english.contains("Agreement 12/TT ends on") && english.contains("not verified"));
    assert!(!text.contains('⟦') && !english.contains('⟦'), "every word is there");
}

#[test]
fn rules_and_models_are_told_as_automated_processing_with_purpose_and_class() {
    let text = markdown(&[], None, Lang::Vi);
    let line = |part: &str| text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no `{part}` in {text}"));
    let poor = line("| poor-without-card |");
    assert!(poor.contains("Rà soát đối tượng") && poor.contains("| Người | Cần làm rõ | Trung bình |"), "{poor}");
    let schemas = TableSchemas::load(files("formats/tables"), files("formats/claims")).unwrap();
    let law = Law::load(files("law").iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap();
    let rules = Rules::load(files_of("rules", "md"), &law, &schemas).unwrap();
    for rule in rules.iter() {
        line(&format!("| {} |", rule.id));
    }
    assert!(line("Ghép nối người giữa các danh sách").contains("Trung bình"), "models stand there too");
    assert!(text.contains("Yêu cầu người xem xét lại") && text.contains("chưa được đọc"), "how one asks, and what is not known");
    assert!(!markdown(&[], None, Lang::En).contains('⟦'), "every word is there in both languages");
}
