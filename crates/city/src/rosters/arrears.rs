//! `unit_ledger`: some base offices hand over no ledger, only the list of units in arrears that they publish, in an old program's letters.

use crate::calendar;
use crate::employers::truth;
use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::rosters::office::{self, Office};
use crate::rosters::{Cell, EmployerSubject, Encoding, Files, Roster, Row, Text, View, units};

/// Every so many-th commune belongs to such an office.
const PUBLISHING: usize = 9;

/// Whether the office of an employer hands over its list of arrears in place of the ledger.
pub fn is_published(subject: &EmployerSubject) -> bool {
    office::place(subject.view.world, subject.employer).number % PUBLISHING == 4
}

/// The lists of units in arrears.
pub struct Arrears(Office);

impl Arrears {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Office { profile: Profile::new("unit_ledger", Care::Typical, 1_500)?, hand: units::HAND })))
    }
}

impl Roster for Arrears {
    fn files(&self, view: &View) -> Option<Files> {
        let columns =
            ["STT", "Mã đơn vị", "Mã số thuế", "Tên đơn vị", "Địa chỉ", "Số lao động", "Số tháng chậm đóng", "Số tiền chậm đóng"];
        Some(Files::Text(Text {
            name: format!("Danh_sach_don_vi_cham_dong_{}.csv", view.period()),
            title: vec![
                "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI".to_owned(),
                "DANH SÁCH ĐƠN VỊ CHẬM ĐÓNG BHXH, BHYT, BHTN".to_owned(),
                format!("Tháng {}", calendar::vietnamese_month(view.month)),
            ],
            header: columns.map(str::to_owned).to_vec(),
            separator: ';',
            encoding: Encoding::Vni,
            footer: vec!["Tổng số: {rows} đơn vị".to_owned(), "Người lập biểu".to_owned()],
        }))
    }

    fn employer(&self, subject: &EmployerSubject, out: &mut Vec<Row>) {
        let (world, employer) = (subject.view.world, subject.employer);
        let account = truth::account(subject);
        if !is_published(subject) || account.months_late == 0 {
            return;
        }
        let address = self.0.address(world, employer);
        let cells = vec![
            self.0.unit_code(world, employer, 0).into(),
            self.0.tax_code(world, employer),
            self.0.name(world, employer).into(),
            format!("{}, {}", address.house, address.commune).into(),
            Cell::Number(i64::from(subject.count.workers)),
            Cell::Number(i64::from(account.months_late)),
            Cell::Number(account.closing.total()),
        ];
        self.0.push(subject, cells, 2, None, out);
    }
}
