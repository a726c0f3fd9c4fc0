//! The law from outside: commands, a reform, the pages and the JSON interface.

use std::fs;

use serde_json::{Value, json};

use crate::server::Portal;
use crate::support::{ansinh, good, text};

const CALC: &str = "/tinh/late-charge";

#[test]
fn every_case_of_the_law_comes_out() {
    let report = good(&["law", "test"]);
    assert_eq!(report["failed"], json!([]));
    assert!(report["cases"].as_u64().unwrap() >= 250, "{report}");
}

#[test]
fn a_parameter_is_shown_on_a_day_and_over_time() {
    let shown = good(&["law", "show", "base_salary", "--on", "2026-08-01"]);
    assert_eq!((&shown["value"], &shown["unit"], &shown["from"]), (&json!(2_530_000), &json!("dong"), &json!("2026-07-01")));
    assert!(shown["reference"]["law"].as_str().unwrap().contains("161/2026"), "{shown}");
    let before = good(&["law", "show", "base_salary", "--on", "2026-06-30"]);
    assert_eq!((&before["value"], &before["to"]), (&json!(2_340_000), &json!("2026-06-30")));
    let history = good(&["law", "show", "bhyt.household_step"]);
    assert_eq!(history["values"].as_array().unwrap().last().unwrap()["value"]["2"], json!("0.7"), "{history}");

    let changed = good(&["law", "list", "--changed-since", "2026-07-01"]);
    let keys: Vec<&str> = changed["parameters"].as_array().unwrap().iter().map(|p| p["key"].as_str().unwrap()).collect();
    assert!(keys.contains(&"bhxh.reference_level") && keys.contains(&"poverty.line"), "{keys:?}");
    assert!(!keys.contains(&"bhyt.break_days"), "{keys:?}");
    let doubtful = good(&["law", "list", "--doubtful"]);
    assert!(doubtful["parameters"].as_array().unwrap().iter().all(|p| p["doubtful"].as_u64() > Some(0)), "{doubtful}");

    let unknown = ansinh(&["law", "show", "bhyt.brek_days", "--on", "2026-08-01", "--json"]);
    assert_eq!(unknown.code, 3, "{unknown:?}");
    assert!(unknown.error()["remedy"].as_str().unwrap().contains("bhyt.break_days"), "{unknown:?}");
}

