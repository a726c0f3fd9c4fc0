//! Reports of hand-made figures, small enough to be worked out on paper.

use std::collections::BTreeMap;

use base::{Date, Dong};
use desk::{ReportState, ReportWords};
use documents::report::{Block, TableRow, Text};
use documents::sheet::{Cell, Moment};
use plan::data::{Known, PlanData};
use plan::figures::FigureUnit;
use plan::indicators::Direction;
use web::Percent;

use super::compose::{Composed, compose};
use super::layout::{self, Whose};
use super::material::{DutyRow, FigureRow, IndicatorRow, Material, MoneyRow, ReportRow, RunName, TaskRow};
use super::road::Road;
use super::workbook::{TakenBy, sheets};
use crate::duties::{DutyState, DutyTerm};
use crate::figures::Value;
use crate::standing::{TaskState, Term, TermState};

const PLAN: &str = r#"
document: "Kế hoạch mẫu"
first_year: 2026
last_year: 2030
units:
  - {id: bhxh, name: "BHXH tỉnh", kind: city_agency}
  - {id: so-y-te, name: "Sở Y tế", kind: city_department}
groups:
  - {id: "2", title: "Phát triển người tham gia"}
tasks:
  - {id: "2a", group: "2", content: "Ghép danh sách.", lead: bhxh, time: "Hằng tháng"}
  - {id: "2b", group: "2", content: "Rà soát nhóm được hỗ trợ.", lead: so-y-te, time: "Hằng tháng"}
"#;

fn plan() -> PlanData {
    PlanData::load("plan/mau.yaml", PLAN, Known::default()).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn term(due: &str, state: TermState, reported: usize, confirmed: usize) -> Term {
    Term {
        span: (day(due).month().first_day(), day(due)),
        due: day(due),
        put_off: None,
        state,
        before_first_run: false,
        reported,
        confirmed,
        calendar_known: true,
    }
}

fn report(unit: &str, term: &str, state: ReportState, texts: [&str; 3]) -> ReportRow {
    let [done, hindered, proposed] = texts.map(str::to_owned);
    let words = ReportWords { done, hindered, proposed };
    ReportRow {
        unit: unit.into(),
        commune: false,
        term: day(term),
        state,
        words,
        evidence: vec!["Danh sách tháng 10.xlsx".into()],
    }
}

fn indicator(id: &str, value: Result<(i64, i64), &str>) -> IndicatorRow {
    IndicatorRow {
        id: id.into(),
        order: 1,
        name: format!("Tỷ lệ {id}"),
        short: id.into(),
        counted: "dân".into(),
        assigned: true,
        direction: Direction::Up,
        value: value.map(|(over, under)| Value { value: Some(over), over: Some(under), source: None }).map_err(str::to_owned),
        road: Road {
            course: vec![
                ("2025-12".parse().unwrap(), Percent(9_400)),
                ("2026-09".parse().unwrap(), Percent(9_590)),
                ("2026-10".parse().unwrap(), Percent(9_641)),
            ],
            assigned: Some(Percent(9_700)),
            last: Some(("2030-12".parse().unwrap(), Percent(10_000))),
        },
        document: Some("Quyết định 12/QĐ-UBND".into()),
        last: Some(Percent(10_000)),
        over: false,
        opens: format!("/chi-tieu/{id}"),
    }
}

fn material(plan: &PlanData) -> Material<'_> {
    let figure = FigureRow {
        id: "not-covered".into(),
        name: "Người chưa có BHYT".into(),
        unit: FigureUnit::People,
        value: Ok(Value { value: Some(316_661), over: None, source: None }),
        reached: None,
        asked: String::new(),
        on_desk: false,
        opens: Some("/nguoi-chua-tham-gia".into()),
    };
    let waits =
        FigureRow {
            id: "waits".into(), name: "Lượt khám".into(), value: Err("Chưa có dữ liệu khám.".into()), ..figure.clone()
        };
    let row = |at: usize, state, terms: Vec<Term>, reports: Vec<ReportRow>, figures: Vec<FigureRow>| TaskRow {
        task: &plan.tasks[at],
        leads: plan.tasks[at].leads.iter().map(|id| plan.unit(id).unwrap().name.vi.clone()).collect(),
        state,
        owing: 1,
        terms,
        reports,
        figures,
    };
    let confirmed = report("BHXH tỉnh", "2026-10-30", ReportState::Confirmed, ["Đã ghép 12 danh sách.", "", "Cấp thêm máy chủ"]);
    let waiting = report("Sở Y tế", "2026-10-30", ReportState::Submitted, ["Lời chưa xác nhận", "Thiếu người rà soát", ""]);
    Material {
        plan,
        period: "2026-10".parse().unwrap(),
        whose: Whose::City,
        on: day("2026-10-31"),
        issued: "2026-11".parse().unwrap(),
        run: Some(RunName { id: "2026-10-7f3a9c21".into(), month: "2026-10".parse().unwrap() }),
        last_year: 2030,
        indicators: vec![indicator("I1", Ok((9_641, 10_000))), indicator("I8", Err("Phần giám định chưa có."))],
        tasks: vec![
            row(
                0,
                TaskState::OnTime,
                vec![term("2026-10-30", TermState::Done, 1, 1), term("2026-11-30", TermState::Ahead, 0, 0)],
                vec![confirmed],
                vec![figure, waits],
            ),
            row(1, TaskState::Late(1), vec![term("2026-10-30", TermState::Late, 1, 0)], vec![waiting], Vec::new()),
        ],
        duties: vec![DutyRow {
            from: "Sở Du lịch".into(),
            what: "Danh sách hướng dẫn viên".into(),
            term: DutyTerm {
                span: (day("2026-10-01"), day("2026-10-31")),
                due: day("2026-10-30"),
                state: DutyState::CameLate(5),
                files: 1,
                read: 1_250,
                refused: 3,
                missing_columns: 0,
            },
        }],
        money: vec![
            MoneyRow {
                task: "2c".into(),
                source: "Nguồn khác",
                unit: "BHXH thành phố".into(),
                planned: Dong::new(2_000_000),
                spent: Dong::new(1_500_000),
            },
            MoneyRow {
                task: "3a".into(),
                source: "Ngân sách Thành phố",
                unit: "BHXH thành phố".into(),
                planned: Dong::new(3_000_000),
                spent: Dong::new(0),
            },
        ],
    }
}

