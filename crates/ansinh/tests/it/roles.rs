//! Every address with every role: who may not come in, does not; who may, sees nothing that is not theirs.

mod forms;
mod table;

use std::collections::BTreeMap;

use crate::accounts::Browser;
use crate::server::{Answer, Portal, demo, links};
use crate::support::{good, text};

/// The roles of the picker, each kind once; of communes the one whose rows are tried, and another.
struct Roles {
    own: String,
    other: String,
}

impl Roles {
    fn all(&self) -> Vec<String> {
        let fixed = [
            "u-city",
            "u-co-so",
            "u-quan-tri",
            "u-bao-ve-du-lieu",
            "u-giam-sat",
            "u-phoi-hop",
            "u-nhan-vien-thu",
            "u-co-so-y-te",
            "u-truong",
            "u-don-vi",
        ];
        let communes = [format!("u-xa-{}", self.own), format!("u-xa-{}", self.other)];
        fixed.iter().map(|role| (*role).to_owned()).chain(communes).collect()
    }
}

/// What stands for the names in curly brackets: things that are there.
pub struct Things {
    roles: Roles,
    values: BTreeMap<&'static str, String>,
}

fn after(page: &str, beginning: &str) -> Option<String> {
    let found = links(page).into_iter().filter_map(|link| link.href.strip_prefix(beginning).map(str::to_owned));
    found.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()).find(|part| {
        // Pages that stand where a name could.
        !part.is_empty() && !["can-xem", "tra-lai", "gui", "hang-loat", "moi", "thiet-lap", "goi"].contains(&part.as_str())
    })
}

pub fn things(portal: &Portal) -> Things {
    let city = |path: &str| portal.get_as(path, "vai-tro=u-city").page();
    let ask = |path: &str, beginning: &str| after(&city(path), beginning).unwrap_or_else(|| panic!("no `{beginning}` on {path}"));
    let own = portal.roles("u-xa-").iter().map(|role| role.trim_start_matches("u-xa-").to_owned()).find(|code| {
        // A commune with people on its list, whose own staff may open them and whom no rule made a case of by itself.
        let page = portal.get_as("/nguoi-chua-tham-gia?ly-do=household-card-lapsed", &format!("vai-tro=u-xa-{code}")).page();
        after(&page, "/nguoi/").is_some()
    });
    let own = own.unwrap();
    let other =
        portal.roles("u-xa-").iter().rev().map(|role| role.trim_start_matches("u-xa-").to_owned()).find(|c| *c != own).unwrap();
    let list = portal.get_as("/nguoi-chua-tham-gia?ly-do=household-card-lapsed", &format!("vai-tro=u-xa-{own}")).page();
    let person = after(&list, "/nguoi/").unwrap();
    let rule = after(&city(&format!("/nguoi/{person}")), "/quy-tac/").unwrap();
    let school = ask("/truong-hoc", "/truong-hoc/");
    let class = ask(&format!("/truong-hoc/{school}"), &format!("/truong-hoc/{school}/"));
    // A case of that person, taken by the city.
    let form = city(&format!("/nguoi/{person}"));
    let fields = ["so", "ly-do"].map(|name| format!("{name}={}", crate::accounts::value_of(&form, name).unwrap())).join("&");
    let taken = portal.post(&format!("/nguoi/{person}/nhan-viec"), &[("Cookie", "vai-tro=u-city")], &fields);
    assert_eq!(taken.status, 303, "{}", taken.text());
    let case = taken.header("location").trim_start_matches("/viec/").split(['?', '#']).next().unwrap_or_default().to_owned();
    // A letter to somebody of that commune, drafted by the city.
    let people = links(&list).into_iter().map(|link| link.href).filter(|href| href.starts_with("/nguoi/"));
    let button = people
        .map(|person| crate::letters::actions(&city(&person)))
        .find_map(|actions| actions.into_iter().find(|to| to.contains("/thu/")));
    let document = crate::letters::draft(portal, &button.expect("somebody with a letter"), "vai-tro=u-city").unwrap();
    let collector = collector(portal, &own, "BD-ROLES");
    // A report of a task of the plan that the city leads.
    let owed = city("/ke-hoach/viec-cua-don-vi");
    let fields = ["nhiem-vu", "han", "so"];
    let fields = fields.map(|name| format!("{name}={}", crate::accounts::value_of(&owed, name).unwrap())).join("&");
    let begun = portal.post("/ke-hoach/bao-cao", &[("Cookie", "vai-tro=u-city")], &fields);
    assert_eq!(begun.status, 303, "{}", begun.text());
    let report = begun.header("location").trim_start_matches("/ke-hoach/bao-cao/").to_owned();
    let last = |href: String| href.rsplit('/').next().unwrap_or_default().to_owned();
    let body = crate::plan_pages::committee(portal, "u-city", "");
    let (meeting, conclusion) = crate::plan_pages::meeting(portal, "u-city", &body, "bhxh-hn", "20/12/2026");
    let values = BTreeMap::from([
        ("committee", last(body)),
        ("meeting", last(meeting)),
        ("conclusion", last(conclusion)),
        ("campaign", last(crate::surveys::campaign(portal))),
        ("fund", last(crate::donors::fund(portal, "Quỹ thử"))),
        ("choice", "khong-co".to_owned()),
        ("task", "2a".to_owned()),
        ("term", "2026-12-31".to_owned()),
        ("duty", "tourism-guides".to_owned()),
        ("lead", "so-y-te".to_owned()),
        ("report", report),
        ("evidence", "khong-co".to_owned()),
        ("organisation", "to-chuc-thu".to_owned()),
        ("collector", collector),
        ("list", "khong-co".to_owned()),
        ("link", "khong-co".to_owned()),
        ("document", document.trim_start_matches("/van-ban/").to_owned()),
        ("package", "khong-co".to_owned()),
        ("person", person),
        ("rule", rule),
        ("code", own.clone()),
        ("id", "I1".to_owned()),
        ("part", "tu-so".to_owned()),
        ("year", "2026".to_owned()),
        ("area", own.clone()),
        ("run", ask("/lan-chay", "/lan-chay/")),
        ("page", ask("/huong-dan", "/huong-dan/")),
        ("rank", "1".to_owned()),
        ("employer", ask("/don-vi", "/don-vi/")),
        ("school", school),
        ("class", class),
        ("batch", ask("/du-lieu", "/du-lieu/")),
        ("arrival", "khong-co".to_owned()),
        ("key", ask("/luat", "/luat/")),
        ("name", ask("/tinh", "/tinh/")),
        ("case", case),
        ("number", "khong-co".to_owned()),
        ("file", "khong-co".to_owned()),
        ("user", "u-city".to_owned()),
        ("unit", "bhxh-hn".to_owned()),
        ("token", "khong-co".to_owned()),
        ("delegation", "khong-co".to_owned()),
        ("agreement", "khong-co".to_owned()),
        ("request", "khong-co".to_owned()),
        ("restriction", "khong-co".to_owned()),
        ("breach", "khong-co".to_owned()),
        ("ending", "md".to_owned()),
        ("glass", "khong-co".to_owned()),
        ("opening", "khong-co".to_owned()),
        // The demo has no claims: a visit, a case, a sample and a check that are not there look the same to everybody who may ask.
        ("visit", "1".to_owned()),
        ("review", "khong-co".to_owned()),
        ("sample", "khong-co".to_owned()),
        ("check", "khong-co".to_owned()),
        ("facility", "01001".to_owned()),
        ("letter", "phat-hien".to_owned()),
    ]);
    Things { roles: Roles { own, other }, values }
}

