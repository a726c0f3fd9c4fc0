//! The operational store: people and access, decisions, cases, targets, audit.
//!
//! One store on SQLite (a file, the default) or PostgreSQL (`postgres://…`) with the same tables and
//! the same SQL. Every query takes a [`base::Scope`]; the area is filtered in the SQL, and in
//! PostgreSQL a second time by row level security. A change and its audit event stand in one
//! transaction; a read is in the log before its data is shown.
//!
//! **Invariants:** decisions are undone, never deleted; targets are superseded, answers of schools added, never changed; cases are
//! closed and documents withdrawn, never deleted, with their history; audit events and seals have no update or delete path; the clock and the ids come from outside.

mod access;
mod account;
mod audit;
mod break_glass;
mod case;
mod collector;
mod committee;
mod db;
mod decision;
mod document;
mod donor;
mod error;
mod history;
mod ids;
mod job;
mod keys;
mod migrate;
mod money;
mod opening;
mod outbox;
mod people;
mod privacy;
mod refusal;
mod review;
mod school;
mod sql;
mod store;
mod survey;
mod target;
mod task;
mod text;
mod units;

use std::sync::Arc;

use base::Scope;

pub use access::{Permission, may, permissions, purpose_word, require, role_from_word, role_purpose, role_word};
pub use account::{
    Account, ApiClient, ApiScope, ApiToken, Delegation, IdentityFlow, IdentitySignIn, MySession, NewApiToken, NewDelegation,
    OneTimeCode, PasswordFault, ProviderIdentity, ProviderSession, ProviderSignOut, ReturnedFlow, STEP_SECONDS, Session, SignIn,
    SignedIn, Stage, TotpSecret, Which,
};
pub use audit::{ActionKind, AuditAction, AuditEvent, AuditQuery, AuditReport, AuditTally, Broken, Gap, ReadEvent, Seal};
pub use break_glass::{BreakGlass, NewBreakGlass, URGENT_LOOK_UP};
pub use case::{
    Allowed, BulkDone, CORRECTION_CASE, Case, CaseEvent, CaseFile, CaseLink, CaseLinkKind, CasePage, CaseQuery, CaseState,
    CaseUnit, Change, ClosedCase, FILE_BYTES, FILES_OF_A_CASE, HUMAN_REVIEW_CASE, LINKS_OF_A_CASE, NewCase, NewFile, NewSheet,
    Opened, Outcome, PageAt, Queue, Refusal, RefusedRow, RuleOutcome, RunFindings, SELECTED_CASES, SHEET_ROWS, Selected, Settled,
    SheetDone, SheetRefusal, SheetRow, To, WorkerOutcomes,
};
pub use collector::{
    Collector, CollectorCard, CollectorList, CollectorOutcomes, CollectorRefusal, Complaint, ComplaintKind, LIST_CASES, NewCard,
    NewCollector, NewComplaint, NewList, NewTraining, Training, Verdict,
};
pub use committee::{
    Committee, CommitteeFile, CommitteeMember, CommitteePart, CommitteeStanding, CommitteeState, Conclusion, ConclusionChange,
    ConclusionState, Meeting, NewCommittee, NewCommitteeFile, NewConclusion, NewMeeting, NewMember,
};
pub use decision::{Decision, DecisionKind, NewDecision, RowRef, Undone};
pub use document::{
    CHECK_LETTERS, DOCUMENT_BYTES, Document, DocumentChange, DocumentErasure, DocumentEvent, DocumentFile, DocumentPackage,
    DocumentPage, DocumentQuery, DocumentRefusal, DocumentSetting, DocumentState, FileRole, NewDocument, NotDelivered,
    PACKAGE_DOCUMENTS, PublicDocument, SignatureVerdict, Way, document_number, is_document_number,
};
pub use donor::{
    Choice, DonorErasure, DonorKind, Fund, FundStanding, NewChoice, NewFund, NewPayment, NewReceipt, Payment, Receipt, Scheme,
    ThankedCommune, Thanks,
};
pub use error::DeskError;
pub use history::HistoryEvent;
pub use ids::{Clock, IdSource, RandomIds, SeededIds};
pub use job::JobDone;
pub use keys::{AddressKey, KeyReport, KeyRing};
pub use migrate::Migration;
pub use money::{MoneySource, MoneyTotal, NewTaskMoney, TaskMoney, money_totals};
pub use outbox::{DeadDelivery, OutboxEvent, OutboxKind, Outgoing, ReceiverState};
pub use people::{User, UserLabel};
pub use privacy::{
    Breach, CaseErasure, DataAgreement, Erasure, Held, ListLooks, Look, NewAgreement, NewBreach, NewRequest, Reach, ReachedRows,
    Reader, ReceiverRole, RequestCase, RequestErasure, RequestEvent, RequestKind, RequestState, RequestStep, Restriction,
    SubjectRequest, Term, WhoLooked,
};
pub use refusal::PlanRefusal;
pub use review::{
    AnswerKind, AppealOutcome, CheckAnswer, ChecklistAnswer, ChecklistFigure, DecidedLine, FacilityReview, FacilityReviewFigures,
    FacilityReviewPage, FacilityReviewRecord, FacilityVisit, FacilityVisitFigures, FacilityVisitKind, HeldVisit, LineDecision,
    NewAnswer, NewFacilityVisit, NewProtectedOpening, NewReview, NewReviewLine, NewReviewSample, NewReviewStep, OpenReviewStep,
    OpenedReview, PendingSignature, ProposedLine, ProtectedOpening, REVIEW_FILES, ReviewAnswer, ReviewBoard, ReviewCase,
    ReviewDue, ReviewFile, ReviewFileKind, ReviewLine, ReviewNotice, ReviewOrder, ReviewOwner, ReviewPage, ReviewQuery,
    ReviewRecord, ReviewRefusal, ReviewSample, ReviewState, ReviewStep, ReviewStepKind, RuleReviewFigures, SampleConfidence,
    SampleEstimate, SampleUnit, SampleVisit, SettledLine, SignedLine, draw_visits, estimate_sample, facility_of, facility_unit,
};
pub use school::{NewSchoolAnswers, SchoolAnswer, SchoolErasure, ToldCard};
pub use store::{BackupReport, LostReference, RestoreReport, StoreReport, TableReport};
pub use survey::{
    AnswerTaken, Campaign, CampaignTally, HourCount, NewCampaign, NewLinks, SatisfactionCount, SurveyLinks, TokenState,
};
pub use target::{NewTarget, Target};
pub use task::{
    Evidence, EvidenceKind, Extension, LockedPeriod, NewEvidence, NewExtension, NewLock, NewReminder, PlanReport, PlanText,
    Reminder, ReminderHow, ReminderKind, ReportChange, ReportEvent, ReportRefusal, ReportState, ReportWords, TaskReport,
    TaskTerm,
};
pub use units::{Unit, UnitKind};

