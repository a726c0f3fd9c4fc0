//! The components of the gallery: words of status, buttons, forms, notes, lists, records.

use crate::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Columns, CompareRow, Comparison, Control, ErrorSummary, Field, FilterBar,
    Form, Icon, Link, Mark, MasterItem, Moment, NoteKind, Pager, Panel, Row, SortState, Status, Tab, Table, columns,
    definition_list, empty_state, master_list, note, progress, tabs, timeline,
};
use crate::gallery::both;
use crate::i18n::Locale;
use crate::{SafeHtml, tag};

pub(super) fn body(l: Locale<'_>) -> SafeHtml {
    SafeHtml::concat([
        tab_row(l),
        columns(Columns::Three, [type_and_status(l), buttons(l), inputs(l), jobs(l), states(l), filters(l)]),
        worklist(l),
        columns(Columns::ListMainSide, [master(l), SafeHtml::concat([columns(Columns::One, [record(l), lists(l)])]), outcome(l)]),
    ])
}

fn tab_row(l: Locale<'_>) -> SafeHtml {
    let tab = |vi: &'static str, en: &'static str, count: Option<&str>, current| Tab {
        link: Link::new(both(l, vi, en), "/thanh-phan"),
        count: count.map(str::to_owned),
        current,
    };
    tabs(
        both(l, "Các trang của địa bàn", "Pages of this place"),
        &[
            tab("Tổng hợp", "Summary", None, true),
            tab("Danh sách", "List", Some("412"), false),
            tab("Nhật ký", "Log", None, false),
        ],
    )
}

fn type_and_status(l: Locale<'_>) -> SafeHtml {
    let words = [
        Status::ok(both(l, "Đúng hạn", "On time")),
        Status::doing(both(l, "Đã hẹn 24/11", "Set for 24 Nov")),
        Status::warn(both(l, "Chậm 0,2 điểm", "0.2 points behind")),
        Status::bad(both(l, "Quá hạn 6 ngày", "6 days overdue")),
        Status::neutral(both(l, "Chưa liên hệ", "Not contacted")),
    ];
    let marks = "Ổ, Ữ, Ễ, Ặ, Ợ, Ỹ, ằ, ẵ, ẩ, ỗ, ự";
    let body = tag("div")
        .class("actions")
        .children(&words)
        .html()
        .then(tag("h3").text(&format!("{} {marks}", both(l, "Tiêu đề:", "Heading:"))))
        .then(tag("p").text(&format!("{} {marks}", both(l, "Thân 14/21:", "Body 14/21:"))))
        .then(tag("p").text("111.111.111 · 888.888.888"))
        .then(tag("p").class("small").text(both(
            l,
            "Chú thích: nguồn, mẫu số, ngày số liệu.",
            "Caption: source, denominator, date.",
        )))
        .then(tag("p").child(Link::new(l.number(316_661), "/viec").figure()).text(&format!(
            " / {} {}",
            l.number(8_811_473),
            both(l, "dân", "residents")
        )));
    Panel::new(both(l, "Trạng thái và chữ", "Status and type"), body).html()
}

fn buttons(l: Locale<'_>) -> SafeHtml {
    let button = |vi: &'static str, en: &'static str, kind| Button::link(both(l, vi, en), "#", kind);
    let body = tag("div").class("actions").children([
        button("Lưu, sang việc sau", "Save, next item", ButtonKind::Primary),
        button("In", "Print", ButtonKind::Default).icon(Icon::Print),
        button("Hoàn lại", "Undo", ButtonKind::Quiet).icon(Icon::Undo),
        button("Đề nghị từ chối", "Propose refusal", ButtonKind::Danger),
        button("Ký ban hành", "Sign", ButtonKind::Default).unavailable(both(
            l,
            "Cần trưởng phòng duyệt trước",
            "The head of the section must agree first",
        )),
    ]);
    Panel::new(both(l, "Nút", "Buttons"), body).html()
}

