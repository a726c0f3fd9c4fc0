//! The roles of a portal on one machine, for looking around: each kind of user once, and each commune.

use std::collections::{BTreeMap, BTreeSet};

use base::places::Places;
use base::{Area, CommuneCode, Role, Scope};
use chapter::LocalRole;
use desk::{Desk, Unit, UnitKind, User, role_purpose};

use crate::failure::Failure;

/// Communes of the sample base office.
const OF_A_BASE_OFFICE: usize = 3;

/// Puts units and users of the picker into the desk where they are missing; gives the roles, the city agency first.
pub(super) async fn put(desk: &Desk, places: &Places) -> Result<Vec<LocalRole>, Failure> {
    let system = Scope::system();
    let users: BTreeMap<String, User> = desk.users(&system).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
    let mut roles = Vec::new();
    for (unit, user) in wanted(places) {
        if !users.contains_key(&user.id) {
            desk.put_unit(&system, &unit).await?;
            if let (UnitKind::BaseOffice, Area::Communes(communes)) = (unit.kind, &user.area) {
                desk.set_unit_communes(&system, &unit.id, communes).await?;
            }
            desk.put_user(&system, &user).await?;
        }
        let scope = user.scope(role_purpose(user.role));
        roles.push(LocalRole { user: user.id, label: user.label, unit_name: unit.name, scope });
    }
    Ok(roles)
}

fn wanted(places: &Places) -> Vec<(Unit, User)> {
    let base: BTreeSet<CommuneCode> =
        places.communes().iter().take(OF_A_BASE_OFFICE).map(|commune| commune.code.clone()).collect();
    let nobody = || Area::Communes(BTreeSet::new());
    let mut wanted = vec![
        one(
            "bhxh-hn",
            "BHXH thành phố Hà Nội",
            UnitKind::CityAgency,
            "u-city",
            "Cán bộ BHXH thành phố",
            Role::CityOfficer,
            Area::City,
        ),
        // The second signature under a decision of the claims audit is another person's.
        one(
            "bhxh-hn",
            "BHXH thành phố Hà Nội",
            UnitKind::CityAgency,
            "u-giam-dinh",
            "Người làm công tác giám định",
            Role::CityOfficer,
            Area::City,
        ),
        one(
            "bhxh-co-so",
            "BHXH cơ sở (mẫu)",
            UnitKind::BaseOffice,
            "u-co-so",
            "Cán bộ BHXH cơ sở",
            Role::BaseOfficer,
            Area::Communes(base),
        ),
    ];
    for commune in places.communes() {
        let (unit, user) = (format!("xa-{}", commune.code), format!("u-xa-{}", commune.code));
        let name = format!("UBND {} {}", commune.kind, commune.name);
        let label = format!("Công chức {} {}", commune.kind, commune.name);
        let area = Area::Communes([commune.code.clone()].into());
        wanted.push(one(&unit, &name, UnitKind::Commune, &user, &label, Role::CommuneStaff, area));
    }
    wanted.extend([
        one("quan-tri", "Quản trị hệ thống", UnitKind::Other, "u-quan-tri", "Quản trị viên", Role::Administrator, Area::City),
        one(
            "bao-ve-du-lieu",
            "Bộ phận bảo vệ dữ liệu cá nhân",
            UnitKind::Department,
            "u-bao-ve-du-lieu",
            "Cán bộ bảo vệ dữ liệu cá nhân",
            Role::DataProtection,
            Area::City,
        ),
        one(
            "hdnd",
            "Hội đồng nhân dân (mẫu)",
            UnitKind::Oversight,
            "u-giam-sat",
            "Đại biểu giám sát",
            Role::Oversight,
            Area::City,
        ),
        one(
            "cong-an",
            "Công an (mẫu)",
            UnitKind::Police,
            "u-phoi-hop",
            "Cán bộ cơ quan phối hợp",
            Role::PartnerOfficer,
            Area::City,
        ),
        one(
            "to-chuc-thu",
            "Tổ chức hỗ trợ phát triển đối tượng (mẫu)",
            UnitKind::CollectionOrganisation,
            "u-nhan-vien-thu",
            "Nhân viên thu",
            Role::Collector,
            nobody(),
        ),
        one(
            "kcb-01001",
            "Bệnh viện (mẫu)",
            UnitKind::Facility,
            "u-co-so-y-te",
            "Cán bộ bệnh viện",
            Role::FacilityStaff,
            nobody(),
        ),
        one("truong", "Trường học (mẫu)", UnitKind::School, "u-truong", "Cán bộ nhà trường", Role::SchoolStaff, nobody()),
        one("don-vi", "Công ty (mẫu)", UnitKind::Employer, "u-don-vi", "Kế toán đơn vị", Role::EmployerStaff, nobody()),
    ]);
    wanted
}

fn one(unit: &str, name: &str, kind: UnitKind, id: &str, label: &str, role: Role, area: Area) -> (Unit, User) {
    let unit = Unit { id: unit.into(), name: name.into(), kind, parent: None };
    let user = User {
        id: id.into(),
        label: label.into(),
        role,
        unit: unit.id.clone(),
        area,
        active: true,
        valid_from: None,
        valid_to: None,
    };
    (unit, user)
}
