//! Claims of the city's facilities for a month: visits, lines, results and papers, with their truth.
//!
//! # How a month of claims is made
//!
//! 1. [`facilities`]: stations, polyclinics and hospitals in proportion to the city.
//! 2. [`people`]: who has a card that holds, who comes, where and why, drawn from (seed, person, month).
//! 3. [`schemes`]: planted cases and honest look-alikes change or add plans of visits.
//! 4. [`schedule`] and [`content`]: facility by facility, what was done in each visit, by whom, on which machine, in
//!    which bed; then the money ([`money`], [`visit`]).
//! 5. [`faults`]: about one visit in a hundred gets a fault in a single row.
//! 6. [`render`], [`xml`]: tables, papers, envelopes; large cities hand over [`tables`] instead.
//!
//! # What is written
//!
//! - `claims/PERIOD/01011_0001.xml`: envelopes of a facility and day with up to 500 dossiers; of every odd shape of
//!   [`xml::Shape`] a few. Above scale 0.1: `claims/PERIOD/parquet/visits`, `lines`, `results`, all cells as sent.
//! - `claims/catalogue/*_catalogue.csv`: facilities, departments, staff, drugs, services, supplies, beds, machines,
//!   diseases, and what services hold other services. A visit that is not marked passes every rule when they are loaded.
//! - `truth/claims_PERIOD.csv`: planted cases, a row for each rule that should find one; the đồng at stake stand in
//!   one row of a case. `claims_lookalike_PERIOD.csv`: the honest ones. `claims_broken_PERIOD.csv`: dossiers cut off.
//!
//! A month holds the visits that were sent in it: those of drugs over weeks (forms 02, 05, 07) on the day of the
//! examination, all others on the day of discharge.

pub mod catalogue;
pub(crate) mod columns;
pub mod content;
pub mod facilities;
pub mod faults;
pub mod lists;
pub mod money;
pub(crate) mod papers;
pub mod people;
pub(crate) mod person;
pub mod plan;
pub mod render;
pub(crate) mod results;
pub mod schedule;
pub mod schemes;
pub mod stamp;
pub mod tables;
pub mod truth;
pub mod visit;
pub mod xml;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::calendar::{self, MonthIndex};
use crate::claims::catalogue::Used;
use crate::claims::facilities::{Facilities, Facility};
use crate::claims::lists::Lists;
use crate::claims::people::People;
use crate::claims::plan::{Month, Plan};
use crate::claims::render::{Render, Table};
use crate::claims::tables::{MonthTables, TableMaker};
use crate::claims::truth::Truth;
use crate::claims::visit::{Item, Line, Visit};
use crate::claims::xml::{Envelope, Shape};
use crate::error::CityError;
use crate::generate::Config;
use crate::world::World;

/// Dossiers of one file.
const BATCH: usize = 500;
/// Facilities worked on at once; bounds the memory.
const GROUP: usize = 16;
/// Visits turned into tables at once.
const RENDERED: usize = 4_096;
/// Visits among 100,000 with a fault in a row.
const FAULTY: u32 = 1_000;
/// Up to this size claims are files.
const FILES_TO_SCALE: f64 = 0.1;

/// What was written of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsSummary {
    /// Month, `2026-10`.
    pub period: String,
    /// Facilities that sent anything.
    pub facilities: u64,
    /// Claim files; 0 when tables were written.
    pub files: u64,
    /// Dossiers, those cut off not among them.
    pub visits: u64,
    /// Lines of XML2 and XML3.
    pub lines: u64,
    /// Rows of XML4.
    pub results: u64,
    /// Truth rows of planted cases.
    pub planted: u64,
    /// Truth rows of look-alikes.
    pub lookalikes: u64,
}

