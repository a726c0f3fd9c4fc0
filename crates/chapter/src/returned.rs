//! Forms that come back: what was typed stays in its fields, what is wrong stands beside them, and words that no field holds any more are
//! shown to be copied.

use std::collections::BTreeMap;
use std::fmt;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, RawForm, Request};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use web::component::{Control, ErrorSummary, Field};
use web::{Locale, SafeHtml, tag};

use crate::Shown;

/// What is wrong with a form, by the name of the field.
pub type Faults = BTreeMap<&'static str, String>;

/// Fields that a page fills in by itself: numbers of forms, versions, which change is meant, where to go afterwards.
const OF_THE_PAGE: [&str; 5] = ["_phien", "so", "phien-ban", "viec", "ve"];
/// Fields of secrets (passwords, codes): they never go back into a page.
const SECRET: [&str; 5] = ["mat-khau", "cu", "moi", "lai", "ma"];
/// Type of a form without files.
const FORM: &str = "application/x-www-form-urlencoded";
/// Bytes of a form that is typed; what is longer is no form of a page.
const MOST: usize = 64 << 10;

/// A field with what was typed and what is wrong with it. Of choices, the one that was sent is chosen.
#[must_use]
pub fn typed(field: Field, value: &str, faults: &Faults) -> Field {
    let error = faults.get(field.name.as_str()).cloned();
    filled(field, value, error)
}

fn filled(mut field: Field, value: &str, error: Option<String>) -> Field {
    if let Control::Select(choices) | Control::Radios(choices) = &mut field.control
        && !value.is_empty()
    {
        for choice in choices {
            choice.chosen = choice.value == value;
        }
    }
    field.value(value).error(error)
}

/// The page of a form that could not be taken, with status 400.
pub fn sent_back(page: Shown) -> Response {
    let mut response = page.into_response();
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// A form as it was sent, what is wrong with it, and which of the forms of its page it is. The default is a page nobody sent anything to:
/// its forms stand as they are made. Shows nothing of what was typed.
#[derive(Clone, Default)]
pub struct Returned {
    form: String,
    typed: BTreeMap<String, String>,
    faults: BTreeMap<String, String>,
    said: Option<String>,
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").field("form", &self.form).field("faults", &self.faults).finish_non_exhaustive()
    }
}

impl Returned {
    /// What was sent; of a name that stands twice the last.
    pub fn of(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { typed: fields.into_iter().collect(), ..Self::default() }
    }

    /// Which form of the page it is; a page with one form needs no name.
    #[must_use]
    pub fn named(self, form: impl Into<String>) -> Self {
        Self { form: form.into(), ..self }
    }

    /// What is wrong with a field, in words that say what is right.
    #[must_use]
    pub fn fault(mut self, field: impl Into<String>, words: impl Into<String>) -> Self {
        self.faults.insert(field.into(), words.into());
        self
    }

    /// What is wrong with the whole: somebody else was faster, the state does not allow it.
    #[must_use]
    pub fn say(self, words: impl Into<String>) -> Self {
        Self { said: Some(words.into()), ..self }
    }

    /// Whether a field is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Whether this form came back.
    pub fn is(&self, form: &str) -> bool {
        !self.typed.is_empty() && self.form == form
    }

    /// What was typed into a field of it.
    pub fn value(&self, field: &str) -> &str {
        self.typed.get(field).map(String::as_str).unwrap_or_default()
    }

    /// A field of a form with what was typed and what is wrong; as it is made where another form or none came back.
    #[must_use]
    pub fn fill(&self, form: &str, field: Field) -> Field {
        if !self.is(form) {
            return field;
        }
        let (value, error) = (self.value(&field.name).to_owned(), self.faults.get(&field.name).cloned());
        filled(field, &value, error)
    }

    /// The number of a form: it keeps its own when it comes back, so that pressed twice it is written once.
    pub fn number(&self, form: &str, fresh: String) -> String {
        let kept = self.value("so");
        if self.is(form) && !kept.is_empty() { kept.to_owned() } else { fresh }
    }

    /// What stands first on the page: what to mend, each a link to its field; what is wrong with the whole; and what was typed and stands
    /// nowhere in `body`, because its form is no longer there.
    pub fn head(&self, l: Locale<'_>, body: &SafeHtml) -> SafeHtml {
        let errors = self.faults.iter().map(|(field, words)| (field.clone(), words.clone())).collect();
        let mut head = ErrorSummary { errors }.html(l);
        if let Some(said) = &self.said {
            let note = tag("div").class("note error").attr("role", "alert").attr("tabindex", "-1").attr("data-focus", "");
            let title = tag("h2").class("note-title").text(&l.t("app-returned"));
            head.push(note.child(title).child(tag("p").text(said)).html());
        }
        head.push(to_copy(l, self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str())), body.as_str()));
        head
    }
}

