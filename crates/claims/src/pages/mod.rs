//! The pages of the claims audit (giám định BHYT): the queue, one sheet a case, samples, checks on the spot, rules with their figures; and the side of the
//! facilities, which see themselves alone.
//!
//! What was found comes from the newest run; what people do with it stands on the desk, which decides who sees and does what. Names of patients are not
//! shown unless they are asked for, and that is written down.

mod act;
mod answer_file;
mod check;
mod check_act;
mod checklist;
pub(crate) mod clock_page;
mod dossier;
mod due_list;
mod export;
mod export_rows;
mod facility;
mod facility_act;
mod facility_case;
mod facility_files;
mod facility_found;
mod files;
mod filter;
mod forms;
mod found;
mod gone;
mod letters;
mod line_forms;
mod open;
mod paper_data;
mod paper_files;
mod paper_page;
mod portal_codes;
mod portal_compare;
mod protected;
mod query;
mod queue;
mod read;
mod record;
mod rule;
mod rules_table;
mod sample;
mod sample_act;
mod serving;
mod sheet;
mod sheet_parts;
mod stays;
mod step_form;
mod terms;
mod versions;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::{Month, Scope};
use chapter::{App, Needs, NoData, PageError, Route, Viewer};
use desk::{DeskError, Permission};
use documents::letter::Letters;
use web::component::{Icon, Link, Tab, tabs};
use web::{Locale, MenuGroup, MenuItem, SafeHtml};

use crate::audit::national;
use crate::audit::refused::RefusedSum;
use crate::audit::sheets;
use crate::error::ClaimsError;
use crate::formats::Formats;
use crate::papers::PaperForms;
use crate::store::{
    LineNumbers, Receipt, SentVersion, StoredVisit, WaitingReceipt, line_numbers, links_of, receipts, visit_cells, visit_links,
    visit_versions, waiting_of,
};
use serving::Serving;

/// Path of the queue.
pub(crate) const AUDIT: &str = "/giam-dinh";
/// Path of the samples.
pub(crate) const SAMPLES: &str = "/giam-dinh/mau";
/// Path of the checks on the spot.
pub(crate) const CHECKS: &str = "/giam-dinh/kiem-tra";
/// Path of the rules.
pub(crate) const RULES: &str = "/giam-dinh/quy-tac";
/// Path of the queue as a file.
pub(crate) const EXPORT: &str = "/giam-dinh/danh-sach.xlsx";
/// Path that takes a list with the portal's numbers of cases.
pub(crate) const PORTAL_CODES: &str = "/giam-dinh/ma-cong";
/// Path of the forms.
pub(crate) const PAPERS: &str = "/giam-dinh/bieu";
/// Path of a facility's own page.
pub(crate) const FACILITY: &str = "/co-so";

const REVIEW: Needs = Needs::May(Permission::ReviewClaims);
const TAKE_OUT: Needs = Needs::May(Permission::Export);
const PROTECTED: Needs = Needs::May(Permission::ViewProtectedHealth);
const ANSWER: Needs = Needs::May(Permission::AnswerClaims);

/// What each address asks. The desk asks again, and refuses what is of another area or facility.
pub const ROUTES: &[Route] = &[
    Route::get(AUDIT, REVIEW).and_post(REVIEW),
    Route::get(EXPORT, TAKE_OUT),
    Route::post(PORTAL_CODES, REVIEW),
    Route::get("/giam-dinh/ho-so/{visit}", REVIEW),
    Route::post("/giam-dinh/ho-so/{visit}/mo", REVIEW),
    Route::post("/giam-dinh/ho-so/{visit}/bao-ve", PROTECTED),
    Route::post("/giam-dinh/vu-viec/{review}/doi", REVIEW),
    Route::post("/giam-dinh/vu-viec/{review}/tep", REVIEW),
    Route::get("/giam-dinh/vu-viec/{review}/tep/{file}", REVIEW),
    Route::post("/giam-dinh/vu-viec/{review}/thu/{letter}", REVIEW),
    Route::get("/giam-dinh/vu-viec/{review}/bien-ban/{file}", REVIEW),
    Route::get(SAMPLES, REVIEW).and_post(REVIEW),
    Route::get("/giam-dinh/mau/{sample}", REVIEW).and_post(REVIEW),
    Route::get(CHECKS, REVIEW).and_post(REVIEW),
    Route::get("/giam-dinh/kiem-tra/{check}", REVIEW).and_post(REVIEW),
    Route::get(RULES, REVIEW),
    Route::get("/giam-dinh/quy-tac/{rule}", REVIEW),
    Route::get("/giam-dinh/quy-tac/{rule}/phat-hien.xlsx", TAKE_OUT),
    Route::get(PAPERS, REVIEW),
    Route::get("/giam-dinh/bieu/{facility}", REVIEW),
    Route::get("/giam-dinh/bieu/{facility}/{file}", REVIEW),
    Route::get(FACILITY, ANSWER),
    Route::get(answer_file::FILE, ANSWER),
    Route::get(answer_file::XML, ANSWER),
    Route::post(answer_file::BACK, ANSWER),
    Route::get("/co-so/phat-hien/{rule}", ANSWER),
    Route::get("/co-so/vu-viec/{review}", ANSWER),
    Route::post("/co-so/vu-viec/{review}/tra-loi", ANSWER),
    Route::post("/co-so/vu-viec/{review}/kien-nghi", ANSWER),
    Route::post("/co-so/vu-viec/{review}/tep", ANSWER),
    Route::get("/co-so/vu-viec/{review}/tep/{file}", ANSWER),
];

