//! What other agencies answered by token: evidence about residence, death and insurance elsewhere.

use std::collections::BTreeMap;

use base::Month;
use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use engine::arrow::array::{Array, StringArray};
use engine::rows;

use super::case_outcomes::CaseOutcomes;
use super::evidence::Alias;
use super::files::RosterFiles;

/// What the police or a commune say of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Residence {
    /// Lives here.
    Resident,
    /// Does not live here, or has moved away.
    NotResident,
    /// Has died.
    Dead,
    /// The number is not that person's.
    WrongNumber,
}

impl Residence {
    /// The word in tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::NotResident => "not_resident",
            Self::Dead => "dead",
            Self::WrongNumber => "wrong_number",
        }
    }

    /// The meaning of an answer as offices write it; `None` where it is not clear: then a person has to read it.
    fn read(answer: &str) -> Option<Self> {
        let text = base::names::fold(answer);
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        // The order matters: "không còn cư trú" holds "còn cư trú".
        if has(&["chet", "tu vong", "khai tu", "da mat"]) {
            Some(Self::Dead)
        } else if has(&["sai so", "so dinh danh sai", "khong dung so", "so khong dung", "sai thong tin", "khong khop"]) {
            Some(Self::WrongNumber)
        } else if has(&[
            "khong cu tru",
            "khong con cu tru",
            "khong co tai dia ban",
            "chuyen di",
            "da chuyen",
            "khong thuong tru",
            "xoa dang ky",
        ]) {
            Some(Self::NotResident)
        } else if has(&["cu tru", "thuong tru", "tam tru", "dang o", "co mat", "dung thong tin"]) {
            Some(Self::Resident)
        } else {
            None
        }
    }
}

/// One answer about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) residence: Residence,
    /// Days since 1970-01-01.
    pub(crate) on: Option<i32>,
    /// The commune the person lives in, where the answer names one; as a number.
    pub(crate) commune: Option<u32>,
    /// Who says so.
    pub(crate) by: By,
}

/// Where a word on somebody's residence is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A file of answers of the police or a commune.
    Answer,
    /// What came of a case: an officer of the commune or the agency wrote it down.
    Case,
}

impl By {
    /// The word in tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Answer => "identity_answer",
            Self::Case => "case",
        }
    }
}

/// Insurance elsewhere, as the national system says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Elsewhere {
    insured: bool,
    scheme: Option<&'static str>,
    from: Option<i32>,
    to: Option<i32>,
    file: String,
    row: i64,
}

/// How a kind of question fared.
#[derive(Debug, Clone, Copy, Default)]
struct Fared {
    asked: i64,
    answered: i64,
    unclear: i64,
    unknown_token: i64,
}

/// All answers, by the number of the person now.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) checked: BTreeMap<i64, Checked>,
    elsewhere: BTreeMap<i64, Vec<Elsewhere>>,
    fared: BTreeMap<&'static str, Fared>,
}

impl Answers {
    /// Reads the answers; numbers of the time of asking lead to those in use.
    pub(crate) fn read(context: &StepContext, aliases: &[Alias]) -> Result<Self, ChapterError> {
        let mut answers = Self::default();
        let now: BTreeMap<i64, i64> = aliases.iter().filter(|a| !a.split).map(|a| (a.old, a.new)).collect();
        let mut asked: BTreeMap<String, i64> = BTreeMap::new();
        if let Some(table) = context.inputs.desk.get("exchange") {
            for batch in context.book.read_table(table, None)? {
                let (tokens, people, kinds) =
                    (rows::text(&batch, "token")?, rows::int(&batch, "person_id")?, rows::text(&batch, "kind")?);
                for row in 0..batch.num_rows() {
                    let person = now.get(&people.value(row)).copied().unwrap_or_else(|| people.value(row));
                    asked.insert(tokens.value(row).to_owned(), person);
                    let kind = if kinds.value(row) == "lookup" { "lookup" } else { "identity" };
                    answers.fared.entry(kind).or_default().asked += 1;
                }
            }
        }
        answers.identity(context, &asked)?;
        answers.lookup(context, &asked)?;
        Ok(answers)
    }

