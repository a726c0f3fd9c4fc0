//! The number that a case has on the agency's portal (mã hồ sơ trên Cổng giám định), set one by one or from a list that the portal gives.

use base::{PersonalId, Scope};

use super::case::{By, Turn};
use super::history::NewEvent;
use super::line::lines;
use super::open::found_by;
use super::{ReviewCase, ReviewRefusal, refuse};
use crate::audit::AuditAction;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Letters of a number at most.
const LONGEST: usize = 64;

impl Desk {
    /// Sets the portal's number of a case, in any state: letters, digits and `-_./:`, 64 at most. A number that the case of another visit of the same facility has is
    /// refused as [`ReviewRefusal::Taken`]; one that the case has already changes nothing. The same form again gives the case as it is.
    pub async fn set_portal_code(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        code: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), |_| Ok(())).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let code = portal_code(code)?;
        // Two cases must not take one number at the same time.
        tx.lock(&format!("review portal code {code}")).await?;
        if case.portal_code.as_deref() == Some(code.as_str()) {
            return Ok(case);
        }
        let taken = Sql::with(
            "SELECT count(*) FROM review_case WHERE facility = $1 AND portal_code = $2 AND visit <> $3",
            [case.facility.as_str().into(), code.as_str().into(), case.visit.into()],
        );
        if tx.row(taken).await?.map_or(Ok(0), |row| row.int(0))? > 0 {
            return refuse(ReviewRefusal::Taken);
        }
        let of = lines(&mut tx, id).await?;
        let words = of.iter().map(|line| (line.rule.as_str(), line.reason.as_str()));
        let sql = self.update_review().push(", portal_code = ").bind(code.as_str()).push(", words = ");
        let sql = sql.bind(found_by(&case.facility, Some(&code), case.visit, words));
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "portal_code", value: Some(code), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }
}

/// A number of the portal: many of them are long rows of digits, so only what is a person's number for sure is refused.
fn portal_code(code: &str) -> Result<String, DeskError> {
    let code = code.trim();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte);
    if code.is_empty() || code.len() > LONGEST || !code.bytes().all(fits) {
        return Err(DeskError::Invalid { field: "portal_code", why: "must be 1 to 64 of A-Z a-z 0-9 - _ . / :" });
    }
    if PersonalId::parse(code).is_ok() {
        return Err(DeskError::Invalid { field: "portal_code", why: "is a personal number" });
    }
    Ok(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_the_portal_may_be_long_and_is_nobodys_own() {
        for code in ["1", "2512345678", "HS-2026/10:7", " 987654321012345 "] {
            assert_eq!(portal_code(code).unwrap(), code.trim());
        }
        for code in ["", "a b", "001190012345", &"9".repeat(65)] {
            assert!(portal_code(code).is_err(), "{code}");
        }
    }
}