/// Adds claims to a city that [`crate::generate`] has written; without `schemes` nothing is planted.
///
/// The same configuration writes the same bytes, whatever the number of threads and the folder.
pub fn generate(
    config: &Config,
    schemes: bool,
    mut tables: Option<&mut dyn TableMaker>,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<Vec<ClaimsSummary>, CityError> {
    let world = World::plan(config.scale, config.seed)?;
    let lists = Lists::load()?;
    let facilities = Facilities::plan(&world, config.scale);
    let folder = config.out.join("claims");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).map_err(CityError::io(&folder))?;
    }
    let truth = config.out.join("truth");
    std::fs::create_dir_all(&truth).map_err(CityError::io(&truth))?;
    let mut used = Used::default();
    let mut summaries = Vec::new();
    for n in 0..config.months {
        let month = config.from.index() + n as i32;
        let job = Job { world: &world, lists: &lists, facilities: &facilities, month, schemes };
        let out = folder.join(calendar::period(month));
        std::fs::create_dir_all(&out).map_err(CityError::io(&out))?;
        let sink = match &mut tables {
            Some(maker) if config.scale > FILES_TO_SCALE => {
                Sink::Tables(MonthTables::create(&out.join("parquet"), &mut **maker)?)
            }
            _ => Sink::Files(out),
        };
        let (summary, of_month) = job.write(sink, &truth, progress)?;
        used.join(of_month);
        summaries.push(summary);
    }
    catalogue::write_all(&folder.join("catalogue"), &world, &facilities, &lists, &used)?;
    Ok(summaries)
}

/// Where dossiers go.
enum Sink {
    Files(PathBuf),
    Tables(MonthTables),
}

/// A month of claims to be made.
struct Job<'a> {
    world: &'a World,
    lists: &'a Lists,
    facilities: &'a Facilities,
    month: MonthIndex,
    schemes: bool,
}

/// What one facility gives.
struct Made<'m> {
    visits: Vec<Visit<'m>>,
    truth: Truth,
    used: Used,
}

