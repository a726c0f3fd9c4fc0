//! Reading layouts and refusing those that could be understood in two ways.

use std::collections::{BTreeMap, BTreeSet};

use base::Explain;

use crate::head_rows::fold_header;
use crate::headings::Index;
use crate::layout::{Field, Kind, Layout};

/// Headers of the rejects file that are no columns of the roster.
pub(crate) const REJECT_HEADERS: [&str; 3] = ["Dòng gốc", "Cột lỗi", "Lý do"];

/// All layouts a program knows.
#[derive(Debug, Clone, Default)]
pub struct Layouts {
    all: Vec<Layout>,
    /// What their headings mean, worked out once: every file is held against every layout.
    index: Index,
}

/// Why the layouts could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// Not YAML, or not the keys of a layout.
    #[error("{path}, dòng {line}, cột {column}: {message}")]
    Yaml {
        /// File as it was named to the loader.
        path: String,
        /// Line, 1-based; 0 when unknown.
        line: u64,
        /// Column, 1-based; 0 when unknown.
        column: u64,
        /// What the reader says.
        message: String,
    },
    /// The keys are right but the layout contradicts itself or another one.
    #[error("{path}: {message}")]
    Invalid {
        /// File as it was named to the loader.
        path: String,
        /// What is wrong.
        message: String,
    },
}

impl Explain for LayoutError {
    fn code(&self) -> &'static str {
        match self {
            Self::Yaml { .. } => "layout_unreadable",
            Self::Invalid { .. } => "layout_invalid",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Yaml { path, line, column, .. } => format!("{path}:{line}:{column}"),
            Self::Invalid { path, .. } => path.clone(),
        }
    }

    fn remedy(&self) -> String {
        "Sửa tệp mẫu bảng kê trong formats/rosters theo thông báo rồi chạy lại.".to_owned()
    }
}

