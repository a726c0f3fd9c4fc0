//! Names of employers: the legal form apart, the rest as words that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use base::names::fold;

use crate::model::millibits;

/// What the legal form says about who the row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Form {
    /// A company or anything else with a name of its own.
    #[default]
    Whole,
    /// A branch or office of somebody (chi nhánh, văn phòng đại diện, địa điểm kinh doanh).
    Part,
}

/// A name without its legal form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Name {
    /// Words without marks, abbreviations written out, in the order written.
    pub words: Vec<String>,
    /// The words without spaces: `Viet Tin` and `VietTin` are equal so.
    pub joined: String,
    /// Numbers of the words, each once, ascending; see [`Words::count`].
    pub numbers: Vec<u32>,
    pub form: Form,
}

/// Legal forms and words of trade that say nothing of who it is, written out and short. Longer before shorter.
const FORMS: [&str; 27] = [
    "trach nhiem huu han mot thanh vien",
    "hai thanh vien tro len",
    "trach nhiem huu han",
    "doanh nghiep tu nhan",
    "mot thanh vien",
    "hai thanh vien",
    "ho kinh doanh ca the",
    "ho kinh doanh",
    "hop tac xa",
    "1 thanh vien",
    "2 thanh vien",
    "cong ty",
    "co phan",
    "cty",
    "ctcp",
    "tnhh",
    "mtv",
    "1tv",
    "2tv",
    "dntn",
    "hkd",
    "htx",
    "cp",
    "ct",
    "cua hang",
    "ong",
    "ba",
];

/// Words that tell a part of a larger employer.
const PARTS: [&str; 7] = ["van phong dai dien", "dia diem kinh doanh", "chi nhanh", "vpdd", "vp dai dien", "cn", "ddkd"];

/// Abbreviations of trades, and what they stand for.
const SHORT: [(&str, &str); 17] = [
    ("tm", "thuong mai"),
    ("dv", "dich vu"),
    ("tmdv", "thuong mai dich vu"),
    ("sx", "san xuat"),
    ("xd", "xay dung"),
    ("xnk", "xuat nhap khau"),
    ("dt", "dau tu"),
    ("vt", "van tai"),
    ("dl", "du lich"),
    ("kd", "kinh doanh"),
    ("cn", "cong nghe"),
    ("kt", "ky thuat"),
    ("pt", "phat trien"),
    ("qt", "quoc te"),
    ("vn", "viet nam"),
    ("hn", "ha noi"),
    ("bds", "bat dong san"),
];

/// Most that a word of trade tells, in thousandths of a bit, however few of the rows bear it.
const TRADE: i32 = 2_000;

impl Name {
    /// Reads a name: marks, case, punctuation and the legal form do not matter.
    pub(crate) fn read(text: &str) -> Self {
        let folded = fold(text);
        let split = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let mut words: Vec<String> = Vec::new();
        let mut glue = false;
        for word in split {
            // `T.N.H.H` and `A B C`: letters that stand alone are one word.
            let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase());
            match words.last_mut() {
                Some(last) if glue && letter => last.push_str(word),
                _ => words.push(word.to_owned()),
            }
            glue = letter;
        }
        let mut name = Self::default();
        let mut at = 0;
        while at < words.len() {
            let rest = &words[at..];
            // `CN` leads a branch; inside a name it is technology (công nghệ).
            let part = longest(&PARTS, rest).filter(|n| *n > 1 || rest[0] != "cn" || at == 0);
            if let Some(n) = part {
                name.form = Form::Part;
                at += n;
            } else if let Some(n) = longest(&FORMS, rest) {
                at += n;
            } else {
                match SHORT.iter().find(|(short, _)| *short == rest[0]) {
                    Some((_, long)) => name.words.extend(long.split(' ').map(str::to_owned)),
                    None if rest[0] == "va" => {}
                    None => name.words.push(rest[0].clone()),
                }
                at += 1;
            }
        }
        // A name of nothing but a legal form keeps it: better a common word than none.
        if name.words.is_empty() {
            name.words = words;
        }
        name.joined = name.words.concat();
        name
    }
}

/// How many words the longest of these phrases takes of the beginning.
fn longest(phrases: &[&str], words: &[String]) -> Option<usize> {
    let fits = |phrase: &&&str| {
        let n = phrase.split(' ').count();
        n <= words.len() && phrase.split(' ').zip(words).all(|(p, w)| p == w)
    };
    phrases.iter().filter(fits).map(|phrase| phrase.split(' ').count()).max()
}

/// How much each word tells: rare ones more.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Thousandths of a bit by the number of the word.
    tells: Vec<i32>,
}

