//! What holds for any text.

use proptest::prelude::*;

use crate::support::{counted, data, read};

/// Lines that plans are made of, in any order.
fn line() -> impl Strategy<Value = String> {
    let parts = [
        "I. NHIỆM VỤ",
        "II. CHỈ TIÊU",
        "III. TỔ CHỨC THỰC HIỆN",
        "PHỤ LỤC",
        "1. Rà soát",
        "1.1 Đối chiếu",
        "a) Nội dung: Lập danh sách",
        "b) Kiểm tra",
        "- Chủ trì: Sở Y tế",
        "- Đơn vị phối hợp: UBND các xã,",
        "phường.",
        "+ Báo cáo",
        "- Kết quả: Báo cáo; thời gian: Hằng quý",
        "Thời hạn: Trước ngày 30/4",
        "- 5 -",
        "",
        "\u{c}",
        "Trên đây là Kế hoạch",
        "Nơi nhận:",
        "TM. ỦY BAN NHÂN DÂN",
        "KẾ HOẠCH",
        "- Ghi chú: x",
        "- Phân công: Sở A chủ trì, phối hợp với Sở B",
        "•",
        "-",
        "1.",
        "Nội dung:",
        "Số: 1/KH",
        "X, ngày 1 tháng 1 năm 2026",
    ];
    prop_oneof![8 => prop::sample::select(parts.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,40}"]
}

proptest! {
    #[test]
    fn every_line_of_any_text_is_counted_once(lines in prop::collection::vec(line(), 0..60)) {
        if let Ok(plan) = read("a.txt", lines.join("\n").as_bytes()) {
            counted(plan);
        }
    }

    #[test]
    fn a_plan_with_lines_taken_out_or_cut_is_counted(gone in prop::collection::vec(0usize..140, 0..30), cut in 0usize..140) {
        let text = data("song-thuong.txt");
        let lines: Vec<String> = text
            .lines()
            .enumerate()
            .filter(|(at, _)| !gone.contains(at))
            .map(|(at, line)| if at == cut { line.chars().take(line.chars().count() / 2).collect() } else { line.to_owned() })
            .collect();
        if let Ok(plan) = read("a.txt", lines.join("\n").as_bytes()) {
            let plan = counted(plan);
            // Reading the same twice gives the same.
            prop_assert_eq!(&read("a.txt", lines.join("\n").as_bytes()).unwrap(), &plan);
            prop_assert!(plan.tasks.len() <= 40);
        }
    }
}
