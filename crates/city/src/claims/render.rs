//! A visit as the tables of the decisions: XML1 to XML3. Results and notes stand in `results`, papers in `papers`.

use crate::claims::columns::{Xml1, Xml2, Xml3, Xml4, Xml5};
use crate::claims::facilities::{Facilities, Facility, health_id, staff};
use crate::claims::lists::{Lists, OTHERS, Service};
use crate::claims::money::Milli;
use crate::claims::papers;
use crate::claims::plan::{Form, Leaves, Route};
use crate::claims::stamp;
use crate::claims::visit::{Item, Line, Visit};
use crate::random::Random;
use crate::world::World;
use base::Sex;

/// A table of a dossier.
#[derive(Debug, Clone)]
pub struct Table {
    /// `XML1`, `XML2`, …
    pub name: &'static str,
    /// Names of the columns.
    pub columns: &'static [&'static str],
    /// Cells in the order of the columns; an empty one holds nothing.
    pub rows: Vec<Vec<String>>,
}

/// Sets a cell of a row.
macro_rules! set {
    ($row:expr, $table:ident, $($column:ident: $value:expr),* $(,)?) => {
        $($row[$table::$column as usize] = $value.into();)*
    };
}
pub(crate) use set;

/// Writes visits as tables.
pub struct Render<'a> {
    /// The city.
    pub world: &'a World,
    /// The lists.
    pub lists: &'a Lists,
    /// The facilities.
    pub facilities: &'a Facilities,
}

/// A row of empty cells.
pub(crate) fn empty(columns: &[&str]) -> Vec<String> {
    vec![String::new(); columns.len()]
}

/// An amount as the facility's software writes it.
fn amount(facility: &Facility, value: Milli) -> String {
    if facility.writes_decimals() { value.fixed(2) } else { value.to_string() }
}

/// A rate in hundredths of a percent, as percent.
fn percent(hundredths: i64) -> String {
    Milli::thousandths(hundredths * 10).to_string()
}

/// `SA.1.01011.3`.
pub fn machine_code(group: &str, facility: &Facility, number: u32) -> String {
    format!("{group}.1.{}.{number}", facility.code)
}

/// `H012`; beds past the first thousand have other letters.
pub fn bed_code(number: u32) -> String {
    let letter = ["H", "T", "C", "K"][(number as usize / 1_000).min(3)];
    format!("{letter}{:03}", number % 1_000)
}

/// The tender of a drug.
pub fn drug_tender(facility: &Facility) -> String {
    format!("{}/QĐ-TT;G1;N{};2026", 100 + facility.number, 1 + facility.number % 4)
}

/// The tender of a supply.
pub fn supply_tender(facility: &Facility) -> String {
    format!("{}.{};G2;N1;2026", 200 + facility.number, facility.code)
}

