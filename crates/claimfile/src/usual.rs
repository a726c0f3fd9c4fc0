//! The usual content of NOIDUNGFILE, taken straight from what the source holds: no event and no copy of it are made.
//!
//! All else (CDATA, comments, references, other encodings, whatever is not in order) is left to the reader of events, which meets the same bytes.

use base64::Engine as _;
use base64::engine::general_purpose::PAD;
use memchr::memchr;
use memchr::memmem::Finder;

use crate::dossier::{Dossier, TableId};
use crate::envelope::{Current, Place, Reader};
use crate::plain;

/// The tag before a content, in its usual writing.
const OPEN: &[u8] = b"<NOIDUNGFILE>";
/// The tag after it; a content has no `<` of its own unless it is XML.
const CLOSE: &[u8] = b"</NOIDUNGFILE>";

/// Bytes of a gathered content that is decoded here: what a giant one needs is given back after it.
const GATHERED: usize = 1 << 20;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Base64 = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Base64 = base64::engine::GeneralPurpose;

/// What decoding needs, used again for every table.
pub(crate) struct Decoder {
    base64: Base64,
    /// Base64 without line ends.
    joined: Vec<u8>,
    bytes: Vec<u8>,
    close: Finder<'static>,
}

impl Decoder {
    pub(crate) fn new() -> Self {
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        let base64 = Base64::standard(PAD);
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let base64 = Base64::new(&base64::alphabet::STANDARD, PAD);
        Self { base64, joined: Vec::new(), bytes: Vec::new(), close: Finder::new(CLOSE) }
    }

    /// The text of a content; `None` when there is none or it is not UTF-8 in base64 or as it is.
    fn text<'t>(&'t mut self, content: &'t [u8]) -> Option<&'t str> {
        let mut content = content.trim_ascii();
        if content.first()? == &b'<' {
            return std::str::from_utf8(content).ok();
        }
        if memchr(b'\n', content).is_some() {
            join(content, &mut self.joined);
            content = &self.joined;
        }
        self.bytes.clear();
        self.base64.decode_vec(content, &mut self.bytes).ok()?;
        let text = std::str::from_utf8(&self.bytes).ok()?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }
}

/// The lines of a content in one. A line is believed to be as long as the one before it when it ends there: a line end left inside is no base64.
fn join(content: &[u8], joined: &mut Vec<u8>) {
    joined.clear();
    let (mut rest, mut last) = (content, 0);
    loop {
        let end = if rest.get(last) == Some(&b'\n') { Some(last) } else { memchr(b'\n', rest) };
        let Some(end) = end else { break };
        let line = &rest[..end];
        joined.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        (rest, last) = (&rest[end + 1..], end);
    }
    joined.extend_from_slice(rest);
}

impl Reader<'_> {
    /// Takes the content that stands next, when the tag before it was read last and all of it is usual.
    pub(crate) fn usual(&mut self, current: &Current, dossier: &mut Dossier) {
        let begins = self.place == Place::Content && self.buffer == OPEN && self.content.is_empty();
        let (true, true, None, Some(xml)) = (begins, current.wanted, &current.inline, &mut self.xml) else { return };
        let Some(content) = xml.get_mut().until(&self.decoder.close) else { return };
        let length = content.len();
        if self.decoder.text(content).is_some_and(|text| plain::read(text, current.table, self.forms, dossier)) {
            std::io::BufRead::consume(&mut xml.stream(), length);
        } else {
            self.odd = true;
        }
    }

    /// The same for a content that was gathered from events; whether it is read.
    pub(crate) fn usual_gathered(&mut self, table: Option<TableId>, dossier: &mut Dossier) -> bool {
        let odd = std::mem::take(&mut self.odd) || self.content.len() > GATHERED;
        let text = if odd { None } else { self.decoder.text(&self.content) };
        text.is_some_and(|text| plain::read(text, table, self.forms, dossier))
    }
}
