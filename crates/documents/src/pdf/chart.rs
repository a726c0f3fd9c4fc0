//! Charts as lines and areas, in greys that a copying machine keeps: dark for what is, light or broken for what is aimed at.

use base::Rate;

use super::flow::{Align, Drawn, Flow};
use super::{Look, plain};
use crate::report::{Chart, ChartKind};

const DARK: f32 = 0.25;
const LIGHT: f32 = 0.75;
const SMALL: f32 = 10.0;

/// Draws a chart over the width of the text.
pub(crate) fn chart(flow: &mut Flow, chart: &Chart) {
    let frame = match chart.kind {
        ChartKind::Bars => 14.0 + chart.categories.len() as f32 * (6.0 + chart.series.len() as f32 * 11.0),
        ChartKind::Course => 150.0,
    };
    flow.keep(frame + 50.0);
    flow.centred(&plain(&chart.title), Look::Bold, 12.0);
    legend(flow, chart);
    match chart.kind {
        ChartKind::Bars => bars(flow, chart, frame),
        ChartKind::Course => course(flow, chart, frame),
    }
    flow.space(8.0);
}

/// What the colours mean.
fn legend(flow: &mut Flow, chart: &Chart) {
    let (left, text) = (flow.sheet().left, flow.sheet().text());
    let names: Vec<String> = chart.series.iter().map(|series| plain(&series.name)).collect();
    let wide: f32 = names.iter().map(|name| flow.width(name, Look::Regular, SMALL) + 34.0).sum();
    let mut x = left + (text - wide) / 2.0;
    let y = flow.y() + 10.0;
    for (name, series) in names.into_iter().zip(&chart.series) {
        mark(flow, chart.kind, series.planned, x, y - 3.0);
        let own = flow.width(&name, Look::Regular, SMALL);
        flow.words(x + 20.0, y, Look::Regular, SMALL, name);
        x += own + 34.0;
    }
    flow.space(18.0);
}

fn mark(flow: &mut Flow, kind: ChartKind, planned: bool, x: f32, y: f32) {
    match kind {
        ChartKind::Bars => bar(flow, (x, y - 3.5), (16.0, 7.0), planned),
        ChartKind::Course => {
            let wide = if planned { 1.0 } else { 1.8 };
            flow.draw(Drawn::Line { from: (x, y), to: (x + 16.0, y), wide, dashes: planned, grey: DARK });
        }
    }
}

fn bar(flow: &mut Flow, (x, y): (f32, f32), (wide, tall): (f32, f32), planned: bool) {
    flow.draw(Drawn::Area { x, y, wide, tall, grey: if planned { LIGHT } else { DARK } });
}

/// The largest value a scale shows, and its steps: one, two or five of a power of ten.
fn scale(values: impl Iterator<Item = f32>) -> (f32, f32) {
    let most = values.fold(0.0_f32, f32::max).max(0.01);
    let power = 10.0_f32.powf((most / 4.0).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| step * 5.0 >= most).unwrap_or(10.0 * power);
    // Room for the number behind the longest bar.
    ((most * 1.06 / step).ceil() * step, step)
}

fn values(chart: &Chart) -> impl Iterator<Item = f32> + '_ {
    chart.series.iter().flat_map(|series| &series.values).flatten().map(|value| number(*value))
}

/// A value for drawing only.
fn number(value: Rate) -> f32 {
    let (mantissa, scale) = value.parts();
    mantissa as f32 / 10_f32.powi(i32::try_from(scale).unwrap_or(0))
}

fn bars(flow: &mut Flow, chart: &Chart, tall: f32) {
    let (left, text) = (flow.sheet().left, flow.sheet().text());
    let names = text * 0.34;
    let (from, room) = (left + names, text - names - 34.0);
    let (most, step) = scale(values(chart));
    let (top, bottom) = (flow.y(), flow.y() + tall - 14.0);
    axis(flow, (from, room), (top, bottom), (most, step));
    let group = (bottom - top) / chart.categories.len().max(1) as f32;
    for (at, name) in chart.categories.iter().enumerate() {
        let y = top + group * at as f32 + 3.0;
        flow.back_to(y + (group - 6.0 - SMALL * 1.25) / 2.0);
        flow.lines((left, names - 6.0), &shortened(flow, &plain(name), names - 8.0), Look::Regular, SMALL, Align::Right);
        for (within, series) in chart.series.iter().enumerate() {
            let y = y + within as f32 * 11.0;
            let Some(value) = series.values.get(at).copied().flatten() else { continue };
            let wide = room * number(value) / most;
            bar(flow, (from, y), (wide, 9.0), series.planned);
            flow.words(from + wide + 3.0, y + 8.0, Look::Regular, 9.0, printed(value));
        }
    }
    flow.back_to(bottom + 16.0);
}

