//! The head of a plan: agency, number, place and day, title, years.

use base::Date;
use base::names::fold;

use super::label::key;
use crate::model::Head;
use crate::read::Line;
use crate::rhythm::{self, Point, Rhythm, Stretch};

/// Lines a title may have.
const TITLE_LINES: usize = 6;

/// Reads the lines before the first section. Blank numbers and dates stay `None`.
pub(crate) fn head(lines: &[&Line]) -> Head {
    let title_at = lines.iter().position(|line| is_title_word(&line.text));
    let title = title_at.and_then(|at| title(lines, at));
    let mut head = Head { title, ..Head::default() };
    for line in lines {
        head.number = head.number.or_else(|| number(&line.text));
        if let Some((place, date)) = place_and_date(&line.text) {
            head.place = head.place.or(place);
            head.date = head.date.or(date);
        }
    }
    head.agency = agency(&lines[..title_at.unwrap_or(lines.len())]);
    (head.first_year, head.last_year) = head.title.as_deref().map_or((None, None), years);
    head
}

/// The agency of the signature, "TM. ỦY BAN NHÂN DÂN", for a copy without its head.
pub(crate) fn signing_agency(line: &str) -> Option<String> {
    let rest = line.strip_prefix("TM.").or(line.strip_prefix("T/M"))?.trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// "KẾ HOẠCH" on a line of its own, or before its subject.
pub(crate) fn is_title_word(line: &str) -> bool {
    let words = key(line);
    words == "ke hoach" || words == "chuong trinh" || line.starts_with("KẾ HOẠCH ") || line.starts_with("CHƯƠNG TRÌNH ")
}

fn title(lines: &[&Line], at: usize) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let own = lines[at].text.as_str();
    if !matches!(key(own).as_str(), "ke hoach" | "chuong trinh") {
        parts.push(own);
    }
    for line in lines[at + 1..].iter().take(TITLE_LINES) {
        let begins_text = ["can cu", "thuc hien", "de trien khai"].iter().any(|start| key(&line.text).starts_with(start));
        // The first line is the title whatever it begins with; after it grounds begin, or a rule.
        let over = begins_text || line.text.chars().all(|c| !c.is_alphanumeric()) || (line.gap && parts.len() > 1);
        if !parts.is_empty() && over {
            break;
        }
        parts.push(&line.text);
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// `Số: 123/KH-UBND`. A number that is not filled in is none.
fn number(line: &str) -> Option<String> {
    let folded = fold(line);
    if !(folded.starts_with("so:") || folded.starts_with("so ") || folded.starts_with("so :")) {
        return None;
    }
    let rest = line.split_once([':', ' '])?.1.trim_start_matches([':', ' ']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    let sign = rest[digits.len()..].trim_start();
    let sign = sign.split_whitespace().next().filter(|sign| sign.starts_with('/') && sign.len() > 1)?;
    Some(format!("{digits}{sign}"))
}

/// `Hà Nội, ngày 15 tháng 4 năm 2026`: the place, and the day where all three are filled in.
fn place_and_date(line: &str) -> Option<(Option<String>, Option<Date>)> {
    // The folded text has as many letters as the cleaned one, so places carry over by letters.
    let folded: Vec<char> = fold(line).chars().collect();
    let letters: Vec<char> = line.chars().collect();
    let text: String = folded.iter().collect();
    let (day_at, month_at, year_at) = (text.find("ngay")?, text.find("thang")?, text.find("nam ").or(text.rfind("nam"))?);
    let in_order = day_at < month_at && month_at < year_at;
    if !in_order || !text[..day_at].trim_end().ends_with(',') || folded.len() != letters.len() {
        return None;
    }
    let before: String = letters[..text[..day_at].chars().count()].iter().collect();
    // "Số: 12/KH-UBND Đất Mũi, ngày …": the place stands behind the sign.
    let before = before.trim_end_matches([',', ' ']);
    let place = match before.rsplit_once(|c: char| c.is_ascii_digit() || c == '/') {
        Some((_, behind)) => behind.split_once(' ').map_or("", |(_, place)| place),
        None => before,
    };
    let figure = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>().parse::<i32>().ok();
    let day = figure(&text[day_at..month_at]);
    let month = figure(&text[month_at..year_at]);
    let year = figure(&text[year_at..]);
    let date = match (day, month, year) {
        (Some(day), Some(month), Some(year)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    let place = place.trim();
    Some(((!place.is_empty() && place.split(' ').count() <= 5).then(|| place.to_owned()), date))
}

/// The first lines in capitals that are not the state's motto.
fn agency(lines: &[&Line]) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for line in lines {
        let text = line.text.split("CỘNG HÒA").next().unwrap_or_default().split("CỘNG HOÀ").next().unwrap_or_default().trim();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let shouted = letters >= 4 && !text.chars().any(char::is_lowercase);
        if shouted && !key(text).starts_with("so ") {
            parts.push(text.to_owned());
        } else if !parts.is_empty() && !key(&line.text).starts_with("doc lap") && !text.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// First and last year of a title: "giai đoạn 2026 - 2030", "đến năm 2030", "năm 2026".
fn years(title: &str) -> (Option<i32>, Option<i32>) {
    let folded = fold(title);
    // From the word that speaks of time on; other years in a title are those of other documents.
    let starts = ["giai doan", "den nam", "trong nam", " nam "];
    let Some(at) = starts.iter().find_map(|word| folded.rfind(word)) else { return (None, None) };
    let year = |point: Point| point.first_day().year();
    for rhythm in rhythm::parse(&folded[at..]).rhythms {
        match rhythm {
            Rhythm::During(Stretch { from, until }) => return (from.map(year), Some(year(until))),
            Rhythm::Once(deadline) if matches!(deadline.point, Point::Year(_)) => {
                return (Some(year(deadline.point)), Some(year(deadline.point)));
            }
            _ => {}
        }
    }
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Head {
        let lines: Vec<Line> =
            (1u64..).zip(texts).map(|(at, text)| Line { at, text: (*text).to_owned(), gap: true, page: false }).collect();
        head(&lines.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_full_head() {
        let head = of(&[
            "ỦY BAN NHÂN DÂN",
            "TỈNH ĐẤT MŨI",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Số: 45/KH-UBND Đất Mũi, ngày 05 tháng 3 năm 2026",
            "KẾ HOẠCH",
            "Mở rộng bảo hiểm y tế giai đoạn 2026 - 2028",
            "Căn cứ Luật Bảo hiểm y tế",
        ]);
        assert_eq!(head.agency.as_deref(), Some("ỦY BAN NHÂN DÂN TỈNH ĐẤT MŨI"));
        assert_eq!((head.number.as_deref(), head.place.as_deref()), (Some("45/KH-UBND"), Some("Đất Mũi")));
        assert_eq!(head.date, Some("2026-03-05".parse().unwrap()));
        assert_eq!(head.title.as_deref(), Some("Mở rộng bảo hiểm y tế giai đoạn 2026 - 2028"));
        assert_eq!((head.first_year, head.last_year), (Some(2026), Some(2028)));
    }

    #[test]
    fn blanks_stay_blank() {
        let head = of(&["Số: /KH-UBND", "Đất Mũi, ngày tháng 4 năm 2026", "KẾ HOẠCH", "Mở rộng bảo hiểm y tế năm 2026"]);
        assert_eq!((head.number, head.date, head.agency), (None, None, None));
        assert_eq!((head.place.as_deref(), head.first_year, head.last_year), (Some("Đất Mũi"), Some(2026), Some(2026)));
        let dotted = of(&["Số: ……/KH-UBND", "KẾ HOẠCH"]);
        assert_eq!((dotted.number, dotted.title), (None, None));
    }
}
