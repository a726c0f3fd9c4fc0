//! Plans as DOCX: a table with merged cells, paragraphs that Word numbers.

use plan::Imported;

use crate::support::{counted, data, docx, escape, good, li, p, read, row, shorts, tbl, tc, tr};

const ACROSS: &str = r#"<w:gridSpan w:val="6"/>"#;
const DOWN: &str = r#"<w:vMerge/>"#;
const FIRST: &str = r#"<w:vMerge w:val="restart"/>"#;

fn plan_of(body: &str, more: &[(&str, &[u8])]) -> Imported {
    counted(read("kế hoạch.docx", &docx(body, more)).unwrap())
}

/// The annex of a plan: a head of two lines, groups across, a lead over several rows, a page that ends in a row.
fn annex() -> String {
    let two = |text: &str, properties: &str| tc(text, properties);
    let head = [
        row(&[
            two("TT", FIRST),
            two("Nhiệm vụ", FIRST),
            two("Phân công thực hiện", r#"<w:gridSpan w:val="2"/>"#),
            two("Sản phẩm", FIRST),
            two("Thời gian\nhoàn thành", FIRST),
        ]),
        row(&[two("", DOWN), two("", DOWN), two("Chủ trì", ""), two("Phối hợp", ""), two("", DOWN), two("", DOWN)]),
        tr(&["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]),
    ];
    let first = tbl(&[
        head.concat(),
        row(&[tc("I. Mở rộng người tham gia", ACROSS)]),
        row(&[
            tc("1", ""),
            tc("Lập bảng kê lao động chưa tham gia", ""),
            tc("Bảo hiểm xã hội thành phố Hải Vân", FIRST),
            tc("Thuế thành phố; Sở Nội vụ", ""),
            tc("Bảng kê", ""),
            tc("Hằng quý, trước ngày 15 tháng cuối quý", ""),
        ]),
        row(&[
            tc("2", ""),
            tc("Mời từng hộ kinh doanh", ""),
            tc("", DOWN),
            tc("UBND các xã, phường, đặc khu", ""),
            tc("Giấy mời", ""),
            tc("Hằng tháng", ""),
        ]),
        row(&[tc("II. Quản lý quỹ", ACROSS)]),
        tr(&[
            "1",
            "So sánh chi phí giữa các cơ sở",
            "Sở Y tế",
            "Bảo hiểm xã hội thành phố",
            "Báo cáo so sánh, nêu",
            "Trước ngày 20/7 hằng năm",
        ]),
    ]);
    let second = tbl(&[
        tr(&["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Sản phẩm", "Thời gian hoàn thành"]),
        tr(&["", "", "", "", "rõ nguyên nhân", ""]),
        tr(&["2", "Kiểm tra hợp đồng", "Bảo hiểm xã hội thành phố", "", "Biên bản", "Năm 2027"]),
        tr(&["", "", "", "", "", ""]),
    ]);
    format!("{first}{second}")
}

#[test]
fn a_table_with_merged_cells_and_two_header_lines_is_read() {
    let body = format!(
        "{}{}{}{}{}",
        tbl(&[tr(&[
            "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI VÂN\nSố: 7/KH-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nHải Vân, ngày 01 tháng 10 năm 2026"
        ])]),
        p("KẾ HOẠCH"),
        p("Thực hiện bảo hiểm y tế toàn dân giai đoạn 2026 - 2028"),
        p("I. NHIỆM VỤ\nTheo Phụ lục."),
        p("PHỤ LỤC"),
    ) + &annex();
    let plan = plan_of(&body, &[]);
    assert_eq!(
        shorts(&plan),
        [
            "I.1 |  | bhxh | thue,so-noi-vu | Trước ngày 15 tháng cuối quý",
            "I.2 |  | bhxh | ubnd-cap-xa | Hằng tháng",
            "II.1 |  | so-y-te | bhxh | Trước ngày 20/7 hằng năm",
            "II.2 |  | bhxh |  | Năm 2027",
        ]
    );
    assert_eq!(plan.tasks[2].product.as_deref(), Some("Báo cáo so sánh, nêu rõ nguyên nhân"));
    assert_eq!(plan.unread, []);
    assert_eq!((plan.head.number.as_deref(), plan.head.last_year), (Some("7/KH-UBND"), Some(2028)));
    assert_eq!(plan.head.agency.as_deref(), Some("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI VÂN"));
}

#[test]
fn numbers_that_word_adds_are_read_and_struck_out_words_are_not() {
    let numbering = r#"<w:numbering xmlns:w="w">
        <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
          <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num></w:numbering>"#;
    let body = [
        p("KẾ HOẠCH"),
        p("Chăm lo người cao tuổi năm 2026"),
        li(1, 0, "MỤC ĐÍCH"),
        p("Ai cũng được hưởng."),
        li(1, 0, "NHIỆM VỤ"),
        li(2, 0, "Trợ cấp hưu trí xã hội"),
        li(2, 1, "Lập danh sách người đủ 75 tuổi"),
        li(3, 0, "Chủ trì: UBND các xã, phường"),
        "<w:p><w:r><w:t>- Thời gian: </w:t></w:r><w:del><w:r><w:delText>Quý I/2026</w:delText></w:r></w:del><w:ins><w:r><w:t>Quý III/2026</w:t></w:r></w:ins></w:p>".to_owned(),
        li(2, 1, "Chi trả tại nhà"),
        li(3, 0, "Chủ trì: Bưu điện tỉnh"),
        li(3, 0, "Thời gian: Hằng tháng"),
        li(2, 0, "Khám sức khỏe"),
        li(3, 0, "Chủ trì: Sở Y tế"),
        li(3, 0, "Thời gian: Hằng năm"),
    ];
    let plan = plan_of(&body.concat(), &[("word/numbering.xml", numbering.as_bytes())]);
    assert_eq!(
        shorts(&plan),
        ["1a | 1 | ubnd-cap-xa |  | Quý III/2026", "1b | 1 | buu-dien |  | Hằng tháng", "2 | II | so-y-te |  | Hằng năm"]
    );
    assert_eq!(plan.tasks[0].content, "Lập danh sách người đủ 75 tuổi");
    assert_eq!(plan.unread, []);
}

/// The tasks of a plan once more, as the table of an annex.
pub fn as_table(plan: &Imported) -> Vec<u8> {
    let mut rows =
        vec![tr(&["STT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Kết quả/Sản phẩm", "Thời gian thực hiện"])];
    let mut group = None;
    for task in &plan.tasks {
        if task.group != group {
            let title = task.group.as_ref().map_or(String::new(), |group| format!("{}. {}", group.number, group.title));
            rows.push(row(&[tc(&title, ACROSS)]));
            group.clone_from(&task.group);
        }
        let partners: Vec<&str> = task.partners.iter().map(|party| party.name.as_str()).collect();
        let number = task.id.trim_start_matches(|c: char| c.is_ascii_digit());
        rows.push(tr(&[
            if number.is_empty() { &task.id } else { number },
            &task.content,
            task.lead.as_deref().unwrap_or_default(),
            &partners.join(", "),
            task.product.as_deref().unwrap_or_default(),
            task.time.as_deref().unwrap_or_default(),
        ]));
    }
    let place = plan.head.place.as_deref().unwrap_or_default();
    docx(&format!("{}{}{}", p(&format!("{}, ngày 01 tháng 12 năm 2026", escape(place))), p("PHỤ LỤC"), tbl(&rows)), &[])
}

/// Leads, partners, product, rhythms and content of a task.
type Parts = (Vec<String>, Vec<String>, Option<String>, Vec<String>, String);

/// The parts of each task that a table and a text must agree on.
pub fn parts(plan: &Imported) -> Vec<Parts> {
    let codes = |parties: &[plan::Party]| parties.iter().map(|party| party.code.clone()).collect::<Vec<_>>();
    let tasks = plan.tasks.iter();
    tasks
        .map(|task| {
            let rhythms = task.rhythms.iter().map(ToString::to_string).collect();
            (codes(&task.leads), codes(&task.partners), task.product.clone(), rhythms, task.content.clone())
        })
        .collect()
}

#[test]
fn the_same_plan_as_text_and_as_a_table_is_the_same() {
    let text = good(&data("song-thuong.txt"));
    let table = counted(read("phụ lục.docx", &as_table(&text)).unwrap());
    assert_eq!(parts(&table), parts(&text));
    let ids = |plan: &Imported| plan.tasks.iter().map(|task| task.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&table), ids(&text));
}