impl Render<'_> {
    pub(crate) fn random(&self) -> &Random {
        &self.world.random
    }

    /// The ten digits of somebody of the staff.
    pub(crate) fn id(&self, visit: &Visit, person: u32) -> String {
        health_id(self.random(), visit.facility.number, person)
    }

    /// All tables of a visit that hold anything.
    pub fn dossier(&self, visit: &Visit) -> Vec<Table> {
        let mut tables = vec![Table { name: "XML1", columns: Xml1::COLUMNS, rows: vec![self.summary(visit)] }];
        let mut drugs = Vec::new();
        let mut services = Vec::new();
        for line in &visit.lines {
            if line.is_drug() {
                drugs.push(self.drug(visit, line, drugs.len() + 1));
            } else {
                services.push(self.service(visit, line, services.len() + 1));
            }
        }
        let results = self.results(visit);
        let notes = if visit.plan.form == Form::Inpatient { self.notes(visit) } else { Vec::new() };
        tables.push(Table { name: "XML2", columns: Xml2::COLUMNS, rows: drugs });
        tables.push(Table { name: "XML3", columns: Xml3::COLUMNS, rows: services });
        tables.push(Table { name: "XML4", columns: Xml4::COLUMNS, rows: results });
        tables.push(Table { name: "XML5", columns: Xml5::COLUMNS, rows: notes });
        tables.extend(papers::of(self, visit));
        tables.retain(|table| !table.rows.is_empty() && !visit.without.contains(&table.name));
        tables
    }

    /// The disease of a visit with those beside it: code, name, other codes.
    pub(crate) fn diseases(&self, visit: &Visit) -> (&'static str, String, &'static str) {
        let disease = &self.lists.diseases[visit.plan.disease];
        let other = |code: &&str| {
            let main = self.lists.diseases.iter().find(|d| d.code == *code).map(|d| d.name);
            main.or(OTHERS.iter().find(|(own, _)| own == code).map(|(_, name)| *name))
        };
        let others = disease.others.split(';').filter(|code| !code.is_empty());
        let names: Vec<&str> = others.filter_map(|code| other(&code)).collect();
        let name = if names.is_empty() { disease.name.to_owned() } else { format!("{}; {}", disease.name, names.join("; ")) };
        (disease.code, name, disease.others)
    }

    /// The paper a patient came with; its number holds that of the facility which gave it.
    pub(crate) fn paper(&self, visit: &Visit) -> String {
        let number = visit.plan.draw.of("paper").below(9_000) + 1_000;
        match visit.plan.route {
            Route::Referred(from) => format!("{number}/2026/{}-PCCS", self.facilities.list[from].code),
            Route::Revisit => format!("{number}/2026/{}-HKL", visit.facility.code),
            _ => String::new(),
        }
    }

    /// Birth as the tables have it: to the minute for those born lately.
    pub(crate) fn birth(&self, visit: &Visit) -> String {
        let minute = if visit.patient.age(visit.plan.day) < 1 { visit.patient.person.rem_euclid(1_440) } else { 0 };
        stamp::time(stamp::at(visit.patient.birth, minute))
    }

    fn summary(&self, visit: &Visit) -> Vec<String> {
        let (plan, patient, facility) = (visit.plan, visit.patient, visit.facility);
        let place = &self.world.places[patient.place];
        let (code, name, others) = self.diseases(visit);
        let age = patient.age(plan.day);
        let money = |value: Milli| amount(facility, value);
        let totals = &visit.totals;
        let inpatient = plan.form == Form::Inpatient;
        let accident = self.lists.diseases[plan.disease].accident;
        let to = if let Leaves::Transferred(to) = plan.leaves { self.facilities.list[to].code.clone() } else { String::new() };
        let from = if let Route::Referred(from) = plan.route { self.facilities.list[from].code.clone() } else { String::new() };
        let (outcome, leaves) = match plan.leaves {
            Leaves::Home => (if inpatient { "1" } else { "2" }, "1"),
            Leaves::Transferred(_) => ("3", "2"),
            Leaves::Died => ("5", "1"),
        };
        let surgery = visit.lines.iter().any(|line| self.of(line).is_some_and(|service| service.group == "8"));
        let month = stamp::date(plan.leaves_on());
        let mut row = empty(Xml1::COLUMNS);
        set!(row, Xml1,
            MA_LK: visit.link.clone(),
            STT: "1",
            MA_BN: format!("{}{:08}", &facility.code[2..], patient.person),
            HO_TEN: patient.name.clone(),
            SO_CCCD: if age >= 14 || patient.person % 3 > 0 { patient.id.clone() } else { String::new() },
            NGAY_SINH: self.birth(visit),
            GIOI_TINH: if patient.sex == Sex::Male { "1" } else { "2" },
            MA_QUOCTICH: "000",
            MA_DANTOC: patient.ethnic,
            MA_NGHE_NGHIEP: "00000",
            DIA_CHI: patient.address.clone(),
            MATINH_CU_TRU: "01",
            MAXA_CU_TRU: place.code.clone(),
            MA_THE_BHYT: patient.card.clone(),
            MA_DKBD: self.facilities.list[patient.registered].code.clone(),
            GT_THE_TU: stamp::day(patient.from),
            GT_THE_DEN: stamp::day(patient.to),
            LY_DO_VV: format!("Khám, điều trị {}", name.to_lowercase()),
            LY_DO_VNT: if plan.form.is_admitted() { format!("Điều trị {}", name.to_lowercase()) } else { String::new() },
            CHAN_DOAN_VAO: name.clone(),
            CHAN_DOAN_RV: name,
            MA_BENH_CHINH: code,
            MA_BENH_KT: others,
            MA_PTTT_QT: if surgery { "00.0" } else { "" },
            MA_DOITUONG_KCB: visit.category(),
            MA_NOI_DI: from,
            MA_NOI_DEN: to,
            MA_TAI_NAN: if accident { "1" } else { "" },
            NGAY_VAO: stamp::time(visit.arrival),
            NGAY_VAO_NOI_TRU: visit.admitted.map(stamp::time).unwrap_or_default(),
            NGAY_RA: stamp::time(visit.end),
            GIAY_CHUYEN_TUYEN: self.paper(visit),
            SO_NGAY_DTRI: visit.treatment_days().to_string(),
            PP_DIEU_TRI: if surgery { "Phẫu thuật, thuốc" } else { "Nội khoa, thuốc" },
            KET_QUA_DTRI: outcome,
            MA_LOAI_RV: leaves,
            NGAY_TTOAN: stamp::time(visit.left + 6),
            T_THUOC: money(totals.drugs),
            T_VTYT: money(totals.supplies),
            T_TONGCHI_BV: money(totals.all.bv),
            T_TONGCHI_BH: money(totals.all.bh),
            T_BNTT: money(totals.all.patient),
            T_BNCCT: money(totals.all.copay),
            T_BHTT: money(totals.all.fund),
            T_NGUONKHAC: money(totals.all.source),
            T_BHTT_GDV: money(totals.all.fund),
            NAM_QT: month.year().to_string(),
            THANG_QT: month.month_number().to_string(),
            MA_LOAI_KCB: plan.form.code(),
            MA_KHOA: if plan.form.is_admitted() { format!("K01;{}", visit.ward) } else { "K01".to_owned() },
            MA_CSKCB: facility.code.clone(),
            CAN_NANG: weight(age, visit),
            MA_HSBA: format!("{}/{}", visit.link, month.year()),
            MA_TTDV: self.id(visit, staff::HEAD),
        );
        if matches!(plan.form, Form::LongDrugs) {
            row[Xml1::NGAY_TAI_KHAM as usize] = stamp::day(visit.end_day() + 1);
        }
        changed(row, &visit.changes)
    }

    /// The service of a line.
    pub(crate) fn of(&self, line: &Line) -> Option<&Service> {
        if let Item::Service(at) = line.item { self.lists.services.get(at) } else { None }
    }

    fn drug(&self, visit: &Visit, line: &Line, number: usize) -> Vec<String> {
        let Item::Drug(at) = line.item else { return empty(Xml2::COLUMNS) };
        let (drug, parts, facility) = (&self.lists.drugs[at], &line.parts, visit.facility);
        let money = |value: Milli| amount(facility, value);
        let mut row = empty(Xml2::COLUMNS);
        set!(row, Xml2,
            MA_LK: visit.link.clone(),
            STT: number.to_string(),
            MA_THUOC: drug.code,
            MA_NHOM: "4",
            TEN_THUOC: drug.name,
            DON_VI_TINH: drug.unit,
            HAM_LUONG: drug.strength,
            DUONG_DUNG: drug.route,
            DANG_BAO_CHE: drug.form,
            LIEU_DUNG: line.dose.clone(),
            CACH_DUNG: "Theo chỉ dẫn của bác sĩ",
            SO_DANG_KY: drug.registration(),
            TT_THAU: drug_tender(facility),
            PHAM_VI: "1",
            TYLE_TT_BH: line.rate.to_string(),
            SO_LUONG: line.quantity.to_string(),
            DON_GIA: line.price_bv.to_string(),
            THANH_TIEN_BV: money(parts.bv),
            THANH_TIEN_BH: money(parts.bh),
            T_NGUONKHAC_NSNN: money(parts.source),
            T_NGUONKHAC_VTNN: "0",
            T_NGUONKHAC_VTTN: "0",
            T_NGUONKHAC_CL: "0",
            T_NGUONKHAC: money(parts.source),
            MUC_HUONG: percent(parts.level),
            T_BNTT: money(parts.patient),
            T_BNCCT: money(parts.copay),
            T_BHTT: money(parts.fund),
            MA_KHOA: line.department,
            MA_BAC_SI: self.id(visit, line.doctor),
            NGAY_YL: stamp::time(line.times[0]),
            NGAY_TH_YL: stamp::time(line.times[1]),
            MA_PTTT: "1",
            NGUON_CTRA: "1",
        );
        changed(row, &line.changes)
    }

    fn service(&self, visit: &Visit, line: &Line, number: usize) -> Vec<String> {
        let (parts, facility) = (&line.parts, visit.facility);
        let money = |value: Milli| amount(facility, value);
        let mut row = empty(Xml3::COLUMNS);
        match line.item {
            Item::Service(at) => {
                let service = &self.lists.services[at];
                let elsewhere = line.elsewhere.map(|at| &self.facilities.list[at]);
                let code = match elsewhere {
                    Some(other) => format!("{}.K.{}", service.code, other.code),
                    None => service.code.to_owned(),
                };
                let machine = match (line.machine, elsewhere) {
                    (Some(number), None) if service.is_test() || service.group == "8" => {
                        machine_code(service.machine, facility, number)
                    }
                    _ => String::new(),
                };
                set!(row, Xml3,
                    MA_DICH_VU: code,
                    MA_NHOM: service.group,
                    TEN_DICH_VU: service.name,
                    DON_VI_TINH: if service.is_bed() { "Ngày" } else { "Lần" },
                    MA_PTTT_QT: if service.group == "8" { "00.0" } else { "" },
                    PP_VO_CAM: if service.group == "8" { if service.minutes > 30 { "1" } else { "2" } } else { "" },
                    MA_MAY: machine,
                    NGAY_KQ: stamp::time(line.times[2]),
                );
            }
            Item::Supply(at) => {
                let supply = &self.lists.supplies[at];
                set!(row, Xml3,
                    MA_VAT_TU: supply.code,
                    MA_NHOM: "10",
                    TEN_VAT_TU: supply.name,
                    DON_VI_TINH: supply.unit,
                    TT_THAU: supply_tender(facility),
                );
            }
            Item::Drug(_) => {}
        }
        set!(row, Xml3,
            MA_LK: visit.link.clone(),
            STT: number.to_string(),
            PHAM_VI: "1",
            SO_LUONG: line.quantity.to_string(),
            DON_GIA_BV: line.price_bv.to_string(),
            DON_GIA_BH: line.price_bh.to_string(),
            TYLE_TT_DV: line.step.to_string(),
            TYLE_TT_BH: line.rate.to_string(),
            THANH_TIEN_BV: money(parts.bv),
            THANH_TIEN_BH: money(parts.bh),
            MUC_HUONG: percent(parts.level),
            T_NGUONKHAC_NSNN: money(parts.source),
            T_NGUONKHAC_VTNN: "0",
            T_NGUONKHAC_VTTN: "0",
            T_NGUONKHAC_CL: "0",
            T_NGUONKHAC: money(parts.source),
            T_BNTT: money(parts.patient),
            T_BNCCT: money(parts.copay),
            T_BHTT: money(parts.fund),
            MA_KHOA: line.department,
            MA_GIUONG: line.bed.map(bed_code).unwrap_or_default(),
            MA_BAC_SI: self.id(visit, line.doctor),
            NGUOI_THUC_HIEN: line.performer.map(|person| self.id(visit, person)).unwrap_or_default(),
            NGAY_YL: stamp::time(line.times[0]),
            NGAY_TH_YL: stamp::time(line.times[1]),
            MA_PTTT: "1",
        );
        changed(row, &line.changes)
    }
}

/// The weight of children, by age.
fn weight(age: i32, visit: &Visit) -> String {
    match age {
        ..1 => Milli::thousandths(3_200 + 10 * visit.patient.person.rem_euclid(500)).to_string(),
        1..6 => (8 + 2 * age).to_string(),
        _ => String::new(),
    }
}

/// A row with the cells that are to be written in another way.
fn changed(mut row: Vec<String>, changes: &[(usize, String)]) -> Vec<String> {
    for (at, value) in changes {
        row[*at].clone_from(value);
    }
    row
}
