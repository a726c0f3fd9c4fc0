//! A portal of its own for each test, and a plain client that shows every byte of the answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::{copy_folder, good, program, shared_folder, text};

/// What the program prints when the portal is open.
const OPEN: &str = "http://127.0.0.1:";

/// A running portal on a free port, ended when dropped.
pub struct Portal {
    child: Child,
    /// Port on loopback.
    pub port: u16,
    /// The data folder, this portal's own.
    pub data: TempDir,
    /// What it wrote to its standard error.
    said: Arc<Mutex<Vec<u8>>>,
}

/// What the portal answered.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers by name in lower case.
    pub headers: BTreeMap<String, String>,
    /// Cookies it sets, one header each.
    pub cookies: Vec<String>,
    /// Body.
    pub body: Vec<u8>,
}

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub text: String,
    /// Its class.
    pub class: String,
}

impl Portal {
    /// Opens a portal on a copy of the demo's data folder.
    pub fn open() -> Self {
        Self::open_with(&["--role-picker"], &[]).0
    }

    /// Opens a portal where one signs in; gives the one-time code of the first administrator too.
    pub fn open_for_accounts() -> (Self, String) {
        Self::open_for_accounts_over(&[])
    }

    /// The same with files of its own in the data folder, by path.
    pub fn open_for_accounts_over(files: &[(&str, &str)]) -> (Self, String) {
        let (portal, said) = Self::open_with(&[], files);
        let code = said.split_whitespace().last().unwrap().to_owned();
        assert_eq!(code.len(), 14, "no code in `{said}`");
        (portal, code)
    }

    /// Opens a portal where roles are picked, with files of its own in the data folder, by path.
    pub fn open_over(files: &[(&str, &str)]) -> Self {
        Self::open_with(&["--role-picker"], files).0
    }

    /// Opens a portal where roles are picked, on a copy of another data folder than the demo's.
    pub fn open_copy(of: &Path) -> Self {
        let data = tempfile::tempdir().unwrap();
        copy_folder(of, data.path());
        Self::open_on(data, &["--role-picker"], &[]).0
    }

    /// Ends this portal and opens one where one signs in, on a copy of what it left.
    pub fn with_accounts(mut self) -> Self {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let data = tempfile::tempdir().unwrap();
        copy_folder(self.data.path(), data.path());
        Self::open_on(data, &[], &[]).0
    }

    /// The portal, and the line printed after its address where there is one.
    fn open_with(flags: &[&str], files: &[(&str, &str)]) -> (Self, String) {
        Self::open_on(demo_data(), flags, files)
    }

    fn open_on(data: TempDir, flags: &[&str], files: &[(&str, &str)]) -> (Self, String) {
        for (path, content) in files {
            let path = data.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let (child, port, said, line) = Self::start(data.path(), flags, flags.is_empty());
        (Self { child, port, data, said }, line)
    }

    /// Kills the portal and opens it again on the same data folder.
    pub fn restart(&mut self, flags: &[&str]) {
        self.kill();
        let (child, port, said, _) = Self::start(self.data.path(), flags, false);
        (self.child, self.port, self.said) = (child, port, said);
    }

    /// Kills the portal; its data folder stays.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The program, its port, what it says, and the line after its address where one is to be read.
    fn start(data: &Path, flags: &[&str], reads: bool) -> (Child, u16, Arc<Mutex<Vec<u8>>>, String) {
        let mut child = program(&[&["serve", "--port", "0", "--data", text(data)], flags].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = kept(child.stderr.take().unwrap());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let digits: String = line.split_once(OPEN)?.1.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        let Some(port) = port else {
            let _ = child.kill();
            panic!("serve ended ({:?}) without saying `{OPEN}PORT`", child.wait());
        };
        let line = if reads { lines.next().unwrap_or_default() } else { String::new() };
        (child, port, said, line)
    }

    /// What the portal wrote to its standard error so far.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned()
    }

    /// The address for browsers.
    pub fn address(&self) -> String {
        format!("{OPEN}{}", self.port)
    }

    /// A page as a browser on this machine asks for it, in Vietnamese and the portal's first role.
    pub fn get(&self, path: &str) -> Answer {
        self.get_as(path, "")
    }

    /// A page with cookies, e.g. `ngon-ngu=en; vai-tro=u-city`.
    pub fn get_as(&self, path: &str, cookies: &str) -> Answer {
        let headers: &[(&str, &str)] = if cookies.is_empty() { &[] } else { &[("Cookie", cookies)] };
        self.ask("GET", path, &[&[("Host", &format!("127.0.0.1:{}", self.port)[..])], headers].concat(), "")
    }

    /// A form sent to the portal.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = format!("127.0.0.1:{}", self.port);
        let fixed = [("Host", host.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        self.ask("POST", path, &[&fixed[..], headers].concat(), body)
    }

    /// The address that the form of a search leads to.
    pub fn search(&self, list: &str, cookies: &str, fields: &str) -> String {
        let answer = self.post(list, &[("Cookie", cookies)], fields);
        assert_eq!(answer.status, 303, "{list}: {}", answer.text());
        answer.header("location").to_owned()
    }

    /// A request with exactly these headers (and what ends the answer with the connection).
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.ask_bytes(method, path, headers, body.as_bytes())
    }

    /// A file sent with a form, as a browser sends it.
    pub fn post_file(&self, path: &str, cookies: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        const MARK: &str = "----an-sinh-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"lop.xlsx\"\r\n\r\n", file.0);
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.1);
        body.extend_from_slice(format!("\r\n--{MARK}--\r\n").as_bytes());
        let (host, kind) = (format!("127.0.0.1:{}", self.port), format!("multipart/form-data; boundary={MARK}"));
        let headers = [("Host", host.as_str()), ("Content-Type", kind.as_str()), ("Cookie", cookies)];
        self.ask_bytes("POST", path, &headers, &body)
    }

    pub fn ask_bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(&[request.as_bytes(), body].concat()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::parse(&bytes)
    }

    /// How many events the audit log holds; it must be whole.
    pub fn audit_events(&self) -> i64 {
        let report = good(&["audit", "verify", "--data", text(self.data.path())]);
        assert_eq!(report["gaps"], serde_json::json!([]), "{report}");
        assert!(report["broken"].is_null(), "{report}");
        report["events"].as_i64().unwrap()
    }

    /// Desk users of the roles whose id begins so, from the page where roles are chosen.
    pub fn roles(&self, beginning: &str) -> Vec<String> {
        let page = self.get("/vai-tro").page();
        let is_id = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let ends = page.split(beginning).skip(1).map(|rest| rest.chars().take_while(is_id).collect::<String>());
        let roles: Vec<String> = ends.map(|end| format!("{beginning}{end}")).collect();
        assert!(!roles.is_empty(), "no role `{beginning}…` on /vai-tro");
        roles
    }
}

