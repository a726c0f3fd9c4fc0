//! The reasons of the chapter in the order in which one of them is the main one of a person (`docs/coverage.md`).

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// No valid health insurance card (BHYT).
    Health,
    /// A worker without compulsory social insurance (BHXH), and so without unemployment insurance (BHTN).
    Worker,
    /// The owner of a household business, or the manager of an enterprise, without compulsory BHXH; neither is in BHTN without a wage.
    Owner,
    /// Old age without pension, allowance or social pension.
    OldAge,
    /// Support, doubled cards, payments below the floor: the person is insured, something about it is to be looked at.
    Card,
}

/// A reason to be on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason {
    /// Id of the rule.
    pub(crate) rule: &'static str,
    /// What it is about.
    pub(crate) scheme: Scheme,
}

const fn reason(rule: &'static str, scheme: Scheme) -> Reason {
    Reason { rule, scheme }
}

/// Owner of a household business: `duty` among its evidence says `obliged` or `doubtful`.
pub(crate) const OWNER_DUE: &str = "business-owner-due";

/// Manager of an enterprise: `duty` as with owners.
pub(crate) const MANAGER_DUE: &str = "manager-due";

/// All reasons; the place is the order.
pub(crate) const ORDER: [Reason; 24] = [
    reason("child-under-six-without-card", Scheme::Health),
    reason("poor-without-card", Scheme::Health),
    reason("near-poor-without-card", Scheme::Health),
    reason("supported-without-card", Scheme::Health),
    reason("pupil-without-valid-card", Scheme::Health),
    reason("pensioner-without-card", Scheme::Health),
    reason("left-school-without-card", Scheme::Health),
    reason("job-ended-without-card", Scheme::Health),
    reason("household-card-lapsed", Scheme::Health),
    reason("household-member-without-card", Scheme::Health),
    reason(crate::UNEXPLAINED, Scheme::Health),
    reason(crate::worklist::WAGE, Scheme::Worker),
    reason("labour-without-compulsory", Scheme::Worker),
    reason("guide-without-compulsory", Scheme::Worker),
    reason(OWNER_DUE, Scheme::Owner),
    reason(MANAGER_DUE, Scheme::Owner),
    reason("social-pension-due", Scheme::OldAge),
    reason("social-pension-due-poor", Scheme::OldAge),
    reason("support-not-given", Scheme::Card),
    reason("double-support", Scheme::Card),
    reason("card-doubled", Scheme::Card),
    reason("card-of-dead", Scheme::Card),
    reason("turning-six", Scheme::Card),
    reason("voluntary-below-floor", Scheme::Card),
];

/// The ids of all reasons in their order, for pages and lists.
pub const REASONS: [&str; ORDER.len()] = ids();

const fn ids() -> [&'static str; ORDER.len()] {
    let mut ids = [""; ORDER.len()];
    let mut at = 0;
    while at < ids.len() {
        ids[at] = ORDER[at].rule;
        at += 1;
    }
    ids
}

/// What a reason is about; `None` for a rule of a city's own.
pub(crate) fn scheme_of(rule: &str) -> Option<Scheme> {
    ORDER.iter().find(|reason| reason.rule == rule).map(|reason| reason.scheme)
}

/// The place of a rule in [`ORDER`].
pub(crate) fn place(rule: &str) -> Option<u8> {
    ORDER.iter().position(|reason| reason.rule == rule).and_then(|place| u8::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_those_of_the_handbook_in_its_order() {
        let handbook = include_str!("../../../docs/coverage.md");
        let lines = handbook.lines().filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            let order: usize = cells.next()?.parse().ok()?;
            Some((order, cells.next()?.trim_matches('`').to_owned()))
        });
        let said: Vec<(usize, String)> = lines.collect();
        let here: Vec<(usize, String)> = (1..).zip(ORDER.iter().map(|reason| reason.rule.to_owned())).collect();
        assert_eq!(said, here);
    }
}
