//! The dossier of a visit as it was sent: its head and its cost lines.

use std::collections::{BTreeMap, BTreeSet};

use base::{Amount, Dong, PersonalId};
use claimfile::{Moment, TableId, parse_birth, parse_day, parse_time};
use web::component::{Cell, Column, Panel, Row, Status, Table, definition_list, empty_state};
use web::{Locale, SafeHtml, tag};

use super::{Audit, words};
use crate::formats::Formats;
use crate::store::StoredVisit;

/// Lines shown before the rest is folded away; marked ones are always shown.
const LINES_SHOWN: usize = 60;
/// Tables with cost lines.
pub(crate) const COSTS: [TableId; 2] = [TableId::XML2, TableId::XML3];

/// The cells of a dossier by the names of their columns.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'v> {
    formats: &'v Formats,
    visit: &'v StoredVisit,
}

impl<'v> Cells<'v> {
    /// Over a dossier.
    pub(crate) fn new(formats: &'v Formats, visit: &'v StoredVisit) -> Self {
        Self { formats, visit }
    }

    /// Rows of a table.
    pub(crate) fn rows(&self, table: TableId) -> usize {
        self.visit.tables.iter().find(|one| one.table == table).map_or(0, |one| one.rows.len())
    }

    /// A cell without blanks around it; nothing for one that was left empty.
    pub(crate) fn get(&self, table: TableId, row: usize, column: &str) -> Option<&'v str> {
        let place = self.formats.forms.get(table)?.column(column)?;
        let rows = &self.visit.tables.iter().find(|one| one.table == table)?.rows;
        rows.get(row)?.get(place)?.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// A cell of the visit's own row.
    pub(crate) fn own(&self, column: &str) -> Option<&'v str> {
        self.get(TableId::XML1, 0, column)
    }

    /// Money of a cell in whole đồng, rounded half away from zero.
    pub(crate) fn dong(&self, table: TableId, row: usize, column: &str) -> Option<Dong> {
        self.get(table, row, column).and_then(|text| Amount::parse(text).ok()).and_then(Amount::to_dong)
    }

    /// Asked from the fund for the visit as a whole.
    pub(crate) fn asked(&self) -> Dong {
        self.dong(TableId::XML1, 0, "T_BHTT").unwrap_or_default()
    }

    /// Asked from the fund for a line; for the visit where the finding is about no line.
    pub(crate) fn asked_of(&self, table: Option<&str>, line: Option<i64>) -> Dong {
        let place = table.and_then(TableId::parse).filter(|table| COSTS.contains(table)).zip(line);
        match place {
            Some((table, line)) => {
                let row = usize::try_from(line).ok().and_then(|line| line.checked_sub(1));
                row.and_then(|row| self.dong(table, row, "T_BHTT")).unwrap_or_default()
            }
            None => self.asked(),
        }
    }

    /// Name of a cost line.
    pub(crate) fn line_name(&self, table: &str, line: i64) -> Option<&'v str> {
        let table = TableId::parse(table)?;
        let row = usize::try_from(line).ok()?.checked_sub(1)?;
        let names: &[&str] = if table == TableId::XML2 { &["TEN_THUOC"] } else { &["TEN_DICH_VU", "TEN_VAT_TU"] };
        names.iter().find_map(|name| self.get(table, row, name))
    }
}

