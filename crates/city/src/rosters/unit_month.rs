//! `unit_month`: the monthly notice to a unit (mẫu C12-TS), for a bounded sample of units.

use crate::calendar;
use crate::employers::names;
use crate::employers::payroll::Funds;
use crate::employers::{codes, truth};
use crate::error::CityError;
use crate::rosters::{Book, Cell, EmployerSubject, Files, Form, Roster, Row, Until, View, units};

/// Notices of one month.
pub struct UnitMonth;

impl UnitMonth {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self))
    }
}

impl Roster for UnitMonth {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn employer(&self, subject: &EmployerSubject, out: &mut Vec<Row>) {
        if !subject.view.world.employers.is_sampled(subject.employer) {
            return;
        }
        let account = truth::account(subject);
        if account.is_empty() {
            return;
        }
        let count = subject.count;
        let (joined, left) = (i64::from(count.moved.0), i64::from(count.moved.1));
        let workers = i64::from(count.workers);
        let lines = [
            ("A. Kỳ trước mang sang", None),
            ("A.1. Số lao động", Some([workers - joined + left; 4])),
            ("A.2. Phải đóng còn thiếu", Some(by_fund(account.opening))),
            ("B. Phát sinh trong kỳ", None),
            ("B.1. Số lao động", Some([workers; 4])),
            ("B.1.1. Tăng", Some([joined; 4])),
            ("B.1.2. Giảm", Some([left; 4])),
            ("B.2. Quỹ lương", Some([count.wages; 4])),
            ("B.3. Phải đóng", Some(by_fund(account.due))),
            ("C. Số tiền đã nộp trong kỳ", Some(by_fund(account.paid))),
            ("D. Phân bổ tiền đóng", Some(by_fund(account.paid))),
            ("Đ. Chuyển kỳ sau", None),
            ("Đ.1. Số lao động", Some([workers; 4])),
            ("Đ.2. Phải đóng còn thiếu", Some(by_fund(account.closing))),
        ];
        for (words, numbers) in lines {
            let mut cells: Vec<Cell> = vec![words.into()];
            if let Some(numbers) = numbers {
                cells.extend(numbers.map(Cell::Number));
                // Heads and wages are the same in all funds and are not summed.
                let counted = words.contains("Số lao động") || words.contains("Quỹ lương") || words.starts_with("B.1.");
                cells.push(if counted { Cell::Empty } else { Cell::Number(numbers.iter().sum()) });
            }
            out.push(Row { book: subject.employer, ..Row::new(subject.employer as i64 + 1, cells) });
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let world = view.world;
        let unit = codes::unit_code(&world.random, &world.employers, book);
        let name = names::write(units::HAND, world.random.draw("unit name", book), &names::of(world, book));
        let month = calendar::vietnamese_month(view.month);
        let title = vec![
            "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI".to_owned(),
            "Mẫu C12-TS".to_owned(),
            "THÔNG BÁO KẾT QUẢ ĐÓNG BHXH, BHYT, BHTN, BHTNLĐ, BNN".to_owned(),
            format!("Tháng {month}"),
            format!("Kính gửi: {name}"),
            format!("Mã đơn vị: {unit}"),
            format!("Mã số thuế: {}", codes::tax_code(&world.random, &world.employers, book)),
        ];
        let header =
            vec![("STT", ""), ("Nội dung", ""), ("BHXH", ""), ("BHTNLĐ, BNN", ""), ("BHYT", ""), ("BHTN", ""), ("Tổng cộng", "")];
        let footer = vec!["Cán bộ thu".to_owned(), "Giám đốc".to_owned()];
        let form = Form { title, header, totals: Vec::new(), footer, sheet: "C12-TS" };
        Some(Book { name: format!("C12-TS_{unit}_{}.xlsx", view.period()), form })
    }
}

fn by_fund(funds: Funds) -> [i64; 4] {
    [funds.insurance, funds.accident, funds.health, funds.unemployment]
}