fn composed(material: &Material<'_>, written: &[(&str, &str)]) -> Composed {
    let written: BTreeMap<String, String> = written.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    compose(material, &layout::own(), &written)
}

/// The words of a document, a line a paragraph or row.
fn said(composed: &Composed) -> String {
    let row = |cells: &[Text]| cells.iter().map(Text::plain).collect::<Vec<_>>().join(" | ");
    let block = |block: &Block| match block {
        Block::Heading(text) | Block::Subheading(text) => text.clone(),
        Block::Paragraph(text) => text.plain(),
        Block::Item(text) => format!("- {}", text.plain()),
        Block::Chart(chart) => format!("[{}]", chart.title),
        Block::Table(table) => {
            let rows = table.rows.iter().map(|one| match one {
                TableRow::Group(text) => text.clone(),
                TableRow::Cells(cells) => row(cells),
            });
            rows.collect::<Vec<_>>().join("\n")
        }
    };
    let all = composed.report.body.iter().chain(composed.report.annexes.iter().flat_map(|annex| &annex.body));
    all.map(block).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_month_is_told_in_sentences_that_a_director_signs() {
    let plan = plan();
    let made = composed(&material(&plan), &[]);
    let text = said(&made);
    for line in [
        "Thực hiện Kế hoạch của Ủy ban nhân dân Thành phố Hà Nội thực hiện Chỉ thị số 06-CT/TU ngày 11 tháng 02 năm 2026 của Ban Thường vụ Thành ủy Hà Nội, giai đoạn 2026-2030, Bảo hiểm xã hội thành phố Hà Nội báo cáo kết quả tháng 10 năm 2026 (số liệu đến hết ngày 31 tháng 10 năm 2026) như sau:",
        "Trong 2 chỉ tiêu của Kế hoạch, 1 chỉ tiêu đã có số liệu, 0 chỉ tiêu chậm so với lộ trình.",
        "- Tỷ lệ I1 đạt 96,41% (9.641 trên 10.000 dân), tăng 0,51 điểm phần trăm so với tháng trước; chỉ tiêu giao năm 2026 là 97,00%, còn thiếu 0,59 điểm phần trăm.",
        "- Tỷ lệ I8: chưa có số liệu (Phần giám định chưa có).",
        "1 | Tỷ lệ I1, % | 96,41 | 97,00 | 100 | Đúng lộ trình",
        "Trong 2 nhiệm vụ của Kế hoạch: 1 nhiệm vụ đúng hạn, 0 nhiệm vụ đang thực hiện, 1 nhiệm vụ quá hạn, 0 nhiệm vụ không có kỳ hạn trong năm. Trong kỳ báo cáo có 2 kỳ hạn, 1 kỳ hạn đã được xác nhận hoàn thành.",
        "2.1. Phát triển người tham gia",
        "Nhiệm vụ 2a. Ghép danh sách (chủ trì: BHXH tỉnh). Đúng hạn.",
        "- Kết quả (BHXH tỉnh, kỳ hạn 30/10/2026): Đã ghép 12 danh sách.",
        "- Số liệu: người chưa có BHYT: 316.661 người.",
        "- Chưa có số liệu: lượt khám (Chưa có dữ liệu khám).",
        "- Minh chứng: Danh sách tháng 10.xlsx.",
        "Nhiệm vụ 2b. Rà soát nhóm được hỗ trợ (chủ trì: Sở Y tế). Quá hạn 1 ngày, hạn 30/10/2026.",
        "- Đang chờ xác nhận: Sở Y tế (kỳ hạn 30/10/2026).",
        "Có 1 nhiệm vụ quá hạn, cụ thể:",
        "1 | 2b. Rà soát nhóm được hỗ trợ | Sở Y tế | 30/10/2026 | 1 | Sở Y tế (chưa xác nhận): Thiếu người rà soát.",
        "- BHXH tỉnh (nhiệm vụ 2a): kiến nghị: Cấp thêm máy chủ.",
        "Chưa tổng hợp ý kiến trong báo cáo đang chờ xác nhận của: Sở Y tế.",
        "- Đề nghị Sở Y tế hoàn thành nhiệm vụ 2b (Rà soát nhóm được hỗ trợ), báo cáo rõ lý do chậm và thời hạn hoàn thành.",
        "- Trong tháng 11 năm 2026, thực hiện các nhiệm vụ đến hạn: 2a (hạn 30/11/2026).",
        "Bảo hiểm xã hội thành phố Hà Nội trân trọng báo cáo./.",
    ] {
        assert!(text.lines().any(|known| known == line), "{line}\nin\n{text}");
    }
    assert!(!text.contains("Lời chưa xác nhận"), "what is not confirmed is named, not told");
    assert!(
        text.contains("[Thực hiện các chỉ tiêu so với chỉ tiêu năm 2026 (%)]") && text.contains("[I1 theo tháng (%)]"),
        "{text}"
    );
}

#[test]
fn every_figure_has_a_note_with_its_run() {
    let plan = plan();
    let report = composed(&material(&plan), &[]).report;
    let coverage = report.notes.iter().find(|note| note.contains("chỉ tiêu I1:")).unwrap();
    assert_eq!(
        coverage,
        "Lần chạy 2026-10-7f3a9c21, số liệu đến hết 31/10/2026; chỉ tiêu I1: 9.641 trên 10.000 dân. Mở các dòng: /chi-tieu/I1."
    );
    assert!(
        report.notes.contains(&"Chỉ tiêu I1 năm 2026 được giao theo Quyết định 12/QĐ-UBND.".to_owned()),
        "{:?}",
        report.notes
    );
    assert!(documents::report::write_report_docx(&report).is_ok() && documents::report::write_report_pdf(&report).is_ok());
}

#[test]
fn a_written_text_takes_the_place_of_the_made_one_and_keeps_what_is_fixed() {
    let plan = plan();
    let material = material(&plan);
    let made = composed(&material, &[("indicators", "Lời của giám đốc: {I1}.\n- Còn {not-covered} người; {I8}."), ("late", "")]);
    let text = said(&made);
    assert!(text.contains("Lời của giám đốc: 96,41%.\n- Còn 316.661 người; (chưa có số liệu).\n1 | Tỷ lệ I1, %"), "{text}");
    assert!(
        !text.contains("còn thiếu 0,59") && text.contains("Có 1 nhiệm vụ quá hạn"),
        "an empty text goes back to the made one"
    );
    let keys: Vec<&str> = made.sections.iter().map(|section| section.key.as_str()).collect();
    assert_eq!(keys, ["opening", "indicators", "tasks", "group-2", "late", "difficulties", "directions", "closing"]);
}

#[test]
fn nothing_known_is_told_and_not_left_out() {
    let plan = plan();
    let mut material = material(&plan);
    material.run = None;
    material.tasks.clear();
    for row in &mut material.indicators {
        row.value = Err("Chưa có lần chạy nào của kỳ.".into());
        row.road = Road::default();
    }
    let text = said(&composed(&material, &[]));
    for line in [
        "Trong kỳ chưa có số liệu của chỉ tiêu nào.",
        "- Tỷ lệ I1: chưa có số liệu (Chưa có lần chạy nào của kỳ).",
        "1 | Tỷ lệ I1, % | chưa có số liệu | chưa giao | 100 | –",
        "Đến ngày báo cáo không có nhiệm vụ nào quá hạn.",
        "Trong kỳ chưa có khó khăn, kiến nghị nào trong các báo cáo đã được xác nhận.",
    ] {
        assert!(text.lines().any(|known| known == line), "{line}\nin\n{text}");
    }
    assert!(text.contains("chưa có lần chạy nào của kỳ nên các số liệu tự động chưa có"), "{text}");
}

#[test]
fn sheets_hold_numbers_as_numbers_and_no_unconfirmed_words() {
    let plan = plan();
    let at = Moment { date: day("2026-11-02"), hour: 0, minute: 0, second: 0 };
    let by = TakenBy { who: "u-city".into(), purpose: "báo cáo".into(), at };
    let sheets = sheets(&material(&plan), "Kết quả", &by);
    let indicators = &sheets[0];
    assert_eq!(indicators.rows[0][2..5], [Cell::Decimal("96.41".parse().unwrap()), Cell::Int(9_641), Cell::Int(10_000)]);
    assert_eq!(indicators.rows[1][2], Cell::Empty, "what is not known is no zero");
    let opinions = &sheets[3];
    assert_eq!(opinions.rows[1][3..], [Cell::from("Chờ xác nhận"), Cell::Empty, Cell::Empty]);
    assert_eq!(sheets[2].rows.len(), 1);
    assert!(documents::sheet::write_workbook(&sheets).is_ok());
}

/// The cells of a table as texts.
fn cells(block: &Block) -> Vec<Vec<String>> {
    let Block::Table(table) = block else { panic!("no table") };
    table
        .rows
        .iter()
        .map(|row| match row {
            TableRow::Cells(cells) => cells.iter().map(Text::plain).collect(),
            TableRow::Group(text) => vec![text.clone()],
        })
        .collect()
}

#[test]
fn annexes_tell_of_data_and_money_and_money_adds_up() {
    let plan = plan();
    let whole = composed(&material(&plan), &[]);
    let annexes = &whole.report.annexes;
    let titles: Vec<&str> = annexes.iter().map(|annex| annex.title.as_str()).collect();
    assert_eq!(titles[3..], ["Dữ liệu các cơ quan cung cấp", "Kinh phí thực hiện nhiệm vụ trong năm"]);
    assert_eq!(annexes[4].number, "Phụ lục 5");
    let data = cells(&annexes[3].body[0]);
    assert_eq!(
        data[0][1..],
        ["Sở Du lịch", "Danh sách hướng dẫn viên", "01/10/2026 - 31/10/2026", "30/10/2026", "1.250", "3", "Nhận chậm 5 ngày"]
    );
    let money = cells(&annexes[4].body[0]);
    assert_eq!(money[2][2..], ["Cộng", "", "5.000.000", "1.500.000"]);
    // Without any money there is no annex of it.
    let without = Material { money: Vec::new(), ..material(&plan) };
    assert_eq!(composed(&without, &[]).report.annexes.len(), 4);
}
