//! Employers: how many there are, how big, what they are called, and who works where.

use crate::ids;
use crate::random::{Draw, Random};
use crate::tables::{Tables, Weighted};

/// Insured workers of the whole city, the size of the employers' plan at scale 1 (2025: over 2.2 million).
const INSURED_WORKERS: f64 = 2_200_000.0;

/// All employers of a city, numbered band by band from the smallest.
#[derive(Debug, Clone)]
pub struct Employers {
    /// First employer and count of each size band, drawn by its share of workers.
    bands: Weighted<(u64, u64)>,
    count: u64,
}

impl Employers {
    /// Plans the employers of a city at a scale; each band has at least one.
    pub fn plan(tables: &Tables, scale: f64) -> Self {
        let shares: f64 = tables.employers.iter().map(|b| b.employers_per_10_000 as f64).sum();
        let mean = tables.employers.iter().map(|b| b.employers_per_10_000 as f64 * b.mean_workers).sum::<f64>() / shares.max(1.0);
        let all = INSURED_WORKERS * scale / mean.max(1.0);
        let mut count = 0;
        let mut bands = Vec::new();
        for band in &tables.employers {
            let employers = ((all * band.employers_per_10_000 as f64 / shares).round() as u64).max(1);
            bands.push(((count, employers), band.workers_per_1_000));
            count += employers;
        }
        Self { bands: Weighted::new(bands), count }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The employer a worker comes to: a band by its share of workers, then any of the band.
    pub fn pick(&self, draw: Draw) -> u64 {
        let (first, count) = *self.bands.pick(draw.of("band"));
        first + draw.of("employer").below(count)
    }
}

/// Ten digits of an employer's tax code.
pub fn tax_code(random: &Random, employer: u64) -> String {
    format!("{:010}", ids::tax_code(random, employer))
}

/// The insurance agency's own code of an employer (mã đơn vị), e.g. `TA00417A`.
pub fn unit_code(random: &Random, employer: u64) -> String {
    const KINDS: [&str; 6] = ["TA", "TB", "TC", "YN", "IC", "HB"];
    let kind = KINDS[random.draw("unit kind", employer).below(6) as usize];
    format!("{kind}{employer:06}{}", ["A", "Z"][random.draw("unit office", employer).below(2) as usize])
}

/// An invented company name.
pub fn name(random: &Random, tables: &Tables, employer: u64) -> String {
    const FORMS: [&str; 5] =
        ["Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Một thành viên", "Doanh nghiệp tư nhân", "Chi nhánh Công ty TNHH"];
    const TRADES: [&str; 12] = [
        "Thương mại và Dịch vụ",
        "Xây dựng",
        "Sản xuất Bao bì",
        "May mặc",
        "Vận tải",
        "Công nghệ",
        "Thực phẩm",
        "Cơ khí",
        "Nội thất",
        "Dược phẩm",
        "Giáo dục",
        "Đầu tư và Phát triển",
    ];
    let draw = random.draw("employer name", employer);
    let form = FORMS[draw.of("form").below(5) as usize];
    let trade = TRADES[draw.of("trade").below(12) as usize];
    let word = |name: &str| tables.given(base::Sex::Female).pick(draw.of(name)).as_str();
    format!("{form} {trade} {} {}", word("first"), word("second"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_size_follows_the_model() {
        let tables = Tables::load().unwrap();
        let employers = Employers::plan(&tables, 0.1);
        let mean = INSURED_WORKERS * 0.1 / employers.count() as f64;
        assert!((15.0..20.0).contains(&mean), "{mean}");
        let random = Random::new(1);
        let small = (0..10_000).filter(|i| employers.pick(random.draw("w", *i)) < employers.count() * 55 / 100).count();
        assert!((600..900).contains(&small), "7.5 % work for the smallest, here {small} of 10,000");
    }
}
