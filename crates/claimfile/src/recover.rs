//! Going on after an error: at the next dossier, with nothing of it lost.

use quick_xml::events::Event;

use crate::envelope::{DOSSIER, Place, Reader};
use crate::refused::Reason;
use crate::source::Source;

impl<'f> Reader<'f> {
    /// What an error had swallowed (a comment or CDATA that never ends) is read again from the next dossier on: it must not take others with it.
    /// How much is read twice is bounded, so that no file can make the work grow with its square.
    pub(crate) fn turn_back(&mut self, source: &mut Source<'f>, swallowed: &[u8]) {
        // The tag that did not end is not met again.
        let rest = swallowed.get(1..).unwrap_or_default();
        let next = memchr::memmem::find(rest, b"<HOSO").map(|at| &rest[at..]);
        if let Some(next) = next.filter(|next| self.reread + next.len() as u64 <= self.limits.dossier_bytes.saturating_mul(2)) {
            self.reread += next.len() as u64;
            source.unread(next);
        }
    }

    /// After an error: goes on at the next dossier, unless the file itself cannot be read any more.
    pub(crate) fn resume(&mut self, xml: quick_xml::Reader<Source<'f>>, lost: bool) {
        self.place = Place::Outside;
        if lost {
            return;
        }
        let mut source = xml.into_inner();
        if source.skip_to(b"<HOSO").unwrap_or(false) {
            source.allow(self.limits.dossier_bytes);
            self.xml = Some(reader(source));
        }
    }
}

/// A reader that leaves it to the envelope which element ends which: one wrong tag must not end the file.
pub(crate) fn reader(source: Source<'_>) -> quick_xml::Reader<Source<'_>> {
    let mut xml = quick_xml::Reader::from_reader(source);
    let config = xml.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    xml
}

/// Whether a tag has run into the next one, `<LOAIHOSO <HOSO>`, and whether that next one begins a dossier.
pub(crate) fn swallowed(event: &Event<'_>) -> Option<bool> {
    let tag: &str = match event {
        Event::Start(tag) => tag,
        Event::End(tag) => tag,
        _ => return None,
    };
    let (_, next) = tag.rsplit_once('<')?;
    Some(begins_dossier(next.as_bytes()))
}

/// Whether what follows a `<` is the tag of a dossier.
pub(crate) fn begins_dossier(tag: &[u8]) -> bool {
    let rest = tag.strip_prefix(DOSSIER.as_bytes());
    rest.is_some_and(|rest| rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')))
}

pub(crate) fn broken(error: &quick_xml::Error) -> Reason {
    match error {
        quick_xml::Error::Io(e) if e.kind() == std::io::ErrorKind::FileTooLarge => Reason::TooLarge,
        other => Reason::Broken(other.to_string()),
    }
}
