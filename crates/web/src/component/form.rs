//! Forms: labels above, hints under labels, errors beside their field and in a summary first.

use crate::component::{Button, StatusKind};
use crate::html::{SafeHtml, Tag, tag};
use crate::i18n::Locale;

/// One answer of several.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Value that is sent.
    pub value: String,
    /// Words.
    pub label: String,
    /// A smaller line under the words; empty for none.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
    /// What opens under it when chosen, e.g. a date; empty for none.
    pub inside: SafeHtml,
}

impl Choice {
    /// An answer with value and words.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new(), chosen, inside: SafeHtml::empty() }
    }

    /// Adds a smaller line.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Adds fields that belong to this answer.
    #[must_use]
    pub fn inside(self, inside: impl Into<SafeHtml>) -> Self {
        Self { inside: inside.into(), ..self }
    }
}

/// The kind of input.
#[derive(Debug, Clone)]
pub enum Control {
    /// One line of text.
    Text,
    /// One line of digits (a number pad on phones).
    Digits,
    /// A secret that is not shown while it is typed; which one, as `autocomplete` says (`current-password`, `new-password`).
    Password(&'static str),
    /// A day as dd/mm/yyyy, typed.
    Date,
    /// Several lines.
    Lines,
    /// One of several, as a list that opens.
    Select(Vec<Choice>),
    /// One of several, all seen.
    Radios(Vec<Choice>),
    /// Yes when ticked.
    Tick,
    /// A file, chosen or dropped onto the field; which kinds, as `accept` says (`.xlsx,.csv`).
    File(String),
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name that is sent; also the id.
    pub name: String,
    /// Label.
    pub label: String,
    /// Kind of input.
    pub control: Control,
    /// What was typed; kept after an error.
    pub value: String,
    /// A line under the label; empty for none.
    pub hint: String,
    /// Whether it may stay empty; the label says so.
    pub optional: bool,
    /// What is wrong and what is right; absent when nothing is.
    pub error: Option<String>,
    /// `autocomplete` token, e.g. "bday".
    pub autocomplete: Option<String>,
}

impl Field {
    /// A field that must be filled in.
    pub fn new(name: impl Into<String>, label: impl Into<String>, control: Control) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            control,
            value: String::new(),
            hint: String::new(),
            optional: false,
            error: None,
            autocomplete: None,
        }
    }

    /// Sets what was typed.
    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// Sets the line under the label.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// May stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Sets what is wrong.
    #[must_use]
    pub fn error(self, error: Option<String>) -> Self {
        Self { error, ..self }
    }

    /// Label, hint, input and message.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let label = if self.optional { format!("{} {}", self.label, l.t("form-optional")) } else { self.label.clone() };
        let hint_id = format!("{}-hint", self.name);
        let error_id = format!("{}-error", self.name);
        let hint = (!self.hint.is_empty()).then(|| tag("p").class("hint").attr("id", &hint_id).text(&self.hint));
        let error = self.error.as_ref().map(|text| {
            tag("p").class("field-error").attr("id", &error_id).child(StatusKind::Bad.shape()).child(tag("span").text(text))
        });
        let mut told_by = Vec::new();
        told_by.extend(hint.is_some().then_some(hint_id.as_str()));
        told_by.extend(error.is_some().then_some(error_id.as_str()));
        let told_by = (!told_by.is_empty()).then(|| told_by.join(" "));
        let class = if error.is_some() { "field wrong" } else { "field" };
        if let Control::Radios(choices) = &self.control {
            return tag("fieldset")
                .class(class)
                .attr("id", &self.name)
                .attr_opt("aria-describedby", told_by)
                .child(tag("legend").text(&label))
                .child_opt(hint)
                .children(choices.iter().enumerate().map(|(at, choice)| self.radio(at, choice)))
                .child_opt(error)
                .html();
        }
        let control =
            self.control().attr_opt("aria-describedby", told_by).attr_opt("aria-invalid", error.as_ref().map(|_| "true"));
        let control = control
            .attr_opt("autocomplete", self.autocomplete.as_ref())
            .flag("required", !self.optional && !matches!(self.control, Control::Tick));
        let label = tag("label").attr("for", &self.name).text(&label);
        let field = tag("div").class(class);
        match self.control {
            Control::Tick => {
                field.child(tag("div").class("tick").child(control).child(label)).child_opt(hint).child_opt(error).html()
            }
            _ => field.child(label).child_opt(hint).child(control).child_opt(error).html(),
        }
    }

    fn control(&self) -> Tag {
        let named = |element: Tag| element.attr("id", &self.name).attr("name", &self.name);
        let input = |kind: &str| named(tag("input")).attr("type", kind);
        match &self.control {
            Control::Text | Control::Radios(_) => input("text").attr("value", &self.value),
            Control::Digits => input("text").attr("inputmode", "numeric").attr("value", &self.value),
            // What was typed never goes back into a page.
            Control::Password(which) => input("password").attr("autocomplete", which).attr("spellcheck", "false"),
            Control::Date => input("text")
                .class("date")
                .attr("inputmode", "numeric")
                .attr("placeholder", "dd/mm/yyyy")
                .attr("value", &self.value),
            Control::Lines => named(tag("textarea")).attr("rows", lines(&self.value).to_string()).text(&self.value),
            Control::File(kinds) => input("file").class("drop").attr("accept", kinds),
            Control::Tick => input("checkbox").attr("value", "1").flag("checked", self.value == "1"),
            Control::Select(choices) => named(tag("select")).children(
                choices.iter().map(|c| tag("option").attr("value", &c.value).flag("selected", c.chosen).text(&c.label)),
            ),
        }
    }

    fn radio(&self, at: usize, choice: &Choice) -> SafeHtml {
        let id = format!("{}-{}", self.name, at + 1);
        let hint = (!choice.hint.is_empty()).then(|| tag("span").class("hint").text(&choice.hint));
        let input = tag("input").attr("type", "radio").attr("id", &id).attr("name", &self.name).attr("value", &choice.value);
        let label = tag("label").attr("for", &id).child(tag("span").text(&choice.label)).child_opt(hint);
        let inside = (!choice.inside.is_empty()).then(|| tag("div").class("inside").child(choice.inside.clone()));
        tag("div").class("radio").child(input.flag("checked", choice.chosen)).child(label).child_opt(inside).html()
    }
}

