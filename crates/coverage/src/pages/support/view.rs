//! What an address of the support pages says, and the words of groups, standings and payers.

use base::{Area, CommuneCode, Scope};
use law::calc::{SupportGroup, VoluntaryGroup};
use serde::Deserialize;
use web::component::{Choice, Status};
use web::{Lang, Locale};

use crate::pages::Pages;
use crate::support::{HEALTH, VOLUNTARY};
use crate::support_figures::SupportFigures;

/// What the address says. Empty parts filter nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Query {
    /// Scheme (loại hình): `y-te` or `tu-nguyen`.
    #[serde(rename = "loai", default)]
    pub(crate) scheme: String,
    /// Code of a group (nhóm).
    #[serde(rename = "nhom", default)]
    pub(crate) group: String,
    /// Where people stand (tình trạng): a word of [`VIEWS`].
    #[serde(rename = "tinh-trang", default)]
    pub(crate) standing: String,
    /// Commune code (xã, phường).
    #[serde(rename = "xa", default)]
    pub(crate) commune: String,
    /// Keyset: people after this number.
    #[serde(rename = "sau", default)]
    pub(crate) after: Option<i64>,
    /// Keyset: people before this number.
    #[serde(rename = "truoc", default)]
    pub(crate) before: Option<i64>,
}

/// One way to look at the entitled: the word of addresses, its condition and the key of its name.
pub(crate) struct View {
    pub(crate) word: &'static str,
    /// Condition on `support_entitlement`.
    pub(crate) sql: &'static str,
    /// Key of its name.
    pub(crate) key: &'static str,
}

/// Standings first, then what is found beside them.
pub(crate) const VIEWS: [View; 7] = [
    View { word: "dang-huong", sql: "standing = 'supported'", key: "support-standing-supported" },
    View { word: "chua-co-the", sql: "standing = 'no_card'", key: "support-standing-no-card" },
    View { word: "tu-dong", sql: "standing = 'paying_self'", key: "support-standing-paying-self" },
    View { word: "noi-khac", sql: "standing = 'other_payer'", key: "support-standing-other-payer" },
    View { word: "chua-ro", sql: "standing = 'unknown'", key: "support-standing-unknown" },
    View { word: "hai-lan", sql: "doubled", key: "support-doubled" },
    View { word: "chua-ro-thuong-tru", sql: "city_pending IS NOT NULL", key: "support-pending" },
];

impl Query {
    /// The scheme asked for; health insurance when nothing or something unknown is asked.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.scheme == "tu-nguyen" { VOLUNTARY } else { HEALTH }
    }

    /// The group asked for, when it is one.
    pub(crate) fn group(&self) -> Option<&'static str> {
        groups(self.scheme()).into_iter().find(|code| *code == self.group)
    }

    /// The view asked for.
    pub(crate) fn view(&self) -> Option<&'static View> {
        VIEWS.iter().find(|view| view.word == self.standing)
    }

    /// How many people the filter takes.
    pub(crate) fn count(&self, figures: &SupportFigures, scope: &Scope, asked: Option<&CommuneCode>) -> i64 {
        let view = VIEWS.iter().position(|view| view.word == self.standing);
        figures.count(crate::support_figures::Area { scope, asked }, self.scheme(), self.group(), view)
    }

    /// The commune asked for, when the viewer may see it.
    pub(crate) fn place(&self, scope: &Scope) -> Option<CommuneCode> {
        CommuneCode::parse(&self.commune).filter(|code| scope.sees(Some(code)))
    }

    /// The address of a page with some parts changed; page marks are dropped. Only words of our own lists come into it.
    pub(crate) fn href(&self, path: &str, change: impl FnOnce(&mut Query)) -> String {
        let mut query = Self { after: None, before: None, ..self.clone() };
        change(&mut query);
        let mut parts = Vec::new();
        if query.scheme() == VOLUNTARY {
            parts.push("loai=tu-nguyen".to_owned());
        }
        parts.extend(query.group().map(|group| format!("nhom={group}")));
        parts.extend(query.view().map(|view| format!("tinh-trang={}", view.word)));
        parts.extend(CommuneCode::parse(&query.commune).map(|code| format!("xa={code}")));
        parts.extend(query.after.map(|n| format!("sau={n}")));
        parts.extend(query.before.map(|n| format!("truoc={n}")));
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }
}

