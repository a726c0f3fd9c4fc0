//! Form 09/BH as a sheet: the lines a facility has to explain as rows to fill in, and those rows as they come back, each held against the case as it is now.

use std::collections::{BTreeMap, BTreeSet};

use base::Dong;
use chapter::SmallRow;
use claimfile::TableId;
use desk::{AnswerKind, FacilityReviewRecord, NewAnswer, ReviewLine, ReviewRefusal};
use documents::sheet::Cell;
use intake::RejectReason;
use serde_json::Value;

use super::form::{PaperForm, Values};
use crate::pages::words::typed_dong;
use crate::store::LineNumbers;

/// The field that an answer may change: what the line asks from the fund.
const FIELD: &str = "T_BHTT";
/// Letters that say something.
const LEAST_REASON: usize = 3;

/// A row as it came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SheetRow {
    /// Its number in the file, from 1.
    pub(crate) number: i64,
    /// Case and line.
    pub(crate) key: String,
    /// The version of the case the file was made of.
    pub(crate) version: Option<i64>,
    /// Code of the state, as it was filled in.
    pub(crate) state: Option<String>,
    /// The new amount, as it was filled in.
    pub(crate) amount: Option<String>,
    /// The reason, as it was filled in.
    pub(crate) reason: Option<String>,
    /// The field that the new value is of, where the file says one.
    pub(crate) field: Option<String>,
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is of no case of this facility, or of no line that was sent.
    Foreign,
    /// The case was changed after the file was made.
    Stale,
    /// The state is none of the list.
    State,
    /// The amount is no number, not below what was asked, or stands where none belongs.
    Amount,
    /// The new value is of another field than the amount.
    Field,
    /// Nothing says why.
    Reason,
    /// A second row of the same line.
    Twice,
    /// Other lines of its case are filled in and this one is not.
    Unfilled,
    /// Other lines of its case were refused or are missing: a case is answered whole, once.
    Others,
    /// The desk refused the case.
    Desk(ReviewRefusal),
    /// A cell that could not be read.
    Cell(RejectReason),
}

/// The answers about one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseAnswers {
    /// The case.
    pub(crate) review: String,
    /// The version its rows were made of.
    pub(crate) version: i64,
    /// Numbers of the rows.
    pub(crate) rows: Vec<i64>,
    /// What they say.
    pub(crate) answers: Vec<NewAnswer>,
}

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sorted {
    /// Cases that can be answered.
    pub(crate) cases: Vec<CaseAnswers>,
    /// Rows that are not taken.
    pub(crate) refused: Vec<(i64, Why)>,
    /// Rows of cases of which nothing was filled in.
    pub(crate) empty: usize,
}

/// The rows of a case that its facility has to answer, in the columns of the form.
pub(crate) fn answer_rows(
    form: &PaperForm,
    record: &FacilityReviewRecord,
    (dossier, numbers): (&str, &LineNumbers),
    first: i64,
) -> Vec<Vec<Cell>> {
    answer_values(record, (dossier, numbers), first).iter().map(|values| form.row(values)).collect()
}

/// The number by which the portal and the facility name a line of a visit: the one that it sent (STT), else the place in the table.
pub(super) fn number_of(visit: i64, line: &ReviewLine, numbers: &LineNumbers) -> Option<i64> {
    let place = line.line_no?;
    let sent = line.line_table.as_deref().and_then(TableId::parse).and_then(|table| numbers.get(&(visit, table, place)));
    Some(sent.copied().unwrap_or(place))
}

/// What the rows of a case hold. `dossier` is the facility's own key of the visit, `numbers` are those it gave its lines (STT); what the portal calls a cost
/// line is not known here.
pub(super) fn answer_values(record: &FacilityReviewRecord, (dossier, numbers): (&str, &LineNumbers), first: i64) -> Vec<Values> {
    let case = &record.case;
    let lines = record.lines.iter().filter(|line| line.proposed > Dong::ZERO);
    let row = |(at, line): (i64, &ReviewLine)| {
        BTreeMap::from([
            ("key", Cell::from(format!("{}.{}", case.id, line.id))),
            ("version", Cell::from(format!("v{}", case.version))),
            ("number", Cell::from(at)),
            ("xml1_id", Cell::from(case.portal_code.clone())),
            ("table", Cell::from(line.line_table.as_deref().unwrap_or("xml1").to_uppercase())),
            ("dossier", Cell::from(dossier)),
            ("line_no", Cell::from(number_of(case.visit, line, numbers).map(|number| number.to_string()))),
            ("old_field", Cell::from(FIELD)),
            ("old_value", Cell::from(line.asked.get())),
            ("refuse_reason", Cell::from(format!("{}. {}", line.reason.trim_end_matches('.'), line.law))),
            ("refused_amount", Cell::from(line.proposed.get())),
            ("due", Cell::from(case.due)),
            ("new_field", Cell::from(FIELD)),
        ])
    };
    (first..).zip(lines).map(row).collect()
}

