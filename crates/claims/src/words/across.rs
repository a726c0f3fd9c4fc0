//! Words of what the rules across visits work out: facts that no column of `claim_stay` has, and values that are codes.

/// Facts of rules across visits: name, Vietnamese, English.
pub(super) const ACROSS: [(&str, &str, &str); 58] = [
    ("cards", "Số người trong cụm", "People in the cluster"),
    ("chain_end_day", "Ngày cuối của chuỗi", "Last day of the chain"),
    ("chain_start_day", "Ngày đầu của chuỗi", "First day of the chain"),
    ("clashes_in_day", "Số lần chồng giờ trong ngày", "Overlaps on that day"),
    ("days", "Số ngày khám của cụm", "Days of the cluster"),
    ("days_after", "Số ngày sau ngày mất", "Days after the death"),
    ("days_apart", "Cách lượt trước (ngày)", "Days from the visit before"),
    ("days_between", "Cách đợt trước (ngày)", "Days from the stay before"),
    ("days_common", "Số ngày chồng nhau", "Days in common"),
    ("days_left", "Thuốc lần trước còn (ngày)", "Days of drugs left"),
    ("death_date", "Ngày mất", "Day of death"),
    ("death_registered", "Ngày đăng ký khai tử", "Death registered on"),
    ("death_state", "Khai tử", "Link of the death"),
    ("exams", "Số lượt khám trong ngày của bác sĩ", "Examinations of the doctor on that day"),
    ("facilities", "Số cơ sở trong 28 ngày", "Facilities within 28 days"),
    ("finished", "Giờ xong", "Finished"),
    ("first_day", "Lần đầu của chuỗi", "First of the chain"),
    ("first_exam", "Lượt khám đầu trong ngày", "First examination of the day"),
    ("judged_stays", "Số đợt so được của cơ sở", "Stays of the facility that can be compared"),
    ("last_exam", "Lượt khám cuối trong ngày", "Last examination of the day"),
    ("line_code", "Mã", "Code"),
    ("line_group", "Nhóm chi phí", "Cost group"),
    ("line_name", "Tên", "Name"),
    ("lines_common", "Số dòng giường chồng giờ", "Bed lines that overlap"),
    ("long_stays", "Số đợt dài của cơ sở", "Long stays of the facility"),
    ("machine", "Máy", "Machine"),
    ("other_discharge", "Loại ra viện của đợt trước", "Discharge of the stay before"),
    ("other_end_day", "Ngày ra của hồ sơ kia", "Last day of the other dossier"),
    ("other_ended", "Giờ ra của đợt trước", "End of the stay before"),
    ("other_facility", "Cơ sở của hồ sơ kia", "Facility of the other dossier"),
    ("other_in_period", "Hồ sơ kia cùng kỳ", "Other dossier of the same period"),
    ("other_main_code", "Bệnh chính của hồ sơ kia", "Main disease of the other dossier"),
    ("other_performed", "Giờ thực hiện ở hồ sơ kia", "Done in the other dossier"),
    ("other_start_day", "Ngày vào của hồ sơ kia", "First day of the other dossier"),
    ("other_total_bh", "Chi phí trong phạm vi của hồ sơ kia", "Cost in scope of the other dossier"),
    ("other_visit_id", "Hồ sơ được so", "Dossier compared with"),
    ("overlaps", "Nhận khi thuốc trước còn", "Taken while drugs were left"),
    ("parent_code", "Mã dịch vụ cha", "Code of the parent service"),
    ("parent_name", "Dịch vụ cha", "Parent service"),
    ("peer_severe_stays", "Số đợt hồi sức của các cơ sở cùng hạng", "Stays in intensive care at facilities of the level"),
    ("peer_stays", "Số đợt của các cơ sở cùng hạng", "Stays at facilities of the level"),
    ("peers", "Số đợt cùng nhóm bệnh ở cơ sở khác cùng hạng", "Like stays at other facilities of the level"),
    ("peers_as_long", "Trong đó dài bằng hoặc hơn", "Of them as long or longer"),
    ("performed", "Giờ thực hiện", "Done at"),
    ("performed_day", "Ngày thực hiện", "Done on"),
    ("place_in_chain", "Thứ tự trong chuỗi", "Place in the chain"),
    ("place_in_day", "Thứ tự trong ngày", "Place in the day"),
    ("reference", "Căn cứ của cặp dịch vụ", "Ground of the pair"),
    ("same_facility", "Cùng cơ sở", "Same facility"),
    ("same_lines", "Trùng từng dòng chi phí", "Same cost lines"),
    ("same_time", "Trùng giờ phút vào và ra", "Same minutes of arrival and end"),
    ("severe_stays", "Số đợt ở khoa hồi sức, không do nơi khác chuyển đến", "Stays in intensive care, not referred"),
    ("stays", "Số đợt", "Stays"),
    ("test", "Loại xét nghiệm", "Test"),
    ("times_early", "Số lần lĩnh sớm", "Times fetched early"),
    ("uses_in_day", "Số lượt trên máy trong ngày", "Uses of the machine on that day"),
    ("valid_hours", "Kết quả có thể dùng lại (giờ, theo dự thảo)", "Result could be used again (hours, by the draft)"),
    ("visits_of_commune", "Số lượt của xã, phường tại cơ sở trong kỳ", "Visits of the commune there in the period"),
];

