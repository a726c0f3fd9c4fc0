//! Rating of collectors and collection organisations (plan III.2c) by stated parts: each part has its points, what it counted, or no points
//! because nothing could be counted. The sum is that of the parts, out of those that could be counted; there is no figure without them.

use base::Date;
use law::calc::{CalcError, Cx, Silent};
use law::{Confidence, Law};

/// The parameter with the points of each part, and those that go with it.
const POINTS: &str = "collection.rating_points";
const PER_COMPLAINT: &str = "collection.complaint_points";
const MONTHS: &str = "collection.complaint_months";

/// Where a scale comes from and how sure it is; told wherever points are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// First day on which all of its figures hold.
    pub(crate) from: Date,
    /// The document that gives the points.
    pub(crate) document: String,
    /// The mark of a figure that somebody has to check before anybody is judged by it; none where there is no such figure.
    pub(crate) doubt: Option<Confidence>,
    /// What the file says of that figure.
    pub(crate) note: Option<String>,
}

impl Source {
    fn on(law: &Law, day: Date) -> Result<Self, CalcError> {
        let points = law.known(POINTS)?.dated(day)?;
        let all = [points, law.known(PER_COMPLAINT)?.dated(day)?, law.known(MONTHS)?.dated(day)?];
        let doubtful = all.into_iter().find(|dated| dated.confidence.is_doubtful());
        Ok(Self {
            from: all.into_iter().fold(points.from, |from, dated| from.max(dated.from)),
            document: points.reference.to_string(),
            doubt: doubtful.map(|dated| dated.confidence),
            note: doubtful.and_then(|dated| dated.note.clone()),
        })
    }
}

/// The points of each part on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scale {
    card: i64,
    training: i64,
    conversion: i64,
    complaints: i64,
    per_complaint: i64,
    /// Past months whose complaints count.
    pub(crate) months: i64,
    /// Where all of this comes from.
    pub(crate) source: Source,
}

impl Scale {
    /// The scale in force on a day.
    pub(crate) fn on(law: &Law, day: Date) -> Result<Self, CalcError> {
        let mut cx = Cx::new(law, Silent);
        let mut part = |name| cx.int(POINTS, day, Some(name)).map(i64::from);
        let (card, training) = (part("card")?, part("training")?);
        let (conversion, complaints) = (part("conversion")?, part("complaints")?);
        let per_complaint = cx.int(PER_COMPLAINT, day, None)?.into();
        let months = cx.int(MONTHS, day, None)?.into();
        Ok(Self { card, training, conversion, complaints, per_complaint, months, source: Source::on(law, day)? })
    }

    /// The first day whose complaints count.
    pub(crate) fn since(&self, day: Date) -> Date {
        // Months of thirty-one days at most: a complaint at the edge counts rather than not.
        let days = i32::try_from(self.months.saturating_mul(31)).unwrap_or(i32::MAX);
        day.add_days(-days).unwrap_or(day)
    }
}

/// What is known of a collector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Whether a card holds.
    pub(crate) card: bool,
    /// Whether a certificate of a training holds.
    pub(crate) trained: bool,
    /// Handed cases that somebody closed.
    pub(crate) decided: i64,
    /// Those of them whose person takes part.
    pub(crate) conversions: i64,
    /// Complaints that were right, wholly or in part.
    pub(crate) upheld: i64,
}

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its word.
    pub(crate) key: &'static str,
    /// Its points; none where there was nothing to count.
    pub(crate) points: Option<i64>,
    /// Its highest points.
    pub(crate) of: i64,
    /// What was counted, out of what.
    pub(crate) counted: (i64, i64),
}

/// A rating: its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rating(pub(crate) Vec<Part>);

impl Rating {
    /// Of a collector: the rating of an organisation that has no other.
    pub(crate) fn of_one(scale: &Scale, facts: Facts) -> Self {
        Self::of(scale, &[facts])
    }

    /// Of an organisation by its collectors: shares of them, and the mean of what complaints leave of each one's points.
    pub(crate) fn of(scale: &Scale, all: &[Facts]) -> Self {
        let people = all.len() as i64;
        let count = |holds: fn(&Facts) -> bool| all.iter().filter(|facts| holds(facts)).count() as i64;
        let sum = |of: fn(&Facts) -> i64| all.iter().map(of).sum::<i64>();
        // Rounded down: points are given for what is there.
        let share = |key, of: i64, counted: (i64, i64)| {
            let points = (counted.1 > 0).then(|| of * counted.0 / counted.1.max(1));
            Part { key, points, of, counted }
        };
        let left = all.iter().map(|facts| (scale.complaints - scale.per_complaint * facts.upheld).max(0)).sum::<i64>();
        let complaints = Part {
            key: "complaints",
            points: (people > 0).then(|| left / people.max(1)),
            of: scale.complaints,
            counted: (sum(|facts| facts.upheld), people),
        };
        Self(vec![
            share("card", scale.card, (count(|facts| facts.card), people)),
            share("training", scale.training, (count(|facts| facts.trained), people)),
            share("conversion", scale.conversion, (sum(|facts| facts.conversions), sum(|facts| facts.decided))),
            complaints,
        ])
    }

