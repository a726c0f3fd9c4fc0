//! The lists of codes of the house: every word that an office is known to write has its code.

use intake::{CodeList, Codes};

fn codes() -> Codes {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/codes");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "yaml") {
            files.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    Codes::load(files).unwrap()
}

fn check(list: &str, cases: &[(&str, Option<&str>)]) {
    let codes = codes();
    let list: &CodeList = codes.get(list).unwrap();
    for (text, code) in cases {
        assert_eq!(list.code_of(text), *code, "{}: {text}", list.name);
    }
}

#[test]
fn groups_as_communes_write_them() {
    check(
        "support_group",
        &[
            ("Hộ nghèo", Some("poor")),
            ("NGƯỜI THUỘC HỘ NGHÈO", Some("poor")),
            ("Người cao tuổi thuộc hộ nghèo", Some("poor")),
            ("Người dân tộc thiểu số thuộc hộ nghèo", Some("poor")),
            ("Người thuộc hộ cận nghèo", Some("near_poor")),
            ("cn", Some("near_poor")),
            ("Hộ cận nghèo, hộ mới thoát nghèo năm 2025", Some("left_poverty")),
            ("Hộ mới thoát nghèo", Some("left_poverty")),
            ("Dân tộc thiểu số", Some("ethnic")),
            ("DTTS", Some("ethnic")),
            ("Người hưởng trợ cấp bảo trợ xã hội hàng tháng", Some("social_protection")),
            ("Bảo trợ xã hội", Some("social_protection")),
            ("Hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình", Some("farm_average")),
            ("Hộ nông lâm ngư nghiệp mức sống trung bình", Some("farm_average")),
            ("Người khuyết tật nhẹ", Some("disability_light")),
            ("Người khuyết tật nặng", Some("social_protection")),
            ("Cựu chiến binh", Some("veteran")),
            ("Hội viên Hội Cựu chiến binh", Some("veteran_club")),
            ("Nhân viên y tế thôn, bản", Some("village_health")),
            ("Người hoạt động không chuyên trách ở thôn, tổ dân phố", Some("village_part_timer")),
            ("Không chuyên trách thôn/TDP", Some("village_part_timer")),
            ("Người có công với cách mạng", Some("meritorious")),
            ("Thân nhân người có công với cách mạng", Some("meritorious_family")),
            ("Không thuộc hộ nghèo", None),
            ("Hộ chính sách", None),
        ],
    );
}

#[test]
fn benefits_grounds_and_cards_as_lists_write_them() {
    let benefits = [
        ("Hưu trí", Some("pension")),
        ("Tuất hàng tháng", Some("survivor")),
        ("Tuất TNLĐ", Some("survivor")),
        ("TNLĐ-BNN hàng tháng", Some("accident")),
        ("Trợ cấp mất sức lao động", Some("allowance")),
        ("Trợ cấp hàng tháng", Some("allowance")),
        ("Trợ cấp hưu trí xã hội", None),
    ];
    check("benefit", &benefits);
    let grounds = [
        ("Từ đủ 75 tuổi", Some("age_75")),
        ("Từ đủ 70 đến dưới 75 tuổi, hộ nghèo", Some("age_70_poor")),
        ("Từ đủ 70 đến dưới 75 tuổi, hộ cận nghèo", Some("age_70_poor")),
        ("Người khuyết tật đặc biệt nặng là người cao tuổi", Some("disabled")),
        ("Trẻ em mồ côi", Some("orphan")),
    ];
    check("social_ground", &grounds);
    let cards = [
        ("Có", Some("valid")),
        ("Chưa có thẻ", Some("none")),
        ("Có thẻ, đã hết hạn 30/9", Some("lapsed")),
        ("Chưa hết hạn", Some("valid")),
        ("Không còn giá trị", Some("lapsed")),
        ("x", Some("valid")),
        ("?", None),
    ];
    check("card_state", &cards);
}

#[test]
fn work_and_insurance_as_people_say_them() {
    let work = [
        ("Làm công hưởng lương", Some("employee")),
        ("Tự làm", Some("own_account")),
        ("Lao động gia đình không hưởng lương", Some("family")),
        ("Chủ cơ sở sản xuất, kinh doanh", Some("owner")),
        ("Thất nghiệp", Some("unemployed")),
        ("Chưa có việc làm", Some("unemployed")),
        ("Không tham gia hoạt động kinh tế (đi học)", Some("inactive")),
        ("Hợp đồng không xác định thời hạn", Some("employee")),
        // That somebody works does not say how.
        ("Có việc làm", None),
    ];
    check("work", &work);
    let said = [
        ("Bắt buộc", Some("compulsory")),
        ("Tự nguyện", Some("voluntary")),
        ("Không tham gia", Some("none")),
        ("Chưa tham gia BHXH bắt buộc", Some("none")),
        ("Đang tham gia BHXH tự nguyện", Some("voluntary")),
        ("Có", None),
    ];
    check("insured_as_said", &said);
}

#[test]
fn employers_as_registers_write_them() {
    let kinds = [
        ("Công ty TNHH có vốn đầu tư nước ngoài", Some("foreign")),
        ("Công ty trách nhiệm hữu hạn một thành viên", Some("enterprise")),
        ("Chi nhánh công ty cổ phần", Some("branch")),
        ("Hợp tác xã", Some("cooperative")),
        ("Hộ kinh doanh cá thể", Some("household_business")),
        ("Khối HCSN, Đảng, Đoàn", Some("public")),
        ("Cơ sở may mặc", None),
    ];
    check("employer_kind", &kinds);
    let business = [
        ("Đang hoạt động", Some("active")),
        ("Tạm ngừng kinh doanh", Some("suspended")),
        ("Không còn hoạt động kinh doanh tại địa chỉ đã đăng ký", Some("gone")),
        ("Đang làm thủ tục giải thể", Some("dissolved")),
        ("Đang làm thủ tục phá sản", Some("bankrupt")),
    ];
    check("business_state", &business);
    let tax = [
        ("00 - NNT đang hoạt động", Some("active")),
        ("05 - NNT tạm ngừng kinh doanh", Some("suspended")),
        ("06 - NNT không hoạt động tại địa chỉ đã đăng ký", Some("gone")),
        ("03 - NNT ngừng hoạt động nhưng chưa hoàn thành thủ tục chấm dứt hiệu lực mã số thuế", Some("closed")),
        ("01 - NNT ngừng hoạt động và đã chấm dứt hiệu lực mã số thuế", Some("closed")),
    ];
    check("tax_state", &tax);
    let methods = [
        ("Kê khai", Some("declares")),
        ("Khoán", Some("lump_sum")),
        ("Không phải nộp (doanh thu dưới ngưỡng)", Some("below_threshold")),
    ];
    check("tax_method", &methods);
    let codes = codes();
    let kinds = codes.get("employer_kind").unwrap();
    assert_eq!(kinds.code_at_start("Công ty Cổ phần Hộ kinh doanh Việt"), Some("enterprise"));
    assert_eq!(kinds.code_at_start("C.ty TNHH Cơ khí Dung"), Some("enterprise"));
    assert_eq!(kinds.code_at_start("Cơ sở may Công ty"), None);
    assert_eq!(kinds.code_at_start("Chi nhánh Hà Nội - Công ty Cổ phần Hà Linh"), Some("branch"));
}
