//! The fixed parts of a document in the layout of decree 30/2020/NĐ-CP, annex I, which letters and reports share: what stands in head and foot.

use base::{Date, Month};

/// The head: who issues it, under which number, where and when.
pub(crate) struct Head<'a> {
    /// The organ above (cơ quan chủ quản), where there is one.
    pub(crate) organ_above: Option<&'a str>,
    /// Who issues it.
    pub(crate) organ: &'a str,
    /// The number before the symbol, and the day; open until the document office gave them.
    pub(crate) number: Option<(&'a str, Date)>,
    /// What follows the number.
    pub(crate) symbol: &'a str,
    /// What a letter is about (V/v); documents with a title have none here.
    pub(crate) about: Option<&'a str>,
    /// Where it is issued.
    pub(crate) place: &'a str,
    /// Month and year while the day is open.
    pub(crate) month: Month,
}

impl Head<'_> {
    /// `Số:        /BC-BHXH`.
    pub(crate) fn number_line(&self) -> String {
        let number = self.number.map_or("       ", |(number, _)| number);
        let symbol = if self.symbol.is_empty() { String::new() } else { format!("/{}", self.symbol) };
        format!("Số: {number}{symbol}")
    }

    /// `Hà Nội, ngày      tháng 11 năm 2026`; `open` stands where the day is not known.
    pub(crate) fn date_line(&self, open: &str) -> String {
        let month = self.number.map_or(self.month, |(_, day)| day.month());
        let day = self.number.map_or_else(|| open.to_owned(), |(_, day)| two_digits(i64::from(day.day())));
        let number = i64::from(month.number());
        // Days below ten and the months January and February bear a zero.
        let written = if number < 3 { two_digits(number) } else { number.to_string() };
        format!("{}, ngày {day} tháng {written} năm {}", self.place, month.year())
    }
}

/// The foot: who gets it, who signs.
pub(crate) struct Foot<'a> {
    /// Nơi nhận, beside the file copy.
    pub(crate) copies: &'a [String],
    /// Who keeps the file copy: `VT`.
    pub(crate) kept_by: &'a str,
    /// Lines below, with their size in points.
    pub(crate) remarks: Vec<(String, u32)>,
    /// Post of who signs, line by line.
    pub(crate) signer: Vec<&'a str>,
}

impl Foot<'_> {
    /// The lines under "Nơi nhận:".
    pub(crate) fn copy_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.copies.iter().map(|copy| format!("- {copy};")).collect();
        lines.push(format!("- Lưu: {}.", self.kept_by));
        lines
    }
}

/// A number as the decree writes it: below ten with a zero.
pub fn two_digits(number: i64) -> String {
    if (0..10).contains(&number) { format!("0{number}") } else { number.to_string() }
}
