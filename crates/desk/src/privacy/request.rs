//! What people ask about their data (yêu cầu của chủ thể dữ liệu): with the clocks of the law, an answer, an end or a refusal with its ground.

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

use super::answers;
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// Xem dữ liệu của mình.
    View,
    /// Nhận bản sao.
    Copy,
    /// Chỉnh sửa.
    Correct,
    /// Hạn chế xử lý.
    Restrict,
    /// Phản đối xử lý.
    Object,
    /// Khiếu nại.
    Complain,
    /// Yêu cầu người xem xét lại điều quy tắc, điểm số đã nêu (Luật 91/2025/QH15 Điều 30, nguồn thứ cấp).
    Review,
}

impl RequestKind {
    /// All of them. A state record is not erased, it is corrected: there is no kind for erasing.
    pub const ALL: [Self; 7] =
        [Self::View, Self::Copy, Self::Correct, Self::Restrict, Self::Object, Self::Complain, Self::Review];

    /// The stable word, also that of the law's parameter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Copy => "copy",
            Self::Correct => "correct",
            Self::Restrict => "restrict",
            Self::Object => "object",
            Self::Complain => "complain",
            Self::Review => "review",
        }
    }

    /// The kind of a stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Came in, not answered.
    Open,
    /// The person knows that it came in and until when it will be done.
    Answered,
    /// Done.
    Done,
    /// Refused, with a ground.
    Refused,
}

impl RequestState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Answered, Self::Done, Self::Refused];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// Whether nothing more is to be done.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Refused)
    }
}

/// A request that came in.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// What is asked.
    pub kind: RequestKind,
    /// The book's number of who asks, when known.
    pub person: Option<i64>,
    /// Commune of the person.
    pub commune: Option<CommuneCode>,
    /// What is asked, as told.
    pub words: String,
    /// The day it came in.
    pub received_on: Date,
    /// Last day for an answer, by the law of that day.
    pub answer_due: Date,
    /// Last day for doing it, by the law of that day.
    pub done_due: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubjectRequest {
    /// UUIDv7.
    pub id: String,
    /// What is asked.
    pub kind: RequestKind,
    /// The book's number of who asks.
    pub person: Option<i64>,
    /// Commune of the person.
    pub commune: Option<CommuneCode>,
    /// What is asked, as told.
    pub words: String,
    /// The day it came in.
    pub received_on: Date,
    /// Last day for an answer.
    pub answer_due: Date,
    /// Last day for doing it.
    pub done_due: Date,
    /// Where it stands.
    pub state: RequestState,
    /// Ground of the law, when refused.
    pub ground: Option<String>,
    /// Counts changes, from 1.
    pub version: i64,
    /// Who took it down, pseudonymous.
    pub received_by: String,
    /// The decision by which its words and who asked were erased after their term of retention; none while they are there.
    pub erased: Option<String>,
}

/// One line of a request's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestEvent {
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous.
    pub actor: String,
    /// `received`, `answered`, `done`, `refused` or `note`.
    pub what: String,
    /// The day it was done.
    pub day: Date,
    /// What was said.
    pub words: String,
}

/// What is done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStep {
    /// The person was answered.
    Answer,
    /// It was done.
    Finish,
    /// It was refused, by this ground of the law.
    Refuse(String),
    /// Something was noted; it stays where it stands.
    Note,
}

const COLUMNS: &str = "id, kind, person, commune, words, received_on, answer_due, done_due, state, ground, version, received_by, \
                       (SELECT e.decision FROM subject_request_erasure e WHERE e.request = subject_request.id)";

