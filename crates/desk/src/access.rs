//! What a role may do, by named permissions; menus, pages, exports and store functions ask the same question.

use base::{Purpose, Role, Scope};
use serde::Serialize;

use crate::DeskError;

/// One thing that may be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Numbers, maps and indicators.
    ViewAggregates,
    /// Lists and pages of people.
    ListPeople,
    /// A person's full identity instead of the masked one.
    RevealIdentity,
    /// Saying "same person" or "not the same person".
    DecideLinks,
    /// Findings about employees, whose unit of work is the insurance office (BHXH cơ sở): they rest on wages in tax
    /// data, on registers of employers, on pensions paid. For insurance officers only, for the purpose the data was given for, by
    /// employer (never for a commune, a collector or a school); also the employers themselves and rows of the tax settlement.
    ViewEmployeeFindings,
    /// People who wait for the national look-up: insured elsewhere perhaps, so they are handed to no commune.
    ViewLookUps,
    /// Taking down what a school says of its pupils' cards.
    RecordSchoolAnswers,
    /// Working on cases: taking one, writing down what came of it, putting it off, comments and files.
    WorkCases,
    /// Giving cases to somebody, and changing what somebody else has taken.
    AssignCases,
    /// Collectors, their cards, trainings and figures; an organisation its own.
    ViewCollectors,
    /// Giving and withdrawing cards, trainings, complaints, handing lists to collectors.
    ManageCollectors,
    /// Drafting documents and bringing them on their way: to the document office, number, signed file, delivery.
    PrepareDocuments,
    /// Approving the content of documents (duyệt nội dung).
    ApproveDocuments,
    /// Reading what other units of one's area have not approved yet, or gave up before it had a number: oversight of their drafts.
    ReadDrafts,
    /// Reporting what one's own unit did for the plan's tasks.
    ReportTasks,
    /// Following the plan: confirming and returning reports, closing periods.
    ConfirmTasks,
    /// Working on cases of the claims audit (giám định BHYT): opening, proposing, telling the facility, signing first; samples and checks.
    ReviewClaims,
    /// Signing second under decisions of the claims audit, giving its cases to somebody.
    DecideClaims,
    /// Answering cases of the claims audit for one's own facility.
    AnswerClaims,
    /// Opening what of a visit is protected more than the rest (HIV, rối loạn tâm thần, ung thư), each visit with a reason.
    ViewProtectedHealth,
    /// Entering targets.
    SetTargets,
    /// The audit log of the whole area, not only one's own events.
    ReadAudit,
    /// Files out of the system.
    Export,
    /// Taking rosters into the book: files, corrections of files, layouts.
    TakeInRosters,
    /// Opening one person outside one's own area in an emergency.
    BreakGlass,
    /// Reviewing such openings; nobody reviews their own.
    ReviewBreakGlass,
    /// Units, people and their roles.
    ManageUsers,
    /// What is written down about personal data itself: agreements, the register of processing.
    ViewPrivacy,
    /// Answering people about their data: their requests, who looked at them, breaches.
    AnswerRequests,
    /// Writing it down: agreements on sharing data, and what follows from them.
    ManagePrivacy,
}

impl Permission {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewAggregates => "view_aggregates",
            Self::ListPeople => "list_people",
            Self::RevealIdentity => "reveal_identity",
            Self::DecideLinks => "decide_links",
            Self::ViewEmployeeFindings => "view_employee_findings",
            Self::ViewLookUps => "view_look_ups",
            Self::RecordSchoolAnswers => "record_school_answers",
            Self::WorkCases => "work_cases",
            Self::AssignCases => "assign_cases",
            Self::ViewCollectors => "view_collectors",
            Self::ManageCollectors => "manage_collectors",
            Self::PrepareDocuments => "prepare_documents",
            Self::ApproveDocuments => "approve_documents",
            Self::ReadDrafts => "read_drafts",
            Self::ReportTasks => "report_tasks",
            Self::ConfirmTasks => "confirm_tasks",
            Self::ReviewClaims => "review_claims",
            Self::DecideClaims => "decide_claims",
            Self::AnswerClaims => "answer_claims",
            Self::ViewProtectedHealth => "view_protected_health",
            Self::SetTargets => "set_targets",
            Self::ReadAudit => "read_audit",
            Self::Export => "export",
            Self::TakeInRosters => "take_in_rosters",
            Self::BreakGlass => "break_glass",
            Self::ReviewBreakGlass => "review_break_glass",
            Self::ManageUsers => "manage_users",
            Self::ViewPrivacy => "view_privacy",
            Self::AnswerRequests => "answer_requests",
            Self::ManagePrivacy => "manage_privacy",
        }
    }

    /// Whether this opens people's data.
    fn opens_people(self) -> bool {
        matches!(
            self,
            Self::ListPeople
                | Self::RevealIdentity
                | Self::DecideLinks
                | Self::ViewEmployeeFindings
                | Self::ViewLookUps
                | Self::RecordSchoolAnswers
                | Self::WorkCases
                | Self::AssignCases
                | Self::ViewCollectors
                | Self::ManageCollectors
                | Self::PrepareDocuments
                | Self::ApproveDocuments
                | Self::ReadDrafts
                | Self::ReviewClaims
                | Self::DecideClaims
                | Self::AnswerClaims
                | Self::ViewProtectedHealth
                | Self::Export
                | Self::TakeInRosters
                | Self::BreakGlass
        )
    }
}