/// What the pages share.
#[derive(Clone)]
pub(crate) struct Audit {
    pub(crate) app: App,
    pub(crate) serving: Arc<Serving>,
    pub(crate) formats: Arc<Formats>,
    pub(crate) papers: Arc<PaperForms>,
    pub(crate) letters: Arc<Letters>,
}

/// The routes of the chapter.
pub fn routes(app: &App, formats: Formats, papers: PaperForms, letters: Letters) -> Router {
    // A file of 5 MB with its frame and the words of a form.
    const BODY: usize = 6 << 20;
    Router::new()
        .route(AUDIT, get(queue::show).post(queue::search))
        .route(EXPORT, get(export::queue))
        .route(PORTAL_CODES, post(portal_codes::take).layer(DefaultBodyLimit::max(portal_codes::BYTES)))
        .route("/giam-dinh/ho-so/{visit}", get(sheet::show))
        .route("/giam-dinh/ho-so/{visit}/mo", post(open::open))
        .route("/giam-dinh/ho-so/{visit}/bao-ve", post(protected::open))
        .route("/giam-dinh/vu-viec/{review}/doi", post(act::change))
        .route("/giam-dinh/vu-viec/{review}/tep", post(files::attach).layer(DefaultBodyLimit::max(BODY)))
        .route("/giam-dinh/vu-viec/{review}/tep/{file}", get(files::show))
        .route("/giam-dinh/vu-viec/{review}/thu/{letter}", post(letters::draft))
        .route("/giam-dinh/vu-viec/{review}/bien-ban/{file}", get(paper_files::of_case))
        .route(SAMPLES, get(sample::list).post(sample_act::draw))
        .route("/giam-dinh/mau/{sample}", get(sample::show).post(sample_act::change))
        .route(CHECKS, get(check::list).post(check_act::record))
        .route("/giam-dinh/kiem-tra/{check}", get(check::show).post(check_act::change))
        .route(RULES, get(rule::list))
        .route("/giam-dinh/quy-tac/{rule}", get(rule::show))
        .route("/giam-dinh/quy-tac/{rule}/phat-hien.xlsx", get(export::rule))
        .route(PAPERS, get(paper_page::list))
        .route("/giam-dinh/bieu/{facility}", get(paper_page::show))
        .route("/giam-dinh/bieu/{facility}/{file}", get(paper_files::of_facility))
        .route(FACILITY, get(facility::show))
        .route(answer_file::FILE, get(answer_file::give))
        .route(answer_file::XML, get(answer_file::give_xml))
        .route(answer_file::BACK, post(answer_file::take).layer(DefaultBodyLimit::max(BODY)))
        .route("/co-so/phat-hien/{rule}", get(facility_found::show))
        .route("/co-so/vu-viec/{review}", get(facility_case::show))
        .route("/co-so/vu-viec/{review}/tra-loi", post(facility_act::answer).layer(DefaultBodyLimit::max(BODY)))
        .route("/co-so/vu-viec/{review}/kien-nghi", post(facility_act::appeal))
        .route("/co-so/vu-viec/{review}/tep", post(facility_act::attach).layer(DefaultBodyLimit::max(BODY)))
        .route("/co-so/vu-viec/{review}/tep/{file}", get(files::show_facility))
        .with_state(Audit {
            app: app.clone(),
            serving: Arc::default(),
            formats: Arc::new(formats),
            papers: Arc::new(papers),
            letters: Arc::new(letters),
        })
}

