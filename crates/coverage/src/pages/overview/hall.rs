//! Presentation mode for a hall: one card, the map or the reasons a screen, larger type, forward and back.

use web::SafeHtml;
use web::component::{Button, ButtonKind};

use super::{Desk, View, card, map, ranking, reasons};
use crate::plan::Indicator;

/// What stands on the screens after the cards.
const REST: usize = 3;

/// Indicators with figures, a screen each.
fn indicators<'a>(desk: &'a Desk) -> Vec<&'a Indicator> {
    desk.pages.plan.counted().collect()
}

/// Place of the screen asked for, from 0, and how many there are.
fn place(desk: &Desk, view: &View) -> (usize, usize) {
    let screens = indicators(desk).len() + REST;
    let at = view.screen.parse::<usize>().unwrap_or(1);
    (at.clamp(1, screens) - 1, screens)
}

/// The screen asked for.
pub(super) fn screen(desk: &Desk, view: &View) -> SafeHtml {
    let (at, _) = place(desk, view);
    let cards = indicators(desk);
    if let Some(indicator) = cards.get(at) {
        return web::tag("div").class("hall").child(card(desk, indicator)).html();
    }
    let Some(shown) = map::shown(desk, view) else { return SafeHtml::default() };
    match at - cards.len() {
        0 => map::panel(desk, view, &shown),
        1 => ranking::panel(desk, view, &shown),
        _ => reasons::bar(desk),
    }
}

/// Back, forward, and out of it. Arrow keys follow the same links.
pub(super) fn actions(desk: &Desk, view: &View) -> Vec<Button> {
    let l = desk.l;
    let (at, screens) = place(desk, view);
    let to = |screen: usize| view.href(|v| v.screen = (screen + 1).to_string());
    let mut buttons = vec![Button::link(l.t("overview-hall-end"), "/", ButtonKind::Quiet)];
    if at > 0 {
        buttons.push(Button::link(l.t("overview-hall-back"), to(at - 1), ButtonKind::Default).rel("prev"));
    }
    if at + 1 < screens {
        let words = l.t_args("overview-hall-next", &[("n", (at as i64 + 2).into()), ("all", (screens as i64).into())]);
        buttons.push(Button::link(words, to(at + 1), ButtonKind::Primary).rel("next"));
    }
    buttons
}
