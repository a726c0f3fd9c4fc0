//! Words of the audit that several pages use.

use std::collections::BTreeMap;

use base::{Date, Dong, Strength};
use chapter::{App, PageError, Viewer, day_in_hanoi};
use claimfile::Lists;
use desk::{AnswerKind, AppealOutcome, HistoryEvent, LineDecision, ReviewRefusal, ReviewState};
use law::calc::Calendar;
use rules::{Rule, SectionKey};
use web::component::{Mark, Moment, Status, timeline};
use web::{Lang, Locale, SafeHtml, tag};

use super::clock_page;
use super::serving::Snapshot;
use crate::clocks;

/// Title of a rule; its id where the program has it no more.
pub(crate) fn rule(app: &App, l: Locale, id: &str) -> String {
    app.rules.get(id).map_or_else(|| id.to_owned(), |rule| pick(l, &rule.title.vi, &rule.title.en).to_owned())
}

/// The text in the reader's language.
pub(crate) fn pick<'t>(l: Locale, vi: &'t str, en: &'t str) -> &'t str {
    if l.lang() == Lang::En { en } else { vi }
}

/// "Bệnh viện A (01001)": the name a unit has here, else what the run knows, else the code.
pub(crate) fn facility(names: &BTreeMap<String, String>, snapshot: Option<&Snapshot>, code: &str) -> String {
    match names.get(code) {
        Some(name) => format!("{name} ({code})"),
        None => snapshot.map_or_else(|| code.to_owned(), |snapshot| snapshot.facility_name(code)),
    }
}

/// How strong a finding is.
pub(crate) fn strength_words(l: Locale, strength: Strength) -> String {
    match strength {
        Strength::Absolute => l.t("claims-strength-absolute"),
        Strength::Explain => l.t("claims-strength-explain"),
        Strength::Warn => l.t("claims-strength-warn"),
    }
}

/// How strong a finding is, as a status word.
pub(crate) fn strength(l: Locale, strength: Strength) -> Status {
    let words = strength_words(l, strength);
    match strength {
        Strength::Absolute => Status::bad(words),
        Strength::Explain => Status::warn(words),
        Strength::Warn => Status::neutral(words),
    }
}

/// The stable word of a strength in addresses.
pub(crate) fn strength_word(strength: Strength) -> &'static str {
    match strength {
        Strength::Absolute => "absolute",
        Strength::Explain => "explain",
        Strength::Warn => "warn",
    }
}

/// Name of a state.
pub(crate) fn state_words(l: Locale, state: ReviewState) -> String {
    match state {
        ReviewState::Open => l.t("claims-state-open"),
        ReviewState::Proposed => l.t("claims-state-proposed"),
        ReviewState::Sent => l.t("claims-state-sent"),
        ReviewState::Answered => l.t("claims-state-answered"),
        ReviewState::Decided => l.t("claims-state-decided"),
        ReviewState::Appealed => l.t("claims-state-appealed"),
        ReviewState::Final => l.t("claims-state-final"),
        ReviewState::Closed => l.t("claims-state-closed"),
    }
}

/// Where a case stands.
pub(crate) fn state(l: Locale, state: ReviewState) -> Status {
    let words = state_words(l, state);
    match state {
        ReviewState::Open => Status::neutral(words),
        ReviewState::Proposed | ReviewState::Sent => Status::doing(words),
        ReviewState::Answered | ReviewState::Appealed => Status::warn(words),
        ReviewState::Decided | ReviewState::Final | ReviewState::Closed => Status::ok(words),
    }
}

/// How a term that is not yet met stands, with its last day: "Hạn 05/11/2026: còn 2 ngày làm việc".
pub(crate) fn due(l: Locale, calendar: &Calendar, due: Date, today: Date) -> Status {
    let Status { kind, words } = clock_page::status(l, clocks::waiting(calendar, due, today));
    let values = [("day", l.date(due).into()), ("stands", words.into())];
    Status::new(kind, l.t_args("claims-due", &values))
}

/// What was decided about a line.
pub(crate) fn decision(l: Locale, decision: LineDecision) -> String {
    match decision {
        LineDecision::Accepted => l.t("claims-decision-accepted"),
        LineDecision::Refused => l.t("claims-decision-refused"),
        LineDecision::Adjusted => l.t("claims-decision-adjusted"),
    }
}