#[test]
fn a_calculator_takes_flags_and_files_and_says_what_is_wrong() {
    let flags = ["law", "calc", "contribution", "--month", "2026-08", "--wage", "15.000.000", "--region", "I"];
    let answer = good(&flags);
    assert_eq!((&answer["amount"], &answer["parts"]["person_total"]), (&json!(4_800_000), &json!(1_575_000)));
    let trace = answer["trace"].as_array().unwrap();
    let used = trace.iter().find(|line| line["parameter"] == "bhxh.contribution.pension_unit").unwrap();
    assert_eq!((&used["value"], &used["date"]), (&json!("0.14"), &json!("2026-08-01")));
    assert!(used["article"].as_str().unwrap().contains("Điều"), "{used}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kỳ đóng.yaml");
    fs::write(&file, "amount: 320000000\ndeadline: 2026-09-30\nas_of: 2026-11-22\npayments:\n  - {on: 2026-10-20, amount: 120000000}\n  - {on: 2026-11-22, amount: 200000000}\n").unwrap();
    assert_eq!(good(&["law", "calc", "late-charge", "--input", text(&file)])["amount"], json!(3_900_000));
    // A flag wins over the file.
    assert_eq!(good(&["law", "calc", "late-charge", "--input", text(&file), "--payments", "[]"])["amount"], json!(5_088_000));

    let wrong = ansinh(&["law", "calc", "contribution", "--month", "2026-13", "--kind", "boss", "--json"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    let message = wrong.error()["message"].as_str().unwrap().to_owned();
    assert!(["`month`", "`kind`", "`wage`"].iter().all(|field| message.contains(field)), "{message}");
    assert_eq!(ansinh(&["law", "calc", "contribution", "--nothing", "1", "--json"]).code, 2);
    assert_eq!(ansinh(&["law", "calc", "nothing", "--json"]).code, 2);
    let missing = ansinh(&["law", "calc", "household", "--input", "/no/such/file", "--json"]);
    assert_eq!(missing.code, 3, "{missing:?}");
    fs::write(&file, "a: [1").unwrap();
    let broken = ansinh(&["law", "calc", "household", "--input", text(&file), "--json"]);
    assert_eq!(broken.code, 3, "{broken:?}");

    let schema = good(&["law", "calc", "unemployment", "--describe"]);
    assert_eq!(schema["input"]["properties"]["region"]["enum"], json!(["I", "II", "III", "IV"]), "{schema}");
    assert_eq!(schema["input"]["required"], json!(["ended_on", "average", "months"]), "{schema}");
}

#[test]
fn a_reform_is_a_folder_laid_over_the_law() {
    let folder = tempfile::tempdir().unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    fs::create_dir_all(folder.path().join("bhyt")).unwrap();
    let rate = fs::read_to_string(root.join("bhyt/rate.yaml")).unwrap();
    let reformed = format!(
        "{rate}  - from: 2027-01-01\n    value: 0.051\n    reference:\n      law: Phương án thử\n      note: Không phải luật.\n    confidence: U\n    note: Chỉ để thử.\n"
    );
    fs::write(folder.path().join("bhyt/rate.yaml"), reformed).unwrap();
    let asked = ["law", "calc", "household", "--paid-on", "2027-02-01", "--members", "1"];
    assert_eq!(good(&asked)["amount"], json!(1_366_200));
    let with: Vec<&str> = asked.iter().copied().chain(["--reform", text(folder.path())]).collect();
    let tried = good(&with);
    assert_eq!(tried["amount"], json!(1_548_360));
    assert_eq!(tried["doubts"][0]["parameter"], "bhyt.rate", "a draft is shown as doubtful: {tried}");
    let empty = tempfile::tempdir().unwrap();
    let nothing: Vec<&str> = asked.iter().copied().chain(["--reform", text(empty.path()), "--json"]).collect();
    assert_eq!(ansinh(&nothing).code, 3);
    fs::write(folder.path().join("bhyt/rate.yaml"), "key: bhyt.rate\n").unwrap();
    let broken: Vec<&str> = with.iter().copied().chain(["--json"]).collect();
    assert_eq!(ansinh(&broken).error()["code"], "law_refused");
}

#[test]
fn the_interface_answers_refuses_and_describes_itself() {
    let portal = Portal::open();
    let host = format!("127.0.0.1:{}", portal.port);
    let ask = |method: &str, path: &str, body: &str| {
        let answer = portal.ask(method, path, &[("Host", &host), ("Content-Type", "application/json")], body);
        assert_eq!(answer.header("content-type"), "application/json", "{path}: {}", answer.text());
        (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap())
    };
    let (status, shown) = ask("GET", "/api/law/wage.regional_minimum?on=2026-01-01&selector=II", "");
    assert_eq!((status, &shown["value"], &shown["schema"]), (200, &json!(4_730_000), &json!(1)));
    assert_eq!(ask("GET", "/api/law/no.such", "").0, 404);
    assert_eq!(ask("GET", "/api/law/wage.regional_minimum", "").0, 422);
    let (status, answer) = ask("POST", "/api/calculators/household", r#"{"paid_on": "2026-08-01", "members": 5}"#);
    assert_eq!((status, &answer["amount"]), (200, &json!(4_371_840)));
    let (status, refused) = ask("POST", "/api/calculators/household", r#"{"paid_on": "2026-08-01", "member": 5}"#);
    assert_eq!((status, refused["error"]["fields"].as_array().unwrap().len()), (422, 2), "{refused}");
    assert_eq!(ask("POST", "/api/calculators/household", "{").0, 400);
    assert_eq!(ask("POST", "/api/calculators/household", "[]").0, 400);
    assert_eq!(ask("POST", "/api/calculators/no-such", "{}").0, 404);

    let (_, document) = ask("GET", "/api/openapi.json", "");
    let (_, list) = ask("GET", "/api/calculators", "");
    let names: Vec<&str> = list["calculators"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert!(names.len() >= 25, "{names:?}");
    for name in names {
        let post = &document["paths"][format!("/api/calculators/{name}")]["post"];
        assert_eq!(post["requestBody"]["content"]["application/json"]["schema"]["type"], "object", "{name}");
    }
    // Nothing of people is read, so nothing is written into the log.
    let before = portal.audit_events();
    ask("POST", "/api/calculators/household", r#"{"paid_on": "2026-08-01", "members": 5}"#);
    assert_eq!(portal.audit_events(), before);
}

#[test]
fn a_clerk_works_an_answer_out_on_a_page() {
    let portal = Portal::open();
    let page = portal.get(CALC).page();
    assert!(page.contains("name=\"payments.0.amount\"") && page.contains("Hạn đóng chậm nhất"), "{page}");
    let own = portal.address();
    let send = |body: &str, cookie: &str| {
        let mut headers = vec![("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())];
        headers.extend((!cookie.is_empty()).then_some(("Cookie", cookie)));
        portal.post(CALC, &headers, body).page()
    };
    let filled = "amount=320.000.000&deadline=30%2F09%2F2026&as_of=22%2F11%2F2026&payments.0.on=20%2F10%2F2026&payments.0.amount=120000000&payments.1.on=22%2F11%2F2026&payments.1.amount=200000000&payments.2.on=&payments.2.amount=";
    let answer = send(filled, "");
    assert!(answer.contains("3.900.000"), "{answer}");
    assert!(answer.contains("/luat/late.rate_per_day") && answer.contains("Kết quả để tham khảo"), "{answer}");
    assert!(answer.contains("value=\"320.000.000\""), "what was typed stays");
    assert!(send(filled, "ngon-ngu=en").contains("3,900,000"));
    let wrong = send("amount=abc&deadline=31%2F02%2F2026", "");
    for part in ["cần số tiền nguyên đồng", "`deadline`: cần ngày", "`as_of`: chưa nhập", "role=\"alert\""] {
        assert!(wrong.contains(part), "{part} in {wrong}");
    }
    // Typed markup stays text.
    assert!(!send("amount=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "").contains("<script>alert"));

    for path in ["/luat", "/luat?loc=nghi-van", "/luat?tim=ho+gia+dinh", "/luat/bhxh.reference_level", "/tinh"] {
        for cookie in ["", "ngon-ngu=en"] {
            let page = portal.get_as(path, cookie).page();
            assert!(!page.contains('⟦'), "{path} lacks words");
        }
    }
    let parameter = portal.get("/luat/bhyt.household_step").page();
    assert!(parameter.contains("/tinh/household"), "the calculator that uses it is named");
    assert!(
        portal.get("/luat/bhyt.object.household").page().contains("/quy-tac/household-card-lapsed"),
        "the rule that uses it is named"
    );
    assert_eq!(portal.get("/luat/no.such").status, 404);
    assert_eq!(portal.get("/tinh/no-such").status, 404);
}
