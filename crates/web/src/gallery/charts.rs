//! The charts of the gallery: cards with sparklines, map with ranking, reasons, waterfall.

use base::Month;

use crate::chart::{
    ChartFigure, Fill, Legend, LegendLine, MapTile, Readout, ReasonBar, ReasonPart, Sparkline, TileClass, TileMap, Waterfall,
    WaterfallPart, deviation_bar, share_bar,
};
use crate::component::{
    Align, Cell, Column, Columns, Figure, FigureStrip, Link, NumberCard, Panel, Row, SortState, Status, Table, TargetLine,
    TaskItem, columns, heading, task_list,
};
use crate::gallery::both;
use crate::i18n::Locale;
use crate::{Percent, Points, SafeHtml, format};

pub(super) fn body(l: Locale<'_>) -> SafeHtml {
    let cards = columns(Columns::Three, [card(l, 1), card(l, 2), card(l, 3), missing_card(l), card(l, 5), card(l, 6)]);
    SafeHtml::concat([
        heading(
            2,
            both(l, "6 chỉ tiêu", "6 indicators"),
            both(l, "Bấm vào số nào, danh sách đứng sau số ấy mở ra.", "Each figure opens the rows it counts."),
        ),
        columns(Columns::MainSide, [cards, tasks(l)]),
        strip(l),
        columns(Columns::MapSide, [map_panel(l), ranking(l)]),
        reasons(l),
        columns(Columns::Two, [waterfall_panel(l), gaps(l)]),
    ])
}

/// A course that climbs or falls with small waves, the same at every call.
fn course(from: f64, to: f64) -> Vec<Option<f64>> {
    (0..34u8).map(f64::from).map(|n| Some(from + (to - from) * n / 33.0 + ((n * 1.7).sin() * 0.04 * (to - from)))).collect()
}

fn card(l: Locale<'_>, order: u32) -> SafeHtml {
    let (value, from, year, last, status) = match order {
        1 => (Percent(9641), 93.0, 96.75, Some(100.0), Status::warn(both(l, "Chậm 0,2 điểm", "0.2 points behind"))),
        2 => (Percent(5018), 44.0, 50.5, Some(60.0), Status::ok(both(l, "Đúng lộ trình", "On track"))),
        3 => (Percent(392), 2.6, 5.0, Some(10.0), Status::bad(both(l, "Chậm 0,8 điểm", "0.8 points behind"))),
        5 => (Percent(684), 9.1, 6.4, None, Status::warn(both(l, "Chậm 0,3 điểm", "0.3 points behind"))),
        _ => (Percent(8860), 82.0, 88.5, Some(90.0), Status::ok(both(l, "Vượt 0,1 điểm", "0.1 points ahead"))),
    };
    let month = |year, number| Month::new(year, number);
    let (Some(start), Some(december), Some(target), Some(end)) =
        (month(2024, 1), month(2025, 12), month(2026, 12), month(2030, 12))
    else {
        return SafeHtml::empty();
    };
    let mut actual = course(from, value.for_chart());
    if order == 6 {
        actual.iter_mut().skip(12).take(4).for_each(|v| *v = None);
    }
    let base = actual.get(23).copied().flatten().unwrap_or(from);
    let path = [(december, base), (target, year)].into_iter().chain(last.map(|v| (end, v))).collect();
    let name = both(l, "Tỷ lệ tham gia, nhóm", "Participation, group");
    NumberCard {
        order: Some(order),
        status: Some(status.clone()),
        spark: Some(Sparkline {
            title: format!("{name} {order}"),
            verdict: status.words,
            from: start,
            actual,
            path,
            forecast: None,
            until: end,
            decimals: 2,
        }),
        targets: vec![
            TargetLine::new(
                both(l, "Chỉ tiêu 2026", "Target 2026"),
                format::percent_figure(l.lang(), Percent((year * 100.0) as i64)),
            ),
            TargetLine::new("2030", last.map_or(both(l, "theo dõi", "followed").to_owned(), |v| l.number(v as i64))),
        ],
        numerator: Some(Link::new(l.number(8_494_812), "/so")),
        denominator: Some(Link::new(l.number(8_811_473), "/mau-so")),
        counted: both(l, "dân", "residents").to_owned(),
        action: Some(Link::new(both(l, "316.661 người chưa tham gia", "316,661 people to reach"), "/viec")),
        ..NumberCard::new(format!("{name} {order}"), Figure::known(l.percent_figure(value), "%", "/so"))
    }
    .html(l)
}

