//! The money of a line, and what it should be (decision 130, annex: how the parts are worked out).

use base::Amount;
use claimfile::{Dossier, Row, TableId};

use super::places::{Xml2, Xml3};

/// Who pays what of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    pub fund: Amount,
    pub copay: Amount,
    pub patient: Amount,
}

/// The amounts of a line as sent, and worked out anew.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Split {
    pub quantity: Option<Amount>,
    pub price_bv: Option<Amount>,
    pub price_bh: Option<Amount>,
    pub bv: Option<Amount>,
    pub bh: Option<Amount>,
    pub patient: Option<Amount>,
    pub copay: Option<Amount>,
    pub fund: Option<Amount>,
    pub other: Option<Amount>,
    pub source_sum: Option<Amount>,
    pub expected_bv: Option<Amount>,
    pub expected_bh: Option<Amount>,
    pub expected_bh_rated: Option<Amount>,
    /// The parts when other sources are taken off what the patient owes (case a).
    pub expected: Option<Parts>,
    /// Whether the parts fit one of the three cases of other sources.
    pub agrees: Option<bool>,
}

fn amount(row: Row<'_>, place: usize) -> Option<Amount> {
    row.get(place).and_then(|text| Amount::parse(text).ok())
}

/// A drug line.
pub(crate) fn drug(row: Row<'_>, at: &Xml2) -> Split {
    let price = amount(row, at.don_gia);
    Split {
        quantity: amount(row, at.so_luong),
        price_bv: price,
        price_bh: price,
        bv: amount(row, at.bv),
        bh: amount(row, at.bh),
        patient: amount(row, at.bntt),
        copay: amount(row, at.bncct),
        fund: amount(row, at.bhtt),
        other: amount(row, at.nguonkhac),
        source_sum: sum([at.nsnn, at.vtnn, at.vttn, at.cl].map(|place| amount(row, place))),
        ..Split::default()
    }
    .worked_out(amount(row, at.tyle_bh), None, amount(row, at.muc_huong))
}

/// A line of XML3.
pub(crate) fn service(row: Row<'_>, at: &Xml3) -> Split {
    Split {
        quantity: amount(row, at.so_luong),
        price_bv: amount(row, at.don_gia_bv),
        price_bh: amount(row, at.don_gia_bh),
        bv: amount(row, at.bv),
        bh: amount(row, at.bh),
        patient: amount(row, at.bntt),
        copay: amount(row, at.bncct),
        fund: amount(row, at.bhtt),
        other: amount(row, at.nguonkhac),
        source_sum: sum([at.nsnn, at.vtnn, at.vttn, at.cl].map(|place| amount(row, place))),
        ..Split::default()
    }
    .worked_out(amount(row, at.tyle_bh), amount(row, at.tyle_dv), amount(row, at.muc_huong))
}

/// The sum of what is there; `None` when nothing is.
fn sum(amounts: [Option<Amount>; 4]) -> Option<Amount> {
    amounts.iter().any(Option::is_some).then(|| amounts.into_iter().flatten().sum())
}

impl Split {
    fn worked_out(mut self, rate: Option<Amount>, service_rate: Option<Amount>, level: Option<Amount>) -> Self {
        let line = |price: Option<Amount>, percents: &[Amount]| Amount::line(self.quantity?, price?, percents);
        self.expected_bv = line(self.price_bv, &[]);
        self.expected_bh = rate.and_then(|rate| line(self.price_bh, &[rate]));
        self.expected_bh_rated = rate.zip(service_rate).and_then(|(rate, service)| line(self.price_bh, &[rate, service]));
        let other = self.other.or(self.source_sum).unwrap_or_default();
        if let (Some(bv), Some(bh), Some(level)) = (self.bv, self.bh, level) {
            self.expected = first_from_patient(bv, bh, level, other);
            let sent = (self.fund, self.copay, self.patient);
            if let (Some(fund), Some(copay), Some(patient)) = sent {
                let sent = Parts { fund, copay, patient };
                let of_rest = rate.and_then(|rate| first_from_total(bv, rate, service_rate, level, other));
                let all = [self.expected, of_rest, instead_of_copay(bv, bh, level, other)];
                self.agrees = all.iter().any(Option::is_some).then(|| all.into_iter().flatten().any(|parts| near(parts, sent)));
            }
        }
        self
    }
}

