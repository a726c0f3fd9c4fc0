//! What can go wrong with the desk.

use base::Explain;

use crate::{CollectorRefusal, DocumentRefusal, Permission, PlanRefusal, Refusal, ReportRefusal, ReviewRefusal};

/// Why the desk could not do what was asked. Never holds a person's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The database could not be opened.
    #[error("the operational store {place} could not be opened: {detail}")]
    Open {
        /// File, or host and database without password.
        place: String,
        /// What the database said.
        detail: String,
    },
    /// The database failed while working.
    #[error("the operational store failed: {detail}")]
    Store {
        /// What the database said, without values of rows.
        detail: String,
    },
    /// Another writer held the store too long.
    #[error("the operational store is busy")]
    Busy,
    /// A row that must be unique is there already; callers turn it into what it means.
    #[error("the same row is stored already")]
    Duplicate,
    /// The store was made by a newer program.
    #[error(
        "the store is at step {found} of chapter `{chapter}`, this program knows only {known}: it was made by a newer version of An Sinh"
    )]
    SchemaNewer {
        /// Chapter of the migrations.
        chapter: String,
        /// Highest step in the store.
        found: i64,
        /// Highest step of the program.
        known: i64,
    },
    /// A migration that was applied is not the one in the program.
    #[error("step {number} of chapter `{chapter}` differs from the one that was applied to this store")]
    MigrationChanged {
        /// Chapter of the migrations.
        chapter: String,
        /// Number of the step.
        number: i64,
    },
    /// Name, password or code of a sign-in are not right; which of them is not said.
    #[error("signing in was refused")]
    SignInRefused,
    /// After too many failures the door is shut for a while.
    #[error("after too many failures, signing in waits until {until} (Unix milliseconds)")]
    SignInLocked {
        /// Until when, Unix milliseconds.
        until: i64,
    },
    /// A new password cannot be taken.
    #[error("the new password is not taken: {fault:?}")]
    Password {
        /// Why.
        fault: crate::PasswordFault,
    },
    /// A backup cannot be written, read or restored.
    #[error("the backup cannot be used: {detail}")]
    Backup {
        /// What is wrong, without values of rows.
        detail: String,
    },
    /// The key file cannot be used.
    #[error("the key file {place} cannot be used: {why}")]
    KeyFile {
        /// The file.
        place: String,
        /// Why, without anything of a key.
        why: String,
    },
    /// The key that sealed something is not in the key file, or no key file is given.
    #[error("the key {key} is needed to open what it sealed, and is not given")]
    KeyMissing {
        /// Id of the key.
        key: String,
    },
    /// Something is asked of keys and no key file is given.
    #[error("no key file is given")]
    NoKeys,
    /// A backup is restored into an empty store only.
    #[error("the store holds tables already; a backup is restored into an empty one only")]
    NotEmpty,
    /// A stored row cannot be read.
    #[error("a row of table {table} cannot be read: {detail}")]
    Damaged {
        /// Table.
        table: &'static str,
        /// What is wrong, without values.
        detail: String,
    },
    /// The role or purpose does not allow this.
    #[error("role or purpose lacks the permission {}", .permission.as_str())]
    Forbidden {
        /// What would be needed.
        permission: Permission,
    },
    /// The object lies outside the area of who asks, or there is none; the two look the same on purpose.
    #[error("there is no such {kind} in the area of who asks")]
    NotFound {
        /// Kind of object, e.g. `decision`.
        kind: &'static str,
    },
    /// The area holds more communes than one statement can name.
    #[error("an area of {count} communes is too wide; use the whole city")]
    AreaTooWide {
        /// Communes in the area.
        count: usize,
    },
    /// A given value cannot be taken.
    #[error("{field}: {why}")]
    Invalid {
        /// Field of the request.
        field: &'static str,
        /// What is wrong, without the value.
        why: &'static str,
    },
    /// There is a decision in force about this pair of rows.
    #[error("there is already a decision in force about this pair")]
    AlreadyDecided,
    /// The decision was undone before.
    #[error("the decision was undone already")]
    AlreadyUndone,
    /// The agreement was ended before.
    #[error("the agreement was ended already")]
    AgreementEnded,
    /// A request of a person, or a breach, is not where the form thought it is.
    #[error("the request or breach was changed, or is over")]
    RequestChanged,
    /// Somebody set the same target at the same moment.
    #[error("the target was changed by somebody else at the same moment")]
    TargetChanged,
    /// A case was left as it is.
    #[error("the case is left as it is: {}", .why.as_str())]
    CaseRefused {
        /// Why.
        why: Refusal,
    },
    /// A change of many cases was confirmed for another number of cases than there are now.
    #[error("{confirmed} cases were confirmed, and there are {found} now")]
    CountDrifted {
        /// Cases that who asked was told of.
        confirmed: i64,
        /// Cases there are now.
        found: i64,
    },
    /// A document was left as it is.
    #[error("the document is left as it is: {}", .why.as_str())]
    DocumentRefused {
        /// Why.
        why: DocumentRefusal,
    },
    /// A report of a task was left as it is.
    #[error("the report is left as it is: {}", .why.as_str())]
    ReportRefused {
        /// Why.
        why: ReportRefusal,
    },
    /// Something about a collector was left as it is.
    #[error("the collector, card, complaint or list is left as it is: {}", .why.as_str())]
    CollectorRefused {
        /// Why.
        why: CollectorRefusal,
    },
    /// Something of committees, donors, surveys or money was left as it is.
    #[error("it is left as it is: {}", .why.as_str())]
    PlanRefused {
        /// Why.
        why: PlanRefusal,
    },
    /// Something of the claims audit was left as it is.
    #[error("the review is left as it is: {}", .why.as_str())]
    ReviewRefused {
        /// Why.
        why: ReviewRefusal,
    },
    /// A client transaction number was used for something else.
    #[error("this client transaction was used for another change")]
    ClientTxReused,
    /// An audit event would have held what looks like personal data.
    #[error("audit field `{field}` looks like personal data and is not written")]
    PersonalDataInAudit {
        /// Field of the event.
        field: String,
    },
    /// An audit event does not agree with its own hash, so no seal is put on it.
    #[error("audit event {seq} does not agree with its hash")]
    AuditBroken {
        /// Number of the event.
        seq: i64,
    },
    /// The audit writer has ended.
    #[error("the audit writer has stopped")]
    AuditStopped,
}

