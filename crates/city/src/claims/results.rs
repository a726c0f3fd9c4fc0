//! Results of tests and images (XML4), and notes of wards (XML5).

use crate::claims::columns::{Xml4, Xml5};
use crate::claims::facilities::staff;
use crate::claims::lists::Service;
use crate::claims::money::Milli;
use crate::claims::papers;
use crate::claims::plan::Leaves;
use crate::claims::render::{Render, empty, set};
use crate::claims::stamp;
use crate::claims::visit::{Line, Visit};

impl Render<'_> {
    /// Rows of XML4: an index or an image each.
    pub(crate) fn results(&self, visit: &Visit) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let written = |line: &&Line| !line.silent && self.of(line).is_some_and(Service::is_test);
        for line in visit.lines.iter().filter(written) {
            let Some(service) = self.of(line) else { continue };
            let reader = staff::READERS + (line.performer.unwrap_or(0) % 8);
            let mut base = empty(Xml4::COLUMNS);
            set!(base, Xml4,
                MA_LK: visit.link.clone(),
                MA_DICH_VU: service.code,
                NGAY_KQ: stamp::time(line.times[2]),
                MA_BS_DOC_KQ: self.id(visit, reader),
            );
            if service.results.is_empty() {
                set!(base, Xml4,
                    MO_TA: format!("{}: hình ảnh rõ, đủ tiêu chuẩn", service.name),
                    KET_LUAN: "Không thấy bất thường khác ngoài bệnh chính",
                );
                rows.push(base.clone());
            }
            for (nth, index) in service.results.iter().enumerate() {
                let draw = visit.plan.draw.of("result").of(service.key).number(nth as u64);
                let value =
                    Milli::thousandths((index.low * 1_000 + draw.below((index.high - index.low) * 1_000)) as i64 / 100 * 100);
                let mut row = base.clone();
                set!(row, Xml4,
                    MA_CHI_SO: format!("{}.{}", service.code, index.code),
                    TEN_CHI_SO: index.name,
                    GIA_TRI: value.to_string(),
                    DON_VI_DO: index.unit,
                );
                rows.push(row);
            }
        }
        for (nth, row) in rows.iter_mut().enumerate() {
            row[Xml4::STT as usize] = (nth + 1).to_string();
        }
        rows
    }

    /// A note a day, within the stay.
    pub(crate) fn notes(&self, visit: &Visit) -> Vec<Vec<String>> {
        let admitted = visit.admitted.unwrap_or(visit.arrival);
        let days = visit.plan.days.max(1);
        (0..days)
            .map(|day| {
                let moment = if day == 0 { admitted + 15 } else { stamp::at(visit.plan.day + day, 8 * 60 + 10) };
                let text = match day {
                    0 => "Người bệnh tỉnh, tiếp xúc được; nhận vào khoa, cho y lệnh",
                    _ if day + 1 == days && visit.plan.leaves == Leaves::Died => "Bệnh nặng, hồi sức tích cực",
                    _ if day + 1 == days => "Ổn định, dự kiến cho ra viện",
                    _ => "Đỡ, tiếp tục điều trị",
                };
                let mut row = empty(Xml5::COLUMNS);
                set!(row, Xml5,
                    MA_LK: visit.link.clone(),
                    STT: (day + 1).to_string(),
                    DIEN_BIEN_LS: text,
                    THOI_DIEM_DBLS: stamp::time(moment.min(visit.left)),
                    NGUOI_THUC_HIEN: self.id(visit, papers::head_of(visit)),
                );
                row
            })
            .collect()
    }
}
