//! What each address asks of who comes: one list a chapter, held by the guard before any page runs and walked by a test with every role.

use axum::http::Method;
use base::Scope;
use desk::{ApiScope, Permission, may};

/// What a route asks of who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: open to who is not signed in. No data of people, ever.
    Nothing,
    /// Anybody who is signed in.
    SignedIn,
    /// A permission.
    May(Permission),
    /// A program's token with this scope, or anybody who is signed in.
    Api(ApiScope),
}

impl Needs {
    /// Whether somebody who is signed in may come in. What of it they see is up to the page: area, unit, single rows.
    pub fn admits(self, scope: &Scope) -> bool {
        match self {
            Self::Nothing | Self::SignedIn | Self::Api(_) => true,
            Self::May(permission) => may(scope, permission),
        }
    }
}

/// An address and what reading and writing it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The path as the router has it, `/nguoi/{person}`.
    pub path: &'static str,
    /// What GET and HEAD ask; none where there is nothing to read.
    pub read: Option<Needs>,
    /// What POST asks; none where nothing can be sent.
    pub write: Option<Needs>,
}

impl Route {
    /// A page that is read.
    pub const fn get(path: &'static str, needs: Needs) -> Self {
        Self { path, read: Some(needs), write: None }
    }

    /// An address that takes a form.
    pub const fn post(path: &'static str, needs: Needs) -> Self {
        Self { path, read: None, write: Some(needs) }
    }

    /// A page that takes a form too.
    #[must_use]
    pub const fn and_post(self, needs: Needs) -> Self {
        Self { write: Some(needs), ..self }
    }

    /// What a method asks here; none where the route does not have it.
    pub fn needs(&self, method: &Method) -> Option<Needs> {
        match *method {
            Method::GET | Method::HEAD => self.read,
            Method::POST => self.write,
            _ => None,
        }
    }
}

/// All routes of the portal by path.
#[derive(Debug, Clone, Default)]
pub struct RouteList(std::collections::BTreeMap<&'static str, Route>);

impl RouteList {
    /// The routes of all chapters. A path that stands twice is a mistake of the program and is named.
    pub fn new(routes: impl IntoIterator<Item = Route>) -> Result<Self, &'static str> {
        let mut list = std::collections::BTreeMap::new();
        for route in routes {
            if list.insert(route.path, route).is_some() {
                return Err(route.path);
            }
        }
        Ok(Self(list))
    }

    /// The route of a path as the router has it.
    pub fn of(&self, path: &str) -> Option<&Route> {
        self.0.get(path)
    }

    /// All routes, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_stands_twice_is_named() {
        let twice = [Route::get("/a", Needs::Nothing), Route::post("/a", Needs::SignedIn)];
        assert_eq!(RouteList::new(twice).err(), Some("/a"));
    }

    #[test]
    fn each_method_asks_its_own() {
        let route = Route::get("/a", Needs::SignedIn).and_post(Needs::May(Permission::SetTargets));
        assert_eq!(route.needs(&Method::HEAD), Some(Needs::SignedIn));
        assert_eq!(route.needs(&Method::POST), Some(Needs::May(Permission::SetTargets)));
        assert_eq!(route.needs(&Method::DELETE), None);
    }
}