fn missing_card(l: Locale<'_>) -> SafeHtml {
    let reason = both(
        l,
        "Không có số liệu từ tháng 8: chưa nhận danh sách của Thuế",
        "No figures since August: the tax roster has not arrived",
    );
    NumberCard {
        order: Some(4),
        status: Some(Status::neutral(both(l, "Không có số liệu", "No figures"))),
        targets: vec![TargetLine::new(both(l, "Chỉ tiêu 2026", "Target 2026"), l.percent_figure(Percent(4620)))],
        action: Some(Link::new(both(l, "Nhắc đơn vị gửi danh sách", "Remind the sender"), "/nhac")),
        ..NumberCard::new(both(l, "Tỷ lệ tham gia, nhóm 4", "Participation, group 4"), Figure::missing(reason))
    }
    .html(l)
}

fn tasks(l: Locale<'_>) -> SafeHtml {
    let task = |count: Option<i64>, vi: &'static str, en: &'static str, detail: &str, status: Status| TaskItem {
        count: count.map(|n| l.number(n)),
        link: Link::new(both(l, vi, en), "/viec"),
        detail: detail.to_owned(),
        status,
    };
    let list = task_list(&[
        task(
            Some(3),
            "nhiệm vụ quá hạn",
            "tasks overdue",
            "2a · 5d · 7c",
            Status::bad(both(l, "Quá hạn 6 ngày", "6 days overdue")),
        ),
        task(
            Some(41),
            "cảnh báo chưa trả lời",
            "warnings without answer",
            "",
            Status::warn(both(l, "9 sắp hết hạn", "9 due soon")),
        ),
        task(
            Some(8120),
            "giấy tờ hết hạn trong 30 ngày",
            "papers that run out within 30 days",
            "",
            Status::neutral(both(l, "Trước 20/12", "By 20 Dec")),
        ),
        task(
            None,
            "Gửi danh sách rà soát tháng 10",
            "Send the October review list",
            "",
            Status::doing(both(l, "Hẹn 25/11", "Set for 25 Nov")),
        ),
    ]);
    Panel::flush(both(l, "Cần xử lý hôm nay", "To do today"), list)
        .aside(both(l, "Thứ Sáu, 20/11", "Friday, 20 Nov"))
        .foot(Link::new(both(l, "Xem cả 64 việc", "All 64 items"), "/viec"))
        .html()
}

fn strip(l: Locale<'_>) -> SafeHtml {
    let figures = [
        (9636, "Chậm 0,7 điểm", "0.7 points behind"),
        (5280, "Vượt 0,7 điểm", "0.7 points ahead"),
        (1420, "Đúng lộ trình", "On track"),
    ];
    let card = |(at, (value, vi, en)): (usize, (i64, &'static str, &'static str))| NumberCard {
        status: Some(if at == 0 { Status::warn(both(l, vi, en)) } else { Status::ok(both(l, vi, en)) }),
        targets: vec![TargetLine::new(both(l, "chỉ tiêu", "target"), l.percent_figure(Percent(9708)))],
        numerator: Some(Link::new(l.number(178_463), "/so")),
        denominator: Some(Link::new(l.number(185_205), "/mau-so")),
        ..NumberCard::new(both(l, "Số mẫu", "Sample figure"), Figure::known(l.percent(Percent(value)), "", "/so"))
    };
    FigureStrip { cards: figures.into_iter().enumerate().map(card).collect() }.html()
}

