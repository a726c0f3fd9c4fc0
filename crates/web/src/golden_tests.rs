//! Golden files of charts and components: a changed drawing must be looked at and accepted.

use base::Month;

use crate::chart::{
    Fill, Legend, LegendLine, MapTile, Readout, ReasonBar, ReasonPart, Sparkline, TileClass, TileMap, Waterfall, WaterfallPart,
    deviation_bar, share_bar,
};
use crate::component::{
    Button, ButtonKind, Cell, Chip, Column, CompareRow, Comparison, Control, ErrorSummary, Field, Figure, FilterBar, Link,
    NumberCard, Pager, Pick, Row, SortState, Status, Table, TargetLine, empty_state,
};
use crate::i18n::{Lang, Locale, SHELL_TEXTS, Texts};
use crate::{Points, SafeHtml};

/// One element a line, so that a difference shows where it is.
fn lines(html: &SafeHtml) -> String {
    html.as_str().replace("><", ">\n<")
}

fn with_texts(lang: Lang, check: impl FnOnce(Locale<'_>)) {
    let texts = Texts::load(&SHELL_TEXTS).unwrap();
    check(texts.lang(lang));
}

fn spark() -> Sparkline {
    let month = |y, m| Month::new(y, m).unwrap();
    Sparkline {
        title: "Bao phủ <mẫu>".to_owned(),
        verdict: "Chậm 0,2 điểm".to_owned(),
        from: month(2026, 1),
        actual: vec![Some(95.0), Some(95.4), None, Some(95.9), Some(96.41)],
        path: vec![(month(2025, 12), 95.0), (month(2026, 12), 96.75), (month(2030, 12), 100.0)],
        forecast: None,
        until: month(2030, 12),
        decimals: 2,
    }
}

#[test]
fn sparkline() {
    with_texts(Lang::Vi, |l| insta::assert_snapshot!(lines(&spark().html(l))));
}

#[test]
fn a_sparkline_without_values_draws_nothing_and_says_so_little() {
    with_texts(Lang::En, |l| {
        let none = Sparkline { actual: vec![None, None], path: Vec::new(), ..spark() };
        assert!(!none.html(l).as_str().contains("<polyline"));
        assert!(!none.html(l).as_str().contains("NaN"));
    });
}

fn map() -> TileMap {
    let tile = |code: &str, col, row, short: i64, inside| MapTile {
        code: code.to_owned(),
        name: format!("Phường {code}"),
        col,
        row,
        lines: [code.to_owned(), if inside { "Hai".to_owned() } else { String::new() }],
        abbr: code.to_owned(),
        inside,
        class: TileClass::of(Points(short)),
        spoken: "96,36%, thiếu 0,7 điểm".to_owned(),
        facts: vec!["96,36%".to_owned(), "Cần thêm 12 người".to_owned()],
        href: format!("/xa-phuong/{code}"),
    };
    TileMap {
        id: "map".to_owned(),
        title: "Bản đồ mẫu".to_owned(),
        description: "Bốn ô.".to_owned(),
        tiles: vec![
            tile("A", 0, 1, -250, true),
            tile("B", 1, 1, -60, true),
            tile("C", 0, 2, 20, false),
            tile("D", 1, 2, 150, true),
        ],
        legend: Legend {
            title: "Chênh".to_owned(),
            lines: vec![LegendLine {
                class: TileClass::M1, words: "thiếu từ 2".to_owned(), count: Link::new("1", "/xa-phuong")
            }],
        },
        readout: Readout { title: "Ô đang chọn".to_owned(), open: "Mở trang".to_owned() },
        selected: Some("B".to_owned()),
        table_id: "bang".to_owned(),
        caption: "Mỗi ô một phường.".to_owned(),
    }
}

#[test]
fn tile_map() {
    with_texts(Lang::Vi, |l| insta::assert_snapshot!(lines(&map().html(l))));
}

#[test]
fn the_outline_runs_only_between_inside_and_outside() {
    let svg = map().svg().to_string();
    let outline = svg.split("class=\"outline\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    // Three tiles with six edges each; all three touch one another, so three edges fall away on both sides.
    assert_eq!(outline.matches('M').count(), 3 * 6 - 3 * 2);
}

fn waterfall() -> Waterfall {
    Waterfall {
        id: "w".to_owned(),
        title: "Điểm liên kết, bit".to_owned(),
        first: WaterfallPart::new("Tỷ lệ gốc", -22_140),
        parts: vec![
            WaterfallPart::new("Họ và tên giống", 7_440),
            WaterfallPart::new("Ngày sinh giống, viết theo hai kiểu", 11_640),
            WaterfallPart::new("Điện thoại khác", -1_240),
            WaterfallPart::new("Số giấy tờ giống", 15_040),
        ],
        total_label: "Cộng".to_owned(),
        total_words: "= 99,94%".to_owned(),
    }
}

#[test]
fn the_printed_parts_add_up_to_the_printed_total() {
    let (first, parts, total) = waterfall().printed_tenths();
    assert_eq!(total, 107);
    assert_eq!(first + parts.iter().sum::<i64>(), total);
    assert_eq!(parts, [74, 116, -12, 150], "what is left over goes to the largest value, the first one");
    assert_eq!(first, -221);
}

#[test]
fn waterfall_drawing() {
    with_texts(Lang::Vi, |l| insta::assert_snapshot!(lines(&waterfall().svg(l))));
}

#[test]
fn the_axis_is_broken_only_when_the_parts_could_not_be_seen() {
    with_texts(Lang::En, |l| {
        let far = Waterfall { first: WaterfallPart::new("Expected", 1_204_000), ..waterfall() };
        assert!(far.svg(l).as_str().contains("w-cut") && !far.svg(l).as_str().contains("w-zero"));
        assert!(!waterfall().svg(l).as_str().contains("w-cut") && waterfall().svg(l).as_str().contains("w-zero"));
        let alone = Waterfall { parts: Vec::new(), ..waterfall() };
        assert!(!alone.svg(l).as_str().contains("NaN"));
    });
}

#[test]
fn bars() {
    let part = |label: &str, value| ReasonPart { label: label.to_owned(), value, href: "/viec".to_owned() };
    let bar = ReasonBar {
        id: "r".to_owned(),
        title: "Lý do".to_owned(),
        parts: vec![part("Một", 900), part("Hai", 100), part("Không", 0)],
    };
    with_texts(Lang::Vi, |l| {
        let all = [
            bar.html(l),
            share_bar(&[(Fill::Solid, 5), (Fill::Hatch, 3), (Fill::Dots, 0)], 10),
            deviation_bar(-0.5, TileClass::M1),
        ];
        insta::assert_snapshot!(all.iter().map(lines).collect::<Vec<_>>().join("\n\n"));
        let none = ReasonBar { parts: vec![part("Không", 0)], ..bar };
        assert!(!none.svg(l).as_str().contains("NaN"));
    });
}

#[test]
fn number_cards() {
    let card = NumberCard {
        order: Some(1),
        status: Some(Status::warn("Chậm 0,2 điểm")),
        targets: vec![TargetLine::new("Chỉ tiêu 2026", "96,75")],
        numerator: Some(Link::new("8.494.812", "/a")),
        denominator: Some(Link::new("8.811.473", "/b")),
        counted: "dân".to_owned(),
        action: Some(Link::new("Mở danh sách", "/viec?ly-do=1&trang=2")),
        spark: Some(spark()),
        ..NumberCard::new("Bao phủ", Figure::known("96,41", "%", "/so"))
    };
    let missing =
        NumberCard { figure: Figure::missing("Không có số liệu từ tháng 8: chưa nhận danh sách"), ..card.clone() };
    with_texts(Lang::Vi, |l| {
        insta::assert_snapshot!(lines(&card.html(l)));
        let html = missing.html(l).to_string();
        assert!(!html.contains("<svg class=\"spark\"") && html.contains("chưa nhận danh sách"), "no drawing without a value");
    });
}

#[test]
fn tables() {
    let columns = vec![
        Column::text("Tên").sorted("?xep=ten", SortState::Ascending),
        Column::number("Người", "nghìn"),
        Column::text("Vẽ").hidden(),
    ];
    let table =
        Table::new("t", "Bảng mẫu", columns).empty(empty_state("Không có ai", "Lọc: tổ 7.", Some(&Link::new("Bỏ lọc", "/viec"))));
    with_texts(Lang::Vi, |l| {
        let full = table.clone().rows([
            Row::new(vec![Cell::link("<Một>", "/1").note("1988"), Cell::number(l, 1234), Cell::default()]).selected(true),
            Row::gap("⋮"),
        ]);
        let full = full.total(vec![Cell::text("Cộng"), Cell::figure(l.number(1234), "/viec"), Cell::default()]);
        insta::assert_snapshot!(
            [full.html(l), full.worklist().html(l), table.html(l)].iter().map(lines).collect::<Vec<_>>().join("\n\n")
        );
    });
}

#[test]
fn boxes_stand_before_the_head_of_their_row_and_are_sent_with_a_form_elsewhere() {
    let pick =
        |ticked| Pick {
            form: "chon".to_owned(), name: "hs-1".to_owned(), label: "Chọn hồ sơ ở dòng 1".to_owned(), ticked
        };
    let table = Table::new("t", "Bảng mẫu", vec![Column::text("Tên"), Column::text("Hạn")]);
    let row = |ticked| Row::new(vec![Cell::text("Một"), Cell::text("Hai")]).pick(Some(pick(ticked)));
    with_texts(Lang::Vi, |l| {
        let html = table.clone().rows([row(true), Row::group(Cell::text("Tổ 3")), row(false)]).worklist().html(l).to_string();
        let input = "<input type=\"checkbox\" form=\"chon\" name=\"hs-1\" value=\"1\" aria-label=\"Chọn hồ sơ ở dòng 1\"";
        assert!(
            html.contains(&format!("<td role=\"cell\" class=\"pick\">{input} checked></td><th role=\"rowheader\"")),
            "{html}"
        );
        assert!(html.contains(&format!("{input}></td><th role=\"rowheader\"")), "{html}");
        assert!(html.contains("scope=\"rowgroup\" colspan=\"3\""), "{html}");
        let without = table.rows([Row::new(vec![Cell::text("Một"), Cell::text("Hai")])]).html(l).to_string();
        assert!(!without.contains("pick"), "a table without boxes has no column for them");
    });
}

#[test]
fn forms_and_filters() {
    with_texts(Lang::En, |l| {
        let field =
            Field::new("id", "Number", Control::Digits).value("\"12").hint("Twelve digits").error(Some("11 digits".to_owned()));
        let bar = FilterBar {
            chips: vec![Chip { text: "Hà Đông".to_owned(), remove_href: "/?a=1".to_owned() }],
            sentence: "Two people.".to_owned(),
            ..FilterBar::default()
        };
        let pager = Pager { summary: "1 to 50".to_owned(), next: Some("?after=x".to_owned()), ..Pager::default() };
        let off = Button::submit("Sign", ButtonKind::Primary).unavailable("The head must agree first");
        let parts =
            [ErrorSummary::of(std::slice::from_ref(&field)).html(l), field.html(l), bar.html(l), pager.html(l), off.html()];
        insta::assert_snapshot!(parts.iter().map(lines).collect::<Vec<_>>().join("\n\n"));
        assert!(ErrorSummary::default().html(l).is_empty());
    });
}

#[test]
fn comparison() {
    let row = |field: &str, left: Option<&str>, right: Option<&str>, verdict| CompareRow {
        field: field.to_owned(),
        left: left.map(str::to_owned),
        right: right.map(str::to_owned),
        verdict,
    };
    let comparison = Comparison {
        id: "c".to_owned(),
        caption: "Hai bản ghi".to_owned(),
        left: "A".to_owned(),
        right: "B".to_owned(),
        rows: vec![
            row("Số", Some("4417"), Some("4471"), Status::warn("Đảo hai số cuối")),
            row("Nơi ở", None, Some("x"), Status::neutral("Thiếu")),
        ],
    };
    with_texts(Lang::Vi, |l| insta::assert_snapshot!(lines(&comparison.html(l))));
}
