//! The pupils of a class and how each stands: with a valid card, without, or still being checked.

use std::collections::BTreeMap;

use base::{CommuneCode, Date};
use book::Fingerprint;
use desk::SchoolAnswer;
use engine::{EngineError, rows};
use web::Locale;
use web::component::Status;

use crate::indicators::has_card;
use crate::schools::{Class, School};
use crate::serving::Snapshot;

/// How a pupil stands; never why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// A card valid on the last day, or insured elsewhere as the national look-up found.
    Card,
    /// No valid card is seen.
    Without,
    /// No valid card is seen, but the look-up is not done or residence is not known.
    Verify,
}

/// A pupil of a class list.
pub(super) struct Pupil {
    pub(super) person: i64,
    pub(super) name: String,
    pub(super) born: Option<Date>,
    pub(super) commune: Option<CommuneCode>,
    pub(super) standing: Standing,
}

impl Standing {
    /// In words.
    pub(super) fn words(self, l: Locale) -> String {
        match self {
            Self::Card => l.t("school-standing-card"),
            Self::Without => l.t("school-standing-without"),
            Self::Verify => l.t("school-standing-verify"),
        }
    }

    /// As a status.
    pub(super) fn status(self, l: Locale) -> Status {
        match self {
            Self::Card => Status::ok(self.words(l)),
            Self::Without => Status::warn(self.words(l)),
            Self::Verify => Status::neutral(self.words(l)),
        }
    }
}

impl Pupil {
    /// What stands for the pupil in a sheet: the same in every run, and nothing that says who it is.
    pub(super) fn key(&self, school: &School, class: &Class) -> String {
        let print = Fingerprint::new("pupil of a sheet").with("school", &school.key).with("class", &class.key);
        format!("p{}", &print.with("person", self.person.to_string()).finish()[..16])
    }

    /// What the sheet was written from: it changes when the pupil's standing or the school's last answer does, so that a row of an
    /// older sheet is known as such.
    pub(super) fn version(&self, answer: Option<&SchoolAnswer>) -> String {
        let standing = match self.standing {
            Standing::Card => "card",
            Standing::Without => "without",
            Standing::Verify => "verify",
        };
        let print = Fingerprint::new("row of a sheet").with("standing", standing).with("name", &self.name);
        format!("v{}", &print.with("answer", answer.map_or("", |a| a.id.as_str())).finish()[..10])
    }
}

/// The pupils of a class, by name.
pub(super) async fn pupils(snapshot: &Snapshot, school: &School, class: &Class) -> Result<Vec<Pupil>, EngineError> {
    let session = &snapshot.session;
    if !session.has_table("pupil") {
        return Ok(Vec::new());
    }
    // What the class list says comes from the run's own table; a quote in it is doubled.
    let text = |value: &str| format!("'{}'", value.replace('\'', "''"));
    let card = if session.has_table("bhyt_card") { has_card(snapshot.as_of) } else { "FALSE".to_owned() };
    let elsewhere = if session.has_table("insured_elsewhere") {
        let day = snapshot.as_of;
        format!(
            "EXISTS (SELECT 1 FROM insured_elsewhere i WHERE i.person_id = p.person_id AND coalesce(i.scheme, '') <> 'bhxh' \
             AND (i.valid_from IS NULL OR i.valid_from <= DATE '{day}') AND (i.valid_to IS NULL OR i.valid_to >= DATE '{day}'))"
        )
    } else {
        "FALSE".to_owned()
    };
    let sql = format!(
        "SELECT p.person_id, p.full_name, p.birth_date, p.commune, p.on_spine, {card} OR {elsewhere} AS card FROM person p \
         WHERE p.person_id IN (SELECT u.person_id FROM pupil u WHERE coalesce(u.school_code, '') = {} \
         AND coalesce(u.school_name, '') = {} AND coalesce(u.class, '') = {} AND u.school_year = {}) ORDER BY p.person_id",
        text(&school.code),
        text(&school.name),
        text(&class.name),
        text(&school.school_year),
    );
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        let (people, born) = (rows::int(&batch, "person_id")?, rows::date(&batch, "birth_date")?);
        let (names, communes) = (rows::text(&batch, "full_name")?, rows::text(&batch, "commune")?);
        let (spine, card) = (rows::flag(&batch, "on_spine")?, rows::flag(&batch, "card")?);
        for row in 0..batch.num_rows() {
            let standing = if card.value(row) {
                Standing::Card
            } else if !spine.value(row) || snapshot.lines.waits(people.value(row)) {
                Standing::Verify
            } else {
                Standing::Without
            };
            found.push(Pupil {
                person: people.value(row),
                name: rows::text_at(&names, row).unwrap_or_default().to_owned(),
                born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
                commune: rows::text_at(&communes, row).and_then(CommuneCode::parse),
                standing,
            });
        }
    }
    found.sort_by_cached_key(|pupil| (web::sort_key(&pupil.name), pupil.person));
    Ok(found)
}

/// A card number with all but its last four characters covered.
pub(super) fn masked(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    let covered = letters.len().saturating_sub(4);
    format!("{}{}", "•".repeat(covered), letters[covered..].iter().collect::<String>())
}

/// The last answers of the school about its pupils.
pub(super) type Answers = BTreeMap<i64, SchoolAnswer>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_shows_its_last_four_characters() {
        assert_eq!(masked("HS4010000000017"), "•••••••••••0017");
        assert_eq!(masked("017"), "017");
    }
}
