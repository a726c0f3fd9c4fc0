//! Asking others about people: a minimal check file out, answers by token back in (practice A1, A2).
//!
//! Two questions are asked. Of the police or a commune: is this somebody who lives here? Of the agency's own national
//! system: is this somebody insured elsewhere? Only people on the worklist are asked about, with what
//! finding them takes and nothing else: no reason, no card, no income. The token says nothing and cannot be guessed.

use base::places::Places;
use base::{CommuneCode, Date};
use book::{Book, ExchangeRecord, RunManifest};
use chapter::{ChapterError, TableBuilder};
use engine::arrow::datatypes::{DataType, Field, Schema};
use engine::{Session, rows};

use crate::tables::failed;

const NAME: &str = "coverage.exchange";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Does this person live here (đối chiếu cư trú, định danh)? Asked of the police or communes.
    Identity,
    /// Is this person insured elsewhere (tra cứu toàn quốc)? Asked of the national system.
    Lookup,
}

impl Question {
    /// The word in records and commands.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Lookup => "lookup",
        }
    }

    /// The question of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Identity, Self::Lookup].into_iter().find(|q| q.word() == word)
    }
}

/// A person who is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Names the row in the answer.
    pub token: String,
    /// Twelve digits, where known.
    pub personal_id: Option<String>,
    /// Ten digits, where known; only the national system gets it.
    pub insurance_number: Option<String>,
    /// Full name.
    pub full_name: String,
    /// Birth date as an officer writes it, `05/03/1980` or `1980`.
    pub birth: String,
    /// Name of the commune with its kind.
    pub commune: String,
}

/// Picks the people of a run's worklist whom nobody has answered about, gives each a token, and records the file.
///
/// `secret` must come fresh from the machine's random source: tokens are hashes under it, and it is not kept.
pub async fn ask(
    book: &Book,
    session: &Session,
    run: &RunManifest,
    places: &Places,
    question: Question,
    secret: &[u8; 32],
    now: i64,
) -> Result<(ExchangeRecord, Vec<Asked>), ChapterError> {
    let unanswered = match question {
        Question::Identity => "p.checked IS NULL",
        Question::Lookup => "coalesce(p.checked, '') <> 'not_resident' AND NOT p.looked_up",
    };
    let sql = format!(
        "SELECT p.person_id, p.personal_id, p.insurance_number, p.full_name, p.birth_date, p.birth_precision, p.commune \
         FROM person p WHERE {unanswered} AND p.alive_on_period_end \
         AND EXISTS (SELECT 1 FROM worklist w WHERE w.person_id = p.person_id) ORDER BY p.person_id"
    );
    let mut asked: Vec<(i64, Asked)> = Vec::new();
    for batch in session.collect(&sql).await? {
        let text = |name: &str| rows::text(&batch, name);
        let (ids, born) = (rows::int(&batch, "person_id")?, rows::date(&batch, "birth_date")?);
        let (numbers, insurance, names) = (text("personal_id")?, text("insurance_number")?, text("full_name")?);
        let (precision, communes) = (text("birth_precision")?, text("commune")?);
        for row in 0..batch.num_rows() {
            let own = |column| rows::text_at(column, row).map(str::to_owned);
            let date = rows::date_at(&born, row).and_then(Date::from_days_since_epoch);
            let year_only = rows::text_at(&precision, row) == Some("year");
            let commune =
                rows::text_at(&communes, row).and_then(CommuneCode::parse).and_then(|code| places.commune(&code).cloned());
            let person = Asked {
                token: token(secret, ids.value(row)),
                personal_id: own(&numbers),
                insurance_number: own(&insurance).filter(|_| question == Question::Lookup),
                full_name: own(&names).unwrap_or_default(),
                birth: date.map(|date| written(date, year_only)).unwrap_or_default(),
                // With its kind: some names are borne by a ward and by an old commune.
                commune: commune.map(|c| format!("{} {}", capital(&c.kind), c.name)).unwrap_or_default(),
            };
            asked.push((ids.value(row), person));
        }
    }
    // In the order of tokens, which tells nothing of who stands together.
    asked.sort_by(|a, b| a.1.token.cmp(&b.1.token));
    let schema = std::sync::Arc::new(Schema::new(vec![
        Field::new("token", DataType::Utf8, false),
        Field::new("person_id", DataType::Int64, false),
    ]));
    let mut out = TableBuilder::new(schema.clone())?;
    for (person, row) in &asked {
        out.text(Some(&row.token)).int(Some(*person));
    }
    let table = book.put_table(schema, &out.finish()?)?;
    // A letter in front, so that it never looks like the number of a person.
    let id = format!("x{}", &blake3::keyed_hash(secret, b"exchange").to_hex()[..15]);
    let rows = asked.len() as u64;
    let kind = question.word().to_owned();
    let record = ExchangeRecord { id, kind, period: run.period, run: run.id.clone(), rows, made_at: now, table };
    book.put_exchange(&record)?;
    Ok((record, asked.into_iter().map(|(_, row)| row).collect()))
}

/// Twenty characters without those that are misread (0 and O, 1 and I).
fn token(secret: &[u8; 32], person: i64) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let hash = blake3::keyed_hash(secret, &person.to_le_bytes());
    hash.as_bytes().iter().take(20).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn written(date: Date, year_only: bool) -> String {
    if year_only {
        return date.year().to_string();
    }
    format!("{:02}/{:02}/{:04}", date.day(), date.month_number(), date.year())
}

/// The check file as CSV (UTF-8 with mark): what the other side reads by program.
pub fn csv(asked: &[Asked]) -> Result<Vec<u8>, ChapterError> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let fail = |e: csv::Error| failed(NAME, "csv", &e);
    writer.write_record(["token", "so_dinh_danh", "ho_ten", "ngay_sinh", "xa_phuong", "ma_so_bhxh"]).map_err(fail)?;
    for one in asked {
        let number = |number: &Option<String>| number.clone().unwrap_or_default();
        // A name is letters; one that a spreadsheet would take for a formula gets an apostrophe.
        let guard = if one.full_name.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
        let name = format!("{guard}{}", one.full_name);
        let line = [&one.token, &number(&one.personal_id), &name, &one.birth, &one.commune, &number(&one.insurance_number)];
        writer.write_record(line).map_err(fail)?;
    }
    writer.into_inner().map_err(|e| failed(NAME, "csv", e.error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_depend_on_the_secret_and_read_well() {
        let (one, other) = ([1; 32], [2; 32]);
        assert_eq!(token(&one, 7), token(&one, 7));
        assert_ne!(token(&one, 7), token(&one, 8));
        assert_ne!(token(&one, 7), token(&other, 7));
        assert_eq!(token(&one, 7).len(), 20);
        assert!(!token(&one, 7).contains(['0', '1', 'O', 'I']));
    }

    #[test]
    fn a_name_never_becomes_a_formula() {
        let row = Asked {
            token: "T".into(),
            personal_id: None,
            insurance_number: None,
            full_name: "=1+1".into(),
            birth: "1980".into(),
            commune: "Ba Đình".into(),
        };
        let text = String::from_utf8(csv(&[row]).unwrap()).unwrap();
        assert!(text.ends_with("T,,'=1+1,1980,Ba Đình,\n"), "{text}");
    }
}
