//! Words of the claims audit: states, kinds and why something was refused, each with its stable word.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $kind:ident { $($(#[$of:meta])* $name:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $kind {
            $($(#[$of])* $name,)*
        }

        impl $kind {
            /// All of them, in the order they are shown.
            pub const ALL: &'static [$kind] = &[$(Self::$name,)*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The one of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

words! {
    /// Where a case of the audit stands (trạng thái vụ việc giám định).
    ReviewState {
        /// Made of findings (đã mở).
        Open = "open",
        /// The auditor proposes to refuse lines (đề nghị từ chối thanh toán).
        Proposed = "proposed",
        /// The facility was told; its days run (đã thông báo cơ sở).
        Sent = "sent",
        /// The facility answered (cơ sở đã giải trình).
        Answered = "answered",
        /// Decided, with two signatures (đã kết luận).
        Decided = "decided",
        /// The facility appeals against the decision (cơ sở kiến nghị).
        Appealed = "appealed",
        /// The appeal was settled (đã có kết quả kiến nghị).
        Final = "final",
        /// Closed without a refusal (đóng, không từ chối).
        Closed = "closed",
    }
}

words! {
    /// What a decision says of a line.
    LineDecision {
        /// What was asked is accepted; nothing is refused (chấp nhận thanh toán).
        Accepted = "accepted",
        /// All that was proposed is refused (từ chối thanh toán).
        Refused = "refused",
        /// A part of it is refused (từ chối một phần).
        Adjusted = "adjusted",
    }
}

words! {
    /// What came of an appeal for a line.
    AppealOutcome {
        /// The refusal stays (giữ nguyên).
        Upheld = "upheld",
        /// A part of it is taken back (chấp nhận một phần).
        Partly = "partly",
        /// All of it is taken back (hủy kết luận).
        Overturned = "overturned",
    }
}

words! {
    /// What a facility does about a line, as form 09/BH lets it; later its appeal.
    AnswerKind {
        /// It withdraws what it asked (rút đề nghị).
        Withdraw = "withdraw",
        /// It asks for another amount (điều chỉnh).
        Adjust = "adjust",
        /// It explains (giải trình).
        Explain = "explain",
        /// It appeals against the decision (kiến nghị).
        Appeal = "appeal",
    }
}

words! {
    /// What a file of a case is.
    ReviewFileKind {
        /// What proves what was done (hồ sơ, tài liệu chứng minh).
        Proof = "proof",
        /// The agency's minutes (biên bản giám định).
        Minutes = "minutes",
        /// The agency's own, never shown to the facility.
        Other = "other",
    }
}

words! {
    /// A step of an active audit or of its minutes that is written down with its day.
    ReviewStepKind {
        /// The facility was told that an active audit comes (thông báo giám định chủ động).
        AuditNotice = "audit_notice",
        /// It handed over the files (cơ sở cung cấp hồ sơ).
        FilesHanded = "files_handed",
        /// The minutes 03/BH were made and given to it (lập biên bản giám định).
        MinutesMade = "minutes_made",
        /// It signed them (cơ sở ký biên bản).
        MinutesSigned = "minutes_signed",
    }
}

words! {
    /// The order of the queue.
    ReviewOrder {
        /// Expected money by the strength of the finding, the largest first.
        Priority = "priority",
        /// Billed amount, the largest first: the plain order that others are measured against.
        Billed = "billed",
        /// The day the facility has to answer by, the earliest first; cases without one last.
        Due = "due",
    }
}

words! {
    /// How sure an interval of a sample is.
    SampleConfidence {
        /// 90 %.
        P90 = "p90",
        /// 95 %.
        P95 = "p95",
        /// 99 %.
        P99 = "p99",
    }
}

words! {
    /// What a check on the spot is about.
    FacilityVisitKind {
        /// How the contract of treatment is kept (kiểm tra thực hiện hợp đồng KCB BHYT).
        Contract = "contract",
        /// What inpatients are entitled to (quyền lợi người bệnh nội trú).
        InpatientRights = "inpatient_rights",
        /// One matter (chuyên đề).
        Thematic = "thematic",
    }
}

words! {
    /// The answer to an item of a checklist.
    CheckAnswer {
        /// It is so (đạt).
        Yes = "yes",
        /// It is not so (không đạt).
        No = "no",
        /// It does not apply (không áp dụng).
        NotApplicable = "not_applicable",
    }
}

words! {
    /// Why something of the claims audit was left as it is.
    ReviewRefusal {
        /// Somebody changed it in between.
        Stale = "stale",
        /// Its state does not allow this.
        WrongState = "wrong_state",
        /// Somebody else has it.
        NotYours = "not_yours",
        /// Who signed first may not sign second.
        SameSigner = "same_signer",
        /// More than was asked, proposed or refused.
        AboveLimit = "above_limit",
        /// No line with an amount.
        NothingProposed = "nothing_proposed",
        /// The facility has days left to answer.
        ClockRuns = "clock_runs",
        /// The days of the facility are over.
        TooLate = "too_late",
        /// A first signature waits for the second one.
        Pending = "pending",
        /// There is no first signature.
        NotPending = "not_pending",
        /// The new owner may not see it.
        OwnerDoesNotSee = "owner_does_not_see",
        /// There is one already.
        Taken = "taken",
    }
}

impl ReviewState {
    /// Whether something is still to be done by the agency or the facility. A decision stands unless the facility appeals.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Decided | Self::Final | Self::Closed)
    }

    /// Whether a decision is in force: decided, appealed against, or settled.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Decided | Self::Appealed | Self::Final)
    }
}

