//! Templates of letters: one Markdown file each, with front matter, paragraphs and fields in braces.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Block, Kind, LetterError};

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// A person, or the parent of a child.
    Person,
    /// An employer.
    Employer,
    /// A facility (cơ sở khám bệnh, chữa bệnh), about a case of the claims audit.
    Facility,
}

/// The fields a template may use, and what each prints.
pub const FIELDS: [(&str, &str); 19] = [
    ("recipient", "Họ tên người nhận, hoặc tên đơn vị"),
    ("born", "Ngày sinh của người đó; trống với đơn vị"),
    ("tax_code", "Mã số thuế của đơn vị; trống với cá nhân"),
    ("commune", "Xã, phường nơi cư trú hoặc nơi đặt trụ sở"),
    ("reason", "Tên dấu hiệu, viết thường chữ đầu"),
    ("facts", "Các dữ kiện của dấu hiệu, mỗi dữ kiện một dòng; phải đứng riêng một đoạn"),
    ("period", "Tháng của kỳ dữ liệu"),
    ("as_of", "Ngày cuối kỳ dữ liệu"),
    ("law", "Các văn bản làm căn cứ đang có hiệu lực"),
    ("due_days", "Số ngày làm việc để trả lời"),
    ("unit", "Tên đơn vị gửi"),
    ("officer", "Cán bộ phụ trách"),
    ("facility_code", "Mã cơ sở KCB; chỉ trong thư gửi cơ sở KCB"),
    ("dossier", "Mã đợt điều trị của cơ sở (MA_LK); chỉ trong thư gửi cơ sở KCB"),
    ("appeal_term", "Thời hạn kiến nghị về kết luận và căn cứ; [?] nếu chưa xác định; chỉ trong thư gửi cơ sở KCB"),
    ("asked", "Số tiền cơ sở đề nghị quỹ thanh toán cho các dòng của vụ việc; chỉ trong thư gửi cơ sở KCB"),
    ("proposed", "Số tiền đề nghị từ chối thanh toán; chỉ trong thư gửi cơ sở KCB"),
    ("refused", "Số tiền từ chối thanh toán theo kết luận; chỉ trong thư gửi cơ sở KCB"),
    ("returned", "Số tiền thanh toán lại theo kết quả kiến nghị; chỉ trong thư gửi cơ sở KCB"),
];

/// The fields that only a letter to a facility prints.
pub const OF_FACILITY: [&str; 7] = ["facility_code", "dossier", "appeal_term", "asked", "proposed", "refused", "returned"];

/// What the fields print. Facts are a list; all others are one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// By name of field.
    pub texts: BTreeMap<&'static str, String>,
    /// The field `facts`.
    pub facts: Vec<String>,
}

/// One template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id, the name of its file.
    pub id: String,
    /// To whom it goes.
    pub to: Addressee,
    /// Kind of document.
    pub kind: Kind,
    /// What the number of the document ends with before the unit: `TB`, `TM`; empty for official letters.
    pub symbol: String,
    /// What it is about.
    pub subject: String,
    /// Its paragraphs, each with the line it begins in.
    blocks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    to: Addressee,
    /// Title of a notice; without it the document is an official letter.
    #[serde(default)]
    title: String,
    #[serde(default)]
    symbol: String,
    subject: String,
}

/// All templates by id.
#[derive(Debug, Clone, Default)]
pub struct Letters(BTreeMap<String, Template>);

impl Letters {
    /// Loads the templates of a folder: path and text of each `.md` file. All faults are told at once.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<LetterError>> {
        let (mut all, mut faults) = (BTreeMap::new(), Vec::new());
        for (path, text) in files.into_iter().filter(|(path, _)| path.ends_with(".md") && !path.ends_with("README.md")) {
            match Template::parse(path, text) {
                Ok(template) => {
                    all.insert(template.id.clone(), template);
                }
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(Self(all)) } else { Err(faults) }
    }

    /// The template of an id.
    pub fn get(&self, id: &str) -> Option<&Template> {
        self.0.get(id)
    }

