//! Which rows of several rosters are one employer: businesses register, tax, social insurance, communes.
//!
//! Codes first: tax code, register number (the same since enterprises have one number), the owner's
//! number of a household business, unit codes of social insurance. Then, for rows without a usable
//! code, name with commune, phone and representative. Every row says how it came where it is.
//!
//! A branch is never merged into the company it belongs to; its cluster names the parent.

mod by_code;
mod by_name;
mod code;
mod name;

use serde::Serialize;

use by_code::{Coded, by_code};
use by_name::by_name;
use name::Name;

/// One row about an employer. What is missing is `None` or empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmployerRow<'a> {
    /// Tax code (mã số thuế) as typed: 10 or 13 digits, with or without dash, or the owner's 12.
    pub tax_code: Option<&'a str>,
    /// Unit code of social insurance (mã đơn vị) as typed, old or new.
    pub unit_code: Option<&'a str>,
    /// Number in the business register (mã số doanh nghiệp, số đăng ký hộ kinh doanh) as typed.
    pub register_number: Option<&'a str>,
    /// Name as written.
    pub name: &'a str,
    /// Communes the address can lie in, as dense indices.
    pub address_communes: &'a [u16],
    /// Legal representative or owner as written.
    pub representative: Option<&'a str>,
    /// Phone as typed.
    pub phone: Option<&'a str>,
}

/// The rows of one roster of employers. Rosters given earlier describe an employer before later ones.
#[derive(Debug, Clone, Copy)]
pub struct EmployerRoster<'a> {
    /// The rows.
    pub rows: &'a [EmployerRow<'a>],
}

/// Why a row stands in its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployerEvidence {
    /// The tax code of the cluster.
    TaxCode,
    /// The register number, which is the tax code.
    RegisterNumber,
    /// The owner's twelve-digit number.
    OwnerNumber,
    /// A unit code that begins with the tax code, or a budget unit's.
    UnitCode,
    /// An old unit code that another row bears too, with the tax code or without.
    KnownUnitCode,
    /// A tax code one digit off, with an equal name.
    CorrectedTaxCode,
    /// Name and commune.
    NameAndCommune,
    /// Name, and the phone or the representative.
    NameAndContact,
    /// A name that only one employer bears.
    RareName,
    /// No other row is this employer.
    Alone,
}

impl EmployerEvidence {
    /// The words of the evidence for an officer.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::TaxCode => "trùng mã số thuế",
            Self::RegisterNumber => "mã số doanh nghiệp trùng mã số thuế",
            Self::OwnerNumber => "trùng số định danh của chủ hộ kinh doanh",
            Self::UnitCode => "trùng mã đơn vị",
            Self::KnownUnitCode => "mã đơn vị cũ cũng có ở dòng khác của đơn vị này",
            Self::CorrectedTaxCode => "mã số thuế lệch một chữ số, tên trùng",
            Self::NameAndCommune => "trùng tên và xã, phường",
            Self::NameAndContact => "trùng tên và số điện thoại hoặc người đại diện",
            Self::RareName => "trùng tên, không có đơn vị nào khác cùng tên",
            Self::Alone => "không tìm thấy đơn vị trùng",
        }
    }
}

/// What is odd about a row. Nothing of it refuses the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployerWarning {
    /// The check digit of the tax code is wrong.
    CheckDigit,
    /// A spreadsheet took the leading zero.
    LeadingZeroLost,
    /// A code that is none.
    Unreadable,
    /// Tax code, register number and unit code name different employers; the tax code was believed.
    CodesDiffer,
    /// The old unit code stands with several tax codes and was not used.
    UnitCodeAmbiguous,
    /// The code is the cluster's, the name is clearly another.
    NameDiffers,
    /// A branch that bears the tax code of its company.
    ParentsCode,
}

/// Where a row came, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmployerMatch {
    /// Place in [`EmployerClusters::clusters`].
    pub cluster: u32,
    /// Why.
    pub evidence: EmployerEvidence,
    /// How alike the row's name is to the cluster's, in thousandths; rare words count more.
    pub name_thousandths: u16,
    /// What is odd.
    pub warnings: Vec<EmployerWarning>,
}

