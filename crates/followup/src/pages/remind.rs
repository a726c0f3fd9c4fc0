//! Reminding a unit: written down, by letter as a draft among the documents.

use axum::response::Response;
use base::Date;
use chapter::{PageError, PlanLetter, Viewer, day_in_hanoi, keep_plan_letter};
use desk::{NewReminder, Permission, Reminder, ReminderHow, ReminderKind};
use documents::letter::Block;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Choice, Column, Control, Field, Form, Panel, Row, Table, empty_state};
use web::{Lang, Locale, SafeHtml};

use super::go;
use crate::Followup;

/// What a unit is reminded of.
pub(super) struct About<'a> {
    pub(super) kind: ReminderKind,
    /// Id of the task or duty.
    pub(super) subject: &'a str,
    /// The plan's unit.
    pub(super) unit: &'a str,
    /// What is owed, in Vietnamese.
    pub(super) what: &'a str,
    /// The task a letter is filed under.
    pub(super) task: &'a str,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "han")]
    term: Date,
    #[serde(rename = "cach")]
    how: String,
    #[serde(rename = "noi-dung")]
    words: String,
    #[serde(rename = "don-vi", default)]
    pub(super) unit: String,
    #[serde(rename = "so")]
    number: String,
}

/// The form; with several units one of them is chosen.
pub(super) fn form(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    action: &str,
    term: Date,
    units: &[(String, String)],
) -> SafeHtml {
    let ways = ReminderHow::ALL.map(|how| Choice::new(how.as_str(), l.t(how_key(how)), how == ReminderHow::Letter)).to_vec();
    let mut fields = Vec::new();
    if units.len() > 1 {
        let choices = units.iter().map(|(id, name)| Choice::new(id.as_str(), name.as_str(), false)).collect();
        fields.push(Field::new("don-vi", l.t("followup-column-unit"), Control::Select(choices)));
    }
    fields.push(Field::new("cach", l.t("followup-remind-how"), Control::Select(ways)));
    fields.push(
        Field::new("noi-dung", l.t("followup-remind-words"), Control::Lines)
            .value(l.t_args("followup-remind-default", &[("day", l.date(term).into())]))
            .hint(l.t("followup-remind-hint")),
    );
    let form = Form {
        action: action.to_owned(),
        reads: false,
        hidden: vec![
            ("han".into(), term.to_string()),
            ("so".into(), followup.app.form_number(viewer, &format!("remind {action}"))),
        ],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("followup-remind"), ButtonKind::Default)],
    };
    Panel::new(l.t("followup-remind"), form.html()).html()
}

/// The reminders so far, newest first.
pub(super) fn past(l: Locale, reminders: &[&Reminder]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("followup-remind-day")),
        Column::text(l.t("followup-column-due")),
        Column::text(l.t("followup-remind-how")),
        Column::text(l.t("followup-remind-words")),
    ];
    let rows = reminders.iter().map(|one| {
        let how = l.t(how_key(one.how));
        let how = match &one.document {
            Some(document) => Cell::link(how, format!("/van-ban/{document}")),
            None => Cell::text(how),
        };
        Row::new(vec![Cell::text(l.date(day_in_hanoi(one.at))), Cell::text(l.date(one.term)), how, Cell::text(&one.words)])
    });
    let empty = empty_state(&l.t("followup-remind-none"), &l.t("followup-remind-none-why"), None);
    let table = Table::new("nhac", l.t("followup-reminders"), head).rows(rows).empty(empty).html(l);
    Panel::flush(l.t("followup-reminders"), table).html()
}

fn how_key(how: ReminderHow) -> &'static str {
    match how {
        ReminderHow::Letter => "followup-remind-letter",
        ReminderHow::Phone => "followup-remind-phone",
        ReminderHow::Meeting => "followup-remind-meeting",
        ReminderHow::Portal => "followup-remind-portal",
    }
}

/// Writes a reminder down; a letter is drafted first and opened then.
pub(super) async fn keep(
    followup: &Followup,
    viewer: &Viewer,
    about: About<'_>,
    asked: Asked,
    back: &str,
) -> Result<Response, PageError> {
    let app = &followup.app;
    desk::require(&viewer.scope, Permission::ConfirmTasks).map_err(|_| PageError::Forbidden)?;
    let l = app.locale(viewer);
    let how = ReminderHow::from_word(&asked.how).ok_or_else(|| PageError::BadRequest(l.t("followup-fault-how")))?;
    let words = base::names::clean(&asked.words);
    let document = match how {
        ReminderHow::Letter => {
            let vi = app.locale(&Viewer { lang: Lang::Vi, ..viewer.clone() });
            let due = vi.date(asked.term);
            let of = [("what", about.what.trim_end_matches('.').into()), ("day", due.into())];
            let body = [vi.t_args("followup-letter-reminder", &of), words.clone(), vi.t("followup-letter-thanks")];
            let letter = PlanLetter {
                template: "plan-reminder",
                task: about.task.to_owned(),
                period: asked.term.month(),
                commune: None,
                title: None,
                subject: vi.t_args("followup-letter-reminder-subject", &[("what", lower_first(about.what).into())]),
                to: followup.unit_name(vi, about.unit),
                body: body.into_iter().filter(|text| !text.is_empty()).map(Block::Paragraph).collect(),
                annex: None,
            };
            Some(keep_plan_letter(app, viewer, letter, &format!("{}l", asked.number)).await?.id)
        }
        _ => None,
    };
    let new = NewReminder {
        plan: followup.followed.id.clone(),
        kind: about.kind,
        subject: about.subject.to_owned(),
        term: asked.term,
        unit: about.unit.to_owned(),
        how,
        document: document.clone(),
        words,
    };
    app.desk.remind(&viewer.scope, &new, &asked.number).await.map_err(PageError::desk)?;
    Ok(go(&document.map_or_else(|| back.to_owned(), |id| format!("/van-ban/{id}"))))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
