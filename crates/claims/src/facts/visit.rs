//! What a dossier says, worked out once for its own row and for those of its lines.

use base::{Amount, Date};
use claimfile::{Dossier, Lists, Moment, Row, TableId, parse_birth, parse_day, parse_time};
use law::calc::Calendar;

use super::benefit::{self, Share};
use super::card::{Cards, parts};
use super::line::{Line, Totals};
use super::places::Places;
use crate::catalogue::{Catalogues, Icd};
use crate::cell::Cell;

/// What facts are worked out from, besides the dossier.
pub(crate) struct Sources<'s> {
    pub places: &'s Places,
    pub lists: &'s Lists,
    pub law: &'s law::Law,
    pub calendar: &'s Calendar,
    pub catalogues: &'s Catalogues,
}

/// How much of a visit is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    /// The whole dossier.
    Dossier,
    /// A row of sheets 79a and 80a (mức lượt khám): no lines, no papers, not all columns, perhaps days without hours.
    Sheet,
}

impl Grain {
    /// The stable word of tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dossier => "dossier",
            Self::Sheet => "sheet",
        }
    }
}

/// The facts of one dossier.
pub(crate) struct Visit<'d> {
    pub row: Row<'d>,
    pub grain: Grain,
    pub facility: &'d str,
    /// Whether the day of arrival, of admission or of the end is told without its hour: then no hour of the visit says anything.
    pub days_only: bool,
    pub start: Option<Moment>,
    pub admitted: Option<Moment>,
    pub end: Option<Moment>,
    pub birth: Option<(i32, Option<Date>)>,
    pub sex: Option<&'d str>,
    pub care_form: Option<&'d str>,
    pub category: Option<&'d str>,
    pub outcome: Option<&'d str>,
    pub discharge: Option<&'d str>,
    pub cards: Cards<'d>,
    pub share: Share,
    pub icd: Option<Option<Icd>>,
    pub main_code: Option<&'d str>,
    /// Level of the facility on the last day.
    pub level: Option<&'static str>,
    /// Whether the main disease and every other one are in annex VII of circular 26/2025/TT-BYT.
    pub over_30_allowed: Option<bool>,
}

/// What a code of a list means on a day.
pub(crate) fn word<'d>(lists: &'d Lists, list: &str, code: Option<&str>, day: Option<Date>) -> Option<&'d str> {
    let (list, code) = (lists.get(list)?, code?);
    let meaning = match day {
        Some(day) => list.at(code, day),
        None => list.ever(code),
    };
    meaning.map(|meaning| meaning.word.as_str())
}

/// The row of a disease code on a day; `None` when the list was not loaded or did not hold yet.
fn icd_of<'c>(catalogues: &'c Catalogues, code: &str, day: Option<Date>) -> Option<Option<&'c Icd>> {
    catalogues.icd.as_ref()?.at(code, day)
}