/// One employer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmployerCluster {
    /// The key: tax code, else owner's number, budget or unit code, else `#` and a hash of name and
    /// commune. The same next month as long as the code or the name and commune are.
    pub key: String,
    /// Place of the cluster that this one is a branch of, where it is known.
    pub parent: Option<u32>,
    /// Roster and row that describe the employer.
    pub described_by: (u32, u32),
    /// Number of rows.
    pub rows: u32,
}

/// What a person is asked about employers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployerQuestion {
    /// The same code with a clearly different name.
    SameCodeOtherName,
    /// Tax codes one digit apart with equal names, and nothing tells which is right.
    NearCode,
    /// Several employers fit about as well.
    Contested,
    /// The names are alike, but not enough.
    NameClose,
}

impl EmployerQuestion {
    /// The words of the question for an officer.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::SameCodeOtherName => "cùng mã nhưng tên khác hẳn",
            Self::NearCode => "mã số thuế lệch một chữ số, tên trùng, chưa rõ mã nào đúng",
            Self::Contested => "nhiều đơn vị cùng khớp",
            Self::NameClose => "tên gần giống, chưa đủ căn cứ",
        }
    }
}

/// A row and an employer it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EmployerReview {
    /// Roster of the row.
    pub roster: u32,
    /// The row.
    pub row: u32,
    /// Place of the cluster it may belong to; its own cluster when it stands there already.
    pub cluster: u32,
    /// What is asked.
    pub question: EmployerQuestion,
    /// How alike the names are, in thousandths.
    pub name_thousandths: u16,
}

/// All employers, and where each row belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct EmployerClusters {
    /// The employers, ascending by key.
    pub clusters: Vec<EmployerCluster>,
    /// For every roster, the match of each of its rows.
    pub rows: Vec<Vec<EmployerMatch>>,
    /// Questions, ascending by roster and row.
    pub review: Vec<EmployerReview>,
}

/// A row made comparable.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub roster: u32,
    pub row: u32,
    pub name: Name,
    pub communes: &'a [u16],
    pub representative: Option<String>,
    pub phone: Option<String>,
    pub codes: by_code::Codes,
}

impl<'a> Entry<'a> {
    fn new(roster: usize, row: usize, given: &EmployerRow<'a>) -> Self {
        let representative =
            given.representative.map(base::names::fold).map(|r| r.split_whitespace().collect::<Vec<_>>().join(" "));
        // The last nine digits: with or without the leading 0 or +84.
        let phone = given.phone.map(|p| p.chars().filter(char::is_ascii_digit).collect::<String>());
        let phone = phone.and_then(|p| p.len().checked_sub(9).map(|from| p[from..].to_owned()));
        Self {
            roster: roster as u32,
            row: row as u32,
            name: Name::read(given.name),
            communes: given.address_communes,
            representative: representative.filter(|r| r.contains(' ')),
            phone,
            codes: by_code::Codes::read(given),
        }
    }

    /// Whether phone or representative are the same.
    pub(crate) fn same_contact(&self, other: &Entry<'_>) -> bool {
        (self.phone.is_some() && self.phone == other.phone)
            || (self.representative.is_some() && self.representative == other.representative)
    }

    /// Whether the addresses can be in one commune; `None` when a side does not say.
    pub(crate) fn same_commune(&self, other: &Entry<'_>) -> Option<bool> {
        let told = !self.communes.is_empty() && !other.communes.is_empty();
        told.then(|| self.communes.iter().any(|c| other.communes.contains(c)))
    }
}

/// Puts the rows of all rosters together by employer. The same rows give the same result in any
/// order of calling; the order of rosters only decides who describes an employer.
pub fn link_employers(rosters: &[EmployerRoster<'_>]) -> EmployerClusters {
    let mut entries: Vec<Entry<'_>> = rosters
        .iter()
        .enumerate()
        .flat_map(|(at, roster)| roster.rows.iter().enumerate().map(move |(row, given)| Entry::new(at, row, given)))
        .collect();
    let words = name::Words::count(&mut entries.iter_mut().map(|e| &mut e.name).collect::<Vec<_>>());
    let coded: Coded = by_code(&entries, &words);
    by_name(rosters, &entries, &words, coded)
}
