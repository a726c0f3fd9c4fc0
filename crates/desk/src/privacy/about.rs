//! Whom the objects of the log are about, as far as the store knows: a person, a case, a document, a visit, a list handed to a collector.
//! Whose a claimed visit is stands in the book, so visits are named by their number.

use std::collections::{BTreeMap, BTreeSet};

use crate::DeskError;
use crate::audit::subject;
use crate::db::Tx;
use crate::sql::Sql;

/// Objects or people of one statement.
pub(super) const AT_ONCE: usize = 100;

/// Kinds of objects that are about people whom the store can name, as a condition.
pub(super) const KINDS: &str = "object_kind IN ('person', 'letter', 'case', 'document', 'document_package', 'review', 'visit', \
                                'review_sample', 'facility_visit', 'collector_list', 'subject_request')";

/// What of an object names its subjects: kind of object, and the question by ids; it answers id, kind and number of a subject.
const SUBJECTS: [(&str, &str); 8] = [
    ("case", "SELECT id, subject_kind, subject FROM work_case WHERE id IN "),
    ("document", "SELECT id, subject_kind, subject FROM document WHERE id IN "),
    ("document_package", "SELECT package, subject_kind, subject FROM document WHERE package IN "),
    (
        "collector_list",
        "SELECT k.list, c.subject_kind, c.subject FROM collector_list_case k JOIN work_case c ON c.id = k.case_id WHERE k.list IN ",
    ),
    ("subject_request", "SELECT id, 'person', person FROM subject_request WHERE person IS NOT NULL AND id IN "),
    ("review", "SELECT id, 'visit', visit FROM review_case WHERE id IN "),
    ("review_sample", "SELECT sample, 'visit', visit FROM review_sample_visit WHERE sample IN "),
    (
        "facility_visit",
        "SELECT k.review_visit, 'visit', c.visit FROM review_visit_case k JOIN review_case c ON c.id = k.case_id \
         WHERE k.review_visit IN ",
    ),
];

/// Objects about people, by the people's numbers.
const OF_PEOPLE: [&str; 5] = [
    "SELECT id FROM work_case WHERE subject_kind = 'person' AND subject IN ",
    "SELECT id FROM document WHERE subject_kind = 'person' AND subject IN ",
    "SELECT package FROM document WHERE package IS NOT NULL AND subject_kind = 'person' AND subject IN ",
    "SELECT DISTINCT k.list FROM collector_list_case k JOIN work_case c ON c.id = k.case_id \
     WHERE c.subject_kind = 'person' AND c.subject IN ",
    "SELECT id FROM subject_request WHERE person IN ",
];

/// Objects about claimed visits, by the visits' numbers.
const OF_VISITS: [&str; 5] = [
    "SELECT id FROM review_case WHERE visit IN ",
    "SELECT id FROM document WHERE subject_kind = 'visit' AND subject IN ",
    "SELECT package FROM document WHERE package IS NOT NULL AND subject_kind = 'visit' AND subject IN ",
    "SELECT DISTINCT sample FROM review_sample_visit WHERE visit IN ",
    "SELECT DISTINCT k.review_visit FROM review_visit_case k JOIN review_case c ON c.id = k.case_id WHERE c.visit IN ",
];

/// Whom an object is about; nobody whom the store knows where both are empty.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// People, by the book's number.
    pub(super) people: BTreeSet<i64>,
    /// Claimed visits, by the book's number.
    pub(super) visits: BTreeSet<i64>,
}

impl About {
    fn add(&mut self, kind: &str, subject: i64) {
        match kind {
            "person" => self.people.insert(subject),
            "visit" => self.visits.insert(subject),
            // Employers and documents of the plan are nobody's.
            _ => false,
        };
    }
}

/// Objects of the log: kind and id.
pub(super) type Objects = BTreeSet<(String, String)>;

/// Whom these objects are about. An object that is about nobody the store knows has no entry.
pub(super) async fn of_objects(tx: &mut Tx, objects: &Objects) -> Result<BTreeMap<(String, String), About>, DeskError> {
    let mut found: BTreeMap<(String, String), About> = BTreeMap::new();
    let keys: BTreeSet<String> =
        objects.iter().filter(|(kind, id)| subject::is_key(kind, id)).map(|(_, id)| id.clone()).collect();
    let known = subject::people_of(tx, &keys).await?;
    for object in objects {
        let (kind, id) = object;
        if let Some(person) = known.get(id).copied().or_else(|| subject::person_of(kind, Some(id))) {
            found.entry(object.clone()).or_default().add("person", person);
        }
        if let Some(visit) = visit_of(kind, id) {
            found.entry(object.clone()).or_default().add("visit", visit);
        }
    }
    for (kind, ask) in SUBJECTS {
        let ids: Vec<&str> = objects.iter().filter(|object| object.0 == kind).map(|object| object.1.as_str()).collect();
        for some in ids.chunks(AT_ONCE) {
            for row in tx.rows(Sql::new(ask).list(some.iter().copied())).await? {
                let about = found.entry((kind.to_owned(), row.text(0)?)).or_default();
                about.add(&row.text(1)?, row.int(2)?);
            }
        }
    }
    found.retain(|_, about| !about.people.is_empty() || !about.visits.is_empty());
    Ok(found)
}

/// Ids of all objects of the log that are about these people or visits, as far as the store knows.
pub(super) async fn objects(tx: &mut Tx, about: &About) -> Result<BTreeSet<String>, DeskError> {
    let mut found: BTreeSet<String> = about.visits.iter().map(|visit| format!("V{visit}")).collect();
    let people: Vec<i64> = about.people.iter().copied().collect();
    found.extend(subject::keys_of(tx, &people).await?.into_values());
    let visits: Vec<i64> = about.visits.iter().copied().collect();
    for (numbers, questions) in [(&people, &OF_PEOPLE), (&visits, &OF_VISITS)] {
        for some in numbers.chunks(AT_ONCE) {
            for ask in *questions {
                for row in tx.rows(Sql::new(ask).list(some.iter().copied())).await? {
                    found.insert(row.text(0)?);
                }
            }
        }
    }
    Ok(found)
}

/// The organisations of collectors whom these lists were handed to, as units, by the list's id.
pub(super) async fn organisations(tx: &mut Tx, lists: &BTreeSet<String>) -> Result<BTreeMap<String, String>, DeskError> {
    let mut found = BTreeMap::new();
    let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
    for some in lists.chunks(AT_ONCE) {
        let sql =
            Sql::new("SELECT l.id, c.organisation FROM collector_list l JOIN collector c ON c.id = l.collector WHERE l.id IN ");
        for row in tx.rows(sql.list(some.iter().copied())).await? {
            found.insert(row.text(0)?, row.text(1)?);
        }
    }
    Ok(found)
}

/// The visit that an object names by its number.
fn visit_of(kind: &str, id: &str) -> Option<i64> {
    if !["visit", "review"].contains(&kind) {
        return None;
    }
    id.strip_prefix('V')?.parse().ok()
}
