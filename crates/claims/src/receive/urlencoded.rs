//! A form body as it comes in, byte by byte: the file is decoded on the way, secrets are found before their value is read.

use super::body::Fields;
use super::refusal::Refusal;

/// Characters of a field's name.
const NAME: usize = 64;

/// A form being read.
pub(super) struct Form {
    fields: Fields,
    name: Vec<u8>,
    /// Whether the value is being read; before it the name is.
    in_value: bool,
    /// Digits of a `%` that has begun.
    escape: Option<Vec<u8>>,
}

impl Form {
    /// Reads into these fields.
    pub(super) fn new(fields: Fields) -> Self {
        Self { fields, name: Vec::new(), in_value: false, escape: None }
    }

    /// Takes the next bytes of the body.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        for byte in bytes {
            self.take(*byte)?;
        }
        Ok(())
    }

    /// The fields, when the body has ended.
    pub(super) fn finish(mut self) -> Result<Fields, Refusal> {
        if self.escape.is_some() {
            return Err(Refusal::BrokenBody);
        }
        self.end()?;
        Ok(self.fields)
    }

    fn take(&mut self, byte: u8) -> Result<(), Refusal> {
        if let Some(digits) = &mut self.escape {
            digits.push(byte);
            if digits.len() == 2 {
                let text = std::str::from_utf8(digits).map_err(|_| Refusal::BrokenBody)?;
                let value = u8::from_str_radix(text, 16).map_err(|_| Refusal::BrokenBody)?;
                self.escape = None;
                self.plain(value)?;
            }
            return Ok(());
        }
        match byte {
            b'%' => self.escape = Some(Vec::with_capacity(2)),
            b'&' => self.end()?,
            b'=' if !self.in_value => {
                self.in_value = true;
                self.fields.begin(&String::from_utf8_lossy(&self.name))?;
            }
            // In the file a plus that was not escaped is one of base64's: programs forget to escape it, and blanks mean nothing there.
            b'+' if !(self.in_value && self.fields.in_file()) => self.plain(b' ')?,
            other => self.plain(other)?,
        }
        Ok(())
    }

    fn plain(&mut self, byte: u8) -> Result<(), Refusal> {
        if self.in_value {
            return self.fields.value(&[byte]);
        }
        if self.name.len() == NAME {
            return Err(Refusal::BrokenBody);
        }
        self.name.push(byte);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refusal> {
        if !self.in_value && !self.name.is_empty() {
            self.fields.begin(&String::from_utf8_lossy(&self.name))?;
        }
        self.fields.end();
        self.name.clear();
        self.in_value = false;
        Ok(())
    }
}
