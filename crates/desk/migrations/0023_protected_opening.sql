-- Opening what of a visit is protected more than the rest (bệnh cần bảo vệ riêng: HIV, rối loạn tâm thần, ung thư), with a reason, for a while. Who
-- looks after personal data writes down that they looked at it. Rows are never deleted; only the review is filled in, once.
CREATE TABLE protected_opening (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- The book's number of the visit, its facility and where that stands, when it is known.
    visit BIGINT NOT NULL,
    facility TEXT NOT NULL,
    commune TEXT,
    reason TEXT NOT NULL,
    -- Unix milliseconds.
    opened_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    reviewed_by TEXT,
    reviewed_at BIGINT,
    review TEXT,
    CHECK (visit > 0),
    CHECK (until_at > opened_at),
    CHECK (reviewed_by IS NULL OR reviewed_by <> actor),
    CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (review IS NULL))
);
CREATE INDEX protected_opening_of_actor ON protected_opening (actor, visit, until_at);
CREATE INDEX protected_opening_waiting ON protected_opening (reviewed_at, opened_at);
