//! Layouts of rosters: which columns a roster has, how agencies head them, how they are read.
//!
//! A layout is a YAML file of `formats/rosters`. It fixes the columns that intake hands on, whatever
//! the file at hand looks like, so that the book has a schema even for an empty file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Text in the two languages of the screens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// How the cells of a field are read, and which columns they give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Cleaned text (NFC, single spaces).
    Text,
    /// Row number of the list (STT): kept, but no part of what the row says.
    Ordinal,
    /// A person's name; `<name>_raw` keeps the spelling handed over when it differs.
    Name,
    /// Số định danh/CCCD: `<name>`, `<name>_raw`, `old_id` (9-digit CMND), `id_flag`.
    PersonalId,
    /// Số CMND in a column of its own beside a [`Kind::PersonalId`]: fills that field's `old_id`, has no column of its own.
    OldId,
    /// Mã số BHXH, ten digits: `<name>`, `<name>_raw` when it differs.
    InsuranceNumber,
    /// Mã thẻ BHYT, fifteen characters: `<name>` and `object_code`.
    CardNumber,
    /// Mã thẻ BHYT on a claim, one or several with `;`: `<name>` (joined the same way) and `object_code` (letters of the
    /// last). Where one is of the armed forces the row stays, but of its cards only the letters and of its fields none
    /// that says who or where somebody is.
    CardList,
    /// Mã số thuế, 10, 12 or 13 digits: `<name>`, `<name>_raw` when it differs.
    TaxCode,
    /// `birth_date` (1 January when only the year is known), `birth_precision`, `birth_date_raw`.
    BirthDate,
    /// A whole day.
    Date,
    /// A day with the time of day where one is written, `202610050830`: `<name>` and `<name>_time` (`08:30`).
    Moment,
    /// A month, as its first day.
    Month,
    /// Whole đồng, not below zero unless [`Field::signed`].
    Dong,
    /// Money with decimals, e.g. `1.234,56` or `1234.56`: whole thousandths of a đồng (1234560), not below zero unless [`Field::signed`].
    Amount,
    /// A number with decimals that is no money (a quantity, days, percent), e.g. `6,42`: whole thousandths (6420), not below zero
    /// unless [`Field::signed`]. A single mark divides off decimals, whatever follows it.
    Decimal,
    /// Hệ số, e.g. `2,34`: whole ten-thousandths (23400).
    Coefficient,
    /// Tỷ lệ, e.g. `4,5%`: whole ten-thousandths of the whole (450), from 0 to 100 %; see [`Field::plain`].
    Share,
    /// A whole number.
    Int,
    /// `male` or `female`.
    Sex,
    /// Code of the xã, phường: `<name>`, `<name>_candidates` (joined by `;`), `<name>_raw`.
    Commune,
    /// Năm học, as `2026-2027`.
    SchoolYear,
    /// A calendar year.
    Year,
}

/// Which of several columns under one heading is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// The leftmost.
    First,
    /// The rightmost.
    Last,
}

/// What a share without a percent sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Plain {
    /// `4,5` is 4.5 %.
    Percent,
    /// `0,045` is 4.5 %.
    Fraction,
}

/// What becomes of a cell that is merged over several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MergedCells {
    /// Its value holds for every row it lies over.
    Down,
}

/// What a code of a sex column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SexCode {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl SexCode {
    /// The value handed on.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// What kind of personal data a field is (Law 91/2025/QH15); groups of columns have their own permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalData {
    /// No personal data.
    #[default]
    None,
    /// Who somebody is: names, numbers, birth, sex.
    Identity,
    /// Where and with whom somebody lives.
    Contact,
    /// Wage and income; income is tax secret.
    Income,
    /// What somebody is entitled for: poverty, disability, age, merit, a death in the family.
    Ground,
    /// Diseases, treatment and its outcome, days in hospital.
    Health,
}

/// Headers that only mean something below a merged header, e.g. `Tổ chức trả thu nhập` over `Mã số thuế`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    /// The merged header holds one of these.
    pub parents: Vec<String>,
    /// The header below is one of these.
    pub children: Vec<String>,
}

/// One field of a roster.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Canonical name, also the name of its (first) column.
    pub name: String,
    /// How it is read.
    pub kind: Kind,
    /// A file without this column is not this roster.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// A row in which it is empty is quarantined.
    #[serde(default, skip_serializing_if = "is_false")]
    pub needed: bool,
    /// Ways to head the column; compared without marks, case, punctuation and spaces.
    pub headers: Vec<String>,
    /// Ways to head it in two lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Class of personal data.
    #[serde(default)]
    pub personal: PersonalData,
    /// Commune only: the text field to read the commune from when there is no commune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Sex only: codes beside `Nam` and `Nữ`, e.g. `{"1": male, "2": female}`. Offices differ, so a layout must say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, SexCode>,
    /// Đồng, amounts and decimals only: values below zero are taken, as `-5.000` or in the brackets of accountants, `(5.000)`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub signed: bool,
    /// Share only: what a number without a percent sign is. Left out, above 1 it is percent and below 0.3 a
    /// fraction; between them it could be either and the row is quarantined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<Plain>,
    /// What a cell merged over several rows says: left out, its value belongs to the first row alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedCells>,
    /// Which column is read where the form has its heading twice; left out, such a file is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// Whether the agreement the file is handed over under leaves this field out; then nothing of its column is kept.
    #[serde(skip)]
    pub outside: bool,
}

