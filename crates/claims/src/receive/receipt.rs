//! What the program that sent a file is told.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Date, Explain, Strength};
use claimfile::signature::{Covered, Signature};
use serde::Serialize;

use super::refusal::Refusal;
use crate::pages::words::typed;

/// The word of a signature that was checked and does not agree.
const WRONG: &str = "wrong";
/// Said in every answer.
const NATIONAL: &str = "Đây là kiểm tra của cơ quan BHXH thành phố; việc gửi hồ sơ qua Cổng tiếp nhận dữ liệu giám định BHYT của BHXH Việt Nam vẫn phải thực hiện theo quy định.";

/// The answer. The first four names are those that programs know from the national portal.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Receipt {
    schema: u32,
    /// 200 for taken, otherwise the status of the refusal.
    #[serde(rename = "maKetQua")]
    pub result: String,
    /// Number of the receipt; the same for the same content. Empty when nothing was taken.
    #[serde(rename = "maGiaoDich")]
    pub number: String,
    /// `yyyyMMddHHmmss` in Hà Nội.
    #[serde(rename = "thoiGianTiepNhan")]
    pub received: String,
    /// What happened, in words.
    #[serde(rename = "thongDiep")]
    pub message: String,
    /// Stable word of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What to do about a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    #[serde(flatten)]
    pub checked: Checked,
}

/// What was found in a file, or in all files of a ZIP together.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Checked {
    /// `claims` or `check_in`; absent for a ZIP that holds both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Visits read, refused ones too; 0 for a file of check-ins.
    pub visits: u64,
    /// Drug and service lines of those kept.
    pub lines: u64,
    /// Visits kept.
    pub kept: u64,
    /// Check-ins kept: a notice only, never a base of payment.
    pub check_ins: u64,
    /// The signature of a single file; of a ZIP each file has its own.
    #[serde(flatten)]
    pub signature: Option<SignatureLine>,
    /// The files of a ZIP, each with what became of it; nothing for a single file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileLine>,
    /// Faults for which a visit is refused.
    pub refused: Vec<RefusedLine>,
    /// What the rules found.
    pub findings: Vec<FindingLine>,
    /// Until when the data of the kept visits may be sent, corrected and completed; absent where none of them says when it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_until: Option<CorrectUntil>,
    /// The first and the last day on which kept visits ended.
    #[serde(skip)]
    pub ends: Option<(Date, Date)>,
    /// Catalogues that were not there: what needs them could not be checked.
    pub catalogues_missing: Vec<&'static str>,
}

/// Last days on which data may be corrected, by the visits of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct CorrectUntil {
    /// Of the visit that ended first.
    pub earliest: Date,
    /// Of the visit that ended last.
    pub latest: Date,
}

/// A file of a ZIP.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FileLine {
    /// Its name.
    pub file: String,
    /// `claims` or `check_in`; absent when nothing of it was read.
    pub kind: Option<&'static str>,
    /// What the envelope says it holds (SOLUONGHOSO).
    pub declared: Option<u64>,
    /// Visits read, refused ones too; 0 for check-ins.
    pub visits: u64,
    /// Visits kept.
    pub kept: u64,
    /// Check-ins kept.
    pub check_ins: u64,
    /// Stable word of why nothing of it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its signature; nothing when it was not read.
    #[serde(flatten)]
    pub signature: Option<SignatureLine>,
}

/// What the signature (CHUKYDONVI) of a file is worth. Nothing is refused because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct SignatureLine {
    /// `good`, `wrong`, `not_checked`, `absent`.
    #[serde(rename = "signature")]
    pub answer: &'static str,
    /// What a good one covers: `whole`, `parts`.
    #[serde(rename = "signature_covers", skip_serializing_if = "Option::is_none")]
    pub covers: Option<&'static str>,
    /// The same in words, with the signer.
    #[serde(rename = "signature_words")]
    pub words: String,
}

impl SignatureLine {
    /// Of a verdict.
    pub(super) fn of(signature: &Signature) -> Self {
        Self { answer: signature.code(), covers: signature.covered().map(Covered::code), words: signature.to_string() }
    }

    /// Whether it was checked and does not agree.
    fn is_wrong(&self) -> bool {
        self.answer == WRONG
    }
}

