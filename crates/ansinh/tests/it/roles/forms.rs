//! Whole forms, with the token of their session, number and version as they must be, from somebody of another commune, office or hospital:
//! refused, and no row of the store is another than before.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{CLAIM_FORMS, FORMS, Form, Right, WITHOUT, Who};
use super::{Roles, Things, filled, routes};
use crate::accounts::{Browser, PASSWORD, encoded, value_of};
use crate::server::{Answer, Portal, links};
use crate::support::{good, text};

const CITY: &str = "vai-tro=u-city";
/// What is written whatever becomes of a form: the log with whom it is about, sessions, and the sums of cases, which are folded now and then.
const WRITTEN_ANYWAY: [&str; 6] = ["audit_counter", "audit_event", "audit_seal", "case_count", "session", "subject_key"];

/// Each table of the store with the hash of its rows.
fn rows(portal: &Portal) -> BTreeMap<String, String> {
    let said = good(&["desk", "check", "--data", text(portal.data.path())]);
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let tables = said["check"]["tables"].as_array().unwrap().iter();
    let tables = tables.map(|table| (word(&table["table"]), word(&table["hash"])));
    tables.filter(|(table, _)| !WRITTEN_ANYWAY.contains(&table.as_str())).collect()
}

/// Sends a form as its page would.
fn send(browser: &mut Browser, things: &Things, form: &Form, number: usize) -> Answer {
    let path = filled(things, form.path);
    let body = filled(things, &form.body.replace("{form}", &format!("whole-{number:04}")));
    match form.file {
        None => browser.send(&path, &body),
        Some(file) => {
            let fields: Vec<(&str, &str)> = body.split('&').filter_map(|field| field.split_once('=')).collect();
            browser.send_file(&path, &fields, ("tep", file))
        }
    }
}

