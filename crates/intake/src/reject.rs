//! Refused rows: why, and the file in which a clerk mends them.

use std::collections::BTreeMap;

use crate::csv_rows::needs_guard;
use crate::load::REJECT_HEADERS;
use crate::report::Report;

/// Why a row was quarantined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectReason {
    /// A needed cell is empty.
    Missing,
    /// Not a day of the calendar.
    BadDate,
    /// Not a month.
    BadMonth,
    /// Not a sum of money.
    BadMoney,
    /// Money with a fraction of a đồng.
    NotWholeDong,
    /// Money below zero.
    NegativeMoney,
    /// Not a whole number.
    BadNumber,
    /// Not a coefficient such as 2,34.
    BadCoefficient,
    /// Not a number with decimals such as 6,42.
    BadDecimal,
    /// Not a share from 0 to 100 %.
    BadShare,
    /// A share without a percent sign that may be percent or a fraction.
    UnclearShare,
    /// Neither Nam nor Nữ.
    BadSex,
    /// Not fifteen characters of a card.
    BadCardNumber,
    /// A needed number of a person or taxpayer that cannot be read.
    BadIdNumber,
    /// Not a year.
    BadYear,
    /// Not a school year such as 2026-2027.
    BadSchoolYear,
    /// The end lies before the start.
    EndsBeforeStart,
    /// A name without a letter, or text that lost letters on the way.
    BrokenText,
    /// Longer than any cell of a roster.
    TooLong,
    /// A formula error such as `#N/A`.
    FormulaError,
    /// A line of a text file with more or fewer cells than the header: its values have shifted or are cut.
    CellCount,
    /// A card of the army, the police or the cipher service: its data is not held here.
    ArmedForces,
}

impl RejectReason {
    /// Every reason.
    pub const ALL: &'static [RejectReason] = &[
        Self::Missing,
        Self::BadDate,
        Self::BadMonth,
        Self::BadMoney,
        Self::NotWholeDong,
        Self::NegativeMoney,
        Self::BadNumber,
        Self::BadCoefficient,
        Self::BadDecimal,
        Self::BadShare,
        Self::UnclearShare,
        Self::BadSex,
        Self::BadCardNumber,
        Self::BadIdNumber,
        Self::BadYear,
        Self::BadSchoolYear,
        Self::EndsBeforeStart,
        Self::BrokenText,
        Self::TooLong,
        Self::FormulaError,
        Self::CellCount,
        Self::ArmedForces,
    ];

    /// The reason of a stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    /// The reason that a rejects file says in a clerk's words.
    pub fn from_words(words: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.vi() == words)
    }

    /// The stable word of this reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::BadDate => "bad_date",
            Self::BadMonth => "bad_month",
            Self::BadMoney => "bad_money",
            Self::NotWholeDong => "not_whole_dong",
            Self::NegativeMoney => "negative_money",
            Self::BadNumber => "bad_number",
            Self::BadCoefficient => "bad_coefficient",
            Self::BadDecimal => "bad_decimal",
            Self::BadShare => "bad_share",
            Self::UnclearShare => "unclear_share",
            Self::BadSex => "bad_sex",
            Self::BadCardNumber => "bad_card_number",
            Self::BadIdNumber => "bad_id_number",
            Self::BadYear => "bad_year",
            Self::BadSchoolYear => "bad_school_year",
            Self::EndsBeforeStart => "ends_before_start",
            Self::BrokenText => "broken_text",
            Self::TooLong => "too_long",
            Self::FormulaError => "formula_error",
            Self::CellCount => "cell_count",
            Self::ArmedForces => "armed_forces",
        }
    }

    /// What the clerk reads.
    pub fn vi(self) -> &'static str {
        match self {
            Self::Missing => "Thiếu dữ liệu bắt buộc",
            Self::BadDate => "Ngày không có thật hoặc không đúng dạng ngày/tháng/năm (năm đủ 4 chữ số)",
            Self::BadMonth => "Tháng không đúng dạng tháng/năm",
            Self::BadMoney => "Số tiền không đọc được",
            Self::NotWholeDong => "Số tiền có phần lẻ của đồng",
            Self::NegativeMoney => "Số tiền âm",
            Self::BadNumber => "Không phải số nguyên",
            Self::BadCoefficient => "Hệ số không đúng dạng (ví dụ 2,34; nhiều nhất 4 chữ số thập phân)",
            Self::BadDecimal => "Số thập phân không đúng dạng (ví dụ 6,42; không có dấu ngăn hàng nghìn)",
            Self::BadShare => "Tỷ lệ không đúng dạng (ví dụ 4,5%; từ 0% đến 100%)",
            Self::UnclearShare => "Không rõ tỷ lệ là phần trăm hay phần của 1: ghi kèm dấu %",
            Self::BadSex => "Giới tính phải là Nam hoặc Nữ",
            Self::BadCardNumber => "Mã thẻ BHYT phải đủ 15 ký tự",
            Self::BadIdNumber => "Mã số không đúng dạng",
            Self::BadYear => "Năm không đúng dạng 4 chữ số",
            Self::BadSchoolYear => "Năm học không đúng dạng 2026-2027",
            Self::EndsBeforeStart => "Thời điểm kết thúc trước thời điểm bắt đầu",
            Self::BrokenText => "Chữ bị hỏng hoặc không có chữ cái",
            Self::TooLong => "Nội dung ô quá dài",
            Self::FormulaError => "Ô báo lỗi công thức",
            Self::CellCount => "Dòng thừa hoặc thiếu ô so với dòng tiêu đề",
            Self::ArmedForces => "Thẻ của quân đội, công an, cơ yếu: không tiếp nhận, không lưu dữ liệu",
        }
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Missing => "A needed value is missing",
            Self::BadDate => "Not a day of the calendar in the form day/month/year with a four-digit year",
            Self::BadMonth => "Not a month in the form month/year",
            Self::BadMoney => "Not a readable sum of money",
            Self::NotWholeDong => "The sum has a fraction of a đồng",
            Self::NegativeMoney => "The sum is below zero",
            Self::BadNumber => "Not a whole number",
            Self::BadCoefficient => "Not a coefficient such as 2,34 with at most four decimals",
            Self::BadDecimal => "Not a number with decimals such as 6,42, without marks between thousands",
            Self::BadShare => "Not a share such as 4,5% from 0% to 100%",
            Self::UnclearShare => "Percent or a fraction of 1 is not clear: write the percent sign",
            Self::BadSex => "Sex must be Nam or Nữ",
            Self::BadCardNumber => "A card number has 15 characters",
            Self::BadIdNumber => "The number does not have its form",
            Self::BadYear => "Not a four-digit year",
            Self::BadSchoolYear => "Not a school year such as 2026-2027",
            Self::EndsBeforeStart => "The end lies before the start",
            Self::BrokenText => "The text is damaged or has no letter",
            Self::TooLong => "The cell is too long",
            Self::FormulaError => "The cell shows a formula error",
            Self::CellCount => "The line has more or fewer cells than the header",
            Self::ArmedForces => "Card of the army, police or cipher service: not taken in, nothing kept",
        }
    }
}

