//! Facilities of the city: commune stations, polyclinics and hospitals, in proportion to its size.

use crate::ids;
use crate::random::Random;
use crate::world::World;

/// What a facility is, from the commune station up. Its number decides what it offers and asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Trạm y tế.
    Station,
    /// Phòng khám đa khoa.
    Polyclinic,
    /// Basic level under 50 points.
    BasicLow,
    /// Basic level of 50 to 70 points.
    BasicMid,
    /// Basic level, provincial before 2025.
    BasicFormerProvince,
    /// Specialised level, provincial before 2025.
    SpecialFormerProvince,
    /// Specialised level, central before 2025.
    Special,
}

impl Class {
    /// All, from the bottom.
    pub const ALL: [Self; 7] = [
        Self::Station,
        Self::Polyclinic,
        Self::BasicLow,
        Self::BasicMid,
        Self::BasicFormerProvince,
        Self::SpecialFormerProvince,
        Self::Special,
    ];

    /// The law's word for the level, as catalogues write it.
    pub fn level(self) -> &'static str {
        match self {
            Self::Station | Self::Polyclinic => "primary",
            Self::BasicLow => "basic_low",
            Self::BasicMid => "basic_mid",
            Self::BasicFormerProvince => "basic_former_province",
            Self::SpecialFormerProvince => "special_former_province",
            Self::Special => "special",
        }
    }

    /// From 0, the commune station.
    pub fn rank(self) -> usize {
        self as usize
    }

    /// Whether all is paid there, whatever the card.
    pub fn is_primary(self) -> bool {
        matches!(self, Self::Station | Self::Polyclinic)
    }

    /// Whether it has wards.
    pub fn has_beds(self) -> bool {
        self >= Self::BasicLow
    }
}

/// A facility.
#[derive(Debug, Clone)]
pub struct Facility {
    /// Its place in the list.
    pub number: usize,
    /// Five characters, `01` first.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// Number of its commune.
    pub place: usize,
}

/// Departments of every hospital, with what they are called.
pub const DEPARTMENTS: [(&str, &str); 18] = [
    ("K01", "Khoa Khám bệnh"),
    ("K02", "Khoa Hồi sức cấp cứu"),
    ("K03", "Khoa Nội tổng hợp"),
    ("K04", "Khoa Nội tim mạch"),
    ("K05", "Khoa Nội tiêu hóa"),
    ("K06", "Khoa Nội cơ xương khớp"),
    ("K07", "Khoa Nội thận - tiết niệu"),
    ("K08", "Khoa Nội tiết"),
    ("K10", "Khoa Huyết học lâm sàng"),
    ("K11", "Khoa Truyền nhiễm"),
    ("K13", "Khoa Da liễu"),
    ("K14", "Khoa Thần kinh"),
    ("K18", "Khoa Nhi"),
    ("K19", "Khoa Ngoại tổng hợp"),
    ("K27", "Khoa Phụ sản"),
    ("K28", "Khoa Tai mũi họng"),
    ("K29", "Khoa Răng hàm mặt"),
    ("K30", "Khoa Mắt"),
];

/// Departments that only some hospitals have, with the rank of class from which they do.
pub const SPECIAL_DEPARTMENTS: [(&str, &str, usize); 2] = [("K31", "Khoa Phục hồi chức năng", 1), ("K33", "Khoa Ung bướu", 4)];

impl Facility {
    /// Its departments.
    pub fn departments(&self) -> Vec<(&'static str, &'static str)> {
        let rank = self.class.rank();
        let usual = DEPARTMENTS.iter().copied().filter(|(code, _)| self.class.has_beds() || *code == "K01");
        usual.chain(SPECIAL_DEPARTMENTS.iter().filter(|(.., from)| *from <= rank).map(|(code, name, _)| (*code, *name))).collect()
    }

