//! Employers: cases as an officer would tell them, and precision and recall on made-up ones.

use std::collections::BTreeMap;

use linkage::{
    EmployerClusters, EmployerEvidence as By, EmployerQuestion as Ask, EmployerRoster, EmployerRow, EmployerWarning as Odd,
    link_employers,
};

use crate::generator::{draw, happens};

/// A row told as `name|tax code|unit code|register number|communes|phone`.
fn told(rows: &[&str]) -> EmployerClusters {
    let split: Vec<Vec<&str>> = rows.iter().map(|r| r.split('|').collect()).collect();
    let communes: Vec<Vec<u16>> = split.iter().map(|r| r[4].split(',').filter_map(|c| c.parse().ok()).collect()).collect();
    let rows: Vec<EmployerRow<'_>> = split
        .iter()
        .zip(&communes)
        .map(|(r, communes)| EmployerRow {
            name: r[0],
            tax_code: Some(r[1]).filter(|c| !c.is_empty()),
            unit_code: Some(r[2]).filter(|c| !c.is_empty()),
            register_number: Some(r[3]).filter(|c| !c.is_empty()),
            address_communes: communes,
            phone: Some(r[5]).filter(|c| !c.is_empty()),
            representative: None,
        })
        .collect();
    link_employers(&[EmployerRoster { rows: &rows }])
}

fn keys(found: &EmployerClusters) -> Vec<&str> {
    found.rows[0].iter().map(|m| found.clusters[m.cluster as usize].key.as_str()).collect()
}

fn evidence(found: &EmployerClusters) -> Vec<By> {
    found.rows[0].iter().map(|m| m.evidence).collect()
}

const HOA_PHAT: &str = "Công ty TNHH Thương mại Hoà Phát Lộc|0100109106|||5|0912345678";

#[test]
fn one_code_however_typed_is_one_employer() {
    let found = told(&[
        HOA_PHAT,
        "CTY TNHH TM HOA PHAT LOC|100109106|||5|",
        "Hòa Phát Lộc|||0100109106||",
        "Cty Hòa Phát Lộc||0100109106DNA03|||",
        "Cty Hòa Phát Lộc|0100109106|TA0123A|||",
        "HOA PHAT LOC||TA0123A|||",
    ]);
    assert_eq!(keys(&found), ["0100109106"; 6]);
    let expected = [By::TaxCode, By::TaxCode, By::RegisterNumber, By::UnitCode, By::TaxCode, By::KnownUnitCode];
    assert_eq!(evidence(&found), expected);
    assert_eq!(found.rows[0][1].warnings, [Odd::LeadingZeroLost]);
    assert_eq!((found.clusters.len(), found.clusters[0].rows, found.review.len()), (1, 6, 0));
}

#[test]
fn a_branch_stays_beside_its_company() {
    let found = told(&[
        HOA_PHAT,
        "Chi nhánh Công ty TNHH TM Hòa Phát Lộc|0100109106-001|||9|",
        "CN Cty TNHH Thương mại Hòa Phát Lộc||0100109106001||9|",
        "Chi nhánh Công ty Thương mại Hòa Phát Lộc|0100109106|||9|",
        "Chi nhánh Thương mại Hòa Phát Lộc||||9|",
        "Chi nhánh Hải Dương Hòa Phát Lộc|0100109106|||77|",
    ]);
    let branch = "0100109106-001";
    assert_eq!(keys(&found)[..5], ["0100109106", branch, branch, branch, branch]);
    assert!(keys(&found)[5].starts_with("0100109106#"), "{:?}", keys(&found));
    let company = found.rows[0][0].cluster;
    assert_eq!(found.clusters.iter().map(|c| c.parent).collect::<Vec<_>>(), [None, Some(company), Some(company)]);
    assert_eq!(found.rows[0][3].warnings, [Odd::ParentsCode]);
}