/// A collector of the sample organisation with a card for a commune, written down by the city; its id.
pub fn collector(portal: &Portal, commune: &str, point: &str) -> String {
    let at = "/to-chuc-thu/to-chuc-thu/nhan-vien-moi";
    let form = portal.get_as(at, "vai-tro=u-city").page();
    let number = crate::accounts::value_of(&form, "so").unwrap();
    let fields = format!(
        "so={number}&ho-ten=Nguyen+Thi+Thu&diem-thu={point}&ma=NV01&so-the={point}-1&dia-ban={commune}&tu-ngay=01/01/2026&den-ngay=31/12/2027"
    );
    let made = portal.post(at, &[("Cookie", "vai-tro=u-city")], &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").trim_start_matches("/nhan-vien-thu/").to_owned()
}

/// The path with things in it.
pub fn filled(things: &Things, path: &str) -> String {
    let mut out = path.to_owned();
    // A name of an asset is not that of a calculator.
    let values = things.values.iter().map(|(name, value)| (*name, value.as_str()));
    if path.starts_with("/assets/") {
        return path.replace("{name}", "khong-co.css");
    }
    for (name, value) in values {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    assert!(!out.contains('{'), "nothing stands for a name in {path}");
    out
}

/// Routes as the program lists them: path, what reading asks, what writing asks.
pub fn routes() -> Vec<(String, Option<String>, Option<String>)> {
    let listed = good(&["users", "routes", "--data", text(demo())]);
    let word = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let routes = listed["routes"].as_array().unwrap().iter();
    routes.map(|route| (word(&route["path"]).unwrap(), word(&route["read"]), word(&route["write"]))).collect()
}

fn ask(portal: &Portal, method: &str, path: &str, role: &str) -> Answer {
    let cookie = format!("vai-tro={role}");
    if method == "GET" { portal.get_as(path, &cookie) } else { portal.post(path, &[("Cookie", &cookie)], "") }
}

#[test]
fn every_role_at_every_address() {
    let portal = Portal::open();
    let things = things(&portal);
    let roles = things.roles.all();
    let mut table = String::new();
    for (path, read, write) in routes() {
        for (method, needs) in [("GET", read), ("POST", write)] {
            let Some(needs) = needs else { continue };
            let at = filled(&things, &path);
            let mut line: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for role in &roles {
                let answer = ask(&portal, method, &at, role);
                assert_ne!(answer.status, 500, "{method} {path} as {role}: {}", answer.text());
                let name = role.trim_start_matches("u-");
                let name = if *name == format!("xa-{}", things.roles.own) {
                    "own commune"
                } else if name.starts_with("xa-") {
                    "other commune"
                } else {
                    name
                };
                line.entry(answer.status.to_string()).or_default().push(name);
            }
            let told =
                line.iter().map(|(status, names)| format!("  {status} {}", names.join(", "))).collect::<Vec<_>>().join("\n");
            table.push_str(&format!("{method} {path} ({needs})\n{told}\n"));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_person_or_case_of_another_commune_looks_like_one_that_does_not_exist() {
    let portal = Portal::open();
    let things = things(&portal);
    let other = format!("u-xa-{}", things.roles.other);
    let own = format!("u-xa-{}", things.roles.own);
    assert_eq!(ask(&portal, "GET", &filled(&things, "/nguoi/{person}"), &own).status, 200);
    let mut walked = 0;
    for (path, read, write) in routes() {
        let Some(name) = ["{person}", "{case}", "{document}"].into_iter().find(|name| path.contains(name)) else { continue };
        for (method, _) in [("GET", read), ("POST", write)].into_iter().filter(|(_, needs)| needs.is_some()) {
            let nobody = if name == "{person}" { "999999999" } else { "0192f0c1-0000-7000-8000-000000000000" };
            let there = ask(&portal, method, &filled(&things, &path), &other);
            let not_there = ask(&portal, method, &filled(&things, &path.replace(name, nobody)), &other);
            assert_eq!(there.status, not_there.status, "{method} {path}");
            assert!(there.status >= 400, "{method} {path}: {}", there.status);
            walked += 1;
        }
    }
    assert!(walked > 8, "{walked}");
}

#[test]
fn whole_forms_about_rows_of_another_commune_change_nothing() {
    let portal = Portal::open();
    let things = things(&portal);
    let (own, other) = (format!("u-xa-{}", things.roles.own), format!("u-xa-{}", things.roles.other));
    let send = |path: &str, role: &str, body: &str| {
        portal.post(&filled(&things, path), &[("Cookie", &format!("vai-tro={role}"))], body).status
    };
    let rule = &things.values["rule"];
    let forms = [
        ("/viec/{case}/y-kien", "so=nthu-0001&y-kien=da+goi".to_owned()),
        ("/viec/{case}/doi", "viec=tra-lai&phien-ban=1&so=nthu-0002&ly-do-tra=nham".to_owned()),
        ("/nguoi/{person}/nhan-viec", format!("so=nthu-0003&ly-do={rule}")),
    ];
    for (path, body) in &forms {
        assert_eq!(send(path, &other, body), 404, "{path}");
    }
    // The same words from those whose rows they are do something.
    assert_eq!(send(forms[0].0, &own, &forms[0].1), 303);
    assert_eq!(send(forms[1].0, "u-city", &forms[1].1), 303);
}

#[test]
fn who_is_not_signed_in_comes_to_the_page_of_signing_in_and_nowhere_else() {
    let (portal, _) = Portal::open_for_accounts();
    let things = things(&Portal::open());
    for (path, read, write) in routes() {
        let at = filled(&things, &path);
        if let Some(needs) = read {
            let answer = portal.get(&at);
            match needs.as_str() {
                "nothing" => assert_ne!(answer.status, 401, "{path}"),
                needs if needs.starts_with("token:") => assert_eq!(answer.status, 401, "{path}"),
                _ => {
                    assert_eq!(answer.status, 303, "GET {path}");
                    assert!(answer.header("location").starts_with("/dang-nhap"), "GET {path}");
                    assert!(answer.body.is_empty(), "GET {path}");
                }
            }
        }
        if let Some(needs) = write.filter(|needs| needs != "nothing") {
            assert_eq!(portal.post(&at, &[], "").status, 401, "POST {path} ({needs})");
        }
    }
    // The page itself shows neither menu nor search.
    let page = portal.get("/dang-nhap").page();
    assert!(!page.contains("role=\"search\"") && !page.contains("class=\"menu\""), "{page}");
    assert_eq!(portal.get("/khong-co-trang-nay").status, 303);
}

#[test]
fn a_session_and_a_picked_role_open_the_same_doors() {
    let (portal, _) = Portal::open_for_accounts();
    let mut collector = Browser::of_user(&portal, "u-thu", "collector", "");
    assert_eq!(collector.get("/").header("location"), "/tai-khoan");
    for path in ["/nguoi-chua-tham-gia", "/viec", "/don-vi", "/du-lieu", "/nguoi-dung", "/xa-phuong"] {
        assert_eq!(collector.get(path).status, 403, "{path}");
    }
    collector.get("/tinh").page();
    collector.get("/nhat-ky").page();
}
