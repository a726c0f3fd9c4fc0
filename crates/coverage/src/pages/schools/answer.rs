//! The sheet of a class as it comes back: each row checked, then taken down as the school's word.
//!
//! **What it is not.** A school's word is no card: it goes to the desk, stands beside the pupil as waiting for the roster of cards,
//! and changes no number. Only a card in that roster, or the national look-up, makes somebody covered.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use base::Date;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, NewSchoolAnswers, Permission, ReadEvent, ToldCard};
use intake::{Layouts, Limits, RejectReason, Source, Values};
use web::component::{Button, ButtonKind, Cell, Column, Link, NoteKind, Panel, Row, Table, audit_note, note, paragraph};
use web::{Lang, Locale, SafeHtml};

use super::super::Pages;
use super::class::{href, title};
use super::pupils::{Answers, Pupil, pupils};
use super::{SCHOOLS, SHEET_BYTES, class_of, require};
use crate::schools::{Class, School};

/// How the sheet is read.
const LAYOUT: &str = include_str!("answer.yaml");

/// A row of the sheet that is not taken, with why.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refused {
    row: i64,
    why: Why,
}

/// Why a row is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// No row of this class, or a row that was changed by hand.
    Unknown,
    /// Written from an older state: the pupil's standing or the school's answer has changed since.
    Stale,
    /// A second row of the same pupil.
    Twice,
    /// Not all that a card needs: number and last day.
    Incomplete,
    /// No number of a card.
    Number,
    /// A card of the armed forces: its data is not held here.
    ArmedForces,
    /// The card has ended before the day the list speaks of.
    Ended,
    /// A cell that intake could not read.
    Cell(RejectReason),
}

/// What became of a sheet.
#[derive(Debug, Default, PartialEq, Eq)]
struct Taken {
    /// Rows of the sheet.
    rows: usize,
    /// Rows in which the school wrote nothing.
    empty: usize,
    cards: Vec<ToldCard>,
    refused: Vec<Refused>,
}