/// What the value of a title fact looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// The rest of the cell, or the next filled cell.
    Text,
    /// The first word.
    Word,
    /// The first run of digits.
    Digits,
    /// The first run of exactly four digits.
    Year,
    /// Two years, `2026-2027`.
    SchoolYear,
}

/// A fact that stands in the title rows, e.g. `Trường: THCS Văn Yên`; it fills the field of its name.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TitleFact {
    /// The field it fills when the row has nothing there.
    pub fact: String,
    /// Labels before the value, the surest first.
    pub after: Vec<String>,
    /// Words that end the value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<String>,
    /// What the value looks like.
    pub shape: Shape,
}

/// How a file says how many rows it holds, e.g. `Tổng số: 45 học sinh`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Labels before the number.
    pub labels: Vec<String>,
    /// What may be counted; `Tổng số tiền: …` counts no rows.
    pub of: Vec<String>,
}

/// Rows that stand over others and say something of all of them, e.g. `Tăng` over the workers who came.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The text field the row fills for all rows below it that have nothing there, until the next section row.
    pub field: String,
    /// Patterns of such rows, lower case with marks, `*` for anything, without the number before them (`II.`).
    /// A pattern without `*` is itself the value; with one the text of the row is.
    pub patterns: Vec<String>,
}

/// One layout of one roster.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Name of this layout, e.g. `pupils-2025`.
    pub id: String,
    /// The roster it is a layout of, e.g. `pupils`.
    pub roster: String,
    /// What the roster is called.
    pub title: Title,
    /// First day this layout is in use (ISO); the later one wins when two fit.
    pub valid_from: base::Date,
    /// Version of the layout, part of a run's inputs.
    pub version: String,
    /// Usual names of the sheet; only a hint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// The fields in the order of their columns.
    pub fields: Vec<Field>,
    /// Pairs of date or month fields of which the first may not lie after the second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_order: Vec<(String, String)>,
    /// Fields that together say what a row is about, so that a corrected file shows which rows changed. Left out, the numbers
    /// or the names of people are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_by: Vec<String>,
    /// Headers that are known and not wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Facts of the title rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title_facts: Vec<TitleFact>,
    /// How the number of rows is declared.
    #[serde(default)]
    pub declared: Declared,
    /// Rows over groups of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// Rows that are no data however complete they look: patterns with `*`, lower case with marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<String>,
    /// Rows that only add up: patterns with `*`, lower case with marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<String>,
    /// Rows below the table: patterns with `*`, lower case with marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footer: Vec<String>,
    /// Whether an agreement says which fields may be taken; then columns that are no field leave nothing behind either.
    #[serde(skip)]
    pub agreed: bool,
}

fn is_false(yes: &bool) -> bool {
    !yes
}

/// The type of a column handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// Whole number.
    Int,
    /// Day, as days since 1970-01-01.
    Date,
    /// Yes or no.
    Bool,
}

/// Name of the column that says where in the file a row stood, 1-based as Excel shows it.
pub const SOURCE_ROW: &str = "source_row";

impl Layout {
    /// Name and type of every column handed on, `source_row` first. The same for each file of the roster.
    pub fn columns(&self) -> Vec<(String, ColumnType)> {
        let mut columns = vec![(SOURCE_ROW.to_owned(), ColumnType::Int)];
        columns.extend(self.fields.iter().flat_map(Field::columns));
        columns
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

impl Field {
    /// Name and type of the columns this field gives.
    pub fn columns(&self) -> Vec<(String, ColumnType)> {
        let name = &self.name;
        let text = |name: String| (name, ColumnType::Text);
        match self.kind {
            Kind::Text | Kind::Ordinal | Kind::Sex | Kind::SchoolYear => vec![text(name.clone())],
            Kind::Name | Kind::InsuranceNumber | Kind::TaxCode => vec![text(name.clone()), text(format!("{name}_raw"))],
            Kind::PersonalId => {
                vec![text(name.clone()), text(format!("{name}_raw")), text("old_id".into()), text("id_flag".into())]
            }
            Kind::OldId => Vec::new(),
            Kind::CardNumber | Kind::CardList => vec![text(name.clone()), text("object_code".into())],
            Kind::BirthDate => {
                vec![(name.clone(), ColumnType::Date), text("birth_precision".into()), text("birth_date_raw".into())]
            }
            Kind::Date | Kind::Month => vec![(name.clone(), ColumnType::Date)],
            Kind::Moment => vec![(name.clone(), ColumnType::Date), text(format!("{name}_time"))],
            Kind::Dong | Kind::Amount | Kind::Decimal | Kind::Coefficient | Kind::Share | Kind::Int | Kind::Year => {
                vec![(name.clone(), ColumnType::Int)]
            }
            Kind::Commune => vec![text(name.clone()), text(format!("{name}_candidates")), text(format!("{name}_raw"))],
        }
    }
}