/// Case a: help bound to the patient is taken off the patient's part, then the co-payment, then the fund's part.
fn first_from_patient(bv: Amount, bh: Amount, level: Amount, other: Amount) -> Option<Parts> {
    let fund = bh.percent_rounded(level)?;
    let (patient, copay) = (bv - bh, bh - fund);
    let after_patient = (other - patient).or_zero();
    let after_copay = (after_patient - copay).or_zero();
    Some(Parts { fund: fund - after_copay, copay: (copay - after_patient).or_zero(), patient: (patient - other).or_zero() })
}

/// Case b: help to the facility as a whole is taken off the total, the rest is split as usual.
fn first_from_total(bv: Amount, rate: Amount, service_rate: Option<Amount>, level: Amount, other: Amount) -> Option<Parts> {
    let rest = bv - other;
    let mut bh = rest.percent_rounded(rate)?;
    if let Some(service_rate) = service_rate.filter(|rate| *rate > Amount::ZERO) {
        bh = bh.percent_rounded(service_rate)?;
    }
    let fund = bh.percent_rounded(level)?;
    Some(Parts { fund, copay: bh - fund, patient: rest - bh })
}

/// Case c (ARV drugs): the other source pays just the co-payment.
fn instead_of_copay(bv: Amount, bh: Amount, level: Amount, other: Amount) -> Option<Parts> {
    let fund = bh.percent_rounded(level)?;
    (bh - fund == other).then_some(Parts { fund, copay: Amount::ZERO, patient: bv - bh })
}

/// Equal but for a hundredth: how halves are rounded is not said.
fn near(a: Parts, b: Parts) -> bool {
    let hundredth = 10_000;
    [(a.fund, b.fund), (a.copay, b.copay), (a.patient, b.patient)].iter().all(|(a, b)| (*a - *b).millionths().abs() <= hundredth)
}

/// Cells of money below nothing in XML1, XML2 and XML3.
pub(crate) fn negatives(visit: Row<'_>, dossier: &Dossier) -> usize {
    let negative =
        |row: Row<'_>| (0..80).filter_map(|place| row.get(place)).filter(|text| text.starts_with('-') && amount_is(text)).count();
    negative(visit)
        + [TableId::XML2, TableId::XML3].into_iter().flat_map(|table| dossier.each(table)).map(negative).sum::<usize>()
}

fn amount_is(text: &str) -> bool {
    Amount::parse(text).is_ok_and(|amount| amount < Amount::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(fund: i64, copay: i64, patient: i64) -> Option<Parts> {
        Some(Parts { fund: Amount::whole(fund), copay: Amount::whole(copay), patient: Amount::whole(patient) })
    }

    #[test]
    fn the_example_of_the_annex() {
        // A drug of 10,000,000 at 50 %, help of 3,000,000 to the facility, rate 80.
        let (bv, rate, level) = (Amount::whole(10_000_000), Amount::whole(50), Amount::whole(80));
        assert_eq!(first_from_total(bv, rate, None, level, Amount::whole(3_000_000)), parts(2_800_000, 700_000, 3_500_000));
    }

    #[test]
    fn help_goes_to_the_patient_first() {
        let (bv, bh, level) = (Amount::whole(1000), Amount::whole(500), Amount::whole(80));
        let with = |other: i64| first_from_patient(bv, bh, level, Amount::whole(other));
        assert_eq!(with(0), parts(400, 100, 500));
        assert_eq!(with(200), parts(400, 100, 300));
        assert_eq!(with(550), parts(400, 50, 0));
        assert_eq!(with(700), parts(300, 0, 0));
        assert_eq!(with(1000), parts(0, 0, 0));
    }

    #[test]
    fn parts_and_help_add_up() {
        for other in (0..=1000).step_by(7) {
            let bv = Amount::whole(1000);
            let of = |parts: Option<Parts>| parts.map(|p| p.fund + p.copay + p.patient + Amount::whole(other));
            assert_eq!(of(first_from_patient(bv, Amount::whole(600), Amount::whole(95), Amount::whole(other))), Some(bv));
            assert_eq!(of(first_from_total(bv, Amount::whole(60), None, Amount::whole(95), Amount::whole(other))), Some(bv));
        }
    }
}
