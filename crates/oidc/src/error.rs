//! What can go wrong with a provider. No error holds a token, a code, a secret or a subject.

use base::Explain;

/// Why signing in through the provider did not come about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// A setting cannot be used.
    #[error("the setting oidc_{field} {why}")]
    Settings {
        /// The setting.
        field: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The program was built without the client.
    #[error("this build has no client for a provider (feature `oidc`)")]
    BuiltWithout,
    /// The provider does not answer.
    #[error("the provider's {what} cannot be reached: {detail}")]
    Unreachable {
        /// Which address: discovery, keys, token.
        what: &'static str,
        /// What the connection said.
        detail: String,
    },
    /// The provider's answer cannot be used.
    #[error("the provider's {what} cannot be used: {why}")]
    Unusable {
        /// Which answer: discovery, keys, token.
        what: &'static str,
        /// Why.
        why: &'static str,
    },
    /// The provider did not take the code.
    #[error("the provider refused the code: {error}")]
    CodeRefused {
        /// The provider's word for it (RFC 6749, 5.2), or `other`.
        error: &'static str,
    },
    /// The answer that came with the browser names another issuer, or none where one must stand.
    #[error("the answer does not come from the issuer that was asked")]
    WrongIssuer,
    /// The ID token is not taken.
    #[error("the ID token is not taken: {}", .0.word())]
    Token(TokenFault),
    /// The logout token is not taken.
    #[error("the logout token is not taken: {}", .0.word())]
    Logout(TokenFault),
}

/// Why an ID token or a logout token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Not three parts of base64url JSON with the claims that must be there.
    Form,
    /// Not signed, or with an algorithm other than RS256 and ES256.
    Algorithm,
    /// No key of the provider fits.
    UnknownKey,
    /// The signature is not that of the key.
    Signature,
    /// Another issuer.
    Issuer,
    /// Meant for another client.
    Audience,
    /// Issued to another client.
    AuthorizedParty,
    /// Over.
    Expired,
    /// Not yet in force, or issued at a time that cannot be.
    Time,
    /// Made for another sign-in; in a logout token, which bears none, there at all.
    Nonce,
    /// The claim that names the person is missing, empty, or an e-mail address nobody verified; a logout token names neither person nor session.
    Subject,
    /// Another kind of token.
    Kind,
    /// Not about a sign-out.
    Event,
}

impl TokenFault {
    /// A stable word for the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Algorithm => "algorithm",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::AuthorizedParty => "authorized_party",
            Self::Expired => "expired",
            Self::Time => "time",
            Self::Nonce => "nonce",
            Self::Subject => "subject",
            Self::Kind => "kind",
            Self::Event => "event",
        }
    }
}

impl OidcError {
    /// Whether the provider is away, so that trying again later may help.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// A short word for the audit log: what was wrong, nothing of what was sent.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Token(fault) | Self::Logout(fault) => fault.word(),
            other => other.code(),
        }
    }
}

impl Explain for OidcError {
    fn code(&self) -> &'static str {
        match self {
            Self::Settings { .. } => "oidc_settings",
            Self::BuiltWithout => "oidc_built_without",
            Self::Unreachable { .. } => "oidc_unreachable",
            Self::Unusable { .. } => "oidc_unusable",
            Self::CodeRefused { .. } => "oidc_code_refused",
            Self::WrongIssuer => "oidc_wrong_issuer",
            Self::Token(_) => "oidc_token",
            Self::Logout(_) => "oidc_logout_token",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Settings { field, .. } => format!("oidc_{field}"),
            Self::Unreachable { what, .. } | Self::Unusable { what, .. } => (*what).to_owned(),
            _ => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Settings { .. } => "Sửa thiết lập rồi khởi động lại; xem docs/operations.md.",
            Self::BuiltWithout => "Bỏ thiết lập oidc_issuer, hoặc dùng bản chương trình có tính năng oidc.",
            Self::Unreachable { .. } => {
                "Kiểm tra kết nối tới nhà cung cấp và chứng thư gốc; trong lúc chờ, đăng nhập bằng tài khoản của cổng."
            }
            Self::Unusable { .. } => "Kiểm tra oidc_issuer và cấu hình của nhà cung cấp; chạy `ansinh users provider`.",
            Self::CodeRefused { .. } => {
                "Kiểm tra oidc_client_id, mật khẩu ứng dụng và địa chỉ nhận kết quả đã đăng ký với nhà cung cấp."
            }
            Self::WrongIssuer | Self::Token(_) => {
                "Đăng nhập lại từ đầu; nếu vẫn gặp, kiểm tra đồng hồ máy và cấu hình của nhà cung cấp."
            }
            Self::Logout(_) => {
                "Kiểm tra địa chỉ nhận lệnh đăng xuất đã đăng ký với nhà cung cấp và đồng hồ máy; xem docs/operations.md."
            }
        }
        .to_owned()
    }

    fn public_text(&self) -> String {
        "Chưa đăng nhập được bằng tài khoản của thành phố.".to_owned()
    }
}
