//! Taking claim files, one or several in a ZIP, over the wire, by the form that hospital programs already post to the national portal, and answering at once
//! with what is wrong.
//!
//! The address is ours and so are the accounts: a token of the desk with the scope `claims_send`, of a unit `kcb-<code>`, which decides whose files it may
//! bring. **Invariant:** what opens the national portal (`passwordHash`, `accessToken`, `tokenId`, `password`) is refused, in headers, address and body, and
//! its value is kept nowhere: not in an answer, not in the log, not in the audit.

mod base64;
mod bench;
mod body;
mod check;
mod importing;
mod packed;
mod page;
mod receipt;
mod refusal;
mod secrets;
mod urlencoded;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::Response;
use axum::routing::post;
use base::{Explain, Role, Scope};
use chapter::{App, Audited, Entry, Needs, Route, Viewer};
use claimfile::signature::Trust;
use desk::{ApiScope, AuditAction, Permission, ReadEvent};

use crate::Formats;
use bench::{Bench, Job};
use check::Done;
use receipt::Receipt;
use refusal::Refusal;

pub use importing::import_waiting;

/// The address.
const SEND: &str = "/api/giam-dinh/guiHoSo";
/// Beginning of the id of a facility's unit.
const UNIT: &str = "kcb-";
/// Values of `loaiHoSo`: check-in, and the decisions that claims follow.
const KINDS: [&str; 5] = ["0", "3", "130", "4750", "3176"];

/// Path that takes a file from the page of a facility.
pub(crate) const PAGE: &str = "/co-so/gui-ho-so";

/// What the addresses ask: a program's token that may send claims; somebody of the facility, whose page sends a file the same way.
pub const ROUTES: &[Route] =
    &[Route::post(SEND, Needs::Api(ApiScope::ClaimsSend)), Route::post(PAGE, Needs::May(Permission::AnswerClaims))];

/// What the receiver works with.
#[derive(Clone)]
struct Receiving {
    app: App,
    bench: Arc<Bench>,
    /// Bytes of a decoded file.
    most: usize,
}

/// The routes. `formats` are the claim tables and lists, `trust` the roots that signatures are held against, `megabytes` is the setting `claims_mb`: the size of the largest file. Rules are compiled
/// beside the first requests, a second or two; where roles are picked no program sends files, and they are compiled when the first one comes.
pub fn routes(app: &App, formats: Formats, trust: Trust, megabytes: usize) -> Router {
    let most = megabytes.max(1).saturating_mul(1 << 20);
    let bench = Arc::new(Bench::new(app, formats, trust));
    if matches!(app.entry, Entry::SignIn { .. }) {
        bench.warm();
    }
    let receiving = Receiving { app: app.clone(), bench, most };
    // The body is counted while it is read.
    Router::new()
        .route(SEND, post(take).layer(DefaultBodyLimit::disable()))
        .route(PAGE, post(page::take).layer(DefaultBodyLimit::disable()))
        .with_state(receiving)
}

/// `POST /api/giam-dinh/guiHoSo`: the receipt, or why there is none.
async fn take(State(receiving): State<Receiving>, request: Request) -> Response {
    let app = &receiving.app;
    let now = (app.clock)();
    let Some(viewer) = request.extensions().get::<Viewer>().cloned() else {
        return Receipt::refused(&Refusal::Inside("no_viewer"), now).answer();
    };
    let (receipt, event) = told(taken(&receiving, &viewer.scope, request).await, now);
    match app.audit(&viewer, event).await {
        Ok(audited) => proven(receipt.answer(), audited),
        // Without the event nothing is said of what was found; the file waits, and sending it again gives its receipt.
        Err(_) => Receipt::refused(&Refusal::Inside("not_audited"), now).answer(),
    }
}

/// The receipt of a file, and the event that tells of it.
fn told(result: Result<Done, Refusal>, now: i64) -> (Receipt, ReadEvent) {
    match result {
        Ok(Done { number, checked }) => {
            let event = event(if number.is_some() { "taken" } else { "nothing_kept" })
                .count("files", checked.files.len().max(1) as i64)
                .count("visits", count(checked.visits))
                .count("kept", count(checked.kept))
                .count("check_ins", count(checked.check_ins))
                .count("findings", checked.findings.len() as i64);
            let event = match &number {
                // A number of digits alone would look like one of a person.
                Some(number) => event.object(format!("r-{number}")),
                None => event,
            };
            (Receipt::taken(number, checked, now), event)
        }
        Err(refusal) => (Receipt::refused(&refusal, now), event(refusal.code())),
    }
}

/// An event about a file: a word for what became of it and numbers, nothing that was sent.
fn event(state: &str) -> ReadEvent {
    ReadEvent::new(AuditAction::ReceiveClaims, "claim_file").word("state", state)
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn proven(mut response: Response, audited: Audited) -> Response {
    response.extensions_mut().insert(audited);
    response
}

async fn taken(receiving: &Receiving, scope: &Scope, request: Request) -> Result<Done, Refusal> {
    // First of all: no secret of the national portal gets any further.
    let own = match secrets::look(request.headers(), request.uri()).and_then(|()| facility(scope)) {
        Ok(own) => own,
        Err(refusal) => {
            body::drain(request, receiving.most).await;
            return Err(refusal);
        }
    };
    let posted = body::read(request, receiving.most).await?;
    if posted.facility.is_empty() {
        return Err(Refusal::Missing("maCSKCB"));
    }
    if posted.facility != own {
        return Err(Refusal::OtherFacility { own });
    }
    let province = posted.province.trim_start_matches('0');
    if !province.is_empty() && own.get(..2).is_some_and(|first| first.trim_start_matches('0') != province) {
        return Err(Refusal::BadField("maTinh"));
    }
    if !posted.kind.is_empty() && !KINDS.contains(&posted.kind.as_str()) {
        return Err(Refusal::BadField("loaiHoSo"));
    }
    let day = receiving.app.today();
    receiving.bench.check(Job { facility: own, day, said: posted.kind, file: posted.file, most: receiving.most }).await
}

/// The facility whose program asks.
fn facility(scope: &Scope) -> Result<String, Refusal> {
    if scope.role != Role::ApiClient {
        return Err(Refusal::NotAProgram);
    }
    match scope.unit.strip_prefix(UNIT) {
        Some(code) if code.len() == 5 && code.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(code.to_owned()),
        _ => Err(Refusal::NoFacility),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use base::{Actor, Area, Purpose};

    use super::*;

    fn scope(role: Role, unit: &str) -> Scope {
        Scope {
            actor: Actor("t".into()),
            unit: unit.into(),
            area: Area::Communes(BTreeSet::new()),
            role,
            purpose: Purpose::Operation,
            acting_for: None,
        }
    }

    #[test]
    fn only_programs_of_facilities_send_files() {
        assert_eq!(facility(&scope(Role::ApiClient, "kcb-01001")), Ok("01001".into()));
        for unit in ["kcb-", "kcb-0100", "kcb-../01", "bhxh-hn"] {
            assert_eq!(facility(&scope(Role::ApiClient, unit)), Err(Refusal::NoFacility), "{unit}");
        }
        assert_eq!(facility(&scope(Role::FacilityStaff, "kcb-01001")), Err(Refusal::NotAProgram));
        assert_eq!(facility(&scope(Role::CityOfficer, "bhxh-hn")), Err(Refusal::NotAProgram));
    }
}
