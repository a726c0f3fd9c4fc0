//! Base64 as it comes in, byte by byte: nothing of its text is kept.

/// Why it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A character that is none of base64's, with its place from 1.
    Character(u64),
    /// It ends in the middle of a group.
    Cut,
    /// More bytes than are taken.
    TooLarge,
}

/// Decodes what is pushed; blanks and ends of lines are passed over.
#[derive(Debug)]
pub(super) struct Decoder {
    bytes: Vec<u8>,
    most: usize,
    group: u32,
    /// Characters of the open group.
    held: u32,
    padding: u32,
    place: u64,
}

impl Decoder {
    /// Takes at most so many decoded bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most, group: 0, held: 0, padding: 0, place: 0 }
    }

    /// Takes the next characters.
    pub(super) fn push(&mut self, text: &[u8]) -> Result<(), Broken> {
        text.iter().try_for_each(|byte| self.take(*byte))
    }

    fn take(&mut self, byte: u8) -> Result<(), Broken> {
        self.place += 1;
        let wrong = Broken::Character(self.place);
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b' ' | b'\r' | b'\n' | b'\t' => return Ok(()),
            b'=' if self.held + self.padding >= 2 && self.held + self.padding < 4 => {
                self.padding += 1;
                return Ok(());
            }
            _ => return Err(wrong),
        };
        // Nothing comes after the end.
        if self.padding > 0 {
            return Err(wrong);
        }
        self.group = (self.group << 6) | u32::from(value);
        self.held += 1;
        if self.held == 4 {
            self.put(3)?;
            (self.group, self.held) = (0, 0);
        }
        Ok(())
    }

    /// Appends the first bytes of the group, which fills the lower 24 bits.
    fn put(&mut self, count: usize) -> Result<(), Broken> {
        if self.bytes.len() + count > self.most {
            return Err(Broken::TooLarge);
        }
        self.bytes.extend_from_slice(&self.group.to_be_bytes()[1..=count]);
        Ok(())
    }

    /// The bytes. The padding may be left out.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Broken> {
        if self.padding > 0 && self.held + self.padding != 4 {
            return Err(Broken::Cut);
        }
        match self.held {
            0 => {}
            1 => return Err(Broken::Cut),
            held => {
                self.group <<= 6 * (4 - held);
                self.put(held as usize - 1)?;
            }
        }
        Ok(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Result<Vec<u8>, Broken> {
        let mut decoder = Decoder::new(1 << 20);
        // In pieces, as they come over the wire.
        text.as_bytes().chunks(3).try_for_each(|piece| decoder.push(piece))?;
        decoder.finish()
    }

    #[test]
    fn what_is_base64_is_decoded() {
        // RFC 4648, section 10.
        for (text, wanted) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
            ("Zm9v\r\nYmFy\n", "foobar"),
            ("Zm9vYg", "foob"),
            ("Zm 9v YmE", "fooba"),
        ] {
            assert_eq!(decoded(text).as_deref(), Ok(wanted.as_bytes()), "{text}");
        }
        assert_eq!(decoded("++//").as_deref(), Ok(&[0xfb, 0xef, 0xff][..]));
    }

    #[test]
    fn what_is_none_says_where() {
        for (text, wanted) in [
            ("<xml>", Broken::Character(1)),
            ("Zm9v*", Broken::Character(5)),
            ("Zg==Zg==", Broken::Character(5)),
            ("Zm9v=", Broken::Character(5)),
            ("Z", Broken::Cut),
            ("Zm9vY", Broken::Cut),
            ("Zg=", Broken::Cut),
            ("Zm8==", Broken::Character(5)),
            ("Zm_v", Broken::Character(3)),
        ] {
            assert_eq!(decoded(text), Err(wanted), "{text}");
        }
    }

    #[test]
    fn no_more_is_decoded_than_is_taken() {
        let mut decoder = Decoder::new(3);
        decoder.push(b"Zm9v").unwrap();
        assert_eq!(decoder.push(b"YmFy"), Err(Broken::TooLarge));
    }
}