/// The menu entries of who audits claims, and of who answers for a facility.
pub fn menu(l: Locale, scope: &Scope) -> Option<MenuGroup> {
    let mut items = Vec::new();
    if desk::may(scope, Permission::ReviewClaims) {
        items.push(MenuItem::new(l.t("claims-menu-queue"), AUDIT, Icon::Scales));
        items.push(MenuItem::new(l.t("claims-menu-samples"), SAMPLES, Icon::Target));
        items.push(MenuItem::new(l.t("claims-menu-checks"), CHECKS, Icon::Clipboard));
        items.push(MenuItem::new(l.t("claims-menu-rules"), RULES, Icon::Document));
        items.push(MenuItem::new(l.t("claims-menu-forms"), PAPERS, Icon::Print));
    }
    if desk::may(scope, Permission::AnswerClaims) {
        items.push(MenuItem::new(l.t("claims-menu-facility"), FACILITY, Icon::Building));
    }
    (!items.is_empty()).then(|| MenuGroup { label: l.t("claims-menu-group"), items })
}

impl Audit {
    /// The months that have claims, the newest first.
    pub(crate) fn months(&self) -> Result<Vec<Month>, PageError> {
        Ok(self.serving.months(&self.app)?.into_iter().map(|state| state.period).collect())
    }

    /// Names of facilities that have users here, by code.
    pub(crate) async fn facility_names(&self, viewer: &Viewer) -> Result<BTreeMap<String, String>, PageError> {
        let units = self.app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
        let of = |unit: desk::Unit| Some((unit.id.strip_prefix("kcb-")?.to_owned(), unit.name));
        Ok(units.into_iter().filter_map(of).collect())
    }

    /// The name of a facility as letters have it; one whose name is not known is named by its code. `vi` is the Vietnamese locale.
    pub(crate) async fn facility_name(&self, viewer: &Viewer, vi: Locale<'_>, code: &str) -> Result<String, PageError> {
        let names = self.facility_names(viewer).await?;
        let snapshot = self.serving.current(&self.app).await?;
        let of_run = || snapshot.facilities.get(code).and_then(|line| line.name.clone());
        let known = names.get(code).cloned().or_else(of_run);
        Ok(known.unwrap_or_else(|| vi.t_args("claims-letter-facility", &[("code", code.into())])))
    }

    /// The dossier of a facility's visit as it was sent last, else what sheets 79a and 80a say of it. Reading goes through parts and sheets of a month, so it
    /// does not hold up other requests.
    pub(crate) async fn dossier(&self, period: Month, facility: &str, visit: i64) -> Result<Option<StoredVisit>, PageError> {
        let (app, formats, facility) = (self.app.clone(), self.formats.clone(), facility.to_owned());
        blocking(move || match visit_cells(&app.book, &formats.forms, period, &facility, visit)? {
            Some(stored) => Ok(Some(stored)),
            None => sheets::stored(&app.book, &formats.forms, period, visit),
        })
        .await
    }

    /// What a facility calls its visits of a month (`MA_LK`), by number; of rows of sheets, what the portal calls them where there is no `MA_LK`.
    pub(crate) async fn links(&self, period: Month, facility: &str) -> Result<BTreeMap<i64, (String, String)>, PageError> {
        let (app, facility) = (self.app.clone(), facility.to_owned());
        blocking(move || {
            let mut packets = app.book.packets()?;
            packets.iter_mut().for_each(|packet| packet.parts.retain(|part| part.facilities.contains(&facility)));
            let mut links = visit_links(&app.book, &packets, period)?;
            links.retain(|_, (of, _)| *of == facility);
            for (id, name) in sheets::names(&app.book, period, &facility)? {
                links.entry(id).or_insert_with(|| (facility.clone(), name));
            }
            Ok(links)
        })
        .await
    }

    /// What a facility numbers the cost lines of some of its visits of a month (STT).
    pub(crate) async fn line_numbers(
        &self,
        period: Month,
        facility: &str,
        visits: BTreeSet<i64>,
    ) -> Result<LineNumbers, PageError> {
        let (app, facility) = (self.app.clone(), facility.to_owned());
        blocking(move || line_numbers(&app.book, period, &facility, &visits)).await
    }