/// How the file is read when it comes back: a layout of the kind that intake knows, made of the heads of the form.
pub(crate) fn answer_layout(form: &PaperForm) -> String {
    let quoted = |text: &str| Value::String(text.to_owned()).to_string();
    let field = |name: &str, column: &str, needed: bool| {
        let needed = if needed { "required: true, needed: true, " } else { "" };
        format!("  - {{name: {name}, kind: text, {needed}headers: [{}]}}\n", quoted(form.head(column)))
    };
    let filled = ["key", "version", "state", "new_value", "new_reason"];
    let others = form.columns.iter().filter(|column| !filled.contains(&column.name.as_str()));
    let ignore: Vec<String> = others.map(|column| quoted(&column.head)).collect();
    format!(
        "id: claim-answer-09\nroster: claim_answer\ntitle: {{vi: {title}, en: {title}}}\nvalid_from: 2026-04-01\nversion: \"1\"\nfields:\n{}{}{}{}{}\
         ignore: [{}]\nfooter: [\"lưu ý của tệp*\", \"note of the file*\", \"điều kiện lọc*\", \"số liệu tính đến*\", \"người xuất*\", \"filter*\", \"data as of*\", \
         \"exported by*\"]\n",
        field("row_key", "key", true),
        field("row_version", "version", true),
        field("state", "state", false),
        field("new_value", "new_value", false),
        field("new_reason", "new_reason", false),
        ignore.join(", "),
        title = quoted(&form.form),
    )
}

impl SheetRow {
    /// What a row of the file says; a cell of spaces says nothing.
    pub(crate) fn of(row: SmallRow<'_>) -> Self {
        let text = |name: &str| row.text(name).filter(|text| !text.trim().is_empty());
        Self {
            number: row.number(),
            key: text("row_key").unwrap_or_default(),
            version: row.version("row_version"),
            state: text("state"),
            amount: text("new_value"),
            reason: text("new_reason"),
            field: None,
        }
    }

    fn is_filled(&self) -> bool {
        self.state.is_some() || self.amount.is_some() || self.reason.is_some()
    }

    /// Case and line of the key.
    fn place(&self) -> (&str, &str) {
        self.key.split_once('.').unwrap_or((&self.key, ""))
    }
}

/// Sorts rows by case; `known` are the cases of the facility that the rows name. A case is taken when all of its lines are answered.
pub(crate) fn sort(form: &PaperForm, rows: &[SheetRow], known: &BTreeMap<String, FacilityReviewRecord>) -> Sorted {
    let mut sorted = Sorted::default();
    let mut cases: BTreeMap<&str, Vec<&SheetRow>> = BTreeMap::new();
    for row in rows {
        cases.entry(row.place().0).or_default().push(row);
    }
    for (review, rows) in cases {
        if !rows.iter().any(|row| row.is_filled()) {
            sorted.empty += rows.len();
            continue;
        }
        let Some(record) = known.get(review) else {
            let (filled, empty): (Vec<&SheetRow>, Vec<&SheetRow>) = rows.into_iter().partition(|row| row.is_filled());
            sorted.refused.extend(filled.iter().map(|row| (row.number, Why::Foreign)));
            sorted.empty += empty.len();
            continue;
        };
        of_case(form, record, &rows, &mut sorted);
    }
    sorted.refused.sort_by_key(|(number, _)| *number);
    sorted
}

fn of_case(form: &PaperForm, record: &FacilityReviewRecord, rows: &[&SheetRow], sorted: &mut Sorted) {
    // Whether the case changed since then the desk says as well; rows of another version than the others' are never mixed with them.
    let version = rows.iter().filter_map(|row| row.version).max().unwrap_or(0);
    let (mut taken, mut refused, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in rows {
        let line = record.lines.iter().find(|line| line.id == row.place().1 && line.proposed > Dong::ZERO);
        let answer = match line {
            None => Err(Why::Foreign),
            Some(_) if row.version != Some(version) => Err(Why::Stale),
            Some(line) if !seen.insert(line.id.as_str()) => Err(Why::Twice),
            Some(_) if !row.is_filled() => Err(Why::Unfilled),
            Some(line) => answer(form, row, line),
        };
        match answer {
            Ok(answer) => taken.push((row.number, answer)),
            Err(why) => refused.push((row.number, why)),
        }
    }
    let asked = record.lines.iter().filter(|line| line.proposed > Dong::ZERO).count();
    if refused.is_empty() && taken.len() == asked {
        let (rows, answers) = taken.into_iter().unzip();
        sorted.cases.push(CaseAnswers { review: record.case.id.clone(), version, rows, answers });
        return;
    }
    refused.extend(taken.into_iter().map(|(number, _)| (number, Why::Others)));
    sorted.refused.extend(refused);
}

/// What a row says of its line.
fn answer(form: &PaperForm, row: &SheetRow, line: &ReviewLine) -> Result<NewAnswer, Why> {
    let code = row.state.as_deref().map(str::trim).ok_or(Why::State)?;
    let kind = form.states.iter().find(|state| state.code == code).map(|state| state.answer).ok_or(Why::State)?;
    let is_other = row.field.as_deref().is_some_and(|field| field.trim() != FIELD);
    if row.amount.is_some() && is_other {
        return Err(Why::Field);
    }
    let typed = row.amount.as_deref().map(|text| typed_dong(text).ok_or(Why::Amount)).transpose()?;
    let amount = match (kind, typed) {
        (AnswerKind::Adjust, Some(amount)) if amount < line.asked => Some(amount),
        (AnswerKind::Adjust, _) => return Err(Why::Amount),
        // Who withdraws asks for nothing, and who explains for the same: any other amount would be another answer.
        (AnswerKind::Withdraw, Some(amount)) if amount != Dong::ZERO => return Err(Why::Amount),
        (AnswerKind::Explain, Some(amount)) if amount != line.asked => return Err(Why::Amount),
        _ => None,
    };
    let text = row.reason.as_deref().map(str::trim).unwrap_or_default();
    if text.chars().count() < LEAST_REASON || text.chars().count() > 1_000 {
        return Err(Why::Reason);
    }
    Ok(NewAnswer { line: Some(line.id.clone()), kind, text: text.to_owned(), amount })
}