impl DeskError {
    pub(crate) fn damaged(table: &'static str, detail: impl Into<String>) -> Self {
        Self::Damaged { table, detail: detail.into() }
    }
}

impl From<sqlx::Error> for DeskError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // Only the message and the code: PostgreSQL's DETAIL line may hold values of the row.
            sqlx::Error::Database(inner) => {
                if inner.is_unique_violation() {
                    return Self::Duplicate;
                }
                let code = inner.code().unwrap_or_default();
                // SQLITE_BUSY and its extended codes, PostgreSQL lock_not_available, query_canceled and deadlock_detected.
                if matches!(code.as_ref(), "5" | "261" | "517" | "55P03" | "57014" | "40P01") {
                    return Self::Busy;
                }
                Self::Store { detail: format!("{} ({code})", inner.message()) }
            }
            sqlx::Error::PoolTimedOut => Self::Busy,
            other => Self::Store { detail: other.to_string() },
        }
    }
}

impl Explain for DeskError {
    fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "desk_open",
            Self::Store { .. } => "desk_store",
            Self::Busy => "desk_busy",
            Self::Duplicate => "desk_duplicate",
            Self::SchemaNewer { .. } => "desk_schema_newer",
            Self::MigrationChanged { .. } => "desk_migration_changed",
            Self::SignInRefused => "desk_sign_in_refused",
            Self::SignInLocked { .. } => "desk_sign_in_locked",
            Self::Password { .. } => "desk_password",
            Self::Backup { .. } => "desk_backup",
            Self::KeyFile { .. } => "desk_key_file",
            Self::KeyMissing { .. } => "desk_key_missing",
            Self::NoKeys => "desk_no_keys",
            Self::NotEmpty => "desk_not_empty",
            Self::Damaged { .. } => "desk_damaged",
            Self::Forbidden { .. } => "desk_forbidden",
            Self::NotFound { .. } => "desk_not_found",
            Self::AreaTooWide { .. } => "desk_area_too_wide",
            Self::Invalid { .. } => "desk_invalid",
            Self::AlreadyDecided => "desk_already_decided",
            Self::AlreadyUndone => "desk_already_undone",
            Self::AgreementEnded => "desk_agreement_ended",
            Self::RequestChanged => "desk_request_changed",
            Self::TargetChanged => "desk_target_changed",
            Self::CaseRefused { .. } => "desk_case_refused",
            Self::CountDrifted { .. } => "desk_count_drifted",
            Self::DocumentRefused { .. } => "desk_document_refused",
            Self::ReportRefused { .. } => "desk_report_refused",
            Self::CollectorRefused { .. } => "desk_collector_refused",
            Self::PlanRefused { .. } => "desk_plan_refused",
            Self::ReviewRefused { .. } => "desk_review_refused",
            Self::ClientTxReused => "desk_client_tx_reused",
            Self::PersonalDataInAudit { .. } => "desk_personal_data_in_audit",
            Self::AuditBroken { .. } => "desk_audit_broken",
            Self::AuditStopped => "desk_audit_stopped",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Open { place, .. } => place.clone(),
            Self::SchemaNewer { chapter, found, .. } => format!("{chapter} {found}"),
            Self::MigrationChanged { chapter, number } => format!("{chapter} {number}"),
            Self::Damaged { table, .. } => (*table).to_owned(),
            Self::Invalid { field, .. } => (*field).to_owned(),
            Self::PersonalDataInAudit { field } => field.clone(),
            Self::AuditBroken { seq } => format!("audit_event {seq}"),
            _ => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Open { .. } => {
                "Kiểm tra đường dẫn hoặc địa chỉ cơ sở dữ liệu, quyền ghi, ổ đĩa còn chỗ. Với PostgreSQL, tài khoản kết nối cần quyền \
                 tạo vai trò ansinh_app, hoặc quản trị viên tạo trước: CREATE ROLE ansinh_app NOLOGIN; GRANT ansinh_app TO <tài khoản>."
            }
            Self::Store { .. } => "Kiểm tra ổ đĩa còn chỗ và cơ sở dữ liệu đang chạy, rồi làm lại; thay đổi chưa được ghi.",
            Self::Busy => "Đợi giây lát rồi làm lại; thay đổi chưa được ghi.",
            Self::Duplicate => "Mở lại trang để xem bản ghi đã có.",
            Self::SchemaNewer { .. } => "Dùng phiên bản An Sinh mới hơn, hoặc khôi phục bản sao lưu của phiên bản này.",
            Self::MigrationChanged { .. } => "Dùng đúng bản phát hành đã tạo cơ sở dữ liệu này; không sửa các bước nâng cấp đã chạy.",
            Self::SignInRefused => "Kiểm tra tên đăng nhập, mật khẩu và mã xác thực; nếu quên, đề nghị quản trị viên cấp mã dùng một lần.",
            Self::SignInLocked { .. } => "Đợi hết thời gian khóa rồi đăng nhập lại, hoặc đề nghị quản trị viên cấp mã dùng một lần.",
            Self::Password { .. } => "Chọn mật khẩu khác, từ 12 ký tự, không chứa tên đăng nhập, không phải từ quen thuộc.",
            Self::Backup { .. } => "Kiểm tra đường dẫn, quyền và dung lượng ổ đĩa; nếu tệp sao lưu hỏng, dùng bản sao lưu khác. Chưa có gì được ghi.",
            Self::KeyFile { .. } => "Kiểm tra đường dẫn và quyền của tệp khóa (chỉ chủ tệp được đọc); tệp hỏng thì lấy bản sao giữ ở nơi khác.",
            Self::KeyMissing { .. } => "Đưa tệp khóa có khóa này vào: --keys TỆP hoặc ANSINH_KEYS. Không còn tệp khóa thì dữ liệu đã mã hóa không mở lại được.",
            Self::NoKeys => "Đưa tệp khóa vào: --keys TỆP hoặc ANSINH_KEYS; tạo mới bằng: ansinh desk keys new",
            Self::NotEmpty => "Chọn một tệp SQLite chưa có hoặc một cơ sở dữ liệu PostgreSQL trống, rồi khôi phục vào đó.",
            Self::Damaged { .. } => "Khôi phục bản sao lưu gần nhất rồi chạy: ansinh desk check",
            Self::Forbidden { .. } => "Chọn vai trò hoặc mục đích phù hợp, hoặc đề nghị quản trị viên cấp quyền.",
            Self::NotFound { .. } => "Kiểm tra lại đường dẫn; có thể nội dung thuộc địa bàn khác.",
            Self::AreaTooWide { .. } => "Giao địa bàn toàn thành phố cho người dùng này.",
            Self::Invalid { .. } => "Sửa trường được nêu rồi gửi lại.",
            Self::AlreadyDecided => "Mở quyết định đang có hiệu lực; muốn đổi thì hoàn tác, ghi lý do, rồi quyết định lại.",
            Self::RequestChanged => "Mở lại trang để xem trạng thái mới nhất; việc đã xong hoặc đã từ chối thì không ghi tiếp được.",
            Self::AgreementEnded => "Thỏa thuận này đã kết thúc trước đó; cần tiếp tục thì ghi một thỏa thuận mới.",
            Self::AlreadyUndone => "Mở lại trang để xem trạng thái mới nhất.",
            Self::TargetChanged => "Mở lại trang, xem giá trị mới rồi nhập lại nếu vẫn cần.",
            Self::CaseRefused { why } => why.remedy(),
            Self::CountDrifted { .. } => "Mở lại phần xem lại, kiểm tra số hồ sơ hiện có rồi xác nhận lại; chưa có hồ sơ nào thay đổi.",
            Self::DocumentRefused { why } => document_remedy(*why),
            Self::ReportRefused { why } => report_remedy(*why),
            Self::CollectorRefused { why } => collector_remedy(*why),
            Self::PlanRefused { why } => why.remedy(),
            Self::ReviewRefused { why } => why.remedy(),
            Self::ClientTxReused => "Biểu mẫu này đã gửi với nội dung khác và đã ghi. Mở lại trang để xem, rồi gửi lại nếu vẫn cần.",
            Self::PersonalDataInAudit { .. } => "Ghi mã giả danh thay cho số định danh hoặc họ tên.",
            Self::AuditBroken { .. } => "Chạy ansinh audit verify và báo người phụ trách an toàn thông tin.",
            Self::AuditStopped => "Khởi động lại chương trình; không mở dữ liệu cá nhân khi nhật ký không ghi được.",
        }
        .to_owned()
    }

    fn public_text(&self) -> String {
        match self {
            Self::Busy => "Hệ thống đang bận, mời thử lại sau giây lát.",
            Self::Forbidden { .. } => "Vai trò hoặc mục đích đang chọn không cho phép việc này.",
            Self::NotFound { .. } => "Không có nội dung này trong địa bàn được giao.",
            Self::Invalid { .. } => "Có trường chưa hợp lệ, mời kiểm tra lại.",
            Self::AlreadyDecided => "Cặp bản ghi này đã có quyết định đang hiệu lực.",
            Self::AgreementEnded => "Thỏa thuận này đã kết thúc trước đó.",
            Self::RequestChanged => "Nội dung này vừa được người khác thay đổi, hoặc đã xong.",
            Self::AlreadyUndone => "Quyết định này đã được hoàn tác trước đó.",
            Self::TargetChanged => "Chỉ tiêu vừa được người khác thay đổi.",
            Self::CountDrifted { .. } => "Số hồ sơ đã khác với số lúc xem lại; chưa có hồ sơ nào thay đổi.",
            Self::CaseRefused { .. } => "Hồ sơ này chưa thay đổi được, mời mở lại để xem trạng thái mới nhất.",
            Self::DocumentRefused { .. } => "Văn bản này chưa thay đổi được, mời mở lại để xem trạng thái mới nhất.",
            Self::ReportRefused { .. } => "Báo cáo này chưa thay đổi được, mời mở lại để xem trạng thái mới nhất.",
            Self::CollectorRefused { why } => collector_remedy(*why),
            Self::PlanRefused { why } => why.remedy(),
            Self::ReviewRefused { why } => why.remedy(),
            Self::ClientTxReused => "Biểu mẫu này đã được dùng cho một thay đổi khác.",
            _ => "Hệ thống chưa thực hiện được yêu cầu này.",
        }
        .to_owned()
    }
}

