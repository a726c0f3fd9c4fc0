//! Reading LIEU_DUNG: how much, how often, how many days.

use base::Amount;

/// A dose as decision 130 writes it for outpatients: `liều/lần * lần/ngày * số ngày [tổng/ngày]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dose {
    /// Days of drugs.
    pub days: i64,
    /// Dose × times × days.
    pub total: Amount,
}

/// The dose, when all three parts begin with a number; free text says nothing.
pub(crate) fn read(text: &str) -> Option<Dose> {
    let text = text.split('[').next()?;
    let parts: Vec<Amount> = text.split('*').map(number).collect::<Option<_>>()?;
    let [each, times, days] = parts.as_slice() else { return None };
    let whole = days.millionths() % 1_000_000 == 0;
    let days = i64::try_from(days.millionths() / 1_000_000).ok().filter(|days| whole && *days > 0)?;
    let total = each.times_rounded(*times)?.times_rounded(Amount::whole(days))?;
    Some(Dose { days, total })
}

/// The number at the beginning, with a point or a comma before its decimals.
fn number(text: &str) -> Option<Amount> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    Amount::parse(&text[..end].replace(',', ".")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doses_are_read_or_left() {
        let dose = read("1 viên/lần * 2 lần/ngày * 30 ngày [2 viên/ngày]").unwrap();
        assert_eq!((dose.days, dose.total), (30, Amount::whole(60)));
        assert_eq!(read("0,5 viên/lần*3 lần/ngày*5 ngày").unwrap().total, Amount::parse("7.5").unwrap());
        for text in ["", "uống khi đau", "1 viên * 2 lần", "1*2*3*4", "1 viên/lần * 2 lần/ngày * 2,5 ngày", "* * *"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
