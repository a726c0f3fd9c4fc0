//! Schools and their classes, in memory: how many pupils have no valid card, the worst first.

use std::collections::BTreeMap;

use base::{CommuneCode, Scope};
use book::Fingerprint;
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use crate::filter::NameTest;

/// A school (trường học) in the current school year.
#[derive(Debug, Clone)]
pub(crate) struct School {
    /// What stands in addresses: a hash of code and name.
    pub(crate) key: String,
    /// As the class lists give it; empty when they give none.
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) school_year: String,
    /// By name.
    pub(crate) classes: Vec<Class>,
}

/// A class (lớp).
#[derive(Debug, Clone)]
pub(crate) struct Class {
    /// What stands in addresses: a hash of school and class.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) counts: Counts,
}

/// How pupils stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// On the class list.
    pub(crate) pupils: i64,
    /// Without a card valid on the last day.
    pub(crate) without: i64,
    /// Of them waiting for a look-up, or no known residents.
    pub(crate) verify: i64,
}

/// All schools of a run, those with the most pupils without a card first.
#[derive(Default)]
pub(crate) struct Schools {
    by_key: BTreeMap<String, School>,
    list: Vec<School>,
}

impl School {
    /// All classes together.
    pub(crate) fn counts(&self) -> Counts {
        self.classes.iter().fold(Counts::default(), |sum, class| sum.and(class.counts))
    }

    /// The class of a key.
    pub(crate) fn class(&self, key: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.key == key)
    }
}

impl Counts {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { pupils: self.pupils + other.pupils, without: self.without + other.without, verify: self.verify + other.verify }
    }
}

impl Schools {
    /// Takes some rows of the table `school_class`.
    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let text = |name: &str| rows::text(batch, name);
        let (codes, names, classes) = (text("school_code")?, text("school_name")?, text("class")?);
        let (communes, years) = (text("commune")?, text("school_year")?);
        let int = |name: &str| rows::int(batch, name);
        let (pupils, without, verify) = (int("pupils")?, int("without_card")?, int("to_verify")?);
        for row in 0..batch.num_rows() {
            let (code, name) = (codes.value(row), names.value(row));
            let key = key(&[code, name]);
            let school = self.by_key.entry(key.clone()).or_insert_with(|| School {
                key: key.clone(),
                code: code.to_owned(),
                name: name.to_owned(),
                commune: None,
                school_year: years.value(row).to_owned(),
                classes: Vec::new(),
            });
            school.commune = school.commune.take().or_else(|| rows::text_at(&communes, row).and_then(CommuneCode::parse));
            school.classes.push(Class {
                key: class_key(&key, classes.value(row)),
                name: classes.value(row).to_owned(),
                counts: Counts { pupils: pupils.value(row), without: without.value(row), verify: verify.value(row) },
            });
        }
        Ok(())
    }

    /// Puts the schools into their order.
    pub(crate) fn sort(&mut self) {
        self.list = std::mem::take(&mut self.by_key).into_values().collect();
        for school in &mut self.list {
            school.classes.sort_by_cached_key(|class| (web::text_sort_key(&class.name), class.key.clone()));
        }
        self.list.sort_by_cached_key(|school| (-school.counts().without, web::text_sort_key(&school.name), school.key.clone()));
    }

    /// Schools that a scope may see: those of its communes. Where no commune is known, the city alone does.
    pub(crate) fn visible<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a School> {
        self.list.iter().filter(|school| scope.sees(school.commune.as_ref()))
    }

    /// Schools of a commune whose name holds what was typed.
    pub(crate) fn found<'a>(&'a self, scope: &'a Scope, commune: &str, typed: &str) -> Vec<&'a School> {
        let test = NameTest::new(typed);
        let of = |school: &School| commune.is_empty() || school.commune.as_ref().map(CommuneCode::as_str) == Some(commune);
        self.visible(scope).filter(|school| of(school) && (test.is_empty() || test.takes(&school.name))).collect()
    }

    /// The school of a key, where the scope may see it.
    pub(crate) fn school<'a>(&'a self, scope: &'a Scope, key: &str) -> Option<&'a School> {
        self.visible(scope).find(|school| school.key == key)
    }
}

/// A short name made of texts: 16 hexadecimal digits with a letter in front, so that it never looks like a person's number.
pub(crate) fn key(parts: &[&str]) -> String {
    let print = parts.iter().fold(Fingerprint::new("school"), |print, part| print.with("part", part));
    format!("s{}", &print.finish()[..16])
}

/// The key of a class of a school.
pub(crate) fn class_key(school: &str, class: &str) -> String {
    key(&[school, class])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use base::{Actor, Area, Purpose, Role};
    use chapter::TableBuilder;
    use engine::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    fn schools() -> Schools {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let int = |name: &str| Field::new(name, DataType::Int64, true);
        let fields = vec![
            text("school_code"),
            text("school_name"),
            text("commune"),
            text("class"),
            text("school_year"),
            int("pupils"),
            int("without_card"),
            int("to_verify"),
        ];
        let mut out = TableBuilder::new(Arc::new(Schema::new(fields))).unwrap();
        for (code, name, commune, class, pupils, without) in [
            ("01", "THCS Mẫu Một", Some("00004"), "6A10", 40, 2),
            ("01", "THCS Mẫu Một", Some("00004"), "6A2", 42, 1),
            ("", "Tiểu học Mẫu Hai", Some("00008"), "1A", 30, 9),
            ("", "Trung tâm Mẫu Ba", None, "K1", 10, 10),
        ] {
            out.text(Some(code)).text(Some(name)).text(commune).text(Some(class)).text(Some("2026-2027"));
            out.int(Some(pupils)).int(Some(without)).int(Some(0));
        }
        let mut schools = Schools::default();
        out.finish().unwrap().iter().for_each(|batch| schools.push(batch).unwrap());
        schools.sort();
        schools
    }

    fn scope(role: Role, area: Area) -> Scope {
        Scope { actor: Actor("u".into()), unit: "x".into(), area, role, purpose: Purpose::CoverageReview, acting_for: None }
    }

    #[test]
    fn the_school_with_the_most_pupils_without_a_card_comes_first() {
        let (schools, city) = (schools(), scope(Role::CityOfficer, Area::City));
        let names: Vec<&str> = schools.visible(&city).map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["Trung tâm Mẫu Ba", "Tiểu học Mẫu Hai", "THCS Mẫu Một"]);
        let first = schools.found(&city, "00004", "mau mot")[0];
        assert_eq!(first.counts(), Counts { pupils: 82, without: 3, verify: 0 });
        assert_eq!(first.class(&class_key(&first.key, "6A2")).map(|c| c.counts.pupils), Some(42));
        assert!(first.key.starts_with('s') && first.key.len() == 17);
    }

    #[test]
    fn a_commune_sees_its_own_schools_and_none_of_an_unknown_place() {
        let own = Area::Communes(["00004"].iter().filter_map(|c| CommuneCode::parse(c)).collect());
        let (schools, staff) = (schools(), scope(Role::CommuneStaff, own));
        assert_eq!(schools.visible(&staff).count(), 1);
        let city = scope(Role::CityOfficer, Area::City);
        let other = schools.found(&city, "00008", "")[0].key.clone();
        assert!(schools.school(&staff, &other).is_none() && schools.school(&city, &other).is_some());
    }
}
