//! `ansinh users bind|unbind|provider`: who users are at the provider of the city's accounts, and whether the provider can be used.

use access::SingleSignOn;
use base::Scope;
use desk::{Desk, DeskError, ProviderIdentity};
use serde_json::json;

use crate::commands::Environment;
use crate::commands::run::{clock, runtime};
use crate::failure::Failure;
use crate::output;
use crate::provider::single_sign_on;

/// Binds a user to somebody at the provider of the settings.
pub(super) async fn bind(environment: &Environment, desk: &Desk, id: &str, subject: &str) -> Result<(), Failure> {
    put(desk, &needed(environment)?, id, subject).await?;
    output::print(environment.json, &json!({ "user": id, "bound": true }), || format!("Đã gắn {id} với tài khoản của thành phố."))
}

/// Binds a user; a subject that cannot be taken is a matter of what was given.
pub(super) async fn put(desk: &Desk, single: &SingleSignOn, id: &str, subject: &str) -> Result<(), Failure> {
    let provider = single.provider();
    let identity =
        ProviderIdentity { issuer: provider.issuer().into(), claim: provider.claim().into(), subject: subject.trim().into() };
    match desk.bind_identity(&Scope::system(), id, &identity).await {
        Ok(()) => Ok(()),
        Err(DeskError::Invalid { .. }) => {
            Err(Failure::usage(format!("{id}: mã tài khoản có từ 1 đến 255 ký tự và chưa gắn với người khác")))
        }
        Err(DeskError::NotFound { .. }) => Err(Failure::usage(format!("không có người dùng `{id}`"))),
        Err(error) => Err(error.into()),
    }
}

/// Unbinds a user from the provider of the settings.
pub(super) async fn unbind(environment: &Environment, desk: &Desk, id: &str) -> Result<(), Failure> {
    let single = needed(environment)?;
    let was = desk.unbind_identity(&Scope::system(), id, single.provider().issuer()).await?;
    output::print(environment.json, &json!({ "user": id, "unbound": was }), || match was {
        true => format!("Đã bỏ gắn {id}; các phiên mở từ tài khoản của thành phố kết thúc."),
        false => format!("{id} chưa được gắn."),
    })
}

/// Asks the provider for its document and keys and says what was found. Opens no store.
pub(super) fn look(environment: &Environment) -> Result<(), Failure> {
    let single = needed(environment)?;
    let now = clock()();
    let report = runtime()?.block_on(single.provider().look(now)).map_err(|e| Failure::of(&e, 3))?;
    let issuer = single.provider().issuer();
    let shown = json!({
        "issuer": issuer, "claim": single.provider().claim(), "authorization": report.authorization, "token": report.token,
        "keys_at": report.keys_at, "keys": report.keys, "end_session": report.end_session, "names_issuer": report.names_issuer,
        "tells_sign_outs": report.tells_sign_outs,
    });
    output::print(environment.json, &shown, || {
        let out = report.end_session.as_deref().unwrap_or("không có");
        let told = if report.tells_sign_outs { "có báo về cổng" } else { "không báo về cổng" };
        format!(
            "Nhà cung cấp {issuer} dùng được.\nĐăng nhập: {}\nĐổi mã: {}\nKhóa: {} ({} khóa dùng được)\nĐăng xuất: {out}\nĐăng xuất ở nơi khác: {told}",
            report.authorization, report.token, report.keys_at, report.keys
        )
    })
}

/// The provider, which must be set.
pub(super) fn needed(environment: &Environment) -> Result<SingleSignOn, Failure> {
    let missing = || Failure::usage("chưa có thiết lập `oidc_issuer`; xem docs/operations.md");
    single_sign_on(&environment.config)?.ok_or_else(missing)
}