fn inputs(l: Locale<'_>) -> SafeHtml {
    let fields = [
        Field::new("so-giay-to", both(l, "Số giấy tờ", "Document number"), Control::Digits).value("00109•••441").error(Some(
            both(l, "Đang có 11 chữ số. Số giấy tờ phải có 12 chữ số.", "There are 11 digits. The number must have 12.")
                .to_owned(),
        )),
        Field::new("ngay-sinh", both(l, "Ngày sinh", "Date of birth"), Control::Date)
            .hint(both(l, "Có thể chỉ nhập năm.", "The year alone will do."))
            .value("14/03/1988")
            .optional(),
        Field::new("ly-do", both(l, "Lý do", "Reason"), Control::Select(vec![Choice::new("1", both(l, "Tất cả", "All"), true)])),
        Field::new("dong-y", both(l, "Chỉ việc của tôi", "Only mine"), Control::Tick).value("1"),
    ];
    // The summary takes the focus when the page opens; in the gallery it stands beside other things.
    let summary = ErrorSummary::of(&fields).html(l);
    Panel::new(
        both(l, "Ô nhập và lỗi", "Fields and errors"),
        summary.then(tag("div").class("form").children(fields.iter().map(|f| f.html(l)))),
    )
    .html()
}

fn jobs(l: Locale<'_>) -> SafeHtml {
    let body = progress(
        l,
        both(l, "Ghép danh sách tháng 10", "Joining the October rosters"),
        5_214_880,
        8_811_473,
        both(l, "dòng", "rows"),
        both(
            l,
            "Bước 3 trong 5: so khớp. Còn khoảng 40 giây. Đóng trang vẫn chạy tiếp.",
            "Step 3 of 5: comparing. About 40 seconds left. Goes on when the page is closed.",
        ),
        Button::submit(both(l, "Dừng", "Stop"), ButtonKind::Default),
    );
    let partly = tag("p").child(tag("b").text(both(l, "Tệp quý III ", "File of quarter III "))).child(Status::warn(both(
        l,
        "Nhận một phần",
        "Taken in part",
    )));
    Panel::new(both(l, "Việc chạy lâu", "Long jobs"), body.then(partly)).html()
}

fn states(l: Locale<'_>) -> SafeHtml {
    let widen = Link::new(both(l, "Bỏ lọc", "Remove the filter"), "/viec");
    let empty = empty_state(
        both(l, "Không còn ai trong danh sách này", "Nobody is left in this list"),
        both(l, "Lọc: lý do “nhóm nhỏ”, tổ 7.", "Filter: reason “small group”, team 7."),
        Some(&widen),
    );
    let caution = note(
        NoteKind::Caution,
        both(l, "Chưa có danh mục năm 2026", "No catalogue of 2026 yet"),
        SafeHtml::text(both(l, "Không kiểm tra được 1.204 dòng. ", "1,204 rows could not be checked. "))
            .then(Link::new(both(l, "Nạp danh mục", "Load it"), "/nap")),
    );
    let failed = note(
        NoteKind::Error,
        both(l, "Không đọc được danh sách", "The roster could not be read"),
        SafeHtml::text(both(
            l,
            "Số liệu dưới đây là của 06:00 hôm qua. Mã lỗi DX-104. ",
            "The figures below are of 06:00 yesterday. Code DX-104. ",
        ))
        .then(Link::new(both(l, "Thử lại", "Try again"), "/lai")),
    );
    let info = note(
        NoteKind::Info,
        "",
        both(l, "Danh sách cập nhật lúc 06:00 mỗi ngày.", "The list is brought up to date at 06:00 each day."),
    );
    Panel::new(both(l, "Trống, lỗi, ghi chú", "Empty, errors, notes"), SafeHtml::concat([empty, caution, failed, info])).html()
}

fn filters(l: Locale<'_>) -> SafeHtml {
    let chip = |vi: &'static str, en: &'static str| Chip { text: both(l, vi, en).to_owned(), remove_href: "/viec".to_owned() };
    let more = Form {
        action: "/viec".to_owned(),
        reads: true,
        body: Field::new("to", both(l, "Tổ dân phố", "Neighbourhood"), Control::Text).optional().html(l),
        buttons: vec![Button::submit(both(l, "Lọc", "Filter"), ButtonKind::Default)],
        ..Form::default()
    };
    let bar = FilterBar {
        chips: vec![chip("Phường Hà Đông", "Hà Đông ward"), chip("Thẻ hết hạn", "Card expired")],
        sentence: both(l, "2.418 người ở Phường Hà Đông có thẻ hết hạn.", "2,418 people in Hà Đông ward have an expired card.")
            .to_owned(),
        more: more.html(),
    };
    let english = tag("p").attr("lang", "en").text(&format!(
        "{} · {}",
        crate::format::dong(crate::Lang::En, base::Dong::new(1_234_567)),
        "96.41%"
    ));
    Panel::new(both(l, "Lọc đọc được thành câu", "Filters read as a sentence"), bar.html(l).then(english)).html()
}

