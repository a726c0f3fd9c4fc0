//! `ansinh privacy retain`: what is older than its term is given up, by decision: keys of people in the log, files and words of closed
//! cases, letters and files of documents that ended, words of ended requests, answers of schools, who was chosen for donors' funds that ended,
//! and in the book whatever holds people.

use std::process::ExitCode;

use base::{Date, Scope};
use book::{Forgotten, Term};
use desk::{AuditAction, ReadEvent};
use privacy::midnight;
use rules::{DataClass, TableSchemas};

use super::super::Environment;
use super::super::run::{clock, open_desk, runtime};
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// Runs the command; without a decision nothing is erased.
pub fn run(environment: &Environment, as_of: Date, months: u32, decision: Option<&str>) -> Result<ExitCode, Failure> {
    let wrong = || Failure::usage("--months từ 1 đến 1200");
    let months = i32::try_from(months).ok().filter(|months| (1..=1200).contains(months)).ok_or_else(wrong)?;
    // The same day so many months before, or the last one of that month.
    let last = as_of.month().plus(-months).last_day();
    let before = Date::new(last.year(), last.month_number(), as_of.day().min(last.day())).map_err(|_| wrong())?;
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let lock = book.lock()?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let system = Scope::system();
    let at = midnight(before);
    let (people, cases, documents, requests, schools, donors) = runtime.block_on(async {
        let people = desk.erase_subjects(&system, before, at, decision).await?;
        let cases = desk.erase_cases(&system, before, at, decision).await?;
        let documents = desk.erase_documents(&system, before, at, decision).await?;
        let requests = desk.erase_requests(&system, before, at, decision).await?;
        let schools = desk.erase_school_answers(&system, before, at, decision).await?;
        let donors = desk.erase_donor_people(&system, before, at, decision).await?;
        Ok::<_, desk::DeskError>((people, cases, documents, requests, schools, donors))
    })?;
    let term = Term { before: before.month(), decision, at: clock()() };
    let book = book.forget(&lock, &|table| holds_people(&shop.schemas, table), term)?;
    runtime.block_on(async {
        if decision.is_some() && book.erased_anything() {
            desk.audit_read(&system, erased(&book)).await?;
        }
        desk.seal().await?;
        desk.close().await;
        Ok::<_, desk::DeskError>(())
    })?;
    let json = serde_json::json!({
        "schema": 1,
        "erased": decision.is_some(),
        "retention": people,
        "cases": cases,
        "documents": documents,
        "requests": requests,
        "schools": schools,
        "donors": donors,
        "book": in_numbers(&book),
    });
    output::print(environment.json, &json, || {
        let words = if decision.is_some() {
            ("Đã xóa", "Nhật ký và niêm phong còn nguyên.")
        } else {
            ("Sẽ xóa", "Chưa xóa gì.")
        };
        let megabytes = book.bytes.div_ceil(1 << 20);
        [
            format!("{} khóa của {} người không được xem từ {before}; giữ {}.", words.0, people.people, people.kept),
            format!("{} {} tệp và {} lời ghi của {} hồ sơ đóng trước {before}.", words.0, cases.files, cases.words, cases.cases),
            format!(
                "{} nội dung, người nhận và {} tệp của {} văn bản đã gửi hoặc đã hủy trước {before}; số, ngày và mã băm giữ nguyên.",
                words.0, documents.files, documents.documents
            ),
            format!(
                "{} nội dung ({} đoạn) và người gửi của {} yêu cầu về dữ liệu cá nhân đã kết thúc trước {before}.",
                words.0, requests.words, requests.requests
            ),
            format!(
                "{} {} câu trả lời của nhà trường về thẻ của {} học sinh, ghi trước {before}.",
                words.0, schools.answers, schools.pupils
            ),
            format!(
                "{} {} người được hỗ trợ ({} lần chọn) của {} quỹ tài trợ kết thúc trước {before}; số tiền và số tháng giữ nguyên.",
                words.0, donors.people, donors.choices, donors.funds
            ),
            format!(
                "{} {} bảng có dữ liệu từng người của các kỳ trước {} ({} lần chạy, {} tệp nhận, {megabytes} MB); số liệu tổng hợp giữ nguyên.",
                words.0,
                book.tables.len(),
                book.before,
                book.runs.len(),
                book.batches.len(),
            ),
            words.1.to_owned(),
        ]
        .join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Whether a table has a row about somebody; a table that no contract knows any more is taken to have one.
fn holds_people(schemas: &TableSchemas, table: &str) -> bool {
    schemas.get(table).is_none_or(|schema| schema.columns.iter().any(|column| column.class > DataClass::Open))
}

fn erased(book: &Forgotten) -> ReadEvent {
    let event = ReadEvent::new(AuditAction::EraseBook, "book").word("before", &book.before.to_string());
    let event = event.count("runs", book.runs.len() as i64).count("batches", book.batches.len() as i64);
    event.count("tables", book.tables.len() as i64)
}

fn in_numbers(book: &Forgotten) -> serde_json::Value {
    serde_json::json!({
        "before": book.before.to_string(),
        "runs": book.runs.len(),
        "batches": book.batches.len(),
        "tables": book.tables.len(),
        "rejects": book.rejects,
        "bytes": book.bytes,
    })
}