/// `POST /truong-hoc/{school}/{class}/nhan`.
pub(super) async fn take(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path((school, class)): Path<(String, String)>,
    mut sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    desk::require(&viewer.scope, Permission::RecordSchoolAnswers).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let (school, class) = class_of(&snapshot, &viewer, &school, &class)?;
    let wrong = |_| PageError::BadRequest(l.t("school-sheet-unreadable"));
    let (mut number, mut bytes) = (String::new(), Vec::new());
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => number = field.text().await.map_err(wrong)?,
            "tep" => bytes = field.bytes().await.map_err(wrong)?.to_vec(),
            _ => return Err(PageError::BadRequest(l.t("coverage-upload-form"))),
        }
    }
    if bytes.is_empty() {
        return Err(PageError::BadRequest(l.t("coverage-upload-no-file")));
    }
    let shown = pupils(&snapshot, school, class).await.map_err(|e| PageError::inner(&e))?;
    let answers = app.desk.school_answers(&viewer.scope, &school.key).await.map_err(PageError::desk)?;
    let known = Known { school, class, pupils: &shown, answers: &answers, as_of: snapshot.as_of };
    let taken = known.read(bytes, &app.places).map_err(|()| PageError::BadRequest(l.t("school-sheet-unreadable")))?;
    let new = NewSchoolAnswers {
        school: school.key.clone(),
        class: class.key.clone(),
        commune: school.commune.clone(),
        answers: taken.cards.clone(),
        client_tx: number,
    };
    let added = app.desk.record_school_answers(&viewer.scope, new).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "school").object(&school.key).word("class", &class.key);
    let audited = app.audit(&viewer, event.count("refused", taken.refused.len() as i64).run(&snapshot.run)).await?;
    let path = href(school, class);
    let mut page = app.page(&viewer, &path, l.t("school-result-title"));
    page.crumbs = vec![
        Link::new(l.t("school-list-title"), SCHOOLS),
        Link::new(school.name.clone(), format!("{SCHOOLS}/{}", school.key)),
        Link::new(title(l, school, class), path.clone()),
    ];
    page.here = l.t("school-result-title");
    page.actions = vec![Button::link(l.t("school-result-back"), path, ButtonKind::Primary)];
    page.body = result(l, &taken, added);
    page.audit = audit_note(l, SafeHtml::text(&l.t("school-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// What a sheet of a class is held against.
struct Known<'k> {
    school: &'k School,
    class: &'k Class,
    pupils: &'k [Pupil],
    answers: &'k Answers,
    as_of: Date,
}

impl Known<'_> {
    /// Reads the sheet and checks it row by row. An error is a file that is no sheet of this portal.
    fn read(&self, bytes: Vec<u8>, places: &base::places::Places) -> Result<Taken, ()> {
        let layouts = Layouts::load([("answer.yaml".to_owned(), LAYOUT.to_owned())]).map_err(drop)?;
        let limits = Limits {
            max_bytes: SHEET_BYTES as u64,
            max_unpacked: 64 << 20,
            max_shared_strings: 16 << 20,
            max_rejects: 2_000,
            ..Limits::default()
        };
        let source = Source { name: "lop.xlsx".to_owned(), bytes };
        let mut rows = Vec::new();
        let report = intake::read(&source, Some("school_answer"), &layouts, places, &limits, &mut |chunk| {
            rows.extend((0..chunk.rows()).map(|at| SheetRow::of(&chunk, at)));
            Ok(())
        });
        let report = report.map_err(drop)?;
        let mut taken = Taken { rows: rows.len() + report.rejects.len(), ..Taken::default() };
        for reject in &report.rejects {
            let row = i64::try_from(reject.source_row).unwrap_or(0);
            taken.refused.push(Refused { row, why: Why::Cell(reject.reason) });
        }
        self.check(&rows, &mut taken);
        taken.refused.sort_by_key(|refused| refused.row);
        Ok(taken)
    }

    fn check(&self, rows: &[SheetRow], taken: &mut Taken) {
        let by_key: BTreeMap<String, &Pupil> = self.pupils.iter().map(|p| (p.key(self.school, self.class), p)).collect();
        let mut seen = std::collections::BTreeSet::new();
        for row in rows {
            if row.card_number.is_none() && row.from.is_none() && row.to.is_none() {
                taken.empty += 1;
                continue;
            }
            match self.card(row, &by_key) {
                Ok(card) if seen.insert(card.person) => taken.cards.push(card),
                Ok(_) => taken.refused.push(Refused { row: row.number, why: Why::Twice }),
                Err(why) => taken.refused.push(Refused { row: row.number, why }),
            }
        }
    }

    fn card(&self, row: &SheetRow, by_key: &BTreeMap<String, &Pupil>) -> Result<ToldCard, Why> {
        let pupil = by_key.get(row.key.as_str()).ok_or(Why::Unknown)?;
        if pupil.version(self.answers.get(&pupil.person)) != row.version {
            return Err(Why::Stale);
        }
        let (Some(number), Some(to)) = (&row.card_number, row.to) else { return Err(Why::Incomplete) };
        let number: String = number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        card_number(&number)?;
        if to < self.as_of {
            return Err(Why::Ended);
        }
        Ok(ToldCard { person: pupil.person, card_number: number, valid_from: row.from, valid_to: to })
    }
}

/// A card number of fifteen characters (two letters, thirteen digits) or the ten digits that new cards show.
fn card_number(number: &str) -> Result<(), Why> {
    // Army, police, cipher service: nothing of their cards is held (practice E9).
    if ["QN", "CA", "CY"].iter().any(|own| number.starts_with(own)) {
        return Err(Why::ArmedForces);
    }
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let long = number.get(..2).is_some_and(|head| head.bytes().all(|b| b.is_ascii_uppercase()))
        && number.get(2..).is_some_and(|rest| digits(rest, 13));
    if long || digits(number, 10) { Ok(()) } else { Err(Why::Number) }
}

/// A row of the sheet as it was read.
#[derive(Debug, Default)]
struct SheetRow {
    /// Row of the file as Excel shows it.
    number: i64,
    key: String,
    version: String,
    card_number: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
}

impl SheetRow {
    fn of(chunk: &intake::Chunk, at: usize) -> Self {
        let text = |name: &str| match chunk.column(name) {
            Some(Values::Text(values)) => values.get(at).cloned().flatten(),
            _ => None,
        };
        let date = |name: &str| match chunk.column(name) {
            Some(Values::Date(values)) => values.get(at).copied().flatten().and_then(Date::from_days_since_epoch),
            _ => None,
        };
        let number = match chunk.column("source_row") {
            Some(Values::Int(values)) => values.get(at).copied().flatten().unwrap_or(0),
            _ => 0,
        };
        Self {
            number,
            key: text("row_key").unwrap_or_default(),
            version: text("row_version").unwrap_or_default(),
            card_number: text("card_number"),
            from: date("valid_from"),
            to: date("valid_to"),
        }
    }
}

fn result(l: Locale, taken: &Taken, added: usize) -> SafeHtml {
    let counts = [
        ("rows", (taken.rows as i64).into()),
        ("added", (added as i64).into()),
        ("empty", (taken.empty as i64).into()),
        ("refused", (taken.refused.len() as i64).into()),
    ];
    let mut body = paragraph(SafeHtml::text(&l.t_args("school-result", &counts)));
    body.push(note(NoteKind::Info, &l.t("school-word-title"), SafeHtml::text(&l.t("school-word"))));
    if !taken.refused.is_empty() {
        let head = vec![Column::text(l.t("school-result-row")), Column::text(l.t("school-result-why"))];
        let rows = taken
            .refused
            .iter()
            .map(|refused| Row::new(vec![Cell::text(l.number(refused.row)), Cell::text(why(l, refused.why))]));
        let title = l.t("school-result-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    body
}

fn why(l: Locale, why: Why) -> String {
    match why {
        Why::Unknown => l.t("school-why-unknown"),
        Why::Stale => l.t("school-why-stale"),
        Why::Twice => l.t("school-why-twice"),
        Why::Incomplete => l.t("school-why-incomplete"),
        Why::Number => l.t("school-why-number"),
        Why::ArmedForces => l.t("school-why-armed"),
        Why::Ended => l.t("school-why-ended"),
        Why::Cell(reason) if l.lang() == Lang::En => reason.en().to_owned(),
        Why::Cell(reason) => reason.vi().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use base::CommuneCode;
    use base::places::Places;
    use documents::sheet::{Cell, Column, Language, Moment, Provenance, Sheet, write_xlsx};

    use super::super::pupils::Standing;
    use super::super::sheet::{KEY, VERSION};
    use super::*;
    use crate::schools::{Counts, class_key, key};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn school() -> (School, Class) {
        let key = key(&["01", "THCS Mẫu"]);
        let class = Class { key: class_key(&key, "6A"), name: "6A".into(), counts: Counts::default() };
        let school = School {
            key,
            code: "01".into(),
            name: "THCS Mẫu".into(),
            commune: CommuneCode::parse("00004"),
            school_year: "2026-2027".into(),
            classes: vec![class.clone()],
        };
        (school, class)
    }

    fn pupil(person: i64, standing: Standing) -> Pupil {
        Pupil { person, name: format!("Trần Mẫu {person}"), born: None, commune: None, standing }
    }

    /// A sheet as Excel gives it back: key, version, name and what the school wrote.
    fn sheet(rows: Vec<[String; 5]>) -> Vec<u8> {
        let columns = vec![
            Column::hidden(KEY),
            Column::hidden(VERSION),
            Column::new("Họ và tên", 20),
            Column::new("Đã có thẻ: số thẻ", 20),
            Column::new("Đã có thẻ: từ ngày", 12),
            Column::new("Đã có thẻ: đến ngày", 12),
        ];
        let cells = |[key, version, number, from, to]: [String; 5]| {
            [key, version, "Trần Mẫu".into(), number, from, to].map(Cell::Text).to_vec()
        };
        let provenance = Provenance {
            language: Language::Vi,
            filter: "lớp 6A".into(),
            as_of: day("2026-10-31"),
            exported_by: "u-city, BHXH".into(),
            purpose: "rà soát".into(),
            exported_at: Moment { date: day("2026-11-02"), hour: 8, minute: 0, second: 0 },
        };
        let rows = rows.into_iter().map(cells).collect();
        let (name, title, footer) = ("Lớp".into(), vec!["Lớp 6A".into()], Vec::new());
        write_xlsx(&Sheet { name, title, columns, rows, footer, provenance }).unwrap()
    }

    #[test]
    fn rows_are_checked_one_by_one_and_stale_and_unknown_ones_refused() {
        let (school, class) = school();
        let pupils: Vec<Pupil> = (1..=8).map(|n| pupil(n, Standing::Without)).collect();
        let answers = Answers::new();
        let known = Known { school: &school, class: &class, pupils: &pupils, answers: &answers, as_of: day("2026-10-31") };
        let row = |n: usize, number: &str, from: &str, to: &str| {
            let pupil = &pupils[n - 1];
            [pupil.key(&school, &class), pupil.version(None), number.into(), from.into(), to.into()]
        };
        let mut old = row(3, "HS4010000000031", "01/10/2026", "30/09/2027");
        old[1] = pupil(3, Standing::Card).version(None);
        let mut other = row(4, "HS4010000000048", "", "30/09/2027");
        other[0] = "p0123456789abcdef".into();
        let bytes = sheet(vec![
            row(1, "hs4 010 0000000 17", "01/10/2026", "30/09/2027"),
            row(2, "", "", ""),
            old,
            other,
            row(5, "CA4010000000055", "", "30/09/2027"),
            row(6, "0123456789", "", "30/09/2026"),
            row(7, "12345", "", "31/12/2027"),
            row(8, "0123456789", "01/10/2026", "30/02/2027"),
            row(1, "HS4010000000017", "", "30/09/2027"),
        ]);
        let taken = known.read(bytes, &Places::default()).unwrap();
        let people: Vec<(i64, &str)> = taken.cards.iter().map(|c| (c.person, c.card_number.as_str())).collect();
        assert_eq!(people, [(1, "HS4010000000017")]);
        assert_eq!((taken.rows, taken.empty), (9, 1));
        let whys: Vec<Why> = taken.refused.iter().map(|r| r.why).collect();
        let wanted =
            [Why::Stale, Why::Unknown, Why::ArmedForces, Why::Ended, Why::Number, Why::Cell(RejectReason::BadDate), Why::Twice];
        assert_eq!(whys, wanted);
        // Rows are named as Excel shows them: title, empty row, header, then the pupils.
        assert_eq!(taken.refused[0].row, 6);
    }

    #[test]
    fn a_file_that_is_no_sheet_of_this_portal_is_refused_whole() {
        let (school, class) = school();
        let known = Known { school: &school, class: &class, pupils: &[], answers: &Answers::new(), as_of: day("2026-10-31") };
        assert_eq!(known.read(b"Ho ten,Lop\nA,B\n".to_vec(), &Places::default()), Err(()));
    }
}