fn worklist(l: Locale<'_>) -> SafeHtml {
    let people = [
        ("Nguyễn Văn Mẫu", 1988, Status::doing(both(l, "Đã hẹn 24/11", "Set for 24 Nov")), both(l, "30/11/2026", "30 Nov 2026")),
        ("Phạm Thị Thí Dụ", 1964, Status::bad(both(l, "Quá hạn 2 ngày", "2 days overdue")), both(l, "18/11/2026", "18 Nov 2026")),
        (
            "Trần Minh Giả Định",
            2011,
            Status::neutral(both(l, "Chưa liên hệ", "Not contacted")),
            both(l, "25/11/2026", "25 Nov 2026"),
        ),
        ("Vũ Thị Ví Dụ", 1979, Status::ok(both(l, "Đã tham gia 17/11", "Joined 17 Nov")), ""),
    ];
    let rows = people.into_iter().enumerate().map(|(at, (name, year, status, due))| {
        Row::new(vec![
            Cell::link(name, "/viec/1").note(year.to_string()),
            Cell::text(both(l, "Hết hạn 31/08", "Ran out on 31 Aug")).note(both(l, "Sổ thẻ", "Card register")),
            Cell::text("Lê Thị Mẫu"),
            Cell::status(&status),
            Cell::text(due),
        ])
        .selected(at == 1)
    });
    let table = Table::new(
        "worklist",
        both(l, "Danh sách việc", "Worklist"),
        vec![
            Column::text(both(l, "Họ tên, năm sinh", "Name, year of birth")).sorted("?xep=ten", SortState::Ascending),
            Column::text(both(l, "Vì sao có trong danh sách", "Why in the list")),
            Column::text(both(l, "Phụ trách", "Owner")),
            Column::text(both(l, "Kết quả", "Outcome")),
            Column::number(both(l, "Hạn", "Due"), "").sorted("?xep=han", SortState::None),
        ],
    )
    .rows(rows)
    .worklist();
    let pager = Pager {
        summary: both(l, "51 đến 54 trong 412, mới cập nhật 06:00", "51 to 54 of 412, updated 06:00").to_owned(),
        first: Some("?".to_owned()),
        previous: Some("?truoc=1".to_owned()),
        next: Some("?sau=1".to_owned()),
    };
    Panel::flush(both(l, "Danh sách việc", "Worklist"), table.html(l)).foot(pager.html(l)).html()
}

fn master(l: Locale<'_>) -> SafeHtml {
    let item = |name: &str, at: usize| MasterItem {
        link: Link::new(name, format!("/viec/{at}")),
        reason: both(l, "Hết hạn, chưa gia hạn", "Lapsed, not renewed").to_owned(),
        state: both(l, "Chưa liên hệ", "Not contacted").to_owned(),
        current: at == 1,
    };
    let items: Vec<MasterItem> = ["Nguyễn Văn Mẫu", "Phạm Thị Thí Dụ", "Trần Minh Giả Định", "Vũ Thị Ví Dụ"]
        .iter()
        .zip(1..)
        .map(|(n, at)| item(n, at))
        .collect();
    master_list(both(l, "Việc 1 trong 412", "Item 1 of 412"), &items, "")
}