#[test]
fn a_wrong_digit_with_an_equal_name_is_mended_and_told() {
    let found = told(&[HOA_PHAT, "Cty TNHH TM Hòa Phát Lộc|0100109186|||5|"]);
    assert_eq!(keys(&found), ["0100109106"; 2]);
    assert_eq!((evidence(&found)[1], &found.rows[0][1].warnings[..]), (By::CorrectedTaxCode, &[Odd::CheckDigit][..]));
    // Another name one digit off is another company whose code is mistyped.
    let other = told(&[HOA_PHAT, "Công ty CP Sao Mai|0100109186|||5|"]);
    assert_eq!(keys(&other), ["0100109106", "0100109186"]);
    // The same name far away, and both codes fail: a person says.
    let unsure = told(&["Sao Mai Đỏ|0100109107|||1|", "Sao Mai Đỏ|0100109117|||2|"]);
    assert_eq!((keys(&unsure).len(), unsure.clusters.len(), unsure.review[0].question), (2, 2, Ask::NearCode));
}

#[test]
fn one_code_with_two_names_is_a_question() {
    // A stranger's row under the code, at another place.
    let found = told(&[HOA_PHAT, "Hộ kinh doanh Bún chả Hương Liên|0100109106|||80|"]);
    assert_eq!((found.clusters.len(), found.review[0].question), (2, Ask::SameCodeOtherName));
    // A company with a new name at its old place stays one.
    let renamed = told(&[HOA_PHAT, "Công ty CP Ánh Dương Xanh|0100109106|||5|"]);
    assert_eq!((renamed.clusters.len(), renamed.review[0].question), (1, Ask::SameCodeOtherName));
    assert_eq!(renamed.rows[0][1].warnings, [Odd::NameDiffers]);
}

#[test]
fn a_household_goes_by_its_owners_number_and_its_old_code() {
    let found = told(&[
        "HKD Nguyễn Thị Hoa Lài|8100109103|||3|",
        "Hộ kinh doanh Nguyễn Thị Hoa Lài|001185123456||8100109103|3|",
        "Nguyễn Thị Hoa Lài|1185123456|||3|",
    ]);
    assert_eq!(found.clusters.len(), 1, "{:?}", keys(&found));
    assert_eq!(evidence(&found)[2], By::OwnerNumber);
}

#[test]
fn without_a_code_name_and_place_decide_or_a_person() {
    let spine = [HOA_PHAT, "Công ty TNHH Minh Anh|0100686209|||5|", "Công ty CP Minh Anh|0100112437|||6|"];
    let with = |row: &'static str| {
        let rows: Vec<&str> = spine.iter().copied().chain([row]).collect();
        let found = told(&rows);
        let own = found.rows[0][3].clone();
        (
            found.clusters[own.cluster as usize].key.clone(),
            own.evidence,
            found.review.iter().map(|r| r.question).collect::<Vec<_>>(),
        )
    };
    assert_eq!(with("CTY TM HOA PHAT LOC||||5|"), ("0100109106".into(), By::NameAndCommune, vec![]));
    assert_eq!(with("Cty Hòa Phát Lộc||||41|+84 912 345 678"), ("0100109106".into(), By::NameAndContact, vec![]));
    assert_eq!(with("Minh Anh||||6|"), ("0100112437".into(), By::NameAndCommune, vec![]));
    let (key, evidence, asked) = with("Minh Anh|||||");
    assert!(key.starts_with('#') && evidence == By::Alone && asked == [Ask::Contested], "{key} {asked:?}");
    assert_eq!(with("Trường Mầm non Hoa Sen||||6|").1, By::Alone);
}

/// A made-up employer.
struct Firm {
    name: [String; 3],
    tax: u64,
    commune: u16,
    phone: String,
    branch: bool,
}

const FIRST: [&str; 24] = [
    "An", "Bảo", "Châu", "Đại", "Đông", "Gia", "Hải", "Hoàng", "Hưng", "Khánh", "Kim", "Long", "Minh", "Nam", "Ngọc", "Phú",
    "Quang", "Sao", "Tân", "Thành", "Thiên", "Tiến", "Việt", "Xuân",
];
const SECOND: [&str; 20] = [
    "Phát", "Thịnh", "Lộc", "Vượng", "Hưng", "Long", "Mai", "Dương", "Anh", "Sơn", "Hà", "Phong", "Cường", "Tín", "Nguyên",
    "Lợi", "Thái", "Đạt", "Tâm", "Khang",
];
const TRADES: [(&str, &str); 6] =
    [("Thương mại", "TM"), ("Xây dựng", "XD"), ("Sản xuất", "SX"), ("Thương mại Dịch vụ", "TM&DV"), ("Đầu tư", "ĐT"), ("", "")];

