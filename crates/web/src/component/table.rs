//! Tables: caption, columns, sortable heads, total row, empty state.

use crate::component::{Link, Status};
use crate::html::{SafeHtml, Tag, tag};
use crate::i18n::Locale;

/// On which side the values of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Figures and dates.
    Right,
}

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortState {
    /// Can be sorted, is not.
    None,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A head that sorts when followed.
#[derive(Debug, Clone)]
pub struct Sort {
    /// The same list sorted by this column.
    pub href: String,
    /// How it is sorted now.
    pub state: SortState,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Name, as text.
    pub label: String,
    /// Unit under the name, e.g. "%"; empty for none.
    pub unit: String,
    /// Side.
    pub align: Align,
    /// Sorting, when there is any.
    pub sort: Option<Sort>,
    /// Whether the name is read but not seen (columns of links or drawings).
    pub hidden_label: bool,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A column of figures.
    pub fn number(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { label: label.into(), unit: unit.into(), align: Align::Right, ..Self::default() }
    }

    /// Makes the head a link that sorts.
    #[must_use]
    pub fn sorted(self, href: impl Into<String>, state: SortState) -> Self {
        Self { sort: Some(Sort { href: href.into(), state }), ..self }
    }

    /// The name is read by screen readers but not shown.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { hidden_label: true, ..self }
    }
}

/// A value of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    content: SafeHtml,
    note: String,
}

impl Cell {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::html(SafeHtml::text(text.as_ref()))
    }
    /// Any piece: a drawing, a form, several links.
    pub fn html(content: impl Into<SafeHtml>) -> Self {
        Self { content: content.into(), note: String::new() }
    }
    /// A whole number in the way of the language.
    pub fn number(l: Locale<'_>, value: i64) -> Self {
        Self::text(l.number(value))
    }
    /// A link.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::html(Link::new(text, href))
    }
    /// A figure that opens the rows it counts.
    pub fn figure(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::html(Link::new(text, href).figure())
    }
    /// A status word.
    pub fn status(status: &Status) -> Self {
        Self::html(status)
    }
    /// Adds a second, smaller line.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// A box before a row, sent with a form that stands elsewhere on the page and before the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Id of the form.
    pub form: String,
    /// Name that is sent, with the value `1`.
    pub name: String,
    /// What a screen reader says, e.g. "Chọn hồ sơ ở dòng 3".
    pub label: String,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Values in the order of the columns; the first one heads the row.
    pub cells: Vec<Cell>,
    /// Whether this is the row chosen.
    pub selected: bool,
    /// Whether it stands for rows left out ("⋮"); only the first value is read.
    pub gap: bool,
    /// Whether it heads the rows after it (a household, a village); only the first value is read.
    pub group: bool,
    /// A box before it; a table of which one row has a box has a column for them.
    pub pick: Option<Pick>,
}

impl Row {
    /// A plain row.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }

    /// Marks the row as chosen or not.
    #[must_use]
    pub fn selected(self, selected: bool) -> Self {
        Self { selected, ..self }
    }

    /// Puts a box before the row.
    #[must_use]
    pub fn pick(self, pick: Option<Pick>) -> Self {
        Self { pick, ..self }
    }

    /// A row that says some rows are left out here.
    pub fn gap(words: impl AsRef<str>) -> Self {
        Self { cells: vec![Cell::text(words)], gap: true, ..Self::default() }
    }

    /// A row that heads the rows after it.
    pub fn group(head: Cell) -> Self {
        Self { cells: vec![head], group: true, ..Self::default() }
    }
}

/// A table with caption, head, rows, total and what stands there when it is empty.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Id, unique on the page; names the region that scrolls.
    pub id: String,
    /// Caption; always there for screen readers.
    pub caption: String,
    /// Whether the caption is seen too.
    pub show_caption: bool,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Total row, one value a column.
    pub total: Option<Vec<Cell>>,
    /// What stands there when there are no rows.
    pub empty: SafeHtml,
    /// Smaller lines.
    pub dense: bool,
    /// On a narrow screen each row becomes a card (worklists); otherwise the table scrolls in its own region.
    pub cards: bool,
    /// Rows are a worklist: `j`, `k`, Enter and `x` act on them.
    pub keys: bool,
}

impl Table {
    /// A table with id, caption (for screen readers) and columns.
    pub fn new(id: impl Into<String>, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { id: id.into(), caption: caption.into(), columns, ..Self::default() }
    }

    /// Adds the rows.
    #[must_use]
    pub fn rows(self, rows: impl IntoIterator<Item = Row>) -> Self {
        Self { rows: rows.into_iter().collect(), ..self }
    }

    /// Adds the total row.
    #[must_use]
    pub fn total(self, cells: Vec<Cell>) -> Self {
        Self { total: Some(cells), ..self }
    }

    /// Says what stands there when there are no rows.
    #[must_use]
    pub fn empty(self, empty: impl Into<SafeHtml>) -> Self {
        Self { empty: empty.into(), ..self }
    }

    /// Makes the rows a worklist: keys act on them, and they turn into cards on a narrow screen.
    #[must_use]
    pub fn worklist(self) -> Self {
        Self { cards: true, keys: true, ..self }
    }

    /// Makes the lines smaller.
    #[must_use]
    pub fn dense(self) -> Self {
        Self { dense: true, ..self }
    }

