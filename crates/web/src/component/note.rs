//! Notes, the audit note, empty states, progress.

use crate::component::{Icon, Link, icon};
use crate::format;
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

/// What a note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Something good to know.
    Info,
    /// Something to be careful about.
    Caution,
    /// Something failed or was refused.
    Error,
}

/// A note with a bar at its left: heading (may be empty) and content.
pub fn note(kind: NoteKind, title: &str, body: impl Into<SafeHtml>) -> SafeHtml {
    let (class, role) = match kind {
        NoteKind::Info => ("note info", None),
        NoteKind::Caution => ("note caution", None),
        NoteKind::Error => ("note error", Some("alert")),
    };
    let title = (!title.is_empty()).then(|| tag("p").class("note-title").text(title));
    tag("div").class(class).attr_opt("role", role).child_opt(title).child(tag("div").child(body)).html()
}

/// Why this person's data may be seen, for which purpose, what is masked, that the look is logged.
///
/// Stands on every page with personal data; the heading comes from the shell's texts.
pub fn audit_note(l: Locale<'_>, body: impl Into<SafeHtml>) -> SafeHtml {
    let title = tag("h2").class("note-title").child(icon(Icon::Eye)).text(&l.t("audit-title"));
    tag("section").class("note info audit").child(title).child(tag("div").child(body)).html()
}

/// What stands where a list has no rows: what is empty, which filter made it so, how to widen.
pub fn empty_state(title: &str, reason: &str, widen: Option<&Link>) -> SafeHtml {
    let mut line = SafeHtml::text(reason);
    if let Some(link) = widen {
        line = line.then(" ").then(link);
    }
    tag("div").class("empty").child(tag("p").class("empty-title").text(title)).child(tag("p").child(line)).html()
}

/// The state of a long job: name, exact done and total, one sentence on the step, and its buttons.
pub fn progress(
    l: Locale<'_>,
    name: &str,
    done: u64,
    total: u64,
    unit: &str,
    sentence: &str,
    actions: impl Into<SafeHtml>,
) -> SafeHtml {
    let whole = |n: u64| format::number(l.lang(), i64::try_from(n).unwrap_or(i64::MAX));
    let exact = format!("{} / {} {unit}", whole(done), whole(total));
    let bar =
        tag("progress").attr("max", total.max(1).to_string()).attr("value", done.min(total).to_string()).attr("aria-label", name);
    tag("div")
        .class("job")
        .child(tag("div").class("job-head").child(tag("strong").text(name)).child(tag("span").text(&exact)))
        .child(bar.text(&exact))
        .child(tag("p").class("small").text(sentence))
        .child(tag("div").class("actions").child(actions))
        .html()
}