impl Checked {
    /// Files whose signature is wrong.
    pub(super) fn wrong_signatures(&self) -> usize {
        let of_files = self.files.iter().filter_map(|file| file.signature.as_ref());
        self.signature.iter().chain(of_files).filter(|signature| signature.is_wrong()).count()
    }
}

/// A fault.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RefusedLine {
    /// The file of a ZIP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// MA_LK, as far as it could be read.
    pub visit: Option<String>,
    /// Table in capital letters.
    pub table: Option<String>,
    /// Row of the table, from 1.
    pub line: Option<u32>,
    /// Column.
    pub column: Option<String>,
    /// Stable word of the reason.
    pub code: &'static str,
    /// The reason in words.
    pub reason: String,
}

/// A finding.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FindingLine {
    /// The file of a ZIP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// MA_LK.
    pub visit: String,
    /// Id of the rule.
    pub rule: String,
    /// absolute, explain, warn.
    pub strength: Strength,
    /// Table in capital letters; absent when it is about the whole visit.
    pub table: Option<String>,
    /// Row of the table.
    pub line: Option<i64>,
    /// Đồng at stake, a decimal as text.
    pub amount: Option<String>,
    /// What was found, in words, with the facts.
    pub message: String,
}

impl CorrectUntil {
    fn said(self) -> String {
        let (earliest, latest) = (typed(self.earliest), typed(self.latest));
        if earliest == latest {
            return format!("Dữ liệu được sửa, bổ sung đến hết ngày {earliest}.");
        }
        format!(
            "Dữ liệu được sửa, bổ sung đến hết ngày {earliest} (hồ sơ kết thúc sớm nhất), đến hết ngày {latest} (hồ sơ kết thúc muộn nhất)."
        )
    }
}

impl Receipt {
    /// A file that was taken, or of which every visit is refused (then without number).
    pub(super) fn taken(number: Option<String>, checked: Checked, unix_ms: i64) -> Self {
        let Checked { kept, check_ins, .. } = checked;
        let refused = checked.visits.saturating_sub(kept);
        let findings = checked.findings.len();
        let said = match (&number, checked.kind) {
            (None, _) => "Chưa nhận: không có hồ sơ nào đọc được trọn vẹn.".to_owned(),
            (Some(_), Some("check_in")) => format!("Đã nhận {check_ins} lượt check-in."),
            (Some(_), _) => {
                let notices = if check_ins > 0 { format!(" và {check_ins} lượt check-in") } else { String::new() };
                format!("Đã nhận {kept} hồ sơ{notices}, trả lại {refused} hồ sơ; {findings} phát hiện cần xem lại trước khi gửi.")
            }
        };
        let said = match (checked.files.len(), checked.files.iter().filter(|file| file.code.is_some()).count()) {
            (0, _) => said,
            (files, 0) => format!("Tệp nén có {files} tệp. {said}"),
            (files, unread) => format!("Tệp nén có {files} tệp, không đọc {unread} tệp. {said}"),
        };
        let said = match checked.wrong_signatures() {
            0 => said,
            wrong => format!("{said} Chữ ký CHUKYDONVI của {wrong} tệp sai; không hồ sơ nào bị trả lại vì chữ ký."),
        };
        let said = match checked.correct_until.filter(|_| number.is_some()) {
            Some(until) => format!("{said} {}", until.said()),
            None => said,
        };
        let status = if number.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Self {
            schema: 1,
            result: status.as_str().to_owned(),
            number: number.unwrap_or_default(),
            received: stamp(unix_ms),
            message: format!("{said} {NATIONAL}"),
            code: (status != StatusCode::OK).then_some("nothing_kept"),
            remedy: (status != StatusCode::OK).then(|| "Sửa các lỗi trong `refused` rồi gửi lại.".to_owned()),
            checked,
        }
    }

    /// A refusal.
    pub(super) fn refused(refusal: &Refusal, unix_ms: i64) -> Self {
        Self {
            schema: 1,
            result: refusal.status().as_str().to_owned(),
            number: String::new(),
            received: stamp(unix_ms),
            message: format!("{}. {NATIONAL}", refusal.what()),
            code: Some(refusal.code()),
            remedy: Some(refusal.remedy()),
            checked: Checked::default(),
        }
    }