/// Every form by who may not send it: refused as if the thing were not there or not theirs, and no table changed.
fn refused(portal: &Portal, things: &Things, browsers: &mut BTreeMap<Who, Browser>, forms: &[Form]) {
    let before = rows(portal);
    assert!(before.len() > 50, "{} tables", before.len());
    for (number, form) in forms.iter().enumerate() {
        let browser = browsers.get_mut(&form.by).unwrap_or_else(|| panic!("nobody is {:?}", form.by));
        let answer = send(browser, things, form, number);
        let what = format!("POST {} as {:?} with `{}`", form.path, form.by, form.body);
        assert!(matches!(answer.status, 403 | 404), "{what}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("Biểu mẫu đã cũ"), "{what}: refused for its token, which is right");
        let after = rows(portal).into_iter();
        let changed: Vec<String> =
            after.filter(|(table, hash)| before.get(table) != Some(hash)).map(|(table, _)| table).collect();
        assert!(changed.is_empty(), "{what}: changed {changed:?}");
    }
}

/// What stands before a mark is left out, what stands up to the next quotation mark is given.
fn behind(page: &str, mark: &str) -> String {
    let rest = page.split(mark).nth(1).unwrap_or_else(|| panic!("no `{mark}`"));
    rest.split(['"', '/']).next().unwrap_or_default().to_owned()
}

/// The first choice of a select.
fn choice(page: &str, id: &str) -> String {
    let select = page.split("<select").find(|part| part.contains(&format!("id=\"{id}\""))).unwrap_or_else(|| panic!("no `{id}`"));
    behind(select, "<option value=\"")
}

/// What the walk has, and a second case linked to the first, a complaint and a card, a pair, a class and an employer that are nothing of
/// the other commune.
fn things(portal: &Portal) -> Things {
    let mut things = super::things(portal);
    let city = |path: &str| portal.get_as(path, CITY).page();
    let post = |path: &str, body: &str| {
        let answer = portal.post(path, &[("Cookie", CITY)], body);
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        answer.header("location").to_owned()
    };
    let other = format!("vai-tro=u-xa-{}", things.roles.other);
    let own = format!("vai-tro=u-xa-{}", things.roles.own);
    let closed = |path: &String| portal.get_as(path, &other).status == 404;
    let hrefs = |page: &str, beginning: &str| -> BTreeSet<String> {
        let all = links(page).into_iter().filter_map(|link| link.href.strip_prefix(beginning).map(str::to_owned));
        all.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    };

    let list = portal.get_as("/nguoi-chua-tham-gia", &own).page();
    let mut others = hrefs(&list, "/nguoi/");
    others.remove(&things.values["person"]);
    let second = others.into_iter().find_map(|person| {
        let to = format!("/nguoi/{person}/nhan-viec");
        let page = city(&format!("/nguoi/{person}"));
        let form = page.split(&format!("action=\"{to}\"")).nth(1)?;
        Some(post(&to, &format!("so={}&ly-do={}", value_of(form, "so")?, value_of(form, "ly-do")?)))
    });
    let second = second.expect("somebody else of the commune's list");
    let second = second.trim_start_matches("/viec/").split(['?', '#']).next().unwrap_or_default().to_owned();
    let case = format!("/viec/{}", things.values["case"]);
    post(&format!("{case}/lien-ket"), &format!("so=form-link-1&lien-quan=duplicate&ho-so-kia={second}"));
    let link = behind(&city(&case), &format!("action=\"{case}/lien-ket/"));

    let collector = format!("/nhan-vien-thu/{}", things.values["collector"]);
    let words = "loai=money&loi-phan-anh=Khong+co+bien+lai&ngay-nhan=01/11/2026&han=30/11/2027";
    post(&format!("{collector}/phan-anh"), &format!("so=form-told-1&{words}"));
    let page = city(&collector);
    let (card, complaint) = (choice(&page, "the"), choice(&page, "phan-anh-nao"));

    let pairs = hrefs(&city("/ra-soat-ghep-noi"), "/ra-soat-ghep-noi/");
    let rank = pairs.into_iter().find(|rank| closed(&format!("/ra-soat-ghep-noi/{rank}"))).expect("a pair of elsewhere");
    let page = city(&format!("/ra-soat-ghep-noi/{rank}"));
    let pair = ["own", "candidate"].map(|name| encoded(&value_of(&page, name).unwrap()));

    let schools = hrefs(&city("/truong-hoc"), "/truong-hoc/");
    let school = schools.into_iter().find(|school| closed(&format!("/truong-hoc/{school}"))).expect("a school of elsewhere");
    let classes = hrefs(&city(&format!("/truong-hoc/{school}")), &format!("/truong-hoc/{school}/"));
    let class = classes.into_iter().next().expect("a class");

    let [left, right] = pair;
    let more = [
        ("second", second),
        ("link", link),
        ("card", card),
        ("complaint", complaint),
        ("rank", rank),
        ("pair-own", left),
        ("pair-candidate", right),
        ("school", school),
        ("class", class),
        ("other", things.roles.other.clone()),
    ];
    things.values.extend(more);
    things
}

/// Somebody delegates to a colleague of the same unit; the number of it.
fn delegated(portal: &Portal, commune: &str) -> String {
    let mut away = Browser::of_user(portal, "u-vang", "commune_staff", commune);
    let data = text(portal.data.path()).to_owned();
    let given = ["users", "add", "--id", "u-thay", "--label", "Người làm thay", "--role", "commune_staff", "--unit", "dv-u-vang"];
    good(&[&given[..], &["--login", "u-thay", "--data", &data]].concat());
    let number = value_of(&away.get("/tai-khoan").page(), "so").unwrap();
    let fields = format!("cho=u-thay&tu=01%2F01%2F2020&den=31%2F12%2F2099&ly-do=ngh%E1%BB%89&so={number}");
    assert_eq!(away.send("/tai-khoan/uy-quyen", &fields).status, 303);
    behind(&away.get("/tai-khoan").page(), "action=\"/tai-khoan/uy-quyen/")
}

#[test]
fn a_whole_form_about_something_of_others_is_refused_and_changes_no_row() {
    let before = Portal::open();
    let mut things = things(&before);
    let portal = before.with_accounts();
    let (own, other) = (things.roles.own.clone(), things.roles.other.clone());
    things.values.insert("delegation", delegated(&portal, &own));
    let mut browsers = BTreeMap::from([
        (Who::Commune, Browser::of_user(&portal, "u-xa-khac", "commune_staff", &other)),
        (Who::Office, Browser::of_user(&portal, "u-co-so-khac", "base_officer", &other)),
    ]);
    let mut right = BTreeMap::from([
        (Right::Own, Browser::of_user(&portal, "u-xa-nay", "commune_staff", &own)),
        (Right::City, Browser::of_user(&portal, "u-thanh-pho", "city_officer", "city")),
    ]);
    refused(&portal, &things, &mut browsers, FORMS);
    // The same words from those who may send them do something: they were whole.
    for (number, form) in FORMS.iter().enumerate() {
        let Some(who) = form.right else { continue };
        let answer = send(right.get_mut(&who).unwrap(), &things, form, 1000 + number);
        assert_eq!(answer.status, 303, "POST {} as {who:?} with `{}`: {}", form.path, form.body, answer.text());
    }
    assert!(FORMS.iter().filter(|form| form.right.is_some()).count() >= 9);
}

/// Staff of a hospital by its code.
fn of_hospital<'a>(portal: &'a Portal, id: &str, code: &str) -> Browser<'a> {
    let (unit, data) = (format!("kcb-{code}"), text(portal.data.path()).to_owned());
    let given = ["users", "add", "--id", id, "--label", "Cán bộ bệnh viện khác", "--role", "facility_staff", "--unit", &unit];
    let more = ["--unit-name", "Bệnh viện khác", "--login", id, "--data", &data];
    let made = good(&[&given[..], &more[..]].concat());
    let mut browser = Browser::new(portal);
    browser.sign_in(id, made["code"]["code"].as_str().unwrap(), "");
    let password = encoded(PASSWORD);
    assert_eq!(browser.send("/mat-khau", &format!("moi={password}&lai={password}")).status, 303);
    browser
}