/// Invented difference of a place, from its place in the file: about normal around -0.5 points.
fn difference(at: usize) -> Points {
    let n = (at as i64 * 7919 + 104_729) % 1000;
    let m = (at as i64 * 6007 + 3571) % 1000;
    Points((n + m - 1000) * 33 / 100 - 12)
}

fn places() -> Vec<base::places::Commune> {
    const COMMUNES: &str = include_str!("../../../../formats/places/communes.csv");
    base::places::Places::from_csv(COMMUNES, "").map(|places| places.communes().to_vec()).unwrap_or_default()
}

fn full_name(place: &base::places::Commune) -> String {
    let mut kind = place.kind.chars();
    let first: String = kind.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{} {}", kind.as_str(), place.name)
}

fn map_panel(l: Locale<'_>) -> SafeHtml {
    let tiles: Vec<MapTile> = places()
        .iter()
        .enumerate()
        .map(|(at, place)| {
            let short = difference(at);
            let share = Percent(9708 + short.0);
            let class = if at == 77 { TileClass::Unknown } else { TileClass::of(short) };
            MapTile {
                code: place.code.as_str().to_owned(),
                name: full_name(place),
                col: i32::from(place.tile.col),
                row: i32::from(place.tile.row),
                lines: place.tile.lines.clone(),
                abbr: place.tile.abbr.clone(),
                inside: place.kind == "phường",
                class,
                spoken: format!("{}, {}", l.percent(share), l.points(short, 1)),
                facts: vec![format!("{}, {} {}", l.percent(share), both(l, "chỉ tiêu", "target"), l.percent(Percent(9708)))],
                href: format!("/xa-phuong/{}", place.code.as_str()),
            }
        })
        .collect();
    let words = [
        (TileClass::M1, both(l, "thiếu từ 2", "short by 2 or more")),
        (TileClass::M2, both(l, "thiếu 0,5 đến 2", "short by 0.5 to 2")),
        (TileClass::M3, both(l, "thiếu dưới 0,5", "short by under 0.5")),
        (TileClass::M4, both(l, "đạt, đến 1", "on target, to 1")),
        (TileClass::M5, both(l, "vượt từ 1", "ahead by 1 or more")),
        (TileClass::Unknown, both(l, "không có số liệu", "no figures")),
    ];
    let legend = words.into_iter().map(|(class, words)| LegendLine {
        class,
        words: words.to_owned(),
        count: Link::new(tiles.iter().filter(|t| t.class == class).count().to_string(), "/xa-phuong"),
    });
    let map = TileMap {
        id: "map".to_owned(),
        title: both(l, "So với chỉ tiêu 2026, theo xã, phường", "Against the 2026 target, by commune").to_owned(),
        description: both(l, "126 ô, số mẫu.", "126 tiles, invented figures.").to_owned(),
        legend: Legend { title: both(l, "Chênh so với chỉ tiêu 2026, điểm %", "Difference to target, % points").to_owned(), lines: legend.collect() },
        readout: Readout {
            title: both(l, "Ô đang chọn", "Selected tile").to_owned(),
            open: both(l, "Mở trang phường (Enter)", "Open the page (Enter)").to_owned(),
        },
        selected: Some("09556".to_owned()),
        table_id: "ranking".to_owned(),
        caption: both(
            l,
            "Mỗi ô một xã, phường, xếp gần vị trí thật; màu chỉ mức chênh, không chỉ diện tích. Viền đậm: 51 phường. Phím mũi tên để đi giữa các ô.",
            "One tile a commune, near its true place; colour shows the difference, not area. Outline: 51 wards. Arrow keys walk between tiles.",
        )
        .to_owned(),
        tiles,
    };
    let segments = crate::tag("ul")
        .class("segments")
        .child(crate::tag("li").child(crate::tag("a").href("?do=ty-le").text(both(l, "Tỷ lệ", "Share"))))
        .child(crate::tag("li").child(crate::tag("a").href("?do=chenh").attr("aria-current", "true").text(both(
            l,
            "So với chỉ tiêu",
            "Against target",
        ))));
    Panel::new(map.title.clone(), map.html(l)).aside(segments).html()
}

