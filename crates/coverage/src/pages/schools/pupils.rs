//! The pupils of a class and how each stands: with a valid card, without, or still being checked.

use std::collections::{BTreeMap, BTreeSet};

use base::{CommuneCode, Date};
use book::Fingerprint;
use desk::SchoolAnswer;
use engine::{EngineError, Session, rows};
use web::Locale;
use web::component::Status;

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
    let of_class = format!(
        "SELECT DISTINCT u.person_id FROM pupil u WHERE coalesce(u.school_code, '') = {} AND coalesce(u.school_name, '') = {} \
         AND coalesce(u.class, '') = {} AND u.school_year = {}",
        text(&school.code),
        text(&school.name),
        text(&class.name),
        text(&school.school_year),
    );
    let own = numbers(session, &of_class).await?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    // Tables lie by person, so asking for some numbers reads some of their pages only.
    let list: Vec<String> = own.iter().map(i64::to_string).collect();
    let (list, day) = (list.join(", "), snapshot.as_of);
    let in_force =
        format!("(valid_from IS NULL OR valid_from <= DATE '{day}') AND (valid_to IS NULL OR valid_to >= DATE '{day}')");
    let mut insured = BTreeSet::new();
    for (table, more) in [("bhyt_card", ""), ("insured_elsewhere", " AND coalesce(scheme, '') <> 'bhxh'")] {
        if session.has_table(table) {
            let sql = format!("SELECT person_id FROM {table} WHERE person_id IN ({list}) AND {in_force}{more}");
            insured.extend(numbers(session, &sql).await?);
        }
    }
    let sql = format!(
        "SELECT person_id, full_name, birth_date, commune, on_spine FROM person WHERE person_id IN ({list}) ORDER BY person_id"
    );
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        let (people, born) = (rows::int(&batch, "person_id")?, rows::date(&batch, "birth_date")?);
        let (names, communes) = (rows::text(&batch, "full_name")?, rows::text(&batch, "commune")?);
        let spine = rows::flag(&batch, "on_spine")?;
        for row in 0..batch.num_rows() {
            let person = people.value(row);
            let standing = if insured.contains(&person) {
                Standing::Card
            } else if !spine.value(row) || snapshot.lines.waits(person) {
                Standing::Verify
            } else {
                Standing::Without
            };
            found.push(Pupil {
                person,
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

/// The people a query names.
async fn numbers(session: &Session, sql: &str) -> Result<BTreeSet<i64>, EngineError> {
    let mut found = BTreeSet::new();
    for batch in session.collect(sql).await? {
        found.extend(rows::int(&batch, "person_id")?.values().iter().copied());
    }
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