    /// Points of the parts that could be counted, and the highest points of these parts.
    pub(crate) fn sum(&self) -> (i64, i64) {
        let counted = self.0.iter().filter_map(|part| part.points.map(|points| (points, part.of)));
        counted.fold((0, 0), |(points, of), (more, highest)| (points + more, of + highest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 3] = [
        ("collection/rating_points.yaml", include_str!("../../../law/collection/rating_points.yaml")),
        ("collection/complaint_points.yaml", include_str!("../../../law/collection/complaint_points.yaml")),
        ("collection/complaint_months.yaml", include_str!("../../../law/collection/complaint_months.yaml")),
    ];

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn scale() -> Scale {
        Scale::on(&Law::load(FILES).unwrap(), day("2026-11-29")).unwrap()
    }

    const GOOD: Facts = Facts { card: true, trained: true, decided: 10, conversions: 4, upheld: 0 };

    #[test]
    fn the_parts_add_up_and_what_could_not_be_counted_is_in_neither_sum() {
        let scale = scale();
        let points = |facts| Rating::of_one(&scale, facts).0.iter().map(|part| part.points).collect::<Vec<_>>();
        assert_eq!(points(GOOD), [Some(20), Some(20), Some(16), Some(20)]);
        assert_eq!(Rating::of_one(&scale, GOOD).sum(), (76, 100));
        let fresh = Facts { decided: 0, conversions: 0, ..GOOD };
        assert_eq!(points(fresh)[2], None);
        assert_eq!(Rating::of_one(&scale, fresh).sum(), (60, 60));
        let blamed = Facts { card: false, upheld: 3, ..GOOD };
        assert_eq!(points(blamed), [Some(0), Some(20), Some(16), Some(0)], "never below nothing");
        for facts in [GOOD, fresh, blamed] {
            let rating = Rating::of_one(&scale, facts);
            let parts = rating.0.iter().filter_map(|part| part.points).sum::<i64>();
            assert_eq!(parts, rating.sum().0);
        }
    }

    #[test]
    fn an_organisation_is_the_sum_of_its_collectors_counts() {
        let scale = scale();
        let other = Facts { card: false, trained: true, decided: 0, conversions: 0, upheld: 1 };
        let rating = Rating::of(&scale, &[GOOD, other]);
        let told: Vec<_> = rating.0.iter().map(|part| (part.key, part.points, part.counted)).collect();
        assert_eq!(
            told,
            [
                ("card", Some(10), (1, 2)),
                ("training", Some(20), (2, 2)),
                ("conversion", Some(16), (4, 10)),
                ("complaints", Some(15), (1, 2)),
            ]
        );
        assert_eq!(Rating::of(&scale, &[]).sum(), (0, 0));
        assert!(Rating::of(&scale, &[]).0.iter().all(|part| part.points.is_none()));
    }

    #[test]
    fn the_scale_says_since_when_it_holds_and_that_nobody_approved_it() {
        let ours = scale().source;
        assert_eq!((ours.from, ours.doubt), (day("2026-01-01"), Some(Confidence::U)));
        assert!(ours.note.is_some_and(|note| note.contains("đề xuất để dùng thử")));
        // A city's approved scale laid over it, and the figures that go with it still ours: doubtful as long as one of them is.
        let approved = |text: &str, from: &str| {
            text.replace("confidence: U", "confidence: V")
                .replace("2026-01-01", from)
                .replace("Kế hoạch của UBND", "Quyết định của UBND")
        };
        let laid = |months: &str| {
            let files = [
                (FILES[0].0, approved(FILES[0].1, "2027-01-01")),
                (FILES[1].0, approved(FILES[1].1, "2026-06-01")),
                (FILES[2].0, months.to_owned()),
            ];
            let law = Law::load(files.iter().map(|(name, text)| (*name, text.as_str()))).unwrap();
            Scale::on(&law, day("2027-03-01")).unwrap().source
        };
        assert_eq!(laid(FILES[2].1).doubt, Some(Confidence::U));
        let approved = laid(&approved(FILES[2].1, "2026-01-01"));
        assert_eq!((approved.from, approved.doubt, approved.note), (day("2027-01-01"), None, None));
        assert!(approved.document.contains("Quyết định của UBND"), "{}", approved.document);
    }

    #[test]
    fn there_is_no_scale_before_its_first_day() {
        assert!(Scale::on(&Law::load(FILES).unwrap(), day("2025-12-31")).is_err());
        assert!(scale().since(day("2026-11-29")) <= day("2025-11-29"));
    }
}