/// Words that were typed and stand nowhere in what is shown, to be copied. Neither secrets nor what the page fills in by itself.
pub(crate) fn to_copy<'t>(l: Locale<'_>, typed: impl Iterator<Item = (&'t str, &'t str)>, shown: &str) -> SafeHtml {
    let lost = typed.filter(|(name, value)| {
        // A single word (a code, a day, what a page filled in) is typed again sooner than it is copied.
        let worth = value.trim().contains(char::is_whitespace);
        worth && !OF_THE_PAGE.contains(name) && !SECRET.contains(name) && !shown.contains(SafeHtml::text(value).as_str())
    });
    let lines = lost.flat_map(|(_, value)| value.lines()).filter(|line| !line.trim().is_empty());
    let words: Vec<SafeHtml> = lines.map(|line| tag("p").text(line).html()).collect();
    if words.is_empty() {
        return SafeHtml::default();
    }
    let title = tag("p").class("note-title").text(&l.t("app-typed-title"));
    let why = tag("p").class("small").text(&l.t("app-typed-why"));
    tag("div").class("note info").child(title).child(why).children(words).html()
}

/// The fields of a form that was not taken, e.g. because nobody is signed in any more. Nothing of files, and of what is longer than any
/// form that is typed.
pub(crate) async fn fields_of(request: Request) -> Vec<(String, String)> {
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MOST).await else { return Vec::new() };
    let request = Request::from_parts(head, Body::from(bytes));
    Form::<Vec<(String, String)>>::from_request(request, &()).await.map(|Form(fields)| fields).unwrap_or_default()
}

/// Whether a request is a form without files that is short enough to be kept while its page works.
pub(crate) fn is_short_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(FORM.as_bytes()));
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    kind && length.is_some_and(|length| length <= MOST)
}

/// A short form twice: for its page, and to be shown where the page refuses it. One that does not come whole has no second.
pub(crate) async fn held(request: Request) -> (Request, Option<Request>) {
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MOST).await else {
        return (Request::from_parts(head, Body::empty()), None);
    };
    let again = form_of(bytes.clone());
    (Request::from_parts(head, Body::from(bytes)), Some(again))
}

/// A request with the fields of a form and nothing else.
fn form_of(bytes: Bytes) -> Request {
    let mut request = Request::new(Body::from(bytes));
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
    request
}

/// Reads a form, and keeps it as it was typed in case it has to go back.
#[derive(Debug, Clone)]
pub struct TypedForm<T>(pub T, pub Returned);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for TypedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let RawForm(bytes) = RawForm::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let fields = Form::<Vec<(String, String)>>::from_request(form_of(bytes.clone()), state).await;
        let Form(fields) = fields.map_err(IntoResponse::into_response)?;
        let Form(value) = Form::<T>::from_request(form_of(bytes), state).await.map_err(IntoResponse::into_response)?;
        Ok(Self(value, Returned::of(fields)))
    }
}

#[cfg(test)]
mod tests {
    use web::component::Choice;
    use web::{Lang, Texts};

    use super::*;

    fn words() -> Texts {
        let vi = "app-returned = Chưa ghi\napp-typed-title = Đã gõ\napp-typed-why = Chép lại\nform-errors = { $n } chỗ\nform-optional = (tùy)\n";
        Texts::load(&[(Lang::Vi, "a.ftl", vi), (Lang::En, "a.ftl", vi)]).unwrap()
    }

    fn sent() -> Returned {
        let fields = [
            ("viec", "hoan"),
            ("so", "n1"),
            ("ngay-lai", "mai"),
            ("ly-do-hoan", "đang <ốm>"),
            ("loai", "b"),
            ("mat-khau", "bí mật 1"),
        ];
        Returned::of(fields.map(|(name, value)| (name.to_owned(), value.to_owned()))).named("hoan")
    }

    #[test]
    fn a_form_comes_back_with_what_was_typed_and_the_words_at_its_field() {
        let texts = words();
        let l = texts.lang(Lang::Vi);
        let returned = sent().fault("ngay-lai", "Ngày chưa đúng");
        let day = returned.fill("hoan", Field::new("ngay-lai", "Đến ngày", Control::Date)).html(l);
        assert!(
            day.as_str().contains("value=\"mai\"") && day.as_str().contains("aria-describedby=\"ngay-lai-error\""),
            "{}",
            day.as_str()
        );
        let kinds = vec![Choice::new("a", "A", true), Choice::new("b", "B", false)];
        let kind = returned.fill("hoan", Field::new("loai", "Loại", Control::Select(kinds))).html(l);
        assert!(kind.as_str().contains("value=\"b\" selected"), "{}", kind.as_str());
        // Another form of the page stands as it was made, and a fresh page too.
        let other = Field::new("ngay-lai", "Ngày", Control::Date).value("01/01/2027");
        assert_eq!(returned.fill("giao", other.clone()).html(l).as_str(), other.html(l).as_str());
        assert_eq!(Returned::default().fill("", other.clone()).html(l).as_str(), other.html(l).as_str());
        assert_eq!((returned.number("hoan", "n2".into()), returned.number("giao", "n2".into())), ("n1".into(), "n2".into()));
    }

    #[test]
    fn what_has_no_field_any_more_can_be_copied_and_secrets_never() {
        let texts = words();
        let l = texts.lang(Lang::Vi);
        let head = sent().say("Người khác vừa đổi").head(l, &SafeHtml::default());
        assert!(head.as_str().contains("Người khác vừa đổi") && head.as_str().contains("đang &lt;ốm&gt;"), "{}", head.as_str());
        assert!(!head.as_str().contains("bí mật") && !head.as_str().contains("n1"), "{}", head.as_str());
        let body = tag("textarea").text("đang <ốm>").html();
        assert!(!sent().head(l, &body).as_str().contains("đang"), "what stands in its field is not said twice");
        assert!(!format!("{:?}", sent()).contains("ốm"));
    }
}
