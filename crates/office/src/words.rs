//! Words of cases that several pages use.

use base::{CommuneCode, Date};
use chapter::App;
use desk::{Allowed, CORRECTION_CASE, Case, CaseState, HUMAN_REVIEW_CASE, Outcome, Queue, Refusal};
use web::component::Status;
use web::{Lang, Locale};

/// The key of people whom no rule explains, as the worklist names them.
const UNEXPLAINED: &str = "no-card-unexplained";

/// Title of a rule.
pub(crate) fn rule(app: &App, l: Locale, id: &str) -> String {
    match app.rules.get(id) {
        Some(rule) if l.lang() == Lang::En => rule.title.en.clone(),
        Some(rule) => rule.title.vi.clone(),
        None if id == UNEXPLAINED => l.t("office-rule-unexplained"),
        None if id == CORRECTION_CASE => l.t("office-rule-correction"),
        None if id == HUMAN_REVIEW_CASE => l.t("office-rule-human-review"),
        None => id.to_owned(),
    }
}

/// "Phường Hà Đông" of a code.
pub(crate) fn place(app: &App, code: &CommuneCode) -> String {
    match app.places.commune(code) {
        Some(commune) => {
            let mut letters = commune.kind.chars();
            let kind: String = letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default();
            format!("{kind} {}", commune.name)
        }
        None => code.to_string(),
    }
}

/// Village and commune of a case.
pub(crate) fn place_of(app: &App, l: Locale, case: &Case) -> String {
    let commune = case.commune.as_ref().map_or_else(|| l.t("office-place-unknown"), |code| place(app, code));
    case.village.as_ref().map_or_else(|| commune.clone(), |village| format!("{village}, {commune}"))
}

/// Name of a queue.
pub(crate) fn queue(l: Locale, queue: Queue) -> String {
    l.t(&format!("office-queue-{}", dashed(queue.as_str())))
}

/// Name of an outcome.
pub(crate) fn outcome(l: Locale, outcome: Outcome) -> String {
    l.t(&format!("office-outcome-{}", dashed(outcome.as_str())))
}

/// Why a case was left as it is.
pub(crate) fn refusal(l: Locale, why: Refusal) -> String {
    l.t(&format!("office-why-{}", dashed(why.as_str())))
}

/// Where a case stands.
pub(crate) fn state(l: Locale, case: &Case, today: Date) -> Status {
    match (case.state, case.outcome) {
        (CaseState::Open, _) => Status::neutral(l.t("office-state-open")),
        (CaseState::Taken, Some(Outcome::Contacted)) => Status::doing(l.t("office-state-contacted")),
        (CaseState::Taken, _) => Status::doing(l.t("office-state-taken")),
        (CaseState::Reopened, _) => Status::warn(l.t("office-state-reopened")),
        (CaseState::Snoozed, _) => {
            let day = case.snoozed_until.unwrap_or(case.due);
            let words = l.t_args("office-state-snoozed", &[("day", l.date(day).as_str().into())]);
            if day <= today { Status::warn(words) } else { Status::neutral(words) }
        }
        (CaseState::Done, done) => Status::ok(done.map_or_else(|| l.t("office-state-done"), |done| outcome(l, done))),
    }
}

/// How its term stands; nothing for a closed case.
pub(crate) fn due(l: Locale, case: &Case, today: Date) -> Option<Status> {
    if case.state == CaseState::Done {
        return None;
    }
    let day = l.date(case.due);
    let left = today.days_until(case.due);
    let words = |key: &str| l.t_args(key, &[("day", day.as_str().into()), ("n", i64::from(left.abs()).into())]);
    Some(match left {
        ..0 => Status::bad(words("office-due-over")),
        0..=3 => Status::warn(words("office-due-soon")),
        _ => Status::doing(words("office-due")),
    })
}

/// Outcomes that every rule offers; people whom no rule explains have those that most rules offer.
pub(crate) fn allowed(app: &App) -> Allowed {
    let mut allowed: Allowed = app
        .rules
        .iter()
        .map(|rule| (rule.id.clone(), rule.work.outcomes.iter().filter_map(|word| Outcome::from_word(word)).collect()))
        .collect();
    let all = Outcome::ALL.into_iter().filter(|outcome| outcome.is_of_findings()).collect();
    allowed.insert(UNEXPLAINED.to_owned(), all);
    // What people ask about their data is no finding: it is corrected, or looked at again and stays, with the reason.
    let asked =
        vec![Outcome::Contacted, Outcome::Corrected, Outcome::Upheld, Outcome::NotSamePerson, Outcome::Moved, Outcome::Dead];
    for rule in [CORRECTION_CASE, HUMAN_REVIEW_CASE] {
        allowed.insert(rule.to_owned(), asked.clone());
    }
    allowed
}

fn dashed(word: &str) -> String {
    word.replace('_', "-")
}
