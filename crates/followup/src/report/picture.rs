//! A period at a glance, as a picture to be sent to a phone: figures only, no person.

use documents::picture::{Colour, Picture, PictureError, Weight};
use web::Percent;

use super::{Glance, GlanceIndicator, words};

const WIDE: usize = 1080;
const EDGE: usize = 56;
/// Late and coming tasks that are named at most.
const NAMED: usize = 4;

const PAPER: Colour = [255, 255, 255];
const SUNK: Colour = [250, 249, 246];
const INK: Colour = [23, 33, 43];
const GREY: Colour = [95, 106, 118];
const LINE: Colour = [228, 225, 216];
const BLUE: Colour = [11, 90, 120];
const GREEN: Colour = [23, 102, 63];
const BROWN: Colour = [150, 70, 0];
const RED: Colour = [174, 35, 28];

/// The picture as PNG.
pub(super) fn png(glance: &Glance) -> Result<Vec<u8>, PictureError> {
    // Heights are known only when everything is laid out: measured on a sheet of no height, then drawn.
    let mut measured = Pen { picture: Picture::new(WIDE, 1, PAPER)?, y: 0 };
    measured.all(glance);
    let mut pen = Pen { picture: Picture::new(WIDE, measured.y, PAPER)?, y: 0 };
    pen.all(glance);
    pen.picture.png()
}

struct Pen {
    picture: Picture,
    y: usize,
}

impl Pen {
    fn all(&mut self, glance: &Glance) {
        self.head(glance);
        let (known, unknown): (Vec<_>, Vec<_>) = glance.indicators.iter().partition(|one| one.share.is_some());
        for one in known {
            self.indicator(one);
        }
        if !unknown.is_empty() {
            let names: Vec<String> = unknown.iter().map(|one| one.short.clone()).collect();
            self.text(&format!("Chưa có số liệu: {}.", names.join("; ")), Weight::Italic, 28.0, GREY);
        }
        self.tally(glance);
        let late = glance
            .late
            .iter()
            .map(|one| (format!("{}. {}", one.id, one.title), format!("quá hạn {} ngày", words::number(i64::from(one.days)))));
        self.list("Quá hạn", late.collect(), RED);
        let next = glance.next.iter().map(|(id, title, day)| (format!("{id}. {title}"), format!("hạn {}", words::date(*day))));
        self.list("Sắp đến hạn", next.collect(), BLUE);
        self.y += 14;
        self.rule();
        self.text(&format!("{}. Số liệu tổng hợp, không có thông tin cá nhân.", glance.source), Weight::Regular, 26.0, GREY);
        self.y += 24;
    }

    fn head(&mut self, glance: &Glance) {
        let begun = words::begun(&glance.period);
        let lines = self.picture.lines(&glance.organ, Weight::Bold, 44.0, (WIDE - 2 * EDGE) as f32);
        let period = self.picture.lines(&begun, Weight::Regular, 32.0, (WIDE - 2 * EDGE) as f32);
        let tall = 48 + lines.len() * 56 + period.len() * 42 + 22;
        self.picture.area((0, 0), (WIDE, tall), BLUE);
        self.y = 40;
        for line in lines {
            self.line(&line, Weight::Bold, 44.0, PAPER, 56);
        }
        for line in period {
            self.line(&line, Weight::Regular, 32.0, PAPER, 42);
        }
        self.y = tall + 20;
    }

    /// Name and figure on one line, a bar with the mark of the year's target, how it stands.
    fn indicator(&mut self, one: &GlanceIndicator) {
        let Some(share) = one.share else { return };
        let colour = match (one.judged, one.behind) {
            (false, _) => BLUE,
            (true, true) => BROWN,
            (true, false) => GREEN,
        };
        let figure = words::percent(share);
        let own = self.picture.width(&figure, Weight::Bold, 46.0);
        let right = (WIDE - EDGE) as f32 - own;
        self.picture.words((right, (self.y + 46) as f32), &figure, Weight::Bold, 46.0, INK);
        let name = self
            .picture
            .lines(&one.short, Weight::Regular, 34.0, right - EDGE as f32 - 20.0)
            .into_iter()
            .next()
            .unwrap_or_default();
        self.picture.words((EDGE as f32, (self.y + 44) as f32), &name, Weight::Regular, 34.0, INK);
        self.y += 62;
        let room = WIDE - 2 * EDGE;
        let at = |share: Percent| usize::try_from(share.0.clamp(0, 10_000)).unwrap_or(0) * room / 10_000;
        self.picture.area((EDGE, self.y), (room, 18), LINE);
        self.picture.area((EDGE, self.y), (at(share), 18), colour);
        if let Some(year) = one.year {
            self.picture.area(((EDGE + at(year)).saturating_sub(2), self.y.saturating_sub(7)), (5, 32), INK);
        }
        self.y += 24;
        let year = one.year.map(|year| format!("chỉ tiêu năm {}", words::percent(year)));
        let against = (one.against != "–").then(|| one.against.to_lowercase());
        let told: Vec<String> = [year, against, Some(format!("cuối kế hoạch: {}", one.last))].into_iter().flatten().collect();
        self.text(&told.join("  ·  "), Weight::Regular, 27.0, if one.behind { BROWN } else { GREY });
        self.y += 10;
    }

    /// How many tasks stand how: words under numbers, so that no colour is needed to read them.
    fn tally(&mut self, glance: &Glance) {
        self.y += 10;
        let tall = 132;
        self.picture.area((0, self.y), (WIDE, tall), SUNK);
        let names = ["đúng hạn", "đang làm", "quá hạn", "không có kỳ hạn"];
        let colours = [GREEN, BLUE, RED, GREY];
        let wide = (WIDE - 2 * EDGE) / 4;
        for (at, ((count, name), colour)) in glance.tally.iter().zip(names).zip(colours).enumerate() {
            let x = (EDGE + at * wide) as f32;
            self.picture.words((x, (self.y + 64) as f32), &count.to_string(), Weight::Bold, 56.0, colour);
            self.picture.words((x, (self.y + 106) as f32), name, Weight::Regular, 28.0, INK);
        }
        self.y += tall + 14;
    }

    fn list(&mut self, title: &str, items: Vec<(String, String)>, colour: Colour) {
        if items.is_empty() {
            return;
        }
        self.line(title, Weight::Bold, 34.0, colour, 46);
        let more = items.len().saturating_sub(NAMED);
        for (what, when) in items.into_iter().take(NAMED) {
            self.text(&format!("{what} ({when})"), Weight::Regular, 29.0, INK);
            self.y += 4;
        }
        if more > 0 {
            self.text(&format!("và {more} nhiệm vụ khác"), Weight::Italic, 27.0, GREY);
        }
        self.y += 10;
    }

    fn rule(&mut self) {
        self.picture.area((EDGE, self.y), (WIDE - 2 * EDGE, 2), LINE);
        self.y += 12;
    }

    fn text(&mut self, text: &str, weight: Weight, size: f32, colour: Colour) {
        let step = (size * 1.36) as usize;
        for line in self.picture.lines(text, weight, size, (WIDE - 2 * EDGE) as f32) {
            self.line(&line, weight, size, colour, step);
        }
    }

    fn line(&mut self, text: &str, weight: Weight, size: f32, colour: Colour, step: usize) {
        let base = self.y as f32 + step as f32 * 0.78;
        self.picture.words((EDGE as f32, base), text, weight, size, colour);
        self.y += step;
    }
}
