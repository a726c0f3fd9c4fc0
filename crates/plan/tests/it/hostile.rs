//! Files that are no plans, and files that mean harm.

use base::Explain;
use intake::IntakeError;
use plan::PlanError;

use crate::support::{counted, data, docx, p, read, tbl, tc, tr, zip};

fn refused(name: &str, bytes: &[u8]) -> PlanError {
    let error = read(name, bytes).unwrap_err();
    assert!(!error.code().is_empty() && !error.remedy().is_empty() && !error.what().is_empty());
    error
}

#[test]
fn other_kinds_of_files_are_refused_by_name() {
    for (bytes, part) in [
        (&b"%PDF-1.7 ..."[..], "PDF"),
        (b"{\\rtf1\\ansi abc}", "RTF"),
        (b"<html><body>x</body></html>", "web"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "nhị phân"),
    ] {
        let error = refused("a", bytes);
        assert!(matches!(&error, PlanError::OtherKind { hint } if hint.contains(part)), "{part}: {error}");
    }
    let mut word = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    word.create_stream("WordDocument").unwrap();
    let word = word.into_inner().into_inner();
    assert!(matches!(refused("a.doc", &word), PlanError::OtherKind { hint } if hint.contains("Word") || hint.contains(".doc")));
    assert!(matches!(
        refused("a.doc", &word[..600]),
        PlanError::File(IntakeError::Truncated { .. }) | PlanError::OtherKind { .. }
    ));
    let odt = zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    assert!(matches!(refused("a.odt", &odt), PlanError::OtherKind { .. }));
    assert!(matches!(refused("a.txt", b""), PlanError::File(IntakeError::Empty)));
    assert!(matches!(refused("a.txt", b" \n \n"), PlanError::File(IntakeError::Empty)));
    assert!(matches!(refused("a.txt", b"abc bg\xf2"), PlanError::File(IntakeError::Encoding { .. })));
}

#[test]
fn a_text_that_is_no_plan_says_why() {
    let letter = "Kính gửi: Sở Y tế\n\nĐề nghị quý cơ quan cho ý kiến trước ngày 30/4.\n\nTrân trọng.";
    for text in [letter, "abc", "KẾ HOẠCH\n\nVề việc họp\n\nI. MỤC ĐÍCH\n\nHọp.\n\nII. NHIỆM VỤ\n\n1. Họp bàn\n\n2. Kết luận"]
    {
        let error = refused("a.txt", text.as_bytes());
        assert!(matches!(&error, PlanError::NotAPlan { reason } if !reason.is_empty()), "{error}");
        assert_eq!(error.code(), "not_a_plan");
    }
}

#[test]
fn entities_and_document_types_are_refused() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"#;
    let file = zip(&[("word/document.xml", bomb.as_bytes())]);
    assert!(matches!(refused("a.docx", &file), PlanError::File(IntakeError::Suspicious { .. })));
    let unknown = docx("<w:p><w:r><w:t>&xxe;</w:t></w:r></w:p>", &[]);
    assert!(matches!(refused("a.docx", &unknown), PlanError::Docx { .. }));
    // In a part that is only read for its numbers, too.
    let numbering = b"<!DOCTYPE x><w:numbering/>";
    assert!(matches!(refused("a.docx", &docx(&p("x"), &[("word/numbering.xml", numbering)])), PlanError::File(_)));
}

#[test]
fn bombs_and_paths_out_of_the_file_are_refused() {
    let zeros = vec![b' '; 40 << 20];
    let bomb = docx(&p("x"), &[("word/media/image1.bin", &zeros)]);
    assert!(matches!(refused("a.docx", &bomb), PlanError::File(IntakeError::ZipBomb { .. })));
    for name in ["../../etc/passwd", "/etc/passwd", "word/../../x.xml", "c:\\x"] {
        let file = docx(&p("x"), &[(name, b"x")]);
        assert!(matches!(refused("a.docx", &file), PlanError::File(IntakeError::Suspicious { .. })), "{name}");
    }
}

