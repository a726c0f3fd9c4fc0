//! `commune_figure`: population and labour force of each commune, by year and source.
//!
//! Published figures do not add up to the register: they are of another day, rounded, and of another
//! definition of who lives there.

use crate::error::CityError;
use crate::rosters::{Cell, CommuneSubject, Files, Form, Roster, Row, View};

/// Sources, with how far their population and labour force lie from the register, per thousand.
const SOURCES: [(&str, i64, i64); 2] = [("Thống kê thành phố", -12, 45), ("Công an thành phố", 9, 0)];

/// The figures of the offices that count.
pub struct CommuneFigures;

impl CommuneFigures {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self))
    }
}

impl Roster for CommuneFigures {
    fn files(&self, view: &View) -> Option<Files> {
        let year = view.month.div_euclid(12);
        let form = Form {
            title: vec![format!("DÂN SỐ VÀ LỰC LƯỢNG LAO ĐỘNG CÁC XÃ, PHƯỜNG NĂM {year}"), "Đơn vị tính: người".to_owned()],
            header: vec![
                ("STT", ""),
                ("Mã xã, phường", ""),
                ("Xã, phường", ""),
                ("Năm", ""),
                ("Dân số trung bình", ""),
                ("Lực lượng lao động", ""),
                ("Nguồn số liệu", ""),
            ],
            totals: Vec::new(),
            footer: vec!["Người lập biểu".to_owned()],
            sheet: "Dan so",
        };
        Some(Files::Parts { stem: format!("Dan_so_lao_dong_xa_phuong_{}", view.period()), form })
    }

    fn commune(&self, commune: &CommuneSubject, out: &mut Vec<Row>) {
        if !commune.place.inside() {
            return;
        }
        let year = commune.view.month.div_euclid(12);
        for (at, (source, people, labour)) in SOURCES.iter().enumerate() {
            let draw = commune.view.world.random.draw2("commune figure", commune.place.number as u64, at as u64);
            let off = |what: &str, count: u64, per_thousand: i64| {
                let per_thousand = 1_000 + per_thousand + i64::from(draw.of(what).small(61)) - 30;
                count as i64 * per_thousand / 1_000
            };
            // The police count no labour force.
            let labour = (*labour != 0).then(|| off("labour", commune.count.labour_force, *labour));
            let cells = vec![
                commune.place.code.as_str().into(),
                commune.place.full_name().into(),
                Cell::Number(i64::from(year)),
                Cell::Number(off("people", commune.count.people, *people)),
                labour.map_or(Cell::Empty, Cell::Number),
                (*source).into(),
            ];
            out.push(Row::new(0, cells));
        }
    }
}
