//! The workbook an agency sends back.

use std::fmt::Write;

use rayon::prelude::*;

use crate::calendar::{self, MonthIndex};
use crate::error::CityError;
use crate::exchange::Asked;
use crate::exchange::check::Asking;
use crate::exchange::lookup::{self, NOT_FOUND};
use crate::exchange::register::Match;
use crate::rosters::{Cell, Form, Row};
use crate::world::World;
use crate::write::xlsx;

/// Answers made wrong, and rows left without one, per 100,000.
const WRONG: u32 = 1_500;
const SILENT: u32 = 3_000;

/// A written reply.
pub struct Reply {
    /// File name.
    pub name: String,
    /// The workbook's bytes.
    pub workbook: Vec<u8>,
    /// Truth lines with their header.
    pub truth: String,
    /// Rows with an answer.
    pub answered: u64,
    /// Of them, those that found nobody.
    pub not_found: u64,
    /// Of them, those made wrong.
    pub wrong: u64,
}

/// Writes the reply to the rows of a check file.
pub fn write(world: &World, month: MonthIndex, rows: &[Asking], found: &[Match], asked: Asked) -> Result<Reply, CityError> {
    let period = calendar::period(month);
    let (name, form) = match asked {
        Asked::Police => (format!("Ket_qua_doi_chieu_dan_cu_{period}.xlsx"), police(month)),
        Asked::National => (format!("Ket_qua_tra_cuu_the_BHYT_toan_quoc_{period}.xlsx"), national(month)),
    };
    let first = xlsx::first_row(&form);
    let sayings: Vec<_> = rows.par_iter().zip(found).map(|(row, found)| lookup::say(world, month, row, *found, asked)).collect();
    let mut reply = Reply {
        name,
        workbook: Vec::new(),
        truth: "token,row_number,true_person,wrong\n".to_owned(),
        answered: 0,
        not_found: 0,
        wrong: 0,
    };
    let mut written = Vec::new();
    for (at, ((row, found), mut saying)) in rows.iter().zip(found).zip(sayings).enumerate() {
        let draw = world.random.draw(asked.roster(), at as u64);
        let person = if let Match::Person(slot) = found { *slot as i64 + 1 } else { 0 };
        if draw.of("silent").chance(SILENT) {
            let _ = writeln!(reply.truth, "{},0,{person},0", row.token);
            continue;
        }
        let wrong = draw.of("wrong").chance(WRONG);
        if wrong {
            saying = lookup::Saying { result: lookup::wrong(saying.result, asked), more: Default::default() };
        }
        reply.answered += 1;
        reply.wrong += u64::from(wrong);
        reply.not_found += u64::from(NOT_FOUND.contains(&saying.result));
        let number = first + written.len() as u64;
        let _ = writeln!(reply.truth, "{},{number},{person},{}", row.token, u8::from(wrong));
        let mut cells: Vec<Cell> = vec![row.token.as_str().into(), saying.result.into()];
        cells.extend(saying.more.map(Cell::from));
        written.push(Row::new(person, cells));
    }
    reply.workbook = xlsx::any_size(&form, &written, &reply.name)?;
    Ok(reply)
}

fn police(month: MonthIndex) -> Form {
    Form {
        title: vec![
            "CÔNG AN THÀNH PHỐ HÀ NỘI".to_owned(),
            "KẾT QUẢ ĐỐI CHIẾU VỚI CƠ SỞ DỮ LIỆU QUỐC GIA VỀ DÂN CƯ".to_owned(),
            format!("Tháng {}", calendar::vietnamese_month(month)),
        ],
        header: vec![
            ("STT", ""),
            ("Mã dòng", ""),
            ("Kết quả đối chiếu", ""),
            ("Ngày chết/chuyển đi", ""),
            ("Nơi cư trú mới", ""),
            ("Số định danh đúng", ""),
        ],
        footer: vec!["Cán bộ đối chiếu".to_owned()],
        sheet: "Ket qua",
        ..Form::default()
    }
}

fn national(month: MonthIndex) -> Form {
    Form {
        title: vec!["KẾT QUẢ TRA CỨU TRÊN HỆ THỐNG TOÀN QUỐC".to_owned(), format!("Tháng {}", calendar::vietnamese_month(month))],
        header: vec![
            ("STT", ""),
            ("Mã dòng", ""),
            ("Kết quả tra cứu", ""),
            ("Mã tỉnh phát hành", ""),
            ("Giá trị thẻ", "Từ ngày"),
            ("Giá trị thẻ", "Đến ngày"),
        ],
        footer: vec!["Người tra cứu".to_owned()],
        sheet: "Tra cuu",
        ..Form::default()
    }
}