/// Columns of `claim_stay` and `claim_item` in fewer words than their contracts need: name, Vietnamese, English.
pub(super) const BRIEF: [(&str, &str, &str); 14] = [
    ("ended", "Giờ ra", "End"),
    ("end_day", "Ngày ra", "Last day"),
    ("facility_level", "Cấp của cơ sở", "Level of the facility"),
    ("fund", "Đề nghị quỹ thanh toán", "Asked from the fund"),
    ("home", "Xã, phường nơi cư trú", "Commune of residence"),
    ("main_block", "Nhóm bệnh chính", "Main disease group"),
    ("main_code", "Bệnh chính", "Main disease"),
    ("ordered", "Giờ y lệnh", "Ordered at"),
    ("order_day", "Ngày y lệnh", "Day of the order"),
    ("person_link", "Cùng người theo", "Same person by"),
    ("start_day", "Ngày vào", "First day"),
    ("started", "Giờ vào", "Start"),
    ("stay_days", "Số ngày nằm", "Days of the stay"),
    ("total_bh", "Chi phí trong phạm vi", "Cost in scope"),
];

/// Values that are words of the program: fact, value, Vietnamese, English.
pub(super) const MEANT: [(&str, &str, &str, &str); 11] = [
    ("person_link", "exact", "khớp số, họ tên và ngày sinh", "number, name and birth date agree"),
    ("person_link", "number", "chỉ khớp số, tên hoặc ngày sinh khác", "number only, name or birth date differ"),
    ("person_link", "own", "không có trong sổ đăng ký", "not in the register"),
    ("person_link", "none", "không có số nào của người bệnh", "no number of the person"),
    ("death_state", "registered", "chắc chắn", "certain"),
    ("death_state", "to_be_checked", "cần xác minh", "to be verified"),
    ("test", "hba1c", "HbA1c", "HbA1c"),
    ("test", "urea", "urê máu", "urea"),
    ("test", "bilirubin", "bilirubin", "bilirubin"),
    ("test", "uric_acid", "axit uric", "uric acid"),
    ("test", "cholesterol", "cholesterol", "cholesterol"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fact_and_value_has_one_word() {
        let facts: BTreeSet<&str> = ACROSS.iter().map(|(fact, ..)| *fact).collect();
        assert_eq!(facts.len(), ACROSS.len());
        let values: BTreeSet<(&str, &str)> = MEANT.iter().map(|(fact, value, ..)| (*fact, *value)).collect();
        assert_eq!(values.len(), MEANT.len());
    }
}