/// The permissions of a role. The administrator sees no people; the program itself decides about no person.
pub fn permissions(role: Role) -> &'static [Permission] {
    use Permission::*;
    match role {
        Role::CityOfficer => &[
            ViewAggregates,
            ListPeople,
            RevealIdentity,
            DecideLinks,
            ViewEmployeeFindings,
            ViewLookUps,
            RecordSchoolAnswers,
            WorkCases,
            AssignCases,
            ViewCollectors,
            ManageCollectors,
            PrepareDocuments,
            ApproveDocuments,
            ReadDrafts,
            ReportTasks,
            ConfirmTasks,
            ReviewClaims,
            DecideClaims,
            ViewProtectedHealth,
            SetTargets,
            ReadAudit,
            Export,
            TakeInRosters,
            ViewPrivacy,
            AnswerRequests,
            ManagePrivacy,
        ],
        Role::BaseOfficer => &[
            ViewAggregates,
            ListPeople,
            RevealIdentity,
            DecideLinks,
            ViewEmployeeFindings,
            ViewLookUps,
            RecordSchoolAnswers,
            WorkCases,
            AssignCases,
            ViewCollectors,
            ManageCollectors,
            PrepareDocuments,
            ApproveDocuments,
            ReportTasks,
            ReviewClaims,
            Export,
            BreakGlass,
        ],
        Role::CommuneStaff => &[
            ViewAggregates,
            ListPeople,
            RevealIdentity,
            DecideLinks,
            RecordSchoolAnswers,
            WorkCases,
            PrepareDocuments,
            ApproveDocuments,
            ReportTasks,
            Export,
            BreakGlass,
        ],
        Role::Administrator => &[ViewAggregates, ReadAudit, ManageUsers, ViewPrivacy, ReviewBreakGlass],
        Role::DataProtection => &[ViewAggregates, ReadAudit, ViewPrivacy, AnswerRequests, ManagePrivacy, ReviewBreakGlass],
        Role::Oversight => &[ViewAggregates],
        Role::PartnerOfficer => &[ViewAggregates, ReportTasks],
        // Private parties and schools: what they are given is a list made for them, never a page of this portal about everybody. A
        // collection organisation sees its own collectors and what came of their work, as counts.
        Role::Collector => &[ViewCollectors],
        // A facility answers for its own visits and sees nothing of anybody else.
        Role::FacilityStaff => &[AnswerClaims],
        Role::SchoolStaff | Role::EmployerStaff => &[],
        // A program may what its token says, nothing by its role.
        Role::ApiClient => &[],
        Role::System => &[
            ViewAggregates,
            ListPeople,
            SetTargets,
            ReadAudit,
            TakeInRosters,
            ManageUsers,
            ViewPrivacy,
            AnswerRequests,
            ManagePrivacy,
        ],
    }
}

/// Whether a role may open people's data for some purpose.
pub(crate) fn opens_people(role: Role) -> bool {
    role.is_of_a_person() && permissions(role).iter().any(|permission| permission.opens_people())
}

/// Whether who asks may do this now: the role must have the permission and the purpose must fit it.
pub fn may(scope: &Scope, permission: Permission) -> bool {
    if !permissions(scope.role).contains(&permission) {
        return false;
    }
    match permission {
        Permission::ViewEmployeeFindings => scope.purpose == Purpose::CoverageReview,
        _ if permission.opens_people() => scope.purpose != Purpose::Statistics,
        _ => true,
    }
}

/// Whether cases of the insurance office (findings about employees) are open to who asks; to the program itself too, which holds each
/// run against all cases.
pub(crate) fn sees_employee_cases(scope: &Scope) -> bool {
    scope.role == Role::System || may(scope, Permission::ViewEmployeeFindings)
}

/// Like [`may`], as an error to be returned.
pub fn require(scope: &Scope, permission: Permission) -> Result<(), DeskError> {
    if may(scope, permission) { Ok(()) } else { Err(DeskError::Forbidden { permission }) }
}

/// The stable word of a role in tables.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::CityOfficer => "city_officer",
        Role::BaseOfficer => "base_officer",
        Role::CommuneStaff => "commune_staff",
        Role::Collector => "collector",
        Role::FacilityStaff => "facility_staff",
        Role::SchoolStaff => "school_staff",
        Role::EmployerStaff => "employer_staff",
        Role::PartnerOfficer => "partner_officer",
        Role::Oversight => "oversight",
        Role::DataProtection => "data_protection",
        Role::Administrator => "administrator",
        Role::ApiClient => "api_client",
        Role::System => "system",
    }
}

