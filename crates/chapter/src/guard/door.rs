//! Where a request comes from: which host it names, whether a write comes from the portal itself, which address asks.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{self, HeaderMap};

use crate::app::Entry;

/// Whether the Host header names this portal: this machine, or the name under which a proxy on this machine publishes it.
///
/// A page of another site that points its name here is refused.
pub(super) fn host_is_ours(entry: &Entry, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|h| h.to_str().ok()) else { return false };
    if let Some(public) = entry.public_host() {
        return host == public;
    }
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    matches!(name, "127.0.0.1" | "localhost" | "::1")
}

/// Browsers say where a request comes from; programs without a browser say nothing.
pub(super) fn from_this_portal(entry: &Entry, headers: &HeaderMap) -> bool {
    let scheme = if entry.public_host().is_some() { "https://" } else { "http://" };
    headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
        && headers.get(header::ORIGIN).and_then(|o| o.to_str().ok()).is_none_or(|origin| {
            let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
            origin.strip_prefix(scheme) == Some(host)
        })
}

/// The address that asks. Behind the proxy of a public name it is the last one that the proxy wrote; what a client writes itself
/// stands before it and counts for nothing.
pub(super) fn address(entry: &Entry, request: &Request) -> String {
    let peer = || request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(String::new, |peer| peer.0.ip().to_string());
    if entry.public_host().is_none() {
        return peer();
    }
    let told = request.headers().get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = told.and_then(|list| list.rsplit(',').next()).map(str::trim).unwrap_or_default();
    last.parse::<std::net::IpAddr>().map_or_else(|_| peer(), |address| address.to_string())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse::<header::HeaderName>().unwrap(), HeaderValue::from_static(v))).collect()
    }

    fn local() -> Entry {
        Entry::Picker(Vec::new())
    }

    fn public() -> Entry {
        Entry::SignIn { host: Some("ansinh.example.vn".into()) }
    }

    #[test]
    fn only_this_machine_is_a_host() {
        for host in ["127.0.0.1:8080", "localhost:8080", "localhost", "[::1]:8080"] {
            assert!(host_is_ours(&local(), &headers(&[("host", host)])), "{host}");
        }
        for host in ["example.com", "127.0.0.1.example.com:8080", "192.168.1.5:8080", ""] {
            assert!(!host_is_ours(&local(), &headers(&[("host", host)])), "{host}");
        }
        assert!(!host_is_ours(&local(), &headers(&[])));
    }

    #[test]
    fn a_published_portal_answers_to_its_name_alone() {
        assert!(host_is_ours(&public(), &headers(&[("host", "ansinh.example.vn")])));
        for host in ["127.0.0.1:8080", "example.vn", "ansinh.example.vn.evil.example"] {
            assert!(!host_is_ours(&public(), &headers(&[("host", host)])), "{host}");
        }
    }

    #[test]
    fn writes_come_from_the_portal_itself() {
        let host = ("host", "127.0.0.1:8080");
        let from = |pairs: &[(&'static str, &'static str)]| from_this_portal(&local(), &headers(pairs));
        assert!(from(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(from(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(!from(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!from(&[host, ("origin", "http://evil.example")]));
        assert!(!from(&[host, ("origin", "null")]));
        let named = ("host", "ansinh.example.vn");
        assert!(from_this_portal(&public(), &headers(&[named, ("origin", "https://ansinh.example.vn")])));
        assert!(!from_this_portal(&public(), &headers(&[named, ("origin", "http://ansinh.example.vn")])));
    }

    #[test]
    fn the_address_is_what_the_proxy_wrote_last() {
        let request = |value: &'static str| {
            let mut request = Request::new(axum::body::Body::empty());
            request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static(value));
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4))));
            request
        };
        assert_eq!(address(&public(), &request("1.2.3.4, 5.6.7.8")), "5.6.7.8");
        assert_eq!(address(&public(), &request("anything")), "127.0.0.1");
        assert_eq!(address(&local(), &request("5.6.7.8")), "127.0.0.1");
    }
}