fn document_remedy(why: DocumentRefusal) -> &'static str {
    match why {
        DocumentRefusal::Stale => "Văn bản vừa được người khác thay đổi. Mở lại, xem nội dung mới rồi làm lại nếu vẫn cần.",
        DocumentRefusal::WrongState => "Làm theo thứ tự: dự thảo, duyệt, chuyển văn thư, cấp số, ký, gửi.",
        DocumentRefusal::NotYourUnit => "Văn bản do đơn vị khác ban hành; đề nghị đơn vị đó thực hiện.",
        DocumentRefusal::SamePerson => "Đơn vị yêu cầu người duyệt khác người soạn; đề nghị người khác duyệt.",
        DocumentRefusal::NumberTaken => "Số này đã cấp cho văn bản khác trong năm; kiểm tra lại sổ của văn thư.",
        DocumentRefusal::NoOwnNumbers => {
            "Đơn vị lấy số của văn thư; nhập số văn thư cấp, hoặc đề nghị quản trị viên bật tự cấp số."
        }
        DocumentRefusal::Restricted => "Người này đang hạn chế xử lý: chỉ soạn văn bản sau khi có quyết định bỏ hạn chế.",
    }
}

fn report_remedy(why: ReportRefusal) -> &'static str {
    match why {
        ReportRefusal::Stale => "Báo cáo vừa được người khác thay đổi. Mở lại, xem nội dung mới rồi làm lại nếu vẫn cần.",
        ReportRefusal::WrongState => "Báo cáo đã gửi thì không sửa được; đề nghị đơn vị theo dõi trả lại để bổ sung.",
        ReportRefusal::NotYourUnit => "Báo cáo do đơn vị khác lập; đề nghị đơn vị đó thực hiện.",
        ReportRefusal::SamePerson => "Người lập báo cáo không tự xác nhận; đề nghị người khác xác nhận.",
        ReportRefusal::Locked => "Kỳ báo cáo đã khóa; nội dung bổ sung ghi vào kỳ sau.",
        ReportRefusal::Empty => "Ghi kết quả thực hiện hoặc thêm minh chứng trước khi gửi.",
    }
}

