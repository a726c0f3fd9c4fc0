//! Letters of a case: what was found and has to be explained, what is decided, what becomes of an appeal.

use std::collections::BTreeMap;

use base::{Dong, Month};
use desk::{ReviewLine, ReviewRecord, ReviewState};
use documents::letter::{Issuer, Kind, Letter, LetterAnnex, Template, Values};
use web::Locale;

use super::{asked_once, sum};
use crate::pages::words;

/// A letter of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaseLetter {
    /// What was found, and a request to explain it (thông báo phát hiện, đề nghị giải trình).
    Finding,
    /// What is decided, line by line (kết luận giám định, từ chối thanh toán).
    Conclusion,
    /// The answer to an appeal (trả lời kiến nghị).
    AppealAnswer,
}

impl CaseLetter {
    /// All of them, in the order of the way of a case.
    pub(crate) const ALL: [Self; 3] = [Self::Finding, Self::Conclusion, Self::AppealAnswer];

    /// Its word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Finding => "phat-hien",
            Self::Conclusion => "ket-luan",
            Self::AppealAnswer => "tra-loi-kien-nghi",
        }
    }

    /// The letter of a word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// Id of its template, a file of `letters/`.
    pub(crate) const fn template(self) -> &'static str {
        match self {
            Self::Finding => "claim-finding-notice",
            Self::Conclusion => "claim-conclusion",
            Self::AppealAnswer => "claim-appeal-answer",
        }
    }

    /// Whether a case stands so that it can be written: nothing is told to a facility that is not so.
    pub(crate) fn fits(self, state: ReviewState) -> bool {
        match self {
            Self::Finding => matches!(state, ReviewState::Proposed | ReviewState::Sent),
            Self::Conclusion => state.is_decided(),
            Self::AppealAnswer => state == ReviewState::Final,
        }
    }

    /// The lines it is about.
    fn lines(self, lines: &[ReviewLine]) -> Vec<&ReviewLine> {
        let about = |line: &&ReviewLine| match self {
            Self::Finding | Self::Conclusion => line.proposed > Dong::ZERO,
            Self::AppealAnswer => line.appealed,
        };
        lines.iter().filter(about).collect()
    }
}

/// What a letter says beside what the desk knows of the case.
pub(crate) struct About<'a> {
    /// The case.
    pub(crate) record: &'a ReviewRecord,
    /// Name of the facility.
    pub(crate) facility: String,
    /// The facility's key of the visit (`MA_LK`).
    pub(crate) dossier: String,
    /// The laws in force behind the findings.
    pub(crate) law: String,
    /// Working days to answer.
    pub(crate) due_days: String,
    /// In how many days the facility may appeal, and by which law; that it is not known, where it is not.
    pub(crate) appeal_term: String,
    /// Name of the unit that writes.
    pub(crate) unit: &'a str,
    /// Who writes.
    pub(crate) officer: String,
    /// Month of the date.
    pub(crate) month: Month,
    /// Whom to ask about personal data; empty for none.
    pub(crate) protection: String,
}

/// The letter. `vi` is the Vietnamese locale, whatever language the screen has: it is a document.
pub(crate) fn case_letter(which: CaseLetter, template: &Template, vi: Locale, about: &About<'_>) -> Letter {
    let case = &about.record.case;
    let lines = which.lines(&about.record.lines);
    let of = |amount: fn(&ReviewLine) -> Dong| sum(lines.iter().map(|line| amount(line)));
    let asked = asked_once(lines.iter().map(|line| (about.dossier.as_str(), *line)));
    let (proposed, refused, returned) = (of(|line| line.proposed), of(|line| line.decided), of(|line| line.overturned));
    let money = |label: String, amount: Dong| format!("{label}: {}", vi.dong(amount));
    let facts = match which {
        CaseLetter::Finding => vec![money(vi.t("claims-letter-asked"), asked), money(vi.t("claims-letter-proposed"), proposed)],
        CaseLetter::Conclusion => vec![
            money(vi.t("claims-letter-proposed"), proposed),
            money(vi.t("claims-letter-refused"), refused),
            money(vi.t("claims-letter-not-refused"), proposed - refused),
        ],
        CaseLetter::AppealAnswer => vec![
            money(vi.t("claims-letter-appealed"), refused),
            money(vi.t("claims-letter-returned"), returned),
            money(vi.t("claims-letter-upheld"), refused - returned),
        ],
    };
    let issuer = Issuer::of(about.unit);
    let texts: BTreeMap<&'static str, String> = [
        ("recipient", about.facility.clone()),
        ("facility_code", case.facility.clone()),
        ("dossier", about.dossier.clone()),
        ("period", vi.month(case.period).to_lowercase()),
        ("as_of", vi.date(case.period.last_day())),
        ("law", about.law.clone()),
        ("due_days", about.due_days.clone()),
        ("appeal_term", about.appeal_term.clone()),
        ("asked", vi.dong(asked)),
        ("proposed", vi.dong(proposed)),
        ("refused", vi.dong(refused)),
        ("returned", vi.dong(returned)),
        ("unit", issuer.organ.clone()),
        ("officer", about.officer.clone()),
    ]
    .into();
    Letter {
        organ_above: issuer.above,
        symbol: match (&template.kind, template.symbol.as_str()) {
            (Kind::Letter, _) | (_, "") => issuer.short.to_owned(),
            (Kind::Notice { .. }, symbol) if issuer.short.is_empty() => symbol.to_owned(),
            (Kind::Notice { .. }, symbol) => format!("{symbol}-{}", issuer.short),
        },
        organ: issuer.organ,
        place: issuer.place,
        month: about.month,
        kind: template.kind.clone(),
        subject: template.subject.clone(),
        to: vec![about.facility.clone()],
        body: template.fill(&Values { texts, facts }),
        signer: issuer.signer.to_owned(),
        copies: vec![vi.t("letter-copy-as-above")],
        prepared_by: about.officer.clone(),
        protection: about.protection.clone(),
        annex: Some(annex(which, vi, &about.dossier, &lines)),
    }
}

