//! Forms of one document: the next step as the one main button, everything else folded below it.

use chapter::{Returned, Viewer};
use desk::{Document, DocumentSetting, DocumentState, NotDelivered, Permission, Way};
use documents::letter::Letter;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use super::{DOCUMENTS, words};
use crate::Office;
use crate::pages::forms::unfolded;

/// All that can be done with a document by who looks at it.
pub(super) fn of_document(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    document: &Document,
    letter: &Letter,
    setting: &DocumentSetting,
    returned: &Returned,
) -> SafeHtml {
    if document.issuer != viewer.scope.unit {
        return Panel::new(l.t("document-next"), paragraph(SafeHtml::text(&l.t("document-why-not-your-unit")))).html();
    }
    let forms = Forms { office, l, viewer, document, returned };
    let mut panels = forms.next(setting);
    match document.state {
        DocumentState::Draft | DocumentState::Returned => {
            panels.push(forms.edit(letter, document.state == DocumentState::Returned))
        }
        DocumentState::Approved | DocumentState::Sent => panels.push(forms.say_why("tra-lai", "document-return")),
        DocumentState::Signed => panels.push(forms.not_delivered()),
        DocumentState::Numbered | DocumentState::Delivered | DocumentState::Withdrawn => {}
    }
    if document.state != DocumentState::Withdrawn {
        let signed = matches!(document.state, DocumentState::Signed | DocumentState::Delivered);
        panels.push(forms.say_why("huy", if signed { "document-recall" } else { "document-withdraw" }));
    }
    panels
}

struct Forms<'a> {
    office: &'a Office,
    l: Locale<'a>,
    viewer: &'a Viewer,
    document: &'a Document,
    returned: &'a Returned,
}