/// What the head of a sheet shows, without who it is about. `hides`: without the diagnosis and what tells it, the department and the outcome.
pub(super) fn head(audit: &Audit, l: Locale, visit: &StoredVisit, facility: &str, (reveals, hides): (bool, bool)) -> SafeHtml {
    let lists = &audit.formats.lists;
    let cells = Cells::new(&audit.formats, visit);
    let text = |text: &str| SafeHtml::text(text);
    let listed = |column: &str, list: &str| cells.own(column).map(|code| text(&words::code(l, lists, list, code)));
    let time = |column: &str| cells.own(column).and_then(|text| when(l, text));
    let sent = match visit.versions {
        0 | 1 => visit.ma_lk.clone(),
        n => l.t_args("claims-sent-again", &[("key", visit.ma_lk.as_str().into()), ("n", n.into())]),
    };
    let (from, to) = (time("NGAY_VAO"), time("NGAY_RA"));
    let mut items = vec![(l.t("claims-facility"), text(facility))];
    let mut add = |label: String, value: Option<SafeHtml>| items.extend(value.map(|value| (label, value)));
    // A row of a sheet may have neither MA_LK nor a number of the portal.
    add(l.t("claims-ma-lk"), Some(text(&sent)).filter(|_| !sent.is_empty()));
    // Of the file that brought it, as it was on the day it was taken in.
    add(l.t("claims-signature"), visit.signature.as_ref().map(|of| words::signature(l, &of.answer, of.covers.as_deref()).html()));
    add(l.t("claims-care-form"), listed("MA_LOAI_KCB", "ma_loai_kcb"));
    add(l.t("claims-arrived"), from.as_ref().map(|(_, said)| text(said)));
    add(l.t("claims-ended"), to.map(|(_, said)| text(&said)));
    let open = |value: Option<SafeHtml>| value.filter(|_| !hides);
    add(l.t("claims-department"), open(cells.own("MA_KHOA").map(text)));
    add(l.t("claims-patient"), Some(patient(audit, l, &cells, from.map(|(at, _)| at))));
    add(l.t("claims-diagnosis"), Some(if hides { hidden(l) } else { diagnosis(l, &cells) }));
    add(l.t("claims-category"), listed("MA_DOITUONG_KCB", "ma_doituong_kcb"));
    add(l.t("claims-outcome"), open(listed("KET_QUA_DTRI", "ket_qua_dtri")));
    add(l.t("claims-discharge"), open(listed("MA_LOAI_RV", "ma_loai_rv")));
    add(l.t("claims-total-bh"), cells.dong(TableId::XML1, 0, "T_TONGCHI_BH").map(|sum| text(&l.dong(sum))));
    add(l.t("claims-column-billed"), Some(tag("b").text(&l.dong(cells.asked())).html()));
    if reveals {
        add(l.t("claims-name"), cells.own("HO_TEN").map(text));
        let id = cells.own("SO_CCCD").and_then(|id| PersonalId::parse(id).ok()).map(PersonalId::masked);
        add(l.t("claims-id"), id.map(|id| text(&id)));
        add(l.t("claims-card"), cells.own("MA_THE_BHYT").map(|card| text(&masked_card(card))));
    }
    Panel::new(l.t("claims-head"), definition_list(false, items)).html()
}

/// A moment and how it is said; sheets may tell the day alone.
fn when(l: Locale, text: &str) -> Option<(Moment, String)> {
    if let Some(at) = parse_time(text) {
        return Some((at, moment(l, at)));
    }
    parse_day(text).map(|day| (Moment { day, minute: 0 }, l.date(day)))
}