impl Job<'_> {
    fn write(
        &self,
        mut sink: Sink,
        truth_folder: &Path,
        progress: &mut dyn FnMut(&str, u64, u64),
    ) -> Result<(ClaimsSummary, Used), CityError> {
        let period = calendar::period(self.month);
        let month = self.plans();
        let mut by_facility: Vec<Vec<&Plan>> = vec![Vec::new(); self.facilities.list.len()];
        for plan in &month.plans {
            by_facility[plan.facility].push(plan);
        }
        let mut summary = ClaimsSummary { period: period.clone(), ..ClaimsSummary::default() };
        let (mut truth, mut used) = (Truth::default(), Used::default());
        let groups: Vec<&[Facility]> = self.facilities.list.chunks(GROUP).collect();
        for (nth, group) in groups.iter().enumerate() {
            progress(&format!("claims {period}"), nth as u64, groups.len() as u64);
            let made: Vec<Made> =
                group.par_iter().map(|facility| self.facility(facility, &by_facility[facility.number], &month)).collect();
            for (facility, mut made) in group.iter().zip(made) {
                summary.facilities += u64::from(!made.visits.is_empty());
                summary.visits += made.visits.len() as u64;
                summary.lines += made.visits.iter().map(|visit| visit.lines.len() as u64).sum::<u64>();
                self.send(facility, &mut made, &mut sink, &mut summary)?;
                truth.join(&made.truth);
                used.join(made.used);
            }
        }
        progress(&format!("claims {period}"), groups.len() as u64, groups.len() as u64);
        if let Sink::Tables(tables) = sink {
            tables.close()?;
        }
        truth.write(truth_folder, &period)?;
        (summary.planted, summary.lookalikes) = (truth.planted_rows, truth.honest_rows);
        Ok((summary, used))
    }

    /// Everything planned for the month, schemes among it.
    fn plans(&self) -> Month {
        let people = People::new(self.world, self.month, self.lists, self.facilities);
        let mut month = people.draw();
        schemes::plant(&mut month, &people, self.schemes);
        month
    }

    /// The visits of a facility with faults and money.
    fn facility<'m>(&self, facility: &'m Facility, plans: &[&'m Plan], month: &'m Month) -> Made<'m>
    where
        Self: 'm,
    {
        let mut visits = schedule::visits(facility, plans, &month.patients, self.lists);
        let dialysis = self.lists.service("dialysis");
        let is_dialysis = |line: &Line| line.item == Item::Service(dialysis);
        let (mut truth, mut used) = (Truth::default(), Used::default());
        let start = calendar::first(self.month);
        for (nth, visit) in visits.iter_mut().enumerate() {
            visit.link = format!("{}{:02}{:02}{:06}", facility.code, start.year() % 100, start.month_number(), nth + 1);
            visit.work_out(is_dialysis);
            // Those at work are noted before a fault names somebody unknown.
            used.note(visit, self.lists);
            let draw = visit.plan.draw.of("fault");
            let plain = visit.marks.is_empty() && visit.plan.asks.is_empty();
            if self.schemes && plain && draw.chance(FAULTY) && faults::plant(visit, self.lists, draw) {
                visit.lines.sort_by_key(|line| (!line.is_drug(), line.times[0]));
                visit.work_out(is_dialysis);
            }
            truth.visit(visit, self.lists);
        }
        Made { visits, truth, used }
    }

    /// Hands the dossiers of a facility over.
    fn send(&self, facility: &Facility, made: &mut Made, sink: &mut Sink, summary: &mut ClaimsSummary) -> Result<(), CityError> {
        let render = Render { world: self.world, lists: self.lists, facilities: self.facilities };
        match sink {
            Sink::Tables(tables) => {
                for part in made.visits.chunks(RENDERED) {
                    let dossiers: Vec<Vec<Table>> = part.par_iter().map(|visit| render.dossier(visit)).collect();
                    for dossier in &dossiers {
                        summary.results += results(dossier);
                        tables.add(&facility.code, dossier)?;
                    }
                }
            }
            Sink::Files(folder) => {
                let batches = batches(&made.visits);
                let written: Vec<(u64, Option<(String, usize)>)> = batches
                    .par_iter()
                    .enumerate()
                    .map(|(nth, (day, visits))| {
                        let dossiers: Vec<Vec<Table>> = visits.iter().map(|visit| render.dossier(visit)).collect();
                        let name = format!("{}_{:04}.xml", facility.code, nth + 1);
                        let shape = shape(facility, nth);
                        let short = facility.number.is_multiple_of(2);
                        let envelope = Envelope { facility: &facility.code, day: stamp::day(*day), shape, short };
                        let (bytes, broken) = xml::file(&envelope, &dossiers);
                        let path = folder.join(&name);
                        std::fs::write(&path, bytes).map_err(CityError::io(&path))?;
                        Ok((dossiers.iter().map(|dossier| results(dossier)).sum::<u64>(), broken.map(|number| (name, number))))
                    })
                    .collect::<Result<_, CityError>>()?;
                summary.files += written.len() as u64;
                for (rows, broken) in written {
                    summary.results += rows;
                    if let Some((file, number)) = broken {
                        made.truth.broken(&file, number);
                    }
                }
            }
        }
        Ok(())
    }
}

fn results(dossier: &[Table]) -> u64 {
    dossier.iter().filter(|table| table.name == "XML4").map(|table| table.rows.len() as u64).sum()
}

/// The visits of a facility by the day they are sent on, in batches.
fn batches<'v, 'm>(visits: &'v [Visit<'m>]) -> Vec<(i32, &'v [Visit<'m>])> {
    let days = visits.chunk_by(|a, b| a.plan.leaves_on() == b.plan.leaves_on());
    days.flat_map(|day| day.chunks(BATCH).map(|batch| (batch[0].plan.leaves_on(), batch))).collect()
}

/// The first file of every third facility is an odd one.
fn shape(facility: &Facility, file: usize) -> Shape {
    if file == 0 && facility.number % 3 == 2 { Shape::ODD[facility.number / 3 % Shape::ODD.len()] } else { Shape::Usual }
}
