//! Why something of the plan's committees, donors, surveys and money was left as it is.

use base::{CommuneCode, Role, Scope};
use serde::Serialize;

use crate::DeskError;
use crate::access::{Permission, may, require};

/// Why it was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanRefusal {
    /// Somebody changed it in between.
    Stale,
    /// Its state does not allow this.
    WrongState,
    /// It is another unit's.
    NotYours,
    /// Who reported may not confirm it.
    SamePerson,
    /// Its year is closed.
    Locked,
    /// There is one already.
    Taken,
    /// The rules of the fund do not allow this person, commune, reason or number of months.
    NotByRules,
    /// Somebody pays for this person's month already: another choice or another fund.
    PaidTwice,
    /// The fund has less money left.
    NoMoney,
    /// It is closed, or its days are over.
    Closed,
    /// It has rows that stand on it.
    InUse,
}

impl PlanRefusal {
    /// All reasons.
    pub const ALL: [Self; 11] = [
        Self::Stale,
        Self::WrongState,
        Self::NotYours,
        Self::SamePerson,
        Self::Locked,
        Self::Taken,
        Self::NotByRules,
        Self::PaidTwice,
        Self::NoMoney,
        Self::Closed,
        Self::InUse,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::WrongState => "wrong_state",
            Self::NotYours => "not_yours",
            Self::SamePerson => "same_person",
            Self::Locked => "locked",
            Self::Taken => "taken",
            Self::NotByRules => "not_by_rules",
            Self::PaidTwice => "paid_twice",
            Self::NoMoney => "no_money",
            Self::Closed => "closed",
            Self::InUse => "in_use",
        }
    }

    /// What to do, in words.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Stale => "Nội dung vừa được người khác thay đổi. Mở lại, xem nội dung mới rồi làm lại nếu vẫn cần.",
            Self::WrongState => "Trạng thái hiện tại không cho phép việc này; mở lại trang để xem trạng thái mới nhất.",
            Self::NotYours => "Nội dung thuộc đơn vị khác; đề nghị đơn vị đó thực hiện.",
            Self::SamePerson => "Người báo cáo không tự xác nhận; đề nghị người khác xác nhận.",
            Self::Locked => "Năm này đã khóa số liệu; nội dung bổ sung ghi vào kỳ sau.",
            Self::Taken => "Nội dung này đã có; mở lại trang để xem, không nhập lần thứ hai.",
            Self::NotByRules => {
                "Quy định của quỹ không cho phép: kiểm tra xã, phường, lý do chưa tham gia, số tháng và mức hỗ trợ tối đa."
            }
            Self::PaidTwice => {
                "Người này đã được hỗ trợ tháng đó, từ quỹ này hoặc quỹ khác; chọn tháng khác hoặc bỏ lượt chọn cũ trước."
            }
            Self::NoMoney => "Số dư của quỹ không đủ; ghi số tiền đã nhận trước, hoặc giảm số tiền chi.",
            Self::Closed => "Đã kết thúc hoặc ngoài thời gian thực hiện; mở lại trang để xem thời gian.",
            Self::InUse => "Còn nội dung gắn với mục này nên chưa hủy được; hủy các nội dung đó trước.",
        }
    }
}

pub(crate) fn refuse<T>(why: PlanRefusal) -> Result<T, DeskError> {
    Err(DeskError::PlanRefused { why })
}

/// Whether what belongs to the city (no commune) or to a commune is one's own to write: the city's belongs to who follows the plan, a
/// commune's to its staff.
pub(crate) fn is_own(scope: &Scope, commune: Option<&CommuneCode>) -> bool {
    match commune {
        None => may(scope, Permission::ConfirmTasks) && scope.area == base::Area::City,
        Some(commune) => scope.role == Role::CommuneStaff && scope.sees(Some(commune)),
    }
}

/// Like [`is_own`], as an error to be returned.
pub(crate) fn own(scope: &Scope, commune: Option<&CommuneCode>) -> Result<(), DeskError> {
    require(scope, Permission::ReportTasks)?;
    if is_own(scope, commune) { Ok(()) } else { refuse(PlanRefusal::NotYours) }
}