    /// The answer over HTTP.
    pub(super) fn answer(&self) -> Response {
        let status = self.result.parse::<StatusCode>().unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match serde_json::to_string(self) {
            Ok(text) => (status, [(header::CONTENT_TYPE, "application/json")], text).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// A moment in Hà Nội as `yyyyMMddHHmmss`.
fn stamp(unix_ms: i64) -> String {
    let day: Date = chapter::day_in_hanoi(unix_ms);
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{:04}{:02}{:02}{hour:02}{minute:02}{second:02}", day.year(), day.month_number(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_hanoi() {
        assert_eq!(stamp(0), "19700101070000");
        assert_eq!(stamp(1_796_057_999_000), "20261130235959");
        assert_eq!(stamp(1_796_058_000_000), "20261201000000");
    }

    #[test]
    fn every_answer_says_that_the_national_portal_stays() {
        let taken = Receipt::taken(Some("abc".into()), Checked { kept: 2, visits: 3, ..Checked::default() }, 0);
        assert!(taken.message.starts_with("Đã nhận 2 hồ sơ, trả lại 1 hồ sơ; 0 phát hiện") && taken.message.ends_with(NATIONAL));
        assert_eq!((taken.result.as_str(), taken.code), ("200", None));
        let none = Receipt::taken(None, Checked { visits: 3, ..Checked::default() }, 0);
        assert_eq!((none.result.as_str(), none.number.as_str(), none.code), ("422", "", Some("nothing_kept")));
        let file = |code| FileLine {
            file: "a.xml".into(),
            kind: None,
            declared: None,
            visits: 0,
            kept: 0,
            check_ins: 0,
            code,
            reason: None,
            signature: None,
        };
        let both =
            Checked { kept: 2, visits: 2, check_ins: 3, files: vec![file(None), file(Some("not_xml"))], ..Checked::default() };
        let both = Receipt::taken(Some("abc".into()), both, 0).message;
        assert!(
            both.starts_with("Tệp nén có 2 tệp, không đọc 1 tệp. Đã nhận 2 hồ sơ và 3 lượt check-in, trả lại 0 hồ sơ"),
            "{both}"
        );
        let signature = Some(SignatureLine { answer: "wrong", covers: None, words: "chữ ký sai: …".into() });
        let signed = Receipt::taken(Some("abc".into()), Checked { kept: 2, visits: 2, signature, ..Checked::default() }, 0);
        assert!(signed.message.contains("Chữ ký CHUKYDONVI của 1 tệp sai; không hồ sơ nào bị trả lại vì chữ ký."), "{signed:?}");
        let json = serde_json::to_value(&signed).unwrap();
        assert_eq!((json["signature"].as_str(), json["maKetQua"].as_str()), (Some("wrong"), Some("200")), "told, and taken");
        assert!(json["signature_covers"].is_null() && json["signature_words"].is_string(), "{json}");
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let until = CorrectUntil { earliest: day("2026-12-02"), latest: day("2026-12-08") };
        let dated = Checked {
            kept: 2,
            visits: 2,
            correct_until: Some(until),
            ends: Some((day("2026-11-20"), day("2026-11-27"))),
            ..Checked::default()
        };
        let with_days = Receipt::taken(Some("abc".into()), dated.clone(), 0);
        assert!(with_days.message.contains("đến hết ngày 02/12/2026 (hồ sơ kết thúc sớm nhất)"), "{}", with_days.message);
        assert!(with_days.message.ends_with(NATIONAL));
        let json = serde_json::to_value(&with_days).unwrap();
        assert_eq!((&json["correct_until"]["latest"], json.get("ends")), (&serde_json::json!("2026-12-08"), None));
        assert!(!Receipt::taken(None, dated, 0).message.contains("02/12/2026"), "nothing was kept that could be corrected");
        let refused = Receipt::refused(&Refusal::Missing("fileHSBase64"), 0);
        assert!(refused.message.starts_with("Thiếu trường `fileHSBase64`. ") && refused.message.ends_with(NATIONAL));
        let json = serde_json::to_value(&refused).unwrap();
        assert_eq!(
            (json["maKetQua"].as_str(), json["visits"].as_u64(), json["schema"].as_u64()),
            (Some("400"), Some(0), Some(1))
        );
    }
}
