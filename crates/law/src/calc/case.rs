//! Cases that a clerk can read: what is given, what must come out, and the article that says so.

use super::fault::CalcError;
use super::given::Given;
use super::outcome::Out;
use super::registry::Calculator;
use crate::Law;
use crate::yaml::{self, Kind as YamlKind, Node};

/// The cases of one calculator: one file of `cases/law/`.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// Path as given, for messages.
    pub path: String,
    /// The calculator.
    pub calculator: &'static str,
    /// The cases in the order of the file.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows, in a sentence.
    pub name: String,
    /// The article it stands on.
    pub article: String,
    /// The input.
    pub given: Given,
    /// What must come out: parts by name; those not named may be anything.
    pub expect: Given,
    /// The code of the error that must come instead.
    pub refused: Option<String>,
    /// Line in its file.
    pub line: u64,
}

/// What is wrong with a file of cases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct CaseFileError {
    /// Path as given.
    pub path: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

/// A case that did not come out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {name}: {what}")]
pub struct CaseFailure {
    /// File of the case.
    pub path: String,
    /// Line of the case.
    pub line: u64,
    /// Name of the case.
    pub name: String,
    /// What differs.
    pub what: String,
}

impl CaseFile {
    /// Reads a file of cases.
    pub fn read(path: &str, text: &str) -> Result<Self, CaseFileError> {
        let fault =
            |at: yaml::At, message: String| CaseFileError { path: path.to_owned(), line: at.line, column: at.column, message };
        let root = yaml::read(text).map_err(|(at, message)| fault(at, message))?;
        let top = fields(&root, &["calculator", "cases"]).map_err(|(at, message)| fault(at, message))?;
        let name = top.text("calculator").map_err(|(at, message)| fault(at, message))?;
        let calculator = Calculator::of(name).ok_or_else(|| fault(root.at, format!("there is no calculator `{name}`")))?;
        let list = top.need("cases").map_err(|(at, message)| fault(at, message))?;
        let YamlKind::List(items) = &list.kind else { return Err(fault(list.at, "`cases` must be a list".into())) };
        let cases = items.iter().map(case).collect::<Result<Vec<_>, _>>().map_err(|(at, message)| fault(at, message))?;
        Ok(Self { path: path.to_owned(), calculator: calculator.name, cases })
    }

    /// The keys of all parameters that the cases use, each once, sorted.
    pub fn parameters(&self, law: &Law) -> Vec<String> {
        let Some(calculator) = Calculator::of(self.calculator) else { return Vec::new() };
        let answers = self.cases.iter().filter_map(|case| calculator.answer(law, &case.given).ok());
        let keys: std::collections::BTreeSet<String> =
            answers.flat_map(|answer| answer.parameters().into_iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        keys.into_iter().collect()
    }

    /// Runs all cases under a law and gives those that fail.
    pub fn run(&self, law: &Law) -> Vec<CaseFailure> {
        let Some(calculator) = Calculator::of(self.calculator) else { return Vec::new() };
        let failure =
            |case: &Case, what: String| CaseFailure { path: self.path.clone(), line: case.line, name: case.name.clone(), what };
        self.cases.iter().filter_map(|case| case.check(law, calculator).map(|what| failure(case, what))).collect()
    }
}

impl Case {
    /// What is wrong with the case under a law; nothing when it comes out.
    fn check(&self, law: &Law, calculator: &Calculator) -> Option<String> {
        use base::Explain;
        match (calculator.answer(law, &self.given), &self.refused) {
            (Ok(answer), None) => differences(&self.expect, &Out::Rows(vec![answer.parts]), ""),
            (Ok(_), Some(code)) => Some(format!("an answer came, the error `{code}` was expected")),
            (Err(error), Some(code)) if error.code() == code => None,
            (Err(error), Some(code)) => Some(format!("the error is `{}`, expected `{code}`: {error}", error.code())),
            (Err(error @ CalcError::Input(_)), None) => Some(format!("the input is refused: {error}")),
            (Err(error), None) => Some(format!("no answer: {error}")),
        }
    }
}

/// The first part that is not as expected.
fn differences(expect: &Given, out: &Out, path: &str) -> Option<String> {
    match (expect, out) {
        (Given::Map(fields), Out::Rows(rows)) if rows.len() == 1 => fields.iter().find_map(|(name, expect)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match rows[0].iter().find(|part| part.name == name) {
                None => Some(format!("there is no part `{path}`")),
                Some(part) => differences(expect, &part.value, &path),
            }
        }),
        (Given::List(items), Out::Rows(rows)) => {
            if items.len() != rows.len() {
                return Some(format!("`{path}` has {} rows, expected {}", rows.len(), items.len()));
            }
            let pairs = items.iter().zip(rows).enumerate();
            pairs
                .into_iter()
                .find_map(|(at, (item, row))| differences(item, &Out::Rows(vec![row.clone()]), &format!("{path}.{at}")))
        }
        (Given::Nothing, Out::Nothing) => None,
        (Given::Text(text), out) if written(out).as_deref() == Some(text.trim()) => None,
        (expect, out) => {
            let expected = if let Given::Text(text) = expect { text.clone() } else { "null".into() };
            Some(format!("`{path}` is {}, expected {expected}", written(out).unwrap_or_else(|| "null".into())))
        }
    }
}

