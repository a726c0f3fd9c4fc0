//! What each indicator counts, as conditions over the published tables: the same words count and open the rows.

/// Over which people an indicator stands in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// All residents; other sources give the population.
    Residents,
    /// Residents of working age; other sources give the labour force.
    Labour,
    /// Residents past the age of retirement.
    Retired,
}

impl Over {
    /// Condition over `coverage_state`.
    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::Residents => "true",
            Self::Labour => "working_age",
            Self::Retired => "past_retirement",
        }
    }
}

/// An indicator that counts lines of `coverage_state`.
#[derive(Debug)]
pub(crate) struct Measure {
    /// Its id.
    pub(crate) id: &'static str,
    /// Condition of being counted.
    pub(crate) counted: &'static str,
    /// Condition of not being known.
    pub(crate) unknown: &'static str,
    pub(crate) over: Over,
    /// Tables without which nothing can be said.
    pub(crate) needs: &'static [&'static str],
    /// What such participants are called in `coverage_outside`.
    pub(crate) outside: &'static str,
}

/// Plan II, indicators 1 to 5. I6 to I9 belong to other chapters.
pub(crate) const MEASURES: [Measure; 5] = [
    Measure {
        id: super::BHYT_COVERAGE,
        counted: "health IN ('covered', 'covered_elsewhere')",
        unknown: "health = 'unknown'",
        over: Over::Residents,
        needs: &["bhyt_card"],
        outside: "card",
    },
    Measure {
        id: "I2",
        counted: "social = 'covered' AND social_ground = 'compulsory'",
        unknown: "social = 'unknown'",
        over: Over::Labour,
        needs: &["bhxh_month"],
        outside: "compulsory",
    },
    Measure {
        id: "I3",
        counted: "social = 'covered' AND social_ground = 'voluntary'",
        unknown: "social = 'unknown'",
        over: Over::Labour,
        needs: &["voluntary_payment"],
        outside: "voluntary",
    },
    Measure {
        id: "I4",
        counted: "jobless = 'covered'",
        unknown: "jobless = 'unknown'",
        over: Over::Labour,
        needs: &["bhxh_month"],
        outside: "jobless",
    },
    Measure {
        id: "I5",
        counted: "past_retirement AND old_age IS NOT NULL",
        // Whose birth date is not known is in neither number.
        unknown: "false",
        over: Over::Retired,
        needs: &["pension", "social_pension"],
        outside: "old_age",
    },
];

/// A share of a task of the plan: counted over rows of its own, with one denominator.
#[derive(Debug)]
pub(crate) struct Share {
    /// Its id.
    pub(crate) id: &'static str,
    pub(crate) basis: &'static str,
    /// Where the denominator is from, for people.
    pub(crate) source: &'static str,
    /// A query of `person_id`, `commune`, `counted` and `unknown`: one row a person of the denominator. `{school_year}` is
    /// the name of the school year.
    pub(crate) people: &'static str,
    pub(crate) needs: &'static [&'static str],
    pub(crate) outside: Option<&'static str>,
}

/// Shares of tasks 2b, 2f and 6b.
pub(crate) const SHARES: [Share; 4] = [
    Share {
        id: "T-id",
        basis: super::REGISTER,
        source: "Cư dân trong sổ; số định danh được xác nhận khi có trong danh sách dân cư hoặc khi Công an, xã, phường trả lời là đang cư trú",
        people: "SELECT p.person_id, p.commune, \
                 p.personal_id IS NOT NULL AND coalesce(p.id_from = 'population' OR p.checked = 'resident', false) AS counted, \
                 false AS unknown FROM person p WHERE p.on_spine AND p.alive_on_period_end",
        needs: &["person"],
        outside: None,
    },
    Share {
        id: "T2b",
        basis: "entitled",
        source: "Người thuộc nhóm được ngân sách hỗ trợ đóng BHYT, không tính người do đơn vị hoặc quỹ BHXH đóng",
        people: "SELECT e.person_id, e.commune, e.standing = 'supported' AS counted, e.standing = 'unknown' AS unknown \
                 FROM support_entitlement e WHERE e.scheme = 'health' AND e.standing <> 'other_payer'",
        needs: &["support_entitlement", "bhyt_card"],
        outside: None,
    },
    Share {
        id: "T2f",
        basis: "class_list",
        source: "Học sinh có trong danh sách lớp của năm học và có nơi cư trú tại Thành phố",
        people: "SELECT s.person_id, s.commune, s.health IN ('covered', 'covered_elsewhere') AS counted, s.health = 'unknown' AS unknown \
                 FROM (SELECT DISTINCT person_id FROM pupil WHERE coalesce(school_year, '{school_year}') = '{school_year}') l \
                 JOIN coverage_state s ON s.person_id = l.person_id",
        needs: &["pupil", "bhyt_card"],
        outside: Some("pupil"),
    },
    Share {
        id: "T6b",
        basis: "payment_list",
        source: "Người hưởng lương hưu, trợ cấp BHXH hằng tháng có trong danh sách chi trả; số định danh được xác nhận như ở T-id",
        people: "SELECT l.person_id, p.commune, \
                 p.personal_id IS NOT NULL AND coalesce(p.id_from = 'population' OR p.checked = 'resident', false) AS counted, \
                 false AS unknown FROM (SELECT DISTINCT person_id FROM pension) l JOIN person p ON p.person_id = l.person_id",
        needs: &["pension"],
        outside: None,
    },
];
