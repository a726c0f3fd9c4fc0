//! Packets: what one import of claim files (hồ sơ giám định BHYT) brought, file by file, and where its rows lie by month and facility bucket.
//!
//! A packet is a batch for claims: immutable, named by what is in it, counted in the order of arrival. A dossier sent again lies in a later packet; the
//! later one counts and the earlier one stays, so what was sent when can always be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use base::{Date, Month};
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, TableRef, files};

/// One import of claim files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Place in the order of arrival, from 1.
    pub number: u64,
    /// Name: start of the hash of the contents of its files.
    pub id: String,
    /// Day it was taken in.
    pub received: Date,
    /// Its files, those of a ZIP each for itself.
    pub files: Vec<PacketFile>,
    /// Its stored rows.
    pub parts: Vec<PacketPart>,
}

/// One claim file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketFile {
    /// Name without folders; of a file in a ZIP, after the ZIP's name.
    pub name: String,
    /// BLAKE3 of the bytes of the file or of the ZIP it lay in.
    pub content_hash: String,
    /// `claims` or `check_in`; absent when nothing could be read.
    pub kind: Option<String>,
    /// Facility of the envelope (MACSKCB); empty when it is not there.
    pub sender: String,
    /// What the envelope says it holds (SOLUONGHOSO).
    pub declared: Option<u64>,
    /// Dossiers read; `read = stored + refused`.
    pub read: u64,
    /// Dossiers stored.
    pub stored: u64,
    /// Dossiers refused.
    pub refused: u64,
    /// Why nothing of it was read: what happened, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What was known of its signature when it was taken in; absent in packets of before, and where nothing of it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<PacketSignature>,
}

/// What was known of the signature (CHUKYDONVI) of a file on the day it was taken in, by the roots of that day. Nothing is refused because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketSignature {
    /// `good`, `wrong`, `not_checked`, `absent`.
    pub answer: String,
    /// What a good one covers: `whole`, `parts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
}

/// Rows of one month and one bucket of facilities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketPart {
    /// Month the dossiers are settled in.
    pub period: Month,
    /// Bucket of facilities.
    pub bucket: u8,
    /// Facilities that have dossiers in it.
    pub facilities: BTreeSet<String>,
    /// Tables by name: `visit` is the index, `xml0` … `xml15` hold the cells as sent.
    pub tables: BTreeMap<String, TableRef>,
}

impl PacketPart {
    /// Dossiers in it.
    pub fn visits(&self) -> u64 {
        self.tables.get("visit").map_or(0, |table| table.rows)
    }
}

impl Packet {
    /// What the run's manifest calls it.
    pub fn name(&self) -> String {
        format!("p{:06}_{}", self.number, self.id)
    }
}

impl Book {
    /// Records a packet after its tables are in the book, with its refused dossiers as CSV.
    pub fn add_packet(&self, packet: &Packet, refused_csv: &[u8]) -> Result<(), BookError> {
        files::make_folder(&self.claims_folder())?;
        if packet.files.iter().any(|file| file.refused > 0) {
            self.put_refused(&self.refused_path(packet), refused_csv)?;
        }
        let path = self.claims_folder().join(format!("{}.json", packet.name()));
        self.put_record(&path, packet)
    }

    /// All packets in the order of their arrival.
    pub fn packets(&self) -> Result<Vec<Packet>, BookError> {
        let mut found = Vec::new();
        if self.claims_folder().exists() {
            for path in files::json_files(&self.claims_folder())? {
                found.extend(self.read_record::<Packet>(&path)?);
            }
        }
        found.sort_by_key(|packet: &Packet| packet.number);
        Ok(found)
    }

    /// Where the refused dossiers of a packet lie: for messages; in a sealed book they are sealed ([`Book::file_at`]).
    pub fn refused_path(&self, packet: &Packet) -> PathBuf {
        self.root.join("rejects").join(format!("claims_{}.csv", packet.name()))
    }

    fn claims_folder(&self) -> PathBuf {
        self.root.join("claims")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_packet_of_before_is_read_without_its_signature() {
        let before = r#"{"name":"a.xml","content_hash":"00","kind":"claims","sender":"01013","declared":1,"read":1,"stored":1,"refused":0}"#;
        let file: PacketFile = serde_json::from_str(before).unwrap();
        assert_eq!(file.signature, None);
        assert_eq!(serde_json::to_string(&file).unwrap(), before, "and written again it is the same");
        let signature = Some(PacketSignature { answer: "good".into(), covers: Some("whole".into()) });
        let now = PacketFile { signature, ..file };
        assert_eq!(serde_json::from_str::<PacketFile>(&serde_json::to_string(&now).unwrap()).unwrap(), now);
    }
}