#[test]
fn a_review_is_no_matter_of_another_area_or_another_hospital() {
    let before = Portal::open_copy(crate::claims::audited());
    let visit = crate::claims_pages::open_case(&before);
    let sheet = format!("/giam-dinh/ho-so/{visit}");
    let review = behind(&before.get_as(&sheet, CITY).page(), "action=\"/giam-dinh/vu-viec/");
    let communes: Vec<String> =
        before.roles("u-xa-").iter().take(2).map(|role| role.trim_start_matches("u-xa-").to_owned()).collect();
    let portal = before.with_accounts();
    // The hospital lies in one commune: of two, one is another.
    let offices = communes.iter().zip(["u-co-so-mot", "u-co-so-hai"]);
    let mut offices = offices.map(|(commune, id)| Browser::of_user(&portal, id, "base_officer", commune));
    let office =
        offices.find_map(|mut office| (office.get(&sheet).status == 404).then_some(office)).expect("an office elsewhere");
    let values = [("visit", visit), ("review", review), ("letter", "phat-hien".to_owned())];
    let roles = Roles { own: communes[0].clone(), other: communes[1].clone() };
    let things = Things { roles, values: BTreeMap::from(values) };
    let hospital = of_hospital(&portal, "u-bv-khac", "01013");
    let mut browsers = BTreeMap::from([(Who::Office, office), (Who::Hospital, hospital)]);
    refused(&portal, &things, &mut browsers, CLAIM_FORMS);
}

/// A new address with a thing in it fails here until it has a whole form, or a reason with a test of its own.
#[test]
fn every_address_that_changes_a_thing_has_a_whole_form_or_says_why_not() {
    let tried: BTreeSet<&str> = FORMS.iter().chain(CLAIM_FORMS).map(|form| form.path).collect();
    let told: BTreeSet<&str> = WITHOUT.iter().map(|(path, ..)| *path).collect();
    let all: BTreeSet<String> = routes().into_iter().filter(|(_, _, write)| write.is_some()).map(|(path, ..)| path).collect();
    for path in all.iter().filter(|path| path.contains('{')) {
        let (tried, told) = (tried.contains(path.as_str()), told.contains(path.as_str()));
        assert!(tried != told, "POST {path}: a form in FORMS or a reason in WITHOUT, and not both ({tried}, {told})");
    }
    for path in tried.union(&told) {
        assert!(all.contains(*path), "there is no POST {path} any more");
    }
    for (path, why, test) in WITHOUT {
        assert!(why.len() > 10, "{path}: no reason");
        crate::handbook::test_exists(test).unwrap_or_else(|wrong| panic!("{path}: {wrong}"));
    }
}
