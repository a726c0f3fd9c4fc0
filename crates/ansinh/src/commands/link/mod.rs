//! `ansinh link LEFT [RIGHT] --spec SPEC.toml --out FILE` and `ansinh link --period P`.

mod beside;
mod load;
mod machine;
mod register;
mod spec;
mod tables;
mod words;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use base::Month;

use super::Environment;
use crate::failure::Failure;

/// What `link` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Bảng thứ nhất: CSV, XLSX hoặc Parquet
    left: Option<PathBuf>,
    /// Bảng thứ hai; không có khi tìm các dòng trùng trong một bảng
    right: Option<PathBuf>,
    /// Đặc tả TOML: cột nào so với cột nào, thuộc loại gì
    #[arg(long)]
    spec: Option<PathBuf>,
    /// Tệp kết quả, .csv hoặc .parquet
    #[arg(long)]
    out: Option<PathBuf>,
    /// Xác suất nhỏ nhất của một cặp được ghép, từ 0 đến 1 (mặc định do chương trình tự chọn)
    #[arg(long)]
    threshold: Option<f64>,
    /// Ghi mọi cặp đã chấm điểm
    #[arg(long)]
    all_pairs: bool,
    /// Giải thích một cặp: mã bên trái, mã bên phải
    #[arg(long, num_args = 2, value_names = ["LEFT_ID", "RIGHT_ID"])]
    explain: Option<Vec<String>>,
    /// Các cặp đúng đã biết (left_id,right_id; chế độ clusters: id,cluster) để chấm kết quả
    #[arg(long)]
    truth: Option<PathBuf>,
    /// Các cặp đã có người quyết định (left_id,right_id,same)
    #[arg(long)]
    labels: Option<PathBuf>,
    /// In trọng số của từng mức giống nhau
    #[arg(long)]
    weights: bool,
    /// Ghép các danh sách của một kỳ trong sổ (dạng YYYY-MM), thay cho hai bảng
    #[arg(long, conflicts_with_all = ["left", "spec", "out", "threshold", "all_pairs", "explain", "truth", "labels", "weights"])]
    period: Option<Month>,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match arguments.period {
        Some(period) => register::run(environment, period),
        None => tables::run(environment, arguments),
    }
}