/// What came of an appeal about a line.
pub(crate) fn appeal(l: Locale, outcome: AppealOutcome) -> String {
    match outcome {
        AppealOutcome::Upheld => l.t("claims-appeal-upheld"),
        AppealOutcome::Partly => l.t("claims-appeal-partly"),
        AppealOutcome::Overturned => l.t("claims-appeal-overturned"),
    }
}

/// How a facility answers.
pub(crate) fn answer(l: Locale, kind: AnswerKind) -> String {
    match kind {
        AnswerKind::Withdraw => l.t("claims-answer-withdraw"),
        AnswerKind::Adjust => l.t("claims-answer-adjust"),
        AnswerKind::Explain => l.t("claims-answer-explain"),
        AnswerKind::Appeal => l.t("claims-answer-appeal"),
    }
}

/// Why a case was left as it is.
pub(crate) fn refusal(l: Locale, why: ReviewRefusal) -> String {
    match why {
        ReviewRefusal::Stale => l.t("claims-why-stale"),
        ReviewRefusal::WrongState => l.t("claims-why-wrong-state"),
        ReviewRefusal::NotYours => l.t("claims-why-not-yours"),
        ReviewRefusal::SameSigner => l.t("claims-why-same-signer"),
        ReviewRefusal::AboveLimit => l.t("claims-why-above-limit"),
        ReviewRefusal::NothingProposed => l.t("claims-why-nothing-proposed"),
        ReviewRefusal::ClockRuns => l.t("claims-why-clock-runs"),
        ReviewRefusal::TooLate => l.t("claims-why-too-late"),
        ReviewRefusal::Pending => l.t("claims-why-pending"),
        ReviewRefusal::NotPending => l.t("claims-why-not-pending"),
        ReviewRefusal::OwnerDoesNotSee => l.t("claims-why-owner-does-not-see"),
        ReviewRefusal::Taken => l.t("claims-why-taken"),
    }
}

/// What the signature (CHUKYDONVI) of a file is worth, by the stable words of its verdict; what is signed where it is good. None decides anything.
pub(crate) fn signature(l: Locale, answer: &str, covers: Option<&str>) -> Status {
    match answer {
        "good" => Status::ok(match covers {
            Some("whole") => l.t("claims-signature-whole"),
            Some("parts") => l.t("claims-signature-parts"),
            _ => l.t("claims-signature-good"),
        }),
        "wrong" => Status::bad(l.t("claims-signature-wrong")),
        "absent" => Status::neutral(l.t("claims-signature-absent")),
        _ => Status::neutral(l.t("claims-signature-not-checked")),
    }
}

/// "Thuốc, dòng 3" of a line; "Cả hồ sơ" where the finding is about the visit.
pub(crate) fn line(l: Locale, table: Option<&str>, number: Option<i64>) -> String {
    let Some(table) = table.filter(|table| !table.is_empty()) else { return l.t("claims-line-whole") };
    let name = match table {
        "xml2" => l.t("claims-line-drug"),
        "xml3" => l.t("claims-line-service"),
        other => other.to_uppercase(),
    };
    match number {
        Some(number) => l.t_args("claims-line-number", &[("table", name.as_str().into()), ("n", number.into())]),
        None => name,
    }
}

/// What a code of a list means; the code where the list does not have it.
pub(crate) fn code(l: Locale, lists: &Lists, list: &str, code: &str) -> String {
    let meaning = lists.get(list).and_then(|list| list.ever(code));
    meaning.map_or_else(|| code.to_owned(), |meaning| pick(l, &meaning.vi, &meaning.en).to_owned())
}

/// What the word of a list means; the word where the list does not have it.
pub(crate) fn listed(l: Locale, lists: &Lists, list: &str, word: &str) -> String {
    let meaning = lists.get(list).and_then(|list| list.values.iter().find(|meaning| meaning.word == word));
    meaning.map_or_else(|| word.to_owned(), |meaning| pick(l, &meaning.vi, &meaning.en).to_owned())
}

/// A section of a rule's page as Markdown in Vietnamese; letters to facilities are written in it.
pub(crate) fn section(rule: &Rule, key: SectionKey) -> &str {
    rule.sections.iter().find(|section| section.key == key).map_or("", |section| section.vi.as_str())
}

