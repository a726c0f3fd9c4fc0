//! Number cards: a figure with its target, its counts and the way to the rows behind it.

use crate::chart::Sparkline;
use crate::component::{Link, Status};
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

/// The figure of a card.
#[derive(Debug, Clone)]
pub enum Figure {
    /// A value, its unit, and the rows it counts.
    Known {
        /// Already written, e.g. "96,41".
        value: String,
        /// Unit beside it, e.g. "%"; empty for none.
        unit: String,
        /// The rows behind the figure.
        href: String,
    },
    /// No value, and the sentence that says why, e.g. "Không có số liệu từ tháng 8: chưa nhận danh sách". Never 0.
    Missing {
        /// The sentence.
        reason: String,
    },
}

impl Figure {
    /// A known figure.
    pub fn known(value: impl Into<String>, unit: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Known { value: value.into(), unit: unit.into(), href: href.into() }
    }

    /// A missing figure with its reason.
    pub fn missing(reason: impl Into<String>) -> Self {
        Self::Missing { reason: reason.into() }
    }

    fn html(&self, name: &str) -> SafeHtml {
        match self {
            Self::Known { value, unit, href } => {
                let unit = (!unit.is_empty()).then(|| tag("span").class("unit").text(unit));
                let name = tag("span").class("vh").text(&format!("{name}: "));
                tag("span").class("figure").child(tag("a").class("num").href(href).child(name).text(value)).child_opt(unit).html()
            }
            Self::Missing { reason } => tag("span").class("figure missing").text(reason).html(),
        }
    }
}

/// One target: "Chỉ tiêu 2026" and its value, or "2030" and "theo dõi".
#[derive(Debug, Clone)]
pub struct TargetLine {
    /// Name.
    pub label: String,
    /// Value, already written.
    pub value: String,
}

impl TargetLine {
    /// A target with its name and its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// A number card.
#[derive(Debug, Clone)]
pub struct NumberCard {
    /// Place in a numbered list of indicators.
    pub order: Option<u32>,
    /// Name of the figure.
    pub name: String,
    /// The figure.
    pub figure: Figure,
    /// Where it stands against its path.
    pub status: Option<Status>,
    /// Its course.
    pub spark: Option<Sparkline>,
    /// A word beside the name: "được giao"; empty for none.
    pub kind: String,
    /// Targets, one to three.
    pub targets: Vec<TargetLine>,
    /// A line under the targets: the forecast, what is counted in; empty for none.
    pub note: SafeHtml,
    /// Who is counted; opens those people.
    pub numerator: Option<Link>,
    /// Out of whom; opens the source.
    pub denominator: Option<Link>,
    /// What is counted, after both numbers: "dân".
    pub counted: String,
    /// The one link to the list of those to act on.
    pub action: Option<Link>,
}

impl NumberCard {
    /// A card with name and figure; fill in the other fields as they are known.
    pub fn new(name: impl Into<String>, figure: Figure) -> Self {
        Self {
            order: None,
            name: name.into(),
            figure,
            status: None,
            spark: None,
            kind: String::new(),
            targets: Vec::new(),
            note: SafeHtml::empty(),
            numerator: None,
            denominator: None,
            counted: String::new(),
            action: None,
        }
    }

    /// The card as an `<article>` with its own heading (h3).
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let order = self.order.map(|n| tag("span").class("order").text(&format!("{n} ")));
        let kind = (!self.kind.is_empty()).then(|| tag("span").class("kind").text(&format!(" · {}", self.kind)));
        let note = (!self.note.is_empty()).then(|| tag("p").class("card-note").child(self.note.clone()));
        let spark = match &self.figure {
            Figure::Known { .. } => self.spark.as_ref().map(|spark| spark.html(l)),
            Figure::Missing { .. } => None,
        };
        let targets = (!self.targets.is_empty()).then(|| {
            let lines = self.targets.iter().map(|t| tag("span").text(&format!("{} ", t.label)).child(tag("b").text(&t.value)));
            tag("p").class("targets").children(lines)
        });
        tag("article")
            .class("panel card")
            .child(tag("h3").child_opt(order).text(&self.name).child_opt(kind))
            .child(tag("div").class("card-figure").child(self.figure.html(&self.name)).child_opt(self.status.as_ref()))
            .child_opt(spark)
            .child_opt(targets)
            .child_opt(note)
            .child(
                tag("div").class("card-foot").child_opt(self.counts()).child_opt(self.action.as_ref().map(|a| tag("p").child(a))),
            )
            .html()
    }

    fn counts(&self) -> Option<SafeHtml> {
        let counts = [&self.numerator, &self.denominator].into_iter().flatten().map(Link::figure);
        let line = SafeHtml::join(counts, " / ");
        (!line.is_empty()).then(|| tag("p").class("counts").child(line).text(&format!(" {}", self.counted)).html())
    }
}

/// A row of smaller figures about one thing, e.g. the head of a place's page.
#[derive(Debug, Clone, Default)]
pub struct FigureStrip {
    /// The cards; sparklines are left out.
    pub cards: Vec<NumberCard>,
}

impl FigureStrip {
    /// The strip.
    pub fn html(&self) -> SafeHtml {
        let items = self.cards.iter().map(|card| {
            let targets = card.targets.iter().map(|t| tag("p").class("counts").text(&format!("{} {}", t.label, t.value)));
            tag("li")
                .child(tag("p").class("strip-name").text(&card.name))
                .child(card.figure.html(&card.name))
                .child_opt(card.status.as_ref().map(|s| tag("div").child(s)))
                .children(targets)
                .child_opt(card.counts())
                .child_opt(card.action.as_ref().map(|a| tag("p").class("counts").child(a)))
        });
        tag("ul").class("panel strip").children(items).html()
    }
}
