//! The history of a body: one event a change of it or of what belongs to it.

use crate::history::History;

/// By the body.
pub(super) const HISTORY: History = History {
    table: "committee_event",
    insert: "INSERT INTO committee_event (id, committee, client_tx, version, at, actor, what, value, day, reason) VALUES ",
    select: "SELECT id, version, at, actor, what, value, day, reason FROM committee_event WHERE committee = ",
    order: " ORDER BY at, id",
    known: "SELECT 'known' FROM committee_event WHERE committee = ",
};

/// By the member, meeting or conclusion it is about.
pub(super) const OF_VALUE: History =
    History { select: "SELECT id, version, at, actor, what, value, day, reason FROM committee_event WHERE value = ", ..HISTORY };
