//! `card_aggregate`: cards that no list of the city names, as counts with a source: those of the
//! armed forces, and those that other provinces issued to residents.

use crate::calendar;
use crate::error::CityError;
use crate::rosters::{Cell, CommuneSubject, Files, Form, Roster, Row, View};

/// The counts that come from outside.
pub struct CardAggregates;

impl CardAggregates {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self))
    }
}

impl Roster for CardAggregates {
    fn files(&self, view: &View) -> Option<Files> {
        let form = Form {
            title: vec![
                "SỐ NGƯỜI THAM GIA BHYT KHÔNG DO BHXH THÀNH PHỐ PHÁT HÀNH THẺ".to_owned(),
                format!("Đến ngày {}", calendar::vietnamese(calendar::last(view.month))),
            ],
            header: vec![
                ("STT", ""),
                ("Mã xã, phường", ""),
                ("Xã, phường", ""),
                ("Nhóm thẻ", ""),
                ("Số người", ""),
                ("Ngày số liệu", ""),
                ("Nguồn, văn bản", ""),
            ],
            totals: Vec::new(),
            footer: vec!["Người lập biểu".to_owned()],
            sheet: "The ngoai",
        };
        Some(Files::Parts { stem: format!("So_the_ngoai_thanh_pho_{}", view.period()), form })
    }

    fn commune(&self, commune: &CommuneSubject, out: &mut Vec<Row>) {
        if !commune.place.inside() {
            return;
        }
        let month = commune.view.month;
        let counts = [
            ("Lực lượng vũ trang, cơ yếu", commune.count.forces, "Bộ Tư lệnh Thủ đô, Công an thành phố"),
            ("Thẻ do tỉnh, thành phố khác phát hành", commune.count.elsewhere, "BHXH Việt Nam"),
        ];
        for (at, (kind, count, source)) in counts.into_iter().enumerate() {
            let draw = commune.view.world.random.draw2("card aggregate", commune.place.number as u64, at as u64);
            // Counted at the end of the quarter before, and not quite as many as there are.
            let quarter = month - 1 - month.rem_euclid(3);
            let told = count as i64 * (970 + i64::from(draw.small(41))) / 1_000;
            let cells = vec![
                commune.place.code.as_str().into(),
                commune.place.full_name().into(),
                kind.into(),
                Cell::Number(told),
                calendar::vietnamese(calendar::last(quarter)).into(),
                format!("{source}, Công văn số {}", 100 + quarter.rem_euclid(900)).into(),
            ];
            out.push(Row::new(0, cells));
        }
    }
}
