//! Checking the digital signature of a PDF (chữ ký số): what it covers, whether it agrees, who signed, when.
//!
//! Three answers that are never mixed up: **good** (checked and agrees), **wrong** (checked and does not agree), **not checked** (this
//! program cannot say). The whole is wrong when any part is wrong, else not checked when any part is.
//!
//! A signature counts only when it covers every byte of the file but its own. That alone shuts out what readers of PDF were fooled by:
//! content appended after signing (incremental saving), a range moved away from what is shown (signature wrapping), a range or a
//! signature left out (forgery). What was added after the last signature is not weighed, it is refused; a file with data for long-term
//! validation is therefore checked before such data is added.

mod cms;
mod pdf;

use serde::Serialize;

pub use trust::{Answer, Trust, TrustError};

/// A part of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Whether it covers the whole file.
    Coverage,
    /// Whether the file is what was signed.
    Content,
    /// Whether the signature is that of the certificate's key.
    Signature,
    /// Whether the certificate comes from one that is trusted.
    Signer,
    /// Whether the certificate was valid when it was signed.
    Time,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// About what.
    pub part: Part,
    /// What it says.
    pub answer: Answer,
    /// In words, Vietnamese.
    pub words: String,
}

/// What the check of one file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Signatures found in the file.
    pub signatures: usize,
    /// The lines, signature by signature in the order of the file.
    pub lines: Vec<Line>,
}

impl Report {
    /// The answer of the whole: the worst of its lines. A file without a signature is wrong as a signed document.
    pub fn answer(&self) -> Answer {
        self.lines.iter().map(|line| line.answer).max().unwrap_or(Answer::Wrong)
    }

    /// The lines as texts, each beginning with its answer.
    pub fn texts(&self) -> Vec<String> {
        let word = |answer| match answer {
            Answer::Good => "Đúng",
            Answer::NotChecked => "Chưa kiểm tra được",
            Answer::Wrong => "Sai",
        };
        self.lines.iter().map(|line| format!("{}: {}", word(line.answer), line.words)).collect()
    }

    fn say(&mut self, part: Part, answer: Answer, words: impl Into<String>) {
        self.lines.push(Line { part, answer, words: words.into() });
    }
}

/// Checks the signatures of a PDF at a moment (Unix seconds).
pub fn check_pdf(file: &[u8], trust: &Trust, now: i64) -> Report {
    let mut report = Report { signatures: 0, lines: Vec::new() };
    let found = match pdf::signatures(file) {
        Ok(found) => found,
        Err(why) => {
            report.say(Part::Coverage, Answer::Wrong, why);
            return report;
        }
    };
    report.signatures = found.len();
    if found.is_empty() {
        report.say(Part::Coverage, Answer::Wrong, "tệp không có chữ ký số.");
        return report;
    }
    let several = found.len() > 1;
    for (at, signature) in found.iter().enumerate() {
        let which = if several { format!("Chữ ký {}: ", at + 1) } else { String::new() };
        let last = at + 1 == found.len();
        // An earlier one signs the file as it was then; what came after it is covered by the ones that follow.
        let words = match (signature.end == file.len(), last) {
            (true, true) => (Answer::Good, format!("{which}chữ ký bao trùm toàn bộ tệp.")),
            (false, false) => {
                (Answer::Good, format!("{which}chữ ký bao trùm tệp tại lúc ký; phần thêm sau do chữ ký sau bao trùm."))
            }
            (false, true) => (
                Answer::Wrong,
                format!(
                    "{which}tệp có phần thêm vào sau khi ký mà chữ ký không bao trùm. Nếu đó là dữ liệu kiểm chứng dài hạn (LTV), hãy dùng bản trước khi thêm."
                ),
            ),
            (true, false) => (Answer::Wrong, format!("{which}hai chữ ký cùng nhận là bao trùm toàn bộ tệp.")),
        };
        report.say(Part::Coverage, words.0, words.1);
        cms::check(&mut report, &which, file, signature, trust, now);
    }
    report
}

#[cfg(test)]
mod tests;
