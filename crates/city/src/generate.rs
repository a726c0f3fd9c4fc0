//! Making a city: month by month, commune by commune, a few thousand households at a time.

use std::ops::Range;
use std::path::{Path, PathBuf};

use base::Month;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::calendar::{self, MonthIndex};
use crate::chunk::{Chunk, Job};
use crate::error::CityError;
use crate::life::wages;
use crate::rosters::{self, Profiles, Row, pupils};
use crate::schools::Enrolment;
use crate::world::World;
use crate::write::csv::{CsvFile, Line};
use crate::write::truth::TruthFiles;
use crate::write::xlsx::{self, Part, Parts};

/// What city to make.
#[derive(Debug, Clone)]
pub struct Config {
    /// Size; 1 is Hà Nội with 8.8 million people.
    pub scale: f64,
    /// Another seed is another city.
    pub seed: u64,
    /// First month to write, from 2026-01 on.
    pub from: Month,
    /// How many months, at least one; the last one is 2030-12 at most.
    pub months: u32,
    /// Folder to write into: empty, new, or of an earlier city, which is then replaced.
    pub out: PathBuf,
}

/// One written roster file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Month, `2026-10`.
    pub period: String,
    /// Roster, e.g. `bhyt_card`.
    pub roster: String,
    /// File name within `rosters/<period>`.
    pub file: String,
    /// Data rows, broken and repeated ones too.
    pub rows: u64,
}

/// One written month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodSummary {
    /// Month, `2026-10`.
    pub period: String,
    /// People who live in the city at its end.
    pub people: u64,
    /// Of them, covered by a card on its last day.
    pub covered: u64,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The months.
    pub periods: Vec<PeriodSummary>,
    /// The roster files of all months.
    pub files: Vec<FileSummary>,
}

/// `truth/meta.json`.
#[derive(Debug, Serialize)]
struct Meta<'a> {
    schema: u32,
    generator: &'static str,
    scale: f64,
    seed: u64,
    from: Month,
    months: u32,
    complete: bool,
    summary: &'a Summary,
}

/// Households drawn as one piece of work.
const CHUNK: u64 = 1_024;
/// Pieces drawn before their rows are written; bounds the memory.
const WAVE: usize = 24;
/// First and last month a city can be drawn for.
const MONTHS: (MonthIndex, MonthIndex) = (calendar::BASE, calendar::month(2030, 12));

/// Makes the city and writes its rosters and truth; `progress` is told (step, done, total).
///
/// The same configuration writes the same bytes, whatever the number of threads and the folder.
pub fn generate(config: &Config, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<Summary, CityError> {
    check(config)?;
    let truth = config.out.join("truth");
    let rosters = config.out.join("rosters");
    clear(&config.out, &[&truth, &rosters])?;
    let mut summary = Summary::default();
    write_meta(config, &truth, &summary, false)?;
    progress("plan", 0, 1);
    let world = World::plan(config.scale, config.seed)?;
    progress("plan", 1, 1);
    let profiles = Profiles::load()?;
    for n in 0..config.months {
        let month = config.from.plus(n as i32);
        let folder = rosters.join(month.to_string());
        std::fs::create_dir_all(&folder).map_err(CityError::io(&folder))?;
        let job =
            Job { world: &world, profiles: &profiles, month: month.index(), separator: rosters::cards::separator(month.index()) };
        MonthFiles::create(&job, &folder, &truth, month.to_string())?.write(&mut summary, progress)?;
    }
    write_meta(config, &truth, &summary, true)?;
    Ok(summary)
}

fn check(config: &Config) -> Result<(), CityError> {
    let refuse = |what: &str| Err(CityError::Config { what: what.to_owned() });
    if !(0.00001..=1.1).contains(&config.scale) {
        return refuse("Quy mô (--scale) phải từ 0.00001 đến 1.1");
    }
    let last = config.from.index().saturating_add(i32::try_from(config.months).unwrap_or(i32::MAX)).saturating_sub(1);
    if config.months == 0 || config.from.index() < MONTHS.0 || last > MONTHS.1 {
        return refuse("Kỳ dữ liệu phải từ 2026-01 đến 2030-12, ít nhất một tháng");
    }
    Ok(())
}

/// Removes what an earlier city left; refuses a folder that holds anything else.
fn clear(out: &Path, parts: &[&Path]) -> Result<(), CityError> {
    let entries = match std::fs::read_dir(out) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>().map_err(CityError::io(out))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(CityError::io(out)(error)),
    };
    let ours = out.join("truth").join("meta.json").is_file();
    if !entries.is_empty() && !ours {
        return Err(CityError::ForeignFolder { folder: out.display().to_string() });
    }
    for part in parts {
        if part.is_dir() {
            std::fs::remove_dir_all(part).map_err(CityError::io(part))?;
        }
        std::fs::create_dir_all(part).map_err(CityError::io(part))?;
    }
    Ok(())
}

