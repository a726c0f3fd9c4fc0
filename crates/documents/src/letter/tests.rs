use std::io::Read;

use super::docx::document;
use super::*;

const TEMPLATE: &str = "---\nto: person\ntitle: Thư mời\nsymbol: TM\nsubject: Về việc tham gia bảo hiểm y tế\n---\n\
    Kính gửi {recipient}, sinh ngày {born}.\n\n{facts}\n\nHạn trả lời: {due_days} ngày làm việc.\n";

fn letter(body: Vec<Block>) -> Letter {
    Letter {
        organ_above: None,
        organ: "Ủy ban nhân dân phường Ba Đình".into(),
        symbol: "TM-UBND".into(),
        place: "Ba Đình".into(),
        month: "2026-02".parse().unwrap(),
        kind: Kind::Notice { title: "Thư mời".into() },
        subject: "Về việc tham gia bảo hiểm y tế".into(),
        to: vec!["Ông Nguyễn Văn An <test> & gia đình".into()],
        body,
        signer: "Chủ tịch".into(),
        copies: vec!["Như trên".into()],
        prepared_by: "Lê Thị Bình".into(),
        protection: "Dữ liệu cá nhân: Phòng Bảo vệ dữ liệu, 024 0000 0000".into(),
        annex: None,
    }
}

#[test]
fn every_field_prints_what_it_is_given() {
    let text: String =
        FIELDS.iter().filter(|(name, _)| *name != "facts").map(|(name, _)| format!("{name} là {{{name}}}.\n\n")).collect();
    let template = Template::parse("letters/a.md", &format!("---\nto: facility\nsubject: thử\n---\n{text}{{facts}}\n")).unwrap();
    assert_eq!(template.fields().len(), FIELDS.len());
    let texts = FIELDS.iter().map(|(name, _)| (*name, format!("<{name}>"))).collect();
    let values = Values { texts, facts: vec!["điều một".into(), "điều hai".into()] };
    let body = template.fill(&values);
    for (name, _) in FIELDS.iter().filter(|(name, _)| *name != "facts") {
        assert!(body.contains(&Block::Paragraph(format!("{name} là <{name}>."))), "{name}: {body:?}");
    }
    assert!(body.contains(&Block::Item("điều hai".into())));
    let written = document(&letter(body), &Marks::default());
    for (name, _) in FIELDS.iter().filter(|(name, _)| *name != "facts") {
        assert!(written.contains(&format!("&lt;{name}&gt;")), "{name} is in the file");
    }
}

#[test]
fn a_letter_has_the_parts_of_decree_30() {
    let template = Template::parse("thu.md", TEMPLATE).unwrap();
    let values = Values { texts: [("recipient", "An".to_owned()), ("due_days", "15".to_owned())].into(), facts: Vec::new() };
    let written = document(&letter(template.fill(&values)), &Marks::default());
    for part in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH",
        "Số:        /TM-UBND",
        "Ba Đình, ngày      tháng 02 năm 2026",
        "THƯ MỜI",
        "Kính gửi: Ông Nguyễn Văn An &lt;test&gt; &amp; gia đình",
        "Kính gửi An, sinh ngày .",
        "Hạn trả lời: 15 ngày làm việc.",
        "CHỦ TỊCH",
        "Nơi nhận:",
        "Người soạn: Lê Thị Bình",
        "Dữ liệu cá nhân: Phòng Bảo vệ dữ liệu, 024 0000 0000",
    ] {
        assert!(written.contains(part), "{part}");
    }
    let official = document(&Letter { kind: Kind::Letter, ..letter(Vec::new()) }, &Marks::default());
    assert!(official.contains("V/v Về việc") && !official.contains("THƯ MỜI"));
}

