//! Every number is a door: what a figure says is what the list behind it holds; targets; pages of the plan's indicators.

use std::collections::{BTreeMap, BTreeSet};

use crate::server::{PageLink, Portal, first_number, links, sentence, words};

const LIST: &str = "/nguoi-chua-tham-gia";
const INDICATORS: [&str; 5] = ["I1", "I2", "I3", "I4", "I5"];

/// The pages of the plan that a role can open, found as a reader would: from page to page.
fn pages_of(portal: &Portal, cookie: &str) -> Vec<String> {
    let mut pages: Vec<String> =
        ["/", "/?do=ty-le", "/?do=so-nguoi", "/?chi-tieu=I2", "/?ca-bang=1", "/xa-phuong", "/chi-tieu-giao"]
            .map(str::to_owned)
            .into();
    let communes = links(&portal.get_as("/xa-phuong", cookie).page());
    let communes: BTreeSet<String> = communes.into_iter().map(|l| l.href).filter(|h| h.starts_with("/xa-phuong/")).collect();
    assert!(!communes.is_empty());
    pages.extend(communes.into_iter().step_by(40));
    pages.extend(INDICATORS.map(|id| format!("/chi-tieu/{id}")));
    pages.push("/chi-tieu-giao/2026/I1".into());
    pages
}

/// Figures of a page that count people of a list, in Vietnamese: whole numbers only, shares have a comma.
fn figures(page: &str) -> Vec<PageLink> {
    let counts = |l: &PageLink| {
        let opens = l.href.starts_with(LIST)
            || l.href.contains("/het-dau-hieu")
            || l.href.split('?').next().is_some_and(|path| path.matches('/').count() == 3 && path.starts_with("/chi-tieu/"));
        opens
            && l.class.split(' ').any(|c| c == "num")
            && l.text.starts_with(|c: char| c.is_ascii_digit())
            && !l.text.contains(',')
    };
    links(page).into_iter().filter(counts).collect()
}

/// How many rows a list says to hold: numbers without rows (cards of the armed forces) are said first, the rows after them.
fn rows_said(said: &str) -> Option<i64> {
    match said.split_once(": ") {
        Some((_, rest)) if rest.contains("người có danh sách") => first_number(rest),
        _ => first_number(said),
    }
}

fn disagreeing(portal: &Portal, cookie: &str, pages: &[String]) -> (usize, Vec<String>) {
    let mut known: BTreeMap<String, [Option<i64>; 2]> = BTreeMap::new();
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in pages {
        let page = portal.get_as(path, cookie).page();
        for figure in figures(&page) {
            seen += 1;
            let count = *known.entry(figure.href.clone()).or_insert_with(|| {
                let answer = portal.get_as(&figure.href, cookie);
                let said = if answer.status == 200 { sentence(&answer.text()) } else { String::new() };
                [first_number(&said), rows_said(&said)]
            });
            if !count.contains(&first_number(&figure.text)) {
                wrong.push(format!("{path}: {} opens {} with {count:?}", figure.text, figure.href));
            }
        }
    }
    (seen, wrong)
}

