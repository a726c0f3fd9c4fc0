//! Cases as a clerk would tell them, in the middle of a made-up city of 2,000 people.

use base::{PersonalId, Sex};
use linkage::{Birth, Config, Decisions, FieldName, LevelName, Linked, Pass, Prepared, Row, explain, link};

use crate::generator::{City, Kind};

/// A row told as `name|date or year|m or f|number|communes`.
struct Told<'a> {
    fields: Vec<&'a str>,
    communes: Vec<u16>,
}

impl<'a> Told<'a> {
    fn new(text: &'a str) -> Self {
        let fields: Vec<&str> = text.split('|').collect();
        let communes = fields[4].split(',').filter_map(|c| c.parse().ok()).collect();
        Self { fields, communes }
    }

    fn row(&self) -> Row<'_> {
        let (date, number) = (self.fields[1], self.fields[3]);
        let birth = match date.len() {
            0 => None,
            4 => Some(Birth { date: format!("{date}-01-01").parse().unwrap(), year_only: true }),
            _ => Some(Birth { date: date.parse().unwrap(), year_only: false }),
        };
        let sex = match self.fields[2] {
            "m" => Some(Sex::Male),
            "f" => Some(Sex::Female),
            _ => None,
        };
        Row {
            name: self.fields[0],
            birth,
            sex,
            personal_id: PersonalId::parse(number).ok(),
            old_id: (number.len() == 9).then(|| number.parse().unwrap()),
            insurance_number: (number.len() == 10).then(|| number.parse().unwrap()),
            communes: &self.communes,
        }
    }
}

struct Case {
    linked: Linked,
    spine: Prepared,
    told: u32,
}

/// Links the told rows (first in both rosters) amid the background.
fn case_with(spine: &[&str], other: &[&str], decisions: &Decisions, config: &Config) -> Case {
    let city = City::new(77);
    let people = city.roster(Kind::Spine, 0..2_000);
    let cards = city.roster(Kind::Card, (0..2_000).step_by(2));
    let (told_spine, told_other): (Vec<_>, Vec<_>) =
        (spine.iter().map(|t| Told::new(t)).collect(), other.iter().map(|t| Told::new(t)).collect());
    let left: Vec<Row<'_>> = told_spine.iter().map(Told::row).chain(people.rows()).collect();
    let right: Vec<Row<'_>> = told_other.iter().map(Told::row).chain(cards.rows()).collect();
    let spine = Prepared::new(&left);
    let linked = link(&spine, &Prepared::new(&right), decisions, config);
    Case { linked, spine, told: other.len() as u32 }
}

fn case(spine: &[&str], other: &[&str]) -> Case {
    case_with(spine, other, &Decisions::default(), &few_draws())
}

/// Enough random pairs for a short list.
fn few_draws() -> Config {
    Config { random_pairs: 100_000, ..Config::default() }
}

impl Case {
    /// Left and right row of the links of told rows.
    fn links(&self) -> Vec<(u32, u32)> {
        self.linked.links.iter().filter(|l| l.right < self.told).map(|l| (l.left, l.right)).collect()
    }

    fn review(&self) -> Vec<(u32, u32)> {
        self.linked.review.iter().filter(|l| l.right < self.told).map(|l| (l.left, l.right)).collect()
    }
}

const HA: &str = "Nguyễn Thị Thu Hà|1980-03-17|f|001180123456|4";

#[test]
fn one_slip_does_not_part_a_person() {
    for written in [
        "Nguyễn Thị Hà Thu|1980-03-17|f||4",
        "NGUYEN THI THU HA|1980|f||4",
        "Nguyễn Thị Thu Hà|1980-03-17|f|012345678|",
        "Nguyễn Thu Hà|1980-03-17|f||4",
        "Nguyeenx Thij Thu Haf|1980-03-17|f||3,4",
        "Ng. T. T. Hà|1980-03-17|f||4",
        "Nguyễn Thị Thu Hà|1981-03-17|f||4",
        "Nguyễn Thị Thu Hà|1980-03-17|f|001180123465|90",
        "Nguyễn Thị Thu Hà|||001180123456|",
        "Nguyễn Thị Thu Hà|||001180123457|",
        "Nguyễn Thị Thu Hà|1980-03-17|m|001180123456|90",
    ] {
        assert_eq!(case(&[HA], &[written]).links(), [(0, 0)], "{written}");
    }
}

#[test]
fn a_cmnd_on_both_sides_links() {
    let spine = "Trần Văn Tỵ|1941|m|012345678|7";
    assert_eq!(case(&[spine], &["TRAN VAN TY|1942-05-06|m|012345678|30"]).links(), [(0, 0)]);
}