/// One fault of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Header of the column as in the file; the field's name when the file has no such column.
    pub column: String,
    /// Field of the roster.
    pub field: String,
    /// What stood there; empty for the armed forces.
    pub value: String,
    /// Why it cannot be taken.
    pub reason: RejectReason,
}

/// One refused row. It holds personal data: it belongs into the rejects file and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Row of the file, 1-based as Excel shows it.
    pub source_row: u64,
    /// Text of the section row above it; empty when there is none.
    pub section: String,
    /// Header of the column of the first fault, as in the file.
    pub column: String,
    /// Field of the first fault.
    pub field: String,
    /// What stood there; empty for the armed forces.
    pub value: String,
    /// Why the row was refused.
    pub reason: RejectReason,
    /// Further faults of the same row.
    pub also: Vec<Fault>,
    /// The whole row as it stood; empty for the armed forces.
    pub cells: Vec<String>,
}

/// How many rows were refused for each (first) reason, by its code.
pub fn count_reasons(rejects: &[Reject]) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for reject in rejects {
        *counts.entry(reject.reason.code()).or_insert(0) += 1;
    }
    counts
}

/// The refused rows as a CSV file (UTF-8 with mark) that can be mended in Excel and sent again.
///
/// It has the title facts and the header of the file it came from, then `Dòng gốc`, `Cột lỗi`, `Lý do`,
/// which intake passes over when the file comes back; section rows stand above the rows they speak of.
/// Formulas are guarded by an apostrophe.
pub fn rejects_csv(report: &Report) -> Vec<u8> {
    let width = report.header.len();
    let mut out = "\u{feff}".to_owned();
    for (label, value) in &report.title_lines {
        write_row(&mut out, [label.as_str(), value.as_str()]);
    }
    write_row(&mut out, report.header.iter().map(String::as_str).chain(REJECT_HEADERS));
    let mut section = "";
    for reject in &report.rejects {
        if reject.section != section {
            section = &reject.section;
            write_row(&mut out, [section]);
        }
        let blank = std::iter::repeat_n("", width.saturating_sub(reject.cells.len()));
        let row = reject.source_row.to_string();
        let mut columns = vec![reject.column.clone()];
        let mut reasons = vec![reject.reason.vi().to_owned()];
        for fault in &reject.also {
            columns.push(fault.column.clone());
            reasons.push(format!("{}: {}", fault.column, fault.reason.vi()));
        }
        let (columns, reasons) = (columns.join("; "), reasons.join("; "));
        let cells = reject.cells.iter().map(String::as_str).take(width).chain(blank);
        write_row(&mut out, cells.chain([row.as_str(), columns.as_str(), reasons.as_str()]));
    }
    out.into_bytes()
}

fn write_row<'c>(out: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let guard = if needs_guard(cell) { "'" } else { "" };
        if cell.contains([',', '"', '\n', '\r', ';', '\t', '|']) {
            out.push('"');
            out.push_str(guard);
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(guard);
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}
