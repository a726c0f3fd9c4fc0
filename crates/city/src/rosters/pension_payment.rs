//! `pension_payment`: the monthly payment list C72a-HD of each payment point.
//!
//! The form's columns are known from practice only; the text of the form was not read.

use crate::error::CityError;
use crate::errors::Profile;
use crate::life::benefits::{Benefit, Kind};
use crate::rosters::offices::Offices;
use crate::rosters::{Book, Cell, Files, Form, NO_SUCH_DAY, Roster, Row, Subject, Until, View};

/// Banks that pension accounts are held at.
const BANKS: [&str; 5] = ["Agribank", "Vietcombank", "BIDV", "VietinBank", "LPBank"];
/// Paid in cash, per 100,000 (0.54 % in September 2025).
const CASH: u32 = 540;

/// The lists of the payment points, one a commune.
pub struct PensionPayments(Offices);

impl PensionPayments {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load("pension_payment", 5_000)?)))
    }
}

impl Roster for PensionPayments {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let Some(benefit) = &subject.life.benefit else { return };
        if benefit.from > subject.month || !(subject.lives_here() || subject.dead_but_unknown()) {
            return;
        }
        let (from, office) = (out.len(), subject.home.place.number as u64);
        write(self.0.profile(subject.world, office), subject, benefit, out);
        out[from..].iter_mut().for_each(|row| row.book = office);
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        let (year, number) = (view.month.div_euclid(12), view.month.rem_euclid(12) + 1);
        // Some points still use the sheet with the old words.
        let old = self.0.spelling(view.world, book, 3) == 0;
        let pick = |new: &'static str, before: &'static str| if old { before } else { new };
        let form = Form {
            title: vec![
                "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI".to_owned(),
                "Mẫu số C72a-HD".to_owned(),
                "DANH SÁCH CHI TRẢ LƯƠNG HƯU VÀ TRỢ CẤP BHXH".to_owned(),
                format!("Tháng {number:02} năm {year}"),
                format!("Điểm chi trả: Bưu điện {}", place.full_name()),
            ],
            header: vec![
                ("STT", ""),
                ("Họ và tên", ""),
                (pick("Mã số BHXH", "Số sổ BHXH"), ""),
                (pick("Số CCCD/ĐDCN", "Số CMND/CCCD"), ""),
                (pick("Ngày sinh", "Ngày, tháng, năm sinh"), ""),
                ("Giới tính", ""),
                ("Địa chỉ", ""),
                ("Loại chế độ", ""),
                (pick("Mức hưởng hàng tháng", "Số tiền"), ""),
                ("Truy lĩnh", ""),
                ("Khấu trừ", ""),
                ("Thực lĩnh", ""),
                ("Tài khoản nhận", "Ngân hàng"),
                ("Tài khoản nhận", "Số tài khoản"),
                ("Người lĩnh thay", ""),
                ("Ký nhận", ""),
            ],
            totals: vec![8, 9, 10, 11],
            footer: vec!["Người lập biểu".to_owned(), "Phụ trách kế toán".to_owned()],
            sheet: "C72a-HD",
        };
        Some(Book { name: format!("C72a-HD_{year}-{number:02}_{}.xlsx", place.code), form })
    }
}

fn write(profile: &Profile, subject: &Subject, benefit: &Benefit, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let now = record.of("month").number(subject.month as u64);
    // Arrears of a pension that began while the file was being settled; money paid too much before.
    let arrears = if benefit.from == subject.month { benefit.amount } else { 0 };
    let deducted = if now.of("deducted").chance(300) { benefit.amount / 10 } else { 0 };
    let kind = match benefit.kind {
        Kind::Pension => "Hưu trí",
        Kind::Survivor => "Tuất hàng tháng",
        Kind::Accident => "TNLĐ-BNN hàng tháng",
    };
    let cash = record.of("cash").chance(CASH);
    let account = format!("{:013}", record.of("account").below(10_000_000_000_000));
    let others: Vec<_> = subject.home.members.iter().filter(|m| m.outline.slot != subject.slot()).collect();
    let agent = others.first().filter(|_| record.of("agent").chance(if cash { 25_000 } else { 800 }));
    let cells = vec![
        who.name.into(),
        subject.insurance_number(profile, record).into(),
        who.id.into(),
        who.birth.text().into(),
        who.sex.into(),
        format!("{}, {}", address.house, address.commune).into(),
        kind.into(),
        Cell::Number(benefit.amount),
        Cell::Number(arrears),
        Cell::Number(deducted),
        Cell::Number(benefit.amount + arrears - deducted),
        if cash { "Tiền mặt" } else { BANKS[record.of("bank").below(5) as usize] }.into(),
        if cash { Cell::Empty } else { account.into() },
        agent.map(|m| m.name.full()).unwrap_or_default().into(),
        Cell::Empty,
    ];
    let row = Row::new(subject.person.number(), cells);
    subject.push(profile, 0, row, &[(0, "full_name", ""), (3, "birth_date", NO_SUCH_DAY)], false, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    #[test]
    fn money_adds_up_in_every_row() {
        let world = crate::world::World::plan(0.001, 3).unwrap();
        let month = calendar::month(2026, 10);
        let profile = Profile::new("pension_payment", crate::errors::Care::Clean, 0).unwrap();
        let mut rows = Vec::new();
        for number in 0..1_500 {
            let home = crate::households::draw(&world, number);
            for person in &home.members {
                let life = crate::life::Life::draw(&world, &home, person, month);
                let subject = Subject { world: &world, home: &home, person, life: &life, month };
                if let Some(benefit) = life.benefit.as_ref().filter(|b| b.from <= month) {
                    write(&profile, &subject, benefit, &mut rows);
                }
            }
        }
        assert!(rows.len() > 100);
        for row in rows {
            let number = |at: usize| if let Cell::Number(n) = row.cells[at] { n } else { 0 };
            assert_eq!(number(7) + number(8) - number(9), number(10));
        }
    }
}