/// "Nữ, 54 tuổi".
fn patient(audit: &Audit, l: Locale, cells: &Cells, from: Option<Moment>) -> SafeHtml {
    let sex = cells.own("GIOI_TINH").map(|code| words::code(l, &audit.formats.lists, "gioi_tinh", code));
    let years = cells.own("NGAY_SINH").and_then(parse_birth).zip(from).map(|((year, day), from)| {
        let years = day.map_or(from.day.year() - year, |day| day.age_on(from.day));
        l.t_args("claims-age", &[("n", i64::from(years).into())])
    });
    SafeHtml::text(&[sex, years].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Stands where a protected disease would be told.
fn hidden(l: Locale) -> SafeHtml {
    Status::neutral(l.t("claims-protected-diagnosis")).html()
}

/// The diagnosis, main and accompanying.
fn diagnosis(l: Locale, cells: &Cells) -> SafeHtml {
    let others = || cells.own("MA_BENH_KT").into_iter().flat_map(|codes| codes.split(';'));
    let main = cells.own("MA_BENH_CHINH").unwrap_or_default();
    let words = cells.own("CHAN_DOAN_RV").unwrap_or_default();
    let more: Vec<&str> = others().map(str::trim).filter(|code| !code.is_empty()).collect();
    let mut text = format!("{main} {words}").trim().to_owned();
    if !more.is_empty() {
        text.push_str(&l.t_args("claims-diagnosis-more", &[("codes", more.join(", ").into())]));
    }
    SafeHtml::text(&text)
}

/// `DN4••••••••••23`: the letters of the group and the last two digits of each card.
fn masked_card(cards: &str) -> String {
    let masked = cards.split(';').map(str::trim).filter(|card| card.is_ascii() && card.len() > 5).map(|card| {
        let (begin, end) = (&card[..3], &card[card.len() - 2..]);
        format!("{begin}{}{end}", "•".repeat(card.len() - 5))
    });
    masked.collect::<Vec<_>>().join("; ")
}

fn moment(l: Locale, at: Moment) -> String {
    format!("{} {:02}:{:02}", l.date(at.day), at.minute / 60, at.minute % 60)
}

/// The cost lines, those with findings marked. `marked`: titles of rules by table and row; `hides`: without codes, names and groups; `all`: nothing is
/// folded away.
pub(super) fn lines(
    audit: &Audit,
    l: Locale,
    visit: &StoredVisit,
    (marked, hides): (&BTreeMap<(String, i64), BTreeSet<String>>, bool),
    all: Option<String>,
) -> SafeHtml {
    let cells = Cells::new(&audit.formats, visit);
    let head = vec![
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-line-code")),
        Column::text(l.t("claims-line-name")),
        Column::text(l.t("claims-line-day")),
        Column::number(l.t("claims-quantity"), ""),
        Column::number(l.t("claims-price"), ""),
        Column::number(l.t("claims-line-bh"), ""),
        Column::number(l.t("claims-column-billed"), ""),
        Column::text(l.t("claims-line-found")),
    ];
    let (mut rows, mut left, mut sum) = (Vec::new(), 0_usize, Dong::ZERO);
    for table in COSTS {
        for row in 0..cells.rows(table) {
            let number = i64::try_from(row + 1).unwrap_or(i64::MAX);
            sum = sum.checked_add(cells.dong(table, row, "T_BHTT").unwrap_or_default()).unwrap_or(sum);
            let rules = marked.get(&(table.word(), number));
            if rules.is_none() && all.is_some() && rows.len() >= LINES_SHOWN {
                left += 1;
                continue;
            }
            rows.push(line(audit, l, &cells, (table, row, hides), rules));
        }
    }
    let foot = match (&all, left) {
        (Some(href), 1..) => {
            let words = l.t_args("claims-lines-left", &[("n", left.into())]);
            tag("a").href(href).text(&words).html()
        }
        _ => SafeHtml::text(&l.t("claims-lines-foot")),
    };
    let title = l.t("claims-lines");
    let empty = empty_state(&l.t("claims-lines-none"), &l.t("claims-lines-none-why"), None);
    let mut table = Table::new("dong-chi-phi", title.clone(), head).rows(rows).empty(empty).dense();
    if left == 0 {
        let blank = || Cell::text("");
        let total = Cell::text(l.dong(sum));
        let words = Cell::text(l.t("claims-lines-sum"));
        table = table.total(vec![words, blank(), blank(), blank(), blank(), blank(), blank(), total, blank()]);
    }
    Panel::flush(title, table.html(l)).foot(foot).html()
}

fn line(
    audit: &Audit,
    l: Locale,
    cells: &Cells,
    (table, row, hides): (TableId, usize, bool),
    rules: Option<&BTreeSet<String>>,
) -> Row {
    let number = i64::try_from(row + 1).unwrap_or(i64::MAX);
    let drug = table == TableId::XML2;
    let get = |column: &str| cells.get(table, row, column);
    let code = if drug { get("MA_THUOC") } else { get("MA_VAT_TU").or_else(|| get("MA_DICH_VU")) };
    let price = if drug { get("DON_GIA") } else { get("DON_GIA_BH") };
    let group = get("MA_NHOM").map(|code| words::code(l, &audit.formats.lists, "ma_nhom", code));
    let money = |column: &str| cells.dong(table, row, column).map(|sum| l.dong(sum)).unwrap_or_default();
    let day = get("NGAY_YL").and_then(parse_time).map(|at| moment(l, at));
    let found = match rules {
        Some(rules) => {
            let titles = rules.iter().cloned().collect::<Vec<_>>().join("; ");
            Cell::status(&Status::warn(l.t("claims-line-marked"))).note(titles)
        }
        None => Cell::text(""),
    };
    let word = table.word();
    let (code, name) = match hides {
        true => (Cell::text(""), Cell::status(&Status::neutral(l.t("claims-protected-line")))),
        false => {
            let name = cells.line_name(&word, number).unwrap_or_default();
            (Cell::text(code.unwrap_or_default()), Cell::text(name).note(group.unwrap_or_default()))
        }
    };
    Row::new(vec![
        Cell::text(words::line(l, Some(&word), Some(number))),
        code,
        name,
        Cell::text(day.unwrap_or_default()),
        Cell::text(get("SO_LUONG").map(|quantity| decimal(l, quantity)).unwrap_or_default()),
        Cell::text(price.map(|price| decimal(l, price)).unwrap_or_default()),
        Cell::text(money("THANH_TIEN_BH")),
        Cell::text(money("T_BHTT")),
        found,
    ])
    .selected(rules.is_some())
}

/// A decimal of the file as it is read here: `37.400`; what is none as it was sent.
fn decimal(l: Locale<'_>, sent: &str) -> String {
    let tongue = if l.lang() == web::Lang::Vi { crate::Tongue::Vi } else { crate::Tongue::En };
    base::Amount::parse(sent).map_or_else(|_| sent.to_owned(), |amount| crate::money(amount, tongue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_keeps_its_group_and_its_end() {
        assert_eq!(masked_card("DN4010123456789"), "DN4••••••••••89");
        assert_eq!(masked_card("DN4010123456789; TE1010000000001"), "DN4••••••••••89; TE1••••••••••01");
        assert_eq!(masked_card("x"), "");
    }
}
