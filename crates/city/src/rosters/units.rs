//! The agency's lists of units: `unit_ledger`, every unit with what it owes at the end of the month, and
//! `unit_code_map`, old and new unit codes side by side.

use crate::businesses;
use crate::calendar;
use crate::employers::names::Hand;
use crate::employers::payroll::Account;
use crate::employers::{Part, codes, truth};
use crate::error::CityError;
use crate::errors::{Care, Pattern, Profile};
use crate::rosters::office::{self, Office};
use crate::rosters::{Cell, EmployerSubject, Encoding, Files, Form, Roster, Row, Subject, Text, View, arrears};

/// The agency's desks shorten names and keep those of before a renaming.
pub const HAND: Hand = Hand { capitals: 15_000, short: 55_000, bare: 2_000, stale: 60_000, slip: 600 };
/// Units among 100,000 that the ledger still has under their old code.
const OLD_CODE: u32 = 6_000;

/// The ledger of all units.
pub struct Ledger(Office);

impl Ledger {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Office { profile: Profile::new("unit_ledger", Care::Typical, 1_500)?, hand: HAND })))
    }
}

impl Roster for Ledger {
    fn files(&self, view: &View) -> Option<Files> {
        Some(Files::Parts { stem: format!("Tong_hop_thu_no_don_vi_{}", view.period()), form: form(view) })
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let Some(account) = truth::owner_account(subject).filter(|a| !a.is_empty()) else { return };
        let Some(business) = businesses::of(subject.world, subject.home) else { return };
        let (world, record) = (subject.world, self.0.record(subject.world, business.employer));
        let place = subject.address(&self.0.profile, record.of("address"));
        let spell = subject.life.spells.iter().find(|s| s.owner && s.covers(subject.month));
        let mut cells = vec![
            business.unit_code(&world.random).into(),
            business.old_tax_code(&world.random).into(),
            self.0.write_name(world, business.employer, &business.name(world, subject.person)).into(),
            place.house.into(),
            place.commune.into(),
            Cell::Number(i64::from(spell.is_some())),
            Cell::Number(spell.map_or(0, |s| truth::owner_wage(s, subject.month))),
        ];
        cells.extend(money(&account));
        out.push(Row::new(business.employer as i64 + 1, cells));
    }

    fn employer(&self, subject: &EmployerSubject, out: &mut Vec<Row>) {
        let (world, employer) = (subject.view.world, subject.employer);
        let account = truth::account(subject);
        if account.is_empty() || arrears::is_published(subject) {
            return;
        }
        let address = self.0.address(world, employer);
        let mut cells = vec![
            self.0.unit_code(world, employer, OLD_CODE).into(),
            self.0.tax_code(world, employer),
            self.0.name(world, employer).into(),
            address.house.into(),
            address.commune.into(),
            Cell::Number(i64::from(subject.count.workers)),
            Cell::Number(subject.count.wages),
        ];
        cells.extend(money(&account));
        self.0.push(subject, cells, 2, None, out);
    }
}

fn money(account: &Account) -> [Cell; 5] {
    let total = [account.opening, account.due, account.paid, account.closing].map(|f| Cell::Number(f.total()));
    let [opening, due, paid, closing] = total;
    [opening, due, paid, closing, Cell::Number(i64::from(account.months_late))]
}

fn form(view: &View) -> Form {
    Form {
        title: vec![
            "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI".to_owned(),
            "TỔNG HỢP SỐ PHẢI ĐÓNG, ĐÃ ĐÓNG BHXH, BHYT, BHTN, BHTNLĐ-BNN THEO ĐƠN VỊ".to_owned(),
            format!("Tháng {} - Đơn vị tính: đồng", calendar::vietnamese_month(view.month)),
        ],
        header: vec![
            ("STT", ""),
            ("Mã đơn vị", ""),
            ("Mã số thuế", ""),
            ("Tên đơn vị", ""),
            ("Địa chỉ", ""),
            ("Xã, phường", ""),
            ("Số lao động", ""),
            ("Tổng quỹ lương", ""),
            ("Số tiền", "Còn phải đóng kỳ trước"),
            ("Số tiền", "Phải đóng trong kỳ"),
            ("Số tiền", "Đã đóng trong kỳ"),
            ("Số tiền", "Còn phải đóng chuyển kỳ sau"),
            ("Số tháng chậm đóng", ""),
        ],
        totals: vec![6, 7, 8, 9, 10, 11],
        footer: vec!["Tổng số: {rows} đơn vị".to_owned(), "Người lập biểu".to_owned()],
        sheet: "THDV",
    }
}

/// Old and new unit codes.
pub struct CodeMap(Office);

impl CodeMap {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        // Made by the agency's own system when codes changed: no slips but what the ledger's names have.
        let profile = office::checked(Profile::new("unit_code_map", Care::Typical, 0)?).with(Pattern::ZeroLost, 500);
        Ok(Box::new(Self(Office { profile, hand: HAND })))
    }
}

impl Roster for CodeMap {
    fn files(&self, view: &View) -> Option<Files> {
        let columns = ["STT", "Mã đơn vị cũ", "Mã đơn vị mới", "Mã số thuế", "Tên đơn vị"];
        Some(Files::Text(Text {
            name: format!("Bang_chuyen_doi_ma_don_vi_{}.csv", view.period()),
            title: Vec::new(),
            header: columns.map(str::to_owned).to_vec(),
            separator: ',',
            encoding: Encoding::Utf8Mark,
            footer: Vec::new(),
        }))
    }

    fn employer(&self, subject: &EmployerSubject, out: &mut Vec<Row>) {
        let (world, employer) = (subject.view.world, subject.employer);
        let unit = matches!(world.employers.part(employer), Some(Part::Pays { .. }));
        if !unit || !world.employers.standing(employer).had_old_code() {
            return;
        }
        let cells = vec![
            codes::old_unit_code(&world.random, employer).into(),
            codes::unit_code(&world.random, &world.employers, employer).into(),
            self.0.tax_code(world, employer),
            self.0.name(world, employer).into(),
        ];
        self.0.push(subject, cells, 3, None, out);
    }
}