/// All errors of a form, first on the page, each a link to its field.
#[derive(Debug, Clone, Default)]
pub struct ErrorSummary {
    /// Field name (without `#`) and what to do.
    pub errors: Vec<(String, String)>,
}

impl ErrorSummary {
    /// The errors of fields that have one, each with the label of its field: four times "fill this in" says nothing.
    pub fn of(fields: &[Field]) -> Self {
        let said = |field: &Field| {
            let error = field.error.as_ref()?;
            Some((field.name.clone(), format!("{}: {error}", field.label)))
        };
        Self { errors: fields.iter().filter_map(said).collect() }
    }

    /// The summary, focusable; nothing when there are no errors.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        if self.errors.is_empty() {
            return SafeHtml::empty();
        }
        let links = self.errors.iter().map(|(name, text)| tag("li").child(tag("a").href(&format!("#{name}")).text(text)));
        tag("div")
            .class("note error")
            .attr("role", "alert")
            .attr("tabindex", "-1")
            .attr("data-focus", "")
            .child(tag("h2").class("note-title").text(&l.t_args("form-errors", &[("n", self.errors.len().into())])))
            .child(tag("ul").children(links))
            .html()
    }
}

/// A form of one column.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Whether it only reads and has no field to type words into (GET); otherwise it is sent by POST. Addresses land in logs.
    pub reads: bool,
    /// Names and values sent along, e.g. the transaction id that makes sending twice harmless.
    pub hidden: Vec<(String, String)>,
    /// Fields and other pieces, in order.
    pub body: SafeHtml,
    /// Buttons, the primary one first.
    pub buttons: Vec<Button>,
}

impl Form {
    /// The form. With script, leaving the page with unsent changes asks first.
    pub fn html(&self) -> SafeHtml {
        self.tag(!self.reads).html()
    }

    /// The form under an id, for boxes of a table that are sent with it.
    pub fn with_id(&self, id: &str) -> SafeHtml {
        self.tag(!self.reads).attr("id", id).html()
    }

    /// The form, sending files too.
    pub fn with_files(&self) -> SafeHtml {
        self.tag(!self.reads).attr("enctype", "multipart/form-data").html()
    }

    /// The form of a search with a field to type into: sent by POST, so that what is typed stands in no address, and left without a
    /// question, for nothing is lost by it.
    pub fn search(&self) -> SafeHtml {
        self.tag(false).html()
    }

    fn tag(&self, guarded: bool) -> Tag {
        let hidden =
            self.hidden.iter().map(|(name, value)| tag("input").attr("type", "hidden").attr("name", name).attr("value", value));
        tag("form")
            .class("form")
            .attr("method", if self.reads { "get" } else { "post" })
            .attr("action", &self.action)
            .flag("novalidate", true)
            .flag("data-guard", guarded)
            .children(hidden)
            .child(self.body.clone())
            .child(tag("div").class("actions").children(&self.buttons))
    }
}

impl From<Form> for SafeHtml {
    fn from(form: Form) -> Self {
        form.html()
    }
}
/// Lines of a field that holds a text: three for a remark, more for what is longer, never more than a screen.
fn lines(text: &str) -> usize {
    text.lines().map(|line| 1 + line.chars().count() / 70).sum::<usize>().clamp(3, 24)
}
