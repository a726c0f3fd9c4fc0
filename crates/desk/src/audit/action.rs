//! The list of audit events. `docs/audit-events.md` describes each; a test holds the two together. Which of them show people stands in
//! `shown.rs`, in one match over all of them.

use serde::Serialize;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $kind:ident;)*) => {
        /// What an audit event says was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
        }

        impl AuditAction {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [AuditAction] = &[$(Self::$name,)*];

            /// The stable word in tables and documentation.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Whether it is a read, a change of the desk, or something done elsewhere.
            pub fn kind(self) -> ActionKind {
                match self { $(Self::$name => ActionKind::$kind,)* }
            }
        }
    };
}

/// How an event comes into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Written through the group writer before the data is shown.
    Read,
    /// Written in the transaction of the change; only the desk itself writes it.
    Change,
    /// Something done outside the desk's tables (book, files, sign-in), written through the group writer.
    Operation,
}

actions! {
    /// A person's page was opened.
    ViewPerson = "view_person", Read;
    /// A person's full identity was shown.
    RevealIdentity = "reveal_identity", Read;
    /// A list of people was opened.
    ListPeople = "list_people", Read;
    /// People were searched for; the words searched are not kept.
    SearchPeople = "search_people", Read;
    /// The rows behind a number were opened.
    ViewRows = "view_rows", Read;
    /// Two records were laid side by side.
    CompareRecords = "compare_records", Read;
    /// Link decisions were read.
    ViewDecisions = "view_decisions", Read;
    /// A list of employers was opened or searched.
    ListEmployers = "list_employers", Read;
    /// An employer's page was opened.
    ViewEmployer = "view_employer", Read;
    /// A queue of cases was opened.
    ListCases = "list_cases", Read;
    /// A case was opened, or a file of it.
    ViewCase = "view_case", Read;
    /// A queue, figures or a list of the claims audit was opened.
    ListReviews = "list_reviews", Read;
    /// A case of the claims audit was opened, or a file of it; a sample; a check on the spot.
    ViewReview = "view_review", Read;
    /// A list of documents was opened.
    ListDocuments = "list_documents", Read;
    /// A document was opened, or a file of it.
    ViewDocument = "view_document", Read;
    /// Somebody held a verification number against the documents; the number is not kept.
    VerifyDocument = "verify_document", Read;
    /// Collectors, their cards, trainings, complaints or figures were read.
    ViewCollectors = "view_collectors", Read;
    /// The audit log was read or searched.
    ReadAudit = "read_audit", Read;
    /// A file with people left the system.
    Export = "export", Read;
    /// Something was asked for that role, purpose or area do not allow.
    RefuseAccess = "refuse_access", Read;
    /// Two records were declared the same or not the same person.
    DecideLink = "decide_link", Change;
    /// A decision was undone.
    UndoDecision = "undo_decision", Change;
    /// A target was set or replaced.
    SetTarget = "set_target", Change;
    /// A school's answers about its pupils' cards were taken down.
    RecordSchoolAnswers = "record_school_answers", Change;
    /// Cases were made of findings.
    OpenCases = "open_cases", Change;
    /// Cases were taken, assigned, put off, closed or opened again.
    ChangeCases = "change_cases", Change;
    /// A comment or a file was added to a case.
    AddToCase = "add_to_case", Change;
    /// Cases of the claims audit were made of findings, or took new ones.
    OpenReviews = "open_reviews", Change;
    /// A case of the claims audit was taken, given, proposed, referred, closed, or something of it collected, noted, or given its number on the portal.
    ChangeReview = "change_review", Change;
    /// A facility was told what is to be refused.
    SendReview = "send_review", Change;
    /// A decision of the claims audit or the answer to an appeal was signed first or second, or a first signature returned.
    SignReview = "sign_review", Change;
    /// A facility answered, appealed or added a proof.
    AnswerReview = "answer_review", Change;
    /// A sample of visits was drawn, looked at or closed.
    SampleReviews = "sample_reviews", Change;
    /// A check of a facility on the spot was written down, got minutes or was withdrawn.
    VisitFacility = "visit_facility", Change;
    /// A draft of a document was made.
    DraftDocument = "draft_document", Change;
    /// Documents were edited, approved, sent, numbered, signed, delivered, given back or withdrawn.
    ChangeDocument = "change_document", Change;
    /// Own numbers or a second person for documents were switched for a unit.
    SetDocumentUnit = "set_document_unit", Change;
    /// The findings of a run were held against the cases.
    SettleCases = "settle_cases", Change;
    /// A person outside the own area was opened in an emergency.
    BreakGlass = "break_glass", Change;
    /// Such an opening was ended before its time.
    EndBreakGlass = "end_break_glass", Change;
    /// Such an opening was reviewed.
    ReviewBreakGlass = "review_break_glass", Change;
    /// What of a visit is protected more than the rest was opened, with a reason.
    OpenProtected = "open_protected", Change;
    /// Such an opening was reviewed.
    ReviewProtected = "review_protected", Change;
    /// A unit was added or changed.
    PutUnit = "put_unit", Change;
    /// A user was added or changed.
    PutUser = "put_user", Change;
    /// The communes of a unit were set.
    SetUnitCommunes = "set_unit_communes", Change;
    /// A user took a role and a purpose, or a session began.
    SignIn = "sign_in", Change;
    /// Sessions were ended before their time.
    EndSessions = "end_sessions", Change;
    /// A password was chosen.
    ChangePassword = "change_password", Change;
    /// A second factor was set up.
    EnrolTotp = "enrol_totp", Change;
    /// An account got a one-time code.
    ResetAccount = "reset_account", Change;
    /// Somebody at a provider of identities was bound to a user.
    BindIdentity = "bind_identity", Change;
    /// A user was unbound from a provider of identities.
    UnbindIdentity = "unbind_identity", Change;
    /// Somebody was let act for somebody who is away.
    PutDelegation = "put_delegation", Change;
    /// A delegation was ended before its last day.
    EndDelegation = "end_delegation", Change;
    /// A token of a program was made.
    MakeApiToken = "make_api_token", Change;
    /// A token of a program was taken back.
    RevokeApiToken = "revoke_api_token", Change;
    /// An agreement on sharing data was written down.
    AddAgreement = "add_agreement", Change;
    /// An agreement on sharing data was ended.
    EndAgreement = "end_agreement", Change;
    /// What a person asks about their data was taken down.
    ReceiveRequest = "receive_request", Change;
    /// A person's request was answered, done, refused or noted.
    AnswerRequest = "answer_request", Change;
    /// What is done with a person was restricted, as they asked.
    RestrictProcessing = "restrict_processing", Change;
    /// Such a restriction was lifted by decision.
    LiftRestriction = "lift_restriction", Change;
    /// A breach of personal data was written down.
    ReportBreach = "report_breach", Change;
    /// The authority was told of a breach.
    TellBreach = "tell_breach", Change;
    /// A breach was closed.
    CloseBreach = "close_breach", Change;
    /// Data keys were wrapped by a new key.
    RotateKeys = "rotate_keys", Change;
    /// The log forgot, by decision, whom its old events were about.
    EraseSubjects = "erase_subjects", Change;
    /// Files and words of closed cases were erased by decision.
    EraseCases = "erase_cases", Change;
    /// Old answers of schools were erased by decision.
    EraseSchoolAnswers = "erase_school_answers", Change;
    /// Words of ended requests, and who asked, were erased by decision.
    EraseRequests = "erase_requests", Change;
    /// Who was chosen for donors' funds that ended was erased by decision.
    EraseDonorPeople = "erase_donor_people", Change;
    /// What held people in old periods of the book was erased by decision.
    EraseBook = "erase_book", Operation;
    /// Letters, recipients and files of documents that were delivered or withdrawn were erased by decision.
    EraseDocuments = "erase_documents", Change;
    /// A report of a task was drafted, written, submitted, confirmed or returned, or its evidence changed.
    ReportTask = "report_task", Change;
    /// A steering committee or team was set up or changed: members, meetings, minutes, conclusions made.
    ManageCommittee = "manage_committee", Change;
    /// A conclusion was reported done, confirmed, sent back or dropped.
    ChangeConclusion = "change_conclusion", Change;
    /// A donor's fund was set up or closed, money of it received or cancelled.
    ManageFund = "manage_fund", Change;
    /// Somebody was chosen for a donor's fund, or dropped from it.
    ChooseForFund = "choose_for_fund", Change;
    /// A premium was paid from a donor's fund, or the payment cancelled.
    PayFromFund = "pay_from_fund", Change;
    /// A satisfaction survey was set up or closed, or links of it were made.
    ManageSurvey = "manage_survey", Change;
    /// Somebody answered a satisfaction survey; nothing of who.
    AnswerSurvey = "answer_survey", Change;
    /// Money of a task was written down or corrected.
    RecordTaskMoney = "record_task_money", Change;
    /// A term of the plan was put off by decision.
    ExtendTerm = "extend_term", Change;
    /// A unit was reminded of a term or of data it owes.
    RemindUnit = "remind_unit", Change;
    /// A reporting period of the plan was closed.
    LockPeriod = "lock_period", Change;
    /// The text of a section of a periodic report was written.
    WritePlanReport = "write_plan_report", Change;
    /// A collector was written down or got a card.
    GiveCollectorCard = "give_collector_card", Change;
    /// A collector's card was withdrawn.
    WithdrawCollectorCard = "withdraw_collector_card", Change;
    /// A training of collectors was written down.
    RecordCollectorTraining = "record_collector_training", Change;
    /// A complaint about a collector was written down.
    RecordComplaint = "record_complaint", Change;
    /// A complaint about a collector was resolved.
    ResolveComplaint = "resolve_complaint", Change;
    /// Cases were handed to a collector in a list that expires.
    HandOverCases = "hand_over_cases", Change;
    /// A delivery of the outbox that was given up tries again.
    RetryDelivery = "retry_delivery", Change;
    /// A sign-in was refused.
    RefuseSignIn = "refuse_sign_in", Operation;
    /// A message of a sign-out at the provider was not taken.
    RefuseSignOut = "refuse_sign_out", Operation;
    /// A roster was taken in.
    StoreIntake = "store_intake", Operation;
    /// A claim file came over the wire and was taken or refused.
    ReceiveClaims = "receive_claims", Operation;
    /// A layout of a roster was added, so that files of its headings are read.
    StoreLayout = "store_layout", Operation;
    /// A run began.
    StartRun = "start_run", Operation;
    /// A run's results were published.
    PublishRun = "publish_run", Operation;
    /// The last seal was exported.
    ExportSeal = "export_seal", Operation;
    /// The register of processing and the impact assessment of personal data were made.
    MakePrivacyReport = "make_privacy_report", Operation;
    /// Everything in the store was written into a file.
    BackupDesk = "backup_desk", Operation;
    /// The store was made from a backup.
    RestoreDesk = "restore_desk", Operation;
}

impl AuditAction {
    /// The action of a stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows `| word | kind | …` of the documentation.
    fn documented() -> Vec<(String, String)> {
        let page = include_str!("../../../../docs/audit-events.md");
        let cells = |line: &str| line.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect::<Vec<_>>();
        page.lines().filter(|line| line.starts_with("| `")).map(cells).map(|cells| (cells[1].clone(), cells[2].clone())).collect()
    }

    #[test]
    fn the_documentation_lists_exactly_these_events() {
        let code: Vec<(String, String)> = AuditAction::ALL
            .iter()
            .map(|action| (action.as_str().to_owned(), format!("{:?}", action.kind()).to_lowercase()))
            .collect();
        assert_eq!(documented(), code);
    }

    #[test]
    fn words_go_both_ways() {
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::from_word(action.as_str()), Some(*action));
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
        assert_eq!(AuditAction::from_word("drop_table"), None);
    }
}
