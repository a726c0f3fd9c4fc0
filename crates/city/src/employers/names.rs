//! Names of employers and the many ways offices write them.

use crate::employers::trades::{self, Trade};
use crate::employers::{Kind, Part};
use crate::random::Draw;
use crate::spelling;
use crate::tables::Tables;
use crate::world::World;

/// The legal form in front of a name, written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Công ty TNHH.
    Limited,
    /// Công ty TNHH Một thành viên.
    OneMember,
    /// Công ty Cổ phần.
    Stock,
    /// Doanh nghiệp tư nhân.
    Private,
    /// Hợp tác xã.
    Cooperative,
    /// Hộ kinh doanh.
    Household,
    /// Public units bear no form: their trade tells what they are.
    None,
}

impl Form {
    /// The form as on the certificate.
    pub fn full(self) -> &'static str {
        match self {
            Self::Limited => "Công ty TNHH",
            Self::OneMember => "Công ty TNHH Một thành viên",
            Self::Stock => "Công ty Cổ phần",
            Self::Private => "Doanh nghiệp tư nhân",
            Self::Cooperative => "Hợp tác xã",
            Self::Household => "Hộ kinh doanh",
            Self::None => "",
        }
    }

    /// Other ways the same form is written.
    fn others(self) -> &'static [&'static str] {
        match self {
            Self::Limited => &["CTY TNHH", "Cty TNHH", "Công ty trách nhiệm hữu hạn", "C.ty TNHH"],
            Self::OneMember => &["CTY TNHH MTV", "Công ty TNHH MTV", "TNHH MTV", "Công ty TNHH 1 thành viên"],
            Self::Stock => &["CTCP", "Công ty CP", "CTY CP", "Cty cổ phần"],
            Self::Private => &["DNTN", "DN tư nhân"],
            Self::Cooperative => &["HTX", "Hợp Tác Xã"],
            Self::Household => &["HKD", "Hộ KD"],
            Self::None => &[""],
        }
    }
}

/// A name in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployerName {
    /// Legal form.
    pub form: Form,
    /// Words of the trade.
    pub trade: Trade,
    /// The words of its own.
    pub own: String,
    /// The words of its own before it was renamed, for the few that were.
    pub before: Option<String>,
    /// What makes it a branch: the place behind `Chi nhánh`.
    pub branch: Option<String>,
}

impl EmployerName {
    /// The name as on the certificate.
    pub fn full(&self) -> String {
        self.put(self.form.full(), self.trade.words, &self.own, "Chi nhánh")
    }

    fn put(&self, form: &str, trade: &str, own: &str, branch: &str) -> String {
        let words: Vec<&str> = [form, trade, own].into_iter().filter(|w| !w.is_empty()).collect();
        match &self.branch {
            Some(place) => format!("{branch} {place} - {}", words.join(" ")),
            None => words.join(" "),
        }
    }
}

/// Words of foreign-invested companies, invented.
const FOREIGN: [&str; 10] =
    ["Sunwell", "Hanbit", "Norvik", "Kazumi", "Daeyoung", "Lumina", "Weston", "Takeda Hana", "Brightpath", "Orchid Bay"];

/// The name of an employer that is no household business.
pub fn of(world: &World, employer: u64) -> EmployerName {
    let (kind, part) = (world.employers.kind(employer), world.employers.part(employer));
    if let Some((parent, number)) = world.employers.parent(employer) {
        let place = &world.places[world.random.draw("branch place", employer).below(world.places.len() as u64 - 1) as usize];
        let place = if number == 1 { "Hà Nội".to_owned() } else { place.name.clone() };
        return EmployerName { branch: Some(place), ..of(world, parent) };
    }
    let draw = world.random.draw("employer name", employer);
    let form = match kind {
        Kind::Public => Form::None,
        Kind::Cooperative => Form::Cooperative,
        Kind::Household => Form::Household,
        _ => match draw.of("form").below(100) {
            0..38 => Form::Limited,
            38..63 => Form::OneMember,
            63..95 => Form::Stock,
            _ => Form::Private,
        },
    };
    let own = if kind == Kind::Foreign {
        format!("{} Việt Nam", FOREIGN[draw.of("foreign").below(10) as usize])
    } else {
        words(&world.tables, draw)
    };
    let before = draw.of("renamed").chance(2_000).then(|| words(&world.tables, draw.of("before")));
    let trade = trades::of(&world.random, employer, kind, part == Some(Part::Seasonal));
    EmployerName { form, trade, own, before, branch: None }
}

