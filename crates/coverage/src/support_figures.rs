//! The sums of support of one run that pages show without a query: the entitled by group and standing, and the quarter's bill.

use std::collections::BTreeMap;

use base::{CommuneCode, Scope};
use engine::{EngineError, Session, rows};

use crate::pages::VIEWS;

/// The entitled of one scheme and group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GroupCount {
    pub(crate) scheme: String,
    pub(crate) group: String,
    pub(crate) people: i64,
    /// People of each of [`VIEWS`].
    pub(crate) views: [i64; VIEWS.len()],
}

/// One line of the quarter's sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) scheme: String,
    pub(crate) payer: String,
    pub(crate) group: String,
    /// Absent in sums over communes, and where a commune is not known.
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) people: i64,
    pub(crate) months: i64,
    pub(crate) amount: i64,
    pub(crate) people_before: Option<i64>,
    pub(crate) amount_before: Option<i64>,
    pub(crate) pending: Option<i64>,
    pub(crate) doubled: i64,
    pub(crate) doubled_amount: i64,
}

/// The communes a page is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area<'a> {
    /// What the viewer sees.
    pub(crate) scope: &'a Scope,
    /// The commune asked for, one the viewer sees.
    pub(crate) asked: Option<&'a CommuneCode>,
}

impl Area<'_> {
    fn holds(&self, commune: Option<&CommuneCode>) -> bool {
        self.scope.sees(commune) && self.asked.is_none_or(|asked| commune == Some(asked))
    }
}

/// The sums of one run.
#[derive(Debug, Default)]
pub(crate) struct SupportFigures {
    counts: Vec<(Option<CommuneCode>, GroupCount)>,
    owed: Vec<Owed>,
    /// Highest number of an entitled person.
    pub(crate) last_person: i64,
}

impl SupportFigures {
    /// Adds up the entitled of a run, and reads its bill; nothing where the run, of an earlier program, worked none out.
    pub(crate) async fn read(session: &Session) -> Result<Self, EngineError> {
        let mut figures = Self::default();
        if session.has_table("support_entitlement") {
            figures.read_counts(session).await?;
        }
        if session.has_table("support_bill") {
            figures.read_owed(session).await?;
        }
        Ok(figures)
    }

    /// The entitled of an area by scheme and group.
    pub(crate) fn counts(&self, area: Area) -> Vec<GroupCount> {
        let mut sums: BTreeMap<(&str, &str), GroupCount> = BTreeMap::new();
        for (_, line) in self.counts.iter().filter(|(commune, _)| area.holds(commune.as_ref())) {
            let empty = || GroupCount { scheme: line.scheme.clone(), group: line.group.clone(), ..GroupCount::default() };
            let sum = sums.entry((&line.scheme, &line.group)).or_insert_with(empty);
            sum.people += line.people;
            sum.views.iter_mut().zip(line.views).for_each(|(sum, people)| *sum += people);
        }
        sums.into_values().collect()
    }

    /// How many are entitled in a scheme, in one group of it where one is named, and stand as one of [`VIEWS`] says where one is.
    pub(crate) fn count(&self, area: Area, scheme: &str, group: Option<&str>, view: Option<usize>) -> i64 {
        let lines = self.counts.iter().filter(|(commune, line)| {
            line.scheme == scheme && group.is_none_or(|group| line.group == group) && area.holds(commune.as_ref())
        });
        lines.map(|(_, line)| view.map_or(line.people, |at| line.views[at])).sum()
    }

    /// The quarter's sheet of an area, by commune or added up over communes: by scheme, payer (the state first), group.
    pub(crate) fn sheet(&self, area: Area, by_commune: bool) -> Vec<Owed> {
        let mut lines: Vec<Owed> = Vec::new();
        for line in self.owed.iter().filter(|line| area.holds(line.commune.as_ref())) {
            let line = Owed { commune: line.commune.clone().filter(|_| by_commune), ..line.clone() };
            let place = lines.last_mut().filter(|last| last.place() == line.place());
            match place {
                Some(last) => last.add(&line),
                None => lines.push(line),
            }
        }
        lines.iter_mut().for_each(|line| line.pending = line.pending.filter(|more| *more > 0));
        lines
    }

