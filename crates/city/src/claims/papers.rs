//! The papers of a dossier: discharge (XML7), referral (XML13), re-visit (XML14).

use crate::claims::catalogue::staff_name;
use crate::claims::columns::{Xml7, Xml13, Xml14};
use crate::claims::content::department_number;
use crate::claims::facilities::staff;
use crate::claims::plan::{Form, Leaves};
use crate::claims::render::{Render, Table, empty, set};
use crate::claims::stamp;
use crate::claims::visit::Visit;
use base::Sex;

/// The head of the ward, or of the examination department.
pub(crate) fn head_of(visit: &Visit) -> u32 {
    staff::DEPARTMENT_HEADS + department_number(visit.ward)
}

/// The papers of a visit.
pub(crate) fn of(render: &Render, visit: &Visit) -> Vec<Table> {
    let mut tables = Vec::new();
    if visit.plan.form == Form::Inpatient {
        tables.push(Table { name: "XML7", columns: Xml7::COLUMNS, rows: vec![discharge(render, visit)] });
    }
    if let Leaves::Transferred(to) = visit.plan.leaves {
        tables.push(Table { name: "XML13", columns: Xml13::COLUMNS, rows: vec![referral(render, visit, to)] });
    }
    if visit.plan.form == Form::LongDrugs {
        tables.push(Table { name: "XML14", columns: Xml14::COLUMNS, rows: vec![revisit(render, visit)] });
    }
    tables
}

fn discharge(render: &Render, visit: &Visit) -> Vec<String> {
    let (_, name, _) = render.diseases(visit);
    let head = head_of(visit);
    let month = stamp::date(visit.plan.leaves_on());
    let mut row = empty(Xml7::COLUMNS);
    set!(row, Xml7,
        MA_LK: visit.link.clone(),
        SO_LUU_TRU: format!("{}/{}", visit.link, month.year()),
        MA_YTE: format!("{}{:08}", &visit.facility.code[2..], visit.patient.person),
        MA_KHOA_RV: visit.ward,
        NGAY_VAO: stamp::time(visit.arrival),
        NGAY_RA: stamp::time(visit.end),
        MA_DINH_CHI_THAI: "0",
        CHAN_DOAN_RV: name,
        PP_DIEUTRI: "Nội khoa, thuốc theo y lệnh",
        GHI_CHU: "Khám lại khi có dấu hiệu bất thường",
        MA_TTDV: render.id(visit, staff::HEAD),
        MA_BS: render.id(visit, head),
        TEN_BS: staff_name(render.world, visit.facility.number, head),
        NGAY_CT: stamp::day(visit.end_day()),
    );
    row
}

fn referral(render: &Render, visit: &Visit, to: usize) -> Vec<String> {
    let (code, name, others) = render.diseases(visit);
    let patient = visit.patient;
    let number = 1 + visit.plan.draw.of("transfer number").below(900);
    let mut row = empty(Xml13::COLUMNS);
    set!(row, Xml13,
        MA_LK: visit.link.clone(),
        SO_HOSO: format!("{}/HS", visit.link),
        SO_CHUYENTUYEN: format!("{number}/2026"),
        GIAY_CHUYEN_TUYEN: format!("{number}/2026/{}-PCCS", visit.facility.code),
        MA_CSKCB: visit.facility.code.clone(),
        MA_NOI_DEN: render.facilities.list[to].code.clone(),
        HO_TEN: patient.name.clone(),
        NGAY_SINH: render.birth(visit),
        GIOI_TINH: if patient.sex == Sex::Male { "1" } else { "2" },
        MA_QUOCTICH: "000",
        MA_DANTOC: patient.ethnic,
        MA_NGHE_NGHIEP: "00000",
        DIA_CHI: patient.address.clone(),
        MA_THE_BHYT: patient.card.clone(),
        GT_THE_DEN: stamp::day(patient.to),
        NGAY_VAO: stamp::time(visit.arrival),
        NGAY_VAO_NOI_TRU: visit.admitted.map(stamp::time).unwrap_or_default(),
        NGAY_RA: stamp::time(visit.end),
        DAU_HIEU_LS: "Tỉnh, mạch và huyết áp ổn định",
        CHAN_DOAN_RV: name,
        QT_BENHLY: "Bệnh diễn biến vài ngày, đã dùng thuốc, chưa đỡ",
        TOMTAT_KQ: "Kết quả cận lâm sàng kèm theo hồ sơ",
        PP_DIEUTRI: "Thuốc theo đơn",
        MA_BENH_CHINH: code,
        MA_BENH_KT: others,
        MA_LOAI_RV: "2",
        MA_LYDO_CT: "1",
        HUONG_DIEU_TRI: "Chuyển đến cơ sở có chuyên khoa",
        PHUONGTIEN_VC: "Người bệnh tự đi",
        MA_BAC_SI: render.id(visit, visit.doctor),
        MA_TTDV: render.id(visit, staff::HEAD),
    );
    row
}

fn revisit(render: &Render, visit: &Visit) -> Vec<String> {
    let (code, name, others) = render.diseases(visit);
    let patient = visit.patient;
    let mut row = empty(Xml14::COLUMNS);
    set!(row, Xml14,
        MA_LK: visit.link.clone(),
        SO_GIAYHEN_KL: format!("{}/HKL", visit.link),
        MA_CSKCB: visit.facility.code.clone(),
        HO_TEN: patient.name.clone(),
        NGAY_SINH: render.birth(visit),
        GIOI_TINH: if patient.sex == Sex::Male { "1" } else { "2" },
        DIA_CHI: patient.address.clone(),
        MA_THE_BHYT: patient.card.clone(),
        GT_THE_DEN: stamp::day(patient.to),
        NGAY_VAO: stamp::time(visit.arrival),
        NGAY_RA: stamp::time(visit.end),
        NGAY_HEN_KL: stamp::day(visit.end_day() + 1),
        CHAN_DOAN_RV: name,
        MA_BENH_CHINH: code,
        MA_BENH_KT: others,
        MA_DOITUONG_KCB: visit.category(),
        MA_BAC_SI: render.id(visit, visit.doctor),
        MA_TTDV: render.id(visit, staff::HEAD),
        NGAY_CT: stamp::day(visit.plan.day),
    );
    row
}