/// Two words of girls' names, as companies like to be called.
pub fn words(tables: &Tables, draw: Draw) -> String {
    let word = |name: &str| tables.given(base::Sex::Female).pick(draw.of(name)).as_str();
    format!("{} {}", word("first"), word("second"))
}

/// How an office writes names, each per 100,000.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    /// All in capitals.
    pub capitals: u32,
    /// Form and trade shortened.
    pub short: u32,
    /// Without marks.
    pub bare: u32,
    /// The name before a renaming is still in the file.
    pub stale: u32,
    /// A word spelled wrong.
    pub slip: u32,
}

/// Writes a name as an office has it.
pub fn write(hand: Hand, draw: Draw, name: &EmployerName) -> String {
    let own = match &name.before {
        Some(before) if draw.of("stale").chance(hand.stale) => before,
        _ => &name.own,
    };
    let mut own = own.clone();
    let slip = draw.of("slip");
    if slip.chance(hand.slip) {
        let changes = [spelling::lose_mark, spelling::wrong_tone, spelling::sound_pair];
        let change = changes[slip.of("how").below(3) as usize];
        own = own.split(' ').map(|w| change(w).unwrap_or_else(|| w.to_owned())).collect::<Vec<_>>().join(" ");
    }
    let short = draw.of("short");
    let mut text = if short.chance(hand.short) {
        let forms = name.form.others();
        let form = forms[short.of("form").below(forms.len() as u64) as usize];
        // A school's trade is its name and is shortened less often.
        let trade = if short.of("trade").chance(60_000) && name.form != Form::None { name.trade.short } else { name.trade.words };
        name.put(form, trade, &own, if short.of("branch").chance(50_000) { "CN" } else { "Chi nhánh" })
    } else {
        name.put(name.form.full(), name.trade.words, &own, "Chi nhánh")
    };
    if draw.of("bare").chance(hand.bare) {
        text = spelling::without_marks(&text);
    }
    if draw.of("capitals").chance(hand.capitals) { text.to_uppercase() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Hand = Hand { capitals: 0, short: 0, bare: 0, stale: 0, slip: 0 };

    #[test]
    fn offices_write_one_name_in_many_ways() {
        let world = World::plan(0.001, 1).unwrap();
        let draw = |n| world.random.draw("test", n);
        let trade = trades::of(&world.random, 0, Kind::Public, false);
        let trade = Trade { words: "Xây dựng", short: "XD", ..trade };
        let name = EmployerName {
            form: Form::Stock,
            trade,
            own: "Hà Linh".to_owned(),
            before: Some("An Bình".to_owned()),
            branch: None,
        };
        assert_eq!(write(PLAIN, draw(1), &name), "Công ty Cổ phần Xây dựng Hà Linh");
        assert_eq!(write(Hand { capitals: 100_000, ..PLAIN }, draw(1), &name), "CÔNG TY CỔ PHẦN XÂY DỰNG HÀ LINH");
        assert_eq!(write(Hand { bare: 100_000, ..PLAIN }, draw(1), &name), "Cong ty Co phan Xay dung Ha Linh");
        assert_eq!(write(Hand { stale: 100_000, ..PLAIN }, draw(1), &name), "Công ty Cổ phần Xây dựng An Bình");
        let short: std::collections::BTreeSet<String> =
            (0..60).map(|n| write(Hand { short: 100_000, ..PLAIN }, draw(n), &name)).collect();
        assert!(short.contains("CTCP XD Hà Linh") && short.len() >= 6, "{short:?}");
        let branch = EmployerName { branch: Some("Hà Nội".to_owned()), ..name };
        assert_eq!(branch.full(), "Chi nhánh Hà Nội - Công ty Cổ phần Xây dựng Hà Linh");
    }
}
