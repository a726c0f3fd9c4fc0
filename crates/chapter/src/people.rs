//! Names of the people of a page: asked for by number, after the page is known. A join of everybody would be held in memory whole.

use std::collections::BTreeMap;

use base::Date;
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Session, rows};

/// What a list shows of a person beside what it is about.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Full name.
    pub name: String,
    /// Birth date.
    pub born: Option<Date>,
    /// Village or residential group.
    pub village: Option<String>,
}

/// The people of these numbers.
pub async fn named(session: &Session, people: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, Named>, EngineError> {
    let numbers: std::collections::BTreeSet<i64> = people.collect();
    let mut known = BTreeMap::new();
    for ranges in ranges(&numbers).chunks(TOGETHER) {
        let (Some((first, _)), Some((_, last))) = (ranges.first(), ranges.last()) else { continue };
        let list: Vec<String> = numbers.range(first..=last).map(i64::to_string).collect();
        let ranges: Vec<String> =
            ranges.iter().map(|(first, last)| format!("person_id >= {first} AND person_id <= {last}")).collect();
        let sql = format!(
            "SELECT person_id, full_name, birth_date, village FROM person WHERE ({}) AND person_id IN ({})",
            ranges.join(" OR "),
            list.join(", ")
        );
        for batch in session.collect(&sql).await? {
            read(&batch, &mut known)?;
        }
    }
    Ok(known)
}

fn read(batch: &RecordBatch, known: &mut BTreeMap<i64, Named>) -> Result<(), EngineError> {
    let text = |name: &str| rows::text(batch, name);
    let (people, names, born) = (rows::int(batch, "person_id")?, text("full_name")?, rows::date(batch, "birth_date")?);
    let villages = text("village")?;
    for row in 0..batch.num_rows() {
        let person = Named {
            name: rows::text_at(&names, row).unwrap_or_default().to_owned(),
            born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
            village: rows::text_at(&villages, row).map(str::to_owned),
        };
        known.insert(people.value(row), person);
    }
    Ok(())
}

/// Ranges asked for in one query: each row that is read is held against all of them.
const TOGETHER: usize = 8;

/// People so near to one another in the table are read together: about as many rows as one page of the file holds.
const NEAR: i64 = 20_000;

/// The numbers as a few ranges. The table stands in the order of people, so a reader passes over the parts of it outside of them; a list
/// of more than a few numbers it does not hold against what is known of the parts.
fn ranges(numbers: &std::collections::BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut().filter(|(_, last)| number - *last <= NEAR) {
            Some((_, last)) => *last = *number,
            None => ranges.push((*number, *number)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_near_one_another_are_read_together() {
        assert_eq!(ranges(&[5, 9, 20_009, 900_000].into()), [(5, 20_009), (900_000, 900_000)]);
        assert_eq!(ranges(&[].into()), []);
    }
}