#[test]
fn somebody_else_is_not_linked() {
    for written in [
        "Nguyễn Thị Thu Hà|1955-11-02|f||90",
        "Nguyễn Thị Thu Hà|1955-11-02|f||4",
        "Nguyễn Thị Thu Hà||||",
        "Phạm Văn Đông|1980-03-17|m||4",
        "Nguyễn Văn Hùng|1980-03-17|m|001080654321|4",
        "|1980-03-17|f||4",
        "||||",
    ] {
        assert_eq!(case(&[HA], &[written]).links(), [], "{written}");
    }
}

#[test]
fn twins_of_one_household_stay_two_people() {
    let (van, vaan) = ("Nguyễn Văn Anh|2015-06-09|m|001215000111|12", "Nguyễn Vân Anh|2015-06-09|m|001215000222|12");
    let (van_card, vaan_card) = ("Nguyễn Văn Anh|2015-06-09|m||12", "Nguyễn Vân Anh|2015-06-09|m||12");
    assert_eq!(case(&[van, vaan], &[vaan_card, van_card]).links(), [(1, 0), (0, 1)]);
    // Only one twin is in the spine: the other's row goes to a person, not to the brother.
    let alone = case(&[van], &[vaan_card]);
    assert_eq!((alone.links(), alone.review()), (vec![], vec![(0, 0)]));
    // Without marks nobody can tell them apart.
    assert_eq!(case(&[van, vaan], &["NGUYEN VAN ANH|2015-06-09|m||12"]).links(), []);
}

#[test]
fn father_and_son_of_one_name_stay_two_people() {
    let (father, son) = ("Đỗ Mạnh Hùng|1955-03-02|m|001055000001|5", "Đỗ Mạnh Hùng|1984-08-19|m|001084000002|5");
    let cards = ["Đỗ Mạnh Hùng|1984|m||5", "Đỗ Mạnh Hùng|1955-03-02|m||5"];
    assert_eq!(case(&[father, son], &cards).links(), [(1, 0), (0, 1)]);
    // The son's card bears his father's number: not silently the father.
    let wrong = case(&[father], &["Đỗ Mạnh Hùng|1984-08-19|m|001055000001|5"]);
    assert_eq!((wrong.links(), wrong.review()), (vec![], vec![(0, 0)]));
}

#[test]
fn the_same_number_on_another_person_is_a_question() {
    let asked = case(&[HA], &["Lê Minh Quân|2012-09-30|m|001180123456|4"]);
    assert_eq!((asked.links(), asked.review()), (vec![], vec![(0, 0)]));
}

#[test]
fn what_a_person_decided_wins() {
    let row = "Nguyễn Thị Thu Hà|1980-03-17|f|001180123456|4";
    let no = Decisions { same: vec![], not_same: vec![(0, 0)] };
    let parted = case_with(&[HA], &[row], &no, &few_draws());
    assert_eq!((parted.links(), parted.review()), (vec![], vec![]));
    let yes = Decisions { same: vec![(0, 0)], not_same: vec![] };
    let joined = case_with(&[HA], &["Trần Bảo|1999-09-09|m||70"], &yes, &few_draws());
    assert_eq!(joined.links(), [(0, 0)]);
    let link = joined.linked.links[0];
    assert!(link.decided && Pass::of_number(link.pass) == Some(Pass::Decision) && link.probability_thousandths == 1000);
}

#[test]
fn several_rows_of_a_person_share_it_only_when_asked() {
    let rows = ["Nguyễn Thị Thu Hà|||001180123456|", "Nguyễn Thị Thu Hà|||001180123465|"];
    assert_eq!(case(&[HA], &rows).links(), [(0, 0)]);
    let shared = Config { repeats: true, ..few_draws() };
    assert_eq!(case_with(&[HA], &rows, &Decisions::default(), &shared).links(), [(0, 0), (0, 1)]);
    // Another person's row never shares.
    let other = ["Nguyễn Thị Thu Hà|1980-03-17|f|001180123456|4", "Nguyễn Thị Thu Hà|1980-03-17|f|001180777888|4"];
    assert_eq!(case_with(&[HA], &other, &Decisions::default(), &shared).links(), [(0, 0)]);
}

