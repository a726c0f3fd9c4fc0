use std::io::{Cursor, Read};

use calamine::Reader;

use super::docx::document;
use super::pdf::laid_out;
use super::*;
use crate::pdf::Drawn;

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn column(head: &str, share: u32, side: Side) -> TableColumn {
    TableColumn { head: head.into(), share, side }
}

fn indicators() -> Table {
    let cells = |n: &str, name: &str, value: &str, note: usize| {
        let figure = Text::default().figure(value, note);
        TableRow::Cells(vec![n.into(), name.into(), figure, "96,75".into(), "100".into(), "Chậm 0,34".into()])
    };
    Table {
        caption: String::new(),
        columns: vec![
            column("TT", 5, Side::Centre),
            column("Chỉ tiêu", 40, Side::Left),
            column("Thực hiện", 12, Side::Right),
            column("Chỉ tiêu 2026", 13, Side::Right),
            column("Năm 2030", 12, Side::Right),
            column("So với lộ trình, điểm", 18, Side::Centre),
        ],
        rows: vec![
            TableRow::Group("Được giao hằng năm".into()),
            cells("1", "Bao phủ BHYT, % dân số", "96,41", 1),
            cells("2", "BHXH bắt buộc, % lực lượng lao động", "50,18", 0),
        ],
    }
}

fn bars() -> Chart {
    Chart {
        title: "Thực hiện so với chỉ tiêu năm 2026 (%)".into(),
        kind: ChartKind::Bars,
        unit: "%".into(),
        categories: vec!["Bao phủ BHYT".into(), "BHXH bắt buộc".into()],
        series: vec![
            Series { name: "Thực hiện".into(), planned: false, values: vec![Some(rate("96.41")), Some(rate("50.18"))] },
            Series { name: "Chỉ tiêu".into(), planned: true, values: vec![Some(rate("96.75")), None] },
        ],
    }
}

fn course() -> Chart {
    Chart {
        title: "Bao phủ BHYT theo tháng (%)".into(),
        kind: ChartKind::Course,
        unit: "%".into(),
        categories: vec!["08/2026".into(), "09/2026".into(), "10/2026".into()],
        series: vec![Series {
            name: "Thực hiện".into(),
            planned: false,
            values: vec![Some(rate("95.9")), None, Some(rate("96.41"))],
        }],
    }
}

/// A report of the parts that there are; `paragraphs` of text besides.
fn report(paragraphs: usize) -> Report {
    let told = Text::from("Tỷ lệ bao phủ BHYT đạt ")
        .figure("96,41%", 1)
        .words(", còn ")
        .figure("316.661", 0)
        .words(" người chưa có thẻ.");
    let mut body = vec![
        Block::Heading("1. Các chỉ tiêu".into()),
        Block::Paragraph(told),
        Block::Table(indicators()),
        Block::Chart(bars()),
        Block::Chart(course()),
        Block::Subheading("a) Phát triển người tham gia".into()),
        Block::Item("Một việc <b>&\u{1} \"hai\"\u{0}".into()),
    ];
    body.extend(
        (0..paragraphs).map(|n| Block::Paragraph(Text::from(format!("Đoạn {n}. {}", "Nội dung của đoạn này. ".repeat(12))))),
    );
    let long =
        TableRow::Cells(vec!["1".into(), Text::from("Một ý kiến dài của đơn vị. ".repeat(400)), Text::default().figure("12", 2)]);
    let across = Table {
        caption: "Bảng theo dõi".into(),
        columns: vec![column("TT", 1, Side::Centre), column("Nội dung", 10, Side::Left), column("Số", 2, Side::Right)],
        rows: vec![long],
    };
    Report {
        organ_above: Some("Bảo hiểm xã hội Việt Nam".into()),
        organ: "Bảo hiểm xã hội thành phố Hà Nội".into(),
        number: None,
        symbol: "BC-BHXH".into(),
        place: "Hà Nội".into(),
        month: "2026-11".parse().unwrap(),
        subject: vec!["Kết quả thực hiện Kế hoạch triển khai Chỉ thị số 06-CT/TU".into(), "quý IV năm 2026".into()],
        to: vec!["Ủy ban nhân dân thành phố Hà Nội".into()],
        body,
        signer: vec!["Giám đốc".into()],
        copies: vec!["Như trên".into(), "Ban chỉ đạo thành phố (để b/c)".into()],
        kept_by: "VT, KHTH".into(),
        annexes: vec![Annex {
            number: "Phụ lục 1".into(),
            title: "Toàn bộ kỳ hạn".into(),
            across: true,
            body: vec![Block::Table(across)],
        }],
        notes: vec![
            "Lần chạy 2026-10-7f3a9c21, số liệu đến 31/10/2026, chỉ số I2.".into(),
            "Lần chạy 2026-10-7f3a9c21, số liệu đến 31/10/2026, chỉ số I1 <&>.".into(),
            "Đếm trên báo cáo của đơn vị.".into(),
            "Không ai nhắc tới.".into(),
        ],
        below: "Số liệu: lần chạy 2026-10-7f3a9c21".into(),
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    file.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}")).read_to_string(&mut text).unwrap();
    text
}

