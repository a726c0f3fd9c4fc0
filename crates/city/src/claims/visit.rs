//! A visit with its lines, and the sums of its money.

use crate::claims::columns::Xml1;
use crate::claims::facilities::Facility;
use crate::claims::money::{self, FULL, Milli};
use crate::claims::plan::{Form, Mark, Patient, Plan};
use crate::claims::stamp;

/// What a line is of, by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A drug.
    Drug(usize),
    /// A service.
    Service(usize),
    /// A supply.
    Supply(usize),
}

/// Who pays what of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    /// At the facility's price.
    pub bv: Milli,
    /// At the fund's price and rates.
    pub bh: Milli,
    /// Paid by the state budget.
    pub source: Milli,
    /// Paid by the patient outside the fund's scope.
    pub patient: Milli,
    /// Co-payment.
    pub copay: Milli,
    /// Asked from the fund.
    pub fund: Milli,
    /// Rate in hundredths of a percent.
    pub level: i64,
}

/// One line of XML2 or XML3.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it is of.
    pub item: Item,
    /// How many.
    pub quantity: Milli,
    /// The facility's price.
    pub price_bv: Milli,
    /// The fund's price.
    pub price_bh: Milli,
    /// Percent that the fund counts.
    pub rate: i64,
    /// Percent of a service that is repeated or partly done.
    pub step: i64,
    /// Department.
    pub department: &'static str,
    /// When it was ordered, done and finished.
    pub times: [i64; 3],
    /// Who ordered it.
    pub doctor: u32,
    /// Who did it.
    pub performer: Option<u32>,
    /// Number of the machine.
    pub machine: Option<u32>,
    /// Number of the bed.
    pub bed: Option<u32>,
    /// Dose, as written.
    pub dose: String,
    /// Names the line for marks.
    pub tag: u8,
    /// Facility that did it for this one.
    pub elsewhere: Option<usize>,
    /// Without result rows of its own.
    pub silent: bool,
    /// Its times are fixed.
    pub fixed: bool,
    /// What is falsely added to the amounts: facility's, fund's, asked.
    pub more: [Milli; 3],
    /// A rate other than the visit's.
    pub level: Option<i64>,
    /// Cells written in another way than they should be.
    pub changes: Vec<(usize, String)>,
    /// The amounts, when they have been worked out.
    pub parts: Parts,
}

impl Line {
    /// A line of one unit, ordered at a moment.
    pub fn new(item: Item, price: Milli, order: i64) -> Self {
        Self {
            item,
            quantity: Milli::whole(1),
            price_bv: price,
            price_bh: price,
            rate: 100,
            step: 100,
            department: "K01",
            times: [order; 3],
            doctor: 0,
            performer: None,
            machine: None,
            bed: None,
            dose: String::new(),
            tag: 0,
            elsewhere: None,
            silent: false,
            fixed: false,
            more: [Milli::ZERO; 3],
            level: None,
            changes: Vec::new(),
            parts: Parts::default(),
        }
    }

    /// Whether it stands in XML2.
    pub fn is_drug(&self) -> bool {
        matches!(self.item, Item::Drug(_))
    }

    fn work_out(&mut self, helped: bool, level: i64) {
        let level = self.level.unwrap_or(level);
        let bv = self.price_bv.times(self.quantity, &[]) + self.more[0];
        let percents = [self.rate, self.step];
        let bh = self.price_bh.times(self.quantity, &percents[..if self.step == 100 { 1 } else { 2 }]) + self.more[1];
        let fund = bh.rate(level);
        let copay = bh - fund;
        let source = if helped { copay.rate(FULL / 2) } else { Milli::ZERO };
        self.parts =
            Parts { bv, bh, source, patient: bv - bh, copay: copay - source - self.more[2], fund: fund + self.more[2], level };
    }
}

/// Sums of a visit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// All lines.
    pub all: Parts,
    /// Drugs, at the facility's price.
    pub drugs: Milli,
    /// Supplies, at the facility's price.
    pub supplies: Milli,
}