impl<'d> Visit<'d> {
    /// The facts of a dossier that passed [`claimfile::check`], or of a row of a sheet; `None` for one without a visit.
    pub(crate) fn of(dossier: &'d Dossier, grain: Grain, sources: &Sources<'d>) -> Option<Self> {
        let (at, lists) = (&sources.places.xml1, sources.lists);
        let row = dossier.row(TableId::XML1, 0)?;
        let day_alone = |place: usize| row.get(place).filter(|_| grain == Grain::Sheet).and_then(parse_day);
        let moment =
            |place: usize| row.get(place).and_then(parse_time).or_else(|| day_alone(place).map(|day| Moment { day, minute: 0 }));
        let days_only = [at.ngay_vao, at.ngay_vao_noi_tru, at.ngay_ra].into_iter().any(|place| day_alone(place).is_some());
        let (start, end) = (moment(at.ngay_vao), moment(at.ngay_ra));
        let day = end.map(|end| end.day);
        let list = |name: &str, place: usize| word(lists, name, row.get(place), day);
        let cards = Cards::of(row, at, lists, (start.map(|m| m.day), day));
        let facility = row.get(at.ma_cskcb).unwrap_or_default();
        let level = sources.catalogues.level(facility, day);
        let care_form = list("ma_loai_kcb", at.ma_loai_kcb);
        let meaning = row.get(at.ma_doituong).zip(day).and_then(|(code, day)| lists.get("ma_doituong_kcb")?.at(code, day));
        let birth = row.get(at.ngay_sinh).and_then(parse_birth);
        let input = benefit::Input {
            end: day,
            holder: cards.holder,
            inpatient: is_inpatient(care_form),
            share: meaning.and_then(|m| m.share.as_deref()),
            place: meaning.and_then(|m| m.place.as_deref()),
            primary: level.map(|level| level == "primary"),
            total: row.get(at.t_tongchi_bh).and_then(|text| Amount::parse(text).ok()),
            exempt_from: row.get(at.mien_cct).and_then(|text| claimfile::parse_day(text.get(..8)?)),
            age: birth.zip(day).map(|((year, birth), day)| birth.map_or(day.year() - year, |birth| birth.age_on(day))),
        };
        let main_code = row.get(at.ma_benh_chinh);
        let icd = main_code.and_then(|code| icd_of(sources.catalogues, code, day)).map(|found| found.copied());
        let over_30 = |found: Option<&Icd>| found.and_then(|icd| icd.over_30_days);
        let others = parts(row.get(at.ma_benh_kt)).map(|code| over_30(icd_of(sources.catalogues, code, day).flatten()));
        let over_30_allowed = all_known(std::iter::once(over_30(icd.flatten().as_ref())).chain(others));
        Some(Self {
            grain,
            facility,
            days_only,
            start,
            admitted: moment(at.ngay_vao_noi_tru),
            end,
            birth,
            sex: list("gioi_tinh", at.gioi_tinh),
            care_form,
            category: meaning.map(|m| m.word.as_str()),
            outcome: list("ket_qua_dtri", at.ket_qua),
            discharge: list("ma_loai_rv", at.ma_loai_rv),
            share: benefit::share(sources.law, &input),
            icd,
            main_code,
            level,
            over_30_allowed,
            cards,
            row,
        })
    }

    /// Day the visit ended.
    pub(crate) fn end_day(&self) -> Option<Date> {
        self.end.map(|end| end.day)
    }

    pub(crate) fn stay_minutes(&self) -> Option<i64> {
        self.start.zip(self.end).filter(|_| !self.days_only).map(|(start, end)| end.minutes() - start.minutes())
    }

    fn inpatient_minutes(&self) -> Option<i64> {
        self.admitted.zip(self.end).filter(|_| !self.days_only).map(|(start, end)| end.minutes() - start.minutes())
    }

    pub(crate) fn stay_days(&self) -> Option<i64> {
        let from = self.admitted.or(self.start)?;
        Some(i64::from(from.day.days_until(self.end?.day)))
    }

    pub(crate) fn age_years(&self) -> Option<i64> {
        let (start, (year, day)) = (self.start?.day, self.birth?);
        Some(i64::from(day.map_or(start.year() - year, |birth| birth.age_on(start))))
    }

    /// Whether the visit is inpatient or day care.
    pub(crate) fn is_inpatient(&self) -> Option<bool> {
        self.care_form.map(|_| is_inpatient(self.care_form).unwrap_or(false))
    }

