//! Answers: given once by link, kept without anything of who gave them.

use base::{Date, Scope};

use super::campaign::{COLUMNS, from_row};
use super::link::{LETTERS, hash};
use super::{Campaign, STEPS};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// What a link opens today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenState {
    /// The questions of this campaign.
    Open(Box<Campaign>),
    /// Nothing: there is no such link, or it was used, or its campaign is over or not yet there. Which of them is not said.
    Nothing,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerTaken {
    /// It is kept.
    Kept,
    /// The link opens nothing; see [`TokenState::Nothing`].
    Nothing,
}

impl Desk {
    /// What a link opens on a day, for anybody. It is not used up by looking.
    pub async fn survey_of_token(&self, token: &str, today: Date) -> Result<TokenState, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        Ok(match open(&mut tx, token, today).await? {
            Some(campaign) => TokenState::Open(Box::new(campaign)),
            None => TokenState::Nothing,
        })
    }

    /// Keeps an answer, one a link: a step for each question in order. The link is used up in the same transaction; two answers at one
    /// moment are one.
    pub async fn answer_survey(&self, token: &str, steps: &[u8], today: Date) -> Result<AnswerTaken, DeskError> {
        let scope = Scope::system();
        let mut tx = self.store().write(&scope).await?;
        let Some(campaign) = open(&mut tx, token, today).await? else { return Ok(AnswerTaken::Nothing) };
        if steps.len() as i64 != campaign.questions || !steps.iter().all(|step| STEPS.contains(step)) {
            return Err(DeskError::Invalid { field: "steps", why: "must be 1 to 5 for each question" });
        }
        let sql = Sql::new("UPDATE survey_token SET used = 1 WHERE used = 0 AND hash = ").bind(hash(&plain(token)));
        if tx.execute(sql).await? == 0 {
            return Ok(AnswerTaken::Nothing);
        }
        // Ids that rise with time would tell the order of answers.
        let id = blake3::Hash::from(self.secret()?).to_hex()[..32].to_owned();
        let steps = steps.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
        let sql = Sql::with(
            "INSERT INTO survey_answer (id, campaign, day, steps) VALUES ($1, $2, $3, $4)",
            [id.into(), campaign.id.as_str().into(), today.to_string().into(), steps.into()],
        );
        tx.execute(sql).await?;
        let sql = Sql::with(
            "INSERT INTO survey_hour (campaign, hour, answers) VALUES ($1, $2, 1) \
             ON CONFLICT (campaign, hour) DO UPDATE SET answers = survey_hour.answers + 1",
            [campaign.id.as_str().into(), self.now().div_euclid(HOUR).into()],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::AnswerSurvey, "survey_campaign").object(campaign.id.as_str());
        self.commit_with(tx, &scope, event).await?;
        Ok(AnswerTaken::Kept)
    }
}

/// The campaign that a link opens on a day: one statement, whatever the link is.
async fn open(tx: &mut Tx, token: &str, today: Date) -> Result<Option<Campaign>, DeskError> {
    let today = today.to_string();
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM survey_token t JOIN survey_campaign s ON s.id = t.campaign ");
    let sql = sql.push("WHERE t.used = 0 AND s.closed_on IS NULL AND t.hash = ").bind(hash(&plain(token)));
    let sql = sql.push(" AND s.first_day <= ").bind(today.as_str()).push(" AND s.last_day >= ").bind(today.as_str());
    tx.row(sql).await?.map(|row| from_row(&row)).transpose()
}

/// A token as it was typed, in capitals and cut off at a length none has.
fn plain(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    letters.take(LETTERS + 1).collect()
}
