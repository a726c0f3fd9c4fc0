//! The copy of what is held about a person, for the person: every row of the newest run and of the desk that is about them, how their roster
//! rows were linked, and who looked. Long lists of name and value, so that a clerk can read it to somebody at a counter.

mod desk_rows;
mod links;
mod run_rows;

use std::collections::BTreeSet;

use chapter::{App, PageError, Viewer};
use desk::{Permission, WhoLooked};
use documents::sheet::{Cell, Column, Language, Provenance, Sheet};
use web::{Lang, Locale};

use crate::pages::report::moment;
use crate::register::Register;
use crate::stays::Stays;

/// A line of the copy: what it belongs to, which row of it, what it says.
pub(crate) struct Line {
    pub(crate) of: String,
    pub(crate) row: usize,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The parts of a copy, one tab each.
pub(crate) struct PersonCopy {
    run: Vec<Line>,
    rosters: Vec<Line>,
    links: Vec<Line>,
    desk: Vec<Line>,
    looks: Vec<Line>,
    /// Columns that were left out, in words.
    left_out: Vec<String>,
}

impl PersonCopy {
    /// Reads everything about a person. The caller writes the audit event before it leaves.
    pub(crate) async fn read(app: &App, viewer: &Viewer, person: i64) -> Result<Self, PageError> {
        let l = app.locale(viewer);
        let stays = Stays::open(app).await?;
        let visits: BTreeSet<i64> = stays.of_person(person).await?;
        let held = app.desk.held_about(&viewer.scope, person, &visits).await.map_err(PageError::desk)?;
        let told = app.desk.who_looked(&viewer.scope, person, &visits, 0).await.map_err(PageError::desk)?;
        let mut copy = Self {
            run: Vec::new(),
            rosters: Vec::new(),
            links: Vec::new(),
            desk: desk_rows::lines(app, l, &held),
            looks: looks(app, l, &told).await?,
            left_out: Vec::new(),
        };
        if let Some(register) = Register::open(app).await? {
            let secret = desk::may(&viewer.scope, Permission::ViewEmployeeFindings);
            let asked = run_rows::Asked { person, visits: &visits, secret };
            let inner = |e: engine::EngineError| PageError::inner(&e);
            (copy.run, copy.left_out) = run_rows::lines(app, l, &register, &asked).await.map_err(inner)?;
            copy.links = links::lines(l, &register, person).await.map_err(inner)?;
            copy.rosters = links::roster_rows(app, l, &register, person, secret).await?;
        }
        Ok(copy)
    }

    /// How many rows it holds.
    pub(crate) fn rows(&self) -> usize {
        let parts = [&self.run, &self.rosters, &self.links, &self.desk, &self.looks];
        parts.iter().map(|part| part.iter().map(|line| (&line.of, line.row)).collect::<BTreeSet<_>>().len()).sum()
    }

    /// The workbook: one tab a part, each saying who took it out, when and for what.
    pub(crate) fn sheets(&self, app: &App, viewer: &Viewer, person: i64) -> Vec<Sheet> {
        let l = app.locale(viewer);
        let number = format!("P{person}");
        let title = l.t_args("privacy-copy-title", &[("person", number.as_str().into())]);
        let mut footer = vec![l.t("privacy-copy-foot")];
        footer.extend(self.left_out.iter().cloned());
        let sheet = |key: &str, lines: &[Line]| Sheet {
            name: l.t(key),
            title: vec![title.clone(), l.t("privacy-copy-what")],
            columns: vec![
                Column::new(l.t("privacy-copy-of"), 34),
                Column::new(l.t("privacy-copy-row"), 8),
                Column::new(l.t("privacy-copy-name"), 44),
                Column::new(l.t("privacy-copy-value"), 60),
            ],
            rows: lines.iter().map(cells).collect(),
            footer: footer.clone(),
            provenance: provenance(app, viewer, l, &number),
        };
        vec![
            sheet("privacy-copy-run", &self.run),
            sheet("privacy-copy-rosters", &self.rosters),
            sheet("privacy-copy-links", &self.links),
            sheet("privacy-copy-desk", &self.desk),
            sheet("privacy-copy-looks", &self.looks),
        ]
    }
}

fn cells(line: &Line) -> Vec<Cell> {
    let row = i64::try_from(line.row).unwrap_or(i64::MAX);
    vec![Cell::from(line.of.as_str()), Cell::from(row), Cell::from(line.name.as_str()), Cell::from(line.value.as_str())]
}

fn provenance(app: &App, viewer: &Viewer, l: Locale, number: &str) -> Provenance {
    Provenance {
        language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
        filter: l.t_args("privacy-copy-filter", &[("person", number.into())]),
        as_of: app.today(),
        exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: l.t("privacy-copy-purpose"),
        exported_at: moment((app.clock)(), app.today()),
    }
}

/// Who looked, as the page for the person tells it.
async fn looks(app: &App, l: Locale<'_>, told: &WhoLooked) -> Result<Vec<Line>, PageError> {
    use crate::words;
    let units = crate::pages::units(app).await?;
    let unit = |id: &str| units.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let of = l.t("privacy-copy-looks");
    let mut lines = Vec::new();
    for (row, look) in (1..).zip(&told.looks) {
        let mut fields = vec![
            ("privacy-column-when", words::moment(l, look.at)),
            ("privacy-column-unit", unit(&look.unit)),
            ("privacy-report-column-role", words::desk_role(l, &look.role)),
            ("privacy-column-action", words::action(l, &look.action)),
            ("privacy-column-purpose", words::desk_purpose(l, &look.purpose)),
        ];
        fields.extend(look.handed_to.as_ref().map(|to| ("privacy-reach-organisation", unit(to))));
        lines.extend(fields.into_iter().map(|(key, value)| Line { of: of.clone(), row, name: l.t(key), value }));
    }
    Ok(lines)
}