/// Every part of the file is XML whose elements close.
fn well_formed(bytes: &[u8]) {
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> =
        file.file_names().map(|name| name.unwrap().into_owned()).filter(|name| !name.ends_with(".xlsx")).collect();
    for name in names {
        let mut text = String::new();
        file.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(e) => panic!("{name}: {e}"),
            }
        }
    }
}

#[test]
fn the_word_file_has_the_parts_of_decree_30() {
    let bytes = write_report_docx(&report(0)).unwrap();
    assert_eq!(bytes, write_report_docx(&report(0)).unwrap(), "the same report, the same bytes");
    well_formed(&bytes);
    let text = part(&bytes, "word/document.xml");
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI",
        "Số:        /BC-BHXH",
        "Hà Nội, ngày      tháng 11 năm 2026",
        "BÁO CÁO",
        "quý IV năm 2026",
        "Kính gửi: Ủy ban nhân dân thành phố Hà Nội",
        "Một việc &lt;b&gt;&amp; &quot;hai&quot;",
        "GIÁM ĐỐC",
        "- Lưu: VT, KHTH.",
        "Phụ lục 1",
        "TOÀN BỘ KỲ HẠN",
        "(Kèm theo Báo cáo số        /BC-BHXH ngày        tháng 11 năm 2026 của Bảo hiểm xã hội thành phố Hà Nội)",
    ] {
        assert!(text.contains(words), "{words}");
    }
    // The first page has no number, the annex lies across, heads come again.
    assert_eq!((text.matches("<w:titlePg/>").count(), text.matches("w:orient=\"landscape\"").count()), (1, 1));
    assert_eq!(text.matches("<w:tblHeader/>").count(), 2);
    assert!(part(&bytes, "word/header1.xml").contains(" PAGE "));
    let numbered = Report { number: Some(("12".into(), "2027-01-09".parse().unwrap())), ..report(0) };
    let text = document(&numbered);
    assert!(text.contains("Số: 12/BC-BHXH") && text.contains("số 12/BC-BHXH ngày 09 tháng 01 năm 2027 của"), "{text}");
}

#[test]
fn each_note_is_one_footnote_numbered_as_the_text_comes_to_it() {
    let bytes = write_report_docx(&report(0)).unwrap();
    let (text, notes) = (part(&bytes, "word/document.xml"), part(&bytes, "word/footnotes.xml"));
    let at = |words: &str| notes.find(words).unwrap_or_else(|| panic!("{words}: {notes}"));
    assert!(
        at("w:id=\"1\"") < at("chỉ số I1 &lt;&amp;&gt;.")
            && at("chỉ số I1") < at("w:id=\"2\"")
            && at("w:id=\"2\"") < at("chỉ số I2")
    );
    assert!(!notes.contains("Không ai nhắc tới"));
    assert_eq!(text.matches("<w:footnoteReference ").count(), 3);
    // I1 and I2 stand in the text and in the table: the second time by number.
    assert_eq!(text.matches(" NOTEREF _So1 ").count() + text.matches(" NOTEREF _So2 ").count(), 2);
    // Figures are locked, five of them.
    assert_eq!(text.matches("<w:lock w:val=\"sdtContentLocked\"/>").count(), 5);
}

#[test]
fn figures_of_one_source_bear_its_number_once_in_a_text() {
    let mut one = report(0);
    one.annexes.clear();
    one.body = vec![Block::Paragraph(
        Text::from("Đạt ").figure("96,41%", 0).words(" (").figure("9.641", 0).words(" trên ").figure("10.000", 0).words(" dân)."),
    )];
    let text = document(&one);
    let (last, mark) = (text.find("10.000").unwrap(), text.find("<w:footnoteReference ").unwrap());
    assert!(text.matches("<w:footnoteReference ").count() == 1 && !text.contains("NOTEREF") && mark > last, "{text}");
    assert!(said(&one).0.contains("trên 10.000 1 dân)."), "{}", said(&one).0);
}