impl Forms<'_> {
    /// The next step; one main button.
    fn next(&self, setting: &DocumentSetting) -> SafeHtml {
        let l = self.l;
        let step = |key: &str| paragraph(SafeHtml::text(&l.t(key)));
        let main = |key: &str| Button::submit(l.t(key), ButtonKind::Primary).busy(l.t("office-saving"));
        let body = match self.document.state {
            DocumentState::Draft if !desk::may(&self.viewer.scope, Permission::ApproveDocuments) => {
                step("document-step-draft-other")
            }
            DocumentState::Draft if setting.second_person && self.document.prepared_by == self.viewer.scope.actor.0 => {
                step("document-why-same-person")
            }
            DocumentState::Draft => {
                step("document-step-draft").then(self.form("duyet", SafeHtml::default(), main("document-approve")))
            }
            DocumentState::Returned => step("document-step-returned"),
            DocumentState::Approved => {
                let list = Button::link(l.t("document-to-send"), format!("{DOCUMENTS}?trang-thai=approved"), ButtonKind::Primary);
                let own = self.own_number(setting, ButtonKind::Default);
                step("document-step-approved").then(tag("p").child(list.html())).then(own)
            }
            DocumentState::Sent if setting.own_numbers => {
                let typed = unfolded(&l.t("document-number-title"), self.number(ButtonKind::Default), self.returned.is("cap-so"));
                step("document-step-own").then(self.own_number(setting, ButtonKind::Primary)).then(typed)
            }
            DocumentState::Sent => step("document-step-sent").then(self.number(ButtonKind::Primary)),
            DocumentState::Numbered => step("document-step-numbered").then(self.signed()),
            DocumentState::Signed => step("document-step-signed").then(self.delivered()),
            DocumentState::Delivered => step("document-step-delivered"),
            DocumentState::Withdrawn => step("document-step-withdrawn"),
        };
        Panel::new(l.t("document-next"), body).id("buoc").html()
    }

    fn hidden(&self, what: &str) -> Vec<(String, String)> {
        let number = self.office.app.form_number(self.viewer, &format!("document {} {what}", self.document.id));
        let number = self.returned.number(what, number);
        vec![("viec".into(), what.to_owned()), ("phien-ban".into(), self.document.version.to_string()), ("so".into(), number)]
    }

    /// Fields of a form, as they were typed where it came back.
    fn fields(&self, what: &str, fields: Vec<Field>) -> SafeHtml {
        SafeHtml::concat(fields.into_iter().map(|field| self.returned.fill(what, field).html(self.l)))
    }

    fn form(&self, what: &str, body: SafeHtml, button: Button) -> SafeHtml {
        let action = format!("{DOCUMENTS}/{}/doi", self.document.id);
        Form { action, reads: false, hidden: self.hidden(what), body, buttons: vec![button] }.html()
    }

    fn number(&self, kind: ButtonKind) -> SafeHtml {
        let l = self.l;
        let fields = vec![
            Field::new("so-van-ban", l.t("document-number"), Control::Text).hint(l.t("document-number-hint")),
            Field::new("ky-hieu", l.t("document-symbol"), Control::Text).value(&self.document.symbol).optional(),
            Field::new("ngay", l.t("document-day"), Control::Date),
        ];
        let body = self.fields("cap-so", fields);
        self.form("cap-so", body, Button::submit(l.t("document-number-save"), kind).busy(l.t("office-saving")))
    }

    fn own_number(&self, setting: &DocumentSetting, kind: ButtonKind) -> SafeHtml {
        if !setting.own_numbers {
            return SafeHtml::default();
        }
        let button = Button::submit(self.l.t("document-own-number"), kind).busy(self.l.t("office-saving"));
        self.form("tu-cap-so", SafeHtml::default(), button)
    }

    fn signed(&self) -> SafeHtml {
        let l = self.l;
        let fields = vec![
            Field::new("tep", l.t("document-signed-file"), Control::File(".pdf".into())).hint(l.t("document-signed-hint")),
            Field::new("ban-giay", l.t("document-paper"), Control::Tick).hint(l.t("document-paper-hint")).optional(),
        ];
        let body = self.fields("da-ky", fields);
        let button = Button::submit(l.t("document-signed-send"), ButtonKind::Primary).busy(l.t("office-saving"));
        let action = format!("{DOCUMENTS}/{}/da-ky", self.document.id);
        Form { action, reads: false, hidden: self.hidden("da-ky"), body, buttons: vec![button] }.with_files()
    }

    fn delivered(&self) -> SafeHtml {
        let l = self.l;
        let proof = Control::File(".pdf,.png,.jpg,.jpeg".into());
        let fields = vec![
            Field::new("cach", l.t("document-how"), Control::Select(ways(l))),
            Field::new("ngay", l.t("document-delivered-day"), Control::Date),
            Field::new("tep", l.t("document-proof"), proof).hint(l.t("document-proof-hint")),
        ];
        let body = self.fields("da-gui", fields);
        let button = Button::submit(l.t("document-delivered-save"), ButtonKind::Primary).busy(l.t("office-saving"));
        let action = format!("{DOCUMENTS}/{}/da-gui", self.document.id);
        Form { action, reads: false, hidden: self.hidden("da-gui"), body, buttons: vec![button] }.with_files()
    }

    fn not_delivered(&self) -> SafeHtml {
        let l = self.l;
        let why =
            NotDelivered::ALL.map(|why| Choice::new(why.as_str(), words::not_delivered(l, why), why == NotDelivered::CameBack));
        let fields = vec![
            Field::new("cach-khong", l.t("document-how"), Control::Select(ways(l))),
            Field::new("vi-sao", l.t("document-not-delivered-why"), Control::Select(why.into())),
            Field::new("ngay-khong", l.t("document-not-delivered-day"), Control::Date),
            Field::new("ly-do-khong", l.t("office-reason"), Control::Lines),
        ];
        let body = self.fields("khong-den", fields);
        let button = Button::submit(l.t("document-not-delivered-save"), ButtonKind::Default);
        let form = self.form("khong-den", body, button);
        unfolded(&l.t("document-not-delivered-title"), form, self.returned.is("khong-den"))
    }

    /// The text to be written anew. What was given back is mended here first, so its button is the main one.
    fn edit(&self, letter: &Letter, main: bool) -> SafeHtml {
        let l = self.l;
        let field = Field::new("noi-dung", l.t("document-text"), Control::Lines).value(letter.text());
        let kind = if main { ButtonKind::Primary } else { ButtonKind::Default };
        let button = Button::submit(l.t("document-edit-save"), kind).busy(l.t("office-saving"));
        let form = self.form("sua", self.fields("sua", vec![field.hint(l.t("document-text-hint"))]), button);
        if main {
            Panel::new(l.t("document-edit"), form).html()
        } else {
            unfolded(&l.t("document-edit"), form, self.returned.is("sua"))
        }
    }

    /// A step back that needs a reason.
    fn say_why(&self, what: &str, key: &str) -> SafeHtml {
        let l = self.l;
        let body = self.fields(what, vec![Field::new(format!("ly-do-{what}"), l.t("office-reason"), Control::Lines)]);
        let button = Button::submit(l.t(key), ButtonKind::Default).busy(l.t("office-saving"));
        unfolded(&l.t(key), self.form(what, body, button), self.returned.is(what))
    }
}

fn ways(l: Locale) -> Vec<Choice> {
    Way::ALL.map(|way| Choice::new(way.as_str(), words::way(l, way), way == Way::Post)).into()
}

/// The lines of the check of a signature, as they were kept with the document.
pub(super) fn report(l: Locale, document: &Document) -> SafeHtml {
    let lines: Vec<String> =
        document.signature_report.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    if lines.is_empty() {
        return SafeHtml::default();
    }
    let items = lines.iter().map(|line| tag("li").text(line));
    let list = tag("ul").class("small").attr("lang", "vi").children(items).html();
    tag("p").class("small").text(&l.t("document-signature-report")).html().then(list)
}
