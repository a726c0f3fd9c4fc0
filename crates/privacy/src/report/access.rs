//! Who may see what, and what was looked at and taken out.

use base::Role;
use desk::{ActionKind, AuditAction, Permission};
use documents::paper::{Grid, Part, Section};

use super::Inputs;
use crate::words;

/// What opens people's data, with its words.
const OPENS: [(Permission, &str); 7] = [
    (Permission::ListPeople, "privacy-may-list"),
    (Permission::RevealIdentity, "privacy-may-reveal"),
    (Permission::ViewEmployeeFindings, "privacy-may-employees"),
    (Permission::ViewProtectedHealth, "privacy-may-protected"),
    (Permission::TakeInRosters, "privacy-may-take-in"),
    (Permission::Export, "privacy-may-export"),
    (Permission::ReadAudit, "privacy-may-audit"),
];

pub(super) fn sections(inputs: &Inputs) -> [Section; 2] {
    [roles(inputs), log(inputs)]
}

fn roles(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let columns = std::iter::once(l.t("privacy-report-column-role")).chain(OPENS.map(|(_, key)| l.t(key))).collect();
    let rows = Role::ALL.into_iter().map(|role| {
        let may = desk::permissions(role);
        let cells = OPENS.map(|(permission, _)| if may.contains(&permission) { l.t("privacy-yes") } else { "–".to_owned() });
        std::iter::once(words::desk_role(l, desk::role_word(role))).chain(cells).collect()
    });
    let grid = Grid { name: l.t("privacy-report-tab-roles"), columns, rows: rows.collect() };
    let parts = vec![Part::Paragraph(l.t("privacy-report-roles-intro")), Part::Table(grid)];
    Section { heading: l.t("privacy-report-roles"), parts }
}

/// Reads and exports of the log by role and purpose.
fn log(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let read = |word: &str| AuditAction::from_word(word).is_some_and(|action| action.kind() == ActionKind::Read);
    let rows: Vec<Vec<String>> = inputs
        .tally
        .iter()
        .filter(|tally| read(&tally.action))
        .map(|tally| {
            vec![
                words::action(l, &tally.action),
                tally.object_kind.clone(),
                words::desk_role(l, &tally.role),
                words::desk_purpose(l, &tally.purpose),
                l.number(tally.events),
            ]
        })
        .collect();
    let columns = [
        "privacy-column-action",
        "privacy-report-column-object",
        "privacy-report-column-role",
        "privacy-column-purpose",
        "privacy-report-column-times",
    ];
    let since = l.t_args("privacy-report-log-since", &[("day", l.date(inputs.counted_from).as_str().into())]);
    let parts = if rows.is_empty() {
        vec![Part::Paragraph(since), Part::Paragraph(l.t("privacy-report-log-none"))]
    } else {
        let grid = Grid { name: l.t("privacy-report-tab-log"), columns: columns.map(|key| l.t(key)).to_vec(), rows };
        vec![Part::Paragraph(since), Part::Table(grid)]
    };
    Section { heading: l.t("privacy-report-log"), parts }
}
