//! One row of sheets 79a and 80a as a dossier that has XML1 alone, and the number of its visit.

use std::collections::{BTreeSet, HashMap};

use base::{Amount, Date, names};
use claimfile::{Dossier, Forms, TableId};
use engine::EngineError;
use engine::arrow::array::{Array, Date32Array, Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;

use super::sheet_columns::{As, FIELDS, Field, RowKind, means_the_same};
use crate::error::ClaimsError;
use crate::store::VisitId;

/// Codes of facilities have five characters; Excel takes the zero in front away.
const FACILITY_DIGITS: usize = 5;
/// Columns that hold codes of facilities.
const FACILITIES: [&str; 4] = ["facility", "registered_facility", "from_facility", "to_facility"];
/// Columns by which a row is told, besides those that are fields.
const KEYS: [&str; 2] = ["portal_id", "object_code"];

/// Where the fields go in XML1.
pub(crate) struct Mapping {
    width: usize,
    /// Field and place of its column.
    fields: Vec<(Field, usize)>,
}

impl Mapping {
    /// Finds the columns; an error when the form has one of them no more.
    pub(crate) fn of(forms: &Forms) -> Result<Self, ClaimsError> {
        let missing = |column: &str| ClaimsError::Form { table: "xml1".to_owned(), column: column.to_owned() };
        let form = forms.get(TableId::XML1).ok_or_else(|| missing(""))?;
        let place = |field: &Field| Ok((*field, form.column(field.column).ok_or_else(|| missing(field.column))?));
        Ok(Self { width: form.columns.len(), fields: FIELDS.iter().map(place).collect::<Result<_, ClaimsError>>()? })
    }
}

/// Names of the columns of a file that are read to make dossiers of its rows.
pub(crate) fn wanted() -> Vec<String> {
    let fields = FIELDS.iter().flat_map(|field| match field.how {
        As::Moment => vec![field.name.to_owned(), format!("{}_time", field.name)],
        _ => vec![field.name.to_owned()],
    });
    fields.chain(["birth_precision".to_owned()]).chain(KEYS.map(str::to_owned)).collect()
}

/// What tells which visit a row is.
pub(crate) const IDENTITY: [&str; 11] = [
    "facility",
    "case_id",
    "portal_id",
    "patient_code",
    "card_number",
    "object_code",
    "arrived",
    "arrived_time",
    "ended",
    "ended_time",
    "total_cost",
];

/// What the portal says of a refusal, besides what tells the visit.
pub(crate) const REFUSAL: [&str; 4] = ["fund_asked", "refused", "refusal_reason", "audit_state"];

/// How much of a visit the national system refused, as its sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// All that was asked from the fund.
    Whole,
    /// Less than that, or it is not told how much.
    Part,
}

/// The cells of one field.
enum Cells {
    /// The file has no such column.
    Absent,
    Text(StringArray),
    Whole(Int64Array),
    Day(Date32Array, Option<StringArray>),
}

impl Cells {
    fn of(batch: &RecordBatch, field: &Field) -> Result<Self, EngineError> {
        let name = field.name;
        if batch.column_by_name(name).is_none() {
            return Ok(Self::Absent);
        }
        let beside = |name: &str| batch.column_by_name(name).map(|_| rows::text(batch, name)).transpose();
        Ok(match field.how {
            As::Text => Self::Text(rows::text(batch, name)?),
            As::Money | As::Count => Self::Whole(rows::int(batch, name)?),
            As::Moment => Self::Day(rows::date(batch, name)?, beside(&format!("{name}_time"))?),
            As::Birth => Self::Day(rows::date(batch, name)?, beside("birth_precision")?),
        })
    }

