//! Making a city: month by month, commune by commune, a few thousand households at a time.

use std::ops::Range;
use std::path::{Path, PathBuf};

use base::Month;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::calendar::{self, MonthIndex};
use crate::chunk::{Chunk, Job};
use crate::error::CityError;
use crate::rosters::{CommuneSubject, REGISTRY, Roster, Until, View};
use crate::tally::{CommuneCount, Tally};
use crate::world::World;
use crate::write::outlet::{Drawn, Outlet};
use crate::write::truth::TruthFiles;

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
    /// Of them, covered on its last day, by a card of the city, of another province or of the armed forces.
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

/// Households, or employers, drawn as one piece of work.
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
    let loaded: Vec<Box<dyn Roster>> = REGISTRY.iter().map(|roster| (roster.load)()).collect::<Result<_, _>>()?;
    for n in 0..config.months {
        let view = View { world: &world, month: config.from.index() + n as i32 };
        let folder = rosters.join(view.period());
        std::fs::create_dir_all(&folder).map_err(CityError::io(&folder))?;
        MonthFiles::create(view, &loaded, &folder, &truth)?.write(&mut summary, progress)?;
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
    // Claims are added after the rosters; those of an earlier city go with it.
    let claims = out.join("claims");
    if claims.is_dir() {
        std::fs::remove_dir_all(&claims).map_err(CityError::io(&claims))?;
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
        generator: concat!("ansinh city ", env!("CARGO_PKG_VERSION"), ", cut 3"),
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

/// One month while it is written.
struct MonthFiles<'a> {
    job: Job<'a>,
    outlets: Vec<Outlet<'a>>,
    truth: TruthFiles,
    tally: Tally,
}

impl<'a> MonthFiles<'a> {
    fn create(view: View<'a>, rosters: &'a [Box<dyn Roster>], folder: &Path, truth: &Path) -> Result<Self, CityError> {
        let mut outlets = Vec::new();
        for (registered, roster) in REGISTRY.iter().zip(rosters) {
            outlets.extend(Outlet::create(registered, roster.as_ref(), view, folder)?);
        }
        let job = Job { view, rosters: outlets.iter().map(|o| (o.roster(), o.separator())).collect() };
        let tally = Tally::new(view.world.places.len(), view.world.employers.count());
        Ok(Self { job, outlets, truth: TruthFiles::create(truth, &view.period())?, tally })
    }

    /// Draws and writes everything: people place by place, then employers, then communes.
    fn write(mut self, summary: &mut Summary, progress: &mut dyn FnMut(&str, u64, u64)) -> Result<(), CityError> {
        let places = &self.job.view.world.places;
        let pieces: Vec<(usize, Range<u64>)> =
            places.iter().flat_map(|p| cut(p.first..p.first + p.homes).map(move |piece| (p.number, piece))).collect();
        let mut open = 0;
        let (period, total) = (self.job.view.period(), pieces.len() as u64);
        for (wave, work) in pieces.chunks(WAVE).enumerate() {
            progress(&period, (wave * WAVE) as u64, total);
            let chunks: Vec<Chunk> = work.par_iter().map(|(_, range)| self.job.chunk(range.clone())).collect();
            for ((place, _), chunk) in work.iter().zip(chunks) {
                if open != *place {
                    open = *place;
                    self.outlets.iter_mut().for_each(|o| o.close(Until::CommuneEnds));
                }
                self.truth.people(&chunk.people, &chunk.not_covered)?;
                self.tally.communes[*place].add(&chunk.count);
                self.truth.employers(&chunk.employers, &chunk.owners)?;
                chunk.works.iter().for_each(|work| self.tally.work(work, self.job.view.month));
                self.add(chunk.drawn)?;
            }
            self.write_closed()?;
        }
        self.outlets.iter_mut().for_each(|o| o.close(Until::CommuneEnds));
        self.employers()?;
        self.communes()?;
        progress(&period, total, total);
        self.finish(summary)
    }

    fn employers(&mut self) -> Result<(), CityError> {
        let pieces: Vec<Range<u64>> = cut(0..self.job.view.world.employers.count()).collect();
        for work in pieces.chunks(WAVE) {
            let drawn: Vec<(Vec<Drawn>, [String; 2])> =
                work.par_iter().map(|range| self.job.employers(range.clone(), &self.tally)).collect();
            for (drawn, [truth, found]) in drawn {
                self.truth.employers(&truth, "")?;
                self.truth.employer_findings(&found)?;
                self.add(drawn)?;
                self.outlets.iter_mut().for_each(|o| o.close(Until::CommuneEnds));
            }
            self.write_closed()?;
        }
        Ok(())
    }

    fn communes(&mut self) -> Result<(), CityError> {
        let view = self.job.view;
        let mut rows = Vec::new();
        for (place, count) in view.world.places.iter().zip(self.tally.communes.clone()) {
            let mut drawn = self.job.empty();
            let subject = CommuneSubject { view, place, count: &count };
            self.job.each(&mut drawn, &mut rows, |roster, rows| roster.commune(&subject, rows));
            self.add(drawn)?;
            self.outlets.iter_mut().for_each(|o| o.close(Until::CommuneEnds));
        }
        Ok(())
    }

    /// Writes the rows of a piece, roster by roster.
    fn add(&mut self, drawn: Vec<Drawn>) -> Result<(), CityError> {
        self.outlets.iter_mut().zip(drawn).try_for_each(|(outlet, drawn)| outlet.add(drawn, &mut self.truth))
    }

    fn write_closed(&mut self) -> Result<(), CityError> {
        self.outlets.iter_mut().try_for_each(|outlet| outlet.write_closed(&mut self.truth))
    }

    fn finish(mut self, summary: &mut Summary) -> Result<(), CityError> {
        let period = self.job.view.period();
        let mut files = Vec::new();
        for outlet in self.outlets {
            let roster = outlet.name();
            let written = outlet.finish(&mut self.truth)?.into_iter();
            files.extend(written.map(|(file, rows)| FileSummary {
                period: period.clone(),
                roster: roster.to_owned(),
                file,
                rows,
            }));
        }
        self.truth.finish()?;
        files.sort_by(|a, b| (&a.roster, &a.file).cmp(&(&b.roster, &b.file)));
        summary.files.append(&mut files);
        let CommuneCount { people, covered, .. } = self.tally.city();
        summary.periods.push(PeriodSummary { period, people, covered });
        Ok(())
    }
}

/// A range in pieces of work.
fn cut(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = range.end;
    range.step_by(CHUNK as usize).map(move |start| start..(start + CHUNK).min(end))
}

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
