-- Opening one person outside one's own area, with a reason, for a while (mở khẩn cấp). Who looks after personal data is told and
-- writes down that they looked at it. Rows are never deleted; only their end and the review are filled in.
CREATE TABLE break_glass (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL REFERENCES desk_user (id),
    unit TEXT NOT NULL,
    -- The book's number of the person, and the commune they live in where it is known.
    person BIGINT NOT NULL,
    commune TEXT,
    reason TEXT NOT NULL,
    -- Unix milliseconds.
    opened_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    ended_at BIGINT,
    reviewed_by TEXT,
    reviewed_at BIGINT,
    review TEXT,
    CHECK (until_at > opened_at),
    CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (review IS NULL))
);
CREATE INDEX break_glass_of_actor ON break_glass (actor, until_at);
CREATE INDEX break_glass_waiting ON break_glass (reviewed_at, opened_at);