    /// The cell as XML1 has it.
    fn at(&self, row: usize, field: &Field) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Text(cells) => {
                let text = rows::text_at(cells, row).map(str::trim).filter(|text| !text.is_empty())?;
                Some(if FACILITIES.contains(&field.name) { facilities(text) } else { text.to_owned() })
            }
            Self::Whole(cells) => {
                let number = rows::int_at(cells, row)?;
                match field.how {
                    As::Money => Amount::from_millionths(i128::from(number) * 1_000).map(|amount| amount.to_string()),
                    _ => Some(number.to_string()),
                }
            }
            Self::Day(days, beside) => {
                let day = rows::date_at(days, row).and_then(Date::from_days_since_epoch)?;
                let beside = beside.as_ref().and_then(|texts| rows::text_at(texts, row));
                let digits = digits(&day.to_string());
                Some(match field.how {
                    As::Birth if beside == Some("year") => format!("{}00000000", &digits[..4]),
                    As::Birth => format!("{digits}0000"),
                    _ => digits + &beside.map(self::digits).unwrap_or_default(),
                })
            }
        }
    }
}

/// `2026-10-05` and `08:30` as `20261005` and `0830`.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Codes of facilities, several with `;`, each with the zero that Excel took away.
fn facilities(text: &str) -> String {
    let code = |code: &str| {
        let short = code.len() == FACILITY_DIGITS - 1 && code.bytes().all(|b| b.is_ascii_digit());
        if short { format!("0{code}") } else { code.to_owned() }
    };
    text.split(';').map(|part| code(part.trim())).collect::<Vec<_>>().join(";")
}

/// Some rows of a file.
pub(crate) struct SheetRows {
    cells: Vec<Cells>,
    portal: Option<StringArray>,
    object: Option<StringArray>,
    refused: Option<Int64Array>,
    reason: Option<StringArray>,
    state: Option<StringArray>,
    count: usize,
}

impl SheetRows {
    /// Reads a batch of a file; of a field that means something else in the file's layout nothing.
    pub(crate) fn of(layout: &str, batch: &RecordBatch) -> Result<Self, EngineError> {
        let text = |name: &str| batch.column_by_name(name).map(|_| rows::text(batch, name)).transpose();
        let cells = |field: &Field| if means_the_same(layout, field.name) { Cells::of(batch, field) } else { Ok(Cells::Absent) };
        Ok(Self {
            cells: FIELDS.iter().map(cells).collect::<Result<_, _>>()?,
            portal: text("portal_id")?,
            object: text("object_code")?,
            refused: batch.column_by_name("refused").map(|_| rows::int(batch, "refused")).transpose()?,
            reason: text("refusal_reason")?,
            state: text("audit_state")?,
            count: batch.num_rows(),
        })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Fields that are filled in any of these rows.
    pub(crate) fn filled(&self) -> BTreeSet<&'static str> {
        let is_filled = |cells: &Cells| match cells {
            Cells::Absent => false,
            Cells::Text(cells) => cells.null_count() < cells.len(),
            Cells::Whole(cells) => cells.null_count() < cells.len(),
            Cells::Day(cells, _) => cells.null_count() < cells.len(),
        };
        FIELDS.iter().zip(&self.cells).filter(|(_, cells)| is_filled(cells)).map(|(field, _)| field.name).collect()
    }

    /// A cell as XML1 has it, by the field's name.
    pub(crate) fn text(&self, row: usize, name: &str) -> Option<String> {
        let at = FIELDS.iter().position(|field| field.name == name)?;
        self.cells.get(at)?.at(row, FIELDS.get(at)?)
    }

    /// The number that the audit portal gave the row (XML1_ID), where the file has it.
    pub(crate) fn portal_id(&self, row: usize) -> Option<&str> {
        self.portal.as_ref().and_then(|ids| rows::text_at(ids, row)).map(str::trim).filter(|id| !id.is_empty())
    }