/// Keeps what comes out of a program, and shows it as it comes.
fn kept(mut from: impl Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let said = Arc::new(Mutex::new(Vec::new()));
    let into = said.clone();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            eprint!("{}", String::from_utf8_lossy(&bytes[..read]));
            into.lock().unwrap().extend_from_slice(&bytes[..read]);
        }
    });
    said
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {bytes:?}"));
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        let headers: Vec<(String, String)> = lines.map(header).collect();
        let cookies = headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.clone()).collect();
        let headers: BTreeMap<String, String> = headers.into_iter().collect();
        let mut body = bytes[end + 4..].to_vec();
        if headers.get("transfer-encoding").is_some_and(|e| e == "chunked") {
            body = without_chunks(&body);
        }
        Self { status, headers, cookies, body }
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body as text, whatever the status.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The body of a page that was shown.
    pub fn page(&self) -> String {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.text()
    }
}

fn without_chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|w| w == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

/// The demo's data folder, made once: a city of some 18,000 people and one month.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let data = shared_folder().join("demo");
        let outcome = crate::support::ansinh(&["demo", "--no-serve", "--scale", "0.002", "--data", text(&data)]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        data
    })
}

/// A copy of the demo's data folder, without rosters and truth. Whatever opens a desk works on one: it writes beside the store, and a folder
/// that others copy at that moment is not whole.
pub fn demo_data() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(demo()).unwrap() {
        let entry = entry.unwrap();
        let target = data.path().join(entry.file_name());
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        } else if entry.file_name() != "demo-city" {
            copy_folder(&entry.path(), &target);
        }
    }
    data
}

/// All links of a page in their order.
pub fn links(page: &str) -> Vec<PageLink> {
    page.split("<a ")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let inner = rest.split("</a>").next()?;
            let of = |name: &str| {
                let value = attributes.split(&format!("{name}=\"")[..]).nth(1).and_then(|v| v.split('"').next());
                value.unwrap_or_default().replace("&amp;", "&")
            };
            Some(PageLink { href: of("href"), text: words(inner), class: of("class") })
        })
        .collect()
}

/// What a piece of a page says: without tags, entities read.
pub fn words(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#38;", "&"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c)).trim().to_owned()
}

/// The first whole number of a text, written 1.234 or 1,234.
pub fn first_number(text: &str) -> Option<i64> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let mut digits = String::new();
    let mut rest = text[from..].chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '0'..='9' => digits.push(c),
            '.' | ',' if rest.peek().is_some_and(char::is_ascii_digit) => {}
            _ => break,
        }
    }
    digits.parse().ok()
}

/// The sentence that reads the filter of a list aloud, with its count.
pub fn sentence(page: &str) -> String {
    let rest = page.split("<p class=\"sentence\"").nth(1).unwrap_or_else(|| panic!("no sentence on the page"));
    words(rest.split_once('>').unwrap().1.split("</p>").next().unwrap())
}
