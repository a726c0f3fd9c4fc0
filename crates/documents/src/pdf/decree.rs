//! Head and foot of a document of decree 30/2020 as PDF.

use super::{Align, Flow, Look, plain};
use crate::decree::{Foot, Head};

/// Organ and number at the left; the country's name, motto, place and date at the right.
pub(crate) fn head(flow: &mut Flow, head: &Head<'_>) {
    let (start, text) = (flow.sheet().left, flow.sheet().text());
    let (left, right) = ((start, text * 0.41), (start + text * 0.42, text * 0.58));
    let from = flow.y();
    if let Some(above) = head.organ_above {
        flow.lines(left, &plain(&above.to_uppercase()), Look::Regular, 12.0, Align::Centre);
    }
    flow.lines(left, &plain(&head.organ.to_uppercase()), Look::Bold, 12.0, Align::Centre);
    flow.rule(left.0, left.1, left.1 * 0.4);
    // The blanks of a number to come do not break.
    flow.lines(left, &plain(&head.number_line().replace("  ", "\u{a0}\u{a0}")), Look::Regular, 13.0, Align::Centre);
    if let Some(about) = head.about {
        flow.lines(left, &plain(&format!("V/v {about}")), Look::Regular, 12.0, Align::Centre);
    }
    let left_end = flow.y();
    flow.back_to(from);
    flow.lines(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Look::Bold, 12.0, Align::Centre);
    flow.lines(right, "Độc lập - Tự do - Hạnh phúc", Look::Bold, 13.0, Align::Centre);
    let motto = flow.width("Độc lập - Tự do - Hạnh phúc", Look::Bold, 13.0);
    flow.rule(right.0, right.1, motto);
    flow.lines(right, &plain(&head.date_line(&"\u{a0}".repeat(6))), Look::Italic, 13.0, Align::Centre);
    flow.down_to(left_end);
    flow.space(10.0);
}

/// Recipients at the left, who signs at the right; both on one page.
pub(crate) fn foot(flow: &mut Flow, foot: &Foot<'_>) {
    let (start, text) = (flow.sheet().left, flow.sheet().text());
    let (left, right) = ((start, text * 0.5), (start + text * 0.5, text * 0.5));
    let copies = foot.copy_lines();
    flow.keep(((copies.len() + 1 + foot.remarks.len()) as f32 * 14.0).max(92.0 + foot.signer.len() as f32 * 18.0));
    flow.space(6.0);
    let from = flow.y();
    flow.lines(left, "Nơi nhận:", Look::BoldItalic, 12.0, Align::Left);
    for copy in copies {
        flow.lines(left, &plain(&copy), Look::Regular, 11.0, Align::Left);
    }
    for (remark, points) in &foot.remarks {
        flow.lines(left, &plain(remark), Look::Italic, *points as f32, Align::Left);
    }
    let left_end = flow.y();
    flow.back_to(from);
    for line in &foot.signer {
        flow.lines(right, &plain(&line.to_uppercase()), Look::Bold, 14.0, Align::Centre);
    }
    flow.space(80.0);
    flow.down_to(left_end);
}
