//! The codes on cards: căn cước (CCCD) and the health insurance card, as a scanner types them.
//!
//! A scanner is a keyboard. Where a Vietnamese typing method is on, it turns letters into others (`dd` into
//! `đ`, `aa` into `â`), but never digits: number and days are right even where the name is not, and the
//! name is then said to be doubtful rather than handed on as read.

use base::{Date, Explain};

use crate::convert::card_of;
use crate::text::is_syllable;

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// A căn cước or căn cước công dân.
    Citizen(CitizenCard),
    /// A health insurance card (thẻ BHYT).
    Insurance(InsuranceCard),
}

/// The code of a căn cước.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenCard {
    /// Số định danh, twelve digits.
    pub personal_id: String,
    /// Số CMND, nine digits, where the card has one.
    pub old_id: Option<String>,
    /// Name as it came; empty when there is none.
    pub full_name: String,
    /// Whether the name is not what the card shows: letters were turned into others on the way.
    pub name_doubtful: bool,
    /// Ngày sinh.
    pub birth_date: Option<Date>,
    /// `male` or `female`; none when it cannot be read.
    pub sex: Option<&'static str>,
    /// Nơi thường trú as it came; as doubtful as the name.
    pub address: String,
    /// Ngày cấp.
    pub issued: Option<Date>,
}

/// The code of a health insurance card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuranceCard {
    /// Mã thẻ of fifteen characters, on cards before 2021.
    pub card_number: Option<String>,
    /// Mã số BHXH, ten digits: the end of the card number, or what newer cards have instead.
    pub insurance_number: String,
    /// Name; empty when its letters cannot be read.
    pub full_name: String,
    /// Whether the name is missing or not what the card shows.
    pub name_doubtful: bool,
    /// Ngày sinh, where the card has the whole day.
    pub birth_date: Option<Date>,
    /// `male` or `female`; none when it cannot be read.
    pub sex: Option<&'static str>,
    /// Giá trị sử dụng từ ngày.
    pub valid_from: Option<Date>,
    /// Giá trị sử dụng đến ngày; newer cards have none.
    pub valid_to: Option<Date>,
}

/// Why a code was not read. The texts never repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Nothing was scanned.
    #[error("Chưa quét được mã.")]
    Empty,
    /// A code of VNeID or another closed one: only its issuer can read it.
    #[error("Mã này (VNeID hoặc mã đã mã hóa) không đọc được bằng máy quét thường.")]
    Opaque,
    /// Parts of a card, but not all that is needed.
    #[error("Mã quét bị thiếu hoặc sai, không có số định danh đủ 12 chữ số hay mã thẻ BHYT.")]
    Broken,
    /// A card of the army, the police or the cipher service: none of it may be kept.
    #[error("Thẻ của quân đội, công an, cơ yếu: không tiếp nhận.")]
    ArmedForces,
}

impl Explain for QrError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "qr_empty",
            Self::Opaque => "qr_opaque",
            Self::Broken => "qr_broken",
            Self::ArmedForces => "armed_forces",
        }
    }

    fn place(&self) -> String {
        String::new()
    }

    fn remedy(&self) -> String {
        match self {
            Self::Empty | Self::Broken => "Tắt bộ gõ tiếng Việt rồi quét lại, hoặc nhập số trên thẻ.",
            Self::Opaque => "Quét mã trên thẻ căn cước hoặc thẻ BHYT, hoặc nhập số định danh.",
            Self::ArmedForces => "Hướng dẫn người có thẻ liên hệ cơ quan quản lý thẻ của ngành.",
        }
        .to_owned()
    }
}

/// Reads what a scanner typed.
pub fn parse(text: &str) -> Result<Scanned, QrError> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if text.is_empty() {
        return Err(QrError::Empty);
    }
    if !text.contains('|') {
        return Err(if text.len() >= 20 { QrError::Opaque } else { QrError::Broken });
    }
    let fields: Vec<&str> = text.split('|').map(str::trim).collect();
    if is_digits(fields[0], 12) {
        return Ok(Scanned::Citizen(citizen(&fields)));
    }
    insurance(&fields).map(Scanned::Insurance)
}

/// `id|CMND|name|ddMMyyyy|sex|address|ddMMyyyy`; cards since 2024 have more fields, which are left out.
fn citizen(fields: &[&str]) -> CitizenCard {
    let field = |at: usize| fields.get(at).copied().unwrap_or_default();
    let full_name = base::names::clean(field(2));
    CitizenCard {
        personal_id: field(0).to_owned(),
        old_id: Some(field(1)).filter(|old| is_digits(old, 9)).map(str::to_owned),
        name_doubtful: !is_name(&full_name),
        full_name,
        birth_date: day(field(3)),
        sex: sex(field(4)),
        address: base::names::clean(field(5)),
        issued: day(field(6)),
    }
}

