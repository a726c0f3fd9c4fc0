//! Links of a campaign: tokens that nobody can guess, shown once when they are made and kept as hashes.

use base::{Date, Scope};

use super::Campaign;
use super::campaign::{one, told};
use crate::access::{Permission, require};
use crate::document::CHECK_LETTERS;
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::{MAX_BINDS, Sql};
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// Letters of a token: 27 of 30 letters are 132 bits.
pub(super) const LETTERS: usize = 27;
/// Links of one issue at most.
const MOST: i64 = 2_000;

/// Links to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLinks {
    /// The campaign.
    pub campaign: String,
    /// How many.
    pub links: i64,
    /// The form's own number: sent twice, nothing is made again, and what was made is not shown again.
    pub client_tx: String,
}

/// Links that were made now. They are nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyLinks {
    /// The campaign.
    pub campaign: Campaign,
    /// The tokens.
    pub tokens: Vec<String>,
}

impl Desk {
    /// Makes links of a campaign that takes answers today or later. They are given once: the store keeps their hashes alone.
    pub async fn issue_links(&self, scope: &Scope, new: &NewLinks, today: Date) -> Result<SurveyLinks, DeskError> {
        require(scope, Permission::ConfirmTasks)?;
        require(scope, Permission::Export)?;
        let form = client_tx(&new.client_tx)?;
        if !(1..=MOST).contains(&new.links) {
            return Err(DeskError::Invalid { field: "links", why: "must be 1 to 2,000" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        let known = Sql::new("SELECT id FROM survey_issue WHERE client_tx = ").bind(form.as_str());
        if tx.row(known).await?.is_some() {
            return refuse(PlanRefusal::Taken);
        }
        let campaign = one(&mut tx, &new.campaign).await?;
        if campaign.closed_on.is_some() || campaign.last_day < today {
            return refuse(PlanRefusal::Closed);
        }
        let mut tokens = Vec::new();
        for _ in 0..new.links {
            tokens.push(token(self.secret()?));
        }
        // In the order of their hashes, so that the order of rows says nothing of the order on the sheet.
        let mut hashes: Vec<String> = tokens.iter().map(|token| hash(token)).collect();
        hashes.sort();
        for some in hashes.chunks(MAX_BINDS / 3) {
            let rows = some.iter().map(|hash| vec![hash.as_str().into(), campaign.id.as_str().into(), 0.into()]);
            let sql = Sql::new("INSERT INTO survey_token (hash, campaign, used) VALUES ").rows(rows);
            tx.execute(sql).await?;
        }
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO survey_issue (id, client_tx, campaign, links, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                self.next_id(now).into(),
                form.as_str().into(),
                campaign.id.as_str().into(),
                new.links.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        self.commit_with(tx, scope, told(&campaign, "links").count("links", new.links).client_tx(&form)).await?;
        Ok(SurveyLinks { campaign, tokens })
    }
}

/// A token of random bytes.
fn token(random: [u8; 32]) -> String {
    let mut stream = blake3::Hasher::new_derive_key("An Sinh survey token 1").update(&random).finalize_xof();
    let mut token = String::new();
    while token.len() < LETTERS {
        let mut byte = [0];
        stream.fill(&mut byte);
        // Bytes from 240 on are left out, so that every letter is as likely as another.
        if byte[0] < 240 {
            token.push(char::from(CHECK_LETTERS[usize::from(byte[0]) % CHECK_LETTERS.len()]));
        }
    }
    token
}

/// What a token is looked up by.
pub(super) fn hash(token: &str) -> String {
    blake3::Hash::from(blake3::derive_key("An Sinh survey token, looked up 1", token.as_bytes())).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_more_than_128_bits_and_one_way_to_write_them() {
        assert_eq!(30u128.checked_pow(LETTERS as u32), None, "more than 2 to the 128");
        let one = token([1; 32]);
        assert_eq!(one.len(), LETTERS);
        assert!(one.bytes().all(|letter| CHECK_LETTERS.contains(&letter)));
        assert_ne!(one, token([2; 32]));
        assert_ne!(hash(&one), one);
    }
}
