//! A plain client for one connection to the portal of this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::failure::Failure;

/// A connection that stays open.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    port: u16,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// Where it leads; empty where it leads nowhere.
    location: String,
}

impl Client {
    pub(super) fn connect(port: u16) -> Result<Self, Failure> {
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        stream.set_read_timeout(Some(Duration::from_secs(300))).map_err(failed)?;
        Ok(Self { stream: BufReader::new(stream), port })
    }

    /// Asks for a page; `cookie` may be empty.
    pub(super) fn get(&mut self, path: &str, cookie: &str) -> Result<Answer, Failure> {
        let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{cookie}\r\n", self.port))
    }

    /// Sends the form of a search and gives the address of what it finds.
    pub(super) fn search(&mut self, path: &str, fields: &str) -> Result<String, Failure> {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let length = fields.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{kind}\r\nContent-Length: {length}\r\n\r\n{fields}",
            self.port
        );
        let answer = self.ask(&request)?;
        match answer.status {
            303 => Ok(answer.location),
            status => Err(Failure::internal(format!("the search was answered with {status}"))),
        }
    }

    fn ask(&mut self, request: &str) -> Result<Answer, Failure> {
        self.stream.get_mut().write_all(request.as_bytes()).map_err(failed)?;
        let mut head = String::new();
        let mut length = None;
        let mut status = 0;
        let mut location = String::new();
        loop {
            head.clear();
            if self.stream.read_line(&mut head).map_err(failed)? == 0 {
                return Err(Failure::internal("the portal closed the connection".to_owned()));
            }
            let line = head.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.split(' ').next().and_then(|s| s.parse().ok()).unwrap_or(0);
            }
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse::<usize>().ok(),
                Some((name, value)) if name.eq_ignore_ascii_case("location") => value.trim().clone_into(&mut location),
                _ => {}
            }
        }
        let length = length.ok_or_else(|| Failure::internal("an answer without a length".to_owned()))?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(failed)?;
        Ok(Answer { status, body, location })
    }
}

fn failed(error: std::io::Error) -> Failure {
    Failure::internal(error.to_string())
}
