//! Looking at the container of a workbook before anything opens it.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::IntakeError;
use crate::source::Limits;

/// First bytes of a ZIP container.
pub(crate) const ZIP_MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Below this unpacked size a high ratio is harmless.
const SMALL_PART: u64 = 1 << 20;

/// Refuses containers that would fill memory, that hide something, or that are cut off.
///
/// The directory is believed for nothing but refusing: each part is unpacked once, without keeping
/// it, and must have the size and the checksum it declares. That costs about a tenth of reading.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<(), IntakeError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(zip_error)?;
    if archive.has_duplicate_names() {
        return Err(suspicious("hai phần cùng tên"));
    }
    if archive.len() > limits.max_parts {
        return Err(suspicious("quá nhiều phần"));
    }
    check_names(&mut archive, limits)?;
    check_sizes(&mut archive, bytes.len() as u64, limits)?;
    let mut has_workbook = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(zip_error)?;
        let name = part.name().map_err(zip_error)?.to_ascii_lowercase();
        let size = part.size();
        has_workbook |= name.ends_with("workbook.xml");
        check_part(&mut part, &name, size)?;
    }
    if !has_workbook {
        return Err(IntakeError::NotATable { hint: "là tệp nén khác, không phải sổ tính Excel".to_owned() });
    }
    Ok(())
}

/// The same for a container whose parts are read one by one (a DOCX): names, sizes and ratios of all parts, structure of the
/// XML parts. Pictures and embedded files are never opened, so they may be there.
pub(crate) fn check_document(bytes: &[u8], limits: &Limits) -> Result<(), IntakeError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(zip_error)?;
    if archive.has_duplicate_names() {
        return Err(suspicious("hai phần cùng tên"));
    }
    if archive.len() > limits.max_parts {
        return Err(suspicious("quá nhiều phần"));
    }
    check_sizes(&mut archive, bytes.len() as u64, limits)?;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(zip_error)?;
        let name = part.name().map_err(zip_error)?.to_ascii_lowercase();
        check_place(&name)?;
        let size = part.size();
        if name.ends_with(".xml") || name.ends_with(".rels") {
            check_part(&mut part, &name, size)?;
        }
    }
    Ok(())
}

/// The error for what no honest container holds.
pub(crate) fn suspicious(reason: &str) -> IntakeError {
    IntakeError::Suspicious { reason: reason.to_owned() }
}

/// What a damaged container is.
pub(crate) fn zip_error(error: ZipError) -> IntakeError {
    match error {
        ZipError::UnsupportedArchive(_) => suspicious("kiểu nén hoặc mã hóa không dùng trong sổ tính"),
        _ => IntakeError::Truncated { detail: "mục lục của tệp nén".to_owned() },
    }
}

/// Names of the parts of a workbook, and the size of the part that must lie in memory.
fn check_names(archive: &mut ZipArchive<Cursor<&[u8]>>, limits: &Limits) -> Result<(), IntakeError> {
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(zip_error)?;
        let name = part.name().map_err(zip_error)?.into_owned();
        check_name(&name)?;
        let size = part.size();
        if name.to_ascii_lowercase().ends_with("sharedstrings.xml") && size > limits.max_shared_strings {
            return Err(IntakeError::TooLarge { bytes: size, limit: limits.max_shared_strings });
        }
    }
    Ok(())
}

/// What the directory alone tells: sizes, ratios, passwords.
pub(crate) fn check_sizes(archive: &mut ZipArchive<Cursor<&[u8]>>, file_size: u64, limits: &Limits) -> Result<(), IntakeError> {
    let (mut packed, mut unpacked) = (0u64, 0u64);
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(zip_error)?;
        if part.encrypted() {
            return Err(IntakeError::Encrypted);
        }
        let (size, small) = (part.size(), part.compressed_size());
        let ratio = size / small.max(1);
        if size > SMALL_PART && ratio > limits.max_ratio {
            return Err(IntakeError::ZipBomb { ratio });
        }
        packed = packed.saturating_add(small);
        unpacked = unpacked.saturating_add(size);
    }
    if unpacked > limits.max_unpacked {
        return Err(IntakeError::TooLarge { bytes: unpacked, limit: limits.max_unpacked });
    }
    // Parts that share their packed bytes: the trick of bombs that keep each single ratio low.
    if packed > file_size {
        return Err(suspicious("các phần chồng lên nhau"));
    }
    Ok(())
}

