//! Which events show people: one match over every action, so that a new one is thought of when it is made.

use super::AuditAction;

impl AuditAction {
    /// Whether who caused the event then saw, opened or held data of people: what a breach reaches, and who looked at a person, is told from
    /// these.
    ///
    /// Not among them: changes of what was seen before under an event of its own, the log (numbers of the book and of officers alone), a
    /// document that was verified (first letters of a name).
    pub fn shows_people(self) -> bool {
        match self {
            Self::ViewPerson
            | Self::RevealIdentity
            | Self::ListPeople
            | Self::SearchPeople
            | Self::ViewRows
            | Self::CompareRecords
            | Self::ViewDecisions
            | Self::ListEmployers
            | Self::ViewEmployer
            | Self::ListCases
            | Self::ViewCase
            | Self::ListReviews
            | Self::ViewReview
            | Self::ListDocuments
            | Self::ViewDocument
            | Self::ViewCollectors
            | Self::Export
            | Self::DraftDocument
            | Self::BreakGlass
            | Self::OpenProtected
            | Self::HandOverCases
            | Self::BackupDesk => true,
            Self::VerifyDocument
            | Self::ReadAudit
            | Self::RefuseAccess
            | Self::DecideLink
            | Self::UndoDecision
            | Self::SetTarget
            | Self::RecordSchoolAnswers
            | Self::OpenCases
            | Self::ChangeCases
            | Self::AddToCase
            | Self::OpenReviews
            | Self::ChangeReview
            | Self::SendReview
            | Self::SignReview
            | Self::AnswerReview
            | Self::SampleReviews
            | Self::VisitFacility
            | Self::ChangeDocument
            | Self::SetDocumentUnit
            | Self::SettleCases
            | Self::EndBreakGlass
            | Self::ReviewBreakGlass
            | Self::ReviewProtected
            | Self::PutUnit
            | Self::PutUser
            | Self::SetUnitCommunes
            | Self::SignIn
            | Self::EndSessions
            | Self::ChangePassword
            | Self::EnrolTotp
            | Self::ResetAccount
            | Self::BindIdentity
            | Self::UnbindIdentity
            | Self::PutDelegation
            | Self::EndDelegation
            | Self::MakeApiToken
            | Self::RevokeApiToken
            | Self::AddAgreement
            | Self::EndAgreement
            | Self::ReceiveRequest
            | Self::AnswerRequest
            | Self::RestrictProcessing
            | Self::LiftRestriction
            | Self::ReportBreach
            | Self::TellBreach
            | Self::CloseBreach
            | Self::RotateKeys
            | Self::EraseSubjects
            | Self::EraseCases
            | Self::EraseSchoolAnswers
            | Self::EraseRequests
            | Self::EraseDonorPeople
            | Self::EraseBook
            | Self::EraseDocuments
            | Self::ReportTask
            | Self::ManageCommittee
            | Self::ChangeConclusion
            | Self::ManageFund
            | Self::ChooseForFund
            | Self::PayFromFund
            | Self::ManageSurvey
            | Self::AnswerSurvey
            | Self::RecordTaskMoney
            | Self::ExtendTerm
            | Self::RemindUnit
            | Self::LockPeriod
            | Self::WritePlanReport
            | Self::GiveCollectorCard
            | Self::WithdrawCollectorCard
            | Self::RecordCollectorTraining
            | Self::RecordComplaint
            | Self::ResolveComplaint
            | Self::RetryDelivery
            | Self::RefuseSignIn
            | Self::RefuseSignOut
            | Self::StoreIntake
            | Self::ReceiveClaims
            | Self::StoreLayout
            | Self::StartRun
            | Self::PublishRun
            | Self::ExportSeal
            | Self::MakePrivacyReport
            | Self::RestoreDesk => false,
        }
    }

    /// The actions that show people, in the order of the documentation.
    pub fn showing_people() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|action| action.shows_people())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::ActionKind;

    #[test]
    fn what_is_read_shows_people_but_for_what_says_why_not() {
        let none: Vec<AuditAction> = AuditAction::ALL
            .iter()
            .copied()
            .filter(|action| action.kind() == ActionKind::Read && !action.shows_people())
            .collect();
        assert_eq!(none, [AuditAction::VerifyDocument, AuditAction::ReadAudit, AuditAction::RefuseAccess]);
    }

    #[test]
    fn what_opens_or_hands_over_people_shows_them_too() {
        let others: Vec<AuditAction> = AuditAction::showing_people().filter(|action| action.kind() != ActionKind::Read).collect();
        assert_eq!(
            others,
            [
                AuditAction::DraftDocument,
                AuditAction::BreakGlass,
                AuditAction::OpenProtected,
                AuditAction::HandOverCases,
                AuditAction::BackupDesk
            ]
        );
    }
}