impl Desk {
    /// Takes a request down with its clocks. A correction or a review by a person that a known person asks for opens a case, due on the
    /// last day of the request.
    pub async fn receive_request(&self, scope: &Scope, new: NewRequest) -> Result<SubjectRequest, DeskError> {
        answers(scope)?;
        let client_tx = client_tx(&new.client_tx)?;
        if new.answer_due < new.received_on || new.done_due < new.received_on {
            return Err(DeskError::Invalid { field: "due", why: "must not lie before the day it came in" });
        }
        let now = self.now();
        let request = SubjectRequest {
            id: self.next_id(now),
            kind: new.kind,
            person: new.person,
            commune: new.commune,
            words: written("words", &new.words)?,
            received_on: new.received_on,
            answer_due: new.answer_due,
            done_due: new.done_due,
            state: RequestState::Open,
            ground: None,
            version: 1,
            received_by: scope.actor.0.clone(),
            erased: None,
        };
        let mut tx = self.store().write(scope).await?;
        tx.lock(&client_tx).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM subject_request WHERE client_tx = ").bind(client_tx.as_str());
        if let Some(earlier) = tx.row(sql).await?.map(|row| from_row(&row)).transpose()? {
            let earlier = self.open_request(&mut tx, earlier).await?;
            let same =
                (earlier.kind, &earlier.words, &earlier.received_by) == (request.kind, &request.words, &request.received_by);
            return if same { Ok(earlier) } else { Err(DeskError::ClientTxReused) };
        }
        let words = self.seal_text(&mut tx, &words_place(&request.id), &request.words).await?;
        let sql = Sql::with(
            "INSERT INTO subject_request (id, client_tx, kind, person, commune, words, received_on, answer_due, done_due, state, \
             version, received_by, received_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', 1, $10, $11, $12)",
            [
                request.id.as_str().into(),
                client_tx.as_str().into(),
                request.kind.as_str().into(),
                crate::sql::Bind::Int(request.person),
                request.commune.as_ref().map(CommuneCode::as_str).into(),
                words.into(),
                request.received_on.to_string().into(),
                request.answer_due.to_string().into(),
                request.done_due.to_string().into(),
                request.received_by.as_str().into(),
                now.into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        self.note_request(&mut tx, scope, &request.id, "received", request.received_on, &request.words).await?;
        self.open_case_of(&mut tx, scope, &request, &client_tx).await?;
        let event = ReadEvent::new(AuditAction::ReceiveRequest, "subject_request").object(request.id.as_str());
        let event = event.word("kind", request.kind.as_str()).client_tx(&client_tx);
        self.commit_with(tx, scope, about(event, &request)).await?;
        Ok(request)
    }

    /// Answers, finishes, refuses or notes. A restriction or an objection that is done restricts what is done with the person, until a
    /// decision lifts it. `version` is the one the form was opened over.
    pub async fn step_request(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        step: &RequestStep,
        day: Date,
        words: &str,
    ) -> Result<SubjectRequest, DeskError> {
        answers(scope)?;
        let words = written("words", words)?;
        let ground = match step {
            RequestStep::Refuse(ground) => Some(written("ground", ground)?),
            _ => None,
        };
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM subject_request WHERE id = ").bind(id);
        let found = tx.row(sql).await?.map(|row| from_row(&row)).transpose()?;
        let mut request = self.open_request(&mut tx, found.ok_or(DeskError::NotFound { kind: "subject_request" })?).await?;
        if request.version != version || request.state.is_over() {
            return Err(DeskError::RequestChanged);
        }
        if day < request.received_on {
            return Err(DeskError::Invalid { field: "day", why: "must not lie before the day it came in" });
        }
        let (state, what) = match step {
            RequestStep::Answer => (RequestState::Answered, "answered"),
            RequestStep::Finish => (RequestState::Done, "done"),
            RequestStep::Refuse(_) => (RequestState::Refused, "refused"),
            RequestStep::Note => (request.state, "note"),
        };
        (request.state, request.ground, request.version) = (state, ground, version + 1);
        let sql = Sql::with(
            "UPDATE subject_request SET state = $1, ground = $2, version = $3, changed_at = $4 WHERE id = $5",
            [
                request.state.as_str().into(),
                request.ground.as_deref().into(),
                request.version.into(),
                self.now().into(),
                id.into(),
            ],
        );
        tx.execute(sql).await?;
        self.note_request(&mut tx, scope, id, what, day, &words).await?;
        if matches!(step, RequestStep::Finish) {
            self.restrict_for(&mut tx, scope, &request).await?;
        }
        let event = ReadEvent::new(AuditAction::AnswerRequest, "subject_request").object(id).word("what", what);
        self.commit_with(tx, scope, about(event, &request)).await?;
        Ok(request)
    }

    /// All requests, those that wait first, by the day they have to be done. The caller writes the audit event before showing them.
    pub async fn requests(&self, scope: &Scope) -> Result<Vec<SubjectRequest>, DeskError> {
        answers(scope)?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM subject_request");
        let mut tx = self.store().read(scope).await?;
        let mut found = Vec::new();
        for row in tx.rows(sql).await? {
            found.push(self.open_request(&mut tx, from_row(&row)?).await?);
        }
        found.sort_by(|a, b| (a.state.is_over(), a.done_due, &a.id).cmp(&(b.state.is_over(), b.done_due, &b.id)));
        Ok(found)
    }

    /// One request with its history, the oldest line first. The caller writes the audit event before showing it.
    pub async fn request(&self, scope: &Scope, id: &str) -> Result<(SubjectRequest, Vec<RequestEvent>), DeskError> {
        answers(scope)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM subject_request WHERE id = ").bind(id);
        let found = tx.row(sql).await?.map(|row| from_row(&row)).transpose()?;
        let request = self.open_request(&mut tx, found.ok_or(DeskError::NotFound { kind: "subject_request" })?).await?;
        let sql = Sql::with(
            "SELECT id, at, actor, what, day, words FROM subject_request_event WHERE request = $1 ORDER BY at, id",
            [id.into()],
        );
        let mut history = Vec::new();
        for row in tx.rows(sql).await? {
            let day = row.text(4)?.parse().map_err(|_| DeskError::damaged("subject_request_event", "day"))?;
            let words = self.open_text(&mut tx, &event_place(&row.text(0)?), row.text(5)?).await?;
            history.push(RequestEvent { at: row.int(1)?, actor: row.text(2)?, what: row.text(3)?, day, words });
        }
        Ok((request, history))
    }

    /// A request as read from the store, with its words opened.
    async fn open_request(&self, tx: &mut Tx, stored: SubjectRequest) -> Result<SubjectRequest, DeskError> {
        let words = self.open_text(tx, &words_place(&stored.id), stored.words).await?;
        Ok(SubjectRequest { words, ..stored })
    }

    async fn note_request(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        request: &str,
        what: &str,
        day: Date,
        words: &str,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let id = self.next_id(now);
        let words = self.seal_text(tx, &event_place(&id), words).await?;
        let sql = Sql::with(
            "INSERT INTO subject_request_event (id, request, at, actor, what, day, words) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                id.into(),
                request.into(),
                now.into(),
                scope.actor.0.as_str().into(),
                what.into(),
                day.to_string().into(),
                words.into(),
            ],
        );
        tx.execute(sql).await.map(drop)
    }
}

/// Where the words of a request belong: sealed words of another one do not open there.
pub(super) fn words_place(request: &str) -> String {
    format!("subject_request.words {request}")
}

fn event_place(event: &str) -> String {
    format!("subject_request_event.words {event}")
}

fn about(event: ReadEvent, request: &SubjectRequest) -> ReadEvent {
    request.commune.iter().fold(event, |event, commune| event.commune(commune))
}

fn from_row(row: &Row) -> Result<SubjectRequest, DeskError> {
    let wrong = |what: &str| DeskError::damaged("subject_request", what);
    let day = |text: String, what: &str| text.parse::<Date>().map_err(|_| wrong(what));
    let state = row.text(8)?;
    Ok(SubjectRequest {
        id: row.text(0)?,
        kind: RequestKind::from_word(&row.text(1)?).ok_or_else(|| wrong("kind"))?,
        person: row.opt_int(2)?,
        commune: row.opt_text(3)?.map(|code| CommuneCode::parse(&code).ok_or_else(|| wrong("commune"))).transpose()?,
        words: row.text(4)?,
        received_on: day(row.text(5)?, "received_on")?,
        answer_due: day(row.text(6)?, "answer_due")?,
        done_due: day(row.text(7)?, "done_due")?,
        state: RequestState::ALL.into_iter().find(|known| known.as_str() == state).ok_or_else(|| wrong("state"))?,
        ground: row.opt_text(9)?,
        version: row.int(10)?,
        received_by: row.text(11)?,
        erased: row.opt_text(12)?,
    })
}