/// The lines, one a row, and their sums.
fn annex(which: CaseLetter, vi: Locale, dossier: &str, lines: &[&ReviewLine]) -> LetterAnnex {
    let amounts = |line: &ReviewLine| match which {
        CaseLetter::Finding => vec![line.asked, line.proposed],
        CaseLetter::Conclusion => vec![line.proposed, line.decided],
        CaseLetter::AppealAnswer => vec![line.decided, line.overturned],
    };
    let heads = match which {
        CaseLetter::Finding => [vi.t("claims-letter-column-asked"), vi.t("claims-letter-column-proposed")],
        CaseLetter::Conclusion => [vi.t("claims-letter-column-proposed"), vi.t("claims-letter-column-refused")],
        CaseLetter::AppealAnswer => [vi.t("claims-letter-column-refused"), vi.t("claims-letter-column-returned")],
    };
    let mut columns =
        vec![vi.t("claims-letter-column-number"), vi.t("claims-letter-column-line"), vi.t("claims-letter-column-ground")];
    columns.extend(heads);
    let number = |amount: Dong| vi.number(amount.get());
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(lines.len() + 1);
    for (at, line) in (1_usize..).zip(lines) {
        let mut cells = vec![at.to_string(), place(vi, dossier, line), ground(which, vi, line)];
        cells.extend(amounts(line).into_iter().map(number));
        rows.push(cells);
    }
    let mut total = vec![String::new(), vi.t("claims-lines-sum"), String::new()];
    let mut sums = [0, 1].map(|at| sum(lines.iter().filter_map(|line| amounts(line).get(at).copied())));
    if which == CaseLetter::Finding {
        sums[0] = asked_once(lines.iter().map(|line| (dossier, *line)));
    }
    total.extend(sums.map(number));
    rows.push(total);
    LetterAnnex { title: vi.t("claims-letter-annex"), columns, rows, words: 2 }
}

/// "Mã hồ sơ LK1; thuốc, dòng 3: Ghi hai lần": the facility's own key and the line, no name of anybody.
pub(super) fn place(vi: Locale, dossier: &str, line: &ReviewLine) -> String {
    let at = words::line(vi, line.line_table.as_deref(), line.line_no);
    vi.t_args(
        "claims-letter-place",
        &[("dossier", dossier.into()), ("line", at.as_str().into()), ("reason", line.reason.as_str().into())],
    )
}

/// By which law, and what was said of the line when it was decided or appealed against.
fn ground(which: CaseLetter, vi: Locale, line: &ReviewLine) -> String {
    let mut said = vec![line.law.clone()];
    if which == CaseLetter::Conclusion {
        said.extend(line.decision.map(|decision| words::decision(vi, decision)));
        said.extend(line.decision_reason.clone());
    }
    if which == CaseLetter::AppealAnswer {
        said.extend(line.appeal.map(|outcome| words::appeal(vi, outcome)));
        said.extend(line.appeal_reason.clone());
    }
    said.retain(|part| !part.trim().is_empty());
    said.iter().map(|part| part.trim().trim_end_matches('.')).collect::<Vec<_>>().join(". ")
}