fn firm(seed: u64, number: u64) -> Firm {
    let d = |stream: u64| draw(seed, stream, number);
    let pick = |list: &[&'static str], stream: u64| list[(d(stream) % list.len() as u64) as usize];
    let branch = number % 12 == 11;
    // A branch bears its company's name and its own place.
    let owner = if branch { number - 1 } else { number };
    let o = |stream: u64| draw(seed, stream, owner);
    let word = |list: &[&'static str], stream: u64| list[(o(stream) % list.len() as u64) as usize];
    let third = if o(4).is_multiple_of(3) { word(&SECOND, 5) } else { "" };
    let core = [word(&FIRST, 1), word(&SECOND, 2), third].join(" ").trim().to_owned();
    let (trade, short) = TRADES[(o(3) % 6) as usize];
    let forms = [
        ["Công ty TNHH", "CTY TNHH", "Cty"],
        ["Công ty Cổ phần", "CTCP", "Công ty CP"],
        ["Doanh nghiệp tư nhân", "DNTN", "DNTN"],
    ];
    let form = forms[(o(6) % 3) as usize];
    let town = ["Hải Dương", "Nam Định", "Vinh", "Hạ Long"][(d(7) % 4) as usize];
    let named = |form: &str, trade: &str, lead: &str| {
        let end = if branch { format!(" tại {town}") } else { String::new() };
        format!("{lead}{form} {trade} {core}{end}").replace("  ", " ")
    };
    let lead = |long: &'static str| if branch { long } else { "" };
    let base = (10_000_000 + o(8) % 90_000_000) * 10;
    // The first code of ten with a right check digit, if the remainder allows one.
    let tax = (0..200).map(|n| base + n).find(|code| check(*code)).unwrap();
    Firm {
        name: [
            named(form[0], trade, lead("Chi nhánh ")),
            named(form[1], short, lead("CN ")),
            named(form[2], trade, lead("Chi nhánh ")),
        ],
        tax,
        commune: (d(9) % 126) as u16,
        phone: format!("09{:08}", pick(&["1"], 10).len() as u64 + d(11) % 90_000_000),
        branch,
    }
}

/// The check digit by its formula, apart from the crate's own.
fn check(code: u64) -> bool {
    let digits: Vec<u64> = format!("{code:010}").bytes().map(|b| u64::from(b - b'0')).collect();
    let weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let sum: u64 = weights.iter().zip(&digits).map(|(w, d)| w * d).sum();
    10 - sum % 11 == digits[9]
}

#[derive(Default)]
struct Written {
    firms: Vec<u64>,
    names: Vec<String>,
    taxes: Vec<Option<String>>,
    units: Vec<Option<String>>,
    communes: Vec<Vec<u16>>,
    phones: Vec<Option<String>>,
}

/// One roster of `kind`: 0 business register, 1 tax, 2 social insurance, 3 lists of communes.
fn roster(seed: u64, kind: u64, firms: u64) -> Written {
    let mut out = Written::default();
    for number in 0..firms {
        let d = |stream: u64| draw(seed, 100 * (kind + 1) + stream, number);
        if !happens(d(0), [95_000, 90_000, 70_000, 40_000][kind as usize]) {
            continue;
        }
        let firm = firm(seed, number);
        let mut name = firm.name[if kind == 0 { 0 } else { (d(1) % 3) as usize }].clone();
        if happens(d(2), 30_000) {
            name = name.to_uppercase();
        }
        if kind == 3 && happens(d(3), 3_000) {
            // A word left out.
            let words: Vec<&str> = name.split(' ').collect();
            name = [&words[..words.len() - 2], &words[words.len() - 1..]].concat().join(" ");
        }
        let mut tax = firm.tax;
        if kind > 0 && happens(d(4), 1_000) {
            let place = 10u64.pow((d(5) % 8) as u32 + 1);
            let digit = tax / place % 10;
            tax = tax - digit * place + (digit + 1 + d(6) % 8) % 10 * place;
        }
        let mut text = format!("{tax:010}");
        if firm.branch {
            text.push_str(if d(7).is_multiple_of(2) { "-001" } else { "001" });
        }
        if happens(d(8), if kind == 0 { 0 } else { 3_000 }) {
            text = text.trim_start_matches('0').to_owned();
        }
        let missing = happens(d(9), [0, 0, 40_000, 50_000][kind as usize]);
        out.taxes.push((!missing).then_some(text));
        let old = happens(d(10), 60_000);
        let unit = if old || firm.branch { format!("TA{number:04}A") } else { format!("{tax:010}DNA03") };
        out.units.push((kind == 2 && happens(d(11), 95_000)).then_some(unit));
        out.names.push(name);
        out.communes.push(if happens(d(12), 92_000) { vec![firm.commune] } else { vec![] });
        out.phones.push(happens(d(13), 40_000).then_some(firm.phone));
        out.firms.push(number);
    }
    out
}

#[test]
fn made_up_employers_come_together() {
    let (seed, firms) = (9_401, 4_000);
    let written: Vec<Written> = (0..4).map(|kind| roster(seed, kind, firms)).collect();
    let rows: Vec<Vec<EmployerRow<'_>>> = written
        .iter()
        .map(|w| {
            (0..w.firms.len())
                .map(|at| EmployerRow {
                    tax_code: w.taxes[at].as_deref(),
                    unit_code: w.units[at].as_deref(),
                    register_number: None,
                    name: &w.names[at],
                    address_communes: &w.communes[at],
                    representative: None,
                    phone: w.phones[at].as_deref(),
                })
                .collect()
        })
        .collect();
    let rosters: Vec<EmployerRoster<'_>> = rows.iter().map(|rows| EmployerRoster { rows }).collect();
    let found = link_employers(&rosters);
    assert_eq!(found, link_employers(&rosters));
    assert!(found.clusters.is_sorted_by(|a, b| a.key < b.key), "every key once");

    let mut sizes: BTreeMap<(u64, u32), u64> = BTreeMap::new();
    let (mut of_firm, mut of_cluster, mut coded) = (BTreeMap::new(), BTreeMap::new(), 0u64);
    for (w, matches) in written.iter().zip(&found.rows) {
        assert_eq!(w.firms.len(), matches.len());
        for ((firm, own), tax) in w.firms.iter().zip(matches).zip(&w.taxes) {
            coded += u64::from(tax.is_some());
            *sizes.entry((*firm, own.cluster)).or_insert(0) += 1;
            *of_firm.entry(*firm).or_insert(0u64) += 1;
            *of_cluster.entry(own.cluster).or_insert(0u64) += 1;
        }
    }
    let pairs = |n: &u64| n * n.saturating_sub(1) / 2;
    let right = sizes.values().map(pairs).sum::<u64>() as f64;
    let precision = right / of_cluster.values().map(pairs).sum::<u64>() as f64;
    let recall = right / of_firm.values().map(pairs).sum::<u64>() as f64;
    let all = found.rows.iter().map(Vec::len).sum::<usize>();
    println!(
        "employers: {all} rows ({coded} with a tax code) of {} firms, {} clusters, precision {precision:.4} recall {recall:.4}, {} questions",
        of_firm.len(),
        found.clusters.len(),
        found.review.len()
    );
    assert!(precision >= 0.995, "{precision:.4}");
    assert!(recall >= 0.97, "{recall:.4}");
    let questions = found.review.len();
    assert!(questions * 20 <= all, "{questions}");
    // Branches are nobody's company, and know whose they are.
    let parts = found.clusters.iter().filter(|c| c.key.ends_with("-001"));
    assert!(parts.clone().count() > 200);
    let orphans = parts.filter(|c| c.parent.is_none()).count();
    assert!(orphans < 20, "{orphans}");
}