#[test]
fn deep_and_wide_documents_end_in_words() {
    let deep = format!("{}{}{}", "<w:sdt>".repeat(5_000), p("x"), "</w:sdt>".repeat(5_000));
    assert!(matches!(refused("a.docx", &docx(&deep, &[])), PlanError::Docx { detail } if detail.contains("sâu")));
    let wide = tbl(&[format!("<w:tr>{}</w:tr>", tc("x", r#"<w:gridSpan w:val="4000000000"/>"#).repeat(500))]);
    assert!(matches!(refused("a.docx", &docx(&wide, &[])), PlanError::NotAPlan { .. }));
    let nested = format!("{}x{}", "<w:tbl><w:tr><w:tc>".repeat(60), "</w:tc></w:tr></w:tbl>".repeat(60));
    assert!(read("a.docx", &docx(&nested, &[])).is_err());
    // A list whose level and start no count can hold.
    let numbering = br#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="99999999999"><w:start w:val="9223372036854775807"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
    let list = crate::support::li(1, 9, "x").repeat(3);
    assert!(read("a.docx", &docx(&list, &[("word/numbering.xml", numbering)])).is_err());
    // Styles that stand on each other in a circle.
    let styles = br#"<w:styles xmlns:w="w"><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>"#;
    let styled = r#"<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"#;
    assert!(read("a.docx", &docx(styled, &[("word/styles.xml", styles)])).is_err());
}

#[test]
fn a_file_that_was_cut_off_is_never_half_a_plan() {
    let rows = [tr(&["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"]), tr(&["1", "Rà soát", "Sở Y tế", "Hằng năm"])];
    let whole = docx(&tbl(&rows), &[]);
    assert_eq!(read("a.docx", &whole).unwrap().tasks.len(), 1);
    for length in (0..whole.len()).step_by(7) {
        assert!(read("a.docx", &whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
    // XML that ends in the middle, in a container that is whole.
    let cut = zip(&[("word/document.xml", b"<w:document><w:body><w:p><w:r><w:t>1. x")]);
    assert!(matches!(refused("a.docx", &cut), PlanError::Docx { .. }));
}

#[test]
fn a_huge_text_is_refused_and_a_long_one_read() {
    let task = "1. Rà soát\n- Chủ trì: Sở Y tế.\n- Thời gian: Hằng năm.\n";
    assert_eq!(read("a.txt", task.repeat(2_000).as_bytes()).unwrap().tasks.len(), 2_000);
    // As many tasks as a file may have, all of one number, in as many sections: seconds, not hours.
    let many = "I. x\n1. Rà soát\nĐơn vị chủ tr: Sở Y tế, Sở A\n".repeat(60_000);
    let tasks = counted(read("a.txt", many.as_bytes()).unwrap()).tasks;
    assert_eq!((tasks.len(), tasks[59_999].id.as_str()), (60_000, "I.1-60000"));
    assert!(matches!(refused("a.txt", "x\n".repeat(200_001).as_bytes()), PlanError::File(IntakeError::TooManyRows { .. })));
    assert!(matches!(refused("a.txt", &vec![b'x'; (64 << 20) + 1]), PlanError::File(IntakeError::TooLarge { .. })));
    // One line of a megabyte, all of it commas and labels.
    let line = format!("1. Rà soát\n- Chủ trì: {}\n", "Sở Y tế, phối hợp: x; ".repeat(20_000));
    assert_eq!(read("a.txt", line.as_bytes()).unwrap().tasks.len(), 1);
}

#[test]
fn errors_repeat_nothing_of_the_file() {
    let error = refused("a.txt", "Bệnh án của Trần Văn Bịa".as_bytes());
    assert!(!format!("{error} {} {}", error.remedy(), error.place()).contains("Bịa"));
    assert!(data("song-thuong.txt").len() > 1_000);
}