    /// Takes what came of cases among the answers about residence; the later word holds.
    pub(crate) fn take_cases(&mut self, cases: &CaseOutcomes, period: Month) {
        cases.on_residence(period).for_each(|(person, said)| later(&mut self.checked, person, said));
    }

    fn identity(&mut self, context: &StepContext, asked: &BTreeMap<String, i64>) -> Result<(), ChapterError> {
        let Some(files) = RosterFiles::of(context, "identity_answer") else { return Ok(()) };
        let fared = self.fared.entry("identity").or_default();
        files.each(context.book, &["token", "answer", "answered_date", "commune"], &mut |_, batch| {
            let (tokens, said) = (rows::text(batch, "token")?, rows::text(batch, "answer")?);
            let (days, communes) = (rows::date(batch, "answered_date")?, rows::text(batch, "commune")?);
            for row in 0..batch.num_rows() {
                let Some(person) = asked.get(clean(tokens.value(row)).as_str()) else {
                    fared.unknown_token += 1;
                    continue;
                };
                let Some(residence) = Residence::read(said.value(row)) else {
                    fared.unclear += 1;
                    continue;
                };
                fared.answered += 1;
                let commune = text(&communes, row).and_then(|code| code.parse().ok());
                let checked = Checked { residence, on: rows::date_at(&days, row), commune, by: By::Answer };
                later(&mut self.checked, *person, checked);
            }
            Ok(())
        })
    }

    fn lookup(&mut self, context: &StepContext, asked: &BTreeMap<String, i64>) -> Result<(), ChapterError> {
        let Some(files) = RosterFiles::of(context, "lookup_answer") else { return Ok(()) };
        let fared = self.fared.entry("lookup").or_default();
        let wanted = ["token", "insured_elsewhere", "scheme", "valid_from", "valid_to", "source_row"];
        files.each(context.book, &wanted, &mut |first, batch| {
            let (tokens, said) = (rows::text(batch, "token")?, rows::text(batch, "insured_elsewhere")?);
            let (schemes, source) = (rows::text(batch, "scheme")?, rows::int(batch, "source_row")?);
            let (from, to) = (rows::date(batch, "valid_from")?, rows::date(batch, "valid_to")?);
            for row in 0..batch.num_rows() {
                let Some(person) = asked.get(clean(tokens.value(row)).as_str()) else {
                    fared.unknown_token += 1;
                    continue;
                };
                let Some(insured) = yes(said.value(row)) else {
                    fared.unclear += 1;
                    continue;
                };
                fared.answered += 1;
                let scheme = scheme(rows::text_at(&schemes, row).unwrap_or_default(), said.value(row));
                let (from, to) = (rows::date_at(&from, row), rows::date_at(&to, row));
                let file = files.file_of(first + row).to_owned();
                let one = Elsewhere { insured, scheme, from, to, file, row: source.value(row) };
                self.elsewhere.entry(*person).or_default().push(one);
            }
            Ok(())
        })
    }

    /// Whether the national system was asked about a person and answered.
    pub(crate) fn looked_up(&self, person: i64) -> bool {
        self.elsewhere.contains_key(&person)
    }

    /// The table of insurance elsewhere.
    pub(crate) fn elsewhere(&self, context: &StepContext) -> Result<StepTable, ChapterError> {
        let mut out = TableBuilder::new(context.schema("insured_elsewhere")?)?;
        for (person, all) in &self.elsewhere {
            for one in all.iter().filter(|one| one.insured) {
                out.int(Some(*person)).text(one.scheme).date(one.from).date(one.to);
                out.text(Some(&one.file)).int(Some(one.row));
            }
        }
        Ok(StepTable::new("insured_elsewhere", context.schema("insured_elsewhere")?, out.finish()?))
    }

