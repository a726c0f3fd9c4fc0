//! `ansinh city …` and `ansinh city score`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Month;
use book::Book;
use city::{Config, Predicted, PredictedEmployerFinding, PredictedFinding, PredictedLink, Score};
use engine::rows;

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::progress::Terminal;
use crate::workshop::open_book;
use chapter::Progress;

/// What `city` is told.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    score: Option<Scoring>,
    /// Tỷ lệ so với Hà Nội thật: 1 là 8,8 triệu người, 0.01 là 88 nghìn
    #[arg(long, default_value_t = 0.01)]
    scale: f64,
    /// Số gieo: cùng số gieo thì cùng từng byte
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tháng đầu, dạng YYYY-MM
    #[arg(long, required = true)]
    from: Option<Month>,
    /// Số tháng
    #[arg(long, default_value_t = 1)]
    months: u32,
    /// Thư mục ra
    #[arg(long, required = true)]
    out: Option<PathBuf>,
    /// Làm cả hồ sơ đề nghị thanh toán chi phí khám bệnh, chữa bệnh BHYT
    #[arg(long)]
    claims: bool,
    /// Không cài trường hợp sai nào vào hồ sơ đề nghị thanh toán
    #[arg(long, requires = "claims")]
    no_schemes: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Scoring {
    /// Chấm lần chạy mới nhất theo sự thật
    Score {
        /// Thư mục sự thật (OUT/truth)
        #[arg(long)]
        truth: PathBuf,
    },
    /// Trả lời một tệp đối chiếu thay Công an hoặc hệ thống quốc gia, theo sự thật của thành phố mô phỏng
    Answer {
        /// Thư mục sự thật (OUT/truth)
        #[arg(long)]
        truth: PathBuf,
        /// Tệp do `exchange export` làm ra
        #[arg(long)]
        check: PathBuf,
        /// identity (Công an đối chiếu cư trú) hoặc lookup (tra cứu toàn quốc)
        #[arg(long)]
        kind: String,
        /// Thư mục ghi tệp trả lời
        #[arg(long)]
        out: PathBuf,
    },
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let Some(Scoring::Answer { truth, check, kind, out }) = &arguments.score {
        let asked = match coverage::exchange::Question::parse(kind) {
            Some(coverage::exchange::Question::Identity) => city::Asked::Police,
            Some(coverage::exchange::Question::Lookup) => city::Asked::National,
            None => return Err(Failure::usage("--kind là identity hoặc lookup")),
        };
        let answered = city::answer(out, truth, check, asked)?;
        output::print(environment.json, &answered, || format!("Đã trả lời {} dòng vào {}", answered.answered, out.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(Scoring::Score { truth }) = &arguments.score {
        let book = open_book(&environment.config)?;
        let score = score_latest(&book, truth)?;
        output::print(environment.json, &score, || words(&score))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(from), Some(out)) = (arguments.from, arguments.out.clone()) else {
        return Err(Failure::usage("cần --from và --out"));
    };
    let config = Config { scale: arguments.scale, seed: arguments.seed, from, months: arguments.months, out };
    let terminal = Terminal::new(false);
    let city = generate(&config, &terminal)?;
    let mut summary = Made { city, claims: None };
    if arguments.claims {
        let mut progress = |what: &str, done, total| terminal.at(&format!("city {what}"), done, total);
        let tables = &mut super::city_tables::Parquet;
        summary.claims = Some(city::claims::generate(&config, !arguments.no_schemes, Some(tables), &mut progress)?);
    }
    output::print(environment.json, &summary, || format!("Đã tạo thành phố mô phỏng trong {}", config.out.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// What was written.
#[derive(Debug, serde::Serialize)]
struct Made {
    #[serde(flatten)]
    city: city::Summary,
    /// Claims by month, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Vec<city::claims::ClaimsSummary>>,
}

/// Generates a city with progress.
pub fn generate(config: &Config, terminal: &Terminal) -> Result<city::Summary, Failure> {
    Ok(city::generate(config, &mut |what, done, total| terminal.at(&format!("city {what}"), done, total))?)
}

/// Rules whose truth has a key beside the person, with the column of the finding that says it. Of the wage rule's two
/// key columns the truth needs one: it knows a single settled year.
const KEYS: [(&str, &str); 2] = [("wage-without-compulsory", "payer_tax_code"), ("card-doubled", "card_group")];

/// Scores the newest run of a data folder.
pub fn score_latest(book: &Book, truth: &Path) -> Result<Score, Failure> {
    let none = || Failure::input("no_run", "thư mục dữ liệu này chưa có lần chạy nào để chấm");
    let run = book.latest_run()?.ok_or_else(none)?;
    let tables = run.tables();
    let mut predicted = Predicted {
        period: run.period,
        links: Vec::new(),
        findings: Vec::new(),
        employer_findings: Vec::new(),
        employer_rows: Vec::new(),
    };
    let table = |name: &str| tables.get(name).cloned().ok_or_else(none);
    for batch in book.read_table(&table("link")?, Some(&["roster", "source_file", "source_row", "person_id"]))? {
        let (rosters, files) = (rows::text(&batch, "roster")?, rows::text(&batch, "source_file")?);
        let (source, people) = (rows::int(&batch, "source_row")?, rows::int(&batch, "person_id")?);
        for row in 0..batch.num_rows() {
            predicted.links.push(PredictedLink {
                roster: rosters.value(row).to_owned(),
                file: files.value(row).to_owned(),
                row: source.value(row).unsigned_abs(),
                person: people.value(row),
            });
        }
    }
    for batch in book.read_table(&table("worklist")?, Some(&["reason", "person_id", "evidence"]))? {
        let (reasons, evidence) = (rows::text(&batch, "reason")?, rows::text(&batch, "evidence")?);
        let people = rows::int(&batch, "person_id")?;
        for row in (0..batch.num_rows()).filter(|row| reasons.value(*row) != coverage::UNEXPLAINED) {
            let column = KEYS.iter().find(|(rule, _)| *rule == reasons.value(row)).map(|(_, column)| *column);
            let key = match column {
                Some(column) => {
                    let facts: Vec<base::Evidence> = serde_json::from_str(evidence.value(row))
                        .map_err(|e| Failure::internal(format!("worklist evidence: {e}")))?;
                    facts.into_iter().find(|f| f.name == column).and_then(|f| f.value)
                }
                None => None,
            };
            predicted.findings.push(PredictedFinding { reason: reasons.value(row).to_owned(), person: people.value(row), key });
        }
    }
    if let Some(table) = tables.get("employer_list") {
        for batch in book.read_table(table, Some(&["reason", "employer_id"]))? {
            let (reasons, employers) = (rows::text(&batch, "reason")?, rows::int(&batch, "employer_id")?);
            predicted.employer_findings.extend(
                (0..batch.num_rows()).map(|row| PredictedEmployerFinding {
                    reason: reasons.value(row).to_owned(),
                    employer: employers.value(row),
                }),
            );
        }
    }
    if let Some(table) = tables.get("employer_link") {
        for batch in book.read_table(table, Some(&["roster", "source_file", "source_row", "employer_id"]))? {
            let (rosters, files) = (rows::text(&batch, "roster")?, rows::text(&batch, "source_file")?);
            let (source, employers) = (rows::int(&batch, "source_row")?, rows::int(&batch, "employer_id")?);
            predicted.employer_rows.extend((0..batch.num_rows()).map(|row| city::PredictedEmployerRow {
                roster: rosters.value(row).to_owned(),
                file: files.value(row).to_owned(),
                row: source.value(row).unsigned_abs(),
                employer: employers.value(row),
            }));
        }
    }
    let mut score = city::score(truth, &predicted)?;
    score.claims = super::city_claims::score(book, &run, truth)?;
    Ok(score)
}

fn words(score: &Score) -> String {
    let mut text = format!(
        "Ghép nối: độ chính xác {:.4}, độ phủ {:.4}, F1 {:.4}\nDanh sách người cần rà soát: độ chính xác {:.4}, độ phủ {:.4}",
        score.links.precision, score.links.recall, score.links.f1, score.not_covered.precision, score.not_covered.recall
    );
    let known = &score.not_covered.among_known;
    text.push_str(&format!(
        "\n  trong số người có ở danh sách đã nhận: độ chính xác {:.4}, độ phủ {:.4}",
        known.precision, known.recall
    ));
    if let Some(employers) = &score.employers {
        let rates = &employers.links;
        text.push_str(&format!("\nĐơn vị: {:.4} / {:.4} / {:.4}", rates.precision, rates.recall, rates.f1));
        for (roster, rates) in &employers.by_roster {
            text.push_str(&format!("\n  {roster}: {:.4} / {:.4} / {:.4}", rates.precision, rates.recall, rates.f1));
        }
    }
    for (roster, rates) in &score.links.by_roster {
        text.push_str(&format!("\n  {roster}: {:.4} / {:.4} / {:.4}", rates.precision, rates.recall, rates.f1));
    }
    let by_reason = |text: &mut String, all: &std::collections::BTreeMap<String, city::ReasonRates>| {
        for (reason, rates) in all {
            let (precision, recall) = (rates.precision, rates.recall);
            let (found, real) = (rates.found, rates.true_count);
            text.push_str(&format!("\n  {reason}: {precision:.4} / {recall:.4} (tìm thấy {found}, sự thật {real})"));
        }
    };
    by_reason(&mut text, &score.not_covered.by_reason);
    if let Some(findings) = &score.employer_findings {
        let (precision, recall) = (findings.precision, findings.recall);
        text.push_str(&format!("\nDanh sách đơn vị cần rà soát: độ chính xác {precision:.4}, độ phủ {recall:.4}"));
        by_reason(&mut text, &findings.by_reason);
    }
    if let Some(claims) = &score.claims {
        text.push_str(&format!("\nHồ sơ giám định: độ chính xác {:.4}, độ phủ {:.4}", claims.precision, claims.recall));
        by_reason(&mut text, &claims.by_rule);
        for (scheme, rates) in &claims.by_scheme {
            text.push_str(&format!("\n  [{scheme}]: độ phủ {:.4} ({} trên {})", rates.recall, rates.found, rates.true_count));
        }
    }
    text
}
