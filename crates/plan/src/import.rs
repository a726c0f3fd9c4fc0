//! A file to a plan.

use std::path::Path;

use intake::Source;

use crate::error::PlanError;
use crate::model::Imported;
use crate::{parse, read};

/// Reads a plan from a file.
pub fn open(path: &Path) -> Result<Imported, PlanError> {
    import(&Source::open(path, &read::limits())?)
}

/// Reads a plan as agencies publish it: plain text, DOCX (paragraphs and tables), XLSX.
///
/// What could not be read stands in [`Imported::unread`], line by line. A file that gives no task at all is refused.
pub fn import(source: &Source) -> Result<Imported, PlanError> {
    let plan = parse::plan(read::open(source)?);
    if plan.tasks.is_empty() {
        let reason = if plan.counts.lines < 3 {
            "tệp gần như không có chữ"
        } else if plan.sections.is_empty() && plan.head.title.is_none() {
            "không có tên kế hoạch, mục đánh số La Mã, nhãn “chủ trì”, “thời gian” hay bảng có các cột ấy"
        } else {
            "không có nhãn “chủ trì”, “phối hợp”, “kết quả”, “thời gian”, cũng không có bảng có các cột ấy"
        };
        return Err(PlanError::NotAPlan { reason: reason.to_owned() });
    }
    Ok(plan)
}