#[test]
fn charts_are_word_charts_with_their_numbers() {
    let bytes = write_report_docx(&report(0)).unwrap();
    let chart = part(&bytes, "word/charts/chart1.xml");
    assert!(chart.contains("<c:barDir val=\"bar\"/>") && chart.contains("<c:pt idx=\"0\"><c:v>96.41</c:v></c:pt>"), "{chart}");
    assert!(!chart.contains("<c:pt idx=\"1\"><c:v></c:v>"), "what is not known is no point");
    assert!(part(&bytes, "word/charts/chart2.xml").contains("<c:lineChart>"));
    assert!(part(&bytes, "[Content_Types].xml").contains("/word/charts/chart2.xml"));
    let mut file = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    let mut sheet = Vec::new();
    file.by_name("word/embeddings/chart1.xlsx").unwrap().read_to_end(&mut sheet).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(sheet)).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    let cells: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(cells, [["", "Thực hiện", "Chỉ tiêu"], ["Bao phủ BHYT", "96.41", "96.75"], ["BHXH bắt buộc", "50.18", ""]]);
}

fn said(report: &Report) -> (String, Vec<crate::pdf::Page>) {
    let flow = laid_out(report).unwrap();
    let words = |drawn: &Drawn| match drawn {
        Drawn::Words { text, .. } => Some(text.clone()),
        _ => None,
    };
    let text = flow.pages.iter().flat_map(|page| &page.drawn).filter_map(words).collect::<Vec<_>>().join(" ");
    (text.split_whitespace().collect::<Vec<_>>().join(" "), flow.pages)
}

#[test]
fn the_pdf_says_the_same_and_keeps_its_margins() {
    for paragraphs in [0, 5, 40] {
        let (text, pages) = said(&report(paragraphs));
        for words in [
            "96,41%",
            "1. Các chỉ tiêu",
            "Chậm 0,34",
            "chỉ số I2.",
            "Nơi nhận:",
            "TOÀN BỘ KỲ HẠN",
            "Đếm trên báo cáo của đơn vị.",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(text.matches("kiến").count(), 400, "a row longer than a page goes over several and loses nothing");
        for page in &pages {
            let sheet = page.sheet;
            for drawn in &page.drawn {
                if let Drawn::Words { x, y, text, .. } = drawn {
                    assert!(*x >= sheet.left - 1.0 && *x < sheet.wide - sheet.right + 1.0, "{text}: {x}");
                    assert!(*y > sheet.top && *y < sheet.high - sheet.bottom + 20.0, "{text}: {y}");
                }
            }
        }
        assert_eq!(pages.last().unwrap().sheet.wide.round(), 842.0, "the annex lies across");
        let bytes = write_report_pdf(&report(paragraphs)).unwrap();
        assert_eq!(bytes, write_report_pdf(&report(paragraphs)).unwrap());
        assert!(bytes.starts_with(b"%PDF-1."));
    }
}

#[test]
fn a_note_stands_on_the_page_of_its_figure_and_meets_no_text() {
    let mut one = report(0);
    let figures = |n: usize| Text::from(format!("Câu thứ {n} có số ")).figure("1", n).words(". ".to_owned() + &"chữ ".repeat(60));
    one.notes = (0..60).map(|n| format!("Nguồn thứ {n}. {}", "Lần chạy. ".repeat(20))).collect();
    one.body = (0..60).map(|n| Block::Paragraph(figures(n))).collect();
    one.annexes.clear();
    for page in said(&one).1 {
        let words = |drawn: &Drawn| match drawn {
            Drawn::Words { y, text, size, .. } => Some((*y, text.clone(), *size)),
            _ => None,
        };
        let words: Vec<_> = page.drawn.iter().filter_map(words).collect();
        let line = page.drawn.iter().find_map(|drawn| match drawn {
            Drawn::Line { from, wide, .. } if *wide == 0.5 => Some(from.1),
            _ => None,
        });
        let Some(line) = line else { continue };
        for (y, text, size) in words {
            // Body of 14 points above the line, notes of 10 below.
            assert!((size != 14.0 || y < line) && (size != 10.0 || y > line), "{text} at {y}, line at {line}");
        }
    }
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let refused = |change: &dyn Fn(&mut Report)| {
        let mut one = report(0);
        change(&mut one);
        let docx = write_report_docx(&one).unwrap_err();
        assert_eq!(Err(docx.clone()), write_report_pdf(&one));
        docx.to_string()
    };
    assert!(refused(&|one| one.notes.truncate(1)).contains("“96,41%” không có chú thích"));
    let ragged = refused(&|one| {
        let Block::Table(table) = &mut one.body[2] else { panic!() };
        table.rows.push(TableRow::Cells(vec!["x".into()]));
    });
    assert!(ragged.contains("dòng 4"), "{ragged}");
    let short = refused(&|one| {
        let Block::Chart(chart) = &mut one.body[3] else { panic!() };
        chart.categories.push("thừa".into());
    });
    assert!(short.contains("biểu đồ"), "{short}");
}
