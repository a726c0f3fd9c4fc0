//! Whose report may be asked for, by a short word: nothing for the whole plan, the code of a unit, `xa-` and the code of a commune.

use base::places::Places;
use base::{Area, CommuneCode, Scope};
use plan::data::PlanData;

use super::layout::Whose;

/// A commune of the city, as it reports.
pub fn commune(places: &Places, code: &CommuneCode) -> Option<Whose> {
    let known = places.commune(code)?;
    Some(Whose::Commune { code: code.clone(), name: format!("{} {}", known.kind, known.name), place: known.name.clone() })
}

/// What somebody asks for by its word; none where there is no such unit or commune.
pub fn by_word(plan: &PlanData, places: &Places, word: &str) -> Option<Whose> {
    if word.is_empty() {
        return Some(Whose::City);
    }
    let code = word.strip_prefix("xa-").unwrap_or(word);
    if let Some(found) = CommuneCode::parse(code).and_then(|code| commune(places, &code)) {
        return Some(found);
    }
    let unit = plan.unit(word).filter(|unit| unit.kind != "commune")?;
    // Who leads the plan reports on the whole of it.
    if unit.kind == "city_agency" {
        return Some(Whose::City);
    }
    Some(Whose::Unit { id: unit.id.clone(), name: unit.name.vi.clone() })
}

/// The word of a report.
pub fn word(whose: &Whose) -> String {
    match whose {
        Whose::City => String::new(),
        Whose::Unit { id, .. } => id.clone(),
        Whose::Commune { code, .. } => format!("xa-{}", code.as_str()),
    }
}

/// The reports that somebody may open, their own first: who sees the whole city all of them, others their own.
pub fn open_to(plan: &PlanData, places: &Places, scope: &Scope) -> Vec<Whose> {
    let unit = plan.units.iter().find(|unit| unit.id == scope.unit && !matches!(unit.kind.as_str(), "commune" | "city_agency"));
    let own = unit.map(|unit| Whose::Unit { id: unit.id.clone(), name: unit.name.vi.clone() });
    match &scope.area {
        Area::City => {
            let leads = |unit: &&plan::data::PlanUnit| {
                !matches!(unit.kind.as_str(), "commune" | "city_agency")
                    && plan.tasks.iter().any(|task| task.leads.contains(&unit.id))
            };
            let units =
                plan.units.iter().filter(leads).map(|unit| Whose::Unit { id: unit.id.clone(), name: unit.name.vi.clone() });
            let communes = places.communes().iter().filter_map(|known| commune(places, &known.code));
            std::iter::once(Whose::City).chain(units).chain(communes).collect()
        }
        Area::Communes(codes) => own.into_iter().chain(codes.iter().filter_map(|code| commune(places, code))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> PlanData {
        PlanData::load("plan", include_str!("../../../../plan/hanoi-2026-2030.yaml"), plan::data::Known::default()).unwrap()
    }

    fn places() -> Places {
        let communes = include_str!("../../../../formats/places/communes.csv");
        Places::from_csv(communes, include_str!("../../../../formats/places/old_units.csv")).unwrap()
    }

    fn scope(area: Area, unit: &str) -> Scope {
        Scope { unit: unit.into(), area, ..Scope::system() }
    }

    #[test]
    fn a_word_names_a_report_and_comes_back() {
        let (plan, places) = (plan(), places());
        let code = places.communes()[0].code.clone();
        for known in ["", "so-y-te", &format!("xa-{}", code.as_str())] {
            assert_eq!(word(&by_word(&plan, &places, known).unwrap()), known);
        }
        assert_eq!(by_word(&plan, &places, "bhxh"), Some(Whose::City), "who leads the plan reports on the whole of it");
        assert_eq!(by_word(&plan, &places, code.as_str()).map(|whose| word(&whose)), Some(format!("xa-{}", code.as_str())));
        for unknown in ["ubnd-cap-xa", "xa-99999", "so-nao-do"] {
            assert_eq!(by_word(&plan, &places, unknown), None, "{unknown}");
        }
    }

    #[test]
    fn each_sees_their_own_and_the_city_all() {
        let (plan, places) = (plan(), places());
        let words = |scope: &Scope| open_to(&plan, &places, scope).iter().map(word).collect::<Vec<_>>();
        let city = words(&scope(Area::City, "bhxh-hn"));
        assert_eq!((city[0].as_str(), city.len() > places.communes().len()), ("", true));
        assert!(
            city.contains(&"so-y-te".to_owned()) && !city.contains(&"thue".to_owned()),
            "units that lead a task: {:?}",
            &city[..12]
        );
        let code = places.communes()[1].code.clone();
        assert_eq!(words(&scope(Area::Communes([code.clone()].into()), "xa")), [format!("xa-{}", code.as_str())]);
        assert_eq!(words(&scope(Area::Communes([].into()), "so-noi-vu")), ["so-noi-vu"]);
        assert_eq!(words(&scope(Area::Communes([].into()), "bhxh")), [""; 0], "a unit of that name is not the agency");
    }
}
