//! What stands in NOIDUNGFILE: base64, or XML as text, in any encoding that was met.

use std::borrow::Cow;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::refused::Reason;
use crate::source::{self, Source};

/// The mark that some programs put before UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a table; `None` when there is nothing. Blanks and line ends inside base64 are taken out of `content`.
pub(crate) fn text(content: &mut Vec<u8>) -> Result<Option<Cow<'_, str>>, Reason> {
    let trimmed = content.trim_ascii();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if trimmed.starts_with(b"<") || trimmed.strip_prefix(MARK).is_some_and(|rest| rest.starts_with(b"<")) {
        return decoded(Cow::Borrowed(content.trim_ascii())).map(Some);
    }
    content.retain(|byte| !byte.is_ascii_whitespace());
    let bytes = STANDARD.decode(&*content).map_err(|_| Reason::NotBase64)?;
    decoded(Cow::Owned(bytes)).map(Some)
}

/// Bytes as UTF-8. A declaration is believed only for 8-bit encodings of what is no UTF-8.
fn decoded(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Reason> {
    if matches!(*bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..]) {
        let mut all = String::new();
        let read = Source::new(&*bytes).and_then(|mut source| source.read_to_string(&mut all));
        return read.map(|_| Cow::Owned(all)).map_err(|_| Reason::NotUtf8);
    }
    let encoding = source::encoding(&bytes);
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| bytes.to_vec()),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(std::string::FromUtf8Error::into_bytes),
    };
    match (text, encoding) {
        (Ok(Cow::Borrowed(text)), _) => Ok(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text))),
        (Ok(Cow::Owned(mut text)), _) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Ok(Cow::Owned(text))
        }
        (Err(bytes), Some(encoding)) => Ok(Cow::Owned(encoding.decode_without_bom_handling(&bytes).0.into_owned())),
        (Err(_), None) => Err(Reason::NotUtf8),
    }
}