/// A value as a case writes it.
fn written(out: &Out) -> Option<String> {
    match out {
        Out::Nothing | Out::Rows(_) => None,
        Out::Dong(dong) => Some(dong.get().to_string()),
        Out::Rate(rate) => Some(rate.decimal().normalize().to_string()),
        Out::Count(count) => Some(count.to_string()),
        Out::Flag(flag) => Some(flag.to_string()),
        Out::Date(date) => Some(date.to_string()),
        Out::Month(month) => Some(month.to_string()),
        Out::Word(word) => Some(word.code.to_owned()),
    }
}

type Fault = (yaml::At, String);

fn case(node: &Node) -> Result<Case, Fault> {
    let map = fields(node, &["name", "article", "given", "expect", "refused"])?;
    let expect = map.get("expect").map(Given::of_node).unwrap_or_default();
    let refused = map.get("refused").and_then(Node::as_text).map(str::to_owned);
    match (&expect, &refused) {
        (Given::Nothing, None) => return Err((node.at, "a case needs `expect` or `refused`".into())),
        (Given::Map(fields), None) if fields.is_empty() => return Err((node.at, "`expect` names nothing".into())),
        (Given::Map(_) | Given::List(_) | Given::Text(_), Some(_)) => {
            return Err((node.at, "a case has either `expect` or `refused`".into()));
        }
        _ => {}
    }
    Ok(Case {
        name: map.text("name")?.to_owned(),
        article: map.text("article")?.to_owned(),
        given: Given::of_node(map.need("given")?),
        expect,
        refused,
        line: node.at.line,
    })
}

struct Fields<'a> {
    node: &'a Node,
    entries: &'a [(yaml::Name, Node)],
}

fn fields<'a>(node: &'a Node, known: &[&str]) -> Result<Fields<'a>, Fault> {
    let YamlKind::Map(entries) = &node.kind else { return Err((node.at, "fields `name: value` belong here".into())) };
    for (at, (name, _)) in entries.iter().enumerate() {
        if !known.contains(&name.text.as_str()) {
            return Err((name.at, format!("unknown key `{}`; known are {}", name.text, known.join(", "))));
        }
        if entries[..at].iter().any(|(earlier, _)| earlier.text == name.text) {
            return Err((name.at, format!("`{}` is there twice", name.text)));
        }
    }
    Ok(Fields { node, entries })
}

impl<'a> Fields<'a> {
    fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }

    fn need(&self, key: &str) -> Result<&'a Node, Fault> {
        self.get(key).ok_or_else(|| (self.node.at, format!("`{key}` is missing")))
    }

    fn text(&self, key: &str) -> Result<&'a str, Fault> {
        let node = self.need(key)?;
        node.as_text().map(str::trim).filter(|text| !text.is_empty()).ok_or_else(|| (node.at, format!("`{key}` must be a text")))
    }
}
