//! The command line. Names are promises: see DESIGN of the commands in `docs/commands.md`.

mod audit;
mod bench;
mod city;
mod city_claims;
mod city_tables;
mod claims;
mod config;
mod demo;
mod desk;
mod exchange;
mod intake;
mod law;
mod link;
mod plan;
mod privacy;
mod query;
mod replay;
mod rules;
pub(crate) mod run;
mod serve;
mod users;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::failure::Failure;

/// An Sinh: bảo hiểm xã hội, y tế, thất nghiệp của một thành phố.
#[derive(Debug, Parser)]
#[command(name = "ansinh", version, about, disable_help_subcommand = true)]
pub struct CommandLine {
    /// Thư mục dữ liệu (mặc định ./ansinh-data)
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Thư mục nội dung đặt chồng lên nội dung có sẵn (law, rules, formats, locales, cases, plan, letters, words)
    #[arg(long, global = true)]
    content: Option<PathBuf>,
    /// Kho nghiệp vụ: postgres://… hoặc một tệp SQLite (mặc định desk.sqlite trong thư mục dữ liệu)
    #[arg(long, global = true, value_name = "URL|TỆP")]
    desk: Option<String>,
    /// Tệp khóa bọc dữ liệu đã mã hóa của kho nghiệp vụ; giữ ngoài kho
    #[arg(long, global = true, value_name = "TỆP")]
    keys: Option<PathBuf>,
    /// In đúng một đối tượng JSON ra đầu ra chuẩn
    #[arg(long, global = true)]
    pub json: bool,
    /// Số luồng tính toán
    #[arg(long, global = true)]
    threads: Option<usize>,
    /// Số phần của một truy vấn
    #[arg(long, global = true)]
    partitions: Option<usize>,
    /// Bộ nhớ tối đa của một truy vấn, MB
    #[arg(long, global = true)]
    memory_mb: Option<usize>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tạo một thành phố nhỏ, chạy một tháng, mở cổng trên http://127.0.0.1:8080
    Demo(demo::Arguments),
    /// Tạo thành phố mô phỏng cùng sự thật của nó; `city score` chấm lần chạy mới nhất
    City(city::Arguments),
    /// Nhận danh sách vào sổ
    Intake(intake::Arguments),
    /// Ghép hai bảng bất kỳ, tìm dòng trùng trong một bảng, hoặc ghép các danh sách của một kỳ
    Link(Box<link::Arguments>),
    /// Chạy một kỳ
    Run(run::Arguments),
    /// Chạy lại một lần chạy cũ và so từng byte
    Replay(replay::Arguments),
    /// Đối chiếu với Công an, xã, phường, hệ thống quốc gia: export, list
    Exchange(exchange::Arguments),
    /// Quy tắc: list, show, test, dry-run
    Rules(rules::Arguments),
    /// Pháp luật theo ngày: list, show, calc, test
    Law(law::Arguments),
    /// Mở cổng trên máy này
    Serve(serve::Arguments),
    /// Truy vấn SELECT trên các bảng của lần chạy mới nhất
    Query(query::Arguments),
    /// Người dùng và tài khoản: list, add, import, code, off, routes
    Users(users::Arguments),
    /// Hồ sơ đề nghị thanh toán chi phí khám bệnh, chữa bệnh: check kiểm tra trước khi gửi
    Claims(claims::Arguments),
    /// Kho nghiệp vụ: migrate, backup, restore, check
    Desk(desk::Arguments),
    /// Kiểm tra nhật ký truy cập
    Audit(audit::Arguments),
    /// Kế hoạch: import đọc kế hoạch thành nhiệm vụ, list nêu nhiệm vụ và kỳ hạn
    Plan(plan::Arguments),
    /// Dữ liệu cá nhân: agreement add, list, end
    Privacy(privacy::Arguments),
    /// Đo tốc độ; kết quả ghi vào bench/RESULTS.md
    Bench(bench::Arguments),
    /// In các thiết lập đang dùng và nguồn của chúng
    Config,
}

/// What every command gets.
pub struct Environment {
    /// Settings in effect.
    pub config: Config,
    /// One JSON object on standard output.
    pub json: bool,
}

/// Runs the command and gives its exit code.
pub fn run(line: &CommandLine) -> Result<ExitCode, Failure> {
    let environment = Environment { config: Config::load(&flags(line))?, json: line.json };
    match &line.command {
        Command::Demo(arguments) => demo::run(&environment, arguments),
        Command::City(arguments) => city::run(&environment, arguments),
        Command::Claims(arguments) => claims::run(&environment, arguments),
        Command::Intake(arguments) => intake::run(&environment, arguments),
        Command::Link(arguments) => link::run(&environment, arguments),
        Command::Run(arguments) => run::run(&environment, arguments),
        Command::Replay(arguments) => replay::run(&environment, arguments),
        Command::Exchange(arguments) => exchange::run(&environment, arguments),
        Command::Rules(arguments) => rules::run(&environment, arguments),
        Command::Law(arguments) => law::run(&environment, arguments),
        Command::Serve(arguments) => serve::run(&environment, arguments),
        Command::Query(arguments) => query::run(&environment, arguments),
        Command::Users(arguments) => users::run(&environment, arguments),
        Command::Desk(arguments) => desk::run(&environment, arguments),
        Command::Audit(arguments) => audit::run(&environment, arguments),
        Command::Plan(arguments) => plan::run(&environment, arguments),
        Command::Privacy(arguments) => privacy::run(&environment, arguments),
        Command::Bench(arguments) => bench::run(&environment, arguments),
        Command::Config => config::run(&environment),
    }
}

fn flags(line: &CommandLine) -> BTreeMap<&'static str, String> {
    let mut flags = BTreeMap::new();
    let path = |p: &PathBuf| p.to_string_lossy().into_owned();
    flags.extend(line.data.as_ref().map(|p| ("data", path(p))));
    flags.extend(line.content.as_ref().map(|p| ("content", path(p))));
    flags.extend(line.desk.as_ref().map(|place| ("desk", place.clone())));
    flags.extend(line.keys.as_ref().map(|p| ("keys", path(p))));
    flags.extend(line.threads.map(|n| ("threads", n.to_string())));
    flags.extend(line.partitions.map(|n| ("partitions", n.to_string())));
    flags.extend(line.memory_mb.map(|n| ("memory_mb", n.to_string())));
    flags
}
