//! Check-in files: records written in the file itself, a notice only.

use quick_xml::events::Event;

use crate::cells;
use crate::dossier::{Dossier, TableId};
use crate::envelope::{Place, Reader};
use crate::outcome::Read;
use crate::recover::broken;
use crate::refused::{Reason, Refused};

impl Reader<'_> {
    /// A check-in file: one record after the other, written in the file itself.
    pub(crate) fn next_check_in(&mut self, dossier: &mut Dossier) -> Option<Read> {
        loop {
            let mut xml = self.xml.take()?;
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            xml.get_mut().allow(self.limits.dossier_bytes);
            let read = xml.read_event_into(&mut buffer);
            let line = xml.get_ref().line();
            let stop = |reason| Refused { table: Some(TableId::XML0), ..Refused::whole(0, line, reason) };
            let event = match read {
                Ok(Event::Eof) => {
                    if !self.closed {
                        self.ended.faults.push(stop(Reason::Broken("tệp bị cắt, thiếu phần cuối".to_owned())));
                    }
                    return None;
                }
                Ok(event) => event,
                Err(error) => {
                    self.ended.faults.push(stop(broken(&error)));
                    return None;
                }
            };
            let before = self.check_ins.records;
            let taken = match (&event, self.place) {
                // The envelope's own element was read when the file was opened; its list holds the records.
                (Event::Start(e), Place::Outside) if e.local_name().as_ref() == "DSACH_TRANG_THAI_KCB" => {
                    self.place = Place::Content;
                    self.check_ins.take(&event, Some(TableId::XML0), self.forms, dossier)
                }
                (_, Place::Content) => self.check_ins.take(&event, Some(TableId::XML0), self.forms, dossier),
                (Event::End(e), _) => {
                    self.closed |= e.local_name().as_ref() == "CHI_TIEU_TRANG_THAI_KCB";
                    Ok(false)
                }
                _ => Ok(false),
            };
            drop(event);
            self.buffer = buffer;
            match taken {
                Ok(over) => {
                    if over {
                        self.place = Place::Outside;
                    }
                    self.xml = Some(xml);
                    if self.check_ins.records > before {
                        self.ended.read += 1;
                        dossier.number = self.ended.read;
                        let faults = cells::check(dossier, self.forms);
                        return Some(if faults.is_empty() { Read::Kept } else { Read::Refused(faults) });
                    }
                }
                Err(reason) => {
                    self.ended.faults.push(stop(reason));
                    return None;
                }
            }
        }
    }
}
