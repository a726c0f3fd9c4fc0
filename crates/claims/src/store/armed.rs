//! Dossiers on cards of the armed forces (quân đội, công an, cơ yếu): who they are is a state secret, so the book keeps what was done and what it cost, and
//! of the person the letters of the card, the sex and the year of birth.

use claimfile::{Dossier, Form, Lists, Protection, TableId};

use crate::facts::card::parts;

/// Columns of class personal that name staff of the facility or say what a card is worth, and nobody who is treated.
const STAY: [&str; 15] = [
    "GIOI_TINH",
    "MA_DKBD",
    "GT_THE_TU",
    "GT_THE_DEN",
    "MA_KHUVUC",
    "MA_TTDV",
    "MA_BAC_SI",
    "NGUOI_THUC_HIEN",
    "MA_BS_DOC_KQ",
    "MA_BS",
    "TEN_BS",
    "NGUOI_DO_DE",
    "NGUOI_GHI_PHIEU",
    "HOTEN_NGUOI_HT",
    "CHUCDANH_NGUOI_HT",
];

/// What becomes of a cell of such a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Kept as sent.
    Kept,
    /// Left out.
    Out,
    /// Of a card the letters, the level and the province, of each card in the cell.
    Card,
    /// Of a birth the year.
    Year,
}

/// The fate of each column of a form.
pub(crate) fn fates(form: &Form) -> Vec<Fate> {
    let fate = |column: &claimfile::Column| match (column.name.as_str(), column.class) {
        ("MA_THE_BHYT", _) if form.id == TableId::XML1 => Fate::Card,
        ("NGAY_SINH", _) => Fate::Year,
        ("MA_BN", _) => Fate::Out,
        (name, Protection::Personal | Protection::Identifier) if !STAY.contains(&name) => Fate::Out,
        _ => Fate::Kept,
    };
    form.columns.iter().map(fate).collect()
}

/// Whether a dossier is on such a card; `place` is that of `MA_THE_BHYT` in XML1.
pub(crate) fn is_armed(dossier: &Dossier, lists: &Lists, place: usize) -> bool {
    let Some(row) = dossier.row(TableId::XML1, 0) else { return false };
    let Some(groups) = lists.get("the_bhyt_nhom") else { return false };
    parts(row.get(place))
        .filter_map(|card| card.get(..2))
        .any(|letters| groups.ever(letters).is_some_and(|meaning| meaning.word == "armed"))
}

/// The cell that is kept.
pub(crate) fn kept(fate: Fate, cell: &str) -> Option<String> {
    match fate {
        Fate::Kept => Some(cell.to_owned()),
        Fate::Out => None,
        // A card keeps its length, so that what is checked of its form holds.
        Fate::Card => Some(
            parts(Some(cell))
                .map(|card| {
                    let head: String = card.chars().take(5).collect();
                    let rest = card.chars().count().saturating_sub(5);
                    head + &"0".repeat(rest)
                })
                .collect::<Vec<_>>()
                .join(";"),
        ),
        Fate::Year => cell.get(..4).map(|year| format!("{year}00000000")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_keeps_its_letters_and_loses_its_number() {
        assert_eq!(kept(Fate::Card, "QN5970123456789;GD4010123456789").as_deref(), Some("QN5970000000000;GD4010000000000"));
        assert_eq!(kept(Fate::Year, "198503170000").as_deref(), Some("198500000000"));
        assert_eq!(kept(Fate::Out, "Nguyễn Văn A"), None);
    }
}
