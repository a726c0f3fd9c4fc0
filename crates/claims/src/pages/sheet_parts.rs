//! Parts of a sheet: each finding with its reason, law, honest explanations and facts; and the form that makes a case of them.

use base::Dong;
use chapter::Viewer;
use rules::SectionKey;
use web::component::{
    Button, ButtonKind, Control, Field, Form, Link, Panel, Status, definition_list, empty_state, heading, paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::dossier::Cells;
use super::found::{self, FoundHere};
use super::sheet::Sheet;
use super::{Audit, RULES, rule, sheet_href, words};

/// What was found, one block a finding.
pub(super) fn findings(audit: &Audit, l: Locale, sheet: &Sheet) -> SafeHtml {
    let title = l.t("claims-findings");
    if sheet.found.is_empty() {
        return Panel::new(title, empty_state(&l.t("claims-findings-none"), &l.t("claims-findings-none-why"), None)).html();
    }
    let blocks = sheet.found.iter().map(|found| finding(audit, l, sheet, found));
    Panel::new(title, SafeHtml::concat(blocks)).foot(SafeHtml::text(&l.t("claims-indication"))).html()
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
        false => items.extend(found::said(audit, l, found).into_iter().map(|(label, value)| (label, SafeHtml::text(&value)))),
    }
    block.push(definition_list(false, items));
    block.push(reasons(audit, l, sheet, found));
    tag("div").class("grid").child(block).html()
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

/// The form that makes a case of the findings that are ticked.
pub(super) fn open_form(audit: &Audit, l: Locale, viewer: &Viewer, sheet: &Sheet) -> SafeHtml {
    let ours: Vec<&FoundHere> = sheet.found.iter().filter(|found| found.national.is_none()).collect();
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
    let code = Field::new("ma-cong", l.t("claims-portal-code"), Control::Text).hint(l.t("claims-portal-code-hint")).optional();
    let form = Form {
        action: format!("{}/mo", sheet_href(sheet.visit)),
        reads: false,
        hidden: vec![
            ("so".into(), audit.app.form_number(viewer, &format!("open review {}", sheet.visit))),
            // The findings are those of the month that is shown.
            ("ky".into(), sheet.period.to_string()),
        ],
        body: SafeHtml::concat(ticks).then(code.html(l)),
        buttons: vec![Button::submit(l.t("claims-open"), ButtonKind::Primary).busy(l.t("claims-saving"))],
    };
    Panel::new(l.t("claims-open-title"), form.html()).id("mo-vu-viec").html()
}
