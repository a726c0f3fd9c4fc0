//! The forms of the claim tables: `formats/claims/xml*.yaml`.

use std::collections::BTreeMap;
use std::collections::HashMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::dossier::TableId;
use crate::protected::Protected;
use crate::standard::{Standard, Standards};
use crate::yaml::{self, ContentFault};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An identifier or a code; stays text, so that `01` and `1.10` keep their form.
    Code,
    /// Free text.
    Text,
    /// Money, quantity, price, percent: an exact decimal with a point.
    Number,
    /// A whole number.
    Count,
    /// `yyyyMMddHHmm`.
    Time,
    /// `yyyyMMdd`.
    Day,
    /// Several codes or days with `;` between them.
    List,
}

/// Whether a cell must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Always.
    Always,
    /// In the cases that the annex names.
    When,
    /// Free.
    Free,
}

/// How a cell must be protected; the words of `formats/tables`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Says nothing about a person.
    Open,
    /// Personal only together with other tables.
    Pseudonymous,
    /// Name, birth, address, staff.
    Personal,
    /// Identifies alone.
    Identifier,
    /// Health and other data that the law calls sensitive.
    Sensitive,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Element name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Decimals of a number.
    #[serde(default)]
    pub decimals: Option<u8>,
    /// Most characters; absent when there is no limit or it is not known.
    #[serde(default)]
    pub length: Option<u32>,
    /// Whether it must be filled.
    pub need: Need,
    /// Standard that added it; absent for decision 130.
    #[serde(default)]
    pub since: Option<Standard>,
    /// Names it had in decision 4210.
    #[serde(default)]
    pub formerly: Vec<String>,
    /// How it must be protected.
    pub class: Protection,
    /// What it is.
    pub about: Both,
    /// What is not known about it.
    #[serde(default)]
    pub doubt: Option<String>,
}

impl Column {
    /// The column's name in tables and rules: lower case.
    pub fn field(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}

/// One table.
#[derive(Debug, Clone)]
pub struct Form {
    /// Which one.
    pub id: TableId,
    /// What it is.
    pub title: Both,
    /// Root element; absent where it is not known.
    pub root: Option<String>,
    /// Element around the records, when there may be several.
    pub list: Option<String>,
    /// Element of a record; the root when there is one record only.
    pub record: String,
    /// Columns in the order of the annex.
    pub columns: Vec<Column>,
    /// What is not known about the table.
    pub doubt: Option<String>,
    by_name: HashMap<String, u16>,
    /// Places of the columns whose cells must be readable, and as what.
    pub(crate) checked: Vec<(usize, Readable)>,
}

/// As what a cell must be readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readable {
    Number,
    Count,
    Time,
    Birth,
    Day,
}

impl Readable {
    /// Codes, texts and lists are readable whatever they hold.
    fn of(column: &Column) -> Option<Self> {
        match column.kind {
            Kind::Code | Kind::Text | Kind::List => None,
            Kind::Number => Some(Self::Number),
            Kind::Count => Some(Self::Count),
            Kind::Time if column.name == "NGAY_SINH" => Some(Self::Birth),
            Kind::Time => Some(Self::Time),
            Kind::Day => Some(Self::Day),
        }
    }
}

impl Form {
    /// Place of a column by its name, or by a name it had before.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|at| usize::from(*at))
    }

    /// Place of a column that the program itself asks for.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.place(name).filter(|place| self.columns.get(*place).is_some_and(|column| column.name == name))
    }

    /// Whether the table has one record and no list.
    pub fn is_single(&self) -> bool {
        self.list.is_none()
    }
}

/// All tables, the standards and the protected diseases.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    forms: BTreeMap<TableId, Form>,
    standards: Standards,
    protected: Protected,
}

impl Forms {
    /// Reads `xml*.yaml`, `standards.yaml` and `protected.yaml` among files given as name and text; tells all faults at once.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, Vec<ContentFault>> {
        let mut forms = Self::default();
        let mut faults = Vec::new();
        for (file, text) in files {
            if file == "standards.yaml" {
                match Standards::load(file, text) {
                    Ok(standards) => forms.standards = standards,
                    Err(of_file) => faults.extend(of_file),
                }
            } else if file == "protected.yaml" {
                match Protected::load(file, text) {
                    Ok(protected) => forms.protected = protected,
                    Err(of_file) => faults.extend(of_file),
                }
            } else if file.starts_with("xml") && file.ends_with(".yaml") {
                match read(file, text) {
                    Ok(form) => {
                        forms.forms.insert(form.id, form);
                    }
                    Err(of_file) => faults.extend(of_file),
                }
            }
        }
        if !forms.forms.contains_key(&TableId::XML1) {
            faults.push(yaml::fault("xml1.yaml", (1, 1), "the table xml1 is not there".to_owned()));
        }
        faults.sort();
        if faults.is_empty() { Ok(forms) } else { Err(faults) }
    }

    /// The form of a table.
    pub fn get(&self, id: TableId) -> Option<&Form> {
        self.forms.get(&id)
    }

    /// All forms, XML0 first.
    pub fn iter(&self) -> impl Iterator<Item = &Form> {
        self.forms.values()
    }

    /// The table whose root, list or record is an element of this name. Decision 4210 put the list at the root.
    pub fn by_element(&self, name: &str) -> Option<&Form> {
        let is = |text: &str| text == name;
        self.iter().find(|form| form.root.as_deref().is_some_and(is) || form.list.as_deref().is_some_and(is))
    }

    /// The standards by day.
    pub fn standards(&self) -> &Standards {
        &self.standards
    }

    /// Which diseases are protected more than others.
    pub fn protected(&self) -> &Protected {
        &self.protected
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    table: Spanned<String>,
    title: Both,
    #[serde(default)]
    root: Option<String>,
    #[serde(default)]
    list: Option<String>,
    #[serde(default)]
    record: Option<String>,
    #[serde(default)]
    doubt: Option<String>,
    columns: Vec<Spanned<Column>>,
}

fn read(file: &str, text: &str) -> Result<Form, Vec<ContentFault>> {
    let written: Written = yaml::read(file, text).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let table_at = (written.table.referenced.line(), written.table.referenced.column());
    let id = TableId::parse(&written.table.value);
    if id.is_none() || file != format!("{}.yaml", written.table.value) {
        faults.push(yaml::fault(file, table_at, format!("the table `{}` does not fit the file's name", written.table.value)));
    }
    let mut by_name = HashMap::new();
    for (at, column) in written.columns.iter().enumerate() {
        let place = u16::try_from(at).unwrap_or(u16::MAX);
        for name in std::iter::once(&column.value.name).chain(&column.value.formerly) {
            if by_name.insert(name.clone(), place).is_some() {
                let here = (column.referenced.line(), column.referenced.column());
                faults.push(yaml::fault(file, here, format!("the name `{name}` is there twice")));
            }
        }
    }
    let record = written.record.or_else(|| written.root.clone()).unwrap_or_default();
    let Some(id) = id.filter(|_| faults.is_empty()) else { return Err(faults) };
    let columns: Vec<Column> = written.columns.into_iter().map(|column| column.value).collect();
    let checked = columns.iter().enumerate().filter_map(|(place, column)| Some((place, Readable::of(column)?))).collect();
    Ok(Form {
        id,
        title: written.title,
        root: written.root,
        list: written.list,
        record,
        columns,
        doubt: written.doubt,
        by_name,
        checked,
    })
}
