//! Envelope encryption: each value has a data key of its own, wrapped by a key that lies outside the store.
//!
//! The store holds wrapped data keys (`data_key`) and sealed values; without the key file neither says anything. A new key is put to use
//! by wrapping the data keys anew; the values stay as they are. Without a key file values are stored as they come.

mod address;
mod file;
mod ring;
mod seal;

use base::Scope;
use serde::Serialize;

use crate::account::{hex, unhex};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

pub use address::AddressKey;
pub(crate) use file::{SealedReader, SealedWriter, is_sealed};
use ring::KEY;
pub use ring::KeyRing;
use seal::NONCE;

/// How sealed bytes begin, before the id of their data key.
const MAGIC: &[u8] = b"ASX1";
/// How a sealed text begins.
const TEXT: &str = "asx1:";
/// Letters of an id of the desk.
const ID: usize = 36;
/// Data keys wrapped anew at once.
const PAGE: i64 = 500;

/// How the data keys stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// The key in use; none when no key file is given.
    pub current: Option<String>,
    /// Data keys.
    pub data_keys: i64,
    /// Data keys that another key than the one in use wraps.
    pub older: i64,
    /// Data keys that no key of the file opens.
    pub lost: i64,
}

impl Desk {
    /// Seals bytes for a place, with a data key of their own; as they come when there is no key file.
    pub(crate) async fn seal_bytes(&self, tx: &mut Tx, place: &str, plain: Vec<u8>) -> Result<Vec<u8>, DeskError> {
        let Some(ring) = self.keys() else { return Ok(plain) };
        let now = self.now();
        let (id, key, (kek, wrapping)) = (self.next_id(now), self.secret()?, ring.current());
        let wrapped = seal::seal(wrapping, self.nonce()?, id.as_bytes(), &key)?;
        let sql = Sql::with(
            "INSERT INTO data_key (id, kek, wrapped, made_at) VALUES ($1, $2, $3, $4)",
            [id.as_str().into(), kek.into(), hex(&wrapped).into(), now.into()],
        );
        tx.execute(sql).await?;
        let sealed = seal::seal(&key, self.nonce()?, place.as_bytes(), &plain)?;
        Ok([MAGIC, id.as_bytes(), &sealed].concat())
    }

    /// Opens bytes of a place; bytes that were stored without a key file are given as they are.
    pub(crate) async fn open_bytes(&self, tx: &mut Tx, place: &str, stored: Vec<u8>) -> Result<Vec<u8>, DeskError> {
        let Some(rest) = stored.strip_prefix(MAGIC) else { return Ok(stored) };
        let damaged = |what: &str| DeskError::damaged("data_key", what);
        let (id, sealed) = rest.split_at_checked(ID).ok_or_else(|| damaged("a sealed value is cut off"))?;
        let id = std::str::from_utf8(id).map_err(|_| damaged("a sealed value does not name its key"))?;
        let row = tx.row(Sql::with("SELECT kek, wrapped FROM data_key WHERE id = $1", [id.into()])).await?;
        let row = row.ok_or_else(|| damaged("the data key of a value was erased"))?;
        let key = self.unwrap_key(id, &row.text(0)?, &row.text(1)?)?;
        seal::open(&key, place.as_bytes(), sealed).ok_or_else(|| damaged("a sealed value was changed or moved"))
    }

    /// [`Desk::seal_bytes`] for a text.
    pub(crate) async fn seal_text(&self, tx: &mut Tx, place: &str, plain: &str) -> Result<String, DeskError> {
        if self.keys().is_none() {
            if plain.starts_with(TEXT) {
                return Err(DeskError::Invalid { field: "words", why: "must not begin like a sealed text" });
            }
            return Ok(plain.to_owned());
        }
        let sealed = self.seal_bytes(tx, place, plain.as_bytes().to_vec()).await?;
        Ok(format!("{TEXT}{}", hex(&sealed)))
    }

    /// [`Desk::open_bytes`] for a text.
    pub(crate) async fn open_text(&self, tx: &mut Tx, place: &str, stored: String) -> Result<String, DeskError> {
        let Some(letters) = stored.strip_prefix(TEXT) else { return Ok(stored) };
        let plain = self.open_bytes(tx, place, unhex(letters)?).await?;
        String::from_utf8(plain).map_err(|_| DeskError::damaged("data_key", "a sealed text is no text"))
    }

    /// The bytes of a data key.
    fn unwrap_key(&self, id: &str, kek: &str, wrapped: &str) -> Result<[u8; KEY], DeskError> {
        let missing = || DeskError::KeyMissing { key: kek.to_owned() };
        let wrapping = self.keys().ok_or_else(missing)?.get(kek)?;
        let damaged = || DeskError::damaged("data_key", "a data key does not open with the key that wrapped it");
        let key = seal::open(wrapping, id.as_bytes(), &unhex(wrapped)?).ok_or_else(damaged)?;
        <[u8; KEY]>::try_from(key.as_slice()).map_err(|_| damaged())
    }

    /// Wraps every data key with the key in use; gives how many were wrapped by an older one. All of them or none.
    pub async fn rotate_keys(&self) -> Result<i64, DeskError> {
        let ring = self.keys().ok_or(DeskError::NoKeys)?;
        let (current, wrapping) = ring.current();
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let mut done = 0;
        loop {
            let sql = Sql::new("SELECT id, kek, wrapped FROM data_key WHERE kek <> ")
                .bind(current)
                .push(" ORDER BY id LIMIT ")
                .bind(PAGE);
            let rows = tx.rows(sql).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let id = row.text(0)?;
                let key = self.unwrap_key(&id, &row.text(1)?, &row.text(2)?)?;
                let wrapped = hex(&seal::seal(wrapping, self.nonce()?, id.as_bytes(), &key)?);
                let sql = Sql::with(
                    "UPDATE data_key SET kek = $1, wrapped = $2 WHERE id = $3",
                    [current.into(), wrapped.into(), id.into()],
                );
                tx.execute(sql).await?;
                done += 1;
            }
        }
        let event = ReadEvent::new(AuditAction::RotateKeys, "data_key").word("key", current).count("rows", done);
        self.commit_with(tx, &system, event).await?;
        Ok(done)
    }

    /// Opens every data key and says which no key of the file opens.
    pub async fn check_keys(&self) -> Result<KeyReport, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let current = self.keys().map(|ring| ring.current().0.to_owned());
        let mut report = KeyReport { current, data_keys: 0, older: 0, lost: 0 };
        let mut last = String::new();
        loop {
            let sql = Sql::new("SELECT id, kek, wrapped FROM data_key WHERE id > ").bind(last.as_str());
            let rows = tx.rows(sql.push(" ORDER BY id LIMIT ").bind(PAGE)).await?;
            let Some(end) = rows.last() else { return Ok(report) };
            last = end.text(0)?;
            for row in &rows {
                let (id, kek) = (row.text(0)?, row.text(1)?);
                report.data_keys += 1;
                report.older += i64::from(report.current.as_deref() != Some(kek.as_str()));
                report.lost += i64::from(self.unwrap_key(&id, &kek, &row.text(2)?).is_err());
            }
        }
    }

    fn nonce(&self) -> Result<[u8; NONCE], DeskError> {
        let random = self.secret()?;
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&random[..NONCE]);
        Ok(nonce)
    }
}