fn ranking(l: Locale<'_>) -> SafeHtml {
    let mut rows: Vec<(String, Points)> = places().iter().enumerate().map(|(at, p)| (full_name(p), difference(at))).collect();
    rows.sort_by_key(|(name, d)| (d.0, crate::text_sort_key(name)));
    let largest = rows.iter().map(|r| r.1.0.abs()).max().unwrap_or(1) as f64;
    let count = rows.len();
    let row = |(at, (name, d)): (usize, &(String, Points))| {
        Row::new(vec![
            Cell::link(name.clone(), "/xa-phuong"),
            Cell::text(l.percent_figure(Percent(9708 + d.0))),
            Cell::html(deviation_bar(d.0 as f64 / largest, TileClass::of(*d))),
            Cell::text(l.points_figure(*d, 1)),
            Cell::figure(l.number(1333), "/viec"),
        ])
        .selected(at == 9)
    };
    let shown: Vec<Row> = rows.iter().enumerate().filter(|(at, _)| *at < 12).map(row).collect();
    let tail = rows.iter().enumerate().filter(|(at, _)| *at >= count.saturating_sub(6)).map(row);
    let table = Table::new(
        "ranking",
        both(l, "Xã, phường theo mức chênh so với chỉ tiêu", "Communes by difference to target"),
        vec![
            Column::text(both(l, "Xã, phường", "Commune")).sorted("?xep=ten", SortState::None),
            Column::number(both(l, "Hiện có", "Actual"), "%"),
            Column::text(both(l, "Mức chênh, vẽ", "Difference, drawn")).hidden(),
            Column::number(both(l, "Chênh", "Difference"), both(l, "điểm", "points")).sorted("?xep=chenh", SortState::Ascending),
            Column { align: Align::Right, ..Column::number(both(l, "Cần thêm", "Needed"), both(l, "người", "people")) },
        ],
    )
    .rows(shown.into_iter().chain([Row::gap("⋮")]).chain(tail))
    .dense();
    Panel::flush(both(l, "Xếp theo mức chênh", "Ranking"), table.html(l))
        .aside(both(l, "126 xã, phường", "126 communes"))
        .foot(Link::new(both(l, "Mở cả 126 dòng", "Open all 126 rows"), "/xa-phuong"))
        .html()
}

fn reasons(l: Locale<'_>) -> SafeHtml {
    let words = [
        (121_480, "Hết hạn, chưa gia hạn", "Lapsed, not renewed"),
        (78_214, "Đi làm, chưa đóng", "Working, not contributing"),
        (52_370, "Chưa từng tham gia, không rõ nguồn thu", "Never joined, income unknown"),
        (31_908, "Học sinh, sinh viên", "Pupils, students"),
        (18_655, "Được hỗ trợ, chưa được cấp", "Supported, not issued"),
        (14_034, "Đang rà soát", "Under review"),
    ];
    let parts = words
        .into_iter()
        .map(|(value, vi, en)| ReasonPart { label: both(l, vi, en).to_owned(), value, href: "/viec".to_owned() })
        .collect();
    let title = both(l, "316.661 người, theo lý do chính", "316,661 people, by main reason");
    Panel::new(title, ReasonBar { id: "reasons".to_owned(), title: title.to_owned(), parts }.html(l))
        .aside(both(l, "mỗi người tính một lần", "each person counted once"))
        .html()
}

