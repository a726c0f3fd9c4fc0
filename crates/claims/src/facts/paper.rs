//! What the rows of the other tables say: results, notes, papers.

use base::Date;
use claimfile::{Form, Row, parse_day, parse_time};

use super::card::parts;
use super::line::Line;
use super::visit::{Sources, Visit};
use crate::cell::Cell;

/// A row of XML4-XML14 with its form: cells are asked for by name.
pub(crate) struct Paper<'d> {
    pub row: Row<'d>,
    pub form: &'d Form,
    pub number: usize,
}

/// The contexts of papers and the table each carries.
pub(crate) const PAPERS: [(&str, &str); 9] = [
    ("claim_result", "xml4"),
    ("claim_note", "xml5"),
    ("claim_discharge", "xml7"),
    ("claim_summary", "xml8"),
    ("claim_birth", "xml9"),
    ("claim_pregnancy_leave", "xml10"),
    ("claim_sick_leave", "xml11"),
    ("claim_referral", "xml13"),
    ("claim_revisit", "xml14"),
];

impl<'d> Paper<'d> {
    fn get(&self, column: &str) -> Option<&'d str> {
        self.form.column(column).and_then(|place| self.row.get(place))
    }

    fn day(&self, column: &str) -> Option<Date> {
        self.get(column).and_then(parse_day)
    }

    /// The own columns of a context of papers, in the order of its contract.
    pub(crate) fn cells<'c>(
        &'c self,
        context: &str,
        visit_number: i64,
        visit: &'c Visit<'_>,
        lines: &'c [Line<'c>],
        sources: &Sources<'_>,
    ) -> Vec<(&'static str, Cell<'c>)> {
        let mut cells = vec![("visit_id", visit_number.into()), ("row_no", self.number.into())];
        match context {
            "claim_result" => {
                let service = self.get("MA_DICH_VU");
                let line = lines.iter().find(|line| line.service.is_some() && line.service == service);
                cells.extend([
                    ("line_group", line.and_then(|line| line.group).into()),
                    ("line_result_time", line.and_then(|line| line.result).into()),
                    ("line_fund", line.and_then(|line| line.money.fund).into()),
                    ("readers_known", self.approved("MA_BS_DOC_KQ", visit, sources).into()),
                ]);
            }
            "claim_note" => {
                let at = self.get("THOI_DIEM_DBLS").and_then(parse_time).map(|at| at.minutes());
                cells.extend([
                    ("note_after_start", visit.start.zip(at).map(|(start, at)| at - start.minutes()).into()),
                    ("end_after_note", visit.end.zip(at).map(|(end, at)| end.minutes() - at).into()),
                ]);
            }
            "claim_discharge" => cells.extend([
                ("doctor_known", self.approved("MA_BS", visit, sources).into()),
                ("head_known", self.approved("MA_TTDV", visit, sources).into()),
            ]),
            "claim_pregnancy_leave" => cells.push(("days_between", self.days().into())),
            "claim_sick_leave" => {
                let after = visit.end_day().zip(self.day("TU_NGAY")).map(|(end, from)| i64::from(end.days_until(from)));
                cells.extend([("days_between", self.days().into()), ("start_after_end", after.into())]);
            }
            "claim_referral" => {
                let to = self.get("MA_NOI_DEN").and_then(|to| sources.catalogues.has_facility(to, visit.end_day()));
                cells.extend([("to_known", to.into()), ("doctor_known", self.approved("MA_BAC_SI", visit, sources).into())]);
            }
            "claim_revisit" => {
                let after = visit.end_day().zip(self.day("NGAY_HEN_KL")).map(|(end, day)| i64::from(end.days_until(day)));
                cells.extend([
                    ("appointment_after_end", after.into()),
                    ("doctor_known", self.approved("MA_BAC_SI", visit, sources).into()),
                ]);
            }
            _ => {}
        }
        cells.extend([
            ("visit_start", visit.start.map(|m| m.day).into()),
            ("visit_end", visit.end_day().into()),
            ("visit_care_form", visit.care_form.into()),
            ("visit_discharge", visit.discharge.into()),
            ("visit_sex", visit.sex.into()),
            ("visit_age_years", visit.age_years().into()),
            ("visit_main_code", visit.main_code.into()),
        ]);
        cells
    }

    /// Days from TU_NGAY through DEN_NGAY.
    fn days(&self) -> Option<i64> {
        self.day("TU_NGAY").zip(self.day("DEN_NGAY")).map(|(from, to)| i64::from(from.days_until(to)) + 1)
    }

    fn approved(&self, column: &str, visit: &Visit<'_>, sources: &Sources<'_>) -> Option<bool> {
        sources.catalogues.approves(visit.facility, parts(self.get(column)), visit.end_day())
    }
}
