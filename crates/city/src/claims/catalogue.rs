//! The catalogues of the facilities, as tables with the headings of the official forms.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use base::Sex;

use crate::claims::facilities::{Facilities, Facility, health_id};
use crate::claims::lists::{Lists, OTHERS, PARTS};
use crate::claims::papers;
use crate::claims::render::{bed_code, drug_tender, machine_code, supply_tender};
use crate::claims::visit::{Item, Visit};
use crate::error::CityError;
use crate::names;
use crate::world::World;

/// Since when everything in the catalogues holds.
const SINCE: &str = "20250101";

/// Who and what was at work, by facility.
#[derive(Debug, Default)]
pub struct Used {
    staff: BTreeSet<(usize, u32)>,
    beds: BTreeSet<(usize, &'static str, u32)>,
    machines: BTreeSet<(usize, &'static str, u32)>,
}

impl Used {
    /// Notes everybody and everything of a visit.
    pub fn note(&mut self, visit: &Visit, lists: &Lists) {
        let facility = visit.facility.number;
        let mut staff = |person: u32| _ = self.staff.insert((facility, person));
        staff(crate::claims::facilities::staff::HEAD);
        staff(visit.doctor);
        staff(papers::head_of(visit));
        for line in &visit.lines {
            staff(line.doctor);
            if let Some(performer) = line.performer {
                staff(performer);
                staff(crate::claims::facilities::staff::READERS + performer % 8);
            }
            if let (Item::Service(at), Some(machine)) = (line.item, line.machine) {
                self.machines.insert((facility, lists.services[at].machine, machine));
            }
            if let Some(bed) = line.bed {
                self.beds.insert((facility, line.department, bed));
            }
        }
    }

    /// Adds what another part noted.
    pub fn join(&mut self, other: Self) {
        self.staff.extend(other.staff);
        self.beds.extend(other.beds);
        self.machines.extend(other.machines);
    }
}

fn write(folder: &Path, name: &str, header: &str, rows: impl Iterator<Item = String>) -> Result<(), CityError> {
    let path = folder.join(format!("{name}_catalogue.csv"));
    let mut text = format!("{header}\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    std::fs::write(&path, text).map_err(CityError::io(&path))
}

/// Writes all catalogues into a folder.
pub fn write_all(folder: &Path, world: &World, facilities: &Facilities, lists: &Lists, used: &Used) -> Result<(), CityError> {
    std::fs::create_dir_all(folder).map_err(CityError::io(folder))?;
    let all = &facilities.list;
    write(
        folder,
        "facility",
        "MA_CSKCB,TEN_CSKCB,CAP_CMKT,MA_TINH,DIA_CHI,TU_NGAY",
        all.iter().map(|f| {
            let place = world.places[f.place].full_name();
            format!("{},{},{},01,\"{place}, Thành phố Hà Nội\",{SINCE}", f.code, f.name, f.class.level())
        }),
    )?;
    write(
        folder,
        "department",
        "MA_CSKCB,MA_KHOA,TEN_KHOA,GIUONG_PD,TU_NGAY",
        all.iter().flat_map(|f| {
            f.departments().into_iter().map(move |(code, name)| {
                let beds = used.beds.range((f.number, code, 0)..=(f.number, code, u32::MAX)).count();
                format!("{},{code},{name},{beds},{SINCE}", f.code)
            })
        }),
    )?;
    let random = &world.random;
    write(
        folder,
        "staff",
        "MA_CSKCB,MA_BHXH,HO_TEN,MACCHN,PHAMVI_CM,TU_NGAY",
        used.staff.iter().map(|(facility, person)| {
            let (code, id) = (&all[*facility].code, health_id(random, *facility, *person));
            let name = staff_name(world, *facility, *person);
            format!("{code},{id},{name},0{}/HNO-GPHN,Khám bệnh và chữa bệnh,{SINCE}", &id[2..])
        }),
    )?;
    write_items(folder, all, lists)?;
    let beds = used.beds.iter().map(|(facility, department, bed)| (*facility, *department, *bed));
    let wards: BTreeSet<(usize, &str)> =
        all.iter().flat_map(|f| f.departments().into_iter().map(move |(code, _)| (f.number, code))).collect();
    // Every ward has a first bed, whoever lay in it.
    let first =
        wards.into_iter().filter(|(facility, _)| all[*facility].class.has_beds()).map(|(facility, ward)| (facility, ward, 1));
    let beds: BTreeSet<(usize, &str, u32)> = beds.chain(first).collect();
    write(
        folder,
        "bed",
        "MA_CSKCB,MA_KHOA,MA_GIUONG,TU_NGAY",
        beds.into_iter()
            .map(|(facility, department, bed)| format!("{},{department},{},{SINCE}", all[facility].code, bed_code(bed))),
    )?;
    write(
        folder,
        "machine",
        "MA_CSKCB,MA_MAY,TEN_TB,KY_HIEU,TU_NGAY",
        used.machines.iter().filter(|m| !m.1.is_empty()).map(|(facility, kind, machine)| {
            let facility = &all[*facility];
            format!(
                "{},{},Thiết bị nhóm {kind} số {machine},{kind}-{machine},{SINCE}",
                facility.code,
                machine_code(kind, facility, *machine)
            )
        }),
    )?;
    write_diseases(folder, lists)?;
    let parts = PARTS.iter().map(|(whole, part)| {
        let of = |key: &str| &lists.services[lists.service(key)];
        format!("{},{},{},{},{SINCE}", of(whole).code, of(whole).name, of(part).code, of(part).name)
    });
    write(folder, "service_part", "MA_DICH_VU,TEN_DICH_VU,MA_THANH_PHAN,TEN_THANH_PHAN,TU_NGAY", parts)
}

fn write_items(folder: &Path, all: &[Facility], lists: &Lists) -> Result<(), CityError> {
    let rank = |facility: &Facility| facility.class.rank();
    let drugs = all.iter().flat_map(|f| {
        lists.drugs.iter().filter(move |d| d.class <= rank(f)).map(move |d| {
            let mut row = format!("{},{},{},{},{},{},", f.code, d.code, d.name, d.unit, d.strength, d.route);
            // Writing to a string does not fail.
            let _ = write!(row, "{},{},{},{},{SINCE}", d.form, d.registration(), d.price, drug_tender(f));
            row
        })
    });
    let header =
        "MA_CSKCB,MA_THUOC,TEN_THUOC,DON_VI_TINH,HAM_LUONG,MA_DUONG_DUNG,DANG_BAO_CHE,SO_DANG_KY,DON_GIA,TT_THAU,TU_NGAY";
    write(folder, "drug", header, drugs)?;
    let services = all.iter().flat_map(|f| {
        lists.services.iter().filter(move |s| s.class <= rank(f)).map(move |s| {
            let sex = match s.sex {
                Some(Sex::Male) => "Nam",
                Some(Sex::Female) => "Nữ",
                None => "",
            };
            format!("{},{},{},{},{sex},{},{},{SINCE}", f.code, s.code, s.name, f.price(s.price), s.from, s.to)
        })
    });
    write(folder, "service", "MA_CSKCB,MA_DICH_VU,TEN_DICH_VU,DON_GIA,Giới tính áp dụng,Tuổi từ,Tuổi đến,TU_NGAY", services)?;
    let supplies = all.iter().flat_map(|f| {
        lists.supplies.iter().filter(move |s| s.class <= rank(f)).map(move |s| {
            format!("{},{},{},{},{},{},{},{SINCE}", f.code, s.code, &s.code[..3], s.name, s.unit, s.price, supply_tender(f))
        })
    });
    write(folder, "supply", "MA_CSKCB,MA_VAT_TU,NHOM_VAT_TU,TEN_VAT_TU,DON_VI_TINH,DON_GIA,TT_THAU,TU_NGAY", supplies)
}

fn write_diseases(folder: &Path, lists: &Lists) -> Result<(), CityError> {
    let cross = |is: bool| if is { "X" } else { "" };
    let main = lists.diseases.iter().map(|d| {
        let (female, male) = (d.sex == Some(Sex::Female), d.sex == Some(Sex::Male));
        format!("{},{},,,,{},{},{}", d.code, d.name, cross(female), cross(male), cross(d.long))
    });
    let others = OTHERS.iter().map(|(code, name)| format!("{code},{name},,,,,,"));
    let header = "MÃ BỆNH,TÊN BỆNH,MÃ KHÔNG ĐƯỢC DÙNG LÀ BỆNH CHÍNH,\
        MÃ KHÔNG ĐƯỢC SỬ DỤNG VÌ CÓ MÃ 4 HOẶC 5 KÝ TỰ CỤ THỂ HƠN,CHỈ SỬ DỤNG MÃ HÓA NGUYÊN NHÂN TỬ VONG,\
        CÁC MÃ BỆNH CHỈ CÓ HOẶC CHỦ YẾU CÓ Ở NỮ GIỚI,CÁC MÃ BỆNH CHỈ CÓ HOẶC CHỦ YẾU CÓ Ở NAM GIỚI,KÊ ĐƠN TRÊN 30 NGÀY";
    write(folder, "icd", header, main.chain(others))
}

/// A made-up name of somebody of the staff.
pub(crate) fn staff_name(world: &World, facility: usize, person: u32) -> String {
    let draw = world.random.draw2("staff name", facility as u64, u64::from(person));
    let sex = if draw.of("sex").chance(50_000) { Sex::Female } else { Sex::Male };
    let surname = names::surname(&world.tables, draw.of("surname"));
    names::draw(&world.tables, draw, surname, sex, 1_980).full()
}