/// The role of a stable word.
pub fn role_from_word(word: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role_word(*role) == word)
}

/// The purpose somebody of a role works for when they sign in.
pub fn role_purpose(role: Role) -> Purpose {
    match role {
        Role::CityOfficer | Role::BaseOfficer | Role::CommuneStaff => Purpose::CoverageReview,
        Role::Oversight | Role::PartnerOfficer => Purpose::Statistics,
        _ => Purpose::Operation,
    }
}

/// The stable word of a purpose in tables.
pub fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::CoverageReview => "coverage_review",
        Purpose::DataQuality => "data_quality",
        Purpose::Statistics => "statistics",
        Purpose::Operation => "operation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(role: Role, purpose: Purpose) -> Scope {
        Scope { role, purpose, ..Scope::system() }
    }

    #[test]
    fn administrators_open_no_people() {
        let admin = scope(Role::Administrator, Purpose::Operation);
        for permission in [Permission::ListPeople, Permission::RevealIdentity, Permission::DecideLinks, Permission::Export] {
            assert!(!may(&admin, permission), "{permission:?}");
        }
        assert!(may(&admin, Permission::ReadAudit));
    }

    #[test]
    fn outside_the_agency_and_the_communes_nobody_opens_people() {
        use Permission::*;
        let inside = [Role::CityOfficer, Role::BaseOfficer, Role::CommuneStaff, Role::System];
        for role in Role::ALL.into_iter().filter(|role| !inside.contains(role)) {
            for permission in [ListPeople, RevealIdentity, DecideLinks, ViewEmployeeFindings, ViewLookUps, Export, TakeInRosters]
            {
                assert!(!may(&scope(role, Purpose::CoverageReview), permission), "{role:?} {permission:?}");
            }
        }
    }

    #[test]
    fn what_waits_for_the_look_up_is_handed_to_no_commune() {
        let look_ups = Permission::ViewLookUps;
        assert!(may(&scope(Role::BaseOfficer, Purpose::DataQuality), look_ups));
        assert!(!may(&scope(Role::CommuneStaff, Purpose::CoverageReview), look_ups));
        assert!(!may(&scope(Role::CityOfficer, Purpose::Statistics), look_ups));
    }

    #[test]
    fn employee_findings_are_for_insurance_officers_reviewing_coverage_only() {
        let wage = Permission::ViewEmployeeFindings;
        assert!(may(&scope(Role::BaseOfficer, Purpose::CoverageReview), wage));
        assert!(!may(&scope(Role::BaseOfficer, Purpose::DataQuality), wage));
        assert!(!may(&scope(Role::CommuneStaff, Purpose::CoverageReview), wage));
        assert!(!may(&scope(Role::System, Purpose::CoverageReview), wage));
    }

    #[test]
    fn the_purpose_of_statistics_opens_no_people() {
        let officer = scope(Role::CityOfficer, Purpose::Statistics);
        assert!(!may(&officer, Permission::ListPeople));
        assert!(may(&officer, Permission::ViewAggregates));
        assert_eq!(require(&officer, Permission::Export), Err(DeskError::Forbidden { permission: Permission::Export }));
    }

    #[test]
    fn claims_are_reviewed_by_the_agency_decided_by_the_city_and_answered_by_facilities() {
        use Permission::*;
        let roles = |permission| -> Vec<Role> {
            Role::ALL.into_iter().filter(|role| may(&scope(*role, Purpose::Operation), permission)).collect()
        };
        assert_eq!(roles(ReviewClaims), [Role::CityOfficer, Role::BaseOfficer]);
        assert_eq!(roles(DecideClaims), [Role::CityOfficer]);
        assert_eq!(roles(AnswerClaims), [Role::FacilityStaff]);
        assert_eq!(roles(ViewProtectedHealth), [Role::CityOfficer], "base officers never open what is protected");
        for permission in [ReviewClaims, ViewProtectedHealth] {
            assert!(!may(&scope(Role::CityOfficer, Purpose::Statistics), permission), "statistics open no visits");
        }
    }

    #[test]
    fn drafts_of_other_units_are_read_by_the_city_alone() {
        let reads = |role: &Role| may(&scope(*role, Purpose::CoverageReview), Permission::ReadDrafts);
        assert_eq!(Role::ALL.into_iter().filter(reads).collect::<Vec<_>>(), [Role::CityOfficer]);
        assert!(!may(&scope(Role::CityOfficer, Purpose::Statistics), Permission::ReadDrafts), "drafts name people");
    }

    #[test]
    fn the_program_itself_decides_about_nobody() {
        assert!(!may(&Scope::system(), Permission::DecideLinks));
        assert!(!may(&Scope::system(), Permission::DecideClaims));
    }

    #[test]
    fn words_are_those_of_the_scope() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role_word(role));
            assert_eq!(role_from_word(role_word(role)), Some(role));
        }
        for purpose in [Purpose::CoverageReview, Purpose::DataQuality, Purpose::Statistics, Purpose::Operation] {
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose_word(purpose));
        }
    }
}