impl Words {
    /// Counts the words of these names and gives each name the numbers of its words.
    pub(crate) fn count(names: &mut [&mut Name]) -> Self {
        let mut borne_by: BTreeMap<String, u32> = BTreeMap::new();
        for name in names.iter() {
            for word in name.words.iter().collect::<BTreeSet<_>>() {
                *borne_by.entry(word.clone()).or_insert(0) += 1;
            }
        }
        // A short list counts as a thousand names, and every word tells at least a little.
        let all = names.len().max(1_000) as f64;
        let tell = |(word, count): (&String, &u32)| {
            let told = millibits(all / f64::from(*count)).max(250);
            if SHORT.iter().any(|(_, long)| long.split(' ').any(|part| part == word)) { told.min(TRADE) } else { told }
        };
        let tells = borne_by.iter().map(tell).collect();
        let number: BTreeMap<&String, u32> = borne_by.keys().zip(0..).collect();
        for name in names.iter_mut() {
            name.numbers = name.words.iter().filter_map(|w| number.get(w).copied()).collect();
            name.numbers.sort_unstable();
            name.numbers.dedup();
        }
        Self { tells }
    }

    /// How many different words there are.
    pub(crate) fn len(&self) -> usize {
        self.tells.len()
    }

    fn sum(&self, numbers: impl Iterator<Item = u32>) -> i64 {
        numbers.map(|n| i64::from(self.tells[n as usize])).sum()
    }

    /// How alike two names are, in thousandths: what the common words tell, of what all words tell.
    pub(crate) fn alike(&self, a: &Name, b: &Name) -> u16 {
        if a.words.is_empty() || b.words.is_empty() {
            return 0;
        }
        if a.joined == b.joined {
            return 1_000;
        }
        let shared = self.common(a, b);
        let all = self.sum(a.numbers.iter().copied()) + self.sum(b.numbers.iter().copied()) - shared;
        // The same words in another order can be another name: never quite equal.
        (shared * 1_000 / all.max(1)).min(970) as u16
    }

    /// What the common words of two names tell, in thousandths of a bit.
    pub(crate) fn common(&self, a: &Name, b: &Name) -> i64 {
        self.sum(a.numbers.iter().copied().filter(|n| b.numbers.binary_search(n).is_ok()))
    }

    /// The rarest words of a name, of which one must be in every name that is at least half alike:
    /// together they tell more than half of what the name tells.
    pub(crate) fn leading(&self, name: &Name) -> Vec<u32> {
        let mut words = name.numbers.clone();
        words.sort_unstable_by_key(|n| (-self.tells[*n as usize], *n));
        let half = self.sum(words.iter().copied()) / 2;
        let mut told = 0;
        let enough = words.iter().position(|n| {
            told += i64::from(self.tells[*n as usize]);
            told > half
        });
        words.truncate(enough.map_or(0, |at| at + 1));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_company_however_its_form_is_written() {
        let meant = Name::read("Công ty TNHH Thương mại và Dịch vụ Hoà Phát");
        for written in [
            "CTY TNHH TM & DV HÒA PHÁT",
            "Cty T.N.H.H TMDV Hoa Phat",
            "Công ty trách nhiệm hữu hạn một thành viên thương mại dịch vụ Hòa Phát",
            "CÔNG TY CP TM-DV HÒA PHÁT",
        ] {
            assert_eq!(Name::read(written), meant, "{written}");
        }
        assert_eq!(meant.words, ["thuong", "mai", "dich", "vu", "hoa", "phat"]);
    }

    #[test]
    fn a_branch_is_told_from_technology() {
        assert_eq!(Name::read("CN Công ty CP Sao Mai tại Hà Nội").form, Form::Part);
        assert_eq!(Name::read("Chi nhánh Sao Mai").form, Form::Part);
        assert_eq!(Name::read("VPĐD Công ty Sao Mai").form, Form::Part);
        let technology = Name::read("Công ty CP CN Sao Mai");
        assert_eq!((technology.form, technology.words.join(" ")), (Form::Whole, "cong nghe sao mai".into()));
    }

    #[test]
    fn rare_words_say_more_than_words_of_trade() {
        let mut names: Vec<Name> = (0..400).map(|i| Name::read(&format!("Công ty đại lý cà phê số {i}"))).collect();
        let told = ["Công ty TNHH Khánh Vượng", "CTY KHANHVUONG", "Đại lý Khánh Vượng", "Cà phê Khánh Vượng"];
        let others = ["Đại lý cà phê Khánh Vượng", "Đại lý cà phê Sao Mai", "Phát An", "An Phát", ""];
        names.extend(told.iter().chain(&others).map(|text| Name::read(text)));
        let words = Words::count(&mut names.iter_mut().collect::<Vec<_>>());
        let alike = |a: usize, b: usize| words.alike(&names[400 + a], &names[400 + b]);
        assert_eq!(alike(0, 1), 1_000);
        assert!(alike(2, 3) > 600, "{}", alike(2, 3));
        assert!(alike(4, 5) < 300, "{}", alike(4, 5));
        assert_eq!((alike(6, 7), alike(6, 8)), (970, 0));
        // The rare words lead, the common ones need not be looked up.
        assert_eq!(words.leading(&names[404]).len(), 2);
    }
}
