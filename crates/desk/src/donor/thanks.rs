//! What a donor is thanked for: how many people of which commune, without names and without counts that are so small that they name somebody.

use base::{CommuneCode, Dong, Scope};
use serde::Serialize;

use super::{Fund, commune, fund};
use crate::access::{Permission, require};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Fewer people than this are not counted out.
const FEW: i64 = 5;

/// One commune of what a donor is thanked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThankedCommune {
    /// The commune.
    pub commune: CommuneCode,
    /// People helped and đồng paid; none where the number would tell too much.
    pub shown: Option<(i64, Dong)>,
}

/// What a donor is thanked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thanks {
    /// The fund.
    pub fund: Fund,
    /// By commune.
    pub communes: Vec<ThankedCommune>,
    /// All people helped and đồng paid; none where the number would tell too much, (0, 0) where nobody was helped yet.
    pub all: Option<(i64, Dong)>,
}

impl Desk {
    /// What a fund did, for thanking its donor. Somebody who was helped in two communes counts in both.
    pub async fn fund_thanks(&self, scope: &Scope, id: &str) -> Result<Thanks, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let fund = fund::one(&mut self.store().read(scope).await?, scope, id).await?;
        // Who asks may see no person, so the program counts for them; what comes out holds no small count.
        let sql = Sql::new(
            "SELECT c.commune, count(DISTINCT c.person), CAST(sum(p.dong) AS BIGINT) FROM donor_payment p \
             JOIN donor_choice c ON c.id = p.choice WHERE p.cancelled_at IS NULL AND p.fund = ",
        );
        let sql = sql.bind(id).push(" GROUP BY c.commune ORDER BY c.commune");
        let rows = self.store().read(&Scope::system()).await?.rows(sql).await?;
        let cell = |row: &crate::db::Row| Ok((commune("donor_choice", &row.text(0)?)?, row.int(1)?, Dong::new(row.int(2)?)));
        let cells = rows.iter().map(cell).collect::<Result<Vec<_>, DeskError>>()?;
        let all = (cells.iter().map(|(_, people, _)| people).sum(), cells.iter().map(|(_, _, dong)| *dong).sum());
        let hidden = hidden(&cells.iter().map(|(_, people, _)| *people).collect::<Vec<_>>());
        let communes = cells
            .into_iter()
            .zip(&hidden)
            .map(|((commune, people, dong), hidden)| ThankedCommune { commune, shown: (!hidden).then_some((people, dong)) });
        let all = Some(all).filter(|(people, _)| *people == 0 || *people >= FEW);
        Ok(Thanks { fund, communes: communes.collect(), all })
    }
}

/// Which cells are not shown: small ones, and as many of the next larger ones as are needed so that the difference from the sum does not
/// tell a small one.
fn hidden(people: &[i64]) -> Vec<bool> {
    let mut hidden: Vec<bool> = people.iter().map(|count| (1..FEW).contains(count)).collect();
    loop {
        let count = hidden.iter().filter(|one| **one).count();
        let sum: i64 = people.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| count).sum();
        if count == 0 || (count >= 2 && sum >= FEW) {
            return hidden;
        }
        let next = (0..people.len()).filter(|place| !hidden[*place]).min_by_key(|place| people[*place]);
        match next {
            Some(place) => hidden[place] = true,
            None => return hidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_count_takes_the_next_one_with_it() {
        assert_eq!(hidden(&[5, 9, 30]), [false; 3]);
        assert_eq!(hidden(&[3, 9, 30]), [true, true, false]);
        assert_eq!(hidden(&[1, 2, 30]), [true, true, true], "three people in two communes are still few");
        assert_eq!(hidden(&[4, 4, 30]), [true, true, false]);
        assert_eq!(hidden(&[2]), [true]);
        assert_eq!(hidden(&[]), [false; 0]);
    }

    proptest! {
        #[test]
        fn what_is_hidden_cannot_be_told_from_the_sum(people in proptest::collection::vec(1i64..40, 0..12)) {
            let hidden = hidden(&people);
            let shown: i64 = people.iter().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(count, _)| count).sum();
            let all: i64 = people.iter().sum();
            prop_assert!(people.iter().zip(&hidden).all(|(count, hidden)| *hidden || *count >= FEW));
            let rest = all - shown;
            prop_assert!(rest == 0 || rest >= FEW || all < FEW);
            prop_assert!(hidden.iter().filter(|one| **one).count() != 1 || people.len() == 1);
        }
    }
}
