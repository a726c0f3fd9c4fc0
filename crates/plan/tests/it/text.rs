//! Plans as plain text.

use plan::SectionKind;

use crate::support::{data, good, shorts};

#[test]
fn a_text_with_the_faults_of_a_real_one_is_read_whole() {
    let plan = good(&data("song-thuong.txt"));
    assert_eq!(
        shorts(&plan),
        [
            "1 | 1 | bhxh | so-noi-vu,thong-ke,ubnd-cap-xa | Quý IV hằng năm",
            "2a | 2 | bhxh | thue,cong-an,so-giao-duc-va-dao-tao,cac-so-nganh,ubnd-cap-xa | Hằng tháng + Hằng quý",
            "2b | 2 | bhxh | so-tai-chinh,so-y-te | Giai đoạn 2026-2030",
            "2e | 2 | ubnd-cap-xa | bhxh | Hằng tuần + Hằng tháng + Hằng quý",
            "2g | 2 | so-y-te | co-so-kcb,bhxh | Chậm nhất từ quý III/2026",
            "3a | 3 | bhxh | buu-dien,ngan-hang-thuong-mai | Thường xuyên từ năm 2026",
        ]
    );
    assert_eq!(plan.unread, []);
    // The page numbers stand in no sentence.
    assert_eq!(plan.counts.furniture, 2);
    assert!(plan.tasks[1].content.ends_with("theo từng tổ dân phố, thôn."), "{}", plan.tasks[1].content);
    assert_eq!(plan.tasks[2].product.as_deref(), Some("100% người được hỗ trợ có thẻ; văn bản gửi các xã, phường còn thiếu."));
    assert_eq!(
        plan.tasks[1].product.as_deref(),
        Some("Danh sách doanh nghiệp mới thành lập; danh sách người chưa có thẻ (kèm lý do)")
    );
    // A label that lost a letter is read, and said; so is that no c) and d) stand between b) and e).
    assert_eq!(plan.doubts.len(), 2, "{:?}", plan.doubts);
    assert!(plan.doubts[1].reason.contains("sau mục 2b là mục 2e"), "{:?}", plan.doubts);
    assert!(plan.doubts[0].reason.contains("chủ trì") && plan.doubts[0].text.contains("chủ tr:"));
}

#[test]
fn what_is_blank_in_the_head_is_not_found() {
    let head = good(&data("song-thuong.txt")).head;
    assert_eq!((head.number, head.date), (None, None));
    assert_eq!((head.place.as_deref(), head.agency.as_deref()), (Some("Sông Thương"), Some("ỦY BAN NHÂN DÂN")));
    assert_eq!((head.first_year, head.last_year), (Some(2026), Some(2030)));
    assert!(head.title.unwrap().starts_with("Mở rộng diện bao phủ"));
}

#[test]
fn figures_and_who_does_what_are_read_too() {
    let plan = good(&data("song-thuong.txt"));
    let kinds: Vec<SectionKind> = plan.sections.iter().map(|section| section.kind).collect();
    use SectionKind::{Money, Organisation, Purpose, Targets, Tasks};
    assert_eq!(kinds, [Purpose, Targets, Tasks, Organisation, Money]);
    let targets: Vec<&str> = plan.targets.iter().map(|target| target.text.as_str()).collect();
    assert_eq!(targets.len(), 4, "{targets:?}");
    assert_eq!(targets[2], "Tham gia BHXH tự nguyện đạt 7% lực lượng lao động trong độ tuổi.");
    let rhythms: Vec<String> = plan.assignments[1].duties[0].rhythms.iter().map(ToString::to_string).collect();
    assert_eq!(rhythms, ["Hằng tháng", "Trước ngày 30/4 hằng năm"]);
    let units: Vec<(&str, Option<&str>, usize)> =
        plan.assignments.iter().map(|one| (one.unit.code.as_str(), one.unit.kind, one.duties.len())).collect();
    assert_eq!(units, [("bhxh", Some("city_agency"), 1), ("thue", Some("city_department"), 1), ("mttq", Some("oversight"), 1)]);
}