    /// How the questions fared.
    pub(crate) fn fared(&self, context: &StepContext) -> Result<StepTable, ChapterError> {
        let mut out = TableBuilder::new(context.schema("register_exchange")?)?;
        for (kind, fared) in &self.fared {
            out.text(Some(kind)).int(Some(fared.asked)).int(Some(fared.answered));
            out.int(Some(fared.unclear)).int(Some(fared.unknown_token));
        }
        Ok(StepTable::new("register_exchange", context.schema("register_exchange")?, out.finish()?))
    }
}

/// Said twice, the later word holds; of one day the one that is harder to undo.
fn later(checked: &mut BTreeMap<i64, Checked>, person: i64, said: Checked) {
    let known = checked.entry(person).or_insert(said);
    if (known.on, known.residence) < (said.on, said.residence) {
        *known = said;
    }
}

/// A token as it was given out: capitals, without spaces that a spreadsheet or a typist added.
fn clean(token: &str) -> String {
    token.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

/// Yes or no as offices write it; `None` where it is neither.
fn yes(said: &str) -> Option<bool> {
    let text = base::names::fold(said);
    let text = text.trim();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if text.starts_with("khong")
        || text.starts_with("chua")
        || has(&["het gia tri", "het han"])
        || matches!(text, "0" | "k" | "no")
    {
        Some(false)
    } else if text.starts_with("co ") && has(&["trung thong tin", "nhieu nguoi"]) {
        // "Có nhiều người trùng thông tin": that several people fit is no answer.
        None
    } else if matches!(text, "co" | "1" | "x" | "yes")
        || has(&["co the", "con gia tri", "con han", "dang tham gia", "da tham gia", "co tham gia"])
    {
        Some(true)
    } else {
        None
    }
}

/// The scheme an answer is about, by its own column or by its words; `None` where it names neither.
fn scheme(column: &str, said: &str) -> Option<&'static str> {
    let text = base::names::fold(&format!("{column} {said}"));
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match (has(&["bhyt", "y te"]), has(&["bhxh", "xa hoi"])) {
        (true, false) => Some("bhyt"),
        (false, true) => Some("bhxh"),
        _ => None,
    }
}

fn text(column: &StringArray, row: usize) -> Option<String> {
    column.is_valid(row).then(|| column.value(row).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_offices_write_them() {
        for (said, meant) in [
            ("Đang cư trú tại địa bàn", Some(Residence::Resident)),
            ("Còn cư trú", Some(Residence::Resident)),
            ("Thường trú", Some(Residence::Resident)),
            ("Không còn cư trú", Some(Residence::NotResident)),
            ("KHÔNG CƯ TRÚ", Some(Residence::NotResident)),
            ("Đã chuyển đi nơi khác", Some(Residence::NotResident)),
            ("Đã chết (khai tử 12/3/2026)", Some(Residence::Dead)),
            ("Sai số định danh", Some(Residence::WrongNumber)),
            ("Chưa rõ", None),
            ("", None),
        ] {
            assert_eq!(Residence::read(said), meant, "{said}");
        }
    }

    #[test]
    fn yes_and_no_are_told_apart_and_anything_else_is_unclear() {
        for (said, meant) in [
            ("Có", Some(true)),
            ("Không", Some(false)),
            ("x", Some(true)),
            ("Chưa tham gia", Some(false)),
            ("Có thẻ BHYT còn giá trị", Some(true)),
            ("Thẻ BHYT hết giá trị", Some(false)),
            ("Không có thẻ BHYT", Some(false)),
            ("Có nhiều người trùng thông tin, đề nghị bổ sung", None),
            ("Số định danh không khớp họ tên", None),
            ("?", None),
        ] {
            assert_eq!(yes(said), meant, "{said}");
        }
    }

    #[test]
    fn an_answer_is_about_the_scheme_it_names() {
        assert_eq!(scheme("BHXH bắt buộc", "Có"), Some("bhxh"));
        assert_eq!(scheme("", "Có thẻ BHYT còn giá trị"), Some("bhyt"));
        assert_eq!((scheme("", "Có"), scheme("BHXH, BHYT", "Có")), (None, None));
    }
}
