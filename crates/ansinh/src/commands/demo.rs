//! `ansinh demo`: a small city, one month, the portal.

use std::process::ExitCode;

use base::{Month, Rate, Scope};
use chapter::Progress as _;
use desk::NewTarget;

use super::Environment;
use crate::failure::Failure;
use crate::progress::Terminal;

/// What `demo` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Tỷ lệ so với Hà Nội thật
    #[arg(long, default_value_t = 0.005)]
    scale: f64,
    /// Số gieo
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Cổng TCP (mặc định 8080)
    #[arg(long)]
    port: Option<u16>,
    /// Tạo, nhận và giám định cả hồ sơ đề nghị thanh toán BHYT của tháng
    #[arg(long)]
    claims: bool,
    /// Chỉ tạo và chạy, không mở cổng
    #[arg(long)]
    no_serve: bool,
}

/// Runs the command: each part is skipped when it was done before with the same inputs.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(false);
    let period = Month::new(2026, 10).ok_or_else(|| Failure::internal("the demo's month"))?;
    let data = environment.config.data();
    let out = data.join("demo-city");
    if !is_complete(&out) {
        terminal.say("Tạo thành phố mô phỏng (dữ liệu mẫu, không phải người thật)");
        let config = city::Config { scale: arguments.scale, seed: arguments.seed, from: period, months: 1, out: out.clone() };
        super::city::generate(&config, &terminal)?;
    }
    if arguments.claims {
        claims(environment, arguments, period, &terminal)?;
    }
    terminal.say("Nhận danh sách và chạy kỳ 2026-10");
    let rosters = out.join("rosters").join(period.to_string());
    let report = super::run::run_with(environment, (period, false), Some(&rosters), &terminal)?;
    terminal.say(&report.words());
    sample_targets(environment)?;
    if arguments.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    super::serve::serve(environment, &super::serve::Serving { port: arguments.port, sample_data: true, role_picker: true })
}

/// The month's claims of the same city: made once, taken in with the facilities' catalogues. What is in the book already is not taken again.
fn claims(environment: &Environment, arguments: &Arguments, period: Month, terminal: &Terminal) -> Result<(), Failure> {
    let out = environment.config.data().join("demo-city");
    let folder = out.join("claims").join(period.to_string());
    let done = out.join("truth").join(format!("claims_{period}.csv"));
    if !done.exists() {
        terminal.say("Tạo hồ sơ đề nghị thanh toán mô phỏng");
        let config = city::Config { scale: arguments.scale, seed: arguments.seed, from: period, months: 1, out: out.clone() };
        city::claims::generate(&config, true, None, &mut |what: &str, at, of| terminal.at(&format!("city {what}"), at, of))?;
    }
    terminal.say("Nhận hồ sơ đề nghị thanh toán và danh mục của cơ sở");
    let shop = crate::workshop::Workshop::open(&environment.config.overlays())?;
    let book = crate::workshop::open_book(&environment.config)?;
    let lock = book.lock()?;
    let formats = shop.claim_formats()?;
    let mut importer = ::claims::Importer::new(&book, &formats, chapter::day_in_hanoi((super::run::clock())()))?;
    for path in ::claims::claim_files(&[folder]).map_err(|e| Failure::input("claim_file_unreadable", e.to_string()))? {
        importer.file(&path)?;
    }
    importer.finish()?;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let agreements = super::run::agreements(&runtime, &desk)?;
    let catalogue = out.join("claims").join("catalogue");
    let never = chapter::Cancelled::default();
    crate::monthly::receive_folder(&book, &shop, (&agreements, period), &catalogue, terminal, &never)?;
    runtime.block_on(desk.close());
    drop(lock);
    Ok(())
}

/// Whether a city was written to its end; a half-made one is made again.
fn is_complete(out: &std::path::Path) -> bool {
    let meta = std::fs::read_to_string(out.join("truth").join("meta.json")).unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(&meta).is_ok_and(|meta| meta["complete"] == true)
}

/// Targets so that the map has something to be held against. They say that they are samples.
fn sample_targets(environment: &Environment) -> Result<(), Failure> {
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let shop = crate::workshop::Workshop::open(&environment.config.overlays())?;
    let scope = Scope::system();
    // City, wards (phường), rural communes (xã).
    let shares = [
        (coverage::BHYT_COVERAGE, ["0.9460", "0.9500", "0.9400"]),
        ("I2", ["0.4850", "0.5100", "0.4600"]),
        ("I3", ["0.0300", "0.0280", "0.0320"]),
        ("I4", ["0.4780", "0.5000", "0.4550"]),
    ];
    let mut targets = Vec::new();
    for (indicator, values) in shares {
        let [city, wards, rural] = values.map(|text| text.parse::<Rate>().map_err(|e| Failure::internal(format!("{e}"))));
        let (city, wards, rural) = (city?, wards?, rural?);
        targets.push((indicator, None, city));
        for commune in shop.places.communes() {
            targets.push((indicator, Some(commune.code.clone()), if commune.kind == "phường" { wards } else { rural }));
        }
    }
    runtime.block_on(async {
        if !desk.targets(&scope, 2026).await?.is_empty() {
            return Ok(());
        }
        for (indicator, commune, value) in targets {
            let place = commune.as_ref().map_or("city", |c| c.as_str()).to_owned();
            let target = NewTarget {
                indicator: indicator.to_owned(),
                commune,
                year: 2026,
                value,
                source: "Chỉ tiêu mẫu của bản trình diễn".to_owned(),
                document: None,
                reason: None,
                client_tx: format!("demo-target-2026-{indicator}-{place}"),
            };
            desk.set_target(&scope, target).await?;
        }
        desk.seal().await?;
        Ok::<_, desk::DeskError>(())
    })?;
    runtime.block_on(desk.close());
    Ok(())
}
