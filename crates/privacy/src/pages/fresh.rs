//! `/du-lieu-ca-nhan/thoa-thuan-moi`: an agreement is written down, first its roster, then the rest.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Form as FromForm, Query, State};
use axum::response::{IntoResponse, Response};
use base::Date;
use chapter::{AgreementFault, App, PageError, Shown, Viewer, check_agreement, typed_day};
use desk::{AuditAction, NewAgreement, ReadEvent, ReceiverRole};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, ErrorSummary, Field, Form, Link, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use super::{go, href, may_manage};
use crate::{HOME, words};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// The roster.
    #[serde(rename = "loai", default)]
    roster: String,
}

/// What was typed, by name, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    values: BTreeMap<String, String>,
    faults: BTreeMap<&'static str, String>,
    sent: bool,
}

impl Typed {
    fn of(&self, name: &str) -> String {
        self.values.get(name).map(|text| base::names::clean(text)).unwrap_or_default()
    }
}

/// `GET /du-lieu-ca-nhan/thoa-thuan-moi?loai=…`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    draw(&app, &viewer, &view.roster, &Typed::default()).await
}

/// `POST /du-lieu-ca-nhan/thoa-thuan-moi`.
pub(super) async fn add(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    if !may_manage(&viewer) {
        return Err(PageError::Forbidden);
    }
    let mut typed = Typed { values: sent.into_iter().collect(), faults: BTreeMap::new(), sent: true };
    let roster = typed.of("loai");
    match read(&app, l, &mut typed) {
        Some(new) => {
            let made = app.desk.add_agreement(&viewer.scope, new).await.map_err(PageError::desk)?;
            Ok(go(&href(&made.id)))
        }
        None => draw(&app, &viewer, &roster, &typed).await.map(IntoResponse::into_response),
    }
}

/// The agreement that was typed; otherwise what is wrong stands in `typed`.
fn read(app: &App, l: Locale, typed: &mut Typed) -> Option<NewAgreement> {
    let mut faults = BTreeMap::new();
    let text = |name: &'static str, faults: &mut BTreeMap<&'static str, String>| {
        let text = typed.of(name);
        if text.is_empty() {
            faults.insert(name, l.t("privacy-fault-empty"));
        }
        text
    };
    let [number, provider, receiver, article, purpose] =
        ["so-van-ban", "ben-giao", "ben-nhan", "can-cu", "muc-dich"].map(|name| text(name, &mut faults));
    let first: Option<Date> = typed_day(&typed.of("tu-ngay"));
    let last_typed = typed.of("den-ngay");
    let last = typed_day(&last_typed);
    if first.is_none() {
        faults.insert("tu-ngay", l.t("privacy-fault-day"));
    }
    if (!last_typed.is_empty() && last.is_none()) || last.zip(first).is_some_and(|(last, first)| last < first) {
        faults.insert("den-ngay", l.t("privacy-fault-last-day"));
    }
    let months: Option<u32> = typed.of("luu-tru").parse().ok().filter(|months| (1..=1200).contains(months));
    if months.is_none() {
        faults.insert("luu-tru", l.t("privacy-fault-months"));
    }
    let role = ReceiverRole::from_word(&typed.of("vai-tro"));
    if role.is_none() {
        faults.insert("vai-tro", l.t("privacy-fault-role"));
    }
    let roster = typed.of("loai");
    let fields: BTreeSet<String> =
        typed.values.keys().filter_map(|name| name.strip_prefix("truong-")).map(str::to_owned).collect();
    let layouts = app.shelf.layouts();
    let names =
        |fields: &[String]| fields.iter().map(|name| words::field(layouts.newest(&roster), name)).collect::<Vec<_>>().join(", ");
    match check_agreement(&layouts, &roster, &fields) {
        Ok(()) => {}
        Err(AgreementFault::Roster(_)) => drop(faults.insert("cac-truong", l.t("privacy-fault-roster"))),
        Err(AgreementFault::Fields(unknown)) => {
            faults.insert("cac-truong", l.t_args("privacy-fault-unknown", &[("fields", names(&unknown).as_str().into())]));
        }
        Err(AgreementFault::Needed(needed)) => {
            faults.insert("cac-truong", l.t_args("privacy-fault-needed", &[("fields", names(&needed).as_str().into())]));
        }
    }
    typed.faults = faults;
    let (first_day, retention_months, receiver_role) = (first?, months?, role?);
    typed.faults.is_empty().then(|| NewAgreement {
        number,
        provider,
        receiver,
        receiver_role,
        roster,
        fields,
        article,
        purpose,
        first_day,
        last_day: last,
        retention_months,
        transfer: Some(typed.of("chuyen-giao")).filter(|text| !text.is_empty()),
        client_tx: typed.of("so"),
    })
}