#[test]
fn every_number_is_a_door_to_as_many_rows() {
    let portal = Portal::open();
    let (seen, wrong) = disagreeing(&portal, "", &pages_of(&portal, ""));
    assert!(seen > 400, "only {seen} figures open a list");
    assert!(wrong.is_empty(), "{} of {seen} figures disagree:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn numbers_of_a_commune_are_doors_too() {
    let portal = Portal::open();
    for user in portal.roles("u-xa-").into_iter().step_by(50) {
        let cookie = format!("vai-tro={user}");
        let (seen, wrong) = disagreeing(&portal, &cookie, &pages_of(&portal, &cookie));
        assert!(seen > 5, "{user}: only {seen} figures");
        assert!(wrong.is_empty(), "{user}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn all_links_of_these_pages_lead_somewhere() {
    let portal = Portal::open();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for path in
        pages_of(&portal, "").iter().chain(&["/lan-chay".to_owned(), "/huong-dan".to_owned(), "/huong-dan/ly-do".to_owned()])
    {
        for link in links(&portal.get(path).page()) {
            let href = link.href.split('#').next().unwrap_or_default().to_owned();
            if href.starts_with('/')
                && !href.starts_with("/ngon-ngu")
                && !href.starts_with("/giao-dien")
                && seen.insert(href.clone())
            {
                let answer = portal.get(&href);
                if answer.status != 200 {
                    wrong.push(format!("{path}: {} leads to {href}: {}", link.text, answer.status));
                }
            }
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rows_behind_a_number_are_paged_once_each() {
    let portal = Portal::open();
    let commune = links(&portal.get("/chi-tieu/I1").page())
        .into_iter()
        .find(|l| l.href.starts_with("/chi-tieu/I1/tu-so?xa=") && first_number(&l.text).is_some_and(|n| n > 120))
        .unwrap();
    let mut path = commune.href.clone();
    let mut people = Vec::new();
    loop {
        let page = portal.get(&path).page();
        people.extend(links(&page).into_iter().map(|l| l.href).filter(|h| h.starts_with("/nguoi/")));
        let next = page.split("<a ").find(|a| a.contains("rel=\"next\"")).map(|a| links(&format!("<a {a}")).remove(0).href);
        match next {
            Some(next) => path = next,
            None => break,
        }
        assert!(people.len() < 100_000, "paging does not end");
    }
    let said = sentence(&portal.get(&commune.href).page());
    let distinct: BTreeSet<&String> = people.iter().collect();
    assert_eq!(distinct.len(), people.len(), "somebody is listed twice");
    assert_eq!(Some(people.len() as i64), rows_said(&said), "{said}");
}

#[test]
fn rows_of_another_commune_stay_closed() {
    let portal = Portal::open();
    let users = portal.roles("u-xa-");
    let (own, other) = (users[0].trim_start_matches("u-xa-"), users[1].trim_start_matches("u-xa-"));
    let cookie = format!("vai-tro={}", users[0]);
    assert_eq!(portal.get_as(&format!("/xa-phuong/{own}"), &cookie).status, 200);
    for path in [
        format!("/xa-phuong/{other}"),
        format!("/xa-phuong/{other}/ban-tin"),
        format!("/chi-tieu/I1/tu-so?xa={other}"),
        format!("/chi-tieu-giao/2026/I1/{other}"),
    ] {
        assert_eq!(portal.get_as(&path, &cookie).status, 404, "{path}");
    }
    // Runs are about the whole city; who is employed and not insured is for insurance officers.
    assert_eq!(portal.get_as("/lan-chay", &cookie).status, 403);
    assert!(matches!(portal.get_as("/chi-tieu/I2/chua", &cookie).status, 403 | 404));
    let list = portal.get_as("/xa-phuong", &cookie).page();
    let communes: BTreeSet<String> = links(&list).into_iter().map(|l| l.href).filter(|h| h.starts_with("/xa-phuong/")).collect();
    assert_eq!(communes, BTreeSet::from([format!("/xa-phuong/{own}")]));
}

/// Residents of a village are the rows of the register's denominator, and villages add up to their commune.
#[test]
fn residents_of_villages_are_counted_and_listed_alike() {
    let portal = Portal::open();
    let users = portal.roles("u-xa-");
    let commune = users[0].trim_start_matches("u-xa-");
    let page = portal.get(&format!("/xa-phuong/{commune}")).page();
    let table = page.split("id=\"to-dan-pho\"").nth(1).unwrap().split("</table>").next().unwrap();
    let villages: Vec<PageLink> = links(table).into_iter().filter(|l| l.href.contains("&thon=")).collect();
    assert!(villages.len() > 1, "{table}");
    let mut sum = 0;
    for village in &villages {
        let said = sentence(&portal.get(&village.href).page());
        assert_eq!(first_number(&village.text), first_number(&said), "{}: {said}", village.href);
        sum += first_number(&said).unwrap();
    }
    let whole = sentence(&portal.get(&format!("/chi-tieu/I1/mau-so?xa={commune}")).page());
    assert_eq!(Some(sum), first_number(&whole), "{whole}");
    // A village of another name, and whatever else is typed, is no village of the commune.
    for typed in ["khong-co", "x' OR '1'='1", "%25"] {
        let typed: String = typed.bytes().map(|b| format!("%{b:02X}")).collect();
        assert_eq!(portal.get(&format!("/chi-tieu/I1/mau-so?xa={commune}&thon={typed}")).status, 404, "{typed}");
    }
}

/// The values of the hidden fields of the page's form.
fn hidden(page: &str, name: &str) -> String {
    let field =
        page.split("<input ").find(|i| i.contains(&format!("name=\"{name}\""))).unwrap_or_else(|| panic!("no field {name}"));
    field.split("value=\"").nth(1).and_then(|v| v.split('"').next()).unwrap_or_default().to_owned()
}

fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

#[test]
fn targets_are_assigned_changed_with_a_reason_and_kept() {
    let portal = Portal::open();
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    let at = "/chi-tieu-giao/2027/I1/thanh-pho";
    let page = portal.get(at).page();
    let (tx, version) = (hidden(&page, "client_tx"), hidden(&page, "version"));
    assert_eq!(version, "0");
    let fields = |tx: &str, version: &str, value: &str, reason: &str| {
        form(&[
            ("client_tx", tx),
            ("version", version),
            ("value", value),
            ("source", "UBND Thành phố"),
            ("document", ""),
            ("reason", reason),
        ])
    };
    // Sent from elsewhere, or with a wrong share, nothing is written and what was typed is not lost.
    assert_eq!(portal.post(at, &[("Sec-Fetch-Site", "cross-site")], &fields(&tx, "0", "96", "")).status, 403);
    let wrong = portal.post(at, own, &fields(&tx, "0", "196", "")).page();
    assert!(wrong.contains("value=\"196\"") && wrong.contains("field-error"), "{wrong}");
    let saved = portal.post(at, own, &fields(&tx, "0", "96,5", ""));
    assert_eq!((saved.status, saved.header("location")), (303, "/chi-tieu-giao/2027/I1/thanh-pho?da-ghi=1"));
    // Sent twice it is the same target.
    assert_eq!(portal.post(at, own, &fields(&tx, "0", "96,5", "")).status, 303);
    let page = portal.get(at).page();
    assert_eq!(hidden(&page, "version"), "1");
    assert!(page.contains("96,5%"), "the target stands in its history");
    // A change needs a reason, and the version that is still there.
    let tx = hidden(&page, "client_tx");
    assert!(portal.post(at, own, &fields(&tx, "1", "96,8", "")).page().contains("field-error"));
    let stale = portal.post(at, own, &fields(&tx, "0", "96,9", "Thành phố điều chỉnh")).page();
    assert!(stale.contains("field-error"), "a form opened before another's change is refused");
    assert_eq!(portal.post(at, own, &fields(&tx, "1", "96,8", "Thành phố điều chỉnh")).status, 303);
    let page = portal.get(at).page();
    assert!(page.contains("96,5%") && page.contains("96,8%") && page.contains("Thành phố điều chỉnh"), "both versions are kept");
    // Communes read, they do not write; what is followed is not assigned.
    let staff = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    let as_staff: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin"), ("Cookie", &staff)];
    assert_eq!(portal.post(at, as_staff, &fields("form-of-staff", "2", "50", "thử thay đổi")).status, 403);
    assert_eq!(portal.post("/chi-tieu-giao/2027/I5/thanh-pho", own, &fields("form-followed", "0", "60", "")).status, 404);
    for missing in ["/chi-tieu-giao/2031/I1", "/chi-tieu-giao/2027/I6", "/chi-tieu-giao/2027/I1/99999", "/chi-tieu-giao/khong/I1"]
    {
        assert_eq!(portal.get(missing).status, 404, "{missing}");
    }
}

#[test]
fn proposals_of_communes_add_up_to_the_city_and_can_be_assigned_at_once() {
    let portal = Portal::open();
    let at = "/chi-tieu-giao/2027/I1";
    let page = portal.get(at).page();
    let cells = |row: &str| -> Vec<String> {
        row.split("<t")
            .skip(1)
            .map(|cell| words(cell.split_once('>').unwrap().1.split("</t").next().unwrap()))
            .filter(|c| !c.is_empty())
            .collect()
    };
    let table = page.split("id=\"xa-phuong\"").nth(1).unwrap().split("</table>").next().unwrap();
    let body = table.split("<tbody").nth(1).unwrap().split("</tbody>").next().unwrap();
    let rows: Vec<Vec<String>> = body.split("<tr").skip(1).map(|row| cells(row.split_once('>').unwrap().1)).collect();
    assert_eq!(rows.len(), 126);
    let column = |at: usize| rows.iter().map(|row| first_number(&row[at]).unwrap()).sum::<i64>();
    let total = cells(table.split("<tfoot").nth(1).unwrap().split("<tr").nth(1).unwrap().split_once('>').unwrap().1);
    let unplaced = first_number(&total[0]).unwrap();
    // More people, people proposed: the sums of the column are the sums the page says.
    assert_eq!(Some(column(3)), first_number(&total[3]), "{total:?}");
    // Beside the gain stands what each collector would have to win, which has no sum.
    assert_eq!(Some(column(5)), first_number(&total[4]), "{total:?}");
    let city = page.split("Số của Thành phố").nth(1).unwrap();
    let said = |label: &str| first_number(&words(city.split(label).nth(1).unwrap().split("</dd>").next().unwrap())).unwrap();
    assert_eq!(column(5) + unplaced, said("Số người cần đạt"));
    assert_eq!(column(3), said("Cần tăng thêm"));
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    let all = form(&[("client_tx", &hidden(&page, "client_tx")), ("source", "UBND Thành phố"), ("document", "")]);
    let answer = portal.post(at, own, &all);
    assert_eq!(answer.header("location"), "/chi-tieu-giao/2027/I1?da-giao=126", "{answer:?}");
    let again = portal.post(at, own, &all);
    assert_eq!(again.header("location"), "/chi-tieu-giao/2027/I1?da-giao=0", "nothing is assigned twice");
    let list = portal.get("/chi-tieu-giao?nam=2027").page();
    assert!(list.contains("126/126"), "{list}");
}

#[test]
fn the_overview_has_nine_cards_and_every_view_of_the_map() {
    let portal = Portal::open();
    let home = portal.get("/").page();
    assert_eq!(home.matches("<article class=\"panel card\">").count(), 9);
    assert_eq!(home.matches("class=\"figure missing\"").count(), 4, "I6 to I9 have no figures");
    let today = home.split("<ol class=\"tasks\"").nth(1).unwrap().split("</ol>").next().unwrap();
    let items = today.matches("<li>").count();
    assert!((1..=6).contains(&items), "{items} things to do today");
    for path in ["/?chi-tieu=I2&do=ty-le", "/?chi-tieu=I3&do=so-nguoi", "/?do=so-nguoi&lop=1", "/?chi-tieu=I9&do=khac", "/?lop=9"]
    {
        let page = portal.get(path).page();
        assert_eq!(page.matches("<a class=\"t m").count(), 126, "{path}");
        assert!(page.contains("id=\"xep-hang\""), "{path}");
    }
    // The hall: one thing a screen, forward to the end and back.
    let mut path = "/?trinh-chieu=1".to_owned();
    let mut screens = 0;
    loop {
        let page = portal.get(&path).page();
        screens += 1;
        assert!(page.contains("class=\"presentation\"") && screens < 20, "{path}");
        let next = page.split("<a ").find(|a| a.contains("rel=\"next\"")).map(|a| links(&format!("<a {a}")).remove(0).href);
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!(screens, 8);
}

#[test]
fn the_loudspeaker_text_names_nobody_and_says_no_small_number() {
    let portal = Portal::open();
    let list = portal.get(LIST).page();
    let names: BTreeSet<String> = links(&list)
        .into_iter()
        .filter(|l| l.href.starts_with("/nguoi/"))
        .map(|l| l.text.split(',').next().unwrap_or_default().trim().to_owned())
        .collect();
    assert!(!names.is_empty());
    for user in portal.roles("u-xa-").into_iter().step_by(9) {
        let code = user.trim_start_matches("u-xa-");
        let page = portal.get(&format!("/xa-phuong/{code}/ban-tin")).page();
        let text =
            words(page.split("class=\"speaker\"").nth(1).unwrap().split_once('>').unwrap().1.split("</div>").next().unwrap());
        assert!(text.contains("bà con"), "{text}");
        assert!(names.iter().all(|name| !text.contains(name.as_str())), "{text}");
        for small in [" 1 người", " 2 người", " 3 người", " 4 người", " 1 cháu", " 2 cháu", " 3 học sinh"] {
            assert!(!text.contains(small), "{text}");
        }
    }
}

#[test]
fn runs_say_what_went_in_and_what_came_out() {
    let portal = Portal::open();
    let list = portal.get("/lan-chay").page();
    let run = links(&list).into_iter().find(|l| l.href.starts_with("/lan-chay/")).unwrap();
    let page = portal.get(&run.href).page();
    for table in ["id=\"quy-tac\"", "id=\"dau-vao\"", "id=\"buoc\"", "id=\"chi-tieu\""] {
        assert!(page.contains(table), "{table}");
    }
    for path in ["/lan-chay/2026-10-khongco", "/lan-chay/..%2F..%2Fdesk"] {
        assert_eq!(portal.get(path).status, 404, "{path}");
    }
    for page in ["/huong-dan", "/huong-dan/lan-dau", "/huong-dan/thang-dau", "/huong-dan/ly-do"] {
        assert!(portal.get(page).page().contains("<h1>"), "{page}");
    }
    assert_eq!(portal.get("/huong-dan/khong-co").status, 404);
}