    /// The own columns of `claim_visit`, in the order of its contract.
    pub(crate) fn cells<'c>(
        &'c self,
        number: i64,
        received: Option<Date>,
        standard: &'static str,
        dossier: &'c Dossier,
        lines: &'c [Line<'c>],
        sources: &'c Sources<'_>,
    ) -> Vec<(&'static str, Cell<'c>)> {
        let at = &sources.places.xml1;
        let totals = Totals::of(lines, self.row, dossier);
        let catalogues = sources.catalogues;
        let birth_day = self.birth.and_then(|(_, day)| day);
        let name = self.row.get(at.ho_ten);
        let others: Vec<&str> = parts(self.row.get(at.ma_benh_kt)).collect();
        // What is summed up over lines and papers is not known without them; nothing is not the same as none.
        let whole = self.grain == Grain::Dossier;
        let count = |n: usize| whole.then_some(n);
        let sum = |amount: Amount| whole.then_some(amount);
        let rows = |table: &str| count(TableId::parse(table).map_or(0, |id| dossier.rows(id).len()));
        let end = self.end_day();
        let known = |code: Option<&str>| catalogues.has_facility(code?, end);
        let occupation = self.row.get(at.ma_nghe).and_then(|code| catalogues.occupations.as_ref()?.has(code, end));
        let flag = |of: fn(&Icd) -> bool| self.icd.flatten().map(|icd| of(&icd));
        let homes: Vec<&str> = parts(self.row.get(at.ma_dkbd)).collect();
        let homes_known = all_known(homes.iter().map(|home| known(Some(*home))));
        let icd_sex = self.icd.flatten().map(|icd| {
            if icd.female {
                "female"
            } else if icd.male {
                "male"
            } else {
                "any"
            }
        });
        let asked: Option<Vec<bool>> =
            others.iter().map(|code| icd_of(catalogues, code, end).map(|found| found.is_none())).collect();
        let others_unknown = catalogues.icd.as_ref().and(asked).map(|unknown| unknown.into_iter().filter(|u| *u).count());
        let working_days_after_end = end.zip(received).and_then(|(end, on)| sources.calendar.working_days_until(end, on));
        let c = &self.cards;
        let id = self.row.get(at.so_cccd);
        let id_wellformed = id.map(|id| matches!(id.len(), 9 | 12) && id.bytes().all(|b| b.is_ascii_digit()));
        vec![
            ("visit_id", number.into()),
            ("grain", self.grain.as_str().into()),
            ("standard", standard.into()),
            ("received_on", received.into()),
            ("working_days_after_end", working_days_after_end.into()),
            ("visit_start", self.start.map(|m| m.day).into()),
            ("visit_end", self.end_day().into()),
            ("stay_minutes", self.stay_minutes().into()),
            ("inpatient_minutes", self.inpatient_minutes().into()),
            ("stay_days", self.stay_days().into()),
            ("birth_date", birth_day.into()),
            ("birth_year", self.birth.map(|(year, _)| i64::from(year)).into()),
            ("age_years", self.age_years().into()),
            ("age_days", birth_day.zip(self.start).map(|(b, s)| i64::from(b.days_until(s.day))).into()),
            ("sex", self.sex.into()),
            ("care_form", self.care_form.into()),
            ("category", self.category.into()),
            ("outcome", self.outcome.into()),
            ("discharge", self.discharge.into()),
            ("cards", c.count.into()),
            ("cards_wellformed", c.wellformed.into()),
            ("card_parts_agree", c.parts_agree.into()),
            ("card_letters", c.letters.into()),
            ("card_level", c.level.into()),
            ("card_holder", c.holder.into()),
            ("card_armed", c.armed.into()),
            ("card_covers_start", c.covers_start.into()),
            ("card_covers_end", c.covers_end.into()),
            ("days_after_card", c.days_after.into()),
            ("registered_here", c.registered_here.into()),
            ("expected_rate", self.share.rate.into()),
            ("small_visit_limit", self.share.small_limit.into()),
            ("id_wellformed", id_wellformed.into()),
            ("name_syllables", name.map(|name| name.split_whitespace().count()).into()),
            ("name_has_signs", name.map(has_signs).into()),
            ("name_particle", name.and_then(particle).into()),
            ("drug_lines", count(totals.drugs).into()),
            ("service_lines", count(totals.services).into()),
            ("lab_lines", count(totals.labs).into()),
            ("imaging_lines", count(totals.images).into()),
            ("exam_lines", count(totals.exams).into()),
            ("bed_lines", count(totals.beds).into()),
            ("supply_lines", count(totals.supplies).into()),
            ("transport_lines", count(totals.transports).into()),
            ("bed_days", sum(totals.bed_days).into()),
            ("sum_bv", sum(totals.bv).into()),
            ("sum_bh", sum(totals.bh).into()),
            ("sum_drug_bv", sum(totals.drug_bv).into()),
            ("sum_supply_bv", sum(totals.supply_bv).into()),
            ("sum_patient", sum(totals.patient).into()),
            ("sum_copay", sum(totals.copay).into()),
            ("sum_fund", sum(totals.fund).into()),
            ("sum_fund_fee", sum(totals.fund_fee).into()),
            ("sum_drug_fund", sum(totals.drug_fund).into()),
            ("sum_exam_fund", sum(totals.exam_fund).into()),
            ("sum_bed_fund", sum(totals.bed_fund).into()),
            ("sum_other", sum(totals.other).into()),
            ("negative_amounts", count(totals.negative).into()),
            ("drug_days", totals.longest.days.into()),
            ("longest_drug_fund", totals.longest.fund.into()),
            ("service_span_minutes", totals.span.into()),
            ("result_rows", rows("xml4").into()),
            ("note_rows", rows("xml5").into()),
            ("discharge_papers", rows("xml7").into()),
            ("referral_papers", rows("xml13").into()),
            ("revisit_papers", rows("xml14").into()),
            ("other_codes", others.len().into()),
            ("icd_chapter", self.main_code.and_then(|code| code.get(..1)).into()),
            ("icd_known", self.icd.map(|found| found.is_some()).into()),
            ("icd_main_allowed", flag(|icd| !icd.not_main).into()),
            ("icd_specific", flag(|icd| !icd.unspecific).into()),
            ("icd_death_only", flag(|icd| icd.death_only).into()),
            ("icd_sex", icd_sex.into()),
            ("icd_over_30_days", self.icd.flatten().and_then(|icd| icd.over_30_days).into()),
            ("other_codes_unknown", others_unknown.into()),
            ("facility_known", known(Some(self.facility)).into()),
            ("facility_level", self.level.into()),
            ("registered_known", homes_known.into()),
            ("from_known", known(self.row.get(at.ma_noi_di)).into()),
            ("to_known", known(self.row.get(at.ma_noi_den)).into()),
            ("head_known", catalogues.approves(self.facility, self.row.get(at.ma_ttdv).into_iter(), self.end_day()).into()),
            ("commune_known", catalogues.has_commune(self.row.get(at.ma_tinh), self.row.get(at.ma_xa)).into()),
            ("occupation_known", occupation.into()),
        ]
    }
}

