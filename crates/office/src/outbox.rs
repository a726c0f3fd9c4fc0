//! Receivers of the outbox (hàng gửi đi), and the worker that brings events to them.
//!
//! A receiver takes events at least once and has to take one that comes twice under one id once. Two are here: a folder with one file of one
//! JSON line an event, and the packages for the document office. A further one (SMS, e-mail, a webhook) is another [`Receiver`] in the list
//! that the binary makes.

use std::future::Future;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base::{Explain, Scope};
use chapter::App;
use desk::{AuditAction, DeskError, OutboxEvent, OutboxKind, ReadEvent};

use crate::pages::package_zip;

/// How long the worker waits when there is nothing to deliver, and after the store failed.
const IDLE: Duration = Duration::from_millis(500);
const TROUBLE: Duration = Duration::from_secs(5);

/// Why an event was not taken, as a short code that stands on the page of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTaken(pub &'static str);

/// The answer of a receiver.
pub type Taking<'a> = Pin<Box<dyn Future<Output = Result<(), NotTaken>> + Send + 'a>>;

/// Somebody who is told what happened here.
pub trait Receiver: Send + Sync {
    /// Its name in the desk; never changed.
    fn name(&self) -> &'static str;

    /// What it takes.
    fn kinds(&self) -> &'static [OutboxKind];

    /// Takes an event; one that comes again under the same id changes nothing.
    fn take<'a>(&'a self, app: &'a App, event: &'a OutboxEvent) -> Taking<'a>;
}

/// The receivers of a portal.
pub type Receivers = Arc<[Box<dyn Receiver>]>;

/// Those of a folder: `su-kien` with the events, `van-thu` with the packages for the document office.
pub fn folder_receivers(folder: &Path) -> Receivers {
    let receivers: Vec<Box<dyn Receiver>> =
        vec![Box::new(EventFolder(folder.join("su-kien"))), Box::new(PackageFolder(folder.join("van-thu")))];
    receivers.into()
}

/// Tells the desk which receivers there are; called before the portal opens.
pub async fn register(desk: &desk::Desk, receivers: &Receivers) -> Result<(), DeskError> {
    let named: Vec<(&str, &[OutboxKind])> = receivers.iter().map(|one| (one.name(), one.kinds())).collect();
    desk.set_outbox_receivers(&named).await
}

/// Delivers until the program ends.
pub async fn deliver(app: App, receivers: Receivers) {
    loop {
        match deliver_waiting(&app, &receivers).await {
            Ok(()) => tokio::time::sleep(IDLE).await,
            Err(error) => {
                eprintln!("chưa gửi được hàng gửi đi, sẽ thử lại: {}", error.what());
                tokio::time::sleep(TROUBLE).await;
            }
        }
    }
}

/// Delivers what is due now.
async fn deliver_waiting(app: &App, receivers: &Receivers) -> Result<(), DeskError> {
    for receiver in receivers.iter() {
        while let Some(outgoing) = app.desk.outbox_next(receiver.name()).await? {
            match receiver.take(app, &outgoing.event).await {
                Ok(()) => app.desk.outbox_done(&outgoing).await?,
                Err(NotTaken(code)) => {
                    let again = app.desk.outbox_failed(&outgoing, code).await?;
                    let then = if again { "sẽ thử lại" } else { "đã dừng, xem trang Hàng gửi đi" };
                    eprintln!("một mục gửi đi chưa được nhận ({}, {code}): {then}", receiver.name());
                }
            }
        }
    }
    Ok(())
}

/// A folder with one file an event, `<id>.jsonl`: the name is the key, so taking it twice writes the same file.
struct EventFolder(PathBuf);

impl Receiver for EventFolder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn kinds(&self) -> &'static [OutboxKind] {
        &OutboxKind::ALL
    }

    fn take<'a>(&'a self, _: &'a App, event: &'a OutboxEvent) -> Taking<'a> {
        Box::pin(async move {
            let line = line(event)?;
            put(self.0.join(format!("{}.jsonl", event.id)), line).await
        })
    }
}

/// An event as one line.
fn line(event: &OutboxEvent) -> Result<Vec<u8>, NotTaken> {
    let mut value = serde_json::to_value(event).map_err(|_| NotTaken("not_writable_as_json"))?;
    value["schema"] = 1.into();
    Ok(format!("{value}\n").into_bytes())
}

/// A folder with the packages for the document office, `goi-<id>.zip`. A package that lies there is whole and is not written again.
struct PackageFolder(PathBuf);

impl Receiver for PackageFolder {
    fn name(&self) -> &'static str {
        "document-office"
    }

    fn kinds(&self) -> &'static [OutboxKind] {
        &[OutboxKind::DocumentsSent]
    }

    fn take<'a>(&'a self, app: &'a App, event: &'a OutboxEvent) -> Taking<'a> {
        Box::pin(async move {
            let path = self.0.join(format!("goi-{}.zip", event.object));
            if path.exists() {
                return Ok(());
            }
            let package = app.desk.outbox_package(&event.object).await.map_err(|_| NotTaken("package_unreadable"))?;
            // All of it was given back and went again with a later package, which has its own event.
            if package.is_empty() {
                return Ok(());
            }
            let said = ReadEvent::new(AuditAction::Export, "document_package").object(event.object.as_str()).word("to", "outbox");
            let said = said.count("rows", package.len() as i64);
            app.desk.audit_read(&Scope::system(), said).await.map_err(|_| NotTaken("log_unwritable"))?;
            let zip = package_zip(app, &event.object, package).map_err(|_| NotTaken("package_unwritable"))?;
            put(path, zip).await
        })
    }
}

/// Writes a file whole or not at all.
async fn put(path: PathBuf, bytes: Vec<u8>) -> Result<(), NotTaken> {
    let written = tokio::task::spawn_blocking(move || put_now(&path, &bytes)).await;
    match written {
        Ok(Ok(())) => Ok(()),
        _ => Err(NotTaken("folder_unwritable")),
    }
}

fn put_now(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let draft = path.with_extension("draft");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // What lies there names people: for the owner of the program alone.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> OutboxEvent {
        OutboxEvent {
            id: "0192f0c1-0000-7000-8000-000000000001".into(),
            kind: OutboxKind::ListHanded,
            object: "0192f0c1-0000-7000-8000-000000000002".into(),
            unit: "bhxh-hn".into(),
            payload: serde_json::json!({ "cases": 7 }),
            at: 1_793_433_600_000,
        }
    }

    #[test]
    fn an_event_is_one_line_that_says_its_schema_and_key() {
        let line = String::from_utf8(line(&event()).unwrap()).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&value["schema"], &value["kind"], &value["payload"]["cases"]), (&1.into(), &"list_handed".into(), &7.into()));
        assert_eq!(value["id"], event().id);
    }

    #[test]
    fn a_file_is_put_whole_and_twice_is_once() {
        let folder = std::env::temp_dir().join(format!("ansinh-outbox-{}", std::process::id()));
        let path = folder.join("su-kien/a.jsonl");
        for _ in 0..2 {
            put_now(&path, b"{}\n").unwrap();
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"{}\n");
        assert_eq!(std::fs::read_dir(folder.join("su-kien")).unwrap().count(), 1, "no draft is left");
        assert!(put_now(&path.join("below-a-file.jsonl"), b"x").is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