fn write_meta(config: &Config, truth: &Path, summary: &Summary, complete: bool) -> Result<(), CityError> {
    let meta = Meta {
        schema: 1,
        generator: concat!("ansinh city ", env!("CARGO_PKG_VERSION"), ", cut 1"),
        scale: config.scale,
        seed: config.seed,
        from: config.from,
        months: config.months,
        complete,
        summary,
    };
    let path = truth.join("meta.json");
    let text = serde_json::to_string_pretty(&meta).map_err(|e| CityError::io(&path)(e.into()))?;
    std::fs::write(&path, text + "\n").map_err(CityError::io(&path))
}

/// The files of one month while they are written.
struct MonthFiles<'a> {
    job: &'a Job<'a>,
    folder: PathBuf,
    period: String,
    population: CsvFile,
    cards: CsvFile,
    bhxh: Parts,
    tax: Option<Parts>,
    truth: TruthFiles,
    files: Vec<FileSummary>,
    people: u64,
    covered: u64,
}

impl<'a> MonthFiles<'a> {
    fn create(job: &'a Job<'a>, folder: &Path, truth: &Path, period: String) -> Result<Self, CityError> {
        let population = folder.join(rosters::population::file_name(&period));
        let cards = folder.join(rosters::cards::file_name(&period));
        let tax = wages::settled_year(job.month)
            .map(|year| Parts::new(folder, rosters::tax::file_stem(year), rosters::tax::form(year)));
        Ok(Self {
            job,
            folder: folder.to_owned(),
            population: CsvFile::create(&population, rosters::population::HEADER, true)?,
            cards: CsvFile::create(&cards, &rosters::cards::header(job.separator), false)?,
            bhxh: Parts::new(folder, rosters::bhxh::file_stem(&period), rosters::bhxh::form(job.month)),
            tax,
            truth: TruthFiles::create(truth, &period)?,
            period,
            files: Vec::new(),
            people: 0,
            covered: 0,
        })
    }