/// Rows that a viewer may see, and of the commune asked for, as a condition. Codes are five digits each, checked when parsed: nothing typed
/// reaches the query.
pub(crate) fn area(scope: &Scope, asked: Option<&CommuneCode>) -> String {
    match (asked, &scope.area) {
        (Some(code), _) => format!("commune = '{code}'"),
        (None, Area::City) => "TRUE".to_owned(),
        (None, Area::Communes(own)) if own.is_empty() => "FALSE".to_owned(),
        (None, Area::Communes(own)) => {
            let codes: Vec<String> = own.iter().map(|code| format!("'{code}'")).collect();
            format!("commune IN ({})", codes.join(", "))
        }
    }
}

/// Codes of the groups of a scheme, in the order of the law.
pub(crate) fn groups(scheme: &str) -> Vec<&'static str> {
    if scheme == VOLUNTARY {
        let known = VoluntaryGroup::ALL.iter().map(|group| group.code());
        return known.chain(["club"]).collect();
    }
    SupportGroup::ALL.iter().filter(|group| **group != SupportGroup::Household).map(|group| group.code()).collect()
}

/// A group in words.
pub(crate) fn group(l: Locale, scheme: &str, code: &str) -> String {
    let choice = if scheme == VOLUNTARY {
        VoluntaryGroup::ALL.iter().find(|group| group.code() == code).map(|group| group.choice())
    } else {
        SupportGroup::of_code(code).map(SupportGroup::choice)
    };
    match choice {
        Some(choice) if l.lang() == Lang::En => choice.en.to_owned(),
        Some(choice) => choice.vi.to_owned(),
        None if code == "club" => l.t("support-group-club"),
        None => code.to_owned(),
    }
}

/// Where a person stands, in words and colour.
pub(crate) fn standing(l: Locale, standing: &str) -> Status {
    match standing {
        "supported" => Status::ok(l.t("support-standing-supported")),
        "no_card" => Status::warn(l.t("support-standing-no-card")),
        "paying_self" => Status::warn(l.t("support-standing-paying-self")),
        "other_payer" => Status::neutral(l.t("support-standing-other-payer")),
        _ => Status::neutral(l.t("support-standing-unknown")),
    }
}

/// A scheme in words.
pub(crate) fn scheme(l: Locale, scheme: &str) -> String {
    l.t(if scheme == VOLUNTARY { "support-scheme-voluntary" } else { "support-scheme-health" })
}

/// A payer in words.
pub(crate) fn payer(l: Locale, payer: &str) -> String {
    l.t(match payer {
        "state" => "support-payer-state",
        "city" => "support-payer-city",
        "commune" => "support-payer-commune",
        _ => "support-payer-donor",
    })
}

/// The communes a viewer may choose from, by name.
pub(crate) fn commune_choices(pages: &Pages, l: Locale, scope: &Scope, chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", l.t("coverage-filter-all"), chosen.is_empty())];
    let mut places: Vec<_> = pages.app.places.communes().iter().filter(|c| scope.sees(Some(&c.code))).collect();
    places.sort_by_cached_key(|c| web::text_sort_key(&c.name));
    choices.extend(places.into_iter().map(|c| Choice::new(c.code.as_str(), pages.place(&c.code), chosen == c.code.as_str())));
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_words_stay_in_an_address() {
        let query = Query {
            group: "near_poor".into(),
            standing: "tu-dong".into(),
            commune: "00004".into(),
            after: Some(5),
            ..Query::default()
        };
        assert_eq!(query.href("/x", |_| ()), "/x?nhom=near_poor&tinh-trang=tu-dong&xa=00004");
        assert_eq!(query.href("/x", |q| q.before = Some(3)), "/x?nhom=near_poor&tinh-trang=tu-dong&xa=00004&truoc=3");
        let typed = Query { group: "' OR 1".into(), standing: "x".into(), commune: "0000'".into(), ..Query::default() };
        assert_eq!(typed.href("/x", |_| ()), "/x");
    }

    #[test]
    fn a_commune_asks_for_its_own_rows_only() {
        let own: CommuneCode = CommuneCode::parse("00004").unwrap();
        let scope = Scope { area: Area::Communes([own.clone()].into()), ..Scope::system() };
        assert_eq!(area(&scope, None), "commune IN ('00004')");
        let asked = Query { commune: "00008".into(), ..Query::default() };
        assert_eq!(asked.place(&scope), None, "another commune is not asked for");
        assert_eq!(area(&Scope { area: Area::Communes([].into()), ..Scope::system() }, None), "FALSE");
    }
}