    /// The ward a disease goes to: its own, or the general one where there is none.
    pub fn ward(&self, department: &'static str) -> &'static str {
        let has = self.departments().iter().any(|(code, _)| *code == department);
        if has {
            department
        } else if self.class.has_beds() {
            "K03"
        } else {
            "K01"
        }
    }

    /// What it asks for a service whose model price is given: higher classes ask more, in whole hundreds.
    pub fn price(&self, model: super::money::Milli) -> super::money::Milli {
        let percent = 88 + 3 * self.class.rank() as i64;
        let hundreds = (model.get() * percent / 100 + 50_000) / 100_000;
        super::money::Milli::whole(hundreds * 100)
    }

    /// Whether its software writes amounts with two decimals even when they are whole.
    pub fn writes_decimals(&self) -> bool {
        self.number % 3 == 1
    }
}

/// All facilities.
#[derive(Debug)]
pub struct Facilities {
    /// From the central hospitals down to the stations.
    pub list: Vec<Facility>,
    /// Numbers of those of each class.
    by_class: [Vec<usize>; 7],
    communes: usize,
}

/// People kept apart for the staff of one facility.
const STAFF: u64 = 4_000;
/// Roles by their first number within a facility's staff.
pub mod staff {
    /// The head of the facility.
    pub const HEAD: u32 = 0;
    /// Doctors who examine outpatients.
    pub const DOCTORS: u32 = 1;
    /// Doctors on duty for those who come at any hour.
    pub const DUTY: u32 = 900;
    /// Technicians and readers of results.
    pub const READERS: u32 = 950;
    /// Surgeons.
    pub const SURGEONS: u32 = 1_000;
    /// Heads of department, by their place in the list.
    pub const DEPARTMENT_HEADS: u32 = 1_500;
    /// Doctors of wards.
    pub const WARDS: u32 = 1_600;
    /// Those who work a machine, a hundred for each kind, and nurses.
    pub const OPERATORS: u32 = 2_000;
    /// From here on the same number is the same person at every facility.
    pub const SHARED: u32 = 3_500;
}

impl Facilities {
    /// Plans the facilities of a city.
    pub fn plan(world: &World, scale: f64) -> Self {
        let communes = world.places.iter().filter(|p| p.inside()).count();
        let of = |base: f64, each: f64| (base + each * scale).round().max(1.0) as usize;
        let counts = [
            (Class::Special, of(1.0, 3.0)),
            (Class::SpecialFormerProvince, of(2.0, 12.0)),
            (Class::BasicFormerProvince, of(3.0, 8.0)),
            (Class::BasicMid, of(3.0, 12.0)),
            (Class::BasicLow, of(6.0, 30.0)),
            (Class::Polyclinic, communes.div_ceil(6)),
            (Class::Station, communes),
        ];
        let mut list: Vec<Facility> = Vec::new();
        let mut by_class: [Vec<usize>; 7] = Default::default();
        for (class, count) in counts {
            for n in 0..count {
                let place = if class == Class::Station { n } else { n * communes / count };
                let commune = world.places[place].full_name();
                let (base, name) = match class {
                    Class::Special => (1, format!("Bệnh viện Trung ương số {}", n + 1)),
                    Class::SpecialFormerProvince => (11, format!("Bệnh viện Chuyên sâu thành phố số {}", n + 1)),
                    Class::BasicFormerProvince => (41, format!("Bệnh viện Đa khoa thành phố số {}", n + 1)),
                    Class::BasicMid => (71, format!("Bệnh viện Đa khoa hạng trung số {}", n + 1)),
                    Class::BasicLow => (101, format!("Bệnh viện Đa khoa khu vực {}", n + 1)),
                    Class::Polyclinic => (301, format!("Phòng khám đa khoa số {}", n + 1)),
                    Class::Station => (501, format!("Trạm Y tế {commune}")),
                };
                let number = list.len();
                by_class[class.rank()].push(number);
                list.push(Facility { number, code: format!("01{:03}", base + n), name, class, place });
            }
        }
        Self { list, by_class, communes }
    }

    /// Those of a class.
    pub fn of(&self, class: Class) -> &[usize] {
        &self.by_class[class.rank()]
    }

    /// The one of a class that people of a commune go to.
    pub fn near(&self, class: Class, place: usize) -> usize {
        let list = self.of(class);
        if class == Class::Station {
            return list[place.min(list.len() - 1)];
        }
        list[(place * list.len() / self.communes.max(1)).min(list.len() - 1)]
    }

    /// The hospital with a running number, as cards name it for the first visit.
    pub fn hospital(&self, number: u64) -> usize {
        let hospitals = Class::ALL[2..5].iter().flat_map(|class| self.of(*class));
        let count = self.by_class[2..5].iter().map(Vec::len).sum::<usize>().max(1);
        hospitals.copied().nth(number as usize % count).unwrap_or(0)
    }
}

/// The ten digits of somebody of a facility's staff, whom no card of the city bears.
pub fn health_id(random: &Random, facility: usize, person: u32) -> String {
    let facility = if person >= staff::SHARED { 0 } else { facility };
    let index = 99_999_999 - (facility as u64 * STAFF + u64::from(person));
    // Numbers of people take places below twice the limit of slots, of which the plan uses nine tenths at most.
    debug_assert!(index > ids::SLOT_LIMIT + ids::SLOT_LIMIT / 10 * 9);
    format!("01{:08}", random.permute("insurance number", index, 100_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_is_a_station_for_each_commune_and_codes_are_unique() {
        let world = World::plan(0.001, 1).unwrap();
        for scale in [0.001, 0.1, 1.0] {
            let all = Facilities::plan(&world, scale);
            let codes: BTreeSet<&str> = all.list.iter().map(|f| f.code.as_str()).collect();
            assert_eq!(codes.len(), all.list.len());
            assert!(all.list.iter().all(|f| f.code.len() == 5));
            assert_eq!(all.of(Class::Station).len(), 126);
            assert!(Class::ALL.iter().all(|class| !all.of(*class).is_empty()));
            assert_eq!(all.list[all.near(Class::Station, 5)].place, 5);
        }
        assert!(Facilities::plan(&world, 1.0).list.len() > Facilities::plan(&world, 0.01).list.len());
    }

    #[test]
    fn staff_have_numbers_of_their_own() {
        let random = Random::new(1);
        let ids: BTreeSet<String> = (0..20).flat_map(|f| (0..200).map(move |p| health_id(&random, f, p))).collect();
        assert_eq!(ids.len(), 4_000);
    }
}
