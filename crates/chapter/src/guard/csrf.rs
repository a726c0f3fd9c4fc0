//! Forms carry a token of their session: put into every form on its way out, asked for on its way in.
//!
//! No page writes the token itself, so none can forget it. It stands first in the body, where it is found without holding a file
//! that is sent in memory, and is taken out of fields again before the page sees them.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap};
use axum::response::Response;
use futures::StreamExt;

/// Name of the field.
const FIELD: &str = "_phien";
/// The token stands within so many bytes from the beginning of a body.
const BEGINNING: usize = 4096;

/// Puts the token into every form of a page that changes something.
pub(super) async fn put(response: Response, token: &str) -> Response {
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !html {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        // The body is a page in memory: reading it cannot fail. Were it otherwise, an empty page is better than forms without token.
        return Response::from_parts(head, Body::empty());
    };
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(with_token(&bytes, token)))
}

fn with_token(page: &[u8], token: &str) -> Vec<u8> {
    const FORM: &[u8] = b"<form ";
    let field = format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{token}\">");
    let mut out = Vec::with_capacity(page.len() + 4 * field.len());
    let mut rest = page;
    while let Some(at) = find(rest, FORM) {
        // Attributes are escaped, so the first `>` ends the tag.
        let end = rest[at..].iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| at + end + 1);
        out.extend_from_slice(&rest[..end]);
        if find(&rest[at..end], b" method=\"post\"").is_some() {
            out.extend_from_slice(field.as_bytes());
        }
        rest = &rest[end..];
    }
    out.extend_from_slice(rest);
    out
}

/// The request without its token. Where it does not bear this one, it is given back as the error, to be shown to who sent it.
pub(super) async fn take(request: Request, token: &str) -> Result<Request, Box<Request>> {
    let multipart = is_multipart(request.headers());
    let (head, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let mut beginning: Vec<u8> = Vec::new();
    while beginning.len() < BEGINNING {
        match stream.next().await {
            Some(Ok(bytes)) => beginning.extend_from_slice(&bytes),
            Some(Err(_)) => return Err(Box::new(Request::new(Body::empty()))),
            None => break,
        }
    }
    let rest = if multipart { of_parts(&beginning, token) } else { of_fields(&beginning, token) };
    let proven = rest.is_some();
    let first = rest.unwrap_or(beginning);
    let first = futures::stream::once(async move { Ok::<_, axum::Error>(Bytes::from(first)) });
    let mut request = Request::from_parts(head, Body::from_stream(first.chain(stream)));
    request.headers_mut().remove(header::CONTENT_LENGTH);
    if proven { Ok(request) } else { Err(Box::new(request)) }
}

/// Fields without the token, which must be the first of them.
fn of_fields(body: &[u8], token: &str) -> Option<Vec<u8>> {
    let rest = body.strip_prefix(format!("{FIELD}=").as_bytes())?;
    let end = rest.iter().position(|byte| *byte == b'&').unwrap_or(rest.len());
    same(&rest[..end], token.as_bytes()).then(|| rest.get(end + 1..).unwrap_or_default().to_vec())
}

/// Parts without the token's, which must be the first of them.
fn of_parts(body: &[u8], token: &str) -> Option<Vec<u8>> {
    let mark_end = find(body, b"\r\n")?;
    let mark = &body[..mark_end];
    let head_end = mark_end + find(&body[mark_end..], b"\r\n\r\n")? + 4;
    find(&body[mark_end..head_end], format!("; name=\"{FIELD}\"").as_bytes())?;
    let value_end = head_end + find(&body[head_end..], &[b"\r\n", mark].concat())?;
    same(&body[head_end..value_end], token.as_bytes()).then(|| body[value_end + 2..].to_vec())
}

fn is_multipart(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"multipart/"))
}

/// The time does not tell how much of it is right.
fn same(given: &[u8], token: &[u8]) -> bool {
    given.len() == token.len() && given.iter().zip(token).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_changes_something_gets_the_token() {
        let page = b"<form class=\"a\" method=\"get\" action=\"/x\"><p></form><form class=\"b\" method=\"post\" action=\"/y\"><p></form>";
        let page = String::from_utf8(with_token(page, "abc")).unwrap();
        assert_eq!(page.matches("value=\"abc\"").count(), 1);
        assert!(page.contains("action=\"/y\"><input type=\"hidden\" name=\"_phien\" value=\"abc\"><p>"), "{page}");
    }

    #[test]
    fn fields_come_without_their_token() {
        assert_eq!(of_fields(b"_phien=abc&a=1&b=2", "abc").unwrap(), b"a=1&b=2");
        assert_eq!(of_fields(b"_phien=abc", "abc").unwrap(), b"");
        for wrong in ["_phien=abd&a=1", "_phien=ab&a=1", "_phien=&a=1", "a=1&_phien=abc", ""] {
            assert!(of_fields(wrong.as_bytes(), "abc").is_none(), "{wrong}");
        }
    }

    #[test]
    fn parts_come_without_their_token() {
        let part = |name: &str, value: &str| format!("--M\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let (token, file) = (part("_phien", "abc"), part("tep", "nội dung"));
        let body = format!("{token}{file}--M--\r\n");
        assert_eq!(of_parts(body.as_bytes(), "abc").unwrap(), format!("{file}--M--\r\n").as_bytes());
        assert!(of_parts(body.as_bytes(), "abd").is_none());
        assert!(of_parts(format!("{file}{token}--M--\r\n").as_bytes(), "abc").is_none());
        assert!(of_parts(b"--M", "abc").is_none());
    }

    #[tokio::test]
    async fn what_follows_the_beginning_of_a_body_is_handed_on() {
        let long = "x".repeat(3 * BEGINNING);
        let request = Request::builder().body(Body::from(format!("_phien=abc&a={long}"))).unwrap();
        let request = take(request, "abc").await.unwrap();
        let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
        assert_eq!(body, format!("a={long}").as_bytes());
    }

    #[tokio::test]
    async fn a_form_of_another_session_is_given_back_whole() {
        let request = Request::builder().body(Body::from("_phien=abd&a=1")).unwrap();
        let refused = take(request, "abc").await.unwrap_err();
        let body = axum::body::to_bytes(refused.into_body(), usize::MAX).await.unwrap();
        assert_eq!(body, "_phien=abd&a=1".as_bytes());
    }
}
