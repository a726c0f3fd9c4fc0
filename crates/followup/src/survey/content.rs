//! Surveys as content (`plan/survey/*.yaml`): questions, services, the words of the five steps, the rules.

use base::Explain;
use serde::Deserialize;
use web::{Lang, Locale};

/// Surveys by id, the name of their file.
#[derive(Debug, Clone, Default)]
pub struct Surveys(Vec<Survey>);

/// Why a survey cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plan/survey/{file}: {what}")]
pub struct SurveyError {
    file: String,
    what: String,
}

impl Explain for SurveyError {
    fn code(&self) -> &'static str {
        "survey"
    }

    fn place(&self) -> String {
        format!("plan/survey/{}", self.file)
    }

    fn remedy(&self) -> String {
        "Sửa tệp khảo sát theo docs/survey.md.".into()
    }
}

/// Words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    vi: String,
    en: String,
}

impl Said {
    /// In the reader's language.
    pub(crate) fn of(&self, l: Locale) -> &str {
        self.in_lang(l.lang())
    }

    fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// Something with an id: a service, a question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    /// Stable word.
    pub(crate) id: String,
    vi: String,
    en: String,
}

impl Item {
    /// In the reader's language.
    pub(crate) fn of(&self, l: Locale) -> &str {
        match l.lang() {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// When an hour has unusually many answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Burst {
    /// At least this many answers.
    pub(crate) at_least: i64,
    /// And this many times the median of the hours with answers.
    pub(crate) times_median: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Said,
    intro: Said,
    satisfied_from: String,
    services: Vec<Item>,
    steps: Vec<Said>,
    questions: Vec<Item>,
    burst: Burst,
    least_answers: i64,
}

/// A survey.
#[derive(Debug, Clone)]
pub(crate) struct Survey {
    /// Its id: the name of its file without the ending.
    pub(crate) id: String,
    /// Hash of its text.
    pub(crate) hash: String,
    /// An answer is satisfied from this mean on, in hundredths.
    pub(crate) satisfied_from: i64,
    file: File,
}

impl Survey {
    pub(crate) fn name(&self) -> &Said {
        &self.file.name
    }

    pub(crate) fn intro(&self) -> &Said {
        &self.file.intro
    }

    /// Services it may be about.
    pub(crate) fn services(&self) -> &[Item] {
        &self.file.services
    }

    /// The words of the steps from 1 to 5.
    pub(crate) fn steps(&self) -> &[Said] {
        &self.file.steps
    }

    pub(crate) fn questions(&self) -> &[Item] {
        &self.file.questions
    }

    pub(crate) fn burst(&self) -> Burst {
        self.file.burst
    }

    /// Answers a unit needs before a share is shown.
    pub(crate) fn least_answers(&self) -> i64 {
        self.file.least_answers
    }
}

impl Surveys {
    /// Reads the files of `plan/survey`: path and text each.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, SurveyError> {
        let mut surveys = Vec::new();
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".yaml")) {
            let wrong = |what: &str| SurveyError { file: (*path).to_owned(), what: what.to_owned() };
            let file: File = serde_saphyr::from_str(text).map_err(|e| wrong(&e.to_string()))?;
            if file.steps.len() != 5 {
                return Err(wrong("steps: five are needed, from 1 to 5"));
            }
            if !(1..=10).contains(&file.questions.len()) || file.services.is_empty() {
                return Err(wrong("questions: one to ten; services: at least one"));
            }
            let mut ids: Vec<&str> = file.questions.iter().chain(&file.services).map(|item| item.id.as_str()).collect();
            ids.sort_unstable();
            if ids.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(wrong("an id stands twice"));
            }
            let satisfied_from = hundredths(&file.satisfied_from).filter(|mean| (100..=500).contains(mean));
            let satisfied_from = satisfied_from.ok_or_else(|| wrong("satisfied_from: a mean such as \"4.00\", from 1 to 5"))?;
            if file.burst.at_least < 1 || file.burst.times_median < 1 || file.least_answers < 5 {
                return Err(wrong("burst: numbers from 1 on; least_answers: 5 or more, so that nobody is told by a share"));
            }
            let hash = blake3::hash(text.as_bytes()).to_hex()[..16].to_owned();
            surveys.push(Survey { id: path.trim_end_matches(".yaml").to_owned(), hash, satisfied_from, file });
        }
        Ok(Self(surveys))
    }

    /// All of them, by name of file.
    pub(crate) fn all(&self) -> &[Survey] {
        &self.0
    }

    /// One by id.
    pub(crate) fn get(&self, id: &str) -> Option<&Survey> {
        self.0.iter().find(|survey| survey.id == id)
    }

    /// The name of a service in any survey; its id where none has it.
    pub(crate) fn service(&self, l: Locale, id: &str) -> String {
        let items = self.0.iter().flat_map(|survey| survey.services());
        items.into_iter().find(|item| item.id == id).map_or_else(|| id.to_owned(), |item| item.of(l).to_owned())
    }
}

/// `"4.00"` as 400.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../plan/survey/service-2026.yaml");

    #[test]
    fn the_survey_that_is_shipped_is_read() {
        let surveys = Surveys::load(&[("service-2026.yaml", SHIPPED), ("README.md", "# x")]).unwrap();
        let survey = surveys.get("service-2026").unwrap();
        assert_eq!((survey.satisfied_from, survey.questions().len(), survey.least_answers()), (400, 4, 30));
        assert_eq!(survey.steps()[4].in_lang(Lang::Vi), "Rất hài lòng");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_file() {
        let load = |from: &str, to: &str| {
            let error = Surveys::load(&[("a.yaml", &SHIPPED.replace(from, to))]).unwrap_err();
            error.to_string()
        };
        assert!(load("satisfied_from: \"4.00\"", "satisfied_from: \"6.00\"").contains("plan/survey/a.yaml: satisfied_from"));
        assert!(load("id: time", "id: access").contains("stands twice"));
        assert!(load("  - {vi: \"Bình thường\", en: \"Neither\"}\n", "").contains("five are needed"));
        assert!(load("least_answers: 30", "least_answers: 1").contains("least_answers"));
        assert!(load("intro:", "introo:").contains("a.yaml"));
    }
}
