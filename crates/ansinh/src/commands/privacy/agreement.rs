//! `ansinh privacy agreement add|list|end`: agreements on sharing data between agencies.

use std::collections::BTreeSet;
use std::process::ExitCode;

use base::{Date, Scope};
use chapter::{AgreementFault, check_agreement};
use desk::{DataAgreement, NewAgreement, ReceiverRole, Term};
use serde::Serialize;

use super::super::Environment;
use super::super::run::{open_desk, runtime, today};
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// What is done with agreements.
#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Ghi một thỏa thuận; tệp nhận từ ngày đầu chỉ còn các trường đã ghi
    Add(Box<Add>),
    /// Các thỏa thuận và tình trạng hôm nay
    List,
    /// Kết thúc một thỏa thuận trước hạn
    End {
        /// Mã thỏa thuận (xem list)
        id: String,
        /// Ngày đầu tiên không còn hiệu lực, dạng YYYY-MM-DD
        #[arg(long)]
        on: Date,
        /// Lý do
        #[arg(long)]
        reason: String,
    },
}

/// An agreement as the command line gives it.
#[derive(Debug, clap::Args)]
pub struct Add {
    /// Số, ký hiệu, ngày của văn bản
    #[arg(long)]
    number: String,
    /// Bên cung cấp
    #[arg(long)]
    provider: String,
    /// Bên nhận
    #[arg(long)]
    receiver: String,
    /// Vai trò của bên nhận: controller, processor, controller_processor
    #[arg(long, default_value = "controller")]
    receiver_role: String,
    /// Loại danh sách (population, bhyt_card, pupils, …)
    #[arg(long)]
    roster: String,
    /// Trường được nhận; nhắc lại cho từng trường, hoặc viết liền bằng dấu phẩy
    #[arg(long = "field", required = true, value_delimiter = ',')]
    fields: Vec<String>,
    /// Căn cứ pháp lý: điều, khoản
    #[arg(long)]
    article: String,
    /// Mục đích
    #[arg(long)]
    purpose: String,
    /// Ngày đầu, dạng YYYY-MM-DD
    #[arg(long)]
    from: Date,
    /// Ngày cuối, dạng YYYY-MM-DD; bỏ trống là đến khi kết thúc
    #[arg(long)]
    to: Option<Date>,
    /// Bên nhận lưu bao nhiêu tháng
    #[arg(long)]
    retention_months: u32,
    /// Chuyển ra nước ngoài cho ai, theo hồ sơ đánh giá nào
    #[arg(long)]
    transfer: Option<String>,
}

/// An agreement with how it stands today.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    agreement: &'a DataAgreement,
    term: Term,
}

/// Runs the command.
pub fn run(environment: &Environment, what: &What) -> Result<ExitCode, Failure> {
    match what {
        What::Add(add) => add_agreement(environment, add),
        What::List => list(environment),
        What::End { id, on, reason } => {
            let runtime = runtime()?;
            let desk = open_desk(environment, &runtime)?;
            let ended = runtime.block_on(desk.end_agreement(&Scope::system(), id, *on, reason))?;
            runtime.block_on(desk.close());
            print(environment, &ended)
        }
    }
}

fn add_agreement(environment: &Environment, add: &Add) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let fields: BTreeSet<String> = add.fields.iter().map(|field| field.trim().to_owned()).collect();
    check_agreement(&shop.layouts, &add.roster, &fields).map_err(|fault| Failure::usage(fault_words(&add.roster, &fault)))?;
    let receiver_role = ReceiverRole::from_word(&add.receiver_role)
        .ok_or_else(|| Failure::usage("--receiver-role là controller, processor hoặc controller_processor"))?;
    let new = NewAgreement {
        number: add.number.clone(),
        provider: add.provider.clone(),
        receiver: add.receiver.clone(),
        receiver_role,
        roster: add.roster.clone(),
        fields,
        article: add.article.clone(),
        purpose: add.purpose.clone(),
        first_day: add.from,
        last_day: add.to,
        retention_months: add.retention_months,
        transfer: add.transfer.clone(),
        client_tx: number_of(add),
    };
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let made = runtime.block_on(desk.add_agreement(&Scope::system(), new))?;
    runtime.block_on(desk.close());
    print(environment, &made)
}

/// The same command again writes the same agreement, once.
fn number_of(add: &Add) -> String {
    let print = book::Fingerprint::new("privacy agreement add").with("what", format!("{add:?}"));
    format!("cli-{}", &print.finish()[..32])
}

fn fault_words(roster: &str, fault: &AgreementFault) -> String {
    match fault {
        AgreementFault::Roster(known) => format!("không có loại danh sách `{roster}`; đang có: {}", known.join(", ")),
        AgreementFault::Fields(unknown) => format!("danh sách `{roster}` không có trường: {}", unknown.join(", ")),
        AgreementFault::Needed(needed) => {
            format!("thiếu trường mà tệp `{roster}` nào cũng phải có: {}; không có thì không nhận được tệp", needed.join(", "))
        }
    }
}

fn list(environment: &Environment) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let all = runtime.block_on(desk.agreements(&Scope::system()))?;
    runtime.block_on(desk.close());
    let today = today();
    let lines: Vec<Line> = all.iter().map(|agreement| Line { agreement, term: agreement.term(today) }).collect();
    let words = || match lines.is_empty() {
        true => "Chưa có thỏa thuận nào; danh sách được nhận với mọi trường mà mẫu tệp biết.".to_owned(),
        false => lines.iter().map(|line| words(line.agreement)).collect::<Vec<_>>().join("\n"),
    };
    output::print(environment.json, &serde_json::json!({ "schema": 1, "agreements": lines }), words)?;
    Ok(ExitCode::SUCCESS)
}

fn print(environment: &Environment, agreement: &DataAgreement) -> Result<ExitCode, Failure> {
    let line = Line { agreement, term: agreement.term(today()) };
    output::print(environment.json, &serde_json::json!({ "schema": 1, "agreement": line }), || words(agreement))?;
    Ok(ExitCode::SUCCESS)
}

fn words(agreement: &DataAgreement) -> String {
    let term = match agreement.term(today()) {
        Term::Coming => "chưa đến ngày",
        Term::InForce => "đang hiệu lực",
        Term::Over => "đã hết hiệu lực",
    };
    let until = agreement.ended_on.map(|day| format!("kết thúc {day}")).or(agreement.last_day.map(|day| format!("đến {day}")));
    format!(
        "{} {}: {} → {}, danh sách {}, {} trường, từ {} {}, {term}",
        agreement.id,
        agreement.number,
        agreement.provider,
        agreement.receiver,
        agreement.roster,
        agreement.fields.len(),
        agreement.first_day,
        until.unwrap_or_else(|| "không thời hạn".to_owned()),
    )
}