/// The beginning of a section as plain words, for a field that somebody goes on writing in.
pub(crate) fn plain(markdown: &str) -> String {
    const MOST: usize = 400;
    let first = markdown.trim().split("\n\n").next().unwrap_or_default();
    let words = base::names::clean(&first.replace(['*', '`', '_'], ""));
    match words.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default().trim_end()),
        None => words,
    }
}

/// Day and time in Hà Nội of a moment in Unix milliseconds.
pub(crate) fn moment(l: Locale, unix_ms: i64) -> String {
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    format!("{} {:02}:{:02}", l.date(day_in_hanoi(unix_ms)), seconds / 3600, seconds / 60 % 60)
}

/// A day as it stands in a field, in the way it is typed in both languages.
pub(crate) fn typed(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month_number(), day.year())
}

/// Đồng that somebody typed: digits, in groups of three where there are points, commas or blanks between them. Anything else is refused rather than
/// read as a hundred times as much.
pub(crate) fn typed_dong(text: &str) -> Option<Dong> {
    let text = text.trim().trim_end_matches('đ').trim_end();
    let parts: Vec<&str> = text.split(['.', ',', ' ', '\u{a0}']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let grouped = parts.len() == 1 || (parts[0].len() <= 3 && parts[1..].iter().all(|part| part.len() == 3));
    (grouped && parts.iter().all(is_number)).then(|| parts.concat().parse().ok().map(Dong::new)).flatten()
}

/// What was done with a case, in words.
fn told(l: Locale, event: &HistoryEvent, names: &BTreeMap<String, String>) -> String {
    let value = event.value.as_deref().unwrap_or_default();
    let value = names.get(value).map_or(value, String::as_str);
    let day = event.day.map(|day| l.date(day)).unwrap_or_default();
    let values = [("value", value.into()), ("day", day.as_str().into())];
    l.t_args(&format!("claims-event-{}", event.what.replace('_', "-")), &values)
}

/// Who did what with a case, the last thing first; what facilities see of the agency is the unit.
pub(crate) async fn history(app: &App, l: Locale<'_>, viewer: &Viewer, events: &[HistoryEvent]) -> Result<SafeHtml, PageError> {
    let given = events.iter().filter(|event| event.what == "assigned").filter_map(|event| event.value.as_deref());
    let names = user_names(app, viewer, events.iter().map(|event| event.actor.as_str()).chain(given)).await?;
    let agency = l.t("claims-agency");
    let of_facility = desk::facility_of(&viewer.scope).is_some();
    let moments: Vec<Moment> = events
        .iter()
        .rev()
        .map(|event| {
            // Whose name a facility may not read is of the agency; their number says nothing to it.
            let unknown = if of_facility { agency.as_str() } else { event.actor.as_str() };
            let who = names.get(&event.actor).map_or(unknown, String::as_str);
            let mut detail = tag("span").text(who).html();
            if let Some(reason) = &event.reason {
                detail.push(tag("p").class("lines").text(reason).html());
            }
            let mark = match event.what.as_str() {
                "sent" | "decided" | "settled" | "appealed" => Mark::Legal,
                "collected" => Mark::Money,
                "note" | "file" => Mark::Coming,
                _ => Mark::Step,
            };
            Moment { when: moment(l, event.at), mark, title: SafeHtml::text(&told(l, event, &names)), detail }
        })
        .collect();
    Ok(timeline(&moments))
}

/// What the screens call users, by id.
pub(crate) async fn user_names<'u>(
    app: &App,
    viewer: &Viewer,
    users: impl Iterator<Item = &'u str>,
) -> Result<BTreeMap<String, String>, PageError> {
    let labels = app.desk.user_labels(&viewer.scope, &users.collect()).await.map_err(PageError::desk)?;
    Ok(labels.into_iter().map(|(id, label)| (id, label.label)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_people_type_it() {
        for text in ["1.250.000", "1,250,000", "1 250 000", "1250000", "1.250.000 đ"] {
            assert_eq!(typed_dong(text), Some(Dong::new(1_250_000)), "{text}");
        }
        for text in ["", "mười", "12x", "-5", "60000.00", "1.25", "1..250"] {
            assert_eq!(typed_dong(text), None, "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_section_is_plain_words() {
        assert_eq!(plain("Căn cứ **Điều 5** của\nThông tư.\n\nĐoạn sau."), "Căn cứ Điều 5 của Thông tư.");
        assert_eq!(plain(&"a ".repeat(500)).chars().count(), 400);
    }
}