fn record(l: Locale<'_>) -> SafeHtml {
    let row = |vi: &'static str, en: &'static str, left: Option<&str>, right: Option<&str>, verdict: Status| CompareRow {
        field: both(l, vi, en).to_owned(),
        left: left.map(str::to_owned),
        right: right.map(str::to_owned),
        verdict,
    };
    let comparison = Comparison {
        id: "records".to_owned(),
        caption: both(l, "Hai bản ghi cạnh nhau", "Two records side by side").to_owned(),
        left: both(l, "Danh sách A", "Roster A").to_owned(),
        right: both(l, "Danh sách B", "Roster B").to_owned(),
        rows: vec![
            row(
                "Họ và tên",
                "Name",
                Some("NGUYỄN VĂN MẪU"),
                Some("Nguyễn Văn Mẫu"),
                Status::ok(both(l, "Giống, khác kiểu chữ", "Same but for case")),
            ),
            row(
                "Số giấy tờ",
                "Number",
                Some("0010••••4417"),
                Some("0010••••4471"),
                Status::warn(both(l, "Đảo hai số cuối", "Last two swapped")),
            ),
            row(
                "Điện thoại",
                "Telephone",
                Some("09•• ••• 118"),
                Some("09•• ••• 562"),
                Status::warn(both(l, "Khác", "Different")),
            ),
            row("Nơi ở", "Address", None, Some("Phường Hà Đông"), Status::neutral(both(l, "Thiếu một bên", "One is missing"))),
        ],
    };
    Panel::flush(both(l, "Hai bản ghi này có phải một người?", "Are these two records one person?"), comparison.html(l))
        .aside(Status::ok(both(l, "Rất có thể, 99,94%", "Very likely, 99.94%")))
        .html()
}

fn lists(l: Locale<'_>) -> SafeHtml {
    let facts = definition_list(
        true,
        [
            (both(l, "Đã liên hệ", "Contacted").to_owned(), Link::new(l.number(1316), "/viec").figure()),
            (both(l, "Đã tham gia", "Joined").to_owned(), Link::new(l.number(487), "/viec").figure()),
        ],
    );
    let moment = |when: &str, mark, vi: &'static str, en: &'static str, detail: &str| Moment {
        when: when.to_owned(),
        mark,
        title: SafeHtml::text(both(l, vi, en)),
        detail: SafeHtml::text(detail),
    };
    let course = timeline(&[
        moment("20/10/2026", Mark::Step, "Vào danh sách", "Entered the list", ""),
        moment("12/11/2026", Mark::Money, "Đã nộp một phần", "Paid in part", "GNT 118"),
        moment("19/11/2026", Mark::Legal, "Sang bước sau theo luật", "Next step by law", ""),
        moment("24/11/2026", Mark::Coming, "Hẹn gặp", "Appointment", ""),
    ]);
    columns(
        Columns::Two,
        [
            Panel::new(both(l, "Tháng 10 làm được gì", "Done in October"), facts).html(),
            Panel::new(both(l, "Đã làm", "History"), course).html(),
        ],
    )
}

fn outcome(l: Locale<'_>) -> SafeHtml {
    let date = Field::new("ngay-hen", both(l, "Ngày hẹn", "Date"), Control::Date).value("24/11/2026").html(l);
    let choices = vec![
        Choice::new("hen", both(l, "Đã liên hệ, hẹn lại", "Contacted, appointment set"), true).inside(date),
        Choice::new("xong", both(l, "Đã tham gia", "Joined"), false).hint(both(
            l,
            "Hệ thống kiểm tra lại với sổ",
            "Checked again against the register",
        )),
        Choice::new("khac", both(l, "Không phải cùng một người", "Not the same person"), false).hint(both(
            l,
            "Tách liên kết; hoàn lại được",
            "Splits the link; can be undone",
        )),
    ];
    let form = Form {
        action: "/viec/1".to_owned(),
        hidden: vec![("tx".to_owned(), "sample".to_owned())],
        body: Field::new("ket-qua", both(l, "Kết quả", "Outcome"), Control::Radios(choices))
            .html(l)
            .then(Field::new("ghi-chu", both(l, "Ghi chú", "Note"), Control::Lines).optional().html(l)),
        buttons: vec![Button::submit(both(l, "Lưu, sang việc sau", "Save, next item"), ButtonKind::Primary).busy(both(
            l,
            "Đang lưu…",
            "Saving…",
        ))],
        ..Form::default()
    };
    Panel::new(both(l, "Ghi kết quả", "Record the outcome"), form).html()
}
