//! How an error speaks to the person who meets it.

/// What every error of An Sinh can say: what happened, where, and what to do about it.
///
/// `what`, `place` and `remedy` are for the officer or administrator at work; `public_text` may be
/// shown to anybody and never holds personal data or paths.
pub trait Explain: std::error::Error {
    /// A stable word for programs, e.g. `layout_unknown`.
    fn code(&self) -> &'static str;

    /// What happened, in one sentence.
    fn what(&self) -> String {
        self.to_string()
    }

    /// Where: file, sheet, row, column, parameter; empty when there is no place.
    fn place(&self) -> String {
        String::new()
    }

    /// What the reader can do next.
    fn remedy(&self) -> String;

    /// The sentence that may be shown to the public.
    fn public_text(&self) -> String {
        "Hệ thống chưa thực hiện được yêu cầu này.".to_owned()
    }
}
