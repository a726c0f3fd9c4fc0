//! States and their grounds, small enough to be kept for everybody of a city at once.

use crate::reasons;

/// How somebody stands in a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Covered,
    NotCovered,
    CoveredElsewhere,
    NeedsLookup,
    NotObliged,
    Unknown,
}

impl State {
    /// All states; the place is the number in a record.
    pub(crate) const ALL: [State; 6] =
        [Self::Covered, Self::NotCovered, Self::CoveredElsewhere, Self::NeedsLookup, Self::NotObliged, Self::Unknown];

    /// The word in tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::NotCovered => "not_covered",
            Self::CoveredElsewhere => "covered_elsewhere",
            Self::NeedsLookup => "needs_lookup",
            Self::NotObliged => "not_obliged",
            Self::Unknown => "unknown",
        }
    }
}

/// What a state stands on: the object code of a card, a rule, or a word; in sixteen bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ground(u16);

/// Words a state may stand on.
const WORDS: [&str; 20] = [
    "compulsory",
    "voluntary",
    "look_up",
    "nothing_found",
    "pensioner",
    "allowance",
    "pupil",
    "under_age",
    "past_age",
    "owner",
    "labour",
    "tour_guide",
    "paid",
    "no_roster",
    "card",
    "said_exempt",
    "said_elsewhere",
    "said_other_person",
    "said_joined",
    "said_joins",
];

const RULE: u16 = 0x1000;
const OBJECT: u16 = 0x4000;

impl Ground {
    /// Nothing is known.
    pub(crate) const NONE: Self = Self(0);
    /// A month of compulsory BHXH.
    pub(crate) const COMPULSORY: Self = Self(1);
    /// Voluntary BHXH paid for the month.
    pub(crate) const VOLUNTARY: Self = Self(2);
    /// The national look-up found insurance elsewhere.
    pub(crate) const LOOK_UP: Self = Self(3);
    /// The national look-up found nothing.
    pub(crate) const NOTHING_FOUND: Self = Self(4);
    /// Draws a pension.
    pub(crate) const PENSIONER: Self = Self(5);
    /// Draws a monthly BHXH allowance.
    pub(crate) const ALLOWANCE: Self = Self(6);
    /// On a class list of the school year.
    pub(crate) const PUPIL: Self = Self(7);
    /// Below the lowest working age.
    pub(crate) const UNDER_AGE: Self = Self(8);
    /// At or past the age of retirement.
    pub(crate) const PAST_AGE: Self = Self(9);
    /// Owns a household business.
    pub(crate) const OWNER: Self = Self(10);
    /// Works for a wage as registered labour.
    pub(crate) const LABOUR: Self = Self(11);
    /// Holds a guide card in force.
    pub(crate) const TOUR_GUIDE: Self = Self(12);
    /// Was paid in the settled year.
    pub(crate) const PAID: Self = Self(13);
    /// The roster that would say it did not arrive.
    pub(crate) const NO_ROSTER: Self = Self(14);
    /// A valid card whose object code is not readable.
    pub(crate) const CARD: Self = Self(15);
    /// A case was closed: not liable, with a ground.
    pub(crate) const SAID_EXEMPT: Self = Self(16);
    /// A case was closed: insured elsewhere, waits for the national look-up.
    pub(crate) const SAID_ELSEWHERE: Self = Self(17);
    /// A case was closed: the rows behind it are not of one person.
    pub(crate) const SAID_OTHER_PERSON: Self = Self(18);
    /// A case was closed: takes part now; the rosters do not say so yet.
    pub(crate) const SAID_JOINED: Self = Self(19);
    /// A case was closed: will take part from a day on.
    pub(crate) const SAID_JOINS: Self = Self(20);

    /// The object code of a card (mã đối tượng), its first two characters.
    pub(crate) fn object(code: Option<[u8; 2]>) -> Self {
        match code {
            Some([a, b]) if a.is_ascii() && b.is_ascii() => Self(OBJECT | (u16::from(a) << 7) | u16::from(b)),
            _ => Self::CARD,
        }
    }

    /// A rule, by its place among the reasons.
    pub(crate) fn rule(place: u8) -> Self {
        Self(RULE | u16::from(place))
    }

    /// The sixteen bits.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    /// A ground of its bits.
    pub(crate) fn of_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// As it stands in tables.
    pub(crate) fn text(self) -> Option<std::borrow::Cow<'static, str>> {
        if self == Self::NONE {
            None
        } else if self.0 & OBJECT != 0 {
            let bytes = [((self.0 >> 7) & 0x7f) as u8, (self.0 & 0x7f) as u8];
            Some(bytes.iter().map(|b| char::from(*b)).collect::<String>().into())
        } else if self.0 & RULE != 0 {
            reasons::ORDER.get(usize::from(self.0 & 0xff)).map(|reason| reason.rule.into())
        } else {
            WORDS.get(usize::from(self.0) - 1).map(|word| (*word).into())
        }
    }
}

/// Income in old age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OldAge {
    /// Lương hưu.
    Pension,
    /// Trợ cấp BHXH hằng tháng.
    Allowance,
    /// Trợ cấp hưu trí xã hội.
    SocialPension,
}

impl OldAge {
    /// The word in tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pension => "pension",
            Self::Allowance => "allowance",
            Self::SocialPension => "social_pension",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grounds_come_back_as_they_were() {
        let said = |ground: Ground| ground.text().map(|text| text.into_owned());
        assert_eq!(said(Ground::object(Some(*b"HN"))).as_deref(), Some("HN"));
        assert_eq!(said(Ground::object(None)).as_deref(), Some("card"));
        assert_eq!(said(Ground::NONE), None);
        for (word, ground) in
            [("compulsory", Ground::COMPULSORY), ("past_age", Ground::PAST_AGE), ("no_roster", Ground::NO_ROSTER)]
        {
            assert_eq!(said(ground).as_deref(), Some(word));
        }
        for (at, reason) in (0..).zip(reasons::ORDER) {
            assert_eq!(said(Ground::rule(at)).as_deref(), Some(reason.rule));
        }
        for (at, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, at, "the place is the number in a record");
        }
    }
}