fn collector_remedy(why: CollectorRefusal) -> &'static str {
    match why {
        CollectorRefusal::NoValidCard => {
            "Nhân viên thu không có thẻ còn hiệu lực: cấp thẻ mới trước khi giao hoặc xuất danh sách."
        }
        CollectorRefusal::ListOver => "Danh sách đã hết hạn sử dụng: giao danh sách mới nếu đợt vận động còn tiếp tục.",
        CollectorRefusal::OutsideArea => "Thẻ có xã, phường ngoài địa bàn được giao; đề nghị BHXH thành phố thực hiện.",
        CollectorRefusal::Taken => {
            "Số thẻ, hoặc mã điểm thu và mã nhân viên thu, đã có; kiểm tra lại hoặc cấp thêm thẻ cho người đã có."
        }
        CollectorRefusal::Withdrawn => "Thẻ này đã thu hồi trước đó; mở lại trang để xem ngày và lý do.",
        CollectorRefusal::Resolved => "Phản ánh này đã giải quyết; mở lại trang để xem kết quả.",
        CollectorRefusal::NothingToHand => {
            "Không có hồ sơ nào giao được: hồ sơ phải về người do cấp xã xử lý, thuộc địa bàn ghi trên thẻ, đang mở và chưa nằm trong danh \
             sách khác còn hạn."
        }
        CollectorRefusal::TooMany => {
            "Hàng việc có quá nhiều hồ sơ cho một danh sách; lọc theo xã, phường, tổ dân phố hoặc lý do rồi giao lại."
        }
    }
}
