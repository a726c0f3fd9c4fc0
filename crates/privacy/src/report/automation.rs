//! Rules, scores and models as automated processing of people's data: what for, which class of risk, who decides, how one asks for a person.

use base::{Strength, SubjectKind};
use documents::paper::{Grid, Part, Section};
use rules::AutomationRisk;

use super::{Inputs, said};

/// What is no rule and still ranks or links people: name, purpose and class. None of them decides.
const MODELS: [(&str, &str, AutomationRisk); 6] = [
    ("privacy-model-linkage", "privacy-model-linkage-why", AutomationRisk::Medium),
    ("privacy-model-review", "privacy-model-review-why", AutomationRisk::Low),
    ("privacy-model-claims", "privacy-model-claims-why", AutomationRisk::Medium),
    ("privacy-model-peers", "privacy-model-peers-why", AutomationRisk::Low),
    ("privacy-model-rating", "privacy-model-rating-why", AutomationRisk::Medium),
    ("privacy-model-forecast", "privacy-model-forecast-why", AutomationRisk::Low),
];

pub(super) fn section(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let mut rows: Vec<Vec<String>> = inputs
        .rules
        .iter()
        .map(|rule| {
            let purpose = match rule.chapter.as_str() {
                "claims" => l.t("privacy-automation-purpose-claims"),
                _ => l.t("privacy-report-purpose-default"),
            };
            vec![
                said(l, &rule.title.vi, &rule.title.en).to_owned(),
                rule.id.clone(),
                purpose,
                l.t(subject(rule.subject)),
                l.t(strength(rule.strength)),
                l.t(risk(rule.automation_risk())),
            ]
        })
        .collect();
    rows.sort_by(|a, b| a[1].cmp(&b[1]));
    let models = MODELS.map(|(name, why, class)| {
        vec![l.t(name), "–".to_owned(), l.t(why), "–".to_owned(), l.t("privacy-automation-ranks"), l.t(risk(class))]
    });
    rows.extend(models);
    let columns = [
        "privacy-automation-column-name",
        "privacy-report-column-name",
        "privacy-purpose",
        "privacy-report-column-object",
        "privacy-automation-column-strength",
        "privacy-automation-column-risk",
    ];
    let grid = Grid { name: l.t("privacy-report-tab-automation"), columns: columns.map(|key| l.t(key)).to_vec(), rows };
    let parts = vec![
        Part::Paragraph(l.t("privacy-automation-intro")),
        Part::Paragraph(l.t("privacy-automation-review")),
        Part::Paragraph(l.t("privacy-automation-classes")),
        Part::Table(grid),
    ];
    Section { heading: l.t("privacy-automation-title"), parts }
}

fn subject(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Person => "privacy-automation-person",
        SubjectKind::Employer => "privacy-automation-employer",
        SubjectKind::Visit => "privacy-automation-visit",
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Absolute => "privacy-automation-absolute",
        Strength::Explain => "privacy-automation-explain",
        Strength::Warn => "privacy-automation-warn",
    }
}

fn risk(risk: AutomationRisk) -> &'static str {
    match risk {
        AutomationRisk::Low => "privacy-automation-low",
        AutomationRisk::Medium => "privacy-automation-medium",
        AutomationRisk::High => "privacy-automation-high",
    }
}
