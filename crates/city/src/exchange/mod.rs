//! Answers of the police and of the national look-up to a check file, from the truth.
//!
//! A check file is the least that another agency needs to say something of a person: UTF-8 text with a
//! byte-order mark and the columns `token, so_dinh_danh, ho_ten, ngay_sinh, xa_phuong`. [`answer`]
//! looks each row up as a clerk would, by number, name and birth date, and writes the agency's reply.
//! A few answers are wrong, some rows stay without one. Nothing in a reply tells of the armed forces.

mod check;
mod lookup;
mod register;
mod reply;

use std::path::{Path, PathBuf};

use base::Month;
use serde::Deserialize;

use crate::error::CityError;
use crate::world::World;

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The police, for identity and residence: roster `identity_answer`.
    Police,
    /// The insurance agency's national system, for cards of any province: roster `lookup_answer`.
    National,
}

impl Asked {
    /// The roster's name.
    pub fn roster(self) -> &'static str {
        match self {
            Self::Police => "identity_answer",
            Self::National => "lookup_answer",
        }
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Answered {
    /// The reply, a workbook.
    pub file: PathBuf,
    /// Rows asked about.
    pub asked: u64,
    /// Rows with an answer.
    pub answered: u64,
    /// Answers that say that nobody was found.
    pub not_found: u64,
    /// Answers made wrong on purpose.
    pub wrong: u64,
}

/// Answers a check file about the city whose truth lies in `truth_dir`, for its last month.
///
/// Writes the reply into `out_dir` and its truth as `answer_ROSTER.csv`
/// (token,row_number,true_person,wrong) into `truth_dir`; `row_number` 0 is no answer, `true_person` 0
/// is nobody of the city.
pub fn answer(out_dir: &Path, truth_dir: &Path, check_file: &Path, asked: Asked) -> Result<Answered, CityError> {
    let meta = Meta::read(truth_dir)?;
    let rows = check::read(check_file)?;
    let world = World::plan(meta.scale, meta.seed)?;
    let month = meta.from.index() + meta.months as i32 - 1;
    let matches = register::find(&world, &rows);
    let reply = reply::write(&world, month, &rows, &matches, asked)?;
    std::fs::create_dir_all(out_dir).map_err(CityError::io(out_dir))?;
    let file = out_dir.join(&reply.name);
    std::fs::write(&file, &reply.workbook).map_err(CityError::io(&file))?;
    let truth = truth_dir.join(format!("answer_{}.csv", asked.roster()));
    std::fs::write(&truth, &reply.truth).map_err(CityError::io(&truth))?;
    Ok(Answered { file, asked: rows.len() as u64, answered: reply.answered, not_found: reply.not_found, wrong: reply.wrong })
}

/// What is needed of `meta.json` to draw the city again.
#[derive(Deserialize)]
struct Meta {
    scale: f64,
    seed: u64,
    from: Month,
    months: u32,
}

impl Meta {
    fn read(truth_dir: &Path) -> Result<Self, CityError> {
        let path = truth_dir.join("meta.json");
        let text = std::fs::read_to_string(&path).map_err(CityError::io(&path))?;
        let wrong = |e: serde_json::Error| CityError::Truth {
            file: "meta.json".to_owned(),
            line: e.line(),
            reason: "không phải mô tả thành phố giả lập".to_owned(),
        };
        serde_json::from_str(&text).map_err(wrong)
    }
}
