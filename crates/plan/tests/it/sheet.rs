//! A plan as a sheet, as offices keep them: titles above, merged groups and leads, a signature below.

use rust_xlsxwriter::{Format, Workbook};

use crate::support::{counted, read, shorts};

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let plain = Format::new();
    let note = workbook.add_worksheet().set_name("Ghi chú").unwrap();
    note.write(0, 0, "Bản lưu hành nội bộ").unwrap();
    let sheet = workbook.add_worksheet().set_name("Nhiệm vụ").unwrap();
    sheet.merge_range(0, 0, 0, 6, "UBND TỈNH TRÀ GIANG", &plain).unwrap();
    sheet.merge_range(2, 0, 2, 6, "DANH MỤC NHIỆM VỤ BẢO HIỂM Y TẾ NĂM 2026", &plain).unwrap();
    sheet.write(3, 0, "(Kèm theo Kế hoạch số      /KH-UBND)").unwrap();
    let head = [
        "Số TT",
        "Nội dung nhiệm vụ",
        "Cơ quan chủ trì tham mưu",
        "Cơ quan phối hợp",
        "Yêu cầu sản phẩm",
        "Thời hạn",
        "Lãnh đạo phụ trách",
    ];
    for (column, text) in (0u16..).zip(head) {
        sheet.write(5, column, text).unwrap();
    }
    sheet.write(6, 0, "A").unwrap();
    sheet.merge_range(6, 1, 6, 6, "TẠI CƠ SỞ", &plain).unwrap();
    let rows = [
        [
            "1",
            "Cấp thẻ cho trẻ dưới 6 tuổi",
            "",
            "Sở Tư pháp, UBND các xã, phường",
            "Thẻ trong 5 ngày",
            "Thường xuyên",
            "Phó Chủ tịch",
        ],
        ["2", "Đối chiếu hộ nghèo", "", "", "Danh sách khớp", "06 tháng/lần", ""],
    ];
    for (at, row) in (7u32..).zip(rows) {
        for (column, text) in (0u16..).zip(row) {
            sheet.write(at, column, text).unwrap();
        }
    }
    sheet.merge_range(7, 2, 8, 2, "Bảo hiểm xã hội tỉnh", &plain).unwrap();
    sheet.write(9, 0, "B").unwrap();
    sheet.merge_range(9, 1, 9, 6, "TẠI TỈNH", &plain).unwrap();
    sheet.write(10, 0, 1).unwrap();
    for (column, text) in
        (1u16..).zip(["Xây dựng nghị quyết hỗ trợ", "Sở Tài chính", "Sở Y tế", "Dự thảo nghị quyết", "Kỳ họp cuối năm"])
    {
        sheet.write(10, column, text).unwrap();
    }
    sheet.write(12, 4, "TM. ỦY BAN NHÂN DÂN").unwrap();
    sheet.write(13, 4, "CHỦ TỊCH").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_sheet_with_merged_cells_is_read() {
    let plan = counted(read("danh mục.xlsx", &workbook()).unwrap());
    assert_eq!(
        shorts(&plan),
        [
            "A.1 |  | bhxh | so-tu-phap,ubnd-cap-xa | Thường xuyên",
            "2 |  | bhxh |  | 6 tháng một lần",
            "B.1 |  | so-tai-chinh | so-y-te | Kỳ họp cuối năm",
        ]
    );
    assert_eq!(plan.tasks[0].line, 8, "the row as Excel counts");
    assert_eq!(plan.tasks[0].notes, ["Lãnh đạo phụ trách: Phó Chủ tịch"]);
    assert_eq!(plan.unread, []);
    // A time that is not understood is said and kept in its words.
    assert!(plan.doubts.iter().any(|doubt| doubt.line == 11 && doubt.reason.contains("chưa hiểu")), "{:?}", plan.doubts);
}
