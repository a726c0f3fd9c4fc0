//! The report in words, and a pair taken apart as a waterfall.

use std::fmt::Write;

use linkage::tables::PairExplained;

use super::tables::Report;

/// The report for people.
pub fn words(report: &Report) -> String {
    let mut text = format!(
        "{} dòng và {} dòng: chấm điểm {} cặp, ghép {} cặp, ngưỡng xác suất {}.",
        report.left_rows, report.right_rows, report.pairs_scored, report.links, report.threshold
    );
    if let (Some(clusters), Some(contradictions)) = (report.clusters, report.contradictions) {
        let _ = write!(text, "\n{clusters} nhóm trùng; {contradictions} lần hai nhóm được giữ riêng vì mâu thuẫn nhau.");
    }
    let _ = write!(text, "\nCác lượt tìm cặp (ước tính bỏ sót cả thảy {:.3} %):", report.estimated_loss * 100.0);
    for (number, pass) in report.passes.iter().enumerate() {
        let _ = write!(text, "\n  {number:>2}. {}: {} cặp", pass.on, pass.pairs);
        if pass.refined > 0 {
            let _ = write!(text, ", {} khối quá lớn được chia nhỏ, bỏ {} cặp", pass.refined, pass.lost_pairs);
        }
    }
    if let (Some(precision), Some(recall), Some(f1), Some(blocking)) =
        (report.precision, report.recall, report.f1, report.blocking_recall)
    {
        let _ = write!(
            text,
            "\nSo với sự thật: độ chính xác {precision:.6}, độ phủ {recall:.6}, F1 {f1:.6}, độ phủ của các lượt tìm {blocking:.6}"
        );
        if let Some(exact) = report.exact_clusters {
            let _ = write!(text, ", nhóm đúng trọn vẹn {exact:.6}");
        }
        if let Some(unknown @ 1..) = report.truth_unknown {
            let _ = write!(text, "; {unknown} dòng của sự thật nêu mã không có trong bảng");
        }
    }
    for class in report.reliability.iter().flatten() {
        let share = |millionths: u32| f64::from(millionths) / 1e6;
        let bound = |thousandths: u16| f64::from(thousandths) / 1_000.0;
        let _ = write!(
            text,
            "\n  xác suất {:.3}-{:.3}: {} cặp, nêu {:.4}, đúng {:.4}",
            bound(class.from_thousandths),
            bound(class.to_thousandths),
            class.pairs,
            share(class.said_millionths),
            share(class.right_millionths)
        );
    }
    if let Some(pair) = &report.explained {
        text.push_str(&waterfall(pair, report));
    }
    for weight in report.weights.iter().flatten() {
        let _ = write!(
            text,
            "\n  {:>16} {:<36} m {:>8} u {:>10} {:>8}",
            weight.field,
            weight.level,
            weight.matched_millionths,
            weight.chance_billionths,
            bits(weight.millibits)
        );
    }
    let seconds: Vec<String> = report.seconds.iter().map(|(phase, s)| format!("{phase} {s:.2}")).collect();
    let _ = write!(text, "\nThời gian (giây): {}", seconds.join(", "));
    if let (Some(cpu), Some(peak)) = (report.cpu_seconds, report.peak_mb) {
        let _ = write!(text, "; CPU {cpu:.2} giây, bộ nhớ nhiều nhất {peak} MB");
    }
    for path in &report.written {
        let _ = write!(text, "\nĐã ghi {path}");
    }
    text
}

/// Each part with the sum so far: the last line is the pair's weight.
fn waterfall(pair: &PairExplained, report: &Report) -> String {
    let mut text = String::from("\nGiải thích cặp (bit; mỗi bit gấp đôi khả năng là một):");
    let mut sum = pair.prior_millibits;
    let mut line = |name: &str, level: &str, part: i32, sum: i32| {
        let _ = write!(text, "\n  {name:<24} {level:<36} {:>8} {:>8}", bits(part), bits(sum));
    };
    line("(trước khi so)", "", sum, sum);
    for part in &pair.parts {
        sum += part.millibits;
        line(&part.field, part.level, part.millibits, sum);
        if part.rarity_millibits != 0 {
            sum += part.rarity_millibits;
            let what = if part.rarity_millibits > 0 { "giá trị hiếm" } else { "giá trị phổ biến" };
            line("", what, part.rarity_millibits, sum);
        }
        if part.tie_millibits != 0 {
            sum += part.tie_millibits;
            line("", "đã tính một phần ở trường khác", part.tie_millibits, sum);
        }
    }
    if pair.related_millibits != 0 {
        sum += pair.related_millibits;
        line("(có thể chỉ là người thân)", "chung nhau mà không phải là một", pair.related_millibits, sum);
    }
    line("(tổng)", "", pair.total_millibits, pair.total_millibits);
    let pass = match pair.pass.and_then(|number| report.passes.get(usize::from(number))) {
        Some(pass) => format!("lượt tìm: {}", pass.on),
        None => "không lượt tìm nào đưa cặp này ra so".to_owned(),
    };
    let probability = f64::from(pair.probability_thousandths) / 1_000.0;
    let margin = pair.margin_millibits.map_or(String::new(), |m| format!(", hơn cặp kế tiếp {} bit", bits(m).trim()));
    let linked = if pair.linked { "được ghép" } else { "không được ghép" };
    let _ = write!(text, "\n  Xác suất {probability:.3}{margin}; {pass}; {linked}.");
    text
}

fn bits(millibits: i32) -> String {
    format!("{:+.3}", f64::from(millibits) / 1_000.0)
}