/// The page, with what was typed when a form came back.
async fn draw(app: &App, viewer: &Viewer, roster: &str, typed: &Typed) -> Result<Shown, PageError> {
    let l = app.locale(viewer);
    if !may_manage(viewer) {
        return Err(PageError::Forbidden);
    }
    let audited = app.audit(viewer, ReadEvent::new(AuditAction::ViewRows, "data_agreement")).await?;
    let mut page = app.page(viewer, &format!("{HOME}/thoa-thuan-moi"), l.t("privacy-add"));
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME)];
    page.here = l.t("privacy-add");
    let form = if app.shelf.layouts().newest(roster).is_none() { choose(app, l) } else { form(app, l, viewer, roster, typed) };
    page.body = tag("div").class("narrow").child(form).html();
    page.foot = vec![l.t("privacy-law")];
    Ok(Shown::page(page.render(l), audited))
}

/// Which roster it is about.
fn choose(app: &App, l: Locale) -> SafeHtml {
    let layouts = app.shelf.layouts();
    let choices = layouts.rosters().into_iter().map(|id| Choice::new(id, words::roster(app, l, id), false)).collect();
    let form = Form {
        action: format!("{HOME}/thoa-thuan-moi"),
        reads: true,
        hidden: Vec::new(),
        body: Field::new("loai", l.t("privacy-column-roster"), Control::Select(choices)).html(l),
        buttons: vec![Button::submit(l.t("privacy-go-on"), ButtonKind::Primary)],
    };
    Panel::new(l.t("privacy-choose"), form.html()).html()
}

fn form(app: &App, l: Locale, viewer: &Viewer, roster: &str, typed: &Typed) -> SafeHtml {
    let field = |name: &'static str, label: &str, control: Control| {
        Field::new(name, l.t(label), control).value(typed.of(name)).error(typed.faults.get(name).cloned())
    };
    let role = typed.of("vai-tro");
    let roles = ReceiverRole::ALL.map(|r| Choice::new(r.as_str(), words::role(l, r), r.as_str() == role)).to_vec();
    let mut fields = vec![
        field("so-van-ban", "privacy-column-number", Control::Text).hint(l.t("privacy-number-hint")),
        field("ben-giao", "privacy-column-provider", Control::Text),
        field("ben-nhan", "privacy-column-receiver", Control::Text),
        field("vai-tro", "privacy-role", Control::Radios(roles)),
        field("can-cu", "privacy-article", Control::Text).hint(l.t("privacy-article-hint")),
        field("muc-dich", "privacy-purpose", Control::Lines),
        field("tu-ngay", "privacy-first-day", Control::Date),
        field("den-ngay", "privacy-last-day", Control::Date).hint(l.t("privacy-last-day-hint")).optional(),
        field("luu-tru", "privacy-retention", Control::Digits).hint(l.t("privacy-retention-hint")),
        field("chuyen-giao", "privacy-transfer", Control::Text).hint(l.t("privacy-transfer-hint")).optional(),
    ];
    let which = which_fields(app, l, roster, typed);
    let summary = {
        let of_fields = typed.faults.get("cac-truong").map(|fault| ("cac-truong".to_owned(), fault.clone()));
        let mut summary = ErrorSummary::of(&fields);
        summary.errors.extend(of_fields);
        summary.html(l)
    };
    let body = SafeHtml::concat(fields.drain(..).map(|field| field.html(l))).then(which);
    let number = if typed.sent { typed.of("so") } else { app.form_number(viewer, &format!("agreement {roster}")) };
    let form = Form {
        action: format!("{HOME}/thoa-thuan-moi"),
        reads: false,
        hidden: vec![("loai".into(), roster.to_owned()), ("so".into(), number)],
        body,
        buttons: vec![Button::submit(l.t("privacy-save"), ButtonKind::Primary)],
    };
    summary.then(Panel::new(words::roster(app, l, roster), form.html()).html())
}

/// A tick for each field of the roster; those every file must have stand ticked at first.
fn which_fields(app: &App, l: Locale, roster: &str, typed: &Typed) -> SafeHtml {
    let layouts = app.shelf.layouts();
    let Some(layout) = layouts.newest(roster) else { return SafeHtml::default() };
    let ticks = layout.fields.iter().map(|field| {
        let name = format!("truong-{}", field.name);
        let needed = field.required || field.needed;
        let ticked = if typed.sent { typed.values.contains_key(&name) } else { needed };
        let class = words::class(l, field.personal);
        let hint = if needed { l.t_args("privacy-needed", &[("class", class.as_str().into())]) } else { class };
        Field::new(name, words::heading(field), Control::Tick).value(if ticked { "1" } else { "" }).hint(hint).html(l)
    });
    let fault = typed.faults.get("cac-truong").map(|fault| tag("p").class("field-error").text(fault));
    tag("fieldset")
        .class("field")
        .attr("id", "cac-truong")
        .child(tag("legend").text(&l.t("privacy-fields")))
        .child(paragraph(l.t("privacy-fields-hint")))
        .children(ticks)
        .child_opt(fault)
        .html()
}
