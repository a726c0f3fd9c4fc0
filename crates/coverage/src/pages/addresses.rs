//! What each address of the chapter asks of who comes. Pages ask again, and filter what is shown by area, unit and purpose.

use chapter::{Needs, Route};
use desk::Permission;

use super::{LIST, employers, find, rejects, rosters, schools, support, upload};

const FIGURES: Needs = Needs::May(Permission::ViewAggregates);
const PEOPLE: Needs = Needs::May(Permission::ListPeople);
const EXPORT: Needs = Needs::May(Permission::Export);
const LINKS: Needs = Needs::May(Permission::DecideLinks);
const WORK: Needs = Needs::May(Permission::WorkCases);
const LETTERS: Needs = Needs::May(Permission::PrepareDocuments);
const OFFICES: Needs = Needs::May(Permission::ViewEmployeeFindings);
const IDENTITY: Needs = Needs::May(Permission::RevealIdentity);
const URGENT: Needs = Needs::May(Permission::BreakGlass);
const TARGETS: Needs = Needs::May(Permission::SetTargets);
const FILES: Needs = Needs::May(Permission::TakeInRosters);
const ANSWERS: Needs = Needs::May(Permission::RecordSchoolAnswers);

/// The addresses of the chapter.
pub const ROUTES: &[Route] = &[
    Route::get("/", FIGURES),
    Route::get("/xa-phuong", FIGURES),
    Route::get("/xa-phuong/{code}", FIGURES),
    Route::get("/xa-phuong/{code}/het-dau-hieu", PEOPLE),
    Route::get("/xa-phuong/{code}/ban-tin", FIGURES),
    Route::get("/chi-tieu/{id}", FIGURES),
    Route::get("/chi-tieu/{id}/xa-phuong.csv", FIGURES),
    Route::get("/chi-tieu/{id}/{part}", PEOPLE),
    Route::get("/chi-tieu-giao", FIGURES),
    Route::post("/chi-tieu-giao/{year}/van-ban", LETTERS),
    Route::get("/chi-tieu-giao/{year}/{id}", FIGURES).and_post(TARGETS),
    Route::get("/chi-tieu-giao/{year}/{id}/{area}", FIGURES).and_post(TARGETS),
    Route::get("/lan-chay", FIGURES),
    Route::get("/lan-chay/{run}", FIGURES),
    Route::get("/quy-tac", FIGURES),
    Route::get("/quy-tac/{rule}", FIGURES),
    Route::get("/huong-dan", Needs::SignedIn),
    Route::get("/huong-dan/{page}", Needs::SignedIn),
    Route::get(LIST, PEOPLE).and_post(PEOPLE),
    Route::get("/nguoi-chua-tham-gia/in", EXPORT),
    Route::get("/nguoi-chua-tham-gia.xlsx", EXPORT).and_post(EXPORT),
    Route::get("/nguoi-chua-tham-gia.csv", EXPORT),
    Route::post("/nguoi-chua-tham-gia/nhan-viec", WORK),
    Route::get("/nguoi/{person}", PEOPLE),
    Route::post("/nguoi/{person}/thu/{rule}", LETTERS),
    Route::post("/nguoi/{person}/nhan-viec", WORK),
    Route::post("/nguoi/{person}/khong-cung-nguoi", LINKS),
    Route::post("/nguoi/{person}/hoan-lai", LINKS),
    Route::get(find::FIND, IDENTITY).and_post(IDENTITY),
    Route::post(find::URGENT, URGENT),
    Route::post("/tim-nguoi/khan-cap/thoi", URGENT),
    Route::get("/so-nguoi", PEOPLE),
    Route::get("/ra-soat-ghep-noi", LINKS),
    Route::get("/ra-soat-ghep-noi/{rank}", LINKS).and_post(LINKS),
    Route::get(employers::EMPLOYERS, OFFICES).and_post(OFFICES),
    Route::get("/don-vi.xlsx", OFFICES),
    Route::get("/don-vi.csv", OFFICES),
    Route::get("/don-vi/can-xem", OFFICES),
    Route::get("/don-vi/{employer}", OFFICES),
    Route::post("/don-vi/{employer}/thu/{rule}", OFFICES),
    Route::get("/don-vi/{employer}/nguoi", OFFICES),
    Route::post("/don-vi/{employer}/nhan-viec", OFFICES),
    Route::get(schools::SCHOOLS, PEOPLE).and_post(PEOPLE),
    Route::get("/truong-hoc/{school}", PEOPLE),
    Route::get("/truong-hoc/{school}/{class}", PEOPLE),
    Route::get("/truong-hoc/{school}/{class}/danh-sach.xlsx", EXPORT),
    Route::post("/truong-hoc/{school}/{class}/nhan", ANSWERS),
    Route::get(support::HOME, PEOPLE),
    Route::get(support::PEOPLE, PEOPLE),
    Route::get("/ho-tro/nguoi.xlsx", EXPORT),
    Route::get("/ho-tro/nguoi.csv", EXPORT),
    Route::get(support::SHEET, PEOPLE),
    Route::get("/ho-tro/kinh-phi.xlsx", EXPORT),
    Route::get("/ho-tro/kinh-phi.csv", EXPORT),
    Route::get(rosters::DATA, PEOPLE),
    Route::get("/du-lieu/{batch}", PEOPLE),
    Route::get("/du-lieu/{batch}/tra-lai.csv", EXPORT),
    Route::get("/du-lieu/{batch}/tra-lai.xlsx", EXPORT),
    Route::get(rejects::REJECTS, PEOPLE),
    Route::get("/du-lieu/tra-lai.csv", EXPORT),
    Route::get("/du-lieu/tra-lai.xlsx", EXPORT),
    Route::get(upload::SEND, FILES).and_post(FILES),
    Route::get("/du-lieu/gui/{arrival}", FILES),
    Route::post("/du-lieu/gui/{arrival}/thay", FILES),
    Route::post("/du-lieu/gui/{arrival}/thu-lai", FILES),
    Route::post("/du-lieu/gui/{arrival}/bo", FILES),
    Route::get("/du-lieu/gui/{arrival}/ghep-cot", FILES).and_post(FILES),
];