use audit::Writer;
use db::{Store, Tx};

/// The open store. Cheap to clone; all clones share connections and the audit writer.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    ids: Arc<dyn IdSource>,
    writer: Writer,
    keys: Option<KeyRing>,
    applied: usize,
}

impl Desk {
    /// Opens a store and brings its tables to the newest step.
    ///
    /// `place` is a `postgres://` URL, or the path of a SQLite file, which is made when missing. Must be
    /// called inside a tokio runtime: the audit writer lives there as long as the desk.
    pub async fn open(place: &str, clock: Clock, ids: Arc<dyn IdSource>) -> Result<Self, DeskError> {
        Self::open_with_keys(place, clock, ids, None).await
    }

    /// Like [`Desk::open`], with the keys of a key file: files of cases, second factors and backups are sealed with them.
    pub async fn open_with_keys(
        place: &str,
        clock: Clock,
        ids: Arc<dyn IdSource>,
        keys: Option<KeyRing>,
    ) -> Result<Self, DeskError> {
        let store = Store::open(place).await?;
        let applied = migrate::migrate(&store, "desk", migrate::DESK, clock()).await?;
        migrate::probe(&store).await?;
        let writer = Writer::start(store.clone());
        Ok(Self(Arc::new(Inner { store, clock, ids, writer, keys, applied })))
    }

    /// Steps that opening applied now; 0 when the tables were at the newest step.
    pub fn steps_applied(&self) -> usize {
        self.0.applied
    }

    /// Brings a chapter's own tables to their newest step; gives the number of steps applied now.
    pub async fn migrate(&self, chapter: &str, steps: &[Migration]) -> Result<usize, DeskError> {
        migrate::migrate(&self.0.store, chapter, steps, self.now()).await
    }

    /// Writes the audit event of a read, or of something done outside the desk's tables, and returns
    /// when it is on disk. Call it before showing the data; on an error show nothing.
    ///
    /// Events that arrive within about 5 ms are committed together.
    pub async fn audit_read(&self, scope: &Scope, event: ReadEvent) -> Result<(), DeskError> {
        event.must_not_be_a_change()?;
        let event = self.event(scope, event)?;
        self.0.writer.write(event).await
    }

    /// Closes all connections once the transactions at work have ended. A desk that is dropped or killed
    /// instead loses nothing that was acknowledged.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    /// The keys of the key file, where one is given.
    pub(crate) fn keys(&self) -> Option<&KeyRing> {
        self.0.keys.as_ref()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Now, in Unix milliseconds, by the clock given at opening.
    pub(crate) fn now(&self) -> i64 {
        (self.0.clock)()
    }

    pub(crate) fn next_id(&self, now: i64) -> String {
        self.0.ids.next_id(now)
    }

    /// New random bytes.
    pub(crate) fn secret(&self) -> Result<[u8; 32], DeskError> {
        self.0.ids.secret()
    }

    /// New random bytes, e.g. for a file that leaves under a password.
    pub fn fresh_random(&self) -> Result<[u8; 32], DeskError> {
        self.secret()
    }

    /// Makes an event of this moment.
    pub(crate) fn event(&self, scope: &Scope, event: ReadEvent) -> Result<AuditEvent, DeskError> {
        let now = self.now();
        AuditEvent::new(scope, event, self.next_id(now), now)
    }

    /// Ends a change: its event into the same transaction, then commit.
    pub(crate) async fn commit_with(&self, mut tx: Tx, scope: &Scope, event: ReadEvent) -> Result<(), DeskError> {
        let event = self.event(scope, event)?;
        audit::append(&mut tx, vec![event]).await?;
        tx.commit().await
    }
}