    /// What facilities call some visits (`MA_LK`), by number; the visits are given by month of settlement.
    pub(crate) async fn keys(&self, wanted: BTreeMap<Month, BTreeSet<i64>>) -> Result<BTreeMap<i64, String>, PageError> {
        let app = self.app.clone();
        blocking(move || {
            let packets = app.book.packets()?;
            let mut keys = BTreeMap::new();
            for (period, visits) in wanted {
                keys.extend(links_of(&app.book, &packets, period, &visits)?);
            }
            Ok(keys)
        })
        .await
    }

    /// The sendings of a visit of a month that differ, the last ones.
    pub(crate) async fn versions(
        &self,
        period: Month,
        (facility, visit): (&str, i64),
        most: usize,
    ) -> Result<Vec<SentVersion>, PageError> {
        let (app, formats, facility) = (self.app.clone(), self.formats.clone(), facility.to_owned());
        blocking(move || visit_versions(&app.book, &formats.forms, period, (&facility, visit), most)).await
    }

    /// What the national system refused of a facility's visits of a month, by the book's number.
    pub(crate) async fn national(&self, period: Month, facility: &str) -> Result<BTreeMap<i64, RefusedSum>, PageError> {
        let (app, facility) = (self.app.clone(), facility.to_owned());
        blocking(move || national::sums(&app.book, period, &facility)).await
    }

    /// The files of a facility that wait for the import.
    pub(crate) async fn waiting(&self, facility: &str) -> Result<Vec<WaitingReceipt>, PageError> {
        let (app, facility) = (self.app.clone(), facility.to_owned());
        blocking(move || waiting_of(&app.book, &facility)).await
    }

    /// The files of a facility, the newest first.
    pub(crate) async fn receipts(&self, facility: &str) -> Result<Vec<Receipt>, PageError> {
        let (app, facility) = (self.app.clone(), facility.to_owned());
        blocking(move || receipts(&app.book, &facility)).await
    }
}

/// Work that reads the book, beside the requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, ClaimsError> + Send + 'static) -> Result<T, PageError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|e| PageError::inner(&e)),
        Err(_) => Err(PageError::Internal { code: "claims_read" }),
    }
}

/// The pages of the audit, side by side.
pub(crate) fn nav(l: Locale, current: &str) -> SafeHtml {
    let pages = [
        (l.t("claims-tab-queue"), AUDIT),
        (l.t("claims-tab-samples"), SAMPLES),
        (l.t("claims-tab-checks"), CHECKS),
        (l.t("claims-tab-rules"), RULES),
        (l.t("claims-tab-forms"), PAPERS),
    ];
    let all: Vec<Tab> = pages
        .into_iter()
        .map(|(text, href)| Tab { link: Link::new(text, href), count: None, current: href == current })
        .collect();
    tabs(&l.t("claims-tabs"), &all)
}

/// The sheet of a visit.
pub(crate) fn sheet_href(visit: i64) -> String {
    format!("{AUDIT}/ho-so/{visit}")
}

/// The sheet of a visit as a month (`2026-10`) has it; where none is named, the newest that has it.
pub(crate) fn sheet_of_month(visit: i64, month: &str) -> String {
    with_month(&sheet_href(visit), month)
}

/// The sheet of a visit with one of its cases.
pub(crate) fn sheet_of_case(visit: i64, case: &str) -> String {
    format!("{}?vu-viec={case}", sheet_href(visit))
}

/// An address with the month that it shows; as it is where none is named.
pub(crate) fn with_month(href: &str, month: &str) -> String {
    if month.is_empty() { href.to_owned() } else { format!("{href}?ky={}", chapter::encode(month)) }
}

/// An address with one more part.
pub(crate) fn and(href: &str, part: &str) -> String {
    format!("{href}{}{part}", if href.contains('?') { '&' } else { '?' })
}

/// Why the desk left something as it was, in words.
pub(crate) fn refused(l: Locale, error: DeskError) -> PageError {
    match error {
        DeskError::ReviewRefused { why } => PageError::BadRequest(words::refusal(l, why)),
        other => PageError::desk(other),
    }
}

/// Leads to another page of the portal.
pub(crate) fn go(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(NoData);
    response
}

/// The fields that a form sent, by name; of a name that stands twice the last one.
pub(crate) fn fields(sent: Vec<(String, String)>) -> BTreeMap<String, String> {
    sent.into_iter().collect()
}

/// A text of a form, cleaned; empty where the field was not sent.
pub(crate) fn text_of(sent: &BTreeMap<String, String>, name: &str) -> String {
    sent.get(name).map(|text| base::names::clean(text)).unwrap_or_default()
}
