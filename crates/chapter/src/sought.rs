//! What somebody typed to look for: a name, a number of a household, a tax code. It is sent in the body of a form and stands sealed in the
//! addresses of a list, its pages and its files, so that no log of a proxy and no history of a browser holds it.

use std::fmt;
use std::ops::Deref;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use desk::AddressKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::{App, NoData, PageError, Viewer, encode};

/// Words that are looked for, in the open for the program and sealed for addresses. Deserialized, they are what an address holds and say
/// nothing until they are opened: read such an address with [`FromAddress`]. Shows nothing of itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sought {
    sealed: String,
    words: String,
}

impl Sought {
    /// Seals words for the addresses that this viewer is given.
    pub fn new(app: &App, viewer: &Viewer, words: &str) -> Result<Self, PageError> {
        let words = base::names::clean(words);
        if words.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self { sealed: app.seal(viewer, &words)?, words })
    }

    /// What stands in an address.
    pub fn of_address(sealed: impl Into<String>) -> Self {
        Self { sealed: sealed.into(), words: String::new() }
    }

    /// Opens what stands in an address. What another user was given, what was given before the program was started anew, and words in the
    /// open are refused with words for the reader: a list that is wider than its address says would mislead.
    pub fn open(&mut self, app: &App, viewer: &Viewer) -> Result<(), PageError> {
        if self.sealed.is_empty() {
            return Ok(());
        }
        self.words = app.opened(viewer, &self.sealed)?;
        Ok(())
    }

    /// The words in the open.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// The words as they stand in addresses and hidden fields; empty for words that were never sealed.
    pub fn sealed(&self) -> &str {
        &self.sealed
    }

    /// Looks for nothing any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Words in the open that stand in no address: for counts and tests.
impl From<&str> for Sought {
    fn from(words: &str) -> Self {
        Self { sealed: String::new(), words: words.to_owned() }
    }
}

impl Deref for Sought {
    type Target = str;
    fn deref(&self) -> &str {
        &self.words
    }
}

impl fmt::Debug for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sought(…)")
    }
}

impl<'de> Deserialize<'de> for Sought {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of_address(String::deserialize(deserializer)?))
    }
}

/// What an address says, with the words in it that are sought.
pub trait Searched {
    /// The words, each to be opened before anything is looked for.
    fn sought(&mut self) -> Vec<&mut Sought>;

    /// Opens all of them.
    fn open(&mut self, app: &App, viewer: &Viewer) -> Result<(), PageError> {
        self.sought().into_iter().try_for_each(|sought| sought.open(app, viewer))
    }
}

/// Reads the query of an address and opens what is sought in it. Behind the guard only: it knows who asks.
#[derive(Debug, Clone)]
pub struct FromAddress<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Searched> FromRequestParts<S> for FromAddress<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        let Query(mut asked) = query.map_err(IntoResponse::into_response)?;
        let known = parts.extensions.get::<App>().zip(parts.extensions.get::<Viewer>());
        let Some((app, viewer)) = known else { return Err(PageError::Internal { code: "not_guarded" }.into_response()) };
        asked.open(app, viewer).map_err(IntoResponse::into_response)?;
        Ok(Self(asked))
    }
}

/// Leads from the form of a search to its list: fields named in `sealed` stand sealed in the address, the others as they were chosen;
/// empty ones are left out.
pub fn search(
    app: &App,
    viewer: &Viewer,
    list: &str,
    fields: Vec<(String, String)>,
    sealed: &[&str],
) -> Result<Response, PageError> {
    let mut parts = Vec::new();
    for (name, value) in fields {
        let value = if sealed.contains(&name.as_str()) { Sought::new(app, viewer, &value)?.sealed } else { value };
        if !value.is_empty() {
            parts.push(format!("{}={}", encode(&name), encode(&value)));
        }
    }
    let to = if parts.is_empty() { list.to_owned() } else { format!("{list}?{}", parts.join("&")) };
    let mut response = Redirect::to(&to).into_response();
    response.extensions_mut().insert(NoData);
    Ok(response)
}

/// Names of fields that people type into and that stand in addresses; in [`without_words`] only sealed words pass under them.
const TYPED: [&str; 4] = ["q", "ho", "tim", "ly-do"];

/// The query of an address without words that somebody typed, for an address that holds another one (`?ve=`): an old bookmark may still
/// have a name in the open.
pub(crate) fn without_words(path_and_query: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.to_owned() };
    let stays = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((*pair, ""));
        !TYPED.contains(&name) || AddressKey::is_sealed(value) || is_code(name, value)
    };
    let parts: Vec<&str> = query.split('&').filter(stays).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

/// A reason of a list is the id of a rule; a reason that somebody wrote is not.
fn is_code(name: &str, value: &str) -> bool {
    name == "ly-do" && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_nothing_before_they_are_opened() {
        let sought = Sought::of_address("s1.0a");
        assert_eq!((sought.as_str(), sought.sealed()), ("", "s1.0a"));
        assert!(!format!("{:?}", Sought::from("Hường")).contains("Hường"));
    }

    #[test]
    fn an_address_in_an_address_holds_no_words() {
        for (whole, left) in [
            ("/nhat-ky", "/nhat-ky"),
            ("/nguoi-chua-tham-gia?ly-do=wage&q=huong&xa=00004", "/nguoi-chua-tham-gia?ly-do=wage&xa=00004"),
            ("/nguoi-chua-tham-gia?q=s1.0a", "/nguoi-chua-tham-gia?q=s1.0a"),
            ("/nguoi-dung?tim=H%C3%A0", "/nguoi-dung"),
            ("/viec/hang-loat?ly-do=%C3%B4ng+A+m%E1%BA%A5t&hang=open", "/viec/hang-loat?hang=open"),
        ] {
            assert_eq!(without_words(whole), left);
        }
    }
}
