//! Finding signatures in the bytes of a PDF, without reading the PDF: the dictionary of a signature must stand in the file as it is.

/// A signature and the bytes it says it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The signature itself, decoded; zeros at its end belong to the space that was kept for it.
    pub(super) cms: Vec<u8>,
    /// Where the hole for the signature begins and ends.
    pub(super) hole: (usize, usize),
    /// Where what it covers ends.
    pub(super) end: usize,
    /// `/SubFilter`, e.g. `adbe.pkcs7.detached`.
    pub(super) kind: String,
    /// `/M`, the time the signing program wrote.
    pub(super) time: Option<String>,
}

impl Found {
    /// What is signed: everything up to its end but the hole.
    pub(super) fn covered<'f>(&self, file: &'f [u8]) -> [&'f [u8]; 2] {
        [&file[..self.hole.0], &file[self.hole.1..self.end]]
    }
}

/// Most signatures of one file; more is no document.
const MOST: usize = 20;

/// All signatures in the order of what they cover. An error says what is wrong with how they stand in the file.
pub(super) fn signatures(file: &[u8]) -> Result<Vec<Found>, String> {
    if !file.starts_with(b"%PDF-") {
        return Err("tệp không phải PDF.".to_owned());
    }
    let mut found = Vec::new();
    for at in places(file, b"/ByteRange") {
        found.push(signature(file, at)?);
        if found.len() > MOST {
            return Err("tệp có quá nhiều chữ ký.".to_owned());
        }
    }
    // A signature without a range, so that nobody can say what it covers.
    let named = places(file, b"adbe.pkcs7.detached").count() + places(file, b"ETSI.CAdES.detached").count();
    if named > found.len() {
        return Err("có chữ ký không nói rõ nó bao trùm phần nào của tệp.".to_owned());
    }
    found.sort_by_key(|signature| signature.end);
    if found.windows(2).any(|pair| pair[0].end == pair[1].end) {
        return Err("hai chữ ký cùng nhận bao trùm một phần như nhau.".to_owned());
    }
    Ok(found)
}

fn signature(file: &[u8], at: usize) -> Result<Found, String> {
    let odd = |what: &str| format!("cách ghi chữ ký trong tệp không đúng chuẩn: {what}.");
    let range = range(&file[at + b"/ByteRange".len()..]).ok_or_else(|| odd("ByteRange"))?;
    let [start, first, second, rest] = range;
    let end = second.checked_add(rest).filter(|end| *end <= file.len()).ok_or_else(|| odd("ByteRange vượt quá tệp"))?;
    if start != 0 || first == 0 || second <= first {
        return Err(odd("ByteRange không bắt đầu từ đầu tệp"));
    }
    // Nothing may hide in the hole: it holds the signature in hexadecimal and not one byte more.
    let hole = &file[first..second];
    let digits = hole.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")).ok_or_else(|| odd("chỗ dành cho chữ ký"))?;
    let digits: Vec<u8> = digits.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    if digits.len() % 2 == 1 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(odd("chỗ dành cho chữ ký có nội dung khác"));
    }
    if !file[..first].trim_ascii_end().ends_with(b"/Contents") {
        return Err(odd("chỗ trống không phải của chữ ký"));
    }
    // Range and hole belong to one object, which the signature covers.
    let (low, high) = (at.min(first), at.max(second));
    if at >= first && at < second || at >= end || places(&file[low..high], b"endobj").next().is_some() {
        return Err(odd("ByteRange và Contents không cùng một đối tượng"));
    }
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
    let cms = digits.chunks(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect();
    let object = object(file, low, high);
    let time = places(object, b"/M").find_map(|at| date(&object[at + 2..]));
    let kind = places(object, b"/SubFilter").next().map(|at| name(&object[at + b"/SubFilter".len()..])).unwrap_or_default();
    Ok(Found { cms, hole: (first, second), end, kind, time })
}

/// The object around some bytes: from the last `obj` before to the next `endobj` after them.
fn object(file: &[u8], low: usize, high: usize) -> &[u8] {
    let from = places(&file[..low], b" obj").last().unwrap_or(0);
    let to = places(&file[high..], b"endobj").next().map_or(file.len(), |at| high + at);
    &file[from..to]
}

/// Where a word stands.
fn places<'f>(file: &'f [u8], word: &'static [u8]) -> impl Iterator<Item = usize> + use<'f> {
    file.windows(word.len()).enumerate().filter(move |(_, window)| *window == word).map(|(at, _)| at)
}

/// `[0 840 9840 240]`, with nothing else in it.
fn range(text: &[u8]) -> Option<[usize; 4]> {
    let text = text.trim_ascii_start().strip_prefix(b"[")?;
    let inner = &text[..text.iter().take(120).position(|b| *b == b']')?];
    let numbers: Option<Vec<usize>> = inner
        .split(u8::is_ascii_whitespace)
        .filter(|part| !part.is_empty())
        .map(|part| if part.iter().all(u8::is_ascii_digit) { std::str::from_utf8(part).ok()?.parse().ok() } else { None })
        .collect();
    numbers?.try_into().ok()
}

/// A name such as `/adbe.pkcs7.detached`.
fn name(text: &[u8]) -> String {
    let text = text.trim_ascii_start().strip_prefix(b"/").unwrap_or_default();
    let end = text.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'.')).unwrap_or(text.len());
    String::from_utf8_lossy(&text[..end.min(40)]).into_owned()
}

/// `(D:20261129101500+07'00')`.
fn date(text: &[u8]) -> Option<String> {
    let text = text.trim_ascii_start().strip_prefix(b"(D:")?;
    let end = text.iter().take(40).position(|b| *b == b')')?;
    Some(String::from_utf8_lossy(&text[..end]).into_owned())
}
