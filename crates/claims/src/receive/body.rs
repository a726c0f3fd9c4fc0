//! The fields of a posting, from a form, from parts or from JSON.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use futures::StreamExt;

use super::base64::{Broken, Decoder};
use super::refusal::Refusal;
use super::secrets::secret;
use super::urlencoded::Form;

/// Bytes of a field that is not the file.
const FIELD: usize = 200;
/// Bytes that fields and their names may have beside the file.
const BESIDE: usize = 64 << 10;

/// What was posted.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Posted {
    /// `loaiHoSo`: 0 check-in; 3, 130, 4750, 3176 claims.
    pub kind: String,
    /// `maTinh`.
    pub province: String,
    /// `maCSKCB`.
    pub facility: String,
    /// `fileHSBase64`, decoded: a claim file or a ZIP of several.
    pub file: Vec<u8>,
}

/// Which field is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Kind,
    Province,
    Facility,
    File,
    /// Anything else, `username` too: read past.
    Other,
}

/// The file as it comes in.
#[derive(Debug)]
enum Content {
    /// As text.
    Base64(Decoder),
    /// As it is, in a part that says it is binary.
    Plain(Vec<u8>),
}

/// Gathers the fields of a posting.
#[derive(Debug)]
pub(super) struct Fields {
    posted: Posted,
    file: Option<Content>,
    most: usize,
    now: Field,
    text: Vec<u8>,
}