fn waterfall_panel(l: Locale<'_>) -> SafeHtml {
    let part = |vi: &'static str, en: &'static str, value: i64| WaterfallPart::new(both(l, vi, en), value);
    let chart = Waterfall {
        id: "weights".to_owned(),
        title: both(l, "Điểm liên kết cộng từ đâu, bit", "Where the match weight comes from, bits").to_owned(),
        first: part("Tỷ lệ gốc", "Prior", -22_100),
        parts: vec![
            part("Họ và tên giống", "Same name", 7_410),
            part("Ngày sinh giống", "Same birth date", 11_580),
            part("Số giấy tờ: đảo hai số cuối", "Number: two last digits swapped", 9_790),
            part("Giới tính giống", "Same sex", 1_000),
            part("Cùng phường cũ", "Same former ward", 4_120),
            part("Điện thoại khác", "Other telephone", -1_190),
        ],
        total_label: both(l, "Cộng", "Total").to_owned(),
        total_words: both(l, "= 99,94%", "= 99.94%").to_owned(),
    };
    let broken = Waterfall {
        id: "excess".to_owned(),
        title: both(l, "Từ kỳ vọng đến đã thấy", "From expected to seen").to_owned(),
        first: part("Kỳ vọng", "Expected", 1_204_000),
        parts: vec![
            part("Nhiều lượt hơn", "More visits", 41_300),
            part("Ngày dài hơn", "Longer stays", 66_250),
            part("Giá thấp hơn", "Lower prices", -12_400),
        ],
        total_label: both(l, "Đã thấy", "Seen").to_owned(),
        total_words: String::new(),
    };
    let table = |id: &str, chart: &Waterfall| {
        let (first, parts, total) = chart.printed_tenths();
        let write = |tenths: i64| Cell::text(l.thousandths(tenths * 100, 1));
        let names = [&chart.first].into_iter().chain(&chart.parts).map(|p| &p.label);
        let rows =
            names.zip([first].into_iter().chain(parts)).map(|(name, value)| Row::new(vec![Cell::text(name), write(value)]));
        Table::new(
            id,
            chart.title.clone(),
            vec![Column::text(both(l, "Phần", "Part")), Column::number(both(l, "Giá trị", "Value"), "")],
        )
        .rows(rows)
        .total(vec![Cell::text(&chart.total_label), write(total)])
    };
    let figure = |id: &str, chart: &Waterfall| {
        ChartFigure { caption: chart.title.clone(), svg: chart.svg(l), table: table(id, chart) }.html(l)
    };
    Panel::new(
        both(l, "Điểm cộng từ đâu", "Where the sum comes from"),
        figure("weights-table", &chart).then(figure("excess-table", &broken)),
    )
    .aside(both(l, "+1 là gấp đôi khả năng", "+1 doubles the odds"))
    .html()
}

fn gaps(l: Locale<'_>) -> SafeHtml {
    let lines = [
        (1508, 602, 308, "Hết hạn, chưa gia hạn", "Lapsed, not renewed"),
        (1120, 588, 228, "Đi làm, chưa đóng", "Working, not contributing"),
        (402, 511, 194, "Chưa từng tham gia", "Never joined"),
        (12, 26, 3, "Nhóm nhỏ", "Small group"),
    ];
    let rows = lines.map(|(done, given, open, vi, en)| {
        Row::new(vec![
            Cell::link(both(l, vi, en), "/viec").note(both(l, "Danh sách ngày 15/10/2026", "Roster of 15 Oct 2026")),
            Cell::figure(l.number(done + given + open), "/viec"),
            Cell::html(share_bar(&[(Fill::Solid, done), (Fill::Hatch, given), (Fill::Dots, open)], 2418)),
            Cell::number(l, done),
            Cell::number(l, given),
            Cell::number(l, open),
        ])
    });
    let table = Table::new(
        "gaps",
        both(l, "Lý do và tiến độ", "Reasons and progress"),
        vec![
            Column::text(both(l, "Lý do và nguồn", "Reason and source")),
            Column::number(both(l, "Người", "People"), ""),
            Column::text(both(l, "Tiến độ", "Progress")),
            Column::number(both(l, "Đang liên hệ", "Contacted"), ""),
            Column::number(both(l, "Đã giao", "Assigned"), ""),
            Column::number(both(l, "Chưa giao", "Open"), ""),
        ],
    )
    .rows(rows)
    .total(vec![
        Cell::text(both(l, "Cộng", "Total")),
        Cell::number(l, 5502),
        Cell::default(),
        Cell::number(l, 3042),
        Cell::number(l, 1727),
        Cell::number(l, 733),
    ]);
    Panel::flush(both(l, "Theo lý do chính", "By main reason"), table.html(l)).html()
}
