//! Pages with the proof that they stand in the audit log.

use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::app::Audited;

/// A page with the proof that it was audited.
pub struct Shown {
    body: Vec<u8>,
    content_type: &'static str,
    file_name: Option<String>,
    audited: Audited,
}

impl Shown {
    /// An HTML page.
    pub fn page(html: String, audited: Audited) -> Self {
        Self { body: html.into_bytes(), content_type: "text/html; charset=utf-8", file_name: None, audited }
    }

    /// A file to be saved. The name is fixed words only, never personal data.
    pub fn file(bytes: Vec<u8>, content_type: &'static str, file_name: String, audited: Audited) -> Self {
        Self { body: bytes, content_type, file_name: Some(file_name), audited }
    }
}

impl IntoResponse for Shown {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(name) = self.file_name
            && let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        response.extensions_mut().insert(self.audited);
        response
    }
}

/// Marks an answer that shows no data: switches, assets, the page of menu entries.
#[derive(Debug, Clone, Copy)]
pub struct NoData;