/// Whether a form of care is inpatient or day care.
pub(crate) fn is_inpatient(care_form: Option<&str>) -> Option<bool> {
    care_form.map(|form| matches!(form, "inpatient" | "day_treatment" | "inpatient_short"))
}

/// Whether all are known; one that is not decides, one of which nothing is known leaves it open, as do none at all.
fn all_known(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let answers: Vec<Option<bool>> = answers.collect();
    if answers.contains(&Some(false)) {
        return Some(false);
    }
    (!answers.is_empty() && !answers.contains(&None)).then_some(true)
}

/// Digits or signs that no name has.
fn has_signs(name: &str) -> bool {
    !name.chars().all(|c| {
        c.is_alphabetic() || c.is_whitespace() || matches!(c, '\'' | '’' | '-' | '.') || ('\u{300}'..='\u{36f}').contains(&c)
    })
}

/// The sex that the particles Văn and Thị suggest.
fn particle(name: &str) -> Option<&'static str> {
    let syllables: Vec<String> = name.split_whitespace().map(|s| base::names::clean(s).to_lowercase()).collect();
    let middle = syllables.get(1..syllables.len().checked_sub(1)?)?;
    match (middle.iter().any(|s| s == "văn"), middle.iter().any(|s| s == "thị")) {
        (true, false) => Some("male"),
        (false, true) => Some("female"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unknown_place_decides_and_one_of_another_province_leaves_it_open() {
        let cases: [(&[Option<bool>], Option<bool>); 5] = [
            (&[], None),
            (&[Some(true), Some(true)], Some(true)),
            (&[Some(true), Some(false)], Some(false)),
            (&[Some(true), None], None),
            (&[None, Some(false)], Some(false)),
        ];
        for (answers, wanted) in cases {
            assert_eq!(all_known(answers.iter().copied()), wanted, "{answers:?}");
        }
    }

    #[test]
    fn particles_only_count_in_the_middle() {
        assert_eq!(particle("Nguyễn Văn Nam"), Some("male"));
        assert_eq!(particle("LÊ THỊ HOA"), Some("female"));
        for name in ["Văn Nam", "Trần Thị", "Nguyễn Hoa", "Thị Văn", ""] {
            assert_eq!(particle(name), None, "{name}");
        }
        assert!(has_signs("Nguyễn V4n A") && !has_signs("Nguyễn Thị Hoa") && !has_signs("H'Hen Niê"));
    }
}