#[test]
fn a_link_is_explained_in_parts_that_add_up() {
    let told = case(&[HA], &["NGUYEN THI THU HA|1980|f||3,4"]);
    let link = told.linked.links[0];
    let waterfall = explain(&told.linked.model, &link, &told.spine);
    let level = |field: FieldName| waterfall.parts.iter().find(|p| p.field == field).map(|p| p.level);
    assert_eq!(level(FieldName::Name), Some(LevelName::NameAllMarksDropped));
    assert_eq!(level(FieldName::Birth), Some(LevelName::BirthYearOnly));
    assert_eq!(level(FieldName::Commune), Some(LevelName::CommuneOverlap));
    assert_eq!(level(FieldName::NameFrequency), Some(LevelName::BorneBy(1)));
    let missing = waterfall.parts.iter().find(|p| p.field == FieldName::Insurance).unwrap();
    assert_eq!(missing.millibits, 0, "what is missing counts neither for nor against");
    let sum = waterfall.prior_millibits + waterfall.parts.iter().map(|p| p.millibits).sum::<i32>();
    assert_eq!(sum, waterfall.total_millibits);
    assert_eq!(LevelName::NameAllMarksDropped.vietnamese(), "một bên viết không dấu");
}

#[test]
fn empty_rosters_link_nothing() {
    let empty = Prepared::new(&[]);
    let told = Told::new(HA);
    let one = Prepared::new(&[told.row()]);
    for (left, right) in [(&empty, &empty), (&one, &empty), (&empty, &one)] {
        assert!(link(left, right, &Decisions::default(), &Config::default()).links.is_empty());
    }
}

#[test]
fn two_insurance_numbers_are_one_person() {
    // The person of the spine is certain by the number; the second row has no number but the insurance.
    let rows = [HA, "Nguyễn Thị Thu Hà|1980-03-17|f|0122334455|4"];
    let found = case(&[HA], &rows);
    assert_eq!(found.links(), [(0, 0)]);
    let also: Vec<(u32, u32)> = found.linked.also.iter().filter(|l| l.right < 2).map(|l| (l.left, l.right)).collect();
    assert_eq!(also, [(0, 1)]);
    // The namesake of another year and another number stays another person.
    let other = case(&[HA], &[HA, "Nguyễn Thị Thu Hà|1984-09-02|f|001184777888|90"]);
    assert!(other.linked.also.iter().all(|l| l.right >= 2));
}

#[test]
fn reasons_for_review_are_told() {
    use linkage::ReviewReason;
    let why = |spine: &[&str], row: &str| {
        let asked = case(spine, &[row]);
        asked.linked.review.iter().filter(|p| p.right == 0).map(|p| p.why).collect::<Vec<_>>()
    };
    assert_eq!(why(&[HA], "Lê Minh Quân|2012-09-30|m|001180123456|4"), [ReviewReason::SameNumberOnly]);
    assert_eq!(why(&[HA], "Nguyễn Thị Thu Hà|1981|f|001180123456|"), [ReviewReason::NumberContradicts]);
    // Day, month and commune agree as well: who it is stands without the number, wrong as that may be.
    assert_eq!(why(&[HA], "Nguyễn Thị Thu Hà|1981-03-17|f|001180123456|4"), []);
    assert_eq!(why(&[HA], HA), []);
    let twin = "Nguyễn Vân Anh|2015-06-09|m||12";
    assert_eq!(why(&["Nguyễn Văn Anh|2015-06-09|m|001215000111|12"], twin), [ReviewReason::NeedsPerson]);
    let twins = ["Nguyễn Văn Anh|2015-06-09|m|001215000111|12", "Nguyễn Vân Anh|2015-06-09|m|001215000222|12"];
    assert_eq!(why(&twins, "NGUYEN VAN ANH|2015-06-09|m||12"), [ReviewReason::Contested]);
}

#[test]
fn a_row_without_a_link_is_explained_by_its_nearest_candidate() {
    use linkage::nearest;
    let told = |row: &str| {
        let found = case(&[HA], &[row]);
        let told = Told::new(row);
        nearest(&found.linked.model, &found.spine, &Prepared::new(&[told.row()]), 0)
    };
    // Nothing but a name: the same name is there, and all else is missing.
    let named = told("Nguyễn Thị Thu Hà||||").unwrap();
    assert_eq!((named.left, named.pass, named.needs_person), (0, Some(Pass::NameOnly), true));
    let missing = [FieldName::Birth, FieldName::Id, FieldName::Insurance, FieldName::Sex, FieldName::Commune];
    assert_eq!((named.missing, named.disagreeing), (missing.to_vec(), vec![]));
    // Another year and another number.
    let other = told("Nguyễn Thị Thu Hà|1955-11-02|f|001155777888|90").unwrap();
    assert_eq!((other.left, other.disagreeing.contains(&FieldName::Id), other.pass), (0, true, None));
    assert_eq!(told("||||"), None);
}