impl Layouts {
    /// Reads layout files, each given as its path (for messages) and text.
    ///
    /// Refuses unknown keys, a header that could mean two fields, facts and pairs of unknown fields,
    /// and two layouts of one roster with different columns.
    pub fn load(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, LayoutError> {
        let mut layouts = Self::default();
        let mut by_roster: BTreeMap<String, Vec<(String, crate::ColumnType)>> = BTreeMap::new();
        for (path, text) in files {
            let layout: Layout = serde_saphyr::from_str(&text).map_err(|error| {
                let (line, column) = error.location().map_or((0, 0), |l| (l.line(), l.column()));
                // Only the first line: the rest repeats the file with a marker under it.
                let message = error.to_string().lines().next().unwrap_or_default().to_owned();
                LayoutError::Yaml { path: path.clone(), line, column, message }
            })?;
            let invalid = |message: String| LayoutError::Invalid { path: path.clone(), message };
            check(&layout).map_err(invalid)?;
            if layouts.all.iter().any(|l| l.id == layout.id) {
                return Err(invalid(format!("mã mẫu `{}` đã có", layout.id)));
            }
            let columns = layout.columns();
            if by_roster.entry(layout.roster.clone()).or_insert_with(|| columns.clone()) != &columns {
                return Err(invalid(format!("các mẫu của `{}` phải cho cùng các cột", layout.roster)));
            }
            layouts.all.push(layout);
        }
        layouts.all.sort_by(|a, b| (&a.roster, a.valid_from, &a.id).cmp(&(&b.roster, b.valid_from, &b.id)));
        layouts.index = Index::of(&layouts.all);
        Ok(layouts)
    }

    /// The same layouts where agreements say which fields of a roster may be taken (thỏa thuận chia sẻ dữ liệu), by the
    /// roster's name. Files are recognised as before; a field that an agreement leaves out is read by nobody.
    #[must_use]
    pub fn within(&self, agreed: &BTreeMap<String, BTreeSet<String>>) -> Self {
        let mut narrowed = self.clone();
        for layout in &mut narrowed.all {
            if let Some(fields) = agreed.get(&layout.roster) {
                layout.agreed = true;
                // The number of a row in its list says nothing of anybody, and no agreement names it.
                let outside = |field: &Field| field.kind != Kind::Ordinal && !fields.contains(&field.name);
                layout.fields.iter_mut().for_each(|field| field.outside = outside(field));
            }
        }
        narrowed
    }

    /// What the headings of all layouts mean.
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// All layouts, by roster and first day in use.
    pub fn all(&self) -> &[Layout] {
        &self.all
    }

    /// The newest layout of a roster.
    pub fn newest(&self, roster: &str) -> Option<&Layout> {
        self.all.iter().rfind(|l| l.roster == roster)
    }

    /// The names of the rosters, sorted.
    pub fn rosters(&self) -> Vec<&str> {
        self.all.iter().map(|l| l.roster.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

pub(crate) fn check(layout: &Layout) -> Result<(), String> {
    let mut columns = BTreeSet::new();
    // A field without columns of its own must not be called like a column of another either.
    let silent = layout.fields.iter().filter(|f| f.columns().is_empty()).map(|f| f.name.clone());
    for name in layout.columns().into_iter().map(|(name, _)| name).chain(silent) {
        let snake = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !snake {
            return Err(format!("tên cột `{name}` phải viết bằng chữ thường không dấu, số và gạch dưới"));
        }
        if !columns.insert(name.clone()) {
            return Err(format!("cột `{name}` có hai lần"));
        }
    }
    check_headers(layout)?;
    for field in &layout.fields {
        check_options(layout, field)?;
        if let Some(from) = &field.from {
            let text = layout.field(from).is_some_and(|f| f.kind == Kind::Text);
            if field.kind != Kind::Commune || !text {
                return Err(format!("`from` của `{}`: chỉ dùng cho xã, phường và phải chỉ tới một cột chữ", field.name));
            }
        }
    }
    for fact in &layout.title_facts {
        if layout.field(&fact.fact).is_none() {
            return Err(format!("dữ kiện tiêu đề `{}` không ứng với cột nào", fact.fact));
        }
        if fact.after.is_empty() {
            return Err(format!("dữ kiện tiêu đề `{}` thiếu nhãn `after`", fact.fact));
        }
    }
    if let Some(section) = &layout.section {
        if !layout.field(&section.field).is_some_and(|f| f.kind == Kind::Text && !f.needed) {
            return Err(format!("`section`: `{}` phải là một cột chữ, không phải cột cần có", section.field));
        }
        if section.patterns.is_empty() || section.patterns.iter().any(|p| p.trim_matches(['*', ' ']).is_empty()) {
            return Err("`section`: mẫu dòng rỗng hoặc khớp với mọi dòng".to_owned());
        }
    }
    if layout.aside.iter().any(|p| p.trim_matches(['*', ' ']).is_empty()) {
        return Err("`aside`: mẫu dòng khớp với mọi dòng".to_owned());
    }
    for name in &layout.known_by {
        // A row number is no part of what a row says, and a field without a column cannot tell rows apart.
        if !layout.field(name).is_some_and(|f| f.kind != Kind::Ordinal && !f.columns().is_empty()) {
            return Err(format!("`known_by`: `{name}` không phải cột nói lên nội dung dòng"));
        }
    }
    for (first, second) in &layout.in_order {
        for name in [first, second] {
            if !layout.field(name).is_some_and(|f| matches!(f.kind, Kind::Date | Kind::Month | Kind::Moment)) {
                return Err(format!("`in_order`: `{name}` không phải cột ngày hoặc tháng"));
            }
        }
    }
    Ok(())
}

/// Options stand only with the kind that reads them: elsewhere they would be without effect.
fn check_options(layout: &Layout, field: &Field) -> Result<(), String> {
    let (name, kind) = (&field.name, field.kind);
    let only = |given: bool, option: &str, of: &[Kind]| {
        if given && !of.contains(&kind) {
            Err(format!("`{option}` của `{name}` không dùng cho loại cột này"))
        } else {
            Ok(())
        }
    };
    only(!field.codes.is_empty(), "codes", &[Kind::Sex])?;
    only(field.signed, "signed", &[Kind::Dong, Kind::Amount, Kind::Decimal])?;
    only(field.plain.is_some(), "plain", &[Kind::Share])?;
    if field.codes.keys().any(|code| code.is_empty() || code.trim() != code) {
        return Err(format!("`codes` của `{name}` có mã rỗng hoặc thừa dấu cách"));
    }
    if kind == Kind::OldId && !layout.fields.iter().any(|f| f.kind == Kind::PersonalId) {
        return Err(format!("`{name}`: số CMND phải đi cùng một cột số định danh (personal_id)"));
    }
    if kind == Kind::OldId && field.needed {
        return Err(format!("`{name}`: cột số CMND không thể là cột cần có (needed)"));
    }
    Ok(())
}

fn check_headers(layout: &Layout) -> Result<(), String> {
    let mut owner: BTreeMap<String, &str> = BTreeMap::new();
    let ignored = layout.ignore.iter().map(|h| ("ignore", h));
    let known = layout.fields.iter().flat_map(|f: &Field| f.headers.iter().map(move |h| (f.name.as_str(), h)));
    for (name, header) in known.chain(ignored) {
        let folded = fold_header(header);
        if folded.is_empty() {
            return Err(format!("`{name}` có tiêu đề rỗng"));
        }
        // Two spellings of one field that fold alike are one too many, and hide a slip of the pen.
        if let Some(other) = owner.insert(folded, name) {
            return Err(format!("tiêu đề `{header}` vừa của `{other}` vừa của `{name}`"));
        }
    }
    if layout.fields.iter().all(|f| !f.required) {
        return Err("phải có ít nhất một cột bắt buộc (required)".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "id: a-1\nroster: a\ntitle: {vi: A, en: A}\nvalid_from: 2026-01-01\nversion: \"1\"\nfields:\n  - {name: full_name, kind: name, required: true, headers: [Họ tên]}\n";

    fn load(text: &str) -> Result<Layouts, LayoutError> {
        Layouts::load([("a.yaml".to_owned(), text.to_owned())])
    }

    #[test]
    fn a_layout_fixes_its_columns() {
        let layouts = load(GOOD).unwrap();
        let names: Vec<String> = layouts.newest("a").unwrap().columns().into_iter().map(|c| c.0).collect();
        assert_eq!(names, ["source_row", "full_name", "full_name_raw"]);
        assert_eq!(layouts.rosters(), ["a"]);
        assert!(layouts.newest("b").is_none());
    }

    #[test]
    fn unknown_keys_are_refused_with_their_line() {
        let error = load(&GOOD.replace("version", "verzion")).unwrap_err();
        assert!(matches!(error, LayoutError::Yaml { line: 5, .. }), "{error}");
        assert!(error.place().starts_with("a.yaml:5:"), "{}", error.place());
    }

    #[test]
    fn a_header_may_mean_one_field_only() {
        let twice = format!("{GOOD}  - {{name: other, kind: text, headers: [HỌ-TÊN]}}\n");
        assert!(load(&twice).unwrap_err().to_string().contains("vừa của `full_name` vừa của `other`"));
        let ignored = format!("{GOOD}ignore: [ho ten]\n");
        assert!(load(&ignored).is_err());
    }

    #[test]
    fn facts_pairs_and_sources_must_name_fields() {
        for bad in [
            "title_facts: [{fact: nothing, after: [X], shape: text}]\n",
            "in_order: [[full_name, full_name]]\n",
            "known_by: [nothing]\n",
            "  - {name: stt, kind: ordinal, headers: [STT]}\nknown_by: [full_name, stt]\n",
            "section: {field: nothing, patterns: [tăng]}\n",
            "section: {field: full_name, patterns: [tăng]}\n",
            "  - {name: change, kind: text, headers: []}\nsection: {field: change, patterns: []}\n",
            "  - {name: change, kind: text, headers: []}\nsection: {field: change, patterns: [\"*\"]}\n",
            "aside: [\"**\"]\n",
            "  - {name: commune, kind: commune, from: nothing, headers: [Xã]}\n",
            "  - {name: full_name_raw, kind: text, headers: [Khác]}\n",
            "  - {name: HoTen, kind: text, headers: [Khác]}\n",
        ] {
            assert!(load(&format!("{GOOD}{bad}")).is_err(), "{bad}");
        }
    }

    #[test]
    fn options_stand_with_their_kind_only() {
        for bad in [
            "  - {name: sex, kind: text, headers: [Phái], codes: {\"1\": male}}\n",
            "  - {name: sex, kind: sex, headers: [Phái], codes: {\"1\": nam}}\n",
            "  - {name: sex, kind: sex, headers: [Phái], codes: {\"\": male}}\n",
            "  - {name: paid, kind: int, headers: [Tiền], signed: true}\n",
            "  - {name: rate, kind: dong, headers: [Tiền], plain: percent}\n",
            "  - {name: cmnd, kind: old_id, headers: [CMND]}\n",
        ] {
            assert!(load(&format!("{GOOD}{bad}")).is_err(), "{bad}");
        }
        let good = "  - {name: sex, kind: sex, headers: [Phái], codes: {\"1\": male, \"2\": female}}\n\
            \x20 - {name: paid, kind: dong, headers: [Tiền], signed: true, repeat: last}\n\
            \x20 - {name: asked, kind: amount, headers: [Đề nghị], signed: true}\n\
            \x20 - {name: growth, kind: decimal, headers: [Tăng], signed: true}\n\
            \x20 - {name: rate, kind: share, headers: [Tỷ lệ], plain: percent}\n\
            \x20 - {name: personal_id, kind: personal_id, headers: [CCCD]}\n\
            \x20 - {name: cmnd, kind: old_id, headers: [CMND]}\n\
            known_by: [full_name, paid]\n";
        assert!(load(&format!("{GOOD}{good}")).is_ok());
    }

    #[test]
    fn layouts_of_one_roster_agree_on_columns() {
        let second = GOOD.replace("a-1", "a-2");
        let other = second.replace("full_name", "name");
        let file = |text: &str| ("f.yaml".to_owned(), text.to_owned());
        assert!(Layouts::load([file(GOOD), file(&second)]).is_ok());
        assert!(Layouts::load([file(GOOD), file(&other)]).is_err());
        assert!(Layouts::load([file(GOOD), file(GOOD)]).is_err());
    }
}
