-- What administrators did with accounts is read newest first by who looks after personal data; the log holds millions of other events.
CREATE INDEX audit_event_accounts ON audit_event (seq)
    WHERE action IN ('put_user', 'reset_account', 'bind_identity', 'put_delegation');

-- Cases that belong together: of one household, of one employer, the same twice. A link is taken away, never deleted.
CREATE TABLE case_link (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    -- The two cases, the smaller id first.
    first_case TEXT NOT NULL REFERENCES work_case (id),
    second_case TEXT NOT NULL REFERENCES work_case (id),
    kind TEXT NOT NULL CHECK (kind IN ('household', 'employer', 'duplicate')),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    removed_by TEXT,
    removed_at BIGINT,
    CHECK (first_case <> second_case),
    CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE UNIQUE INDEX case_link_once ON case_link (first_case, second_case, kind) WHERE removed_at IS NULL;
CREATE INDEX case_link_second ON case_link (second_case) WHERE removed_at IS NULL;