    /// What the national system refused of the visit (T_XUATTOAN, LYDO_XT, GIAM_DINH).
    ///
    /// An amount decides, a zero too. Without an amount a reason says that something was refused, and the words "từ chối" of the state that all or a part was.
    /// Codes of the state are not read: nobody confirmed what they mean.
    pub(crate) fn refusal(&self, row: usize) -> Option<Refusal> {
        let asked = self.text(row, "fund_asked").and_then(|text| Amount::parse(&text).ok());
        let refused = self.refused.as_ref().and_then(|cells| rows::int_at(cells, row));
        if let Some(refused) = refused {
            let refused = Amount::from_millionths(i128::from(refused) * 1_000).filter(|refused| *refused > Amount::ZERO)?;
            let whole = asked.is_some_and(|asked| asked > Amount::ZERO && refused >= asked);
            return Some(if whole { Refusal::Whole } else { Refusal::Part });
        }
        let words = |cells: &Option<StringArray>| {
            cells.as_ref().and_then(|cells| rows::text_at(cells, row)).map(names::fold).filter(|text| !text.trim().is_empty())
        };
        let state = words(&self.state).filter(|state| state.contains("tu choi") && !state.contains("khong tu choi"));
        match state {
            Some(state) if !state.contains("phan") => Some(Refusal::Whole),
            Some(_) => Some(Refusal::Part),
            None => words(&self.reason).map(|_| Refusal::Part),
        }
    }

    /// The amount that the national system refused of the visit (T_XUATTOAN), where the file says one above 0.
    pub(crate) fn refused(&self, row: usize) -> Option<Amount> {
        let refused = self.refused.as_ref().and_then(|cells| rows::int_at(cells, row))?;
        Amount::from_millionths(i128::from(refused) * 1_000).filter(|refused| *refused > Amount::ZERO)
    }

    /// What a row has beyond its file.
    pub(crate) fn kind(&self, row: usize) -> RowKind {
        let letters = self.object.as_ref().and_then(|letters| rows::text_at(letters, row));
        let day_alone = |field: &Field, cells: &Cells| match cells {
            Cells::Day(days, times) if field.how == As::Moment => {
                days.is_valid(row) && times.as_ref().is_none_or(|times| times.is_null(row))
            }
            _ => false,
        };
        RowKind {
            armed: letters.is_some() && self.text(row, "card_number").is_none(),
            days_only: FIELDS.iter().zip(&self.cells).any(|(field, cells)| day_alone(field, cells)),
        }
    }

    /// Puts a row into `dossier`.
    pub(crate) fn dossier(&self, row: usize, mapping: &Mapping, dossier: &mut Dossier) {
        dossier.empty();
        let at = dossier.add_row(TableId::XML1, mapping.width);
        for ((field, place), cells) in mapping.fields.iter().zip(&self.cells) {
            if let Some(text) = cells.at(row, field) {
                dossier.set(TableId::XML1, at, *place, &text);
            }
        }
    }
}

/// Numbers of the visits of one file, row by row in their order.
///
/// A row with MA_LK has the number that the facility's own dossier has; one with the portal's id is told by it. Else card or patient, days, hours and cost tell
/// it: rows that agree in all of these are counted, so that none of them is lost, and the same rows in a later file have the same numbers again.
#[derive(Default)]
pub(crate) struct Numbers {
    met: HashMap<i64, u32>,
}

impl Numbers {
    /// The number of the next row, and what the facility or the portal calls the visit.
    pub(crate) fn next(&mut self, rows: &SheetRows, row: usize) -> (VisitId, String) {
        let facility = rows.text(row, "facility").unwrap_or_default();
        if let Some(case) = rows.text(row, "case_id") {
            return (VisitId::of(&facility, &case), case);
        }
        if let Some(portal) = rows.portal_id(row) {
            return (VisitId::of(&facility, &format!("xml1_id\u{1}{portal}")), portal.to_owned());
        }
        let person = rows.text(row, "card_number").or_else(|| rows.text(row, "patient_code"));
        let told = ["arrived", "ended", "total_cost"].map(|name| rows.text(row, name).unwrap_or_default());
        let key = format!("row\u{1}{}\u{1}{}", person.unwrap_or_default(), told.join("\u{1}"));
        let first = VisitId::of(&facility, &key);
        let nth = self.met.entry(first.0).or_default();
        *nth += 1;
        if *nth == 1 { (first, String::new()) } else { (VisitId::of(&facility, &format!("{key}\u{1}{nth}")), String::new()) }
    }
}
