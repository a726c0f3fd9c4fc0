//! A page that shows every component and chart with invented figures, to look at and to test.

mod charts;
mod parts;

use crate::component::{Button, ButtonKind, Icon, Link, Status, audit_note};
use crate::i18n::{Lang, Locale, SHELL_TEXTS, Texts, TextsError};
use crate::page::{Brand, MenuGroup, MenuItem, Page, Search, Theme, User};
use crate::{SafeHtml, tag};

/// The gallery in a language, with the assets at their usual place.
pub fn page(lang: Lang) -> Result<String, TextsError> {
    document(lang, Theme::Auto, "/assets/")
}

/// The gallery in a language and theme, with the assets in a folder of the caller's choice.
pub fn document(lang: Lang, theme: Theme, asset_base: &str) -> Result<String, TextsError> {
    let texts = Texts::load(&SHELL_TEXTS)?;
    let l = texts.lang(lang);
    let page = Page {
        title: both(l, "Thành phần giao diện", "Components").to_owned(),
        theme,
        brand: Brand { place: both(l, "Thành phố mẫu", "Sample city").to_owned(), ..Brand::default() },
        crumbs: vec![Link::new(both(l, "Tổng quan", "Overview"), "/")],
        here: both(l, "Thành phần", "Components").to_owned(),
        menu: menu(l),
        path: "/thanh-phan?loc=1".to_owned(),
        search: Some(Search {
            action: "/tim".to_owned(),
            name: "q".to_owned(),
            value: String::new(),
            label: both(l, "Tìm người, đơn vị, hồ sơ…", "Find people, units, files…").to_owned(),
        }),
        user: Some(User {
            label: "Lê Thị Mẫu".to_owned(),
            unit: both(l, "Phường Mẫu", "Sample ward").to_owned(),
            href: "/tai-khoan".to_owned(),
        }),
        notice: both(l, "Dữ liệu mẫu, không phải người thật", "Sample data, not real people").to_owned(),
        facts: SafeHtml::text(both(l, "Mọi số đều là số mẫu · ", "All figures are invented · "))
            .then(tag("b").text(both(l, "Số liệu đến hết 31/10/2026", "Data to 31 Oct 2026")))
            .then(" · ")
            .then(Status::doing(both(l, "Đang làm", "Under way"))),
        actions: vec![
            Button::link(both(l, "In trang", "Print"), "#", ButtonKind::Default).icon(Icon::Print),
            Button::link(both(l, "Giao việc", "Assign"), "#", ButtonKind::Primary).icon(Icon::People),
        ],
        table_id: "ranking".to_owned(),
        body: SafeHtml::concat([charts::body(l), parts::body(l)]),
        audit: audit_note(
            l,
            both(
                l,
                "Bạn được giao danh sách này; mục đích: rà soát. Số giấy tờ được che. Lượt xem đã ghi lúc 09:42 20/11/2026.",
                "This list is assigned to you; purpose: review. Document numbers are masked. This view was logged at 09:42 on 20 Nov 2026.",
            ),
        ),
        foot: vec![
            both(l, "Nguồn: số mẫu", "Source: invented figures").to_owned(),
            both(l, "Lần chạy mẫu-2026-10", "Run sample-2026-10").to_owned(),
        ],
        asset_base: asset_base.to_owned(),
        ..Page::default()
    };
    Ok(page.render(l))
}

/// The sample words of a language.
pub(crate) fn both<'a>(l: Locale<'_>, vi: &'a str, en: &'a str) -> &'a str {
    match l.lang() {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

fn menu(l: Locale<'_>) -> Vec<MenuGroup> {
    let item = |vi: &'static str, en: &'static str, href: &str, icon: Icon| MenuItem::new(both(l, vi, en), href, icon);
    let group = |vi: &'static str, en: &'static str, items: Vec<MenuItem>| MenuGroup { label: both(l, vi, en).to_owned(), items };
    let waiting = MenuItem { waiting: Some(37), ..item("Hồ sơ", "Files", "/ho-so", Icon::Inbox) };
    vec![
        MenuGroup { label: String::new(), items: vec![item("Tổng quan", "Overview", "/", Icon::Home)] },
        group(
            "Địa bàn",
            "Places",
            vec![
                item("Xã, phường", "Communes", "/xa-phuong", Icon::Place),
                item("Danh sách việc", "Worklist", "/viec", Icon::People),
                item("Trường học", "Schools", "/truong", Icon::School),
                item("Hỗ trợ", "Support", "/ho-tro", Icon::Hand),
                item("Đơn vị", "Units", "/don-vi", Icon::Building),
            ],
        ),
        group(
            "Theo dõi",
            "Follow-up",
            vec![
                waiting,
                item("Thành phần", "Components", "/thanh-phan", Icon::Clipboard),
                item("Chậm hạn", "Late", "/cham", Icon::Clock),
                item("Xác nhận", "Certificates", "/xac-nhan", Icon::Stamp),
                item("Kiểm tra", "Checks", "/kiem-tra", Icon::Scales),
                item("Thẻ", "Cards", "/the", Icon::Card),
                item("Thông báo", "Notices", "/thong-bao", Icon::Bell),
            ],
        ),
        group(
            "Điều hành",
            "Steering",
            vec![
                item("Chỉ tiêu", "Targets", "/chi-tieu", Icon::Target),
                item("Mô phỏng", "Simulation", "/mo-phong", Icon::Chart),
                item("Truyền thông", "Outreach", "/truyen-thong", Icon::Speaker),
                item("Liên kết", "Links", "/lien-ket", Icon::Chain),
                item("Dữ liệu, nhật ký", "Data, log", "/du-lieu", Icon::Document),
            ],
        ),
    ]
}

#[cfg(test)]
mod tests;
