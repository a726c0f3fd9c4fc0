-- Days of an active audit (giám định chủ động) and of its minutes, beside the state of a case: notice, files handed over, minutes made,
-- minutes signed. The newest row of a track says how it stands; one that begins a term has its last day. Words stand in the history.
CREATE TABLE review_step (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    -- Version of the case after it: the order of the steps.
    version BIGINT NOT NULL CHECK (version >= 1),
    track TEXT NOT NULL CHECK (track IN ('files', 'minutes')),
    step TEXT NOT NULL CHECK (step IN ('audit_notice', 'files_handed', 'minutes_made', 'minutes_signed')),
    day TEXT NOT NULL,
    due TEXT,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (case_id, version),
    CHECK ((track = 'files') = (step IN ('audit_notice', 'files_handed'))),
    CHECK (due IS NULL OR (step IN ('audit_notice', 'minutes_made') AND due >= day))
);
-- What is overdue.
CREATE INDEX review_step_due ON review_step (due, case_id) WHERE due IS NOT NULL;
