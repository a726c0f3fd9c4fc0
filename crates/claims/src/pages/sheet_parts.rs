//! Parts of a sheet: each finding with its reason, law, honest explanations and facts; and the form that makes a case of them.

use base::Dong;
use chapter::Viewer;
use rules::SectionKey;
use web::component::{
    Button, ButtonKind, Control, Field, Form, Link, Panel, Status, definition_list, empty_state, heading, paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::dossier::Cells;
use super::found::{self, FoundHere, Said};
use super::sheet::Sheet;
use super::{Audit, RULES, queue, rule, sheet_href, sheet_of_case, words};

/// What was found, one block a finding.
pub(super) fn findings(audit: &Audit, l: Locale, sheet: &Sheet) -> SafeHtml {
    let title = l.t("claims-findings");
    if sheet.found.is_empty() {
        return Panel::new(title, empty_state(&l.t("claims-findings-none"), &l.t("claims-findings-none-why"), None)).html();
    }
    let foot = format!("{} {}", l.t("claims-indication"), audit.app.automation_line(l));
    let blocks = sheet.found.iter().map(|found| finding(audit, l, sheet, found));
    Panel::new(title, SafeHtml::concat(blocks)).foot(SafeHtml::text(&foot)).html()
}

fn finding(audit: &Audit, l: Locale, sheet: &Sheet, found: &FoundHere) -> SafeHtml {
    let app = &audit.app;
    let status = match &found.national {
        Some(_) => Status::neutral(l.t("claims-national")),
        None => words::strength(l, found.strength),
    };
    let mut block = heading(3, &words::rule(app, l, &found.rule), status.html());
    let mut items = vec![(l.t("claims-line"), SafeHtml::text(&place(audit, l, sheet, found)))];
    if let Some(amount) = found.amount {
        items.push((l.t("claims-column-amount"), tag("b").text(&l.dong(amount)).html()));
    }
    // Facts of a finding name codes, drugs and results.
    match sheet.seen.hides() {
        true => items.push((l.t("claims-facts"), Status::neutral(l.t("claims-protected-line")).html())),
        false => items.extend(found::said(audit, l, found).into_iter().map(|fact| fact_item(l, sheet, fact))),
    }
    block.push(definition_list(false, items));
    block.push(reasons(audit, l, sheet, found));
    tag("div").class("grid").child(block).html()
}

/// A fact; one that names a visit leads to its sheet, where that is open to who looks.
fn fact_item(l: Locale, sheet: &Sheet, fact: Said) -> (String, SafeHtml) {
    let value = match fact.other {
        Some(other) if sheet.open_others.contains(&other) => {
            tag("a").href(&sheet_href(other)).text(&queue::visit_name(l, other)).html()
        }
        _ => SafeHtml::text(&fact.value),
    };
    (fact.label, value)
}

/// "Thuốc, dòng 3: Paracetamol 500 mg".
fn place(audit: &Audit, l: Locale, sheet: &Sheet, found: &FoundHere) -> String {
    let place = words::line(l, found.table.as_deref(), found.line);
    let name = sheet.stored.as_ref().filter(|_| !sheet.seen.hides()).zip(found.table.as_deref().zip(found.line));
    let name = name.and_then(|(stored, (table, line))| Cells::new(&audit.formats, stored).line_name(table, line));
    name.map_or_else(|| place.clone(), |name| format!("{place}: {name}"))
}

/// Why it matters and on which law, what would explain it honestly, what to ask for; from the page of the rule.
fn reasons(audit: &Audit, l: Locale, sheet: &Sheet, found: &FoundHere) -> SafeHtml {
    let Some(known) = audit.app.rules.get(&found.rule) else { return SafeHtml::default() };
    let manual = known.page(&audit.app.schemas);
    let mut text = SafeHtml::default();
    for section in manual.sections.iter().filter(|section| section.key != SectionKey::Finds) {
        text.push(heading(3, words::pick(l, &section.heading.vi, &section.heading.en), SafeHtml::default()));
        text.push(SafeHtml::trusted(words::pick(l, &section.html.vi, &section.html.en).to_owned()));
    }
    if !known.law.is_empty() {
        text.push(rule::law(audit, l, known, sheet.period.last_day()));
    }
    text.push(paragraph(Link::new(l.t("claims-rule-page"), format!("{RULES}/{}", known.id))));
    tag("details").child(tag("summary").text(&l.t("claims-finding-why"))).child(text).html()
}

/// The cases of a visit that has more than one, each with where it stands.
pub(super) fn cases(l: Locale, sheet: &Sheet) -> SafeHtml {
    if sheet.cases.len() < 2 {
        return SafeHtml::default();
    }
    let shown = |id: &str| sheet.case.as_ref().is_some_and(|case| case.id == id);
    let items = (1_i64..).zip(&sheet.cases).map(|(number, case)| {
        let name = l.t_args("claims-case-number", &[("n", number.into())]);
        let title = match shown(&case.id) {
            true => tag("b").text(&name).html(),
            false => Link::new(name, sheet_of_case(case.visit, &case.id)).html(),
        };
        let money = l.t_args("claims-proposed-of", &[("amount", l.dong(case.proposed).into())]);
        let about = words::state(l, case.state).html().then(" ").then(SafeHtml::text(&money));
        tag("li").child(title).child(tag("p").class("small").child(about))
    });
    Panel::new(l.t("claims-cases-of-visit"), tag("ul").class("links").children(items).html()).id("cac-vu-viec").html()
}

/// The form that makes a case of the findings that are ticked, or adds them to the case that was not sent yet; of findings that no case holds.
pub(super) fn open_form(audit: &Audit, l: Locale, viewer: &Viewer, sheet: &Sheet) -> SafeHtml {
    let is_ours = |found: &&FoundHere| found.national.is_none() && !sheet.held.contains(&found.key);
    let ours: Vec<&FoundHere> = sheet.found.iter().filter(is_ours).collect();
    let (title, button) = match sheet.cases.last() {
        None => (l.t("claims-open-title"), l.t("claims-open")),
        Some(last) if last.state.takes_findings() => (l.t("claims-open-add-title"), l.t("claims-open-add")),
        Some(_) => (l.t("claims-open-follow-title"), l.t("claims-open-follow")),
    };
    if ours.is_empty() || sheet.stored.is_none() {
        return SafeHtml::default();
    }
    let ticks = ours.iter().map(|found| {
        let amount = l.dong(found.amount.unwrap_or(Dong::ZERO));
        let values = [
            ("rule", words::rule(&audit.app, l, &found.rule).into()),
            ("line", place(audit, l, sheet, found).into()),
            ("amount", amount.into()),
        ];
        let label = l.t_args("claims-open-finding", &values);
        Field::new(format!("chon-{}", found.key), label, Control::Tick).value("1").html(l)
    });
    // A case that there is has a form of its own for its number, and one that follows takes that of the first.
    let code = match sheet.cases.is_empty() {
        true => {
            let code = Field::new("ma-cong", l.t("claims-portal-code"), Control::Text);
            code.hint(l.t("claims-portal-code-hint")).optional().html(l)
        }
        false => SafeHtml::default(),
    };
    let form = Form {
        action: format!("{}/mo", sheet_href(sheet.visit)),
        reads: false,
        hidden: vec![
            ("so".into(), audit.app.form_number(viewer, &format!("open review {}", sheet.visit))),
            // The findings are those of the month that is shown.
            ("ky".into(), sheet.period.to_string()),
        ],
        body: SafeHtml::concat(ticks).then(code),
        buttons: vec![Button::submit(button, ButtonKind::Primary).busy(l.t("claims-saving"))],
    };
    Panel::new(title, form.html()).id("mo-vu-viec").html()
}