    /// Draws and writes everything, place by place.
    fn write(mut self, summary: &mut Summary, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<(), CityError> {
        let world = self.job.world;
        let pieces: Vec<(usize, Range<u64>)> = (0..world.places.len())
            .flat_map(|place| {
                let (first, end) = (world.places[place].first, world.places[place].first + world.places[place].homes);
                (first..end).step_by(CHUNK as usize).map(move |start| (place, start..(start + CHUNK).min(end)))
            })
            .collect();
        let mut lists: Lists = (0, Vec::new());
        let total = pieces.len() as u64;
        for (wave, work) in pieces.chunks(WAVE).enumerate() {
            progress(&self.period, (wave * WAVE) as u64, total);
            let chunks: Vec<Chunk> = work.par_iter().map(|(_, range)| self.job.chunk(range.clone())).collect();
            let mut closed = Vec::new();
            for ((place, _), mut chunk) in work.iter().zip(chunks) {
                if lists.0 != *place {
                    closed.push(std::mem::replace(&mut lists, (*place, Vec::new())));
                }
                lists.1.append(&mut chunk.pupils);
                self.take(chunk)?;
            }
            self.schools(closed)?;
        }
        self.schools(vec![lists])?;
        progress(&self.period, total, total);
        self.finish(summary)
    }

    /// Writes the rows of a piece.
    fn take(&mut self, chunk: Chunk) -> Result<(), CityError> {
        self.truth.people(&chunk.people, &chunk.not_covered)?;
        self.people += chunk.living;
        self.covered += chunk.covered;
        let lines: [(&str, String, &mut CsvFile, Vec<Line>); 2] = [
            ("population", rosters::population::file_name(&self.period), &mut self.population, chunk.population),
            ("bhyt_card", rosters::cards::file_name(&self.period), &mut self.cards, chunk.cards),
        ];
        for (roster, name, file, rows) in lines {
            for line in rows {
                let number = file.row(&line)?;
                self.truth.row(roster, &name, number, line.person, line.broken)?;
            }
        }
        let done = self.bhxh.add(chunk.bhxh)?;
        let first = self.bhxh.first_row();
        self.parts("bhxh_participation", first, done)?;
        if let Some(tax) = &mut self.tax {
            let done = tax.add(chunk.tax)?;
            let first = tax.first_row();
            self.parts("tax_settlement", first, done)?;
        }
        Ok(())
    }

    /// Notes the truth of written workbooks.
    fn parts(&mut self, roster: &str, first: u64, parts: Vec<Part>) -> Result<(), CityError> {
        for (file, rows) in parts {
            for (at, row) in rows.iter().enumerate() {
                self.truth.row(roster, &file, first + at as u64, row.person, row.broken)?;
            }
            self.note(roster, file, rows.len() as u64);
        }
        Ok(())
    }

    fn note(&mut self, roster: &str, file: String, rows: u64) {
        self.files.push(FileSummary { period: self.period.clone(), roster: roster.to_owned(), file, rows });
    }

    /// Writes the lists of the schools of finished communes.
    fn schools(&mut self, closed: Vec<Lists>) -> Result<(), CityError> {
        let (world, month) = (self.job.world, self.job.month);
        let mut books = Vec::new();
        for (place, pupils) in closed {
            let mut by_school: Vec<Vec<(Enrolment, Row)>> = world.places[place].schools.iter().map(|_| Vec::new()).collect();
            for pupil in pupils {
                by_school[pupil.0.school].push(pupil);
            }
            for (school, mut list) in world.places[place].schools.iter().zip(by_school) {
                list.sort_by_key(|(enrolment, row)| (enrolment.grade, enrolment.section, row.person));
                let rows: Vec<Row> = list.into_iter().map(|(_, row)| row).collect();
                if !rows.is_empty() {
                    books.push((school, rows));
                }
            }
        }
        let written: Result<Vec<(u64, Part)>, CityError> = books
            .into_par_iter()
            .map(|(school, rows)| {
                let form = pupils::form(school, pupils::style(&world.random, school), month);
                let name = pupils::file_name(school, calendar::school_year(month));
                xlsx::save(&self.folder, &name, &form, &rows)?;
                Ok((xlsx::first_row(&form), (name, rows)))
            })
            .collect();
        for (first, part) in written? {
            self.parts("pupils", first, vec![part])?;
        }
        Ok(())
    }

    fn finish(mut self, summary: &mut Summary) -> Result<(), CityError> {
        let done = self.bhxh.finish()?;
        let first = self.bhxh.first_row();
        self.parts("bhxh_participation", first, done)?;
        if let Some(mut tax) = self.tax.take() {
            let done = tax.finish()?;
            self.parts("tax_settlement", tax.first_row(), done)?;
        }
        let footer = [format!("Tổng số: {} thẻ", self.cards.rows()), "Người lập biểu".to_owned()];
        let cards = self.cards.finish(&footer)?;
        let population = self.population.finish(&[])?;
        self.truth.finish()?;
        let note = |roster: &str, file, rows| FileSummary { period: self.period.clone(), roster: roster.to_owned(), file, rows };
        self.files.push(note("population", rosters::population::file_name(&self.period), population));
        self.files.push(note("bhyt_card", rosters::cards::file_name(&self.period), cards));
        self.files.sort_by(|a, b| (&a.roster, &a.file).cmp(&(&b.roster, &b.file)));
        summary.files.append(&mut self.files);
        summary.periods.push(PeriodSummary { period: self.period, people: self.people, covered: self.covered });
        Ok(())
    }
}

/// A commune with the pupils collected for it so far.
type Lists = (usize, Vec<(Enrolment, Row)>);

#[cfg(test)]
mod tests {
    use super::*;

    fn config(out: &Path) -> Config {
        Config { scale: 0.0001, seed: 1, from: "2026-10".parse().unwrap(), months: 1, out: out.to_owned() }
    }

    #[test]
    fn refuses_months_and_sizes_it_cannot_draw() {
        let folder = tempfile::tempdir().unwrap();
        let good = config(folder.path());
        let bad = [
            Config { scale: 0.0, ..good.clone() },
            Config { scale: f64::NAN, ..good.clone() },
            Config { months: 0, ..good.clone() },
            Config { from: "2025-12".parse().unwrap(), ..good.clone() },
            Config { from: "2030-12".parse().unwrap(), months: 2, ..good.clone() },
        ];
        for config in bad {
            assert!(matches!(generate(&config, &mut |_, _, _| {}), Err(CityError::Config { .. })), "{config:?}");
        }
    }

    #[test]
    fn never_writes_over_a_foreign_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.docx"), "x").unwrap();
        assert!(matches!(generate(&config(folder.path()), &mut |_, _, _| {}), Err(CityError::ForeignFolder { .. })));
        assert!(folder.path().join("thesis.docx").is_file());
    }
}