/// Numbers below, thin upright lines through the field.
fn axis(flow: &mut Flow, (from, room): (f32, f32), (top, bottom): (f32, f32), (most, step): (f32, f32)) {
    let mut value = 0.0;
    while value <= most + step / 100.0 {
        let x = from + room * value / most;
        flow.draw(Drawn::Line {
            from: (x, top),
            to: (x, bottom),
            wide: 0.5,
            dashes: false,
            grey: if value == 0.0 { 0.0 } else { LIGHT },
        });
        let text = tick(value, step);
        let own = flow.width(&text, Look::Regular, 9.0);
        flow.words(x - own / 2.0, bottom + 11.0, Look::Regular, 9.0, text);
        value += step;
    }
}

fn course(flow: &mut Flow, chart: &Chart, tall: f32) {
    let (left, text) = (flow.sheet().left, flow.sheet().text());
    let (from, room) = (left + 34.0, text - 44.0);
    // A course is looked at for its change: the scale begins near the least.
    let least = values(chart).fold(f32::INFINITY, f32::min);
    let (spread, step) = scale(values(chart).map(|value| value - least));
    let base = ((least / step).floor() * step).max(0.0);
    let spread = spread + step;
    let (top, bottom) = (flow.y() + 4.0, flow.y() + tall - 16.0);
    let high = |value: f32| bottom - (bottom - top) * (value - base) / spread;
    let mut value = base;
    while value <= base + spread + step / 100.0 {
        let y = high(value);
        flow.draw(Drawn::Line { from: (from, y), to: (from + room, y), wide: 0.5, dashes: false, grey: LIGHT });
        let text = tick(value, step);
        let own = flow.width(&text, Look::Regular, 9.0);
        flow.words(from - own - 4.0, y + 3.0, Look::Regular, 9.0, text);
        value += step;
    }
    let gap = room / chart.categories.len().max(2).saturating_sub(1) as f32;
    for (at, name) in chart.categories.iter().enumerate() {
        let name = plain(name);
        let own = flow.width(&name, Look::Regular, 9.0);
        flow.words(from + gap * at as f32 - own / 2.0, bottom + 12.0, Look::Regular, 9.0, name);
    }
    for series in &chart.series {
        let mut before: Option<(f32, f32)> = None;
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else {
                before = None;
                continue;
            };
            let here = (from + gap * at as f32, high(number(*value)));
            if let Some(before) = before {
                let wide = if series.planned { 1.0 } else { 1.8 };
                flow.draw(Drawn::Line { from: before, to: here, wide, dashes: series.planned, grey: DARK });
            }
            if !series.planned {
                flow.draw(Drawn::Area { x: here.0 - 2.0, y: here.1 - 2.0, wide: 4.0, tall: 4.0, grey: DARK });
            }
            before = Some(here);
        }
    }
    flow.back_to(bottom + 18.0);
}

/// A number of a scale, with as many decimals as its steps have.
fn tick(value: f32, step: f32) -> String {
    let decimals = if step >= 1.0 { 0 } else { usize::try_from((-step.log10().floor()) as i32).unwrap_or(0) };
    format!("{value:.decimals$}").replace('.', ",")
}

/// A value as the text prints it: two decimals, comma.
fn printed(value: Rate) -> String {
    let hundredths = (value.hundred_millionths() + 500_000).div_euclid(1_000_000);
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

fn shortened(flow: &Flow, name: &str, wide: f32) -> String {
    if flow.width(name, Look::Regular, SMALL) <= wide {
        return name.to_owned();
    }
    let mut short: String = name.to_owned();
    while !short.is_empty() && flow.width(&format!("{short}…"), Look::Regular, SMALL) > wide {
        short.pop();
    }
    format!("{}…", short.trim_end())
}