impl ReviewRefusal {
    /// What to do, in words.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Stale => "Nội dung vừa được người khác thay đổi. Mở lại, xem nội dung mới rồi làm lại nếu vẫn cần.",
            Self::WrongState => "Trạng thái hiện tại không cho phép việc này; mở lại trang để xem trạng thái mới nhất.",
            Self::NotYours => "Vụ việc do người khác phụ trách; đề nghị người đó trả lại hoặc người phụ trách giao lại.",
            Self::SameSigner => "Kết luận cần hai người ký khác nhau; đề nghị người khác ký lần thứ hai.",
            Self::AboveLimit => {
                "Số tiền vượt mức cho phép: đề nghị từ chối không quá số đề nghị thanh toán, kết luận không quá số đã đề nghị từ chối, \
                 kết quả kiến nghị không quá số đã từ chối."
            }
            Self::NothingProposed => "Nhập số tiền đề nghị từ chối cho ít nhất một dòng, hoặc đóng vụ việc và ghi lý do.",
            Self::ClockRuns => "Cơ sở còn thời hạn giải trình; đợi giải trình hoặc hết hạn rồi kết luận.",
            Self::TooLate => "Đã hết thời hạn kiến nghị của kết luận này.",
            Self::Pending => "Đã có chữ ký thứ nhất đang chờ người thứ hai; ký tiếp hoặc trả lại trước.",
            Self::NotPending => "Chưa có chữ ký thứ nhất để ký tiếp; mở lại trang để xem trạng thái mới nhất.",
            Self::OwnerDoesNotSee => "Giao cho người được giám định hồ sơ của cơ sở này.",
            Self::Taken => "Nội dung này đã có; mở lại trang để xem, không nhập lần thứ hai.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_both_ways_and_are_those_of_serde() {
        for state in ReviewState::ALL {
            assert_eq!(ReviewState::from_word(state.as_str()), Some(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for answer in CheckAnswer::ALL {
            assert_eq!(serde_json::to_value(answer).unwrap(), answer.as_str());
        }
        assert_eq!(LineDecision::from_word("xuat_toan"), None);
        assert!(ReviewRefusal::ALL.iter().all(|why| why.remedy().ends_with('.')));
    }

    #[test]
    fn a_case_is_open_until_something_ended_it() {
        let open = ReviewState::ALL.iter().filter(|state| state.is_open()).count();
        let decided = ReviewState::ALL.iter().filter(|state| state.is_decided()).count();
        assert_eq!((open, decided), (5, 3), "an appeal is open and rests on a decision in force");
    }
}