impl Fields {
    /// A file of at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { posted: Posted::default(), file: None, most, now: Field::Other, text: Vec::new() }
    }

    /// A field begins. One that opens the national portal ends everything.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), Refusal> {
        if let Some(secret) = secret(name) {
            return Err(Refusal::NationalSecret(secret));
        }
        self.text.clear();
        self.now = match name {
            "loaiHoSo" => Field::Kind,
            "maTinh" => Field::Province,
            "maCSKCB" => Field::Facility,
            "fileHSBase64" if self.file.is_some() => return Err(Refusal::BadField("fileHSBase64")),
            "fileHSBase64" => {
                self.file = Some(Content::Base64(Decoder::new(self.most)));
                Field::File
            }
            _ => Field::Other,
        };
        Ok(())
    }

    /// The file that began last comes as its own bytes.
    fn as_it_is(&mut self) {
        if self.in_file() {
            self.file = Some(Content::Plain(Vec::new()));
        }
    }

    /// Whether the file is being read.
    pub(super) fn in_file(&self) -> bool {
        self.now == Field::File
    }

    /// Bytes of the value of the field that began last.
    pub(super) fn value(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let most = self.most;
        match (self.now, &mut self.file) {
            (Field::File, Some(Content::Base64(file))) => file.push(bytes).map_err(|why| broken(why, most)),
            (Field::File, Some(Content::Plain(file))) if file.len() + bytes.len() > most => Err(broken(Broken::TooLarge, most)),
            (Field::File, Some(Content::Plain(file))) => {
                file.extend_from_slice(bytes);
                Ok(())
            }
            (Field::Other, _) | (Field::File, None) => Ok(()),
            _ if self.text.len() + bytes.len() > FIELD => Err(Refusal::BrokenBody),
            _ => {
                self.text.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// The field ends.
    pub(super) fn end(&mut self) {
        let text = String::from_utf8_lossy(&self.text).trim().to_owned();
        match self.now {
            Field::Kind => self.posted.kind = text,
            Field::Province => self.posted.province = text,
            Field::Facility => self.posted.facility = text,
            Field::File | Field::Other => {}
        }
        self.now = Field::Other;
        self.text.clear();
    }

    /// What was posted. A file must have been among it.
    pub(super) fn finish(mut self) -> Result<Posted, Refusal> {
        self.posted.file = match self.file.take().ok_or(Refusal::Missing("fileHSBase64"))? {
            Content::Base64(file) => file.finish().map_err(|why| broken(why, self.most))?,
            Content::Plain(file) => file,
        };
        if self.posted.file.is_empty() {
            return Err(Refusal::Missing("fileHSBase64"));
        }
        Ok(self.posted)
    }
}

fn broken(why: Broken, most: usize) -> Refusal {
    match why {
        Broken::Character(place) => Refusal::NotBase64(format!("ký tự thứ {place}")),
        Broken::Cut => Refusal::NotBase64("bị cắt ở cuối".to_owned()),
        Broken::TooLarge => Refusal::TooLarge { megabytes: (most >> 20) as u64 },
    }
}

/// Reads a request whose decoded file has at most `most` bytes.
pub(super) async fn read(request: Request, most: usize) -> Result<Posted, Refusal> {
    // Four characters for three bytes, three for each that is escaped, and ends of lines.
    let longest = most.saturating_mul(3).saturating_add(BESIDE);
    let over = Arc::new(AtomicBool::new(false));
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_lowercase();
    let request = counted(request, longest, over.clone());
    let read = match kind.split(';').next().unwrap_or_default().trim() {
        "application/x-www-form-urlencoded" => of_form(request.into_body(), most).await,
        "multipart/form-data" => of_parts(request, most).await,
        "application/json" => of_json(request.into_body(), most, longest).await,
        _ => {
            drain(request, most).await;
            Err(Refusal::OtherBody)
        }
    };
    match read {
        Err(Refusal::BrokenBody) if over.load(Ordering::Relaxed) => Err(Refusal::TooLarge { megabytes: (most >> 20) as u64 }),
        read => read,
    }
}

/// Reads a refused request past, so that the program hears why instead of a broken connection; not without end.
pub(super) async fn drain(request: Request, most: usize) {
    let mut left = most.saturating_mul(3).saturating_add(BESIDE);
    let mut stream = request.into_body().into_data_stream();
    while let Some(Ok(piece)) = stream.next().await {
        left = left.saturating_sub(piece.len());
        if left == 0 {
            return;
        }
    }
}

/// The request with a body that fails beyond so many bytes.
fn counted(request: Request, longest: usize, over: Arc<AtomicBool>) -> Request {
    let (head, body) = request.into_parts();
    let mut left = longest;
    let stream = body.into_data_stream().map(move |piece| {
        let piece = piece?;
        match left.checked_sub(piece.len()) {
            Some(rest) => {
                left = rest;
                Ok(piece)
            }
            None => {
                over.store(true, Ordering::Relaxed);
                Err(axum::Error::new(std::io::Error::from(std::io::ErrorKind::FileTooLarge)))
            }
        }
    });
    Request::from_parts(head, Body::from_stream(stream))
}

/// A form. Once it is refused, the rest is read past, so that the program hears why instead of a broken connection.
async fn of_form(body: Body, most: usize) -> Result<Posted, Refusal> {
    let mut form = Form::new(Fields::new(most));
    let mut refused = None;
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        let piece: Bytes = match piece {
            Ok(piece) => piece,
            Err(_) => return Err(refused.unwrap_or(Refusal::BrokenBody)),
        };
        if refused.is_none() {
            refused = form.push(&piece).err();
        }
    }
    match refused {
        Some(refusal) => Err(refusal),
        None => form.finish()?.finish(),
    }
}

async fn of_parts(request: Request, most: usize) -> Result<Posted, Refusal> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BrokenBody)?;
    let mut fields = Fields::new(most);
    let mut refused = None;
    while let Some(mut part) = parts.next_field().await.map_err(|_| refused.clone().unwrap_or(Refusal::BrokenBody))? {
        if refused.is_none() {
            refused = fields.begin(part.name().unwrap_or_default()).err();
            if part.content_type().is_some_and(is_binary) {
                fields.as_it_is();
            }
        }
        while let Some(piece) = part.chunk().await.map_err(|_| refused.clone().unwrap_or(Refusal::BrokenBody))? {
            if refused.is_none() {
                refused = fields.value(&piece).err();
            }
        }
        fields.end();
    }
    match refused {
        Some(refusal) => Err(refusal),
        None => fields.finish(),
    }
}

/// Whether a part of this kind is the file itself, not its base64.
fn is_binary(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    ["application/octet-stream", "application/zip", "application/x-zip-compressed", "application/xml", "text/xml"]
        .contains(&kind.as_str())
}