#[test]
fn the_file_opens_and_is_the_same_each_time() {
    let one = letter(vec![Block::Paragraph("Một\u{1} hai\u{0}\tba".into())]);
    let bytes = write_docx(&one, &Marks::default()).unwrap();
    assert_eq!(bytes, write_docx(&one, &Marks::default()).unwrap());
    let mut file = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    file.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("Một hai ba"), "characters that XML may not hold are left out");
    assert_eq!(text.matches("<w:p>").count(), text.matches("</w:p>").count());
    assert!(file.by_name("[Content_Types].xml").is_ok() && file.by_name("word/styles.xml").is_ok());
}

#[test]
fn faults_of_templates_are_told_with_file_and_line() {
    let said = |text: &str| {
        Template::parse("letters/x.md", text).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert!(said("không có phần đầu").contains("x.md, dòng 1"));
    let body = |body: &str| format!("---\nto: person\nsubject: thử\n---\nMột.\n\n{body}\n");
    assert_eq!(said(&body("Chào {ten}.")), "mẫu thư x.md, dòng 7: không có trường {ten}");
    assert_eq!(said(&body("Gồm {facts}.")), "mẫu thư x.md, dòng 7: {facts} phải đứng riêng một đoạn");
    assert!(said(&body("Chào {recipient")).contains("không đủ cặp"));
    assert!(said("---\nto: ai\nsubject: thử\n---\nMột.\n").contains("x.md"));
    assert!(said("---\nto: person\nsubject: thử {unit}\n---\nMột.\n").contains("trích yếu"));
    assert!(said("---\nto: person\nsubject: thử\n---\n\n").contains("không có nội dung"));
}

/// Text of a part of a file.
fn part(bytes: &[u8], name: &str) -> String {
    let mut file = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    file.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn number_day_and_verification_number_print_once_they_are_known() {
    let check = Check { code: "ABCD-EFGH".into(), page: "https://cong.example.vn/tra-cuu-van-ban".into() };
    let marks = Marks { number: Some(("05".into(), "2027-01-09".parse().unwrap())), check: Some(check) };
    let bytes = write_docx(&letter(Vec::new()), &marks).unwrap();
    let text = part(&bytes, "word/document.xml");
    assert!(text.contains("Số: 05/TM-UBND") && text.contains("Ba Đình, ngày 09 tháng 01 năm 2027"), "{text}");
    let foot = part(&bytes, "word/footer1.xml");
    assert!(foot.contains("Mã tra cứu văn bản: ABCD-EFGH. Kiểm tra tại: https://cong.example.vn/tra-cuu-van-ban"), "{foot}");
    let mut file = zip::ZipArchive::new(std::io::Cursor::new(bytes.as_slice())).unwrap();
    assert!(file.by_name("word/media/qr.png").is_ok());
    // Without a public address the number stands alone, and nothing is promised.
    let marks = Marks { check: Some(Check { code: "ABCD-EFGH".into(), page: String::new() }), ..Marks::default() };
    let foot = part(&write_docx(&letter(Vec::new()), &marks).unwrap(), "word/footer1.xml");
    assert!(foot.contains("ABCD-EFGH") && !foot.contains("Kiểm tra tại"));
    // A number without a symbol has no stroke.
    let bare = Letter { symbol: String::new(), ..letter(Vec::new()) };
    assert!(
        document(&bare, &Marks { number: Some(("12".into(), "2027-01-09".parse().unwrap())), check: None }).contains("Số: 12<")
    );
}

#[test]
fn the_text_can_be_written_anew() {
    let body = vec![Block::Paragraph("Một đoạn.".into()), Block::Item("điều một".into()), Block::Item("điều hai".into())];
    let one = letter(body);
    assert_eq!(one.with_text(&one.text()), one);
    let typed = "Đoạn\r\nhai dòng.\r\n- điều\r\n\r\n\r\n  \r\nCuối.";
    let read = one.with_text(typed).body;
    assert_eq!(read, [Block::Paragraph("Đoạn hai dòng.".into()), Block::Item("điều".into()), Block::Paragraph("Cuối.".into())]);
    // What is kept as JSON comes back the same.
    let json = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<Letter>(&json).unwrap(), one);
}