/// A visit with everything that was done.
#[derive(Debug, Clone)]
pub struct Visit<'m> {
    /// Why it was.
    pub plan: &'m Plan,
    /// Whose it was.
    pub patient: &'m Patient,
    /// Where it was.
    pub facility: &'m Facility,
    /// Key in the facility.
    pub link: String,
    /// Arrival.
    pub arrival: i64,
    /// Admission.
    pub admitted: Option<i64>,
    /// When the patient left.
    pub left: i64,
    /// End as written: that of the drugs where the form says so.
    pub end: i64,
    /// Doctor of the examination, or of the ward.
    pub doctor: u32,
    /// Ward.
    pub ward: &'static str,
    /// Number of the bed.
    pub bed: Option<u32>,
    /// Lines, drugs first.
    pub lines: Vec<Line>,
    /// Sums.
    pub totals: Totals,
    /// Rate of the visit in hundredths of a percent.
    pub rate: i64,
    /// What is true of it.
    pub marks: Vec<Mark>,
    /// Cells of XML1 written in another way than they should be.
    pub changes: Vec<(usize, String)>,
    /// Tables that were left out.
    pub without: Vec<&'static str>,
}

impl Visit<'_> {
    /// Days since 1970 of the end as written.
    pub fn end_day(&self) -> i32 {
        stamp::day_of(self.end)
    }

    /// The visit's category.
    pub fn category(&self) -> &'static str {
        self.plan.category(self.facility, self.patient)
    }

    /// Works out every amount: lines first, then the rate by their total, then who pays.
    pub fn work_out(&mut self, is_dialysis: impl Fn(&Line) -> bool) {
        let total: Milli = self
            .lines
            .iter_mut()
            .map(|line| {
                line.work_out(false, FULL);
                line.parts.bh
            })
            .sum();
        let inpatient = self.plan.form.is_admitted();
        let day = stamp::date(self.end_day());
        let primary = self.facility.class.is_primary();
        self.rate = money::visit_rate(self.patient.group, primary, self.category(), inpatient, day, total);
        // The city pays half of the co-payment of some who are on dialysis.
        let helped = self.patient.person % 4 == 0 && self.marks.iter().all(|mark| mark.honest);
        let mut totals = Totals::default();
        for line in &mut self.lines {
            let helps = helped && is_dialysis(line);
            line.work_out(helps, self.rate);
            let (all, parts) = (&mut totals.all, line.parts);
            all.bv += parts.bv;
            all.bh += parts.bh;
            all.source += parts.source;
            all.patient += parts.patient;
            all.copay += parts.copay;
            all.fund += parts.fund;
            match line.item {
                Item::Drug(_) => totals.drugs += parts.bv,
                Item::Supply(_) => totals.supplies += parts.bv,
                Item::Service(_) => {}
            }
        }
        self.totals = totals;
    }

    /// Days of treatment (SO_NGAY_DTRI).
    pub fn treatment_days(&self) -> i32 {
        match self.plan.form {
            Form::Examination | Form::Pickup | Form::Short => 0,
            Form::LongDrugs => self.plan.days,
            Form::Outpatient | Form::Inpatient | Form::Day => self.end_day() - stamp::day_of(self.arrival) + 1,
        }
    }

    /// The line of a tag: its table, place in the table from 1, and place in the list.
    pub fn tagged(&self, tag: u8) -> Option<(&'static str, usize, usize)> {
        let at = self.lines.iter().position(|line| line.tag == tag)?;
        let drug = self.lines[at].is_drug();
        let number = self.lines[..=at].iter().filter(|line| line.is_drug() == drug).count();
        Some((if drug { "xml2" } else { "xml3" }, number, at))
    }

    /// Writes a cell of XML1 in another way.
    pub(crate) fn change(&mut self, column: Xml1, value: impl Into<String>) {
        self.changes.push((column as usize, value.into()));
    }
}