    /// All templates by id.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }
}

impl Template {
    /// The template of a file.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<LetterError>> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let fault = |line: usize, what: String| LetterError::Template { file: file.to_owned(), line, what };
        let text = text.replace("\r\n", "\n");
        let parts = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let Some((front, body)) = parts else {
            return Err(vec![fault(1, "thiếu phần đầu giữa hai dòng `---`".to_owned())]);
        };
        let front: Front = serde_saphyr::from_str(front).map_err(|e| vec![fault(2, e.to_string())])?;
        let mut line =
            text.lines().take_while(|l| *l != "---").count() + text.lines().skip(1).take_while(|l| *l != "---").count() + 3;
        let mut faults = Vec::new();
        let mut blocks = Vec::new();
        for block in body.split("\n\n") {
            let here = line;
            line += block.matches('\n').count() + 2;
            let words = block.split_whitespace().collect::<Vec<_>>().join(" ");
            if words.is_empty() {
                continue;
            }
            for field in fields(&words) {
                match field {
                    Ok("facts") if words != "{facts}" => faults.push(fault(here, "{facts} phải đứng riêng một đoạn".to_owned())),
                    Ok(name) if !FIELDS.iter().any(|(known, _)| *known == name) => {
                        faults.push(fault(here, format!("không có trường {{{name}}}")));
                    }
                    Ok(name) if front.to != Addressee::Facility && OF_FACILITY.contains(&name) => {
                        faults.push(fault(here, format!("trường {{{name}}} chỉ dùng trong thư gửi cơ sở KCB")));
                    }
                    Ok(_) => {}
                    Err(()) => faults.push(fault(here, "dấu ngoặc nhọn không đủ cặp".to_owned())),
                }
            }
            blocks.push(words);
        }
        if fields(&front.subject).next().is_some() {
            faults.push(fault(1, "trích yếu không được có trường".to_owned()));
        }
        if blocks.is_empty() {
            faults.push(fault(line, "thư không có nội dung".to_owned()));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let kind = if front.title.is_empty() { Kind::Letter } else { Kind::Notice { title: front.title } };
        let id = file.trim_end_matches(".md").to_owned();
        Ok(Self { id, to: front.to, kind, symbol: front.symbol, subject: front.subject, blocks })
    }

    /// The fields it uses.
    pub fn fields(&self) -> BTreeSet<&str> {
        self.blocks.iter().flat_map(|block| fields(block).flatten()).collect()
    }

    /// Its paragraphs and its title, without the values: for a check of its words.
    pub fn words(&self) -> Vec<&str> {
        let title = if let Kind::Notice { title } = &self.kind { title.as_str() } else { "" };
        [self.subject.as_str(), title].into_iter().chain(self.blocks.iter().map(String::as_str)).collect()
    }

    /// The body with its fields filled in; a field without a value prints nothing, and an empty list of facts no line.
    pub fn fill(&self, values: &Values) -> Vec<Block> {
        let mut body = Vec::new();
        for block in &self.blocks {
            if block == "{facts}" {
                body.extend(values.facts.iter().cloned().map(Block::Item));
                continue;
            }
            let mut text = block.clone();
            for (name, _) in FIELDS {
                let value = values.texts.get(name).map(String::as_str).unwrap_or_default();
                text = text.replace(&format!("{{{name}}}"), value);
            }
            body.push(Block::Paragraph(text));
        }
        body
    }
}

/// The names in braces; an error for a brace without its other.
fn fields(text: &str) -> impl Iterator<Item = Result<&str, ()>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = rest.find(['{', '}'])?;
        if rest[at..].starts_with('}') {
            rest = &rest[at + 1..];
            return Some(Err(()));
        }
        let inner = &rest[at + 1..];
        match inner.find(['{', '}']).filter(|end| inner[*end..].starts_with('}')) {
            Some(end) => {
                rest = &inner[end + 1..];
                Some(Ok(&inner[..end]))
            }
            None => {
                rest = inner;
                Some(Err(()))
            }
        }
    })
}
