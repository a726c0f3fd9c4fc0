//! `tax_settlement`: what payers settled for income tax for the year before.

use crate::employers::codes;
use crate::employers::names::{self, Hand};
use crate::error::CityError;
use crate::errors::{Care, Pattern, Profile};
use crate::life::wages::{self, Settlement};
use crate::rosters::{Cell, Files, Form, Roster, Row, Subject, View};

/// Payers write their names in capitals or as on the certificate, some short.
const HAND: Hand = Hand { capitals: 45_000, short: 25_000, bare: 1_000, stale: 10_000, slip: 300 };

/// The tax office's list of settlements.
pub struct TaxSettlement(Profile);

impl TaxSettlement {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        // Tax codes were replaced by personal ids in 2025, which cleaned most old numbers out.
        Ok(Box::new(Self(Profile::new("tax_settlement", Care::Typical, 1_500)?.with(Pattern::OldId, 2_000))))
    }
}

impl Roster for TaxSettlement {
    fn files(&self, view: &View) -> Option<Files> {
        let year = wages::settled_year(view.month)?;
        Some(Files::Parts { stem: format!("05-1_BK_Quyet_toan_thue_TNCN_{year}"), form: form(year) })
    }

    fn expected_rows(&self, view: &View) -> u64 {
        view.world.people() * 34 / 100
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        write(&self.0, subject, &subject.life.settlements, out);
    }
}

/// Title, header, totals and footer of a year.
fn form(year: i32) -> Form {
    Form {
        title: vec![
            "THUẾ THÀNH PHỐ HÀ NỘI".to_owned(),
            "BẢNG KÊ CHI TIẾT CÁ NHÂN THUỘC DIỆN TÍNH THUẾ THEO BIỂU LŨY TIẾN TỪNG PHẦN".to_owned(),
            format!("Kỳ tính thuế: Năm {year}"),
            "Đơn vị tiền: Đồng Việt Nam".to_owned(),
        ],
        header: vec![
            ("STT", ""),
            ("Họ và tên", ""),
            ("Mã số thuế", ""),
            ("Số CCCD/Hộ chiếu", ""),
            ("Tổ chức, cá nhân trả thu nhập", "Mã số thuế"),
            ("Tổ chức, cá nhân trả thu nhập", "Tên"),
            ("Tổng thu nhập chịu thuế", ""),
            ("Các khoản giảm trừ", "Bảo hiểm được trừ"),
        ],
        totals: vec![6, 7],
        footer: vec!["Người lập biểu".to_owned()],
        sheet: "05-1BK",
    }
}

/// A row for each payer of a person.
fn write(profile: &Profile, subject: &Subject, settlements: &[Settlement], out: &mut Vec<Row>) {
    for settled in settlements {
        let record = subject.record(profile, settled.payer);
        let who = subject.identity(profile, record);
        // A payer writes its own name alike in all its rows.
        let payer = subject.world.random.draw("payer name", settled.payer);
        let own = subject.person.id.to_string();
        // The tax office knows most people by the right number, whatever the payer wrote.
        let tax_code = if record.of("no tax code").chance(4_000) || subject.home.foreign { Cell::Empty } else { own.into() };
        let passport = record.of("passport");
        let id =
            if passport.chance(200) { format!("C{:07}", passport.of("number").below(10_000_000)).into() } else { who.id.into() };
        let cells = vec![
            who.name.into(),
            tax_code,
            id,
            codes::tax_code(&subject.world.random, &subject.world.employers, settled.payer).into(),
            names::write(HAND, payer, &names::of(subject.world, settled.payer)).into(),
            Cell::Number(settled.income),
            Cell::Number(settled.insurance),
        ];
        let row = Row::new(subject.person.number(), cells);
        subject.push(profile, settled.payer, row, &[(0, "full_name", "")], true, out);
    }
}