async fn of_json(body: Body, most: usize, longest: usize) -> Result<Posted, Refusal> {
    let bytes = axum::body::to_bytes(body, longest).await.map_err(|_| Refusal::BrokenBody)?;
    let mut fields = Fields::new(most);
    let record: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&bytes).map_err(|_| Refusal::BrokenBody)?;
    drop(bytes);
    for (name, value) in record {
        fields.begin(&name)?;
        match value {
            serde_json::Value::String(text) => fields.value(text.as_bytes())?,
            serde_json::Value::Number(number) => fields.value(number.to_string().as_bytes())?,
            _ => {}
        }
        fields.end();
    }
    fields.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_as(kind: &str, body: &str, most: usize) -> Result<Posted, Refusal> {
        let request = Request::builder().header("content-type", kind).body(Body::from(body.to_owned())).unwrap();
        read(request, most).await
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    fn wanted(file: &[u8]) -> Posted {
        Posted { kind: "3176".into(), province: "01".into(), facility: "01999".into(), file: file.to_vec() }
    }

    #[tokio::test]
    async fn a_form_parts_and_json_say_the_same() {
        let form = "username=01999_BV&loaiHoSo=3176&maTinh=01&maCSKCB=01999&fileHSBase64=%2B%2B%2F%2FZg%3D%3D";
        let bytes = [0xfb, 0xef, 0xff, b'f'];
        assert_eq!(read_as(FORM, form, 100).await, Ok(wanted(&bytes)));
        let careless = "fileHSBase64=++//Zg==&loaiHoSo=3176&maTinh=01&maCSKCB=01999";
        assert_eq!(read_as(FORM, careless, 100).await, Ok(wanted(&bytes)));
        let json = r#"{"username":"x","loaiHoSo":3176,"maTinh":"01","maCSKCB":"01999","fileHSBase64":"++//Zg=="}"#;
        assert_eq!(read_as("application/json; charset=utf-8", json, 100).await, Ok(wanted(&bytes)));
        let part = |name: &str, value: &str| format!("--M\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let parts = [("maTinh", "01"), ("maCSKCB", "01999"), ("loaiHoSo", "3176"), ("fileHSBase64", "++//\r\nZg==")];
        let parts = parts.map(|(name, value)| part(name, value)).concat() + "--M--\r\n";
        assert_eq!(read_as("multipart/form-data; boundary=M", &parts, 100).await, Ok(wanted(&bytes)));
    }

    #[tokio::test]
    async fn a_part_that_says_it_is_binary_is_taken_as_it_is() {
        let part = |kind: &str, content: &str| {
            format!(
                "--M\r\nContent-Disposition: form-data; name=\"maCSKCB\"\r\n\r\n01999\r\n--M\r\nContent-Disposition: form-data; \
                 name=\"fileHSBase64\"; filename=\"a.zip\"\r\nContent-Type: {kind}\r\n\r\n{content}\r\n--M--\r\n"
            )
        };
        let read = async |kind: &str, content: &str| {
            read_as("multipart/form-data; boundary=M", &part(kind, content), 100).await.map(|posted| posted.file)
        };
        for kind in ["application/octet-stream", "application/zip", "text/xml; charset=utf-8"] {
            assert_eq!(read(kind, "PK\u{3}\u{4}\r\n<x/>").await, Ok(b"PK\x03\x04\r\n<x/>".to_vec()), "{kind}");
            assert_eq!(read(kind, &"x".repeat(101)).await, Err(Refusal::TooLarge { megabytes: 0 }), "{kind}");
        }
        assert_eq!(read("text/plain", "Zg==").await, Ok(b"f".to_vec()), "base64 as in any other body");
    }

    #[tokio::test]
    async fn secrets_end_it_in_every_kind_of_body() {
        let secret = Err(Refusal::NationalSecret("passwordHash"));
        assert_eq!(read_as(FORM, "maCSKCB=01999&passwordHash=abc&fileHSBase64=Zg==", 100).await, secret);
        assert_eq!(read_as(FORM, "fileHSBase64=Zg==&password%48ash=abc", 100).await, secret);
        assert_eq!(read_as("application/json", r#"{"passwordHash":"abc"}"#, 100).await, secret);
        let part = "--M\r\nContent-Disposition: form-data; name=\"passwordHash\"\r\n\r\nabc\r\n--M--\r\n";
        assert_eq!(read_as("multipart/form-data; boundary=M", part, 100).await, secret);
    }

    #[tokio::test]
    async fn what_cannot_be_taken_is_told() {
        let large = format!("fileHSBase64={}", "Zm9v".repeat(50));
        assert_eq!(read_as(FORM, &large, 100).await, Err(Refusal::TooLarge { megabytes: 0 }));
        let longest = format!("x={}", "a".repeat(100_000));
        assert_eq!(read_as(FORM, &longest, 100).await, Err(Refusal::TooLarge { megabytes: 0 }));
        for (body, refusal) in [
            ("maCSKCB=01999", Refusal::Missing("fileHSBase64")),
            ("fileHSBase64=", Refusal::Missing("fileHSBase64")),
            ("fileHSBase64=Zg==&fileHSBase64=Zg==", Refusal::BadField("fileHSBase64")),
            ("fileHSBase64=<HOSO>", Refusal::NotBase64("ký tự thứ 1".into())),
            ("fileHSBase64=Zm9vY", Refusal::NotBase64("bị cắt ở cuối".into())),
            ("fileHSBase64=Z%", Refusal::BrokenBody),
        ] {
            assert_eq!(read_as(FORM, body, 100).await, Err(refusal), "{body}");
        }
        assert_eq!(read_as("text/xml", "<a/>", 100).await, Err(Refusal::OtherBody));
        assert_eq!(read_as("application/json", "[1]", 100).await, Err(Refusal::BrokenBody));
    }
}
