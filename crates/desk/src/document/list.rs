//! Lists of documents by state, with their count.

use base::{CommuneCode, Scope, SubjectKind};

use super::{COLUMNS, Document, DocumentState, documents, one, visible};
use crate::access::{Permission, require};
use crate::case::PageAt;
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Which documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentQuery {
    /// Only in this state.
    pub state: Option<DocumentState>,
    /// Only of this commune.
    pub commune: Option<CommuneCode>,
    /// Only of this template.
    pub template: Option<String>,
    /// Only those of one's own unit.
    pub own: bool,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPage {
    /// Documents of the whole query, of the same moment as the rows.
    pub count: i64,
    /// How many each state has, under the same conditions but the state.
    pub counts: Vec<(DocumentState, i64)>,
    /// The rows, what was changed last first.
    pub rows: Vec<Document>,
    /// Whether there are documents before the first row.
    pub has_previous: bool,
    /// Whether there are documents after the last row.
    pub has_next: bool,
}

impl DocumentPage {
    /// The place of a document in a list, for [`PageAt`].
    pub fn place(document: &Document) -> String {
        format!("{}_{}", document.changed_at, document.id)
    }
}

impl Desk {
    /// One document.
    pub async fn document(&self, scope: &Scope, id: &str) -> Result<Document, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let mut tx = self.store().read(scope).await?;
        let document = one(&mut tx, scope, id).await?;
        self.with_open_words(&mut tx, document).await
    }

    /// The documents about a subject, newest first.
    pub async fn documents_of(&self, scope: &Scope, kind: SubjectKind, subject: i64) -> Result<Vec<Document>, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM document WHERE subject_kind = ").bind(kind.as_str());
        let sql = visible(sql.push(" AND subject = ").bind(subject).push(" AND "), scope)?;
        let found = documents(&mut tx, sql.push(" ORDER BY id DESC")).await?;
        self.all_with_open_words(&mut tx, found).await
    }

    /// A page of at most `rows` documents with the count of all and of each state, read at one moment.
    pub async fn documents(
        &self,
        scope: &Scope,
        query: &DocumentQuery,
        at: &PageAt,
        rows: i64,
    ) -> Result<DocumentPage, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let rows = rows.clamp(1, 200);
        let mut tx = self.store().read(scope).await?;
        let counts = counts(&mut tx, scope, query).await?;
        let count = counts.iter().filter(|(state, _)| query.state.is_none_or(|wanted| wanted == *state)).map(|(_, n)| n).sum();
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM document WHERE ");
        let mut sql = condition(sql, scope, query)?.push_if(" AND state = ", query.state.map(DocumentState::as_str));
        let (place, down) = match at {
            PageAt::First => (None, true),
            PageAt::After(place) => (Some(place), true),
            PageAt::Before(place) => (Some(place), false),
        };
        if let Some(place) = place {
            let wrong = || DeskError::Invalid { field: "place", why: "is no place of this list" };
            let (changed, id) = place.split_once('_').ok_or_else(wrong)?;
            let changed: i64 = changed.parse().map_err(|_| wrong())?;
            sql = sql.push(if down { " AND (changed_at, id) < (" } else { " AND (changed_at, id) > (" });
            sql = sql.bind(changed).push(", ").bind(id).push(")");
        }
        sql = sql.push(if down { " ORDER BY changed_at DESC, id DESC" } else { " ORDER BY changed_at, id" });
        let mut found = documents(&mut tx, sql.push(" LIMIT ").bind(rows + 1)).await?;
        let more = found.len() as i64 > rows;
        found.truncate(usize::try_from(rows).unwrap_or(0));
        if !down {
            found.reverse();
        }
        let (has_previous, has_next) = match at {
            PageAt::First => (false, more),
            PageAt::After(_) => (true, more),
            PageAt::Before(_) => (more, true),
        };
        let found = self.all_with_open_words(&mut tx, found).await?;
        Ok(DocumentPage { count, counts, rows: found, has_previous, has_next })
    }
}

/// How many documents each state has.
async fn counts(tx: &mut Tx, scope: &Scope, query: &DocumentQuery) -> Result<Vec<(DocumentState, i64)>, DeskError> {
    let sql = condition(Sql::new("SELECT state, count(*) FROM document WHERE "), scope, query)?;
    let rows = tx.rows(sql.push(" GROUP BY state")).await?;
    let mut counts: Vec<(DocumentState, i64)> = DocumentState::ALL.into_iter().map(|state| (state, 0)).collect();
    for row in rows {
        let word = row.text(0)?;
        let known = counts.iter_mut().find(|(state, _)| state.as_str() == word);
        known.ok_or_else(|| DeskError::damaged("document", "state"))?.1 = row.int(1)?;
    }
    Ok(counts)
}

/// Adds the conditions of a query but its state.
fn condition(sql: Sql, scope: &Scope, query: &DocumentQuery) -> Result<Sql, DeskError> {
    let sql = visible(sql, scope)?
        .push_if(" AND commune = ", query.commune.as_ref().map(CommuneCode::as_str))
        .push_if(" AND template = ", query.template.as_deref());
    Ok(if query.own { sql.push(" AND issuer = ").bind(scope.unit.as_str()) } else { sql })
}
