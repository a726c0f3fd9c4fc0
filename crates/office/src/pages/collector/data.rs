//! What the pages know of organisations and their collectors: cards, trainings and complaints from the desk, what came of the cases
//! handed to them, and what the forms of the newest period say they brought in.

use std::collections::BTreeMap;

use base::{Date, Role};
use chapter::{PageError, Viewer};
use desk::{Collector, CollectorOutcomes, Complaint, Unit, UnitKind, Verdict};

use crate::Office;
use crate::pages::results::{Collected, collected};
use crate::rating::{Facts, Rating, Scale};

/// All of it, as far as it is open to who looks.
pub(super) struct Known {
    pub(super) today: Date,
    pub(super) scale: Scale,
    /// Organisations open to who looks, by name.
    pub(super) organisations: Vec<Unit>,
    pub(super) collectors: Vec<Collector>,
    pub(super) complaints: Vec<Complaint>,
    outcomes: BTreeMap<String, CollectorOutcomes>,
    /// By point and code as the forms have them, folded; none where the run knows no forms at all.
    brought: Option<BTreeMap<(String, String), Collected>>,
}

impl Known {
    /// Reads it; of one organisation, or of all.
    pub(super) async fn read(office: &Office, viewer: &Viewer, organisation: Option<&str>) -> Result<Self, PageError> {
        let (app, scope) = (&office.app, &viewer.scope);
        super::require(viewer)?;
        let today = app.today();
        let own = scope.role == Role::Collector;
        let mut organisations: Vec<Unit> = app.desk.units(scope).await.map_err(PageError::desk)?;
        organisations.retain(|unit| {
            matches!(unit.kind, UnitKind::CollectionOrganisation | UnitKind::PostOffice)
                && (!own || unit.id == scope.unit)
                && organisation.is_none_or(|id| id == unit.id)
        });
        if organisations.is_empty() && organisation.is_some() {
            return Err(PageError::NotFound);
        }
        organisations.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let forms = collected(office).await?;
        let brought = (!forms.is_empty()).then(|| {
            let folded = |one: &Collected| Some((fold(one.unit.as_deref()?), fold(one.collector.as_deref()?)));
            forms.into_iter().filter_map(|one| Some((folded(&one)?, one))).collect()
        });
        Ok(Self {
            today,
            scale: Scale::on(&app.law, today).map_err(|e| PageError::inner(&e))?,
            organisations,
            collectors: app.desk.collectors(scope, organisation).await.map_err(PageError::desk)?,
            complaints: app.desk.complaints(scope, organisation).await.map_err(PageError::desk)?,
            outcomes: app.desk.collector_outcomes(scope).await.map_err(PageError::desk)?,
            brought,
        })
    }

    /// Collectors of an organisation.
    pub(super) fn of<'a>(&'a self, organisation: &'a str) -> impl Iterator<Item = &'a Collector> + 'a {
        self.collectors.iter().filter(move |collector| collector.organisation == organisation)
    }

    /// Complaints about a collector.
    pub(super) fn complaints_of<'a>(&'a self, collector: &'a str) -> impl Iterator<Item = &'a Complaint> + 'a {
        self.complaints.iter().filter(move |complaint| complaint.collector == collector)
    }

    /// What came of the cases handed to a collector.
    pub(super) fn outcomes(&self, collector: &str) -> CollectorOutcomes {
        self.outcomes.get(collector).cloned().unwrap_or_default()
    }

    /// What the forms say a collector brought in: none where there are no forms at all.
    pub(super) fn brought(&self, collector: &Collector) -> Option<Collected> {
        let forms = self.brought.as_ref()?;
        Some(forms.get(&(fold(&collector.point), fold(&collector.code))).cloned().unwrap_or_else(Collected::nothing))
    }

    /// Upheld complaints about a collector that count today.
    fn upheld(&self, collector: &str) -> i64 {
        let since = self.scale.since(self.today);
        let counts = |complaint: &&Complaint| {
            complaint.received_on >= since && complaint.resolved.is_some_and(|(verdict, _)| Verdict::is_upheld(verdict))
        };
        self.complaints_of(collector).filter(counts).count() as i64
    }

    /// What a collector is rated by.
    pub(super) fn facts(&self, collector: &Collector) -> Facts {
        let outcomes = self.outcomes(&collector.id);
        Facts {
            card: collector.valid_card(self.today).is_some(),
            trained: collector.is_trained(self.today),
            decided: outcomes.decided(),
            conversions: outcomes.conversions(),
            upheld: self.upheld(&collector.id),
        }
    }

    /// The rating of an organisation.
    pub(super) fn rating(&self, organisation: &str) -> Rating {
        let all: Vec<Facts> = self.of(organisation).map(|collector| self.facts(collector)).collect();
        Rating::of(&self.scale, &all)
    }

    /// The sum of what came of an organisation's cases.
    pub(super) fn outcomes_of(&self, organisation: &str) -> CollectorOutcomes {
        let mut sum = CollectorOutcomes::default();
        self.of(organisation).for_each(|collector| sum.add(&self.outcomes(&collector.id)));
        sum
    }
}

/// Codes are compared without case and marks: people type them.
fn fold(text: &str) -> String {
    base::names::fold(&base::names::clean(text))
}