#[test]
fn other_labels_numbers_and_bullets_are_read() {
    let plan = good(&data("dong-nguyen.txt"));
    assert_eq!(
        shorts(&plan),
        [
            "1.1 | I | ubnd-cap-xa | bhxh-co-so,cong-an-xa | Trước ngày 15/6/2026",
            "1.2 | I | bhxh | buu-dien,to-chuc-ho-tro-phat-trien-doi-tuong | 6 tháng một lần",
            "2.1 | 2.1 | bao-va-phat-thanh-truyen-hinh | so-van-hoa-the-thao-va-du-lich,so-y-te | Hằng tuần",
            "2.2 | II | bhxh | doanh-nghiep-vien-thong | Trước ngày 20 hằng tháng",
        ]
    );
    let head = &plan.head;
    assert_eq!((head.number.as_deref(), head.date), (Some("118/KH-UBND"), Some("2026-02-09".parse().unwrap())));
    assert_eq!(head.agency.as_deref(), Some("ỦY BAN NHÂN DÂN TỈNH ĐỒNG NGUYÊN"));
    assert_eq!(head.title.as_deref(), Some("Phát triển người tham gia bảo hiểm y tế hộ gia đình năm 2026"));
    assert_eq!(plan.tasks[1].product.as_deref(), Some("Tài liệu tập huấn;\nDanh sách người đạt yêu cầu."));
    assert_eq!(plan.tasks[2].money.as_deref(), Some("Ngân sách tỉnh."));
    assert_eq!(plan.tasks[0].content, "Rà từng hộ theo thôn, buôn.");
}

#[test]
fn marks_lost_or_taken_apart_change_nothing() {
    use unicode_normalization::UnicodeNormalization;
    let text = data("song-thuong.txt");
    let want = shorts(&good(&text));
    let apart: String = text.nfd().collect();
    assert_eq!(shorts(&good(&apart)), want);
    // Labels without marks; the words between them are left as they are.
    let mut bare = text;
    for label in
        ["Đơn vị chủ trì", "Đơn vị phối hợp", "Kết quả/Sản phẩm", "Thời gian thực hiện", "Nội dung công việc cần thực hiện"]
    {
        bare = bare.replace(label, &base::names::fold(label));
    }
    assert_eq!(shorts(&good(&bare)), want);
}

#[test]
fn page_numbers_breaks_and_headers_may_stand_anywhere() {
    let text = data("song-thuong.txt");
    let want = good(&text);
    // After every seventh line a page ends in the middle of whatever is said.
    let mut pages = String::new();
    for (at, line) in text.lines().enumerate() {
        if at > 12 && at % 7 == 0 && at < 110 {
            pages.push_str(&format!("\n{}\n\u{c}Kế hoạch mở rộng bao phủ\n", at / 7));
        }
        pages.push_str(line);
        pages.push('\n');
    }
    let plan = good(&pages);
    assert_eq!(shorts(&plan), shorts(&want));
    let contents = |plan: &plan::Imported| plan.tasks.iter().map(|task| task.content.clone()).collect::<Vec<_>>();
    assert_eq!(contents(&plan), contents(&want));
    assert!(plan.counts.furniture > 20, "{:?}", plan.counts);
}

#[test]
fn a_mutilated_text_lists_what_was_not_read() {
    let text = data("song-thuong.txt")
        // Letters gone beyond what can be mended.
        .replace("- Đơn vị phối hợp: Sở Tài chính, Sở Y tế.", "- Đ vị p hp: Sở Tài chính, Sở Y tế.")
        // A sentence that belongs to nothing.
        .replace(
            "- Thời gian thực hiện: Từ năm 2026.",
            "- Thời gian thực hiện: Từ năm 2026.\n\nSố liệu tạm tính.\n\n- Theo mẫu số 5",
        )
        // An item that lost all its labels.
        .replace("3. Chi trả và chuyển đổi số", "h) Tổng hợp tình hình chung\n\n3. Chi trả và chuyển đổi số");
    let plan = good(&text);
    let unread: Vec<&str> = plan.unread.iter().map(|unread| unread.text.as_str()).collect();
    assert_eq!(unread, ["Đ vị p hp: Sở Tài chính, Sở Y tế.", "Tổng hợp tình hình chung", "Số liệu tạm tính.", "Theo mẫu số 5"]);
    // The line is that of the file.
    for one in &plan.unread {
        let line = text.lines().nth(usize::try_from(one.line).unwrap() - 1).unwrap();
        assert!(line.contains(&one.text), "{}: {line}", one.line);
    }
    assert_eq!(plan.tasks.len(), 6);
    assert_eq!(plan.tasks[2].partners, []);
    // A task that lost a part says which.
    let lost = text.replace("- Thời gian thực hiện: Quý IV hàng năm.", "");
    assert_eq!(good(&lost).tasks[0].missing(), ["time"]);
}

#[test]
fn two_sections_with_the_same_numbers_keep_their_tasks_apart() {
    let task = |n: u32| format!("{n}. Việc số {n}\n- Chủ trì: Sở Y tế.\n- Thời gian: Hằng năm.\n");
    let text = format!("KẾ HOẠCH\nThử\n\nI. NHIỆM VỤ\n{}{}II. GIẢI PHÁP\n{}", task(1), task(2), task(1));
    let ids: Vec<String> = good(&text).tasks.into_iter().map(|task| task.id).collect();
    assert_eq!(ids, ["I.1", "2", "II.1"]);
}