    async fn read_counts(&mut self, session: &Session) -> Result<(), EngineError> {
        let views = VIEWS.iter().enumerate().map(|(at, view)| format!("count(CASE WHEN {} THEN 1 END) AS v{at}", view.sql));
        let sql = format!(
            "SELECT commune, scheme, group_code, count(*) AS people, max(person_id) AS last, {} FROM support_entitlement \
             GROUP BY commune, scheme, group_code ORDER BY scheme, group_code, commune",
            views.collect::<Vec<_>>().join(", ")
        );
        for batch in session.collect(&sql).await? {
            let text = |name: &str| rows::text(&batch, name);
            let int = |name: &str| rows::int(&batch, name);
            let (communes, schemes, groups) = (text("commune")?, text("scheme")?, text("group_code")?);
            let (people, last) = (int("people")?, int("last")?);
            let views = (0..VIEWS.len()).map(|at| int(&format!("v{at}"))).collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                self.last_person = self.last_person.max(last.value(row));
                let mut line = GroupCount {
                    scheme: schemes.value(row).to_owned(),
                    group: groups.value(row).to_owned(),
                    people: people.value(row),
                    ..GroupCount::default()
                };
                line.views.iter_mut().zip(&views).for_each(|(view, column)| *view = column.value(row));
                self.counts.push((rows::text_at(&communes, row).and_then(CommuneCode::parse), line));
            }
        }
        Ok(())
    }

    async fn read_owed(&mut self, session: &Session) -> Result<(), EngineError> {
        let sql = "SELECT * FROM support_bill ORDER BY scheme, payer DESC, group_code, commune";
        for batch in session.collect(sql).await? {
            let text = |name: &str| rows::text(&batch, name);
            let int = |name: &str| rows::int(&batch, name);
            let (schemes, payers, groups, places) = (text("scheme")?, text("payer")?, text("group_code")?, text("commune")?);
            let (people, months, amount) = (int("people")?, int("months")?, int("amount")?);
            let (people_before, amount_before, pending) = (int("people_before")?, int("amount_before")?, int("pending")?);
            let (doubled, doubled_amount) = (int("doubled")?, int("doubled_amount")?);
            self.owed.extend((0..batch.num_rows()).map(|row| Owed {
                scheme: schemes.value(row).to_owned(),
                payer: payers.value(row).to_owned(),
                group: groups.value(row).to_owned(),
                commune: rows::text_at(&places, row).and_then(CommuneCode::parse),
                people: people.value(row),
                months: months.value(row),
                amount: amount.value(row),
                people_before: rows::int_at(&people_before, row),
                amount_before: rows::int_at(&amount_before, row),
                pending: rows::int_at(&pending, row),
                doubled: doubled.value(row),
                doubled_amount: doubled_amount.value(row),
            }));
        }
        Ok(())
    }
}

impl Owed {
    fn place(&self) -> (&str, &str, &str, Option<&CommuneCode>) {
        (&self.scheme, &self.payer, &self.group, self.commune.as_ref())
    }

    /// Adds another commune's line. What one of them does not know is left out, as a sum in SQL leaves it out.
    fn add(&mut self, other: &Owed) {
        let sum = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (known, None) | (None, known) => known,
        };
        self.people += other.people;
        self.months += other.months;
        self.amount += other.amount;
        self.people_before = sum(self.people_before, other.people_before);
        self.amount_before = sum(self.amount_before, other.amount_before);
        self.pending = sum(self.pending, other.pending);
        self.doubled += other.doubled;
        self.doubled_amount += other.doubled_amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<CommuneCode> {
        CommuneCode::parse(text)
    }

    fn figures() -> SupportFigures {
        let line = |commune: &str, scheme: &str, group: &str, people: i64, supported: i64| {
            let mut views = [0; VIEWS.len()];
            views[0] = supported;
            (code(commune), GroupCount { scheme: scheme.into(), group: group.into(), people, views })
        };
        let owed = |commune: &str, group: &str, people: i64, before: Option<i64>| Owed {
            scheme: "health".into(),
            payer: "state".into(),
            group: group.into(),
            commune: code(commune),
            people,
            people_before: before,
            pending: Some(0),
            ..Owed::default()
        };
        SupportFigures {
            counts: vec![
                line("", "health", "poor", 1, 1),
                line("00004", "health", "poor", 10, 8),
                line("00070", "health", "poor", 5, 0),
                line("00004", "voluntary", "poor", 2, 2),
            ],
            owed: vec![owed("00004", "poor", 10, None), owed("00070", "poor", 5, Some(4)), owed("00004", "pupil", 7, Some(7))],
            last_person: 40,
        }
    }

    #[test]
    fn a_commune_counts_its_own_and_the_city_everybody() {
        let figures = figures();
        let city = Scope::system();
        let own = Scope { area: base::Area::Communes(code("00004").into_iter().collect()), ..Scope::system() };
        let all = Area { scope: &city, asked: None };
        assert_eq!(figures.count(all, "health", None, None), 16);
        assert_eq!(figures.count(all, "health", Some("poor"), Some(0)), 9);
        assert_eq!(figures.count(Area { scope: &own, asked: None }, "health", None, None), 10);
        let asked = code("00070");
        assert_eq!(figures.count(Area { scope: &city, asked: asked.as_ref() }, "health", None, None), 5);
        assert_eq!(figures.count(Area { scope: &own, asked: asked.as_ref() }, "health", None, None), 0);
        let groups: Vec<_> = figures.counts(all).into_iter().map(|line| (line.scheme, line.people)).collect();
        assert_eq!(groups, [("health".to_owned(), 16), ("voluntary".to_owned(), 2)]);
    }

    #[test]
    fn the_sheet_adds_up_over_communes() {
        let figures = figures();
        let city = Scope::system();
        let all = Area { scope: &city, asked: None };
        let sums: Vec<_> =
            figures.sheet(all, false).into_iter().map(|line| (line.group, line.people, line.people_before)).collect();
        assert_eq!(sums, [("poor".to_owned(), 15, Some(4)), ("pupil".to_owned(), 7, Some(7))]);
        assert_eq!(figures.sheet(all, true).len(), 3);
        assert!(figures.sheet(all, false).iter().all(|line| line.pending.is_none()), "nothing is no sum that waits");
    }
}