/// Whether a name stays inside its container.
pub(crate) fn check_place(name: &str) -> Result<(), IntakeError> {
    let climbs = name.split(['/', '\\']).any(|step| step == "..");
    if climbs || name.starts_with(['/', '\\']) || name.contains([':', '\0']) {
        return Err(suspicious("tên phần trỏ ra ngoài tệp"));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), IntakeError> {
    check_place(name)?;
    let lower = name.to_ascii_lowercase();
    if [".zip", ".7z", ".rar", ".gz", ".xlsx", ".xlsm", ".xls", ".docx", ".exe"].iter().any(|ending| lower.ends_with(ending)) {
        return Err(suspicious("có tệp khác nằm trong tệp"));
    }
    Ok(())
}

/// Unpacks a part to nowhere, and looks at it when it is XML.
fn check_part(part: &mut impl Read, name: &str, declared: u64) -> Result<(), IntakeError> {
    let mut buffer = vec![0; 64 << 10];
    let mut found = 0u64;
    let mut is_xml = false;
    // The last two bytes of the chunk before, so that no mark is missed between two chunks.
    let mut before = [0u8; 2];
    loop {
        let count = part.read(&mut buffer).map_err(|_| IntakeError::Truncated { detail: format!("phần {name}") })?;
        if count == 0 {
            break;
        }
        let chunk = &buffer[..count];
        if found == 0 {
            if matches!(chunk, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || chunk.starts_with(&[0]) || chunk.starts_with(b"<\0") {
                return Err(suspicious("phần XML không ở bảng mã UTF-8"));
            }
            let text = chunk.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(chunk);
            is_xml = text.trim_ascii_start().starts_with(b"<");
            check_string_count(text, name, declared)?;
        }
        found += count as u64;
        if found > declared {
            return Err(suspicious("phần lớn hơn kích thước đã khai"));
        }
        if is_xml && declares_entities(before, chunk) {
            return Err(suspicious("phần XML có DOCTYPE hoặc ENTITY"));
        }
        before = match chunk {
            [.., a, b] => [*a, *b],
            [b] => [before[1], *b],
            [] => before,
        };
    }
    Ok(())
}

/// `<!` begins a comment, a CDATA section, or what has no place in a workbook.
fn declares_entities(before: [u8; 2], chunk: &[u8]) -> bool {
    let byte = |at: isize| match at {
        -2 | -1 => Some(before[(at + 2) as usize]),
        at => chunk.get(at as usize).copied(),
    };
    let opens =
        |at: isize| byte(at) == Some(b'<') && byte(at + 1) == Some(b'!') && byte(at + 2).is_some_and(|b| b != b'-' && b != b'[');
    opens(-2) || opens(-1) || chunk.iter().enumerate().any(|(at, b)| *b == b'!' && at > 0 && opens(at as isize - 1))
}

/// The reader reserves memory for as many shared strings as are announced; each takes five bytes at least.
fn check_string_count(text: &[u8], name: &str, size: u64) -> Result<(), IntakeError> {
    if !name.ends_with("sharedstrings.xml") {
        return Ok(());
    }
    let head = String::from_utf8_lossy(&text[..text.len().min(4096)]);
    let announced = head.split("uniqueCount").skip(1).map(|rest| {
        let digits: String = rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().unwrap_or(u64::MAX)
    });
    if announced.max().unwrap_or(0) > size / 5 + 1 {
        return Err(suspicious("số chuỗi khai báo nhiều hơn số có thể có"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_declarations_are_seen_across_chunks() {
        for (before, chunk) in [(*b"  ", "<!DOCTYPE x"), (*b" <", "!DOCTYPE"), (*b"<!", "ENTITY"), (*b"  ", "<a/><!ELEMENT")] {
            assert!(declares_entities(before, chunk.as_bytes()), "{chunk}");
        }
        for chunk in ["<!-- x -->", "<t><![CDATA[x]]></t>", "<t>Chào!</t>", "!DOCTYPE"] {
            assert!(!declares_entities(*b"  ", chunk.as_bytes()), "{chunk}");
        }
    }

    #[test]
    fn names_may_not_leave_the_file_nor_hold_files() {
        for bad in ["../x.xml", "xl/../../x", "/etc/x", "\\x", "c:/x", "xl/embeddings/a.zip", "xl\\..\\x"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_name("xl/worksheets/sheet1.xml").is_ok());
    }

    #[test]
    fn more_strings_than_bytes_are_refused() {
        let part = br#"<sst uniqueCount="99999999999999999999">"#;
        assert!(check_string_count(part, "xl/sharedstrings.xml", 100).is_err());
        assert!(check_string_count(br#"<sst count="9" uniqueCount="3">"#, "xl/sharedstrings.xml", 100).is_ok());
    }
}
