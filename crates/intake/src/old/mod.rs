//! Workbooks of Excel 97-2003 (`.xls`): the container, what would fill memory, the rows.

mod container;
mod records;
mod rows;

pub(crate) use rows::OldWorkbook;

use crate::error::IntakeError;

/// First bytes of an OLE container: old workbooks, and new ones with a password.
pub(crate) const OLE_MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

fn truncated(part: &str) -> IntakeError {
    IntakeError::Truncated { detail: format!("phần {part} của tệp .xls") }
}

fn unreadable(detail: &str) -> IntakeError {
    IntakeError::OldWorkbook { detail: detail.to_owned() }
}

fn suspicious(reason: &str) -> IntakeError {
    IntakeError::Suspicious { reason: reason.to_owned() }
}