/// `number|name|dd/MM/yyyy|sex|address|facility|from|to|…|$`, name and address as hexadecimal UTF-8.
///
/// The order of the fields is that of cards seen in the open; no published standard was read. [?]
fn insurance(fields: &[&str]) -> Result<InsuranceCard, QrError> {
    let field = |at: usize| fields.get(at).copied().unwrap_or_default();
    let (card_number, insurance_number) = match card_of(field(0)) {
        Some(Ok(card)) => {
            let number = card[5..].to_owned();
            (Some(card), number)
        }
        Some(Err(())) => return Err(QrError::ArmedForces),
        None if is_digits(field(0), 10) => (None, field(0).to_owned()),
        None => return Err(QrError::Broken),
    };
    let full_name = base::names::clean(&from_hex(field(1)).unwrap_or_default());
    Ok(InsuranceCard {
        card_number,
        insurance_number,
        name_doubtful: !is_name(&full_name),
        full_name,
        birth_date: day(field(2)),
        sex: sex(field(3)),
        valid_from: day(field(6)),
        valid_to: day(field(7)),
    })
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether every word is a Vietnamese syllable. Names of other peoples fail too: a clerk looks at them.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.split(' ').all(is_syllable)
}

fn day(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(|c| *c != '/').collect();
    if !is_digits(&digits, 8) {
        return None;
    }
    Date::new(digits[4..].parse().ok()?, digits[2..4].parse().ok()?, digits[..2].parse().ok()?).ok()
}

fn sex(text: &str) -> Option<&'static str> {
    match base::names::fold(text).as_str() {
        "nam" | "1" => Some("male"),
        "nu" | "2" => Some("female"),
        _ => None,
    }
}

fn from_hex(text: &str) -> Option<String> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| std::str::from_utf8(pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    String::from_utf8(bytes.filter(|_| rest.is_empty())?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citizen(text: &str) -> CitizenCard {
        match parse(text) {
            Ok(Scanned::Citizen(card)) => card,
            other => panic!("{other:?}"),
        }
    }

    fn insurance(text: &str) -> InsuranceCard {
        match parse(text) {
            Ok(Scanned::Insurance(card)) => card,
            other => panic!("{other:?}"),
        }
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn a_citizen_card_is_read_whole() {
        let card = citizen("001168012345|012345678|Nguyễn Thị Hường|03021968|Nữ|Số 5, Ba Đình, Hà Nội|15082021\r\n");
        assert_eq!((card.personal_id.as_str(), card.old_id.as_deref()), ("001168012345", Some("012345678")));
        assert_eq!((card.full_name.as_str(), card.name_doubtful, card.sex), ("Nguyễn Thị Hường", false, Some("female")));
        assert_eq!(card.birth_date.map(|d| d.to_string()).as_deref(), Some("1968-02-03"));
        assert_eq!(card.issued.map(|d| d.to_string()).as_deref(), Some("2021-08-15"));
        // Without an old number, and with the further fields of newer cards.
        let card = citizen("001168012345||Lê An|03021968|Nam|Hà Nội|15082024|||x|y");
        assert_eq!((card.old_id, card.sex, card.issued.is_some()), (None, Some("male"), true));
    }

    #[test]
    fn letters_turned_into_others_leave_number_and_days() {
        let card = citizen("001168012345||Nguyeexn Thij Huwowngf|03021968|Nuwx|Haf Nooij|15082021");
        assert!(card.name_doubtful);
        assert_eq!((card.personal_id.as_str(), card.sex), ("001168012345", None));
        assert!(card.birth_date.is_some() && card.issued.is_some());
        let hex = hex("Phạm Thị Mai").replace("dd", "đ").replace("e1", "é");
        let card = insurance(&format!("0123456789|{hex}|10/10/1950|2|x|01 - 006|01/01/2026|-|$"));
        assert_eq!((card.full_name.as_str(), card.name_doubtful, card.sex), ("", true, Some("female")));
    }

    #[test]
    fn insurance_cards_old_and_new() {
        let old = insurance(&format!(
            "GD4010123456789|{}|10/10/1950|1|{}|01 - 006|01/01/2020|31/12/2020|x|$",
            hex("Lê An"),
            hex("Hà Nội")
        ));
        assert_eq!((old.card_number.as_deref(), old.insurance_number.as_str()), (Some("GD4010123456789"), "0123456789"));
        assert_eq!((old.full_name.as_str(), old.name_doubtful), ("Lê An", false));
        assert_eq!(old.valid_to.map(|d| d.to_string()).as_deref(), Some("2020-12-31"));
        let new = insurance(&format!("0123456789|{}|1950|1|-|01 - 006|01/01/2026|-|$", hex("Lê An")));
        assert_eq!((new.card_number, new.birth_date, new.valid_to), (None, None, None));
    }

    #[test]
    fn what_is_no_card_says_what_it_is() {
        assert_eq!(parse(" \n"), Err(QrError::Empty));
        assert_eq!(parse("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.abc"), Err(QrError::Opaque));
        assert_eq!(parse("12345"), Err(QrError::Broken));
        assert_eq!(parse("00116801234|x|y"), Err(QrError::Broken));
        assert_eq!(parse("CA5010123456789|4c|1950|1"), Err(QrError::ArmedForces));
    }
}