    /// The table in its scrolling region, or the empty state.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        if self.rows.is_empty() && !self.empty.is_empty() {
            return tag("div").attr("id", &self.id).class("table-empty").child(self.empty.clone()).html();
        }
        let caption_id = format!("{}-caption", self.id);
        let caption = tag("caption").attr("id", &caption_id).class(if self.show_caption { "" } else { "vh" }).text(&self.caption);
        let boxes = self.has_boxes().then(|| {
            let label = tag("span").class("vh").text(&l.t("table-pick"));
            self.part("th", "columnheader").attr("scope", "col").class("pick").child(label).html()
        });
        let columns = self.columns.iter().map(|column| self.head_cell(l, column));
        let head = self.part("thead", "rowgroup").child(self.part("tr", "row").child_opt(boxes).children(columns));
        let body =
            self.part("tbody", "rowgroup").flag("data-list", self.keys).children(self.rows.iter().map(|row| self.row(row)));
        let foot = self.total.as_ref().map(|cells| {
            self.part("tfoot", "rowgroup").child(self.with_box(self.part("tr", "row"), None).children(self.cells(cells)))
        });
        let class =
            [("dense", self.dense), ("cards", self.cards)].iter().filter(|c| c.1).map(|c| c.0).collect::<Vec<_>>().join(" ");
        tag("div")
            .class("scroll")
            .attr("id", &self.id)
            .attr("role", "region")
            .attr("tabindex", "0")
            .attr("aria-labelledby", caption_id)
            .child(self.part("table", "table").class(&class).child(caption).child(head).child(body).child_opt(foot))
            .html()
    }

    /// An element of the table. Rows that turn into cards lose their table role with their display, so it is stated.
    fn part(&self, name: &'static str, role: &str) -> Tag {
        tag(name).attr_opt("role", self.cards.then_some(role))
    }

    fn row(&self, row: &Row) -> SafeHtml {
        if row.gap {
            let content = row.cells.first().map(|c| c.content.clone()).unwrap_or_default();
            let cell = tag("td").attr("colspan", self.width().to_string());
            return tag("tr").class("gap").child(cell.child(content)).html();
        }
        if row.group {
            let first = row.cells.first().cloned().unwrap_or_default();
            let cell = self.part("th", "rowheader").attr("scope", "rowgroup").attr("colspan", self.width().to_string());
            let note = (!first.note.is_empty()).then(|| tag("span").class("sub").text(&first.note));
            return self.part("tr", "row").class("group").child(cell.child(first.content).child_opt(note)).html();
        }
        let class = if row.selected { "selected" } else { "" };
        self.with_box(self.part("tr", "row").class(class), row.pick.as_ref()).children(self.cells(&row.cells)).html()
    }

    /// Whether there is a column of boxes.
    fn has_boxes(&self) -> bool {
        self.rows.iter().any(|row| row.pick.is_some())
    }

    /// Columns with that of the boxes.
    fn width(&self) -> usize {
        self.columns.len() + usize::from(self.has_boxes())
    }

    /// A row with the cell of its box, empty where the table has boxes and the row has none.
    fn with_box(&self, row: Tag, pick: Option<&Pick>) -> Tag {
        if !self.has_boxes() {
            return row;
        }
        let input = pick.map(|pick| {
            let input =
                tag("input").attr("type", "checkbox").attr("form", &pick.form).attr("name", &pick.name).attr("value", "1");
            input.attr("aria-label", &pick.label).flag("checked", pick.ticked)
        });
        row.child(self.part("td", "cell").class("pick").child_opt(input))
    }

    fn cells<'a>(&'a self, cells: &'a [Cell]) -> impl Iterator<Item = SafeHtml> + 'a {
        cells.iter().zip(&self.columns).enumerate().map(|(at, (cell, column))| {
            let element = if at == 0 { self.part("th", "rowheader").attr("scope", "row") } else { self.part("td", "cell") };
            let element = element.class(if column.align == Align::Right { "r" } else { "" });
            let element = if self.cards && at > 0 { element.attr("data-label", &column.label) } else { element };
            let note = (!cell.note.is_empty()).then(|| tag("span").class("sub").text(&cell.note));
            element.child(cell.content.clone()).child_opt(note).html()
        })
    }

    fn head_cell(&self, l: Locale<'_>, column: &Column) -> SafeHtml {
        let label =
            if column.hidden_label { tag("span").class("vh").text(&column.label).html() } else { SafeHtml::text(&column.label) };
        let unit = (!column.unit.is_empty()).then(|| tag("span").class("unit").text(&column.unit));
        let cell =
            self.part("th", "columnheader").attr("scope", "col").class(if column.align == Align::Right { "r" } else { "" });
        let Some(sort) = &column.sort else {
            return cell.child(label).child_opt(unit.map(|u| SafeHtml::text(" ").then(u))).html();
        };
        let (aria, arrow) = match sort.state {
            SortState::None => (None, "M5 1 8 4.4H2zM5 13 2 9.6h6z"),
            SortState::Ascending => (Some("ascending"), "M5 3 9 9H1z"),
            SortState::Descending => (Some("descending"), "M5 11 1 5h8z"),
        };
        let arrow = tag("svg")
            .class("sort")
            .attr("viewBox", "0 0 10 14")
            .attr("width", "8")
            .attr("height", "11")
            .attr("aria-hidden", "true")
            .child(tag("path").attr("d", arrow));
        let link = tag("a").href(&sort.href).attr("title", l.t("sort-by")).child(label).child(arrow);
        cell.attr_opt("aria-sort", aria).child(link).child_opt(unit.map(|u| SafeHtml::text(" ").then(u))).html()
    }
}
